//! The options of `gradus descend`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::{MethodArgs, PictureArgs, ReadingArgs, Report};
use crate::fit::data::DEFAULT_MEMORY;

/// What stands below the options.
pub const EXAMPLES: &str = "\
Examples:
  gradus descend \"x^2 + 2x + 3\" --from x=10
  gradus descend \"(x - 1)^2 + 10*(y - x^2)^2\" --from x=0,y=0 --rate 0.01 --tolerance 1e-8
  gradus descend \"x^2 + y^2\" --from x=3,y=4 --trace path.csv
  gradus descend \"(1-x)^2 + 100*(y-x^2)^2\" --from x=-1.2,y=1 --rate 1e-3 --plot valley.png
  gradus descend \"mean((y - (a*x + b))^2)\" --data line.csv --from a=0,b=0
  gradus descend \"100*(y - x^2)^2 + (1 - x)^2\" --from x=-1.2,y=1 --method auto
  gradus descend \"x^4 - 3x^2 + x\" --from x=1 --method lbfgs --bounds x=0:2
  gradus descend \"x^2 + 50*y^2\" --from x=9,y=1 --method adam --rate 0.1 --decay cosine:2000
  gradus descend \"x^2 + y^2\" --from x=3,y=4 --tolerance 1e-12 --checkpoint state.json
  gradus descend \"x^2 + y^2\" --resume state.json

By default every step goes against the gradient: x - rate*f'(x). It has converged when no coordinate changes by the
tolerance or more in a step; if it does not converge, the exit code is 1. Mini-batches may end with their
epochs instead: that is what was asked for, and the exit code is 0.

Methods to which a rate is given: gradient-descent, momentum, nesterov, adagrad, rmsprop, adam, adamw; with --decay,
--bounds and --batch as you like; sgd is gradient-descent by random rows. Methods that find their steps by themselves:
steepest-descent, conjugate-gradient, bfgs, lbfgs (with a --line-search), projected-lbfgs (with --bounds), newton,
newton-cg, levenberg-marquardt (for sums of squares). These stop when max |g_i|*max(|x_i|, 1)/max(|f|, 1) is not above the
tolerance. auto chooses among them by what the formula offers.

Ctrl-C ends a descent with the best point so far, and with the file of --checkpoint, from which --resume continues as if
nothing had been.

--data: names that are columns of the table are data, all others are parameters, which --from gives a start. mean(u),
sum(u), min(u), max(u), var(u) (divided by the number of rows) and std(u) go over all rows, and may contain each other:
sqrt(mean((y - a*x)^2)) + 0.1*a^2. The table may be CSV, JSON lines (.jsonl) or Parquet (.parquet, if built with it), and
larger than the memory.";

// `gradus descend`
#[derive(Args, Clone, Debug)]
pub struct DescendArgs {
    /// The formula; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// Where to start
    #[arg(
        long,
        visible_alias = "start",
        value_name = "NAME=VALUE,...",
        required_unless_present_any = ["data", "resume"]
    )]
    pub from: Vec<String>,
    /// Write every point on the way to this file: CSV, or JSON lines if it ends in .jsonl
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
    /// The picture
    #[command(flatten)]
    pub picture: PictureArgs,
    /// How to step and stop
    #[command(flatten)]
    pub step: MethodArgs,
    /// Long runs
    #[command(flatten)]
    pub long: LongRunArgs,
    /// The options of tables
    #[command(flatten)]
    pub table: DescendTableArgs,
}

// `gradus descend --data`
#[derive(Args, Clone, Debug)]
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

// Files from which a descent can be continued.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Long runs")]
pub struct LongRunArgs {
    /// Keep the state of the descent in this file, whole at any time
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// How often: after so many steps (1000), so much time (30s), or both (1000,30s) [default: 10s]
    #[arg(
        long,
        value_name = "WHEN",
        requires = "checkpoint",
        allow_hyphen_values = true
    )]
    pub checkpoint_every: Option<String>,
    /// Continue from the file of an earlier --checkpoint, by the same method; for the same formula
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "method", "rate", "decay", "momentum", "beta1",
        "beta2", "weight_decay", "line_search", "bounds", "batch", "seed"])]
    pub resume: Option<PathBuf>,
}
