//! Python with NumPy: everything works on numbers and, element by element, on arrays.

use std::collections::BTreeSet;

use super::body::{Body, Spelling, body};
use super::header::{Words, header};
use super::helpers::helpers;
use super::names::Names;
use super::spelling::{
    arithmetic, bracketed, comparison, helper_call, number_or, reciprocal_of, with_one_zero,
};
use super::steps::Steps;
use super::text::{Rank, Text};
use super::{Code, Description, Language, Shape, SourceError, by_point};
use crate::expr::Function;
use crate::program::Op;

struct Python;

impl Spelling for Python {
    fn constant(&self, number: f64) -> Result<Text, SourceError> {
        Ok(match number {
            std::f64::consts::PI => Text::atom("np.pi"),
            std::f64::consts::E => Text::atom("np.e"),
            number => number_or(number, "np.inf", "np.nan"),
        })
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
            (Op::Sqrt, operands) => Text::call("np.sqrt", operands),
            (Op::Pow, operands) => Text::call("np.power", operands),
            (Op::Select, _) => helper("select", "gradus_select"),
            (Op::Fill, _) => helper("fill", "gradus_fill"),
            (Op::Call(f), operands) => match (comparison(f), operands) {
                (Some(sign), [a, b]) => truth(format!("{} {sign} {}", a.text, b.text), helpers),
                _ => return Ok(call(f, operands, helpers)),
            },
            _ => arithmetic(op, operands).expect("fused products have been refused"),
        })
    }
}

/// 1.0 where a condition holds, else 0.0.
fn truth(condition: String, helpers: &mut BTreeSet<&'static str>) -> Text {
    helpers.insert("truth");
    Text::atom(format!("gradus_truth({condition})"))
}

fn call(f: Function, operands: &[Text], helpers: &mut BTreeSet<&'static str>) -> Text {
    let operands = &with_one_zero(f, operands)[..];
    if let Some(below) = reciprocal_of(f) {
        return Text::reciprocal("1.0", &format!("np.{}", below.name()), &operands[0]);
    }
    let is_set = |a: &Text| format!("({} != 0.0)", a.text);
    match (f, operands) {
        (Function::Not, [a]) => return truth(format!("{} == 0.0", a.text), helpers),
        (Function::And, [a, b]) => return truth(format!("{} & {}", is_set(a), is_set(b)), helpers),
        (Function::Or, [a, b]) => return truth(format!("{} | {}", is_set(a), is_set(b)), helpers),
        _ => {}
    }
    match native(f) {
        Some(name) => Text::call(&format!("np.{name}"), operands),
        None => helper_call(f, operands, helpers),
    }
}

/// The functions of NumPy that mean what THE TABLE means. `round` and `mod` are not among them: halves go to the even
/// number there, and a remainder of 0 has another sign.
fn native(f: Function) -> Option<&'static str> {
    use Function::*;
    Some(match f {
        Asin => "arcsin",
        Acos => "arccos",
        Atan => "arctan",
        Atan2 => "arctan2",
        Asinh => "arcsinh",
        Acosh => "arccosh",
        Atanh => "arctanh",
        Min => "minimum",
        Max => "maximum",
        Exp | Expm1 | Log | Log1p | Log2 | Log10 | Sin | Cos | Tan | Sinh | Cosh | Tanh | Cbrt
        | Hypot | Abs | Sign | Floor | Ceil => f.name(),
        _ => return None,
    })
}

