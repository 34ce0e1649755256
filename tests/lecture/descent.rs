//! Chapters 3 and 4: the gradient, the descent, regression by descent, random rows.

use gradus::descend::rows::Columns;
use gradus::descend::{Descent, GradientDescent, Objective, Stop, StopReason, auto, descend};
use gradus::lecture::matrices::regression;
use gradus::{Graph, OverRows};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// Where a descent of a formula of x and y, or of x alone, with a rate ends.
fn end(formula: &str, from: &[f64], rate: f64, most: u64) -> gradus::descend::Outcome {
    let graph = Graph::new();
    let f = graph.parse(formula).unwrap();
    let names = &["x", "y"][..from.len()];
    let mut objective = f.objective(names).unwrap();
    let stop = Stop {
        tolerance: 1e-10,
        max_iterations: most,
        ..Stop::default()
    };
    descend(
        &mut objective,
        &mut GradientDescent { rate },
        from,
        &stop,
        &mut |_| (),
    )
}

#[test]
fn the_parabola_of_the_lecture_takes_496_steps() {
    let graph = Graph::new();
    let f = graph.parse("x^2 + 2x + 3").unwrap();
    let mut objective = f.objective(&["x"]).unwrap();
    let found = descend(
        &mut objective,
        &mut GradientDescent { rate: 0.01 },
        &[10.0],
        &Stop::default(),
        &mut |_| (),
    );
    assert_eq!(
        (found.iterations, found.stop_reason),
        (496, StopReason::SmallStep)
    );
    assert!((found.point[0] + 0.999_510_755_188_470_5).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Of all directions of length 1, the slope is greatest along the gradient, where it is the gradient's length.
    #[test]
    fn the_gradient_is_the_steepest_direction(x in -2.0..2.0f64, y in -2.0..2.0f64, turn in 0.0..std::f64::consts::TAU) {
        let graph = Graph::new();
        let f = graph.parse("x^2*y + sin(x - 2*y) + exp(x/3)").unwrap();
        let at = [("x", x), ("y", y)];
        let slopes: Vec<f64> = f.gradient(&["x", "y"]).unwrap().iter().map(|d| d.eval(&at).unwrap()).collect();
        let length = slopes[0].hypot(slopes[1]);
        let along = turn.cos() * slopes[0] + turn.sin() * slopes[1];
        prop_assert!(along <= length * (1.0 + 1e-14));
        // The slope along a direction is a limit, too.
        let h = 1e-5;
        let value = |s: f64| f.eval(&[("x", x + s * turn.cos()), ("y", y + s * turn.sin())]).unwrap();
        prop_assert!(((value(h) - value(-h)) / (2.0 * h) - along).abs() < 1e-7 * (1.0 + length));
        if length > 1e-3 {
            let (u, v) = (slopes[0] / length, slopes[1] / length);
            let up = (f.eval(&[("x", x + h * u), ("y", y + h * v)]).unwrap() - f.eval(&at).unwrap()) / h;
            prop_assert!((up - length).abs() < 1e-3 * (1.0 + length));
        }
    }

    /// On c*x^2/2 a step multiplies x by 1 - rate*c: it comes nearer if rate < 2/c and runs away beyond.
    #[test]
    fn a_rate_that_is_too_large_diverges(c in 0.1..10.0f64, part in 0.05..1.9f64, from in 0.5..5.0f64) {
        let formula = format!("{c:?}*x^2/2");
        let small = end(&formula, &[from], part / c, 3);
        let expected = from * (1.0 - part).powi(3);
        prop_assert!((small.point[0] - expected).abs() < 1e-9 * from.max(1.0)
            || small.converged || small.point[0].abs() <= expected.abs() + 1e-9);
        prop_assert!(end(&formula, &[from], part / c, 100_000).point[0].abs() < 1e-6);
        let large = end(&formula, &[from], (2.0 + part) / c, 100_000);
        prop_assert_eq!(large.stop_reason, StopReason::Diverged);
        prop_assert!(!large.converged);
        // At 2/c it hops to and fro for ever.
        let edge = end(&formula, &[from], 2.0 / c, 50);
        prop_assert!(!edge.converged && (edge.point[0].abs() - from).abs() < 1e-9 * from);
    }

    /// A narrow valley: the largest curvature bounds the rate, the smallest one decides how long it takes.
    #[test]
    fn narrow_valleys_take_long(ratio in 2.0..40.0f64) {
        let formula = format!("(x^2 + {ratio:?}*y^2)/2");
        let best = 2.0 / (1.0 + ratio);
        let found = end(&formula, &[1.0, 1.0], best, 1_000_000);
        prop_assert!(found.converged);
        // Each step takes (ratio - 1)/(ratio + 1) of the distance; the last step is below the tolerance.
        let factor = (ratio - 1.0) / (ratio + 1.0);
        let steps = (1e-10f64 / best.max(best * ratio)).ln() / factor.ln();
        prop_assert!((found.iterations as f64 - steps).abs() < 0.05 * steps + 5.0, "{} {steps}", found.iterations);
        prop_assert!(!end(&formula, &[1.0, 1.0], 2.05 / ratio, 100_000).converged);
    }

    /// Regression by descent ends where the pseudo-inverse does.
    #[test]
    fn regression_by_descent_is_regression(
        x in prop::collection::vec(-3.0..3.0f64, 8), y in prop::collection::vec(-3.0..3.0f64, 8), a in -2.0..2.0f64,
    ) {
        let spread = x.iter().copied().fold(f64::NEG_INFINITY, f64::max) - x.iter().copied().fold(f64::INFINITY, f64::min);
        prop_assume!(spread > 1.0);
        let y: Vec<f64> = x.iter().zip(&y).map(|(x, noise)| a * x + 1.0 + noise).collect();
        let closed = regression(&DMatrix::from_column_slice(8, 1, &x), &DVector::from_vec(y.clone())).unwrap();
        let loss = OverRows::parse("mean((y - (a*x + b))^2)", &["x", "y"]).unwrap();
        let mut objective = loss.objective(Columns::new(vec![x, y], 8)).unwrap();
        let stop = Stop { tolerance: 1e-11, ..Stop::default() };
        let slow = descend(&mut objective, &mut GradientDescent { rate: 0.05 }, &[0.0, 0.0], &stop, &mut |_| ());
        let mut method = auto(&objective, None);
        let stop = Stop::suiting(&*method);
        let fast = Descent::new(&mut objective, &mut *method, &[0.0, 0.0]).run(&stop, &mut |_| ());
        for found in [slow, fast] {
            prop_assert!((found.point[0] - closed[0]).abs() < 1e-6 && (found.point[1] - closed[1]).abs() < 1e-6);
        }
    }

    /// The gradients of parts of the rows, weighted by their size, add up to that of all: a random part is right on average.
    #[test]
    fn batches_are_right_on_average(
        x in prop::collection::vec(-3.0..3.0f64, 12), cut in 1usize..11, a in -2.0..2.0f64, b in -2.0..2.0f64,
    ) {
        let y: Vec<f64> = x.iter().map(|x| x.sin()).collect();
        let loss = OverRows::parse("mean((y - (a*x + b))^2) + a^2/10", &["x", "y"]).unwrap();
        let mut objective = loss.objective(Columns::new(vec![x, y], 12)).unwrap();
        let (mut whole, mut left, mut right) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        let value = objective.value_and_gradient(&[a, b], &mut whole);
        let rows: Vec<usize> = (0..12).rev().collect();
        let one = objective.value_and_gradient_of(&rows[..cut], &[a, b], &mut left);
        let other = objective.value_and_gradient_of(&rows[cut..], &[a, b], &mut right);
        let (p, q) = (cut as f64 / 12.0, (12 - cut) as f64 / 12.0);
        prop_assert!((p * one + q * other - value).abs() < 1e-12);
        for k in 0..2 {
            prop_assert!((p * left[k] + q * right[k] - whole[k]).abs() < 1e-12);
        }
    }
}
