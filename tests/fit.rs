//! Fits beside other roads to the same numbers.

use std::sync::atomic::{AtomicBool, Ordering};

use gradus::fit::{
    Data, Ended, FitError, LinearFit, Loss, Options, Triangle, profile_interval, student_quantile,
    student_tails,
};
use gradus::{Fitted, ModelError, fit, fit_with};
use proptest::prelude::*;

/// Numbers between -1 and 1, always the same (SplitMix64).
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

#[track_caller]
fn near(found: f64, expected: f64, relative: f64) {
    let error = (found - expected).abs();
    assert!(
        error <= relative * expected.abs().max(1e-300),
        "{found} instead of {expected}"
    );
}

/// An exponential that comes to rest, with noise.
fn decay(rows: usize) -> (Vec<f64>, Vec<f64>) {
    let mut noise = noise(7);
    let x: Vec<f64> = (0..rows).map(|k| 10.0 * k as f64 / rows as f64).collect();
    let y = x
        .iter()
        .map(|x| 3.0 * (-0.7 * x).exp() + 0.5 + 0.05 * noise())
        .collect();
    (x, y)
}

const DECAY: &str = "y = a*exp(-k*x) + c";
const START: [(&str, f64); 3] = [("a", 1.0), ("k", 1.0), ("c", 0.0)];

fn with(
    model: &str,
    columns: &[(&str, &[f64])],
    start: &[(&str, f64)],
    options: &Options<'_>,
) -> Fitted {
    fit_with(model, columns, start, options, &mut |_| {}).expect(model)
}

// ---- The triangle ---------------------------------------------------------------------------------------------------

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// R^T R = A^T A, however the rows were cut.
    #[test]
    fn triangles_keep_all_products(columns in 1usize..9, rows in 0usize..70, cut in 0usize..70, seed: u64) {
        let mut noise = noise(seed);
        let a: Vec<Vec<f64>> = (0..columns).map(|_| (0..rows).map(|_| noise()).collect()).collect();
        let mut triangle = Triangle::new(columns);
        let cut = cut.min(rows);
        for (from, to) in [(0, cut), (cut, rows)] {
            let mut block: Vec<f64> = a.iter().flat_map(|c| c[from..to].iter().copied().chain([9.0])).collect();
            triangle.absorb(&mut block, to - from + 1, to - from);
        }
        for i in 0..columns {
            for j in 0..columns {
                let product: f64 = (0..rows).map(|k| a[i][k] * a[j][k]).sum();
                let kept: f64 = (0..columns).map(|k| triangle.at(k, i) * triangle.at(k, j)).sum();
                prop_assert!((product - kept).abs() <= 1e-13 * rows as f64);
            }
        }
    }

    /// The residuals of a linear fit are orthogonal to the columns, in whatever units these are.
    #[test]
    fn residuals_are_orthogonal(seed: u64, size in -30i32..30) {
        let mut noise = noise(seed);
        let unit = 10f64.powi(size);
        let x: Vec<f64> = (0..30).map(|_| unit * noise()).collect();
        let z: Vec<f64> = (0..30).map(|_| noise()).collect();
        let y: Vec<f64> = (0..30).map(|k| 2.0 * x[k] / unit - z[k] + noise()).collect();
        for polish in [true, false] {
            let options = Options { polish, ..Options::default() };
            let found = with("y = a + b*x + c*z", &[("x", &x), ("z", &z), ("y", &y)], &[], &options);
            let [a, b, c] = ["a", "b", "c"].map(|name| found.value(name).unwrap());
            let r: Vec<f64> = (0..30).map(|k| y[k] - a - b * x[k] - c * z[k]).collect();
            let along = |column: &[f64]| column.iter().zip(&r).map(|(x, r)| x * r).sum::<f64>();
            prop_assert!(along(&x).abs() <= 1e-12 * unit);
            prop_assert!(along(&z).abs() <= 1e-12);
            prop_assert!(r.iter().sum::<f64>().abs() <= 1e-12);
        }
    }
}

// ---- Linear models --------------------------------------------------------------------------------------------------

