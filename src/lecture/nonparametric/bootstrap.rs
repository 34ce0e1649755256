//! The bootstrap: a statistic of many samples that are drawn from the sample itself (Efron, Annals of Statistics 7, 1979).

use std::sync::atomic::Ordering;

use rayon::prelude::*;

use super::Empirical;
use crate::lecture::LectureError;
use crate::lecture::checks::probability;
use crate::lecture::sampling::{Progress, SamplingError, Stream};
use crate::lecture::summary::Summary;

/// So many samples at most: their statistics are kept.
pub const MAX_RESAMPLES: u64 = 10_000_000;

/// How a statistic varies over samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    /// The statistic of the sample itself.
    pub estimate: f64,
    /// Its standard error: the standard deviation over the samples that were drawn.
    pub standard_error: f64,
    /// How far these are off on average: the bias.
    pub bias: f64,
    /// The statistics of all samples that were drawn.
    resampled: Empirical,
}

impl Bootstrap {
    /// The percentile interval: what is left if the same part is cut off at both ends of the statistics that were found.
    ///
    /// # Errors
    /// [`LectureError::NotAProbability`].
    pub fn interval(&self, confidence: f64) -> Result<(f64, f64), LectureError> {
        probability("the confidence", confidence)?;
        let tail = 0.5 * (1.0 - confidence);
        Ok((
            self.resampled.quantile(tail)?,
            self.resampled.quantile(1.0 - tail)?,
        ))
    }

    /// The statistics of the samples that were drawn, in rising order.
    pub fn resampled(&self) -> &[f64] {
        self.resampled.sorted()
    }
}

/// Draws `resamples` samples of `n` rows with replacement from the rows 0 to n - 1, each as large as the whole, and computes
/// a statistic of each, `of`, which is given the rows. The same seed gives the same samples, with any number of threads.
///
/// ```
/// use gradus::lecture::nonparametric::bootstrap;
/// use gradus::lecture::sampling::Progress;
/// let sample = [2.0, 4.0, 4.0, 5.0, 7.0, 9.0, 10.0, 11.0];
/// let mean = |rows: &[usize]| rows.iter().map(|&k| sample[k]).sum::<f64>() / rows.len() as f64;
/// let found = bootstrap(sample.len(), mean, 2000, 7, Progress::default())?;
/// assert_eq!(found.estimate, 6.5);
/// let (low, high) = found.interval(0.95)?;
/// assert!(low < 5.0 && 8.0 < high && (found.standard_error - 1.1).abs() < 0.1);
/// # Ok::<(), gradus::lecture::sampling::SamplingError>(())
/// ```
///
/// # Errors
/// [`SamplingError::Interrupted`], [`LectureError::Empty`], [`LectureError::Range`] for the number of samples, which is 2 at least for a standard error, and
/// [`LectureError::NotFinite`] where the statistic of a sample is.
pub fn bootstrap(
    n: usize,
    of: impl Fn(&[usize]) -> f64 + Sync,
    resamples: u64,
    seed: u64,
    progress: Progress<'_>,
) -> Result<Bootstrap, SamplingError> {
    if n == 0 {
        return Err(LectureError::Empty("the sample").into());
    }
    if !(2..=MAX_RESAMPLES).contains(&resamples) {
        return Err(LectureError::Range {
            what: "the number of samples drawn",
            value: resamples,
            least: 2,
            most: MAX_RESAMPLES,
        }
        .into());
    }
    let whole: Vec<usize> = (0..n).collect();
    let estimate = of(&whole);
    let statistics: Result<Vec<f64>, SamplingError> = (0..resamples)
        .into_par_iter()
        .map_init(
            || vec![0; n],
            |rows, number| {
                if (progress.stop).is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                    return Err(SamplingError::Interrupted);
                }
                let stream = Stream::new(seed, number);
                for (at, row) in (0..).zip(rows.iter_mut()) {
                    *row = below(stream.bits(at), n);
                }
                let statistic = of(rows);
                if let Some(done) = progress.done {
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Ok(statistic)
            },
        )
        .collect();
    let statistics = statistics?;
    let summary = Summary::of(&statistics);
    let resampled = Empirical::new(&statistics)?;
    Ok(Bootstrap {
        estimate,
        standard_error: summary.standard_deviation()?,
        bias: summary.mean()? - estimate,
        resampled,
    })
}

/// A number from 0 to n - 1: the upper half of the product.
fn below(bits: u64, n: usize) -> usize {
    ((u128::from(bits) * n as u128) >> 64) as usize
}
