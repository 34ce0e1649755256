//! `gradus linear`: vectors and matrices that are written on the command line.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

use super::answer::Answer;
use super::args::{Linear, LinearArgs, Report};
use super::failure::Failure;
use super::lists;
use super::matrix;
use super::value::{Real, Value, number};
use crate::expr::Rational;
use crate::lecture::matrices::{
    SolutionKind, exact_inverse, inverse, product, pseudo_inverse, rank, row_products, solve,
};
use crate::lecture::softmax::{one_hot, softmax};
use crate::lecture::vectors::{self, Norm};

/// What comes out.
enum Found {
    Number(f64),
    Count(usize),
    Vector(DVector<f64>),
    Matrix(DMatrix<f64>),
    Exact(Vec<Vec<Rational>>),
}

/// The JSON object of the command.
#[derive(Serialize)]
struct Computed<'a> {
    result: serde_json::Value,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Runs the command.
pub fn run(args: &LinearArgs) -> Result<Answer, Failure> {
    refuse_unused(args)?;
    let a = || read_matrix(&args.a, "A");
    let vector = || read_vector(&args.a, "A");
    let mut notes = Vec::new();
    let found = match args.what {
        Linear::Hadamard if args.a.trim_start().starts_with("[[") => {
            let (a, b) = (a()?, read_matrix(second(args)?, "B")?);
            if a.shape() != b.shape() {
                let shape = |m: &DMatrix<f64>| format!("{}x{}", m.nrows(), m.ncols());
                let (left, right) = (shape(&a), shape(&b));
                return Err(crate::lecture::LectureError::Shapes { left, right }.into());
            }
            Found::Matrix(a.component_mul(&b))
        }
        Linear::Hadamard => Found::Vector(vectors::hadamard(&vector()?, &other(args)?)?),
        Linear::Inner => Found::Number(vectors::inner(&vector()?, &other(args)?)?),
        Linear::Norm => Found::Number(vectors::norm(&vector()?, norm(args)?)?),
        Linear::Distance => {
            Found::Number(vectors::distance(&vector()?, &other(args)?, norm(args)?)?)
        }
        Linear::Angle => Found::Number(vectors::angle(&vector()?, &other(args)?)?),
        Linear::Projection => Found::Vector(vectors::projection(&vector()?, &other(args)?)?),
        Linear::Product => Found::Matrix(product(&a()?, &read_matrix(second(args)?, "B")?)?),
        Linear::Rows => Found::Matrix(row_products(&a()?, &read_matrix(second(args)?, "B")?)?),
        Linear::Inverse if args.exact => Found::Exact(exact_inverse(&read_exact(&args.a, "A")?)?),
        Linear::Inverse => Found::Matrix(inverse(&a()?)?),
        Linear::Pinv => Found::Matrix(pseudo_inverse(&a()?)),
        Linear::Solve => {
            let solution = solve(&a()?, &other(args)?)?;
            notes.extend(kind_note(solution.kind, solution.residual));
            Found::Vector(solution.x)
        }
        Linear::Rank => Found::Count(rank(&a()?)),
        Linear::Softmax => Found::Matrix(softmax(&a()?)),
        Linear::OneHot => Found::Matrix(one_hot(&a()?)?),
    };
    Ok(match args.format {
        Report::Json => Answer::json(&Computed {
            result: json(&found),
            notes: &notes,
        }),
        Report::Text => Answer {
            out: text(&found) + "\n",
            notes,
            unreached: false,
        },
    })
}

fn kind_note(kind: SolutionKind, residual: f64) -> Option<String> {
    let off = number(format!("{residual:.3e}").parse().unwrap_or(residual));
    match kind {
        SolutionKind::Unique => None,
        SolutionKind::Shortest => {
            Some("there are infinitely many solutions: this is the shortest".to_owned())
        }
        SolutionKind::LeastSquares => Some(format!(
            "there is no solution: this x is nearest to one, A x is off by {off}"
        )),
        SolutionKind::ShortestLeastSquares => Some(format!(
            "there is no solution: of those that are nearest to one this is the shortest, A x is off by {off}"
        )),
    }
}

/// What is given and not used is a misunderstanding.
fn refuse_unused(args: &LinearArgs) -> Result<(), Failure> {
    use Linear::{Distance, Inverse, Norm, OneHot, Pinv, Rank, Softmax};
    let alone = [Norm, Inverse, Pinv, Rank, Softmax, OneHot];
    let message = if args.b.is_some() && alone.contains(&args.what) {
        "only one vector or matrix is needed"
    } else if args.norm.is_some() && ![Norm, Distance].contains(&args.what) {
        "--norm belongs to norm and distance"
    } else if args.exact && args.what != Inverse {
        "--exact belongs to inverse"
    } else {
        return Ok(());
    };
    Err(Failure::new("bad_option", message))
}

fn second(args: &LinearArgs) -> Result<&str, Failure> {
    args.b.as_deref().ok_or_else(|| {
        Failure::new(
            "bad_option",
            "two vectors or matrices are needed, and one is given",
        )
    })
}

