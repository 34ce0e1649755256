//! Programs over columns beside loops written by hand, in one run. `cargo bench --bench columns`

use std::hint::black_box;
use std::time::Instant;

use gradus::calculus;
use gradus::expr::Arena;
use gradus::program::batch::Batch;
use gradus::program::{Options, Program};
use gradus::syntax::parse_into;

fn main() {
    if std::env::args().any(|a| a == "--test" || a == "--list") {
        return; // a test runner, not a person
    }
    println!(
        "value and both partial derivatives, ns a point: one thread, all threads, by hand (one thread)"
    );
    row(
        "exp(-(x^2+y^2)/2)*sin(3*x)*cos(2*y) + log(1+x^2*y^2)/sqrt(1+x^2)",
        |x, y| {
            let (bell, root) = ((-(x * x + y * y) / 2.0).exp(), (1.0 + x * x).sqrt());
            let ((s, c), (t, d)) = ((3.0 * x).sin_cos(), (2.0 * y).sin_cos());
            let (inner, log) = (1.0 + x * x * y * y, (1.0 + x * x * y * y).ln());
            let by_x = bell * d * (3.0 * c - x * s) + 2.0 * x * y * y / (inner * root)
                - x * log / (root * root * root);
            let by_y = -bell * s * (y * d + 2.0 * t) + 2.0 * x * x * y / (inner * root);
            [bell * s * d + log / root, by_x, by_y]
        },
    );
    row("x^3*y - 2*x*y^2 + 7*x - 1", |x, y| {
        let f = x * x * x * y - 2.0 * x * y * y + 7.0 * x - 1.0;
        [
            f,
            3.0 * x * x * y - 2.0 * y * y + 7.0,
            x * x * x - 4.0 * x * y,
        ]
    });
}

fn row(text: &str, by_hand: fn(f64, f64) -> [f64; 3]) {
    let mut arena = Arena::new();
    let root = parse_into(&mut arena, text).expect("a formula");
    let variables = [arena.symbol_id("x"), arena.symbol_id("y")];
    let slopes = calculus::gradient(&mut arena, root, &variables).expect("a gradient");
    let roots = [root, slopes[0], slopes[1]];
    let program = Program::new(&arena, &roots, &variables, Options::default()).expect("a program");
    let batch = Batch::new(&program).expect("real numbers");
    let alone = batch.clone().sequential();
    println!("  {text}");
    for points in [10_000, 1_000_000, 10_000_000] {
        let x: Vec<f64> = (0..points)
            .map(|i| (i as f64 * 0.618) % 4.0 - 2.0)
            .collect();
        let y: Vec<f64> = (0..points)
            .map(|i| (i as f64 * 0.414) % 4.0 - 2.0)
            .collect();
        let mut results = [vec![0.0; points], vec![0.0; points], vec![0.0; points]];
        let runs = 20_000_000 / points;
        let mut over = |batch: &Batch| {
            let time = least(runs.min(200), || {
                let mut slices = results.each_mut().map(|column| &mut column[..]);
                batch
                    .run(black_box(&[&x, &y]), &mut slices)
                    .expect("columns of one length");
            });
            for at in (0..points).step_by(points / 7) {
                for (column, expected) in results.iter().zip(by_hand(x[at], y[at])) {
                    assert!((column[at] - expected).abs() < 1e-12, "{text}");
                }
            }
            time * 1e9 / points as f64
        };
        let (one, all) = (over(&alone), over(&batch));
        let mut columns = [vec![0.0; points], vec![0.0; points], vec![0.0; points]];
        let hand = least(runs.min(200), || {
            let [f, g, h] = &mut columns;
            for ((((x, y), f), g), h) in x.iter().zip(&y).zip(f).zip(g).zip(h) {
                [*f, *g, *h] = by_hand(*x, *y);
            }
            black_box(&columns);
        }) * 1e9
            / points as f64;
        println!(
            "    {points:8} points {one:7.2} {all:7.2} {hand:7.2}   ratio {:5.2}",
            one / hand
        );
    }
}

/// The least of several times, in seconds: what others do on the machine only adds.
fn least(runs: usize, mut run: impl FnMut()) -> f64 {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}
