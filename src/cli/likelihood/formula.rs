//! Any density: read, maximised, told.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::report::{Descended, Estimated, Parameter};
use crate::cli::answer::{Answer, point_text};
use crate::cli::args::LikelihoodArgs;
use crate::cli::binding::{column_names, listed, note_numbers, place_of, slip};
use crate::cli::bounds;
use crate::cli::failure::Failure;
use crate::cli::names::{self, Assigned};
use crate::cli::problem;
use crate::cli::reading::{self, Progress};
use crate::cli::value::{Value, number};
use crate::cli::{interrupt, over_rows};
use crate::convenience::{Gives, Likelihood, LikelihoodError, typical};
use crate::descend::rows::{Rows, RowsObjective};
use crate::descend::{Bounds, Kind, StopReason};
use crate::fit::data::{DEFAULT_MEMORY, Reader, Table};
use crate::lecture::likelihood::{Maximum, Search, maximise};
use crate::syntax::did_you_mean;

/// Runs the command.
pub fn run(args: &LikelihoodArgs, density: &OsStr) -> Result<Answer, Failure> {
    let data = args.data.as_deref().unwrap_or(Path::new("-"));
    if density == "-" && data == Path::new("-") {
        let message = "the density and the table cannot both come from standard input";
        return Err(Failure::new("bad_option", message));
    }
    let text = problem::text(density)?;
    let start: Assigned<f64> = (names::values(&args.start, "--start")?.into_iter())
        .map(|(name, value)| {
            let x = value.real(&name, "--start")?;
            Ok((name, x))
        })
        .collect::<Result<_, Failure>>()?;
    let bounds = bounds::read(&args.bounds)?;
    let mut reader = reading::open(data, &args.reading)?;
    let columns = column_names(&reader, &args.reading.rename)?;
    let known: Vec<&str> = columns.iter().map(String::as_str).collect();
    let variables: Vec<&str> = (start.iter().map(|(name, _)| name.as_str()))
        .chain(bounds.iter().map(|(name, _)| name.as_str()))
        .collect();
    let gives = match args.log {
        true => Gives::LogDensity,
        false => Gives::Density,
    };
    let likelihood = Likelihood::parse(&text, &known, &variables, gives)
        .map_err(|error| failure(error, &text, &reader))?;
    let parameters = likelihood.parameters();
    let given: Vec<&str> = names::parts(&args.given);
    for name in &given {
        place_of(name, &columns, &reader, "--given")?;
    }
    let start = by_parameter(&start, "--start", &parameters, &columns, &reader)?;
    let bounds = match bounds.is_empty() {
        true => None,
        false => {
            let ends = by_parameter(&bounds, "--bounds", &parameters, &columns, &reader)?;
            let free = (f64::NEG_INFINITY, f64::INFINITY);
            let (lower, upper) = ends.into_iter().map(|end| end.unwrap_or(free)).unzip();
            Some(Bounds::new(lower, upper).map_err(|e| Failure::new("bad_option", e.to_string()))?)
        }
    };
    let mut notes: Vec<String> = (likelihood.notes().iter())
        .map(|note| note.message.clone())
        .collect();
    notes.extend(note_numbers(&text, &parameters, &columns));
    notes.extend(misspelt(&parameters, &variables, &columns));

    let place = |name: &&str| columns.iter().position(|c| c == name).expect("a column");
    let chosen: Vec<usize> = likelihood.columns().iter().map(place).collect();
    reader.choose(&chosen, false);
    let mut progress = Progress::new(data, true);
    let watch = &mut |bytes| progress.at(bytes);
    let mut table = Table::read(&mut reader, DEFAULT_MEMORY, watch)?;
    drop(progress);
    notes.extend(reading::dropped_note(&reader));
    notes.extend(over_rows::look_at(&table, likelihood.loss(), &reader)?);
    let (rows, places) = (table.count() as u64, table.places().clone());
    let typical = typical(&mut table);
    let mut objective =
        (likelihood.objective(table)).map_err(|error| failure(error, &text, &reader))?;
    let place = |row: usize| format!("{}, {}", reader.file(), places.of(row));
    let Some(start) = likelihood.start(&mut objective, &start, &typical) else {
        let start: Vec<f64> = start.iter().map(|x| x.unwrap_or(1.0)).collect();
        return Err(bad_start(&likelihood, &mut objective, &start, args, place));
    };
    let interrupt = Arc::new(AtomicBool::new(false));
    interrupt::sets(&interrupt);
    let search = Search {
        bounds: bounds.as_ref(),
        tolerance: args.tolerance,
        max_iterations: args.max_iterations,
        interrupt: Some(&interrupt),
    };
    let found = maximise(&mut objective, rows, &start, &search);
    if let Some(error) = objective.take_failure() {
        return Err(Failure::new("io", error.to_string()));
    }
    if found.stop_reason == StopReason::BadStart {
        return Err(bad_start(&likelihood, &mut objective, &start, args, place));
    }
    notes.extend(warnings(&found, &parameters));
    let expected = (likelihood.information_is_expected(&given))
        .map_err(|error| failure(error, &text, &reader))?;
    let n = parameters.len();
    let estimated = Estimated {
        head: ("log density", likelihood.log_density()?),
        parameters: (parameters.iter().enumerate())
            .map(|(k, name)| Parameter {
                name: (*name).to_owned(),
                value: found.parameters[k],
                std_error: found.std_error(k),
                interval: found.interval(k, args.confidence),
            })
            .collect(),
        confidence: args.confidence,
        rows,
        log_likelihood: found.log_likelihood,
        fitted_numbers: found.fitted_numbers(),
        information_is_expected: expected,
        unreached: !found.is_sound(),
        descended: Some(Descended {
            stop_reason: found.stop_reason.as_str(),
            converged: found.converged,
            iterations: found.iterations,
            verdict: found.kind.map(verdict),
            covariance: (0..n)
                .map(|a| (0..n).map(|b| found.covariance(a, b)).collect())
                .collect(),
            method: found.method,
        }),
        notes,
    };
    Ok(estimated.answer(args.format))
}

