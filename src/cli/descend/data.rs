//! The problem of a formula over the rows of a table: names that are columns are data, all others are moved.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::path::Path;
use std::rc::Rc;

use super::goal::Goal;
use crate::cli::answer::singular_part;
use crate::cli::args::DescendArgs;
use crate::cli::binding::{column_names, listed, note_numbers, slip};
use crate::cli::failure::Failure;
use crate::cli::names::{self, Assigned};
use crate::cli::problem;
use crate::cli::reading::{self, Progress};
use crate::cli::value::number;
use crate::convenience::{OverRows, OverRowsError};
use crate::descend::rows::{Differentiated, Rows, RowsError, RowsObjective};
use crate::fit::data::{Reader, Table};
use crate::numeric::Schedule;
use crate::syntax::did_you_mean;

/// Names that a message lists.
const LISTED: usize = 12;

/// Reads the formula, the table and the start.
pub fn read(args: &DescendArgs, data: &Path) -> Result<Goal, Failure> {
    if args.expr == "-" && data == Path::new("-") {
        let message = "the formula and the table cannot both come from standard input";
        return Err(Failure::new("bad_option", message));
    }
    let from: Assigned<f64> = (names::values(&args.from, "--from")?.into_iter())
        .map(|(name, value)| {
            let x = value.real(&name, "--from")?;
            Ok((name, x))
        })
        .collect::<Result<_, Failure>>()?;
    let text = problem::text(&args.expr)?;
    let mut reader = reading::open(data, &args.table.reading)?;
    let columns = column_names(&reader, &args.table.reading.rename)?;
    let formula = formula(&text, &columns, &from)?;
    let mut notes: Vec<String> = formula.notes().iter().map(|n| n.message.clone()).collect();
    let start = start(&formula, &from, &columns, &reader)?;
    notes.extend(remarks(&formula, &from, &columns, &reader));

    let place = |name: &&str| columns.iter().position(|c| c == name).expect("a column");
    let chosen: Vec<usize> = formula.columns().iter().map(place).collect();
    reader.choose(&chosen, false);
    let memory = usize::try_from(args.table.memory.saturating_mul(1 << 20)).unwrap_or(usize::MAX);
    let mut progress = Progress::new(data, std::io::stderr().is_terminal());
    let table = Table::read(&mut reader, memory, &mut |bytes| progress.at(bytes))?;
    drop(progress);
    notes.extend(reading::dropped_note(&reader));
    notes.extend(look_at(&table, &formula, &reader)?);

    let (rows, places) = (table.count(), table.places().clone());
    let objective = formula
        .objective(table)
        .map_err(|error| of_formula(error, &text))?;
    let objective = Rc::new(RefCell::new(objective));
    let (explained, broken) = (Rc::clone(&objective), Rc::clone(&objective));
    let file = reader.file().to_owned();
    Ok(Goal {
        function: formula.text()?,
        names: (formula.parameters().into_iter())
            .map(str::to_owned)
            .collect(),
        start,
        objective: Box::new(objective),
        singular: Box::new(move |point| {
            let place = |row| format!("{file}, {}", places.of(row));
            explain(&mut explained.borrow_mut(), point, place)
        }),
        broken: Box::new(move || {
            let failure = broken.borrow_mut().take_failure()?;
            Some(Failure::new("io", failure.to_string()))
        }),
        rows: Some(rows),
        notes,
    })
}

fn formula(text: &str, columns: &[String], from: &Assigned<f64>) -> Result<OverRows, Failure> {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let named: Vec<&str> = from.iter().map(|(name, _)| name.as_str()).collect();
    OverRows::parse_with(text, &columns, &named).map_err(|error| of_formula(error, text))
}

fn of_formula(error: OverRowsError, text: &str) -> Failure {
    match error {
        OverRowsError::Syntax(error) => Failure::syntax(error, text, "input"),
        OverRowsError::List => Failure::new("unexpected", "descend takes one formula, not a list"),
        OverRowsError::ColumnOutside { .. } => Failure::new("column_outside", error.to_string())
            .with_hint("write mean(...) or sum(...) around what is to be added up over the rows"),
        OverRowsError::Calculus(error) => error.into(),
        OverRowsError::Rows(RowsError::Program(error)) => error.into(),
        OverRowsError::Rows(RowsError::Batch(error)) => {
            Failure::new("needs_complex", error.to_string())
        }
    }
}

