//! What is wrong with the model, the data or the start of `gradus fit`, with the names that a person knows.

use super::columns;
use super::table::Table;
use crate::cli::args::FitArgs;
use crate::cli::failure::Failure;
use crate::cli::value::number;
use crate::convenience::{ModelError, Reading};
use crate::fit::{self, Data, Fit, FitError, Model};
use crate::numeric::{Schedule, explain};
use crate::syntax::{did_you_mean, print};

/// An option that names what is no parameter.
pub fn misplaced(error: ModelError, option: &str, parameters: &[String]) -> Failure {
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
                None if parameters.is_empty() => "the model has none".to_owned(),
                None => format!("its parameters are {}", parameters.join(", ")),
            };
            Failure::new("bad_option", message).with_hint(hint)
        }
        other => Failure::new("bad_model", other.to_string()),
    }
}

/// What is wrong with the model, for a person.
pub fn failure(error: ModelError, text: &str, table: &Table, args: &FitArgs) -> Failure {
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
        ModelError::NoParameters if !args.fix.is_empty() => {
            simple("there is nothing to fit: --fix holds all parameters".to_owned())
                .with_hint("leave one of them out of --fix")
        }
        ModelError::NoParameters => simple(error.to_string())
            .with_hint("names that are not columns are parameters: y = a + b*x"),
        ModelError::NotAParameter { .. } | ModelError::IsColumn { .. } => {
            misplaced(error, "--fix", &parameters(text, table, args))
        }
        ModelError::NoColumn { .. } | ModelError::Fit(_) => simple(error.to_string()),
    }
}

/// The parameters of the model with none of them held; none if it has none, or cannot be read.
fn parameters(text: &str, table: &Table, args: &FitArgs) -> Vec<String> {
    match Reading::new(text, args.target.as_deref(), &table.names(), &[], &[]) {
        Ok(reading) => super::own(reading.parameter_names()),
        Err(_) => Vec::new(),
    }
}

/// Why the data or an option are refused, with names.
pub fn refused(
    error: FitError,
    reading: &Reading,
    table: &Table,
    parameters: &[String],
    args: &FitArgs,
) -> Failure {
    match error {
        FitError::TooFewRows { rows: 0, .. } => Failure::new("bad_data", table.no_rows()),
        FitError::TooFewRows {
            rows,
            parameters: n,
        } => {
            let s = if rows == 1 { "" } else { "s" };
            let counted = match table.is_weighted() {
                true => " of a weight above 0",
                false => "",
            };
            let message = format!(
                "{} has {rows} row{s}{counted}, which cannot determine {n} parameters ({})",
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
        FitError::ModelNotFinite { row } => {
            let mut point: Vec<f64> = columns(reading, table).iter().map(|c| c[row]).collect();
            // Where a parameter is 0, 0*log(0) might pass for 0.
            point.resize(point.len() + parameters.len(), 1.0);
            let message = format!(
                "{}, {}: {}",
                table.file(),
                table.place(row),
                singular_part(reading, &point)
            );
            Failure::new("bad_data", message).with_hint(
                "leave the row out of the table, or choose a model that is defined there",
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
        FitError::NoWeight => {
            let column = args.weights.as_deref().or(args.sigma.as_deref());
            let column = column.map_or_else(String::new, |name| format!(" `{name}`"));
            let message = format!("{}: all weights{column} are 0: no row counts", table.file());
            Failure::new("bad_data", message)
        }
        FitError::BadOption(message) => Failure::new("bad_option", message),
        other => Failure::new("bad_model", other.to_string()),
    }
}

/// Which part of the model has no value at the start, and in which row.
pub fn bad_start(
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
    let message = format!(
        "{}, {}: {} at the start ({})",
        table.file(),
        table.place(row),
        singular_part(reading, &point),
        at()
    );
    Failure::new("bad_start", message).with_hint(hint)
}

/// Which part of the model has no value for these columns and parameters, and why.
fn singular_part(reading: &Reading, point: &[f64]) -> String {
    let variables = [&reading.columns[..], &reading.parameters[..]].concat();
    let schedule = Schedule::new(&reading.arena, &[reading.value], &variables);
    match schedule.ok().and_then(|s| explain(&s, point)) {
        Some(found) => {
            let part = match print::text(&reading.arena, found.node) {
                Ok(text) if text.len() <= 60 => format!("`{text}`"),
                _ => "a part of the model".to_owned(),
            };
            format!("{part} has no finite value: {}", found.kind)
        }
        None => "a derivative of the model has no finite value".to_owned(),
    }
}
