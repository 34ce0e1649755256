//! The options of `gradus likelihood`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::{ReadingArgs, Report};

pub const EXAMPLES: &str = "\
Examples:
  gradus likelihood \"a*exp(-a*x)\" --data waits.csv
  gradus likelihood \"normpdf(height, m, s)\" --data people.csv --start m=170,s=10
  gradus likelihood \"p^heads*(1 - p)^(1 - heads)\" --data coins.csv --bounds p=0:1
  gradus likelihood \"log(a) - a*x\" --log --data waits.csv
Linear and logistic regression:
  gradus likelihood \"normpdf(y, a*x + b, s)\" --data line.csv --given x
  gradus likelihood \"sigmoid(a*h + b)^passed*sigmoid(-a*h - b)^(1 - passed)\" --data exam.csv
In closed form:
  gradus likelihood --normal height --data people.csv

The formula is the density, or the probability, of a row: names that are columns are data, the
others are parameters, and those values are found under which the whole table is most probable. The
logarithm is taken factor by factor, differentiated and maximised with exact second derivatives;
these, turned round and summed over the rows (the observed Fisher information), tell the standard
errors. The formula must be a density for every value of the parameters: with the factor that makes
its integral 1.

A parameter that the data do not determine has no standard error (NaN), and a note says so; the exit
code is 1.";

// `gradus likelihood`
#[derive(Args, Debug)]
pub struct LikelihoodArgs {
    /// The density of a row, or with --log its logarithm; `-` reads it from standard input
    #[arg(
        value_name = "DENSITY",
        allow_hyphen_values = true,
        required_unless_present = "named"
    )]
    pub density: Option<OsString>,
    /// The table: CSV, JSON lines or Parquet; `-` is standard input
    #[arg(long, value_name = "FILE", required = true)]
    pub data: Option<PathBuf>,
    /// The formula is the logarithm of a density already
    #[arg(long, conflicts_with = "named")]
    pub log: bool,
    /// Where the search starts [default: chosen so that every row has a density]
    #[arg(
        long,
        visible_alias = "from",
        value_name = "NAME=VALUE,...",
        conflicts_with = "named"
    )]
    pub start: Vec<String>,
    /// Least and largest values: s=0.01:, p=0:1
    #[arg(long, value_name = "NAME=LOW:HIGH,...", conflicts_with = "named")]
    pub bounds: Vec<String>,
    /// Columns that are not random but given, as the x of a regression: matters for the expected information only
    #[arg(long, value_name = "COLUMN,...", conflicts_with = "named")]
    pub given: Vec<String>,
    /// A normal distribution of this column: mean and deviation, in closed form
    #[arg(
        long,
        value_name = "COLUMN",
        group = "named",
        conflicts_with = "density"
    )]
    pub normal: Option<String>,
    /// The probability of 1 in a column of 0 and 1
    #[arg(
        long,
        value_name = "COLUMN",
        group = "named",
        conflicts_with = "density"
    )]
    pub bernoulli: Option<String>,
    /// The probability of each word, or number, of a column
    #[arg(
        long,
        value_name = "COLUMN",
        group = "named",
        conflicts_with = "density"
    )]
    pub categorical: Option<String>,
    /// The rate of a column of counts
    #[arg(
        long,
        value_name = "COLUMN",
        group = "named",
        conflicts_with = "density"
    )]
    pub poisson: Option<String>,
    /// The rate of a column of waiting times
    #[arg(
        long,
        value_name = "COLUMN",
        group = "named",
        conflicts_with = "density"
    )]
    pub exponential: Option<String>,
    /// The probability that an interval holds the true value
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0.95,
        allow_negative_numbers = true
    )]
    pub confidence: f64,
    /// Converged when the scaled gradient is below this [default: what suits the method]
    #[arg(
        long,
        value_name = "NUMBER",
        conflicts_with = "named",
        allow_negative_numbers = true
    )]
    pub tolerance: Option<f64>,
    /// Give up after so many steps [default: 1000]
    #[arg(long, value_name = "N", conflicts_with = "named")]
    pub max_iterations: Option<u64>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
    /// How the table is read
    #[command(flatten)]
    pub reading: ReadingArgs,
}
