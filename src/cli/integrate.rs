//! `gradus integrate`: a mean over random points, times the volume of the box.

mod picture;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::answer::{Answer, point_text};
use super::args::{IntegrateArgs, Report};
use super::failure::Failure;
use super::matrix;
use super::names::{self, Assigned};
use super::over;
use super::problem::Problem;
use super::typeset;
use super::value::{Real, Value, number};
use super::watched::watched;
use crate::expr::{Id, SymbolId, walk};
use crate::lecture::sampling::{self, Integral, Points, Quadrature, SamplingError, quadrature};
use crate::numeric::EvalError;
use crate::program::batch::Batch;
use crate::program::{Backend, Program, ProgramError};
use crate::syntax::{self, print};
use picture::{Pictures, Sampled};

/// Estimates that are this many standard errors off are not so by chance: it happens once in five hundred million times.
const BEYOND_CHANCE: f64 = 6.0;

/// How exact the quadrature beside a one-dimensional estimate is.
const QUADRATURE_TOLERANCE: f64 = 1e-13;

/// The JSON object of the command.
#[derive(Serialize)]
struct Integrated<'a> {
    mean: Real,
    std: Real,
    standard_error: Real,
    interval: [Real; 2],
    samples: u64,
    repeat: u64,
    points: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quadrature: Option<Quadratured>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

#[derive(Serialize)]
struct Quadratured {
    value: Real,
    error: Real,
}

/// Runs the command.
pub fn run(args: &IntegrateArgs) -> Result<Answer, Failure> {
    let over = names::assignments(&args.over, "--over")?
        .into_iter()
        .map(|(name, text)| {
            let (_, [low, high]) = over::ends(&text, &format!("--over {name}"))?;
            Ok((name, (low, high)))
        })
        .collect::<Result<Assigned<(f64, f64)>, Failure>>()?;
    let at = names::assignments(&args.at, "--at")?;
    if let Some((name, _)) = at
        .iter()
        .find(|(name, _)| over.iter().any(|o| o.0 == *name))
    {
        let message = format!("`{name}` is given by --over and by --at");
        return Err(Failure::new("bad_option", message));
    }
    let named: Vec<&str> = (over.iter().map(|(name, _)| name.as_str()))
        .chain(at.iter().map(|(name, _)| name.as_str()))
        .collect();
    let mut problem = Problem::read(&args.expr, &named, &Vec::new())?;
    problem.single("integrate")?;
    problem.note_unused(at.iter().map(|(name, _)| name.as_str()), "");
    let root = with_values(&mut problem, &at)?;
    let pictures = Pictures::open(args)?;
    let bounds: Vec<(f64, f64)> = over.iter().map(|(_, bounds)| *bounds).collect();
    // A variable of the box that does not occur still belongs to its volume.
    let variables: Vec<SymbolId> = over.iter().map(|(name, _)| problem.symbol(name)).collect();
    let options = Backend::Auto.options();
    let program = Program::new(&problem.arena, &[root], &variables, options).map_err(missing)?;
    let batch =
        Batch::new(&program).map_err(|error| Failure::new("needs_complex", error.to_string()))?;
    let points = match args.sobol {
        true => Points::Sobol,
        false => Points::Random,
    };
    let found = watched(args.samples.saturating_mul(args.repeat), |progress| {
        let (samples, repeat, seed) = (args.samples, args.repeat, args.seed);
        sampling::integrate(&batch, &bounds, samples, repeat, seed, points, progress)
    });
    let found = match found {
        Err(SamplingError::Interrupted) => {
            return Ok(Answer {
                notes: vec!["interrupted: there is no estimate".to_owned()],
                unreached: true,
                ..Answer::default()
            });
        }
        found => found.map_err(|error| failure(error, &problem))?,
    };
    let truth = match bounds[..] {
        [(low, high)] => {
            let mut scratch = vec![0.0; program.registers()];
            let value = |x: f64| program.run_in(&[x], &mut scratch)[0];
            let truth = quadrature(value, low, high, QUADRATURE_TOLERANCE);
            let truth = truth.ok().filter(|truth| truth.converged);
            if truth.is_none() {
                let note = "quadrature does not converge: the formula may have a pole in the interval, and no integral";
                problem.notes.push(note.to_owned());
            }
            truth
        }
        _ => None,
    };
    if let Some(truth) = &truth
        && (truth.value - found.mean).abs() > BEYOND_CHANCE * found.standard_error + truth.error
    {
        let note = "quadrature and random points differ by more than chance: one of them may have missed a narrow peak";
        problem.notes.push(note.to_owned());
    }
    let formula = typeset::typeset(&print::text(&problem.arena, root)?);
    let sampled = Sampled {
        batch: &batch,
        bounds: &bounds,
        seed: args.seed,
        formula: &formula,
    };
    let (drawn, remarks) = pictures.draw(args, sampled, truth.as_ref().map(|t| t.value))?;
    problem.notes.extend(remarks);
    let repeat = args.repeat;
    Ok(match args.format {
        Report::Json => {
            let (low, high) = found.interval();
            Answer::json(&Integrated {
                mean: Real(found.mean),
                std: Real(found.std),
                standard_error: Real(found.standard_error),
                interval: [Real(low), Real(high)],
                samples: found.samples,
                repeat,
                points: if args.sobol { "sobol" } else { "random" },
                quadrature: truth.map(|truth| Quadratured {
                    value: Real(truth.value),
                    error: Real(truth.error),
                }),
                notes: &problem.notes,
            })
        }
        Report::Text => Answer {
            out: text(&found, repeat, points, truth) + &drawn,
            notes: problem.notes,
            unreached: false,
        },
    })
}