#[test]
fn a_weight_is_a_row_that_often() {
    let (x, y) = ([1.0, 2.0, 4.0, 7.0], [1.5, 3.0, 4.5, 9.5]);
    let weights = [1.0, 3.0, 2.0, 1.0];
    let model = fit("y = a + b*x", &[("x", &x), ("y", &y)], &[])
        .unwrap()
        .model;
    let columns: [&[f64]; 1] = [&x];
    let data = Data {
        weights: Some(&weights),
        ..Data::new(&columns, &y)
    };
    let weighted = gradus::fit::fit(
        &model,
        &data,
        &[None, None],
        &Options::default(),
        &mut |_| {},
    )
    .unwrap();
    let again = |v: &[f64]| -> Vec<f64> {
        let rows = v.iter().zip(&weights);
        rows.flat_map(|(&x, &w)| std::iter::repeat_n(x, w as usize))
            .collect()
    };
    let (x, y) = (again(&x), again(&y));
    let repeated = fit("y = a + b*x", &[("x", &x), ("y", &y)], &[])
        .unwrap()
        .fit;
    for k in 0..2 {
        near(weighted.parameters[k], repeated.parameters[k], 1e-14);
    }
    near(
        weighted.residual_sum_of_squares,
        repeated.residual_sum_of_squares,
        1e-13,
    );
    near(weighted.r_squared(), repeated.r_squared(), 1e-14);
    // As errors they differ by the degrees of freedom alone: 2 and 5.
    near(
        weighted.std_error(1),
        repeated.std_error(1) * 2.5f64.sqrt(),
        1e-13,
    );
}

#[test]
fn a_ridge_is_a_row_for_each_parameter() {
    let mut noise = noise(3);
    let x: Vec<f64> = (0..12).map(|_| noise()).collect();
    let z: Vec<f64> = (0..12).map(|_| noise()).collect();
    let y: Vec<f64> = (0..12).map(|k| x[k] + 2.0 * z[k] + noise()).collect();
    let ridge = 0.7f64;
    let more = |v: &[f64], a: f64, b: f64| [v, &[a, b]].concat();
    let (x2, z2, y2) = (
        more(&x, ridge.sqrt(), 0.0),
        more(&z, 0.0, ridge.sqrt()),
        more(&y, 0.0, 0.0),
    );
    let augmented = fit("y = a*x + b*z", &[("x", &x2), ("z", &z2), ("y", &y2)], &[]).unwrap();
    for polish in [true, false] {
        let options = Options {
            ridge,
            polish,
            ..Options::default()
        };
        let found = with(
            "y = a*x + b*z",
            &[("x", &x), ("z", &z), ("y", &y)],
            &[],
            &options,
        );
        near(
            found.value("a").unwrap(),
            augmented.value("a").unwrap(),
            1e-13,
        );
        near(
            found.value("b").unwrap(),
            augmented.value("b").unwrap(),
            1e-13,
        );
        near(
            found.fit.objective,
            augmented.fit.residual_sum_of_squares,
            1e-13,
        );
        // The model that is not seen to be linear takes the other road to the same place.
        let bent = with(
            "y = a*x + exp(log(b))*z",
            &[("x", &x), ("z", &z), ("y", &y)],
            &[("a", 1.0), ("b", 1.0)],
            &options,
        );
        near(
            bent.value("b").unwrap(),
            augmented.value("b").unwrap(),
            1e-8,
        );
    }
}

#[test]
fn columns_that_are_multiples_are_named_and_the_shortest_solution_is_given() {
    let x = [1.0, 2.0, 3.0, 4.0];
    let twice = [2.0, 4.0, 6.0, 8.0];
    let y = [5.0, 10.0, 15.0, 20.5];
    let columns: [(&str, &[f64]); 3] = [("x", &x), ("z", &twice), ("y", &y)];
    let found = fit("y = a*x + b*z + c", &columns, &[]).unwrap();
    assert_eq!(
        (found.fit.rank, &found.fit.undetermined[..]),
        (2, &[vec![0, 1]][..])
    );
    let alone = fit("y = a*x + c", &columns, &[]).unwrap();
    // Of all a + 2b = s the shortest is (s/5, 2s/5).
    let s = alone.value("a").unwrap();
    near(found.value("a").unwrap(), s / 5.0, 1e-13);
    near(found.value("b").unwrap(), 2.0 * s / 5.0, 1e-13);
    assert!(found.std_error("a").unwrap().is_nan());
    near(
        found.std_error("c").unwrap(),
        alone.std_error("c").unwrap(),
        1e-12,
    );
    near(
        found.fit.residual_sum_of_squares,
        alone.fit.residual_sum_of_squares,
        1e-12,
    );
}

