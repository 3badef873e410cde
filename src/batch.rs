//! Lists: a staff list, a line in, a line out: [`input`] cuts a stream into blocks, [`reading`] says who stands in each
//! line, [`work`] makes of each block the rows for its lines. Where the stream comes from, where the rows go, and who
//! does the work, others say.

pub mod input;
pub mod reading;
pub mod table;
pub mod work;
