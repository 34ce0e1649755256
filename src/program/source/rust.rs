//! Rust: one file, the standard library and nothing else.

use std::collections::BTreeSet;

use super::body::{Spelling, body};
use super::header::{Words, header};
use super::helpers::helpers;
use super::names::Names;
use super::spelling::{
    arithmetic, bracketed, comparison, helper_call, nested, number_or, reciprocal_of, with_one_zero,
};
use super::steps::Steps;
use super::text::{Rank, Text};
use super::{Code, Description, Language, Shape, SourceError, by_point};
use crate::expr::Function;
use crate::program::Op;

struct Rust;

impl Spelling for Rust {
    fn constant(&self, number: f64) -> Result<Text, SourceError> {
        // A literal close to one of these numbers is an error for clippy, and a name reads better.
        for (value, name) in NAMED {
            if number == value {
                return Ok(Text::atom(format!("std::f64::consts::{name}")));
            }
        }
        Ok(number_or(number, "f64::INFINITY", "f64::NAN"))
    }

    fn operation(
        &self,
        op: Op,
        operands: &[Text],
        helpers: &mut BTreeSet<&'static str>,
    ) -> Result<Text, SourceError> {
        let mut helper = |name: &'static str, function: &str| {
            helpers.insert(name);
            Text::call(function, operands)
        };
        Ok(match (op, operands) {
            (Op::MulAdd, operands) => method("mul_add", operands),
            (Op::MulSub, [a, b, c]) => {
                method("mul_add", &[a.clone(), b.clone(), Text::negative(c)])
            }
            (Op::NegMulAdd, [a, b, c]) => {
                method("mul_add", &[Text::negative(a), b.clone(), c.clone()])
            }
            (Op::Sqrt, operands) => method("sqrt", operands),
            (Op::Pow, operands) => method("powf", operands),
            (Op::Select, _) => helper("select", "gradus_select"),
            (Op::Fill, _) => helper("fill", "gradus_fill"),
            (Op::Call(f), operands) => match (comparison(f), operands) {
                (Some(sign), [a, b]) => {
                    truth(format!("{} {sign} {}", a.at(Rank::Sum), b.at(Rank::Sum)))
                }
                _ => return Ok(call(f, operands, helpers)),
            },
            _ => arithmetic(op, operands).expect("all other operations are arithmetic"),
        })
    }
}

const NAMED: [(f64, &str); 13] = {
    use std::f64::consts::*;
    [
        (PI, "PI"),
        (TAU, "TAU"),
        (E, "E"),
        (LN_2, "LN_2"),
        (LN_10, "LN_10"),
        (SQRT_2, "SQRT_2"),
        (FRAC_1_SQRT_2, "FRAC_1_SQRT_2"),
        (FRAC_PI_2, "FRAC_PI_2"),
        (FRAC_PI_3, "FRAC_PI_3"),
        (FRAC_PI_4, "FRAC_PI_4"),
        (FRAC_1_PI, "FRAC_1_PI"),
        (FRAC_2_PI, "FRAC_2_PI"),
        (FRAC_2_SQRT_PI, "FRAC_2_SQRT_PI"),
    ]
};

/// `a.name(b)`; a number says that it is one of 64 bits.
fn method(name: &str, operands: &[Text]) -> Text {
    let receiver = match operands[0].number {
        Some(_) if operands[0].rank == Rank::Atom => format!("{}_f64", operands[0].text),
        Some(_) => format!("({}_f64)", operands[0].text),
        None => operands[0].at(Rank::Atom),
    };
    let rest: Vec<&str> = operands[1..].iter().map(|b| b.text.as_str()).collect();
    Text::atom(format!("{receiver}.{name}({})", rest.join(", ")))
}

/// 1.0 where a condition holds, else 0.0.
fn truth(condition: String) -> Text {
    Text::atom(format!("f64::from({condition})"))
}

fn call(f: Function, operands: &[Text], helpers: &mut BTreeSet<&'static str>) -> Text {
    let operands = &with_one_zero(f, operands)[..];
    if let Some(below) = reciprocal_of(f) {
        let below = method(below.name(), operands);
        return Text::new(Rank::Product, format!("1.0 / {}", below.text));
    }
    let is_set = |a: &Text| format!("{} != 0.0", a.text);
    match (f, operands) {
        (Function::Not, [a]) => return truth(format!("{} == 0.0", a.text)),
        (Function::And, [a, b]) => return truth(format!("{} && {}", is_set(a), is_set(b))),
        (Function::Or, [a, b]) => return truth(format!("{} || {}", is_set(a), is_set(b))),
        _ => {}
    }
    match native(f) {
        Some(name) => method(name, operands),
        None => helper_call(f, operands, helpers),
    }
}

/// The methods of `f64` that mean what THE TABLE means. Not among them: `acosh`, which loses half of the digits near 1,
/// `atanh`, which loses them near -1, and `asinh`, which overflows.
fn native(f: Function) -> Option<&'static str> {
    use Function::*;
    Some(match f {
        Expm1 => "exp_m1",
        Log => "ln",
        Log1p => "ln_1p",
        Exp | Log2 | Log10 | Sin | Cos | Tan | Asin | Acos | Atan | Sinh | Cosh | Tanh | Cbrt
        | Atan2 | Hypot | Abs | Floor | Ceil | Round => f.name(),
        _ => return None,
    })
}

