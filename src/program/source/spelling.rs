//! What the languages of functions have in common: arithmetic, numbers, and which functions are quotients of others.

use std::collections::BTreeSet;

use super::text::{Rank, Text};
use crate::expr::Function;
use crate::program::Op;

/// The operations that every language writes alike. `None` for the others.
pub(super) fn arithmetic(op: Op, operands: &[Text]) -> Option<Text> {
    Some(match (op, operands) {
        (Op::Copy, [a]) => a.clone(),
        (Op::Neg, [a]) => Text::negative(a),
        (Op::Add, [a, b]) => Text::infix(Rank::Sum, a, "+", b),
        (Op::Sub, [a, b]) => Text::infix(Rank::Sum, a, "-", b),
        (Op::Mul, [a, b]) => Text::infix(Rank::Product, a, "*", b),
        (Op::Div, [a, b]) => Text::infix(Rank::Product, a, "/", b),
        _ => return None,
    })
}

/// The function whose reciprocal it is, in the form that THE TABLE computes.
pub(super) fn reciprocal_of(f: Function) -> Option<Function> {
    Some(match f {
        Function::Cot => Function::Tan,
        Function::Sec => Function::Cos,
        Function::Csc => Function::Sin,
        Function::Coth => Function::Tanh,
        _ => return None,
    })
}

/// The operands, of an angle without signs of zeros: here a zero has none, and `atan2(-0.0, -1.0)` would be -pi.
pub(super) fn with_one_zero(f: Function, operands: &[Text]) -> Vec<Text> {
    let plus_zero = |a: &Text| match a.number {
        Some(0.0) => Text::number(0.0),
        Some(_) => a.clone(),
        None => Text::infix(Rank::Sum, a, "+", &Text::number(0.0)),
    };
    match f {
        Function::Atan2 => operands.iter().map(plus_zero).collect(),
        _ => operands.to_vec(),
    }
}

/// A function that the language lacks: its helper of that name is called, and written along.
pub(super) fn helper_call(
    f: Function,
    operands: &[Text],
    helpers: &mut BTreeSet<&'static str>,
) -> Text {
    helpers.insert(f.name());
    Text::call(&format!("gradus_{}", f.name()), operands)
}

/// The operator of a comparison, in the languages that follow C.
pub(super) fn comparison(f: Function) -> Option<&'static str> {
    Some(match f {
        Function::Less => "<",
        Function::LessEqual => "<=",
        Function::Greater => ">",
        Function::GreaterEqual => ">=",
        Function::Equal => "==",
        Function::NotEqual => "!=",
        _ => return None,
    })
}

/// Any number, with the language's words for infinity and NaN.
pub(super) fn number_or(x: f64, infinity: &str, nan: &str) -> Text {
    match x {
        _ if x.is_nan() => Text::atom(nan),
        f64::INFINITY => Text::atom(infinity),
        f64::NEG_INFINITY => Text::new(Rank::Signed, format!("-{infinity}")),
        _ => Text::number(x),
    }
}

/// Lines are not longer than this, unless an expression is.
const WIDTH: usize = 96;

/// A list in brackets: on one line, or an indented line after the other with the closing bracket under `indent`.
pub(super) fn bracketed(items: &[String], indent: &str, step: &str) -> String {
    let length: usize = items.iter().map(|item| item.len() + 2).sum();
    if length + indent.len() < WIDTH - 16 {
        return format!("[{}]", items.join(", "));
    }
    let inner = format!("{indent}{step}");
    let mut lines = vec![inner.clone()];
    for item in items {
        let line = lines.last_mut().expect("at least one");
        if line.len() > inner.len() && line.len() + item.len() > WIDTH {
            line.truncate(line.trim_end().len());
            lines.push(inner.clone());
        }
        let line = lines.last_mut().expect("at least one");
        line.push_str(&format!("{item}, "));
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    format!("[\n{}\n{indent}]", lines.join("\n"))
}

/// A matrix as a list of lists, in these brackets.
pub(super) fn nested(cells: &[String], columns: usize) -> Vec<String> {
    (cells.chunks(columns.max(1)))
        .map(|row| format!("[{}]", row.join(", ")))
        .collect()
}
