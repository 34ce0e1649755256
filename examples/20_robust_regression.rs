//! A line through points of which some are wrong: least squares is drawn away, Huber's loss is not.
//!
//! Huber, Robust Estimation of a Location Parameter (Annals of Mathematical Statistics 35, 1964).
//!
//! `cargo run --example 20_robust_regression`

use gradus::OverRows;
use gradus::descend::rows::Columns;
use gradus::descend::{Stop, auto, descend};

fn main() -> Result<(), gradus::OverRowsError> {
    // y = 3*x + 2, slightly bent; every seventh point is far off.
    let x: Vec<f64> = (0..40).map(|k| f64::from(k) / 10.0).collect();
    let y: Vec<f64> = (x.iter().enumerate())
        .map(|(k, x)| 3.0 * x + 2.0 + 0.1 * (9.0 * x).sin() + if k % 7 == 5 { 15.0 } else { 0.0 })
        .collect();
    let fit = |text: &str| {
        let loss = OverRows::parse(text, &["x", "y"])?;
        let columns = Columns::new(vec![x.clone(), y.clone()], x.len());
        let mut objective = loss.objective(columns)?;
        let mut method = auto(&objective, None);
        let stop = Stop::suiting(&*method);
        let end = descend(
            &mut objective,
            &mut *method,
            &[0.0, 0.0],
            &stop,
            &mut |_| (),
        );
        println!(
            "a = {:.4}, b = {:.4} for {text}",
            end.point[0], end.point[1]
        );
        Ok::<Vec<f64>, gradus::OverRowsError>(end.point)
    };
    let squares = fit("mean((y - (a*x + b))^2)")?;
    // Quadratic near 0, straight beyond 1/2.
    let huber = "h(r) = if(abs(r) < 1/2, r^2, abs(r) - 1/4); mean(h(y - (a*x + b)))";
    let huber = fit(huber)?;
    assert!(
        (squares[1] - 2.0).abs() > 1.0,
        "drawn away by the points that are off"
    );
    assert!((huber[0] - 3.0).abs() < 0.1 && (huber[1] - 2.0).abs() < 0.3);

    // The same by weighted least squares, again and again, with the weight that each residual has in Huber's loss.
    let [mut a, mut b] = [squares[0], squares[1]];
    for _ in 0..2000 {
        let (mut w0, mut wx, mut wy, mut wxx, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (x, y) in x.iter().zip(&y) {
            let w = (0.5 / (y - (a * x + b)).abs()).min(1.0);
            (w0, wx, wy) = (w0 + w, wx + w * x, wy + w * y);
            (wxx, wxy) = (wxx + w * x * x, wxy + w * x * y);
        }
        a = (w0 * wxy - wx * wy) / (w0 * wxx - wx * wx);
        b = (wy - a * wx) / w0;
    }
    println!("a = {a:.4}, b = {b:.4} by weights");
    assert!((huber[0] - a).abs() < 1e-5 && (huber[1] - b).abs() < 1e-5);
    Ok(())
}
