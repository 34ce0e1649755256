//! Statistics of samples, and of distributions in exact numbers.

use gradus::Rational;
use gradus::lecture::LectureError;
use gradus::lecture::discrete::{Discrete, covariance};
use gradus::lecture::summary::{PairSummary, Summary, autocorrelation};
use proptest::prelude::*;

/// Agreement to 14 digits.
#[track_caller]
fn agrees(found: f64, certified: f64) {
    let error = (found - certified).abs() / certified.abs();
    assert!(error < 1e-14, "{found} is not {certified}: {error:e}");
}

/// NIST's sets for accuracy: a large first number, then two that alternate around it.
fn alternating(first: f64, low: f64, high: f64) -> Vec<f64> {
    let mut values = vec![first];
    for _ in 0..500 {
        values.extend([low, high]);
    }
    values
}

/// NIST StRD, univariate summary statistics (public domain): PiDigits and others need files, these do not.
#[test]
fn the_certified_sets_of_nist() {
    let sets = [
        (
            vec![10_000_001.0, 10_000_003.0, 10_000_002.0],
            10_000_002.0,
            1.0,
            -0.5,
        ),
        (alternating(1.2, 1.1, 1.3), 1.2, 0.1, -0.999),
        (
            alternating(1_000_000.2, 1_000_000.1, 1_000_000.3),
            1_000_000.2,
            0.1,
            -0.999,
        ),
        (
            alternating(10_000_000.2, 10_000_000.1, 10_000_000.3),
            10_000_000.2,
            0.1,
            -0.999,
        ),
    ];
    for (values, mean, deviation, correlation) in sets {
        let summary = Summary::of(&values);
        agrees(summary.mean().unwrap(), mean);
        agrees(summary.standard_deviation().unwrap(), deviation);
        let next = autocorrelation(&values, 1).unwrap();
        assert!((next - correlation).abs() < 1e-14, "{next}");
    }
}

/// Michelson's measurements of the speed of light (NIST StRD, Michelso).
#[test]
fn the_speed_of_light() {
    let values = [
        850, 740, 900, 1070, 930, 850, 950, 980, 980, 880, 1000, 980, 930, 650, 760, 810, 1000,
        1000, 960, 960, 960, 940, 960, 940, 880, 800, 850, 880, 900, 840, 830, 790, 810, 880, 880,
        830, 800, 790, 760, 800, 880, 880, 880, 860, 720, 720, 620, 860, 970, 950, 880, 910, 850,
        870, 840, 840, 850, 840, 840, 840, 890, 810, 810, 820, 800, 770, 760, 740, 750, 760, 910,
        920, 890, 860, 880, 720, 840, 850, 850, 780, 890, 840, 780, 810, 760, 810, 790, 810, 820,
        850, 870, 870, 810, 740, 810, 940, 950, 800, 810, 870,
    ]
    .map(|x: i32| (299_000.0 + f64::from(x)) / 1000.0);
    let summary = Summary::of(&values);
    agrees(summary.mean().unwrap(), 299.8524);
    agrees(summary.standard_deviation().unwrap(), 0.0790105478190518);
    let next = autocorrelation(&values, 1).unwrap();
    assert!((next - 0.535199668621283).abs() < 1e-14, "{next}");
}

#[test]
fn small_samples_and_constants_are_told() {
    let empty = Summary::default();
    assert!(matches!(
        empty.mean(),
        Err(LectureError::TooFew {
            needed: 1,
            found: 0,
            ..
        })
    ));
    let one = Summary::of(&[3.0]);
    assert_eq!(one.mean(), Ok(3.0));
    assert!(one.variance().is_err());
    assert_eq!(one.population_variance(), Ok(0.0));
    let same = Summary::of(&[0.1; 100]);
    assert_eq!((same.mean(), same.variance()), (Ok(0.1), Ok(0.0)));
    assert!(matches!(same.skewness(), Err(LectureError::NoVariance(_))));
    let pairs = PairSummary::of(&[1.0, 2.0], &[3.0, 3.0]).unwrap();
    assert_eq!(
        pairs.correlation(),
        Err(LectureError::NoVariance("the second column"))
    );
    assert!(PairSummary::of(&[1.0], &[]).is_err());
}

#[test]
fn what_is_no_number_shows_in_everything() {
    for bad in [f64::NAN, f64::INFINITY] {
        for place in [0, 5, 2000] {
            for step in [0.0, 0.25] {
                let mut values: Vec<f64> = (0..3000).map(|k| 1.0 + step * k as f64).collect();
                values[place] = bad;
                let summary = Summary::of(&values);
                assert!(!summary.mean().unwrap().is_finite());
                assert!(!(summary.max().is_finite() && summary.min().is_finite()));
            }
        }
    }
}

/// Several blocks and rests of any length, near and far from 0, against whole numbers.
#[test]
fn long_samples_agree_with_whole_numbers() {
    for offset in [0, 3_000, 1_000_000, -10_000_000] {
        for count in [15, 16, 17, 1023, 1024, 1025, 5003] {
            // In units of 1/1024, which are no decimals with few places.
            let units: Vec<i128> = (0..count)
                .map(|k| offset * 1024 + (k * k * 7919 + k * 31) % 4001 - 2000)
                .collect();
            let values: Vec<f64> = units.iter().map(|&u| u as f64 / 1024.0).collect();
            let summary = Summary::of(&values);
            let sum: i128 = units.iter().sum();
            let squares: i128 = units.iter().map(|u| u * u).sum();
            let mean = sum as f64 / count as f64 / 1024.0;
            let spread = (count * squares - sum * sum) as f64;
            let variance = spread / (count * count) as f64 / (1024.0 * 1024.0);
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-14 * b.abs();
            assert!(near(summary.mean().unwrap(), mean), "{offset} {count}");
            let found = summary.population_variance().unwrap();
            assert!(
                near(found, variance),
                "{offset} {count}: {found} {variance}"
            );
            let ends = [summary.min(), summary.max()];
            let range = [units.iter().min(), units.iter().max()];
            assert_eq!(ends, range.map(|u| *u.unwrap() as f64 / 1024.0));
        }
    }
}

