//! JavaScript: a module that exports one function.

use std::collections::BTreeSet;

use super::body::{Spelling, body};
use super::header::{Words, header};
use super::helpers::helpers;
use super::names::Names;
use super::spelling::{
    arithmetic, bracketed, comparison, helper_call, nested, number_or, reciprocal_of, with_one_zero,
};
use super::steps::Steps;
use super::text::Text;
use super::{Code, Description, Language, Shape, SourceError, by_point};
use crate::expr::Function;
use crate::program::Op;

struct JavaScript;

impl Spelling for JavaScript {
    fn constant(&self, number: f64) -> Result<Text, SourceError> {
        let mut text = number_or(number, "Infinity", "NaN");
        if let Some(whole) = text.text.strip_suffix(".0") {
            text.text = whole.to_owned(); // there is one kind of number
        }
        Ok(text)
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
            (Op::Sqrt, operands) => Text::call("Math.sqrt", operands),
            (Op::Pow, _) => helper("pow", "gradus_pow"),
            (Op::Select, _) => helper("select", "gradus_select"),
            (Op::Fill, _) => helper("fill", "gradus_fill"),
            (Op::Call(f), operands) => match (comparison(f), operands) {
                (Some(sign), [a, b]) => {
                    let sign = match sign {
                        "==" => "===",
                        "!=" => "!==",
                        other => other,
                    };
                    truth(format!("{} {sign} {}", a.text, b.text))
                }
                _ => return Ok(call(f, operands, helpers)),
            },
            _ => arithmetic(op, operands).expect("fused products have been refused"),
        })
    }
}

/// 1 where a condition holds, else 0.
fn truth(condition: String) -> Text {
    Text::atom(format!("Number({condition})"))
}

fn call(f: Function, operands: &[Text], helpers: &mut BTreeSet<&'static str>) -> Text {
    let operands = &with_one_zero(f, operands)[..];
    if let Some(below) = reciprocal_of(f) {
        return Text::reciprocal("1", &format!("Math.{}", below.name()), &operands[0]);
    }
    let is_set = |a: &Text| format!("{} !== 0", a.text);
    match (f, operands) {
        (Function::Not, [a]) => return truth(format!("{} === 0", a.text)),
        (Function::And, [a, b]) => return truth(format!("{} && {}", is_set(a), is_set(b))),
        (Function::Or, [a, b]) => return truth(format!("{} || {}", is_set(a), is_set(b))),
        _ => {}
    }
    match native(f) {
        Some(name) => Text::call(&format!("Math.{name}"), operands),
        None => helper_call(f, operands, helpers),
    }
}

/// The functions of `Math` that mean what THE TABLE means. `round` is not among them: it takes -0.5 to 0.
fn native(f: Function) -> Option<&'static str> {
    use Function::*;
    match f {
        Exp | Expm1 | Log | Log1p | Log2 | Log10 | Sin | Cos | Tan | Asin | Acos | Atan | Sinh
        | Cosh | Tanh | Asinh | Acosh | Atanh | Cbrt | Atan2 | Abs | Floor | Ceil | Min | Max => {
            Some(f.name())
        }
        _ => None,
    }
}

pub(super) fn write(steps: &Steps, description: &Description<'_>) -> Result<Code, SourceError> {
    let names = Names::new(description, Language::JavaScript);
    let body = body(steps, &names, &JavaScript)?;
    let by_point = by_point(description);
    let function = description.function_name();
    let words = Words {
        result: result(description).to_owned(),
        entry: Some(|array, row, column, _| match row {
            Some(row) => format!("{array}[{row}][{column}]"),
            None => format!("{array}[{column}]"),
        }),
        by_point,
    };
    let mut text = String::from("/**\n");
    for line in header(description, &names, Language::JavaScript, &words) {
        text += format!(" * {line}").trim_end();
        text.push('\n');
    }
    text += " */\n";
    let parameters = match by_point {
        true => "point".to_owned(),
        false => names.inputs.join(", "),
    };
    text += &format!("export function {function}({parameters}) {{\n");
    if by_point && body.used.contains(&true) {
        // An unused entry is left out, its comma stays.
        let pattern: Vec<String> = (names.inputs.iter().zip(&body.used))
            .map(|(x, &used)| if used { x.clone() } else { String::new() })
            .collect();
        text += &format!("  const {} = point;\n", bracketed(&pattern, "  ", "  "));
    }
    for (name, value) in &body.statements {
        text += &format!("  const {name} = {value};\n");
    }
    text += &returned(description, &body.outputs);
    text += "}\n";
    let helpers_used: Vec<&str> = body.helpers.iter().copied().collect();
    for helper in helpers(Language::JavaScript, &helpers_used) {
        text += &format!("\n{helper}\n");
    }
    Ok(Code {
        text,
        inputs: names.inputs,
        outputs: names.outputs,
    })
}

fn returned(description: &Description<'_>, outputs: &[Text]) -> String {
    let (m, n) = (description.functions, description.inputs.len());
    let all: Vec<String> = outputs.iter().map(|output| output.text.clone()).collect();
    let list = |items: &[String]| bracketed(items, "    ", "  ");
    let object = |fields: &[(&str, String)]| {
        let fields = fields
            .iter()
            .map(|(name, value)| format!("    {name}: {value},\n"));
        format!("  return {{\n{}  }};\n", fields.collect::<String>())
    };
    match description.shape {
        Shape::Value if description.is_list => {
            format!("  return {};\n", bracketed(&all, "  ", "  "))
        }
        Shape::Value => format!("  return {};\n", all[0]),
        Shape::Gradient => object(&[("value", all[0].clone()), ("gradient", list(&all[1..]))]),
        Shape::Jacobian => object(&[
            ("values", list(&all[..m])),
            (
                "jacobian",
                match n {
                    0 => list(&vec!["[]".to_owned(); m]),
                    _ => list(&nested(&all[m..], n)),
                },
            ),
        ]),
        Shape::Hessian => object(&[
            ("value", all[0].clone()),
            ("gradient", list(&all[1..1 + n])),
            ("hessian", list(&nested(&all[1 + n..], n))),
        ]),
    }
}

fn result(description: &Description<'_>) -> &'static str {
    match (description.shape, description.is_list) {
        (Shape::Value, false) => "Returns the value.",
        (Shape::Value, true) => "Returns the values.",
        (Shape::Gradient, _) => "Returns { value, gradient }:",
        (Shape::Jacobian, _) => "Returns { values, jacobian }:",
        (Shape::Hessian, _) => "Returns { value, gradient, hessian }:",
    }
}
