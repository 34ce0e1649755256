//! How descents end: every reason, what is returned then, and what kind of point it is.

use gradus::descend::{
    Bfgs, ClosureObjective, FirstOrder, GradientDescent, Kind, LBfgs, LineSearch, Method, Momentum,
    Newton, NewtonCg, Objective, Outcome, Stop, StopReason, TrustRegion, auto, descend, verdict,
};

use crate::common::{BY_CURVATURE, BY_GRADIENTS, Make, formula};

fn run(objective: &mut dyn Objective, method: &mut dyn Method, start: &[f64]) -> Outcome {
    let stop = Stop {
        max_iterations: 3000,
        ..Stop::suiting(method)
    };
    descend(objective, method, start, &stop, &mut |_| ())
}

/// Methods for any number of variables.
const SEARCHING: [(&str, Make); 5] = [
    ("bfgs", || Box::new(LineSearch::new(Bfgs::default()))),
    ("lbfgs", || Box::new(LineSearch::new(LBfgs::default()))),
    ("newton", || Box::new(TrustRegion::new(Newton))),
    ("newton-cg", || Box::new(NewtonCg::default())),
    ("steepest", || {
        Box::new(LineSearch::new(gradus::descend::Steepest))
    }),
];

#[test]
fn what_falls_without_end_is_named() {
    for text in ["-x^2", "x^3 + 5*x", "x + y", "-exp(x)", "x - x^4"] {
        for (name, make) in SEARCHING {
            let mut f = formula(text, &["x", "y"]);
            let end = run(&mut f, &mut *make(), &[0.5, 0.5]);
            assert_eq!(
                end.stop_reason,
                StopReason::Unbounded,
                "{text} by {name}: {end:?}"
            );
            assert!(!end.converged && end.value.is_finite());
            assert!(
                end.value <= -0.3 && end.function_evaluations < 2000,
                "{text} by {name}: {end:?}"
            );
        }
    }
    // With a given rate too, if it gets there.
    let end = run(
        &mut formula("-x^2", &["x"]),
        &mut GradientDescent { rate: 0.5 },
        &[0.5],
    );
    assert_eq!(end.stop_reason, StopReason::Unbounded, "{end:?}");
}

#[test]
fn a_kink_is_no_convergence_and_its_best_point_is_kept() {
    for (name, make) in &BY_GRADIENTS[..7] {
        let mut f = formula("abs(x - 1) + abs(y)", &["x", "y"]);
        let end = run(&mut f, &mut *make(), &[0.3, 2.1]);
        let named = matches!(
            end.stop_reason,
            StopReason::Stuck | StopReason::MaxIterations
        );
        // Who hits the corner itself sees the gradient 0 there.
        assert!(named || end.value == 0.0, "{name}: {end:?}");
        assert!(end.value < 1.0, "{name}: {end:?}");
    }
}

#[test]
fn a_wrong_gradient_is_found_out() {
    let mut f = ClosureObjective::with_gradient(
        2,
        |p| p[0] * p[0] + p[1] * p[1],
        |p, g| {
            g[0] = -2.0 * p[0];
            g[1] = -2.0 * p[1];
        },
    );
    for (name, make) in &BY_GRADIENTS[..7] {
        let end = run(&mut f, &mut *make(), &[1.0, 2.0]);
        assert_eq!(end.stop_reason, StopReason::Stuck, "{name}: {end:?}");
        assert_eq!((end.value, end.point), (5.0, vec![1.0, 2.0]), "{name}");
    }
}

#[test]
fn rounding_is_the_end_where_the_tolerance_is_zero() {
    for (name, make) in BY_GRADIENTS.iter().chain(BY_CURVATURE) {
        if name.starts_with("steepest") {
            continue;
        }
        let mut f = formula(
            "3 + (exp(a) - 2)^2 + (b - a)^2 + (c - 1)^2 + (d - 3*c)^2",
            &["a", "b", "c", "d"],
        );
        let stop = Stop {
            tolerance: 0.0,
            max_iterations: 2000,
            interrupt: None,
        };
        let end = descend(&mut f, &mut *make(), &[0.0; 4], &stop, &mut |_| ());
        assert!(
            end.converged && (end.value - 3.0).abs() < 1e-14,
            "{name}: {end:?}"
        );
        assert!((end.point[0] - 2f64.ln()).abs() < 1e-6, "{name}: {end:?}");
    }
}