pub(super) fn write(steps: &Steps, description: &Description<'_>) -> Result<Code, SourceError> {
    let names = Names::new(description, Language::Python);
    let mut body = body(steps, &names, &Python)?;
    let is_bare = is_bare(description, &body);
    if !is_bare {
        body.helpers.insert("stack");
    }
    let by_point = by_point(description);
    let function = description.function_name();
    let words = Words {
        result: result(description).to_owned(),
        entry: Some(|array, row, column, _| match row {
            Some(row) => format!("{array}[{row}, {column}]"),
            None => format!("{array}[{column}]"),
        }),
        by_point,
    };
    let mut head = String::from("\"\"\"\n");
    for line in header(description, &names, Language::Python, &words) {
        // A backslash is nothing that a formula has, but a name is a name.
        head += line.replace('\\', "\\\\").trim_end();
        head.push('\n');
    }
    head += "Inputs may be numbers or arrays, which are taken element by element.\n\"\"\"\n\n";

    let mut text = String::new();
    let helpers_used: Vec<&str> = body.helpers.iter().copied().collect();
    for helper in helpers(Language::Python, &helpers_used) {
        text += &format!("{helper}\n\n\n");
    }
    let parameters = match by_point {
        true => "point".to_owned(),
        false => names.inputs.join(", "),
    };
    text += &format!("def {function}({parameters}):\n");
    let converted: Vec<String> = (names.inputs.iter())
        .map(|x| format!("    {x} = np.asarray({x}, dtype=float)\n"))
        .collect();
    match (by_point, names.inputs.is_empty()) {
        (_, true) => {}
        (true, false) => {
            let list = bracketed(&names.inputs, "    ", "    ");
            text += &format!("    {list} = [np.asarray(entry, dtype=float) for entry in point]\n");
        }
        (false, false) => text.extend(converted),
    }
    text += "    with np.errstate(all=\"ignore\"):\n";
    for (name, value) in &body.statements {
        text += &format!("        {name} = {value}\n");
    }
    text += &match is_bare {
        true => format!("        return {}\n", body.outputs[0].text),
        false => returned(description, &names, &body.outputs),
    };

    let math = match text.contains("math.") {
        true => "import math\n\n",
        false => "",
    };
    Ok(Code {
        text: format!("{head}{math}import numpy as np\n\n\n{text}"),
        inputs: names.inputs,
        outputs: names.outputs,
    })
}

/// May the only value be returned as it stands? Not where it lacks the shape of an input that it does not depend on, and
/// not where `np.where` or an input would come out as an array without dimensions in the place of a number.
fn is_bare(description: &Description<'_>, body: &Body) -> bool {
    let value = &body.outputs[0];
    let is_number = value.rank != Rank::Atom || value.text.starts_with("np.");
    description.shape == Shape::Value
        && !description.is_list
        && !body.used.is_empty()
        && !body.used.contains(&false)
        && is_number
}

/// The statements at the end. Every array gets the shape of all inputs together, also where it does not depend on them.
fn returned(description: &Description<'_>, names: &Names, outputs: &[Text]) -> String {
    let (m, n) = (description.functions, description.inputs.len());
    let inputs = match by_point(description) {
        true => "point".to_owned(),
        false => format!("[{}]", names.inputs.join(", ")),
    };
    let all: Vec<String> = outputs.iter().map(|output| output.text.clone()).collect();
    let stacked = |name: &str, parts: &[String]| match parts {
        [] => format!("        {name} = np.zeros(0)\n"),
        parts => format!(
            "        {name} = gradus_stack({}, {inputs})\n",
            bracketed(parts, "        ", "    ")
        ),
    };
    let matrix = |name: &str, parts: &[String], rows: usize| match parts {
        [] => format!("        {name} = np.zeros(({rows}, {n}))\n"),
        parts => {
            stacked(name, parts)
                + &format!("        {name} = {name}.reshape(({rows}, {n}) + {name}.shape[1:])\n")
        }
    };
    let value = || format!("        value = gradus_stack([{}], {inputs})[0]\n", all[0]);
    match description.shape {
        Shape::Value if description.is_list => stacked("values", &all) + "    return values\n",
        Shape::Value => value() + "    return value\n",
        Shape::Gradient => {
            value() + &stacked("gradient", &all[1..]) + "    return value, gradient\n"
        }
        Shape::Jacobian => {
            stacked("values", &all[..m])
                + &matrix("jacobian", &all[m..], m)
                + "    return values, jacobian\n"
        }
        Shape::Hessian => {
            value()
                + &stacked("gradient", &all[1..1 + n])
                + &matrix("hessian", &all[1 + n..], n)
                + "    return value, gradient, hessian\n"
        }
    }
}

fn result(description: &Description<'_>) -> &'static str {
    match (description.shape, description.is_list) {
        (Shape::Value, false) => "Returns the value.",
        (Shape::Value, true) => "Returns the values.",
        (Shape::Gradient, _) => "Returns (value, gradient):",
        (Shape::Jacobian, _) => "Returns (values, jacobian):",
        (Shape::Hessian, _) => "Returns (value, gradient, hessian):",
    }
}
