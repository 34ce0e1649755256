//! Maximum likelihood: closed forms against the definition.

use gradus::Graph;
use gradus::lecture::LectureError;
use gradus::lecture::likelihood::{bernoulli, categorical, exponential, normal, poisson};
use proptest::prelude::*;

/// Value, gradient and second derivatives of minus the log-likelihood that a formula in `names` and `x` gives.
fn minus_log(
    density: &str,
    names: &[&str],
    at: &[f64],
    sample: &[f64],
) -> (f64, Vec<f64>, Vec<f64>) {
    let graph = Graph::new();
    let x = graph.symbol("x");
    let one = graph.parse(&format!("-log({density})")).unwrap();
    let total = sample.iter().fold(graph.number(0), |sum, &value| {
        sum + one.substitute(x, graph.parse(&format!("({value:?})")).unwrap())
    });
    let gradient = total.gradient(names).unwrap();
    let hessian = total.hessian(names).unwrap();
    let point: Vec<(&str, f64)> = names.iter().copied().zip(at.iter().copied()).collect();
    let value = total.eval(&point).unwrap();
    let slopes = gradient.iter().map(|d| d.eval(&point).unwrap()).collect();
    let curvatures = hessian
        .iter()
        .flatten()
        .map(|d| d.eval(&point).unwrap())
        .collect();
    (value, slopes, curvatures)
}

fn numbers(range: std::ops::Range<f64>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(range, 2..8).prop_map(|v| {
        v.into_iter()
            .map(|x| (x * 1000.0).round() / 1000.0)
            .collect()
    })
}

#[test]
fn what_has_no_answer_is_told() {
    assert!(matches!(
        normal(&[1.0, 1.0]),
        Err(LectureError::NoVariance(_))
    ));
    assert!(matches!(normal(&[]), Err(LectureError::TooFew { .. })));
    assert!(matches!(
        normal(&[f64::NAN, 1.0]),
        Err(LectureError::NotFinite { .. })
    ));
    assert!(matches!(bernoulli(&[]), Err(LectureError::Empty(_))));
    assert!(matches!(categorical(&[0, 0]), Err(LectureError::Empty(_))));
    assert!(matches!(poisson(&[]), Err(LectureError::Empty(_))));
    assert!(matches!(
        exponential(&[1.0, -1.0]),
        Err(LectureError::NotPositive { .. })
    ));
    assert!(matches!(
        exponential(&[0.0]),
        Err(LectureError::NotPositive { .. })
    ));
    let certain = bernoulli(&[false; 5]).unwrap();
    assert_eq!(
        (certain.parameter.value, certain.log_likelihood),
        (0.0, 0.0)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn normal_estimates_are_where_the_slope_is_zero(sample in numbers(-5.0..5.0)) {
        let Ok(found) = normal(&sample) else { return Ok(()); };
        prop_assume!(found.deviation.value > 0.05);
        let density = "exp(-(x - m)^2/(2*s^2))/(s*sqrt(2*pi))";
        let at = [found.mean.value, found.deviation.value];
        let (value, slopes, curvatures) = minus_log(density, &["m", "s"], &at, &sample);
        prop_assert!((value + found.log_likelihood).abs() < 1e-10 * value.abs().max(1.0));
        prop_assert!(slopes.iter().all(|d| d.abs() < 1e-8 * curvatures[0].max(1.0)), "{:?}", slopes);
        // The observed information at the estimate is diagonal, and is the Fisher information there.
        prop_assert!((curvatures[0].recip().sqrt() / found.mean.standard_error - 1.0).abs() < 1e-8);
        prop_assert!((curvatures[3].recip().sqrt() / found.deviation.standard_error - 1.0).abs() < 1e-8);
        prop_assert!(curvatures[1].abs() < 1e-7 * curvatures[0]);
    }

    #[test]
    fn exponential_estimates_are_where_the_slope_is_zero(sample in numbers(0.01..5.0)) {
        let found = exponential(&sample).unwrap();
        let (value, slopes, curvatures) = minus_log("r*exp(-r*x)", &["r"], &[found.parameter.value], &sample);
        prop_assert!((value + found.log_likelihood).abs() < 1e-11 * value.abs().max(1.0));
        prop_assert!(slopes[0].abs() < 1e-9 * curvatures[0]);
        prop_assert!((curvatures[0].recip().sqrt() / found.parameter.standard_error - 1.0).abs() < 1e-9);
    }

    #[test]
    fn poisson_estimates_are_where_the_slope_is_zero(counts in prop::collection::vec(0u64..12, 2..8)) {
        prop_assume!(counts.iter().any(|&k| k > 0));
        let found = poisson(&counts).unwrap();
        let sample: Vec<f64> = counts.iter().map(|&k| k as f64).collect();
        let (value, slopes, curvatures) = minus_log("r^x*exp(-r)/gamma(x + 1)", &["r"], &[found.parameter.value], &sample);
        prop_assert!((value + found.log_likelihood).abs() < 1e-10 * value.abs().max(1.0));
        prop_assert!(slopes[0].abs() < 1e-9 * curvatures[0]);
        prop_assert!((curvatures[0].recip().sqrt() / found.parameter.standard_error - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_coin_is_a_distribution_of_two_categories(sample in prop::collection::vec(any::<bool>(), 1..30)) {
        let coin = bernoulli(&sample).unwrap();
        let heads = sample.iter().filter(|&&x| x).count() as u64;
        let (shares, log_likelihood) = categorical(&[heads, sample.len() as u64 - heads]).unwrap();
        prop_assert_eq!(coin.parameter, shares[0]);
        prop_assert!((coin.log_likelihood - log_likelihood).abs() < 1e-12);
        // No other probability makes the sample more probable.
        for p in [0.1, 0.3, 0.5, 0.7, 0.9f64] {
            let other = heads as f64 * p.ln() + (sample.len() as u64 - heads) as f64 * (1.0 - p).ln();
            prop_assert!(other <= coin.log_likelihood + 1e-12);
        }
    }
}