#[test]
fn the_best_point_is_returned_where_it_does_not_converge() {
    // A ball with too much momentum swings up the other side.
    let mut f = ClosureObjective::with_gradient(1, |p| p[0] * p[0], |p, g| g[0] = 2.0 * p[0]);
    let mut method = FirstOrder::new(Momentum {
        rate: 0.01,
        momentum: 0.99,
        ..Momentum::default()
    });
    let mut values = Vec::new();
    let stop = Stop {
        max_iterations: 30,
        ..Stop::default()
    };
    let end = descend(&mut f, &mut method, &[1.0], &stop, &mut |i| {
        values.push(i.value)
    });
    let best = values.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(end.stop_reason, StopReason::MaxIterations);
    assert!(
        end.value == best && best < values[values.len() - 1],
        "{values:?}"
    );
    assert_eq!(end.value, end.point[0] * end.point[0]);
}

#[test]
fn places_without_a_value_are_stepped_back_from() {
    // The domain ends at 0, not far from the minimum at 0.01.
    for (name, make) in SEARCHING {
        let mut f = formula("x - log(x)/100", &["x"]);
        let end = run(&mut f, &mut *make(), &[5.0]);
        assert!(end.converged, "{name}: {end:?}");
        assert!((end.point[0] - 0.01).abs() < 1e-5, "{name}: {end:?}");
    }
}

#[test]
fn a_bad_start_is_named_by_every_method() {
    for (name, make) in SEARCHING {
        let mut f = formula("x - log(x)", &["x"]);
        let end = run(&mut f, &mut *make(), &[-1.0]);
        assert_eq!(end.stop_reason, StopReason::BadStart, "{name}");
        assert_eq!((end.iterations, end.point), (0, vec![-1.0]));
    }
}

#[test]
fn newton_leaves_saddles_and_others_may_not() {
    let text = "x^4/4 - x^2/2 + y^2";
    let mut f = formula(text, &["x", "y"]);
    // By symmetry the gradient never leads away from x = 0.
    let end = run(&mut f, &mut LineSearch::new(Bfgs::default()), &[0.0, 1.0]);
    assert!(end.converged && end.value.abs() < 1e-9);
    let found = verdict(&mut f, &end.point).expect("a Hessian");
    assert_eq!(found.kind, Kind::Saddle);
    assert!((found.eigenvalues[0] + 1.0).abs() < 1e-6 && (found.eigenvalues[1] - 2.0).abs() < 1e-6);

    for start in [[0.0, 1.0], [0.0, 0.0]] {
        let end = run(&mut f, &mut TrustRegion::new(Newton), &start);
        assert!(end.converged && (end.value + 0.25).abs() < 1e-9, "{end:?}");
        let found = verdict(&mut f, &end.point).expect("a Hessian");
        assert_eq!(found.kind, Kind::Minimum);
    }
}

#[test]
fn kinds_of_points() {
    for (text, at, kind) in [
        ("x^2 + y^2", [0.0, 0.0], Kind::Minimum),
        ("-x^2 - 3*y^2", [0.0, 0.0], Kind::Maximum),
        ("x*y", [0.0, 0.0], Kind::Saddle),
        ("x^2", [0.0, 0.0], Kind::Undetermined),
        ("x^4 + y^4", [0.0, 0.0], Kind::Undetermined),
        ("floor(x) + 2*floor(y)", [0.5, 0.5], Kind::Undetermined),
        ("cos(x) + cos(y)", [0.0, 0.0], Kind::Maximum),
        // A descent ends near a point, not on it.
        ("x^2 + y^2", [1e-4, -2e-4], Kind::Minimum),
        ("10^8*x^2 + y^2", [1e-4, -2e-4], Kind::Minimum),
        // A circle of minima, seen from inside: across it curves up, along it not at all.
        ("(x^2 + y^2 - 1)^2", [0.9995, 0.0], Kind::Undetermined),
        ("(x^2 + y^2 - 1)^2", [0.6, 0.7997], Kind::Undetermined),
        // Far out the function is flat, but not stationary.
        ("-exp(-x^2/2) + y^2", [5.0, 0.0], Kind::Undetermined),
    ] {
        let found = verdict(&mut formula(text, &["x", "y"]), &at).expect("a Hessian");
        assert_eq!(found.kind, kind, "{text}: {found:?}");
    }
    let mut closure = ClosureObjective::new(2, |p| p[0] * p[1]);
    assert_eq!(verdict(&mut closure, &[0.0, 0.0]), None);
}

