//! The words of help, from the message files (`[help]`); they are only looked up when help or an error is shown.

use clap::builder::{PossibleValue, StyledStr, Styles};
use trp_check::render::Words;

use super::words;
use crate::command::{COMMANDS, SHELL_COMMANDS};

pub fn short_help() -> String {
    words().with("help.short", &[("version", &env!("CARGO_PKG_VERSION"))])
}

pub fn with_words(mut command: clap::Command) -> clap::Command {
    command.build();
    worded(command, "", &words())
}

/// The name of a command in the message files; `help` and the commands below it have the texts of those that they are
/// about.
fn name_of(path: &str) -> String {
    match path {
        "" => "trp-check".to_owned(),
        _ if path.ends_with("help") => "help".to_owned(),
        _ => path.split(' ').filter(|part| *part != "help").collect::<Vec<_>>().join("-"),
    }
}

fn worded(command: clap::Command, path: &str, words: &Words<'static>) -> clap::Command {
    let name = name_of(path);
    let examples = examples(&name, words);
    let commands = if path.is_empty() { "help_heading.self" } else { "word.commands" };
    let mut command = command
        .about(words.with(&format!("help_about.{name}"), &[("country", &words.of("pack", "name"))]))
        .after_help(if is_short() { first_examples(&examples, path, words) } else { examples })
        .subcommand_help_heading(words.label(commands))
        .help_template(template(words))
        .mut_args(|arg| arg_with_words(arg, words));
    let children: Vec<String> = command.get_subcommands().map(|child| child.get_name().to_owned()).collect();
    for child in children {
        let path = if path.is_empty() { child.clone() } else { format!("{path} {child}") };
        command = command.mut_subcommand(child, |command| worded(command, &path, words));
    }
    command
}

/// What the long help ends with: the examples of a command, and what else is to be known of it.
fn examples(name: &str, words: &Words<'_>) -> String {
    let Some(calls) = words.text(&format!("help_example.{name}")) else { return String::new() };
    let notes = words.text(&format!("help_notes.{name}")).map(|notes| format!("\n\n{notes}"));
    format!("{}\n{calls}{}", words.label("word.examples"), notes.unwrap_or_default())
}

/// Whether the short help is asked for, which leaves out what is hidden in it, also for experts.
fn is_short() -> bool {
    std::env::args_os().any(|argument| argument == "-h")
}

/// What the short help ends with: two examples, and where the rest stands.
fn first_examples(examples: &str, path: &str, words: &Words<'_>) -> String {
    let mut calls = 0;
    let lines = examples.lines().take_while(|line| {
        // What an example goes on with stands further in.
        calls += usize::from(line.starts_with("  ") && !line.starts_with("   "));
        calls <= 2 && !line.is_empty()
    });
    let more = words.with("word.more", &[("command", &format!("trp-check {path}").trim_end())]);
    lines.chain(["", &more]).collect::<Vec<_>>().join("\n").trim_start().to_owned()
}

/// The order of a help page. Its only word of clap's own would be the heading of the usage.
fn template(words: &Words<'_>) -> String {
    let style = *Styles::styled().get_usage();
    let (on, off) = (style.render(), style.render_reset());
    let usage = words.label("word.usage");
    format!("{{before-help}}{{about-with-newline}}\n{on}{usage}{off} {{usage}}\n\n{{all-args}}{{after-help}}")
}

/// An argument with what it is for, which values it takes and what holds without it.
fn arg_with_words(arg: clap::Arg, words: &Words<'static>) -> clap::Arg {
    // All commands have these two, which clap makes.
    let is_of_clap = ["help", "version"].contains(&arg.get_id().as_str());
    let arg = if is_of_clap {
        arg.help_heading("output").display_order(usize::MAX).long_help(None::<&'static str>)
    } else {
        arg
    };
    let group = arg.get_help_heading().unwrap_or_default();
    let is_for_long = arg.is_hide_short_help_set() || group == "experts";
    let is_hidden = arg.is_hide_set() || is_short() && is_for_long;
    let heading = words.text(&format!("help_heading.{group}"));
    let arg = arg.help_heading(heading).hide(is_hidden).hide_short_help(false);
    let Some(text) = words.text(&format!("help_arg.{}", arg.get_id().as_str().replace('-', "_"))) else { return arg };
    let mut parts = vec![text.to_owned()];
    if arg.get_action().takes_values() {
        let values = arg.get_possible_values();
        let values: Vec<&str> =
            values.iter().filter(|value| !value.is_hide_set()).map(PossibleValue::get_name).collect();
        if !values.is_empty() {
            parts.push(words.with("word.values", &[("list", &values.join(", "))]));
        }
        let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if !default.is_empty() {
            parts.push(words.with("word.default", &[("value", &default.join(", "))]));
        }
    }
    let help = match &parts[..] {
        [text] => text.clone(),
        [text, rest @ ..] => format!("{text} [{}]", rest.join("; ")),
        [] => String::new(),
    };
    arg.help(help).hide_possible_values(true).hide_default_value(true)
}

/// A help page as clap made it, with the two headings that clap writes by itself in words, and a heading before each
/// group of commands, which clap does not know.
pub fn in_words(page: &StyledStr) -> StyledStr {
    let (style, literal) = (*Styles::styled().get_header(), *Styles::styled().get_literal());
    let heading = |name: &str| format!("{}{name}:{}", style.render(), style.render_reset());
    let words = words();
    let headings = [("Arguments", "word.arguments"), ("Options", "word.options")];
    let page = headings.iter().fold(page.ansi().to_string(), |page, (name, key)| {
        page.replacen(&heading(name), &heading(words.label(key)), 1)
    });
    let commands: Vec<_> = COMMANDS.iter().chain(&SHELL_COMMANDS).collect();
    let first_of_groups = commands.windows(2).filter(|pair| pair[0].group != pair[1].group).map(|pair| pair[1]);
    let page = first_of_groups.fold(page, |page, command| {
        let line = format!("\n  {}{}{}", literal.render(), command.name, literal.render_reset());
        let group = heading(words.of("help_heading", command.group));
        page.replacen(&line, &format!("\n\n{group}{line}"), 1)
    });
    page.into()
}
