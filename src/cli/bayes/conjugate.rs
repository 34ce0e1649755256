//! Beliefs about a probability (a beta distribution) and about a mean (a normal one): they stay of their kind.

use serde::Serialize;

use super::results;
use crate::cli::answer::Answer;
use crate::cli::args::{BayesArgs, Report};
use crate::cli::failure::Failure;
use crate::cli::lists;
use crate::cli::matrix;
use crate::cli::value::{Real, Value, number};
use crate::lecture::bayes::{Beta, NormalMean};
use crate::syntax::split_at_commas;

/// A belief after an observation, about a probability.
#[derive(Serialize)]
struct AboutProbability {
    alpha: Real,
    beta: Real,
    mean: Real,
    std: Real,
    mode: Option<Real>,
}

/// A belief after an observation, about a mean.
#[derive(Serialize)]
struct AboutMean {
    mean: Real,
    std: Real,
}

/// The JSON object: the prior, then the belief after each observation.
#[derive(Serialize)]
struct Beliefs<T> {
    beliefs: Vec<T>,
}

/// `--beta 1,1 --results ++-+`, or `--successes 7 --failures 3` in one step.
pub fn probability(args: &BayesArgs, text: &str) -> Result<Answer, Failure> {
    let [alpha, beta] = pair(text, "--beta", "alpha and beta, both above 0: --beta 1,1")?;
    let prior = Beta::new(alpha, beta)?;
    let mut steps = vec![("(prior)".to_owned(), prior)];
    let mut belief = prior;
    if args.successes.is_some() || args.failures.is_some() {
        let (yes, no) = (args.successes.unwrap_or(0), args.failures.unwrap_or(0));
        belief = belief.after(yes, no);
        steps.push((format!("{yes} successes, {no} failures"), belief));
    }
    let series = args.results.as_deref().map(results).transpose()?;
    for success in series.unwrap_or_default() {
        belief = belief.after(u64::from(success), u64::from(!success));
        let label = if success { "success" } else { "failure" };
        steps.push((label.to_owned(), belief));
    }
    if args.format == Report::Json {
        let told = |belief: &Beta| AboutProbability {
            alpha: Real(belief.alpha),
            beta: Real(belief.beta),
            mean: Real(belief.mean()),
            std: Real(belief.variance().sqrt()),
            mode: belief.mode().map(Real),
        };
        let beliefs = steps.iter().map(|(_, belief)| told(belief)).collect();
        return Ok(Answer::json(&Beliefs { beliefs }));
    }
    let head = ["observed", "alpha", "beta", "mean", "std", "mode"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for (label, belief) in steps {
        let mode = belief.mode().map_or("-".to_owned(), short);
        let numbers = [belief.alpha, belief.beta].map(number);
        let moments = [belief.mean(), belief.variance().sqrt()].map(short);
        lines.push([vec![label], numbers.to_vec(), moments.to_vec(), vec![mode]].concat());
    }
    Ok(Answer {
        out: matrix::table(&lines),
        ..Answer::default()
    })
}

/// `--normal 0,1 --observations 3,2.5 --deviation 1`
pub fn mean(args: &BayesArgs, text: &str) -> Result<Answer, Failure> {
    let [mean, deviation] = pair(
        text,
        "--normal",
        "mean and standard deviation: --normal 0,1",
    )?;
    let prior = NormalMean::new(mean, deviation)?;
    let each = match &args.deviation {
        Some(text) => Value::read(text, "--deviation")?.real("deviation", "--deviation")?,
        None => {
            let message = "--normal: how exact is an observation?";
            let hint = "give its standard deviation: --deviation 1";
            return Err(Failure::new("bad_option", message).with_hint(hint));
        }
    };
    let observations = (args.observations.iter())
        .flat_map(|text| split_at_commas(text))
        .map(|text| lists::real(text, "--observations"))
        .collect::<Result<Vec<f64>, Failure>>()?;
    let mut belief = prior;
    let mut steps = vec![("(prior)".to_owned(), prior)];
    for &x in &observations {
        belief = belief.after(&[x], each)?;
        steps.push((number(x), belief));
    }
    if args.format == Report::Json {
        let told = |belief: &NormalMean| AboutMean {
            mean: Real(belief.mean),
            std: Real(belief.deviation),
        };
        let beliefs = steps.iter().map(|(_, belief)| told(belief)).collect();
        return Ok(Answer::json(&Beliefs { beliefs }));
    }
    let mut lines = vec![["observed", "mean", "std"].map(str::to_owned).to_vec()];
    for (label, belief) in steps {
        lines.push(vec![label, short(belief.mean), short(belief.deviation)]);
    }
    Ok(Answer {
        out: matrix::table(&lines),
        ..Answer::default()
    })
}

/// Two numbers.
fn pair(text: &str, option: &str, hint: &str) -> Result<[f64; 2], Failure> {
    let parts = split_at_commas(text);
    let [a, b] = parts[..] else {
        let message = format!("{option}: `{}` are not two numbers", text.trim());
        return Err(Failure::new("bad_option", message).with_hint(hint));
    };
    Ok([lists::real(a, option)?, lists::real(b, option)?])
}

/// Six digits: more are in the JSON.
fn short(x: f64) -> String {
    number(format!("{x:.5e}").parse().unwrap_or(x))
}
