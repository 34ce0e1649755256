//! Logistic regression as a formula over the rows of a table: the loss is written down, and the rest follows.
//!
//! `cargo run --example 18_logistic_regression`

use gradus::OverRows;
use gradus::descend::rows::Columns;
use gradus::descend::{Stop, auto, descend};

/// SplitMix64 (Steele, Lea, Flood 2014), as a number between 0 and 1.
fn random(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn main() -> Result<(), gradus::OverRowsError> {
    // y is 1 with probability sigmoid(2*x - 1), else 0.
    let seed = &mut 7;
    let x: Vec<f64> = (0..2000).map(|_| 4.0 * random(seed) - 2.0).collect();
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let y: Vec<f64> = (x.iter())
        .map(|x| f64::from(u8::from(random(seed) < sigmoid(2.0 * x - 1.0))))
        .collect();

    // Names that are columns are data, the others are parameters. Minus the mean logarithm of the likelihood:
    let text = "z = a*x + b; mean(log(1 + exp(z)) - y*z)";
    let loss = OverRows::parse(text, &["x", "y"])?;
    println!("{}", loss.text().expect("a short text"));
    let mut objective = loss.objective(Columns::new(vec![x.clone(), y.clone()], x.len()))?;
    let mut method = auto(&objective, None);
    let stop = Stop::suiting(&*method);
    let start = [0.0, 0.0];
    let end = descend(&mut objective, &mut *method, &start, &stop, &mut |_| ());
    println!(
        "{} steps of {}: a = {:.4}, b = {:.4}",
        end.iterations,
        method.name(),
        end.point[0],
        end.point[1]
    );

    // The same by Newton's method, written out for two parameters.
    let (mut a, mut b) = (0.0, 0.0);
    for _ in 0..20 {
        let (mut g, mut h) = ([0.0; 2], [0.0; 3]);
        for (x, y) in x.iter().zip(&y) {
            let p = sigmoid(a * x + b);
            g = [g[0] + (p - y) * x, g[1] + (p - y)];
            let w = p * (1.0 - p);
            h = [h[0] + w * x * x, h[1] + w * x, h[2] + w];
        }
        let det = h[0] * h[2] - h[1] * h[1];
        a -= (h[2] * g[0] - h[1] * g[1]) / det;
        b -= (h[0] * g[1] - h[1] * g[0]) / det;
    }
    println!("Newton's method by hand: a = {a:.4}, b = {b:.4}");
    assert!(end.converged && (end.point[0] - a).abs() < 1e-6 && (end.point[1] - b).abs() < 1e-6);
    Ok(())
}
