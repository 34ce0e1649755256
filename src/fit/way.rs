//! The ways down from a place: full steps, steps within a radius, and steps that follow the bend of the model.
//!
//! They come from singular values of the triangle, so that parameters which the data do not determine do no harm.

use super::search::{Ended, Found};
use super::singular::{Singular, dot, singular};
use super::triangle::{Triangle, norm};

/// A place without steps downwards is a minimum if its offset is at most this part of the residuals, or a full step at most
/// this part of each parameter.
const NEARLY: f64 = 1e-4;

/// A bend is followed if it changes the step by at most this part of it.
const MOST_BEND: f64 = 0.75;

/// The ways down from a place.
pub(super) struct Way {
    /// The parameters that are not held at a bound.
    pub(super) free: Vec<usize>,
    /// The unit of each parameter: a step of 1/unit changes the predictions by about 1.
    pub(super) unit: Vec<f64>,
    /// Half the slope of the objective, downwards.
    pub(super) gradient: Vec<f64>,
    singular: Singular,
    /// What the residuals are worth along each of the left singular vectors.
    pub(super) along: Vec<f64>,
}

impl Way {
    pub(super) fn new(found: &Found, bounds: &[(f64, f64)], unit: Vec<f64>) -> Way {
        let (triangle, n) = (&found.triangle, unit.len());
        let residuals = &triangle.column(n)[..n];
        let gradient: Vec<f64> = (0..n).map(|k| dot(triangle.column(k), residuals)).collect();
        let held = |k: usize| {
            let (b, (low, high)) = (found.parameters[k], bounds[k]);
            low == high || b <= low && gradient[k] <= 0.0 || b >= high && gradient[k] >= 0.0
        };
        let free: Vec<usize> = (0..n).filter(|&k| !held(k)).collect();
        let columns = (free.iter())
            .map(|&k| (0..n).map(|i| triangle.at(i, k) / unit[k]).collect())
            .collect();
        let singular = singular(columns);
        let along = (singular.left.iter()).map(|u| dot(u, residuals)).collect();
        Way {
            free,
            unit,
            gradient,
            singular,
            along,
        }
    }

    /// Is this the end of the way?
    pub(super) fn is_end(&self, found: &Found, tolerance: f64) -> Option<Ended> {
        let n = self.unit.len();
        let size = found.triangle.norm(n);
        if size == 0.0 {
            return Some(Ended::ExactFit);
        }
        if norm(&self.along) <= tolerance * size {
            return Some(Ended::SmallStep);
        }
        let step = self.damped(n, 0.0);
        let small = |&k: &usize| step[k].abs() <= tolerance * found.parameters[k].abs();
        self.free.iter().all(small).then_some(Ended::SmallStep)
    }

    /// Why a search ends here, from where no step leads down.
    pub(super) fn last(&self, found: &Found) -> Ended {
        let n = self.unit.len();
        let step = self.damped(n, 0.0);
        let small = |&k: &usize| step[k].abs() <= NEARLY * found.parameters[k].abs();
        let offset = norm(&self.along) <= NEARLY * found.triangle.norm(n);
        match offset || self.free.iter().all(small) {
            true => Ended::Precision,
            false => Ended::Stalled,
        }
    }

    /// The best step of the linear model within the radius, and its damping: 0 where the radius does not matter.
    pub(super) fn step(&self, n: usize, radius: f64) -> (Vec<f64>, f64) {
        let full = self.length(0.0);
        if full <= 1.1 * radius {
            return (self.damped(n, 0.0), 0.0);
        }
        // The damping for which the length is the radius within a tenth: Newton's method for 1/length, which is nearly
        // straight (Hebden 1973), between bounds.
        let slope = |k: usize| self.singular.values[k] * self.along[k];
        let steepest = (0..self.along.len()).map(slope).map(|x| x * x).sum::<f64>();
        let (mut low, mut high) = (0.0, steepest.sqrt() / radius);
        let mut damping = high * 1e-3;
        for _ in 0..50 {
            let (length, change) = self.length_and_change(damping);
            if (length - radius).abs() <= 0.1 * radius {
                break;
            }
            if length > radius {
                low = damping;
            } else {
                high = damping;
            }
            damping += (length - radius) / radius * length / change;
            if !(damping > low && damping < high) {
                damping = (low * high).sqrt().max(1e-3 * high);
            }
        }
        (self.damped(n, damping), damping)
    }

    /// The length of the damped step, in units.
    fn length(&self, damping: f64) -> f64 {
        let parts = (self.singular.values.iter().zip(&self.along)).map(|(&s, &c)| {
            let part = c * s / (s * s + damping);
            if c == 0.0 { 0.0 } else { part }
        });
        norm(&parts.collect::<Vec<f64>>())
    }

    /// The length, and how fast it falls with the damping.
    fn length_and_change(&self, damping: f64) -> (f64, f64) {
        let length = self.length(damping);
        let change = (self.singular.values.iter().zip(&self.along)).map(|(&s, &c)| {
            let below = s * s + damping;
            (c * s / below).powi(2) / below
        });
        (length, change.sum::<f64>() / length)
    }

    pub(super) fn damped(&self, n: usize, damping: f64) -> Vec<f64> {
        self.damped_along(&self.along, n, damping)
    }

    /// A step in units.
    pub(super) fn sized(&self, step: &[f64]) -> Vec<f64> {
        let parts = step.iter().zip(&self.unit);
        parts.map(|(x, unit)| x * unit).collect()
    }

    /// The step along the parabola that follows the bend, the last column of a triangle; none where the bend is too much of
    /// a change to be trusted.
    pub(super) fn bent(&self, bend: &Triangle, step: &[f64], damping: f64) -> Option<Vec<f64>> {
        let n = step.len();
        let bend = &bend.column(n)[..n];
        let along: Vec<f64> = self.singular.left.iter().map(|u| dot(u, bend)).collect();
        let second = self.damped_along(&along, n, damping);
        // Also written so that NaN ends here.
        let small = norm(&self.sized(&second)) <= MOST_BEND / 2.0 * norm(&self.sized(step));
        let parabola = step.iter().zip(&second).map(|(v, a)| v + 0.5 * a);
        small.then(|| parabola.collect())
    }

    fn damped_along(&self, along: &[f64], n: usize, damping: f64) -> Vec<f64> {
        let mut step = vec![0.0; n];
        for (k, (&s, &c)) in self.singular.values.iter().zip(along).enumerate() {
            if s == 0.0 || c == 0.0 {
                continue;
            }
            let part = c * s / (s * s + damping);
            for (&parameter, v) in self.free.iter().zip(&self.singular.right[k]) {
                step[parameter] += part * v / self.unit[parameter];
            }
        }
        step
    }

    /// By how much the linear model says that the sum of squares falls.
    pub(super) fn foretold(&self, triangle: &Triangle, step: &[f64]) -> f64 {
        let n = step.len();
        let moved = (0..n).map(|row| {
            let terms = (row..n).map(|k| triangle.at(row, k) * step[k]);
            terms.sum::<f64>().powi(2)
        });
        2.0 * dot(&self.gradient, step) - moved.sum::<f64>()
    }
}
