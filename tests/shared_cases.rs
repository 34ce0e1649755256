//! Cases that nobody in this project wrote: derivatives, formulas and parser inputs from other engines' tests.
//!
//! They lie beside the repository, in `../shared/cases`, on the machines where they are kept; elsewhere these tests say
//! so and pass.

use std::fs;
use std::path::Path;

use gradus::calculus;
use gradus::expr::{Arena, Id};
use gradus::numeric::Schedule;
use gradus::simplify::simplify;
use gradus::syntax;
use serde_json::Value;

fn load(name: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/cases")
        .join(name);
    match fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).expect("the cases are JSON")),
        Err(_) => {
            eprintln!("skipped: {name} is not beside the repository");
            None
        }
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().expect("a number"),
        other => other.as_f64().expect("a number"),
    }
}

/// Agreement to 9 digits, or as far as doubles can tell around the size of the parts.
fn agrees(got: f64, want: f64) -> bool {
    (got - want).abs() <= 1e-9 * want.abs().max(1e-3) || got == want
}

struct Point {
    names: Vec<String>,
    values: Vec<f64>,
}

impl Point {
    fn of(at: &Value) -> Point {
        let at = at.as_object().expect("a point");
        Point {
            names: at.keys().cloned().collect(),
            values: at.values().map(number).collect(),
        }
    }

    fn names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    fn eval(&self, arena: &mut Arena, root: Id) -> f64 {
        let variables: Vec<_> = (self.names.iter())
            .map(|name| arena.symbol_id(name))
            .collect();
        let schedule =
            Schedule::new(arena, &[root], &variables).expect("every variable has a value");
        schedule.run_real(&self.values, &mut Vec::new())[0]
    }
}

#[test]
fn derivatives_of_other_test_suites() {
    let Some(file) = load("derivatives.json") else {
        return;
    };
    let cases = file["cases"].as_array().expect("cases");
    let mut wrong = Vec::new();
    for case in cases {
        let (id, text) = (&case["id"], case["expr"].as_str().expect("text"));
        let first = Point::of(&case["points"][0]["at"]);
        let mut arena = Arena::new();
        let root = match syntax::read(&mut arena, text, &first.names()) {
            Ok(reading) => reading.results[0],
            Err(error) => {
                wrong.push(format!("{id} {text}: {error}"));
                continue;
            }
        };
        let wrt: Vec<_> = (case["wrt"].as_array().expect("names").iter())
            .map(|name| arena.symbol_id(name.as_str().expect("a name")))
            .collect();
        let raw =
            calculus::nth_derivative(&mut arena, root, &wrt, |_, id| id).expect("differentiable");
        let tidy = calculus::nth_derivative(&mut arena, root, &wrt, |a, id| simplify(a, id).id)
            .expect("differentiable");
        let text_of = |arena: &Arena, id| syntax::print::text(arena, id).expect("short");
        for at in case["points"].as_array().expect("points") {
            let point = Point::of(&at["at"]);
            let (value, derivative) = (number(&at["value"]), number(&at["derivative"]));
            for (what, id, want) in [
                ("value", root, value),
                ("raw", raw, derivative),
                ("tidy", tidy, derivative),
            ] {
                let got = point.eval(&mut arena, id);
                if !agrees(got, want) {
                    wrong.push(format!(
                        "{id} {text}: {what} {} = {got}, not {want}",
                        text_of(&arena, id),
                        id = case["id"]
                    ));
                    break;
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn gradients_of_formulas() {
    let Some(file) = load("formulas.json") else {
        return;
    };
    let mut wrong = Vec::new();
    for case in file.as_array().expect("cases") {
        let text = case["formula"].as_str().expect("text");
        let mut arena = Arena::new();
        let first = Point::of(&case["points"][0]["at"]);
        let root = match syntax::read(&mut arena, text, &first.names()) {
            Ok(reading) => reading.results[0],
            Err(error) => {
                wrong.push(format!("{text}: {error}"));
                continue;
            }
        };
        let names: Vec<&str> = case["vars"]
            .as_array()
            .expect("names")
            .iter()
            .map(|n| n.as_str().expect("a name"))
            .collect();
        let symbols: Vec<_> = (names.iter()).map(|name| arena.symbol_id(name)).collect();
        let gradient = calculus::gradient(&mut arena, root, &symbols).expect("differentiable");
        for at in case["points"].as_array().expect("points") {
            let point = Point::of(&at["at"]);
            for (name, &partial) in names.iter().zip(&gradient) {
                let want = number(&at["grad"][name]);
                let tidy = simplify(&mut arena, partial).id;
                for id in [partial, tidy] {
                    let got = point.eval(&mut arena, id);
                    if !agrees(got, want) {
                        wrong.push(format!("{text} by {name}: {got}, not {want}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the reading rules decide differently from the tool that a case comes from: juxtaposition has the rank of `*`,
/// functions take parentheses, there are no objects.
const READ_DIFFERENTLY: [&str; 5] = [
    "a.b(2+3)",
    "(x + 2) sin x",
    "(2+4)/3x",
    "y / v x w",
    "1 h / (1+1) h",
];

#[test]
fn inputs_of_other_parsers() {
    let Some(file) = load("parser.json") else {
        return;
    };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for case in file.as_array().expect("cases") {
        let text = case["input"].as_str().expect("text");
        let bindings = Point::of(&case["bindings"]);
        let mut arena = Arena::new();
        let reading = syntax::read(&mut arena, text, &bindings.names());
        let expect = case["expect"].as_str().expect("a word");
        if READ_DIFFERENTLY.contains(&text) {
            continue;
        }
        seen += 1;
        let root = match (reading, expect) {
            (Err(_), "error") => continue,
            (Ok(_), "error") => {
                wrong.push(format!("{text:?} was read, and should be an error"));
                continue;
            }
            (Err(error), _) => {
                wrong.push(format!("{text:?}: {error}"));
                continue;
            }
            (Ok(reading), _) => reading.results[0],
        };
        match expect {
            "value" => {
                let (got, want) = (bindings.eval(&mut arena, root), number(&case["value"]));
                // Some sources give six digits only.
                if !agrees(got, want) && (got - want).abs() > 1e-6 * want.abs() {
                    wrong.push(format!("{text:?} = {got}, not {want}"));
                }
            }
            _ => {
                let other = case["expected_expr"].as_str().expect("text");
                let other = syntax::parse_into(&mut arena, other).expect("the equal form");
                if root != other && simplify(&mut arena, root) != simplify(&mut arena, other) {
                    let (a, b) = (
                        bindings.eval(&mut arena, root),
                        bindings.eval(&mut arena, other),
                    );
                    if !agrees(a, b) {
                        wrong.push(format!("{text:?} is {a}, the equal form {b}"));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {seen}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
