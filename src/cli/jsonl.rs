//! `gradus diff --jsonl`: a request a line in, an answer a line out, in order. Requests that came together are answered on
//! all processors.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::answer::{Answer, singular_note, written};
use super::args::MAX_ORDER;
use super::derive::{Derivatives, Evaluator, Task, derive, point_of};
use super::failure::{ErrorObject, Failure};
use super::names::name;
use super::problem::Problem;
use super::value::Value;
use crate::expr::{SymbolId, walk};
use crate::syntax::{MAX_INPUT_BYTES, SyntaxError, normalize_name, print, print::TooLong};

/// A longer line is an error: a formula may be 16 MiB, and JSON may need more for it.
pub const MAX_LINE_BYTES: u64 = 2 * MAX_INPUT_BYTES as u64;

/// A line. Fields that are not named here are ignored, so that a request may carry a number of its own; null is as good as
/// a field left out.
#[derive(Deserialize)]
struct Request {
    expr: String,
    wrt: Option<Names>,
    order: Option<Order>,
    mixed: Option<bool>,
    at: Option<Vec<Point>>,
}

/// An object, and nothing else: `Request` by itself may be a list of its fields, too.
struct Whole(Request);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Whole, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object with \"expr\"")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Whole, A::Error> {
                Request::deserialize(MapAccessDeserializer::new(map)).map(Whole)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a whole number as the order")]
enum Order {
    Whole(u64),
}

/// Names, normalised, with their values.
struct Point(Vec<(String, Number)>);

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Point, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Point;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of names and numbers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Point, A::Error> {
                let (mut point, mut names) = (Vec::new(), FxHashSet::default());
                while let Some((name, number)) = map.next_entry::<String, Number>()? {
                    let name = normalize_name(&name);
                    if !names.insert(name.clone()) {
                        return Err(A::Error::custom(format!("`{name}` is given twice")));
                    }
                    point.push((name, number));
                }
                Ok(Point(point))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a list of names")]
enum Names {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a number, a text such as \"inf\", or an object of re and im"
)]
enum Number {
    Real(f64),
    Text(String),
    Complex { re: f64, im: f64 },
}

impl Number {
    fn value(&self, name: &str) -> Result<Value, Failure> {
        match self {
            Number::Real(x) => Ok(Value::Real(*x)),
            Number::Text(text) => Value::read(text, name),
            Number::Complex { re, im } => Ok(Value::Complex(num_complex::Complex64::new(*re, *im))),
        }
    }
}

/// The answer to a request; for a list of formulas the derivatives and their values are rows.
#[derive(Serialize)]
struct Response {
    derivatives: Rows<String>,
    values: Vec<Rows<Value>>,
    function_values: Vec<Row<Value>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Rows<T> {
    One(Vec<T>),
    Several(Vec<Vec<T>>),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Row<T> {
    One(T),
    Several(Vec<T>),
}

/// Answers standard input to its end.
pub fn run() -> Result<Answer, Failure> {
    let mut input = BufReader::with_capacity(1 << 16, std::io::stdin().lock());
    let mut out = std::io::stdout().lock();
    loop {
        let mut lines = Vec::new();
        // Who waits for an answer before asking again gets it now; who sends many lines gets theirs together.
        while lines.is_empty() || input.buffer().contains(&b'\n') {
            match next_line(&mut input)? {
                Some(Ok(blank)) if blank.iter().all(u8::is_ascii_whitespace) => {}
                Some(line) => lines.push(line),
                None if lines.is_empty() => return Ok(Answer::default()),
                None => break,
            }
        }
        let answers: Vec<Vec<u8>> = match lines.len() {
            // For one the other processors need not be woken.
            1 => lines.into_iter().map(answer_to).collect(),
            _ => lines.into_par_iter().map(answer_to).collect(),
        };
        let sent = (answers.iter())
            .try_for_each(|answer| out.write_all(answer))
            .and_then(|()| out.flush());
        if !written(sent)? {
            return Ok(Answer::default());
        }
    }
}

/// A line of the input, or why it is not looked at.
type Line = Result<Vec<u8>, Failure>;

/// The next line; `None` at the end.
fn next_line(input: &mut impl BufRead) -> Result<Option<Line>, Failure> {
    let failed = |e: std::io::Error| Failure::new("io", format!("standard input: {e}"));
    let mut line = Vec::new();
    let read = (&mut *input)
        .take(MAX_LINE_BYTES)
        .read_until(b'\n', &mut line);
    if read.map_err(failed)? == 0 {
        return Ok(None);
    }
    if line.len() as u64 == MAX_LINE_BYTES && !line.ends_with(b"\n") {
        input.skip_until(b'\n').map_err(failed)?;
        let message = format!("the line is longer than {} MiB", MAX_LINE_BYTES >> 20);
        return Ok(Some(Err(Failure::new("too_long", message))));
    }
    Ok(Some(Ok(line)))
}

/// The answer to a line, a line itself.
fn answer_to(line: Line) -> Vec<u8> {
    let answer = line.and_then(|line| {
        // A mistake of the program in one request must not cost the others their answers.
        catch_unwind(AssertUnwindSafe(|| respond(&line))).unwrap_or_else(|_| {
            Err(Failure::new(
                "internal",
                "the program has a mistake: please report this request",
            ))
        })
    });
    let json = match &answer {
        Ok(response) => serde_json::to_vec(response),
        Err(failure) => serde_json::to_vec(&ErrorObject {
            error: failure.as_report(),
        }),
    };
    let mut json = json.expect("only names and numbers");
    json.push(b'\n');
    json
}

fn respond(line: &[u8]) -> Result<Response, Failure> {
    let text = std::str::from_utf8(line).map_err(|error| {
        let error = SyntaxError::invalid_utf8(error.valid_up_to());
        Failure::syntax(error, "", "input")
    })?;
    let Whole(request) = serde_json::from_str(text).map_err(|error| {
        let kind = match error.is_data() {
            true => "invalid_request",
            false => "invalid_json",
        };
        Failure::new(kind, error.to_string())
            .with_hint(r#"a request looks like {"expr": "x^2", "wrt": ["x"], "at": [{"x": 3}]}"#)
    })?;
    let order = match request.order {
        None => 1,
        Some(Order::Whole(order)) => (u32::try_from(order).ok())
            .filter(|&order| order <= MAX_ORDER)
            .ok_or_else(|| {
                let message = format!("the order is at most {MAX_ORDER}");
                Failure::new("invalid_request", message)
            })?,
    };
    answer(&request, order)
}

fn answer(request: &Request, order: u32) -> Result<Response, Failure> {
    let wrt: &[String] = match &request.wrt {
        None => &[],
        Some(Names::One(name)) => std::slice::from_ref(name),
        Some(Names::Several(names)) => names,
    };
    let wrt: Vec<String> = (wrt.iter())
        .map(|text| name(text, "wrt"))
        .collect::<Result<_, _>>()?;
    let points: Vec<Vec<(String, Value)>> = (request.at.iter().flatten())
        .map(|Point(point)| {
            let entry = |(name, number): &(String, Number)| Ok((name.clone(), number.value(name)?));
            point.iter().map(entry).collect()
        })
        .collect::<Result<_, Failure>>()?;
    let mut named: Vec<&str> = wrt.iter().map(String::as_str).collect();
    for (name, _) in points.iter().flatten() {
        if !named.contains(&name.as_str()) {
            named.push(name);
        }
    }
    let mut problem = Problem::parse(&request.expr, &named, &Vec::new())?;
    let symbols: Vec<SymbolId> = match (&wrt[..], &problem.variables[..]) {
        ([], []) => vec![problem.symbol("x")],
        ([], variables) => variables.to_vec(),
        (names, _) => names.iter().map(|name| problem.symbol(name)).collect(),
    };
    let task = match request.mixed {
        Some(true) => Task::Mixed,
        _ => Task::Each(order),
    };
    let derivatives = derive(&mut problem, &task, &symbols, true)?;
    let texts: Vec<String> = (derivatives.simple.iter())
        .map(|&id| print::text(&problem.arena, id))
        .collect::<Result<_, TooLong>>()
        .map_err(|error| {
            Failure::new("too_long", error.to_string())
                .with_hint("`gradus diff` without --jsonl has --format let")
        })?;
    let (values, function_values, reason) =
        evaluate(&problem, &derivatives, (&task, &symbols), &points)?;
    problem.notes.extend(reason);
    Ok(Response {
        derivatives: rows(texts, derivatives.columns),
        values,
        function_values,
        notes: problem.notes,
    })
}

type Evaluated = (Vec<Rows<Value>>, Vec<Row<Value>>, Option<String>);

/// What the points give, and why there is no finite value at the first point without one.
fn evaluate(
    problem: &Problem,
    derivatives: &Derivatives,
    asked: (&Task, &[SymbolId]),
    points: &[Vec<(String, Value)>],
) -> Result<Evaluated, Failure> {
    let (mut values, mut function_values) = (Vec::new(), Vec::new());
    if points.is_empty() {
        return Ok((values, function_values, None));
    }
    // The unsimplified derivative has no variable that the formula has not.
    let variables = walk::symbols(&problem.arena, &problem.roots);
    let mut evaluator = Evaluator::new(problem, derivatives, asked, &variables)?;
    let mut reason = None;
    for given in points {
        let point = point_of(&problem.arena, &variables, given)?;
        let (mut functions, slopes) = evaluator.values(&point);
        let lost = functions.iter().chain(&slopes).any(|v| !v.is_finite());
        if lost
            && reason.is_none()
            && point.iter().all(|value| value.is_finite())
            && let Some(schedule) = evaluator.real_schedule()
        {
            reason = singular_note(&problem.arena, schedule, &point);
        }
        values.push(rows(slopes, derivatives.columns));
        function_values.push(match problem.is_list {
            true => Row::Several(functions),
            false => Row::One(functions.remove(0)),
        });
    }
    Ok((values, function_values, reason))
}

fn rows<T: Clone>(list: Vec<T>, columns: Option<usize>) -> Rows<T> {
    match columns {
        None => Rows::One(list),
        Some(columns) => Rows::Several(list.chunks(columns.max(1)).map(<[T]>::to_vec).collect()),
    }
}
