//! THE TABLE of commands and options: the parser, `--help` and the shell completions all come from here.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

mod bayes;
mod codegen;
mod descend;
mod fit;
mod lecture;
mod likelihood;
mod method;
mod plot;
mod stats;
mod table;

pub use bayes::BayesArgs;
pub use codegen::{CodegenArgs, Lang};
pub use descend::DescendArgs;
pub use fit::{FitArgs, LossName};
pub use lecture::{AdjustArgs, BackpropArgs, IntegrateArgs, LectureArgs, Linear, LinearArgs};
pub use likelihood::LikelihoodArgs;
pub use method::{LineSearchName, Method, MethodArgs};
pub use plot::{PictureArgs, PlotArgs};
pub use stats::{Statistic, StatsArgs};
pub use table::{MissingValues, ReadingArgs};

const EXAMPLES: &str = "\
Examples:
  gradus diff \"x^2 + 2*x*y + cos(x)\" --wrt x     the derivative by x
  gradus diff \"x^2*y\"                             the derivative by each variable
  gradus eval \"sqrt(x^2 + y^2)\" --at x=3,y=4      a value
  gradus descend \"x^2 + 2x + 3\" --from x=10       down to a minimum
  gradus plot \"x^3 - 2x\" --over x=-2:2           a picture
  gradus fit \"y = a*exp(-k*x)\" points.csv        the parameters of a model

