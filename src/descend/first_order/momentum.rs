//! Momentum: steps that keep a part of the last one.

use super::Rule;
use crate::descend::{Memory, MemoryError};

/// The heavy ball: `v <- momentum*v - rate*g`, and the step is v.
///
/// Polyak, Some methods of speeding up the convergence of iteration methods (1964). Along a narrow valley it gathers
/// speed, across it the parts cancel.
#[derive(Clone, Debug, PartialEq)]
pub struct Momentum {
    /// The factor of the gradient.
    pub rate: f64,
    /// What is kept of the velocity, from 0 up to 1, which is too much.
    pub momentum: f64,
    /// The velocity; empty before the first step.
    pub velocity: Vec<f64>,
}

impl Default for Momentum {
    /// The rate 0.01, of which 0.9 is kept.
    fn default() -> Self {
        Momentum {
            rate: 0.01,
            momentum: 0.9,
            velocity: Vec::new(),
        }
    }
}

impl Rule for Momentum {
    fn name(&self) -> &'static str {
        "momentum"
    }

    fn steady(&self, gradient: &[f64]) -> f64 {
        self.rate / (1.0 - self.momentum) * largest(gradient)
    }

    fn step(&mut self, _point: &[f64], gradient: &[f64], factor: f64, step: &mut [f64]) {
        self.velocity.resize(gradient.len(), 0.0);
        for ((v, g), step) in self.velocity.iter_mut().zip(gradient).zip(step) {
            *v = self.momentum * *v - self.rate * factor * g;
            *step = *v;
        }
    }

    fn forget(&mut self) {
        self.velocity.clear();
    }

    fn save(&self, memory: &mut Memory) {
        memory.put("velocity", &self.velocity);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.velocity = memory.vector("velocity", dimension)?;
        Ok(())
    }
}

fn largest(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0, |most: f64, g| most.max(g.abs()))
}

/// Nesterov's accelerated gradient: the gradient is taken where the momentum leads.
///
/// Nesterov, A method of solving a convex programming problem with convergence rate O(1/k^2) (1983), with a fixed
/// momentum and in the form of Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in
/// deep learning (2013), section 2. The points that are seen here are those where gradients are taken, after the look
/// ahead: `v <- momentum*v - rate*g`, and the step is `momentum*v - rate*g`.
#[derive(Clone, Debug, PartialEq)]
pub struct Nesterov {
    /// The factor of the gradient.
    pub rate: f64,
    /// What is kept of the velocity, from 0 up to 1, which is too much.
    pub momentum: f64,
    /// The velocity; empty before the first step.
    pub velocity: Vec<f64>,
}

impl Default for Nesterov {
    /// The rate 0.01, of which 0.9 is kept.
    fn default() -> Self {
        Nesterov {
            rate: 0.01,
            momentum: 0.9,
            velocity: Vec::new(),
        }
    }
}

impl Rule for Nesterov {
    fn name(&self) -> &'static str {
        "nesterov"
    }

    fn steady(&self, gradient: &[f64]) -> f64 {
        self.rate / (1.0 - self.momentum) * largest(gradient)
    }

    fn step(&mut self, _point: &[f64], gradient: &[f64], factor: f64, step: &mut [f64]) {
        self.velocity.resize(gradient.len(), 0.0);
        for ((v, g), step) in self.velocity.iter_mut().zip(gradient).zip(step) {
            let push = self.rate * factor * g;
            *v = self.momentum * *v - push;
            *step = self.momentum * *v - push;
        }
    }

    fn forget(&mut self) {
        self.velocity.clear();
    }

    fn save(&self, memory: &mut Memory) {
        memory.put("velocity", &self.velocity);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.velocity = memory.vector("velocity", dimension)?;
        Ok(())
    }
}
