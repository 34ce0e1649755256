//! Boxes: no point outside is ever evaluated, and where a descent ends is a minimum of the box.

use gradus::descend::{
    Adam, Bounds, BoundsError, ClosureObjective, FirstOrder, GradientDescent, Method,
    ProjectedLBfgs, Stop, auto, descend,
};
use proptest::prelude::*;

const N: usize = 4;

/// A convex quadratic function `p.A.p/2 - b.p`, A = M^T M + I/10.
#[derive(Clone, Debug)]
struct Quadratic {
    a: [[f64; N]; N],
    b: [f64; N],
}

impl Quadratic {
    fn new(m: [[f64; N]; N], b: [f64; N]) -> Quadratic {
        let mut a = [[0.0; N]; N];
        for (i, row) in a.iter_mut().enumerate() {
            for (j, entry) in row.iter_mut().enumerate() {
                *entry = (0..N).map(|k| m[k][i] * m[k][j]).sum::<f64>();
                if i == j {
                    *entry += 0.1;
                }
            }
        }
        Quadratic { a, b }
    }

    fn gradient(&self, p: &[f64], g: &mut [f64]) {
        for ((g, row), b) in g.iter_mut().zip(&self.a).zip(&self.b) {
            *g = row.iter().zip(p).map(|(a, p)| a * p).sum::<f64>() - b;
        }
    }

    fn value(&self, p: &[f64]) -> f64 {
        let mut g = [0.0; N];
        self.gradient(p, &mut g);
        (0..N).map(|i| 0.5 * p[i] * (g[i] - self.b[i])).sum()
    }

    /// The minimum in a box by another road: one coordinate after the other, exactly, many times over.
    fn by_coordinates(&self, lower: &[f64], upper: &[f64]) -> [f64; N] {
        let mut p = [0.0; N];
        for _ in 0..20_000 {
            for i in 0..N {
                let rest: f64 = (0..N)
                    .filter(|&j| j != i)
                    .map(|j| self.a[i][j] * p[j])
                    .sum();
                p[i] = ((self.b[i] - rest) / self.a[i][i])
                    .max(lower[i])
                    .min(upper[i]);
            }
        }
        p
    }
}

/// Of each variable a lower bound and a width; some sides are open.
fn sides() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let side = (-3.0f64..3.0, 0.0f64..3.0, 0u8..8).prop_map(|(low, width, open)| {
        let lower = if open & 3 == 3 {
            f64::NEG_INFINITY
        } else {
            low
        };
        let upper = if open & 5 == 5 {
            f64::INFINITY
        } else {
            low + width
        };
        (lower, upper)
    });
    prop::collection::vec(side, N).prop_map(|sides| sides.into_iter().unzip())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_convex_function_ends_at_its_minimum_in_the_box(
        m in prop::array::uniform4(prop::array::uniform4(-2.0f64..2.0)),
        b in prop::array::uniform4(-5.0f64..5.0),
        (lower, upper) in sides(),
        start in prop::array::uniform4(-6.0f64..6.0),
        by_values in any::<bool>(),
    ) {
        let f = Quadratic::new(m, b);
        let bounds = Bounds::new(lower.clone(), upper.clone()).unwrap();
        let inside = bounds.clone();
        let value = |p: &[f64]| {
            assert!(inside.contain(p), "{p:?} is outside");
            f.value(p)
        };
        let mut objective = match by_values {
            true => ClosureObjective::new(N, value).within(bounds.clone()),
            false => ClosureObjective::with_gradient(N, value, |p, g| {
                assert!(inside.contain(p), "{p:?} is outside");
                f.gradient(p, g);
            }),
        };
        let mut method = auto(&objective, Some(&bounds));
        let stop = Stop { tolerance: if by_values { 1e-6 } else { 1e-9 }, ..Stop::default() };
        let end = descend(&mut objective, &mut *method, &start, &stop, &mut |i| {
            assert!(inside.contain(i.point), "{i:?}");
        });
        prop_assert!(end.converged, "{end:?}");
        let expected = f.by_coordinates(&lower, &upper);
        for (found, expected) in end.point.iter().zip(expected) {
            let near = if by_values { 1e-4 } else { 1e-6 };
            prop_assert!((found - expected).abs() < near * (1.0 + expected.abs()), "{end:?} {expected:?}");
        }
    }

    #[test]
    fn rated_methods_stay_inside(
        m in prop::array::uniform4(prop::array::uniform4(-2.0f64..2.0)),
        b in prop::array::uniform4(-5.0f64..5.0),
        (lower, upper) in sides(),
        start in prop::array::uniform4(-6.0f64..6.0),
        rate in prop::sample::select(vec![0.01, 0.3, 10.0]),
    ) {
        let f = Quadratic::new(m, b);
        let bounds = Bounds::new(lower, upper).unwrap();
        let methods: [Box<dyn Method>; 2] = [
            Box::new(FirstOrder::new(GradientDescent { rate }).with_bounds(bounds.clone())),
            Box::new(FirstOrder::new(Adam { rate, ..Adam::default() }).with_bounds(bounds.clone())),
        ];
        for mut method in methods {
            let mut objective = ClosureObjective::with_gradient(N, |p: &[f64]| {
                assert!(bounds.contain(p) || p.iter().any(|x| !x.is_finite()), "{p:?} is outside");
                f.value(p)
            }, |p, g| f.gradient(p, g));
            let stop = Stop { max_iterations: 200, ..Stop::default() };
            descend(&mut objective, &mut *method, &start, &stop, &mut |_| ());
        }
    }
}

