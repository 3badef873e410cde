//! Rust source text taken apart into what is code, what is a string, and what is a comment. No parser:
//! just enough to search one without finding the others.

/// A source text, taken apart.
#[derive(Debug, Default)]
pub struct RustText {
    /// The code, line for line; strings, letters and comments are blanked out.
    pub code: String,
    /// The string literals with the line they begin on, from 1.
    pub strings: Vec<(usize, String)>,
    /// The comments with the line they begin on, from 1.
    pub comments: Vec<(usize, String)>,
}

impl RustText {
    /// Takes a text apart.
    pub fn new(text: &str) -> Self {
        let mut parts = Self::default();
        let letters: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < letters.len() {
            let rest = &letters[at..];
            at += match rest {
                ['/', '/', ..] => parts.comment(rest, rest.iter().take_while(|letter| **letter != '\n').count()),
                ['/', '*', ..] => parts.comment(rest, block_comment(rest)),
                ['"', ..] => parts.string(rest, 1, 1),
                ['r', '"' | '#', ..] if !parts.ends_in_a_word() => match raw_string(rest) {
                    Some((opening, closing)) => parts.string(rest, opening, closing),
                    None => parts.keep(rest[0]),
                },
                ['\'', '\\', _, ..] => {
                    parts.blank(rest, 3 + rest[3..].iter().take_while(|letter| **letter != '\'').count() + 1)
                }
                ['\'', _, '\'', ..] => parts.blank(rest, 3),
                [letter, ..] => parts.keep(*letter),
                [] => break,
            };
        }
        parts
    }

    /// The code with the line of each match of a predicate, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().zip(1..).map(|(line, number)| (number, line))
    }

    fn ends_in_a_word(&self) -> bool {
        self.code.chars().next_back().is_some_and(is_word)
    }

    fn keep(&mut self, letter: char) -> usize {
        self.code.push(letter);
        1
    }

    fn comment(&mut self, rest: &[char], count: usize) -> usize {
        self.comments.push((self.line(), rest[..count].iter().collect()));
        self.blank(rest, count)
    }

    /// The line that is being read, from 1.
    fn line(&self) -> usize {
        self.code.matches('\n').count() + 1
    }

    fn blank(&mut self, rest: &[char], count: usize) -> usize {
        let count = count.min(rest.len());
        self.code.extend(rest[..count].iter().map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
        count
    }

    /// A string whose quotes, with what belongs to them, are so many letters long.
    fn string(&mut self, rest: &[char], opening: usize, closing: usize) -> usize {
        let is_raw = rest[0] == 'r';
        let mut end = opening;
        while end < rest.len() {
            let hashes = rest[end + 1..].iter().take_while(|letter| **letter == '#').count();
            if rest[end] == '"' && hashes + 1 >= closing {
                break;
            }
            end += if rest[end] == '\\' && !is_raw { 2 } else { 1 };
        }
        let end = end.min(rest.len());
        self.strings.push((self.line(), rest[opening.min(end)..end].iter().collect()));
        self.blank(rest, end + closing)
    }
}

/// A function: its name, and its lines from that of `fn` to that of its last brace, both counted.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// The line of `fn`, from 1.
    pub line: usize,
    pub lines: usize,
}

/// The functions of a code that have a body, those within others included.
pub fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let head = code[at + 3..].trim_start();
        let name: String = head.chars().take_while(|letter| is_word(*letter)).collect();
        if code[..at].ends_with(is_word) || name.is_empty() {
            continue;
        }
        if let Some(end) = end_of_function(&code[at..]) {
            let lines_before = code[..at].matches('\n').count();
            let lines = code[at..at + end].matches('\n').count() + 1;
            found.push(Function { name, line: lines_before + 1, lines });
        }
    }
    found
}

/// Where the body of a function ends; `None` where a semicolon stands in its place.
fn end_of_function(code: &str) -> Option<usize> {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (at, letter) in code.char_indices() {
        match letter {
            '(' | '[' => others += 1,
            ')' | ']' => others -= 1,
            ';' if braces == 0 && others == 0 => return None,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => continue,
        }
        if letter == '}' && braces == 0 && others == 0 {
            return Some(at);
        }
    }
    None
}

/// Letters of the opening and of the closing of a raw string, if one begins here.
fn raw_string(rest: &[char]) -> Option<(usize, usize)> {
    let hashes = rest[1..].iter().take_while(|letter| **letter == '#').count();
    (rest.get(1 + hashes) == Some(&'"')).then_some((hashes + 2, hashes + 1))
}

/// Length of a comment that may hold others.
fn block_comment(rest: &[char]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (at, depth) = (at + 2, depth + 1),
            ['*', '/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Whether the letter can stand in a name.
pub fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The names and numbers of a line of code, each with whether `::` or a dot stands before it and what
/// stands after it.
pub fn words(line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in line.char_indices().chain([(line.len(), ' ')]) {
        match (start, is_word(letter)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(Word { before: &line[..from], text: &line[from..at], after: &line[at..] });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// A name or number, and the line around it.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// The line up to it.
    pub before: &'a str,
    /// The word.
    pub text: &'a str,
    /// The line after it.
    pub after: &'a str,
}