fn other(args: &LinearArgs) -> Result<DVector<f64>, Failure> {
    read_vector(second(args)?, "B")
}

fn norm(args: &LinearArgs) -> Result<Norm, Failure> {
    let Some(text) = args.norm.as_deref() else {
        return Ok(Norm::L2);
    };
    match text.trim() {
        "max" | "inf" => Ok(Norm::Max),
        "1" => Ok(Norm::L1),
        "2" => Ok(Norm::L2),
        other => Ok(Norm::P(Value::read(other, "--norm")?.real("p", "--norm")?)),
    }
}

/// `[1, 2, 3]`
fn read_vector(text: &str, origin: &str) -> Result<DVector<f64>, Failure> {
    let entries = lists::entries(text, origin)?;
    if let Some(entry) = entries.iter().find(|entry| entry.trim().starts_with('[')) {
        let message = format!(
            "{origin}: a vector is needed, and `{}` is a row of a matrix",
            entry.trim()
        );
        return Err(Failure::new("bad_option", message).with_hint("a vector is written [1, 2, 3]"));
    }
    let entries: Vec<f64> = entries
        .iter()
        .map(|entry| lists::real(entry, origin))
        .collect::<Result<_, _>>()?;
    Ok(DVector::from_vec(entries))
}

/// `[[1, 2], [3, 4]]`; a vector is a matrix of one row.
fn read_matrix(text: &str, origin: &str) -> Result<DMatrix<f64>, Failure> {
    let rows = rows(text, origin)?;
    let mut entries = Vec::new();
    for row in &rows {
        for entry in row {
            entries.push(lists::real(entry, origin)?);
        }
    }
    Ok(DMatrix::from_row_slice(rows.len(), rows[0].len(), &entries))
}

/// The same in exact numbers.
fn read_exact(text: &str, origin: &str) -> Result<Vec<Vec<Rational>>, Failure> {
    let exact = |entry: &&str| {
        lists::exact(entry, origin).map_err(|failure| match failure.kind() {
            "not_exact" => failure.with_hint("leave --exact out"),
            _ => failure,
        })
    };
    (rows(text, origin)?.iter())
        .map(|row| row.iter().map(exact).collect())
        .collect()
}

/// Rows of equal length, none of them empty.
fn rows<'t>(text: &'t str, origin: &str) -> Result<Vec<Vec<&'t str>>, Failure> {
    let entries = lists::entries(text, origin)?;
    let is_row = |entry: &&str| entry.trim().starts_with('[');
    let rows: Vec<Vec<&str>> = match entries.iter().any(is_row) {
        true => {
            (entries.iter().map(|row| lists::entries(row, origin))).collect::<Result<_, _>>()?
        }
        false => vec![entries],
    };
    let width = rows[0].len();
    match rows.iter().position(|row| row.len() != width) {
        None => Ok(rows),
        Some(at) => {
            let message = format!(
                "{origin}: row {} has {} entries where the first has {width}",
                at + 1,
                rows[at].len()
            );
            Err(Failure::new("bad_option", message))
        }
    }
}

fn text(found: &Found) -> String {
    match found {
        Found::Number(x) => number(*x),
        Found::Count(count) => count.to_string(),
        Found::Vector(v) => {
            let entries: Vec<String> = v.iter().map(|&x| tidy(x, v.amax())).collect();
            format!("[{}]", entries.join(", "))
        }
        Found::Matrix(m) => {
            let largest = m.amax();
            let cells: Vec<String> = (m.transpose().iter()) // by rows
                .map(|&x| tidy(x, largest))
                .collect();
            matrix::rows(&cells, m.ncols())
        }
        Found::Exact(rows) => {
            let cells: Vec<String> = rows.iter().flatten().map(Rational::to_string).collect();
            matrix::rows(&cells, rows.len())
        }
    }
}

/// An entry without what rounding left: to the 14th digit of the largest one. All digits are in the JSON.
fn tidy(x: f64, largest: f64) -> String {
    const DIGITS: i32 = 14;
    if !(largest > 0.0 && largest.is_finite()) {
        return number(x);
    }
    let places = DIGITS - 1 - largest.log10().floor() as i32;
    let rounded = match usize::try_from(places) {
        Ok(places) if places < 300 => format!("{x:.places$}").parse().unwrap_or(x),
        _ => x,
    };
    // No minus before a 0.
    number(if rounded == 0.0 { 0.0 } else { rounded })
}

fn json(found: &Found) -> serde_json::Value {
    let real = |x: f64| serde_json::to_value(Real(x)).expect("a number");
    match found {
        Found::Number(x) => real(*x),
        Found::Count(count) => (*count).into(),
        Found::Vector(v) => v.iter().map(|&x| real(x)).collect(),
        Found::Matrix(m) => (m.row_iter())
            .map(|row| row.iter().map(|&x| real(x)).collect::<serde_json::Value>())
            .collect(),
        Found::Exact(rows) => (rows.iter())
            .map(|row| {
                row.iter()
                    .map(Rational::to_string)
                    .collect::<serde_json::Value>()
            })
            .collect(),
    }
}
