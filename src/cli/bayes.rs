//! `gradus bayes`: a test, hypotheses by name, hypotheses that are values of a variable, or beliefs about a probability and
//! a mean, each before and after observations.

mod conjugate;
mod counts;
mod values;

use serde::Serialize;

use super::answer::Answer;
use super::args::{BayesArgs, Report};
use super::failure::Failure;
use super::matrix;
use super::names;
use super::value::{Real, Value, number};
use crate::lecture::LectureError;
use crate::lecture::bayes::{DiagnosticTest, MAX_RESULTS, Update, update_all};
use crate::syntax::did_you_mean;

/// The JSON object for a test: what is believed after each result.
#[derive(Serialize)]
struct Tested {
    posteriors: Vec<Real>,
    evidence: Vec<Real>,
}

/// The JSON object for named hypotheses.
#[derive(Serialize)]
struct Believed<'a> {
    hypotheses: &'a [String],
    /// A list an observation, in the order of the hypotheses.
    posteriors: Vec<Vec<Real>>,
    evidence: Vec<Real>,
}

/// Runs the command.
pub fn run(args: &BayesArgs) -> Result<Answer, Failure> {
    if let Some(counts) = &args.confusion {
        return counts::run(args, counts);
    }
    if let Some(beta) = &args.beta {
        return conjugate::probability(args, beta);
    }
    if let Some(normal) = &args.normal {
        return conjugate::mean(args, normal);
    }
    if let Some(values) = &args.values {
        return values::run(args, values);
    }
    match (&args.sensitivity, &args.false_alarm) {
        (Some(sensitivity), Some(false_alarm)) => test(args, sensitivity, false_alarm),
        _ => hypotheses(args),
    }
}

/// A test that says yes or no.
fn test(args: &BayesArgs, sensitivity: &str, false_alarm: &str) -> Result<Answer, Failure> {
    let [prior] = &args.prior[..] else {
        return Err(Failure::new("bad_option", "--prior is given several times"));
    };
    let prior = probability(prior, "--prior")?;
    let test = DiagnosticTest {
        sensitivity: probability(sensitivity, "--sensitivity")?,
        false_alarm: probability(false_alarm, "--false-alarm")?,
    };
    let results = match &args.results {
        Some(text) => results(text)?,
        None => vec![true; positives(args.positives.unwrap_or(1))?],
    };
    let updates = test.results(prior, &results)?;
    if args.format == Report::Json {
        return Ok(Answer::json(&Tested {
            posteriors: updates.iter().map(|u| Real(u.posterior[0])).collect(),
            evidence: evidence(&updates),
        }));
    }
    let mut lines = vec![vec![
        "result".to_owned(),
        "evidence".to_owned(),
        "posterior".to_owned(),
    ]];
    lines.push(vec!["(prior)".into(), String::new(), short(prior)]);
    for (update, positive) in updates.iter().zip(results) {
        let result = if positive { "positive" } else { "negative" };
        let (evidence, posterior) = (short(update.evidence), short(update.posterior[0]));
        lines.push(vec![result.to_owned(), evidence, posterior]);
    }
    Ok(Answer {
        out: matrix::table(&lines),
        ..Answer::default()
    })
}

