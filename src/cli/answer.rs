//! What a command hands back, and the pieces that several commands print alike.

use std::io::{ErrorKind, Write};

use serde::{Serialize, Serializer};

use super::failure::Failure;
use super::value::{Real, Value};
use crate::expr::{Arena, Id, walk};
use crate::numeric::{Schedule, explain};
use crate::syntax::print;

/// The answer of a command.
#[derive(Debug, Default)]
pub struct Answer {
    /// For standard output.
    pub out: String,
    /// For standard error, a line each; part of `out` where that is JSON.
    pub notes: Vec<String>,
    /// Was what was asked not reached? Then the exit code is 1.
    pub unreached: bool,
}

impl Answer {
    /// The JSON object, and nothing else.
    pub fn json(value: &impl Serialize) -> Answer {
        let mut out = serde_json::to_string(value).expect("only names and numbers");
        out.push('\n');
        Answer {
            out,
            ..Answer::default()
        }
    }

    /// Writes everything. Who closes the pipe early (`| head -1`) has seen enough.
    pub fn write(&self) -> Result<(), Failure> {
        let notes: String = (self.notes.iter())
            .map(|n| format!("Note: {n}\n"))
            .collect();
        let _ = std::io::stderr().write_all(notes.as_bytes());
        let mut out = std::io::stdout().lock();
        written(
            out.write_all(self.out.as_bytes())
                .and_then(|()| out.flush()),
        )
        .map(drop)
    }
}

/// Did the reader go on reading? Other errors than a closed pipe are failures.
pub fn written(result: std::io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new("io", format!("standard output: {error}"))),
    }
}

/// Numbers by name, in order: a JSON object.
pub struct Named<'a>(Vec<(&'a str, Real)>);

impl<'a> Named<'a> {
    /// A point.
    pub fn new(names: impl IntoIterator<Item = &'a str>, values: &[f64]) -> Named<'a> {
        Named(
            names
                .into_iter()
                .zip(values.iter().map(|&x| Real(x)))
                .collect(),
        )
    }
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// The formulas as the text of one formula, or of a list.
pub fn formula_text(arena: &Arena, ids: &[Id], is_list: bool) -> Result<String, print::TooLong> {
    formulas(ids, is_list, |id| print::text(arena, id))
}

/// The formulas as LaTeX, a list in brackets.
pub fn formula_latex(arena: &Arena, ids: &[Id], is_list: bool) -> Result<String, print::TooLong> {
    match is_list {
        false => print::latex(arena, ids[0]),
        true => {
            let list = formulas(ids, false, |id| print::latex(arena, id))?;
            Ok(format!(r"\left[{list}\right]"))
        }
    }
}

fn formulas(
    ids: &[Id],
    brackets: bool,
    mut print: impl FnMut(Id) -> Result<String, print::TooLong>,
) -> Result<String, print::TooLong> {
    let texts: Vec<String> = ids.iter().map(|&id| print(id)).collect::<Result<_, _>>()?;
    Ok(match brackets {
        true => format!("[{}]", texts.join(", ")),
        false => texts.join(", "),
    })
}

/// One number, or a list of them in brackets.
pub fn value_text(values: &[Value], is_list: bool) -> String {
    let texts: Vec<String> = values.iter().map(Value::to_string).collect();
    match is_list {
        true => format!("[{}]", texts.join(", ")),
        false => texts.join(", "),
    }
}

/// A point: `x = 1, y = 2`.
pub fn point_text<'n>(names: impl IntoIterator<Item = &'n str>, values: &[Value]) -> String {
    let parts: Vec<String> = (names.into_iter().zip(values))
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    parts.join(", ")
}

/// Which part of the formulas is singular at a real point, and why.
pub fn singular_note(arena: &Arena, schedule: &Schedule, point: &[Value]) -> Option<String> {
    let real: Vec<f64> = point.iter().map(|v| v.complex().re).collect();
    let names = schedule.variables().iter().map(|&v| arena.symbol_name(v));
    let place = match point {
        [] => String::new(),
        _ => format!(" at {}", point_text(names, point)),
    };
    singular_at(arena, schedule, &real, |_| place)
}

/// The same for a row of a table, which `place` names: of the point only what occurs in that part is told.
pub fn singular_part(
    arena: &Arena,
    schedule: &Schedule,
    point: &[f64],
    place: &str,
) -> Option<String> {
    singular_at(arena, schedule, point, |part| {
        let occurring = walk::symbols(arena, &[part]);
        let variables = schedule.variables().iter().zip(point);
        let (names, values): (Vec<&str>, Vec<Value>) = variables
            .filter(|(v, _)| occurring.contains(v))
            .map(|(&v, &x)| (arena.symbol_name(v), Value::Real(x)))
            .unzip();
        match names[..] {
            [] => place.to_owned(),
            _ => format!(" at {}{place}", point_text(names, &values)),
        }
    })
}

fn singular_at(
    arena: &Arena,
    schedule: &Schedule,
    point: &[f64],
    place: impl FnOnce(Id) -> String,
) -> Option<String> {
    const LONGEST: usize = 60;
    let singularity = explain(schedule, point)?;
    let part = match print::text(arena, singularity.node) {
        Ok(text) if text.len() <= LONGEST => format!("`{text}`"),
        _ => "a part of the formula".to_owned(),
    };
    let (place, kind) = (place(singularity.node), singularity.kind);
    Some(format!("{part} has no finite value{place}: {kind}"))
}
