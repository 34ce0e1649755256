//! LaTeX: an algorithm, an assignment a line, in an `align` environment that numbers them.

use std::collections::BTreeSet;

use super::body::{Spelling, body};
use super::header::title;
use super::names::Names;
use super::spelling::comparison;
use super::steps::Steps;
use super::text::{Rank, Text};
use super::{Code, Description, Language, Shape, SourceError};
use crate::expr::Function;
use crate::functions::row;
use crate::program::Op;

struct Latex;

/// In parentheses if it binds less tightly.
fn at(a: &Text, least: Rank) -> String {
    match a.rank >= least {
        true => a.text.clone(),
        false => format!(r"\left({}\right)", a.text),
    }
}

impl Spelling for Latex {
    const INLINE: usize = 60;

    fn constant(&self, number: f64) -> Result<Text, SourceError> {
        let size = number.abs();
        let digits = match size {
            _ if size.is_nan() => r"\mathrm{NaN}".to_owned(),
            f64::INFINITY => r"\infty".to_owned(),
            std::f64::consts::PI => r"\pi".to_owned(),
            std::f64::consts::E => "e".to_owned(),
            0.0 => "0".to_owned(),
            size if (1e-5..1e16).contains(&size) => size.to_string(),
            size => {
                let text = format!("{size:e}");
                let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                format!(r"{digits} \cdot 10^{{{exponent}}}")
            }
        };
        let rank = if digits.contains("cdot") {
            Rank::Product
        } else {
            Rank::Atom
        };
        Ok(match number < 0.0 {
            true => Text::new(rank.min(Rank::Signed), format!("-{digits}")),
            false => Text::new(rank, digits),
        })
    }

    fn operation(
        &self,
        op: Op,
        operands: &[Text],
        _: &mut BTreeSet<&'static str>,
    ) -> Result<Text, SourceError> {
        Ok(match (op, operands) {
            (Op::Copy | Op::Fill, [a, ..]) => a.clone(),
            (Op::Neg, [a]) => {
                let signed = format!("-{}", unsigned(a));
                Text::new(a.rank.clamp(Rank::Product, Rank::Signed), signed)
            }
            (Op::Add, [a, b]) => sum(a, "+", b),
            (Op::Sub, [a, b]) => sum(a, "-", b),
            (Op::Mul, [a, b]) => product(a, b),
            (Op::Div, [a, b]) => Text::atom(format!(r"\frac{{{}}}{{{}}}", a.text, b.text)),
            (Op::MulAdd, [a, b, c]) => sum(&product(a, b), "+", c),
            (Op::MulSub, [a, b, c]) => sum(&product(a, b), "-", c),
            (Op::NegMulAdd, [a, b, c]) => sum(c, "-", &product(a, b)),
            (Op::Sqrt, [a]) => Text::atom(format!(r"\sqrt{{{}}}", a.text)),
            (Op::Pow, [a, b]) => power(a, &b.text),
            (Op::Select, [c, a, b]) => Text::atom(format!(
                r"\begin{{cases}} {} & \text{{if }} {} \ne 0 \\ {} & \text{{otherwise}} \end{{cases}}",
                a.text, c.text, b.text
            )),
            (Op::Call(f), operands) => call(f, operands),
            _ => unreachable!("programs for complex numbers have been refused"),
        })
    }

    fn temporary(&self, prefix: &str, number: usize) -> String {
        match prefix {
            "t" => format!("t_{{{number}}}"),
            other => format!(r"\mathrm{{{}}}_{{{number}}}", other.trim_end_matches('_')),
        }
    }
}

/// As a factor or a later term: a sign of its own stands in parentheses.
fn unsigned(a: &Text) -> String {
    match a.text.starts_with('-') {
        true => format!(r"\left({}\right)", a.text),
        false => at(a, Rank::Product),
    }
}

fn sum(a: &Text, sign: &str, b: &Text) -> Text {
    let right = unsigned(b);
    Text::new(Rank::Sum, format!("{} {sign} {right}", at(a, Rank::Sum)))
}

fn product(a: &Text, b: &Text) -> Text {
    if a == b {
        return power(a, "2");
    }
    let right = unsigned(b);
    // Numbers beside each other would be read as one.
    let sign = match right.starts_with(|c: char| c.is_ascii_digit()) {
        true => r"\cdot ",
        false => r"\, ",
    };
    Text::new(
        Rank::Product,
        format!("{} {sign}{right}", at(a, Rank::Product)),
    )
}