#[test]
fn hessians_and_products_agree_with_differences_of_gradients() {
    let mut f = formula(
        "exp(x*y) + sin(x + z)*y^3 + z^4 + log(1 + exp(x))",
        &["x", "y", "z"],
    );
    let at = [0.3, -1.2, 0.7];
    let mut hessian = [0.0; 9];
    f.hessian(&at, &mut hessian);
    for j in 0..3 {
        let h = 1e-5;
        let (mut left, mut right) = (at, at);
        left[j] -= h;
        right[j] += h;
        let (mut before, mut after) = ([0.0; 3], [0.0; 3]);
        f.gradient(&left, &mut before);
        f.gradient(&right, &mut after);
        for i in 0..3 {
            let slope = (after[i] - before[i]) / (2.0 * h);
            assert!((hessian[i * 3 + j] - slope).abs() < 1e-7, "{i}, {j}");
        }
    }
    let direction = [1.0, -2.0, 0.5];
    let mut product = [0.0; 3];
    f.hessian_product(&at, &direction, &mut product);
    for i in 0..3 {
        let row: f64 = (0..3).map(|j| hessian[i * 3 + j] * direction[j]).sum();
        assert!((row - product[i]).abs() < 1e-12, "{i}");
    }
}

#[test]
fn sums_of_squares_are_recognised() {
    for (text, count) in [
        ("(x - 1)^2 + (y - x^2)^2", Some(2)),
        ("3*(x - 1)^2 + y^4/7", Some(2)),
        ("1/2*((x - 1)^2 + 2*(y + x)^6)", Some(2)),
        ("x^2*y^2 + 5", Some(2)),
        ("x^2 + 2*x + 3", None),
        ("(x - 1)^2 - (y - 1)^2", None),
        ("(x - 1)^3 + y^2", None),
        ("x^2 + exp(y)", None),
        ("(x - y)^2.5", None),
        ("x^-2 + y^2", Some(2)),
    ] {
        let mut f = formula(text, &["x", "y"]);
        assert_eq!(f.offers().residuals, count, "{text}");
        let Some(count) = count else { continue };
        let at = [1.7, -0.6];
        let (mut r, mut jacobian) = (vec![0.0; count], vec![0.0; 2 * count]);
        f.residuals_and_jacobian(&at, &mut r, &mut jacobian);
        let value = f.value(&at);
        let sum: f64 = r.iter().map(|r| r * r).sum();
        assert!(
            (sum - value).abs() < 1e-13 * value,
            "{text}: {sum}, {value}"
        );
        let mut gradient = [0.0; 2];
        f.gradient(&at, &mut gradient);
        for j in 0..2 {
            let slope: f64 = (0..count).map(|i| 2.0 * r[i] * jacobian[2 * i + j]).sum();
            let size = 1.0 + gradient[j].abs();
            assert!((slope - gradient[j]).abs() < 1e-12 * size, "{text}: {j}");
        }
    }
}

#[test]
fn nothing_to_do_is_done_at_once() {
    for (name, make) in SEARCHING {
        let mut f = formula("x^2 + y^2", &["x", "y"]);
        let end = run(&mut f, &mut *make(), &[0.0, 0.0]);
        assert_eq!(end.stop_reason, StopReason::ZeroGradient, "{name}");
        assert_eq!((end.iterations, end.function_evaluations), (0, 1), "{name}");
        let mut constant = formula("7", &[]);
        let end = run(&mut constant, &mut *make(), &[]);
        assert!(end.converged && end.value == 7.0, "{name}: {end:?}");
    }
    let constant = formula("7", &[]);
    assert_eq!(auto(&constant, None).name(), "levenberg-marquardt");
}

#[test]
fn many_variables() {
    // 1000 variables: a chain of springs, each point held near its number.
    let n = 1000;
    let value = |p: &[f64]| -> f64 {
        let springs: f64 = p.windows(2).map(|w| (w[1] - w[0] - 1.5).powi(2)).sum();
        let held = (0..).zip(p).map(|(i, x)| (x - f64::from(i)).powi(2));
        springs + 0.01 * held.sum::<f64>()
    };
    let gradient = |p: &[f64], g: &mut [f64]| {
        for ((i, g), x) in (0..).zip(g.iter_mut()).zip(p) {
            *g = 0.02 * (x - f64::from(i));
        }
        for i in 0..p.len() - 1 {
            let stretch = 2.0 * (p[i + 1] - p[i] - 1.5);
            g[i + 1] += stretch;
            g[i] -= stretch;
        }
    };
    let mut f = ClosureObjective::with_gradient(n, value, gradient);
    let mut method = auto(&f, None);
    assert_eq!(method.name(), "lbfgs");
    let end = run(&mut f, &mut *method, &vec![0.0; n]);
    assert!(end.converged, "{end:?}");
}
