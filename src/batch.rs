//! A staff list: a line in, a line out. [`input`] cuts a stream into blocks, [`reading`] reads the person of each line,
//! [`work`] makes the rows of a block. Streams, threads and stdout are left to the caller.

#![allow(clippy::must_use_candidate, reason = "what is read or made here is never made in vain")]

pub mod input;
pub mod reading;
pub mod table;
pub mod work;
