//! `gradus eval`

use num_complex::Complex64;
use serde::Serialize;

use super::answer::{Answer, singular_note, value_text};
use super::args::{EvalArgs, Report};
use super::derive::point_of;
use super::failure::Failure;
use super::names;
use super::problem::Problem;
use super::value::Value;
use crate::numeric::Schedule;

/// The JSON object of the command.
#[derive(Serialize)]
struct Evaluated {
    value: serde_json::Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

/// Runs the command.
pub fn run(args: &EvalArgs) -> Result<Answer, Failure> {
    let at = names::values(&args.at, "--at")?;
    let named: Vec<&str> = at.iter().map(|(name, _)| name.as_str()).collect();
    let mut problem = Problem::read(&args.expr, &named, &Vec::new())?;
    problem.note_unused(named, "");
    let point = point_of(&problem.arena, &problem.variables, &at)?;
    let schedule = Schedule::new(&problem.arena, &problem.roots, &problem.variables)?;
    let is_complex = |v: &Value| matches!(v, Value::Complex(_));
    let values = if args.complex || schedule.needs_complex() || point.iter().any(is_complex) {
        complex(&schedule, &point)
    } else {
        let values = real(&schedule, &point);
        problem
            .notes
            .extend(singular_note(&problem.arena, &schedule, &point));
        let in_the_plane = complex(&schedule, &point);
        if (values.iter().zip(&in_the_plane)).any(|(x, z)| x.is_nan() && z.is_finite()) {
            let value = value_text(&in_the_plane, problem.is_list);
            let note = format!("in complex numbers the value is {value}: see --complex");
            problem.notes.push(note);
        }
        values
    };
    if args.format == Report::Json {
        let json = |value: &Value| serde_json::to_value(value).expect("a number");
        let value = match (problem.is_list, &values[..]) {
            (false, [one]) => json(one),
            (_, list) => list.iter().map(json).collect(),
        };
        let notes = problem.notes;
        return Ok(Answer::json(&Evaluated { value, notes }));
    }
    Ok(Answer {
        out: value_text(&values, problem.is_list) + "\n",
        notes: problem.notes,
        unreached: false,
    })
}

fn real(schedule: &Schedule, point: &[Value]) -> Vec<Value> {
    let point: Vec<f64> = point.iter().map(|v| v.complex().re).collect();
    schedule
        .values(&point)
        .into_iter()
        .map(Value::Real)
        .collect()
}

fn complex(schedule: &Schedule, point: &[Value]) -> Vec<Value> {
    let point: Vec<Complex64> = point.iter().map(|v| v.complex()).collect();
    let values = schedule.run_complex(&point, &mut Vec::new()).to_vec();
    values.into_iter().map(Value::Complex).collect()
}
