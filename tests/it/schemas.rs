//! The schemas of `rules/schema` say of the form of a file what the program says of it: no more, no less.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::cores::on_all_cores;
use crate::support::files::{files_below, text_of};
use crate::support::run::root;
use crate::support::{json, run};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value as Json, json};
use trp_check::calendar::Day;
use trp_check::embedded::{COUNTRIES, RULES};
use trp_check::law_case;
use trp_check::profile::read::Reader;
use trp_check::rulebook::check;
use trp_check::schema::File;
use trp_check::source::{Code, SourceText};

/// A schema, ready to judge.
pub struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    /// The schema as it is shipped.
    fn of(file: File) -> Self {
        Self::new(file.name(), shipped(file))
    }

    pub fn new(name: &str, schema: Json) -> Self {
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        let path = format!("file:///{name}.json");
        compiler.add_resource(&path, schema).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut schemas = Schemas::new();
        let index = compiler.compile(&path, &mut schemas).unwrap_or_else(|error| panic!("{error:#}"));
        Self { schemas, index }
    }

    pub fn verdict(&self, value: &Json) -> Result<(), String> {
        self.schemas.validate(value, self.index).map_err(|error| error.to_string())
    }
}

fn shipped_path(file: File) -> PathBuf {
    root().join("rules/schema").join(file.name()).with_extension("json")
}

fn shipped(file: File) -> Json {
    serde_json::from_str(&text_of(&shipped_path(file))).expect("a schema is JSON")
}

fn all_files() -> impl Iterator<Item = File> {
    File::OF_A_PACK.into_iter().chain([File::Profile])
}

/// What a TOML file holds; native days are texts, as validators of TOML have them.
fn json_of(text: &str) -> Json {
    json::of_toml(&toml::Value::Table(text.parse().expect("the file is TOML")))
}

/// The same as TOML.
fn toml_of(value: &Json) -> String {
    fn pair((key, value): (&String, &Json)) -> String {
        format!("{} = {}", Json::from(key.as_str()), inline(value))
    }
    fn inline(value: &Json) -> String {
        match value {
            Json::Object(table) => format!("{{ {} }}", table.iter().map(pair).collect::<Vec<_>>().join(", ")),
            Json::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
            other => other.to_string(),
        }
    }
    value.as_object().into_iter().flatten().map(|member| pair(member) + "\n").collect()
}

/// The kind of a file of a pack.
fn kind_of(path: &str) -> File {
    let name = path.split_once('/').map_or_else(|| path.trim_end_matches(".toml"), |(folder, _)| folder);
    let of_a_pack = File::OF_A_PACK.into_iter().find(|file| file.name() == name);
    of_a_pack.unwrap_or_else(|| panic!("{path} is of no known kind"))
}

fn packs() -> Vec<PathBuf> {
    let others = fs::read_dir(root().join("tests/packs")).into_iter().flatten().flatten().map(|entry| entry.path());
    [root().join("rules/kz")].into_iter().chain(others.filter(|path| path.join("pack.toml").exists())).collect()
}

// ---- What is shipped ----

/// `rules/schema` is what the program prints. To write it anew: `trp-check rules schema --out rules/schema`.
#[test]
fn the_shipped_schemas_are_those_of_the_program() {
    for file in File::OF_A_PACK {
        let printed = run::run(&["rules", "schema", file.name()], b"").stdout;
        assert!(printed == text_of(&shipped_path(file)), "rules/schema/{}.json is not up to date", file.name());
    }
    let printed = run::run(&["profile", "schema"], b"").stdout;
    assert!(printed == text_of(&shipped_path(File::Profile)), "rules/schema/profile.json is not up to date");
    let names: Vec<_> = fs::read_dir(root().join("rules/schema")).into_iter().flatten().flatten().collect();
    assert_eq!(names.len(), all_files().count(), "a file of rules/schema belongs to no kind of file");
}

/// `--out DIR` writes them all, into a folder that need not be there.
#[test]
fn all_schemas_are_written_into_a_folder() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemas/all");
    let _ = fs::remove_dir_all(&folder);
    let ran = run::run(&["rules", "schema", "--out", &folder.display().to_string()], b"");
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    for file in all_files() {
        let path = folder.join(file.name()).with_extension("json");
        assert!(text_of(&path) == file.text(), "{}", path.display());
        assert!(ran.stdout.contains(&path.display().to_string()), "{}", ran.stdout);
    }
}

