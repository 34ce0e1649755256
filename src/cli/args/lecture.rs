//! The options of commands of the course: integrate, adjust, linear, backprop, lecture.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{PictureArgs, ReadingArgs, Report};

pub const INTEGRATE_EXAMPLES: &str = "\
Examples:
  gradus integrate \"exp(-x^2)\" --over x=-1:1
  gradus integrate \"exp(-x^2)\" --over x=-1:1 --samples 10000 --repeat 100 --seed 7 --format json
  gradus integrate \"x^2 + y^2 < 1\" --over x=-1:1,y=-1:1 --sobol       the area of a circle
  gradus integrate \"a*sin(x)\" --over x=0:pi --at a=2
  gradus integrate \"exp(-x^2)\" --over x=-1:1 --plot errors.svg          the error against the number of points
  gradus integrate \"-log(u)\" --over u=0:1 --means means.svg            the central limit theorem

The mean of the formula at --samples points of the box, times the volume of the box, estimates the integral; this is done
--repeat times. The answer is the mean of these estimates; their spread, divided by the root of their number, is its standard
error. The same seed gives the same answer on every machine with any number of threads. Of one variable the integral by
adaptive quadrature stands beside it.";

pub const ADJUST_EXAMPLES: &str = "\
Examples:
  gradus adjust counts.csv --treatment T --outcome R --confounder Z --count n
  gradus adjust people.csv --treatment drug --outcome result --success recovered --confounder sex,age

raw is the mean outcome of those who got a treatment. adjusted is what it would be if everybody got it: the mean outcome in
each stratum of the confounder, weighted by how many of all cases belong to the stratum. That is the effect of the treatment
if nothing but the confounder drives both treatment and outcome, which no table can tell.";

// `gradus integrate`
#[derive(Args, Debug)]
pub struct IntegrateArgs {
    /// The formula; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// From where to where each variable goes
    #[arg(long, value_name = "NAME=LOW:HIGH,...", required = true)]
    pub over: Vec<String>,
    /// The values of the other variables
    #[arg(long, value_name = "NAME=VALUE,...")]
    pub at: Vec<String>,
    /// Points of an estimate
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub samples: u64,
    /// How many estimates: their spread tells the error
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub repeat: u64,
    /// Which random numbers: the same seed gives the same ones
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Points that fill the box evenly (Sobol's) instead of random ones
    #[arg(long)]
    pub sobol: bool,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
    /// Draw how means of 1, 4, 16 and 64 values of the formula spread, to a file, .svg or .png, or `-` for characters
    #[arg(long, value_name = "FILE", help_heading = "Pictures")]
    pub means: Option<PathBuf>,
    /// The picture of the errors: estimates from 16 to --samples points, random and Sobol's
    #[command(flatten)]
    pub picture: PictureArgs,
}

// `gradus adjust`
#[derive(Args, Debug)]
pub struct AdjustArgs {
    /// The table: CSV with a line of names, JSON lines or Parquet; `-` is standard input
    #[arg(value_name = "FILE")]
    pub data: PathBuf,
    /// The column of the treatment
    #[arg(long, value_name = "COLUMN")]
    pub treatment: String,
    /// The column of the outcome: numbers, such as 1 for a success and 0 for a failure
    #[arg(long, value_name = "COLUMN")]
    pub outcome: String,
    /// The column of the confounder, or several: each combination of values is a stratum
    #[arg(long, value_name = "COLUMN,...", required = true)]
    pub confounder: Vec<String>,
    /// The column that says how many cases a row stands for [default: a row is a case]
    #[arg(long, value_name = "COLUMN")]
    pub count: Option<String>,
    /// The outcome is a word: this one counts 1, all others 0
    #[arg(long, value_name = "WORD")]
    pub success: Option<String>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
    /// How the table is read
    #[command(flatten)]
    pub reading: ReadingArgs,
}

pub const LINEAR_EXAMPLES: &str = "\
Examples:
  gradus linear hadamard \"[1,7,2]\" \"[5,2,1]\"
  gradus linear norm \"[3,-4]\" --norm 1                          or 2, max, any p from 1 on
  gradus linear angle \"[1,0]\" \"[1,1]\"
  gradus linear product \"[[1,-2],[7,5]]\" \"[[0,1],[1,-1]]\"
  gradus linear inverse \"[[1,-2,3],[7,5,0],[-2,-1,2]]\" --exact
  gradus linear solve \"[[1,1],[1,2],[1,3]]\" \"[1,2,2]\"         least squares where there is no solution
  gradus linear softmax \"[[1,2,0],[-1,0,1]]\"

Vectors are [1, 2, 3], matrices lists of their rows: [[1, 2], [3, 4]]. Entries may be formulas without variables, such as
sqrt(2)/2. Angles are in radians. Softmax and one-hot go row by row.";

// `gradus linear`
#[derive(Args, Debug)]
pub struct LinearArgs {
    /// What to compute: hadamard, inner, norm, distance, angle, projection, product, rows, inverse, pinv, solve, rank,
    /// softmax or one-hot
    #[arg(value_enum, value_name = "WHAT", hide_possible_values = true)]
    pub what: Linear,
    /// A vector or matrix
    #[arg(value_name = "A", allow_hyphen_values = true)]
    pub a: String,
    /// Another one, where two are needed
    #[arg(value_name = "B", allow_hyphen_values = true)]
    pub b: Option<String>,
    /// Which norm: 1, 2, max, or any p from 1 on [default: 2]
    #[arg(long, value_name = "P")]
    pub norm: Option<String>,
    /// In exact numbers (inverse)
    #[arg(long)]
    pub exact: bool,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
}

/// What `gradus linear` computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Linear {
    /// Products of components
    Hadamard,
    /// The inner product of two vectors
    Inner,
    /// The length of a vector
    Norm,
    /// The distance of two points
    Distance,
    /// The angle of two vectors
    Angle,
    /// The projection of A on B
    Projection,
    /// The matrix product A @ B
    Product,
    /// The inner products of the rows of A with those of B
    Rows,
    /// The inverse
    Inverse,
    /// The Moore-Penrose pseudo-inverse
    #[value(alias = "pseudo-inverse")]
    Pinv,
    /// The x of A x = B
    Solve,
    /// The rank
    Rank,
    /// Probabilities from scores, row by row
    Softmax,
    /// 1 for the largest entry of each row, 0 for the others
    OneHot,
}

