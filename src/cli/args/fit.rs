//! The options of `gradus fit`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{PictureArgs, ReadingArgs, Report};

// `gradus fit`
#[derive(Args, Debug)]
pub struct FitArgs {
    /// The model: `y = b1*(1 - exp(-b2*x))`, or its right side with --target; `-` reads it from standard input
    #[arg(value_name = "MODEL", allow_hyphen_values = true)]
    pub model: OsString,
    /// The table: CSV with a line of names, JSON lines or Parquet; `-` is standard input
    #[arg(value_name = "DATA", required_unless_present = "named")]
    data: Option<PathBuf>,
    /// The table, as the other commands have it
    #[arg(
        id = "named",
        long = "data",
        value_name = "FILE",
        hide = true,
        conflicts_with = "data"
    )]
    named: Option<PathBuf>,
    /// Where the search starts [default: guessed]
    #[arg(long, visible_alias = "from", value_name = "NAME=VALUE,...")]
    pub start: Vec<String>,
    /// The column that the model is to give, if it is written without a left side
    #[arg(long, value_name = "COLUMN")]
    pub target: Option<String>,
    /// Parameters that are not fitted
    #[arg(long, value_name = "NAME=VALUE,...")]
    pub fix: Vec<String>,
    /// Least and largest values: b1=0:, b2=:1, b3=0:10
    #[arg(long, value_name = "NAME=LOW:HIGH,...")]
    pub bounds: Vec<String>,
    /// A column of weights, one for each row: its squared residual counts so much
    #[arg(long, value_name = "COLUMN", conflicts_with = "sigma")]
    pub weights: Option<String>,
    /// A column of standard deviations: the weights are one by their squares
    #[arg(long, value_name = "COLUMN")]
    pub sigma: Option<String>,
    /// The standard deviations of --sigma are known, not only how they compare: standard errors come from them alone
    #[arg(long, requires = "sigma")]
    pub absolute_sigma: bool,
    /// Also make the sum of squares of the parameters small, with this weight
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub ridge: f64,
    /// How much residuals count: squares, huber, soft-l1 or cauchy, for data with outliers; standard errors are then those
    /// of an M-estimator
    #[arg(long, value_enum, value_name = "NAME", default_value_t = LossName::Squares, hide_possible_values = true)]
    pub loss: LossName,
    /// From which residual on it counts less
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1.0,
        requires = "loss",
        allow_negative_numbers = true
    )]
    pub loss_scale: f64,
    /// The probability that an interval holds the true value
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0.95,
        allow_negative_numbers = true
    )]
    pub confidence: f64,
    /// Intervals from the sum of squares itself, which need not be symmetric: each parameter is held and the others fitted
    /// again
    #[arg(long)]
    pub profile: bool,
    /// Also say what the fitted model gives at this point of its columns, with the intervals of the curve and of a new
    /// observation; once for each point: x=5
    #[arg(long, value_name = "NAME=VALUE,...")]
    pub predict: Vec<String>,
    /// Converged when the next step would change the predictions by less than this part of the residuals, or each
    /// parameter by less than this part of itself
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1e-10,
        allow_negative_numbers = true
    )]
    pub tolerance: f64,
    /// Give up after so many steps
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub max_iterations: u64,
    /// Write every step to this file: CSV, or JSON lines if it ends in .jsonl
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Write the columns of the model with fitted values and residuals to this file: CSV, JSON lines or Parquet by its ending
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
    /// The picture
    #[command(flatten)]
    pub picture: PictureArgs,
    /// How the table is read
    #[command(flatten)]
    pub reading: ReadingArgs,
}

impl FitArgs {
    /// The table, wherever it was named.
    pub fn data(&self) -> &Path {
        let data = self.data.as_ref().or(self.named.as_ref());
        data.expect("clap asks for one of them")
    }
}

/// How much residuals count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LossName {
    /// Their squares
    Squares,
    /// Squares up to the scale, then the size
    Huber,
    /// The same without a corner
    SoftL1,
    /// A logarithm: outliers hardly count
    Cauchy,
}
