//! The way to the least squares of a model that is not linear: Levenberg and Marquardt in a region of trust.
//!
//! As Moré wrote it (The Levenberg-Marquardt algorithm: implementation and theory, Lecture Notes in Mathematics 630, 1978):
//! each parameter is measured by the longest column of derivatives seen for it, the step is the best one within a radius,
//! the radius follows how well the linear model foretold the decrease. The steps come from singular values of the triangle,
//! so that parameters which the data do not determine do no harm. Bounds are kept by an active set: a parameter at its bound
//! that wants to leave is held, a step beyond a bound ends there. Where the way is long, steps follow the bend of the model
//! (Transtrum and Sethna, Improvements to the Levenberg-Marquardt algorithm for nonlinear least-squares minimization,
//! arXiv:1201.5885, 2012): a narrow curved valley takes a tenth of the steps.

use std::sync::atomic::{AtomicBool, Ordering};

use super::evaluate::Evaluator;
use super::singular::{Singular, dot, singular};
use super::triangle::{Triangle, norm};

/// The least ratio of decrease and foretold decrease for which a step is taken.
const LEAST_RATIO: f64 = 1e-4;

/// The first radius, in sizes of the start.
const FIRST_RADIUS: f64 = 100.0;

/// Where the linear model foretells a smaller relative decrease than this, rounding hides it: a step is then judged by the
/// offset it leaves.
const HIDDEN: f64 = 1e-12;

/// A place without steps downwards is a minimum if its offset is at most this part of the residuals, or a full step at most
/// this part of each parameter.
const NEARLY: f64 = 1e-4;

/// After so many steps the bend of the model is looked at: it costs as much as two evaluations.
const LONG: u64 = 12;

/// A bend is followed if it changes the step by at most this part of it.
const MOST_BEND: f64 = 0.75;

/// Why a fit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A linear model: the least squares are found in one step.
    Solved,
    /// The next step would be below the tolerance.
    SmallStep,
    /// The model goes through every point.
    ExactFit,
    /// No step makes the residuals smaller that numbers of 64 bits could tell.
    Precision,
    /// No step makes the residuals smaller, though the derivatives say that one should: there is no minimum at hand.
    Stalled,
    /// The steps allowed were taken.
    MaxIterations,
    /// It was stopped from outside.
    Interrupted,
    /// The model or a derivative has no finite value at the start.
    BadStart,
}

impl Ended {
    /// What to tell the user.
    pub fn as_str(self) -> &'static str {
        match self {
            Ended::Solved => "linear least squares solved",
            Ended::SmallStep => "step below tolerance",
            Ended::ExactFit => "the model goes through every point",
            Ended::Precision => "no smaller residuals in double precision",
            Ended::Stalled => "no step makes the residuals smaller, and this is no minimum",
            Ended::MaxIterations => "maximum number of iterations",
            Ended::Interrupted => "interrupted",
            Ended::BadStart => "model or derivative is not finite at the start",
        }
    }

    /// Is it a minimum, as far as it can tell?
    pub fn converged(self) -> bool {
        match self {
            Ended::Solved | Ended::SmallStep | Ended::ExactFit | Ended::Precision => true,
            Ended::Stalled | Ended::MaxIterations | Ended::Interrupted | Ended::BadStart => false,
        }
    }
}

/// Where a fit stands, for who watches.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Steps taken so far; 0 is the start.
    pub number: u64,
    /// The parameters.
    pub parameters: &'a [f64],
    /// The objective: the weighted sum of squares, or the loss.
    pub objective: f64,
    /// The part of the residuals that a step along the derivatives would remove, by its norm: 0 at a minimum.
    pub offset: f64,
    /// The Euclidean norm of the gradient of the objective by the parameters.
    pub gradient_norm: f64,
}

/// What a search needs to know.
pub(super) struct Rules<'a> {
    pub(super) tolerance: f64,
    pub(super) max_iterations: u64,
    /// A pair of bounds a parameter.
    pub(super) bounds: &'a [(f64, f64)],
    pub(super) interrupt: Option<&'a AtomicBool>,
}

/// Where a search ended.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) parameters: Vec<f64>,
    pub(super) triangle: Triangle,
    pub(super) objective: f64,
    pub(super) ended: Ended,
    pub(super) iterations: u64,
}

