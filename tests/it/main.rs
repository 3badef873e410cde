//! The program and the library as their users meet them: commands, answers, pages, errors, and the shape of the house.

mod agenda;
mod answers;
mod architecture;
mod bad_inputs;
mod batch;
#[cfg(unix)]
mod batch_signals;
mod cli;
mod clock;
mod completions;
mod html;
mod inert;
mod interview;
mod manual;
mod needs;
mod notes;
mod package;
mod plan;
mod receipts;
mod recipe;
mod reports;
mod rows;
mod rules_check;
mod rules_test;
mod schemas;
mod staff_lists;
mod suggestions;
mod support;
mod timeline;
mod working_days;
