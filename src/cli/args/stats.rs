//! The options of `gradus stats`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{PictureArgs, ReadingArgs, Report};

pub const EXAMPLES: &str = "\
Examples:
  gradus stats people.csv
  gradus stats people.csv --columns height,weight
  gradus stats people.csv --columns height --quantiles 0.05,0.5,0.95
  gradus stats people.csv --columns height --histogram --plot heights.svg
  gradus stats people.csv --columns height --density 160,170,180
  gradus stats people.csv --columns height --bootstrap median --seed 7
  gradus stats tests.csv --confusion predicted,actual --positive ill
  gradus stats dice.csv --distribution face,probability                      exact, from a table
  gradus stats --values \"[1, 2, 6]\" --probabilities \"[1/2, 1/3, 1/6]\"      exact

Of each column of numbers: how many, the mean, the standard deviation of the population it is a sample of (n - 1), the
standard error of the mean, the skewness, the smallest and the largest; then the correlations of the columns. The table may
be larger than the memory.

--quantiles, --histogram, --density and --bootstrap keep the columns in memory. The density is a mean of normal
distributions around the numbers, whose deviation is --bandwidth, by Silverman's rule 0.9*min(std, IQR/1.34)*n^(-1/5). The
bootstrap draws samples from the sample, with replacement: their statistics give the standard error and the percentile
interval. The same seed gives the same samples.";

// `gradus stats`
#[derive(Args, Debug)]
pub struct StatsArgs {
    /// The table: CSV with a line of names, JSON lines or Parquet; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "values")]
    pub data: Option<PathBuf>,
    /// These columns only [default: all]
    #[arg(long, value_name = "NAME,...")]
    pub columns: Vec<String>,
    /// Quantiles of the empirical distribution: the numbers below which these parts of a column lie
    #[arg(long, value_name = "P,...", allow_hyphen_values = true)]
    pub quantiles: Vec<String>,
    /// Count each column in so many intervals [default: a width of 2*IQR/n^(1/3)]
    #[arg(long, value_name = "BINS", num_args = 0..=1)]
    pub histogram: Option<Option<usize>>,
    /// The density by kernels at these places
    #[arg(long, value_name = "X,...", allow_hyphen_values = true)]
    pub density: Vec<String>,
    /// The bandwidth of the kernels [default: Silverman's rule]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub bandwidth: Option<f64>,
    /// Standard error and interval of a statistic, by drawing samples: mean, median, std, variance or skewness; of two
    /// columns correlation
    #[arg(
        long,
        value_enum,
        value_name = "STATISTIC",
        hide_possible_values = true
    )]
    pub bootstrap: Option<Statistic>,
    /// So many samples are drawn
    #[arg(long, value_name = "N", default_value_t = 2000, requires = "bootstrap")]
    pub resamples: u64,
    /// Which random numbers: the same seed gives the same ones
    #[arg(long, value_name = "N", default_value_t = 0, requires = "bootstrap")]
    pub seed: u64,
    /// The probability that the interval holds the true value
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0.95,
        requires = "bootstrap",
        allow_negative_numbers = true
    )]
    pub confidence: f64,
    /// Compare predictions with what is true: a column of each
    #[arg(
        long,
        value_name = "PREDICTED,ACTUAL",
        conflicts_with_all = ["columns", "quantiles", "histogram", "density", "bootstrap", "plot"]
    )]
    pub confusion: Option<String>,
    /// The word, or number, that means yes [default: 1]
    #[arg(long, value_name = "WORD", requires = "confusion")]
    pub positive: Option<String>,
    /// Columns of values and of their probabilities: expectation and variance in exact numbers
    #[arg(
        long,
        value_name = "VALUE,PROBABILITY",
        conflicts_with_all = ["columns", "quantiles", "histogram", "density", "bootstrap", "plot", "confusion"]
    )]
    pub distribution: Option<String>,
    /// The same of values that are written here
    #[arg(
        long,
        value_name = "[X,...]",
        allow_hyphen_values = true,
        conflicts_with_all = ["data", "columns", "quantiles", "histogram", "density", "bootstrap", "plot", "confusion", "distribution"]
    )]
    pub values: Option<String>,
    /// The probability of each of --values [default: all the same]
    #[arg(
        long,
        value_name = "[P,...]",
        allow_hyphen_values = true,
        requires = "values",
        conflicts_with = "data"
    )]
    pub probabilities: Option<String>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
    /// The picture: histogram and density of each column
    #[command(flatten)]
    pub picture: PictureArgs,
    /// How the table is read
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// What is bootstrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Statistic {
    /// The mean
    Mean,
    /// The quantile of 1/2
    Median,
    /// The standard deviation, with n - 1
    Std,
    /// Its square
    Variance,
    /// The skewness
    Skewness,
    /// Pearson's correlation of two columns
    Correlation,
}
