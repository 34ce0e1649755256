//! gradus: exact derivatives of formulas written as text.
pub mod expr;
pub mod functions;
