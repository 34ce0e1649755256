//! `gradus fit`

mod report;
mod table;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::answer::Answer;
use super::args::{FitArgs, LossName, Report};
use super::descend::listen;
use super::failure::Failure;
use super::names;
use super::problem;
use super::trace::TraceFile;
use super::value::{Value, number};
use crate::convenience::{MOST_DECIMAL_ROWS, ModelError, Reading, starts};
use crate::descend::Iteration;
use crate::fit::{self, Data, Ended, Fit, FitError, Loss, Model, Options};
use crate::numeric::{Schedule, explain};
use crate::syntax::{did_you_mean, print};
use table::Table;

/// Runs the command.
pub fn run(args: &FitArgs) -> Result<Answer, Failure> {
    let bad = |message: &str| Err(Failure::new("bad_option", message));
    if !(args.confidence > 0.0 && args.confidence < 1.0) {
        return bad("--confidence must be a number between 0 and 1, such as 0.95");
    }
    if args.model == "-" && args.data == Path::new("-") {
        return bad("the model and the table cannot both come from standard input");
    }
    let text = problem::text(&args.model)?;
    let mut table = Table::open(args)?;
    let start = real(names::values(&args.start, "--start")?, "--start")?;
    let bounds = bounds(&args.bounds)?;
    let fixed = names::assignments(&args.fix, "--fix")?;
    let target = (args.target.as_deref())
        .map(|name| names::name(name, "--target"))
        .transpose()?;
    if let Some(target) = &target {
        table.column(target, "--target")?;
    }
    let known: Vec<&str> = (start.iter().map(|(name, _)| name.as_str()))
        .chain(bounds.iter().map(|(name, _)| name.as_str()))
        .chain(fixed.iter().map(|(name, _)| name.as_str()))
        .collect();
    let fixed: Vec<(&str, &str)> = (fixed.iter())
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let reading = Reading::new(&text, target.as_deref(), &table.names(), &known, &fixed);
    let mut reading = reading.map_err(|error| failure(error, &text, &table, args))?;
    let model = (reading.model()).map_err(|error| failure(error, &text, &table, args))?;
    let parameters: Vec<String> = own(reading.parameter_names());
    let place = |error: ModelError, option: &str| misplaced(error, option, &parameters);
    let names: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let given = |pairs: &[(String, f64)]| {
        let pairs: Vec<(&str, f64)> = pairs.iter().map(|(n, x)| (n.as_str(), *x)).collect();
        starts(&names, &table.names(), &pairs)
    };
    let start = given(&start).map_err(|error| place(error, "--start"))?;
    let pairs: Vec<(&str, (f64, f64))> = bounds.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let bounds: Vec<(f64, f64)> = starts(&names, &table.names(), &pairs)
        .map_err(|error| place(error, "--bounds"))?
        .into_iter()
        .map(|bound| bound.unwrap_or((f64::NEG_INFINITY, f64::INFINITY)))
        .collect();

    // Paths that cannot be written are known before the work.
    let mut trace = match &args.trace {
        None => None,
        Some(path) => Some(TraceFile::create(path, names.clone())?),
    };
    let out = table::Residuals::create(args)?;
    let weights = args.weights.as_deref().map(|name| (name, "--weights"));
    let weights = weights.or(args.sigma.as_deref().map(|name| (name, "--sigma")));
    let of_model = own(reading.column_names());
    table.read(&of_model, weights)?;

    let columns: Vec<&[f64]> = (reading.columns.iter())
        .map(|&s| table.values(reading.arena.symbol_name(s)))
        .collect();
    let of_response: Vec<&[f64]> = (reading.response_columns.iter())
        .map(|&s| table.values(reading.arena.symbol_name(s)))
        .collect();
    let decimal = table.rows() <= MOST_DECIMAL_ROWS;
    let (response, tail) = (reading.response(&of_response, decimal))
        .map_err(|error| failure(error, &text, &table, args))?;
    let weights = table.weights(args)?;
    let data = Data {
        weights: weights.as_deref(),
        decimal,
        response_tail: tail.as_deref(),
        ..Data::new(&columns, &response)
    };
    let interrupt = Arc::new(AtomicBool::new(false));
    listen(&interrupt);
    let options = Options {
        tolerance: args.tolerance,
        max_iterations: args.max_iterations,
        bounds: Some(&bounds),
        loss: match args.loss {
            LossName::Squares => Loss::Squares,
            LossName::Huber => Loss::Huber(args.loss_scale),
            LossName::SoftL1 => Loss::SoftL1(args.loss_scale),
            LossName::Cauchy => Loss::Cauchy(args.loss_scale),
        },
        ridge: args.ridge,
        known_errors: args.absolute_sigma,
        interrupt: Some(&interrupt),
        ..Options::default()
    };
    let fit = fit::fit(&model, &data, &start, &options, &mut |step| {
        if let Some(trace) = &mut trace {
            trace.row(&Iteration {
                number: step.number,
                point: step.parameters,
                value: step.objective,
                gradient_norm: step.gradient_norm,
            });
        }
    });
    let fit = fit.map_err(|error| refused(error, &reading, &table, &parameters, args))?;
    if fit.ended == Ended::BadStart {
        return Err(bad_start(&reading, &model, &data, &fit, &table));
    }
    if let Some(trace) = trace {
        trace.finish()?;
    }
    if let Some(out) = out {
        out.write(&model, &data, &fit, &reading, &table)?;
    }
    let profiles: Vec<(f64, f64)> = match args.profile {
        false => Vec::new(),
        true => (0..parameters.len())
            .map(|k| fit::profile_interval(&model, &data, &fit, k, args.confidence, &options))
            .collect(),
    };
    let mut notes: Vec<String> = reading.notes.iter().map(|n| n.message.clone()).collect();
    notes.extend(table.notes());
    notes.extend(report::warnings(&fit, &parameters));
    let model_text = report::model_text(&reading)?;
    let unreached = !fit.converged() || !fit.undetermined.is_empty();
    let report = report::Report {
        model: &model_text,
        names: &parameters,
        fit: &fit,
        confidence: args.confidence,
        fixed: &fixed,
        profiles: &profiles,
        notes: &notes,
    };
    Ok(match args.format {
        Report::Json => Answer {
            unreached,
            ..Answer::json(&report.json())
        },
        Report::Text => Answer {
            out: report.text(),
            unreached,
            notes,
        },
    })
}

