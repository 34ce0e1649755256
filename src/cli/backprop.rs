//! `gradus backprop`: the values that flow up to a formula, and the adjoints that flow down to its variables.

use serde::Serialize;

use super::answer::{Answer, point_text, singular_note};
use super::args::{BackpropArgs, Report};
use super::derive::point_of;
use super::failure::Failure;
use super::matrix;
use super::names;
use super::problem::Problem;
use super::value::{Real, Value, number};
use crate::calculus;
use crate::expr::{Arena, Id, Node};
use crate::numeric::Schedule;
use crate::syntax::print;

/// Longer tables are of no use to a reader.
pub const MAX_BACKPROP_STEPS: usize = 500;

/// A step of the computation.
#[derive(Serialize)]
struct Step {
    /// What later steps call it: a variable by its name, others v1, v2, ...
    name: String,
    /// What it is, of earlier steps.
    formula: String,
    value: Real,
    /// The derivative of the result by it.
    adjoint: Real,
}

/// The JSON object of the command.
#[derive(Serialize)]
struct Propagated<'a> {
    steps: &'a [Step],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Runs the command.
pub fn run(args: &BackpropArgs) -> Result<Answer, Failure> {
    let at = names::values(&args.at, "--at")?;
    let named: Vec<&str> = at.iter().map(|(name, _)| name.as_str()).collect();
    let mut problem = Problem::read(&args.expr, &named, &Vec::new())?;
    let root = problem.single("backprop")?;
    problem.note_unused(named, "");
    let variables = problem.variables.clone();
    let point = point_of(&problem.arena, &variables, &at)?;
    let real: Vec<f64> = (point.iter().zip(problem.variable_names()))
        .map(|(value, name)| value.real(name, "--at"))
        .collect::<Result<_, _>>()?;
    let adjoints = calculus::adjoints(&mut problem.arena, root)?;
    // Numbers take part in no flow.
    let nodes: Vec<(Id, Id)> = (adjoints.into_iter())
        .filter(|&(node, _)| problem.arena.as_number(node).is_none())
        .collect();
    if nodes.len() > MAX_BACKPROP_STEPS {
        let message = format!(
            "the formula takes {} steps: more than {MAX_BACKPROP_STEPS} are not shown",
            nodes.len()
        );
        return Err(Failure::new("too_large", message));
    }
    let roots: Vec<Id> = nodes
        .iter()
        .flat_map(|&(node, adjoint)| [node, adjoint])
        .collect();
    let schedule = Schedule::new(&problem.arena, &roots, &variables)?;
    if schedule.needs_complex() {
        return Err(crate::numeric::EvalError::NeedsComplex.into());
    }
    let values = schedule.values(&real);
    let steps = steps(&mut problem.arena, &nodes, &values)?;
    let place: Vec<Value> = real.iter().map(|&x| Value::Real(x)).collect();
    let note = singular_note(&problem.arena, &schedule, &place);
    problem.notes.extend(note);
    if args.format == Report::Json {
        return Ok(Answer::json(&Propagated {
            steps: &steps,
            notes: &problem.notes,
        }));
    }
    let point = point_text(problem.variable_names(), &place);
    Ok(Answer {
        out: text(&steps, &point),
        notes: problem.notes,
        unreached: false,
    })
}

/// The nodes as steps, children first, each written in terms of the steps before it.
fn steps(arena: &mut Arena, nodes: &[(Id, Id)], values: &[f64]) -> Result<Vec<Step>, Failure> {
    let taken: Vec<String> = (nodes.iter())
        .filter_map(|&(node, _)| match arena.node(node) {
            Node::Symbol(symbol) => Some(arena.symbol_name(symbol).to_owned()),
            _ => None,
        })
        .collect();
    let mut fresh = (1..)
        .map(|k| format!("v{k}"))
        .filter(|name| !taken.contains(name));
    let mut written = rustc_hash::FxHashMap::default();
    let mut steps = Vec::with_capacity(nodes.len());
    for (at, &(node, _)) in nodes.iter().enumerate() {
        let (name, formula) = match arena.node(node) {
            Node::Symbol(symbol) => {
                written.insert(node, node);
                (arena.symbol_name(symbol).to_owned(), String::new())
            }
            other => {
                let formula =
                    arena.rebuild(other, |child| written.get(&child).copied().unwrap_or(child));
                let name = fresh.next().expect("names without end");
                let symbol = arena.symbol(&name);
                written.insert(node, symbol);
                (name, print::text(arena, formula)?)
            }
        };
        steps.push(Step {
            name,
            formula,
            value: Real(values[2 * at]),
            adjoint: Real(values[2 * at + 1]),
        });
    }
    Ok(steps)
}

fn text(steps: &[Step], point: &str) -> String {
    let short = |x: Real| number(format!("{:.9e}", x.0).parse().unwrap_or(x.0));
    let mut lines = vec![["step", "value", "adjoint"].map(str::to_owned).to_vec()];
    for step in steps {
        let what = match step.formula.is_empty() {
            true => step.name.clone(),
            false => format!("{} = {}", step.name, step.formula),
        };
        lines.push(vec![what, short(step.value), short(step.adjoint)]);
    }
    let head = match point {
        "" => String::new(),
        point => format!("at {point}: values are computed downwards, adjoints upwards\n\n"),
    };
    head + &matrix::table(&lines)
}
