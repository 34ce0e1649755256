//! The observed Fisher information, and what it determines.
//!
//! The matrix is scaled to a diagonal of 1, so that units do not matter, and taken apart by its singular values, which of
//! such a matrix are its eigenvalues but for their signs. Directions in which it is 0 but for rounding are not determined:
//! parameters that take part in one have no variance, and the others are not spoilt by it.

use crate::fit::singular::{Singular, dot, singular};

/// Beside the largest eigenvalue, one this small may be what rounding, and the last step that a search leaves out, make of 0.
const ROUNDING: f64 = 1e-10;

/// Parameters with a smaller part in a direction that is not determined are none of it.
const PART: f64 = 1e-3;

/// A symmetric matrix of second derivatives, taken apart.
pub(super) struct Information {
    n: usize,
    /// Which parameters are free: the others are held.
    free: Vec<usize>,
    /// The roots of the diagonal, of the free parameters.
    scale: Vec<f64>,
    singular: Singular,
    rank: usize,
}

impl Information {
    /// Of an n x n matrix, row by row; none if a number of it is not finite.
    pub fn of(matrix: &[f64], n: usize, free: &[usize]) -> Option<Information> {
        let at = |i: usize, j: usize| matrix[free[i] * n + free[j]];
        let m = free.len();
        let scale: Vec<f64> = (0..m)
            .map(|i| match at(i, i).abs().sqrt() {
                0.0 => 1.0,
                root => root,
            })
            .collect();
        let columns: Vec<Vec<f64>> = (0..m)
            .map(|j| (0..m).map(|i| at(i, j) / scale[i] / scale[j]).collect())
            .collect();
        if !columns.iter().flatten().all(|x| x.is_finite()) {
            return None;
        }
        let singular = singular(columns);
        let largest = singular.values.first().copied().unwrap_or(0.0);
        let rank = (singular.values.iter())
            .filter(|&&s| s > ROUNDING * largest)
            .count();
        Some(Information {
            n,
            free: free.to_vec(),
            scale,
            singular,
            rank,
        })
    }

    /// How many directions are determined.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// An eigenvalue of the scaled matrix, with its sign.
    fn eigenvalue(&self, k: usize) -> f64 {
        let side = dot(&self.singular.left[k], &self.singular.right[k]);
        self.singular.values[k].copysign(side)
    }

    /// Does the function curve upwards in every direction that is determined?
    pub fn is_positive(&self) -> bool {
        (0..self.rank).all(|k| self.eigenvalue(k) > 0.0)
    }

    /// Newton's step: to where the gradient would be 0, in the directions that are determined.
    pub fn step(&self, gradient: &[f64]) -> Vec<f64> {
        let slopes: Vec<f64> = (self.free.iter().zip(&self.scale))
            .map(|(&k, scale)| gradient[k] / scale)
            .collect();
        let mut step = vec![0.0; self.n];
        for k in 0..self.rank {
            let direction = &self.singular.right[k];
            let length = -dot(direction, &slopes) / self.eigenvalue(k);
            for (i, &place) in self.free.iter().enumerate() {
                step[place] += length * direction[i] / self.scale[i];
            }
        }
        step
    }

    /// The inverse at its place among all parameters, row by row; NaN where it is not determined, or held.
    pub fn inverse(&self) -> Vec<f64> {
        let mut inverse = vec![f64::NAN; self.n * self.n];
        let lost = |i: usize| {
            let parts = self.singular.right[self.rank..].iter();
            parts.map(|v| v[i].abs()).fold(0.0, f64::max) > PART
        };
        for (i, &a) in self.free.iter().enumerate() {
            for (j, &b) in self.free.iter().enumerate() {
                if lost(i) || lost(j) {
                    continue;
                }
                let terms = (0..self.rank).map(|k| {
                    let v = &self.singular.right[k];
                    v[i] * v[j] / self.eigenvalue(k)
                });
                inverse[a * self.n + b] = terms.sum::<f64>() / (self.scale[i] * self.scale[j]);
            }
        }
        inverse
    }

    /// Sets of parameters that are not determined one by one, though they may be together.
    pub fn undetermined(&self) -> Vec<Vec<usize>> {
        (self.singular.right[self.rank..].iter())
            .map(|v| {
                (self.free.iter().zip(v))
                    .filter(|(_, x)| x.abs() > PART)
                    .map(|(&k, _)| k)
                    .collect()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverts_what_is_determined_and_says_what_is_not() {
        // x is alone; of y and z only the sum matters.
        let matrix = [4.0, 0.0, 0.0, 0.0, 9e6, 9e6, 0.0, 9e6, 9e6];
        let found = Information::of(&matrix, 3, &[0, 1, 2]).unwrap();
        assert_eq!((found.rank(), found.is_positive()), (2, true));
        assert_eq!(found.undetermined(), [vec![1, 2]]);
        let inverse = found.inverse();
        assert!((inverse[0] - 0.25).abs() < 1e-15);
        assert!(inverse[4].is_nan() && inverse[8].is_nan());
        let held = Information::of(&matrix, 3, &[0, 1]).unwrap();
        assert!((held.inverse()[4] * 9e6 - 1.0).abs() < 1e-14);
        assert!(held.inverse()[8].is_nan());
        assert_eq!(held.step(&[8.0, 0.0, 5.0]), [-2.0, 0.0, 0.0]);
    }

    #[test]
    fn a_saddle_is_no_maximum() {
        let found = Information::of(&[1.0, 0.0, 0.0, -2.0], 2, &[0, 1]).unwrap();
        assert!(!found.is_positive());
        assert_eq!(found.step(&[1.0, 1.0]), [-1.0, 0.5]);
        assert!(Information::of(&[f64::NAN], 1, &[0]).is_none());
    }
}
