//! Folders of a test's own, and copies of those of the project.

use std::fs;
use std::path::{Path, PathBuf};

use super::run::root;

/// A copy of a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|error| panic!("{}: {error}", to.display()));
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap_or_else(|error| panic!("{}: {error}", to.display()));
        }
    }
}

/// A fresh folder of a test's own.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// A copy of the rule pack in a folder of its own.
pub fn copy_of_pack(name: &str) -> PathBuf {
    copy_of("rules/kz", name)
}

/// A copy of a folder of the project in a folder of its own.
pub fn copy_of(folder: &str, name: &str) -> PathBuf {
    let to = scratch(name);
    copy(&root().join(folder), &to);
    to
}

/// Puts a text in place of another one in a file, which must hold it.
pub fn edit(file: &Path, find: &str, put: &str) {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert!(text.contains(find), "{} does not hold: {find}", file.display());
    fs::write(file, text.replacen(find, put, 1)).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
