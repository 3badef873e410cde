//! What these tests share.

#[path = "../support/cores.rs"]
pub mod cores;
#[path = "../support/people.rs"]
pub mod people;
#[path = "../support/rows.rs"]
pub mod rows;
#[path = "../support/run.rs"]
pub mod run;
#[cfg(target_os = "linux")]
#[path = "../support/still.rs"]
pub mod still;
