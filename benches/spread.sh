#!/usr/bin/env bash
# A list spread over processes and machines by engines that people have: that the answers are those of one
# `trp-check batch`, and what it costs on two workers.
#
#   benches/spread.sh [lines] [turns]   the cost of 1000000 lines, medians of 3 runs in turn
#   benches/spread.sh --check           a short list with every trouble in it: each engine must give the same answers
#
# Needs: python3, and what is to be tried: GNU parallel; Java and pyspark's spark-submit; jq, duckdb, sqlite3. What is
# not there is skipped. TRP_CHECK names a program that is built already.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)/spread
day=2026-11-22
if [ -z "${TRP_CHECK:-}" ]; then
    cd "$here/../.."
    cargo build --release --quiet
    TRP_CHECK=$PWD/target/release/trp-check
fi
export TRP_CHECK
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Spark talks to nobody but itself here.
export SPARK_LOCAL_IP=127.0.0.1

has_parallel() { command -v parallel >/dev/null || { echo "skipped: no GNU parallel" && false; }; }
has_spark() {
    command -v java >/dev/null || { echo "skipped: no Java for Spark" && return 1; }
    command -v spark-submit >/dev/null || { echo "skipped: no pyspark" && return 1; }
}
alone() { "$TRP_CHECK" batch --jobs 1 --today "$day" "$@" 2>/dev/null || [ $? -eq 4 ]; }
without_line() { sed 's/^{"line":[0-9]*,/{/' "$@"; }
failed=0
# claim NAME COMMAND…: what the command says is shown only where it fails.
claim() {
    local name=$1
    shift
    if "$@" >said 2>&1; then
        echo "OK: $name"
    else
        failed=1
        echo "FAILED: $name"
        cat said
    fi
}

over_processes() { LINES=300 JOBS=2 "$here/parallel.sh" "$day" "$1" "${@:2}" <"list.$1" >spread; }
same_over_processes() { over_processes "$@" && alone --input-format "$1" "${@:2}" "list.$1" | cmp - spread; }
# Two machines that are this one; the way to one of them breaks down in the middle of a row.
same_over_machines() {
    cat >ssh <<'SH'
#!/bin/sh
shift
[ "$1" != -- ] || shift
mkdir "$0.broke" 2>/dev/null && printf '{"line":1,"id":' && exit 255
exec sh -c "$*"
SH
    chmod +x ssh
    rm -rf ssh.broke
    PARALLEL_SSH=$PWD/ssh HOSTS=1/alpha,1/beta same_over_processes "$1" && [ -d ssh.broke ]
}
over_spark() {
    rm -rf answers
    spark-submit --master 'local[2]' "$here/spark.py" "$day" "$PWD/$1" "$PWD/answers"
}
same_over_spark() {
    over_spark list.ndjson && [ "$(find answers -name 'part-*' -size +0 | wc -l)" -eq 2 ] &&
        cat answers/part-* | without_line >spread && alone list.ndjson | without_line | cmp - spread
}
parallel_fails() { ! TRP_CHECK=false over_processes ndjson; }
spark_fails() { ! TRP_CHECK=false over_spark list.ndjson; }

# Each tool counts the people by status.
counted() { alone --format summary staff.csv | awk 'NR > 1 && /^falls/ { exit } NR > 1 { print $1 "," $2 }' | sort | diff - <("$@" | tr -d '\r' | sort); }
by_status="SELECT status, count(*) FROM 'answers.csv' GROUP BY status"
in_jq() { jq -r .status answers.ndjson | sort | uniq -c | awk '{ print $2 "," $1 }'; }
in_duckdb() { duckdb -csv -noheader -c "$by_status"; }
in_sqlite3() { sqlite3 :memory: '.import --csv answers.csv answers.csv' '.mode csv' "$by_status"; }

if [ "${1:-}" = --check ]; then
    for form in ndjson csv; do
        python3 "$here/people.py" 2000 "$form" --hostile >"list.$form"
    done
    if has_parallel; then
        for form in ndjson csv; do
            claim "GNU parallel gives the same bytes, of $form" same_over_processes "$form"
            claim "GNU parallel gives the same bytes over two machines, one of which breaks down, of $form" same_over_machines "$form"
        done
        claim "GNU parallel gives the same bytes, of some of the people" same_over_processes csv --only violation
        claim "GNU parallel fails where the program fails" parallel_fails
    fi
    if has_spark; then
        claim "Spark gives the same rows but for line" same_over_spark
        claim "Spark fails where the program fails" spark_fails
    fi
    claim "the questions of docs/staff-lists.md are answered" "$here/query.sh" "$PWD"
    for tool in jq duckdb sqlite3; do
        if command -v "$tool" >/dev/null; then
            claim "$tool counts the people as the summary does" counted "in_$tool"
        else
            echo "skipped: no $tool"
        fi
    done
    exit "$failed"
fi

lines=${1:-1000000}
turns=${2:-3}
python3 "$here/people.py" "$lines" ndjson >list.ndjson
head -n 1 list.ndjson >one.ndjson
batch="'$TRP_CHECK' batch --today $day"
runs=("batch --jobs 1" "$batch --jobs 1 list.ndjson >alone" "batch --jobs 2" "$batch --jobs 2 list.ndjson >alone")
if has_parallel; then
    runs+=("parallel, 2 workers" "JOBS=2 '$here/parallel.sh' $day ndjson <list.ndjson >spread")
fi
if has_spark; then
    # Without the daemon, whose workers' processor time Linux tells nobody, as it does not wait for their end.
    spark() { echo "rm -rf '$PWD/$2'; spark-submit --master 'local[2]' --conf spark.python.use.daemon=false '$here/spark.py' $day '$PWD/$1' '$PWD/$2' 2>err"; }
    runs+=("Spark, local[2]" "$(spark list.ndjson answers)")
    runs+=("Spark, local[2], a list of one line" "$(spark one.ndjson answer)")
fi
python3 "$here/turns.py" "$turns" "$lines" "${runs[@]}" || { [ ! -e err ] || cat err >&2; exit 1; }
[ ! -e spread ] || claim "GNU parallel gave the same bytes" cmp alone spread
[ ! -e answers ] || claim "Spark gave the same rows but for line" cmp <(without_line alone) <(cat answers/part-* | without_line)
exit "$failed"
