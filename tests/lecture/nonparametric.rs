//! Empirical distributions, histograms, kernel densities, the bootstrap.

use gradus::lecture::LectureError;
use gradus::lecture::nonparametric::{Bins, Empirical, Kernel, bootstrap};
use gradus::lecture::sampling::{Progress, SamplingError, Stream, quadrature};
use gradus::lecture::summary::Summary;
use proptest::prelude::*;

fn empirical(sample: &[f64]) -> Empirical {
    Empirical::new(sample).unwrap()
}

/// Standard normal numbers, by the polar angle and the radius (Box and Muller).
fn normal_sample(n: usize, seed: u64) -> Vec<f64> {
    let stream = Stream::new(seed, 0);
    (0..n as u64)
        .map(|k| {
            let (u, v) = (stream.unit(2 * k), stream.unit(2 * k + 1));
            (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
        })
        .collect()
}

fn mean_of(sample: &[f64]) -> impl Fn(&[usize]) -> f64 + Sync + '_ {
    |rows| rows.iter().map(|&k| sample[k]).sum::<f64>() / rows.len() as f64
}

fn samples() -> impl Strategy<Value = Vec<f64>> {
    let number = (-40i32..40).prop_map(|k| f64::from(k) / 4.0);
    prop::collection::vec(number, 1..40)
}

/// What NumPy 2 gives for `quantile` of the same numbers.
#[test]
fn quantiles_are_those_of_other_programs() {
    let sample = empirical(&[1.0, 7.5, 2.25, 4.0, -3.0, 10.0, 2.25]);
    for (p, expected) in [
        (0.0, -3.0),
        (0.1, -0.6),
        (0.25, 1.625),
        (0.5, 2.25),
        (0.75, 5.75),
        (0.95, 9.25),
        (1.0, 10.0),
    ] {
        assert!(
            (sample.quantile(p).unwrap() - expected).abs() < 1e-14,
            "{p}"
        );
    }
    assert_eq!(sample.interquartile_range(), 4.125);
}

#[test]
fn what_cannot_be_is_told() {
    assert_eq!(Empirical::new(&[]), Err(LectureError::Empty("the sample")));
    assert!(matches!(
        Empirical::new(&[f64::NAN]),
        Err(LectureError::NotFinite { .. })
    ));
    let same = empirical(&[2.0, 2.0, 2.0]);
    assert!(same.quantile(1.5).is_err() && same.quantile(f64::NAN).is_err());
    assert!(Bins::new(&same, Some(0)).is_err() && Bins::new(&same, Some(1 << 40)).is_err());
    assert_eq!(Bins::new(&same, None).unwrap().counts, [3]);
    assert!(matches!(
        Kernel::new(&same, None),
        Err(LectureError::NoVariance(_))
    ));
    assert!(matches!(
        Kernel::new(&empirical(&[1.0]), None),
        Err(LectureError::TooFew { .. })
    ));
    assert!(matches!(
        Kernel::new(&same, Some(0.0)),
        Err(LectureError::NotPositive { .. })
    ));
    assert!(Kernel::new(&same, Some(1.0)).is_ok());
    let draw = |n, resamples| bootstrap(n, |_| 1.0, resamples, 0, Progress::default());
    assert!(matches!(
        draw(0, 10),
        Err(SamplingError::Input(LectureError::Empty(_)))
    ));
    assert!(draw(3, 1).is_err() && draw(3, u64::MAX).is_err());
    let nothing = bootstrap(3, |_| f64::NAN, 10, 0, Progress::default());
    assert!(matches!(
        nothing,
        Err(SamplingError::Input(LectureError::NotFinite { .. }))
    ));
}

/// 1 to 100: the middle half is 49.5 wide, and 2*49.5/100^(1/3) goes 4.64 times into 99.
#[test]
fn bins_follow_freedman_and_diaconis() {
    let sample: Vec<f64> = (1..=100).map(f64::from).collect();
    let bins = Bins::new(&empirical(&sample), None).unwrap();
    assert_eq!(bins.counts.len(), 5);
    assert_eq!((bins.edges[0], bins.edges[5]), (1.0, 100.0));
    // Most numbers are the same: the middle half has no width, and Sturges' rule is taken.
    let mut spiky = vec![0.0; 30];
    spiky.extend([1.0, 8.0]);
    assert_eq!(Bins::new(&empirical(&spiky), None).unwrap().counts.len(), 6);
}