/// Every file of the pack names its schema in its first line.
#[test]
fn every_file_of_the_pack_names_its_schema() {
    let pack = root().join("rules/kz");
    for file in files_below(&pack, "toml") {
        let first = file.text.lines().next().unwrap_or_default();
        let named = first.strip_prefix("#:schema ").unwrap_or_else(|| panic!("{}: {first}", file.path));
        let schema = pack.join(&file.path).parent().expect("a folder").join(named);
        let schema = schema.canonicalize().unwrap_or_else(|error| panic!("{}: {named}: {error}", file.path));
        assert_eq!(schema, shipped_path(kind_of(&file.path)).canonicalize().expect("the schema"), "{}", file.path);
    }
}

/// What an editor shows of a key is never empty.
#[test]
fn every_key_is_described() {
    fn look(schema: &Json, at: &str, bare: &mut Vec<String>) {
        for (key, member) in schema["properties"].as_object().into_iter().flatten() {
            if member["description"].as_str().unwrap_or_default().is_empty() {
                bare.push(format!("{at} {key}"));
            }
        }
    }
    let mut bare = Vec::new();
    for file in all_files() {
        let schema = shipped(file);
        look(&schema, file.name(), &mut bare);
        let tables = schema["$defs"].as_object().into_iter().flatten();
        tables.for_each(|(name, table)| look(table, &format!("{} {name}", file.name()), &mut bare));
    }
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

// ---- What is good ----

/// Every file of every pack is good by its schema.
#[test]
fn every_file_of_every_pack_is_good() {
    let judges: Vec<(File, Judge)> = File::OF_A_PACK.into_iter().map(|file| (file, Judge::of(file))).collect();
    let mut refused = Vec::new();
    for pack in packs() {
        for file in files_below(&pack, "toml") {
            let (_, judge) = judges.iter().find(|(kind, _)| *kind == kind_of(&file.path)).expect("a judge");
            if let Err(why) = judge.verdict(&json_of(&file.text)) {
                refused.push(format!("{}/{}: {why}", pack.display(), file.path));
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// Every profile that the program accepts is good by the schema: those of the law cases, of the screens,
/// and the one to start from.
#[test]
fn every_profile_that_the_program_accepts_is_good() {
    let judge = Judge::of(File::Profile);
    let mut profiles: Vec<(String, Json)> = Vec::new();
    for pack in packs() {
        for file in files_below(&pack, "toml").iter().filter(|file| kind_of(&file.path) == File::Cases) {
            for case in json_of(&file.text)["case"].as_array().into_iter().flatten() {
                if case.get("refused").is_none() {
                    profiles.push((case["name"].to_string(), case["profile"].clone()));
                }
            }
        }
    }
    for file in files_below(&root().join("tests/cli/profiles"), "toml") {
        profiles.push((file.path, json_of(&file.text)));
    }
    let template = run::run(&["profile", "template"], b"").stdout;
    profiles.push(("template".to_owned(), json_of(&template)));
    let uncommented: String = template
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    profiles.push(("template, with every line in use".to_owned(), json_of(&uncommented)));
    assert!(profiles.len() > 100, "the profiles were not found");
    for (name, profile) in profiles {
        judge.verdict(&profile).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

// ---- What is not ----

/// A place in a file.
#[derive(Clone)]
enum Step {
    Key(String),
    Item(usize),
}

/// The first place of each shape: `duty[].version[].from`.
fn places(value: &Json) -> BTreeMap<String, Vec<Step>> {
    fn walk(value: &Json, shape: &str, path: &[Step], found: &mut BTreeMap<String, Vec<Step>>) {
        found.entry(shape.to_owned()).or_insert_with(|| path.to_vec());
        for (key, member) in value.as_object().into_iter().flatten() {
            let shape = if shape.is_empty() { key.clone() } else { format!("{shape}.{key}") };
            walk(member, &shape, &[path, &[Step::Key(key.clone())]].concat(), found);
        }
        for (at, item) in value.as_array().into_iter().flatten().enumerate() {
            walk(item, &format!("{shape}[]"), &[path, &[Step::Item(at)]].concat(), found);
        }
    }
    let mut found = BTreeMap::new();
    walk(value, "", &[], &mut found);
    found
}

fn at<'v>(value: &'v mut Json, path: &[Step]) -> &'v mut Json {
    path.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key],
        Step::Item(at) => &mut value[at],
    })
}

fn with(value: &Json, path: &[Step], put: &Json) -> Json {
    let mut value = value.clone();
    *at(&mut value, path) = put.clone();
    value
}

fn without(value: &Json, path: &[Step]) -> Option<Json> {
    let (Step::Key(key), table) = path.split_last()? else { return None };
    let mut value = value.clone();
    at(&mut value, table).as_object_mut()?.remove(key);
    Some(value)
}

/// One mistake of each sort in each kind of file: a table that gets an unknown key, a key that gets a value
/// of another type, one that is left out, and a word that becomes another. Text files have no fixed words.
const MISTAKES: [(&str, &str, &str, &str, &str); 11] = [
    ("pack.toml", "age_groups[]", "stale_after_days", "languages", "weekend[]"),
    ("sources.toml", "source[]", "source[].url", "source[].id", ""),
    (
        "categories.toml",
        "category[].version[]",
        "category[].id",
        "category[].version[].members",
        "category[].version[].standing",
    ),
    (
        "stay.toml",
        "stay_limit[].version[].when",
        "stay_limit[].version[].max_days",
        "stay_limit[].version",
        "stay_limit[].version[].window",
    ),
    ("duties.toml", "duty[]", "duty[].version[].term", "duty[].version[].verified", "duty[].version[].who"),
    (
        "permit.toml",
        "",
        "permit_term[].version[].max_years",
        "permit_service[].version[].fee",
        "permit_term[].version[].capped_by[]",
    ),
    (
        "documents.toml",
        "document[].version[].cite[]",
        "document[].document",
        "document[].form",
        "document_group[].chosen_by",
    ),
    (
        "questions.toml",
        "open_question[]",
        "open_question[].rules",
        "open_question[].reason",
        "open_question[].leaves_open[].kind",
    ),
    ("calendar/2025.toml", "holiday[]", "moved[].off", "day_off[].name", "standing"),
    ("text/en.toml", "", "note", "pack", ""),
    ("cases/trp.toml", "case[].profile", "case[].expect", "case[].today", "case[].exit"),
];

/// Mistakes are refused in every kind of file, and in a profile.
#[test]
fn a_mistake_is_refused_in_every_kind_of_file() {
    let refuses = |judge: &Judge, file: &str, mistake: &str, value: Option<Json>| {
        let value = value.unwrap_or_else(|| panic!("{file}: {mistake}: no such place"));
        assert!(judge.verdict(&value).is_err(), "{file}: {mistake} is not refused");
    };
    let look = |judge: &Judge, good: &Json, (file, table, typed, needed, word): (&str, &str, &str, &str, &str)| {
        judge.verdict(good).unwrap_or_else(|why| panic!("{file}: {why}"));
        let places = places(good);
        let place =
            |shape: &str| places.get(shape).unwrap_or_else(|| panic!("{file}: nothing is at {shape}")).as_slice();
        let stray = [place(table), &[Step::Key("nonsense".to_owned())]].concat();
        refuses(judge, file, "an unknown key", Some(with(good, &stray, &json!({}))));
        refuses(judge, file, "another type", Some(with(good, place(typed), &json!(true))));
        refuses(judge, file, "a missing key", without(good, place(needed)));
        if !word.is_empty() {
            refuses(judge, file, "another word", Some(with(good, place(word), &json!("nonsense"))));
        }
    };
    for mistakes in MISTAKES {
        let good = json_of(&text_of(&root().join("rules/kz").join(mistakes.0)));
        look(&Judge::of(kind_of(mistakes.0)), &good, mistakes);
    }
    let profile = json!({
        "citizenship": "RU",
        "stays": [{ "entry": "2026-11-02", "notified": false }],
        "permits": [{ "kind": "visa", "from": "2026-11-01" }],
    });
    let judge = Judge::of(File::Profile);
    look(&judge, &profile, ("profile", "stays[]", "permits[].from", "citizenship", "stays[].notified"));
}

/// Codes of faults of form: what a schema can know.
const OF_FORM: [Code; 10] = [
    Code::MissingKey,
    Code::UnknownKey,
    Code::WrongType,
    Code::EmptyList,
    Code::OutOfRange,
    Code::BadDay,
    Code::NoSuchDay,
    Code::BadTime,
    Code::NotHttps,
    Code::NotForThisKind,
];

/// Codes of faults that are of form in some places, and in others of what only the whole pack can tell.
const fn perhaps_of_form(file: File) -> &'static [Code] {
    match file {
        File::Text => &[Code::Unused, Code::MissingText],
        _ => &[Code::UnknownValue],
    }
}

/// Places about which schema and program may differ, and why.
const DIFFER: [(&str, &str); 5] = [
    ("case[].expect", "the program compares whatever stands there"),
    ("case[].absent", "the program compares whatever stands there"),
    ("case[].exit", "the program compares with any number"),
    ("case[].profile.permits[].until", "whether it may be left out is for the words of the pack"),
    ("case[].profile.family[].permits[].until", "whether it may be left out is for the words of the pack"),
];

/// What the program says of a file, beside the `pack.toml` of its pack.
fn said_of(pack_file: &SourceText, path: &str, text: String) -> Vec<Code> {
    let file = SourceText { path: path.to_owned(), text };
    let kind = kind_of(path);
    if kind == File::Cases {
        let mut faults = Vec::new();
        for case in law_case::read(&file, 0, &mut faults).into_iter().filter(|case| case.refused.is_none()) {
            let day = Day::from_ymd(2026, 11, 22).expect("a day");
            let read = Reader::new(&RULES, &COUNTRIES, day).tree(&case.profile.root, Vec::new());
            faults.extend(read.err().into_iter().flatten());
        }
        return faults.into_iter().map(|fault| fault.code).collect();
    }
    let others = [pack_file.clone()].into_iter().filter(|_| kind != File::Pack);
    let files: Vec<SourceText> = others.chain([file]).collect();
    let last = u16::try_from(files.len() - 1).expect("few files");
    let faults = check::check(&files, &COUNTRIES, None).faults;
    // A text that is missing is missed where it is needed.
    let is_here = |of: u16| of == last || kind == File::Text;
    faults.into_iter().filter(|fault| is_here(fault.span.text)).map(|fault| fault.code).collect()
}

/// A file with one thing changed.
struct Change<'f> {
    file: &'f str,
    what: String,
    value: Json,
}

