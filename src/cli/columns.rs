//! `gradus eval --data`: a formula at every row of a table.
//!
//! Rows come in chunks, and go out before the next ones are read, so that memory does not depend on their number.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use super::answer::{Answer, written};
use super::args::{EvalArgs, Report, TableArgs};
use super::binding::{Values, assign, column_names, note_numbers};
use super::failure::Failure;
use super::interrupt;
use super::names::{self, Assigned};
use super::over_rows;
use super::problem::{self, Problem};
use super::reading::{self, Progress};
use super::reduced;
use super::rows::Rows;
use crate::calculus;
use crate::expr::{Id, SymbolId};
use crate::fit::data::{self, Chunk, Output, Reader};
use crate::program::batch::Batch;
use crate::program::{Backend, Program};

/// The columns that come out.
struct Wanted {
    names: Vec<String>,
    batch: Batch,
}

/// Writes a chunk: the rows as they stood and the columns computed.
type WriteRows<'a> = dyn FnMut(&Chunk, &[Vec<f64>]) -> std::io::Result<()> + 'a;

/// Runs the command.
pub fn run(args: &EvalArgs) -> Result<Answer, Failure> {
    let table = &args.table;
    let data = table.data.as_deref().expect("this is the command for it");
    let delimiter = reading::delimiter(&table.reading)?;
    let at = real_values(args)?;
    let named: Vec<&str> = at.iter().map(|(name, _)| name.as_str()).collect();
    if args.expr == "-" && data == Path::new("-") {
        let message = "the formula and the table cannot both come from standard input";
        return Err(Failure::new("bad_option", message));
    }
    let text = problem::text(&args.expr)?;
    if over_rows::has_reductions(&text, &named) {
        return reduced::run(args, data, &text, &at);
    }
    let mut problem = Problem::parse(&text, &named, &Vec::new())?;
    problem.note_unused(named, "");

    let mut reader = reading::open(data, &table.reading)?;
    let columns = column_names(&reader, &table.reading.rename)?;
    let (values, chosen) = assign(&problem, &at, &columns, &reader)?;
    let numbers = note_numbers(&problem.variable_names(), &columns);
    problem.notes.extend(numbers);
    reader.choose(&chosen, table.keep);
    let by = by_which(&mut problem, table, &values)?;
    let wanted = wanted(&mut problem, &by)?;
    // Of each column that comes out: is it text?
    let mut texts: Vec<bool> = match table.keep {
        true => (0..columns.len()).map(|k| !reader.has_numbers(k)).collect(),
        false => Vec::new(),
    };
    let mut out_names = if table.keep { columns } else { Vec::new() };
    for name in &wanted.names {
        if out_names.contains(name) {
            let message = format!("the column `{name}` would be there twice");
            let hint = format!("call that of the table otherwise: --rename {name}=...");
            return Err(Failure::new("bad_option", message).with_hint(hint));
        }
    }
    out_names.extend(wanted.names);
    texts.resize(out_names.len(), false);

    let mut run = |rows: &mut WriteRows<'_>| {
        let visible = table.out.is_some() || !std::io::stdout().is_terminal();
        let progress = Progress::new(data, visible);
        evaluate(&mut reader, &values, &wanted.batch, progress, rows)
    };
    let csv = args.format == Report::Text;
    match &table.out {
        Some(path) => {
            refuse_input(path, data)?;
            let output = Output::create(path).map_err(of_out)?;
            interrupt::removes(output.temporary());
            let delimiter = delimiter.unwrap_or_else(|| data::delimiter_of(path));
            let mut rows = match (csv, data::form_of(path)) {
                (false, _) => Rows::json(output, out_names),
                (true, data::Form::Csv) => Rows::csv(output, delimiter, out_names),
                (true, data::Form::JsonLines) => Rows::json_lines(output, out_names),
                (true, data::Form::Parquet) => {
                    let name = path.display().to_string();
                    Rows::parquet(output, &name, out_names, texts).map_err(of_out)?
                }
            };
            let failed = |error| {
                of_out(data::DataError::Io {
                    file: path.display().to_string(),
                    error,
                })
            };
            let all = run(&mut |chunk, columns| rows.write(&chunk.kept, columns, chunk.rows))?;
            all.map_err(failed)?;
            let output = rows.finish().map_err(failed)?;
            interrupt::placing(|| output.finish()).map_err(of_out)?;
        }
        None => {
            let out = BufWriter::new(std::io::stdout());
            let delimiter = delimiter.unwrap_or_else(|| data::delimiter_of(data));
            let mut rows = match csv {
                true => Rows::csv(out, delimiter, out_names),
                false => Rows::json(out, out_names),
            };
            let all = run(&mut |chunk, columns| rows.write(&chunk.kept, columns, chunk.rows))?;
            // Who closes the pipe early has seen enough.
            if written(all)? {
                written(rows.finish().and_then(|mut out| out.flush()))?;
            }
        }
    }
    problem.notes.extend(reading::dropped_note(&reader));
    Ok(Answer {
        notes: problem.notes,
        ..Answer::default()
    })
}