fn own(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn real(given: names::Assigned<Value>, option: &str) -> Result<names::Assigned<f64>, Failure> {
    (given.into_iter())
        .map(|(name, value)| {
            let x = value.real(&name, option)?;
            Ok((name, x))
        })
        .collect()
}

/// `b1=0:, b2=:1, b3=0:10`
fn bounds(given: &[String]) -> Result<names::Assigned<(f64, f64)>, Failure> {
    (names::assignments(given, "--bounds")?.into_iter())
        .map(|(name, text)| {
            let Some((low, high)) = text.split_once(':') else {
                let message = format!("--bounds: `{name}={}` is no interval", text.trim());
                return Err(Failure::new("bad_option", message)
                    .with_hint(format!("write {name}=0:1, {name}=0: or {name}=:1")));
            };
            let end = |text: &str, missing: f64| match text.trim() {
                "" => Ok(missing),
                text => Value::read(text, "--bounds")?.real(&name, "--bounds"),
            };
            let (low, high) = (end(low, f64::NEG_INFINITY)?, end(high, f64::INFINITY)?);
            let empty = low > high || low.is_nan() || high.is_nan();
            if empty || low == f64::INFINITY || high == f64::NEG_INFINITY {
                let message = format!("--bounds: no value of `{name}` is in {}", text.trim());
                return Err(Failure::new("bad_option", message));
            }
            Ok((name, (low, high)))
        })
        .collect()
}

fn misplaced(error: ModelError, option: &str, parameters: &[String]) -> Failure {
    let names = || parameters.iter().map(String::as_str);
    match error {
        ModelError::IsColumn { name } => {
            let message = format!("{option}: `{name}` is a column of the table, not a parameter");
            Failure::new("bad_option", message).with_hint(format!(
                "if the parameter is meant, call the column otherwise: --rename {name}=..."
            ))
        }
        ModelError::NotAParameter { name } => {
            let message = format!("{option}: `{name}` is not a parameter of the model");
            let hint = match did_you_mean(&name, names()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("its parameters are {}", parameters.join(", ")),
            };
            Failure::new("bad_option", message).with_hint(hint)
        }
        other => Failure::new("bad_model", other.to_string()),
    }
}

/// What is wrong with the model, for a person.
fn failure(error: ModelError, text: &str, table: &Table, args: &FitArgs) -> Failure {
    let simple = |message: String| Failure::new("bad_model", message);
    match error {
        ModelError::Syntax(error) => Failure::syntax(error, text, "input"),
        ModelError::Calculus(error) => error.into(),
        ModelError::Program(error) => error.into(),
        ModelError::NoTarget => {
            simple(error.to_string()).with_hint("write `y = ...`, or name the column: --target y")
        }
        ModelError::TwoTargets => {
            let target = args.target.as_deref().unwrap_or_default();
            simple(format!("{error}, and --target {target} names another"))
                .with_hint("leave one of them out")
        }
        ModelError::TargetNotColumn { ref name } => {
            let message = format!(
                "{} has no column `{name}`, which the model is to give",
                table.file()
            );
            Failure::new("no_column", message).with_hint(table.hint(name))
        }
        ModelError::TargetIsNumber => {
            simple(error.to_string()).with_hint("write `y = ...` with a column y")
        }
        ModelError::TargetOnRight { .. } => {
            simple(error.to_string()).with_hint("a model gives the column from others")
        }
        ModelError::NoParameters => simple(error.to_string())
            .with_hint("names that are not columns are parameters: y = a + b*x"),
        ModelError::NotAParameter { .. } | ModelError::IsColumn { .. } => {
            misplaced(error, "--fix", &[])
        }
        ModelError::NoColumn { .. } | ModelError::Fit(_) => simple(error.to_string()),
    }
}

/// Why the data or an option are refused, with names.
fn refused(
    error: FitError,
    reading: &Reading,
    table: &Table,
    parameters: &[String],
    args: &FitArgs,
) -> Failure {
    match error {
        FitError::TooFewRows { rows: 0, .. } => {
            Failure::new("bad_data", format!("{} has no rows", table.file()))
        }
        FitError::TooFewRows {
            rows,
            parameters: n,
        } => {
            let s = if rows == 1 { "" } else { "s" };
            let message = format!(
                "{} has {rows} row{s}, which cannot determine {n} parameters ({})",
                table.file(),
                parameters.join(", ")
            );
            Failure::new("bad_data", message).with_hint("hold some of them: --fix NAME=VALUE")
        }
        FitError::StartOutside { parameter, start } => {
            let name = &parameters[parameter];
            let message = format!("--start {name}={}: that is outside --bounds", number(start));
            Failure::new("bad_option", message)
        }
        FitError::StartNotFinite { parameter } => {
            let message = format!("--start {}: that is not finite", parameters[parameter]);
            Failure::new("bad_option", message)
        }
        FitError::DataNotFinite { what, row } => {
            let part = match what {
                fit::DataPart::Column(at) => {
                    format!(
                        "the value of `{}`",
                        reading.arena.symbol_name(reading.columns[at])
                    )
                }
                fit::DataPart::Weight => match &args.sigma {
                    Some(name) => format!("the weight from `{name}`"),
                    None => "the weight".to_owned(),
                },
                fit::DataPart::Response => match print::text(&reading.arena, reading.response) {
                    Ok(text) => format!("the value of `{text}`"),
                    Err(_) => "the left side of the model".to_owned(),
                },
            };
            let message = format!(
                "{}, {}: {part} is not finite",
                table.file(),
                table.place(row)
            );
            Failure::new("bad_data", message).with_hint(
                "leave the row out of the table, or empty the field and use --missing drop",
            )
        }
        FitError::NegativeWeight { row } => {
            let message = format!(
                "{}, {}: the weight is negative",
                table.file(),
                table.place(row)
            );
            Failure::new("bad_data", message)
        }
        FitError::BadOption(message) => Failure::new("bad_option", message),
        other => Failure::new("bad_model", other.to_string()),
    }
}

/// Which part of the model has no value at the start, and in which row.
fn bad_start(
    reading: &Reading,
    model: &Model,
    data: &Data<'_>,
    fit: &Fit,
    table: &Table,
) -> Failure {
    let at = || {
        let names = reading.parameter_names();
        let parts = names.iter().zip(&fit.parameters);
        let parts: Vec<String> = parts.map(|(n, b)| format!("{n}={}", number(*b))).collect();
        parts.join(", ")
    };
    let hint = "choose another start: --start NAME=VALUE,...";
    let Some(row) = fit::first_singular_row(model, data, &fit.parameters) else {
        let message = format!(
            "the squares of the residuals overflow at the start ({})",
            at()
        );
        return Failure::new("bad_start", message).with_hint(hint);
    };
    let point: Vec<f64> = (data.columns.iter().map(|column| column[row]))
        .chain(fit.parameters.iter().copied())
        .collect();
    let variables = [&reading.columns[..], &reading.parameters[..]].concat();
    let schedule = Schedule::new(&reading.arena, &[reading.value], &variables);
    let singularity = schedule.ok().and_then(|s| explain(&s, &point));
    let part = match singularity {
        Some(found) => {
            let part = match print::text(&reading.arena, found.node) {
                Ok(text) if text.len() <= 60 => format!("`{text}`"),
                _ => "a part of the model".to_owned(),
            };
            format!("{part} has no finite value: {}", found.kind)
        }
        None => "a derivative of the model has no finite value".to_owned(),
    };
    let message = format!(
        "{}, {}: {part} at the start ({})",
        table.file(),
        table.place(row),
        at()
    );
    Failure::new("bad_start", message).with_hint(hint)
}
