//! Bayes' rule and causal adjustment.

use gradus::lecture::LectureError;
use gradus::lecture::bayes::{Beta, Confusion, DiagnosticTest, NormalMean, update, update_all};
use gradus::lecture::causal::{Cell, Names, adjust};
use proptest::prelude::*;

const NAMES: Names<'static> = Names {
    treatment: "T",
    confounder: "Z",
};

fn cell(treatment: &str, stratum: &str, outcome: f64, count: f64) -> Cell {
    Cell {
        treatment: treatment.to_owned(),
        stratum: stratum.to_owned(),
        outcome,
        count,
    }
}

fn normal(weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| w / sum).collect()
}

#[test]
fn the_notebook() {
    let test = |false_alarm, count| {
        let test = DiagnosticTest {
            sensitivity: 0.99,
            false_alarm,
        };
        test.positives(0.1, count).unwrap()
    };
    let rare = test(0.01, 1);
    assert!((rare[0].posterior[0] - 0.099 / 0.108).abs() < 1e-15);
    assert!((rare[0].evidence - 0.108).abs() < 1e-15);
    let often = test(0.1, 3);
    let digits = |x: f64| (x * 1000.0).round() / 1000.0;
    let found: Vec<f64> = often.iter().map(|u| digits(u.posterior[0])).collect();
    assert_eq!(found, [0.524, 0.916, 0.991]);
    assert!((often[0].evidence - 0.189).abs() < 1e-15);
}

#[test]
fn what_cannot_be_is_told() {
    assert!(matches!(
        update(&[0.5, 0.6], &[1.0, 1.0]),
        Err(LectureError::SumNotOne { .. })
    ));
    assert!(matches!(
        update(&[1.5, -0.5], &[1.0, 1.0]),
        Err(LectureError::NotAProbability { .. })
    ));
    assert!(matches!(
        update(&[0.5, 0.5], &[f64::NAN, 1.0]),
        Err(LectureError::NotAProbability { .. })
    ));
    assert!(matches!(
        update(&[0.5, 0.5], &[1.0]),
        Err(LectureError::Shapes { .. })
    ));
    assert_eq!(
        update(&[1.0, 0.0], &[0.0, 1.0]),
        Err(LectureError::Impossible)
    );
    assert_eq!(update(&[], &[]), Err(LectureError::Empty("the prior")));
    let test = DiagnosticTest {
        sensitivity: 99.0,
        false_alarm: 0.1,
    };
    let error = test.positives(0.1, 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the sensitivity must be between 0 and 1, and is 99"
    );
    assert_eq!(error.hint(), Some("percent are written as 0.99, not 99"));
    assert!(Beta::new(0.0, 1.0).is_err() && NormalMean::new(0.0, -1.0).is_err());
    assert!(Confusion::default().precision().is_err());
}

#[test]
fn precision_is_the_posterior_of_a_positive_result() {
    let table = Confusion {
        true_positives: 99,
        false_positives: 90,
        false_negatives: 1,
        true_negatives: 810,
    };
    let test = DiagnosticTest {
        sensitivity: table.recall().unwrap(),
        false_alarm: table.false_alarm().unwrap(),
    };
    let found = test.positives(table.prevalence().unwrap(), 1).unwrap();
    assert!((found[0].posterior[0] - table.precision().unwrap()).abs() < 1e-15);
    let pairs = [
        (true, true),
        (true, false),
        (false, true),
        (false, false),
        (true, true),
    ];
    let counted = Confusion::count(pairs);
    assert_eq!(counted.accuracy(), Ok(0.6));
    assert_eq!(counted.f1(), Ok(2.0 / 3.0));
}

#[test]
fn a_treatment_that_was_never_given_is_told() {
    let cells = [
        cell("a", "small", 0.5, 10.0),
        cell("b", "small", 0.5, 10.0),
        cell("a", "large", 0.5, 1.0),
    ];
    let error = adjust(&cells, NAMES).unwrap_err();
    assert_eq!(
        error.to_string(),
        "nobody with Z = large got T = b: what the treatment does there is not in the data"
    );
    assert!(matches!(
        adjust(&[cell("a", "s", 1.0, -1.0)], NAMES),
        Err(LectureError::BadCount { .. })
    ));
    assert!(matches!(
        adjust(&[cell("a", "s", 1.0, f64::NAN)], NAMES),
        Err(LectureError::BadCount { .. })
    ));
    assert!(matches!(
        adjust(&[cell("a", "s", 1.0, 0.0)], NAMES),
        Err(LectureError::Empty(_))
    ));
    assert!(matches!(adjust(&[], NAMES), Err(LectureError::Empty(_))));
}

