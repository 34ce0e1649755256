//! `gradus adjust`

use serde::ser::{Serialize, Serializer};

use super::answer::Answer;
use super::args::{AdjustArgs, Report};
use super::binding::{column_names, place_of};
use super::failure::Failure;
use super::matrix;
use super::reading;
use super::value::{Real, number};
use crate::fit::data::DataError;
use crate::lecture::LectureError;
use crate::lecture::causal::{Adjustment, Cell, Names, adjust};

/// Strata and treatments together: more cells are a column of numbers that was taken for a category.
pub const MAX_CELLS: usize = 100_000;

/// The JSON object of the command.
#[derive(serde::Serialize)]
struct Adjusted<'a> {
    raw: Rates<'a>,
    adjusted: Rates<'a>,
    /// The share of each value of the confounder.
    strata: Rates<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

/// Numbers by name, in order.
struct Rates<'a>(Vec<(&'a str, f64)>);

impl Serialize for Rates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|&(name, x)| (name, Real(x))))
    }
}

/// Runs the command.
pub fn run(args: &AdjustArgs) -> Result<Answer, Failure> {
    let Counted {
        cells,
        mut notes,
        is_whole,
    } = read(args)?;
    let confounder = args.confounder.join(",");
    let found = adjust(
        &cells,
        Names {
            treatment: &args.treatment,
            confounder: &confounder,
        },
    )?;
    let unreached = !is_whole;
    if let [one] = &found.strata[..] {
        let note = format!(
            "`{confounder}` is always {}: there is nothing to adjust for",
            one.0
        );
        notes.push(note);
    }
    if found.is_reversed() {
        let best = |rate: fn(&crate::lecture::causal::Effect) -> f64| {
            let better = found
                .effects
                .iter()
                .max_by(|a, b| rate(a).total_cmp(&rate(b)));
            better.map_or("", |effect| &effect.treatment)
        };
        notes.push(format!(
            "raw, {} looks better; within the strata {} is (Simpson's paradox)",
            best(|e| e.raw),
            best(|e| e.adjusted)
        ));
    }
    if args.format == Report::Json {
        let by = |rate: fn(&crate::lecture::causal::Effect) -> f64| {
            let effects = found.effects.iter();
            Rates(effects.map(|e| (e.treatment.as_str(), rate(e))).collect())
        };
        let adjusted = Adjusted {
            raw: by(|e| e.raw),
            adjusted: by(|e| e.adjusted),
            strata: Rates(found.strata.iter().map(|(z, p)| (z.as_str(), *p)).collect()),
            notes,
        };
        return Ok(Answer {
            unreached,
            ..Answer::json(&adjusted)
        });
    }
    Ok(Answer {
        out: text(&found, args, &confounder),
        notes,
        unreached,
    })
}

/// The table as cells, rows of the same treatment, stratum and outcome together.
struct Counted {
    cells: Vec<Cell>,
    /// Remarks on rows that do not count.
    notes: Vec<String>,
    is_whole: bool,
}

