//! Maximum likelihood: the logarithm of a density, summed over the rows, is the loss. Counts by Poisson, and a normal
//! distribution whose width is a parameter.
//!
//! `cargo run --example 19_maximum_likelihood`

use gradus::OverRows;
use gradus::descend::rows::Columns;
use gradus::descend::{Stop, auto, descend};

/// The point where a loss over columns x and y is least.
fn minimum(
    text: &str,
    x: &[f64],
    y: &[f64],
    start: &[f64],
) -> Result<Vec<f64>, gradus::OverRowsError> {
    let loss = OverRows::parse(text, &["x", "y"])?;
    let column = |name: &str| if name == "x" { x.to_vec() } else { y.to_vec() };
    let columns = loss.columns().into_iter().map(column).collect();
    let mut objective = loss.objective(Columns::new(columns, y.len()))?;
    let mut method = auto(&objective, None);
    let stop = Stop::suiting(&*method);
    let end = descend(&mut objective, &mut *method, start, &stop, &mut |_| ());
    println!("{text}\n  {:?} after {} steps", end.point, end.iterations);
    assert!(end.converged, "{}", end.stop_reason.as_str());
    Ok(end.point)
}

fn main() -> Result<(), gradus::OverRowsError> {
    // Counts of two groups, x = 0 and x = 1. The rate of a count is exp(a + b*x), the likelihood exp(-rate)*rate^y/y!.
    let x = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let y = [2.0, 4.0, 3.0, 1.0, 9.0, 7.0, 12.0, 8.0, 10.0];
    let poisson = "z = a + b*x; sum(exp(z) - y*z + lgamma(y + 1))";
    let found = minimum(poisson, &x, &y, &[0.0, 0.0])?;
    // With one group a parameter the rates are the means of the groups.
    let (low, high) = (10.0f64 / 4.0, 46.0f64 / 5.0);
    assert!((found[0] - low.ln()).abs() < 1e-7 && (found[1] - (high / low).ln()).abs() < 1e-7);

    // A normal distribution: m is its mean, exp(s) its width, which so cannot become negative.
    let normal = "mean(((y - m)/exp(s))^2/2 + s + log(2*pi)/2)";
    let found = minimum(normal, &x, &y, &[0.0, 1.0])?;
    let mean = y.iter().sum::<f64>() / 9.0;
    let variance = y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / 9.0;
    assert!((found[0] - mean).abs() < 1e-6 && (found[1] - variance.sqrt().ln()).abs() < 1e-6);
    Ok(())
}
