//! Staff lists: files and stdin, packed or not.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::progress::Progress;
use crate::files;

/// The endings of tables, and of lists with a profile in JSON on each line.
pub const TABLES: [&str; 3] = ["csv", "tsv", "txt"];
const LINES: [&str; 2] = ["ndjson", "jsonl"];
/// The endings of what is packed.
const PACKED: [&str; 2] = ["gz", "zst"];

/// Whether a file is a list by its ending: profiles are never packed.
pub fn is_list(path: &Path) -> bool {
    let ending = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
    TABLES.iter().chain(&LINES).chain(&PACKED).any(|known| ending.eq_ignore_ascii_case(known))
}

/// Opens a list: stdin for `-`; what ends in `.gz` or `.zst` is unpacked, other encodings than UTF-8 are
/// read only where asked for.
pub fn open(
    path: &Path,
    encoding: Option<&'static encoding_rs::Encoding>,
    progress: &Progress,
) -> anyhow::Result<Box<dyn Read + Send>> {
    let plain = if path.as_os_str() == "-" {
        progress.count(io::stdin())
    } else {
        progress.count(File::open(path).map_err(|error| files::not_read(path, error))?)
    };
    let unpacked: Box<dyn Read + Send> = match path.extension().and_then(std::ffi::OsStr::to_str) {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(plain))),
        Some("zst") => Box::new(zstd::Decoder::new(plain).with_context(|| path.display().to_string())?),
        _ => plain,
    };
    Ok(match encoding {
        None => unpacked,
        Some(encoding) => {
            Box::new(encoding_rs_io::DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(unpacked))
        }
    })
}

/// The name of a list without the ending of its packing.
pub fn plain_name(path: &Path) -> PathBuf {
    match path.extension().and_then(std::ffi::OsStr::to_str) {
        Some("gz" | "zst") => path.with_extension(""),
        _ => path.to_owned(),
    }
}