#[test]
fn a_constant_column_is_a_multiple_of_the_intercept() {
    let (x, y) = ([3.0; 4], [1.0, 2.0, 3.0, 5.0]);
    let found = fit("y = a + b*x", &[("x", &x), ("y", &y)], &[]).unwrap();
    assert_eq!(found.fit.undetermined, [vec![0, 1]]);
    let nothing = fit("y = a + b*(x - 3)", &[("x", &x), ("y", &y)], &[]).unwrap();
    assert_eq!(nothing.fit.undetermined, [vec![1]]);
    assert_eq!(nothing.value("b"), Some(0.0));
}

#[test]
fn an_offset_without_parameters_is_kept() {
    let x = [1.0, 2.0, 3.0];
    let y = [1.0 + 2.0, 4.0 + 4.0, 9.0 + 6.0];
    let found = fit("y = x^2 + b*x", &[("x", &x), ("y", &y)], &[]).unwrap();
    near(found.value("b").unwrap(), 2.0, 1e-14);
    assert!(found.fit.residual_sum_of_squares < 1e-28);
}

#[test]
fn parts_of_the_rows_give_what_all_rows_give() {
    let mut noise = noise(11);
    let rows = 40_000;
    let x: Vec<f64> = (0..rows).map(|_| noise()).collect();
    let y: Vec<f64> = x
        .iter()
        .map(|x| 1.0 - 2.0 * x + 3.0 * x * x + noise())
        .collect();
    let options = Options {
        polish: false,
        ..Options::default()
    };
    let whole = with(
        "y = a + b*x + c*x^2",
        &[("x", &x), ("y", &y)],
        &[],
        &options,
    );
    let mut parts = LinearFit::new(&whole.model, &options).unwrap();
    for (x, y) in x.chunks(9_000).zip(y.chunks(9_000)) {
        parts.add(&Data::new(&[x], y)).unwrap();
    }
    let parts = parts.finish().unwrap();
    assert_eq!(parts.rows, rows as u64);
    for k in 0..3 {
        near(parts.parameters[k], whole.fit.parameters[k], 1e-12);
        near(parts.std_error(k), whole.fit.std_error(k), 1e-12);
    }
    near(parts.r_squared(), whole.fit.r_squared(), 1e-12);
    // The same bits in a pool of one thread and of three.
    let in_pool = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            with(
                "y = a + b*x + c*x^2",
                &[("x", &x), ("y", &y)],
                &[],
                &options,
            )
            .fit
            .parameters
        })
    };
    assert_eq!(in_pool(1), in_pool(3));
}

// ---- Models that are not linear -------------------------------------------------------------------------------------

#[test]
fn a_minimum_is_lower_than_its_neighbours() {
    let (x, y) = decay(40);
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    for loss in [
        Loss::Squares,
        Loss::Huber(0.02),
        Loss::SoftL1(0.02),
        Loss::Cauchy(0.05),
    ] {
        let options = Options {
            loss,
            ..Options::default()
        };
        let found = with(DECAY, &columns, &START, &options);
        assert!(found.fit.converged(), "{loss:?}: {:?}", found.fit.ended);
        let objective = |a: f64, c: f64, k: f64| -> f64 {
            let rows = x.iter().zip(&y);
            rows.map(|(x, y)| {
                let r = y - a * (-k * x).exp() - c;
                let z = |s: f64| (r / s).powi(2);
                match loss {
                    Loss::Squares => r * r,
                    Loss::Huber(s) if r.abs() <= s => r * r,
                    Loss::Huber(s) => 2.0 * s * r.abs() - s * s,
                    Loss::SoftL1(s) => 2.0 * s * s * ((1.0 + z(s)).sqrt() - 1.0),
                    Loss::Cauchy(s) => s * s * (1.0 + z(s)).ln(),
                }
            })
            .sum()
        };
        let [a, c, k] = found.fit.parameters[..] else {
            panic!()
        };
        near(found.fit.objective, objective(a, c, k), 1e-12);
        for step in [-1e-4, 1e-4] {
            for (a, c, k) in [
                (a + step, c, k),
                (a, c + step, k),
                (a, c, k + step),
                (a + step, c + step, k - step),
            ] {
                assert!(objective(a, c, k) > found.fit.objective, "{loss:?}");
            }
        }
    }
}

