//! SQL: a query that gives a row of values for each row of a table of points.
//!
//! Every shared value is a column of a common table expression, each level of which reads the one before. They are
//! materialized: otherwise a database may put the expressions back into each other, as often as they are used.
//!
//! A database has no NaN that it agrees on with others: here it is NULL, and so is an infinite value, also one on the way:
//! `1/x > 5` does not hold at x = 0. PostgreSQL stops at `1/0` and `ln(-1)`, also in a branch that is not taken, so that
//! divisors and arguments are asked before; it stops too where an operation overflows or underflows, which is not asked.

use std::collections::BTreeSet;

use super::body::{Body, Spelling, body};
use super::header::{Words, header};
use super::names::{Names, is_word};
use super::spelling::arithmetic;
use super::steps::{Step, Steps};
use super::text::{Rank, Text};
use super::{Code, Description, Language, Shape, SourceError};
use crate::expr::Function;
use crate::program::Op;

/// SQLite takes 2000 columns of a result, PostgreSQL 1664.
pub const MAX_SQL_COLUMNS: usize = 1000;
/// Levels of common table expressions that read each other.
pub const MAX_SQL_LEVELS: usize = 100;

struct Sql;

impl Spelling for Sql {
    const INLINE: usize = 90;

    fn constant(&self, x: f64) -> Result<Text, SourceError> {
        match x {
            _ if x.is_nan() => Ok(Text::atom("CAST(NULL AS DOUBLE PRECISION)")),
            _ if x.is_infinite() => Err(SourceError::NoInfinity {
                language: Language::Sql,
            }),
            _ => Ok(Text::number(x)),
        }
    }

    fn operation(
        &self,
        op: Op,
        operands: &[Text],
        _: &mut BTreeSet<&'static str>,
    ) -> Result<Text, SourceError> {
        Ok(match (op, operands) {
            (Op::Div, [a, b]) if is_number(b) => {
                arithmetic(op, &[a.clone(), b.clone()]).expect("a quotient")
            }
            (Op::Div, [a, b]) => quotient(a, &b.text),
            (Op::Sqrt, [a]) => {
                let a = &a.text;
                Text::atom(format!("CASE WHEN {a} >= 0 THEN SQRT({a}) END"))
            }
            (Op::Pow, [a, b]) => power(a, b),
            (Op::Select, [c, a, b]) => Text::atom(format!(
                "CASE WHEN {0} <> 0 THEN {1} WHEN {0} = 0 THEN {2} END",
                c.text, a.text, b.text
            )),
            (Op::Fill, [a, b, c]) => Text::atom(format!(
                "CASE WHEN {0} IS NULL AND {1} = 0 AND {2} IS NULL THEN 0.0 ELSE {0} END",
                a.text, b.text, c.text
            )),
            (Op::Call(f), operands) => call(f, operands)?,
            _ => arithmetic(op, operands).expect("fused products have been refused"),
        })
    }

    fn wants_name(&self, op: Op, operand: usize) -> bool {
        use Function::*;
        match op {
            Op::Sqrt | Op::Pow => true,
            Op::Select => operand == 0,
            Op::Fill => operand == 0,
            Op::Call(f) => !matches!(
                f,
                Exp | Sin
                    | Cos
                    | Tan
                    | Cot
                    | Sec
                    | Csc
                    | Atan
                    | Sinh
                    | Cosh
                    | Tanh
                    | Coth
                    | Asinh
                    | Atan2
                    | Abs
                    | Floor
                    | Ceil
                    | Relu
                    | Less
                    | LessEqual
                    | Greater
                    | GreaterEqual
                    | Equal
                    | NotEqual
                    | And
                    | Or
                    | Not
            ),
            _ => false,
        }
    }

    fn input(&self, name: &str) -> Text {
        Text::atom(quoted(name))
    }
}

fn is_number(a: &Text) -> bool {
    a.number.is_some_and(|x| x != 0.0)
}

/// NULL where the divisor is 0.
fn quotient(a: &Text, b: &str) -> Text {
    Text::new(
        Rank::Product,
        format!("{} / NULLIF({b}, 0)", a.at(Rank::Product)),
    )
}

/// Asks only what is not known: mostly the exponent is a number.
fn power(a: &Text, b: &Text) -> Text {
    let (u, v) = (&a.text, &b.text);
    let condition = match (a.number, b.number) {
        (Some(u), _) if u > 0.0 => return Text::call("POWER", &[a.clone(), b.clone()]),
        (_, Some(v)) if v.fract() == 0.0 && v >= 0.0 => {
            return Text::call("POWER", &[a.clone(), b.clone()]);
        }
        (_, Some(v)) if v.fract() == 0.0 => format!("{u} <> 0"),
        (_, Some(v)) if v > 0.0 => format!("{u} >= 0"),
        (_, Some(_)) => format!("{u} > 0"),
        _ => format!("{u} > 0 OR ({u} = 0 AND {v} >= 0) OR ({u} < 0 AND {v} = FLOOR({v}))"),
    };
    Text::atom(format!("CASE WHEN {condition} THEN POWER({u}, {v}) END"))
}

