//! `gradus stats`: moments of the columns of a table, in one pass; what needs the whole sample (`nonparametric.rs`, told by
//! `tables.rs`); exact distributions (`distribution.rs`) and predictions (`predictions.rs`).

mod distribution;
mod nonparametric;
mod predictions;
mod tables;

pub use distribution::MAX_DISTRIBUTION_VALUES;

use std::path::Path;

use serde::ser::{Serialize, Serializer};

use super::answer::Answer;
use super::args::{Report, StatsArgs};
use super::binding::{column_names, place_of, slip};
use super::failure::Failure;
use super::matrix;
use super::names;
use super::paths;
use super::reading;
use super::value::{Real, number};
use crate::fit::data::{DataError, Reader};
use crate::lecture::summary::{PairSummary, Summary};
use nonparametric::{Asked, Found, OfColumn, Resampled};

/// Correlations of more columns are a table that nobody reads; the command line may ask for fewer.
const MAX_CORRELATED: usize = 12;

/// What is printed of a column, undefined statistics as NaN.
#[derive(serde::Serialize)]
struct Statistics {
    count: u64,
    mean: Real,
    std: Real,
    variance: Real,
    standard_error: Real,
    skewness: Real,
    min: Real,
    max: Real,
    #[serde(flatten)]
    of_sample: Option<OfColumn>,
}

/// The JSON object of the command.
#[derive(serde::Serialize)]
struct Described<'a> {
    rows: u64,
    columns: ByName<'a, Statistics>,
    correlation: ByName<'a, ByName<'a, Real>>,
    /// Of the correlation of two columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    bootstrap: Option<Resampled>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Anything by name, in order.
struct ByName<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for ByName<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Runs the command.
pub fn run(args: &StatsArgs) -> Result<Answer, Failure> {
    if let Some(values) = &args.values {
        return distribution::written(args, values);
    }
    if let Some(columns) = &args.distribution {
        return distribution::of_table(args, columns);
    }
    match &args.confusion {
        Some(columns) => predictions::run(args, columns),
        None => describe(args),
    }
}