#[test]
fn robust_losses_see_through_outliers() {
    let (x, mut y) = decay(60);
    for k in [5, 17, 33, 48] {
        y[k] += 4.0;
    }
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let error = |loss| {
        let found = with(
            DECAY,
            &columns,
            &START,
            &Options {
                loss,
                ..Options::default()
            },
        );
        (found.value("c").unwrap() - 0.5).abs()
    };
    assert!(error(Loss::Squares) > 0.15);
    for loss in [Loss::Huber(0.05), Loss::SoftL1(0.05), Loss::Cauchy(0.1)] {
        assert!(error(loss) < 0.05, "{loss:?}: {}", error(loss));
    }
}

/// A line with two outliers.
const OUTLIERS: [f64; 20] = [
    1.5, 2.71, 3.67, 4.61, 35.86, 6.83, 8.27, 9.78, 10.35, 11.44, 12.9, 13.98, 15.03, 15.85, 17.24,
    48.58, 19.1, 20.49, 21.18, 22.49,
];

fn halves() -> Vec<f64> {
    (0..20).map(|k| f64::from(k) / 2.0).collect()
}

/// Values, standard errors and covariance from statsmodels 0.15.0: `RLM(y, X, M).fit(cov="H1")` with the scale held at 1,
/// `HuberT(c)`, and for the others a norm with their psi.
#[test]
fn standard_errors_of_robust_losses_are_those_of_an_m_estimator() {
    let x = halves();
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &OUTLIERS)];
    for (loss, a, b, errors, covariance) in [
        (
            Loss::Huber(0.5),
            1.614353460159916,
            2.21475599669148,
            [0.13056210868077378, 0.02349706793538649],
            -0.0026225329574107977,
        ),
        (
            Loss::Huber(0.2),
            1.5659468872442306,
            2.218110579016109,
            [0.13998770466283778, 0.025193378383799748],
            -0.003014854993349214,
        ),
        (
            Loss::SoftL1(0.5),
            1.6140850343029227,
            2.2162770416826527,
            [0.1485446369439829, 0.02673335672177352],
            -0.0033946937176645682,
        ),
        (
            Loss::Cauchy(0.5),
            1.5403822319320073,
            2.216829268679718,
            [0.10743375365696148, 0.019334692383096704],
            -0.001775694065357644,
        ),
    ] {
        let options = Options {
            loss,
            ..Options::default()
        };
        let line = with("y = a + b*x", &columns, &[], &options);
        near(line.value("a").unwrap(), a, 1e-7);
        near(line.value("b").unwrap(), b, 1e-7);
        near(line.fit.std_error(0), errors[0], 1e-6);
        near(line.fit.std_error(1), errors[1], 1e-6);
        near(line.fit.covariance(0, 1), covariance, 1e-6);
        // A prediction where the line crosses x = 0 is as sure as a.
        let there = line.fit.predict(&line.model, &[0.0]);
        near(there.std_error, errors[0], 1e-6);
        // The same line with the logarithm of its slope: by the derivative that has the error of b, divided by b.
        let start = [("a", 1.5), ("k", 0.8)];
        let bent = with("y = a + exp(k)*x", &columns, &start, &options);
        near(bent.fit.std_error(0), errors[0], 1e-6);
        near(bent.fit.std_error(1), errors[1] / b, 1e-6);
    }
}

#[test]
fn a_robust_loss_of_known_errors_is_as_sure_as_its_efficiency_says() {
    let x = halves();
    let sigma = [1.0; 20];
    let columns: [(&str, &[f64]); 3] = [("x", &x), ("y", &OUTLIERS), ("s", &sigma)];
    let error = |loss| {
        let options = Options {
            loss,
            known_errors: true,
            ..Options::default()
        };
        with("y = a + b*x", &columns, &[], &options)
            .fit
            .std_error(1)
    };
    // 1.345 is the scale that is known for an efficiency of 95 %, as is 2.385 for Cauchy's loss.
    let least = error(Loss::Squares);
    for loss in [Loss::Huber(1.345), Loss::Cauchy(2.385)] {
        near((least / error(loss)).powi(2), 0.95, 1e-3);
    }
}

#[test]
fn a_huge_scale_is_plain_squares() {
    let x = halves();
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &OUTLIERS)];
    let fit = |loss, ridge| {
        let options = Options {
            loss,
            ridge,
            ..Options::default()
        };
        with("y = a + b*x", &columns, &[], &options).fit
    };
    for ridge in [0.0, 3.0] {
        let squares = fit(Loss::Squares, ridge);
        for loss in [Loss::Huber(1e9), Loss::SoftL1(1e9), Loss::Cauchy(1e9)] {
            let robust = fit(loss, ridge);
            for k in 0..2 {
                near(robust.std_error(k), squares.std_error(k), 1e-9);
            }
        }
    }
}

