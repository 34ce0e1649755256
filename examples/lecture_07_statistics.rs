//! Chapter 7 of the course: the central limit theorem, maximum likelihood in closed form and by descent, the
//! bootstrap, divergence.
//!
//! `cargo run --example lecture_07_statistics`

use gradus::lecture::likelihood::{exponential, normal, poisson};
use gradus::lecture::nonparametric::{Empirical, bootstrap};
use gradus::lecture::sampling::Progress;
use gradus::lecture::softmax::{cross_entropy, divergence, entropy};
use gradus::{Integrate, integrate, likelihood};
use nalgebra::dvector;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Means of n even numbers spread as 1/sqrt(12 n).
    for samples in [10, 100, 1000] {
        let how = Integrate {
            samples,
            repeat: 2000,
            ..Integrate::default()
        };
        let means = integrate("x", &[("x", 0.0, 1.0)], how)?;
        let expected = (12.0 * samples as f64).sqrt().recip();
        println!(
            "means of {samples}: spread {:.5}, expected {expected:.5}",
            means.std
        );
        assert!((means.std / expected - 1.0).abs() < 0.1);
    }

    let heights = [
        172.0, 165.0, 181.0, 158.0, 190.0, 169.0, 175.0, 162.0, 178.0, 171.0,
    ];
    let closed = normal(&heights)?;
    println!(
        "normal: mean {:.3} +- {:.3}, deviation {:.3} +- {:.3}",
        closed.mean.value,
        closed.mean.standard_error,
        closed.deviation.value,
        closed.deviation.standard_error
    );
    println!("Poisson: {:?}", poisson(&[3, 1, 4, 1, 5])?.parameter);
    println!(
        "exponential: {:?}",
        exponential(&[1.0, 2.0, 6.0])?.parameter
    );

    // The same by descent, as for any other density: its logarithm is made large, its second derivatives give the errors.
    let found = likelihood("normpdf(x, m, s)", &[("x", &heights)], &[])?;
    for (name, closed) in [("m", closed.mean), ("s", closed.deviation)] {
        let (value, error) = (found.value(name).unwrap(), found.std_error(name).unwrap());
        println!("by descent: {name} {value:.3} +- {error:.3}");
        assert!((value - closed.value).abs() < 1e-9);
        assert!((error - closed.standard_error).abs() < 1e-7);
    }

    // Without any density: how much medians of samples from the sample vary.
    let median = |rows: &[usize]| {
        let drawn: Vec<f64> = rows.iter().map(|&k| heights[k]).collect();
        Empirical::new(&drawn)
            .and_then(|s| s.quantile(0.5))
            .unwrap_or(f64::NAN)
    };
    let found = bootstrap(heights.len(), median, 2000, 7, Progress::default())?;
    let (low, high) = found.interval(0.95)?;
    println!(
        "median {} +- {:.2}, {low} to {high}",
        found.estimate, found.standard_error
    );
    assert!(low < found.estimate && found.estimate < high);

    let (p, q) = (dvector![0.5, 0.3, 0.2], dvector![0.4, 0.4, 0.2]);
    println!(
        "divergence {:.5} = cross-entropy {:.5} - entropy {:.5}",
        divergence(&p, &q)?,
        cross_entropy(&p, &q)?,
        entropy(&p)?
    );
    Ok(())
}
