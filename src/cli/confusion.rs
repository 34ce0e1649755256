//! What a confusion matrix says, for `bayes --confusion` and `stats --confusion`.

use serde::Serialize;

use super::answer::Answer;
use super::args::Report;
use super::matrix;
use super::value::{Real, number};
use crate::lecture::LectureError;
use crate::lecture::bayes::Confusion;

/// The JSON object.
#[derive(Serialize)]
struct Told<'a> {
    true_positives: u64,
    false_positives: u64,
    false_negatives: u64,
    true_negatives: u64,
    precision: Real,
    recall: Real,
    false_alarm: Real,
    accuracy: Real,
    f1: Real,
    prevalence: Real,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Tells counts and rates; `yes` and `no` are the words for both sides.
pub fn answer(
    table: &Confusion,
    (yes, no): (&str, &str),
    mut notes: Vec<String>,
    format: Report,
) -> Answer {
    let mut rate = |name: &str, rate: Result<f64, LectureError>| match rate {
        Ok(rate) => rate,
        Err(error) => {
            let reason = match error {
                LectureError::NoCases(reason) => reason.to_owned(),
                other => other.to_string(),
            };
            notes.push(format!("there is no {name}: {reason}"));
            f64::NAN
        }
    };
    let rates = [
        ("precision", rate("precision", table.precision())),
        ("recall", rate("recall", table.recall())),
        ("false alarm", rate("false alarm rate", table.false_alarm())),
        ("accuracy", rate("accuracy", table.accuracy())),
        ("F1", rate("F1", table.f1())),
        ("prevalence", rate("prevalence", table.prevalence())),
    ];
    if format == Report::Json {
        let [precision, recall, false_alarm, accuracy, f1, prevalence] =
            rates.map(|(_, rate)| Real(rate));
        return Answer::json(&Told {
            true_positives: table.true_positives,
            false_positives: table.false_positives,
            false_negatives: table.false_negatives,
            true_negatives: table.true_negatives,
            precision,
            recall,
            false_alarm,
            accuracy,
            f1,
            prevalence,
            notes: &notes,
        });
    }
    let row = |label: String, a: u64, b: u64| vec![label, a.to_string(), b.to_string()];
    let counts = matrix::table(&[
        vec![String::new(), format!("is {yes}"), format!("is {no}")],
        row(
            format!("predicted {yes}"),
            table.true_positives,
            table.false_positives,
        ),
        row(
            format!("predicted {no}"),
            table.false_negatives,
            table.true_negatives,
        ),
    ]);
    let meaning = |name: &str| match name {
        "precision" => format!("of those predicted {yes}, the part that is"),
        "recall" => format!("of those that are {yes}, the part that was found (sensitivity)"),
        "false alarm" => format!("of those that are {no}, the part predicted {yes}"),
        "accuracy" => "the part predicted right".to_owned(),
        "F1" => "the harmonic mean of precision and recall".to_owned(),
        _ => format!("of all, the part that is {yes}"),
    };
    let lines = rates.map(|(name, rate)| {
        let digits = number(format!("{rate:.6}").parse().unwrap_or(rate));
        (name.to_owned(), format!("{digits:<9} {}", meaning(name)))
    });
    Answer {
        out: format!("{counts}\n{}\n", matrix::labelled(lines)),
        notes,
        unreached: false,
    }
}