/// Hypotheses by name.
fn hypotheses(args: &BayesArgs) -> Result<Answer, Failure> {
    let prior = names::assignments(&args.prior, "--prior").map_err(|failure| {
        failure.with_hint("with --likelihood, the prior names the hypotheses: --prior a=1/2,b=1/2")
    })?;
    let (names, prior): (Vec<String>, Vec<String>) = prior.into_iter().unzip();
    let prior: Vec<f64> = (prior.iter().zip(&names))
        .map(|(text, name)| probability(text, &format!("--prior {name}")))
        .collect::<Result<_, _>>()?;
    let observations = (args.likelihood.iter())
        .map(|text| likelihoods(text, &names))
        .collect::<Result<Vec<_>, _>>()?;
    let updates = update_all(&prior, &observations)?;
    if args.format == Report::Json {
        let list = |values: &[f64]| values.iter().map(|&x| Real(x)).collect();
        return Ok(Answer::json(&Believed {
            hypotheses: &names,
            posteriors: updates.iter().map(|u| list(&u.posterior)).collect(),
            evidence: evidence(&updates),
        }));
    }
    let texts = |values: &[f64]| values.iter().map(|&x| short(x)).collect::<Vec<_>>();
    let row = |label: String, evidence: String, values: &[f64]| {
        [vec![label, evidence], texts(values)].concat()
    };
    let head = ["observation".to_owned(), "evidence".to_owned()];
    let mut lines = vec![[head.to_vec(), names.clone()].concat()];
    lines.push(row("(prior)".to_owned(), String::new(), &prior));
    for (at, update) in updates.iter().enumerate() {
        let label = (at + 1).to_string();
        lines.push(row(label, short(update.evidence), &update.posterior));
    }
    Ok(Answer {
        out: matrix::table(&lines),
        ..Answer::default()
    })
}

/// The probability of an observation under each hypothesis, in their order.
fn likelihoods(text: &String, names: &[String]) -> Result<Vec<f64>, Failure> {
    let given = names::assignments(std::slice::from_ref(text), "--likelihood")?;
    if let Some((name, _)) = given.iter().find(|(name, _)| !names.contains(name)) {
        let message = format!("--likelihood: there is no hypothesis `{name}`");
        let hint = match did_you_mean(name, names.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the hypotheses are {}", names.join(", ")),
        };
        return Err(Failure::new("bad_option", message).with_hint(hint));
    }
    (names.iter())
        .map(|name| match given.iter().find(|(given, _)| given == name) {
            Some((_, text)) => probability(text, &format!("--likelihood {name}")),
            None => {
                let message = format!("--likelihood {text}: nothing is said of `{name}`");
                let hint = format!("add {name}=..., 0 if it rules the observation out");
                Err(Failure::new("bad_option", message).with_hint(hint))
            }
        })
        .collect()
}

/// A number from 0 to 1, or a formula without variables that is worth one.
fn probability(text: &str, option: &str) -> Result<f64, Failure> {
    let value = Value::read(text, option)?.real("p", option)?;
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    let message = format!(
        "{option}: a probability is between 0 and 1, and this is {}",
        number(value)
    );
    let failure = Failure::new("bad_option", message);
    Err(match value {
        2.0..=100.0 => failure.with_hint("percent are written as 0.99, not 99"),
        _ => failure,
    })
}

/// So many results are told, each on a line.
fn positives(count: usize) -> Result<usize, Failure> {
    match count <= MAX_RESULTS {
        true => Ok(count),
        false => {
            let message = format!("--positives: {count} results are more than {MAX_RESULTS}");
            Err(Failure::new("bad_option", message)
                .with_hint("the posterior is 1 as far as a number can tell long before"))
        }
    }
}

/// `++-+`
fn results(text: &str) -> Result<Vec<bool>, Failure> {
    (text.chars().filter(|c| !c.is_whitespace() && *c != ','))
        .map(|c| match c {
            '+' => Ok(true),
            '-' | '−' => Ok(false),
            other => {
                let message = format!("--results: `{other}` is neither + nor -");
                Err(Failure::new("bad_option", message).with_hint("write --results +-+"))
            }
        })
        .collect()
}

fn evidence(updates: &[Update]) -> Vec<Real> {
    updates.iter().map(|u| Real(u.evidence)).collect()
}

/// Six digits: more are in the JSON.
fn short(p: f64) -> String {
    /// Nearer to 0 or 1 than this, six decimals would say that it is certain.
    const NEAR: f64 = 1e-4;
    match p {
        0.0 => "0".to_owned(),
        1.0 => "1".to_owned(),
        p if p < NEAR => format!("{p:.3e}"),
        p if 1.0 - p < NEAR => format!("1 - {:.3e}", 1.0 - p),
        p => format!("{p:.6}"),
    }
}

impl From<LectureError> for Failure {
    fn from(error: LectureError) -> Failure {
        let failure = Failure::new("bad_input", error.to_string());
        match error.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }
}
