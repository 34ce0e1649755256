//! Ratios, each from one run: gradus beside code written by hand, and time per node as expressions grow.
//! `cargo bench --bench ratios`

mod common;

use std::hint::black_box;
use std::time::Instant;

use common::{expressions, read, symbols, together};
use gradus::Compile;
use gradus::calculus;
use gradus::expr::{Arena, Id};
use gradus::numeric::Schedule;
use gradus::program::{Backend, Options, Program};
use gradus::syntax::{parse_into, print};
use rayon::prelude::*;

fn main() {
    if std::env::args().any(|a| a == "--test" || a == "--list") {
        return; // a test runner, not a person
    }
    // A name of one part runs that part alone: `cargo bench --bench ratios -- rosenbrock`.
    let parts: [(&str, fn()); 4] = [
        ("medium", medium),
        ("by_hand", by_hand),
        ("rosenbrock", rosenbrock),
        ("growth", growth),
    ];
    let asked = |name: &str| std::env::args().any(|a| a == name);
    let all = !parts.iter().any(|(name, _)| asked(name));
    for (name, part) in parts {
        if all || asked(name) {
            part();
        }
    }
}

/// The least of several times, in seconds: what others do on the machine only adds.
fn least<T>(runs: usize, mut run: impl FnMut() -> T) -> f64 {
    least_of(runs, || (), |()| run())
}

fn least_of<I, T>(runs: usize, mut prepare: impl FnMut() -> I, mut run: impl FnMut(I) -> T) -> f64 {
    (0..runs)
        .map(|_| {
            let input = prepare();
            let start = Instant::now();
            let output = black_box(run(black_box(input)));
            let time = start.elapsed().as_secs_f64();
            drop(output);
            time
        })
        .fold(f64::INFINITY, f64::min)
}

fn medium() {
    let texts = expressions();
    let mut nodes: Vec<usize> = texts.iter().map(|text| read(text).0.len()).collect();
    nodes.sort_unstable();
    let one = least(30, || {
        texts.iter().map(|text| together(text)).sum::<usize>()
    });
    // As `diff --jsonl` answers many requests.
    let all = least(30, || {
        texts.par_iter().map(|text| together(text)).sum::<usize>()
    });
    println!(
        "parse, three partial derivatives simplified, print: {} expressions",
        texts.len()
    );
    println!(
        "  {:.2} ms, on {} threads {:.2} ms, {} to {} nodes each\n",
        one * 1e3,
        rayon::current_num_threads(),
        all * 1e3,
        nodes[0],
        nodes[nodes.len() - 1]
    );
}

/// A formula and its derivative by x, as gradus evaluates them and as a person would write them.
struct Case {
    text: &'static str,
    native: fn([f64; 2]) -> [f64; 2],
}

const CASES: [Case; 3] = [
    Case {
        text: "x^3*y - 2*x*y^2 + 7*x - 1",
        native: |[x, y]| {
            let f = x * x * x * y - 2.0 * x * y * y + 7.0 * x - 1.0;
            [f, 3.0 * x * x * y - 2.0 * y * y + 7.0]
        },
    },
    Case {
        text: "1/(1 + exp(-x*y))",
        native: |[x, y]| {
            let s = 1.0 / (1.0 + (-x * y).exp());
            [s, y * s * (1.0 - s)]
        },
    },
    Case {
        text: "exp(-x^2/2)*sin(x*y) + sqrt(x^2 + y^2)",
        native: |[x, y]| {
            let (bell, radius, (sin, cos)) = (
                (-x * x / 2.0).exp(),
                (x * x + y * y).sqrt(),
                (x * y).sin_cos(),
            );
            [bell * sin + radius, bell * (y * cos - x * sin) + x / radius]
        },
    },
];

fn by_hand() {
    println!("value and derivative at 10,000 points: gradus' schedule, its program, Rust by hand");
    let points: Vec<[f64; 2]> = (0..10_000)
        .map(|i| [0.1 + i as f64 * 1e-4, 2.0 - i as f64 * 1e-4])
        .collect();
    for case in CASES {
        let (mut arena, root) = read(case.text);
        let variables = symbols(&mut arena, &["x", "y"]);
        let slope =
            calculus::derivatives(&mut arena, &[root], variables[0]).expect("a derivative")[0];
        let slope = gradus::simplify::simplify(&mut arena, slope).id;
        let schedule = Schedule::new(&arena, &[root, slope], &variables).expect("a schedule");
        let mut scratch = Vec::new();
        for point in points.iter().step_by(997) {
            let (ours, theirs) = (
                schedule.run_real(point, &mut scratch),
                (case.native)(*point),
            );
            for (a, b) in ours.iter().zip(theirs) {
                assert!(
                    (a - b).abs() <= 1e-12 * b.abs().max(1.0),
                    "{}: {a} {b}",
                    case.text
                );
            }
        }
        let ours = least(30, || {
            let mut sum = 0.0;
            for point in &points {
                let values = schedule.run_real(black_box(point), &mut scratch);
                sum += values[0] + values[1];
            }
            sum
        });
        let program = Program::from_schedule(&schedule, Backend::Interpreter.options());
        let program = program.expect("a program");
        let mut registers = vec![0.0; program.registers()];
        let programs = least(30, || {
            let mut sum = 0.0;
            for point in &points {
                let values = program.run_in(black_box(point), &mut registers);
                sum += values[0] + values[1];
            }
            sum
        });
        let theirs = least(30, || {
            let mut sum = 0.0;
            for point in &points {
                let values = (case.native)(*black_box(point));
                sum += values[0] + values[1];
            }
            sum
        });
        let each = |time: f64| time * 1e9 / points.len() as f64;
        println!(
            "  {:40} {:6.1} ns {:6.1} ns {:6.1} ns  ratios {:5.1} {:5.1}",
            case.text,
            each(ours),
            each(programs),
            each(theirs),
            ours / theirs,
            programs / theirs
        );
    }
    let texts = expressions();
    let parse = least(30, || {
        texts.iter().map(|text| read(text).0.len()).sum::<usize>()
    });
    let scan = least(30, || {
        texts
            .iter()
            .map(|text| black_box(words(text)))
            .sum::<usize>()
    });
    println!(
        "  {:40} {:6.1} us {:6.1} us  ratio {:5.1}\n",
        "parsing 200 texts; counting their words",
        parse * 1e6,
        scan * 1e6,
        parse / scan
    );
}

