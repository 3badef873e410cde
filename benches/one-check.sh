#!/usr/bin/env bash
# What one check costs: instructions (benches/counts.sh; repeatable), time against a Rust hello world (run in
# turn, so that a busy machine slows both), resident memory. Fails when a limit is passed.
# Needs: cargo, valgrind, python3, GNU time. Usage: benches/one-check.sh [runs]
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-300}
most_ratio_percent=200
most_kib=6144

cargo build --release --quiet
check=$PWD/target/release/trp-check
person=$PWD/benches/person.toml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/hello.rs" <<'RUST'
fn main() {
    println!("hello, world");
}
RUST
rustc -O -o "$work/hello" "$work/hello.rs"
failed=0

benches/counts.sh check || failed=1

cat >"$work/turns.py" <<'PYTHON'
import statistics, subprocess, sys, time
runs, hello, check, person = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
commands = [[hello], [check, "check", person, "--today", "2026-11-22"]]
times = [[], []]
for _ in range(runs):
    for at, command in enumerate(commands):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times[at].append(time.perf_counter() - start)
ratio = statistics.median(times[1]) / statistics.median(times[0])
print(round(100 * ratio))
PYTHON
percent=$(python3 "$work/turns.py" "$runs" "$work/hello" "$check" "$person")
kib=$({ /usr/bin/time -f %M "$check" check "$person" --today 2026-11-22 >/dev/null; } 2>&1)
echo "time against a Rust hello world, medians of $runs runs in turn: $percent % (limit $most_ratio_percent %)"
echo "resident memory: $kib KiB (limit $most_kib KiB)"
[ "$percent" -le "$most_ratio_percent" ] || failed=1
[ "$kib" -le "$most_kib" ] || failed=1
exit "$failed"
