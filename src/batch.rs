//! Lists: a staff list, a line in, a line out: [`input`] cuts a stream into blocks, [`work`] makes of each block the
//! rows for its lines. Where the stream comes from, where the rows go, and who does the work, others say.

pub mod input;
pub mod table;
pub mod work;
