//! How the columns of derivatives lie to each other: rank, condition, and solutions where some are combinations of others.

use super::singular::{Singular, dot, singular};
use super::triangle::Triangle;

/// How the columns of a triangle lie to each other.
pub(super) struct Shape {
    free: Vec<usize>,
    norms: Vec<f64>,
    singular: Singular,
    pub(super) rank: usize,
}

impl Shape {
    pub(super) fn of(triangle: &Triangle, free: &[usize]) -> Shape {
        let n = triangle.columns() - 1;
        let norms: Vec<f64> = free.iter().map(|&k| triangle.norm(k)).collect();
        let unit = |at: usize| if norms[at] > 0.0 { norms[at] } else { 1.0 };
        let columns = (free.iter().enumerate())
            .map(|(at, &k)| (0..n).map(|row| triangle.at(row, k) / unit(at)).collect())
            .collect();
        let singular = singular(columns);
        let largest = singular.values.first().copied().unwrap_or(0.0);
        let least = largest * 20.0 * f64::EPSILON * free.len() as f64;
        Shape {
            free: free.to_vec(),
            rank: (singular.values.iter()).filter(|&&s| s > least).count(),
            norms,
            singular,
        }
    }

    fn unit(&self, at: usize) -> f64 {
        match self.norms[at] > 0.0 {
            true => self.norms[at],
            false => 1.0,
        }
    }

    pub(super) fn condition(&self) -> f64 {
        match (self.singular.values.first(), self.singular.values.last()) {
            (Some(first), Some(last)) => first / last,
            _ => 1.0,
        }
    }

    /// The directions that change no prediction, in parameters.
    fn null_directions(&self) -> Vec<Vec<f64>> {
        (self.singular.right[self.rank..].iter())
            .map(|v| {
                (v.iter().enumerate())
                    .map(|(at, x)| x / self.unit(at))
                    .collect()
            })
            .collect()
    }

    /// The solution of the least squares of the last column; of several the one with the least sum of squares.
    pub(super) fn shortest_solution(&self, triangle: &Triangle) -> Vec<f64> {
        let n = triangle.columns() - 1;
        let target = &triangle.column(n)[..n];
        if self.rank == n {
            let mut solution = target.to_vec();
            for k in (0..n).rev() {
                solution[k] /= triangle.at(k, k);
                for row in 0..k {
                    solution[row] -= triangle.at(row, k) * solution[k];
                }
            }
            return solution;
        }
        let mut solution = vec![0.0; n];
        for k in 0..self.rank {
            let part = dot(&self.singular.left[k], target) / self.singular.values[k];
            for (at, v) in self.singular.right[k].iter().enumerate() {
                solution[at] += part * v / self.unit(at);
            }
        }
        // Less what lies along directions that change nothing, made orthogonal first.
        let directions = singular(self.null_directions());
        for direction in &directions.left {
            let part = dot(direction, &solution);
            for (b, d) in solution.iter_mut().zip(direction) {
                *b -= part * d;
            }
        }
        solution
    }

    /// Sets of parameters that only together change the predictions, and those that change nothing.
    pub(super) fn undetermined(&self) -> Vec<Vec<usize>> {
        (self.singular.right[self.rank..].iter())
            .map(|v| self.large_parts(v, 1e-3))
            .collect()
    }

    /// Where the condition is at least `poor`: the parameters in the combination that is known worst.
    pub(super) fn entangled(&self, poor: f64) -> Vec<usize> {
        match self.singular.right.last() {
            Some(worst) if self.rank == self.free.len() && self.condition() >= poor => {
                self.large_parts(worst, 0.1)
            }
            _ => Vec::new(),
        }
    }

    fn large_parts(&self, vector: &[f64], least: f64) -> Vec<usize> {
        let largest = vector.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        (self.free.iter().zip(vector))
            .filter(|(_, x)| x.abs() >= least * largest)
            .map(|(&k, _)| k)
            .collect()
    }

    /// The inverse of `R^T R` at its place among all `n` parameters; NaN where it is not determined.
    pub(super) fn inverse(&self, n: usize) -> Vec<f64> {
        let mut inverse = vec![f64::NAN; n * n];
        let lost = |at: usize| {
            let parts = self.singular.right[self.rank..].iter();
            parts.map(|v| v[at].abs()).fold(0.0, f64::max) > 1e-6
        };
        for (i, &a) in self.free.iter().enumerate() {
            for (j, &b) in self.free.iter().enumerate() {
                if lost(i) || lost(j) {
                    continue;
                }
                let terms = (0..self.rank).map(|k| {
                    let v = &self.singular.right[k];
                    v[i] / self.singular.values[k] * (v[j] / self.singular.values[k])
                });
                inverse[a * n + b] = terms.sum::<f64>() / (self.unit(i) * self.unit(j));
            }
        }
        inverse
    }
}
