//! Integrals by random points beside a loop written by hand, and statistics beside a plain sum, in one run.
//! `cargo bench --bench lecture`

use std::hint::black_box;
use std::time::Instant;

use gradus::Graph;
use gradus::lecture::sampling::{Integral, Points, Progress, integrate};
use gradus::lecture::summary::Summary;
use gradus::program::batch::Batch;
use gradus::program::{Backend, Program};

fn main() {
    if std::env::args().any(|a| a == "--test" || a == "--list") {
        return; // a test runner, not a person
    }
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a pool of one thread");
    let bell = batch("exp(-x^2)");
    println!(
        "integral of exp(-x^2) from -1 to 1, ns a point: one thread, all threads, by hand (one thread)"
    );
    for (samples, repeat) in [(10_000, 100), (10_000_000, 1)] {
        let points = samples * repeat;
        let runs = (50_000_000 / points).min(50);
        let sampled = || sampled(&bell, samples, repeat);
        let truth = 1.493_648_265_624_854;
        for estimate in [sampled().mean, by_hand(points)] {
            assert!((estimate - truth).abs() < 0.003, "{estimate}");
        }
        let each = 1e9 / points as f64;
        let alone = each * one.install(|| least(runs, sampled));
        let all = each * least(runs, sampled);
        let hand = each * least(runs, || by_hand(points));
        println!(
            "  {repeat:3} x {samples:8} {alone:7.2} {all:7.2} {hand:7.2}   ratio {:5.2}",
            alone / hand
        );
    }
    println!(
        "statistics of columns, ns a number (one thread): mean to skewness, of decimals, a plain sum"
    );
    for count in [10_000, 20_000_000] {
        let spread: Vec<f64> = (0..count).map(|i| (i as f64 * 0.618) % 4.0 - 2.0).collect();
        // Numbers that are equal in their first digits are taken for the decimals they come from.
        let near: Vec<f64> = (0..count)
            .map(|i| 1000.0 + (i % 17) as f64 / 10.0)
            .collect();
        let runs = 100_000_000 / count;
        let each = 1e9 / count as f64;
        let summary = each * least(runs, || Summary::of(black_box(&spread)));
        let decimals = each * least(runs, || Summary::of(black_box(&near)));
        let sum = each * least(runs, || sum(black_box(&spread)));
        println!(
            "  {count:9} {summary:7.2} {decimals:7.2} {sum:7.2}   speed of the sum {:4.2}",
            sum / summary
        );
    }
}

fn batch(text: &str) -> Batch {
    let graph = Graph::new();
    let f = graph.parse(text).expect("a formula");
    let arena = graph.arena();
    let x = arena.find_symbol("x").expect("it occurs");
    let program = Program::new(&arena, &[f.id()], &[x], Backend::Auto.options());
    Batch::new(&program.expect("a program")).expect("real numbers")
}

fn sampled(function: &Batch, samples: u64, repeat: u64) -> Integral {
    let (points, progress) = (Points::Random, Progress::default());
    integrate(
        function,
        &[(-1.0, 1.0)],
        samples,
        repeat,
        7,
        points,
        progress,
    )
    .expect("an integral")
}

/// The mean of a loop over random points, from SplitMix64, without its error.
fn by_hand(points: u64) -> f64 {
    let (mut state, mut sum) = (7u64, 0.0);
    for _ in 0..points {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let x = -1.0 + ((z ^ (z >> 31)) >> 11) as f64 * (2.0 / (1u64 << 53) as f64);
        sum += (-x * x).exp();
    }
    2.0 * sum / points as f64
}

fn sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; 32];
    for values in values.as_chunks::<32>().0 {
        for (lane, x) in lanes.iter_mut().zip(values) {
            *lane += x;
        }
    }
    lanes.iter().sum()
}

/// The least of several times, in seconds: what others do on the machine only adds.
fn least<R>(runs: u64, mut run: impl FnMut() -> R) -> f64 {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}
