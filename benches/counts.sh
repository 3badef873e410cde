#!/usr/bin/env bash
# Instructions, as callgrind counts them: they repeat on any machine, where times do not. Fails when one is more than
# 10 % above what benches/counts.toml records (another libc takes up a little of that); `check` also when one check
# takes more than it may. `goals`
# are the two ratios of such counts that benches/batch.sh asks for.
# Needs: cargo, valgrind. Usage: benches/counts.sh [--record] [check|batch|goals]
set -euo pipefail
cd "$(dirname "$0")/.."
record=no
part=all
for argument in "$@"; do
    case $argument in
        --record) record=yes ;;
        check | batch | goals) part=$argument ;;
        *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
    esac
done
[ "$record" = no ] || [ "$part" = all ] || { echo "--record counts everything" >&2; exit 2; }

most_of_a_check=2000000
most_for_a_byte=160     # of a rule pack read at start, beyond what the embedded one takes
most_for_stays=12       # times, for 2,000 stays against 200
lines=10000
recorded=benches/counts.toml
today=2026-11-22

# The program as it is shipped; the lists come from a build that the tests have made anyway.
cargo build --release --quiet
cargo build --quiet --example people
target=${CARGO_TARGET_DIR:-$PWD/target}
program=$target/release/trp-check
people=$target/debug/examples/people
person=$PWD/benches/person.toml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Instructions of the program with these arguments; it must answer.
instructions() {
    if ! valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$work/log" \
        "$program" "$@" --today "$today" >/dev/null; then
        echo "no answer: $*" >&2
        return 1
    fi
    sed -n 's/.*Collected : //p' "$work/log"
}

# Tells a count, and holds it against the recorded one and against its limit, if it has one.
held() { # name count [limit]
    local name=$1 count=$2 limit=${3:-} known verdict=""
    if [ "$record" = yes ]; then
        echo "$name = $count" >>"$work/counts"
    else
        known=$(sed -n "s/^$name = //p" "$recorded")
        if [ -z "$known" ]; then
            verdict=" NOT RECORDED"
        elif [ $((count * 10)) -gt $((known * 11)) ]; then
            verdict=" MORE THAN 10 % ABOVE"
        fi
        verdict=" (recorded ${known:-nothing})$verdict"
    fi
    if [ -n "$limit" ] && [ "$count" -gt "$limit" ]; then
        verdict="$verdict, over the $limit that one check may take"
        # benches/one-check.sh asks for the parts of one check, and fails; the gate holds what was reached.
        [ "$part" != check ] || failed=1
    fi
    case $verdict in *ABOVE* | *NOT*) failed=1 ;; esac
    printf '%-16s %12d%s\n' "$name" "$count" "$verdict"
}

# Tells a goal that is a ratio: what it is, how much it is, in hundredths, and the most it may be.
goal() {
    local verdict=""
    [ "$2" -le $(($3 * 100)) ] || { verdict=" MISSED"; failed=1; }
    printf '%s: %d.%02d (must: at most %d)%s\n' "$1" $(($2 / 100)) $(($2 % 100)) "$3" "$verdict"
}

# Only files that an answer rests on: the cases of a pack are for `rules test`.
cp -r rules/kz "$work/pack"
rm -r "$work/pack/cases"
for stays in 200 2000; do
    "$people" 10 --stays "$stays" >"$work/stays-$stays.ndjson"
done

if [ "$part" = all ] || [ "$part" = check ]; then
    for format in table json csv markdown; do
        count=$(instructions check "$person" --format "$format")
        held "check-$format" "$count" "$most_of_a_check"
    done
    count=$(instructions check "$person" --format json --rules "$work/pack")
    held check-rules "$count"
fi

if [ "$part" = all ] || [ "$part" = batch ]; then
    for layout in usual shuffled csv; do
        form=ndjson
        [ "$layout" != csv ] || form=csv
        "$people" "$lines" --layout "$layout" >"$work/list.$form"
        count=$(instructions batch --jobs 1 "$work/list.$form")
        held "batch-$layout" "$count"
    done
    count=$(instructions batch --jobs 1 "$work/stays-2000.ndjson")
    held batch-2000-stays "$count"
fi

if [ "$part" = goals ]; then
    bytes=$(find "$work/pack" -name '*.toml' -exec cat {} + | wc -c)
    embedded=$(instructions check "$person" --format json)
    read=$(instructions check "$person" --format json --rules "$work/pack")
    goal "instructions for a byte of a pack's TOML ($bytes bytes)" $(((read - embedded) * 100 / bytes)) "$most_for_a_byte"
    : >"$work/nobody.ndjson"
    start=$(instructions batch --jobs 1 "$work/nobody.ndjson")
    few=$(instructions batch --jobs 1 "$work/stays-200.ndjson")
    many=$(instructions batch --jobs 1 "$work/stays-2000.ndjson")
    goal "instructions, 2,000 stays against 200" $(((many - start) * 100 / (few - start))) "$most_for_stays"
fi

if [ "$record" = yes ]; then
    {
        echo "# Instructions by callgrind, for benches/counts.sh; \`benches/counts.sh --record\` writes them anew."
        echo "# check-…: one person, in each format, and with a rule pack read at start. batch-…: one worker, $lines lines;"
        echo "# batch-2000-stays: 10 lines of 2,000 stays."
        cat "$work/counts"
    } >"$recorded"
    exit 0
fi
exit "$failed"
