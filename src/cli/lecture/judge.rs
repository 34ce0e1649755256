//! Is an answer right, in whatever form it is written?
//!
//! Two formulas are equal if their difference simplifies to 0. What the simplifier does not find, values decide: formulas
//! that agree at many points in general position are the same for every purpose of an exercise.

use std::fmt;

use crate::cli::answer::point_text;
use crate::cli::failure::Failure;
use crate::cli::problem::Problem;
use crate::cli::value::{Value, number};
use crate::expr::{Arena, Id, SymbolId, walk};
use crate::numeric::Schedule;
use crate::simplify::simplify;
use crate::syntax::variable_name;

/// Points at which formulas are compared.
const POINTS: usize = 24;

/// Values that differ by less, relatively, are equal: what different forms of a formula lose to rounding.
const TOLERANCE: f64 = 1e-9;

/// A decimal answer to an exercise about numbers may be rounded to this relative accuracy.
const ROUNDED: f64 = 5e-3;

/// Decimals with at least so many digits count as rounded.
const DIGITS: usize = 3;

/// What is said of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is equal.
    Right,
    /// It is a number that is near enough.
    Rounded,
    /// It is not, and this is why.
    Wrong(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Right => f.write_str("right"),
            Verdict::Rounded => f.write_str("right, rounded"),
            Verdict::Wrong(why) => write!(f, "not right: {why}"),
        }
    }
}

/// Compares an answer with the right one. What cannot be read is a failure of the answer's text.
pub fn judge(answer: &str, right: &str) -> Result<Verdict, Failure> {
    // `x = 3` says which number is 3; the number is what was asked.
    let answer = match answer.split_once('=') {
        Some((name, value))
            if !value.contains(['=', ';']) && variable_name(name.trim()).is_ok() =>
        {
            value
        }
        _ => answer,
    };
    let names = names_of(right);
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let given = Problem::parse(answer, &known, &Vec::new())?;
    let expected = Problem::parse(right, &known, &Vec::new())?;
    if given.is_list != expected.is_list || given.roots.len() != expected.roots.len() {
        return Ok(Verdict::Wrong(
            match (expected.is_list, expected.roots.len()) {
                (false, _) => "one formula is asked, not a list".to_owned(),
                (true, count) => format!("a list of {count} formulas is asked: [f, g, ...]"),
            },
        ));
    }
    // A second reading, both texts as one list, puts them into one graph.
    let inner = |text: &str| {
        let text = text.trim();
        let inside = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'));
        inside
            .filter(|_| expected.is_list)
            .unwrap_or(text)
            .to_owned()
    };
    let both = format!("[{}, {}]", inner(answer), inner(right));
    let mut both = Problem::parse(&both, &known, &Vec::new())?;
    let unknown = both
        .variable_names()
        .into_iter()
        .find(|name| !names.iter().any(|n| n == name));
    if let Some(name) = unknown {
        let known = match &names[..] {
            [] => "the answer is a number".to_owned(),
            names => format!("the answer is about {}", names.join(", ")),
        };
        return Ok(Verdict::Wrong(format!(
            "`{name}` does not belong to the question: {known}"
        )));
    }
    let count = both.roots.len() / 2;
    let variables = both.variables.clone();
    for at in 0..count {
        let (given, right) = (both.roots[at], both.roots[count + at]);
        let place = match count {
            1 => String::new(),
            _ => format!("entry {}: ", at + 1),
        };
        match compare(&mut both.arena, given, right, &variables)? {
            Verdict::Wrong(why) => return Ok(Verdict::Wrong(place + &why)),
            Verdict::Rounded => return Ok(Verdict::Rounded),
            Verdict::Right => {}
        }
    }
    Ok(Verdict::Right)
}

/// The variables of a formula.
fn names_of(text: &str) -> Vec<String> {
    let problem = Problem::parse(text, &[], &Vec::new());
    let names = problem.map(|p| p.variable_names().into_iter().map(str::to_owned).collect());
    names.unwrap_or_default()
}

