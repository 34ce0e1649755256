//! The options of `gradus descend`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ReadingArgs, Report};
use crate::fit::data::DEFAULT_MEMORY;

/// What stands below the options.
pub const EXAMPLES: &str = "\
Examples:
  gradus descend \"x^2 + 2x + 3\" --from x=10
  gradus descend \"(x - 1)^2 + 10*(y - x^2)^2\" --from x=0,y=0 --rate 0.01 --tolerance 1e-8
  gradus descend \"x^2 + y^2\" --from x=3,y=4 --trace path.csv
  gradus descend \"mean((y - (a*x + b))^2)\" --data line.csv --from a=0,b=0

Every step goes against the gradient: x - rate*f'(x). It has converged when no coordinate changes by the tolerance or
more in a step; if it does not, the exit code is 1.

--data: names that are columns of the table are data, all others are parameters, which --from gives a start. mean(u),
sum(u), min(u), max(u), var(u) (divided by the number of rows) and std(u) go over all rows, and may contain each other:
sqrt(mean((y - a*x)^2)) + 0.1*a^2. The table may be CSV, JSON lines (.jsonl) or Parquet (.parquet, if built with it), and
larger than the memory.";

/// `gradus descend`
#[derive(Args, Debug)]
pub struct DescendArgs {
    /// The formula; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// Where to start
    #[arg(long, value_name = "NAME=VALUE,...", required_unless_present = "data")]
    pub from: Vec<String>,
    /// How to step: gradient-descent, against the gradient at a fixed rate
    #[arg(
        long,
        value_enum,
        value_name = "NAME",
        default_value_t = Method::GradientDescent,
        hide_possible_values = true
    )]
    pub method: Method,
    /// The factor of the gradient in a step
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0.01,
        allow_negative_numbers = true
    )]
    pub rate: f64,
    /// Stop when no coordinate changes by this or more in a step
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1e-5,
        allow_negative_numbers = true
    )]
    pub tolerance: f64,
    /// Give up after so many steps
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub max_iterations: u64,
    /// Write every point on the way to this file: CSV, or JSON lines if it ends in .jsonl
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
    /// The options of tables
    #[command(flatten)]
    pub table: DescendTableArgs,
}

/// `gradus descend --data`
#[derive(Args, Debug)]
#[command(next_help_heading = "Tables")]
pub struct DescendTableArgs {
    /// Take the columns of this table as data: CSV, JSON lines or Parquet; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Keep so much of the table in memory; what is larger is read from a temporary file in every step
    #[arg(long, value_name = "MIB", default_value_t = DEFAULT_MEMORY as u64 >> 20, requires = "data")]
    pub memory: u64,
    /// How the table is read
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// How a descent steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Against the gradient, at a fixed rate
    GradientDescent,
}
