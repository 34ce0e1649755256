//! What is to be made small: all that the command knows of a problem, whatever it was made of.

use crate::cli::failure::Failure;
use crate::descend::Objective;

/// A problem.
pub struct Goal {
    /// The function as text, for the answer.
    pub function: String,
    /// The variables, in the order of a point.
    pub names: Vec<String>,
    /// Where to start.
    pub start: Vec<f64>,
    /// Values and derivatives.
    pub objective: Box<dyn Objective>,
    /// Says which part of the function has no finite value at a point, and why.
    pub singular: Box<Singular>,
    /// Why the data could not be read any more, if that happened on the way.
    pub broken: Box<dyn Fn() -> Option<Failure>>,
    /// How many rows of data there are, if there is data.
    pub rows: Option<usize>,
    /// Remarks for the user.
    pub notes: Vec<String>,
}

/// Says which part of a function has no finite value at a point, and why.
pub type Singular = dyn Fn(&[f64]) -> Option<String>;