/// A point of the likelihood, which is turned round to be descended.
fn verdict(kind: Kind) -> &'static str {
    match kind {
        Kind::Minimum => "maximum",
        Kind::Maximum => "minimum",
        Kind::Saddle => "saddle",
        Kind::Undetermined => "undetermined",
    }
}

/// Parameters that nobody named, and that are nearly columns.
fn misspelt(parameters: &[&str], named: &[&str], columns: &[String]) -> Vec<String> {
    /// Shorter names are all near each other.
    const LONG: usize = 4;
    let doubtful = |name: &&&str| name.len() >= LONG && !named.contains(*name);
    (parameters.iter().filter(doubtful))
        .filter_map(|name| {
            let meant = did_you_mean(name, columns.iter().map(String::as_str))?;
            Some(format!(
                "`{name}` is no column, and so a parameter; did you mean `{meant}`?"
            ))
        })
        .collect()
}

/// What an option gives by name, in the order of the parameters.
fn by_parameter<T: Copy>(
    given: &Assigned<T>,
    option: &str,
    parameters: &[&str],
    columns: &[String],
    reader: &Reader,
) -> Result<Vec<Option<T>>, Failure> {
    let mut values = vec![None; parameters.len()];
    for (name, value) in given {
        if let Some(at) = parameters.iter().position(|p| p == name) {
            values[at] = Some(*value);
            continue;
        }
        if columns.contains(name) {
            let message = format!("{option}: `{name}` is a column of {}", reader.file());
            let hint =
                format!("to make it a parameter, call the column otherwise: --rename {name}=...");
            return Err(Failure::new("bad_option", message).with_hint(hint));
        }
        let message = format!("{option}: `{name}` is no parameter of the density");
        let hint = match did_you_mean(name, parameters.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its parameters are {}", parameters.join(", ")),
        };
        return Err(Failure::new("bad_option", message).with_hint(hint));
    }
    Ok(values)
}

