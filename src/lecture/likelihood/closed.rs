//! Distributions whose most likely parameters are simple statistics of the sample. Standard errors are those of the expected
//! Fisher information at the estimate, which of these distributions is the observed one there, too.

use crate::expr::Function;
use crate::lecture::LectureError;
use crate::lecture::checks::finite;
use crate::lecture::summary::Summary;
use crate::numeric::scalar::Scalar;

/// An estimated parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Its value.
    pub value: f64,
    /// The standard deviation of the estimate over samples of this size; 0 where the sample leaves no doubt, as a coin that
    /// never fell on heads does by this measure.
    pub standard_error: f64,
}

/// A normal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// The mean.
    pub mean: Estimate,
    /// The standard deviation: the root of the mean squared distance, divided by n and not by n - 1.
    pub deviation: Estimate,
    /// The logarithm of the density of the whole sample.
    pub log_likelihood: f64,
}

/// A distribution with one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Single {
    /// The parameter.
    pub parameter: Estimate,
    /// The logarithm of the probability, or density, of the whole sample.
    pub log_likelihood: f64,
}

/// The normal distribution under which the sample is most probable.
///
/// ```
/// use gradus::lecture::likelihood::normal;
/// let found = normal(&[1.0, 2.0, 3.0, 4.0])?;
/// assert_eq!((found.mean.value, found.deviation.value), (2.5, 1.25f64.sqrt()));
/// assert_eq!(found.mean.standard_error, (1.25f64 / 4.0).sqrt());
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::TooFew`], [`LectureError::NotFinite`], [`LectureError::NoVariance`]: the likelihood of equal numbers
/// grows without bound as the deviation goes to 0.
pub fn normal(sample: &[f64]) -> Result<Normal, LectureError> {
    let summary = checked(sample, |_| true, "a number")?;
    let variance = summary.population_variance()?;
    if variance == 0.0 {
        return Err(LectureError::NoVariance("the sample"));
    }
    let (n, deviation) = (sample.len() as f64, variance.sqrt());
    Ok(Normal {
        mean: Estimate {
            value: summary.mean()?,
            standard_error: deviation / n.sqrt(),
        },
        deviation: Estimate {
            value: deviation,
            standard_error: deviation / (2.0 * n).sqrt(),
        },
        log_likelihood: -0.5 * n * ((std::f64::consts::TAU * variance).ln() + 1.0),
    })
}

/// The probability of a success, from successes (true) and failures: their share.
///
/// # Errors
/// [`LectureError::Empty`].
pub fn bernoulli(sample: &[bool]) -> Result<Single, LectureError> {
    let n = sample.len() as f64;
    let successes = sample.iter().filter(|&&x| x).count() as f64;
    if sample.is_empty() {
        return Err(LectureError::Empty("the sample"));
    }
    let p = successes / n;
    Ok(Single {
        parameter: Estimate {
            value: p,
            standard_error: (p * (1.0 - p) / n).sqrt(),
        },
        log_likelihood: x_log(successes, p) + x_log(n - successes, 1.0 - p),
    })
}

/// The probability of each category, from how often it occurred; and the logarithm of the probability of the sample.
///
/// # Errors
/// [`LectureError::Empty`] if nothing occurred.
pub fn categorical(counts: &[u64]) -> Result<(Vec<Estimate>, f64), LectureError> {
    let n = counts.iter().sum::<u64>() as f64;
    if n == 0.0 {
        return Err(LectureError::Empty("the sample"));
    }
    let estimates: Vec<Estimate> = (counts.iter())
        .map(|&count| {
            let p = count as f64 / n;
            Estimate {
                value: p,
                standard_error: (p * (1.0 - p) / n).sqrt(),
            }
        })
        .collect();
    let terms = counts.iter().zip(&estimates);
    let log_likelihood = terms.map(|(&count, p)| x_log(count as f64, p.value)).sum();
    Ok((estimates, log_likelihood))
}

/// The rate of a Poisson distribution, from counts: their mean.
///
/// # Errors
/// [`LectureError::Empty`].
pub fn poisson(counts: &[u64]) -> Result<Single, LectureError> {
    if counts.is_empty() {
        return Err(LectureError::Empty("the sample"));
    }
    let (n, sum) = (counts.len() as f64, counts.iter().sum::<u64>() as f64);
    let rate = sum / n;
    let factorials: f64 = counts
        .iter()
        .map(|&k| f64::call(Function::Lgamma, k as f64 + 1.0))
        .sum();
    Ok(Single {
        parameter: Estimate {
            value: rate,
            standard_error: (rate / n).sqrt(),
        },
        log_likelihood: x_log(sum, rate) - n * rate - factorials,
    })
}

/// The rate of an exponential distribution, from waiting times: the inverse of their mean.
///
/// # Errors
/// [`LectureError::TooFew`], [`LectureError::NotPositive`] for a time below 0 or if all are 0.
pub fn exponential(times: &[f64]) -> Result<Single, LectureError> {
    let mean = checked(times, |x| x >= 0.0, "a waiting time")?.mean()?;
    if mean == 0.0 {
        return Err(LectureError::NotPositive {
            what: "the mean of the waiting times",
            value: mean,
        });
    }
    let (n, rate) = (times.len() as f64, mean.recip());
    Ok(Single {
        parameter: Estimate {
            value: rate,
            standard_error: rate / n.sqrt(),
        },
        log_likelihood: n * (rate.ln() - 1.0),
    })
}

fn checked(
    sample: &[f64],
    allowed: impl Fn(f64) -> bool,
    what: &'static str,
) -> Result<Summary, LectureError> {
    for &value in sample {
        finite(what, value)?;
        if !allowed(value) {
            return Err(LectureError::NotPositive { what, value });
        }
    }
    Ok(Summary::of(sample))
}

/// x*log(y), where 0*log(0) is 0.
fn x_log(x: f64, y: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x * y.ln() }
}
