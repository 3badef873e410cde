//! Where the reader of profiles reads from: a tree, which notes every fault and goes on, or the letters of a line of
//! JSON, which gives up at the first doubt.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::fields::{FIELDS, Table};
use super::forms::{self, ANY_DAY, DateFormat, NONE, Piece};
use super::scan::Scanner;
use super::{Moment, Record};
use crate::calendar::Day;
use crate::source::{Code, Fault, Span};
use crate::tree::{Kind, Node, Value};

/// In a file with more faults than this the rest get no suggestion: it is not the file it should be.
const MOST_SUGGESTIONS: usize = 1_000;

/// Words that a value may be: ids, and what they are called in the languages of the pack.
pub(super) struct Known<'k> {
    pub(super) ids: &'k [&'k str],
    /// The id that a word in another case or in a language of the pack stands for.
    pub(super) meant: &'k dyn Fn(&str) -> Option<&'k str>,
}

/// A value at hand, and how it is read. `None` says that it is not fit to be read: a tree has noted why, and the
/// reader passes on to the next value; a scanner has given the line up, and so must the reader.
pub(super) trait Source<'t> {
    /// Where values stand; nothing for a scanner.
    type Place: Copy;

    /// The place of the value at hand.
    fn place(&self) -> Self::Place;
    /// The place of the case as a whole.
    const NOWHERE: Self::Place;
    /// Notes a fault; `None` where no line with a fault is read to its end.
    fn refuse(&mut self, place: Self::Place, fault: impl FnOnce(Span) -> Fault) -> Option<()>;
    /// What was read, or nothing, with its fault noted.
    fn noted<T>(&mut self, read: Result<T, Fault>) -> Option<T>;
    /// Reads a table: `read` reads the value of the key with this number. Null is as good as left out.
    fn table(&mut self, table: &Table, read: impl FnMut(&mut Self, usize) -> Option<()>) -> Option<()>;
    /// Reads a list; a text is a list of what stands between semicolons (and blanks, where `by_blanks`).
    fn list(&mut self, by_blanks: bool, read: impl FnMut(&mut Self) -> Option<()>) -> Option<()>;
    /// The value at hand, where it is a text that stands for a table.
    fn packed(&self) -> Option<Piece<'t>>;
    /// Reads a part of the text at hand.
    fn at_part<T>(&mut self, part: Piece<'t>, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T>;
    /// The entry, with its place, and the exit of a stay that says nothing else, as programs write it: most stays of
    /// lists are such. `None` where it is to be read in the ordinary way.
    fn usual_stay(&mut self) -> Option<(Day, Day, Self::Place)>;
    fn text(&mut self) -> Option<Cow<'t, str>>;
    fn day(&mut self, within: &RangeInclusive<Day>) -> Option<Day>;
    fn moment(&mut self) -> Option<Moment>;
    fn day_or_no(&mut self) -> Option<Record>;
    fn yes_no(&mut self) -> Option<bool>;
    fn number(&mut self) -> Option<i32>;
    /// The number of a word among the known ones.
    fn word(&mut self, known: &Known<'_>) -> Option<u8>;
}

/// A value of a tree, or a text by itself: a cell of a row, an item of a text that is a list.
#[derive(Clone, Copy)]
enum AtHand<'t> {
    Node(&'t Node<'t>),
    Text(Piece<'t>),
}

/// Reads values of a tree. Days may be written in the way of a list.
pub(super) struct Tree<'t, 'f> {
    at_hand: AtHand<'t>,
    dates: DateFormat,
    faults: &'f mut Vec<Fault>,
}

impl<'t, 'f> Tree<'t, 'f> {
    pub(super) fn of_node(node: &'t Node<'t>, faults: &'f mut Vec<Fault>) -> Self {
        Self { at_hand: AtHand::Node(node), dates: DateFormat::Iso, faults }
    }

    /// Reads cells of a list, each set by [`Tree::stand_at`].
    pub(super) fn of_cells(dates: DateFormat, faults: &'f mut Vec<Fault>) -> Self {
        Self { at_hand: AtHand::Text(Piece::new("", 0, 0)), dates, faults }
    }

    pub(super) fn stand_at(&mut self, cell: Piece<'t>) {
        self.at_hand = AtHand::Text(cell);
    }

    /// The text at hand; anything else is noted as not what was expected.
    fn piece(&mut self, expected: Kind) -> Option<Piece<'t>> {
        self.packed().or_else(|| self.wrong(expected))
    }

    fn wrong<T>(&mut self, expected: Kind) -> Option<T> {
        let found = match self.at_hand {
            // That was noted when the file was parsed.
            AtHand::Node(Node { value: Value::Unreadable, .. }) => return None,
            AtHand::Node(node) => node.value.kind(),
            AtHand::Text(_) => Kind::Text,
        };
        let fault = Fault::new(Code::WrongType, self.place()).with("expected", expected.key());
        self.noted(Err(fault.with("found", found.key())))
    }

    /// Reads a value that stands somewhere in this one.
    fn read_at<T>(&mut self, at: AtHand<'t>, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let outer = std::mem::replace(&mut self.at_hand, at);
        let value = read(self);
        self.at_hand = outer;
        value
    }
}

