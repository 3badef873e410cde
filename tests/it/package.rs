//! The package holds all that the program is built from; what else it is built from may be used freely and comes from one
//! registry.
//!
//! `deny.toml` says the latter to `cargo deny check licenses bans sources`, which looks at all platforms; this test needs
//! nothing but cargo, and looks at this one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use crate::support::files::{paths_below, table_of};
use crate::support::run::root;
use serde_json::Value as Json;

/// Rules, countries, words, schemas, licences and proof are in the package; what only the checkout needs is not.
#[test]
fn the_package_holds_what_the_program_is_built_from() {
    let folder = root();
    if folder.join("Cargo.toml.orig").exists() {
        println!("this is the package itself: cargo packs only a checkout");
        return;
    }
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline", "--quiet"])
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "cargo warns");
    let list = String::from_utf8_lossy(&output.stdout).replace('\\', "/");
    let packed: BTreeSet<&str> = list.lines().collect();
    let needed = ["src", "rules"].into_iter().flat_map(|name| paths_below(&folder.join(name)));
    let inside = |path: PathBuf| path.strip_prefix(folder).expect("below the folder").display().to_string();
    let needed: Vec<String> = needed.map(|path| inside(path).replace('\\', "/")).collect();
    assert!(needed.len() > 150, "{} files", needed.len());
    let single = [
        "build.rs",
        "Cargo.lock",
        "README.md",
        "CHANGELOG.md",
        "docs/design.md",
        "LICENSE",
        "LICENSE-APACHE",
        "LICENSE-MIT",
    ];
    for file in needed.iter().map(|file| &**file).chain(single) {
        assert!(packed.contains(file), "{file} is not in the package");
    }
    let is_unwanted = |file: &&&str| {
        [".ci", ".github", ".gitignore", "fuzz", "justfile", "target"].iter().any(|name| file.starts_with(name))
    };
    assert_eq!(packed.iter().filter(is_unwanted).collect::<Vec<_>>(), Vec::<&&str>::new());
}

/// The licences that `deny.toml` allows.
fn allowed() -> BTreeSet<String> {
    let table = table_of(&root().join("deny.toml"));
    let list = table["licenses"]["allow"].as_array().expect("a list");
    list.iter().map(|licence| licence.as_str().expect("a text").to_owned()).collect()
}

/// Whether an SPDX expression can be met with the allowed licences.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    // Older manifests write a stroke for OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any(&words, &mut at, allowed);
    assert_eq!(at, words.len(), "{expression} cannot be read");
    met
}

fn any(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at, allowed);
    }
    met
}

fn all(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let word = words[*at];
    *at += 1;
    if word == "(" {
        let met = any(words, at, allowed);
        assert_eq!(words.get(*at), Some(&")"));
        *at += 1;
        return met;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
        return allowed.contains(&format!("{word} WITH {}", words[*at - 1]));
    }
    allowed.contains(word)
}

/// Every crate of the tree, those of tests included, has a licence of the list.
#[test]
fn every_licence_is_allowed() {
    let host = {
        let output = Command::new("rustc").arg("-vV").output().unwrap_or_else(|error| panic!("{error}"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host").to_owned()
    };
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &host])
        .current_dir(root())
        .output()
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}"));
    let packages = metadata["packages"].as_array().expect("a list");
    assert!(packages.len() > 100, "{} packages", packages.len());
    let allowed = allowed();
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|licence| is_met(licence, &allowed)))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// Every crate of `Cargo.lock`, for all platforms, comes from crates.io, and none is there in three versions.
#[test]
fn every_crate_comes_from_the_registry_and_at_most_twice() {
    let lock = table_of(&root().join("Cargo.lock"));
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("a list") {
        let text = |key: &str| package.get(key).and_then(toml::Value::as_str);
        let name = text("name").expect("a name");
        versions.entry(name).or_default().push(text("version").expect("a version"));
        if name != env!("CARGO_PKG_NAME") {
            assert_eq!(text("source"), Some("registry+https://github.com/rust-lang/crates.io-index"), "{name}");
        }
    }
    let thrice: Vec<_> = versions.iter().filter(|(_, versions)| versions.len() > 2).collect();
    assert!(thrice.is_empty(), "{thrice:?}");
}

/// An expression is met by one of its choices, and by all of its parts.
#[test]
fn licences_are_read_as_spdx_writes_them() {
    let allowed: BTreeSet<String> = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    for (expression, is_good) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("Unlicense/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("(GPL-3.0-only OR MIT) AND Zlib", true),
        ("(GPL-3.0-only OR MIT) AND BSD-3-Clause", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
        ("GPL-2.0-only OR Zlib AND MIT", true),
    ] {
        assert_eq!(is_met(expression, &allowed), is_good, "{expression}");
    }
}