#[test]
fn exact_distributions() {
    let third = || Rational::ratio(1, 3).unwrap();
    let coin = Discrete::binomial(2, &third()).unwrap();
    assert_eq!(coin.outcomes()[1].1, Rational::ratio(4, 9).unwrap());
    assert_eq!(coin.expectation().unwrap(), Rational::ratio(2, 3).unwrap());
    assert_eq!(coin.variance().unwrap(), Rational::ratio(4, 9).unwrap());
    let error = Discrete::new([(Rational::from(1), third())]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the probabilities of the distribution must sum to 1, and sum to 0.3333333333333333"
    );
    assert!(Discrete::new([]).is_err() && Discrete::uniform([]).is_err());
    assert!(Discrete::binomial(3, &Rational::from(2)).is_err());
}

fn exactly(x: f64) -> Rational {
    // Whole numbers of 1/1024, so that the exact value of a sample is at hand.
    Rational::ratio((x * 1024.0) as i64, 1024).unwrap()
}

proptest! {
    /// One pass over floats against exact numbers, near and far from 0, in parts of any size.
    #[test]
    fn samples_agree_with_exact_numbers(
        offset in prop::sample::select(vec![0.0, 1.0, 1e3, 1e6, -1e7]),
        steps in prop::collection::vec(-2000i32..2000, 2..60), cut in 0usize..60,
    ) {
        let values: Vec<f64> = steps.iter().map(|&k| offset + f64::from(k) / 1024.0).collect();
        let exact = Discrete::uniform(values.iter().map(|&x| exactly(x))).unwrap();
        let (left, right) = values.split_at(cut.min(values.len()));
        let mut summary = Summary::default();
        summary.extend(left);
        summary.join(&Summary::of(right));
        let mean = exact.expectation().unwrap().to_f64();
        prop_assert!((summary.mean().unwrap() - mean).abs() <= 1e-15 * mean.abs().max(1.0));
        let variance = exact.variance().unwrap().to_f64();
        prop_assert!((summary.population_variance().unwrap() - variance).abs() <= 1e-13 * variance);
        if variance > 0.0 {
            let skewness = exact.skewness().unwrap();
            prop_assert!((summary.skewness().unwrap() - skewness).abs() <= 1e-12 * (1.0 + skewness.abs()));
        }
    }

    #[test]
    fn pairs_agree_with_exact_numbers(
        pairs in prop::collection::vec((-2000i32..2000, -2000i32..2000), 2..40), cut in 0usize..40,
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().map(|&(a, b)| (1e5 + f64::from(a) / 1024.0, f64::from(b) / 1024.0)).unzip();
        let each = Rational::ratio(1, pairs.len() as i64).unwrap();
        let cases: Vec<_> = x.iter().zip(&y).map(|(&a, &b)| (exactly(a), exactly(b), each.clone())).collect();
        let exact = covariance(&cases).unwrap().to_f64();
        let cut = cut.min(x.len());
        let mut found = PairSummary::of(&x[..cut], &y[..cut]).unwrap();
        found.join(&PairSummary::of(&x[cut..], &y[cut..]).unwrap());
        let n = pairs.len() as f64;
        prop_assert!((found.covariance().unwrap() * (n - 1.0) / n - exact).abs() < 1e-12);
        if let Ok(r) = found.correlation() {
            prop_assert!((-1.0..=1.0).contains(&r));
            let own = PairSummary::of(&x, &x).unwrap().correlation();
            prop_assert!(own.is_err() || (own.unwrap() - 1.0).abs() < 1e-15);
        }
    }

    /// E(aX + b) = a E X + b, Var(aX + b) = a^2 Var X: exactly.
    #[test]
    fn shifting_and_scaling(values in prop::collection::vec(-50i64..50, 1..10), a in -5i64..5, b in -5i64..5) {
        let x = Discrete::uniform(values.iter().map(|&v| Rational::from(v))).unwrap();
        let (a, b) = (Rational::from(a), Rational::from(b));
        let y = x.scaled_and_shifted(&a, &b).unwrap();
        let mean = x.expectation().unwrap().checked_mul(&a).unwrap().checked_add(&b).unwrap();
        prop_assert_eq!(y.expectation().unwrap(), mean);
        let square = a.checked_mul(&a).unwrap();
        prop_assert_eq!(y.variance().unwrap(), x.variance().unwrap().checked_mul(&square).unwrap());
    }
}

/// The correlation does not change with the units of either column, and is the slope of one standardised column on the other.
#[test]
fn correlations_know_no_units() {
    let (x, y) = ([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 9.0]);
    let r = |x: &[f64], y: &[f64]| PairSummary::of(x, y).unwrap().correlation().unwrap();
    assert!((r(&x, &y) - 11.5 / (5.0f64 * 26.75).sqrt()).abs() < 1e-15);
    assert!((r(&y, &x) - r(&x, &y)).abs() < 1e-15);
    assert!((r(&x.map(|x| 1000.0 * x), &y) - r(&x, &y)).abs() < 1e-14);
    assert!((r(&x.map(|x| -x), &y) + r(&x, &y)).abs() < 1e-15);
}
