//! `FILE --confusion PREDICTED,ACTUAL`: how often a prediction said what, and what was true.

use std::collections::BTreeSet;
use std::path::Path;

use super::distribution::pair;
use crate::cli::answer::Answer;
use crate::cli::args::StatsArgs;
use crate::cli::binding::{column_names, place_of};
use crate::cli::confusion;
use crate::cli::failure::Failure;
use crate::cli::reading;
use crate::lecture::bayes::Confusion;

/// Other words that a remark lists.
const LISTED: usize = 6;

/// Counts and tells.
pub fn run(args: &StatsArgs, columns: &str) -> Result<Answer, Failure> {
    let data = args.data.as_deref().unwrap_or(Path::new("-"));
    let mut reader = reading::open(data, &args.reading)?;
    let known = column_names(&reader, &args.reading.rename)?;
    let [predicted, actual] = pair(columns, "--confusion", "PREDICTED,ACTUAL")?;
    let predicted = place_of(predicted, &known, &reader, "--confusion")?;
    let actual = place_of(actual, &known, &reader, "--confusion")?;
    if predicted == actual {
        let message = "--confusion: both columns are the same";
        return Err(Failure::new("bad_option", message)
            .with_hint("first the column of what was predicted, then that of what is true"));
    }
    let yes = args.positive.as_deref().unwrap_or("1").trim();
    reader.choose_words(&[], &[predicted, actual]);
    let file = reader.file().to_owned();
    let mut pairs = Vec::new();
    let mut others = BTreeSet::new();
    let interrupted = reading::each_chunk(&mut reader, data, Failure::from, |chunk| {
        for record in chunk.kept.iter().take(chunk.rows) {
            let [said, is] = [predicted, actual].map(|column| {
                let word = String::from_utf8_lossy(record[column].trim_ascii());
                let is_yes = means(&word, yes);
                if !is_yes && others.len() <= LISTED {
                    others.insert(word.into_owned());
                }
                is_yes
            });
            pairs.push((said, is));
        }
        Ok(())
    })?;
    let table = Confusion::count(pairs);
    if table == Confusion::default() {
        return Err(Failure::new("no_rows", reading::no_rows(&reader)));
    }
    if table.true_positives + table.false_positives + table.false_negatives == 0 {
        let listed: Vec<String> = others
            .iter()
            .take(LISTED)
            .map(|w| format!("`{w}`"))
            .collect();
        let message = format!("{file}: nothing in these columns is `{yes}`");
        let hint = format!(
            "they hold {}: which of them means yes? --positive WORD",
            listed.join(", ")
        );
        return Err(Failure::new("bad_option", message).with_hint(hint));
    }
    let mut notes: Vec<String> = interrupted.iter().cloned().collect();
    notes.extend(reading::dropped_note(&reader));
    let no = match others.len() {
        0 | 1 => others.pop_first().unwrap_or("no".to_owned()),
        _ => {
            let listed: Vec<String> = others
                .iter()
                .take(LISTED)
                .map(|w| format!("`{w}`"))
                .collect();
            notes.push(format!(
                "all that is not `{yes}` counts as no: {}",
                listed.join(", ")
            ));
            format!("not {yes}")
        }
    };
    let answer = confusion::answer(&table, (yes, &no), notes, args.format);
    Ok(Answer {
        unreached: interrupted.is_some(),
        ..answer
    })
}

/// Is it the word, or the same number: 1 and 1.0?
fn means(word: &str, yes: &str) -> bool {
    word == yes
        || match (word.parse::<f64>(), yes.parse::<f64>()) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
}