#[test]
fn where_all_residuals_are_beyond_the_scale_there_is_no_standard_error() {
    let x = [1.0, 2.0, 3.0, 4.0];
    let y = [0.0, 10.0, 20.0, 31.0];
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let options = Options {
        loss: Loss::Huber(1e-3),
        max_iterations: 0,
        ..Options::default()
    };
    let found = with(
        "y = a + b*x",
        &columns,
        &[("a", 100.0), ("b", 0.0)],
        &options,
    );
    assert!(found.fit.std_error(0).is_nan());
}

#[test]
fn derivatives_are_those_of_finite_differences() {
    let (x, y) = decay(10);
    let model = fit(DECAY, &[("x", &x), ("y", &y)], &START).unwrap().model;
    let at = [2.0, 0.3, 0.9];
    for &x in &x {
        let (_, slopes) = model.value_and_gradient(&[x], &at);
        for k in 0..3 {
            let moved = |h: f64| {
                let mut at = at;
                at[k] += h;
                model.value_and_gradient(&[x], &at).0
            };
            let expected = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((slopes[k] - expected).abs() < 1e-9);
        }
    }
}

#[test]
fn bounds_are_kept_at_every_step_and_named_at_the_end() {
    let (x, y) = decay(40);
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let everything = (f64::NEG_INFINITY, f64::INFINITY);
    // a, c, k: the best c is near 0.5.
    let bounds = [(0.0, 10.0), (0.6, 2.0), everything];
    let mut seen = 0;
    let options = Options {
        bounds: Some(&bounds),
        ..Options::default()
    };
    let found = fit_with(
        DECAY,
        &columns,
        &[("a", 9.0), ("k", 3.0), ("c", 1.9)],
        &options,
        &mut |step| {
            seen += 1;
            for (b, (low, high)) in step.parameters.iter().zip(bounds) {
                assert!((low..=high).contains(b));
            }
        },
    );
    let found = found.unwrap();
    assert!(found.fit.converged() && seen > 2);
    assert_eq!(
        (found.value("c"), &found.fit.at_bound[..]),
        (Some(0.6), &[1][..])
    );
    assert!(found.std_error("c").unwrap().is_nan());
    // The same as with c held there.
    let held = fit("y = a*exp(-k*x) + 0.6", &columns, &[("a", 1.0), ("k", 1.0)]).unwrap();
    near(found.value("a").unwrap(), held.value("a").unwrap(), 1e-12);
    near(found.value("k").unwrap(), held.value("k").unwrap(), 1e-12);
    near(
        found.std_error("k").unwrap(),
        held.std_error("k").unwrap(),
        1e-10,
    );
    // A linear model with a bound goes the same way.
    let line = with(
        "y = a + b*x",
        &columns,
        &[],
        &Options {
            bounds: Some(&[everything, (0.0, 1.0)]),
            ..Options::default()
        },
    );
    assert_eq!(line.value("b"), Some(0.0));
    near(
        line.value("a").unwrap(),
        y.iter().sum::<f64>() / 40.0,
        1e-12,
    );
}

#[test]
fn profile_intervals_of_linear_models_are_those_of_student() {
    let (x, y) = ([1.0, 2.0, 4.0, 7.0, 8.0], [1.5, 3.0, 4.5, 9.5, 9.0]);
    let found = fit("y = a + b*x", &[("x", &x), ("y", &y)], &[]).unwrap();
    let columns: [&[f64]; 1] = [&x];
    let data = Data::new(&columns, &y);
    for parameter in 0..2 {
        let profile = profile_interval(
            &found.model,
            &data,
            &found.fit,
            parameter,
            0.9,
            &Options::default(),
        );
        let plain = found.fit.interval(parameter, 0.9);
        near(profile.0, plain.0, 1e-7);
        near(profile.1, plain.1, 1e-7);
    }
}

