//! C99: one file, `math.h` and nothing else.

use std::collections::BTreeSet;

use super::body::{Spelling, body};
use super::header::{Words, header};
use super::helpers::helpers;
use super::names::Names;
use super::spelling::{
    arithmetic, comparison, helper_call, number_or, reciprocal_of, with_one_zero,
};
use super::steps::Steps;
use super::text::{Rank, Text};
use super::{Code, Description, Language, Shape, SourceError, by_point};
use crate::expr::Function;
use crate::program::Op;

struct C;

impl Spelling for C {
    fn constant(&self, number: f64) -> Result<Text, SourceError> {
        Ok(number_or(number, "INFINITY", "NAN"))
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
            (Op::MulAdd, operands) => Text::call("fma", operands),
            (Op::MulSub, [a, b, c]) => {
                Text::call("fma", &[a.clone(), b.clone(), Text::negative(c)])
            }
            (Op::NegMulAdd, [a, b, c]) => {
                Text::call("fma", &[Text::negative(a), b.clone(), c.clone()])
            }
            (Op::Sqrt, operands) => Text::call("sqrt", operands),
            (Op::Pow, operands) => Text::call("pow", operands),
            (Op::Select, _) => helper("select", "gradus_select"),
            (Op::Fill, _) => helper("fill", "gradus_fill"),
            (Op::Call(f), operands) => match (comparison(f), operands) {
                (Some(sign), [a, b]) => truth(format!("{} {sign} {}", a.text, b.text)),
                _ => return Ok(call(f, operands, helpers)),
            },
            _ => arithmetic(op, operands).expect("all other operations are arithmetic"),
        })
    }
}

/// 1.0 where a condition holds, else 0.0.
fn truth(condition: String) -> Text {
    Text::new(Rank::Signed, format!("(double)({condition})"))
}

fn call(f: Function, operands: &[Text], helpers: &mut BTreeSet<&'static str>) -> Text {
    let operands = &with_one_zero(f, operands)[..];
    if let Some(below) = reciprocal_of(f) {
        return Text::reciprocal("1.0", below.name(), &operands[0]);
    }
    let is_set = |a: &Text| format!("{} != 0.0", a.text);
    match (f, operands) {
        (Function::Not, [a]) => return truth(format!("{} == 0.0", a.text)),
        (Function::And, [a, b]) => return truth(format!("{} && {}", is_set(a), is_set(b))),
        (Function::Or, [a, b]) => return truth(format!("{} || {}", is_set(a), is_set(b))),
        _ => {}
    }
    match native(f) {
        Some(name) => Text::call(name, operands),
        None => helper_call(f, operands, helpers),
    }
}

/// The functions of `math.h` that mean what THE TABLE means.
fn native(f: Function) -> Option<&'static str> {
    use Function::*;
    match f {
        Abs => Some("fabs"),
        Exp | Expm1 | Log | Log1p | Log2 | Log10 | Sin | Cos | Tan | Asin | Acos | Atan | Sinh
        | Cosh | Tanh | Asinh | Acosh | Atanh | Cbrt | Atan2 | Hypot | Floor | Ceil | Round
        | Erf | Erfc => Some(f.name()),
        _ => None,
    }
}

pub(super) fn write(steps: &Steps, description: &Description<'_>) -> Result<Code, SourceError> {
    let names = Names::new(description, Language::C);
    let body = body(steps, &names, &C)?;
    let by_point = by_point(description);
    let function = description.function_name();
    let m = description.functions;

    let words = Words {
        result: result(description, &function),
        entry: Some(|array, row, column, columns| {
            format!("{array}[{}]", row.unwrap_or(0) * columns + column)
        }),
        by_point,
    };
    let mut text = String::from("/*\n");
    for line in header(description, &names, Language::C, &words) {
        text += format!(" * {line}").trim_end();
        text.push('\n');
    }
    text += " * Compile with -ffp-contract=off for the same bits everywhere.\n */\n\n#include <math.h>\n\n";
    let helpers_used: Vec<&str> = body.helpers.iter().copied().collect();
    for helper in helpers(Language::C, &helpers_used) {
        text += &format!("{helper}\n\n");
    }

    let mut parameters: Vec<String> = match by_point {
        true => vec!["const double *restrict point".to_owned()],
        false => names.inputs.iter().map(|x| format!("double {x}")).collect(),
    };
    let array = |name: &str| format!("double *restrict {name}");
    let one_value = !description.is_list && description.shape != Shape::Jacobian;
    if !one_value {
        parameters.push(array("values"));
    }
    let arrays: &[(&str, usize)] = match description.shape {
        Shape::Value => &[],
        Shape::Gradient => &[("gradient", 1)],
        Shape::Jacobian => &[("jacobian", m)],
        Shape::Hessian => &[("gradient", 1), ("hessian", 1 + names.inputs.len())],
    };
    parameters.extend(arrays.iter().map(|(name, _)| array(name)));
    if parameters.is_empty() {
        parameters.push("void".to_owned());
    }
    let kind = if one_value { "double" } else { "void" };
    text += &format!("{kind} {function}({}) {{\n", parameters.join(", "));
    match by_point {
        true => {
            for (at, x) in names
                .inputs
                .iter()
                .enumerate()
                .filter(|(at, _)| body.used[*at])
            {
                text += &format!("    const double {x} = point[{at}];\n");
            }
            if !body.used.contains(&true) {
                text += "    (void)point;\n";
            }
        }
        false => {
            for (x, _) in names
                .inputs
                .iter()
                .zip(&body.used)
                .filter(|(_, used)| !**used)
            {
                text += &format!("    (void){x};\n");
            }
        }
    }
    if names.inputs.is_empty() {
        text.extend(
            arrays
                .iter()
                .map(|(name, _)| format!("    (void){name};\n")),
        );
    }
    for (name, value) in &body.statements {
        text += &format!("    const double {name} = {value};\n");
    }
    // Derivatives may be long expressions of the point, never of the outputs: restrict says so to the compiler.
    for (at, output) in body.outputs.iter().enumerate() {
        let array = arrays.iter().rev().find(|(_, first)| at >= *first);
        match array {
            Some((name, first)) => {
                text += &format!("    {name}[{}] = {};\n", at - first, output.text)
            }
            None if one_value => {}
            None => text += &format!("    values[{at}] = {};\n", output.text),
        }
    }
    if one_value {
        text += &format!("    return {};\n", body.outputs[0].text);
    }
    text += "}\n";
    Ok(Code {
        text,
        inputs: names.inputs,
        outputs: names.outputs,
    })
}

fn result(description: &Description<'_>, function: &str) -> String {
    let no_overlap = "the arrays must not overlap";
    match (description.shape, description.is_list) {
        (Shape::Value, false) => format!("{function} returns the value."),
        (Shape::Value, true) => format!("{function} writes the {} values.", description.functions),
        (Shape::Gradient, _) => {
            format!("{function} returns the value and writes the gradient; {no_overlap}:")
        }
        (Shape::Jacobian, _) => format!(
            "{function} writes the values ({}) and the Jacobian, row by row; {no_overlap}:",
            description.functions
        ),
        (Shape::Hessian, _) => format!(
            "{function} returns the value and writes the gradient and the Hessian, row by row; {no_overlap}:"
        ),
    }
}
