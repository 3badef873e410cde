//! `trp-check`: how long a foreigner may stay, what is due by when, and which papers a temporary
//! residence permit takes.
//!
//! The law is data (`rules/`), the reasoning is code (here), the words are data (message files). The
//! floors of the house, each resting on those below it:
//!
//! | floor | modules | knows |
//! | --- | --- | --- |
//! | 5 world | `bin/trp-check` | arguments, files, clock, terminal |
//! | 4 lists | [`batch`] | a stream of people, cut, assessed and told |
//! | 3 words | [`render`] | how an answer is told |
//! | 2 reasoning | [`assess`] [`review`] | law × person × day → answer |
//! | 1 nouns | [`assessment`] [`rulebook`] [`profile`] [`roster`] [`law_case`] [`schema`] [`facts`] [`country`] [`tree`] [`embedded`] | what is spoken of |
//! | 0 ground | [`calendar`] [`source`] | days; places in files |
//!
//! The way of the data: files → ([`rulebook::RuleBook`], [`profile::Profile`]) or everything that is
//! wrong with them → [`assess::assess`] → [`assessment::Assessment`] → [`render`] → one write.

extern crate alloc;
extern crate self as trp_check;

pub mod assess;
pub mod assessment;
pub mod batch;
pub mod calendar;
pub mod country;
pub mod embedded;
pub mod facts;
pub mod law_case;
pub mod profile;
pub mod render;
pub mod review;
pub mod roster;
pub mod rulebook;
pub mod schema;
pub mod source;
pub mod tree;
