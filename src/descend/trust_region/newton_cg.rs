//! Newton's method without a matrix: the model is explored by products with the Hessian.

use super::{ENOUGH, GOOD, MOST, POOR, ROUNDING};
use crate::descend::line_search::IDLE;
use crate::descend::method::{dot, norm};
use crate::descend::{Advance, Counted, Iterate, Memory, MemoryError, Method};

/// Newton steps by truncated conjugate gradients, in a trust region: for many variables.
///
/// Steihaug, The conjugate gradient method and trust regions in large scale optimization, SIAM J. Numer. Anal. 20 (1983);
/// Toint (1981). A product with the Hessian costs about as much as a gradient; a step takes a few of them, more as the
/// minimum comes near (Dembo, Eisenstat and Steihaug, Inexact Newton methods, 1982).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewtonCg {
    /// How far the model is trusted; 0 before the first step.
    radius: f64,
    idle: u64,
}

struct Step {
    step: Vec<f64>,
    decrease: f64,
    at_the_edge: bool,
}

impl Method for NewtonCg {
    fn name(&self) -> &'static str {
        "newton-cg"
    }

    fn advance(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Advance {
        if self.radius == 0.0 {
            let size = norm(&at.point);
            self.radius = if size > 0.0 { size } else { 1.0 };
        }
        let mut next = Iterate::new(&at.point);
        for _ in 0..MOST {
            let Some(found) = steihaug(objective, at, self.radius) else {
                return Advance::Exhausted { settled: false };
            };
            let length = norm(&found.step);
            let mut size = 0.0f64;
            for ((to, from), step) in next.point.iter_mut().zip(&at.point).zip(&found.step) {
                *to = from + step;
                size = size.max((*to - from).abs());
            }
            if found.decrease.is_nan() || found.decrease <= 0.0 || size == 0.0 {
                return Advance::Exhausted { settled: false };
            }
            objective.evaluate(&mut next);
            if next.value == f64::NEG_INFINITY {
                return Advance::Unbounded;
            }
            let (change, rounding) = (at.value - next.value, ROUNDING * at.value.abs());
            let ratio = match (
                found.decrease <= rounding && change.abs() <= rounding,
                next.is_finite(),
            ) {
                (_, false) => f64::NAN,
                (true, _) => 1.0,
                (false, _) => change / found.decrease,
            };
            if ratio.is_nan() || ratio < POOR {
                self.radius = POOR * length;
            } else if ratio > GOOD && found.at_the_edge {
                self.radius = self.radius.max(2.0 * length);
            }
            if ratio > ENOUGH {
                self.idle = if next.value < at.value {
                    0
                } else {
                    self.idle + 1
                };
                if self.idle > IDLE {
                    return Advance::Exhausted { settled: false };
                }
                at.copy_from(&next);
                return Advance::Step { size };
            }
        }
        Advance::Exhausted { settled: false }
    }

    fn forget(&mut self) {
        (self.radius, self.idle) = (0.0, 0);
    }

    fn save(&self, memory: &mut Memory) {
        memory.put_number("radius", self.radius);
        memory.put_count("idle", self.idle);
    }

    fn restore(&mut self, memory: &Memory, _dimension: usize) -> Result<(), MemoryError> {
        self.radius = memory.number("radius")?;
        self.idle = memory.count("idle")?;
        Ok(())
    }
}

/// Conjugate gradients on the model, until it is solved well enough, turns down, or the radius is reached. None where a
/// product is not finite.
fn steihaug(objective: &mut Counted<'_>, at: &Iterate, radius: f64) -> Option<Step> {
    let n = at.point.len();
    let (mut step, mut curved) = (vec![0.0; n], vec![0.0; n]);
    let mut residual = at.gradient.clone();
    let mut along: Vec<f64> = residual.iter().map(|g| -g).collect();
    let mut product = vec![0.0; n];
    let start = norm(&residual);
    let enough = start * start.sqrt().min(0.5);
    let mut squared = dot(&residual, &residual);
    let mut at_the_edge = false;
    // Rounding may need more than n rounds.
    for _ in 0..2 * n + 10 {
        objective.hessian_product(&at.point, &along, &mut product);
        if !product.iter().all(|p| p.is_finite()) {
            return None;
        }
        let curvature = dot(&along, &product);
        let length = squared / curvature;
        let inside = curvature > 0.0 && {
            let parts = step.iter().zip(&along);
            let next: Vec<f64> = parts.map(|(s, d)| s + length * d).collect();
            norm(&next) < radius
        };
        let length = if inside {
            length
        } else {
            to_the_edge(&step, &along, radius)
        };
        for i in 0..n {
            step[i] += length * along[i];
            curved[i] += length * product[i];
            residual[i] += length * product[i];
        }
        if !inside {
            at_the_edge = true;
            break;
        }
        let next = dot(&residual, &residual);
        if next.sqrt() <= enough {
            break;
        }
        let beta = next / squared;
        squared = next;
        for (d, r) in along.iter_mut().zip(&residual) {
            *d = beta * *d - r;
        }
    }
    let decrease = -dot(&at.gradient, &step) - 0.5 * dot(&step, &curved);
    Some(Step {
        step,
        decrease,
        at_the_edge,
    })
}

/// How far it is along a direction to the surface of the ball.
fn to_the_edge(step: &[f64], along: &[f64], radius: f64) -> f64 {
    let (a, b) = (dot(along, along), dot(step, along));
    let c = dot(step, step) - radius * radius;
    let root = (b * b - a * c).max(0.0).sqrt();
    // The form that does not cancel.
    match b > 0.0 {
        true => -c / (b + root),
        false => (root - b) / a,
    }
}
