//! Integrals by random points (Monte Carlo), by points that fill space evenly (Sobol), and, in one dimension, to all digits
//! (quadrature), as the truth to compare with.
//!
//! The mean of a function over points drawn evenly from a box, times the volume of the box, estimates its integral; the
//! estimate is off by about the standard deviation of the function divided by the root of the number of points, whatever
//! the number of dimensions.
//!
//! Random numbers are a function of seed, repetition, point and dimension, and sums are added in an order that only the
//! number of points decides: any number of threads gives the same bits.

mod monte_carlo;
mod quadrature;
mod random;
mod sobol;

pub use monte_carlo::{
    Bounds, Integral, MAX_POINTS, MAX_REPEAT, Points, Progress, SamplingError, integrate,
};
pub use quadrature::{MAX_EVALUATIONS, Quadrature, quadrature};
pub use random::Stream;
pub use sobol::{MAX_DIMENSIONS, Sobol};
