//! Maximum likelihood: closed forms against the definition, and the road by descent against both.

use gradus::descend::rows::Columns;
use gradus::descend::{Bounds, Kind};
use gradus::lecture::LectureError;
use gradus::lecture::likelihood::{Search, maximise};
use gradus::lecture::likelihood::{bernoulli, categorical, exponential, normal, poisson};
use gradus::{Gives, Graph, Likelihood, likelihood};
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

// ---- Any density, by descent ---------------------------------------------------------------------------------------------

fn near(a: f64, b: f64, within: f64) -> bool {
    (a - b).abs() <= within * b.abs().max(1.0)
}

/// The road by descent, with the start left to the library, against value, standard error and log-likelihood.
#[track_caller]
fn meets(density: &str, sample: &[f64], expected: &[(&str, f64, f64)], log_likelihood: f64) {
    let found = likelihood(density, &[("x", sample)], &[]).unwrap();
    assert!(found.maximum.is_sound(), "{density}: {found:?}");
    assert_eq!(found.maximum.kind, Some(Kind::Minimum));
    for &(name, value, error) in expected {
        let (v, e) = (found.value(name).unwrap(), found.std_error(name).unwrap());
        assert!(
            near(v, value, 1e-9),
            "{density}: {name} is {v}, not {value}"
        );
        assert!(
            near(e, error, 1e-7),
            "{density}: the error of {name} is {e}, not {error}"
        );
        let (low, high) = found.interval(name, 0.95).unwrap();
        assert!(near(high - low, 2.0 * 1.959963984540054 * error, 1e-7));
        assert!(near(0.5 * (high + low), value, 1e-9));
    }
    assert!(near(found.maximum.log_likelihood, log_likelihood, 1e-10));
    let (k, n) = (expected.len() as f64, sample.len() as f64);
    assert!(near(
        found.maximum.aic(),
        2.0 * k - 2.0 * log_likelihood,
        1e-10
    ));
    assert!(near(
        found.maximum.bic(),
        k * n.ln() - 2.0 * log_likelihood,
        1e-10
    ));
}

/// Two ways to write each density: as a table has it, and as a student might.
#[test]
fn descent_finds_the_closed_forms() {
    let sample = [
        172.0, 165.0, 181.0, 158.0, 190.0, 169.5, 175.0, 162.0, 178.25, 171.0,
    ];
    let closed = normal(&sample).unwrap();
    for density in ["normpdf(x, m, s)", "exp(-(x - m)^2/(2*s^2))/sqrt(2*pi*s^2)"] {
        let (m, s) = (closed.mean, closed.deviation);
        // Of the second form -s is as good as s: the start decides, and is above 0.
        let expected = [
            ("m", m.value, m.standard_error),
            ("s", s.value, s.standard_error),
        ];
        meets(density, &sample, &expected, closed.log_likelihood);
    }
    let waits = [0.3, 1.25, 0.01, 4.5, 2.0, 0.0, 0.75];
    let closed = exponential(&waits).unwrap();
    for density in ["a*exp(-a*x)", "exp(-x*a)/(1/a)"] {
        let expected = [("a", closed.parameter.value, closed.parameter.standard_error)];
        meets(density, &waits, &expected, closed.log_likelihood);
    }
    let counts = [3.0, 0.0, 7.0, 2.0, 2.0, 5.0];
    let closed = poisson(&counts.map(|x| x as u64)).unwrap();
    for density in ["r^x*exp(-r)/x!", "exp(x*log(r) - r - lgamma(x + 1))"] {
        let expected = [("r", closed.parameter.value, closed.parameter.standard_error)];
        meets(density, &counts, &expected, closed.log_likelihood);
    }
    let coin = [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0];
    let closed = bernoulli(&coin.map(|x| x == 1.0)).unwrap();
    for density in ["p^x*(1 - p)^(1 - x)", "if(x, p, 1 - p)"] {
        let expected = [("p", closed.parameter.value, closed.parameter.standard_error)];
        meets(density, &coin, &expected, closed.log_likelihood);
    }
    // Three categories, the last of which is what is left.
    let words = [1.0, 2.0, 2.0, 3.0, 1.0, 2.0, 3.0, 2.0];
    let (shares, log_likelihood) = categorical(&[2, 4, 2]).unwrap();
    let density = "if(x == 1, p, if(x == 2, q, 1 - p - q))";
    let expected = [
        ("p", shares[0].value, shares[0].standard_error),
        ("q", shares[1].value, shares[1].standard_error),
    ];
    let found = likelihood(density, &[("x", &words)], &[("p", 0.3), ("q", 0.3)]).unwrap();
    for (name, value, error) in expected {
        assert!(near(found.value(name).unwrap(), value, 1e-9));
        assert!(near(found.std_error(name).unwrap(), error, 1e-7));
    }
    assert!(near(found.maximum.log_likelihood, log_likelihood, 1e-10));
}

