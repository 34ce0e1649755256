//! `gradus diff --sparse`: of a Jacobian or Hessian the entries that are not 0, by row and column, counted from 0.

use rustc_hash::FxHashSet;
use serde::Serialize;

use super::answer::{self, Answer, formula_text, point_text};
use super::args::{DiffArgs, Format};
use super::derive::{Derivatives, Task, simplified};
use super::diff::Values;
use super::failure::Failure;
use super::matrix;
use super::names::Assigned;
use super::problem::Problem;
use super::value::Value;
use crate::calculus;
use crate::expr::{Arena, Id, SymbolId};
use crate::sparse::Plan;
use crate::syntax::print;

/// The answer, once it is clear what is asked.
pub fn answer(
    args: &DiffArgs,
    mut problem: Problem,
    task: &Task,
    wrt: &[String],
    at: Assigned<Value>,
) -> Result<Answer, Failure> {
    if !matches!(args.format, Format::Text | Format::Json) {
        let failure = Failure::new("bad_option", "--sparse prints text or json");
        return Err(failure.with_hint("leave --sparse out for the whole matrix"));
    }
    let mut seen = FxHashSet::default();
    if let Some(twice) = wrt.iter().find(|&name| !seen.insert(name)) {
        let message = format!("--sparse: `{twice}` is named twice");
        return Err(Failure::new("bad_option", message));
    }
    let symbols: Vec<SymbolId> = wrt.iter().map(|name| problem.symbol(name)).collect();
    let entries = entries(&mut problem, task, &symbols, !args.raw)?;
    if !entries.formulas.complete {
        let note = "the result is too large to be simplified in full";
        problem.notes.push(note.to_owned());
    }
    let values = match args.at.is_empty() {
        true => None,
        false => {
            let asked = (&Task::Hessian, &symbols[..]);
            Some(Values::at(&mut problem, &entries.formulas, asked, at)?)
        }
    };
    match args.format {
        Format::Json => entries.json(&problem, wrt, values.as_ref()),
        _ => Ok(Answer {
            out: entries.text(&problem, values.as_ref())?,
            notes: problem.notes,
            unreached: false,
        }),
    }
}

/// The entries of a matrix.
struct Entries {
    rows: usize,
    columns: usize,
    places: Vec<(usize, usize)>,
    formulas: Derivatives,
}

/// Of the pattern, what does not turn out to be 0.
fn entries(
    problem: &mut Problem,
    task: &Task,
    wrt: &[SymbolId],
    tidy: bool,
) -> Result<Entries, Failure> {
    let (roots, plan) = match task {
        Task::Hessian => {
            let root = problem.single("--hessian")?;
            let gradient = calculus::gradient(&mut problem.arena, root, wrt)?;
            let plan = Plan::hessian(&problem.arena, &gradient, wrt);
            (gradient, plan)
        }
        _ => {
            let plan = Plan::jacobian(&problem.arena, &problem.roots, wrt, None);
            (problem.roots.clone(), plan)
        }
    };
    let arena = &mut problem.arena;
    let formulas = plan.formulas(arena, &roots, wrt)?;
    let mut entries = Entries {
        rows: plan.pattern().rows(),
        columns: plan.pattern().columns(),
        places: Vec::new(),
        formulas: Derivatives {
            simple: Vec::new(),
            raw: Vec::new(),
            columns: None,
            complete: true,
        },
    };
    let (simple, complete) = simplified(arena, &formulas, tidy);
    entries.formulas.complete = complete;
    for (place, (raw, simple)) in plan.pattern().iter().zip(formulas.into_iter().zip(simple)) {
        if simple != Arena::ZERO {
            entries.places.push(place);
            entries.formulas.raw.push(raw);
            entries.formulas.simple.push(simple);
        }
    }
    Ok(entries)
}

/// The JSON object.
#[derive(Serialize)]
struct Report<'a> {
    expression: String,
    variables: Vec<&'a str>,
    wrt: &'a [String],
    rows: usize,
    columns: usize,
    entries: Vec<(usize, usize, String)>,
    value: serde_json::Value,
    values: serde_json::Value,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

impl Entries {
    fn texts(&self, arena: &Arena) -> Result<Vec<String>, print::TooLong> {
        let text = |&id: &Id| print::text(arena, id);
        self.formulas.simple.iter().map(text).collect()
    }

    fn json(
        &self,
        problem: &Problem,
        wrt: &[String],
        values: Option<&Values>,
    ) -> Result<Answer, Failure> {
        let texts = self.texts(&problem.arena)?;
        let entries = (self.places.iter().zip(texts))
            .map(|(&(row, column), text)| (row, column, text))
            .collect();
        let json = |value: &Value| serde_json::to_value(value).expect("a number");
        Ok(Answer::json(&Report {
            expression: formula_text(&problem.arena, &problem.roots, problem.is_list)?,
            variables: problem.variable_names(),
            wrt,
            rows: self.rows,
            columns: self.columns,
            entries,
            value: values.map_or(serde_json::Value::Null, |v| match &v.functions[..] {
                [one] if !problem.is_list => json(one),
                list => list.iter().map(json).collect(),
            }),
            values: values.map_or(serde_json::Value::Null, |v| {
                v.derivatives.iter().map(json).collect()
            }),
            notes: &problem.notes,
        }))
    }

    fn text(&self, problem: &Problem, values: Option<&Values>) -> Result<String, Failure> {
        let count = self.places.len();
        let things = if count == 1 { "entry" } else { "entries" };
        let mut out = format!("{} x {}, {count} {things}\n", self.rows, self.columns);
        out += &self.block([], self.texts(&problem.arena)?);
        if let Some(values) = values {
            let names = (values.variables.iter()).map(|&v| problem.arena.symbol_name(v));
            let place = match &values.point[..] {
                [] => "at any point".to_owned(),
                point => format!("at {}", point_text(names, point)),
            };
            let function = answer::value_text(&values.functions, problem.is_list);
            let numbers = values.derivatives.iter().map(Value::to_string).collect();
            let function = [("f".to_owned(), function)];
            out += &format!("\n{place}\n{}", self.block(function, numbers));
        }
        Ok(out)
    }

    /// Lines with an entry each, below others.
    fn block<const N: usize>(&self, above: [(String, String); N], texts: Vec<String>) -> String {
        let label = |&(row, column): &(usize, usize)| format!("[{row}, {column}]");
        let entries = self.places.iter().map(label).zip(texts);
        let mut lines = matrix::labelled(above.into_iter().chain(entries));
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines
    }
}
