//! How long a foreigner may stay in Kazakhstan, what is due by when, and which papers a temporary residence
//! permit (TRP) takes.
//!
//! ```
//! use trp_check::{Day, Profile, RuleBook, Status, assess, to_json};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let book = RuleBook::embedded();
//! let today = Day::parse("2026-11-22")?;
//! let profile = Profile::parse(
//!     r#"
//!     citizenship = "RU"
//!     [[stays]]
//!     entry = 2026-11-02
//!     "#,
//!     book,
//!     today,
//! )?;
//!
//! let assessment = assess(book, &profile, today);
//! assert_eq!(assessment.status, Status::ActionNeeded);
//! let json = to_json(&assessment, book, "en");
//! assert!(json.contains(r#""last_day": "2027-01-30""#));
//!
//! // Everything that is wrong with a text is named at once, each with its place.
//! let error = Profile::parse("citizenship = \"Rusia\"\npurpose = \"fishing\"", book, today).unwrap_err();
//! let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
//! assert_eq!(lines[0], "profile:1:15: no country `Rusia`; did you mean `RU` (Russia)? [unknown-country]");
//! assert!(lines[1].starts_with("profile:2:11: "));
//! # Ok(())
//! # }
//! ```
//!
//! [`RuleBook::from_dir`] reads another rule pack in place of the embedded one. [`assess`] is a pure function: it
//! reads no file and no clock, and always answers. What the rules leave open is part of the answer.
//!
//! # The map of the house
//!
//! Only what this page lists is meant for other programs. The modules are for the program `trp-check`, for its
//! tests, and for whoever reads the code; they may change with any release.
//!
//! The law is data (`rules/`), the reasoning is code, the words are data (message files). A module uses those on
//! its own floor and below it, never one above:
//!
//! | floor | modules | knows |
//! | --- | --- | --- |
//! | 5 shell | `bin/trp-check`, `api` | arguments, files, clock, terminal; what other programs call |
//! | 4 lists | `batch` | a stream of people: cut into lines, assessed, written as rows |
//! | 3 words | `render` | an answer as text, in each format |
//! | 2 reasoning | `assess` `review` | rules × person × day → answer; what the rules leave open |
//! | 1 nouns | `assessment` `rulebook` `profile` `roster` `law_case` `schema` `facts` `country` `tree` `embedded` | what is reasoned about |
//! | 0 ground | `calendar` `source` | days; places in files |
//!
//! Files become a rule book and a profile, or the list of everything that is wrong with them; from these two and a
//! day `assess` makes an assessment; `render` makes text of it; the shell writes it once.

extern crate alloc;
extern crate self as trp_check;

mod api;

pub use api::{Diagnostic, Error, to_json};
pub use assess::assess;
pub use assessment::{Assessment, Status};
pub use calendar::{Day, DayFault};
pub use profile::Profile;
pub use rulebook::RuleBook;

#[doc(hidden)]
pub use api::files_of_pack;

#[doc(hidden)]
pub mod assess;
#[doc(hidden)]
pub mod assessment;
#[doc(hidden)]
pub mod batch;
#[doc(hidden)]
pub mod calendar;
#[doc(hidden)]
pub mod country;
#[doc(hidden)]
pub mod embedded;
#[doc(hidden)]
pub mod facts;
#[doc(hidden)]
pub mod law_case;
#[doc(hidden)]
pub mod profile;
#[doc(hidden)]
pub mod render;
#[doc(hidden)]
pub mod review;
#[doc(hidden)]
pub mod roster;
#[doc(hidden)]
pub mod rulebook;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod tree;
