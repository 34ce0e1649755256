//! Integrals by random points, by Sobol's, and by quadrature.

use gradus::Graph;
use gradus::lecture::sampling::{
    Integral, Points, Progress, SamplingError, Sobol, integrate, quadrature,
};
use gradus::program::batch::Batch;
use gradus::program::{Backend, Program};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

fn batch(text: &str, variables: &[&str]) -> Batch {
    let graph = Graph::new();
    let f = graph.parse(text).unwrap();
    for name in variables {
        graph.symbol(name);
    }
    let arena = graph.arena();
    let variables: Vec<_> = variables
        .iter()
        .map(|name| arena.find_symbol(name).unwrap())
        .collect();
    Batch::new(&Program::new(&arena, &[f.id()], &variables, Backend::Auto.options()).unwrap())
        .unwrap()
}

fn run(
    text: &str,
    bounds: &[(&str, f64, f64)],
    samples: u64,
    repeat: u64,
    seed: u64,
    points: Points,
) -> Result<Integral, SamplingError> {
    let names: Vec<&str> = bounds.iter().map(|b| b.0).collect();
    let bounds: Vec<(f64, f64)> = bounds.iter().map(|b| (b.1, b.2)).collect();
    integrate(
        &batch(text, &names),
        &bounds,
        samples,
        repeat,
        seed,
        points,
        Progress::default(),
    )
}

const BELL: f64 = 1.493_648_265_624_854;

#[test]
fn the_notebook() {
    let found = run(
        "exp(-x^2)",
        &[("x", -1.0, 1.0)],
        10_000,
        100,
        7,
        Points::Random,
    )
    .unwrap();
    assert!((found.mean - BELL).abs() < 4.0 * found.standard_error);
    // 2 * sd(exp(-x^2)) / sqrt(10000) = 0.00403, itself known to 7 % from 100 repetitions.
    assert!((found.std / 0.00403 - 1.0).abs() < 0.25, "{}", found.std);
    assert!((found.standard_error - found.std / 10.0).abs() < 1e-18);
    let (low, high) = found.interval();
    assert!(low < found.mean && found.mean < high);
}

/// The interval contains the truth about as often as it says: 95 of 100 within six standard deviations of the count.
#[test]
fn intervals_contain_the_truth_at_the_stated_rate() {
    let mut inside = 0;
    let trials = 400;
    for seed in 0..trials {
        let found = run(
            "x*y + x",
            &[("x", 0.0, 1.0), ("y", 0.0, 2.0)],
            300,
            1,
            seed,
            Points::Random,
        )
        .unwrap();
        let (low, high) = found.interval();
        inside += i32::from((low..=high).contains(&2.0));
    }
    let share = f64::from(inside) / trials as f64;
    assert!(
        (share - 0.95).abs() < 6.0 * (0.95 * 0.05 / trials as f64).sqrt(),
        "{share}"
    );
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let estimate = || {
        let random = run(
            "exp(-x*y)",
            &[("x", 0.0, 1.0), ("y", 0.0, 3.0)],
            200_001,
            3,
            5,
            Points::Random,
        )
        .unwrap();
        let even = run(
            "exp(-x*y)",
            &[("x", 0.0, 1.0), ("y", 0.0, 3.0)],
            200_001,
            3,
            5,
            Points::Sobol,
        )
        .unwrap();
        (random, even)
    };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(estimate)
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(7));
}

#[test]
fn seeds_and_repetitions_differ() {
    let of = |seed| {
        run("x", &[("x", 0.0, 1.0)], 1000, 4, seed, Points::Random)
            .unwrap()
            .estimates
    };
    let mut all: Vec<u64> = (0..20).flat_map(of).map(f64::to_bits).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 80);
}

#[test]
fn sobol_points_are_far_better_for_smooth_functions() {
    let bounds = [("x", 0.0, 1.0), ("y", 0.0, 1.0), ("z", 0.0, 1.0)];
    let truth = (1.0 - (-1f64).exp()).powi(3);
    let error = |points| {
        let found = run("exp(-x - y - z)", &bounds, 4096, 16, 1, points).unwrap();
        assert!((found.mean - truth).abs() < 5.0 * found.standard_error);
        found.standard_error
    };
    let (random, even) = (error(Points::Random), error(Points::Sobol));
    assert!(even * 20.0 < random, "{even:e} {random:e}");
}

#[test]
fn orientation_and_unused_variables_count() {
    let back = run("x", &[("x", 3.0, 0.0)], 4096, 8, 1, Points::Sobol).unwrap();
    assert!((back.mean + 4.5).abs() < 1e-3);
    let volume = run(
        "2",
        &[("x", 0.0, 3.0), ("y", -1.0, 1.0)],
        10,
        2,
        1,
        Points::Random,
    )
    .unwrap();
    assert_eq!((volume.mean, volume.std), (12.0, 0.0));
}

#[test]
fn bad_boxes_and_functions_are_told() {
    let error =
        |text, low, high| run(text, &[("x", low, high)], 100, 2, 1, Points::Random).unwrap_err();
    assert_eq!(
        error("x", 0.0, f64::INFINITY).to_string(),
        "the interval from 0 to inf is not finite"
    );
    assert_eq!(
        error("x", 1.0, 1.0).to_string(),
        "the interval from 1 to 1 is empty"
    );
    assert_eq!(
        error("x", -1e308, 1e308).to_string(),
        "the interval from -1e308 to 1e308 is too wide"
    );
    assert!(
        matches!(error("log(x)", -1.0, 1.0), SamplingError::Undefined { value, .. } if value.is_nan())
    );
    assert!(run("x", &[("x", 0.0, 1.0)], 0, 1, 1, Points::Random).is_err());
    assert!(run("x", &[("x", 0.0, 1.0)], 1, 0, 1, Points::Random).is_err());
    // The edges are never drawn, so what is infinite there alone is no error.
    assert!(run("1/sqrt(x)", &[("x", 0.0, 1.0)], 5000, 2, 1, Points::Sobol).is_ok());
}

