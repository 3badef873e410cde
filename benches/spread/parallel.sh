#!/usr/bin/env bash
# A list spread over processes or machines by GNU parallel. The answers are those of one `trp-check batch`, byte for
# byte: in the order of the list, with the numbers of its lines.
#
#   benches/spread/parallel.sh 2026-11-22 ndjson < staff.ndjson > answers.ndjson
#   benches/spread/parallel.sh 2026-11-22 csv --only violation < staff.csv > answers.ndjson
#   HOSTS=4/alpha,8/beta,: benches/spread/parallel.sh 2026-11-22 ndjson < staff.ndjson > answers.ndjson
#
# The day is given, so that all machines answer for the same one. What follows the form goes to `trp-check batch`.
# A line is a person: no cell of a CSV list may hold a line break. Ends with 0 when every block was assessed (a line
# that cannot be read is a row with status `error`, as always), and stops at the first block that was not.
#
# HOSTS      machines, as `parallel --sshlogin` takes them: [workers/]host, `:` is this one. Left out: this one.
# JOBS       workers on each machine; left out: as many as it has processors.
# LINES      lines in a block, 50000. TRP_CHECK  the program, by the same name on every machine.
set -euo pipefail
day=$1 form=$2
shift 2
lines=${LINES:-50000}

spread=(--pipe -N "$lines" --block 64M --keep-order --halt now,fail=1)
[ -z "${JOBS:-}" ] || spread+=(--jobs "$JOBS")
[ -z "${HOSTS:-}" ] || spread+=(--sshlogin "$HOSTS" --retries 3)

# Each block of a table begins with the header. (Not by --header: with --retries, parallel 20221122 gives it twice.)
head=
if [ "$form" = csv ]; then
    IFS= read -r header
    head="{ printf '%s\\n' $(printf %q "$header"); cat; } |"
fi
# A block counts its lines from 1; block {#} begins after ({#} - 1) * lines of them.
number='/^[{]"line":/ { comma = index($0, ","); $0 = "{\"line\":" before + substr($0, 9, comma - 9) substr($0, comma) } { print }'
batch=$(printf '%q ' "${TRP_CHECK:-trp-check}" batch --jobs 1 --today "$day" --input-format "$form" "$@")
PARALLEL_SHELL=$(command -v bash) exec parallel "${spread[@]}" \
    "set -o pipefail; { $head $batch || [ \$? -eq 4 ]; } | awk -v before=\$((({#} - 1) * $lines)) $(printf %q "$number")"
