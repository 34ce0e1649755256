//! The numerics of the course: the numbers of its notebooks, and the laws behind them.

#[path = "lecture/bayes.rs"]
mod bayes;
#[path = "lecture/descent.rs"]
mod descent;
#[path = "lecture/learning.rs"]
mod learning;
#[path = "lecture/likelihood.rs"]
mod likelihood;
#[path = "lecture/matrices.rs"]
mod matrices;
#[path = "lecture/nonparametric.rs"]
mod nonparametric;
#[path = "lecture/pictures.rs"]
mod pictures;
#[path = "lecture/sampling.rs"]
mod sampling;
#[path = "lecture/summary.rs"]
mod summary;
#[path = "lecture/vectors.rs"]
mod vectors;
