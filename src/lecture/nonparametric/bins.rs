//! Histograms: how many numbers of a sample lie in each of some intervals of equal width.

use super::Empirical;
use crate::lecture::LectureError;

/// More bins than this are no summary.
pub const MAX_BINS: usize = 10_000;

/// Where nothing is asked for, there are no more than this: outliers would make thousands.
const MAX_CHOSEN: usize = 200;

/// A histogram. Each bin holds its lower edge and not its upper one, but for the last, which holds both.
///
/// ```
/// use gradus::lecture::nonparametric::{Bins, Empirical};
/// let bins = Bins::new(&Empirical::new(&[0.0, 1.0, 2.0, 2.5, 4.0])?, Some(2))?;
/// assert_eq!((bins.edges.as_slice(), bins.counts.as_slice()), (&[0.0, 2.0, 4.0][..], &[2, 3][..]));
/// assert_eq!(bins.densities(), [0.2, 0.3]); // their area is 1
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    /// The edges, one more than there are bins, in rising order.
    pub edges: Vec<f64>,
    /// How many numbers each bin holds.
    pub counts: Vec<u64>,
}

impl Bins {
    /// Counts a sample. If no number of bins is given, their width is `2*IQR/n^(1/3)` (Freedman and Diaconis, Zeitschrift für
    /// Wahrscheinlichkeitstheorie 57, 1981), and where the middle half of the sample is one number, there are
    /// `1 + log2(n)` of them (Sturges).
    ///
    /// # Errors
    /// [`LectureError::Range`] for the number of bins.
    pub fn new(sample: &Empirical, bins: Option<usize>) -> Result<Bins, LectureError> {
        let sorted = sample.sorted();
        let (low, high) = (sorted[0], sorted[sorted.len() - 1]);
        let count = match bins {
            Some(count) if (1..=MAX_BINS).contains(&count) => count,
            Some(count) => {
                return Err(LectureError::Range {
                    what: "the number of bins",
                    value: count as u64,
                    least: 1,
                    most: MAX_BINS as u64,
                });
            }
            None => chosen(sample, low, high),
        };
        // All numbers are the same: a bin around them.
        let (low, high) = match low < high {
            true => (low, high),
            false => (
                low - 0.5 * low.abs().max(1.0),
                low + 0.5 * low.abs().max(1.0),
            ),
        };
        let part = |k: usize| k as f64 / count as f64;
        let edges: Vec<f64> = (0..=count)
            .map(|k| low * (1.0 - part(k)) + high * part(k))
            .collect();
        let below = |edge: f64| sorted.partition_point(|&x| x < edge) as u64;
        let mut ends: Vec<u64> = edges[1..count].iter().map(|&edge| below(edge)).collect();
        ends.push(sorted.len() as u64);
        let mut before = 0;
        let counts = (ends.into_iter())
            .map(|end| end - std::mem::replace(&mut before, end))
            .collect();
        Ok(Bins { edges, counts })
    }

    /// The height of each bar where the area of all together is 1.
    pub fn densities(&self) -> Vec<f64> {
        let all = self.counts.iter().sum::<u64>() as f64;
        (self.counts.iter().zip(self.edges.windows(2)))
            .map(|(&count, ends)| count as f64 / all / (ends[1] - ends[0]))
            .collect()
    }
}

fn chosen(sample: &Empirical, low: f64, high: f64) -> usize {
    let n = sample.sorted().len() as f64;
    let width = 2.0 * sample.interquartile_range() / n.cbrt();
    let count = match width > 0.0 {
        true => ((high - low) / width).ceil(),
        false => 1.0 + n.log2().ceil(),
    };
    match low < high {
        true => (count.max(1.0) as usize).min(MAX_CHOSEN),
        false => 1,
    }
}