Formulas: + - * / ^, 2x for 2*x, sin cos exp log sqrt abs ..., pi e i, if(x > 0, a, b), [f, g].
Put them in quotes, so that the shell leaves * and ( alone.
`gradus COMMAND --help` says more about each command.";

const DIFF_EXAMPLES: &str = "\
Examples:
  gradus diff \"x^2 + 2*x*y + cos(x)\" --wrt x
  gradus diff \"x^2*y + y^3\"                       by each variable
  gradus diff \"sin(x)\" --order 3
  gradus diff \"x^2*y^3\" --wrt x,x,y --mixed       first by x, again by x, then by y
  gradus diff \"x^2*y\" --hessian --at x=1,y=2      formulas and their values
  gradus diff \"[r*cos(t), r*sin(t)]\" --wrt r,t    the Jacobian
  gradus diff \"x*y + z^2\" --hessian --sparse     only what is not 0
  gradus diff \"exp(x)\" --taylor 4 --around x=0
  gradus diff \"x*y\" --direction x=1,y=2
  echo '{\"expr\": \"x^2\", \"at\": [{\"x\": 3}]}' | gradus diff --jsonl

A formula that begins with a minus sign needs no care: gradus diff \"-x^2\".

--jsonl: each line is an object with \"expr\" and, if wanted, \"wrt\": [names], \"order\": 1, \"mixed\": false and
\"at\": [{name: number}, ...]; other fields are ignored, so that a request may carry a number of its own. The answer is
{\"derivatives\": [text], \"values\": [[number]], \"function_values\": [number]}, with \"notes\": [text] if there is
something to remark, such as why the first point without a finite value has none, or {\"error\": {\"kind\", \"message\",
\"hint\", \"start\", \"end\"}}: one line for each request, in order. Blank lines are passed over.";

const EVAL_EXAMPLES: &str = "\
Examples:
  gradus eval \"sqrt(x^2 + y^2)\" --at x=3,y=4
  gradus eval \"sin(t)\" --at t=pi/6                values may be formulas without variables
  gradus eval \"sqrt(x)\" --at x=-4 --complex
  gradus eval \"exp(i*pi)\"                         complex by itself where i occurs
  gradus eval \"[x, x^2, x^3]\" --at x=2
  gradus eval \"a*x^2 + y\" --at a=2 --data points.csv --out values.csv --gradient
  gradus eval \"mean(x*y) - mean(x)*mean(y)\" --data line.csv
  gradus eval \"h/100\" --data people.csv --rename \"height (cm)=h\" --keep

--data: a row of the table is a point, its columns are variables by name; the others are given by --at. The columns that
come out are called value (value_1, value_2, ... of a list), and d_dx, ... with --gradient (d1_dx, ... of a list). With
--format json it is {\"columns\": [names], \"rows\": [[numbers]]}. Empty fields, NA and null are missing values; NaN, inf
and -inf are numbers, and NaN in a row changes no other row. mean, sum, min, max, var and std of one argument go over all
rows: then one value comes out. Tables may be larger than the memory. --out is written whole
or not at all; to standard output, rows come as they are read, also those before an error. A column called e, i or pi
needs --rename: in formulas these are numbers.";

const SIMPLIFY_EXAMPLES: &str = "\
Examples:
  gradus simplify \"(x + 1)*(x - 1) + 1\"
  gradus simplify \"sqrt(x^2)\" --assume x=positive
  gradus simplify \"sin(x)^2 + cos(x)^2\" --format json

No rewrite changes a value: sqrt(x^2) stays as it is until x is declared positive.";

const CHECK_EXAMPLES: &str = "\
Examples:
  gradus check \"x^2*sin(x)\"                       at points chosen by gradus
  gradus check \"x^y\" --at x=2,y=3

The symbolic derivative is compared with dual numbers, the complex step and finite differences; the table says how many
decimal digits agree. The exit code is 1 where they disagree.";

const FIT_EXAMPLES: &str = "\
Examples:
  gradus fit \"y = a + b*x\" points.csv
  gradus fit \"y = b1*(1 - exp(-b2*x))\" points.csv --start b1=500,b2=0.0001 --predict x=300
  gradus fit \"a*x^n\" points.csv --target y --fix n=2
  gradus fit \"y = a*exp(-k*x) + c\" points.csv --bounds k=0:,c=0:1 --sigma error
  gradus fit \"log(y) = a - b*x1*exp(-c*x2)\" points.csv --out residuals.csv
  gradus fit \"y = a + b*x\" points.csv --loss huber --loss-scale 0.1
  gradus fit \"y = a + b*x\" points.csv --plot line.svg

Names that are columns of the table are data, all others are parameters. Linear models are solved in one step and need no
start; for others starts that are left out are guessed. If a fit does not converge, or the data do not determine a
parameter, the exit code is 1.

With --format json it is {\"converged\", \"stop_reason\", \"iterations\", \"parameters\": {name: {\"value\", \"std_error\", ...}},
\"residual_sum_of_squares\", \"residual_std_error\", \"degrees_of_freedom\", \"r_squared\", ...}.";

const CODEGEN_EXAMPLES: &str = "\
Examples:
  gradus codegen \"x^2*y + exp(y)\" --lang c
  gradus codegen \"x^2*y + exp(y)\" --lang rust --gradient --name loss
  gradus codegen \"[r*cos(t), r*sin(t)]\" --lang python --jacobian --wrt r,t --out polar.py
  gradus codegen \"(1 - x)^2 + 100*(y - x^2)^2\" --lang javascript --hessian
  gradus codegen \"x*log(y)\" --lang sql --name measurements
  gradus codegen \"sin(x)^2/x\" --lang latex --gradient

The file needs nothing but the language (Python: NumPy). Its head says in which order inputs and outputs come. In SQL
--name is the table of points, a column a variable; NULL stands for what is not a number or infinite, also on the way.
Where only + - * / and square roots occur every language gives the same bits, those of functions compiled in the library;
elsewhere values differ by a few units in the last place. gradus eval and diff may round differently, also have a value
where a part of the formula overflows, and know one zero. --fma uses fused products, which C and Rust have.";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  gradus completions bash > ~/.local/share/bash-completion/completions/gradus
  gradus completions zsh > ~/.zfunc/_gradus
  gradus completions fish > ~/.config/fish/completions/gradus.fish";

/// Exact derivatives of formulas, checked by independent roads.
#[derive(Debug, Parser)]
#[command(name = "gradus", version, after_help = EXAMPLES, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands. The options of one are put together when it is asked for. Structs of options have comments, and no
/// documentation: clap would show that as what the command does.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Differentiate a formula
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(Box<DiffArgs>),
    /// Evaluate a formula
    #[command(after_help = EVAL_EXAMPLES)]
    Eval(Box<EvalArgs>),
    /// Simplify a formula
    #[command(after_help = SIMPLIFY_EXAMPLES)]
    Simplify(SimplifyArgs),
    /// Check the derivatives of a formula by independent methods
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Follow the gradient of a formula down to a minimum
    #[command(after_help = descend::EXAMPLES)]
    Descend(Box<DescendArgs>),
    /// Draw a formula: curves over one variable, a map over two
    #[command(after_help = plot::EXAMPLES)]
    Plot(PlotArgs),
    /// Fit a model to the columns of a table by least squares
    #[command(after_help = FIT_EXAMPLES)]
    Fit(Box<FitArgs>),
    /// Write a formula and its derivatives as source in another language
    #[command(after_help = CODEGEN_EXAMPLES)]
    Codegen(CodegenArgs),
    /// Integrate a formula over a box by random points
    #[command(after_help = lecture::INTEGRATE_EXAMPLES)]
    Integrate(Box<IntegrateArgs>),
    /// Show the values and adjoints of backpropagation, step by step
    #[command(after_help = lecture::BACKPROP_EXAMPLES)]
    Backprop(BackpropArgs),
    /// Find the parameters of a density under which a table is most probable
    #[command(after_help = likelihood::EXAMPLES)]
    Likelihood(Box<LikelihoodArgs>),
    /// Update beliefs by what was observed (Bayes' rule): tests, hypotheses, a probability, a mean
    #[command(after_help = bayes::EXAMPLES)]
    Bayes(Box<BayesArgs>),
    /// Compare treatments in a table, adjusted for a confounder
    #[command(after_help = lecture::ADJUST_EXAMPLES)]
    Adjust(AdjustArgs),
    /// Compute with vectors and matrices: products, norms, inverses, softmax
    #[command(after_help = lecture::LINEAR_EXAMPLES)]
    Linear(LinearArgs),
    /// Describe the columns of a table: mean, deviation, histogram, bootstrap, confusion matrix, exact distributions
    #[command(after_help = stats::EXAMPLES)]
    Stats(Box<StatsArgs>),
    /// Read a chapter of a course in the mathematics of machine learning, and do its exercises
    #[command(after_help = lecture::LECTURE_EXAMPLES)]
    Lecture(LectureArgs),
    /// Print a completion script for a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
}

// `gradus diff`
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// The formula, or a list [f, g]; `-` reads it from standard input
    #[arg(
        value_name = "EXPR",
        allow_hyphen_values = true,
        required_unless_present = "jsonl"
    )]
    pub expr: Option<OsString>,
    /// Differentiate by these variables [default: all that occur]
    #[arg(long, value_name = "NAME,...")]
    pub wrt: Vec<String>,
    /// How often to differentiate by each variable
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=i64::from(MAX_ORDER)))]
    pub order: u32,
    /// One derivative, by each of the --wrt names in turn: x,x,y is d^3f/(dx^2 dy)
    #[arg(long, group = "what", conflicts_with = "order")]
    pub mixed: bool,
    /// The gradient: the derivative by each variable
    #[arg(long, group = "what", conflicts_with = "order")]
    pub gradient: bool,
    /// The Jacobian matrix: a row for each formula of the list
    #[arg(long, group = "what", conflicts_with = "order")]
    pub jacobian: bool,
    /// The Hessian matrix of second derivatives
    #[arg(long, group = "what", conflicts_with = "order")]
    pub hessian: bool,
    /// Of the Jacobian or Hessian the entries that are not 0, by row and column, counted from 0
    #[arg(long, conflicts_with_all = ["order", "mixed", "gradient", "taylor", "direction"])]
    pub sparse: bool,
    /// The Taylor polynomial of this degree
    #[arg(long, value_name = "N", group = "what", conflicts_with = "order", value_parser = clap::value_parser!(u32).range(0..=i64::from(MAX_ORDER)))]
    pub taylor: Option<u32>,
    /// The point of the Taylor polynomial [default: 0]
    #[arg(long, value_name = "NAME=VALUE", requires = "taylor")]
    pub around: Option<String>,
    /// The derivative along a direction, which is not normalised
    #[arg(
        long,
        value_name = "NAME=VALUE,...",
        group = "what",
        conflicts_with_all = ["order", "wrt"]
    )]
    pub direction: Vec<String>,
    /// Also the values at this point
    #[arg(long, value_name = "NAME=VALUE,...")]
    pub at: Vec<String>,
    /// Leave the derivative as the rules give it
    #[arg(long)]
    pub raw: bool,
    /// Declare variables: real, positive, integer or complex
    #[arg(long, value_name = "NAME=KIND,...")]
    pub assume: Vec<String>,
    /// How to print: text, latex, json, or let, which is text that writes shared parts once
    #[arg(long, value_enum, default_value_t = Format::Text, hide_possible_values = true)]
    pub format: Format,
    /// Answer requests, one JSON object a line, from standard input
    #[arg(long, conflicts_with_all = ["expr", "wrt", "order", "what", "sparse", "at", "raw", "assume", "format"])]
    pub jsonl: bool,
}

