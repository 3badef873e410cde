# `just` lists these; each is a few plain commands that also work without `just`.

target := env("CARGO_TARGET_DIR", "target")
program := target / "debug" / "trp-check"

# List the recipes
default:
    @just --list

# Run all tests
test:
    cargo test

# Run one test program: it, oracles, law, long or cli
test-of NAME *FILTER:
    cargo test --test {{ NAME }} {{ FILTER }}

# Check format, lints and documentation
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# Check every rule pack: complete, its cases, their coverage
packs:
    cargo build
    for pack in rules/kz tests/packs/schengen tests/packs/russia; do \
        {{ program }} rules check "$pack" --deny warnings --today 2026-11-22 && \
        {{ program }} rules test "$pack" && \
        {{ program }} rules coverage "$pack" --min 100 || exit 1; \
    done

# Licences, sources and known weaknesses of the crates (needs cargo-deny)
deny:
    cargo deny check

# Look at the pages in a browser (needs node and chromium)
pages:
    cargo build
    tests/html/run {{ program }}

# Count instructions and hold them against benches/counts.toml (needs valgrind)
bench:
    benches/counts.sh

# What every change must pass
ci: lint test packs

# All of it, with the browser and the counts
ci-all: ci deny pages bench
