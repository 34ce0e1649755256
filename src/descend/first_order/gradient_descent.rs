//! Gradient descent: `x - rate * grad f(x)`.
//!
//! Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées (1847). Needs the gradient, nothing
//! else. For a quadratic function with the largest curvature L it converges for rates below 2/L and doubles back and away
//! above; it is here because it is where everybody starts. By itself it is a method with a fixed rate; in
//! [`FirstOrder`](super::FirstOrder) it takes decays, bounds and mini-batches (stochastic gradient descent: Robbins and
//! Monro 1951).

use super::Rule;
use crate::descend::{Advance, Counted, Iterate, Measure, Method};

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

impl Rule for GradientDescent {
    fn name(&self) -> &'static str {
        "gradient-descent"
    }

    fn has_memory(&self) -> bool {
        false
    }

    fn step(&mut self, _point: &[f64], gradient: &[f64], factor: f64, step: &mut [f64]) {
        for (step, slope) in step.iter_mut().zip(gradient) {
            *step = -self.rate * factor * slope;
        }
    }
}

impl Method for GradientDescent {
    fn name(&self) -> &'static str {
        Rule::name(self)
    }

    fn measure(&self) -> Measure {
        Measure::Step
    }

    fn advance(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Advance {
        let mut size = 0.0f64;
        for (x, slope) in at.point.iter_mut().zip(&at.gradient) {
            let before = *x;
            *x += -self.rate * slope;
            size = size.max((*x - before).abs());
        }
        objective.evaluate(at);
        Advance::Step { size }
    }
}
