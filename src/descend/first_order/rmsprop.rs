//! RMSProp: a rate for each coordinate, by the size of the gradients seen lately.

use super::Rule;
use crate::descend::{Memory, MemoryError};

/// `s <- beta*s + (1 - beta)*g^2`, and the step is `-rate*g/(sqrt(s) + epsilon)`, coordinate by coordinate.
///
/// Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning (2012), page 29.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp {
    /// The factor of the gradient.
    pub rate: f64,
    /// What is kept of the mean of squares.
    pub beta: f64,
    /// Keeps the divisor from 0.
    pub epsilon: f64,
    /// The mean of squares; empty before the first step.
    pub squares: Vec<f64>,
}

impl Default for RmsProp {
    /// The rate 0.01, and 0.9 of the mean is kept.
    fn default() -> Self {
        RmsProp {
            rate: 0.01,
            beta: 0.9,
            epsilon: 1e-8,
            squares: Vec::new(),
        }
    }
}

impl Rule for RmsProp {
    fn name(&self) -> &'static str {
        "rmsprop"
    }

    fn step(&mut self, _point: &[f64], gradient: &[f64], factor: f64, step: &mut [f64]) {
        self.squares.resize(gradient.len(), 0.0);
        for ((s, g), step) in self.squares.iter_mut().zip(gradient).zip(step) {
            *s = self.beta * *s + (1.0 - self.beta) * g * g;
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