/// `bw.nrd0(1:10)` and `bw.nrd0(c(0, 0, 0, 0, 0, 0, 1, 9))` in R.
#[test]
fn bandwidths_are_those_of_silverman() {
    let of = |sample: &[f64]| Kernel::new(&empirical(sample), None).unwrap().bandwidth;
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    assert!((of(&ten) - 1.719_286_4).abs() < 1e-6, "{}", of(&ten));
    let spread: f64 = 0.25 / 1.34;
    let expected = 0.9 * spread * 8f64.powf(-0.2);
    assert!((of(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 9.0]) - expected).abs() < 1e-15);
}

/// The band around the empirical distribution holds the whole true one at least as often as it says.
#[test]
fn bands_hold_the_whole_distribution() {
    let (trials, n) = (400, 40);
    let mut inside = 0;
    for seed in 0..trials {
        let stream = Stream::new(seed, 1);
        let sample: Vec<f64> = (0..n).map(|k| stream.unit(k)).collect();
        let sample = empirical(&sample);
        let half = sample.band(0.9).unwrap();
        // Of even numbers between 0 and 1 the true part below x is x; the largest distance is at a number of the sample.
        let far = sample.sorted().iter().enumerate().all(|(k, &x)| {
            let (before, behind) = (k as f64 / n as f64, (k + 1) as f64 / n as f64);
            (x - before).abs() <= half && (behind - x).abs() <= half
        });
        inside += i32::from(far);
    }
    let share = f64::from(inside) / trials as f64;
    assert!((0.88..0.97).contains(&share), "{share}");
}

#[test]
fn the_bootstrap_finds_the_known_error_of_a_mean() {
    let sample = normal_sample(50, 3);
    let summary = Summary::of(&sample);
    let resamples = 4000;
    let found = bootstrap(
        sample.len(),
        mean_of(&sample),
        resamples,
        11,
        Progress::default(),
    )
    .unwrap();
    // The distribution that is drawn from is that of the sample: its deviation is divided by n.
    let known = (summary.population_variance().unwrap() / 50.0).sqrt();
    let slack = 6.0 / (2.0 * resamples as f64).sqrt();
    assert!(
        (found.standard_error / known - 1.0).abs() < slack,
        "{} {known}",
        found.standard_error
    );
    assert!(found.bias.abs() < 6.0 * known / (resamples as f64).sqrt());
    assert_eq!(
        found.estimate,
        mean_of(&sample)(&(0..50).collect::<Vec<_>>())
    );
    assert_eq!(found.resampled().len(), resamples as usize);
}

/// The variance divided by n is too small by 1 - 1/n on average, and the bootstrap says so.
#[test]
fn the_bootstrap_finds_a_known_bias() {
    let sample = normal_sample(10, 5);
    let of = |rows: &[usize]| {
        let drawn: Vec<f64> = rows.iter().map(|&k| sample[k]).collect();
        Summary::of(&drawn).population_variance().unwrap()
    };
    let found = bootstrap(10, of, 40_000, 2, Progress::default()).unwrap();
    let slack = 6.0 * found.standard_error / 200.0;
    assert!(
        (found.bias + found.estimate / 10.0).abs() < slack,
        "{} {}",
        found.bias,
        found.estimate
    );
}

#[test]
fn every_row_is_drawn_alike() {
    let n = 7;
    let counts = |row: usize| {
        let of = move |rows: &[usize]| rows.iter().filter(|&&k| k == row).count() as f64;
        bootstrap(n, of, 20_000, 1, Progress::default()).unwrap()
    };
    for row in 0..n {
        let found = counts(row);
        // Binomial: n draws with the probability 1/n.
        let error = (1.0 - 1.0 / n as f64).sqrt();
        assert!(
            (found.estimate + found.bias - 1.0).abs() < 6.0 * error / 20_000f64.sqrt(),
            "{row}"
        );
        assert!((found.standard_error - error).abs() < 0.03, "{row}");
    }
}

