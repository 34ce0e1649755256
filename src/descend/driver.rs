//! The loop.

use std::sync::atomic::Ordering;

use super::method::norm;
use super::stop::{EXHAUSTED_GRADIENT, UNBOUNDED_BELOW};
use super::{
    Advance, Cost, Counted, Iterate, Iteration, Measure, Memory, MemoryError, Method, Objective,
    Stop, StopReason,
};

/// Where a descent ended, why, and what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The last point where it converged, else the best one on the way.
    pub point: Vec<f64>,
    /// The function's value there.
    pub value: f64,
    /// The Euclidean norm of the gradient there.
    pub gradient_norm: f64,
    /// Did it end at a stationary point, as far as the stop rule can tell?
    pub converged: bool,
    /// Why it ended.
    pub stop_reason: StopReason,
    /// Steps taken: x_0 is the start, and x_1 counts 1. The small step that ends the descent is taken and counted. Of
    /// mini-batches a step is an epoch.
    pub iterations: u64,
    /// How often the function was evaluated.
    pub function_evaluations: u64,
    /// How often its gradient was.
    pub gradient_evaluations: u64,
    /// How often its Hessian was.
    pub hessian_evaluations: u64,
    /// How often a product of its Hessian with a direction was.
    pub hessian_products: u64,
}

/// All that a descent knows between two steps: enough to continue it bit for bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Steps taken.
    pub iterations: u64,
    /// Where it stands.
    pub at: Iterate,
    /// The best point so far.
    pub best: Iterate,
    /// What it cost so far.
    pub cost: Cost,
    /// The [name](Method::name) of the method.
    pub method: String,
    /// What the method remembers.
    pub memory: Memory,
}

/// Steps down from `start` until `stop` says so; `observer` sees the start (iteration 0) and every finite point after it.
///
/// The order within an iteration is that of the textbook loop: step, evaluate, then compare the size of the step (the
/// largest change of a coordinate) with the tolerance. So x^2 + 2x + 3 from 10 with rate 0.01 and tolerance 1e-5 ends
/// with the first step shorter than 1e-5, which is the 496th. Methods that find their steps by themselves compare the
/// scaled gradient instead, before they step.
///
/// # Panics
/// If `start` has not as many coordinates as the objective has variables.
pub fn descend(
    objective: &mut dyn Objective,
    method: &mut dyn Method,
    start: &[f64],
    stop: &Stop<'_>,
    observer: &mut dyn FnMut(&Iteration<'_>),
) -> Outcome {
    Descent::new(objective, method, start).run(stop, observer)
}

/// A descent that can be looked at, written down, and continued.
///
/// ```
/// use gradus::descend::{ClosureObjective, Descent, GradientDescent, Stop};
/// let mut bowl = ClosureObjective::new(1, |x: &[f64]| x[0] * x[0]);
/// let (mut method, mut again) = (GradientDescent { rate: 0.1 }, GradientDescent { rate: 0.1 });
/// let few = Stop { max_iterations: 3, ..Stop::default() };
/// let mut descent = Descent::new(&mut bowl, &mut method, &[1.0]);
/// descent.run(&few, &mut |_| ());
/// let snapshot = descent.snapshot();
/// let end = descent.run(&Stop::default(), &mut |_| ());
/// let continued = Descent::resume(&mut bowl, &mut again, snapshot)?.run(&Stop::default(), &mut |_| ());
/// assert_eq!(continued, end);
/// # Ok::<(), gradus::descend::MemoryError>(())
/// ```
pub struct Descent<'a> {
    objective: &'a mut dyn Objective,
    method: &'a mut dyn Method,
    at: Iterate,
    best: Iterate,
    iterations: u64,
    cost: Cost,
    begun: bool,
}

