//! JSON as it is written. In its strings every order to a terminal is escaped, also those that RFC 8259 lets
//! stand as they are; the values stay what they were.

use std::fmt::Write;

use memchr::{memchr2_iter, memchr3_iter};
use serde::Serialize;

use crate::render::words::is_control;

/// Room for a usual answer, so that it is not moved while it grows.
const USUAL_BYTES: usize = 96 * 1024;

/// The value over several lines, ended by a line feed: bytes, for to look once more whether they are text would cost
/// as much as a tenth of the reasoning.
pub fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut json = Vec::with_capacity(USUAL_BYTES);
    // Writing into memory cannot fail.
    let _ = serde_json::to_writer_pretty(&mut json, value);
    json.push(b'\n');
    escape(&mut json, 0);
    json
}

pub fn pretty_text(value: &impl Serialize) -> String {
    String::from_utf8(pretty(value)).unwrap_or_default()
}

/// Adds the value in one line, without its end.
pub fn append(json: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    let start = json.len();
    // Writing into memory cannot fail.
    let _ = serde_json::to_writer(&mut *json, value);
    escape(json, start);
}

/// The value in a line that ends in a line feed.
pub fn line(value: &impl Serialize) -> String {
    let mut json = Vec::new();
    append(&mut json, value);
    json.push(b'\n');
    String::from_utf8(json).unwrap_or_default()
}

/// Escapes the control characters behind `start`; they can only stand in strings.
fn escape(json: &mut Vec<u8>, start: usize) {
    if !has_controls(&json[start..]) {
        return;
    }
    let mut escaped = String::with_capacity(json.len() - start);
    for c in String::from_utf8_lossy(&json[start..]).chars() {
        if is_control(c) && c != '\n' {
            // All of them are in the basic plane. Writing into memory cannot fail.
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    json.truncate(start);
    json.extend_from_slice(escaped.as_bytes());
}

/// Whether the serializer let control characters stand. Only few bytes begin one.
fn has_controls(json: &[u8]) -> bool {
    let begins = memchr3_iter(0x7F, 0xC2, 0xE2, json).chain(memchr2_iter(0xD8, 0xEF, json));
    let is_control_at = |at: usize| {
        let end = json.len().min(at + 3);
        let letters = json[at..end].utf8_chunks().next().map_or("", |chunk| chunk.valid());
        letters.chars().next().is_some_and(is_control)
    };
    begins.into_iter().any(is_control_at)
}
