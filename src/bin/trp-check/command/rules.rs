//! `rules …`: the rule author's tools.

pub mod check;
pub mod show;
pub mod test;