proptest! {
    #[test]
    fn posteriors_sum_to_one_and_the_order_of_observations_does_not_matter(
        weights in prop::collection::vec(0.01..1.0f64, 2..6),
        first in prop::collection::vec(0.01..1.0f64, 6),
        second in prop::collection::vec(0.01..1.0f64, 6),
    ) {
        let n = weights.len();
        let prior = normal(&weights);
        let (a, b) = (first[..n].to_vec(), second[..n].to_vec());
        let one = update_all(&prior, &[a.clone(), b.clone()]).unwrap();
        let other = update_all(&prior, &[b.clone(), a.clone()]).unwrap();
        prop_assert!((one[1].posterior.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        for (x, y) in one[1].posterior.iter().zip(&other[1].posterior) {
            prop_assert!((x - y).abs() < 1e-14);
        }
        // Both at once are one observation whose likelihood is the product.
        let both: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a * b).collect();
        let at_once = update(&prior, &both).unwrap();
        for (x, y) in one[1].posterior.iter().zip(&at_once.posterior) {
            prop_assert!((x - y).abs() < 1e-14);
        }
        prop_assert!((one[0].evidence * one[1].evidence - at_once.evidence).abs() < 1e-14);
    }

    /// A fine grid of hypotheses updated one by one has the mean and variance of the beta distribution.
    #[test]
    fn conjugate_posteriors_are_those_of_a_grid(good in 0u64..15, bad in 0u64..15, alpha in 1.0..4.0f64, beta in 1.0..4.0f64) {
        let belief = Beta::new(alpha, beta).unwrap().after(good, bad);
        let n = 4000;
        let density = |p: f64| p.powf(alpha - 1.0 + good as f64) * (1.0 - p).powf(beta - 1.0 + bad as f64);
        let at = |k: usize| (k as f64 + 0.5) / n as f64;
        let weights = normal(&(0..n).map(|k| density(at(k))).collect::<Vec<_>>());
        let mean: f64 = weights.iter().enumerate().map(|(k, w)| w * at(k)).sum();
        let variance: f64 = weights.iter().enumerate().map(|(k, w)| w * (at(k) - mean).powi(2)).sum();
        prop_assert!((mean - belief.mean()).abs() < 1e-5);
        prop_assert!((variance - belief.variance()).abs() < 1e-5);
    }

    #[test]
    fn normal_updates_agree_in_any_grouping(values in prop::collection::vec(-3.0..3.0f64, 1..8), spread in 0.2..3.0f64) {
        let prior = NormalMean::new(0.3, 2.0).unwrap();
        let at_once = prior.after(&values, spread).unwrap();
        let mut step = prior;
        for &x in &values {
            step = step.after(&[x], spread).unwrap();
        }
        prop_assert!((step.mean - at_once.mean).abs() < 1e-13 && (step.deviation - at_once.deviation).abs() < 1e-13);
    }

    /// With a confounder that has nothing to do with the treatment there is nothing to adjust.
    #[test]
    fn adjustment_changes_nothing_where_the_confounder_is_independent(
        rates in prop::collection::vec(0.0..1.0f64, 6),
        shares in prop::collection::vec(1.0..10.0f64, 3),
        sizes in prop::collection::vec(1.0..10.0f64, 2),
    ) {
        let mut cells = Vec::new();
        for (t, size) in sizes.iter().enumerate() {
            for (z, share) in shares.iter().enumerate() {
                cells.push(cell(&t.to_string(), &z.to_string(), rates[3 * t + z], size * share));
            }
        }
        let found = adjust(&cells, NAMES).unwrap();
        for effect in &found.effects {
            prop_assert!((effect.raw - effect.adjusted).abs() < 1e-13);
        }
        prop_assert!(!found.is_reversed() || found.effects.iter().all(|e| (e.raw - e.adjusted).abs() < 1e-13));
        prop_assert!((found.strata.iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-14);
    }

    /// The adjusted rate is a mean of the rates in the strata.
    #[test]
    fn adjusted_rates_lie_between_those_of_the_strata(
        rates in prop::collection::vec(0.0..1.0f64, 6), counts in prop::collection::vec(1.0..100.0f64, 6),
    ) {
        let cells: Vec<Cell> = (0..6).map(|k| cell(&(k / 3).to_string(), &(k % 3).to_string(), rates[k], counts[k])).collect();
        for effect in adjust(&cells, NAMES).unwrap().effects {
            let means: Vec<f64> = effect.strata.iter().map(|s| s.1).collect();
            let low = means.iter().copied().fold(f64::INFINITY, f64::min);
            let high = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for rate in [effect.raw, effect.adjusted] {
                prop_assert!(low - 1e-14 <= rate && rate <= high + 1e-14);
            }
        }
    }
}

/// Of 1000 people 100 are ill: natural frequencies instead of Bayes' rule.
#[test]
fn negative_results_and_counts() {
    let test = DiagnosticTest {
        sensitivity: 0.9,
        false_alarm: 0.2,
    };
    // A negative result: 10 of the ill, 720 of the others.
    let found = test.results(0.1, &[false, true]).unwrap();
    assert!((found[0].posterior[0] - 10.0 / 730.0).abs() < 1e-15);
    assert!((found[0].evidence - 0.73).abs() < 1e-15);
    // And then a positive one: 9 and 144.
    assert!((found[1].posterior[0] - 9.0 / 153.0).abs() < 1e-15);
    let said_and_is = [
        (true, false),
        (true, false),
        (false, true),
        (true, true),
        (false, false),
    ];
    let expected = Confusion {
        true_positives: 1,
        false_positives: 2,
        false_negatives: 1,
        true_negatives: 1,
    };
    assert_eq!(Confusion::count(said_and_is), expected);
    assert_eq!(
        (expected.precision(), expected.recall()),
        (Ok(1.0 / 3.0), Ok(0.5))
    );
    assert_eq!(
        (expected.false_alarm(), expected.prevalence()),
        (Ok(2.0 / 3.0), Ok(0.4))
    );
}

/// The most likely probability is where the density is highest.
#[test]
fn modes_are_the_highest_places() {
    let belief = Beta::new(1.0, 1.0).unwrap().after(7, 3);
    let density = |p: f64| p.powf(belief.alpha - 1.0) * (1.0 - p).powf(belief.beta - 1.0);
    let highest = (1..1000)
        .map(|k| f64::from(k) / 1000.0)
        .max_by(|a, b| density(*a).total_cmp(&density(*b)));
    assert_eq!((belief.mode(), highest), (Some(0.7), Some(0.7)));
    for (alpha, beta, mode) in [
        (1.0, 3.0, Some(0.0)),
        (3.0, 1.0, Some(1.0)),
        (1.0, 1.0, None),
        (0.5, 0.5, None),
    ] {
        assert_eq!(Beta::new(alpha, beta).unwrap().mode(), mode);
    }
}

/// Kidney stones (Charig et al., BMJ 292, 1986), and the same without the paradox.
#[test]
fn adjustment_is_the_mean_over_all_strata() {
    let stones = |large_a: f64| {
        [
            cell("a", "small", 81.0 / 87.0, 87.0),
            cell("a", "large", large_a / 263.0, 263.0),
            cell("b", "small", 234.0 / 270.0, 270.0),
            cell("b", "large", 55.0 / 80.0, 80.0),
        ]
    };
    let found = adjust(&stones(192.0), NAMES).unwrap();
    let [a, b] = &found.effects[..] else {
        panic!("two treatments")
    };
    assert!((a.raw - 273.0 / 350.0).abs() < 1e-15 && (b.raw - 289.0 / 350.0).abs() < 1e-15);
    let (small, large) = (357.0 / 700.0, 343.0 / 700.0);
    assert!((a.adjusted - (small * 81.0 / 87.0 + large * 192.0 / 263.0)).abs() < 1e-15);
    assert!((b.adjusted - (small * 234.0 / 270.0 + large * 55.0 / 80.0)).abs() < 1e-15);
    assert!(found.is_reversed());
    // Treatment a heals nearly everybody: both rates say so.
    let clear = adjust(&stones(260.0), NAMES).unwrap();
    assert!(clear.effects[0].raw > clear.effects[1].raw && !clear.is_reversed());
}
