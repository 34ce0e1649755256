//! Chapter 7 of the course: the central limit theorem, maximum likelihood in closed form and by descent, divergence.
//!
//! `cargo run --example lecture_07_statistics`

use gradus::descend::rows::Columns;
use gradus::descend::{Stop, auto, descend};
use gradus::lecture::likelihood::{exponential, normal, poisson};
use gradus::lecture::softmax::{cross_entropy, divergence, entropy};
use gradus::{Integrate, OverRows, integrate};
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

    // The same by descent, as for any other density.
    let loss = OverRows::parse("mean(log(s) + ((x - m)/s)^2/2)", &["x"])?;
    let mut objective = loss.objective(Columns::new(vec![heights.to_vec()], heights.len()))?;
    let mut method = auto(&objective, None);
    let stop = Stop::suiting(&*method);
    let end = descend(
        &mut objective,
        &mut *method,
        &[165.0, 8.0],
        &stop,
        &mut |_| (),
    );
    println!(
        "by descent: mean {:.3}, deviation {:.3}",
        end.point[0], end.point[1]
    );
    assert!((end.point[0] - closed.mean.value).abs() < 1e-5);
    assert!((end.point[1] - closed.deviation.value).abs() < 1e-5);

    let (p, q) = (dvector![0.5, 0.3, 0.2], dvector![0.4, 0.4, 0.2]);
    println!(
        "divergence {:.5} = cross-entropy {:.5} - entropy {:.5}",
        divergence(&p, &q)?,
        cross_entropy(&p, &q)?,
        entropy(&p)?
    );
    Ok(())
}
