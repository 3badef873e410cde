//! The letters of one line of JSON (RFC 8259), read without places, faults or copies, for lists of millions. `None`
//! wherever a line is not as expected: read as a tree it shows what is wrong.

use std::borrow::Cow;

use super::forms;
use crate::calendar::Day;

/// A text of JSON, and how far it is read.
pub struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

/// Whether a text is printable ASCII that can stand between the quotes of JSON as it is.
pub fn is_plain(text: &str) -> bool {
    let are_plain = |bytes: u64| (first_special(bytes) | zeros(bytes ^ eight(0x7F)) | bytes) & eight(0x80) == 0;
    let (eights, rest) = text.as_bytes().as_chunks();
    eights.iter().all(|bytes| are_plain(u64::from_le_bytes(*bytes)))
        && !rest.iter().any(|byte| is_special(*byte) || *byte >= 0x7F)
}

/// Whether a byte ends a run of plain letters: a quote, a backslash, a control character.
const fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | ..0x20)
}

/// A byte in each of eight places.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The top bit of the first of eight bytes that ends a run of plain letters: a quote, a backslash, a
/// control character. Bits above it mean nothing (Mycroft's test for a zero byte carries upwards).
const fn first_special(bytes: u64) -> u64 {
    let quotes = zeros(bytes ^ eight(b'"'));
    let escapes = zeros(bytes ^ eight(b'\\'));
    let controls = bytes.wrapping_sub(eight(0x20)) & !bytes;
    (quotes | escapes | controls) & eight(0x80)
}

/// The top bit of the first of eight bytes that is zero. Bits above it mean nothing.
const fn zeros(bytes: u64) -> u64 {
    bytes.wrapping_sub(eight(1)) & !bytes
}

/// So many letters of a key are compared at once. No key of a profile has more.
const LONGEST_KEY: usize = 16;

/// A key of a table as it is looked for: its letters and, where there is room, the quote that closes it, all at once.
#[derive(Debug)]
pub struct KeyLetters {
    letters: u128,
    mask: u128,
    length: usize,
}

impl KeyLetters {
    pub(super) fn of(key: &str) -> Self {
        let (mut letters, mut mask) = ([0; LONGEST_KEY], [0; LONGEST_KEY]);
        letters[..key.len()].copy_from_slice(key.as_bytes());
        let length = (key.len() + 1).min(LONGEST_KEY);
        letters[key.len()..length].fill(b'"');
        mask[..length].fill(u8::MAX);
        Self { letters: u128::from_le_bytes(letters), mask: u128::from_le_bytes(mask), length }
    }

    /// Whether the quote behind the key has not been compared.
    fn is_without_quote(&self) -> bool {
        self.length == LONGEST_KEY && self.letters.to_le_bytes()[LONGEST_KEY - 1] != b'"'
    }
}

