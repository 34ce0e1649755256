//! `gradus descend`

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::answer::{Answer, Named, formula_text, singular_note};
use super::args::{DescendArgs, Method, Report};
use super::derive::{Task, derive, point_of};
use super::failure::Failure;
use super::matrix;
use super::names;
use super::problem::Problem;
use super::trace::TraceFile;
use super::value::{Real, Value, number};
use crate::descend::{self, FormulaObjective, GradientDescent, Outcome, Stop, StopReason};
use crate::numeric::Schedule;

/// The exit code of who is interrupted a second time.
const INTERRUPTED_TWICE: i32 = 130;

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
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Runs the command.
pub fn run(args: &DescendArgs) -> Result<Answer, Failure> {
    let bad = |message: &str| Err(Failure::new("bad_option", message));
    if !(args.rate > 0.0 && args.rate.is_finite()) {
        return bad("--rate must be a number above 0");
    }
    if !(args.tolerance >= 0.0 && args.tolerance.is_finite()) {
        return bad("--tolerance must be a number, 0 or above");
    }
    let from = names::values(&args.from, "--from")?;
    let named: Vec<&str> = from.iter().map(|(name, _)| name.as_str()).collect();
    let mut problem = Problem::read(&args.expr, &named, &Vec::new())?;
    let root = problem.single("descend")?;
    problem.note_unused(named, "");
    let variables = problem.variables.clone();
    let start = point_of(&problem.arena, &variables, &from)?;
    let start: Vec<f64> = (start.iter().zip(problem.variable_names()))
        .map(|(value, name)| value.real(name, "--from"))
        .collect::<Result<_, _>>()?;
    let gradient = derive(&mut problem, &Task::Each(1), &variables, true)?.simple;
    let mut objective = FormulaObjective::new(&problem.arena, root, &gradient, &variables)?;
    let mut method: Box<dyn descend::Method> = match args.method {
        Method::GradientDescent => Box::new(GradientDescent { rate: args.rate }),
    };
    let mut trace = match &args.trace {
        None => None,
        Some(path) => Some(TraceFile::create(path, problem.variable_names())?),
    };
    let interrupt = Arc::new(AtomicBool::new(false));
    listen(&interrupt);
    let stop = Stop {
        tolerance: args.tolerance,
        max_iterations: args.max_iterations,
        interrupt: Some(&interrupt),
    };
    let outcome = descend::descend(
        &mut objective,
        &mut *method,
        &start,
        &stop,
        &mut |iteration| {
            if let Some(trace) = &mut trace {
                trace.row(iteration);
            }
        },
    );
    if let Some(trace) = trace {
        trace.finish()?;
    }
    if outcome.stop_reason == StopReason::BadStart {
        let roots: Vec<_> = [root].into_iter().chain(gradient).collect();
        let schedule = Schedule::new(&problem.arena, &roots, &variables)?;
        let point: Vec<Value> = start.iter().map(|&x| Value::Real(x)).collect();
        let note = singular_note(&problem.arena, &schedule, &point);
        problem.notes.extend(note);
    }
    let function = formula_text(&problem.arena, &[root], false)?;
    Ok(match args.format {
        Report::Json => Answer {
            unreached: !outcome.converged,
            ..Answer::json(&Descended {
                function: &function,
                method: method.name(),
                converged: outcome.converged,
                stop_reason: outcome.stop_reason.as_str(),
                iterations: outcome.iterations,
                function_evaluations: outcome.function_evaluations,
                gradient_evaluations: outcome.gradient_evaluations,
                point: Named::new(problem.variable_names(), &outcome.point),
                value: Real(outcome.value),
                gradient_norm: Real(outcome.gradient_norm),
                notes: &problem.notes,
            })
        },
        Report::Text => Answer {
            out: text(&problem, &function, &outcome),
            unreached: !outcome.converged,
            notes: problem.notes,
        },
    })
}

/// The first Ctrl-C ends the descent before its next step, with the answer so far; the second ends the program.
pub(super) fn listen(interrupt: &Arc<AtomicBool>) {
    use signal_hook::{consts::SIGINT, flag};
    // Where no handler can be set, Ctrl-C does what it does to every program.
    let _ = flag::register_conditional_shutdown(SIGINT, INTERRUPTED_TWICE, Arc::clone(interrupt));
    let _ = flag::register(SIGINT, Arc::clone(interrupt));
}

fn text(problem: &Problem, function: &str, outcome: &Outcome) -> String {
    let line = |label: &str, text: String| (label.to_owned(), text);
    let mut lines = vec![
        line("function", function.to_owned()),
        line("steps", outcome.iterations.to_string()),
    ];
    for (name, &x) in problem.variable_names().into_iter().zip(&outcome.point) {
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
