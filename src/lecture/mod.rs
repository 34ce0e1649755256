//! The numerics of a first course in the mathematics of machine learning.
//!
//! A file a notion, in the order of the course: [`vectors`], [`matrices`], [`softmax`](mod@softmax), [`discrete`] and
//! [`summary`] (probability and statistics), [`sampling`],
//! [`likelihood`], [`nonparametric`], [`bayes`], [`causal`]. Gradient descent, regression and
//! networks are chapters too, but nothing of their own: they are [`descend`](crate::descend) and [`fit`](mod@crate::fit) at work.
//!
//! Vectors and matrices are those of nalgebra. Nothing here knows of text.

pub mod bayes;
pub mod causal;
mod checks;
pub mod discrete;
mod error;
pub mod likelihood;
pub mod matrices;
pub mod nonparametric;
pub mod sampling;
pub mod softmax;
pub mod summary;
pub mod vectors;

pub use checks::SUM_TOLERANCE;
pub use error::LectureError;