/// The highest order of a derivative that is computed.
pub const MAX_ORDER: u32 = 1000;

// `gradus eval`
#[derive(Args, Debug)]
pub struct EvalArgs {
    /// The formula, or a list [f, g]; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// The values of the variables
    #[arg(long, value_name = "NAME=VALUE,...")]
    pub at: Vec<String>,
    /// Compute with complex numbers, principal branches
    #[arg(long, conflicts_with = "data")]
    pub complex: bool,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
    /// The options of tables
    #[command(flatten)]
    pub table: TableArgs,
}

// `gradus eval --data`
#[derive(Args, Debug)]
#[command(next_help_heading = "Tables")]
pub struct TableArgs {
    /// Evaluate at every row of this table: CSV, JSON lines or Parquet; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Write the values to this file: CSV, or JSON lines or Parquet if it ends like that [default: standard output]
    #[arg(long, value_name = "FILE", requires = "data")]
    pub out: Option<PathBuf>,
    /// Also the derivatives by the columns that occur
    #[arg(long, requires = "data")]
    pub gradient: bool,
    /// The derivatives by these variables
    #[arg(long, value_name = "NAME,...", requires = "gradient")]
    pub wrt: Vec<String>,
    /// Put the columns of the table before the values
    #[arg(long, requires = "data")]
    pub keep: bool,
    /// How the table is read
    #[command(flatten)]
    pub reading: ReadingArgs,
}