/// Hours of study and exams that were passed: coefficients, errors and likelihood as statistics packages give them.
#[test]
fn logistic_regression_has_the_published_errors() {
    let hours = [
        0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 3.25, 3.5, 4.0, 4.25,
        4.5, 4.75, 5.0, 5.5,
    ];
    let passed = [
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0,
        1.0, 1.0,
    ];
    for density in [
        "sigmoid(a*x + b)^y*sigmoid(-a*x - b)^(1 - y)",
        "p = 1/(1 + exp(-a*x - b)); p^y*(1 - p)^(1 - y)",
    ] {
        let found = likelihood(density, &[("x", &hours), ("y", &passed)], &[]).unwrap();
        assert!(
            (found.value("a").unwrap() - 1.504645).abs() < 1e-6,
            "{density}"
        );
        assert!((found.value("b").unwrap() + 4.077713).abs() < 1e-6);
        assert!((found.std_error("a").unwrap() - 0.6287).abs() < 5e-5);
        assert!((found.std_error("b").unwrap() - 1.7610).abs() < 5e-5);
        assert!((found.maximum.log_likelihood + 8.02988).abs() < 1e-5);
    }
}

/// Normal errors: the least squares line, with the deviation divided by n; its errors are those of `fit` times
/// sqrt((n - 2)/n).
#[test]
fn linear_regression_is_maximum_likelihood() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let y = [2.9, 5.1, 7.2, 8.8, 11.1, 12.7];
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let line = gradus::fit("y = a*x + b", &columns, &[]).unwrap();
    let found = likelihood("normpdf(y, a*x + b, s)", &columns, &[]).unwrap();
    let shrink = (4.0f64 / 6.0).sqrt();
    for name in ["a", "b"] {
        assert!(near(
            found.value(name).unwrap(),
            line.value(name).unwrap(),
            1e-9
        ));
        assert!(near(
            found.std_error(name).unwrap(),
            shrink * line.std_error(name).unwrap(),
            1e-7
        ));
    }
    let deviation = (line.fit.residual_sum_of_squares / 6.0).sqrt();
    assert!(near(found.value("s").unwrap(), deviation, 1e-9));
    assert!(near(found.maximum.aic(), line.fit.aic(), 1e-9));
    assert!(near(found.maximum.bic(), line.fit.bic(), 1e-9));
}

/// The factors of a density may be of any sign, as long as their product is above 0; where it is not, there is no logarithm.
#[test]
fn the_logarithm_is_that_of_the_density() {
    let cases: [(&str, &[f64], &[f64]); 15] = [
        ("exp(-x)/gamma(a)", &[1.0], &[-0.5]),
        ("a*x*exp(-a*x)", &[0.5, 2.0], &[1.5]),
        ("a*x*exp(a*x)", &[-0.5, -2.0], &[-1.5]),
        ("a*x*exp(-a*x)", &[-0.5, 2.0], &[1.5]),
        ("-x*exp(a*x)", &[-0.5, -2.0, 1.0], &[1.5]),
        ("x^2*exp(-a*x^2)/a^3", &[-0.5, 2.0], &[1.5]),
        ("x^3*a^(-3)", &[-0.5, 2.0], &[-1.5]),
        ("sqrt(a)*exp(-x)", &[1.0], &[-1.0]),
        ("sqrt(2*pi*a^2)*abs(x)", &[1.0, -2.0], &[-1.5]),
        ("a^x*x^a/gamma(a)", &[1.0, 2.5], &[1.5]),
        ("-2*a*x", &[-1.0, 2.0], &[0.5]),
        ("if(x > 1, a*exp(-x), -x*a)", &[2.0, -3.0, 0.5], &[0.5]),
        ("sigmoid(a*x)*normpdf(x)*cosh(x)", &[2.0, -3.0], &[0.5]),
        ("(a + x)*(a - x)*3/4/a^3", &[0.2, -0.3, 2.0], &[0.5]),
        ("2^(-x)*(a*x)^x", &[0.2, 2.0], &[0.5]),
    ];
    for (density, rows, parameters) in cases {
        let likelihood = Likelihood::parse(density, &["x"], &[], Gives::Density).unwrap();
        for &x in rows {
            let value = likelihood.at(&[x], parameters).unwrap();
            let mut objective = likelihood
                .objective(Columns::new(vec![vec![x]], 1))
                .unwrap();
            let log = -gradus::descend::Objective::value(&mut objective, parameters);
            match value > 0.0 {
                true => assert!(
                    near(log, value.ln(), 1e-13),
                    "{density} at {x}: {log}, not {}",
                    value.ln()
                ),
                false => assert!(
                    log.is_nan() || log == f64::NEG_INFINITY,
                    "{density} at {x}: {log} where the density is {value}"
                ),
            }
            // What is shown is the logarithm, too.
            let shown = likelihood.log_density().unwrap();
            if value > 0.0 {
                let shown = gradus::eval(&shown, &[("x", x), ("a", parameters[0])]).unwrap();
                assert!(
                    shown.is_nan() || near(shown, value.ln(), 1e-13),
                    "{density} at {x}: {shown}"
                );
            }
        }
    }
}