#[test]
fn a_curved_valley_is_followed_along_the_edge() {
    // Rosenbrock's minimum (1, 1) is outside: along x = 0.5 it is lowest at y = 0.25.
    let bounds = Bounds::new(vec![-2.0, -2.0], vec![0.5, 2.0]).expect("bounds");
    let mut f = ClosureObjective::with_gradient(
        2,
        |p: &[f64]| 100.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2),
        |p, g| {
            let valley = p[1] - p[0] * p[0];
            g[0] = -400.0 * p[0] * valley - 2.0 * (1.0 - p[0]);
            g[1] = 200.0 * valley;
        },
    );
    let mut method = ProjectedLBfgs::new(bounds);
    let stop = Stop::suiting(&method);
    let end = descend(&mut f, &mut method, &[-1.2, 1.0], &stop, &mut |_| ());
    assert!(end.converged && end.point[0] == 0.5, "{end:?}");
    assert!((end.point[1] - 0.25).abs() < 1e-8, "{end:?}");
    assert!(end.iterations < 100, "{end:?}");
}

#[test]
fn a_fixed_variable_stays_and_the_others_move() {
    let bounds = Bounds::new(vec![2.0, f64::NEG_INFINITY], vec![2.0, f64::INFINITY]);
    let bounds = bounds.expect("bounds");
    let mut f = ClosureObjective::new(2, |p: &[f64]| (p[0] * p[1] - 6.0).powi(2) + p[0])
        .within(bounds.clone());
    let mut method = ProjectedLBfgs::new(bounds);
    let end = descend(
        &mut f,
        &mut method,
        &[2.0, 1.0],
        &Stop::default(),
        &mut |_| (),
    );
    assert!(end.converged && end.point[0] == 2.0, "{end:?}");
    assert!((end.point[1] - 3.0).abs() < 1e-5, "{end:?}");
}

#[test]
fn impossible_boxes_are_refused() {
    let inf = f64::INFINITY;
    assert!(matches!(
        Bounds::new(vec![0.0], vec![1.0, 2.0]),
        Err(BoundsError::Lengths { lower: 1, upper: 2 })
    ));
    for (lower, upper) in [
        (1.0, 0.0),
        (f64::NAN, 1.0),
        (0.0, f64::NAN),
        (inf, inf),
        (-inf, -inf),
    ] {
        let error = Bounds::new(vec![0.0, lower], vec![0.0, upper]).unwrap_err();
        assert!(
            matches!(error, BoundsError::Empty { variable: 1, .. }),
            "{error}"
        );
    }
}