/// The formula with the values of `--at`, exactly as they are written.
fn with_values(problem: &mut Problem, at: &Assigned<String>) -> Result<Id, Failure> {
    let mut replacements = FxHashMap::default();
    for (name, text) in at {
        // Read apart first: errors are those of every other value.
        Value::read(text, &format!("--at {name}"))?;
        let value = syntax::parse_into(&mut problem.arena, text)
            .map_err(|error| Failure::syntax(error, text, &format!("--at {name}")))?;
        let symbol = problem.symbol(name);
        replacements.insert(problem.arena.symbol_node(symbol), value);
    }
    let roots = walk::substitute(&mut problem.arena, &problem.roots, &replacements);
    Ok(roots[0])
}

/// A variable without interval and value.
fn missing(error: ProgramError) -> Failure {
    match error {
        ProgramError::Eval(EvalError::MissingVariable { name }) => {
            let message = format!("`{name}` has neither an interval nor a value");
            Failure::new("missing_value", message)
                .with_hint(format!("add --over {name}=0:1 or --at {name}=1"))
        }
        other => other.into(),
    }
}

fn failure(error: SamplingError, problem: &Problem) -> Failure {
    let kind = match &error {
        SamplingError::Undefined { .. } => "singular",
        _ => "bad_option",
    };
    let message = match &error {
        SamplingError::Undefined { point, value } => {
            let point: Vec<Value> = point.iter().map(|&x| Value::Real(x)).collect();
            let names = problem.variable_names();
            let place = point_text(names, &point);
            format!("the formula is {} at {place}", number(*value))
        }
        other => other.to_string(),
    };
    let failure = Failure::new(kind, message);
    match error {
        SamplingError::Undefined { .. } => {
            failure.with_hint("choose a box in which it is defined, or use if(..., ..., 0)")
        }
        SamplingError::Interval { low, high, .. } if low != high => failure.with_hint(
            "for an infinite interval substitute: x = t/(1 - t^2) takes -1:1 to all numbers",
        ),
        _ => failure,
    }
}

fn text(found: &Integral, repeat: u64, points: Points, truth: Option<Quadrature>) -> String {
    let line = |label: &str, text: String| (label.to_owned(), text);
    let (low, high) = found.interval();
    let kind = match points {
        Points::Random => "random",
        Points::Sobol => "Sobol",
    };
    let error = found.standard_error;
    let mut lines = vec![line("integral", to_error(found.mean, error))];
    if error.is_finite() {
        let interval = format!("{} to {}", to_error(low, error), to_error(high, error));
        lines.extend([
            line("standard error", two_digits(error)),
            line("95 % interval", interval),
        ]);
    }
    lines.push(line(
        "points",
        format!("{repeat} x {} {kind}", found.samples),
    ));
    if repeat > 1 {
        lines.push(line("spread of an estimate", two_digits(found.std)));
    }
    if let Some(truth) = truth {
        lines.push(line("by quadrature", number(truth.value)));
    }
    matrix::labelled(lines) + "\n"
}

fn two_digits(x: f64) -> String {
    number(format!("{x:.1e}").parse().unwrap_or(x))
}

/// A number to the second digit of its error: what follows means nothing.
fn to_error(x: f64, error: f64) -> String {
    if !(error > 0.0 && error.is_finite()) {
        return number(x);
    }
    let decimals = 1 - error.log10().floor() as i64;
    match usize::try_from(decimals) {
        Ok(decimals) if decimals <= 15 => format!("{x:.decimals$}"),
        Ok(_) => number(x),
        // The error is 100 or more: digits before the point mean nothing either, but leaving them out would mislead.
        Err(_) => format!("{x:.0}"),
    }
}
