//! Checks the rule pack `rules/kz`, the countries and the message files with the same modules that read
//! `--rules DIR`, and writes them into the program as Rust values, so that nothing is parsed at start.

extern crate alloc;

use std::path::Path;
use std::{env, fs};

use databake::Bake;

/// The modules of the library that reading and checking takes.
#[path = "src"]
#[allow(dead_code, unused_imports)]
mod library {
    pub mod calendar;
    pub mod country;
    pub mod facts;
    pub mod rulebook;
    pub mod source;
    pub mod tree;
}
use library::{calendar, country, facts, rulebook, source, tree};

use source::{Severity, SourceText};

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src");

    let text = fs::read_to_string("rules/countries.toml").expect("rules/countries.toml can be read");
    let countries = country::Countries::read(&text).unwrap_or_else(|faults| {
        let file = SourceText { path: "countries.toml".to_owned(), text };
        report("rules", &[file], &faults)
    });

    let mut files = Vec::new();
    collect(Path::new("rules/kz"), "", &mut files);
    let checked = rulebook::check::check(&files, &countries, None);
    let Some(book) = checked.book else { report("rules/kz", &files, &checked.faults) };

    let mut texts = Vec::new();
    collect(Path::new("src/render/text"), "", &mut texts);
    let texts = rulebook::texts::languages(&texts)
        .unwrap_or_else(|(file, faults)| report("src/render/text", std::slice::from_ref(file), &faults));

    // A program that always lies at one place in memory needs none of the thousands of addresses in its rules and texts
    // fixed at each start: a tenth of a whole check.
    let target = |part: &str| env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }

    bake("rules.rs", &book);
    bake("countries.rs", &countries);
    bake("texts.rs", &&*texts);
}

/// Writes a value into the build folder as the Rust expression that makes it.
fn bake(name: &str, value: &impl Bake) {
    let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let expression = value.bake(&databake::CrateEnv::default()).to_string();
    fs::write(Path::new(&folder).join(name), expression).expect("the build folder can be written");
}

/// All TOML files below a folder, sorted by path.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<SourceText>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).expect("file names are UTF-8");
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            files.push(SourceText { path: format!("{prefix}{name}"), text });
        }
    }
}

/// Prints every error with its place, and stops the build.
fn report(folder: &str, files: &[SourceText], faults: &[source::Fault]) -> ! {
    for fault in faults.iter().filter(|fault| fault.code.severity() == Severity::Error) {
        let file = &files[usize::from(fault.span.text)];
        let (line, column) = file.line_column(fault.span.range().start);
        let params: Vec<String> = fault.params.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        println!("cargo::error={folder}/{}:{line}:{column}: {} ({})", file.path, fault.code.name(), params.join(", "));
    }
    std::process::exit(1)
}