fn read(args: &AdjustArgs) -> Result<Counted, Failure> {
    let mut reader = reading::open(&args.data, &args.reading)?;
    let known = column_names(&reader, &args.reading.rename)?;
    let column = |name: &str, option| place_of(name, &known, &reader, option);
    let confounders: Vec<&str> = (args.confounder.iter())
        .flat_map(|names| names.split(','))
        .collect();
    let treatment = column(&args.treatment, "--treatment")?;
    let outcome = column(&args.outcome, "--outcome")?;
    let strata = (confounders.iter())
        .map(|name| column(name, "--confounder"))
        .collect::<Result<Vec<_>, _>>()?;
    let count = (args.count.as_deref())
        .map(|name| column(name, "--count"))
        .transpose()?;
    let mut roles = vec![("--treatment", treatment), ("--outcome", outcome)];
    roles.extend(strata.iter().map(|&at| ("--confounder", at)));
    roles.extend(count.map(|at| ("--count", at)));
    for (k, &(option, at)) in roles.iter().enumerate() {
        if let Some((other, _)) = roles[..k].iter().find(|(_, other)| *other == at) {
            let name = &known[at];
            let message = format!("the column `{name}` is given for {other} and for {option}");
            return Err(Failure::new("bad_option", message));
        }
    }
    // Columns of numbers, in this order; words are read from the rows as they stand.
    let mut numbers: Vec<usize> = Vec::new();
    if args.success.is_none() {
        numbers.push(outcome);
    }
    numbers.extend(count);
    let mut of_words = vec![treatment];
    of_words.extend(&strata);
    if args.success.is_some() {
        of_words.push(outcome);
    }
    reader.choose_words(&numbers, &of_words);
    let mut cells: std::collections::BTreeMap<(String, String, u64), Cell> = Default::default();
    let mut row = 0u64;
    let words = |error| match error {
        DataError::NotANumber { ref column, .. } if *column == args.outcome => Failure::from(error)
            .with_hint("the outcome is a word? --success WORD counts that one as 1"),
        other => other.into(),
    };
    let interrupted = reading::each_chunk(&mut reader, &args.data, words, |chunk| {
        for at in 0..chunk.rows {
            row += 1;
            let record = &chunk.kept[at];
            let word = |column: usize| String::from_utf8_lossy(record[column].trim_ascii());
            let value = match &args.success {
                Some(success) => f64::from(u8::from(word(outcome) == success.trim())),
                None => chunk.columns[0][at],
            };
            let cases = match count {
                Some(_) => chunk.columns[numbers.len() - 1][at],
                None => 1.0,
            };
            if !(cases >= 0.0 && cases.is_finite()) {
                return Err(LectureError::BadCount {
                    what: format!("{}, row {row}", args.data.display()),
                    value: cases,
                }
                .into());
            }
            let stratum: Vec<_> = strata.iter().map(|&column| word(column)).collect();
            let key = (
                word(treatment).into_owned(),
                stratum.join(", "),
                value.to_bits(),
            );
            let cell = cells.entry(key).or_insert_with_key(|key| Cell {
                treatment: key.0.clone(),
                stratum: key.1.clone(),
                outcome: value,
                count: 0.0,
            });
            cell.count += cases;
            if cells.len() > MAX_CELLS {
                let message = format!("there are more than {MAX_CELLS} kinds of rows");
                return Err(Failure::new("too_large", message).with_hint(
                    "treatment and confounder are categories: put numbers into classes first",
                ));
            }
        }
        Ok(())
    })?;
    if let Some(success) = args.success.as_deref()
        && cells.values().all(|cell| cell.outcome == 0.0)
        && !cells.is_empty()
    {
        let message = format!("no outcome is `{success}`");
        return Err(Failure::new("bad_option", message));
    }
    let notes = interrupted
        .iter()
        .cloned()
        .chain(reading::dropped_note(&reader));
    let table = Counted {
        cells: cells.into_values().collect(),
        notes: notes.collect(),
        is_whole: interrupted.is_none(),
    };
    Ok(table)
}

fn text(found: &Adjustment, args: &AdjustArgs, confounder: &str) -> String {
    let mut head = vec![
        args.treatment.clone(),
        "raw".to_owned(),
        "adjusted".to_owned(),
    ];
    head.extend(
        found
            .strata
            .iter()
            .map(|(stratum, _)| format!("{confounder}={stratum}")),
    );
    let mut lines = vec![head];
    for effect in &found.effects {
        let mut line = vec![
            effect.treatment.clone(),
            rate(effect.raw),
            rate(effect.adjusted),
        ];
        let strata = effect.strata.iter();
        line.extend(strata.map(|(count, mean)| format!("{} of {}", rate(*mean), number(*count))));
        lines.push(line);
    }
    let mut shares = vec!["(share)".to_owned(), String::new(), String::new()];
    shares.extend(found.strata.iter().map(|(_, share)| rate(*share)));
    lines.push(shares);
    matrix::table(&lines)
}

fn rate(x: f64) -> String {
    format!("{x:.4}")
}