#[test]
fn intervals_of_the_bootstrap_hold_the_truth_about_as_often_as_they_say() {
    let trials = 300;
    let mut inside = 0;
    for seed in 0..trials {
        let sample = normal_sample(30, 100 + seed);
        let found = bootstrap(30, mean_of(&sample), 400, seed, Progress::default()).unwrap();
        let (low, high) = found.interval(0.9).unwrap();
        inside += i32::from((low..=high).contains(&0.0));
    }
    // Of 30 numbers it is known to be a little too short.
    let share = f64::from(inside) / trials as f64;
    assert!((0.80..0.95).contains(&share), "{share}");
}

#[test]
fn any_number_of_threads_draws_the_same_samples() {
    let sample = normal_sample(20, 1);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| bootstrap(20, mean_of(&sample), 500, 9, Progress::default()).unwrap())
    };
    assert_eq!(with(1), with(5));
    let other = bootstrap(20, mean_of(&sample), 500, 10, Progress::default()).unwrap();
    assert_ne!(with(2), other);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_empirical_distribution_is_what_its_words_say(sample in samples(), x in -12.0..12.0f64, p in 0.0..1.0f64) {
        let found = empirical(&sample);
        let n = sample.len() as f64;
        let below = sample.iter().filter(|&&y| y <= x).count() as f64;
        prop_assert_eq!(found.cumulative(x), below / n);
        let quantile = found.quantile(p).unwrap();
        let (least, most) = (found.sorted()[0], *found.sorted().last().unwrap());
        prop_assert!((least..=most).contains(&quantile));
        prop_assert_eq!((found.quantile(0.0).unwrap(), found.quantile(1.0).unwrap()), (least, most));
        // About as many lie on either side as it says.
        let strictly = sample.iter().filter(|&&y| y < quantile).count() as f64;
        prop_assert!(strictly <= p * (n - 1.0) + 1.0 && found.cumulative(quantile) * n >= (p * (n - 1.0)).floor());
    }

    #[test]
    fn bins_hold_every_number_once(sample in samples(), count in prop::option::of(1usize..30)) {
        let bins = Bins::new(&empirical(&sample), count).unwrap();
        prop_assert_eq!(bins.edges.len(), bins.counts.len() + 1);
        prop_assert_eq!(bins.counts.iter().sum::<u64>(), sample.len() as u64);
        prop_assert!(bins.edges.windows(2).all(|w| w[0] < w[1]));
        let last = bins.counts.len() - 1;
        for (k, &found) in bins.counts.iter().enumerate() {
            let (low, high) = (bins.edges[k], bins.edges[k + 1]);
            let holds = |x: f64| low <= x && (x < high || (k == last && x <= high));
            prop_assert_eq!(found, sample.iter().filter(|&&x| holds(x)).count() as u64);
        }
        let area: f64 = bins.densities().iter().zip(bins.edges.windows(2)).map(|(d, w)| d * (w[1] - w[0])).sum();
        prop_assert!((area - 1.0).abs() < 1e-12);
    }

    /// The density has the area 1, the mean of the sample, and its variance plus the square of the bandwidth.
    #[test]
    fn kernel_densities_have_known_moments(sample in samples(), bandwidth in 0.2..3.0f64) {
        let density = Kernel::new(&empirical(&sample), Some(bandwidth)).unwrap();
        let summary = Summary::of(&sample);
        let (low, high) = (summary.min() - 12.0 * bandwidth, summary.max() + 12.0 * bandwidth);
        let moment = |k: i32| {
            let center = summary.mean().unwrap();
            quadrature(|x| (x - center).powi(k) * density.at(x), low, high, 1e-10).unwrap().value
        };
        prop_assert!((moment(0) - 1.0).abs() < 1e-8);
        prop_assert!(moment(1).abs() < 1e-7);
        let variance = summary.population_variance().unwrap() + bandwidth * bandwidth;
        prop_assert!((moment(2) - variance).abs() < 1e-6 * variance.max(1.0));
    }
}

/// At a number of the sample the distribution jumps, and has the upper value.
#[test]
fn jumps_belong_to_their_numbers() {
    let sample = empirical(&[3.0, 1.0, 2.0, 2.0]);
    let found = [0.9, 1.0, 1.5, 2.0, 2.5, 3.0].map(|x| sample.cumulative(x));
    assert_eq!(found, [0.0, 0.25, 0.25, 0.75, 0.75, 1.0]);
}
