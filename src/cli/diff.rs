//! `gradus diff`

use serde::Serialize;

use super::answer::{self, Answer, formula_text, point_text, singular_note};
use super::args::{DiffArgs, Format};
use super::derive::{Derivatives, Evaluator, Task, derive, point_of};
use super::failure::Failure;
use super::matrix;
use super::names::{self, Assigned};
use super::problem::Problem;
use super::sparse;
use super::value::Value;
use crate::expr::{Id, SymbolId, walk};
use crate::syntax::{self, print};

/// Runs the command.
pub fn run(args: &DiffArgs) -> Result<Answer, Failure> {
    let expr = args.expr.as_deref().expect("the parser asks for it");
    let asked = names::list(&args.wrt, "--wrt")?;
    let at = names::values(&args.at, "--at")?;
    let direction = names::assignments(&args.direction, "--direction")?;
    let around = names::assignments(args.around.as_slice(), "--around")?;
    let assumed = names::assumptions(&args.assume)?;

    let named: Vec<&str> = (asked.iter())
        .chain(at.iter().map(|(name, _)| name))
        .chain(direction.iter().chain(&around).map(|(name, _)| name))
        .chain(assumed.iter().map(|(name, _)| name))
        .map(String::as_str)
        .collect();
    let mut problem = Problem::read(expr, &named, &assumed)?;
    let (task, wrt) = decide(args, &mut problem, &asked, &direction, &around, &named)?;
    if args.sparse {
        return sparse::answer(args, problem, &task, &wrt, at);
    }
    let symbols: Vec<SymbolId> = wrt.iter().map(|name| problem.symbol(name)).collect();
    let derivatives = derive(&mut problem, &task, &symbols, !args.raw)?;
    if !derivatives.complete {
        let note = "the result is too large to be simplified in full";
        problem.notes.push(note.to_owned());
    }
    let values = match args.at.is_empty() {
        true => None,
        false => Some(Values::at(
            &mut problem,
            &derivatives,
            (&task, &symbols),
            at,
        )?),
    };
    let latex_names = match args.format {
        Format::Latex => problem.latex_names(&wrt)?,
        _ => Vec::new(),
    };
    let shown = Shown {
        latex_names,
        problem: &problem,
        derivatives: &derivatives,
        task: &task,
        wrt: &wrt,
        values: values.as_ref(),
    };
    let out = match args.format {
        Format::Json => return shown.json(),
        Format::Text => shown.text()?,
        Format::Latex => shown.latex()?,
        Format::Let => shown.lets()?,
    };
    let out = format!("{}\n{}", out.trim_end(), shown.values_text());
    Ok(Answer {
        out,
        notes: problem.notes,
        unreached: false,
    })
}

/// The task, and the variables that it is about.
fn decide(
    args: &DiffArgs,
    problem: &mut Problem,
    asked: &[String],
    direction: &Assigned<String>,
    around: &Assigned<String>,
    named: &[&str],
) -> Result<(Task, Vec<String>), Failure> {
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut wrt = match asked.is_empty() {
        true => owned(problem.variable_names()),
        false => asked.to_vec(),
    };
    let zero = ", so the derivative is 0";
    if !args.direction.is_empty() {
        let names = direction.iter().map(|(name, _)| name.as_str());
        problem.note_unused(names, "");
        let parts = (direction.iter())
            .map(|(name, text)| formula(problem, text, &format!("--direction {name}"), named))
            .collect::<Result<_, _>>()?;
        wrt = direction.iter().map(|(name, _)| name.clone()).collect();
        return Ok((Task::Direction(parts), wrt));
    }
    if let Some(degree) = args.taylor {
        let variable = match (&around[..], &wrt[..]) {
            ([(name, _)], _) if asked.is_empty() || asked == [name.clone()] => name.clone(),
            ([], [only]) => only.clone(),
            ([], []) => "x".to_owned(),
            ([(name, _)], _) => {
                let asked = asked.join("`, `");
                let message = format!("--around names `{name}`, --wrt `{asked}`");
                let failure = Failure::new("bad_option", message);
                return Err(
                    failure.with_hint("a Taylor polynomial is about one variable: leave out --wrt")
                );
            }
            _ => {
                let failure = Failure::new("bad_option", "--taylor is about one variable");
                return Err(failure.with_hint("name it: --around x=0"));
            }
        };
        problem.note_unused([variable.as_str()], "");
        let point = around.first().map_or("0", |(_, text)| text.as_str());
        let point = formula(problem, point, "--around", named)?;
        if (walk::symbols(&problem.arena, &[point]).into_iter())
            .any(|symbol| problem.arena.symbol_name(symbol) == variable)
        {
            let message = format!("--around: the point of `{variable}` depends on `{variable}`");
            return Err(Failure::new("bad_option", message));
        }
        return Ok((Task::Taylor(degree, point), vec![variable]));
    }
    problem.note_unused(asked.iter().map(String::as_str), zero);
    if wrt.is_empty() {
        let note = "the formula has no variables, so every derivative is 0";
        problem.notes.push(note.to_owned());
        wrt.push("x".to_owned());
    }
    let task = match () {
        () if args.mixed => Task::Mixed,
        () if args.hessian => Task::Hessian,
        () if args.gradient && problem.is_list => {
            let failure = Failure::new("bad_option", "--gradient is about one formula, not a list");
            return Err(failure.with_hint("the derivatives of a list are its --jacobian"));
        }
        () => Task::Each(args.order),
    };
    if !args.mixed
        && let Some(twice) = (1..wrt.len()).find(|&i| wrt[..i].contains(&wrt[i]))
    {
        let name = &wrt[twice];
        let note = format!("`{name}` is named twice; --mixed differentiates by each name in turn");
        problem.notes.push(note);
    }
    Ok((task, wrt))
}

