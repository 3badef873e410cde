//! What these tests share.

#[path = "../support/cores.rs"]
pub mod cores;
#[path = "../support/people.rs"]
pub mod people;
#[path = "../support/run.rs"]
pub mod run;