/// `#1` and `#2` are the arguments.
fn call(f: Function, operands: &[Text]) -> Result<Text, SourceError> {
    use Function::*;
    let pattern = match f {
        Exp => "EXP(#1)",
        Expm1 => {
            "CASE WHEN ABS(#1) < 1 THEN 2.0 * EXP(0.5 * #1) * SINH(0.5 * #1) WHEN #1 < -40 THEN -1.0 \
             ELSE EXP(#1) - 1.0 END"
        }
        Log => "CASE WHEN #1 > 0 THEN LN(#1) END",
        Log1p => {
            "CASE WHEN ABS(#1) < 0.5 THEN 2.0 * ATANH(#1 / (2.0 + #1)) WHEN #1 > -1 THEN LN(1.0 + #1) END"
        }
        Log2 => "CASE WHEN #1 > 0 THEN LN(#1) / 0.6931471805599453 END",
        Log10 => "CASE WHEN #1 > 0 THEN LOG10(#1) END",
        Sin => "SIN(#1)",
        Cos => "COS(#1)",
        Tan => "TAN(#1)",
        Cot => "1.0 / NULLIF(TAN(#1), 0)",
        Sec => "1.0 / NULLIF(COS(#1), 0)",
        Csc => "1.0 / NULLIF(SIN(#1), 0)",
        Asin => "CASE WHEN ABS(#1) <= 1 THEN ASIN(#1) END",
        Acos => "CASE WHEN ABS(#1) <= 1 THEN ACOS(#1) END",
        Atan => "ATAN(#1)",
        Acot => "CASE WHEN #1 = 0 THEN 1.5707963267948966 ELSE ATAN(1.0 / NULLIF(#1, 0)) END",
        Asec => {
            "CASE WHEN ABS(#1) > 1e8 THEN 1.5707963267948966 - 1.0 / #1 \
             WHEN #1 >= 1 THEN ATAN(SQRT((#1 - 1.0) * (#1 + 1.0))) WHEN #1 <= -1 THEN \
             3.141592653589793 - ATAN(SQRT((#1 - 1.0) * (#1 + 1.0))) END"
        }
        Acsc => {
            "CASE WHEN ABS(#1) > 1e8 THEN 1.0 / #1 \
             WHEN ABS(#1) > 1 THEN SIGN(#1) * ATAN(1.0 / SQRT((#1 - 1.0) * (#1 + 1.0))) \
             WHEN ABS(#1) = 1 THEN 1.5707963267948966 * #1 END"
        }
        Sinh => "SINH(#1)",
        Cosh => "COSH(#1)",
        Tanh => "TANH(#1)",
        Coth => "1.0 / NULLIF(TANH(#1), 0)",
        Sech => {
            "CASE WHEN ABS(#1) < 22 THEN 1.0 / COSH(#1) WHEN ABS(#1) < 745 THEN 2.0 * EXP(-ABS(#1)) \
             WHEN ABS(#1) >= 745 THEN 0.0 END"
        }
        Csch => {
            "CASE WHEN ABS(#1) < 22 THEN 1.0 / NULLIF(SINH(#1), 0) \
             WHEN ABS(#1) < 745 THEN 2.0 * SIGN(#1) * EXP(-ABS(#1)) WHEN ABS(#1) >= 745 THEN 0.0 END"
        }
        Asinh => "ASINH(#1)",
        Acosh => "CASE WHEN #1 >= 1 THEN ACOSH(#1) END",
        Atanh => "CASE WHEN ABS(#1) < 1 THEN ATANH(#1) END",
        Acoth => {
            "CASE WHEN ABS(#1) > 2 THEN ATANH(1.0 / #1) WHEN ABS(#1) > 1 THEN \
             0.5 * LN((#1 + 1.0) / (#1 - 1.0)) END"
        }
        Asech => {
            "CASE WHEN #1 > 0.5 AND #1 <= 1 THEN 2.0 * ATANH(SQRT((1.0 - #1) / (1.0 + #1))) \
             WHEN #1 >= 1e-8 AND #1 <= 0.5 THEN LN((1.0 + SQRT((1.0 - #1) * (1.0 + #1))) / #1) \
             WHEN #1 > 0 AND #1 < 1e-8 THEN 0.6931471805599453 - LN(#1) END"
        }
        Acsch => {
            "CASE WHEN ABS(#1) >= 1e-8 THEN ASINH(1.0 / #1) WHEN ABS(#1) > 0 THEN \
             SIGN(#1) * (0.6931471805599453 - LN(ABS(#1))) END"
        }
        // The number that stands for 1/3 is less than it by 1.85e-17.
        Cbrt => {
            "CASE WHEN #1 <> 0 THEN SIGN(#1) * POWER(ABS(#1), 0.3333333333333333) \
             * (1.0 + 1.850371707708594e-17 * LN(ABS(#1))) WHEN #1 = 0 THEN 0.0 END"
        }
        Atan2 => "ATAN2(#1, #2)",
        Hypot => {
            "CASE WHEN #1 = 0 AND #2 = 0 THEN 0.0 WHEN ABS(#1) > ABS(#2) THEN \
             ABS(#1) * SQRT(1.0 + (#2 / #1) * (#2 / #1)) WHEN ABS(#1) <= ABS(#2) THEN \
             ABS(#2) * SQRT(1.0 + (#1 / #2) * (#1 / #2)) END"
        }
        Abs => "ABS(#1)",
        Sign => "CASE WHEN #1 > 0 THEN 1.0 WHEN #1 < 0 THEN -1.0 WHEN #1 = 0 THEN 0.0 END",
        Floor => "FLOOR(#1)",
        Ceil => "CEIL(#1)",
        Round => {
            "SIGN(#1) * (FLOOR(ABS(#1)) + CASE WHEN ABS(#1) - FLOOR(ABS(#1)) >= 0.5 THEN 1.0 ELSE 0.0 END)"
        }
        Min => "CASE WHEN #1 <= #2 THEN #1 WHEN #1 > #2 THEN #2 END",
        Max => "CASE WHEN #1 >= #2 THEN #1 WHEN #1 < #2 THEN #2 END",
        Mod => unreachable!("remainders have been written out"),
        Sigmoid => {
            "CASE WHEN #1 >= 0 THEN 1.0 / (1.0 + EXP(-#1)) ELSE EXP(#1) / (1.0 + EXP(#1)) END"
        }
        Softplus => {
            "CASE WHEN #1 > 0 THEN #1 ELSE 0.0 END + 2.0 * ATANH(EXP(-ABS(#1)) / (2.0 + EXP(-ABS(#1))))"
        }
        Relu => "CASE WHEN #1 <= 0 THEN 0.0 ELSE #1 END",
        Step => "CASE WHEN #1 > 0 THEN 1.0 WHEN #1 <= 0 THEN 0.0 END",
        // Leading bits of the argument have an exact square.
        NormalPdf => {
            "CASE WHEN ABS(#1) > 38.6 THEN 0.0 ELSE 0.3989422804014327 \
             * EXP(-0.5 * (FLOOR(#1 * 1024.0) / 1024.0) * (FLOOR(#1 * 1024.0) / 1024.0)) \
             * EXP(-0.5 * (#1 - FLOOR(#1 * 1024.0) / 1024.0) * (#1 + FLOOR(#1 * 1024.0) / 1024.0)) END"
        }
        Xlogy => "CASE WHEN #1 = 0 AND #2 IS NOT NULL THEN 0.0 WHEN #2 > 0 THEN #1 * LN(#2) END",
        // NULL is to these as NaN is: not less, not equal, and not 0.
        Less => "CASE WHEN #1 < #2 THEN 1.0 ELSE 0.0 END",
        LessEqual => "CASE WHEN #1 <= #2 THEN 1.0 ELSE 0.0 END",
        Greater => "CASE WHEN #1 > #2 THEN 1.0 ELSE 0.0 END",
        GreaterEqual => "CASE WHEN #1 >= #2 THEN 1.0 ELSE 0.0 END",
        Equal => "CASE WHEN #1 = #2 THEN 1.0 ELSE 0.0 END",
        NotEqual => "CASE WHEN #1 = #2 THEN 0.0 ELSE 1.0 END",
        And => "CASE WHEN #1 = 0 OR #2 = 0 THEN 0.0 ELSE 1.0 END",
        Or => "CASE WHEN #1 = 0 AND #2 = 0 THEN 0.0 ELSE 1.0 END",
        Not => "CASE WHEN #1 = 0 THEN 1.0 ELSE 0.0 END",
        Erf | Erfc | NormalCdf | Gamma | Lgamma | Digamma | Polygamma => {
            return Err(SourceError::NoFunction {
                language: Language::Sql,
                function: f,
            });
        }
    };
    // An argument alone in parentheses or between commas needs none of its own; everywhere else it is a name.
    let shown = |a: &Text| match pattern.contains("(#1") {
        true => a.text.clone(),
        false => a.at(Rank::Signed),
    };
    let mut text = pattern.replace("#1", &shown(&operands[0]));
    if let Some(second) = operands.get(1) {
        text = text.replace("#2", &shown(second));
    }
    let rank = match f {
        Softplus => Rank::Sum,
        Cot | Sec | Csc | Coth | Round => Rank::Product,
        _ => Rank::Atom,
    };
    Ok(Text::new(rank, text))
}

