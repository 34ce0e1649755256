//! Numbers: evaluating expressions, and the roads to a derivative that share nothing with the symbolic one.
//!
//! - [`Schedule`] plans the evaluation of some roots once, and runs it at real or complex points;
//! - [`dual`] carries derivatives forward along it, [`complex_step`] takes them from imaginary parts,
//!   [`finite_difference`] from values alone;
//! - [`check`](check()) compares these roads with a symbolic derivative, and [`explain`] names the part of an expression
//!   that is singular at a point.
//!
//! This layer knows the table of functions and the graph; no text, no rules. [`Expr::eval`](crate::Expr::eval) is the short way in.

mod check;
pub mod complex_step;
mod doubled;
pub mod dual;
pub mod finite_difference;
mod rounding;
pub(crate) mod scalar;
pub(crate) mod schedule;
mod singular;
mod wide;

pub use check::{Check, Comparison, Road, VariableCheck, Verdict, check, compare};
pub use doubled::Doubled;
pub use schedule::Schedule;
pub use singular::{Kind, Singularity, explain};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvalError {
    /// A variable occurs for which no value was given.
    #[error("no value given for `{name}`")]
    MissingVariable {
        /// Its name.
        name: String,
    },
    /// The imaginary unit occurs, so that there is no real value.
    #[error("the imaginary unit occurs: a complex evaluation is needed")]
    NeedsComplex,
}
