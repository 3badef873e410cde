//! Nouns: the quick reader of one line of JSON, for lists of millions: no places, no complaints, no copies.
//!
//! It takes only what it is sure of: RFC 8259 to the letter, known keys, none twice, values of the right
//! type. Whatever it leaves (`None`) is for the tree to read, which can say what is wrong. What it takes,
//! the tree reads to the same values.

use std::borrow::Cow;

use crate::source::Span;
use crate::tree::{DayOrNo, Field};

/// A text of JSON, and how far it is read.
pub struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

/// What can be read quickly.
pub trait Scan<'t>: Sized {
    /// Reads a value at which the scanner stands; `None` where that is not certain.
    fn scan(from: &mut Scanner<'t>) -> Option<Self>;
}

/// Reads a whole text; `None` where that is left to the tree.
#[must_use]
pub fn scan<'t, T: Scan<'t>>(text: &'t str) -> Option<T> {
    let mut from = Scanner { text, at: 0 };
    from.skip_blanks();
    let value = T::scan(&mut from)?;
    from.skip_blanks();
    (from.at == text.len()).then_some(value)
}

/// Whether a text can stand between the quotes of JSON as it is.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    let (eights, rest) = text.as_bytes().as_chunks();
    eights.iter().all(|bytes| first_special(u64::from_le_bytes(*bytes)) == 0) && !rest.iter().copied().any(is_special)
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
    const fn zeros(bytes: u64) -> u64 {
        bytes.wrapping_sub(eight(1)) & !bytes
    }
    let quotes = zeros(bytes ^ eight(b'"'));
    let escapes = zeros(bytes ^ eight(b'\\'));
    let controls = bytes.wrapping_sub(eight(0x20)) & !bytes;
    (quotes | escapes | controls) & eight(0x80)
}

impl<'t> Scanner<'t> {
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

    /// Passes over a sign and the blanks after it.
    #[inline]
    pub fn take(&mut self, sign: u8) -> Option<()> {
        self.is_next(sign).then_some(())
    }

    /// Whether this sign comes next; it and the blanks after it are passed over.
    #[inline]
    pub fn is_next(&mut self, sign: u8) -> bool {
        let is_next = self.peek() == sign;
        if is_next {
            self.at += 1;
            self.skip_blanks();
        }
        is_next
    }

    fn is_word(&mut self, word: &str) -> bool {
        let is_word = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        if is_word {
            self.at += word.len();
            self.skip_blanks();
        }
        is_word
    }

    /// Whether this key (in quotes) comes next; it, the colon and the blanks after it are passed over.
    #[inline]
    pub fn is_key(&mut self, key: &[u8]) -> Option<bool> {
        if !self.text.as_bytes().get(self.at..)?.starts_with(key) {
            return Some(false);
        }
        self.at += key.len();
        self.skip_blanks();
        self.take(b':')?;
        Some(true)
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

    fn string(&mut self) -> Option<Cow<'t, str>> {
        if self.peek() != b'"' {
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
        self.skip_blanks();
        Some(text)
    }
}

impl<'t> Scan<'t> for Cow<'t, str> {
    fn scan(from: &mut Scanner<'t>) -> Option<Self> {
        from.string()
    }
}

impl Scan<'_> for bool {
    fn scan(from: &mut Scanner<'_>) -> Option<Self> {
        let is_true = from.is_word("true");
        (is_true || from.is_word("false")).then_some(is_true)
    }
}

impl Scan<'_> for i32 {
    fn scan(from: &mut Scanner<'_>) -> Option<Self> {
        let rest = &from.text[from.at..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_whole = !matches!(rest.as_bytes().get(digits), Some(b'.' | b'e' | b'E'));
        let is_short = !rest.starts_with('0') || digits == 1;
        let number = rest[..digits].parse().ok().filter(|_| is_whole && is_short)?;
        from.at += digits;
        from.skip_blanks();
        Some(number)
    }
}

impl<'t> Scan<'t> for DayOrNo<'t> {
    fn scan(from: &mut Scanner<'t>) -> Option<Self> {
        match from.peek() {
            b'"' => from.string().map(Self::Text),
            _ => bool::scan(from).map(Self::Bool),
        }
    }
}

/// Null is as good as left out.
impl<'t, T: Scan<'t>> Scan<'t> for Field<T> {
    fn scan(from: &mut Scanner<'t>) -> Option<Self> {
        if from.peek() == b'n' && from.is_word("null") {
            return Some(Self::Absent);
        }
        T::scan(from).map(|value| Self::Given(value, Span::default()))
    }
}

/// The items of a list; null is none.
impl<'t, T: Scan<'t>> Scan<'t> for Vec<Field<T>> {
    fn scan(from: &mut Scanner<'t>) -> Option<Self> {
        from.take(b'[')?;
        if from.is_next(b']') {
            return Some(Self::new());
        }
        let mut items = Self::with_capacity(USUAL_ITEMS);
        loop {
            items.push(Field::Given(T::scan(from)?, Span::default()));
            if from.is_next(b']') {
                return Some(items);
            }
            from.take(b',')?;
        }
    }
}

/// Lists with more items than this are few.
const USUAL_ITEMS: usize = 8;

/// Gives tables that are [`written`](crate::tree::schema) their quick reader.
macro_rules! scanned {
    ($($(#[$about:meta])* $name:ident<$text:lifetime> {
        $($(#[$says:meta])* $field:ident: $type:ty $([$($mark:ident)+])?,)*
    })*) => {
        $(impl<$text> crate::profile::scan::Scan<$text> for $name<$text> {
            fn scan(from: &mut crate::profile::scan::Scanner<$text>) -> Option<Self> {
                #[allow(non_camel_case_types)]
                enum Key { $($field,)* }
                let mut table = Self::default();
                let mut seen = 0_u32;
                from.take(b'{')?;
                if from.is_next(b'}') {
                    return Some(table);
                }
                loop {
                    let key = $(if from.is_key(concat!("\"", stringify!($field), "\"").as_bytes())? {
                        table.$field = crate::profile::scan::Scan::scan(from)?;
                        Key::$field
                    } else)* {
                        return None;
                    };
                    let bit = 1 << key as u32;
                    if seen & bit != 0 {
                        return None;
                    }
                    seen |= bit;
                    if from.is_next(b'}') {
                        return Some(table);
                    }
                    from.take(b',')?;
                }
            }
        })*
    };
}
pub(super) use scanned;