#[test]
fn it_can_be_watched_and_stopped() {
    let function = batch("x", &["x"]);
    let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let progress = Progress {
        done: Some(&done),
        stop: Some(&stop),
    };
    integrate(
        &function,
        &[(0.0, 1.0)],
        10_000,
        3,
        1,
        Points::Random,
        progress,
    )
    .unwrap();
    assert_eq!(done.load(Ordering::Relaxed), 30_000);
    stop.store(true, Ordering::Relaxed);
    let stopped = integrate(
        &function,
        &[(0.0, 1.0)],
        10_000,
        3,
        1,
        Points::Random,
        progress,
    );
    assert_eq!(stopped, Err(SamplingError::Interrupted));
}

#[test]
fn quadrature_reaches_the_last_digits() {
    /// A function, from where, to where, and its integral.
    type Case = (fn(f64) -> f64, f64, f64, f64);
    let cases: [Case; 6] = [
        (|x| (-x * x).exp(), -1.0, 1.0, BELL),
        (|x| x.sin(), 0.0, std::f64::consts::PI, 2.0),
        (|x| (x - 0.3).abs(), 0.0, 1.0, 0.29),
        (|x| x.sqrt(), 0.0, 1.0, 2.0 / 3.0),
        (|x| 1.0 / (1e-4 + x * x), -1.0, 1.0, 2e2 * 100f64.atan()),
        (|x| (50.0 * x).cos(), 0.0, 1.0, 50f64.sin() / 50.0),
    ];
    for (f, low, high, truth) in cases {
        let found = quadrature(f, low, high, 1e-12).unwrap();
        assert!(found.converged, "{truth}");
        assert!(
            (found.value - truth).abs() <= 2e-12 * truth.abs(),
            "{} {truth}",
            found.value
        );
        assert!(
            (found.value - truth).abs() <= found.error,
            "{} {truth}",
            found.value
        );
        let back = quadrature(f, high, low, 1e-12).unwrap();
        assert!((back.value + truth).abs() <= 2e-12 * truth.abs());
    }
    assert_eq!(quadrature(|_| 0.0, 0.0, 1.0, 1e-9).unwrap().value, 0.0);
    assert!(matches!(
        quadrature(f64::ln, -1.0, 1.0, 1e-9),
        Err(SamplingError::Undefined { .. })
    ));
    // 1/x over 0 has no integral: it must not say that it has.
    let pole = quadrature(|x| 1.0 / (x - 0.3217), 0.0, 1.0, 1e-9);
    assert!(pole.map_or(true, |found| !found.converged));
    assert!(quadrature(|x| x, 0.0, f64::INFINITY, 1e-9).is_err());
    assert!(quadrature(|x| x, 0.0, 1.0, 0.0).is_err());
}

/// The points of SciPy's `qmc.Sobol(16, scramble=False)`, which has the same direction numbers, times 1024.
#[test]
fn sobol_points_are_those_of_other_programs() {
    let points: [(u64, [u64; 16]); 6] = [
        (1, [512; 16]),
        (
            2,
            [
                768, 256, 256, 256, 768, 768, 256, 768, 768, 768, 768, 768, 256, 256, 768, 256,
            ],
        ),
        (
            3,
            [
                256, 768, 768, 768, 256, 256, 768, 256, 256, 256, 256, 256, 768, 768, 256, 768,
            ],
        ),
        (
            22,
            [
                736, 352, 608, 32, 928, 96, 672, 992, 352, 288, 224, 800, 544, 288, 992, 672,
            ],
        ),
        (
            683,
            [
                511, 773, 237, 963, 409, 775, 241, 815, 223, 157, 845, 787, 751, 475, 165, 241,
            ],
        ),
        (
            1000,
            [
                225, 99, 531, 693, 287, 929, 47, 921, 513, 71, 87, 261, 165, 393, 147, 379,
            ],
        ),
    ];
    for (at, expected) in points {
        for (dimension, &expected) in expected.iter().enumerate() {
            let found = Sobol::new(dimension).bits(at) >> 54;
            assert_eq!(found, expected, "point {at}, dimension {dimension}");
        }
    }
}

/// A chunk of points is the sequence itself: all estimates are means over it, moved by one shift a repetition.
#[test]
fn estimates_are_means_over_the_sequence() {
    // Where points come in whole powers of two, each half holds as many: the mean of a step is exact.
    for samples in [2, 64, 4096, 8192] {
        let found = run("x < 0.5", &[("x", 0.0, 1.0)], samples, 3, 1, Points::Sobol).unwrap();
        assert_eq!((found.mean, found.std), (0.5, 0.0), "{samples}");
    }
    // 2^k points of the first two dimensions lie one each in boxes of any shape.
    let found = run(
        "(x < 0.25)*(y < 0.125)",
        &[("x", 0.0, 1.0), ("y", 0.0, 1.0)],
        32,
        5,
        1,
        Points::Sobol,
    )
    .unwrap();
    assert_eq!(found.estimates, [1.0 / 32.0; 5]);
}