/// The Rosenbrock function and its gradient, as a person would write them.
fn rosenbrock_by_hand(x: &[f64], gradient: &mut [f64]) -> f64 {
    gradient.fill(0.0);
    let mut value = 0.0;
    for i in 0..x.len() - 1 {
        let (valley, rest) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
        value += 100.0 * valley * valley + rest * rest;
        gradient[i] += -400.0 * x[i] * valley - 2.0 * rest;
        gradient[i + 1] += 200.0 * valley;
    }
    value
}

fn rosenbrock() {
    println!(
        "Rosenbrock function, value and gradient at one point: Rust by hand, the interpreter, native code, and native code
that rounds products and sums once; from text to ready to call with the interpreter, with native code, by cranelift"
    );
    for n in [10, 100, 1000] {
        let names: Vec<String> = (0..n).map(|i| format!("x_{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let terms: Vec<String> = (1..n)
            .map(|i| format!("100*(x_{i} - x_{0}^2)^2 + (1 - x_{0})^2", i - 1))
            .collect();
        let text = terms.join(" + ");
        let compiled = |backend, program| {
            let how = Compile {
                backend,
                program,
                ..Compile::default()
            };
            let graph = gradus::Graph::new();
            let f = graph.parse(&text).expect("a formula");
            f.compile_with(&names, how).ok()
        };
        let point: Vec<f64> = (0..n).map(|i| 0.5 + (i % 7) as f64 * 0.1).collect();
        let (mut ours, mut theirs) = (vec![0.0; n], vec![0.0; n]);
        let calls = 100_000 / n;
        let by_hand = least(200, || {
            (0..calls)
                .map(|_| rosenbrock_by_hand(black_box(&point), &mut theirs))
                .sum::<f64>()
        });
        print!("  n = {n:5} {:9.1} ns", by_hand * 1e9 / calls as f64);
        let plain = Backend::Interpreter.options();
        for (backend, options) in [
            (Backend::Interpreter, plain),
            (Backend::Native, plain),
            (Backend::Native, Options::default()),
        ] {
            // Without native code there is nothing to measure.
            let Some(f) = compiled(backend, Some(options)) else {
                continue;
            };
            let time = least(200, || {
                (0..calls)
                    .map(|_| {
                        f.value_and_gradient(black_box(&point), &mut ours)
                            .expect("a value")
                    })
                    .sum::<f64>()
            });
            for (a, b) in ours.iter().zip(&theirs) {
                assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} {b}");
            }
            print!(
                "   {:8.1} ns, ratio {:5.2}",
                time * 1e9 / calls as f64,
                time / by_hand
            );
        }
        let ready = |backend| least(10, || compiled(backend, None)) * 1e3;
        println!(
            "   ready: {:.2} ms, {:.2} ms, {:.2} ms",
            ready(Backend::Interpreter),
            ready(Backend::Native),
            ready(Backend::Cranelift)
        );
    }
    println!();
}

/// How many names, numbers and signs a text has: the least that a parser must find out.
fn words(text: &str) -> usize {
    let (mut count, mut inside) = (0, false);
    for b in text.bytes() {
        let is_word = b.is_ascii_alphanumeric();
        count += usize::from(is_word && !inside) + usize::from(!is_word && b != b' ');
        inside = is_word;
    }
    count
}

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// Prints nanoseconds per node at each size, and how the worst compares with the best.
fn growth_row(what: &str, mut measure: impl FnMut(usize) -> (f64, usize)) {
    print!("  {what:44}");
    let mut each = Vec::new();
    for size in SIZES {
        let (time, nodes) = measure(size);
        let per_node = time * 1e9 / nodes as f64;
        each.push(per_node);
        print!("{per_node:9.1}");
    }
    let most = each.iter().copied().fold(0.0, f64::max);
    let least = each.iter().copied().fold(f64::INFINITY, f64::min);
    println!("   {:5.1}", most / least);
}

/// Fewer runs for large inputs.
fn runs(size: usize) -> usize {
    (3_000_000 / size).clamp(3, 100)
}

/// A sum of different terms: about `size` nodes.
fn sum_text(size: usize) -> String {
    let term = |k: usize| format!("sin({k}*x + y)*x_{}^2", k % 100);
    (0..size / 8)
        .map(|k| term(k + 2))
        .collect::<Vec<_>>()
        .join(" + ")
}

fn chain(size: usize) -> (Arena, Id) {
    let mut arena = Arena::new();
    let mut root = arena.symbol("x");
    for _ in 0..size {
        root = arena.call(gradus::Function::Sin, root);
    }
    (arena, root)
}

fn product(factors: usize) -> (Arena, Id, Vec<String>) {
    let names: Vec<String> = (0..factors).map(|i| format!("x_{i}")).collect();
    let mut arena = Arena::new();
    let mut root = Arena::ONE;
    for name in &names {
        let factor = arena.symbol(name);
        root = arena.mul(root, factor);
    }
    (arena, root, names)
}

fn growth() {
    println!("nanoseconds per node of the expression, and the largest by the smallest");
    print!("  {:44}", "");
    SIZES
        .iter()
        .for_each(|size| print!("{:9}", format!("{size:.0e}", size = *size as f64)));
    println!("   ratio");
    growth_row("parse a sum", |size| {
        let text = sum_text(size);
        let nodes = read(&text).0.len();
        let time = least(runs(size), || {
            let mut arena = Arena::new();
            (parse_into(&mut arena, &text).expect("a formula"), arena)
        });
        (time, nodes)
    });
    growth_row("derivative of a sum by x", |size| {
        let (mut arena, root) = read(&sum_text(size));
        let x = symbols(&mut arena, &["x"])[0];
        let nodes = arena.len();
        let time = least_of(
            runs(size),
            || arena.clone(),
            |mut arena| {
                (
                    calculus::derivatives(&mut arena, &[root], x).expect("a derivative"),
                    arena,
                )
            },
        );
        (time, nodes)
    });
    growth_row("derivative of sin nested in sin", |size| {
        let (mut arena, root) = chain(size);
        let x = symbols(&mut arena, &["x"])[0];
        let time = least_of(
            runs(size),
            || arena.clone(),
            |mut arena| {
                (
                    calculus::derivatives(&mut arena, &[root], x).expect("a derivative"),
                    arena,
                )
            },
        );
        (time, size)
    });
    growth_row("gradient of a sum by 102 variables", |size| {
        let names: Vec<String> = (0..100).map(|i| format!("x_{i}")).collect();
        let (mut arena, root) = read(&sum_text(size));
        let mut variables = symbols(&mut arena, &names);
        variables.extend(symbols(&mut arena, &["x", "y"]));
        let nodes = arena.len();
        let time = least_of(
            runs(size),
            || arena.clone(),
            |mut arena| {
                (
                    calculus::gradient(&mut arena, root, &variables).expect("a gradient"),
                    arena,
                )
            },
        );
        (time, nodes)
    });
    growth_row("gradient of a product by all its factors", |size| {
        let (mut arena, root, names) = product(size / 2);
        let variables = symbols(&mut arena, &names);
        let time = least_of(
            runs(size),
            || arena.clone(),
            |mut arena| {
                (
                    calculus::gradient(&mut arena, root, &variables).expect("a gradient"),
                    arena,
                )
            },
        );
        (time, size)
    });
    growth_row("plan the evaluation of a product", |size| {
        let (mut arena, root, names) = product(size / 2);
        let variables = symbols(&mut arena, &names);
        let time = least(runs(size), || Schedule::new(&arena, &[root], &variables));
        (time, size)
    });
    growth_row("program of a sum and its gradient", |size| {
        let names: Vec<String> = (0..100).map(|i| format!("x_{i}")).collect();
        let (mut arena, root) = read(&sum_text(size / 4));
        let mut variables = symbols(&mut arena, &names);
        variables.extend(symbols(&mut arena, &["x", "y"]));
        let mut roots = vec![root];
        roots.extend(calculus::gradient(&mut arena, root, &variables).expect("a gradient"));
        let build = || Program::new(&arena, &roots, &variables, Options::default());
        let instructions = build().expect("a program").instructions().len();
        (least(runs(size), build), instructions)
    });
    growth_row("print a sum", |size| {
        let (arena, root) = read(&sum_text(size));
        let nodes = arena.len();
        let time = least(runs(size), || {
            print::text(&arena, root).expect("below the limit")
        });
        (time, nodes)
    });
    growth_row("print sin nested in sin, as let", |size| {
        let (mut arena, root) = chain(size);
        let x = symbols(&mut arena, &["x"])[0];
        let slope = calculus::derivatives(&mut arena, &[root], x).expect("a derivative")[0];
        let time = least(runs(size), || {
            print::lets(&arena, &[slope]).expect("below the limit")
        });
        (time, size)
    });
}
