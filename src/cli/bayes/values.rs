//! Hypotheses that are values of a variable: `--values "p=[0.3, 0.5, 0.7]" --likelihood p --likelihood 1-p`.

use serde::Serialize;

use super::{evidence, short};
use crate::cli::answer::Answer;
use crate::cli::args::{BayesArgs, Report};
use crate::cli::failure::Failure;
use crate::cli::lists;
use crate::cli::matrix;
use crate::cli::names;
use crate::cli::value::{Real, number};
use crate::expr::Arena;
use crate::lecture::bayes::update_all;
use crate::numeric::Schedule;
use crate::syntax;

/// The JSON object.
#[derive(Serialize)]
struct Believed<'a> {
    parameter: &'a str,
    values: Vec<Real>,
    prior: Vec<Real>,
    /// A list an observation, in the order of the values.
    posteriors: Vec<Vec<Real>>,
    evidence: Vec<Real>,
    /// The mean of the parameter: before, and after each observation.
    means: Vec<Real>,
}

/// Updates what is believed of the values by what each formula of `--likelihood` gives at them.
pub fn run(args: &BayesArgs, text: &str) -> Result<Answer, Failure> {
    let Some((name, list)) = text.split_once('=') else {
        let message = format!("--values: `{}` is not of the form NAME=[...]", text.trim());
        return Err(
            Failure::new("bad_option", message).with_hint("write --values \"p=[0.3, 0.5, 0.7]\"")
        );
    };
    let name = names::name(name, "--values")?;
    let reals = |list: &str, option: &str| -> Result<Vec<f64>, Failure> {
        let entries = lists::entries(list, option)?;
        entries
            .iter()
            .map(|entry| lists::real(entry, option))
            .collect()
    };
    let values = reals(list, "--values")?;
    if args.likelihood.is_empty() {
        let message = "--values: nothing was observed";
        return Err(Failure::new("bad_option", message).with_hint(format!(
            "give the probability of an observation as a formula: --likelihood \"{name}\""
        )));
    }
    let prior = match &args.prior[..] {
        [] => vec![1.0 / values.len() as f64; values.len()],
        [list] if list.trim_start().starts_with('[') => reals(list, "--prior")?,
        [formula] => {
            // A formula says how the values compare: it need not sum to 1.
            let weights = at_values(formula, "--prior", &name, &values)?;
            if let Some(weight) = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
                let message = format!(
                    "--prior: a weight is 0 or above, and this is {}",
                    number(*weight)
                );
                return Err(Failure::new("bad_option", message));
            }
            let sum: f64 = weights.iter().sum();
            if sum == 0.0 {
                let message = "--prior: every value has the weight 0";
                return Err(Failure::new("bad_option", message));
            }
            weights.into_iter().map(|w| w / sum).collect()
        }
        _ => return Err(Failure::new("bad_option", "--prior is given several times")),
    };
    if prior.len() != values.len() {
        let message = format!(
            "--prior: {} probabilities for {} values",
            prior.len(),
            values.len()
        );
        return Err(Failure::new("bad_option", message));
    }
    let observations = (args.likelihood.iter())
        .map(|formula| at_values(formula, "--likelihood", &name, &values))
        .collect::<Result<Vec<_>, _>>()?;
    for (formula, likelihoods) in args.likelihood.iter().zip(&observations) {
        let bad = likelihoods.iter().position(|l| !(0.0..=1.0).contains(l));
        if let Some(at) = bad {
            let message = format!(
                "--likelihood: `{}` is {} at {name} = {}, and a probability is between 0 and 1",
                formula.trim(),
                number(likelihoods[at]),
                number(values[at])
            );
            return Err(Failure::new("bad_option", message));
        }
    }
    let updates = update_all(&prior, &observations)?;
    let mean = |belief: &[f64]| belief.iter().zip(&values).map(|(p, x)| p * x).sum::<f64>();
    let beliefs = || std::iter::once(&prior).chain(updates.iter().map(|u| &u.posterior));
    let means: Vec<f64> = beliefs().map(|belief| mean(belief)).collect();
    if args.format == Report::Json {
        let list = |values: &[f64]| values.iter().map(|&x| Real(x)).collect::<Vec<_>>();
        return Ok(Answer::json(&Believed {
            parameter: &name,
            values: list(&values),
            prior: list(&prior),
            posteriors: updates.iter().map(|u| list(&u.posterior)).collect(),
            evidence: evidence(&updates),
            means: list(&means),
        }));
    }
    let mut head = vec!["observation".to_owned(), "evidence".to_owned()];
    head.extend(values.iter().map(|&x| format!("{name}={}", number(x))));
    head.push(format!("mean of {name}"));
    let mut lines = vec![head];
    for (at, belief) in beliefs().enumerate() {
        let (label, evidence) = match at {
            0 => ("(prior)".to_owned(), String::new()),
            _ => (at.to_string(), short(updates[at - 1].evidence)),
        };
        let mut line = vec![label, evidence];
        line.extend(belief.iter().map(|&p| short(p)));
        line.push(number(
            format!("{:.5e}", means[at]).parse().unwrap_or(means[at]),
        ));
        lines.push(line);
    }
    Ok(Answer {
        out: matrix::table(&lines),
        ..Answer::default()
    })
}

/// A formula of one variable at these values.
fn at_values(text: &str, option: &str, name: &str, values: &[f64]) -> Result<Vec<f64>, Failure> {
    let mut arena = Arena::new();
    let reading = syntax::read(&mut arena, text, &[name])
        .map_err(|error| Failure::syntax(error, text, option))?;
    if reading.is_list {
        let message = format!("{option}: one formula is wanted here, not a list");
        return Err(Failure::new("bad_option", message));
    }
    let variable = arena.symbol_id(name);
    let schedule = Schedule::new(&arena, &reading.results, &[variable]).map_err(|error| {
        let failure = Failure::new("bad_option", format!("{option}: {error}"));
        failure.with_hint(format!("its only variable is `{name}`"))
    })?;
    if schedule.needs_complex() {
        let message = format!("{option}: `{}` is not real", text.trim());
        return Err(Failure::new("needs_complex", message));
    }
    Ok(values.iter().map(|&x| schedule.values(&[x])[0]).collect())
}
