//! Statistics of a sample, in one pass and without losing digits.
//!
//! The moments are sums of powers of the distance from the mean, and the mean is known only at the end. A block of the data
//! is small enough to be gone through twice; blocks, and the parts of several threads, are then joined by the formulas of
//! Pébay (Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments, Sandia
//! report SAND2008-6212, section 3). A block is measured from its first value, so that digits which all values share are not
//! lost: for numbers near 10^7 that differ in the first decimal 14 digits of the variance remain. Even then the rounding of
//! the numbers themselves would show (10000000.1 is off by 4e-10), so where a block is that narrow, and its numbers are all
//! nearest to decimals with few places, they are taken for those decimals.

mod block;

use self::block::{NARROW, decimal_rest};
use super::LectureError;
use super::checks::same_length;
use crate::functions::error_free::two_sum;

/// How many numbers are gone through twice at once: they stay in the nearest cache.
const BLOCK: usize = 1024;

/// What is known of a sample: feed it with [`extend`](Self::extend), join parts with [`join`](Self::join).
///
/// ```
/// use gradus::lecture::summary::Summary;
/// let sample = Summary::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
/// assert_eq!((sample.mean()?, sample.population_variance()?), (5.0, 4.0));
/// let mut half = Summary::of(&[2.0, 4.0, 4.0, 4.0]);
/// half.join(&Summary::of(&[5.0, 5.0, 7.0, 9.0]));
/// assert_eq!(half.variance()?, sample.variance()?);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    count: u64,
    mean: f64,
    /// What the mean lacks to be exact: for values of many equal digits it is of the size of their spread.
    mean_tail: f64,
    /// The sums of the second and third powers of the distance from the mean.
    second: f64,
    third: f64,
    min: f64,
    max: f64,
}

impl Default for Summary {
    fn default() -> Summary {
        Summary {
            count: 0,
            mean: 0.0,
            mean_tail: 0.0,
            second: 0.0,
            third: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }
}

impl Summary {
    /// Of these numbers.
    pub fn of(values: &[f64]) -> Summary {
        let mut summary = Summary::default();
        summary.extend(values);
        summary
    }

    /// Adds numbers.
    pub fn extend(&mut self, values: &[f64]) {
        block::extend(self, values);
    }

    /// Adds another part of the sample.
    pub fn join(&mut self, other: &Summary) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let total = a + b;
        let delta = (other.mean - self.mean) + (other.mean_tail - self.mean_tail);
        let third = self.third
            + other.third
            + delta * delta * delta * (a / total) * (b / total) * (a - b)
            + 3.0 * delta * ((a / total) * other.second - (b / total) * self.second);
        self.second += other.second + delta * delta * (a / total) * b;
        self.third = third;
        let (mean, tail) = two_sum(self.mean, self.mean_tail + delta * (b / total));
        (self.mean, self.mean_tail) = (mean, tail);
        self.count += other.count;
        self.min = smaller(self.min, other.min);
        self.max = -smaller(-self.max, -other.max);
    }

    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean.
    ///
    /// # Errors
    /// [`LectureError::TooFew`] of an empty sample.
    pub fn mean(&self) -> Result<f64, LectureError> {
        self.needs("a mean", 1)?;
        Ok(self.mean)
    }

    /// The variance that is expected of the population (divided by n - 1).
    ///
    /// # Errors
    /// [`LectureError::TooFew`] of fewer than two numbers.
    pub fn variance(&self) -> Result<f64, LectureError> {
        self.needs("a variance", 2)?;
        Ok(self.second / (self.count - 1) as f64)
    }

    /// The variance of these numbers, taken as the whole population (divided by n).
    ///
    /// # Errors
    /// [`LectureError::TooFew`] of an empty sample.
    pub fn population_variance(&self) -> Result<f64, LectureError> {
        self.needs("a variance", 1)?;
        Ok(self.second / self.count as f64)
    }

    /// The root of [`variance`](Self::variance).
    ///
    /// # Errors
    /// [`LectureError::TooFew`] of fewer than two numbers.
    pub fn standard_deviation(&self) -> Result<f64, LectureError> {
        self.needs("a standard deviation", 2)?;
        self.variance().map(f64::sqrt)
    }

    /// How far the mean is off, as a standard deviation: that of the sample divided by the root of n.
    ///
    /// # Errors
    /// [`LectureError::TooFew`] of fewer than two numbers.
    pub fn standard_error(&self) -> Result<f64, LectureError> {
        Ok(self.standard_deviation()? / (self.count as f64).sqrt())
    }

    /// The skewness of these numbers, taken as the whole population: the mean of the third power of the distance from the
    /// mean, in units of the standard deviation.
    ///
    /// # Errors
    /// [`LectureError::TooFew`] of fewer than two numbers, [`LectureError::NoVariance`] of equal ones.
    pub fn skewness(&self) -> Result<f64, LectureError> {
        self.needs("a skewness", 2)?;
        if self.second == 0.0 {
            return Err(LectureError::NoVariance("the sample"));
        }
        let count = self.count as f64;
        let variance = self.second / count;
        Ok(self.third / count / (variance * variance.sqrt()))
    }