/// Searches from `start`, which must be within the bounds.
pub(super) fn search(
    evaluator: &mut Evaluator<'_>,
    start: Vec<f64>,
    rules: &Rules<'_>,
    watch: &mut dyn FnMut(&Step<'_>),
) -> Found {
    let n = start.len();
    let mut triangle = Triangle::new(n + 1);
    let objective = evaluator.evaluate(&start, &mut triangle);
    let mut found = Found {
        parameters: start,
        triangle,
        objective,
        ended: Ended::BadStart,
        iterations: 0,
    };
    if !found.triangle.is_finite() || !objective.is_finite() {
        return found;
    }
    let mut next = Triangle::new(n + 1);
    let mut scale = vec![0.0f64; n];
    let mut radius = f64::NAN;
    let mut new_place = true;
    let mut way = None::<Way>;
    let ended = loop {
        if new_place {
            new_place = false;
            for (k, scale) in scale.iter_mut().enumerate() {
                *scale = scale.max(found.triangle.norm(k));
            }
            let unit: Vec<f64> = (scale.iter())
                .map(|&s| if s > 0.0 { s } else { 1.0 })
                .collect();
            if radius.is_nan() {
                let sized = found.parameters.iter().zip(&unit).map(|(b, s)| b * s);
                let size = norm(&sized.collect::<Vec<f64>>());
                radius = FIRST_RADIUS * if size > 0.0 { size } else { 1.0 };
            }
            let here = Way::new(&found, rules.bounds, unit);
            watch(&Step {
                number: found.iterations,
                parameters: &found.parameters,
                objective: found.objective,
                offset: norm(&here.along),
                gradient_norm: 2.0 * norm(&here.gradient),
            });
            if let Some(ended) = here.is_end(&found, rules.tolerance) {
                break ended;
            }
            way = Some(here);
        }
        let way = way.as_ref().expect("made at the first place");
        if found.iterations >= rules.max_iterations {
            break Ended::MaxIterations;
        }
        let stopped = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        if rules.interrupt.is_some_and(stopped) {
            break Ended::Interrupted;
        }
        let (step, damping) = way.step(n, radius);
        let damped = damping > 0.0;
        let within = |step: &[f64]| -> Vec<f64> {
            let bounds = rules.bounds.iter();
            let moved = found.parameters.iter().zip(step).zip(bounds);
            moved
                .map(|((b, step), (low, high))| (b + step).clamp(*low, *high))
                .collect()
        };
        let mut trial = within(&step);
        let mut bent = None;
        if found.iterations >= LONG && damped && evaluator.bend(&found.parameters, &step, &mut next)
        {
            bent = way.bent(&next, &step, damping);
        }
        let step: Vec<f64> = (trial.iter().zip(&found.parameters))
            .map(|(new, old)| new - old)
            .collect();
        let length = norm(&(0..n).map(|k| step[k] * way.unit[k]).collect::<Vec<f64>>());
        let size = norm(
            &(0..n)
                .map(|k| found.parameters[k] * way.unit[k])
                .collect::<Vec<f64>>(),
        );
        if found.iterations == 0 {
            radius = radius.min(length);
        }
        let foretold = way.foretold(&found.triangle, &step);
        if let Some(bent) = bent {
            trial = within(&bent);
        }
        let lost = foretold.is_nan() || foretold <= 0.0;
        if lost || length <= f64::EPSILON * size {
            break way.last(&found);
        }
        let objective = evaluator.evaluate(&trial, &mut next);
        let usable = next.is_finite() && objective.is_finite();
        let decrease = if usable {
            found.objective - objective
        } else {
            f64::NEG_INFINITY
        };
        let hidden = foretold <= HIDDEN * found.objective;
        if hidden && usable && decrease >= -HIDDEN * found.objective {
            let there = Found {
                parameters: trial,
                triangle: next.clone(),
                objective,
                ..found
            };
            let further = Way::new(&there, rules.bounds, way.unit.clone());
            // Offsets that no longer shrink are rounding errors.
            if norm(&further.along) >= 0.9 * norm(&way.along) {
                break way.last(&found);
            }
            found = there;
            found.iterations += 1;
            new_place = true;
            continue;
        }
        let ratio = decrease / foretold;
        if ratio <= 0.25 {
            // The least point of the parabola through value and slope here and the value there.
            let slope = -2.0 * dot(&way.gradient, &step);
            let shrink = match decrease >= 0.0 {
                true => 0.5,
                false => 0.5 * slope / (slope + decrease),
            };
            let shrink = if shrink.is_nan() {
                0.1
            } else {
                shrink.clamp(0.1, 0.5)
            };
            radius = shrink * radius.min(10.0 * length);
        } else if !damped || ratio >= 0.75 {
            radius = 2.0 * length;
        }
        if ratio >= LEAST_RATIO {
            found.parameters = trial;
            found.objective = objective;
            std::mem::swap(&mut found.triangle, &mut next);
            found.iterations += 1;
            new_place = true;
        }
    };
    Found { ended, ..found }
}

/// The ways down from a place.
struct Way {
    /// The parameters that are not held at a bound.
    free: Vec<usize>,
    /// The unit of each parameter: a step of 1/unit changes the predictions by about 1.
    unit: Vec<f64>,
    /// Half the slope of the objective, downwards.
    gradient: Vec<f64>,
    singular: Singular,
    /// What the residuals are worth along each of the left singular vectors.
    along: Vec<f64>,
}

impl Way {
    fn new(found: &Found, bounds: &[(f64, f64)], unit: Vec<f64>) -> Way {
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
    fn is_end(&self, found: &Found, tolerance: f64) -> Option<Ended> {
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
    fn last(&self, found: &Found) -> Ended {
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
    fn step(&self, n: usize, radius: f64) -> (Vec<f64>, f64) {
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

    fn damped(&self, n: usize, damping: f64) -> Vec<f64> {
        self.damped_along(&self.along, n, damping)
    }

    /// The step along the parabola that follows the bend, the last column of a triangle; none where the bend is too much of
    /// a change to be trusted.
    fn bent(&self, bend: &Triangle, step: &[f64], damping: f64) -> Option<Vec<f64>> {
        let n = step.len();
        let bend = &bend.column(n)[..n];
        let along: Vec<f64> = self.singular.left.iter().map(|u| dot(u, bend)).collect();
        let second = self.damped_along(&along, n, damping);
        let sized = |step: &[f64]| -> Vec<f64> {
            step.iter()
                .zip(&self.unit)
                .map(|(x, unit)| x * unit)
                .collect()
        };
        // Also written so that NaN ends here.
        let small = norm(&sized(&second)) <= MOST_BEND / 2.0 * norm(&sized(step));
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
    fn foretold(&self, triangle: &Triangle, step: &[f64]) -> f64 {
        let n = step.len();
        let moved = (0..n).map(|row| {
            let terms = (row..n).map(|k| triangle.at(row, k) * step[k]);
            terms.sum::<f64>().powi(2)
        });
        2.0 * dot(&self.gradient, step) - moved.sum::<f64>()
    }
}
