//! Steps along a direction satisfy the conditions of their searches, on functions nobody chose.

use gradus::descend::{
    Backtracking, Bfgs, ClosureObjective, ConjugateGradient, Descent, Iterate, LBfgs, LineSearch,
    Objective, Search, Steepest, Stop, StrongWolfe,
};
use proptest::prelude::*;

/// `sum a_i sin(b_i x_i + c_i) + w*|x|^2/2`, with some coupling: many valleys, and bounded below.
#[derive(Clone, Debug)]
struct Waves {
    a: [f64; 3],
    b: [f64; 3],
    c: [f64; 3],
}

impl Waves {
    fn value(&self, p: &[f64]) -> f64 {
        let waves: f64 = (0..3)
            .map(|i| self.a[i] * (self.b[i] * p[i] + self.c[i]).sin())
            .sum();
        waves
            + 0.05 * p.iter().map(|x| x * x).sum::<f64>()
            + 0.1 * (p[0] * p[1] + p[1] * p[2])
            + 0.2 * (p[0] + p[2]).powi(2)
    }

    fn gradient(&self, p: &[f64], g: &mut [f64]) {
        for i in 0..3 {
            g[i] = self.a[i] * self.b[i] * (self.b[i] * p[i] + self.c[i]).cos() + 0.1 * p[i];
        }
        g[0] += 0.1 * p[1] + 0.4 * (p[0] + p[2]);
        g[1] += 0.1 * (p[0] + p[2]);
        g[2] += 0.1 * p[1] + 0.4 * (p[0] + p[2]);
    }

    fn objective(&self) -> ClosureObjective<'_> {
        ClosureObjective::with_gradient(3, |p| self.value(p), |p, g| self.gradient(p, g))
    }
}

fn waves() -> impl Strategy<Value = Waves> {
    let three = |low: f64, high: f64| prop::array::uniform3(low..high);
    (three(-3.0, 3.0), three(0.2, 4.0), three(-3.0, 3.0)).prop_map(|(a, b, c)| Waves { a, b, c })
}

/// The points of a descent.
fn points(objective: &mut dyn Objective, mut method: LineSearch, start: &[f64]) -> Vec<Iterate> {
    let mut path = Vec::new();
    let stop = Stop {
        tolerance: 1e-6,
        max_iterations: 60,
        interrupt: None,
    };
    let mut descent = Descent::new(objective, &mut method, start);
    descent.run_watched(&stop, &mut |descent| path.push(descent.snapshot().at));
    path
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Value low enough, and the slopes before and after the step, in units of its length.
fn judge(before: &Iterate, after: &Iterate, decrease: f64) -> (bool, f64, f64) {
    let step: Vec<f64> = after
        .point
        .iter()
        .zip(&before.point)
        .map(|(b, a)| b - a)
        .collect();
    let (first, last) = (dot(&before.gradient, &step), dot(&after.gradient, &step));
    let rounding = 1e-13 * before.value.abs();
    (
        after.value <= before.value + decrease * first + rounding,
        first,
        last,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn strong_wolfe_conditions_hold(
        waves in waves(),
        start in prop::array::uniform3(-5.0f64..5.0),
        curvature in prop::sample::select(vec![0.1, 0.5, 0.9]),
        strict in any::<bool>(),
        which in 0usize..4,
    ) {
        let decrease = if strict { 0.5 * curvature } else { 1e-4 };
        let search = Search::Wolfe(StrongWolfe { decrease, curvature, ..StrongWolfe::default() });
        let method = match which {
            0 => LineSearch::new(Steepest),
            1 => LineSearch::new(ConjugateGradient::default()),
            2 => LineSearch::new(Bfgs::default()),
            _ => LineSearch::new(LBfgs::default()),
        };
        let path = points(&mut waves.objective(), method.with_search(search), &start);
        prop_assert!(path.len() > 1);
        for pair in path.windows(2) {
            let (low, first, last) = judge(&pair[0], &pair[1], decrease);
            prop_assert!(first < 0.0, "{pair:?}");
            prop_assert!(low, "{pair:?}");
            prop_assert!(last.abs() <= curvature * first.abs() * (1.0 + 1e-9), "{pair:?}");
        }
    }

    #[test]
    fn armijo_holds_and_no_length_is_far_too_short(
        waves in waves(),
        start in prop::array::uniform3(-5.0f64..5.0),
    ) {
        let search = Search::Backtracking(Backtracking { decrease: 0.3, ..Backtracking::default() });
        let path = points(&mut waves.objective(), LineSearch::new(Steepest).with_search(search), &start);
        for pair in path.windows(2) {
            let (low, first, _) = judge(&pair[0], &pair[1], 0.3);
            prop_assert!(first < 0.0 && low, "{pair:?}");
        }
    }
}

#[test]
fn steep_and_flat_places_are_searched() {
    // Lengths from 1e-6 to 1e6 are needed, and places without a value are stepped back from.
    for (scale, start) in [(1e-6, 3.0), (1.0, 3.0), (1e6, 3.0), (1e-3, -0.9)] {
        let value = move |p: &[f64]| (p[0] / scale - (p[0] / scale).ln_1p()) * 2.0;
        let gradient = move |p: &[f64], g: &mut [f64]| {
            g[0] = 2.0 * (p[0] / scale) / (1.0 + p[0] / scale) / scale;
        };
        for search in [
            Search::Wolfe(StrongWolfe::default()),
            Search::Backtracking(Backtracking::default()),
        ] {
            let mut f = ClosureObjective::with_gradient(1, value, gradient);
            let mut method = LineSearch::new(Bfgs::default()).with_search(search);
            let stop = Stop {
                tolerance: 0.0,
                ..Stop::default()
            };
            let end =
                gradus::descend::descend(&mut f, &mut method, &[start * scale], &stop, &mut |_| ());
            assert!(
                end.point[0].abs() < 1e-6 * scale,
                "{scale}, {search:?}: {end:?}"
            );
            assert!(end.function_evaluations < 200, "{end:?}");
        }
    }
}