pub(super) fn write(steps: &Steps, description: &Description<'_>) -> Result<Code, SourceError> {
    let names = Names::new(description, Language::Rust);
    let body = body(steps, &names, &Rust)?;
    let by_point = by_point(description);
    let function = description.function_name();
    let (m, n) = (description.functions, names.inputs.len());
    let words = Words {
        result: result(description).to_owned(),
        entry: Some(|array, row, column, _| match row {
            Some(row) => format!("{array}[{row}][{column}]"),
            None => format!("{array}[{column}]"),
        }),
        by_point,
    };
    let mut text = String::new();
    for line in documented(header(description, &names, Language::Rust, &words)) {
        text += &format!("{line}\n");
    }

    let is_snake =
        |name: &String| !name.bytes().any(|b| b.is_ascii_uppercase()) && !name.contains("__");
    if !names.inputs.iter().chain([&function]).all(is_snake) {
        text += "#[allow(non_snake_case)]\n";
    }
    let parameters: Vec<String> = match by_point {
        true => vec![format!("point: &[f64; {n}]")],
        false => names.inputs.iter().map(|x| format!("{x}: f64")).collect(),
    };
    let values = match description.is_list || description.shape == Shape::Jacobian {
        true => format!("[f64; {m}]"),
        false => "f64".to_owned(),
    };
    let result = match description.shape {
        Shape::Value => values,
        Shape::Gradient => format!("({values}, [f64; {n}])"),
        Shape::Jacobian => format!("({values}, [[f64; {n}]; {m}])"),
        Shape::Hessian => format!("({values}, [f64; {n}], [[f64; {n}]; {n}])"),
    };
    text += &format!(
        "pub fn {function}({}) -> {result} {{\n",
        parameters.join(", ")
    );
    let unused = || {
        names
            .inputs
            .iter()
            .zip(&body.used)
            .filter(|(_, used)| !**used)
    };
    match by_point {
        true if body.used.contains(&true) => {
            let pattern: Vec<String> = (names.inputs.iter().zip(&body.used))
                .map(|(x, &used)| if used { x.clone() } else { "_".to_owned() })
                .collect();
            let pattern = bracketed(&pattern, "    ", "    ");
            text += &format!("    let {pattern} = *point;\n");
        }
        true => text += "    let _ = point;\n",
        false => text.extend(unused().map(|(x, _)| format!("    let _ = {x};\n"))),
    }
    for (name, value) in &body.statements {
        text += &format!("    let {name} = {value};\n");
    }
    text += &returned(description, &body.outputs);
    text += "}\n";
    let helpers_used: Vec<&str> = body.helpers.iter().copied().collect();
    for helper in helpers(Language::Rust, &helpers_used) {
        text += &format!("\n{helper}\n");
    }
    Ok(Code {
        text,
        inputs: names.inputs,
        outputs: names.outputs,
    })
}

/// The expression at the end.
fn returned(description: &Description<'_>, outputs: &[Text]) -> String {
    let (m, n) = (description.functions, description.inputs.len());
    let all: Vec<String> = outputs.iter().map(|output| output.text.clone()).collect();
    let list = |items: &[String], indent: &str| bracketed(items, indent, "    ");
    let matrix = |cells: &[String], rows: usize| match n {
        0 => list(&vec!["[]".to_owned(); rows], "        "),
        n => list(&nested(cells, n), "        "),
    };
    let tuple =
        |parts: &[String]| format!("    (\n        {},\n    )\n", parts.join(",\n        "));
    match description.shape {
        Shape::Value if description.is_list => format!("    {}\n", list(&all, "    ")),
        Shape::Value => format!("    {}\n", all[0]),
        Shape::Gradient => tuple(&[all[0].clone(), list(&all[1..], "        ")]),
        Shape::Jacobian => tuple(&[list(&all[..m], "        "), matrix(&all[m..], m)]),
        Shape::Hessian => tuple(&[
            all[0].clone(),
            list(&all[1..1 + n], "        "),
            matrix(&all[1 + n..], n),
        ]),
    }
}

fn result(description: &Description<'_>) -> &'static str {
    match (description.shape, description.is_list) {
        (Shape::Value, false) => "Returns the value.",
        (Shape::Value, true) => "Returns the values.",
        (Shape::Gradient, _) => "Returns the value and the gradient:",
        (Shape::Jacobian, _) => "Returns the values and the Jacobian:",
        (Shape::Hessian, _) => "Returns the value, the gradient and the Hessian:",
    }
}

/// As a comment of documentation: formulas and lists as code, so that `[` and `<` are not read as links and tags.
fn documented(lines: Vec<String>) -> Vec<String> {
    let mut documented = vec!["/// ```text".to_owned()];
    documented.extend(
        lines
            .iter()
            .map(|line| format!("/// {line}").trim_end().to_owned()),
    );
    documented.push("/// ```".to_owned());
    documented
}
