//! The words that a shell offers for an argument: those of the rule pack, never a list of our own.

use std::collections::BTreeMap;

use clap::ValueHint;
use clap::builder::{PossibleValue, PossibleValuesParser};
use trp_check::embedded::COUNTRIES;
use trp_check::facts::Fact;
use trp_check::profile::fields::{FIELDS, Field, Form, Row};
use trp_check::render::Words;
use trp_check::rulebook::RuleBook;
use trp_check::rulebook::outline::outline;
use trp_check::source::Code;

use crate::args;

pub(super) struct Values<'v> {
    pub(super) book: &'v RuleBook,
    pub(super) words: &'v Words<'v>,
}

impl Values<'_> {
    /// The same command, and all below it, with words for the arguments that take some.
    pub(super) fn offered(&self, command: clap::Command) -> clap::Command {
        let children: Vec<String> = command.get_subcommands().map(|child| child.get_name().to_owned()).collect();
        let command = command.mut_args(|arg| {
            let arg = plainly_named(arg);
            let id = arg.get_id().as_str();
            if let Some(hint) = hint_of(id) {
                return arg.value_hint(hint);
            }
            let is_begun = matches!(id, "permit" | "answer" | "what_if");
            match self.of(id) {
                // Bash writes no blank behind a word of an argument with this hint: more is to come.
                Some(values) if is_begun => {
                    arg.value_parser(PossibleValuesParser::new(values)).value_hint(ValueHint::Other)
                }
                Some(values) => arg.value_parser(PossibleValuesParser::new(values)),
                None => arg,
            }
        });
        children.into_iter().fold(command, |command, child| command.mut_subcommand(child, |child| self.offered(child)))
    }

    /// The words for the argument with this id; `None` where there is nothing to offer.
    fn of(&self, argument: &str) -> Option<Vec<PossibleValue>> {
        Some(match argument {
            "citizenship" => {
                let named = |country| value(self.words.country_code(country), self.words.country(country));
                COUNTRIES.all().map(named).collect()
            }
            "matrix_purpose" => self.of_fact(Fact::Purpose),
            "matrix_channel" => self.of_fact(Fact::Channel),
            "permit" => self.book.vocabulary.permits.iter().map(|kind| bare(format!("{}:", kind.id))).collect(),
            "held" => {
                let ids = &self.book.vocabulary.documents;
                ids.iter().map(|id| value(id, self.words.of("document", id))).collect()
            }
            "only" | "rule_id" => self.ids(),
            "procedure" => {
                let versions = self.book.documents.iter().flat_map(|rule| rule.versions.iter());
                let ids: BTreeMap<&str, &str> = versions
                    .map(|version| (&*version.says.procedure, self.words.of("procedure", &version.says.procedure)))
                    .collect();
                ids.into_iter().map(|(id, name)| value(id, name)).collect()
            }
            "explain" => Code::ALL.iter().map(|code| PossibleValue::new(code.name())).collect(),
            "encoding" => args::ENCODINGS.map(|encoding| bare(encoding.name().to_lowercase())).into(),
            "skip" => stated().map(|row| PossibleValue::new(row.flag)).collect(),
            "answer" | "what_if" => self.stated(),
            "vary" => self.varied(),
            flag => match Field::named(flag)?.form() {
                Form::Word(fact) => self.of_fact(fact),
                Form::YesNo(_) => ["yes", "no"].map(PossibleValue::new).into(),
                _ => return None,
            },
        })
    }

    fn of_fact(&self, fact: Fact) -> Vec<PossibleValue> {
        let ids = self.book.vocabulary.values(fact);
        ids.into_iter().map(|id| value(id, self.words.of(fact.table(), id))).collect()
    }

    /// Rules by their ids and, where they have one, by the id that answers use.
    fn ids(&self) -> Vec<PossibleValue> {
        let mut ids = BTreeMap::new();
        for rule in outline(self.book, &COUNTRIES) {
            for id in [rule.id, rule.public].into_iter().filter(|id| !id.is_empty()) {
                ids.entry(id).or_insert(rule.kind.name());
            }
        }
        ids.into_iter().map(|(id, kind)| value(id, kind)).collect()
    }

    fn stated(&self) -> Vec<PossibleValue> {
        let mut all = Vec::new();
        for Row { flag: name, form, .. } in stated() {
            match *form {
                Form::Word(fact) => {
                    let words = self.book.vocabulary.values(fact);
                    all.extend(
                        words
                            .into_iter()
                            .map(|word| value(&format!("{name}={word}"), self.words.of(fact.table(), word))),
                    );
                }
                _ => all.push(bare(format!("{name}="))),
            }
        }
        all
    }

    fn varied(&self) -> Vec<PossibleValue> {
        let lists = stated().filter_map(|row| match row.form {
            Form::Word(fact) => Some(format!("{}={}", row.flag, self.book.vocabulary.values(fact).join(","))),
            _ => None,
        });
        lists.map(bare).collect()
    }
}

fn stated() -> impl Iterator<Item = &'static Row> {
    FIELDS.iter().filter(|row| !row.flag.is_empty())
}

fn value(word: &str, meaning: &str) -> PossibleValue {
    bare(word.to_owned()).help(meaning.to_owned())
}

/// A word that says what it means. It is kept for good: clap asks for that, and the program ends soon.
fn bare(word: String) -> PossibleValue {
    PossibleValue::new(&*word.leak())
}

/// The argument with a name for its value that zsh can read: a colon would end it.
fn plainly_named(arg: clap::Arg) -> clap::Arg {
    let name = arg.get_value_names().and_then(|names| names.first()).filter(|name| name.contains(':'));
    match name.and_then(|name| name.split([':', '[']).next()).map(str::to_owned) {
        Some(name) => arg.value_name(&*name.leak()),
        None => arg,
    }
}

fn hint_of(argument: &str) -> Option<ValueHint> {
    matches!(argument, "rules" | "dir" | "packs" | "out" | "man_out").then_some(ValueHint::DirPath)
}
