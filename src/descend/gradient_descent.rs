//! Gradient descent with a fixed rate: `x - rate * grad f(x)`.
//!
//! Needs the gradient, nothing else. For a quadratic function with the largest curvature L it converges for rates below
//! 2/L and doubles back and away above; it is here because it is where everybody starts.

use super::Method;

/// A step against the gradient, always with the same rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientDescent {
    /// The factor of the gradient (learning rate).
    pub rate: f64,
}

impl Default for GradientDescent {
    /// The rate 0.01.
    fn default() -> Self {
        GradientDescent { rate: 0.01 }
    }
}

impl Method for GradientDescent {
    fn name(&self) -> &'static str {
        "gradient-descent"
    }

    fn step(&mut self, _point: &[f64], gradient: &[f64], step: &mut [f64]) {
        for (step, slope) in step.iter_mut().zip(gradient) {
            *step = -self.rate * slope;
        }
    }
}
