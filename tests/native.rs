//! Native code against the interpreter: the same bits, whatever the program and the point; its memory, threads, choice.
#![cfg(feature = "native")]

mod common;

use common::arbitrary_expression;
use gradus::expr::{Arena, Id};
use gradus::program::{Backend, Options, Running, Status};
use gradus::{Compile, CompiledFunction, Derivatives, Expr, Function, Graph, compile};
use proptest::prelude::*;

const NAMES: [&str; 3] = ["x", "y", "z"];

const FUSED: Options = Options {
    fuse: true,
    careful: true,
};

/// What breaks arithmetic.
const SPECIAL: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    -2.5,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::MAX,
    f64::MIN_POSITIVE,
    5e-324,
    -800.0,
];

fn same_bits(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Who makes native code: what is quickest here, and the compiler that is used elsewhere.
const MAKERS: [Backend; 2] = [Backend::Native, Backend::Cranelift];

/// The same functions by the interpreter and as native code, with the same program.
fn by_all(
    functions: &[Expr<'_>],
    names: &[&str],
    derivatives: Derivatives,
    options: Options,
) -> [CompiledFunction; 3] {
    [Backend::Interpreter, MAKERS[0], MAKERS[1]].map(|backend| {
        let how = Compile {
            derivatives,
            backend,
            program: Some(options),
        };
        compile(functions, names, how).expect("a function")
    })
}

/// Everything that a function can be asked for.
fn all(f: &CompiledFunction, point: &[f64], derivatives: Derivatives) -> Vec<f64> {
    let (m, n) = (f.outputs(), point.len());
    let mut all = vec![f64::MIN; m];
    f.values(point, &mut all).unwrap();
    if derivatives >= Derivatives::First {
        let mut jacobian = vec![f64::MIN; m * n];
        f.jacobian(point, &mut jacobian).unwrap();
        all.extend(&jacobian);
        if m == 1 {
            all.push(f.value_and_gradient(point, &mut jacobian).unwrap());
            all.extend(jacobian);
            all.push(f.value(point).unwrap());
        }
    }
    if derivatives >= Derivatives::Second {
        let mut hessian = vec![f64::MIN; m * n * n];
        f.hessian(point, &mut hessian).unwrap();
        all.extend(hessian);
    }
    all
}

fn check(functions: &[Expr<'_>], names: &[&str], options: Options, points: &[Vec<f64>]) {
    check_with(functions, names, Derivatives::First, options, points);
}

fn check_with(
    functions: &[Expr<'_>],
    names: &[&str],
    derivatives: Derivatives,
    options: Options,
    points: &[Vec<f64>],
) {
    let [interpreted, native @ ..] = by_all(functions, names, derivatives, options);
    for point in points {
        let expected = all(&interpreted, point, derivatives);
        for (native, maker) in native.iter().zip(MAKERS) {
            assert_eq!(native.status().values, Running::Native);
            let found = all(native, point, derivatives);
            assert_eq!(found.len(), expected.len());
            for (at, (&found, &expected)) in found.iter().zip(&expected).enumerate() {
                assert!(
                    same_bits(found, expected),
                    "{maker:?}, {} at {point:?}: number {at} is {found:e}, not {expected:e}",
                    functions[0]
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Any expression over every function, fused or not, at ordinary points and at those that break arithmetic.
    #[test]
    fn random_programs(
        recipe in arbitrary_expression(Function::ALL, 40),
        ordinary in prop::collection::vec([-3.0..3.0f64, -3.0..3.0f64, -3.0..3.0f64], 4),
        special in prop::collection::vec(prop::array::uniform3(prop::sample::select(&SPECIAL[..])), 8),
        fuse: bool,
        careful: bool,
    ) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let functions = [f, f * graph.symbol("x")];
        let points: Vec<Vec<f64>> = ordinary.into_iter().chain(special).map(Vec::from).collect();
        let options = Options { fuse, careful };
        let how = Compile { derivatives: Derivatives::None, backend: Backend::Native, program: Some(options) };
        match compile(&functions, &NAMES, how) {
            Ok(_) => check_with(&functions, &NAMES, Derivatives::None, options, &points),
            Err(error) => prop_assert_eq!(error.to_string(), gradus::numeric::EvalError::NeedsComplex.to_string()),
        }
    }

}

proptest! {
    // 3000 to 9000 instructions each: a case takes a fifth of a second.
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Long programs whose operands come from anywhere before: results wait in memory, and pass from part to part.
    #[test]
    fn random_long_programs(seed in any::<u64>(), size in 3_000usize..9_000, reach in 1usize..4_000) {
        let mut random = seed | 1;
        let mut next = |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 11) as usize % below
        };
        let graph = Graph::new();
        let mut arena = graph.arena_mut();
        let mut built: Vec<Id> = NAMES.iter().map(|name| arena.symbol(name)).collect();
        for _ in 0..size {
            let mut pick = || built[built.len() - 1 - next(built.len().min(reach))];
            let (a, b) = (pick(), pick());
            let made = match next(8) {
                0 => arena.add(a, b),
                1 => arena.sub(a, b),
                2 => arena.call(Function::Sin, a),
                3 => arena.call2(Function::Max, a, b),
                4 => arena.choice(a, b, a),
                5 => arena.call(Function::Tanh, a),
                6 => { let c = arena.mul(a, b); arena.sub(c, a) }
                _ => { let s = arena.call(Function::Sign, b); arena.mul(a, s) }
            };
            built.push(made);
        }
        drop(arena);
        let roots: Vec<Expr> = built.iter().rev().step_by(97).take(40).map(|&id| graph.expr(id)).collect();
        let points: Vec<Vec<f64>> = vec![vec![0.3, -1.2, 2.0], vec![-0.0, 1e300, f64::NAN]];
        check_with(&roots, &NAMES, Derivatives::None, Options { fuse: seed % 2 == 0, careful: false }, &points);
    }
}

#[test]
fn every_function_at_special_arguments() {
    let points: Vec<Vec<f64>> = (SPECIAL.iter())
        .flat_map(|&x| SPECIAL.map(|y| vec![x, y]))
        .collect();
    for &f in Function::ALL {
        let graph = Graph::new();
        let (x, y) = (graph.symbol("x"), graph.symbol("y"));
        let id = match f.arity() {
            1 => graph.arena_mut().call(f, x.id()),
            _ => graph.arena_mut().call2(f, x.id(), y.id()),
        };
        let value = graph.expr(id);
        let names = ["x", "y"];
        check_with(&[value], &names, Derivatives::None, Options::PLAIN, &points);
    }
    for text in [
        "if(x, y, 1/y)",
        "if(x < y, x, y)",
        "x^y",
        "x*log(y)",
        "x^2*log(x)*y",
        "x*y - x",
        "x - x*y",
        "-x",
        "sqrt(x)/y",
    ] {
        let graph = Graph::new();
        let f = graph.parse(text).unwrap();
        for options in [FUSED, Options::PLAIN] {
            check(&[f], &["x", "y"], options, &points);
        }
    }
}

fn rosenbrock(n: usize) -> (String, Vec<String>) {
    let terms: Vec<String> = (1..n)
        .map(|i| format!("100*(x_{i} - x_{0}^2)^2 + (1 - x_{0})^2", i - 1))
        .collect();
    (
        terms.join(" + "),
        (0..n).map(|i| format!("x_{i}")).collect(),
    )
}

#[test]
fn every_part_of_a_function() {
    let graph = Graph::new();
    let texts = ["x^3*y + exp(x*z)", "sin(x)/(1 + z^2) - y", "x*y*z"];
    let functions = texts.map(|text| graph.parse(text).unwrap());
    let points = vec![vec![0.3, -1.2, 0.7], vec![0.0, f64::INFINITY, -3.0]];
    for options in [FUSED, Options::PLAIN] {
        check_with(&functions, &NAMES, Derivatives::Second, options, &points);
        check_with(
            &functions[..1],
            &NAMES,
            Derivatives::Second,
            options,
            &points,
        );
    }
    let (text, names) = rosenbrock(700);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let f = graph.parse(&text).unwrap();
    let points = vec![(0..700).map(|i| 0.5 + f64::from(i % 7) * 0.1).collect()];
    check(&[f], &names, FUSED, &points);
}

#[test]
fn an_output_may_be_anything() {
    let graph = Graph::new();
    let [x, y] = ["x", "y"].map(|name| graph.symbol(name));
    let three = graph.parse("3").unwrap();
    let functions = [x, three, x * y, x * y, (x * y).sin(), y];
    let points = vec![vec![2.0, -0.0], vec![f64::NAN, 1.0]];
    check(&functions, &["x", "y"], FUSED, &points);
}

#[test]
fn automatic_goes_native_when_it_pays() {
    let graph = Graph::new();
    let (text, names) = rosenbrock(50);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let f = graph.parse(&text).unwrap().compile(&names).unwrap();
    let copy = f.clone();
    let point = vec![0.3; 50];
    let mut first = vec![0.0; 50];
    let value = f.value_and_gradient(&point, &mut first).unwrap();
    let running = |slopes| Status {
        values: Running::Interpreter,
        slopes: Some(slopes),
        curvatures: None,
    };
    assert_eq!(f.status(), running(Running::Interpreter));
    let mut gradient = vec![0.0; 50];
    for _ in 0..10_000 {
        assert_eq!(f.value_and_gradient(&point, &mut gradient), Ok(value));
        assert_eq!(gradient, first);
    }
    assert_eq!(f.status(), running(Running::Native)); // and the values alone were never asked for
    assert_eq!(copy.status(), f.status());
}

#[test]
fn the_interpreter_stays_where_it_was_chosen() {
    let graph = Graph::new();
    let how = Compile {
        backend: Backend::Interpreter,
        ..Compile::default()
    };
    let f = graph
        .parse("x*x")
        .unwrap()
        .compile_with(&["x"], how)
        .unwrap();
    (0..200_000).for_each(|_| assert_eq!(f.value(&[3.0]), Ok(9.0)));
    assert_eq!(f.status().values, Running::Interpreter);
}

#[test]
fn threads_meet_while_the_code_is_made() {
    let graph = Graph::new();
    let f = graph
        .parse("x^2 + log(1 + exp(y))")
        .unwrap()
        .compile(&["x", "y"])
        .unwrap();
    std::thread::scope(|scope| {
        for k in 0..4 {
            let f = &f;
            scope.spawn(move || {
                for step in 0..50_000 {
                    let x = f64::from(k) + f64::from(step) / 1000.0;
                    let mut gradient = [0.0; 2];
                    let value = f.value_and_gradient(&[x, 800.0], &mut gradient).unwrap();
                    assert_eq!((value, gradient), (x * x + 800.0, [2.0 * x, 1.0]));
                }
            });
        }
    });
    assert_eq!(f.status().slopes, Some(Running::Native));
}

#[test]
fn lengths_are_checked_before_the_code_runs() {
    let graph = Graph::new();
    let how = Compile {
        derivatives: Derivatives::Second,
        backend: Backend::Native,
        program: None,
    };
    let f = graph
        .parse("x*y")
        .unwrap()
        .compile_with(&["x", "y"], how)
        .unwrap();
    for n in [0, 1, 3, 9] {
        let (short, mut room) = (vec![1.0; n], vec![0.0; n]);
        assert!(f.value(&short).is_err());
        assert!(f.gradient(&[1.0, 2.0], &mut room).is_err());
        assert!(f.jacobian(&[1.0, 2.0], &mut room).is_err());
        assert!(f.hessian(&[1.0, 2.0], &mut room).is_err());
        assert_eq!(f.values(&[1.0, 2.0], &mut room).is_err(), n != 1);
    }
}

/// In many parts, between which results pass; the longest has its registers chosen in one pass.
#[test]
fn programs_of_any_length() {
    for (n, derivatives) in [(5_000, Derivatives::First), (60_000, Derivatives::None)] {
        let mut arena = Arena::new();
        let x = arena.symbol("x");
        let names: Vec<String> = (0..n).map(|i| format!("x_{i}")).collect();
        let mut sum = x;
        for name in &names {
            let v = arena.symbol(name);
            let square = arena.mul(v, v);
            let term = arena.sub(square, x);
            let term = arena.mul(term, v);
            sum = arena.add(sum, term);
        }
        let graph = Graph::new();
        *graph.arena_mut() = arena;
        let mut all_names = vec!["x"];
        all_names.extend(names.iter().map(String::as_str));
        let points = vec![(0..=n).map(|i| f64::from(i) * 1e-3 - 7.0).collect()];
        let options = Options {
            fuse: false,
            careful: true,
        };
        check_with(
            &[graph.expr(sum)],
            &all_names,
            derivatives,
            options,
            &points,
        );
    }
}

/// Pages of code can be run and not written; none can be both; dropped, they are gone.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_never_writable_and_executable() {
    fn executable() -> Vec<String> {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let lines = maps.lines().filter(|line| {
            let mut columns = line.split_whitespace();
            let flags = columns.nth(1).unwrap();
            assert!(!(flags.contains('w') && flags.contains('x')), "{line}");
            flags.contains('x') && columns.count() == 3 // no file behind it
        });
        lines.map(str::to_owned).collect()
    }
    // Other tests of this file make and drop code of their own, so: in a process of its own.
    if std::env::var_os("GRADUS_ALONE").is_none() {
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "memory_is_never_writable_and_executable"])
            .env("GRADUS_ALONE", "1")
            .status();
        assert!(status.unwrap().success());
        return;
    }
    let before = executable();
    let graph = Graph::new();
    let (text, names) = rosenbrock(700);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let f = graph.parse(&text).unwrap();
    let how = Compile {
        backend: Backend::Native,
        ..Compile::default()
    };
    for _ in 0..3 {
        let f = f.compile_with(&names, how).unwrap();
        let copy = f.clone();
        assert!(f.value(&vec![1.0; 700]).unwrap() == 0.0);
        assert!(executable().len() > before.len(), "where is the code?");
        drop(f);
        assert!(copy.value(&vec![1.0; 700]).unwrap() == 0.0);
        drop(copy);
        assert_eq!(executable(), before);
    }
}
