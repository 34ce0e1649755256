//! The problem of a formula alone: all its variables are moved.

use super::goal::Goal;
use super::method;
use crate::cli::answer::{formula_text, singular_note};
use crate::cli::args::{DescendArgs, Method};
use crate::cli::derive::{Task, derive, point_of};
use crate::cli::failure::Failure;
use crate::cli::names;
use crate::cli::problem::Problem;
use crate::cli::value::Value;
use crate::descend::FormulaObjective;
use crate::numeric::Schedule;

/// Reads the formula and the start.
pub fn read(args: &DescendArgs) -> Result<Goal, Failure> {
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
    if matches!(
        method::asked(&args.step),
        Method::Auto | Method::LevenbergMarquardt
    ) {
        objective = objective.with_squares(&problem.arena, root, &variables)?;
    }
    let function = formula_text(&problem.arena, &[root], false)?;
    let names = problem.variable_names();
    let names = names.into_iter().map(str::to_owned).collect();
    let Problem { arena, notes, .. } = problem;
    let singular = move |point: &[f64]| {
        let roots: Vec<_> = [root].into_iter().chain(gradient.iter().copied()).collect();
        let schedule = Schedule::new(&arena, &roots, &variables).ok()?;
        let point: Vec<Value> = point.iter().map(|&x| Value::Real(x)).collect();
        singular_note(&arena, &schedule, &point)
    };
    Ok(Goal {
        function,
        names,
        start,
        objective: Box::new(objective),
        singular: Box::new(singular),
        broken: Box::new(|| None),
        rows: None,
        notes,
    })
}
