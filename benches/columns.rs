//! Programs over columns beside loops written by hand, in one run. `cargo bench --bench columns`

#![allow(unsafe_code)] // calls of loops for instructions that the machine was found to have

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
        "value and both partial derivatives, ns a point: one thread, all threads, by hand (one thread; for any machine, \
         and for the vectors of this one)"
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
        &[],
    );
    row("x^3*y - 2*x*y^2 + 7*x - 1", polynomial, &vector_loops());
}

/// What a loop by hand writes to.
type Results = [Vec<f64>; 3];

type Loop = fn(&[f64], &[f64], &mut Results);

#[inline(always)]
fn polynomial(x: f64, y: f64) -> [f64; 3] {
    let f = x * x * x * y - 2.0 * x * y * y + 7.0 * x - 1.0;
    [
        f,
        3.0 * x * x * y - 2.0 * y * y + 7.0,
        x * x * x - 4.0 * x * y,
    ]
}

#[inline(always)]
fn each_point(x: &[f64], y: &[f64], results: &mut Results, by_hand: impl Fn(f64, f64) -> [f64; 3]) {
    let [f, g, h] = results;
    for ((((x, y), f), g), h) in x.iter().zip(y).zip(f).zip(g).zip(h) {
        [*f, *g, *h] = by_hand(*x, *y);
    }
}

/// The loop of the polynomial for each kind of vectors that this machine has.
fn vector_loops() -> Vec<(&'static str, Loop)> {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2,fma")]
        fn avx2(x: &[f64], y: &[f64], results: &mut Results) {
            each_point(x, y, results, polynomial);
        }
        // The compiler prefers vectors of four where it may choose.
        #[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
        fn avx512(x: &[f64], y: &[f64], results: &mut Results) {
            each_point(x, y, results, polynomial);
        }
        let mut loops: Vec<(&'static str, Loop)> = Vec::new();
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the machine has the instructions.
            loops.push(("AVX2", |x, y, results| unsafe { avx2(x, y, results) }));
            if is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512vl") {
                // SAFETY: the machine has the instructions.
                loops.push(("AVX-512", |x, y, results| unsafe { avx512(x, y, results) }));
            }
        }
        loops
    }
    #[cfg(not(target_arch = "x86_64"))]
    Vec::new()
}

fn row(text: &str, by_hand: fn(f64, f64) -> [f64; 3], vectors: &[(&str, Loop)]) {
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
        let mut hand = |by_hand: &dyn Fn(&mut Results)| {
            let time = least(runs.min(200), || {
                by_hand(&mut columns);
                black_box(&columns);
            });
            time * 1e9 / points as f64
        };
        let plain = hand(&|columns| each_point(&x, &y, columns, by_hand));
        print!(
            "    {points:8} points {one:7.2} {all:7.2} {plain:7.2}   ratio {:5.2}",
            one / plain
        );
        for (name, by_hand) in vectors {
            let time = hand(&|columns| by_hand(&x, &y, columns));
            print!("   {name} {time:5.2}   ratio {:5.2}", one / time);
        }
        println!();
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