impl<'a> Descent<'a> {
    /// Before the first step. Nothing is evaluated yet.
    ///
    /// # Panics
    /// If `start` has not as many coordinates as the objective has variables.
    pub fn new(
        objective: &'a mut dyn Objective,
        method: &'a mut dyn Method,
        start: &[f64],
    ) -> Descent<'a> {
        let dimension = objective.dimension();
        assert_eq!(start.len(), dimension, "coordinates of the start");
        let mut at = Iterate::new(start);
        method.forget();
        method.admit(&mut at.point);
        Descent {
            objective,
            best: at.clone(),
            method,
            at,
            iterations: 0,
            cost: Cost::default(),
            begun: false,
        }
    }

    /// As it was when the snapshot was taken; the method must be made with the same options.
    ///
    /// # Errors
    /// [`MemoryError`] if the snapshot is of another method, or damaged.
    ///
    /// # Panics
    /// If the snapshot has not as many coordinates as the objective has variables.
    pub fn resume(
        objective: &'a mut dyn Objective,
        method: &'a mut dyn Method,
        snapshot: Snapshot,
    ) -> Result<Descent<'a>, MemoryError> {
        let n = objective.dimension();
        let Snapshot { at, best, .. } = &snapshot;
        for list in [&at.point, &at.gradient, &best.point, &best.gradient] {
            assert_eq!(list.len(), n, "coordinates of the snapshot");
        }
        if snapshot.method != method.name() {
            return Err(MemoryError::OtherMethod {
                expected: method.name().to_owned(),
                found: snapshot.method,
            });
        }
        method.restore(&snapshot.memory, n)?;
        Ok(Descent {
            objective,
            method,
            at: snapshot.at,
            best: snapshot.best,
            iterations: snapshot.iterations,
            cost: snapshot.cost,
            begun: true,
        })
    }

    /// All that is known now.
    pub fn snapshot(&self) -> Snapshot {
        let mut memory = Memory::default();
        self.method.save(&mut memory);
        Snapshot {
            iterations: self.iterations,
            at: self.at.clone(),
            best: self.best.clone(),
            cost: self.cost,
            method: self.method.name().to_owned(),
            memory,
        }
    }

    /// Steps until `stop` says so, as [`descend`] does; who calls it again goes on.
    pub fn run(&mut self, stop: &Stop<'_>, observer: &mut dyn FnMut(&Iteration<'_>)) -> Outcome {
        self.run_watched(stop, &mut |descent| observer(&descent.iteration()))
    }

    /// As [`run`](Self::run), with an observer that sees the descent itself, for snapshots on the way.
    pub fn run_watched(
        &mut self,
        stop: &Stop<'_>,
        observer: &mut dyn FnMut(&Descent<'_>),
    ) -> Outcome {
        let reason = match self.begin(stop, observer) {
            Some(reason) => reason,
            None => loop {
                if self.iterations >= stop.max_iterations {
                    break self.method.at_the_limit();
                }
                if (stop.interrupt).is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                    break StopReason::Interrupted;
                }
                if let Some(reason) = self.step(stop, observer) {
                    break reason;
                }
            },
        };
        self.outcome(reason)
    }

    /// Steps taken so far.
    pub fn iteration_number(&self) -> u64 {
        self.iterations
    }

    /// Where it stands.
    pub fn iteration(&self) -> Iteration<'_> {
        Iteration {
            number: self.iterations,
            point: &self.at.point,
            value: self.at.value,
            gradient_norm: norm(&self.at.gradient),
        }
    }

    /// The start is evaluated and shown; is it already the end?
    fn begin(
        &mut self,
        stop: &Stop<'_>,
        observer: &mut dyn FnMut(&Descent<'_>),
    ) -> Option<StopReason> {
        if self.begun {
            return self
                .is_stationary(stop)
                .then_some(StopReason::SmallGradient);
        }
        let mut counted = Counted::new(&mut *self.objective, stop.interrupt, self.cost);
        counted.evaluate(&mut self.at);
        self.cost = counted.cost;
        self.best.copy_from(&self.at);
        if !self.at.is_finite() {
            return Some(StopReason::BadStart);
        }
        self.begun = true;
        observer(self);
        let is_zero = self.at.gradient.iter().all(|&g| g == 0.0);
        if is_zero && self.accepts(stop) {
            return Some(StopReason::ZeroGradient);
        }
        self.is_stationary(stop)
            .then_some(StopReason::SmallGradient)
    }

    fn step(
        &mut self,
        stop: &Stop<'_>,
        observer: &mut dyn FnMut(&Descent<'_>),
    ) -> Option<StopReason> {
        let mut counted = Counted::new(&mut *self.objective, stop.interrupt, self.cost);
        let advance = self.method.advance(&mut counted, &mut self.at);
        self.cost = counted.cost;
        let size = match advance {
            Advance::Step { size } => size,
            Advance::Exhausted { settled } => {
                let limit = stop.tolerance.max(EXHAUSTED_GRADIENT);
                let is_small = settled || self.method.stationarity(&self.at) <= limit;
                return Some(match is_small {
                    true => StopReason::Exhausted,
                    false => StopReason::Stuck,
                });
            }
            Advance::Unbounded => {
                self.remember_the_best();
                return Some(StopReason::Unbounded);
            }
            Advance::RateVanished => return Some(StopReason::RateVanished),
            Advance::Paused => return Some(StopReason::Interrupted),
        };
        self.iterations += 1;
        if !self.at.is_finite() {
            let falls = self.at.value == f64::NEG_INFINITY || self.best.value < UNBOUNDED_BELOW;
            return Some(match falls {
                true => StopReason::Unbounded,
                false => StopReason::Diverged,
            });
        }
        observer(self);
        self.remember_the_best();
        if self.method.measure() == Measure::Step {
            return (size < stop.tolerance || size == 0.0).then_some(StopReason::SmallStep);
        }
        if self.at.value < UNBOUNDED_BELOW {
            return Some(StopReason::Unbounded);
        }
        self.is_stationary(stop)
            .then_some(StopReason::SmallGradient)
    }

    fn remember_the_best(&mut self) {
        if self.at.value < self.best.value {
            self.best.copy_from(&self.at);
        }
    }

    fn is_stationary(&mut self, stop: &Stop<'_>) -> bool {
        self.method.measure() == Measure::Gradient
            && self.method.stationarity(&self.at) <= stop.tolerance
            && self.accepts(stop)
    }

    fn accepts(&mut self, stop: &Stop<'_>) -> bool {
        let mut counted = Counted::new(&mut *self.objective, stop.interrupt, self.cost);
        let accepted = self.method.accepts(&mut counted, &self.at);
        self.cost = counted.cost;
        accepted
    }

    fn outcome(&self, stop_reason: StopReason) -> Outcome {
        let last = match stop_reason.converged() || stop_reason == StopReason::BadStart {
            true => &self.at,
            false => &self.best,
        };
        Outcome {
            point: last.point.clone(),
            value: last.value,
            gradient_norm: norm(&last.gradient),
            converged: stop_reason.converged(),
            stop_reason,
            iterations: self.iterations,
            function_evaluations: self.cost.functions,
            gradient_evaluations: self.cost.gradients,
            hessian_evaluations: self.cost.hessians,
            hessian_products: self.cost.products,
        }
    }
}
