//! What these tests share.

#[path = "../support/cores.rs"]
pub mod cores;
#[path = "../support/files.rs"]
pub mod files;
#[path = "../support/folders.rs"]
pub mod folders;
pub mod grounds;
#[path = "../support/json.rs"]
pub mod json;
pub mod judge;
pub mod mutants;
#[path = "../support/run.rs"]
pub mod run;
