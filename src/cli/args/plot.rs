//! The options of pictures: those of `gradus plot`, and those that other commands have for theirs.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::{MAX_ORDER, Report};

/// What stands below the options.
pub const EXAMPLES: &str = "\
Examples:
  gradus plot \"sin(x)/x\" --over x=-20:20                     in the terminal
  gradus plot \"x^3 - 2x\" --over x=-2:2 --derivatives 2 --out cubic.svg
  gradus plot \"[sin(t), cos(t)]\" --over t=-pi:pi --out waves.png
  gradus plot \"a*exp(-b*t)\" --over t=0:5 --at a=2,b=0.7 --out decay.png
  gradus plot \"1/(1 + x^2)\" --over x=1e-3:1e3 --logx --logy --out filter.svg
  gradus plot \"(1-x)^2 + 100*(y-x^2)^2\" --over x=-2:2,y=-1:3 --out valley.png
  gradus plot \"x^2 - y^2\" --over x=-2:2,y=-2:2 --gradient --out saddle.png

The ending of the file decides: .svg or .png. Over two variables the picture is a map with lines of equal height. Where a
function has no value, jumps or has a pole there is a gap; what is narrower than a 2000th of the interval may be missed.
The exit code is 1 where there is nothing to draw.";

// `gradus plot`
#[derive(Args, Clone, Debug)]
pub struct PlotArgs {
    /// The formula, or a list [f, g]; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// The interval of one variable, or the intervals of two: the ends may be formulas
    #[arg(long, value_name = "NAME=LOW:HIGH,...", required = true)]
    pub over: Vec<String>,
    /// Write the picture to this file, .svg or .png [default: characters on standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The values of the other variables
    #[arg(long, value_name = "NAME=VALUE,...")]
    pub at: Vec<String>,
    /// Also the first N derivatives
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_DERIVATIVES)))]
    pub derivatives: Option<u32>,
    /// Only the derivative of this order
    #[arg(long, value_name = "N", conflicts_with = "derivatives", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_ORDER)))]
    pub derivative: Option<u32>,
    /// Over two variables: also the gradient, as arrows
    #[arg(long, conflicts_with_all = ["derivatives", "derivative"])]
    pub gradient: bool,
    /// A logarithmic horizontal axis
    #[arg(long)]
    pub logx: bool,
    /// A logarithmic vertical axis
    #[arg(long)]
    pub logy: bool,
    /// The values to show [default: found from the function]
    #[arg(long, value_name = "LOW:HIGH", allow_hyphen_values = true)]
    pub yrange: Option<String>,
    /// Pixels of the picture [default: 800x600]
    #[arg(long, value_name = "WIDTHxHEIGHT", allow_hyphen_values = true)]
    pub size: Option<String>,
    /// How to tell what was drawn: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
}

/// More curves than this would not be told apart.
pub const MAX_DERIVATIVES: u32 = 6;

// The picture of another command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Pictures")]
pub struct PictureArgs {
    /// Draw it: to a file, .svg or .png, or `-` for characters on standard output
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Pixels of the picture [default: 800x600]
    #[arg(
        long,
        value_name = "WIDTHxHEIGHT",
        requires = "plot",
        allow_hyphen_values = true
    )]
    pub size: Option<String>,
}