/// The start of every parameter; those that have none are named together.
fn start(
    formula: &OverRows,
    from: &Assigned<f64>,
    columns: &[String],
    reader: &Reader,
) -> Result<Vec<f64>, Failure> {
    let file = reader.file();
    if let Some((name, _)) = from.iter().find(|(name, _)| columns.contains(name)) {
        let message = format!("--from: `{name}` is a column of {file}, and no parameter");
        let hint = format!("leave it out, or call the column otherwise: --rename {name}=...");
        return Err(Failure::new("bad_option", message).with_hint(hint));
    }
    let parameters = formula.parameters();
    if parameters.is_empty() {
        let message = format!("there is nothing to move: all names are columns of {file}");
        return Err(Failure::new("no_parameters", message)
            .with_hint("names that are no columns are parameters: mean((y - a*x)^2)"));
    }
    let given = |name: &str| from.iter().find(|(given, _)| given == name).map(|g| g.1);
    let missing: Vec<&str> = (parameters.iter().copied())
        .filter(|name| given(name).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(parameters.into_iter().filter_map(given).collect());
    }
    let is_or_are = match missing[..] {
        [_] => "is no column",
        _ => "are no columns",
    };
    let names = quoted(&missing);
    let message = format!("{names} {is_or_are} of {file}, and --from gives no start");
    let reduction = |name: &&str| ["mean", "sum", "var", "std"].contains(name);
    let given = || from.iter().map(|(name, _)| name.as_str());
    let meant = |name: &str| match did_you_mean(name, given()) {
        Some(meant) => Some(format!("did you mean `{meant}`, which --from gives?")),
        None => slip(name, columns),
    };
    let hint = if let Some(name) = missing.iter().copied().find(reduction) {
        format!("over the rows it is written {name}(...)")
    } else if let Some(hint) = missing.iter().find_map(|name| meant(name)) {
        hint
    } else {
        let starts = missing.iter().take(LISTED).map(|n| format!("{n}=0"));
        let starts: Vec<String> = starts.collect();
        format!(
            "give a start: --from {}; {}",
            starts.join(","),
            listed(reader.columns())
        )
    };
    Err(Failure::new("missing_value", message).with_hint(hint))
}

fn quoted(names: &[&str]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(LISTED)
        .map(|n| format!("`{n}`"))
        .collect();
    match names.len() {
        n if n > LISTED => format!("{} and {} more", shown.join(", "), n - LISTED),
        _ => shown.join(", "),
    }
}

/// What is probably not meant, and can be seen before the table is read.
fn remarks(
    formula: &OverRows,
    from: &Assigned<f64>,
    columns: &[String],
    reader: &Reader,
) -> Vec<String> {
    let parameters = formula.parameters();
    let mut remarks = note_numbers(&parameters, columns);
    for (name, _) in from
        .iter()
        .filter(|(n, _)| !parameters.contains(&n.as_str()))
    {
        let hint = match did_you_mean(name, parameters.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its parameters are {}", quoted(&parameters)),
        };
        remarks.push(format!("`{name}` does not occur in the formula; {hint}"));
    }
    for sum in formula.sums_without_columns() {
        remarks.push(format!(
            "no column occurs in `{sum}`: it is added up once a row; without sum it counts once"
        ));
    }
    if formula.columns().is_empty() {
        let listed = listed(reader.columns());
        remarks.push(format!(
            "no column of {} occurs in the formula; {listed}",
            reader.file()
        ));
    }
    remarks
}

/// Refuses data that determine nothing, and remarks on what looks odd.
fn look_at(table: &Table, formula: &OverRows, reader: &Reader) -> Result<Vec<String>, Failure> {
    let (file, rows, mut notes) = (reader.file(), table.count(), Vec::new());
    if rows == 0 {
        let message = match reader.dropped() {
            0 => format!("{file} has no rows"),
            _ => format!("a value is missing in every row of {file}"),
        };
        return Err(Failure::new("no_rows", message).with_hint("there is nothing to fit to"));
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
    let parameters = formula.parameters().len();
    if rows < parameters {
        notes.push(format!(
            "{rows} rows for {parameters} parameters: the data may not determine them all"
        ));
    }
    Ok(notes)
}

/// Which part of the formula has no finite value, in which row, and why.
fn explain(
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
