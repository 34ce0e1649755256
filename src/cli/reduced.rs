//! `gradus eval --data` of a formula that makes one number of all rows: `mean(x)`.

use std::path::Path;

use serde::Serialize;

use super::answer::Answer;
use super::args::{EvalArgs, Report};
use super::binding::{given_twice, no_column, note_numbers};
use super::failure::Failure;
use super::names::Assigned;
use super::over_rows;
use super::reading::{self, Progress};
use super::value::{Real, number};
use crate::descend::Objective;
use crate::descend::rows::Rows;
use crate::fit::data::{DEFAULT_MEMORY, Reader, Table};

/// The JSON object.
#[derive(Serialize)]
struct Reduced<'a> {
    value: Real,
    rows: usize,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Runs the command for a formula, `text`, that contains reductions.
pub fn run(
    args: &EvalArgs,
    (mut reader, columns): (Reader, &[String]),
    text: &str,
    at: &Assigned<f64>,
) -> Result<Answer, Failure> {
    let table = &args.table;
    let each_row = [
        ("--out", table.out.is_some()),
        ("--gradient", table.gradient),
        ("--keep", table.keep),
    ];
    if let Some((option, _)) = each_row.iter().find(|(_, given)| *given) {
        let message = format!("{option} is for a value in each row, and this is one of all rows");
        return Err(Failure::new("bad_option", message).with_hint("leave it out"));
    }
    let data = table.data.as_deref().unwrap_or(Path::new("-"));
    if let Some((name, _)) = at.iter().find(|(name, _)| columns.contains(name)) {
        return Err(given_twice(name, &reader));
    }
    let formula = over_rows::parse(text, columns, at, "eval")?;
    let place = |name: &&str| columns.iter().position(|c| c == name).expect("a column");
    let chosen: Vec<usize> = formula.columns().iter().map(place).collect();
    let point = (formula.parameters().into_iter())
        .map(|name| match at.iter().find(|(given, _)| given == name) {
            Some(&(_, x)) => Ok(x),
            None => Err(no_column(name, columns, &reader)),
        })
        .collect::<Result<Vec<f64>, Failure>>()?;
    reader.choose(&chosen, false);
    let mut progress = Progress::new(data, true);
    let rows = Table::read(&mut reader, DEFAULT_MEMORY, &mut |bytes| progress.at(bytes))?;
    drop(progress);
    let mut notes: Vec<String> = formula.notes().iter().map(|n| n.message.clone()).collect();
    notes.extend(note_numbers(text, &formula.parameters(), columns));
    notes.extend(reading::dropped_note(&reader));
    over_rows::look_at(&rows, &formula, &reader)?;
    let (count, places) = (rows.count(), rows.places().clone());
    let objective = formula.objective(rows);
    let mut objective = objective.map_err(|error| over_rows::failure(error, text, "eval"))?;
    let value = objective.value(&point);
    if let Some(error) = objective.take_failure() {
        return Err(Failure::new("io", error.to_string()));
    }
    if !value.is_finite() {
        let place = |row| format!("{}, {}", reader.file(), places.of(row));
        notes.extend(over_rows::explain(&mut objective, &point, place));
    }
    Ok(match args.format {
        Report::Text => Answer {
            out: number(value) + "\n",
            notes,
            unreached: false,
        },
        Report::Json => Answer::json(&Reduced {
            value: Real(value),
            rows: count,
            notes: &notes,
        }),
    })
}
