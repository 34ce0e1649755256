//! Models whose number of parameters grows with the data: the sample says what the distribution is like.
//!
//! [`Empirical`] has the distribution of the sample itself, [`Bins`] counts it in classes, [`Kernel`] smooths it, and
//! [`bootstrap`] draws new samples from it, to see how a statistic varies.

mod bins;
mod bootstrap;
mod empirical;
mod kernel;

pub use bins::{Bins, MAX_BINS};
pub use bootstrap::{Bootstrap, MAX_RESAMPLES, bootstrap};
pub use empirical::Empirical;
pub use kernel::Kernel;
