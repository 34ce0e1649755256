//! Softmax: scores to probabilities; and what goes with it.

use nalgebra::{DMatrix, DVector};

use super::LectureError;
use super::checks::{distribution, same_length};

/// exp(score) divided by the sum of all of them, row by row. The largest score of the row is subtracted first, which changes
/// nothing but that no exponential overflows.
///
/// ```
/// use gradus::lecture::softmax::softmax;
/// use nalgebra::dmatrix;
/// let p = softmax(&dmatrix![1.0, 2.0, 0.0; 1000.0, 1001.0, 999.0]);
/// assert!((p[(0, 1)] - 0.665240956).abs() < 1e-9 && (p.row(0) - p.row(1)).norm() < 1e-15);
/// ```
pub fn softmax(scores: &DMatrix<f64>) -> DMatrix<f64> {
    let mut result = scores.clone();
    for mut row in result.row_iter_mut() {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.apply(|x| *x = (*x - largest).exp());
        let sum: f64 = row.sum();
        row /= sum;
    }
    result
}

/// In each row 1 for the largest entry and 0 for the others; the first one of equal entries counts as the largest.
///
/// # Errors
/// [`LectureError::Empty`] if there are no columns, [`LectureError::NotFinite`] for a NaN.
pub fn one_hot(scores: &DMatrix<f64>) -> Result<DMatrix<f64>, LectureError> {
    let mut result = DMatrix::zeros(scores.nrows(), scores.ncols());
    for (at, class) in classes(scores)?.into_iter().enumerate() {
        result[(at, class)] = 1.0;
    }
    Ok(result)
}

/// The column of the largest entry of each row, from 0 on; the first one of equal entries.
///
/// # Errors
/// [`LectureError::Empty`] if there are no columns, [`LectureError::NotFinite`] for a NaN.
pub fn classes(scores: &DMatrix<f64>) -> Result<Vec<usize>, LectureError> {
    if scores.ncols() == 0 {
        return Err(LectureError::Empty("a row of scores"));
    }
    (scores.row_iter())
        .map(|row| {
            if row.iter().any(|x| x.is_nan()) {
                return Err(LectureError::NotFinite {
                    what: "a score",
                    value: f64::NAN,
                });
            }
            let better = |best: usize, at: usize| if row[at] > row[best] { at } else { best };
            Ok((0..row.len()).fold(0, better))
        })
        .collect()
}

/// The cross-entropy of q relative to p in nats: what a code made for q costs where p is true, -sum p*log(q).
///
/// 0*log(0) is 0, its limit; infinite where q holds impossible what p does not.
///
/// # Errors
/// [`LectureError::Shapes`], [`LectureError::NotAProbability`], [`LectureError::SumNotOne`].
pub fn cross_entropy(p: &DVector<f64>, q: &DVector<f64>) -> Result<f64, LectureError> {
    both(p, q)?;
    Ok(-(p
        .iter()
        .zip(q.iter())
        .map(|(&p, &q)| p_times(p, q.ln()))
        .sum::<f64>()))
}

/// The entropy of p in nats: its cross-entropy with itself.
///
/// # Errors
/// As [`cross_entropy`].
pub fn entropy(p: &DVector<f64>) -> Result<f64, LectureError> {
    cross_entropy(p, p)
}

/// The Kullback-Leibler divergence of q from p in nats: sum p*log(p/q), never below 0, and 0 only if they are equal.
///
/// ```
/// use gradus::lecture::softmax::{cross_entropy, divergence, entropy};
/// use nalgebra::dvector;
/// let (p, q) = (dvector![0.5, 0.5, 0.0], dvector![0.25, 0.5, 0.25]);
/// assert!((divergence(&p, &q)? - 0.5 * 2f64.ln()).abs() < 1e-15);
/// assert!((cross_entropy(&p, &q)? - entropy(&p)? - divergence(&p, &q)?).abs() < 1e-15);
/// assert_eq!(divergence(&q, &p)?, f64::INFINITY);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// As [`cross_entropy`].
pub fn divergence(p: &DVector<f64>, q: &DVector<f64>) -> Result<f64, LectureError> {
    both(p, q)?;
    // The terms p*log(p/q) cancel where p is near q; p*log(p/q) + q - p, which has the same sum, is never negative.
    let term = |(&p, &q): (&f64, &f64)| match (p, q) {
        (0.0, q) => q,
        (p, q) => {
            let excess = (q - p) / p;
            match excess.is_finite() {
                true => p * (excess - excess.ln_1p()),
                // p is next to nothing.
                false => p * (p.ln() - q.ln()) + (q - p),
            }
        }
    };
    Ok(p.iter().zip(q.iter()).map(term).sum())
}

fn p_times(p: f64, log: f64) -> f64 {
    if p == 0.0 { 0.0 } else { p * log }
}

fn both(p: &DVector<f64>, q: &DVector<f64>) -> Result<(), LectureError> {
    same_length("probabilities", p.len(), "probabilities", q.len())?;
    distribution("p", p.as_slice())?;
    distribution("q", q.as_slice())
}