/// A name as a column is called: in quotes where it is not plain and small, or is a word of SQL.
fn quoted(name: &str) -> String {
    let is_small = |c: char| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit();
    match name.chars().all(is_small) && !is_word(name, Language::Sql) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

pub(super) fn write(steps: Steps, description: &Description<'_>) -> Result<Code, SourceError> {
    let names = Names::new(description, Language::Sql);
    let is_remainder = |step: &Step| step.op == Op::Call(Function::Mod);
    let has_remainders = steps.steps.iter().any(is_remainder);
    let body = body(&steps.without_remainders(), &names, &Sql)?;
    let levels = levels(&body);
    let most = levels.iter().copied().max().unwrap_or(0);
    let columns = names.inputs.len() + body.statements.len() + body.outputs.len();
    for (what, found, most) in [
        ("columns", columns, MAX_SQL_COLUMNS),
        ("levels", most, MAX_SQL_LEVELS),
    ] {
        if found > most {
            return Err(SourceError::TooDeep { what, found, most });
        }
    }

    let words = Words {
        result: result(description),
        entry: None,
        by_point: false,
    };
    let mut text = String::new();
    for line in header(description, &names, Language::Sql, &words) {
        text += format!("-- {line}").trim_end();
        text.push('\n');
    }
    text += "-- For PostgreSQL 12 or SQLite 3.35 and later. NULL stands for what is not a number or infinite,\n\
             -- also on the way: 1/x > 5 does not hold at x = 0. PostgreSQL stops where an operation overflows or\n\
             -- underflows.\n";
    if has_remainders {
        text += "-- Remainders are right where the quotient is below 2^53.\n";
    }
    let outputs: Vec<String> = (body.outputs.iter().zip(&names.outputs))
        .map(|(output, name)| format!("{} AS {}", output.text, quoted(name)))
        .collect();
    let table = quoted(description.name);
    if names.inputs.is_empty() {
        let columns = outputs.join(",\n    ");
        text += &format!("SELECT\n    {columns}\nFROM {table};\n");
        return Ok(Code {
            text,
            inputs: names.inputs,
            outputs: names.outputs,
        });
    }
    let casts: Vec<String> = (description.inputs.iter().zip(&names.inputs))
        .map(|(input, name)| {
            let (column, name) = (quoted(&input.name), quoted(name));
            format!("CAST({column} AS DOUBLE PRECISION) AS {name}")
        })
        .collect();
    text += &format!(
        "WITH gradus_inputs AS (\n    SELECT\n        {}\n    FROM {table}\n)",
        casts.join(",\n        ")
    );
    let mut last = "gradus_inputs".to_owned();
    for level in 1..=most {
        let columns: Vec<String> = (body.statements.iter().zip(&levels))
            .filter(|(_, at)| **at == level)
            .map(|((name, value), _)| format!("{value} AS {}", quoted(name)))
            .collect();
        let columns = columns.join(",\n        ");
        text += &format!(
            ", gradus_{level} AS MATERIALIZED (\n    SELECT\n        *,\n        {columns}\n    FROM {last}\n)"
        );
        last = format!("gradus_{level}");
    }
    let inputs = names.inputs.iter().map(|name| quoted(name));
    let all: Vec<String> = inputs.chain(outputs).collect();
    text += &format!("\nSELECT\n    {}\nFROM {last};\n", all.join(",\n    "));
    Ok(Code {
        text,
        inputs: names.inputs,
        outputs: names.outputs,
    })
}

/// By statement: its level, one more than that of what it reads.
fn levels(body: &Body) -> Vec<usize> {
    let mut levels: Vec<usize> = Vec::with_capacity(body.statements.len());
    for reads in &body.reads {
        let below = reads.iter().map(|&read| levels[read]).max();
        levels.push(1 + below.unwrap_or(0));
    }
    levels
}

fn result(description: &Description<'_>) -> String {
    let what = match description.shape {
        Shape::Value => "the columns of inputs and values",
        Shape::Gradient => "the columns of inputs, value and gradient (d_dx: the derivative by x)",
        Shape::Jacobian => {
            "the columns of inputs, values and Jacobian (d1_dx: of the first value by x)"
        }
        Shape::Hessian => {
            "the columns of inputs, value, gradient and Hessian (d2_dx_dy: by x and y)"
        }
    };
    format!("A row for each row of {}: {what}.", description.name)
}
