//! The empirical distribution: each number of the sample has the probability 1/n.

use crate::lecture::LectureError;
use crate::lecture::checks::{finite, probability};

/// The distribution of a sample.
///
/// ```
/// use gradus::lecture::nonparametric::Empirical;
/// let sample = Empirical::new(&[3.0, 1.0, 2.0, 2.0])?;
/// assert_eq!([0.5, 1.0, 2.0, 3.0].map(|x| sample.cumulative(x)), [0.0, 0.25, 0.75, 1.0]);
/// assert_eq!((sample.quantile(0.5)?, sample.quantile(0.9)?), (2.0, 2.7));
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Empirical {
    sorted: Vec<f64>,
}

impl Empirical {
    /// Of these numbers.
    ///
    /// # Errors
    /// [`LectureError::Empty`], [`LectureError::NotFinite`].
    pub fn new(sample: &[f64]) -> Result<Empirical, LectureError> {
        if sample.is_empty() {
            return Err(LectureError::Empty("the sample"));
        }
        for &x in sample {
            finite("a number of the sample", x)?;
        }
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        Ok(Empirical { sorted })
    }

    /// The numbers in rising order.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    /// The part of the sample that is `x` or less.
    pub fn cumulative(&self, x: f64) -> f64 {
        let below = self.sorted.partition_point(|&y| y <= x);
        below as f64 / self.sorted.len() as f64
    }

    /// The number below which a part `p` of the sample lies; between two numbers on the straight line from one to the other
    /// (type 7 of Hyndman and Fan, The American Statistician 50, 1996: what R and NumPy do).
    ///
    /// # Errors
    /// [`LectureError::NotAProbability`].
    pub fn quantile(&self, p: f64) -> Result<f64, LectureError> {
        probability("the part of a quantile", p)?;
        Ok(self.at(p))
    }

    fn at(&self, p: f64) -> f64 {
        let last = self.sorted.len() - 1;
        let place = p * last as f64;
        let below = (place.floor() as usize).min(last);
        let (a, b) = (self.sorted[below], self.sorted[(below + 1).min(last)]);
        let part = place - below as f64;
        // As a difference only where it does not overflow.
        match (b - a).is_finite() {
            true => a + part * (b - a),
            false => (1.0 - part) * a + part * b,
        }
    }

    /// The middle half: from the quantile of 1/4 to that of 3/4.
    pub fn interquartile_range(&self) -> f64 {
        self.at(0.75) - self.at(0.25)
    }

    /// Half the height of a band around [`cumulative`](Self::cumulative) that holds the whole true distribution with this
    /// probability (Dvoretzky, Kiefer and Wolfowitz; Massart, Annals of Probability 18, 1990).
    ///
    /// # Errors
    /// [`LectureError::NotAProbability`].
    pub fn band(&self, confidence: f64) -> Result<f64, LectureError> {
        probability("the confidence", confidence)?;
        let n = self.sorted.len() as f64;
        Ok(((2.0 / (1.0 - confidence)).ln() / (2.0 * n))
            .sqrt()
            .min(1.0))
    }
}
