//! Known distributions, in closed form.

use std::collections::BTreeMap;
use std::path::Path;

use super::report::{Estimated, Parameter};
use crate::cli::answer::Answer;
use crate::cli::args::LikelihoodArgs;
use crate::cli::binding::{column_names, place_of};
use crate::cli::failure::Failure;
use crate::cli::reading::{self, Progress};
use crate::descend::rows::Rows;
use crate::fit::data::{DEFAULT_MEMORY, Reader, Table};
use crate::fit::student_quantile;
use crate::lecture::LectureError;
use crate::lecture::likelihood::{
    Estimate, Single, bernoulli, categorical, exponential, normal, poisson,
};

/// More categories are a column of numbers that was taken for one of words.
pub const MAX_CATEGORIES: usize = 10_000;

/// A distribution with a closed form.
#[derive(Clone, Copy)]
pub enum Distribution {
    Normal,
    Bernoulli,
    Categorical,
    Poisson,
    Exponential,
}

/// The distribution that is asked for, and the column.
pub fn asked(args: &LikelihoodArgs) -> Option<(Distribution, &str)> {
    let options = [
        (Distribution::Normal, &args.normal),
        (Distribution::Bernoulli, &args.bernoulli),
        (Distribution::Categorical, &args.categorical),
        (Distribution::Poisson, &args.poisson),
        (Distribution::Exponential, &args.exponential),
    ];
    (options.into_iter())
        .find_map(|(distribution, column)| Some((distribution, column.as_deref()?)))
}

impl Distribution {
    fn name(self) -> &'static str {
        match self {
            Distribution::Normal => "normal",
            Distribution::Bernoulli => "bernoulli",
            Distribution::Categorical => "categorical",
            Distribution::Poisson => "poisson",
            Distribution::Exponential => "exponential",
        }
    }

    /// What a number of its column must be, in words.
    fn refuses(self, x: f64) -> Option<&'static str> {
        let (is_allowed, words) = match self {
            Distribution::Normal => (x.is_finite(), "a finite number"),
            Distribution::Bernoulli => (x == 0.0 || x == 1.0, "0 or 1"),
            Distribution::Categorical => (true, ""),
            Distribution::Poisson => (
                x >= 0.0 && x.fract() == 0.0 && x <= u32::MAX.into(),
                "a count: a whole number from 0 to 4294967295",
            ),
            Distribution::Exponential => (
                x >= 0.0 && x.is_finite(),
                "a waiting time: a finite number, 0 or above",
            ),
        };
        (!is_allowed).then_some(words)
    }
}

/// What was found, whatever the distribution.
struct Found {
    parameters: Vec<(String, Estimate)>,
    fitted_numbers: u64,
    log_likelihood: f64,
    rows: u64,
    interrupted: Option<String>,
}

/// Reads the column and tells its estimate.
pub fn run(
    args: &LikelihoodArgs,
    distribution: Distribution,
    column: &str,
) -> Result<Answer, Failure> {
    let data = args.data.as_deref().unwrap_or(Path::new("-"));
    let mut reader = reading::open(data, &args.reading)?;
    let known = column_names(&reader, &args.reading.rename)?;
    let option = format!("--{}", distribution.name());
    let place = place_of(column, &known, &reader, &option)?;
    let found = match distribution {
        Distribution::Categorical => categories(&mut reader, data, place)?,
        _ => {
            reader.choose(&[place], false);
            let mut progress = Progress::new(data, true);
            let watch = &mut |bytes| progress.at(bytes);
            let table = Table::read(&mut reader, DEFAULT_MEMORY, watch)?;
            numbers(table, &reader, distribution, column)?
        }
    };
    let quantile = student_quantile(args.confidence, f64::INFINITY);
    let mut notes: Vec<String> = reading::dropped_note(&reader).into_iter().collect();
    let unreached = found.interrupted.is_some();
    notes.extend(found.interrupted);
    for (name, estimate) in &found.parameters {
        if estimate.standard_error == 0.0 {
            notes.push(format!(
                "`{name}` is at the edge of what it may be: large samples are no guide there, and it has no standard error"
            ));
        }
    }
    let parameter = |(name, estimate): (String, Estimate)| {
        // 0 would say that there is no doubt.
        let std_error = match estimate.standard_error {
            0.0 => f64::NAN,
            error => error,
        };
        let half = quantile * std_error;
        Parameter {
            name,
            value: estimate.value,
            std_error,
            interval: (estimate.value - half, estimate.value + half),
        }
    };
    let estimated = Estimated {
        head: (
            "distribution",
            format!("{} ({column})", distribution.name()),
        ),
        parameters: found.parameters.into_iter().map(parameter).collect(),
        confidence: args.confidence,
        rows: found.rows,
        log_likelihood: found.log_likelihood,
        fitted_numbers: found.fitted_numbers,
        information_is_expected: true,
        descended: None,
        notes,
        unreached,
    };
    Ok(estimated.answer(args.format))
}