fn compare(
    arena: &mut Arena,
    given: Id,
    right: Id,
    variables: &[SymbolId],
) -> Result<Verdict, Failure> {
    let minus = arena.neg(right);
    let difference = arena.add(given, minus);
    let simple = simplify(arena, difference).id;
    if arena.as_number(simple).is_some_and(|n| n.is_zero()) {
        return Ok(Verdict::Right);
    }
    let schedule = Schedule::new(arena, &[given, right], variables)?;
    let mut pairs = Vec::new();
    for k in 0..POINTS {
        let point: Vec<f64> = (0..variables.len()).map(|v| coordinate(k, v)).collect();
        let values = schedule.values(&point);
        if values.iter().all(|x| x.is_finite()) {
            pairs.push((point, values[0], values[1]));
        }
    }
    if pairs.is_empty() {
        return Ok(Verdict::Wrong("it has no value anywhere".to_owned()));
    }
    let off = |given: f64, right: f64| (given - right).abs() / right.abs().max(1e-6);
    let worst = pairs
        .iter()
        .map(|(_, given, right)| off(*given, *right))
        .fold(0.0, f64::max);
    if worst < TOLERANCE {
        return Ok(Verdict::Right);
    }
    let is_number = walk::symbols(arena, &[given, right]).is_empty();
    if is_number && worst < ROUNDED && decimals(arena, given) {
        return Ok(Verdict::Rounded);
    }
    // One factor, or one difference, at all points says what was forgotten.
    let constant = |of: &dyn Fn(f64, f64) -> f64| {
        let first = of(pairs[0].1, pairs[0].2);
        let same = |x: f64| (x - first).abs() <= 1e-9 * first.abs().max(1e-9);
        (pairs.iter().all(|(_, a, b)| same(of(*a, *b)))).then_some(first)
    };
    let several = pairs.len() > 1 && !is_number;
    let why = match (constant(&|a, b| a / b), constant(&|a, b| a - b)) {
        (Some(-1.0), _) => "the sign is wrong".to_owned(),
        (Some(factor), _) if several && factor.is_finite() && factor != 0.0 => {
            format!("it is {} times the right one", number(rounded(factor)))
        }
        (_, Some(offset)) if several => {
            format!("it is off by {} everywhere", number(rounded(offset)))
        }
        _ if is_number && pairs[0].1 > pairs[0].2 => "it is too large".to_owned(),
        _ if is_number => "it is too small".to_owned(),
        _ => {
            let (point, given, right) = (pairs.iter())
                .max_by(|a, b| off(a.1, a.2).total_cmp(&off(b.1, b.2)))
                .expect("there are pairs");
            // Two numbers that look alike would explain nothing.
            let shown = |x: f64| match rounded(*given) == rounded(*right) {
                true => x,
                false => rounded(x),
            };
            let names = variables.iter().map(|&v| arena.symbol_name(v));
            let point: Vec<Value> = point.iter().map(|&x| Value::Real(x)).collect();
            format!(
                "at {} it is {}, and should be {}",
                point_text(names, &point),
                number(shown(*given)),
                number(shown(*right))
            )
        }
    };
    Ok(Verdict::Wrong(why))
}

/// A point in general position, positive in the first half of the points, so that roots and logarithms have values.
fn coordinate(point: usize, variable: usize) -> f64 {
    // Multiples of square roots of primes never meet.
    const PRIMES: [f64; 5] = [2.0, 3.0, 5.0, 7.0, 11.0];
    let prime = PRIMES[variable % PRIMES.len()];
    let step = prime.sqrt() * (1.0 + (variable / PRIMES.len()) as f64);
    let unit = ((point + 1) as f64 * step).fract();
    let size = (unit * 30.0).round() / 10.0 + 0.1;
    if point < POINTS / 2 || unit > 0.5 {
        size
    } else {
        -size
    }
}

/// Is it a number that is written with some digits, and so may be rounded?
fn decimals(arena: &Arena, id: Id) -> bool {
    let number = arena.as_number(id).map(|n| n.to_f64().to_string());
    number.is_some_and(|n| n.bytes().filter(u8::is_ascii_digit).count() >= DIGITS)
}

fn rounded(x: f64) -> f64 {
    format!("{x:.5e}").parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(answer: &str, right: &str, verdict: &str) {
        assert_eq!(
            judge(answer, right).unwrap().to_string(),
            verdict,
            "{answer}"
        );
    }

    #[test]
    fn equal_expressions_in_any_form_are_right() {
        says("x + x", "2*x", "right");
        says("(x+1)^2 - 1 - x^2", "2*x", "right");
        says("2x", "2*x", "right");
        says("1/(1 + exp(-x))", "exp(x)/(1 + exp(x))", "right");
        says("(cos(2x) + 1)/2", "cos(x)^2", "right");
        says("[2x, 4y]", "[2*x, 4*y]", "right");
        says("7/2", "3.5", "right");
        says("sqrt(8)", "2*sqrt(2)", "right");
    }

    #[test]
    fn wrong_ones_are_told_why() {
        says("x", "2*x", "not right: it is 0.5 times the right one");
        says("-2x", "2*x", "not right: the sign is wrong");
        says("2x + 3", "2*x", "not right: it is off by 3 everywhere");
        says("3", "4", "not right: it is too small");
        says(
            "2*y",
            "2*x",
            "not right: `y` does not belong to the question: the answer is about x",
        );
        says(
            "x",
            "3",
            "not right: `x` does not belong to the question: the answer is a number",
        );
        says("[2x]", "2*x", "not right: one formula is asked, not a list");
        says(
            "2x",
            "[2*x, 4*y]",
            "not right: a list of 2 formulas is asked: [f, g, ...]",
        );
        says(
            "[2x, 3y]",
            "[2*x, 4*y]",
            "not right: entry 2: it is 0.75 times the right one",
        );
        let verdict = judge("x^2", "2*x").unwrap().to_string();
        assert!(verdict.starts_with("not right: at x = "), "{verdict}");
    }

    #[test]
    fn numbers_may_be_rounded_but_not_guessed() {
        says("0.917", "11/12", "right, rounded");
        says("0.9", "11/12", "not right: it is too small");
        says("19.001", "19", "right, rounded");
        says("20", "19", "not right: it is too large");
    }
}
