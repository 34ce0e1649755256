//! Gradient descent on formulas, as in the lecture's notebook.

use std::sync::atomic::{AtomicBool, Ordering};

use gradus::descend::{
    FormulaObjective, GradientDescent, Iteration, Objective, Outcome, Stop, StopReason, Trace,
    descend,
};
use gradus::{Expr, Function, Graph};

fn objective(f: Expr<'_>, gradient: &[Expr<'_>], names: &[&str]) -> FormulaObjective {
    let arena = f.graph().arena();
    let variables: Vec<_> = names
        .iter()
        .map(|n| arena.find_symbol(n).unwrap())
        .collect();
    let ids: Vec<_> = gradient.iter().map(|g| g.id()).collect();
    FormulaObjective::new(&arena, f.id(), &ids, &variables).unwrap()
}

/// The notebook's x^2 + 2x + 3.
fn notebook() -> FormulaObjective {
    let g = Graph::new();
    let x = g.symbol("x");
    objective(x.powi(2) + 2 * x + 3, &[2 * x + 2], &["x"])
}

fn run(objective: &mut dyn Objective, rate: f64, start: &[f64], stop: &Stop<'_>) -> Outcome {
    descend(
        objective,
        &mut GradientDescent { rate },
        start,
        stop,
        &mut |_| (),
    )
}

#[test]
fn the_notebook() {
    let found = run(&mut notebook(), 0.01, &[10.0], &Stop::default());
    // The loop of the notebook, in numbers.
    let (mut x, mut steps) = (10.0f64, 0);
    loop {
        let next = x - 0.01 * (2.0 * x + 2.0);
        let size = (next - x).abs();
        (x, steps) = (next, steps + 1);
        if size < 1e-5 {
            break;
        }
    }
    assert_eq!((found.iterations, steps), (496, 496));
    assert!((found.point[0] - x).abs() < 1e-12);
    assert!((found.point[0] + 1.0).abs() < 5e-4, "{found:?}");
    assert!((found.value - 2.0).abs() < 3e-7, "{found:?}");
    assert!(found.converged && found.stop_reason == StopReason::SmallStep);
    assert!((found.gradient_norm - (2.0 * x + 2.0).abs()).abs() < 1e-12);
    assert_eq!(
        (found.function_evaluations, found.gradient_evaluations),
        (497, 497)
    );
}

#[test]
fn a_rate_too_large_is_named() {
    let found = run(&mut notebook(), 1.5, &[10.0], &Stop::default());
    assert_eq!(found.stop_reason, StopReason::Diverged);
    assert_eq!(found.stop_reason.as_str(), "diverged: try a smaller rate");
    assert!(!found.converged);
    // x + 1 is multiplied by -2 each step, so that the start was the best point.
    assert_eq!(
        (found.point.as_slice(), found.value),
        ([10.0].as_slice(), 123.0)
    );
    assert!(found.gradient_norm == 22.0 && found.iterations > 500 && found.iterations < 520);
}

#[test]
fn a_flat_function_is_left_alone() {
    let g = Graph::new();
    let x = g.symbol("x");
    let mut flat = objective(x.call(Function::Floor), &[g.number(0)], &["x"]);
    let found = run(&mut flat, 0.1, &[2.5], &Stop::default());
    assert_eq!(
        (found.stop_reason, found.iterations),
        (StopReason::ZeroGradient, 0)
    );
    assert_eq!(
        (found.point.as_slice(), found.value),
        ([2.5].as_slice(), 2.0)
    );
    assert!(found.converged && found.function_evaluations == 1);
}

#[test]
fn a_start_outside_the_domain_is_named() {
    let g = Graph::new();
    let x = g.symbol("x");
    let found = run(
        &mut objective(x.log(), &[1 / x], &["x"]),
        0.1,
        &[-1.0],
        &Stop::default(),
    );
    assert_eq!(
        (found.stop_reason, found.iterations),
        (StopReason::BadStart, 0)
    );
    // sqrt(x) walks down to its edge and past it.
    let mut root = objective(x.sqrt(), &[1 / (2 * x.sqrt())], &["x"]);
    let found = run(&mut root, 0.1, &[0.2], &Stop::default());
    assert_eq!(found.stop_reason, StopReason::Diverged);
    assert!(found.point[0] > 0.0 && found.point[0] < 0.2 && found.value.is_finite());
}

#[test]
fn steps_are_limited_and_can_be_interrupted() {
    let limited = Stop {
        max_iterations: 7,
        ..Stop::default()
    };
    let found = run(&mut notebook(), 0.01, &[10.0], &limited);
    assert_eq!(
        (found.stop_reason, found.iterations),
        (StopReason::MaxIterations, 7)
    );
    assert!(!found.converged);

    let flag = AtomicBool::new(false);
    let stop = Stop {
        interrupt: Some(&flag),
        ..Stop::default()
    };
    let mut observer = |i: &Iteration<'_>| flag.store(i.number == 5, Ordering::Relaxed);
    let mut method = GradientDescent::default();
    let found = descend(&mut notebook(), &mut method, &[10.0], &stop, &mut observer);
    assert_eq!(
        (found.stop_reason, found.iterations),
        (StopReason::Interrupted, 5)
    );
}

#[test]
fn a_tolerance_of_zero_ends_where_nothing_moves() {
    let stop = Stop {
        tolerance: 0.0,
        ..Stop::default()
    };
    let found = run(&mut notebook(), 0.1, &[10.0], &stop);
    assert_eq!(found.stop_reason, StopReason::SmallStep);
    assert!(found.iterations < 300 && (found.point[0] + 1.0).abs() < 1e-14);
}

#[test]
fn the_observer_sees_the_start_and_every_step() {
    let mut trace = Trace::default();
    let stop = Stop {
        max_iterations: 3,
        ..Stop::default()
    };
    let mut method = GradientDescent { rate: 0.25 };
    descend(&mut notebook(), &mut method, &[3.0], &stop, &mut |i| {
        trace.keep(i)
    });
    let rows: Vec<_> = (trace.rows.iter())
        .map(|r| (r.number, r.point[0], r.value, r.gradient_norm))
        .collect();
    // x + 1 halves: 4, 2, 1, 1/2.
    assert_eq!(
        rows,
        [
            (0, 3.0, 18.0, 8.0),
            (1, 1.0, 6.0, 4.0),
            (2, 0.0, 3.0, 2.0),
            (3, -0.5, 2.25, 1.0)
        ]
    );
}

#[test]
fn the_step_is_measured_by_its_largest_coordinate() {
    let g = Graph::new();
    let (x, y, z) = (g.symbol("x"), g.symbol("y"), g.symbol("z"));
    // Two coordinates are slow and one is fast: one slow coordinate decides, neither their sum nor the last.
    let bowl = x.powi(2) + y.powi(2) + 10 * z.powi(2);
    let mut bowl = objective(bowl, &[2 * x, 2 * y, 20 * z], &["x", "y", "z"]);
    let stop = Stop {
        tolerance: 1e-6,
        ..Stop::default()
    };
    let found = run(&mut bowl, 0.04, &[1.0, 1.0, 1.0], &stop);
    let expected = (0..).find(|&k| 0.08 * 0.92f64.powi(k) < 1e-6).unwrap() + 1;
    assert_eq!(found.iterations, expected as u64);
    assert!(found.converged && found.value < 1e-8);
}
