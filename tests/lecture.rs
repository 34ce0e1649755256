//! The numerics of the course: the numbers of its notebooks, and the laws behind them.

#[path = "lecture/bayes.rs"]
mod bayes;
#[path = "lecture/likelihood.rs"]
mod likelihood;
#[path = "lecture/matrices.rs"]
mod matrices;
#[path = "lecture/sampling.rs"]
mod sampling;
#[path = "lecture/summary.rs"]
mod summary;
#[path = "lecture/vectors.rs"]
mod vectors;
