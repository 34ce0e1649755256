//! Adam: momentum, and a rate for each coordinate; and AdamW, which lets the point decay as well.

use super::Rule;
use crate::descend::{Memory, MemoryError};

/// `m <- beta1*m + (1 - beta1)*g`, `v <- beta2*v + (1 - beta2)*g^2`, and the step is
/// `-rate * (m/(1 - beta1^t)) / (sqrt(v/(1 - beta2^t)) + epsilon)` in step t, coordinate by coordinate.
///
/// Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), algorithm 1. The divisors undo the bias of means that
/// begin with 0: without them the first steps were up to three times as long.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam {
    /// The length of a step where gradients agree.
    pub rate: f64,
    /// What is kept of the mean of gradients.
    pub beta1: f64,
    /// What is kept of the mean of their squares.
    pub beta2: f64,
    /// Keeps the divisor from 0.
    pub epsilon: f64,
    /// Means, squares and the count of steps.
    pub moments: Moments,
}

/// What Adam remembers: empty before the first step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments {
    mean: Vec<f64>,
    squares: Vec<f64>,
    steps: u64,
}

impl Default for Adam {
    /// The rate 0.01; for the rest the paper's 0.9, 0.999 and 1e-8.
    fn default() -> Self {
        Adam {
            rate: 0.01,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            moments: Moments::default(),
        }
    }
}

impl Rule for Adam {
    fn name(&self) -> &'static str {
        "adam"
    }

    fn step(&mut self, _point: &[f64], gradient: &[f64], factor: f64, step: &mut [f64]) {
        let moments = &mut self.moments;
        moments.mean.resize(gradient.len(), 0.0);
        moments.squares.resize(gradient.len(), 0.0);
        moments.steps += 1;
        let time = moments.steps as f64;
        let unbias = 1.0 - self.beta1.powf(time);
        let unbias_squares = 1.0 - self.beta2.powf(time);
        let lists = moments.mean.iter_mut().zip(&mut moments.squares);
        for (((m, v), g), step) in lists.zip(gradient).zip(step) {
            *m = self.beta1 * *m + (1.0 - self.beta1) * g;
            *v = self.beta2 * *v + (1.0 - self.beta2) * g * g;
            let size = (*v / unbias_squares).sqrt() + self.epsilon;
            *step = -self.rate * factor * (*m / unbias) / size;
        }
    }

    fn forget(&mut self) {
        self.moments = Moments::default();
    }

    fn save(&self, memory: &mut Memory) {
        memory.put("mean", &self.moments.mean);
        memory.put("squares", &self.moments.squares);
        memory.put_count("moments", self.moments.steps);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.moments = Moments {
            mean: memory.vector("mean", dimension)?,
            squares: memory.vector("squares", dimension)?,
            steps: memory.count("moments")?,
        };
        Ok(())
    }
}

/// Adam with decoupled weight decay: each step also takes `rate*weight_decay` of the point away.
///
/// Loshchilov and Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2. Where it ends is not a minimum of the
/// function, but one of the function with a pull towards 0.
#[derive(Clone, Debug, PartialEq)]
pub struct AdamW {
    /// The rule of the rest.
    pub adam: Adam,
    /// How strong the pull is.
    pub weight_decay: f64,
}

impl Default for AdamW {
    /// Adam's numbers, and a weight decay of 0.01.
    fn default() -> Self {
        AdamW {
            adam: Adam::default(),
            weight_decay: 0.01,
        }
    }
}

impl Rule for AdamW {
    fn name(&self) -> &'static str {
        "adamw"
    }

    fn step(&mut self, point: &[f64], gradient: &[f64], factor: f64, step: &mut [f64]) {
        self.adam.step(point, gradient, factor, step);
        for (step, x) in step.iter_mut().zip(point) {
            *step -= self.adam.rate * factor * self.weight_decay * x;
        }
    }

    fn forget(&mut self) {
        self.adam.forget();
    }

    fn save(&self, memory: &mut Memory) {
        self.adam.save(memory);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.adam.restore(memory, dimension)
    }
}
