//! gradus: exact derivatives of formulas written as text.

pub mod calculus;
pub mod cli;
mod convenience;
pub mod descend;
pub mod expr;
pub mod functions;
pub mod numeric;
pub mod rules;
pub mod simplify;
pub mod syntax;
pub mod textbook;

pub use convenience::{Error, diff, eval, gradient, jacobian, simplify};
pub use expr::{Assumption, Expr, Function, Graph, Rational};
