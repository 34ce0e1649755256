//! The options of `gradus codegen`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Report;

// `gradus codegen`
#[derive(Args, Debug)]
pub struct CodegenArgs {
    /// The formula, or a list [f, g]; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: OsString,
    /// The language: c, rust, python, javascript, latex or sql
    #[arg(long, value_enum, value_name = "LANGUAGE", hide_possible_values = true)]
    pub lang: Lang,
    /// The inputs, in this order; derivatives are by each of them [default: all that occur, by the alphabet]
    #[arg(long, value_name = "NAME,...")]
    pub wrt: Vec<String>,
    /// Also the gradient: the derivative by each input
    #[arg(long, group = "what")]
    pub gradient: bool,
    /// Also the Jacobian matrix: a row for each formula of the list
    #[arg(long, group = "what")]
    pub jacobian: bool,
    /// Also the gradient and the Hessian matrix of second derivatives
    #[arg(long, group = "what")]
    pub hessian: bool,
    /// The name of the function [default: f], or of the table for SQL [default: points]
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub name: Option<String>,
    /// Round products and sums once, where the language can
    #[arg(long)]
    pub fma: bool,
    /// Simplify the derivatives, as `gradus diff` prints them
    #[arg(long, conflicts_with = "raw")]
    pub simplify: bool,
    /// Leave the derivatives as the rules give them, which shares most with the value [default]
    #[arg(long)]
    pub raw: bool,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How to print: text or json
    #[arg(long, value_enum, default_value_t = Report::Text, hide_possible_values = true)]
    pub format: Report,
}

/// The languages of `gradus codegen`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// C99
    C,
    /// Rust
    #[value(alias = "rs")]
    Rust,
    /// Python with NumPy
    #[value(alias = "py", alias = "numpy")]
    Python,
    /// JavaScript
    #[value(alias = "js")]
    Javascript,
    /// An algorithm in LaTeX
    #[value(alias = "tex")]
    Latex,
    /// A query
    Sql,
}