/// A formula in the arena of the problem: a part of a direction, a point.
fn formula(problem: &mut Problem, text: &str, origin: &str, named: &[&str]) -> Result<Id, Failure> {
    let reading = syntax::read(&mut problem.arena, text, named)
        .and_then(|reading| syntax::single(reading, text));
    reading.map_err(|error| Failure::syntax(error, text, origin))
}

/// Everything at a point.
pub(super) struct Values {
    pub(super) variables: Vec<SymbolId>,
    pub(super) point: Vec<Value>,
    pub(super) functions: Vec<Value>,
    pub(super) derivatives: Vec<Value>,
}

impl Values {
    pub(super) fn at(
        problem: &mut Problem,
        derivatives: &Derivatives,
        asked: (&Task, &[SymbolId]),
        given: Assigned<Value>,
    ) -> Result<Values, Failure> {
        // A direction or a point of expansion may bring variables of its own.
        let everything: Vec<Id> = (problem.roots.iter())
            .chain(&derivatives.raw)
            .chain(&derivatives.simple)
            .copied()
            .collect();
        let variables = crate::expr::walk::symbols(&problem.arena, &everything);
        let unused = given
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !(variables.iter()).any(|&v| problem.arena.symbol_name(v) == *name));
        let unused: Vec<&str> = unused.collect();
        problem.note_unused(unused, "");
        let point = point_of(&problem.arena, &variables, &given)?;
        let mut evaluator = Evaluator::new(problem, derivatives, asked, &variables)?;
        let (functions, values) = evaluator.values(&point);
        let lost = functions.iter().chain(&values).any(|v| !v.is_finite());
        if lost && let Some(schedule) = evaluator.real_schedule() {
            let note = singular_note(&problem.arena, schedule, &point);
            problem.notes.extend(note);
        }
        Ok(Values {
            variables,
            point,
            functions,
            derivatives: values,
        })
    }
}

/// The JSON object of the command.
#[derive(Serialize)]
struct Report<'a> {
    expression: String,
    variables: Vec<&'a str>,
    wrt: &'a [String],
    derivatives: serde_json::Value,
    latex: serde_json::Value,
    value: serde_json::Value,
    values: serde_json::Value,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// An answer to be printed.
struct Shown<'a> {
    problem: &'a Problem,
    derivatives: &'a Derivatives,
    task: &'a Task,
    wrt: &'a [String],
    values: Option<&'a Values>,
    /// The names of `wrt` in LaTeX, where that is the format.
    latex_names: Vec<String>,
}

