//! Reasoning about the rules themselves: what they leave open, what the law cases exercise, what a
//! change alters. Pure, like [`crate::assess`]: no clock, no file, no sentence, no place in a file.

pub mod coverage;
pub mod difference;
pub mod matrix;
pub mod walk;