pub const LECTURE_EXAMPLES: &str = "\
Examples:
  gradus lecture                                    the chapters
  gradus lecture 3                                  a chapter, with everything computed anew
  gradus lecture 3 --exercise 2                     a question
  gradus lecture 3 --exercise 2 --answer \"2*x\"     right or not, and why not; the exit code is 1 if not
  gradus lecture --tables .                         the tables of the chapters, to try their commands

An answer may be written in any form: x + x is as good as 2*x.";

// `gradus lecture`
#[derive(Args, Debug)]
pub struct LectureArgs {
    /// The chapter [default: a list of them]
    #[arg(value_name = "CHAPTER")]
    pub chapter: Option<u32>,
    /// An exercise of the chapter
    #[arg(long, value_name = "N", requires = "chapter")]
    pub exercise: Option<usize>,
    /// Your answer to it
    #[arg(
        long,
        value_name = "EXPR",
        requires = "exercise",
        allow_hyphen_values = true
    )]
    pub answer: Option<String>,
    /// Write the tables that the chapters use below this folder: their commands work from there
    #[arg(long, value_name = "FOLDER", conflicts_with = "chapter")]
    pub tables: Option<PathBuf>,
}

pub const BACKPROP_EXAMPLES: &str = "\
Examples:
  gradus backprop \"sin(x^2)*y\" --at x=1,y=2
  gradus backprop \"(y - sigmoid(w*x + b))^2\" --at w=1,x=2,b=0,y=1

Each line is a step of the computation. Its value is computed from those above it and kept; its adjoint is the derivative of
the result by this value, computed from those below it by the chain rule: what a step passes to each of its operands is its
own adjoint times the derivative of its formula by that operand, and what comes from several steps is added. The adjoints of
the variables are the gradient.";

// `gradus backprop`
#[derive(Args, Debug)]
pub struct BackpropArgs {
    /// The formula; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// The values of the variables
    #[arg(long, value_name = "NAME=VALUE,...")]
    pub at: Vec<String>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
}
