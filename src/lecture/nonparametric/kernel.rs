//! Kernel density estimates: a small normal distribution around each number of a sample, and their mean.

use super::Empirical;
use crate::lecture::LectureError;
use crate::lecture::checks::positive;
use crate::lecture::summary::Summary;

/// Farther away than so many bandwidths a number adds less than a rounding error.
const REACH: f64 = 39.0;

/// A smooth density of a sample.
///
/// ```
/// use gradus::lecture::nonparametric::{Empirical, Kernel};
/// let sample = Empirical::new(&[0.0, 1.0])?;
/// let density = Kernel::new(&sample, Some(1.0))?;
/// let normal = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
/// assert!((density.at(0.0) - 0.5 * (normal(0.0) + normal(1.0))).abs() < 1e-15);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    sorted: Vec<f64>,
    /// The standard deviation of the normal distribution around each number.
    pub bandwidth: f64,
}

impl Kernel {
    /// With this bandwidth, or with that of Silverman's rule: `0.9*min(s, IQR/1.34)*n^(-1/5)`, where s is the standard
    /// deviation and IQR the width of the middle half (Density Estimation for Statistics and Data Analysis, 1986, equation
    /// 3.31). It suits distributions with one hump; of several it makes the valleys too shallow.
    ///
    /// # Errors
    /// [`LectureError::NotPositive`] for the bandwidth; without one [`LectureError::TooFew`] of fewer than two numbers and
    /// [`LectureError::NoVariance`] of equal ones.
    pub fn new(sample: &Empirical, bandwidth: Option<f64>) -> Result<Kernel, LectureError> {
        let bandwidth = match bandwidth {
            Some(bandwidth) => {
                positive("the bandwidth", bandwidth)?;
                bandwidth
            }
            None => silverman(sample)?,
        };
        Ok(Kernel {
            sorted: sample.sorted().to_vec(),
            bandwidth,
        })
    }

    /// The density at a place.
    pub fn at(&self, x: f64) -> f64 {
        let (n, h) = (self.sorted.len() as f64, self.bandwidth);
        let first = self.sorted.partition_point(|&y| y < x - REACH * h);
        let near = self.sorted[first..]
            .iter()
            .take_while(|&&y| y <= x + REACH * h);
        let sum: f64 = near.map(|y| (-0.5 * ((x - y) / h).powi(2)).exp()).sum();
        sum / (n * h * std::f64::consts::TAU.sqrt())
    }
}

fn silverman(sample: &Empirical) -> Result<f64, LectureError> {
    /// The width of the middle half of a normal distribution, in standard deviations.
    const MIDDLE_HALF: f64 = 1.34;
    let n = sample.sorted().len() as f64;
    let deviation = Summary::of(sample.sorted()).standard_deviation()?;
    let spread = match sample.interquartile_range() / MIDDLE_HALF {
        // More than half of the numbers are the same.
        0.0 => deviation,
        half => half.min(deviation),
    };
    match spread > 0.0 {
        true => Ok(0.9 * spread * n.powf(-0.2)),
        false => Err(LectureError::NoVariance("the sample")),
    }
}
