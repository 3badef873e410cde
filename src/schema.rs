//! JSON Schemas (draft 2020-12) of the files of a rule pack and of profiles, from the types that read them.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::facts::Fact;
use crate::law_case::WrittenCases;
use crate::profile::written::Written;
use crate::rulebook::{kind, written};
use crate::tree::Entries;

macro_rules! files {
    ($($file:ident = $name:literal, $place:literal, $type:ty;)*) => {
        /// A kind of file that has a schema.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum File { $($file,)* Profile }

        impl File {
            pub const OF_A_PACK: [Self; [$($name),*].len()] = [$(Self::$file),*];

            /// Its name; that of its schema, with `.json`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$file => $name,)* Self::Profile => "profile" }
            }

            /// Where such a file stands in a pack; a profile stands in none.
            pub const fn place(self) -> &'static str {
                match self { $(Self::$file => $place,)* Self::Profile => "profile" }
            }

            fn types(self) -> Schema {
                let generator = SchemaSettings::draft2020_12().into_generator();
                match self {
                    $(Self::$file => generator.into_root_schema_for::<$type>(),)*
                    Self::Profile => generator.into_root_schema_for::<Written>(),
                }
            }
        }
    };
}

files! {
    Pack = "pack", "pack.toml", written::PackFile;
    Sources = "sources", "sources.toml", written::SourcesFile;
    Categories = "categories", "categories.toml", kind::CategoriesFile;
    Stay = "stay", "stay.toml", kind::StayFile;
    Duties = "duties", "duties.toml", kind::DutiesFile;
    Permit = "permit", "permit.toml", kind::PermitFile;
    Documents = "documents", "documents.toml", kind::DocumentsFile;
    Questions = "questions", "questions.toml", written::QuestionsFile;
    Calendar = "calendar", "calendar/YEAR.toml", written::CalendarFile;
    Text = "text", "text/LANG.toml", Texts;
    Cases = "cases", "cases/*.toml", WrittenCases;
}

impl File {
    pub fn schema(self) -> Schema {
        let mut schema = self.types();
        schema.insert("title".to_owned(), self.place().into());
        schema
    }

    pub fn text(self) -> String {
        text(self.schema())
    }

    /// What it is for, in a sentence.
    pub fn about(self) -> String {
        self.schema().get("description").and_then(|text| text.as_str()).unwrap_or_default().to_owned()
    }
}

/// A schema as a file.
pub fn text(mut schema: Schema) -> String {
    RecursiveTransform(on_one_line).transform(&mut schema);
    // A schema holds nothing that could not be written.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// Comments break lines where the code is full, not where editors do.
fn on_one_line(schema: &mut Schema) {
    if let Some(text) = schema.get("description").and_then(|text| text.as_str()) {
        let text = text.replace('\n', " ");
        schema.insert("description".to_owned(), text.into());
    }
}

/// The words of one language. A table that is not listed here is one that nothing uses.
struct Texts;

/// The tables of a text file, each by the key that its texts are for, but for those of the facts.
const TABLES: [(&str, &str); 21] = [
    ("pack", "`name`: what the jurisdiction is called."),
    ("source", "Titles of the sources, by id."),
    ("document", "Titles of the documents, by their public id."),
    ("group", "Names of the groups of documents, by id."),
    ("matrix", "Names of the columns of the document matrix, by id."),
    ("procedure", "Names of the applications and notices."),
    ("form", "Forms in which a document is handed in."),
    ("holiday", "Names of the days off."),
    ("deadline", "What is to be done, by the id of a deadline."),
    ("deadline_done", "What was done, by the id of a deadline."),
    ("deadline_host", "The same as in `deadline`, said to the host of a person who is named beside it."),
    ("deadline_past", "That it has ended, by the id of a deadline that is a limit."),
    ("because", "Reasons of exemptions."),
    ("condition", "What a channel takes."),
    ("fee", "Fees."),
    ("note", "Notes. May use `{days}`, `{day}` and `{country}`."),
    ("place", "Places in the acts, by how the rules cite them; in the first language they are shown as written."),
    ("question", "Open questions: what the pack does, and why each is open."),
    ("sanction", "What an overstay, or a duty done too late, costs."),
    ("amount", "What fines are counted in, by its id; with `-no-sum` behind it: without its sum."),
    ("uncovered", "Why a stay is not decided. May use `{days}`, `{day}` and `{country}`."),
];

impl JsonSchema for Texts {
    fn schema_name() -> Cow<'static, str> {
        "Texts".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = json_schema!({
            "description": "The words of one language for all ids and keys of the other files.",
            "type": "object",
            "additionalProperties": false,
            "properties": {},
            "required": ["pack"],
        });
        let of_facts = Fact::ALL.map(|fact| (fact.table(), fact.texts()));
        let of_facts = of_facts.into_iter().filter(|(_, about)| !about.is_empty());
        for (table, about) in TABLES.into_iter().chain(of_facts) {
            let mut texts = generator.subschema_for::<Entries<String>>();
            texts.insert("description".to_owned(), about.into());
            if let Some(tables) = schema.get_mut("properties").and_then(|tables| tables.as_object_mut()) {
                tables.insert(table.to_owned(), texts.into());
            }
        }
        schema
    }
}
