//! The rules of first order against the papers' formulas, written a second time and otherwise: as sums over all gradients
//! so far, or as recurrences of points.

use gradus::descend::{
    AdaGrad, Adam, AdamW, Batches, Bounds, ClosureObjective, Decay, FirstOrder, GradientDescent,
    Iteration, Method, Momentum, Nesterov, RmsProp, Rule, Stop, StopReason, descend,
};

use crate::common::Line;

/// Gradients that are nobody's: uneven, of both signs, with a zero.
const GRADIENTS: [[f64; 2]; 6] = [
    [3.0, -0.02],
    [-1.0, 0.5],
    [0.0, 7.0],
    [2.5, -4.0],
    [1e-3, 1e3],
    [-8.0, 0.25],
];
const POINTS: [[f64; 2]; 6] = [
    [1.0, 2.0],
    [-1.0, 0.5],
    [0.3, 4.0],
    [2.0, -4.0],
    [0.0, 1.0],
    [9.0, -2.0],
];

/// The steps of a rule for those gradients.
fn steps(mut rule: impl Rule) -> Vec<[f64; 2]> {
    let mut step = [0.0; 2];
    let pairs = GRADIENTS.iter().zip(&POINTS);
    pairs
        .map(|(gradient, point)| {
            rule.step(point, gradient, 1.0, &mut step);
            step
        })
        .collect()
}

/// What the steps should be: of coordinate `i` in step `t`, counted from 1, with all gradients up to there.
#[track_caller]
fn assert_steps(rule: impl Rule, expected: impl Fn(usize, usize, &[f64]) -> f64) {
    for (t, step) in (1..).zip(steps(rule)) {
        for (i, found) in step.into_iter().enumerate() {
            let so_far: Vec<f64> = GRADIENTS[..t].iter().map(|g| g[i]).collect();
            let expected = expected(t, i, &so_far);
            let close = (found - expected).abs() <= 1e-14 * (1.0 + expected.abs());
            assert!(close, "step {t} of {i}: {found}, expected {expected}");
        }
    }
}

/// The sum of `(1 - beta)*beta^(t - k)*value(g_k)`: equation 1 of the paper of Adam.
fn mean(beta: f64, gradients: &[f64], value: fn(f64) -> f64) -> f64 {
    let t = gradients.len() as i32;
    let parts = (1..).zip(gradients);
    parts
        .map(|(k, &g)| (1.0 - beta) * beta.powi(t - k) * value(g))
        .sum()
}

#[test]
fn adagrad_divides_by_all_squares() {
    let rule = AdaGrad {
        rate: 0.3,
        ..AdaGrad::default()
    };
    assert_steps(rule, |_, _, g| {
        let squares: f64 = g.iter().map(|g| g * g).sum();
        -0.3 * g[g.len() - 1] / (squares.sqrt() + 1e-10)
    });
}

#[test]
fn rmsprop_divides_by_a_mean_of_squares() {
    let rule = RmsProp {
        rate: 0.3,
        beta: 0.8,
        ..RmsProp::default()
    };
    assert_steps(rule, |_, _, g| {
        -0.3 * g[g.len() - 1] / (mean(0.8, g, |g| g * g).sqrt() + 1e-8)
    });
}

fn adam(t: usize, g: &[f64], rate: f64) -> f64 {
    let t = t as i32;
    let m = mean(0.9, g, |g| g) / (1.0 - 0.9f64.powi(t));
    let v = mean(0.999, g, |g| g * g) / (1.0 - 0.999f64.powi(t));
    -rate * m / (v.sqrt() + 1e-8)
}

#[test]
fn adam_is_that_of_the_paper() {
    let rule = Adam {
        rate: 0.25,
        ..Adam::default()
    };
    assert_steps(rule.clone(), |t, _, g| adam(t, g, 0.25));
    // Unbiased, the first step has the length of the rate, whatever the gradient.
    let first = steps(rule)[0];
    assert!((first[0] + 0.25).abs() < 1e-8 && (first[1] - 0.25).abs() < 1e-6);
}

#[test]
fn adamw_pulls_the_point_itself() {
    let rule = AdamW {
        adam: Adam {
            rate: 0.25,
            ..Adam::default()
        },
        weight_decay: 0.1,
    };
    assert_steps(rule, |t, i, g| {
        adam(t, g, 0.25) - 0.25 * 0.1 * POINTS[t - 1][i]
    });
}

