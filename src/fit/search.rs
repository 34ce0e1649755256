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
use super::singular::dot;
use super::triangle::{Triangle, norm};
use super::way::Way;

/// The least ratio of decrease and foretold decrease for which a step is taken.
const LEAST_RATIO: f64 = 1e-4;

/// The first radius, in sizes of the start.
const FIRST_RADIUS: f64 = 100.0;

/// Where the linear model foretells a smaller relative decrease than this, rounding hides it: a step is then judged by the
/// offset it leaves.
const HIDDEN: f64 = 1e-12;

/// A last step that changes each parameter by less than this part is taken without looking at the residuals again.
const LAST_STEP: f64 = 1e-8;

/// After so many steps the bend of the model is looked at: it costs as much as two evaluations.
const LONG: u64 = 12;

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
    /// By which factor full steps shorten near the place: how fast Gauss and Newton's method converges there. 1 where that
    /// was not seen.
    pub(super) contraction: f64,
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
        contraction: 1.0,
    };
    if !found.triangle.is_finite() || !objective.is_finite() {
        return found;
    }
    let mut next = Triangle::new(n + 1);
    let mut scale = vec![0.0f64; n];
    let mut radius = f64::NAN;
    let mut new_place = true;
    let mut way = None::<Way>;
    let mut pace = Pace::default();
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
        let length = norm(&way.sized(&step));
        let size = norm(&way.sized(&found.parameters));
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
            pace.add(length, damped);
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
            pace.add(length, damped);
            new_place = true;
        }
    };
    found.ended = ended;
    if let (Ended::SmallStep, Some(way)) = (ended, way) {
        // The small step is right to more digits than the place.
        let step = way.damped(n, 0.0);
        pace.add(norm(&way.sized(&step)), false);
        found.contraction = pace.contraction();
        let next: Vec<f64> = found
            .parameters
            .iter()
            .zip(&step)
            .map(|(b, step)| b + step)
            .collect();
        let near = (step.iter().zip(&next)).all(|(step, b)| step.abs() <= LAST_STEP * b.abs());
        let inside =
            (next.iter().zip(rules.bounds)).all(|(b, (low, high))| (low..=high).contains(&b));
        if near && inside {
            found.parameters = next;
        }
    }
    found
}

/// How the last steps shortened.
#[derive(Default)]
struct Pace {
    /// The lengths of the last full steps, one after the other, the newest first.
    lengths: [Option<f64>; 3],
}

impl Pace {
    fn add(&mut self, length: f64, damped: bool) {
        self.lengths = match damped {
            true => [None; 3],
            false => [Some(length), self.lengths[0], self.lengths[1]],
        };
    }

    /// The larger of the last two ratios; 1 where there are not so many.
    fn contraction(&self) -> f64 {
        match self.lengths {
            [Some(a), Some(b), Some(c)] if c > 0.0 && b > 0.0 => (a / b).max(b / c).min(1.0),
            _ => 1.0,
        }
    }
}