impl<'t> Source<'t> for Tree<'t, '_> {
    type Place = Span;

    fn place(&self) -> Span {
        match self.at_hand {
            AtHand::Node(node) => node.span,
            AtHand::Text(piece) => piece.span,
        }
    }

    const NOWHERE: Span = Span { text: 0, start: 0, end: 0 };

    fn refuse(&mut self, place: Span, fault: impl FnOnce(Span) -> Fault) -> Option<()> {
        self.faults.push(fault(place));
        Some(())
    }

    fn noted<T>(&mut self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.faults.push(fault)).ok()
    }

    fn table(&mut self, table: &Table, mut read: impl FnMut(&mut Self, usize) -> Option<()>) -> Option<()> {
        let AtHand::Node(Node { value: Value::Table(entries), .. }) = self.at_hand else {
            return self.wrong(Kind::Table);
        };
        let mut seen = 0_u64;
        for (key, span, node) in entries {
            let Some(at) = table.keys.iter().position(|known| known == key) else {
                let fault = Fault::new(Code::UnknownKey, *span).with("key", key);
                let is_worth_it = self.faults.len() < MOST_SUGGESTIONS;
                self.faults.push(match (elsewhere(key), relation_of(key)) {
                    _ if !is_worth_it => fault,
                    (Some(inside), _) => fault.with("inside", inside),
                    (_, Some(relation)) => fault.with("relation", relation),
                    _ => fault.suggesting(key, table.keys.iter().copied()),
                });
                continue;
            };
            if seen >> at & 1 == 1 {
                self.faults.push(Fault::new(Code::DuplicateKey, *span).with("key", key));
                continue;
            }
            seen |= 1 << at;
            if node.value != Value::Null {
                // Whatever is wrong with it is noted; what else there is can be read all the same.
                let _ = self.read_at(AtHand::Node(node), |from| read(from, at));
            }
        }
        Some(())
    }

    fn list(&mut self, by_blanks: bool, mut read: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        if let AtHand::Node(Node { value: Value::List(items), .. }) = self.at_hand {
            for item in items {
                let _ = self.read_at(AtHand::Node(item), &mut read);
            }
            return Some(());
        }
        let whole = self.piece(Kind::List)?.trimmed();
        if whole.text.is_empty() {
            return read(self);
        }
        if whole.text != NONE {
            for item in whole.items(by_blanks) {
                let _ = self.read_at(AtHand::Text(item), &mut read);
            }
        }
        Some(())
    }

    fn packed(&self) -> Option<Piece<'t>> {
        match self.at_hand {
            AtHand::Text(piece) => Some(piece),
            AtHand::Node(Node { span, value: Value::Text(text) }) => Some(Piece { text, span: *span }),
            AtHand::Node(_) => None,
        }
    }

    fn at_part<T>(&mut self, part: Piece<'t>, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.read_at(AtHand::Text(part), read)
    }

    fn usual_stay(&mut self) -> Option<(Day, Day, Span)> {
        forms::usual_run(self.packed()?)
    }

    fn text(&mut self) -> Option<Cow<'t, str>> {
        self.piece(Kind::Text).map(|piece| Cow::Borrowed(piece.text))
    }

    fn day(&mut self, within: &RangeInclusive<Day>) -> Option<Day> {
        let piece = self.piece(Kind::Text)?;
        self.noted(forms::day(piece, self.dates, within))
    }

    fn moment(&mut self) -> Option<Moment> {
        let piece = self.piece(Kind::Text)?;
        self.noted(forms::moment(piece, self.dates))
    }

    fn day_or_no(&mut self) -> Option<Record> {
        match self.at_hand {
            AtHand::Node(Node { value: Value::Bool(false), .. }) => return Some(Record::NotDone),
            AtHand::Node(Node { value: Value::Bool(true), span }) => {
                return self.noted(Err(Fault::new(Code::BadDay, *span).with("found", "true")));
            }
            _ => {}
        }
        let piece = self.piece(Kind::DayOrNo)?;
        self.noted(forms::day_or_no(piece, self.dates))
    }

    fn yes_no(&mut self) -> Option<bool> {
        if let AtHand::Node(Node { value: Value::Bool(truth), .. }) = self.at_hand {
            return Some(*truth);
        }
        let piece = self.piece(Kind::Bool)?;
        self.noted(forms::yes_no(piece))
    }

    fn number(&mut self) -> Option<i32> {
        if let AtHand::Node(Node { value: Value::Number(number), span }) = self.at_hand {
            let fault = |_| Fault::new(Code::OutOfRange, *span).with("found", number);
            return self.noted(i32::try_from(*number).map_err(fault));
        }
        let piece = self.piece(Kind::WholeNumber)?;
        self.noted(forms::number(piece))
    }

    fn word(&mut self, known: &Known<'_>) -> Option<u8> {
        let piece = self.piece(Kind::Text)?.trimmed();
        let place = |word: &str| known.ids.iter().position(|id| *id == word);
        let at = place(piece.text).or_else(|| place((known.meant)(piece.text)?));
        if at.is_none() {
            let fault = Fault::new(Code::UnknownValue, piece.span).with("found", piece.text);
            let fault = fault.with("allowed", known.ids.join(", "));
            self.faults.push(match relation_of(piece.text).filter(|relation| place(relation).is_some()) {
                Some(relation) => fault.with("suggestion", relation),
                None => fault.suggesting(piece.text, known.ids.iter().copied()),
            });
        }
        at.and_then(|at| u8::try_from(at).ok())
    }
}