/// The points of a descent by a method on the parabola `f = 3*(x - 1)^2`.
fn points(method: &mut dyn Method, most: u64) -> Vec<f64> {
    let mut parabola = ClosureObjective::with_gradient(
        1,
        |p| 3.0 * (p[0] - 1.0).powi(2),
        |p, g| g[0] = 6.0 * (p[0] - 1.0),
    );
    let stop = Stop {
        tolerance: 0.0,
        max_iterations: most,
        interrupt: None,
    };
    let mut points = Vec::new();
    let mut keep = |i: &Iteration<'_>| points.push(i.point[0]);
    descend(&mut parabola, method, &[4.0], &stop, &mut keep);
    points
}

fn slope(x: f64) -> f64 {
    6.0 * (x - 1.0)
}

fn assert_same(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{found}, {expected}");
    }
}

#[test]
fn the_heavy_ball_is_a_recurrence_of_points() {
    let mut method = FirstOrder::new(Momentum {
        rate: 0.05,
        momentum: 0.7,
        ..Momentum::default()
    });
    // Polyak's form: x + momentum*(x - the one before) - rate*f'(x).
    let mut expected = vec![4.0, 4.0 - 0.05 * slope(4.0)];
    while expected.len() <= 30 {
        let (before, x) = (expected[expected.len() - 2], expected[expected.len() - 1]);
        expected.push(x + 0.7 * (x - before) - 0.05 * slope(x));
    }
    assert_same(&points(&mut method, 30), &expected);
}

#[test]
fn nesterov_takes_gradients_ahead() {
    let mut method = FirstOrder::new(Nesterov {
        rate: 0.05,
        momentum: 0.7,
        ..Nesterov::default()
    });
    // Nesterov's form: y = x + momentum*(x - the x before), the next x is y - rate*f'(y); the y are what is seen.
    let (mut before, mut seen) = (4.0, vec![4.0]);
    while seen.len() <= 30 {
        let y = seen[seen.len() - 1];
        let x = y - 0.05 * slope(y);
        seen.push(x + 0.7 * (x - before));
        before = x;
    }
    assert_same(&points(&mut method, 30), &seen);
}

#[test]
fn a_rate_decays_as_its_schedule_says() {
    type Factor = fn(f64) -> f64;
    let schedules: [(Decay, Factor); 6] = [
        (Decay::Constant, |_| 1.0),
        (
            Decay::Step {
                factor: 0.5,
                every: 4,
            },
            |k| 0.5f64.powf((k / 4.0).floor()),
        ),
        (Decay::Exponential { factor: 0.9 }, |k| 0.9f64.powf(k)),
        (Decay::InverseTime { speed: 0.5 }, |k| 1.0 / (1.0 + k / 2.0)),
        (Decay::InverseRoot { speed: 0.5 }, |k| {
            (1.0 + k / 2.0).powf(-0.5)
        }),
        (
            Decay::Cosine {
                steps: 8,
                lowest: 0.2,
            },
            |k| 0.6 + 0.4 * (std::f64::consts::PI * k.min(8.0) / 8.0).cos(),
        ),
    ];
    for (decay, factor) in schedules {
        let mut expected = vec![4.0];
        for k in 0..12 {
            let x = expected[k];
            expected.push(x - 0.01 * factor(k as f64) * slope(x));
        }
        let rule = GradientDescent { rate: 0.01 };
        let mut method = FirstOrder::new(rule).with_decay(decay);
        assert_same(&points(&mut method, 12), &expected);
    }
}

#[test]
fn gradient_descent_is_the_same_with_and_without_its_frame() {
    let alone = points(&mut GradientDescent { rate: 0.01 }, 200);
    let framed = points(&mut FirstOrder::new(GradientDescent { rate: 0.01 }), 200);
    assert_eq!(alone, framed);
}

#[test]
fn a_rate_that_has_vanished_is_no_convergence() {
    let mut parabola = ClosureObjective::new(1, |p| p[0] * p[0]);
    let mut run = |decay| {
        let mut method = FirstOrder::new(GradientDescent { rate: 1e-3 }).with_decay(decay);
        descend(
            &mut parabola,
            &mut method,
            &[1.0],
            &Stop::default(),
            &mut |_| (),
        )
    };
    let end = run(Decay::Exponential { factor: 0.5 });
    assert_eq!(end.stop_reason, StopReason::RateVanished);
    assert!(!end.converged && end.point[0] > 0.9);
    // One that falls slowly enough gets there.
    let end = run(Decay::InverseRoot { speed: 1e-4 });
    assert!(end.converged && end.point[0].abs() < 6e-3, "{end:?}");
}

#[test]
fn a_turning_ball_has_not_arrived() {
    // With much momentum the velocity passes 0 at each turn, far from the minimum.
    let mut parabola =
        ClosureObjective::with_gradient(1, |p| p[0] * p[0], |p, g| g[0] = 2.0 * p[0]);
    let mut method = FirstOrder::new(Momentum {
        rate: 1e-4,
        momentum: 0.999,
        ..Momentum::default()
    });
    let stop = Stop {
        tolerance: 1e-4,
        ..Stop::default()
    };
    let end = descend(&mut parabola, &mut method, &[1.0], &stop, &mut |_| ());
    assert!(end.converged && end.point[0].abs() < 0.02, "{end:?}");
}

