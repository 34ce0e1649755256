//! Maximum likelihood: the parameters under which a sample is most probable.
//!
//! In closed form for distributions where they are simple statistics of the sample ([`normal`], [`bernoulli`], ...), and by
//! descent for any other ([`maximise`]), whose logarithm is a formula like others: see [`crate::Likelihood`].
//!
//! The standard error of a parameter is the root of its place in the inverse Fisher information at the estimate: how much
//! the estimate would vary over samples of that size (Wasserman, All of Statistics, 2004, sections 9.7 and 9.10). Closed
//! forms have the expected information, a search the observed one: the second derivatives of minus the log-likelihood.

mod closed;
mod information;
mod maximum;

pub use closed::{Estimate, Normal, Single, bernoulli, categorical, exponential, normal, poisson};
pub use maximum::{MAX_STEPS, Maximum, Search, guess, maximise};