#[test]
fn profile_intervals_end_where_the_sum_of_squares_has_grown() {
    let (x, y) = decay(15);
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let found = fit(DECAY, &columns, &START).unwrap();
    let inputs: [&[f64]; 1] = [&x];
    let data = Data::new(&inputs, &y);
    let (low, high) = profile_interval(
        &found.model,
        &data,
        &found.fit,
        2,
        0.95,
        &Options::default(),
    );
    let plain = found.interval("k", 0.95).unwrap();
    assert!(
        low > plain.0 && high > plain.1,
        "{low} {high} {plain:?}: longer above than below"
    );
    let allowed = (found.fit.quantile(0.95) * found.fit.residual_std_error()).powi(2);
    for end in [low, high] {
        let held = format!("y = a*exp(-({end})*x) + c");
        let held = fit(&held, &columns, &[]).unwrap();
        near(
            held.fit.residual_sum_of_squares - found.fit.residual_sum_of_squares,
            allowed,
            1e-6,
        );
    }
    // A model that comes to rest at any large k: no upper end.
    let (x, y) = ([1.0, 2.0, 3.0, 4.0], [1.01, 0.99, 1.02, 0.98]);
    let flat = fit(
        "y = a*(1 - exp(-k*x))",
        &[("x", &x), ("y", &y)],
        &[("a", 1.0), ("k", 3.0)],
    )
    .unwrap();
    let inputs: [&[f64]; 1] = [&x];
    let (low, high) = profile_interval(
        &flat.model,
        &Data::new(&inputs, &y),
        &flat.fit,
        1,
        0.95,
        &Options::default(),
    );
    assert!(low > 0.5 && high == f64::INFINITY, "{low} {high}");
}

/// Where the data do not determine a parameter, nothing is known of a prediction that depends on it: not even that it is exact.
#[test]
fn predictions_of_what_is_not_determined_have_no_error() {
    let (x, y) = ([2.0; 4], [1.0, 2.0, 3.0, 5.0]);
    let found = gradus::fit("y = a + b*x", &[("x", &x), ("y", &y)], &[]).unwrap();
    let elsewhere = found.predict(&[("x", 7.0)]).unwrap();
    assert!(elsewhere.std_error.is_nan() && elsewhere.observation_std_error.is_nan());
}

#[test]
fn predictions_carry_the_errors_of_the_parameters() {
    let (x, y) = decay(30);
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    // A prediction is a parameter of the model written for that place.
    let found = fit(DECAY, &columns, &START).unwrap();
    let there = found.predict(&[("x", 2.0)]).unwrap();
    let other = fit(
        "y = (p - c)*exp(-k*(x - 2)) + c",
        &columns,
        &[("p", 1.0), ("k", 1.0), ("c", 0.0)],
    )
    .unwrap();
    near(there.value, other.value("p").unwrap(), 1e-12);
    near(there.std_error, other.std_error("p").unwrap(), 1e-10);
    let whole = (there.std_error.powi(2) + found.fit.residual_std_error().powi(2)).sqrt();
    near(there.observation_std_error, whole, 1e-14);
    assert!(matches!(
        found.predict(&[("z", 1.0)]),
        Err(ModelError::NoColumn { .. })
    ));
}

#[test]
fn known_errors_are_not_scaled() {
    let (x, y) = ([0.0, 1.0, 2.0], [1.0, 3.1, 4.9]);
    let model = fit("y = a + b*x", &[("x", &x), ("y", &y)], &[])
        .unwrap()
        .model;
    let columns: [&[f64]; 1] = [&x];
    let data = Data {
        weights: Some(&[25.0; 3]),
        ..Data::new(&columns, &y)
    };
    let fitted = |known_errors| {
        let options = Options {
            known_errors,
            ..Options::default()
        };
        gradus::fit::fit(&model, &data, &[None, None], &options, &mut |_| {}).unwrap()
    };
    // sigma = 0.2, sum of (x - mean)^2 = 2
    near(fitted(true).std_error(1), 0.2 / 2f64.sqrt(), 1e-14);
    near(fitted(true).quantile(0.95), 1.959963984540054, 1e-12);
    let scaled = fitted(false);
    near(
        scaled.std_error(1),
        scaled.residual_std_error() * 0.2 / 2f64.sqrt(),
        1e-14,
    );
}

#[test]
fn criteria_are_those_of_r() {
    // lm(c(1, 3, 2, 5, 4) ~ 1 + x), x = 1..5: AIC and BIC of R 4, by the likelihood written out.
    let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 3.0, 2.0, 5.0, 4.0]);
    let found = fit("y = a + b*x", &[("x", &x), ("y", &y)], &[])
        .unwrap()
        .fit;
    near(found.residual_sum_of_squares, 3.6, 1e-14);
    near(found.r_squared(), 0.64, 1e-14);
    near(found.adjusted_r_squared(), 0.52, 1e-14);
    let log_likelihood = -2.5 * ((std::f64::consts::TAU * 0.72).ln() + 1.0);
    near(found.aic(), -2.0 * log_likelihood + 6.0, 1e-14);
    near(found.bic(), -2.0 * log_likelihood + 3.0 * 5f64.ln(), 1e-14);
    near(found.correlation(0, 1), -3.0 / 11f64.sqrt(), 1e-13);
    // Two-sided, 3 degrees of freedom, t = 0.8/sqrt(0.12).
    near(found.p_value(1), 0.104088, 1e-5);
}

