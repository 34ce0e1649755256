//! gradus: exact derivatives of formulas written as text.
pub mod descend;
pub mod expr;
pub mod functions;
pub mod numeric;

pub use expr::{Assumption, Expr, Function, Graph, Rational};
