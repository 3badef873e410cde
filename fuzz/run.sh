#!/usr/bin/env bash
# Fuzzes the readers of staff lists with the stable toolchain: fuzz/run.sh [SECONDS], 60 when not said.
#
# libFuzzer needs coverage counters, for which rustc has flags on every channel; cargo-fuzz would ask for a nightly
# one. The corpus begins with the seeds in fuzz/seeds and stays in fuzz/corpus; whatever fails is put in
# fuzz/artifacts, shown again by `fuzz/run.sh FILE`, and kept by moving it to fuzz/seeds: the tests read them all.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p corpus/lists artifacts/lists
# With a target named, build scripts and macros are built without the counters.
target=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
cargo build --release --quiet --target "$target" --bin lists
program=target/$target/release/lists
if [ -f "${1-}" ]; then
  exec "$program" "$1"
fi
exec "$program" corpus/lists seeds -artifact_prefix=artifacts/lists/ -max_len=4096 -timeout=10 -rss_limit_mb=1024 \
  -dict=lists.dict -max_total_time="${1-60}" -print_final_stats=1
