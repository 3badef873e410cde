//! The files of the project, as the tests read them.

use std::fs;
use std::path::{Path, PathBuf};

use trp_check::source::SourceText;

pub fn text_of(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn table_of(path: &Path) -> toml::Table {
    text_of(path).parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below a folder, sorted by path.
pub fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() { found.extend(paths_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The files below a folder whose names end so, sorted by path, each with its path inside the folder.
pub fn files_below(folder: &Path, ending: &str) -> Vec<SourceText> {
    let is_wanted = |path: &PathBuf| path.extension().is_some_and(|extension| extension == ending);
    let read = |path: PathBuf| SourceText {
        path: path.strip_prefix(folder).expect("below the folder").to_str().expect("UTF-8").replace('\\', "/"),
        text: text_of(&path),
    };
    paths_below(folder).into_iter().filter(is_wanted).map(read).collect()
}
