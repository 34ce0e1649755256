//! `gradus check`

use serde::Serialize;

use super::answer::{Answer, Named, point_text, singular_note};
use super::args::{CheckArgs, Report};
use super::derive::{Task, derive, point_of};
use super::failure::Failure;
use super::matrix;
use super::names;
use super::problem::Problem;
use super::value::{Real, Value, number};
use crate::expr::SymbolId;
use crate::numeric::{self, Check, EvalError, Road, Schedule, Verdict};

/// How many points are looked at when none is given.
const SAMPLES: usize = 3;

/// Runs the command.
pub fn run(args: &CheckArgs) -> Result<Answer, Failure> {
    let at = names::values(&args.at, "--at")?;
    let named: Vec<&str> = at.iter().map(|(name, _)| name.as_str()).collect();
    let mut problem = Problem::read(&args.expr, &named, &Vec::new())?;
    let root = problem.single("check")?;
    problem.note_unused(named, "");
    let variables = problem.variables.clone();
    let function = Schedule::new(&problem.arena, &[root], &variables)?;
    let gradient = derive(&mut problem, &Task::Each(1), &variables, true)?.simple;
    let gradient = Schedule::new(&problem.arena, &gradient, &variables)?;
    if function.needs_complex() || gradient.needs_complex() {
        return Err(EvalError::NeedsComplex.into());
    }
    let (points, sampled) = match args.at.is_empty() {
        true => (samples(&function, &gradient), true),
        false => {
            let point = point_of(&problem.arena, &variables, &at)?;
            (vec![real(&problem, &point)?], false)
        }
    };
    let checks: Vec<(Vec<f64>, Check)> = (points.into_iter())
        .map(|point| {
            let check = numeric::check(&function, &gradient, &point);
            (point, check)
        })
        .collect();
    if variables.is_empty() {
        let note = "the formula has no variables: there is nothing to check";
        problem.notes.push(note.to_owned());
    } else if checks.is_empty() {
        let note = "no point was found where the formula can be checked: name one with --at";
        problem.notes.push(note.to_owned());
    }
    for (point, check) in &checks {
        if check.singularity.is_some() {
            let point: Vec<Value> = point.iter().map(|&x| Value::Real(x)).collect();
            let note = singular_note(&problem.arena, &function, &point)
                .or_else(|| singular_note(&problem.arena, &gradient, &point));
            problem.notes.extend(note);
        }
    }
    let verdict = verdict(&checks);
    let nowhere = sampled && checks.is_empty() && !variables.is_empty();
    let unreached = verdict == Verdict::Disagrees || nowhere;
    if args.format == Report::Json {
        return Ok(Answer {
            unreached,
            ..json(&problem, &checks, verdict)?
        });
    }
    Ok(Answer {
        out: text(&problem, &variables, &checks, verdict),
        notes: problem.notes,
        unreached,
    })
}

/// The point as real numbers.
fn real(problem: &Problem, point: &[Value]) -> Result<Vec<f64>, Failure> {
    let number = |(value, name): (&Value, &str)| value.real(name, "--at");
    point
        .iter()
        .zip(problem.variable_names())
        .map(number)
        .collect()
}

/// Points where a derivative can be compared: always the same ones, spread over a few boxes, with short coordinates.
fn samples(function: &Schedule, gradient: &Schedule) -> Vec<Vec<f64>> {
    const BOXES: [(f64, f64); 6] = [
        (0.5, 2.0),
        (-2.0, 2.0),
        (0.0, 1.0),
        (2.0, 10.0),
        (-1.0, 0.0),
        (10.0, 100.0),
    ];
    const TRIES: u32 = 120;
    let dimension = function.variables().len();
    // Multiples of the golden ratio, taken as fractions, fill an interval evenly; each variable starts elsewhere.
    let fraction = |k: u32, i: usize| {
        let turn = f64::from(k + 1) * 0.618_033_988_749_895 + (i as f64 + 1.0) * 0.324_717_957;
        turn.fract()
    };
    let mut found = Vec::new();
    if dimension == 0 {
        return found;
    }
    for k in 0..TRIES {
        let (low, high) = BOXES[k as usize % BOXES.len()];
        let coordinate = |i| ((low + (high - low) * fraction(k, i)) * 100.0).round() / 100.0;
        let point: Vec<f64> = (0..dimension).map(coordinate).collect();
        let check = numeric::check(function, gradient, &point);
        if matches!(check.verdict, Verdict::Agrees | Verdict::Disagrees) {
            found.push(point);
        }
        if found.len() == SAMPLES {
            break;
        }
    }
    found
}

/// Disagrees if it does at one point, else agrees if it does at one.
fn verdict(checks: &[(Vec<f64>, Check)]) -> Verdict {
    let any = |verdict| checks.iter().any(|(_, check)| check.verdict == verdict);
    [Verdict::Disagrees, Verdict::Agrees, Verdict::Singular]
        .into_iter()
        .find(|&verdict| any(verdict))
        .unwrap_or(Verdict::NotComparable)
}

