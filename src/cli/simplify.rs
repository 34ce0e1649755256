//! `gradus simplify`

use serde::Serialize;

use super::answer::{Answer, formula_latex, formula_text};
use super::args::{Format, SimplifyArgs};
use super::failure::Failure;
use super::names;
use super::problem::Problem;
use crate::simplify::simplify;
use crate::syntax::print;

/// The JSON object of the command.
#[derive(Serialize)]
struct Simplified<'a> {
    expression: String,
    variables: Vec<&'a str>,
    simplified: String,
    latex: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Runs the command.
pub fn run(args: &SimplifyArgs) -> Result<Answer, Failure> {
    let assumed = names::assumptions(&args.assume)?;
    let named: Vec<&str> = assumed.iter().map(|(name, _)| name.as_str()).collect();
    let mut problem = Problem::read(&args.expr, &named, &assumed)?;
    problem.note_unused(named, "");
    let mut simple = Vec::with_capacity(problem.roots.len());
    let mut complete = true;
    for &root in &problem.roots {
        let result = simplify(&mut problem.arena, root);
        complete &= result.complete;
        simple.push(result.id);
    }
    if !complete {
        let note = "the formula is too large to be simplified in full";
        problem.notes.push(note.to_owned());
    }
    let (arena, is_list) = (&problem.arena, problem.is_list);
    let out = match args.format {
        Format::Text => formula_text(arena, &simple, is_list)?,
        Format::Latex => formula_latex(arena, &simple, is_list)?,
        Format::Let => print::lets(arena, &simple)?,
        Format::Json => {
            return Ok(Answer::json(&Simplified {
                expression: formula_text(arena, &problem.roots, is_list)?,
                variables: problem.variable_names(),
                simplified: formula_text(arena, &simple, is_list)?,
                latex: formula_latex(arena, &simple, is_list)?,
                notes: &problem.notes,
            }));
        }
    };
    Ok(Answer {
        out: out + "\n",
        notes: problem.notes,
        unreached: false,
    })
}
