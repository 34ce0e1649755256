//! Chapter 6 of the course: expectation and variance, of distributions and of samples; integrals by random points.
//!
//! `cargo run --example lecture_06_probability`

use gradus::lecture::discrete::Discrete;
use gradus::lecture::sampling::{Points, quadrature};
use gradus::lecture::summary::{PairSummary, Summary};
use gradus::{Integrate, Rational, integrate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let die = Discrete::uniform((1..=6).map(Rational::from))?;
    println!(
        "a die: mean {}, variance {}",
        die.expectation()?,
        die.variance()?
    );
    let heads = Discrete::binomial(10, &Rational::ratio(1, 2).expect("a half"))?;
    println!(
        "heads of ten coins: mean {}, variance {}",
        heads.expectation()?,
        heads.variance()?
    );

    let heights = [
        172.0, 165.0, 181.0, 158.0, 190.0, 169.0, 175.0, 162.0, 178.0, 171.0,
    ];
    let weights = [68.0, 59.0, 82.0, 51.0, 95.0, 70.0, 77.0, 58.0, 73.0, 66.0];
    let sample = Summary::of(&heights);
    println!(
        "heights: {:.1} +- {:.1}, deviation {:.2}, skewness {:.3}",
        sample.mean()?,
        sample.standard_error()?,
        sample.standard_deviation()?,
        sample.skewness()?
    );
    let pairs = PairSummary::of(&heights, &weights)?;
    println!("correlation with the weights: {:.4}", pairs.correlation()?);

    let how = Integrate {
        seed: 7,
        ..Integrate::default()
    };
    let bell = integrate("exp(-x^2)", &[("x", -1.0, 1.0)], how)?;
    let truth = quadrature(|x| (-x * x).exp(), -1.0, 1.0, 1e-13)?;
    println!(
        "exp(-x^2) from -1 to 1: {:.4} +- {:.4} (a single estimate +- {:.4}), in truth {:.10}",
        bell.mean, bell.standard_error, bell.std, truth.value
    );
    assert!((bell.mean - truth.value).abs() < 4.0 * bell.standard_error);

    // The error falls with the root of the number of points, with Sobol's much faster.
    for samples in [1 << 8, 1 << 12, 1 << 16] {
        let error = |points| {
            let how = Integrate {
                samples,
                repeat: 16,
                seed: 1,
                points,
            };
            integrate("exp(-x^2 - y^2)", &[("x", 0.0, 1.0), ("y", 0.0, 1.0)], how)
        };
        let (random, even) = (error(Points::Random)?, error(Points::Sobol)?);
        println!(
            "{samples:6} points: {:.1e} random, {:.1e} Sobol",
            random.std, even.std
        );
    }
    Ok(())
}