impl<'t> Scanner<'t> {
    /// Stands before the first value of a text.
    pub const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Whether nothing but blanks is left.
    pub fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.at == self.text.len()
    }

    #[inline]
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// Whether this sign comes next; blanks before it are passed over. Mostly there are none: they are looked
    /// for only where the sign is not found at once.
    #[inline]
    fn stands_at(&mut self, sign: u8) -> bool {
        if self.peek() == sign {
            return true;
        }
        self.skip_blanks();
        self.peek() == sign
    }

    /// Passes over a sign and the blanks before it.
    #[inline]
    pub fn take(&mut self, sign: u8) -> Option<()> {
        self.is_next(sign).then_some(())
    }

    /// Whether this sign comes next; it and the blanks before it are passed over.
    #[inline]
    pub fn is_next(&mut self, sign: u8) -> bool {
        let is_next = self.stands_at(sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn is_word(&mut self, word: &str) -> bool {
        let is_word = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        if is_word {
            self.at += word.len();
        }
        is_word
    }

    /// The letters from a place on, as far as a key can reach; zeros past the end.
    #[inline]
    fn letters_from(&self, at: usize) -> u128 {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let letters = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut letters = [0; LONGEST_KEY];
            letters[..rest.len()].copy_from_slice(rest);
            letters
        });
        u128::from_le_bytes(letters)
    }

    /// Reads a table: each key is among the known ones, none twice; `read` reads the value of the key with this place.
    /// Null is as good as left out.
    #[inline]
    pub(super) fn members(
        &mut self,
        keys: &[KeyLetters],
        mut read: impl FnMut(&mut Self, usize) -> Option<()>,
    ) -> Option<()> {
        self.take(b'{')?;
        if self.is_next(b'}') {
            return Some(());
        }
        let (mut seen, mut next) = (0_u32, 0);
        loop {
            if !self.stands_at(b'"') {
                return None;
            }
            let letters = self.letters_from(self.at + 1);
            let is_here = |at: usize| keys.get(at).is_some_and(|key| letters & key.mask == key.letters);
            // Mostly the keys come in the usual order.
            let at =
                if is_here(next) { next } else { (next + 1..keys.len()).chain(0..next).find(|at| is_here(*at))? };
            if seen >> at & 1 == 1 {
                return None;
            }
            seen |= 1 << at;
            next = at + 1;
            self.at += 1 + keys[at].length;
            if keys[at].is_without_quote() {
                if self.peek() != b'"' {
                    return None;
                }
                self.at += 1;
            }
            self.take(b':')?;
            self.skip_blanks();
            if !(self.peek() == b'n' && self.is_word("null")) {
                read(self, at)?;
            }
            if self.is_next(b'}') {
                return Some(());
            }
            self.take(b',')?;
        }
    }

    /// Reads a list; `read` reads an item, with no blanks before it.
    #[inline]
    pub(super) fn items(&mut self, mut read: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(b'[')?;
        if self.is_next(b']') {
            return Some(());
        }
        loop {
            read(self)?;
            if self.is_next(b']') {
                return Some(());
            }
            self.take(b',')?;
            self.skip_blanks();
        }
    }

    /// A day in quotes.
    #[inline]
    pub(super) fn quoted_day(&mut self) -> Option<Day> {
        if !self.stands_at(b'"') {
            return None;
        }
        let &[b'"', ref day @ .., b'"'] = self.text.as_bytes().get(self.at..)?.first_chunk::<12>()? else {
            return None;
        };
        let day = Day::from_letters(day).ok()?;
        self.at += 12;
        Some(day)
    }

    /// The first and the last day of a table that begins with these two texts before its days, and has nothing else;
    /// where it is not so, nothing is passed over.
    #[inline]
    pub fn days_between<const A: usize, const B: usize>(
        &mut self,
        (before, between): (&[u8; A], &[u8; B]),
    ) -> Option<(Day, Day)> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let (opening, rest) = rest.split_first_chunk()?;
        let (first, rest) = rest.split_first_chunk()?;
        let (middle, rest) = rest.split_first_chunk()?;
        let (second, rest) = rest.split_first_chunk()?;
        let rest = rest.strip_prefix(br#""}"#)?;
        if opening != before || middle != between {
            return None;
        }
        let days = forms::days(first, second)?;
        self.at = self.text.len() - rest.len();
        Some(days)
    }

    /// Which of these words comes next, in quotes and with nothing escaped.
    #[inline]
    pub fn one_of<'k>(&mut self, known: impl Iterator<Item = &'k str>) -> Option<u8> {
        if !self.stands_at(b'"') {
            return None;
        }
        let rest = &self.text.as_bytes()[self.at + 1..];
        // Most words are told apart by where they end.
        let is_here = |word: &str| rest.get(word.len()) == Some(&b'"') && rest.starts_with(word.as_bytes());
        let (place, word) = (0..).zip(known).find(|(_, word)| is_here(word) && is_plain(word))?;
        self.at += word.len() + 2;
        Some(place)
    }

    /// True or false.
    pub fn truth(&mut self) -> Option<bool> {
        let is_true = self.is_word("true");
        (is_true || self.is_word("false")).then_some(is_true)
    }

    /// A whole number that is not negative.
    pub(super) fn whole_number(&mut self) -> Option<i32> {
        let rest = &self.text[self.at..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_whole = !matches!(rest.as_bytes().get(digits), Some(b'.' | b'e' | b'E'));
        let is_short = !rest.starts_with('0') || digits == 1;
        let number = rest[..digits].parse().ok().filter(|_| is_whole && is_short)?;
        self.at += digits;
        Some(number)
    }

    /// The place of the first byte from `at` on that ends a run of plain letters.
    fn special_from(&self, mut at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let special = first_special(u64::from_le_bytes(*eight));
            if special != 0 {
                return Some(at + special.trailing_zeros() as usize / 8);
            }
            at += 8;
        }
        let rest = bytes.get(at..)?.iter().position(|byte| is_special(*byte));
        rest.map(|found| at + found)
    }

    /// A text in quotes, as it stands there where nothing in it is escaped.
    #[inline]
    pub fn string(&mut self) -> Option<Cow<'t, str>> {
        if !self.stands_at(b'"') {
            return None;
        }
        let start = self.at + 1;
        let mut end = self.special_from(start)?;
        let is_plain = self.text.as_bytes()[end] == b'"';
        while self.text.as_bytes()[end] == b'\\' {
            end = self.special_from(end + 2)?;
        }
        if self.text.as_bytes()[end] != b'"' {
            return None;
        }
        let text = if is_plain {
            Cow::Borrowed(self.text.get(start..end)?)
        } else {
            Cow::Owned(serde_json::from_str(self.text.get(self.at..=end)?).ok()?)
        };
        self.at = end + 1;
        Some(text)
    }
}
