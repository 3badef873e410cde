//! The house stays small and is written in plain words.

use super::{File, files, nothing_against, said_of};
use crate::support::rust_text::{RustText, functions, is_word};

/// `src` may not have more lines of Rust.
const MOST_LINES: usize = 33_100;

/// No file may have more lines.
const LONGEST_FILE: usize = 450;

/// No function may have more lines, those of its head and its last brace included.
const LONGEST_FUNCTION: usize = 80;

/// What names and comments may not say: there is a plainer word for it.
const DIALECT: &[&str] = &[
    "Desk",
    "desk",
    "Asker",
    "Speaker",
    "hear",
    "loudest",
    "Spare",
    "of before",
    "Aside",
    "Wanting",
    "Happening",
    "unbeaten",
    "Applied",
    "Hit",
    "Missed",
    "Finder",
    "speaks of",
];

/// What is wrong with the length of all files together.
fn too_much(files: &[File]) -> Option<String> {
    let lines: usize = files.iter().map(|file| file.text.lines().count()).sum();
    (lines > MOST_LINES).then(|| format!("{lines} lines are more than {MOST_LINES}"))
}

fn too_long(file: &File) -> Vec<String> {
    let lines = file.text.lines().count();
    if lines > LONGEST_FILE { vec![format!("{LONGEST_FILE}: {lines} lines are too many")] } else { Vec::new() }
}

fn long_functions(file: &File) -> Vec<String> {
    let mut functions = functions(&RustText::new(&file.text).code);
    functions.retain(|function| function.lines > LONGEST_FUNCTION);
    let told = functions.iter().map(|long| format!("{}: `{}` has {} lines", long.line, long.name, long.lines));
    told.collect()
}

/// The lines of code and comments that hold one of these words, as a whole word; strings may.
fn dialect(file: &File, words: &[&str]) -> Vec<String> {
    let parts = RustText::new(&file.text);
    let comments = parts.comments.iter().map(|(line, comment)| (*line, comment.as_str()));
    let mut found = Vec::new();
    for (line, text) in parts.lines().chain(comments) {
        for word in words {
            let is_there = text.match_indices(word).any(|(at, _)| {
                let is_end = !word.ends_with(is_word) || !text[at + word.len()..].starts_with(is_word);
                is_end && !text[..at].ends_with(is_word)
            });
            if is_there {
                found.push(format!("{line}: `{word}` has a plainer word"));
            }
        }
    }
    found
}

/// Tests in `src` would not be run: neither the library nor the program is built for them.
fn tests_inside(file: &File) -> Vec<String> {
    let parts = RustText::new(&file.text);
    let lines = parts.lines().filter(|(_, code)| code.contains("#[test]") || code.contains("cfg(test)"));
    lines.map(|(line, _)| format!("{line}: tests stand in `tests`")).collect()
}

#[test]
fn no_test_stands_where_it_is_not_run() {
    nothing_against(tests_inside);
    assert_eq!(said_of("a.rs", "#[cfg(test)]\nmod tests {\n    #[test]\n    fn f() {}\n}", tests_inside).len(), 2);
    assert_eq!(said_of("a.rs", "fn f() {} // #[test]", tests_inside).len(), 0);
}

#[test]
fn the_sources_do_not_grow() {
    assert_eq!(too_much(&files()), None);
}

#[test]
fn files_are_short() {
    nothing_against(too_long);
}

#[test]
fn functions_are_short() {
    nothing_against(long_functions);
}

#[test]
fn names_and_comments_are_plain() {
    nothing_against(|file| dialect(file, DIALECT));
}

#[test]
fn what_is_too_long_is_noticed() {
    let file = |lines: usize| File { path: "a.rs".to_owned(), text: "\n".repeat(lines) };
    assert_eq!(too_much(&[file(MOST_LINES - 1), file(1)]), None);
    assert!(too_much(&[file(MOST_LINES), file(1)]).is_some());
    let lines = |count: usize| said_of("a.rs", &"\n".repeat(count), too_long).len();
    assert_eq!((lines(LONGEST_FILE), lines(LONGEST_FILE + 1)), (0, 1));

    let function = |lines: usize| format!("/// Says.\npub fn long() {{\n{}}}\n", "    act();\n".repeat(lines - 2));
    let said = |text: &str| said_of("a.rs", text, long_functions).len();
    assert_eq!((said(&function(LONGEST_FUNCTION)), said(&function(LONGEST_FUNCTION + 1))), (0, 1));
    assert_eq!(said(&format!("impl A {{\n{}}}", function(LONGEST_FUNCTION).repeat(2))), 0, "each by itself");
    let outer = format!("fn outer() {{\n{}}}", function(LONGEST_FUNCTION));
    assert_eq!(said(&outer), 1, "the one around it is longer");
}

/// A function is counted from the line of `fn` to that of its last brace, whatever stands between.
#[test]
fn functions_are_counted() {
    let text = "trait A {\n    fn none(&self, by: [u8; 2]);\n}\ntype F = fn (u8);\nfn a<T>(\n    b: T,\n) -> [u8; 1]\nwhere\n    \
        T: Fn() -> u8,\n{\n    let c = \"}\"; // }\n    let d = '}';\n    fn e() {}\n    [0]\n}\nlet fn_ = 1;\n";
    let found = functions(&RustText::new(text).code);
    let told: Vec<_> = found.iter().map(|function| (&*function.name, function.line, function.lines)).collect();
    assert_eq!(told, [("a", 5, 11), ("e", 13, 1)]);
}

#[test]
fn dialect_is_noticed() {
    let said = |text: &str| said_of("a.rs", text, |file| dialect(file, &["Desk", "hear(", "of before"])).len();
    assert_eq!(said("struct Desk;\nfn f(desk: &Desk) {} // Desk"), 3);
    assert_eq!(said("/// People of before.\nfn f() { notices.hear(1) }"), 2);
    assert_eq!(said("let text = \"Desk\"; struct Desks; overhear(1); // of beforehand"), 0);
}
