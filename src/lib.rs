//! gradus: exact derivatives of formulas written as text.

pub mod calculus;
pub mod descend;
pub mod expr;
pub mod functions;
pub mod numeric;
pub mod rules;
pub mod simplify;
pub mod syntax;
pub mod textbook;

pub use expr::{Assumption, Expr, Function, Graph, Rational};
