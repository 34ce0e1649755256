//! The problem of a formula over the rows of a table: names that are columns are data, all others are moved.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::path::Path;
use std::rc::Rc;

use super::goal::Goal;
use crate::cli::args::DescendArgs;
use crate::cli::binding::{column_names, listed, note_numbers, slip};
use crate::cli::failure::Failure;
use crate::cli::names::{self, Assigned};
use crate::cli::over_rows;
use crate::cli::problem;
use crate::cli::reading::{self, Progress};
use crate::convenience::OverRows;
use crate::descend::rows::Rows;
use crate::fit::data::{Reader, Table};
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
    let formula = over_rows::parse(&text, &columns, &from, "descend")?;
    let mut notes: Vec<String> = formula.notes().iter().map(|n| n.message.clone()).collect();
    let start = start(&formula, &from, &columns, &reader)?;
    notes.extend(note_numbers(&text, &formula.parameters(), &columns));
    notes.extend(remarks(&formula, &from, &reader));

    let place = |name: &&str| columns.iter().position(|c| c == name).expect("a column");
    let chosen: Vec<usize> = formula.columns().iter().map(place).collect();
    reader.choose(&chosen, false);
    let memory = usize::try_from(args.table.memory.saturating_mul(1 << 20)).unwrap_or(usize::MAX);
    let mut progress = Progress::new(data, std::io::stderr().is_terminal());
    let table = Table::read(&mut reader, memory, &mut |bytes| progress.at(bytes))?;
    drop(progress);
    notes.extend(reading::dropped_note(&reader));
    notes.extend(over_rows::look_at(&table, &formula, &reader)?);
    notes.extend(few_rows(&table, &formula));

    let (rows, places) = (table.count(), table.places().clone());
    let objective = formula
        .objective(table)
        .map_err(|error| over_rows::failure(error, &text, "descend"))?;
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
            over_rows::explain(&mut explained.borrow_mut(), point, place)
        }),
        broken: Box::new(move || {
            let failure = broken.borrow_mut().take_failure()?;
            Some(Failure::new("io", failure.to_string()))
        }),
        rows: Some(rows),
        notes,
    })
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
fn remarks(formula: &OverRows, from: &Assigned<f64>, reader: &Reader) -> Vec<String> {
    let parameters = formula.parameters();
    let mut remarks = Vec::new();
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

fn few_rows(table: &Table, formula: &OverRows) -> Option<String> {
    let (rows, parameters) = (table.count(), formula.parameters().len());
    let s = if rows == 1 { "" } else { "s" };
    (rows < parameters).then(|| {
        format!("{rows} row{s} for {parameters} parameters: the data may not determine them all")
    })
}