#[test]
fn starts_may_be_left_out() {
    let (x, y) = decay(60);
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let given = fit(DECAY, &columns, &START).unwrap();
    for start in [&[][..], &START[..1], &START[1..2]] {
        let found = fit(DECAY, &columns, start).unwrap();
        assert!(found.fit.converged());
        near(found.value("k").unwrap(), given.value("k").unwrap(), 1e-12);
    }
    // Always the same way.
    let (one, two) = (
        fit(DECAY, &columns, &[]).unwrap(),
        fit(DECAY, &columns, &[]).unwrap(),
    );
    assert_eq!(
        (one.fit.parameters, one.fit.evaluations),
        (two.fit.parameters, two.fit.evaluations)
    );
    // A place and a width among large numbers.
    let x: Vec<f64> = (0..80).map(|k| 5000.0 + 10.0 * f64::from(k)).collect();
    let y: Vec<f64> = x
        .iter()
        .map(|x| 7.0 * (-((x - 5321.0) / 55.0).powi(2)).exp())
        .collect();
    let peak = fit("y = h*exp(-((x - m)/w)^2)", &[("x", &x), ("y", &y)], &[]).unwrap();
    near(peak.value("m").unwrap(), 5321.0, 1e-9);
    near(peak.value("w").unwrap().abs(), 55.0, 1e-9);
}

#[test]
fn a_fit_can_be_stopped_and_says_so() {
    let (x, y) = decay(40);
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let stop = AtomicBool::new(false);
    let options = Options {
        interrupt: Some(&stop),
        ..Options::default()
    };
    let mut steps = 0;
    let found = fit_with(DECAY, &columns, &START, &options, &mut |step| {
        steps = step.number;
        stop.store(step.number == 2, Ordering::Relaxed);
    });
    let found = found.unwrap().fit;
    assert_eq!(
        (found.ended, found.iterations, steps),
        (Ended::Interrupted, 2, 2)
    );
    assert!(!found.converged() && found.objective.is_finite());
    let options = Options {
        max_iterations: 1,
        ..Options::default()
    };
    let found = with(DECAY, &columns, &START, &options).fit;
    assert_eq!((found.ended, found.iterations), (Ended::MaxIterations, 1));
}

// ---- What is refused ------------------------------------------------------------------------------------------------

#[test]
fn bad_input_is_named() {
    let (x, y) = ([1.0, 2.0, 3.0], [1.0, 2.0, f64::NAN]);
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let error = |model: &str, start: &[(&str, f64)]| fit(model, &columns, start).unwrap_err();
    for (model, start, expected) in [
        ("a + x", &[][..], ModelError::NoTarget),
        ("y = 2*x", &[], ModelError::NoParameters),
        (
            "y = a*x + y",
            &[],
            ModelError::TargetOnRight { name: "y".into() },
        ),
        (
            "q = a*x",
            &[],
            ModelError::TargetNotColumn { name: "q".into() },
        ),
        ("2 = a*x", &[], ModelError::TargetIsNumber),
        (
            "y = a*x",
            &[("b", 1.0)],
            ModelError::NotAParameter { name: "b".into() },
        ),
        (
            "y = a*x",
            &[("x", 1.0)],
            ModelError::IsColumn { name: "x".into() },
        ),
        (
            "y = exp(a*x)",
            &[("a", f64::INFINITY)],
            FitError::StartNotFinite { parameter: 0 }.into(),
        ),
        (
            "y = a*x",
            &[],
            FitError::DataNotFinite {
                what: gradus::fit::DataPart::Response,
                row: 2,
            }
            .into(),
        ),
        (
            "y = exp(a*x)",
            &[("a", 1.0)],
            FitError::DataNotFinite {
                what: gradus::fit::DataPart::Response,
                row: 2,
            }
            .into(),
        ),
        (
            "y = a + b*x + c*x^2 + d*x^3",
            &[],
            FitError::TooFewRows {
                rows: 3,
                parameters: 4,
            }
            .into(),
        ),
    ] {
        assert_eq!(error(model, start), expected, "{model}");
    }
    assert!(matches!(error("y = a*(x", &[]), ModelError::Syntax(_)));
    assert!(matches!(error("y = a*i*x", &[]), ModelError::Program(_)));
    let refused = |options: Options<'_>| {
        let found = fit_with("y = a*x", &columns, &[("a", 1.0)], &options, &mut |_| {});
        assert!(matches!(found, Err(ModelError::Fit(_))), "{options:?}");
    };
    refused(Options {
        tolerance: f64::NAN,
        ..Options::default()
    });
    refused(Options {
        ridge: -1.0,
        ..Options::default()
    });
    refused(Options {
        loss: Loss::Huber(0.0),
        ..Options::default()
    });
    refused(Options {
        bounds: Some(&[(2.0, 1.0)]),
        ..Options::default()
    });
    refused(Options {
        bounds: Some(&[(2.0, 3.0)]),
        ..Options::default()
    });
    let good = [("x", &x[..]), ("y", &x[..])];
    let start = fit("y = log(a)*x", &good, &[("a", -1.0)]).unwrap().fit;
    assert_eq!((start.ended, start.converged()), (Ended::BadStart, false));
}

