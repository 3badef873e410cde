//! The change that `rules/README.md` walks through is made on a copy, to the letter, and each command prints
//! what the page says it prints.
//!
//! A fence ```` ```toml FILE ```` is put at the end of that file of the copy (or makes it), ```` ```toml FILE [table] ````
//! under that table, ```` ```toml FILE tables ```` each of its tables under the one of that name, ```` ```toml FILE key ````
//! in place of the line of that key; ```` ```json FILE ```` makes a file beside it. In a console block `...` stands for any lines, `[..]` for any characters, `? N` for the exit status.

use std::fs;
use std::path::Path;

use crate::support::run::root;
use crate::support::{folders, run};

/// A fenced block: what stands after the fence, and the lines.
struct Block {
    head: String,
    lines: Vec<String>,
}

fn blocks() -> Vec<Block> {
    let page = fs::read_to_string(root().join("rules/README.md")).expect("the page");
    let (_, tried) = page.split_once("\n## A change, tried\n").expect("the section");
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for line in tried.lines() {
        match line.strip_prefix("```") {
            Some(_) if is_open => is_open = false,
            Some(head) => {
                is_open = true;
                blocks.push(Block { head: head.to_owned(), lines: Vec::new() });
            }
            None if is_open => blocks.last_mut().expect("a block").lines.push(line.to_owned()),
            None => {}
        }
    }
    blocks
}

/// Puts a block into its file.
fn apply(block: &Block, folder: &Path) {
    let words: Vec<&str> = block.head.split(' ').collect();
    let text = block.lines.join("\n") + "\n";
    let path = |name: &str| if words[0] == "toml" { folder.join("my-rules").join(name) } else { folder.join(name) };
    let there = |name: &str| fs::read_to_string(path(name)).unwrap_or_default();
    let new = match words[1..] {
        [name] if there(name).is_empty() => text,
        [name] => format!("{}\n{text}", there(name)),
        [name, table] if table.starts_with('[') => under(&there(name), table, &text),
        [name, "tables"] => {
            let starts = block.lines.iter().enumerate().filter(|(_, line)| line.starts_with('[')).map(|(at, _)| at);
            let starts: Vec<usize> = starts.chain([block.lines.len()]).collect();
            starts.windows(2).fold(there(name), |before, range| {
                under(&before, &block.lines[range[0]], &(block.lines[range[0] + 1..range[1]].join("\n") + "\n"))
            })
        }
        [name, key] => {
            let before = there(name);
            let is_of_key = |line: &&str| line.starts_with(&format!("{key} ="));
            let line = before.lines().find(is_of_key).unwrap_or_else(|| panic!("{name} has no {key}"));
            before.replacen(line, text.trim_end(), 1)
        }
        _ => panic!("a block without a file: {}", block.head),
    };
    fs::write(path(words[1]), new).expect("the copy");
}

/// The file with a text put under one of its tables.
fn under(file: &str, table: &str, text: &str) -> String {
    let header = format!("\n{table}\n");
    assert!(file.contains(&header), "no {table}");
    file.replacen(&header, &format!("{header}{text}"), 1)
}

/// Runs the commands of a block and compares what they print.
fn play(block: &Block, folder: &Path) {
    let mut rest = &block.lines[..];
    while let Some((first, after)) = rest.split_first() {
        let command = first.strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {first}"));
        let next = after.iter().position(|line| line.starts_with("$ ")).unwrap_or(after.len());
        let (expected, others) = after.split_at(next);
        rest = others;
        let words: Vec<&str> = command.split(' ').collect();
        if words[..2] == ["cp", "-r"] {
            folders::copy(&folder.join(words[2]), &folder.join(words[3]));
            continue;
        }
        assert_eq!(words[0], "trp-check", "{command}");
        let status =
            expected.first().and_then(|line| line.strip_prefix("? ")).map(|code| code.parse().expect("a number"));
        let expected = if status.is_some() { &expected[1..] } else { expected };
        let mut program = run::command(run::PROGRAM);
        let ran = program.current_dir(folder).args(&words[1..]).output().expect("a run");
        let stdout = String::from_utf8(ran.stdout).expect("UTF-8");
        let told = format!("$ {command}\n{stdout}{}", String::from_utf8_lossy(&ran.stderr));
        assert_eq!(ran.status.code(), Some(status.unwrap_or(0)), "{told}");
        let lines: Vec<&str> = stdout.lines().map(str::trim_end).collect();
        let expected: Vec<&str> = expected.iter().map(|line| line.trim_end()).collect();
        assert!(is_like(&expected, &lines), "the page says:\n{}\n\nthe program says:\n{told}", expected.join("\n"));
    }
}

/// Whether lines are as a page has them.
fn is_like(page: &[&str], lines: &[&str]) -> bool {
    match (page.split_first(), lines.split_first()) {
        (None, None) => true,
        (Some((&"...", rest)), _) => (0..=lines.len()).any(|at| is_like(rest, &lines[at..])),
        (Some((one, page)), Some((line, lines))) => is_like_line(one, line) && is_like(page, lines),
        _ => false,
    }
}

fn is_like_line(page: &str, line: &str) -> bool {
    match page.split_once("[..]") {
        None => page == line,
        Some((start, rest)) => line.strip_prefix(start).is_some_and(|after| {
            after.char_indices().map(|(at, _)| at).chain([after.len()]).any(|at| is_like_line(rest, &after[at..]))
        }),
    }
}

#[test]
fn the_change_of_the_page_can_be_made_to_the_letter() {
    let folder = folders::scratch("recipe");
    folders::copy(&root().join("rules/kz"), &folder.join("rules/kz"));
    let blocks = blocks();
    assert!(blocks.len() > 10, "the blocks were not found");
    for block in &blocks {
        if block.head == "console" { play(block, &folder) } else { apply(block, &folder) }
    }
}
