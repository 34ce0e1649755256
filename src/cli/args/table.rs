//! How a table is read: the options that all commands share which take one.

use clap::{Args, ValueEnum};

// How the table of `--data` is read.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Tables")]
pub struct ReadingArgs {
    /// What stands between two fields: a character, or `tab` [default: a comma, or tab for .tsv]
    #[arg(long, value_name = "CHARACTER", requires = "data")]
    pub delimiter: Option<String>,
    /// The first line is a point too: the columns are c1, c2, ...
    #[arg(long, requires = "data")]
    pub no_header: bool,
    /// Pass over lines that begin with this character
    #[arg(long, value_name = "CHARACTER", requires = "data")]
    pub comment: Option<String>,
    /// Where a value is missing: error, drop the row, or take nan
    #[arg(long, value_enum, value_name = "POLICY", default_value_t = MissingValues::Error, hide_possible_values = true)]
    pub missing: MissingValues,
    /// Call a column otherwise, once for each: "height (cm)=h"
    #[arg(long, value_name = "COLUMN=NAME", requires = "data")]
    pub rename: Vec<String>,
}

/// What becomes of a row in which a value is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MissingValues {
    /// It is an error
    Error,
    /// It is left out
    Drop,
    /// The value is NaN
    Nan,
}