/// A column of numbers.
fn numbers(
    mut table: Table,
    reader: &Reader,
    distribution: Distribution,
    column: &str,
) -> Result<Found, Failure> {
    let mut sample = Vec::with_capacity(table.count());
    table
        .visit(&mut |columns, _| sample.extend_from_slice(columns[0]))
        .map_err(|error| Failure::new("io", error.to_string()))?;
    for (row, &x) in sample.iter().enumerate() {
        if let Some(words) = distribution.refuses(x) {
            let (file, place) = (reader.file(), table.places().of(row));
            let message = format!("{file}, {place}: `{column}` is {x}, and must be {words}");
            return Err(Failure::new("bad_data", message));
        }
    }
    let rows = sample.len() as u64;
    let single = |name: &str,
                  Single {
                      parameter,
                      log_likelihood,
                  }| Found {
        parameters: vec![(name.to_owned(), parameter)],
        fitted_numbers: 1,
        log_likelihood,
        rows,
        interrupted: None,
    };
    let counts = || sample.iter().map(|&x| x as u64).collect::<Vec<_>>();
    let found = match distribution {
        Distribution::Normal => normal(&sample).map(|found| Found {
            parameters: vec![
                ("mean".to_owned(), found.mean),
                ("deviation".to_owned(), found.deviation),
            ],
            fitted_numbers: 2,
            log_likelihood: found.log_likelihood,
            rows,
            interrupted: None,
        }),
        Distribution::Bernoulli => {
            let sides: Vec<bool> = sample.iter().map(|&x| x == 1.0).collect();
            bernoulli(&sides).map(|found| single("probability", found))
        }
        Distribution::Poisson => poisson(&counts()).map(|found| single("rate", found)),
        Distribution::Exponential => exponential(&sample).map(|found| single("rate", found)),
        Distribution::Categorical => unreachable!("counted by their words"),
    };
    found.map_err(|error| of_sample(error, reader, column))
}

/// What a column that has no estimate is told.
fn of_sample(error: LectureError, reader: &Reader, column: &str) -> Failure {
    let file = reader.file();
    match error {
        LectureError::Empty(_) => Failure::new("no_rows", reading::no_rows(reader)),
        LectureError::TooFew { found: 0, .. } => Failure::new("no_rows", reading::no_rows(reader)),
        LectureError::NoVariance(_) => {
            let message = format!("{file}: `{column}` is the same in every row");
            Failure::new("bad_data", message).with_hint(
                "the likelihood of a normal distribution then grows without end as the deviation goes to 0",
            )
        }
        other => other.into(),
    }
}

/// A column of words.
fn categories(reader: &mut Reader, data: &Path, place: usize) -> Result<Found, Failure> {
    reader.choose_words(&[], &[place]);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut rows = 0;
    let interrupted = reading::each_chunk(reader, data, Failure::from, |chunk| {
        rows += chunk.rows as u64;
        for record in chunk.kept.iter().take(chunk.rows) {
            let word = String::from_utf8_lossy(record[place].trim_ascii()).into_owned();
            *counts.entry(word).or_default() += 1;
        }
        if counts.len() > MAX_CATEGORIES {
            let message = format!("there are more than {MAX_CATEGORIES} categories");
            return Err(Failure::new("too_large", message)
                .with_hint("numbers that differ from row to row are no categories"));
        }
        Ok(())
    })?;
    let numbers: Vec<u64> = counts.values().copied().collect();
    let (estimates, log_likelihood) =
        categorical(&numbers).map_err(|error| of_sample(error, reader, ""))?;
    let fitted_numbers = estimates.len() as u64 - 1;
    Ok(Found {
        parameters: counts.into_keys().zip(estimates).collect(),
        fitted_numbers,
        log_likelihood,
        rows,
        interrupted,
    })
}
