//! Fits beside the same work written by hand, in one run. `cargo bench --bench fit`

use std::hint::black_box;
use std::time::Instant;

use gradus::Graph;
use gradus::fit::{Data, Model, Options, fit};

fn main() {
    if std::env::args().any(|a| a == "--test" || a == "--list") {
        return; // a test runner, not a person
    }
    linear();
    exponential();
    few();
}

/// The least of several times, in seconds: what others do on the machine only adds.
fn least(runs: usize, mut run: impl FnMut()) -> f64 {
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

/// The least processor time in a pool of one thread, where the system tells it; else the time of the clock.
fn alone(runs: usize, mut run: impl FnMut() + Send) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a pool");
    let spent = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    pool.install(|| {
        let times = (0..runs).map(|_| {
            let (start, before) = (Instant::now(), spent());
            run();
            match (before, spent()) {
                (Some(before), Some(after)) => (after - before) * 1e-9,
                _ => start.elapsed().as_secs_f64(),
            }
        });
        times.fold(f64::INFINITY, f64::min)
    })
}

fn model(text: &str, columns: &[&str], parameters: &[&str]) -> Model {
    let graph = Graph::new();
    let f = graph.parse(text).expect("a model");
    let slopes = f.gradient(parameters).expect("derivatives");
    let slopes: Vec<_> = slopes.iter().map(|s| s.id()).collect();
    let arena = graph.arena();
    let symbols = |names: &[&str]| -> Vec<_> {
        let found = names.iter().map(|name| arena.find_symbol(name));
        found.map(|s| s.expect("it occurs")).collect()
    };
    Model::new(
        &arena,
        f.id(),
        &slopes,
        &symbols(columns),
        &symbols(parameters),
    )
    .expect("a model")
}

/// Numbers between -1 and 1 (SplitMix64).
fn noise(seed: u64, count: usize) -> Vec<f64> {
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..count).map(next).collect()
}

fn linear() {
    const ROWS: usize = 1_000_000;
    const N: usize = 20;
    let x: Vec<Vec<f64>> = (0..N).map(|k| noise(k as u64, ROWS)).collect();
    let y: Vec<f64> = (0..ROWS)
        .map(|row| (0..N).map(|k| (k + 1) as f64 * x[k][row]).sum())
        .collect();
    let names: Vec<String> = (0..N).map(|k| format!("x{k}")).collect();
    let parameters: Vec<String> = (0..N).map(|k| format!("b{k}")).collect();
    let terms: Vec<String> = (0..N).map(|k| format!("b{k}*x{k}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let model = model(&terms.join(" + "), &names, &parameters);
    let columns: Vec<&[f64]> = x.iter().map(|c| &c[..]).collect();
    let data = Data::new(&columns, &y);
    let run = || {
        let found =
            fit(&model, &data, &[None; N], &Options::default(), &mut |_| {}).expect("a fit");
        assert!((found.parameters[7] - 8.0).abs() < 1e-12);
    };
    let (one, all) = (alone(9, run), least(9, run));
    // Normal equations as one writes them down: the upper half of the products, column by column.
    let hand = alone(3, || {
        let mut products = [[0.0; N]; N];
        for i in 0..N {
            for j in i..N {
                products[i][j] = x[i].iter().zip(&x[j]).map(|(a, b)| a * b).sum();
            }
        }
        black_box(products);
    });
    println!("linear, 1,000,000 rows x 20 columns, ms: one thread, all threads; products by hand");
    println!("  {:7.1} {:7.1} {:7.1}", one * 1e3, all * 1e3, hand * 1e3);
}

fn exponential() {
    const ROWS: usize = 1_000_000;
    let x: Vec<f64> = (0..ROWS).map(|k| 800.0 * k as f64 / ROWS as f64).collect();
    let errors = noise(1, ROWS);
    let y: Vec<f64> = (x.iter().zip(&errors))
        .map(|(x, e)| 240.0 * (1.0 - (-5.5e-4 * x).exp()) + 0.1 * e)
        .collect();
    let model = model("b1*(1 - exp(-b2*x))", &["x"], &["b1", "b2"]);
    let columns: [&[f64]; 1] = [&x];
    let data = Data::new(&columns, &y);
    for start in [[500.0, 1e-4], [250.0, 5e-4]] {
        let start = start.map(Some);
        let mut counts = (0, 0);
        let mut run = || {
            let found =
                fit(&model, &data, &start, &Options::default(), &mut |_| {}).expect("a fit");
            assert!(found.converged() && (found.parameters[0] - 240.0).abs() < 0.1);
            counts = (found.iterations, found.evaluations);
        };
        let one = alone(7, &mut run);
        let all = least(7, &mut run);
        println!(
            "y = b1*(1 - exp(-b2*x)), 1,000,000 rows, from {start:?}, ms: one thread, all threads; steps, evaluations"
        );
        println!("  {:7.1} {:7.1} {:?}", one * 1e3, all * 1e3, counts);
    }
    let hand = alone(5, || {
        black_box(by_hand(&x, &y, [250.0, 5e-4]));
    });
    println!(
        "  by hand, Gauss-Newton steps from the second start: {:7.1}",
        hand * 1e3
    );
}

/// Gauss-Newton steps with normal equations, until the step is 1e-10 of the parameters.
fn by_hand(x: &[f64], y: &[f64], start: [f64; 2]) -> [f64; 2] {
    let [mut a, mut b] = start;
    for _ in 0..50 {
        let (mut aa, mut ab, mut bb, mut ar, mut br) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (x, y) in x.iter().zip(y) {
            let e = (-b * x).exp();
            let (u, v) = (1.0 - e, a * x * e);
            let r = y - a * u;
            aa += u * u;
            ab += u * v;
            bb += v * v;
            ar += u * r;
            br += v * r;
        }
        let det = aa * bb - ab * ab;
        let (da, db) = ((bb * ar - ab * br) / det, (aa * br - ab * ar) / det);
        a += da;
        b += db;
        if da.abs() < 1e-10 * a.abs() && db.abs() < 1e-10 * b.abs() {
            break;
        }
    }
    [a, b]
}

fn few() {
    // Misra1a of NIST.
    let x = [
        77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1,
        760.0,
    ];
    let y = [
        10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47,
        81.78,
    ];
    let model = model("b1*(1 - exp(-b2*x))", &["x"], &["b1", "b2"]);
    let columns: [&[f64]; 1] = [&x];
    println!(
        "y = b1*(1 - exp(-b2*x)), 14 rows, microseconds: with the last digits, as decimals, without"
    );
    for start in [[500.0, 1e-4], [250.0, 5e-4]] {
        let given = start.map(Some);
        let time = |decimal, polish| {
            let data = Data {
                decimal,
                ..Data::new(&columns, &y)
            };
            let options = Options {
                polish,
                ..Options::default()
            };
            let run = || {
                let found = fit(&model, &data, &given, &options, &mut |_| {}).expect("a fit");
                black_box(found.parameters[0]);
            };
            least(20_000, run) * 1e6
        };
        let hand = least(20_000, || {
            black_box(by_hand(&x, &y, [250.0, 5e-4]));
        });
        println!(
            "  from {start:?}: {:6.1} {:6.1} {:6.1}   by hand, Gauss-Newton: {:6.1}",
            time(false, true),
            time(true, true),
            time(false, false),
            hand * 1e6
        );
    }
}