/// A word among the numbers: the fields may be divided otherwise, or the column is one of words.
fn no_number(error: DataError, slip: Option<&str>) -> Failure {
    let is_word = matches!(&error, DataError::NotANumber { text, .. } if !has_digit(text));
    match (&error, slip) {
        (DataError::NotANumber { .. }, Some(hint)) => Failure::from(error).with_hint(hint),
        (DataError::NotANumber { .. }, None) if is_word => Failure::from(error)
            .with_hint("columns of words are left out by naming the others: --columns x,y"),
        _ => Failure::from(error),
    }
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// Columns of numbers.
fn describe(args: &StatsArgs) -> Result<Answer, Failure> {
    let data = args.data.as_deref().unwrap_or(Path::new("-"));
    paths::distinct(Some(data), &[("--plot", args.picture.plot.as_deref())])?;
    let asked = Asked::read(args)?;
    let mut reader = reading::open(data, &args.reading)?;
    let known = column_names(&reader, &args.reading.rename)?;
    let chosen = chosen(&reader, &known, &args.columns)?;
    reader.choose(&chosen, false);
    let names: Vec<String> = chosen.iter().map(|&at| known[at].clone()).collect();
    let correlated = match names.len() {
        0 | 1 => 0,
        few if few <= MAX_CORRELATED => few,
        _ => 0,
    };
    let mut columns = vec![Summary::default(); names.len()];
    let mut pairs = vec![PairSummary::default(); correlated * correlated];
    let mut samples = vec![Vec::new(); if asked.is_some() { names.len() } else { 0 }];
    let mut rows = 0;
    let slip = slip("", &known);
    let explain = |error| no_number(error, slip.as_deref());
    let interrupted = reading::each_chunk(&mut reader, data, explain, |chunk| {
        rows += chunk.rows as u64;
        for (summary, column) in columns.iter_mut().zip(&chunk.columns) {
            summary.extend(column);
        }
        for (sample, column) in samples.iter_mut().zip(&chunk.columns) {
            sample.extend_from_slice(column);
        }
        for a in 0..correlated {
            for b in 0..a {
                let part = PairSummary::of(&chunk.columns[a], &chunk.columns[b])?;
                pairs[a * correlated + b].join(&part);
            }
        }
        Ok(())
    })?;
    let unreached = interrupted.is_some();
    let mut notes: Vec<String> = interrupted.into_iter().collect();
    if names.len() > MAX_CORRELATED {
        let note = "correlations are printed of at most 12 columns: choose them by --columns";
        notes.push(note.to_owned());
    }
    notes.extend(reading::dropped_note(&reader));
    if rows == 0 {
        notes.push(reading::no_rows(&reader));
    }
    // Names that are numbers: the first row was taken for them.
    notes.extend(slip);
    let found = match asked {
        Some(_) if rows == 0 => {
            return Err(Failure::new("no_rows", reading::no_rows(&reader)));
        }
        // Who interrupts the reading wants no long work on what was read.
        Some(_) if unreached => None,
        Some(asked) => Some(asked.of(args, &names, &samples)?),
        None => None,
    };
    notes.extend(found.iter().flat_map(|found| found.notes.iter().cloned()));
    let correlation = |a: usize, b: usize| match a.cmp(&b) {
        std::cmp::Ordering::Equal => columns[a].variance().map_or(f64::NAN, |v| match v > 0.0 {
            true => 1.0,
            false => f64::NAN,
        }),
        _ => {
            let pair = &pairs[a.max(b) * correlated + a.min(b)];
            pair.correlation().unwrap_or(f64::NAN)
        }
    };
    if args.format == Report::Json {
        let row = |a: usize| {
            let others = names[..correlated].iter().enumerate();
            ByName(
                others
                    .map(|(b, name)| (name.as_str(), Real(correlation(a, b))))
                    .collect(),
            )
        };
        let each = names.iter().map(String::as_str);
        let (of_columns, bootstrap) = match found {
            Some(Found {
                of_columns,
                correlation,
                ..
            }) => (of_columns, correlation),
            None => (Vec::new(), None),
        };
        let mut of_columns = of_columns.into_iter();
        let told = |column: &Summary| Statistics {
            of_sample: of_columns.next(),
            ..statistics(column)
        };
        let described = Described {
            rows,
            columns: ByName(each.clone().zip(columns.iter().map(told)).collect()),
            correlation: ByName(
                each.take(correlated)
                    .zip((0..correlated).map(row))
                    .collect(),
            ),
            bootstrap,
            notes: &notes,
        };
        return Ok(Answer {
            unreached,
            ..Answer::json(&described)
        });
    }
    let mut out = table(&names, &columns);
    if correlated > 1 {
        let mut lines = vec![[vec!["correlation".to_owned()], names.clone()].concat()];
        for (a, name) in names.iter().enumerate() {
            let mut line = vec![name.clone()];
            line.extend((0..correlated).map(|b| format!("{:.4}", correlation(a, b))));
            lines.push(line);
        }
        out += "\n";
        out += &matrix::table(&lines);
    }
    out += &found.map_or(String::new(), |found| found.text(&names));
    Ok(Answer {
        out,
        notes,
        unreached,
    })
}

/// The places of the columns that are asked for.
fn chosen(reader: &Reader, columns: &[String], asked: &[String]) -> Result<Vec<usize>, Failure> {
    if asked.is_empty() {
        return Ok((0..columns.len()).collect());
    }
    (names::parts(asked).iter())
        .map(|name| place_of(name, columns, reader, "--columns"))
        .collect()
}

fn statistics(of: &Summary) -> Statistics {
    let real = |value: Result<f64, crate::lecture::LectureError>| Real(value.unwrap_or(f64::NAN));
    // Of no numbers the smallest is no number either.
    let end = |x: f64| if of.count() == 0 { f64::NAN } else { x };
    Statistics {
        count: of.count(),
        mean: real(of.mean()),
        std: real(of.standard_deviation()),
        variance: real(of.variance()),
        standard_error: real(of.standard_error()),
        skewness: real(of.skewness()),
        min: Real(end(of.min())),
        max: Real(end(of.max())),
        of_sample: None,
    }
}

fn table(names: &[String], columns: &[Summary]) -> String {
    /// Digits that a person reads; all of them are in the JSON.
    fn short(x: Real) -> String {
        number(format!("{:.6e}", x.0).parse().unwrap_or(x.0))
    }
    let head = [
        "column",
        "count",
        "mean",
        "std",
        "std error",
        "skewness",
        "min",
        "max",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for (name, column) in names.iter().zip(columns) {
        let s = statistics(column);
        let mut line = vec![name.clone(), s.count.to_string()];
        let numbers = [s.mean, s.std, s.standard_error, s.skewness, s.min, s.max];
        line.extend(numbers.map(short));
        lines.push(line);
    }
    matrix::table(&lines)
}
