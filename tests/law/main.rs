//! The law: that the rule pack says what its sources say and leaves nothing open, and that a change in it is noticed.

mod article;
mod brief;
mod cases;
mod changelog;
mod embedded;
mod grounds;
mod languages;
mod mutants;
mod seeded_faults;
mod support;
mod unknown;
mod walk;