// `gradus simplify`
#[derive(Args, Debug)]
pub struct SimplifyArgs {
    /// The formula, or a list [f, g]; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// Declare variables: real, positive, integer or complex
    #[arg(long, value_name = "NAME=KIND,...")]
    pub assume: Vec<String>,
    /// How to print: text, latex, json, or let, which is text that writes shared parts once
    #[arg(long, value_enum, default_value_t = Format::Text, hide_possible_values = true)]
    pub format: Format,
}

// `gradus check`
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The formula; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// The point [default: a few where the formula is defined]
    #[arg(long, value_name = "NAME=VALUE,...")]
    pub at: Vec<String>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
}

// `gradus completions`
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// How formulas are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text that gradus reads back
    Text,
    /// LaTeX
    Latex,
    /// One JSON object
    Json,
    /// Text that writes shared parts once, by name
    Let,
}

/// How numbers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// For people
    Text,
    /// One JSON object
    Json,
}

impl Command {
    /// Are answers and errors wanted as JSON?
    pub fn wants_json(&self) -> bool {
        match self {
            Command::Diff(args) => args.format == Format::Json,
            Command::Simplify(args) => args.format == Format::Json,
            Command::Eval(args) => args.format == Report::Json,
            Command::Check(args) => args.format == Report::Json,
            Command::Descend(args) => args.format == Report::Json,
            Command::Plot(args) => args.format == Report::Json,
            Command::Fit(args) => args.format == Report::Json,
            Command::Codegen(args) => args.format == Report::Json,
            Command::Integrate(args) => args.format == Report::Json,
            Command::Likelihood(args) => args.format == Report::Json,
            Command::Bayes(args) => args.format == Report::Json,
            Command::Adjust(args) => args.format == Report::Json,
            Command::Backprop(args) => args.format == Report::Json,
            Command::Linear(args) => args.format == Report::Json,
            Command::Stats(args) => args.format == Report::Json,
            Command::Completions(_) | Command::Lecture(_) => false,
        }
    }
}