    /// The smallest number; infinite of an empty sample.
    pub fn min(&self) -> f64 {
        self.min
    }

    /// The largest number; infinite below of an empty sample.
    pub fn max(&self) -> f64 {
        self.max
    }

    fn needs(&self, what: &'static str, needed: u64) -> Result<(), LectureError> {
        match self.count >= needed {
            true => Ok(()),
            false => Err(LectureError::TooFew {
                what,
                needed: needed as usize,
                found: self.count as usize,
            }),
        }
    }
}

/// What is known of a sample of pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairSummary {
    x: Summary,
    y: Summary,
    /// The sum of products of the distances from the means.
    product: f64,
}

impl PairSummary {
    /// Of the pairs of two columns.
    ///
    /// ```
    /// use gradus::lecture::summary::PairSummary;
    /// let pairs = PairSummary::of(&[1.0, 2.0, 3.0, 4.0], &[2.0, 4.0, 6.0, 9.0])?;
    /// assert!((pairs.covariance()? - 11.5/3.0).abs() < 1e-15);
    /// assert!((pairs.correlation()? - 0.994376).abs() < 1e-6);
    /// # Ok::<(), gradus::lecture::LectureError>(())
    /// ```
    ///
    /// # Errors
    /// [`LectureError::Shapes`] if the columns have not the same length.
    pub fn of(x: &[f64], y: &[f64]) -> Result<PairSummary, LectureError> {
        same_length("numbers", x.len(), "numbers", y.len())?;
        let mut summary = PairSummary::default();
        for (x, y) in x.chunks(BLOCK).zip(y.chunks(BLOCK)) {
            summary.join(&PairSummary::of_block(x, y));
        }
        Ok(summary)
    }

    fn of_block(xs: &[f64], ys: &[f64]) -> PairSummary {
        let (x, y) = (Summary::of(xs), Summary::of(ys));
        let distance = |v: f64, of: &Summary| (v - of.mean) - of.mean_tail;
        let pairs = xs.iter().zip(ys);
        PairSummary {
            product: pairs
                .map(|(&a, &b)| distance(a, &x) * distance(b, &y))
                .sum(),
            x,
            y,
        }
    }

    /// Adds another part of the sample.
    pub fn join(&mut self, other: &PairSummary) {
        let (a, b) = (self.x.count as f64, other.x.count as f64);
        if a * b > 0.0 {
            let apart = |one: &Summary, other: &Summary| {
                (other.mean - one.mean) + (other.mean_tail - one.mean_tail)
            };
            let product = apart(&self.x, &other.x) * apart(&self.y, &other.y);
            self.product += product * (a / (a + b)) * b;
        }
        self.product += other.product;
        self.x.join(&other.x);
        self.y.join(&other.y);
    }

    /// The summary of the first column.
    pub fn x(&self) -> &Summary {
        &self.x
    }

    /// The summary of the second column.
    pub fn y(&self) -> &Summary {
        &self.y
    }

    /// The covariance that is expected of the population (divided by n - 1).
    ///
    /// # Errors
    /// [`LectureError::TooFew`] of fewer than two pairs.
    pub fn covariance(&self) -> Result<f64, LectureError> {
        self.x.needs("a covariance", 2)?;
        Ok(self.product / (self.x.count - 1) as f64)
    }

    /// Pearson's correlation, from -1 to 1.
    ///
    /// # Errors
    /// [`LectureError::TooFew`] of fewer than two pairs, [`LectureError::NoVariance`] if a column is constant.
    pub fn correlation(&self) -> Result<f64, LectureError> {
        self.x.needs("a correlation", 2)?;
        for (column, name) in [
            (&self.x, "the first column"),
            (&self.y, "the second column"),
        ] {
            if column.second == 0.0 {
                return Err(LectureError::NoVariance(name));
            }
        }
        let r = self.product / (self.x.second.sqrt() * self.y.second.sqrt());
        Ok(r.clamp(-1.0, 1.0))
    }
}

/// The correlation of a series with itself, `lag` steps later, in units of its variance.
///
/// # Errors
/// [`LectureError::TooFew`] if it is not longer than that, [`LectureError::NoVariance`].
pub fn autocorrelation(values: &[f64], lag: usize) -> Result<f64, LectureError> {
    let whole = Summary::of(values);
    whole.needs("an autocorrelation", lag as u64 + 1)?;
    if whole.second == 0.0 {
        return Err(LectureError::NoVariance("the series"));
    }
    let narrow = whole.max - whole.min < NARROW * whole.mean.abs();
    let rest = |x: f64| if narrow { decimal_rest(x) } else { 0.0 };
    let distance = |x: f64| (x - whole.mean) + (rest(x) - whole.mean_tail);
    // Sums beside each other are also more exact than one: each is shorter.
    let mut parts = [0.0; 8];
    for (at, (&a, &b)) in values.iter().zip(&values[lag..]).enumerate() {
        parts[at % 8] += distance(a) * distance(b);
    }
    Ok(parts.iter().sum::<f64>() / whole.second)
}

/// The smaller of two numbers, NaN if one is.
#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    match a.is_nan() || a < b {
        true => a,
        false => b,
    }
}
