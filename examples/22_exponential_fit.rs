//! A model that is not linear, with a start, without one, with bounds, and with an outlier.
//!
//! `cargo run --example 22_exponential_fit`

use gradus::fit::{Loss, Options};

fn main() -> Result<(), gradus::Error> {
    let x: Vec<f64> = (0..20).map(|k| 0.5 * f64::from(k)).collect();
    let mut y: Vec<f64> = (x.iter().enumerate())
        .map(|(k, x)| 3.0 * (-0.7 * x).exp() + 0.5 + 0.02 * (k as f64 * 2.4).sin())
        .collect();
    let model = "y = a*exp(-k*x) + c";

    let start = [("a", 1.0), ("k", 1.0), ("c", 0.0)];
    let given = gradus::fit(model, &[("x", &x), ("y", &y)], &start)?;
    println!("{:?}, {} steps", given.fit.parameters, given.fit.iterations);

    // Starts may be left out: they are guessed, always in the same way.
    let guessed = gradus::fit(model, &[("x", &x), ("y", &y)], &[])?;
    println!(
        "k = {:.12} without a start",
        guessed.value("k").expect("a parameter")
    );

    // Bounds stand in the order of the parameters: a, c, k.
    let bounds = [(0.0, 10.0), (0.0, 0.4), (0.0, 10.0)];
    let options = Options {
        bounds: Some(&bounds),
        ..Options::default()
    };
    let kept = gradus::fit_with(model, &[("x", &x), ("y", &y)], &[], &options, &mut |_| {})?;
    println!("c = {} at its bound", kept.value("c").expect("a parameter"));

    // One wrong measurement pulls least squares away, and a robust loss hardly.
    y[7] += 5.0;
    for loss in [Loss::Squares, Loss::SoftL1(0.05)] {
        let options = Options {
            loss,
            ..Options::default()
        };
        let fit = gradus::fit_with(
            model,
            &[("x", &x), ("y", &y)],
            &start,
            &options,
            &mut |_| {},
        )?;
        println!("{loss:?}: k = {:.4}", fit.value("k").expect("a parameter"));
    }
    Ok(())
}