/// Each key of each shape of table left out and given a value of every type, and each shape of table with
/// a key too many.
fn changes(files: &[SourceText]) -> Vec<Change<'_>> {
    let puts = [
        json!(true),
        json!(0),
        json!(-1),
        json!(7),
        json!("2026-02-30"),
        json!("http://nonsense"),
        json!([]),
        json!({}),
    ];
    let mut changes = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files {
        let good = json_of(&file.text);
        for (shape, path) in places(&good) {
            let is_new = seen.insert((kind_of(&file.path).name(), shape.clone()));
            if !is_new || DIFFER.iter().any(|(place, _)| shape.starts_with(place)) {
                continue;
            }
            let mut add = |what: &str, value| {
                changes.push(Change { file: &file.path, what: format!("{shape} {what}"), value });
            };
            if at(&mut good.clone(), &path).is_object() {
                let stray = [&path[..], &[Step::Key("nonsense".to_owned())]].concat();
                add("with a key too many", with(&good, &stray, &json!({ "a": "b" })));
            }
            if let Some(value) = without(&good, &path) {
                add("left out", value);
            }
            for put in puts.iter().filter(|_| !path.is_empty()) {
                add(&format!("= {put}"), with(&good, &path, put));
            }
        }
    }
    changes
}

/// Whatever happens to a key, schema and program agree on it.
#[test]
fn the_schemas_and_the_program_agree_on_every_key() {
    let pack = files_below(&root().join("rules/kz"), "toml");
    let pack_file = pack.iter().find(|file| file.path == "pack.toml").expect("the pack");
    let judges: Vec<(File, Judge)> = File::OF_A_PACK.into_iter().map(|file| (file, Judge::of(file))).collect();
    let of = |codes: &[Code], wanted: &[Code]| codes.iter().filter(|code| wanted.contains(code)).count();
    let mut usual: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &pack {
        // Without the rest of the pack there are references to nothing and words that nobody declares.
        let said = said_of(pack_file, &file.path, file.text.clone());
        assert_eq!(of(&said, &OF_FORM), 0, "{}: {said:?}", file.path);
        usual.insert(&file.path, of(&said, perhaps_of_form(kind_of(&file.path))));
    }
    let changes = changes(&pack);
    assert!(changes.len() > 1_500, "only {} changes were found", changes.len());
    let disagreements = on_all_cores(&changes, |Change { file, what, value }| {
        let (_, judge) = judges.iter().find(|(kind, _)| *kind == kind_of(file)).expect("a judge");
        let said = said_of(pack_file, file, toml_of(value));
        let is_of_form = of(&said, &OF_FORM) > 0;
        let may_be = is_of_form || of(&said, perhaps_of_form(kind_of(file))) > usual[file];
        match judge.verdict(value) {
            Ok(()) if is_of_form => vec![format!("{file}: {what}: only the program refuses it: {said:?}")],
            Err(why) if !may_be => vec![format!("{file}: {what}: only the schema refuses it: {why}")],
            _ => Vec::new(),
        }
    });
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
}
