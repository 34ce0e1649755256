//! The answer of the command.

use serde::Serialize;

use super::goal::Goal;
use crate::cli::answer::{Answer, Named};
use crate::cli::args::Report;
use crate::cli::matrix;
use crate::cli::value::{Real, number};
use crate::descend::Outcome;

/// The JSON object of the command.
#[derive(Serialize)]
struct Descended<'a> {
    function: &'a str,
    method: &'a str,
    converged: bool,
    stop_reason: &'a str,
    iterations: u64,
    function_evaluations: u64,
    gradient_evaluations: u64,
    point: Named<'a>,
    value: Real,
    gradient_norm: Real,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<usize>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Tells the outcome.
pub fn answer(format: Report, goal: Goal, method: &str, outcome: &Outcome) -> Answer {
    match format {
        Report::Json => Answer {
            unreached: !outcome.converged,
            ..Answer::json(&Descended {
                function: &goal.function,
                method,
                converged: outcome.converged,
                stop_reason: outcome.stop_reason.as_str(),
                iterations: outcome.iterations,
                function_evaluations: outcome.function_evaluations,
                gradient_evaluations: outcome.gradient_evaluations,
                point: Named::new(goal.names.iter().map(String::as_str), &outcome.point),
                value: Real(outcome.value),
                gradient_norm: Real(outcome.gradient_norm),
                rows: goal.rows,
                notes: &goal.notes,
            })
        },
        Report::Text => Answer {
            out: text(&goal, outcome),
            unreached: !outcome.converged,
            notes: goal.notes,
        },
    }
}

fn text(goal: &Goal, outcome: &Outcome) -> String {
    let line = |label: &str, text: String| (label.to_owned(), text);
    let mut lines = vec![
        line("function", goal.function.clone()),
        line("steps", outcome.iterations.to_string()),
    ];
    if let Some(rows) = goal.rows {
        lines.insert(1, line("rows", rows.to_string()));
    }
    for (name, &x) in goal.names.iter().zip(&outcome.point) {
        let label = match outcome.converged {
            true => format!("minimum at {name}"),
            false => format!("reached {name}"),
        };
        lines.push((label, number(x)));
    }
    lines.push(line("value", number(outcome.value)));
    lines.push(line("gradient norm", number(outcome.gradient_norm)));
    lines.push(line("stopped", outcome.stop_reason.as_str().to_owned()));
    if !outcome.converged {
        lines.push(line("converged", "no".to_owned()));
    }
    matrix::labelled(lines) + "\n"
}
