//! Formulas over the rows of a table: what `descend --data` and `eval --data` share.

use super::answer::singular_part;
use super::failure::Failure;
use super::names::Assigned;
use super::reading;
use super::value::number;
use crate::convenience::{OverRows, OverRowsError};
use crate::descend::rows::{Differentiated, Rows, RowsError, RowsObjective};
use crate::expr::Arena;
use crate::fit::data::{Reader, Table};
use crate::numeric::Schedule;
use crate::syntax::{self, outside_reductions};

/// Reads a formula in which names of columns are data; those that options give are variables whatever else they mean.
pub fn parse(
    text: &str,
    columns: &[String],
    given: &Assigned<f64>,
    command: &str,
) -> Result<OverRows, Failure> {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let named: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
    OverRows::parse_with(text, &columns, &named).map_err(|error| failure(error, text, command))
}

/// Is it a formula that goes over all rows, even if what does cancels?
pub fn has_reductions(text: &str, variables: &[&str]) -> bool {
    let over_rows = syntax::read_over_rows(&mut Arena::new(), text, variables);
    let is_plain = || syntax::read(&mut Arena::new(), text, variables).is_ok();
    over_rows.is_ok_and(|(_, reductions)| !reductions.is_empty() || !is_plain())
}

/// What is wrong with a formula over rows.
pub fn failure(error: OverRowsError, text: &str, command: &str) -> Failure {
    match error {
        OverRowsError::Syntax(error) => Failure::syntax(error, text, "input"),
        OverRowsError::List => Failure::new(
            "unexpected",
            format!("{command} takes one formula, not a list"),
        ),
        OverRowsError::ColumnOutside { ref column } => {
            let hint = "write mean(...) or sum(...) around what is to be added up over the rows";
            let (kind, message) = ("column_outside", error.to_string());
            match outside_reductions(text, column) {
                Some(span) => {
                    let place = (span.start as usize, span.end as usize);
                    Failure::marked(kind, message, hint.to_owned(), text, "input", place)
                }
                None => Failure::new(kind, message).with_hint(hint),
            }
        }
        OverRowsError::Calculus(error) => error.into(),
        OverRowsError::Rows(RowsError::Program(error)) => error.into(),
        OverRowsError::Rows(RowsError::Batch(error)) => {
            Failure::new("needs_complex", error.to_string())
        }
    }
}

/// Refuses data that have no value, and remarks on what looks odd.
pub fn look_at(table: &Table, formula: &OverRows, reader: &Reader) -> Result<Vec<String>, Failure> {
    let (file, rows, mut notes) = (reader.file(), table.count(), Vec::new());
    if rows == 0 {
        let message = reading::no_rows(reader);
        return Err(
            Failure::new("no_rows", message).with_hint("all rows together have no value then")
        );
    }
    for (name, extent) in formula.columns().iter().zip(table.extents()) {
        if extent.nan == rows as u64 {
            let message = format!("{file}: the column `{name}` is NaN in every row");
            return Err(Failure::new("no_rows", message).with_hint("take another column"));
        }
        if extent.least == extent.greatest && extent.nan == 0 && rows > 1 {
            let x = number(extent.least);
            notes.push(format!("the column `{name}` is {x} in every row"));
        }
    }
    Ok(notes)
}

/// Which part of the formula has no finite value, in which row, and why.
pub fn explain(
    objective: &mut RowsObjective,
    point: &[f64],
    place: impl Fn(usize) -> String,
) -> Option<String> {
    let spoilt = objective.spoilt(point).ok()??;
    let (formula, arena) = (objective.formula(), objective.arena());
    let slopes = |d: &Differentiated| d.slopes.iter().map(|s| s.1).collect::<Vec<_>>();
    let (of, derivatives, variables, values, place) = match (spoilt.stage, spoilt.row) {
        (None, _) => {
            let numbers = formula.numbers().collect();
            let derivatives = &formula.derivatives;
            (
                formula.value,
                derivatives,
                numbers,
                spoilt.numbers,
                String::new(),
            )
        }
        (Some(stage), Some(row)) => {
            let stage = &formula.stages[stage];
            let values = [row.columns, spoilt.numbers].concat();
            let place = format!(" ({})", place(row.at));
            (
                stage.of,
                &stage.derivatives,
                formula.variables(),
                values,
                place,
            )
        }
        (Some(stage), None) => {
            let name = arena.symbol_name(formula.stages[stage].result);
            return Some(format!("`{name}` is not finite, though every row is"));
        }
    };
    let roots = [vec![of], slopes(derivatives)].concat();
    let schedule = Schedule::new(arena, &roots, &variables).ok()?;
    singular_part(arena, &schedule, &values, &place)
}
