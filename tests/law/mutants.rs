//! What changes in the law is noticed: each number, day, truth, condition and reference of `rules/kz` is
//! changed by itself, and `rules check`, a law case or `grounds.toml` must say so.
//!
//! Left alone are titles, addresses, quoted sentences, days of verification, and the words that a profile may
//! use. `tests/mutants.toml` lists the changes that nothing notices, each with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::support::grounds::{Register, Said};
use crate::support::mutants::Mutant;
use crate::support::run::root;
use crate::support::{grounds, judge, mutants};
use trp_check::embedded::COUNTRIES;
use trp_check::law_case::LawCase;
use trp_check::review::walk::walk;
use trp_check::rulebook::check;
use trp_check::source::SourceText;

/// Of a thousand mutants so many may survive.
const MAY_SURVIVE: usize = 20;

/// In the ordinary run one mutant of so many is tried; all of them with `TRP_CHECK_LONG=1 cargo test --release --test law`.
const STEP: usize = 20;

/// What noticed a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// `rules check` says something.
    Check,
    /// `grounds.toml` has it otherwise.
    Grounds,
    /// A law case fails.
    Case,
    /// `rules check` says something once it has walked all cases.
    Walk,
    /// Nothing.
    Survived,
}

/// Everything that may notice a mutant.
struct Trial {
    files: Vec<SourceText>,
    cases: Vec<LawCase>,
    register: Register,
    said: Vec<Said>,
    /// The cases that noticed a mutant, the last one last: they are likely to notice the next.
    noticed: Mutex<Vec<usize>>,
}

impl Trial {
    fn new() -> Self {
        let (files, case_files) = judge::pack();
        let path = root().join("tests/grounds.toml");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let said = files.iter().map(Said::of).collect();
        let cases = judge::cases_of(&case_files);
        Self { files, cases, register: Register::read(&text), said, noticed: Mutex::new(Vec::new()) }
    }

    /// Nothing is said against the pack as it is.
    fn is_quiet(&self) {
        let checked = check::check(&self.files, &COUNTRIES, None);
        assert_eq!(checked.faults, [], "the pack itself has faults");
        let book = checked.book.expect("a pack without faults");
        assert_eq!(walk(&book, &COUNTRIES).findings, [], "the pack itself has gaps, conflicts or dead parts");
        let failing: Vec<&str> = self
            .cases
            .iter()
            .filter(|case| !judge::complaints(case, &book).is_empty())
            .map(|case| &*case.name)
            .collect();
        assert_eq!(failing, [""; 0], "law cases fail already");
        let found = grounds::complaints(&self.register, &self.said);
        assert_eq!(found, [""; 0], "the grounds differ already");
    }

    /// What becomes of a mutant; `files` and `said` are those of the pack, and are so again afterwards.
    fn fate(&self, mutant: &Mutant, files: &mut [SourceText], said: &mut [Said]) -> Fate {
        let at = mutant.file;
        let text = mutant.text(&files[at]);
        assert_ne!(text, files[at].text, "{}: no mutant: {}", files[at].path, mutant.what);
        let original = std::mem::replace(&mut files[at].text, text);
        let checked = check::check(files, &COUNTRIES, None);
        let mutated = std::mem::replace(&mut files[at].text, original);
        let is_toml = checked.faults.iter().all(|fault| fault.code.name() != "syntax");
        assert!(is_toml, "{}: {} is no TOML:\n{mutated}", files[at].path, mutant.what);
        let Some(book) = checked.book.filter(|_| checked.faults.is_empty()) else { return Fate::Check };

        let mutated = SourceText { path: files[at].path.clone(), text: mutated };
        let original = std::mem::replace(&mut said[at], Said::of(&mutated));
        let is_grounded = grounds::complaints(&self.register, said).is_empty();
        said[at] = original;
        if !is_grounded {
            return Fate::Grounds;
        }
        let fails = |case: &usize| !judge::complaints(&self.cases[*case], &book).is_empty();
        let Some(case) = self.in_order(mutant).into_iter().find(fails) else {
            let is_proved = walk(&book, &COUNTRIES).findings.is_empty();
            return if is_proved { Fate::Survived } else { Fate::Walk };
        };
        let mut noticed = self.noticed.lock().expect("no thread panicked");
        noticed.retain(|known| *known != case);
        noticed.push(case);
        Fate::Case
    }

    /// The law cases, those first that are likely to notice: those that name the rule, those close to the day,
    /// those that noticed something just now.
    fn in_order(&self, mutant: &Mutant) -> Vec<usize> {
        let mut since = vec![usize::MAX; self.cases.len()];
        for (nth, case) in self.noticed.lock().expect("no thread panicked").iter().rev().enumerate() {
            since[*case] = nth;
        }
        let mut order: Vec<usize> = (0..self.cases.len()).collect();
        order.sort_by_key(|at| {
            let case = &self.cases[*at];
            let names_it = case.rules.contains(&mutant.rule);
            let days_off = mutant.day.map_or(0, |day| day.days_since(case.today).abs());
            (!names_it && !mutant.rule.is_empty(), if days_off <= 10 { 0 } else { days_off }, since[*at])
        });
        order
    }