#[test]
fn definitions_may_stand_before_the_model() {
    let (x, y) = ([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]);
    let found = fit("u = x/2; y = a*u + b", &[("x", &x), ("y", &y)], &[]).unwrap();
    near(found.value("a").unwrap(), 2.0, 1e-14);
    let found = fit("y = if(x == 1, a, b)", &[("x", &x), ("y", &y)], &[]).unwrap();
    near(found.value("b").unwrap(), 3.5, 1e-14);
    // The left side may be a formula, and errors point into the text as it is.
    let found = fit("log(y) = a + b*x", &[("x", &x), ("y", &y)], &[]).unwrap();
    near(found.fit.parameters[1], (2.0f64).ln() / 2.0, 1e-14);
    let Err(ModelError::Syntax(error)) = fit("y = a*x + )", &[("x", &x), ("y", &y)], &[]) else {
        panic!()
    };
    assert_eq!(error.span.start, 10);
}

// ---- Student's distribution -----------------------------------------------------------------------------------------

#[test]
#[allow(clippy::excessive_precision)] // as they were computed
fn quantiles_of_student_are_those_of_high_precision() {
    // mpmath with 40 digits, of the confidence as a double.
    for (confidence, degrees, expected) in [
        (0.95, 1.0, 12.706204736174693),
        (0.95, 2.0, 4.3026527297494618),
        (0.95, 10.0, 2.2281388519862742),
        (0.99, 3.0, 5.8409093097333554),
        (0.5, 7.0, 0.71114177808178631),
        (0.999999, 5.0, 28.478473462819561),
        (0.95, 120.0, 1.9799304050824405),
        (0.95, 5000.0, 1.9604385517065075),
        (0.9, 1e6, 1.6448551507220406),
        (0.001, 4.0, 0.0013333338271608121),
    ] {
        near(student_quantile(confidence, degrees), expected, 1e-12);
        near(student_tails(expected, degrees), 1.0 - confidence, 1e-12);
    }
    assert!(student_quantile(1.0, 5.0).is_nan() && student_quantile(0.5, 0.0).is_nan());
    near(student_quantile(0.95, 1e12), 1.959963984542427, 1e-12);
    near(
        student_quantile(0.95, f64::INFINITY),
        1.959963984540054,
        1e-12,
    );
    near(student_tails(1.959963984540054, f64::INFINITY), 0.05, 1e-12);
}

/// A constant explains nothing: exactly nothing, whatever the numbers.
#[test]
fn a_constant_model_explains_nothing() {
    for y in [
        vec![0.1, 0.2, 0.4, 0.7],
        vec![172.4, 165.1, 181.9, 158.3, 190.7],
        vec![1e7 + 0.1, 1e7 + 0.3, 1e7 + 0.2],
        vec![1.0 / 3.0, 2.0 / 7.0, 1e-3],
    ] {
        let fitted = gradus::fit("y = b", &[("y", &y)], &[]).unwrap();
        assert_eq!(fitted.fit.r_squared(), 0.0, "{y:?}");
        let logs = gradus::fit("log(y) = b", &[("y", &y)], &[]).unwrap();
        // Logarithms of numbers that hardly differ keep fewer digits of their differences.
        assert!(logs.fit.r_squared().abs() < 1e-12, "{y:?}");
    }
}
