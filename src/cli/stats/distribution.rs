//! Values with their probabilities: expectation, variance and the like in exact numbers.

use std::path::Path;

use serde::Serialize;

use crate::cli::answer::Answer;
use crate::cli::args::{Report, StatsArgs};
use crate::cli::binding::{column_names, place_of};
use crate::cli::failure::Failure;
use crate::cli::lists;
use crate::cli::matrix;
use crate::cli::reading;
use crate::cli::value::{Real, number};
use crate::expr::Rational;
use crate::lecture::LectureError;
use crate::lecture::discrete::Discrete;
use crate::syntax::split_at_commas;

/// Exact numbers of more values have too many digits to be read.
pub const MAX_DISTRIBUTION_VALUES: usize = 100_000;

/// The JSON object: exact numbers are texts.
#[derive(Serialize)]
struct Told {
    values: Vec<String>,
    probabilities: Vec<String>,
    expectation: Exact,
    variance: Exact,
    std: Real,
    skewness: Real,
}

#[derive(Serialize)]
struct Exact {
    exact: String,
    value: Real,
}

/// `--values "[1, 2, 6]" --probabilities "[1/2, 1/3, 1/6]"`
pub fn written(args: &StatsArgs, values: &str) -> Result<Answer, Failure> {
    let exact = |text: &str, option: &str| -> Result<Vec<Rational>, Failure> {
        let entries = lists::entries(text, option)?;
        entries
            .iter()
            .map(|entry| lists::exact(entry, option))
            .collect()
    };
    let values = exact(values, "--values")?;
    let distribution = match &args.probabilities {
        None => Discrete::uniform(values)?,
        Some(text) => {
            let probabilities = exact(text, "--probabilities")?;
            if probabilities.len() != values.len() {
                let (left, right) = (values.len(), probabilities.len());
                let message = format!("--probabilities: {right} of them for {left} values");
                return Err(Failure::new("bad_option", message));
            }
            Discrete::new(values.into_iter().zip(probabilities)).map_err(explained)?
        }
    };
    tell(&distribution, args.format)
}

/// `FILE --distribution VALUE,PROBABILITY`
pub fn of_table(args: &StatsArgs, columns: &str) -> Result<Answer, Failure> {
    let data = args.data.as_deref().unwrap_or(Path::new("-"));
    let mut reader = reading::open(data, &args.reading)?;
    let known = column_names(&reader, &args.reading.rename)?;
    let [value, probability] = pair(columns, "--distribution", "VALUE,PROBABILITY")?;
    let value = place_of(value, &known, &reader, "--distribution")?;
    let probability = place_of(probability, &known, &reader, "--distribution")?;
    // As text: 1/3 is no decimal, and 0.1 is exact.
    reader.choose(&[], true);
    let file = reader.file().to_owned();
    let (mut outcomes, mut row) = (Vec::new(), 0u64);
    let interrupted = reading::each_chunk(&mut reader, data, Failure::from, |chunk| {
        for record in chunk.kept.iter().take(chunk.rows) {
            row += 1;
            let cell = |column: usize| {
                let text = String::from_utf8_lossy(&record[column]);
                lists::exact(&text, &format!("{file}, row {row}"))
            };
            outcomes.push((cell(value)?, cell(probability)?));
        }
        match outcomes.len() > MAX_DISTRIBUTION_VALUES {
            false => Ok(()),
            true => {
                let message = format!("there are more than {MAX_DISTRIBUTION_VALUES} values");
                Err(Failure::new("too_large", message))
            }
        }
    })?;
    if let Some(note) = interrupted {
        return Ok(Answer {
            notes: vec![note],
            unreached: true,
            ..Answer::default()
        });
    }
    if outcomes.is_empty() {
        return Err(Failure::new("no_rows", reading::no_rows(&reader)));
    }
    tell(&Discrete::new(outcomes).map_err(explained)?, args.format)
}

/// Two names.
pub fn pair<'t>(text: &'t str, option: &str, form: &str) -> Result<[&'t str; 2], Failure> {
    let names: Vec<&str> = split_at_commas(text);
    match names[..] {
        [a, b] => Ok([a.trim(), b.trim()]),
        _ => {
            let message = format!("{option}: `{}` are not two columns", text.trim());
            Err(Failure::new("bad_option", message).with_hint(format!("write {option} {form}")))
        }
    }
}

fn explained(error: LectureError) -> Failure {
    let hint = match &error {
        LectureError::SumNotOne { .. } => {
            Some("exact numbers: thirds are written 1/3, since 0.333 is not one")
        }
        other => other.hint(),
    };
    let failure = Failure::new("bad_input", error.to_string());
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

fn tell(distribution: &Discrete, format: Report) -> Result<Answer, Failure> {
    let (expectation, variance) = (distribution.expectation()?, distribution.variance()?);
    let std = variance.to_f64().sqrt();
    let skewness = distribution.skewness().unwrap_or(f64::NAN);
    if format == Report::Json {
        let exact = |x: &Rational| Exact {
            exact: x.to_string(),
            value: Real(x.to_f64()),
        };
        let (values, probabilities) = (distribution.outcomes().iter())
            .map(|(x, p)| (x.to_string(), p.to_string()))
            .unzip();
        return Ok(Answer::json(&Told {
            values,
            probabilities,
            expectation: exact(&expectation),
            variance: exact(&variance),
            std: Real(std),
            skewness: Real(skewness),
        }));
    }
    let exact = |x: &Rational| match x.is_integer() {
        true => x.to_string(),
        false => format!("{x} = {}", number(x.to_f64())),
    };
    let line = |label: &str, text: String| (label.to_owned(), text);
    let lines = [
        line("values", distribution.outcomes().len().to_string()),
        line("expectation", exact(&expectation)),
        line("variance", exact(&variance)),
        line("std", number(std)),
        line("skewness", number(skewness)),
    ];
    Ok(Answer {
        out: matrix::labelled(lines) + "\n",
        ..Answer::default()
    })
}
