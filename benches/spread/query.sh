#!/usr/bin/env bash
# The questions of docs/staff-lists.md, asked of a made-up list with DuckDB, SQLite and jq: query.sh [FOLDER]
# TRP_CHECK names the program. What is not installed is skipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$(mktemp -d)}"
has() { command -v "$1" >/dev/null || { echo "skipped: no $1" && false; }; }
ask() { printf '\n# %s\n' "$1" && shift && "$@"; }

python3 "$here/people.py" 1000 csv >staff.csv
for form in csv ndjson; do
    "${TRP_CHECK:-trp-check}" batch staff.csv --today 2026-11-22 --format "$form" >"answers.$form"
done

this_week() {
    jq -r 'select(.notify_status == "upcoming" and .notify_by <= "2026-11-29") | [.notify_by, .id] | @tsv' answers.ndjson | sort | sed 3q
}
! has jq || ask "jq: whose arrival must be notified this week" this_week

! has duckdb || {
    ask "DuckDB: people by status" \
        duckdb -csv -c "SELECT status, count(*) AS people FROM 'answers.csv' GROUP BY status ORDER BY people DESC"
    ask "DuckDB: overstays by citizenship, with the list they came from" \
        duckdb -csv -c "SELECT citizenship, count(*) AS people, max(days_over) AS longest FROM 'answers.csv' WHERE stay = 'overstay' GROUP BY ALL ORDER BY people DESC LIMIT 3"
    ask "DuckDB: which facts are missing most" \
        duckdb -csv -c "SELECT fact, count(*) AS people FROM 'answers.ndjson', unnest(missing) AS row(fact) GROUP BY fact ORDER BY people DESC, fact LIMIT 3"
}

! has sqlite3 || ask "SQLite: whose stay ends within 14 days" \
    sqlite3 :memory: '.import --csv answers.csv answers' "SELECT last_day, id FROM answers WHERE days_left <> '' AND CAST(days_left AS INTEGER) <= 14 ORDER BY last_day, id LIMIT 3"