/// The table or list into which a key belongs that stands alone, written as TOML has it.
fn elsewhere(key: &str) -> Option<String> {
    let inside = FIELDS.iter().find_map(|row| row.path.strip_suffix(key)?.strip_suffix('.'))?;
    Some(match inside.split_once("[]") {
        Some((list, "")) => format!("{list} = [{{ {key} = … }}]"),
        Some(_) => return None,
        None => format!("{inside} = {{ {key} = … }}"),
    })
}

/// What a relative is to the applicant, in the word that packs use.
fn relation_of(relative: &str) -> Option<&'static str> {
    const RELATIVES: [(&str, &[&str]); 3] = [
        ("spouse", &["spouse", "wife", "husband", "partner"]),
        ("child", &["child", "children", "kid", "kids", "son", "daughter"]),
        ("other", &["parent", "parents", "mother", "father", "brother", "sister"]),
    ];
    let relative = relative.to_lowercase();
    RELATIVES.iter().find(|(_, called)| called.contains(&&*relative)).map(|(relation, _)| *relation)
}

/// `None` wherever a line is not certainly good: it is then read again as a tree, which can say what is wrong.
impl<'t> Source<'t> for Scanner<'t> {
    type Place = ();

    fn place(&self) {}

    const NOWHERE: () = ();

    fn refuse(&mut self, (): (), _: impl FnOnce(Span) -> Fault) -> Option<()> {
        None
    }

    fn noted<T>(&mut self, read: Result<T, Fault>) -> Option<T> {
        read.ok()
    }

    fn table(&mut self, table: &Table, read: impl FnMut(&mut Self, usize) -> Option<()>) -> Option<()> {
        self.members(&table.letters, read)
    }

    fn list(&mut self, _: bool, read: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.items(read)
    }

    fn packed(&self) -> Option<Piece<'t>> {
        None
    }

    fn at_part<T>(&mut self, _: Piece<'t>, _: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        None
    }

    fn usual_stay(&mut self) -> Option<(Day, Day, ())> {
        // Without blanks, or with those that programs write.
        let bare = (br#"{"entry":""#, br#"","exit":""#);
        let with_blanks = (br#"{"entry": ""#, br#"", "exit": ""#);
        let (entry, exit) = self.days_between(bare).or_else(|| self.days_between(with_blanks))?;
        Some((entry, exit, ()))
    }

    fn text(&mut self) -> Option<Cow<'t, str>> {
        self.string()
    }

    fn day(&mut self, within: &RangeInclusive<Day>) -> Option<Day> {
        self.quoted_day().filter(|day| within.contains(day))
    }

    fn moment(&mut self) -> Option<Moment> {
        let text = self.string()?;
        forms::moment(Piece::new(&text, 0, 0), DateFormat::Iso).ok()
    }

    fn day_or_no(&mut self) -> Option<Record> {
        if let Some(day) = self.quoted_day() {
            return ANY_DAY.contains(&day).then_some(Record::Done(day));
        }
        (!self.truth()?).then_some(Record::NotDone)
    }

    fn yes_no(&mut self) -> Option<bool> {
        self.truth()
    }

    fn number(&mut self) -> Option<i32> {
        self.whole_number()
    }

    fn word(&mut self, known: &Known<'_>) -> Option<u8> {
        self.one_of(known.ids.iter().copied())
    }
}
