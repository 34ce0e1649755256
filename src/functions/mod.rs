//! THE TABLE: what each function is worth, on the real line and in the complex plane, and how it is written.
//!
//! A row per [`Function`], in [`row`]; the values themselves in one file per family. There is no derivative here: partial
//! derivatives are mathematics and stand in `grammar/functions.rules`. Values are good to a few units in the last place;
//! where a function is less accurate, the comment at its row or its formula says by how much. Outside its domain a real
//! function is NaN. Start with [`Row`].

#![allow(clippy::excessive_precision)] // coefficients are given as they were computed

pub mod complex;
pub(crate) mod error_free;
mod gamma;
mod normal;
mod real;
mod table;

use crate::expr::Function;
use num_complex::Complex64;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// All that the engine knows about a function, but for its derivative.
#[derive(Debug)]
pub struct Row {
    /// The function.
    pub function: Function,
    /// Other names by which it may be called.
    pub aliases: &'static [&'static str],
    /// Its value at real arguments.
    pub real: Real,
    /// Its value at complex arguments: the analytic continuation on the principal branch, with the cuts of C99. A function
    /// that has none (`floor`, `min`, comparisons, ...) takes real arguments and is NaN at all others.
    pub complex: Complex,
    /// Where it is real, finite and smooth: boxes from which tests draw arguments.
    pub samples: &'static [Samples],
    /// LaTeX: with `#1` and `#2` a whole pattern, without them an operator to be put before the arguments.
    pub latex: &'static str,
}

/// A real function of one or two arguments.
#[derive(Clone, Copy, Debug)]
pub enum Real {
    /// Of one argument.
    One(fn(f64) -> f64),
    /// Of two arguments.
    Two(fn(f64, f64) -> f64),
}

/// A complex function of one or two arguments.
#[derive(Clone, Copy, Debug)]
pub enum Complex {
    /// Of one argument.
    One(fn(Complex64) -> Complex64),
    /// Of two arguments.
    Two(fn(Complex64, Complex64) -> Complex64),
}

/// An interval (one argument) or a rectangle (two) of sample arguments; equal ends fix an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Samples {
    /// Ends for the first argument.
    pub u: (f64, f64),
    /// Ends for the second argument; `(0, 0)` where there is none.
    pub v: (f64, f64),
}

/// The row of a function.
pub fn row(function: Function) -> &'static Row {
    &table::TABLE[function as usize]
}

/// The function with this name or alias.
pub fn lookup(name: &str) -> Option<Function> {
    static NAMES: LazyLock<FxHashMap<&'static str, Function>> =
        LazyLock::new(|| spellings().collect());
    NAMES.get(name).copied()
}

/// Every name and alias, for suggestions and completion.
pub fn names() -> impl Iterator<Item = &'static str> {
    spellings().map(|(name, _)| name)
}

fn spellings() -> impl Iterator<Item = (&'static str, Function)> {
    table::TABLE.iter().flat_map(|row| {
        std::iter::once(row.function.name())
            .chain(row.aliases.iter().copied())
            .map(|name| (name, row.function))
    })
}

mod exact;
pub use exact::exact;
pub use gamma::MAX_POLYGAMMA_ORDER;

/// Has the function a complex derivative (away from singular points)?
pub fn is_analytic(function: Function) -> bool {
    use Function::*;
    !matches!(
        function,
        Abs | Sign
            | Floor
            | Ceil
            | Round
            | Min
            | Max
            | Mod
            | Relu
            | Step
            | Less
            | LessEqual
            | Greater
            | GreaterEqual
            | Equal
            | NotEqual
            | And
            | Or
            | Not
    )
}

/// Is the value real whatever the arguments are?
pub fn is_always_real(function: Function) -> bool {
    matches!(function, Function::Abs)
}