#[test]
fn rows_far_out_are_not_lost() {
    // exp(-x^2/2) is 0 in doubles from 39 on, its logarithm is not; neither is the slope.
    let sample = [1000.0, 1001.0, 1002.0];
    let found = likelihood("normpdf(x - m)", &[("x", &sample)], &[("m", 0.0)]).unwrap();
    assert!(near(found.value("m").unwrap(), 1001.0, 1e-12));
    let found = likelihood(
        "exp(-(x - m)^2/2)/sqrt(2*pi)",
        &[("x", &sample)],
        &[("m", 0.0)],
    )
    .unwrap();
    assert!(near(found.value("m").unwrap(), 1001.0, 1e-12));
}

#[test]
fn what_the_data_do_not_determine_has_no_error() {
    let waits = [1.0, 2.0, 6.0];
    let product = likelihood(
        "a*b*exp(-a*b*x)",
        &[("x", &waits)],
        &[("a", 1.0), ("b", 0.7)],
    )
    .unwrap();
    assert_eq!(product.maximum.undetermined, [vec![0, 1]]);
    assert!(product.std_error("a").unwrap().is_nan() && !product.maximum.is_sound());
    assert!(near(
        product.value("a").unwrap() * product.value("b").unwrap(),
        1.0 / 3.0,
        1e-9
    ));
    assert_eq!(product.maximum.fitted_numbers(), 1);
    // The third parameter does not spoil the others.
    let beside = likelihood("a*exp(-a*x) + 0*c", &[("x", &waits)], &[]);
    assert!(beside.is_ok());
    let idle = likelihood(
        "a*exp(-a*x)*exp(sin(c)^2 + cos(c)^2 - 1)",
        &[("x", &waits)],
        &[("c", 0.3)],
    )
    .unwrap();
    assert!(idle.std_error("c").unwrap().is_nan());
    assert!(near(idle.std_error("a").unwrap(), 1.0 / 27f64.sqrt(), 1e-7));
}

#[test]
fn at_a_bound_there_is_no_error() {
    let always = [1.0, 1.0, 1.0];
    let coin = Likelihood::parse("p^x*(1 - p)^(1 - x)", &["x"], &[], Gives::Density).unwrap();
    let mut objective = coin
        .objective(Columns::new(vec![always.to_vec()], 3))
        .unwrap();
    let bounds = Bounds::new(vec![0.0], vec![1.0]).unwrap();
    let search = Search {
        bounds: Some(&bounds),
        ..Search::default()
    };
    let found = maximise(&mut objective, 3, &[0.5], &search);
    assert_eq!(
        (
            found.parameters[0],
            found.at_bound.as_slice(),
            found.log_likelihood
        ),
        (1.0, &[0][..], 0.0)
    );
    assert!(found.std_error(0).is_nan());
}

#[test]
fn expected_information_is_recognised() {
    let expected = |density: &str, given: &[&str]| {
        let likelihood = Likelihood::parse(density, &["x", "y"], &[], Gives::Density).unwrap();
        likelihood.information_is_expected(given).unwrap()
    };
    assert!(expected("a*exp(-a*x)", &[]));
    assert!(expected("b^a*x^(a - 1)*exp(-b*x)/gamma(a)", &[]));
    assert!(!expected("r^x*exp(-r)/x!", &[]));
    assert!(!expected("normpdf(x, m, s)", &[]));
    assert!(!expected("sigmoid(a*x)^y*sigmoid(-a*x)^(1 - y)", &[]));
    assert!(expected("sigmoid(a*x)^y*sigmoid(-a*x)^(1 - y)", &["x"]));
}

