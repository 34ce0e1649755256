//! L-BFGS within bounds.
//!
//! Bertsekas, Projected Newton methods for optimization problems with simple constraints, SIAM J. Control Optim. 20 (1982):
//! variables at a bound that the gradient holds there go along the gradient, the others along a quasi-Newton direction made
//! of the free coordinates alone, and every trial point is projected into the box. The direction is that of L-BFGS, as
//! in Schmidt, Kim and Sra, Projected Newton-type methods in machine learning (2011), section 3.1. No point outside the
//! bounds is ever evaluated.

use super::line_search::{IDLE, Pairs};
use super::method::norm;
use super::{Advance, Bounds, Counted, Iterate, Memory, MemoryError, Method};

/// L-BFGS in a box.
///
/// ```
/// use gradus::descend::{Bounds, ClosureObjective, ProjectedLBfgs, Stop, descend};
/// let bounds = Bounds::new(vec![1.0, f64::NEG_INFINITY], vec![2.0, 0.5])?;
/// let mut bowl = ClosureObjective::new(2, |p: &[f64]| p[0] * p[0] + (p[1] - 3.0).powi(2));
/// let mut method = ProjectedLBfgs::new(bounds);
/// let end = descend(&mut bowl, &mut method, &[1.5, 0.0], &Stop::default(), &mut |_| ());
/// assert_eq!(end.point, [1.0, 0.5]);
/// # Ok::<(), gradus::descend::BoundsError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectedLBfgs {
    bounds: Bounds,
    pairs: Pairs,
    idle: u64,
    along: Vec<f64>,
    next: Iterate,
}

/// Steps remembered.
const REMEMBERED: usize = 10;

/// A bound is near if it is nearer than this, for variables of size 1.
const NEAR: f64 = 1e-8;

/// The part of the decrease promised by the slope that must be had (Armijo).
const DECREASE: f64 = 1e-4;

/// The slope left after a step that is long enough.
const CURVATURE: f64 = 0.9;

/// Lengths tried, shorter ones or longer ones.
const MOST: u32 = 60;

impl ProjectedLBfgs {
    /// Within these bounds.
    pub fn new(bounds: Bounds) -> ProjectedLBfgs {
        ProjectedLBfgs {
            bounds,
            pairs: Pairs::new(REMEMBERED),
            idle: 0,
            along: Vec::new(),
            next: Iterate::default(),
        }
    }

    /// Is the variable held at a bound by its gradient?
    fn is_held(&self, i: usize, x: f64, slope: f64) -> bool {
        let near = NEAR * x.abs().max(1.0);
        (slope > 0.0 && x <= self.bounds.lower()[i] + near)
            || (slope < 0.0 && x >= self.bounds.upper()[i] - near)
    }

    fn direction(&mut self, at: &Iterate) {
        let held: Vec<bool> = (at.point.iter().zip(&at.gradient).enumerate())
            .map(|(i, (&x, &g))| self.is_held(i, x, g))
            .collect();
        self.along.clear();
        self.along.extend_from_slice(&at.gradient);
        self.pairs.multiply(&mut self.along, |i| !held[i]);
        for (i, d) in self.along.iter_mut().enumerate() {
            *d = if held[i] { -at.gradient[i] } else { -*d };
        }
    }

    /// Goes along the direction, back into the box; what the slope promises for that.
    fn go(&mut self, at: &Iterate, length: f64) -> f64 {
        let mut promise = 0.0;
        for (i, d) in self.along.iter().enumerate() {
            let to = self.bounds.clamp(i, at.point[i] + length * d);
            self.next.point[i] = to;
            promise += at.gradient[i] * (to - at.point[i]);
        }
        promise
    }

    fn is_low(&self, at: &Iterate, promise: f64) -> bool {
        self.next.value < at.value && self.next.value <= at.value + DECREASE * promise
    }

    fn search(&mut self, objective: &mut Counted<'_>, at: &Iterate) -> bool {
        self.direction(at);
        let mut length = match self.pairs.is_empty() {
            true => 1.0 / norm(&self.along).max(1.0),
            false => 1.0,
        };
        if !length.is_finite() || !self.along.iter().all(|d| d.is_finite()) {
            return false;
        }
        for tried in 0..MOST {
            let promise = self.go(at, length);
            if promise >= 0.0 {
                return false;
            }
            objective.evaluate(&mut self.next);
            if self.next.is_finite() && self.is_low(at, promise) {
                if tried == 0 {
                    self.lengthen(objective, at, length);
                }
                return true;
            }
            length *= match self.next.value.is_finite() {
                true => 0.5,
                false => 0.1,
            };
        }
        false
    }

    /// Goes on while the function still falls steeply: short steps teach nothing of curvature.
    fn lengthen(&mut self, objective: &mut Counted<'_>, at: &Iterate, mut length: f64) {
        for _ in 0..MOST {
            let step = |next: &Iterate, slope: &[f64]| -> f64 {
                let parts = next.point.iter().zip(&at.point).zip(slope);
                parts.map(|((to, from), g)| (to - from) * g).sum()
            };
            let (before, after) = (
                step(&self.next, &at.gradient),
                step(&self.next, &self.next.gradient),
            );
            if after >= CURVATURE * before {
                return;
            }
            let good = self.next.clone();
            length *= 2.0;
            let promise = self.go(at, length);
            if self.next.point == good.point {
                return;
            }
            objective.evaluate(&mut self.next);
            let is_better =
                self.next.is_finite() && self.next.value < good.value && self.is_low(at, promise);
            if !is_better {
                self.next = good;
                return;
            }
        }
    }
}

impl Method for ProjectedLBfgs {
    fn name(&self) -> &'static str {
        "projected-lbfgs"
    }

    fn admit(&self, start: &mut [f64]) {
        self.bounds.project(start);
    }

    /// As [`scaled_gradient`](super::scaled_gradient), of the part of the gradient that does not lead out of the box: the
    /// change of `x - g` projected.
    fn stationarity(&self, at: &Iterate) -> f64 {
        let parts = at.point.iter().zip(&at.gradient).enumerate();
        let largest = parts.fold(0.0f64, |most, (i, (&x, &g))| {
            let change = (self.bounds.clamp(i, x - g) - x).abs();
            most.max(change * x.abs().max(1.0))
        });
        largest / at.value.abs().max(1.0)
    }

    fn advance(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Advance {
        if self.next.point.len() != at.point.len() {
            self.next = Iterate::new(&at.point);
        }
        let found =
            self.search(objective, at) || (self.pairs.forget() && self.search(objective, at));
        if !found {
            return Advance::Exhausted { settled: false };
        }
        self.idle = match at.value - self.next.value > f64::EPSILON * at.value.abs() {
            true => 0,
            false => self.idle + 1,
        };
        if self.idle > IDLE {
            return Advance::Exhausted { settled: false };
        }
        let mut size = 0.0f64;
        for i in 0..at.point.len() {
            self.along[i] = self.next.point[i] - at.point[i];
            size = size.max(self.along[i].abs());
            at.gradient[i] = self.next.gradient[i] - at.gradient[i];
        }
        self.pairs.learn(&self.along, &at.gradient);
        at.copy_from(&self.next);
        Advance::Step { size }
    }

    fn forget(&mut self) {
        self.pairs.forget();
        self.idle = 0;
    }

    fn save(&self, memory: &mut Memory) {
        self.pairs.save(memory);
        memory.put_count("idle", self.idle);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.idle = memory.count("idle")?;
        self.pairs.restore(memory, dimension)
    }
}
