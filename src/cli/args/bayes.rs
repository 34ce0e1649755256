//! The options of `gradus bayes`.

use clap::Args;

use super::Report;

pub const EXAMPLES: &str = "\
Examples:
  gradus bayes --prior 0.1 --sensitivity 0.99 --false-alarm 0.01
  gradus bayes --prior 0.1 --sensitivity 0.99 --false-alarm 0.1 --positives 3
  gradus bayes --prior 0.1 --sensitivity 0.99 --false-alarm 0.1 --results +-+
  gradus bayes --prior a=1/2,b=1/2 --likelihood a=1/6,b=1/2 --likelihood a=1/6,b=1/2      hypotheses by name
  gradus bayes --values \"p=[0.3, 0.5, 0.7]\" --likelihood p --likelihood 1-p               values of a variable
  gradus bayes --beta 1,1 --results ++-+                                                   a probability
  gradus bayes --normal 0,1 --observations 3,2.5 --deviation 1                             a mean
  gradus bayes --confusion tp=90,fp=30,fn=10,tn=870                                        what a test is worth

posterior = prior * likelihood / evidence, where the evidence is the probability that the observation had before it was made:
the sum of prior * likelihood over all hypotheses. Each posterior is the prior of the next observation.

A belief about a probability is a beta distribution: alpha counts successes and beta failures, the prior's included. A belief
about the mean of normal observations is normal. A confusion matrix of a table: gradus stats FILE --confusion PREDICTED,ACTUAL.";

// `gradus bayes`
#[derive(Args, Debug)]
pub struct BayesArgs {
    /// The probability before the test, or of each hypothesis: 0.1, or a=1/2,b=1/3,c=1/6; with --values a list, or a formula
    /// of weights [default there: all the same]
    #[arg(
        long,
        value_name = "P",
        required_unless_present_any = ["values", "beta", "normal", "confusion"],
        allow_hyphen_values = true
    )]
    pub prior: Vec<String>,
    /// The probability of a positive test where yes is true
    #[arg(
        long,
        value_name = "P",
        required_unless_present_any = ["likelihood", "values", "beta", "normal", "confusion"],
        requires = "false_alarm",
        allow_hyphen_values = true
    )]
    pub sensitivity: Option<String>,
    /// The probability of a positive test where no is true
    #[arg(
        long,
        value_name = "P",
        requires = "sensitivity",
        allow_hyphen_values = true
    )]
    pub false_alarm: Option<String>,
    /// So many positive tests, one after the other [default: 1]
    #[arg(
        long,
        value_name = "N",
        requires = "sensitivity",
        conflicts_with = "results"
    )]
    pub positives: Option<usize>,
    /// The results of tests, or successes and failures, in their order: ++-+
    #[arg(long, value_name = "+-...", allow_hyphen_values = true)]
    pub results: Option<String>,
    /// The probability of what was observed under each hypothesis, once for each observation: a=0.9,b=0.2,c=0.5; with
    /// --values a formula
    #[arg(
        long,
        value_name = "NAME=P,...",
        allow_hyphen_values = true,
        conflicts_with_all = ["sensitivity", "false_alarm", "positives", "results"]
    )]
    pub likelihood: Vec<String>,
    /// The hypotheses are values of a variable, in quotes: p=[0.3, 0.5, 0.7]
    #[arg(
        long,
        value_name = "NAME=[...]",
        group = "kind",
        conflicts_with_all = ["sensitivity", "results"]
    )]
    pub values: Option<String>,
    /// A belief about a probability, before: a beta distribution; 1,1 is every probability alike
    #[arg(
        long,
        value_name = "ALPHA,BETA",
        group = "kind",
        allow_hyphen_values = true,
        conflicts_with_all = ["prior", "sensitivity", "likelihood"]
    )]
    pub beta: Option<String>,
    /// So many successes at once
    #[arg(
        long,
        value_name = "N",
        requires = "beta",
        allow_negative_numbers = true
    )]
    pub successes: Option<u64>,
    /// So many failures at once
    #[arg(
        long,
        value_name = "N",
        requires = "beta",
        allow_negative_numbers = true
    )]
    pub failures: Option<u64>,
    /// A belief about a mean, before: a normal distribution
    #[arg(
        long,
        value_name = "MEAN,STD",
        group = "kind",
        allow_hyphen_values = true,
        conflicts_with_all = ["prior", "sensitivity", "likelihood", "results"]
    )]
    pub normal: Option<String>,
    /// Observations, one after the other
    #[arg(
        long,
        value_name = "X,...",
        requires = "normal",
        allow_hyphen_values = true
    )]
    pub observations: Vec<String>,
    /// The standard deviation of an observation, which is known
    #[arg(
        long,
        value_name = "STD",
        requires = "normal",
        allow_hyphen_values = true
    )]
    pub deviation: Option<String>,
    /// How often a test said what: true and false positives, false and true negatives
    #[arg(
        long,
        value_name = "tp=N,fp=N,fn=N,tn=N",
        group = "kind",
        conflicts_with_all = ["prior", "sensitivity", "likelihood", "results"]
    )]
    pub confusion: Option<String>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
}
