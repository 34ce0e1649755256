//! `gradus eval --data`: a formula at every row of a table.
//!
//! Rows come in chunks, and go out before the next ones are read, so that memory does not depend on their number.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use super::answer::{Answer, singular_part, written};
use super::args::{EvalArgs, Report, TableArgs};
use super::binding::{Values, assign, column_names, note_numbers};
use super::failure::Failure;
use super::interrupt;
use super::names::{self, Assigned};
use super::over_rows;
use super::paths;
use super::problem::{self, Problem};
use super::reading::{self, Progress};
use super::reduced;
use super::rows::Rows;
use crate::calculus;
use crate::expr::{Id, SymbolId};
use crate::fit::data::{self, Chunk, Output, Reader};
use crate::numeric::Schedule;
use crate::program::batch::Batch;
use crate::program::{Backend, Program};
use crate::syntax;

/// The columns that come out.
struct Wanted {
    names: Vec<String>,
    /// The same numbers by the wider range of exponents that a single value has.
    schedule: Schedule,
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
    let opened = reading::open(data, &table.reading).and_then(|reader| {
        let columns = column_names(&reader, &table.reading.rename)?;
        Ok((reader, columns))
    });
    let (mut reader, columns) = match opened {
        Ok(opened) => opened,
        // What is wrong with the formula comes before what is wrong with the table.
        Err(failure) => {
            if !over_rows::has_reductions(&text, &named) {
                Problem::parse(&text, &named, &Vec::new())?;
            }
            return Err(failure);
        }
    };
    let names = [&named[..], &syntax::free_names(&columns)[..]].concat();
    if over_rows::has_reductions(&text, &names) {
        return reduced::run(args, (reader, &columns), &text, &at);
    }
    let mut problem = Problem::parse(&text, &names, &Vec::new())?;
    problem.note_unused(named, "");
    let (values, chosen) = assign(&problem, &at, &columns, &reader)?;
    let numbers = note_numbers(&text, &problem.variable_names(), &columns);
    problem.notes.extend(numbers);
    reader.choose(&chosen, table.keep);
    reader.note_lines();
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
    out_names.extend(wanted.names.iter().cloned());
    texts.resize(out_names.len(), false);

    let mut singular = SingularRows::default();
    let mut run = |rows: &mut WriteRows<'_>| {
        let visible = table.out.is_some() || !std::io::stdout().is_terminal();
        let progress = Progress::new(data, visible);
        evaluate(&mut reader, &values, &wanted, progress, &mut singular, rows)
    };
    let csv = args.format == Report::Text;
    match &table.out {
        Some(path) => {
            paths::distinct(Some(data), &[("--out", Some(path))])?;
            let output = Output::create(path).map_err(of_out)?;
            interrupt::removes(output.temporary());
            let mut rows = match csv {
                true => rows_of(path, output, delimiter, out_names, texts)?,
                false => Rows::json(output, out_names),
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
    let note = singular.note(&problem, &wanted.schedule);
    problem.notes.extend(note);
    Ok(Answer {
        notes: problem.notes,
        ..Answer::default()
    })
}

/// Rows in which finite numbers give something that is not.
#[derive(Default)]
struct SingularRows {
    /// Rows before the chunk at hand.
    before: u64,
    count: u64,
    /// Rows that a wider range made finite.
    rescued: u64,
    /// Where the first of them stands, and its numbers.
    first: Option<(String, Vec<f64>)>,
}

/// So many rows more than were rescued are tried again by a wider range, which goes row by row.
const PATIENCE: u64 = 10_000;

impl SingularRows {
    /// Looks at the rows of a chunk. Where a part overflows that the whole does not, the numbers of the wider range are put
    /// in the place of those that are not finite.
    fn look(
        &mut self,
        inputs: &[&[f64]],
        outputs: &mut [&mut [f64]],
        chunk: &Chunk,
        schedule: &Schedule,
    ) {
        for row in 0..chunk.rows {
            if outputs.iter().all(|column| column[row].is_finite())
                || !inputs.iter().all(|column| column[row].is_finite())
            {
                continue;
            }
            let point = || {
                inputs
                    .iter()
                    .map(|column| column[row])
                    .collect::<Vec<f64>>()
            };
            if self.count < self.rescued + PATIENCE {
                for (column, wide) in outputs.iter_mut().zip(schedule.values(&point())) {
                    if !column[row].is_finite() {
                        column[row] = wide;
                    }
                }
            }
            if outputs.iter().all(|column| column[row].is_finite()) {
                self.rescued += 1;
                continue;
            }
            self.count += 1;
            if self.first.is_none() {
                let place = match chunk.lines.get(row) {
                    Some(line) => format!("line {line}"),
                    None => format!("row {}", self.before + row as u64 + 1),
                };
                self.first = Some((place, point()));
            }
        }
        self.before += chunk.rows as u64;
    }

    /// What is remarked on them.
    fn note(&self, problem: &Problem, schedule: &Schedule) -> Option<String> {
        let (place, point) = self.first.as_ref()?;
        let place = format!(" ({place})");
        let note = singular_part(&problem.arena, schedule, point, &place)?;
        Some(match self.count {
            1 => note,
            count => format!("{note}; it is the first of {count} rows without a finite value"),
        })
    }
}

/// Evaluates chunk after chunk. The inner error is one of writing.
fn evaluate(
    reader: &mut Reader,
    values: &[Values],
    wanted: &Wanted,
    mut progress: Progress,
    singular: &mut SingularRows,
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
        results.resize_with(wanted.batch.outputs(), Vec::new);
        results
            .iter_mut()
            .for_each(|column: &mut Vec<f64>| column.resize(chunk.rows, 0.0));
        let mut outputs: Vec<&mut [f64]> = results.iter_mut().map(|c| &mut c[..]).collect();
        let done = wanted.batch.run(&inputs, &mut outputs);
        done.expect("columns of a chunk have one length");
        singular.look(&inputs, &mut outputs, &chunk, &wanted.schedule);
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
    let schedule = Schedule::new(&problem.arena, &roots, &problem.variables)?;
    Ok(Wanted {
        names,
        schedule,
        batch,
    })
}

/// A table written as the ending of its name says; `texts` says which columns are no numbers.
pub(super) fn rows_of(
    path: &Path,
    output: Output,
    delimiter: Option<u8>,
    names: Vec<String>,
    texts: Vec<bool>,
) -> Result<Rows<Output>, Failure> {
    Ok(match data::form_of(path) {
        data::Form::Csv => {
            let delimiter = delimiter.unwrap_or_else(|| data::delimiter_of(path));
            Rows::csv(output, delimiter, names)
        }
        data::Form::JsonLines => Rows::json_lines(output, names),
        data::Form::Parquet => {
            let file = path.display().to_string();
            Rows::parquet(output, &file, names, texts).map_err(of_out)?
        }
    })
}

pub(super) fn of_out(error: data::DataError) -> Failure {
    let failure = Failure::new("io", format!("--out {error}"));
    match error.hint() {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}
