//! What these tests share.

#[path = "../support/day.rs"]
pub mod day;
#[path = "../support/lists.rs"]
pub mod lists;
pub mod lives;
pub mod naive;
#[path = "../support/people.rs"]
pub mod people;
pub mod twins;