/// What is more than a name or a number is put in parentheses under an exponent.
fn power(base: &Text, exponent: &str) -> Text {
    let is_plain = base.rank == Rank::Atom
        && !base.text.contains([' ', '^'])
        && !base.text.contains(r"\frac")
        && !base.text.contains(r"\left");
    let base = match is_plain {
        true => base.text.clone(),
        false => format!(r"\left({}\right)", base.text),
    };
    Text::atom(format!("{base}^{{{exponent}}}"))
}

fn call(f: Function, operands: &[Text]) -> Text {
    let pattern = row(f).latex;
    let list: Vec<&str> = operands.iter().map(|a| a.text.as_str()).collect();
    if f == Function::Exp {
        return power(&Text::atom("e"), list[0]);
    }
    if !pattern.contains('#') {
        return Text::atom(format!(r"{pattern}\left({}\right)", list.join(", ")));
    }
    let truth =
        comparison(f).is_some() || matches!(f, Function::And | Function::Or | Function::Not);
    // What has no delimiters of its own stands in some. Signs of relation bind less tightly than sums, these two more.
    let least = match f {
        Function::Mod | Function::Not => Rank::Atom,
        _ => Rank::Sum,
    };
    let mut text = pattern.to_owned();
    for (number, operand) in operands.iter().enumerate() {
        let shown = at(operand, least);
        text = text.replace(&format!("#{}", number + 1), &shown);
    }
    Text::atom(match (truth, f) {
        (true, _) => format!(r"\left[{text}\right]"),
        (_, Function::Mod) => format!(r"\left({text}\right)"),
        _ => text,
    })
}

pub(super) fn write(steps: &Steps, description: &Description<'_>) -> Result<Code, SourceError> {
    let mut names = Names::new(description, Language::Latex);
    let inputs = std::mem::take(&mut names.inputs);
    names.inputs = (description.inputs.iter())
        .map(|input| input.latex.clone())
        .collect();
    let body = body(steps, &names, &Latex)?;
    let mut text = format!("% {}\n%\n", title(description));
    text += "% An algorithm: each line uses what stands above it. Needs \\usepackage{amsmath}.\n";
    let whole = body.statements.iter().map(|(_, value)| value.as_str());
    let mut whole = whole.chain(body.outputs.iter().map(|output| output.text.as_str()));
    if whole.any(|text| text.contains(r"\left[")) {
        text += "% [a < b] is 1 where it holds, else 0.\n";
    }
    text += &format!("% Written by gradus {}.\n", env!("CARGO_PKG_VERSION"));
    text += "\\begin{align}\n";
    let lines: Vec<String> = (body.statements.iter())
        .map(|(name, value)| (name.clone(), value))
        .chain(
            symbols(description)
                .into_iter()
                .zip(body.outputs.iter().map(|output| &output.text)),
        )
        .map(|(name, value)| format!("  {name} &= {value}"))
        .collect();
    text += &lines.join(" \\\\\n");
    text += "\n\\end{align}\n";
    Ok(Code {
        text,
        inputs,
        outputs: names.outputs,
    })
}

/// The left sides of the outputs.
fn symbols(description: &Description<'_>) -> Vec<String> {
    let is_letter = description.name.len() == 1 && description.name != "_";
    let f = match is_letter {
        true => description.name.to_owned(),
        false => format!(r"\mathrm{{{}}}", description.name.replace('_', r"\_")),
    };
    let values: Vec<String> = match description.is_list {
        true => (1..=description.functions)
            .map(|at| format!("{f}_{{{at}}}"))
            .collect(),
        false => vec![f],
    };
    let by = || description.inputs.iter().map(|input| input.latex.as_str());
    let partial = |f: &String, x: &str| format!(r"\frac{{\partial {f}}}{{\partial {x}}}");
    let mut symbols = values.clone();
    match description.shape {
        Shape::Value => {}
        Shape::Gradient | Shape::Jacobian | Shape::Hessian => {
            symbols.extend(values.iter().flat_map(|f| by().map(move |x| partial(f, x))));
        }
    }
    if description.shape == Shape::Hessian {
        let f = &values[0];
        for x in by() {
            symbols.extend(by().map(|y| match x == y {
                true => format!(r"\frac{{\partial^{{2}} {f}}}{{\partial {x}^{{2}}}}"),
                false => format!(r"\frac{{\partial^{{2}} {f}}}{{\partial {x} \partial {y}}}"),
            }));
        }
    }
    symbols
}
