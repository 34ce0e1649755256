//! Fitting: models to data by least squares, and the reading of data.
//!
//! A [`Model`] is a formula of columns and parameters with its derivatives; [`fit()`] finds the parameters for which the sum
//! of squared residuals is least, and a [`Fit`] tells how sure they are. Linear models are solved in one pass over the rows,
//! others by Levenberg and Marquardt's steps; both by orthogonal transformations, and the last digits in doubled precision.
//! Nothing here knows of text: [`crate::fit()`] is the short way in. [`data`] reads tables from files, chunk by chunk.

pub mod data;
mod error;
mod evaluate;
mod evolution;
mod finish;
mod linear;
mod loss;
mod model;
mod outcome;
mod polish;
mod profile;
mod search;
mod shape;
pub(crate) mod singular;
mod solve;
mod start;
mod student;
mod totals;
mod triangle;
mod way;

pub use error::{DataPart, FitError};
pub use linear::LinearFit;
pub use loss::Loss;
pub use model::{Data, MAX_NUMBERS, Model};
pub use outcome::{Fit, Prediction};
pub use polish::MAX_POLISH_WORK;
pub use profile::profile_interval;
pub use search::{Ended, Step};
pub use solve::{Options, POOR_CONDITION, first_singular_row, fit, fitted_values};
pub use student::{student_quantile, student_tails};
pub use triangle::Triangle;
