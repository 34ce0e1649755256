//! BFGS: a matrix learns the inverse of the Hessian from changes of the gradient.

use super::{Direction, modest_length};
use crate::descend::method::dot;
use crate::descend::{Iterate, Memory, MemoryError};

/// `d = -H g`, where H is changed as little as makes it explain the last step.
///
/// Broyden, Fletcher, Goldfarb and Shanno (1970); Nocedal and Wright, Numerical Optimization (2006), equation 6.17, with
/// the first matrix scaled as in 6.20. Takes n^2 numbers; for more variables than some hundred there is
/// [`LBfgs`](super::LBfgs).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bfgs {
    /// H, row by row; empty at the start.
    inverse: Vec<f64>,
    product: Vec<f64>,
}

impl Direction for Bfgs {
    fn name(&self) -> &'static str {
        "bfgs"
    }

    fn direction(&mut self, at: &Iterate, direction: &mut [f64]) {
        let g = &at.gradient;
        for (i, d) in direction.iter_mut().enumerate() {
            *d = match self.inverse.chunks(g.len().max(1)).nth(i) {
                Some(row) => -dot(row, g),
                None => -g[i],
            };
        }
    }

    fn first_length(&self, at: &Iterate, direction: &[f64], _last: f64) -> f64 {
        match self.inverse.is_empty() {
            true => modest_length(at, direction),
            false => 1.0,
        }
    }

    fn learn(&mut self, step: &[f64], change: &[f64], _at: &Iterate) {
        let (s, y, n) = (step, change, step.len());
        let curvature = dot(s, y);
        let scale = curvature / dot(y, y);
        // Without curvature there is nothing to learn, and H would cease to be positive.
        if !(curvature > f64::EPSILON * dot(s, s).sqrt() * dot(y, y).sqrt() && scale.is_normal()) {
            return;
        }
        if self.inverse.is_empty() {
            self.inverse = vec![0.0; n * n];
            self.inverse
                .iter_mut()
                .step_by(n + 1)
                .for_each(|d| *d = scale);
        }
        self.product.clear();
        let rows = self.inverse.chunks(n);
        self.product.extend(rows.map(|row| dot(row, y)));
        let through = dot(&self.product, y);
        let factor = (1.0 + through / curvature) / curvature;
        for (i, row) in self.inverse.chunks_mut(n).enumerate() {
            for (j, h) in row.iter_mut().enumerate() {
                let (p, q) = (self.product[i] * s[j], s[i] * self.product[j]);
                *h += factor * s[i] * s[j] - (p + q) / curvature;
            }
        }
    }

    fn forget(&mut self) -> bool {
        let knew = !self.inverse.is_empty();
        self.inverse.clear();
        knew
    }

    fn save(&self, memory: &mut Memory) {
        memory.put("inverse_hessian", &self.inverse);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.inverse = memory.vector("inverse_hessian", dimension * dimension)?;
        Ok(())
    }
}