impl Shown<'_> {
    fn json(&self) -> Result<Answer, Failure> {
        let arena = &self.problem.arena;
        let columns = self.derivatives.columns;
        let each = |print: fn(&crate::expr::Arena, Id) -> Result<String, print::TooLong>| {
            let texts = self.derivatives.simple.iter().map(|&id| print(arena, id));
            texts.collect::<Result<Vec<_>, _>>()
        };
        let rows = |list: Vec<serde_json::Value>| match columns {
            None => serde_json::Value::from(list),
            Some(columns) => list.chunks(columns.max(1)).map(<[_]>::to_vec).collect(),
        };
        let strings = |list: Vec<String>| rows(list.into_iter().map(Into::into).collect());
        let json = |value: &Value| serde_json::to_value(value).expect("a number");
        Ok(Answer::json(&Report {
            expression: formula_text(arena, &self.problem.roots, self.problem.is_list)?,
            variables: self.problem.variable_names(),
            wrt: self.wrt,
            derivatives: strings(each(print::text)?),
            latex: strings(each(print::latex)?),
            value: self.values.map_or(serde_json::Value::Null, |v| {
                match (self.problem.is_list, &v.functions[..]) {
                    (false, [one]) => json(one),
                    (_, list) => list.iter().map(json).collect(),
                }
            }),
            values: self.values.map_or(serde_json::Value::Null, |v| {
                rows(v.derivatives.iter().map(json).collect())
            }),
            notes: &self.problem.notes,
        }))
    }

    /// What the derivative of a column is called: `d/dx`, `d^3/(dx^2 dy)`.
    fn label(&self, column: usize) -> String {
        match self.task {
            Task::Each(0) => "f".to_owned(),
            Task::Each(1) | Task::Hessian => format!("d/d{}", self.wrt[column]),
            Task::Each(order) => format!("d^{order}/d{}^{order}", self.wrt[column]),
            Task::Mixed => {
                let by: Vec<String> = runs(self.wrt)
                    .map(|(name, count)| match count {
                        1 => format!("d{name}"),
                        _ => format!("d{name}^{count}"),
                    })
                    .collect();
                let below = match &by[..] {
                    [one] => one.clone(),
                    several => format!("({})", several.join(" ")),
                };
                match self.wrt.len() {
                    1 => format!("d/{below}"),
                    order => format!("d^{order}/{below}"),
                }
            }
            Task::Taylor(degree, _) => format!("degree {degree}"),
            Task::Direction(_) => "along the direction".to_owned(),
        }
    }

    /// One formula bare; several of one row labelled; a matrix by rows.
    fn layout(&self, cells: &[String]) -> String {
        match (self.derivatives.columns, cells) {
            (Some(1), _) => format!("[{}]", cells.join(", ")),
            (Some(columns), _) => matrix::rows(cells, columns),
            (None, [one]) => one.clone(),
            (None, several) => matrix::labelled(
                (several.iter().enumerate()).map(|(i, text)| (self.label(i), text.clone())),
            ),
        }
    }

    fn cells(&self) -> Result<Vec<String>, print::TooLong> {
        (self.derivatives.simple.iter())
            .map(|&id| print::text(&self.problem.arena, id))
            .collect()
    }

    fn text(&self) -> Result<String, Failure> {
        Ok(self.layout(&self.cells()?))
    }

    fn latex(&self) -> Result<String, Failure> {
        let arena = &self.problem.arena;
        let cells: Vec<String> = (self.derivatives.simple.iter())
            .map(|&id| print::latex(arena, id))
            .collect::<Result<_, _>>()?;
        Ok(match (self.derivatives.columns, &cells[..]) {
            (Some(columns), _) => matrix::latex(&cells, columns),
            (None, [one]) => one.clone(),
            (None, several) => {
                let lines = several.iter().enumerate().map(|(i, text)| {
                    matrix::latex_partial(&self.latex_names[i], self.order()) + " = " + text
                });
                lines.collect::<Vec<_>>().join("\n")
            }
        })
    }

    fn order(&self) -> u32 {
        match self.task {
            Task::Each(order) => *order,
            _ => 1,
        }
    }

    fn lets(&self) -> Result<String, Failure> {
        let (arena, derivatives) = (&self.problem.arena, &self.derivatives.simple);
        let Some(columns @ 2..) = self.derivatives.columns else {
            return Ok(print::lets(arena, derivatives)?);
        };
        let lets = print::split(arena, derivatives)?;
        let definitions =
            (lets.definitions.iter()).map(|(name, text)| format!("{name} = {text};\n"));
        Ok(definitions.collect::<String>() + &matrix::rows(&lets.results, columns))
    }

    /// The block with the values at a point; nothing where none were asked for.
    fn values_text(&self) -> String {
        let Some(values) = self.values else {
            return String::new();
        };
        let arena = &self.problem.arena;
        let names = values.variables.iter().map(|&v| arena.symbol_name(v));
        let place = match &values.point[..] {
            [] => "at any point".to_owned(),
            point => format!("at {}", point_text(names, point)),
        };
        let function = answer::value_text(&values.functions, self.problem.is_list);
        let cells: Vec<String> = values.derivatives.iter().map(Value::to_string).collect();
        let block = match self.derivatives.columns {
            Some(columns @ 2..) => {
                format!("f = {function}\n{}", matrix::rows(&cells, columns))
            }
            columns => {
                let list = columns.is_some();
                let labels = (0..if list { 1 } else { cells.len() }).map(|i| self.label(i));
                let cells = match list {
                    true => vec![format!("[{}]", cells.join(", "))],
                    false => cells,
                };
                matrix::labelled(
                    [("f".to_owned(), function)]
                        .into_iter()
                        .chain(labels.zip(cells)),
                )
            }
        };
        format!("\n{place}\n{block}\n")
    }
}

/// Equal neighbours with how many there are.
fn runs(names: &[String]) -> impl Iterator<Item = (&str, usize)> {
    names
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0].as_str(), run.len()))
}
