//! The words of help, from the message files (`[help]`); they are only looked up when help or an error is shown.

use clap::builder::{PossibleValue, StyledStr, Styles};
use trp_check::render::Words;

use super::words;

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
    let mut command = command
        .about(words.with(&format!("help_about.{name}"), &[("country", &words.of("pack", "name"))]))
        .after_help(words.text(&format!("help_examples.{name}")).unwrap_or_default())
        .subcommand_help_heading(words.label("word.commands"))
        .help_template(template(words))
        .mut_args(|arg| arg_with_words(arg, words));
    let children: Vec<String> = command.get_subcommands().map(|child| child.get_name().to_owned()).collect();
    for child in children {
        let path = if path.is_empty() { child.clone() } else { format!("{path} {child}") };
        command = command.mut_subcommand(child, |command| worded(command, &path, words));
    }
    command
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
    let arg = if arg.is_global_set() { arg.help_heading(words.label("help_heading.global")) } else { arg };
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

/// A help page as clap made it, with the two headings that clap writes by itself in words.
pub fn in_words(page: &StyledStr) -> StyledStr {
    let style = *Styles::styled().get_header();
    let heading = |name: &str| format!("{}{name}:{}", style.render(), style.render_reset());
    let words = words();
    let headings = [("Arguments", "word.arguments"), ("Options", "word.options")];
    let page = headings.iter().fold(page.ansi().to_string(), |page, (name, key)| {
        page.replacen(&heading(name), &heading(words.label(key)), 1)
    });
    page.into()
}
