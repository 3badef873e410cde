#!/usr/bin/env bash
# What a staff list costs, as ratios: against a yardstick that only parses the same lines, two workers against one,
# memory by length. Programs are run in turn, so that a busy machine slows all of them, and medians are compared. Ends
# with 1 when something that must hold does not. --long: 1 M lines, and memory at 10 M.
# Needs: cargo, python3, valgrind, GNU time. Usage: benches/batch.sh [--long | LINES] [--rounds N]
set -euo pipefail
cd "$(dirname "$0")/.."
lines=100000
rounds=7
is_long=no
while [ $# -gt 0 ]; do
    case $1 in
        --long) lines=1000000 is_long=yes ;;
        --rounds) rounds=${2:?} && shift ;;
        [1-9]*) lines=$1 ;;
        *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
    esac
    shift
done

# The program as it is shipped: the examples are built with what the tests need besides.
cargo build --release --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp target/release/trp-check "$work/trp-check"
cargo build --release --quiet --examples
cp target/release/examples/people target/release/examples/yardstick "$work"
for layout in usual shuffled blanks csv; do
    "$work/people" "$lines" --layout "$layout" >"$work/$layout"
done

failed=0
cat >"$work/turns.py" <<'PYTHON'
"""Runs programs in turn, and compares the medians of their times."""
import os, statistics, subprocess, sys, time

work, rounds = sys.argv[1], int(sys.argv[2])
missed = False


def batch(jobs, layout):
    form = "csv" if layout == "csv" else "ndjson"
    words = ["batch", "--jobs", str(jobs), "--today", "2026-11-22", "--input-format", form]
    return [f"{work}/trp-check", *words], layout


def once(command, layout):
    with open(f"{work}/{layout}", "rb") as lines:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=lines, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}")
    return wall, used.ru_utime + used.ru_stime


def in_turn(*runs):
    times = [[] for _ in runs]
    for _ in range(rounds):
        for run, of_run in zip(runs, times):
            of_run.append(once(*run))
    return [[statistics.median(kind) for kind in zip(*of_run)] for of_run in times]


def tell(what, ratio, sign, must, aim):
    global missed
    is_good = ratio >= must if sign == ">=" else ratio <= must
    missed |= not is_good
    print(f"{what:<44} {ratio:6.2f}   {sign} {must:.2f}   {sign} {aim:.2f}   {'' if is_good else 'MISSED'}", flush=True)


print(f"{'':<44} {'ratio':>6}   {'must':<7}   {'aim':<7}")
for layout, aim in [("usual", 3), ("blanks", 3), ("shuffled", 1.5), ("csv", 1.5)]:
    # A table is held against the lines of JSON of the same people.
    parsed = "usual" if layout == "csv" else layout
    (_, bare), (_, whole) = in_turn(([f"{work}/yardstick"], parsed), batch(1, layout))
    tell(f"speed against the yardstick, {layout} (CPU)", bare / whole, ">=", 0.70, aim)
(wall_1, cpu_1), (wall_2, cpu_2) = in_turn(batch(1, "usual"), batch(2, "usual"))
tell("two workers against one, wall", wall_2 / wall_1, "<=", 0.65, 0.55)
tell("two workers against one, CPU", cpu_2 / cpu_1, "<=", 1.10, 1.04)
sys.exit(missed)
PYTHON
echo "$lines lines of $(($(wc -c <"$work/usual") / lines)) bytes, medians of $rounds rounds in turn"
python3 "$work/turns.py" "$work" "$rounds" || failed=1

for layout in usual blanks shuffled; do
    "$work/trp-check" batch --jobs 1 --today 2026-11-22 <"$work/$layout" | sha256sum
done | sort -u >"$work/sums"
"$work/trp-check" batch --jobs 2 --today 2026-11-22 <"$work/usual" | sha256sum | sort -u - "$work/sums" -o "$work/sums"
if [ "$(wc -l <"$work/sums")" -gt 1 ]; then
    echo "the rows differ by layout or by the number of workers: MISSED"
    failed=1
fi

# The most resident memory, in KiB, of a run that is fed through a pipe, and read by a program.
resident() { # lines jobs reader...
    local count=$1 jobs=$2
    shift 2
    "$work/people" "$count" |
        /usr/bin/time -f %M -o "$work/kib" "$work/trp-check" batch --jobs "$jobs" --today 2026-11-22 | "$@" >/dev/null
    tail -n 1 "$work/kib"
}

most_kib=16384
memory() { # what kib
    local verdict=""
    [ "$2" -le "$most_kib" ] || { verdict="   MISSED"; failed=1; }
    printf '%-44s %6d   <= %d   <= 8192%s\n' "$1" "$2" "$most_kib" "$verdict"
}

# Flat: no more than a tenth, and a megabyte for what the machine does otherwise, above the shortest list.
flat() { # what kib
    memory "$1" "$2"
    [ "$2" -le $((base * 11 / 10 + 1024)) ] || { echo "  grows with the list: MISSED"; failed=1; }
}

echo "resident memory, KiB"
base=$(resident 100000 2 cat)
memory "100 k lines, two workers" "$base"
flat "1 M lines, two workers" "$(resident 1000000 2 cat)"
if [ "$is_long" = yes ]; then
    flat "10 M lines, two workers" "$(resident 10000000 2 cat)"
fi
flat "100 k lines, a reader that sleeps 3 s first" "$(resident 100000 2 sh -c 'sleep 3; exec cat')"

benches/counts.sh goals || failed=1
exit "$failed"