/// Which row has no density at the start, and what the formula gives there.
fn bad_start(
    likelihood: &Likelihood,
    objective: &mut RowsObjective,
    start: &[f64],
    args: &LikelihoodArgs,
    place: impl Fn(usize) -> String,
) -> Failure {
    let values = |x: &[f64]| x.iter().map(|&x| Value::Real(x)).collect::<Vec<_>>();
    let parameters = likelihood.parameters();
    let at = point_text(parameters.iter().copied(), &values(start));
    let hint = match args.start.is_empty() {
        true => "give a start at which every row has a density above 0: --start a=1",
        false => "choose a start at which every row has a density above 0",
    };
    let row = objective.spoilt(start).ok().flatten().and_then(|s| s.row);
    let Some(row) = row else {
        let message = format!("the log-likelihood is not finite at the start ({at})");
        return Failure::new("bad_start", message).with_hint(hint);
    };
    let columns = likelihood.columns();
    let there = point_text(columns.iter().copied(), &values(&row.columns));
    let place = place(row.at);
    let given = (likelihood.at(&row.columns, start)).unwrap_or(f64::NAN);
    if args.log {
        let message = format!(
            "{place}: the logarithm of the density, or a derivative of it, is not finite at {there} and the start ({at})"
        );
        return Failure::new("bad_start", message).with_hint(hint);
    }
    let value = number(given);
    if given < 0.0 {
        let message = format!(
            "{place}: the density is {value} at {there} and the start ({at}), and none may be below 0"
        );
        let hint = "is the formula a density there? Give another start by --start, or keep parameters where it is by --bounds";
        return Failure::new("not_a_density", message).with_hint(hint);
    }
    let what = match given > 0.0 && given.is_finite() {
        true => "the logarithm of the density has no finite value or slope".to_owned(),
        false => format!("the density is {value}"),
    };
    let message = format!("{place}: {what} at {there} and the start ({at})");
    Failure::new("bad_start", message).with_hint(match given {
        0.0 => "a row of probability 0 makes the whole table impossible: choose a start under which it is possible",
        _ => hint,
    })
}

/// What should be known of an estimate before it is believed.
fn warnings(found: &Maximum, names: &[&str]) -> Vec<String> {
    let mut notes = Vec::new();
    let mut sets = found.undetermined.clone();
    sets.sort();
    sets.dedup();
    for set in &sets {
        let list: Vec<String> = set.iter().map(|&k| format!("`{}`", names[k])).collect();
        notes.push(match &set[..] {
            [one] => format!(
                "the data do not determine `{}`: the likelihood does not change with it",
                names[*one]
            ),
            _ => format!(
                "the data do not determine {} one by one: other values of them make the table as probable",
                list.join(", ")
            ),
        });
    }
    for &k in &found.at_bound {
        notes.push(format!(
            "`{}` ended at its bound {}: it has no standard error, and the others are for that value",
            names[k],
            number(found.parameters[k])
        ));
    }
    match (found.stop_reason, found.kind) {
        (StopReason::Interrupted, _) => notes.push("interrupted: this is no maximum".to_owned()),
        (_, Some(Kind::Saddle | Kind::Maximum)) => notes.push(
            "this is no maximum: the likelihood rises in some directions; start elsewhere (--start)".to_owned(),
        ),
        (StopReason::Stuck, _) => notes.push(
            "the likelihood has an edge at the best point that was found, or grows without end beside it: there are no standard errors"
                .to_owned(),
        ),
        _ if !found.converged => notes.push(
            "no maximum was found: does the formula integrate to 1 whatever its parameters are? Bounds may help, such as \
             --bounds s=0.01:"
                .to_owned(),
        ),
        _ => {}
    }
    notes
}

/// What is wrong with the density.
fn failure(error: LikelihoodError, text: &str, reader: &Reader) -> Failure {
    match error {
        LikelihoodError::Formula(error) => over_rows::failure(error, text, "likelihood"),
        LikelihoodError::Reduction(_) => Failure::new("unexpected", error.to_string())
            .with_hint("the sum over the rows is taken for you: write the density of one row"),
        LikelihoodError::NoParameters => Failure::new("no_parameters", error.to_string())
            .with_hint("names that are no columns are parameters: a*exp(-a*x)"),
        LikelihoodError::NoColumns(names) => {
            let columns = reader.columns();
            let hint = names.iter().find_map(|name| slip(name, columns));
            let message = format!("no column of {} occurs in the density", reader.file());
            Failure::new("no_column", message).with_hint(hint.unwrap_or_else(|| listed(columns)))
        }
        other => Failure::new("bad_input", other.to_string()),
    }
}
