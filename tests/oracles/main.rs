//! What the program works out, against the same worked out a second time in the plainest way, over small worlds that are
//! tried as a whole and large ones at random.

mod batch_lines;
mod calendar;
mod contradictions;
mod forms;
mod never_panics;
mod plan;
mod quick;
mod roster;
mod stay;
mod support;
mod timeline;