    /// What becomes of each mutant, on all cores.
    fn fates(&self, mutants: &[Mutant]) -> Vec<Fate> {
        let next = AtomicUsize::new(0);
        let fates = Mutex::new(vec![Fate::Survived; mutants.len()]);
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
                scope.spawn(|| {
                    let (mut files, mut said) = (self.files.clone(), self.said.clone());
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(mutant) = mutants.get(at) else { break };
                        let fate = self.fate(mutant, &mut files, &mut said);
                        fates.lock().expect("no thread panicked")[at] = fate;
                    }
                });
            }
        });
        fates.into_inner().expect("no thread panicked")
    }
}

/// The survivors that `tests/mutants.toml` lists, each by its file and its name.
fn listed() -> BTreeSet<(String, String)> {
    let path = root().join("tests/mutants.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let groups = table["group"].as_array().expect("a list of groups");
    let mut listed = BTreeSet::new();
    for group in groups {
        let word = |key: &str| group[key].as_str().unwrap_or_else(|| panic!("no text `{key}` in {group:?}"));
        assert!(!word("reason").is_empty(), "survivors without a reason: {group:?}");
        for mutant in group["mutants"].as_array().into_iter().flatten().filter_map(toml::Value::as_str) {
            assert!(listed.insert((word("file").to_owned(), mutant.to_owned())), "listed twice: {mutant}");
        }
    }
    listed
}

/// At least 98 % of the mutants are noticed; where all are tried, those that are not are listed, and no others.
#[test]
fn at_least_98_percent_of_the_mutants_are_noticed() {
    let trial = Trial::new();
    trial.is_quiet();
    let all = mutants::all(&trial.files);
    let step = if std::env::var_os("TRP_CHECK_LONG").is_some() { 1 } else { STEP };
    let mutants: Vec<Mutant> = all.iter().step_by(step).cloned().collect();
    let fates = trial.fates(&mutants);

    let mut counts: BTreeMap<Fate, usize> = BTreeMap::new();
    fates.iter().for_each(|fate| *counts.entry(*fate).or_default() += 1);
    let name = |mutant: &Mutant| (trial.files[mutant.file].path.clone(), mutant.what.clone());
    let survived = |(_, fate): &(&Mutant, &Fate)| **fate == Fate::Survived;
    let survivors: BTreeSet<(String, String)> =
        mutants.iter().zip(&fates).filter(survived).map(|(mutant, _)| name(mutant)).collect();
    let (all, alive) = (mutants.len(), survivors.len());
    let score = format!("{} of {all} mutants are noticed ({counts:?}), {alive} are not", all - alive);
    println!("{score}");
    let listed = listed();
    let told = |set: Vec<&(String, String)>| -> String {
        set.into_iter().map(|(file, what)| format!("\n  {file}: {what}")).collect()
    };
    let new = told(survivors.difference(&listed).collect());
    let gone = told(listed.difference(&survivors).collect());
    if step == 1 {
        assert!(new.is_empty(), "{score}\nnothing notices, and mutants.toml does not list:{new}");
        assert!(gone.is_empty(), "{score}\nmutants.toml lists what is noticed, or gone:{gone}");
    }
    assert!(alive * 1000 <= all * MAY_SURVIVE, "{score}");
    assert!(all * step > 4_500, "too few mutants: {score}");
}

/// A mutant is one small edit, and many kinds of edits are tried.
#[test]
fn mutants_are_small_edits_of_many_kinds() {
    let (files, _) = judge::pack();
    let mutants = mutants::all(&files);
    let kinds = [
        ("stay.toml", "kz.stay.hong-kong max_days: 14 → 15"),
        ("stay.toml", "kz.stay.hong-kong max_days: 14 → 13"),
        ("stay.toml", "kz.stay.turkiye from: 2025-09-08 → 2025-09-09"),
        ("stay.toml", "kz.stay.turkiye not_counted: \"trp\" dropped"),
        ("stay.toml", "kz.stay.eaeu 2022-07-08: version dropped"),
        ("stay.toml", "kz.stay.visa: dropped"),
        ("categories.toml", "eaeu members: KG dropped"),
        ("documents.toml", "kz.trp.document.medical-insurance unless 1: dropped"),
        ("documents.toml", "kz.trp.document.owner-signature when.channel: \"egov\" → \"psc\""),
        ("duties.toml", "kz.notification.arrival 2024-05-30.term: working_days → calendar_days"),
        ("duties.toml", "kz.registration.move after: dropped"),
        ("permit.toml", "egov recommended: true → false"),
        ("permit.toml", "kz.trp.threshold.cis exception_to: dropped"),
        ("calendar/2025.toml", "moved 2025-01-03: dropped"),
        ("calendar/2027.toml", "day_off 2027-05-16.estimated_by_days: 1 → 2"),
        ("pack.toml", "attention_days: 14 → 15"),
        ("questions.toml", "eqonaq.rules: \"eqonaq\" dropped"),
    ];
    for (path, what) in kinds {
        let mutant = mutants.iter().find(|mutant| files[mutant.file].path == path && mutant.what == what);
        let mutant = mutant.unwrap_or_else(|| panic!("no mutant of {path}: {what}"));
        let (text, edited) = (&files[mutant.file].text, mutant.text(&files[mutant.file]));
        let same = text.bytes().zip(edited.bytes()).take_while(|(one, other)| one == other).count();
        let after = text[same..].len().abs_diff(edited[same..].len());
        assert!(after < text.len() / 4, "{path}: {what} changes {after} bytes");
    }
}
