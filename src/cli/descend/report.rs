//! The answer of the command.

use serde::Serialize;

use super::bounds;
use super::goal::Goal;
use crate::cli::answer::{Answer, Named};
use crate::cli::args::Report;
use crate::cli::matrix;
use crate::cli::value::{Real, number};
use crate::descend::{Bounds, Kind, Outcome, StopReason, Verdict, verdict, verdict_within};

/// The JSON object of the command.
#[derive(Serialize)]
struct Descended<'a> {
    function: &'a str,
    method: &'a str,
    /// False, too, where it ended with its epochs, which is no failure: see the reason.
    converged: bool,
    stop_reason: &'a str,
    iterations: u64,
    function_evaluations: u64,
    gradient_evaluations: u64,
    hessian_evaluations: u64,
    hessian_products: u64,
    point: Named<'a>,
    value: Real,
    gradient_norm: Real,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<usize>,
    /// What the second derivatives say of the point, by the variables that no bound holds; null where there are none, or
    /// where it is not stationary.
    verdict: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    eigenvalues: Vec<Real>,
    /// Of `--bounds`, the variables that have come to one.
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    at_bounds: &'a [&'a str],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Tells the outcome.
pub fn answer(
    format: Report,
    mut goal: Goal,
    method: &str,
    bounds: Option<&Bounds>,
    outcome: &Outcome,
) -> Answer {
    let verdict = match (outcome.converged, bounds) {
        (true, None) => verdict(&mut *goal.objective, &outcome.point),
        (true, Some(bounds)) => verdict_within(bounds, &mut *goal.objective, &outcome.point),
        // Second derivatives say nothing of a point that is not stationary.
        (false, _) => None,
    };
    let kind = verdict.as_ref().map(|verdict| verdict.kind);
    goal.notes.extend(remark(kind).map(str::to_owned));
    let held = match bounds {
        Some(bounds) => bounds::held(bounds, &goal, &outcome.point),
        None => Vec::new(),
    };
    let is_no_minimum = matches!(kind, Some(Kind::Saddle | Kind::Maximum));
    let answer = match format {
        Report::Json => Answer::json(&Descended {
            function: &goal.function,
            method,
            converged: outcome.converged,
            stop_reason: outcome.stop_reason.as_str(),
            iterations: outcome.iterations,
            function_evaluations: outcome.function_evaluations,
            gradient_evaluations: outcome.gradient_evaluations,
            hessian_evaluations: outcome.hessian_evaluations,
            hessian_products: outcome.hessian_products,
            point: Named::new(goal.names.iter().map(String::as_str), &outcome.point),
            value: Real(outcome.value),
            gradient_norm: Real(outcome.gradient_norm),
            rows: goal.rows,
            verdict: kind.map(Kind::as_str),
            eigenvalues: eigenvalues(verdict.as_ref()),
            at_bounds: &held,
            notes: &goal.notes,
        }),
        Report::Text => Answer {
            out: text(&goal, method, outcome, kind, &held),
            notes: goal.notes.clone(),
            ..Answer::default()
        },
    };
    Answer {
        unreached: has_failed(outcome) || is_no_minimum,
        ..answer
    }
}

/// Did it end without what was asked for? All epochs done is no failure, though nothing says that it has converged.
fn has_failed(outcome: &Outcome) -> bool {
    !outcome.converged && outcome.stop_reason != StopReason::EpochsDone
}

/// What a user should know of such a point.
fn remark(kind: Option<Kind>) -> Option<&'static str> {
    match kind? {
        Kind::Minimum | Kind::Undetermined => None,
        Kind::Saddle => Some(
            "this is a saddle: the function falls in some directions; start elsewhere, or try --method newton",
        ),
        Kind::Maximum => Some(
            "this is no minimum: the function falls in all directions; start elsewhere, or try --method newton",
        ),
    }
}

fn eigenvalues(verdict: Option<&Verdict>) -> Vec<Real> {
    let list = verdict.map(|verdict| verdict.eigenvalues.as_slice());
    list.unwrap_or_default().iter().map(|&l| Real(l)).collect()
}

fn text(goal: &Goal, method: &str, outcome: &Outcome, kind: Option<Kind>, held: &[&str]) -> String {
    let line = |label: &str, text: String| (label.to_owned(), text);
    let mut lines = vec![
        line("function", goal.function.clone()),
        line("method", method.to_owned()),
        line("steps", outcome.iterations.to_string()),
        line("evaluations", evaluations(outcome)),
    ];
    if let Some(rows) = goal.rows {
        lines.insert(1, line("rows", rows.to_string()));
    }
    let reached = match (outcome.converged, kind) {
        (false, _) | (true, Some(Kind::Undetermined)) => "reached",
        (true, Some(Kind::Saddle)) => "saddle at",
        (true, Some(Kind::Maximum)) => "maximum at",
        (true, Some(Kind::Minimum) | None) => "minimum at",
    };
    for (name, &x) in goal.names.iter().zip(&outcome.point) {
        lines.push((format!("{reached} {name}"), number(x)));
    }
    if !held.is_empty() {
        lines.push(line("at a bound", held.join(", ")));
    }
    lines.push(line("value", number(outcome.value)));
    lines.push(line("gradient norm", number(outcome.gradient_norm)));
    lines.push(line("stopped", outcome.stop_reason.as_str().to_owned()));
    if has_failed(outcome) {
        lines.push(line("converged", "no".to_owned()));
    }
    matrix::labelled(lines) + "\n"
}

/// `25 values, 12 gradients`
fn evaluations(outcome: &Outcome) -> String {
    let parts = [
        (outcome.function_evaluations, "value"),
        (outcome.gradient_evaluations, "gradient"),
        (outcome.hessian_evaluations, "Hessian"),
        (outcome.hessian_products, "Hessian product"),
    ];
    let texts: Vec<String> = (parts.iter().filter(|(count, _)| *count > 0))
        .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    texts.join(", ")
}