#[test]
fn densities_that_are_none_are_refused() {
    use gradus::LikelihoodError::*;
    let parse = |text: &str| Likelihood::parse(text, &["x"], &[], Gives::Density).map(|_| ());
    assert!(matches!(parse("mean(x)*a"), Err(Reduction(_))));
    assert!(matches!(parse("x^2"), Err(NoParameters)));
    assert!(matches!(parse("a^2"), Err(NoColumns(_))));
    assert!(matches!(parse("[a*x, a]"), Err(Formula(_))));
    let negative = likelihood("-a^2*exp(x)", &[("x", &[1.0])], &[]);
    assert!(matches!(negative, Err(BadStart)), "{negative:?}");
    let unknown = likelihood("a*exp(-a*x)", &[("x", &[1.0])], &[("b", 1.0)]);
    assert!(matches!(unknown, Err(Start(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Starts that are far off, and samples of any size and place.
    #[test]
    fn descent_and_closed_forms_agree(sample in numbers(0.05..5.0), scale in 0.01..100.0f64) {
        let sample: Vec<f64> = sample.iter().map(|x| x * scale).collect();
        let closed = exponential(&sample).unwrap();
        let found = likelihood("a*exp(-a*x)", &[("x", &sample)], &[]).unwrap();
        prop_assert!(near(found.value("a").unwrap() / closed.parameter.value, 1.0, 1e-9));
        prop_assert!(near(found.std_error("a").unwrap() / closed.parameter.standard_error, 1.0, 1e-7));
        let Ok(closed) = normal(&sample) else { return Ok(()); };
        prop_assume!(closed.deviation.value > 1e-2 * scale);
        let found = likelihood("normpdf(x, m, s)", &[("x", &sample)], &[]).unwrap();
        prop_assert!(near(found.value("m").unwrap() / closed.mean.value, 1.0, 1e-9));
        prop_assert!(near(found.value("s").unwrap() / closed.deviation.value, 1.0, 1e-9));
        prop_assert!(near(found.std_error("s").unwrap() / closed.deviation.standard_error, 1.0, 1e-6));
    }
}

/// Covariances are the inverse of the matrix of second derivatives, whatever the units: here of a and b in a line whose
/// inverse is known, (X'X)^-1 times the variance.
#[test]
fn covariances_are_those_of_least_squares() {
    let x = [100.0, 200.0, 300.0, 500.0];
    let y = [1.1, 1.9, 3.2, 4.9];
    let columns: [(&str, &[f64]); 2] = [("x", &x), ("y", &y)];
    let found = likelihood("normpdf(y, a*x + b, 2)", &columns, &[])
        .unwrap()
        .maximum;
    // n = 4, sum x = 1100, sum x^2 = 390000, determinant 350000
    let variance = 4.0 / 350_000.0;
    assert!(near(found.covariance(0, 0) / (4.0 * variance), 1.0, 1e-10));
    assert!(near(
        found.covariance(1, 1) / (390_000.0 * variance),
        1.0,
        1e-10
    ));
    assert!(near(
        found.covariance(0, 1) / (-1100.0 * variance),
        1.0,
        1e-10
    ));
    assert!(near(
        found.covariance(1, 0) / (-1100.0 * variance),
        1.0,
        1e-10
    ));
}

/// Intervals hold the truth about as often as they say: waiting times with the rate 2, 400 samples of 60.
#[test]
fn intervals_hold_the_truth_at_the_stated_rate() {
    use gradus::lecture::sampling::Stream;
    let (trials, mut inside) = (400, 0);
    for seed in 0..trials {
        let stream = Stream::new(seed, 0);
        let waits: Vec<f64> = (0..60).map(|k| -stream.unit(k).ln() / 2.0).collect();
        let found = likelihood("a*exp(-a*x)", &[("x", &waits)], &[("a", 1.0)]).unwrap();
        let (low, high) = found.interval("a", 0.95).unwrap();
        inside += i32::from((low..=high).contains(&2.0));
    }
    let share = f64::from(inside) / trials as f64;
    assert!(
        (share - 0.95).abs() < 6.0 * (0.95f64 * 0.05 / trials as f64).sqrt(),
        "{share}"
    );
}

/// The search gives up after a thousand steps, and says so.
#[test]
fn a_likelihood_without_bound_has_no_maximum() {
    let found = likelihood("exp(-a*x)", &[("x", &[1.0, 2.0])], &[])
        .unwrap()
        .maximum;
    assert!(!found.converged && !found.is_sound() && found.std_error(0).is_nan());
    assert!(found.iterations <= gradus::lecture::likelihood::MAX_STEPS);
}
