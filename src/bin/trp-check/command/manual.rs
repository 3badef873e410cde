//! `man`: the pages of the manual, made from the same commands and words as `--help`.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};
use trp_check::embedded;
use trp_check::render::Words;

use crate::args::{Global, Man};
use crate::files::{self, Clobber};
use crate::{Exit, Stop, args, output};

pub fn run(global: &Global, ask: &Man) -> Result<Exit, Stop> {
    let words = args::words();
    let whole = args::whole();
    if let Some(folder) = &ask.out {
        return output::answer(&written(&whole, folder, &words)?);
    }
    let mut command = &whole;
    for name in &ask.command {
        let Some(child) = command.find_subcommand(name) else {
            let text = words.with("usage_error.no-such-command", &[("found", &name)]);
            let known = children(command).map(clap::Command::get_name);
            return Err(Stop::usage(global, &args::with_nearest(text, name, known)));
        };
        command = child;
    }
    output::answer(&page(command, &words)?)
}

fn written(whole: &clap::Command, folder: &Path, words: &Words<'_>) -> anyhow::Result<String> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut text = String::new();
    let mut open = vec![whole];
    while let Some(command) = open.pop() {
        let path = folder.join(Page::new(command.clone()).get_filename());
        files::write(&path, page(command, words)?.as_bytes(), Clobber::Allowed)?;
        text = format!("{}\n{text}", path.display());
        open.extend(children(command));
    }
    Ok(text)
}

/// The commands below one, but for that of help, which has no page.
fn children(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|child| child.get_name() != "help")
}

fn page(command: &clap::Command, words: &Words<'_>) -> anyhow::Result<String> {
    let is_root = command.get_bin_name().is_none_or(|name| name == command.get_name());
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let source = format!("trp-check {}", env!("CARGO_PKG_VERSION"));
    // The pages change with the rules and the program; the day of the rules is the later one to be known here.
    let made = Page::new(without_help(command.clone()))
        .title(name.to_uppercase())
        .source(source)
        .date(&*embedded::RULES.version)
        .manual(words.label("manual.title"));
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let (summary, more) = about.split_once('\n').unwrap_or((&about, ""));
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (examples, notes) = after.split_once("\n\n").unwrap_or((&after, ""));

    let mut text = whole_of(|bytes| made.render_title(bytes))?;
    let mut head = Roff::new();
    heading(&mut head, words.label("manual.name"));
    head.text([roman(format!("{name} - {}", summary.trim_end_matches('.')))]);
    heading(&mut head, words.label("manual.synopsis"));
    let usage = command.clone().render_usage().to_string();
    let usage = usage.split_once(": ").map_or(&*usage, |(_, usage)| usage);
    put(&mut head, usage.lines().map(str::trim), true);
    if !more.is_empty() {
        heading(&mut head, words.label("manual.description"));
        put(&mut head, more.lines(), false);
    }
    text.push_str(below(&head.render()));
    if children(command).next().is_some() {
        let made = whole_of(|bytes| made.render_subcommands_section(bytes))?;
        text.push_str(&headed(below(&made), words.label("word.commands")));
    }
    let options = whole_of(|bytes| made.render_options_section(bytes))?;
    text.push_str(&headed(below(&options), words.label("word.options")));

    let mut tail = Roff::new();
    if let Some((title, lines)) = examples.split_once('\n') {
        heading(&mut tail, title.trim_end_matches(':'));
        put(&mut tail, lines.lines().map(str::trim_start), true);
    }
    // What follows the examples of the program itself are the exits, which each page has below.
    if !notes.is_empty() && !is_root {
        heading(&mut tail, words.label("manual.notes"));
        for (at, paragraph) in notes.split("\n\n").enumerate() {
            if at > 0 {
                tail.control("PP", []);
            }
            for lines in paragraph.lines().collect::<Vec<_>>().chunk_by(|a, b| a.starts_with(' ') == b.starts_with(' '))
            {
                put(&mut tail, lines.iter().map(|line| line.trim_start()), lines[0].starts_with(' '));
            }
        }
    }
    heading(&mut tail, words.label("manual.exit-status"));
    for exit in Exit::ALL {
        let number = (exit as u8).to_string();
        tagged(&mut tail, &number, words.of("manual_exit", &number));
    }
    heading(&mut tail, words.label("manual.files"));
    for file in FILES {
        tagged(&mut tail, words.of("manual_file", file), words.of("manual_file", &format!("{file}-is")));
    }
    heading(&mut tail, words.label("manual.environment"));
    for variable in VARIABLES {
        tagged(&mut tail, variable, words.of("manual_variable", variable));
    }
    heading(&mut tail, words.label("manual.see-also"));
    let related = related(&name, command);
    for (at, page) in related.iter().enumerate() {
        let mark = if at + 1 < related.len() { ", " } else { "" };
        tail.text([bold(page), roman(format!("(1){mark}"))]);
    }
    text.push_str(below(&tail.render()));
    Ok(text)
}

const FILES: [&str; 4] = ["profile", "list", "receipt", "pack"];
const VARIABLES: [&str; 6] = ["TRP_CHECK_TODAY", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS"];

fn related(name: &str, command: &clap::Command) -> Vec<String> {
    let above = name.match_indices('-').map(|(at, _)| &name[..at]).filter(|above| above.starts_with("trp-check"));
    let below = children(command).map(|child| child.get_display_name().unwrap_or(child.get_name()));
    let pages: Vec<String> = above.chain(below).map(str::to_owned).collect();
    // A page that nothing else belongs to is that of the manual itself.
    if pages.is_empty() { vec!["man".to_owned()] } else { pages }
}

fn without_help(mut command: clap::Command) -> clap::Command {
    if command.find_subcommand("help").is_some() {
        command = command.mut_subcommand("help", |help| help.hide(true));
    }
    command
}

fn heading(roff: &mut Roff, title: &str) {
    roff.control("SH", [&*title.to_uppercase()]);
}

fn tagged(roff: &mut Roff, tag: &str, text: &str) {
    roff.control("TP", []);
    roff.text([bold(tag)]);
    roff.text([roman(text)]);
}

fn put<'l>(roff: &mut Roff, lines: impl Iterator<Item = &'l str>, as_they_stand: bool) {
    if as_they_stand {
        roff.control("nf", []);
    }
    for line in lines {
        roff.text([roman(line)]);
    }
    if as_they_stand {
        roff.control("fi", []);
    }
}

fn whole_of(render: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    render(&mut bytes)?;
    Ok(String::from_utf8(bytes)?)
}

/// A part of a page, without what only the first part begins with.
fn below(part: &str) -> &str {
    let start = part.find(".SH ").unwrap_or_default();
    &part[start..]
}

/// A part of a page under a heading of ours.
fn headed(part: &str, title: &str) -> String {
    let mut head = Roff::new();
    heading(&mut head, title);
    let body = part.split_once('\n').map_or("", |(_, body)| body);
    format!("{}{body}", below(&head.render()))
}
