//! Chapter 4 of the course: regression by descent, rates that are too small and too large, random rows.
//!
//! `cargo run --example lecture_04_spicy_descent`

use gradus::OverRows;
use gradus::descend::rows::Columns;
use gradus::descend::{GradientDescent, Stop, descend};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let x1 = vec![1.0, 1.0, 2.0, 2.0];
    let x2 = vec![1.0, 2.0, 2.0, 3.0];
    let y: Vec<f64> = x1.iter().zip(&x2).map(|(a, b)| a + 2.0 * b + 3.0).collect();

    let loss = OverRows::parse("sum((y - (a*x1 + b*x2 + c))^2)/2", &["x1", "x2", "y"])?;
    let columns = |name: &str| match name {
        "x1" => x1.clone(),
        "x2" => x2.clone(),
        _ => y.clone(),
    };
    let table = Columns::new(loss.columns().into_iter().map(columns).collect(), y.len());
    let mut objective = loss.objective(table)?;

    let start = [10.1, 15.1, -6.5];
    for (rate, steps) in [(0.01, 5000), (0.01, 100), (0.0001, 5000), (0.1, 5000)] {
        let stop = Stop {
            tolerance: 0.0,
            max_iterations: steps,
            ..Stop::default()
        };
        let mut method = GradientDescent { rate };
        let end = descend(&mut objective, &mut method, &start, &stop, &mut |_| ());
        println!(
            "rate {rate}, {steps} steps: {:.8?}, {}",
            end.point,
            end.stop_reason.as_str()
        );
        if (rate, steps) == (0.01, 5000) {
            let printed = [1.00000367, 1.99999949, 2.99999516];
            let off = |(found, printed): (&f64, &f64)| (found - printed).abs();
            assert!(end.point.iter().zip(&printed).map(off).fold(0.0, f64::max) < 5e-9);
        }
    }

    let fit = gradus::fit(
        "y = a*x1 + b*x2 + c",
        &[("x1", &x1), ("x2", &x2), ("y", &y)],
        &[],
    )?;
    println!("by least squares: a = {:?}", fit.value("a"));
    Ok(())
}