fn text(
    problem: &Problem,
    variables: &[SymbolId],
    checks: &[(Vec<f64>, Check)],
    verdict: Verdict,
) -> String {
    let mut out = String::new();
    for (point, check) in checks {
        let values: Vec<Value> = point.iter().map(|&x| Value::Real(x)).collect();
        let place = point_text(problem.variable_names(), &values);
        out.push_str(&format!("at {place}: f = {}\n", number(check.value)));
        let mut head = vec!["".to_owned(), "symbolic".to_owned()];
        let roads = [Road::Dual, Road::ComplexStep, Road::FiniteDifference];
        head.extend(roads.map(|road| road.as_str().to_owned()));
        let mut lines = vec![head];
        for (variable, &symbol) in check.variables.iter().zip(variables) {
            let name = problem.arena.symbol_name(symbol);
            let mut line = vec![format!("d/d{name}"), number(variable.symbolic)];
            line.extend(variable.roads.iter().map(|road| match road.digits {
                // Below half a digit there is none, and no minus before it.
                Some(digits) if digits < 0.5 => "0 digits".to_owned(),
                Some(digits) => format!("{digits:.0} digits"),
                None => "-".to_owned(),
            }));
            line.push(variable.verdict.as_str().to_owned());
            lines.push(line);
        }
        out.push_str(&matrix::table(&lines));
        out.push('\n');
    }
    let count = checks.len();
    let points = if count == 1 { "point" } else { "points" };
    match (verdict, count) {
        (_, 0) => out.push_str("nothing compared\n"),
        (Verdict::Agrees, _) => out.push_str(&format!("all roads agree at {count} {points}\n")),
        (Verdict::Disagrees, _) => {
            out.push_str("THE ROADS DISAGREE\n");
            for (variable, roads) in disagreeing(problem, checks) {
                out.push_str(&format!("d/d{variable}: {roads}\n"));
            }
        }
        (Verdict::Singular, _) => out.push_str(&nothing_finite(problem, checks)),
        (Verdict::NotComparable, _) => out.push_str("no road says anything here\n"),
    }
    out
}

/// Which derivatives have no finite value, where others have.
fn nothing_finite(problem: &Problem, checks: &[(Vec<f64>, Check)]) -> String {
    let variables = || checks.iter().flat_map(|(_, check)| &check.variables);
    let mut singular: Vec<String> = (variables().filter(|v| v.verdict == Verdict::Singular))
        .map(|v| format!("d/d{}", problem.arena.symbol_name(v.variable)))
        .collect();
    let others = singular.len() < variables().count();
    singular.dedup();
    match others && variables().all(|v| matches!(v.verdict, Verdict::Singular | Verdict::Agrees)) {
        true => format!("not finite: {}; all else agrees\n", singular.join(", ")),
        false => "there is nothing finite to compare\n".to_owned(),
    }
}

/// The derivatives that were not confirmed, with what the roads found instead.
fn disagreeing<'p>(problem: &'p Problem, checks: &[(Vec<f64>, Check)]) -> Vec<(&'p str, String)> {
    let variables = checks.iter().flat_map(|(_, check)| &check.variables);
    (variables.filter(|v| v.verdict == Verdict::Disagrees))
        .map(|v| {
            let found = (v.roads.iter())
                .map(|road| format!("{} {}", road.road.as_str(), number(road.value)));
            let name = problem.arena.symbol_name(v.variable);
            let found = found.collect::<Vec<_>>().join(", ");
            (name, format!("symbolic {}, {found}", number(v.symbolic)))
        })
        .collect()
}

#[derive(Serialize)]
struct CheckReport<'a> {
    expression: String,
    verdict: &'static str,
    points: Vec<PointReport<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

#[derive(Serialize)]
struct PointReport<'a> {
    at: Named<'a>,
    value: Real,
    verdict: &'static str,
    variables: Vec<VariableReport<'a>>,
}

#[derive(Serialize)]
struct VariableReport<'a> {
    variable: &'a str,
    symbolic: Real,
    verdict: &'static str,
    roads: Vec<RoadReport>,
}

#[derive(Serialize)]
struct RoadReport {
    road: &'static str,
    value: Real,
    digits: Option<f64>,
    verdict: &'static str,
}

fn json(
    problem: &Problem,
    checks: &[(Vec<f64>, Check)],
    verdict: Verdict,
) -> Result<Answer, Failure> {
    let points = checks.iter().map(|(point, check)| PointReport {
        at: Named::new(problem.variable_names(), point),
        value: Real(check.value),
        verdict: check.verdict.as_str(),
        variables: (check.variables.iter())
            .map(|v| VariableReport {
                variable: problem.arena.symbol_name(v.variable),
                symbolic: Real(v.symbolic),
                verdict: v.verdict.as_str(),
                roads: (v.roads.iter())
                    .map(|road| RoadReport {
                        road: road.road.as_str(),
                        value: Real(road.value),
                        digits: road.digits,
                        verdict: road.verdict.as_str(),
                    })
                    .collect(),
            })
            .collect(),
    });
    Ok(Answer::json(&CheckReport {
        expression: super::answer::formula_text(&problem.arena, &problem.roots, false)?,
        verdict: verdict.as_str(),
        points: points.collect(),
        notes: &problem.notes,
    }))
}
