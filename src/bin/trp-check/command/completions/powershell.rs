//! Completions for PowerShell: the script of `clap_complete`, which offers commands and flags, with the words for their
//! arguments before it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Error, Result};

use clap_complete::shells;

use super::{PROGRAM, Place, places, text_of};

pub(super) fn script(command: &clap::Command) -> Result<String> {
    let script = text_of(&shells::PowerShell, command)?;
    // Commands and flags are looked for from this line on.
    let Some((head, tail)) = script.split_once("\n    $completions = @(") else {
        return Err(Error::other("clap_complete writes another script for PowerShell than was known"));
    };
    Ok(format!("{head}\n{}\n    $completions = @({tail}", words_of(&places(command, &[]))))
}

/// The part of the script that offers words: after a flag, and after a command that takes one.
fn words_of(places: &[Place<'_>]) -> String {
    let lists: Vec<(String, String, String)> = places
        .iter()
        .map(|place| {
            let command = [&[PROGRAM][..], &place.commands].concat().join(";");
            let flag = place.arg.get_long().map(|flag| format!("--{flag}")).unwrap_or_default();
            let lines = place.words.iter().map(|(word, meaning)| format!("{word}\t{meaning}\n"));
            (command, flag, lines.collect())
        })
        .collect();
    // Most flags take the same words everywhere: such a list is written once.
    let mut of_flag: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, flag, words) in &lists {
        of_flag.entry(flag).or_default().insert(words);
    }
    let mut table: BTreeMap<String, &str> = BTreeMap::new();
    for (command, flag, words) in &lists {
        let is_same = !flag.is_empty() && of_flag.get(&**flag).is_some_and(|lists| lists.len() == 1);
        let place = if is_same { flag.clone() } else { format!("{command} {flag}").trim_end().to_owned() };
        table.insert(place, words);
    }
    let mut text = "\n    $values = @{\n".to_owned();
    for (place, words) in table {
        // Between these marks every letter stands for itself.
        let _ = writeln!(text, "        '{place}' = @'\n{words}'@");
    }
    text.push_str(LOOK_UP);
    text
}

/// `$command` and `$commandElements` are those of the script around it.
const LOOK_UP: &str = r#"    }
    $before = "$($commandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | Select-Object -Last 1)"
    $list = $values["$command $before"]
    if (-not $list) { $list = $values[$before] }
    if (-not $list -and -not $wordToComplete.StartsWith('-')) { $list = $values[$command] }
    if ($list) {
        $found = @($list -split '\r?\n' | Where-Object { $_ -and $_.StartsWith($wordToComplete, 'OrdinalIgnoreCase') })
        if ($found) {
            return $found | ForEach-Object {
                $word, $meaning = $_ -split "`t", 2
                [CompletionResult]::new($word, $word, [CompletionResultType]::ParameterValue, $meaning)
            }
        }
    }
"#;
