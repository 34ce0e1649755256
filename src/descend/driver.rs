//! The loop.

use std::sync::atomic::Ordering;

use super::{Iteration, Method, Objective, Stop, StopReason};

/// Where a descent ended, why, and what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The last point; after a divergence, the best finite point on the way.
    pub point: Vec<f64>,
    /// The function's value there.
    pub value: f64,
    /// The Euclidean norm of the gradient there.
    pub gradient_norm: f64,
    /// Did it end at a stationary point, as far as the stop rule can tell?
    pub converged: bool,
    /// Why it ended.
    pub stop_reason: StopReason,
    /// Steps taken: x_0 is the start, and x_1 counts 1. The small step that ends the descent is taken and counted.
    pub iterations: u64,
    /// How often the function was evaluated: at the start and after every step.
    pub function_evaluations: u64,
    /// How often its gradient was.
    pub gradient_evaluations: u64,
}

/// A point with what is known of it.
#[derive(Clone)]
struct State {
    point: Vec<f64>,
    gradient: Vec<f64>,
    value: f64,
}

impl State {
    fn evaluate(&mut self, objective: &mut dyn Objective) {
        self.value = objective.value_and_gradient(&self.point, &mut self.gradient);
    }

    fn is_finite(&self) -> bool {
        let all = |list: &[f64]| list.iter().all(|x| x.is_finite());
        self.value.is_finite() && all(&self.gradient) && all(&self.point)
    }

    fn copy_from(&mut self, other: &State) {
        self.point.copy_from_slice(&other.point);
        self.gradient.copy_from_slice(&other.gradient);
        self.value = other.value;
    }
}

/// Steps down from `start` until `stop` says so; `observer` sees the start (iteration 0) and every finite point after it.
///
/// The order within an iteration is that of the textbook loop: step, evaluate, then compare the size of the step (the
/// largest change of a coordinate) with the tolerance. So x^2 + 2x + 3 from 10 with rate 0.01 and tolerance 1e-5 ends
/// with the first step shorter than 1e-5, which is the 496th.
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
    assert_eq!(
        start.len(),
        objective.dimension(),
        "coordinates of the start"
    );
    let mut state = State {
        point: start.to_vec(),
        gradient: vec![0.0; start.len()],
        value: f64::NAN,
    };
    state.evaluate(objective);
    let mut iterations = 0;
    let mut show = |state: &State, number: u64| {
        observer(&Iteration {
            number,
            point: &state.point,
            value: state.value,
            gradient_norm: norm(&state.gradient),
        });
    };
    let mut best = state.clone();
    let mut step = vec![0.0; start.len()];
    let stop_reason = if !state.is_finite() {
        StopReason::BadStart
    } else if state.gradient.iter().all(|&g| g == 0.0) {
        show(&state, 0);
        StopReason::ZeroGradient
    } else {
        show(&state, 0);
        loop {
            if iterations >= stop.max_iterations {
                break StopReason::MaxIterations;
            }
            if stop
                .interrupt
                .is_some_and(|flag| flag.load(Ordering::Relaxed))
            {
                break StopReason::Interrupted;
            }
            method.step(&state.point, &state.gradient, &mut step);
            let mut size = 0.0f64;
            for (x, step) in state.point.iter_mut().zip(&step) {
                let before = *x;
                *x += step;
                size = size.max((*x - before).abs());
            }
            state.evaluate(objective);
            iterations += 1;
            if !state.is_finite() {
                break StopReason::Diverged;
            }
            show(&state, iterations);
            if state.value < best.value {
                best.copy_from(&state);
            }
            if size < stop.tolerance || size == 0.0 {
                break StopReason::SmallStep;
            }
        }
    };
    let last = if stop_reason == StopReason::Diverged {
        best
    } else {
        state
    };
    Outcome {
        value: last.value,
        gradient_norm: norm(&last.gradient),
        point: last.point,
        converged: stop_reason.converged(),
        stop_reason,
        iterations,
        function_evaluations: iterations + 1,
        gradient_evaluations: iterations + 1,
    }
}

/// The Euclidean norm, without squares that overflow.
fn norm(vector: &[f64]) -> f64 {
    vector.iter().fold(0.0, |sum: f64, x| sum.hypot(*x))
}