#[test]
fn batches_see_every_row_once_an_epoch_in_a_new_order() {
    let mut seen: Vec<Vec<usize>> = Vec::new();
    struct Watched<'a>(Line, &'a mut Vec<Vec<usize>>);
    impl gradus::descend::Objective for Watched<'_> {
        fn dimension(&self) -> usize {
            2
        }
        fn value(&mut self, p: &[f64]) -> f64 {
            self.0.value(p)
        }
        fn gradient(&mut self, p: &[f64], g: &mut [f64]) {
            self.0.gradient(p, g);
        }
        fn offers(&self) -> gradus::descend::Offers {
            self.0.offers()
        }
        fn value_and_gradient_of(&mut self, rows: &[usize], p: &[f64], g: &mut [f64]) -> f64 {
            self.1.push(rows.to_vec());
            self.0.value_and_gradient_of(rows, p, g)
        }
    }
    let stop = Stop {
        tolerance: 0.0,
        max_iterations: 3,
        interrupt: None,
    };
    let mut objective = Watched(Line::new(23), &mut seen);
    let mut method =
        FirstOrder::new(GradientDescent { rate: 0.1 }).with_batches(Batches::new(5, 1));
    assert_eq!(Method::name(&method), "sgd");
    let end = descend(&mut objective, &mut method, &[0.0, 0.0], &stop, &mut |_| ());
    assert_eq!(end.stop_reason, StopReason::EpochsDone);
    assert!(end.iterations == 3 && !end.converged);
    // Of each epoch the rows once, and the whole for the value after it; and the start.
    assert_eq!((end.function_evaluations, end.gradient_evaluations), (7, 7));
    assert_eq!(
        seen.iter().map(Vec::len).collect::<Vec<_>>(),
        [5, 5, 5, 5, 3].repeat(3)
    );
    let epochs: Vec<Vec<usize>> = seen.chunks(5).map(|e| e.concat()).collect();
    for epoch in &epochs {
        let mut sorted = epoch.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..23).collect::<Vec<_>>());
    }
    assert!(epochs[0] != epochs[1] && epochs[1] != epochs[2]);
}

#[test]
fn mini_batches_find_the_line() {
    // The least squares line, by its formulas.
    let mut line = Line::new(100);
    let n = 100.0;
    let (sx, sy): (f64, f64) = line
        .rows
        .iter()
        .fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let sxx: f64 = line.rows.iter().map(|(x, _)| x * x).sum();
    let sxy: f64 = line.rows.iter().map(|(x, y)| x * y).sum();
    let a = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    let b = (sy - a * sx) / n;
    for (seed, most) in [(1, 400), (2, 400)] {
        let mut method = FirstOrder::new(GradientDescent { rate: 0.5 })
            .with_decay(Decay::InverseTime { speed: 0.05 })
            .with_batches(Batches::new(10, seed));
        let stop = Stop {
            tolerance: 0.0,
            max_iterations: most,
            interrupt: None,
        };
        let end = descend(&mut line, &mut method, &[0.0, 0.0], &stop, &mut |_| ());
        let near = (end.point[0] - a).abs() < 2e-3 && (end.point[1] - b).abs() < 2e-3;
        assert!(near, "{end:?}, least squares: {a}, {b}");
    }
}

#[test]
fn steps_of_first_order_stay_in_the_box() {
    let bounds = Bounds::new(vec![1.5, 0.0], vec![9.0, f64::INFINITY]).expect("bounds");
    let inside = bounds.clone();
    let mut bowl = ClosureObjective::with_gradient(
        2,
        move |p| {
            assert!(inside.contain(p), "{p:?}");
            p[0] * p[0] + (p[1] - 3.0).powi(2)
        },
        |p, g| {
            g[0] = 2.0 * p[0];
            g[1] = 2.0 * (p[1] - 3.0);
        },
    );
    for momentum in [0.0, 0.9] {
        let mut method = FirstOrder::new(Momentum {
            rate: 0.1,
            momentum,
            ..Momentum::default()
        })
        .with_bounds(bounds.clone());
        // The start is moved into the box.
        let end = descend(
            &mut bowl,
            &mut method,
            &[20.0, -5.0],
            &Stop::default(),
            &mut |_| (),
        );
        assert!(end.converged && end.point[0] == 1.5, "{end:?}");
        assert!((end.point[1] - 3.0).abs() < 1e-3, "{end:?}");
    }
}
