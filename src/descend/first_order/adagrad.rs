//! AdaGrad: a rate for each coordinate, which falls with all the gradients seen there.

use super::Rule;
use crate::descend::{Memory, MemoryError};

/// `s <- s + g^2`, and the step is `-rate*g/(sqrt(s) + epsilon)`, coordinate by coordinate.
///
/// Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization (2011), figure 1
/// with the diagonal matrix. Made for sparse gradients; its rates never rise again, so it slows down for good.
#[derive(Clone, Debug, PartialEq)]
pub struct AdaGrad {
    /// The factor of the gradient.
    pub rate: f64,
    /// Keeps the divisor from 0.
    pub epsilon: f64,
    /// The sums of squares; empty before the first step.
    pub squares: Vec<f64>,
}

impl Default for AdaGrad {
    /// The rate 0.01.
    fn default() -> Self {
        AdaGrad {
            rate: 0.01,
            epsilon: 1e-10,
            squares: Vec::new(),
        }
    }
}

impl Rule for AdaGrad {
    fn name(&self) -> &'static str {
        "adagrad"
    }

    fn step(&mut self, _point: &[f64], gradient: &[f64], factor: f64, step: &mut [f64]) {
        self.squares.resize(gradient.len(), 0.0);
        for ((s, g), step) in self.squares.iter_mut().zip(gradient).zip(step) {
            *s += g * g;
            *step = -self.rate * factor * g / (s.sqrt() + self.epsilon);
        }
    }

    fn forget(&mut self) {
        self.squares.clear();
    }

    fn save(&self, memory: &mut Memory) {
        memory.put("squares", &self.squares);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.squares = memory.vector("squares", dimension)?;
        Ok(())
    }
}
