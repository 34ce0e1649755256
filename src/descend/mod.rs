//! Descent: following a gradient down to a minimum.
//!
//! [`descend`] is the loop; what it goes down is an [`Objective`], how it steps is a [`Method`] (one file each), when it
//! ends is a [`Stop`], and who wants to see it on the way is an observer. Nothing here knows of text, and only
//! [`FormulaObjective`] knows of expressions.

mod driver;
mod gradient_descent;
mod objective;
mod observer;
pub mod rows;
mod stop;

pub use driver::{Outcome, descend};
pub use gradient_descent::GradientDescent;
pub use objective::{FormulaObjective, Objective, Offers};
pub use observer::{Iteration, Trace, TraceRow};
pub use stop::{Stop, StopReason};

/// A way to step: given where the descent stands, the step to take.
///
/// A method is direction and length together, since some choose both at once.
pub trait Method {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// Writes the step from a point with this gradient into `step`.
    fn step(&mut self, point: &[f64], gradient: &[f64], step: &mut [f64]);
}