/// Evaluates chunk after chunk. The inner error is one of writing.
fn evaluate(
    reader: &mut Reader,
    values: &[Values],
    batch: &Batch,
    mut progress: Progress,
    rows: &mut WriteRows<'_>,
) -> Result<std::io::Result<()>, Failure> {
    let (mut chunk, mut results) = (Chunk::default(), Vec::new());
    while reader.read(&mut chunk)? > 0 {
        let inputs: Vec<&[f64]> = (values.iter())
            .map(|values| match values {
                Values::Column(at) => &chunk.columns[*at][..],
                Values::Constant(numbers) => &numbers[..chunk.rows],
            })
            .collect();
        results.resize_with(batch.outputs(), Vec::new);
        results
            .iter_mut()
            .for_each(|column: &mut Vec<f64>| column.resize(chunk.rows, 0.0));
        let mut outputs: Vec<&mut [f64]> = results.iter_mut().map(|c| &mut c[..]).collect();
        let done = batch.run(&inputs, &mut outputs);
        done.expect("columns of a chunk have one length");
        if let Err(error) = rows(&chunk, &results) {
            return Ok(Err(error));
        }
        progress.at(reader.bytes_read());
    }
    Ok(Ok(()))
}

fn real_values(args: &EvalArgs) -> Result<Assigned<f64>, Failure> {
    (names::values(&args.at, "--at")?.into_iter())
        .map(|(name, value)| {
            let x = value.real(&name, "--at")?;
            Ok((name, x))
        })
        .collect()
}

/// The variables of the derivatives: those of `--wrt`, or all that are columns.
fn by_which(
    problem: &mut Problem,
    table: &TableArgs,
    values: &[Values],
) -> Result<Vec<SymbolId>, Failure> {
    if !table.gradient {
        return Ok(Vec::new());
    }
    if !table.wrt.is_empty() {
        let mut wrt: Vec<String> = Vec::new();
        for name in names::list(&table.wrt, "--wrt")? {
            if wrt.contains(&name) {
                let message = format!("--wrt: `{name}` is named twice");
                return Err(Failure::new("bad_option", message));
            }
            wrt.push(name);
        }
        problem.note_unused(wrt.iter().map(String::as_str), ", the derivative is 0");
        return Ok(wrt.iter().map(|name| problem.symbol(name)).collect());
    }
    let is_column = |(_, values): &(_, &Values)| matches!(values, Values::Column(_));
    let columns = problem.variables.iter().zip(values).filter(is_column);
    let by: Vec<SymbolId> = columns.map(|(&variable, _)| variable).collect();
    if by.is_empty() {
        let note = "no column occurs in the formula, so there is no gradient";
        problem.notes.push(note.to_owned());
    }
    Ok(by)
}

/// The program of values and derivatives, and the names of what comes out.
fn wanted(problem: &mut Problem, by: &[SymbolId]) -> Result<Wanted, Failure> {
    let count = problem.roots.len();
    let number = |k: usize| {
        if problem.is_list {
            (k + 1).to_string()
        } else {
            String::new()
        }
    };
    let mut names: Vec<String> = (0..count)
        .map(|k| match problem.is_list {
            true => format!("value_{}", number(k)),
            false => "value".to_owned(),
        })
        .collect();
    for k in 0..count {
        for &variable in by {
            names.push(format!(
                "d{}_d{}",
                number(k),
                problem.arena.symbol_name(variable)
            ));
        }
    }
    let mut roots: Vec<Id> = problem.roots.clone();
    for &root in &problem.roots {
        roots.extend(calculus::gradient(&mut problem.arena, root, by)?);
    }
    let options = Backend::Auto.options();
    let program = Program::new(&problem.arena, &roots, &problem.variables, options)?;
    let batch =
        Batch::new(&program).map_err(|error| Failure::new("needs_complex", error.to_string()))?;
    Ok(Wanted { names, batch })
}

/// An output that is the input would be gone before it is read, if it were not written elsewhere first; and it is a slip.
pub(super) fn refuse_input(out: &Path, data: &Path) -> Result<(), Failure> {
    let same = match (fs::canonicalize(out), fs::canonicalize(data)) {
        (Ok(out), Ok(data)) => out == data,
        _ => false,
    };
    if same && data.as_os_str() != OsStr::new("-") {
        let message = format!("--out {}: that is the file of --data", out.display());
        return Err(Failure::new("bad_option", message).with_hint("choose another name"));
    }
    Ok(())
}

pub(super) fn of_out(error: data::DataError) -> Failure {
    let failure = Failure::new("io", format!("--out {error}"));
    match error.hint() {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}
