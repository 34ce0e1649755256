//! The cases that break other engines, by name.

use gradus::calculus;
use gradus::expr::{Id, SymbolId};
use gradus::numeric::{Kind, Schedule, dual, explain};
use gradus::simplify::{simplify, simplify_within};
use gradus::syntax;
use gradus::{Expr, Function, Graph};
use num_complex::Complex64;

fn read<'g>(graph: &'g Graph, text: &str) -> Expr<'g> {
    let id = syntax::parse_into(&mut graph.arena_mut(), text);
    graph.expr(id.unwrap_or_else(|e| panic!("{text}: {e}")))
}

fn symbol(graph: &Graph, name: &str) -> SymbolId {
    graph.symbol(name);
    graph.arena().find_symbol(name).unwrap()
}

fn schedule(f: Expr<'_>, names: &[&str]) -> Schedule {
    let variables: Vec<_> = names.iter().map(|n| symbol(f.graph(), n)).collect();
    Schedule::new(&f.graph().arena(), &[f.id()], &variables).unwrap()
}

fn diff<'g>(f: Expr<'g>, by: &str) -> Expr<'g> {
    let graph = f.graph();
    let by = symbol(graph, by);
    let slope = calculus::derivatives(&mut graph.arena_mut(), &[f.id()], by).unwrap()[0];
    graph.expr(slope)
}

/// The derivative of a text, as it comes out of the sweep and simplified, from both sweeps, each evaluated.
fn slopes(text: &str, by: &str, values: &[(&str, f64)]) -> Vec<f64> {
    let graph = Graph::new();
    let f = read(&graph, text);
    let names: Vec<&str> = values.iter().map(|v| v.0).collect();
    let point: Vec<f64> = values.iter().map(|v| v.1).collect();
    let variable = symbol(&graph, by);
    let forward = diff(f, by);
    let reverse = calculus::gradient(&mut graph.arena_mut(), f.id(), &[variable]).unwrap()[0];
    [
        forward,
        forward.simplify(),
        graph.expr(reverse),
        graph.expr(reverse).simplify(),
    ]
    .map(|e| schedule(e, &names).values(&point)[0])
    .to_vec()
}

/// Asserts the derivative in every form, to 1e-13 relative.
#[track_caller]
fn slope(text: &str, by: &str, values: &[(&str, f64)], expected: f64) {
    for got in slopes(text, by, values) {
        let good = got == expected || (got - expected).abs() <= 1e-13 * expected.abs();
        assert!(
            good,
            "{text} by {by} at {values:?}: {got:e}, not {expected:e}"
        );
    }
}

#[track_caller]
fn simplifies(text: &str, expected: &str) {
    let graph = Graph::new();
    assert_eq!(
        read(&graph, text).simplify().to_string(),
        expected,
        "{text}"
    );
}

/// x log(y) is 0 for x = 0 and every y, so that its slope by y is 0 there too; x/y alone would be 0/0.
#[test]
fn xlogy_has_its_slopes_at_zero() {
    slope("xlogy(x, y)", "y", &[("x", 0.0), ("y", 0.0)], 0.0);
    slope("xlogy(x, y)", "y", &[("x", 2.0), ("y", 0.0)], f64::INFINITY);
    slope("xlogy(x, y)", "y", &[("x", 0.0), ("y", 3.0)], 0.0);
    slope("xlogy(x, x)", "x", &[("x", 3.0)], 3f64.ln() + 1.0);
    // The mixed derivative is 1/y, at x = 0 as well.
    let graph = Graph::new();
    let mixed = diff(diff(read(&graph, "xlogy(x, y)"), "y"), "x");
    assert_eq!(mixed.eval(&[("x", 0.0), ("y", 4.0)]), Ok(0.25));
}

/// Simplified or not, the value of a function of x is this; NaN for none.
#[track_caller]
fn value(text: &str, x: f64, expected: f64) {
    let graph = Graph::new();
    let f = read(&graph, text);
    for f in [f, f.simplify(), f.expand()] {
        let got = f
            .eval(&[("x", x), ("a", 2.0), ("b", 0.5), ("y", -3.0)])
            .unwrap();
        let good = got == expected
            || got.is_nan() && expected.is_nan()
            || (got - expected).abs() <= 1e-15 * expected.abs();
        assert!(good, "{f} at {x}: {got}, not {expected}");
    }
}

#[test]
fn minus_binds_looser_than_a_power() {
    value("-2^2", 0.0, -4.0);
    value("-x^2", 3.0, -9.0);
    value("2^-2", 0.0, 0.25);
    value("2^3^2", 0.0, 512.0);
    value("(2^3)^2", 0.0, 64.0);
    simplifies("2^3^2", "512");
    simplifies("-2^2", "-4");
}

#[test]
fn a_double_minus_is_a_plus() {
    simplifies("1-(-2*x)", "2*x + 1");
    value("1-(-2*x)", 3.0, 7.0);
    slope("1-(-2*x)", "x", &[("x", 3.0)], 2.0);
    let graph = Graph::new();
    let text = read(&graph, "1-(-2*x)").to_string();
    assert_eq!(read(&graph, &text).eval(&[("x", 3.0)]), Ok(7.0), "{text}");
}

#[test]
fn the_logistic_function_has_its_slope_in_the_tails() {
    let at_40 = 4.248354255291589e-18;
    let at_5 = 0.006648056670790155;
    // exp(-800) is 3.7e-348, below the smallest double.
    for (x, expected) in [
        (0.0, 0.25),
        (5.0, at_5),
        (-5.0, at_5),
        (40.0, at_40),
        (-40.0, at_40),
        (800.0, 0.0),
        (-800.0, 0.0),
    ] {
        slope("1/(1+exp(-x))", "x", &[("x", x)], expected);
        slope("sigmoid(x)", "x", &[("x", x)], expected);
    }
    for (x, expected) in [
        (0.0, 0.5),
        (40.0, 1.0),
        (-40.0, 4.248354255291589e-18),
        (800.0, 1.0),
        (-800.0, 0.0),
    ] {
        value("1/(1+exp(-x))", x, expected);
    }
    let graph = Graph::new();
    let printed = diff(read(&graph, "1/(1+exp(-x))"), "x")
        .simplify()
        .to_string();
    let again = read(&graph, &printed).eval(&[("x", 5.0)]).unwrap();
    assert!((again / at_5 - 1.0).abs() < 1e-13, "{printed}");
}

#[test]
fn branches_keep_their_values_for_negative_x() {
    for x in [-1.7f64, -0.3, 0.4, 2.9, -20.0] {
        value("sqrt(x^6)", x, x.abs().powi(3));
        value("sqrt(x^2)", x, x.abs());
        value("asin(sin(x))", x, x.sin().asin());
        value("acos(cos(x))", x, x.cos().acos());
        value("atan(tan(x))", x, x.tan().atan());
        value("log(x^2)", x, (x * x).ln());
        value("sqrt(x/y)", x, (x / -3.0).sqrt());
        value("sqrt(x*y)", x, (x * -3.0).sqrt());
        value("(x^a)^b", x, x.abs());
        value("(x^2)^(1/2)", x, x.abs());
        value("(x^b)^a", x, if x < 0.0 { f64::NAN } else { x });
        value("log(exp(x))", x, x.exp().ln());
        slope("sqrt(x^6)", "x", &[("x", x)], 3.0 * x * x.abs());
        slope("log(x^2)", "x", &[("x", x)], 2.0 / x);
    }
    // ... and their complex ones: off the real line no two of these are the same function.
    let z = Complex64::new(-1.3, 2.4);
    for text in [
        "sqrt(x^6)",
        "asin(sin(x))",
        "(x^a)^b",
        "log(x^2)",
        "sqrt(x/y)",
        "log(exp(x))",
        "sqrt(x)*sqrt(y)",
        "sqrt(1/x)",
    ] {
        let graph = Graph::new();
        let f = read(&graph, text);
        let at = [
            ("x", z),
            ("a", 2.0.into()),
            ("b", 0.5.into()),
            ("y", Complex64::new(-3.0, 0.1)),
        ];
        let (plain, simple) = (
            f.eval_complex(&at).unwrap(),
            f.simplify().eval_complex(&at).unwrap(),
        );
        assert!((plain - simple).norm() < 1e-14, "{text}: {plain}, {simple}");
    }
}

#[test]
fn numbers_stay_exact() {
    simplifies("9007199254740993*x", "9007199254740993*x");
    simplifies("10^20*x + x", "100000000000000000001*x");
    simplifies("2^100", "1267650600228229401496703205376");
    simplifies("0.1*x + 0.2*x", "0.3*x");
    simplifies("1/3 + 1/6", "1/2");
    let graph = Graph::new();
    for (text, expected) in [
        ("9007199254740993*x", "9007199254740993"),
        ("10^20*x + x", "100000000000000000001"),
        ("2^100*x", "1267650600228229401496703205376"),
        ("0.1*x + 0.2*x", "0.3"),
        ("9007199254740993*x^2/2", "9007199254740993*x"),
    ] {
        let slope = diff(read(&graph, text), "x").simplify();
        assert_eq!(slope.to_string(), expected, "{text}");
        assert_eq!(read(&graph, expected), slope, "{text}");
    }
}

/// `relu(x^n)` for a large odd n below 0 ended in a panic.
#[test]
fn large_numbers_are_even_or_odd() {
    simplifies(
        "relu(x^(-100000000000000000001))",
        "relu(1/x^100000000000000000001)",
    );
    simplifies(
        "relu(x^(-100000000000000000002))",
        "relu(1/x^100000000000000000002)",
    );
    // The smallest 64-bit number has no opposite.
    simplifies(
        "exp(x)^2*expm1(y)^(-9223372036854775808)",
        "exp(2*x)/expm1(y)^9223372036854775808",
    );
    simplifies(
        "cos(x)^(-9223372036854775808)*sin(x)",
        "tan(x)/cos(x)^9223372036854775807",
    );
    let big = |digits: &str| gradus::Rational::from_digits(digits).unwrap();
    let odd = big("100000000000000000001");
    assert!(!odd.is_even() && !(-&odd).is_even());
    let even = big("100000000000000000002");
    assert!(even.is_even() && (-&even).is_even());
}

#[test]
fn powers_and_kinks_have_their_slopes() {
    let e = std::f64::consts::E;
    slope("x^x", "x", &[("x", 1.0)], 1.0);
    slope("x^x", "x", &[("x", 2.0)], 4.0 * (2f64.ln() + 1.0));
    slope(
        "x^x",
        "x",
        &[("x", 1.0 / e)],
        (1.0 / e).powf(1.0 / e) * (1.0 + (1.0 / e).ln()),
    );
    slope("x^(1/3)", "x", &[("x", 8.0)], 1.0 / 12.0);
    slope("x^(1/3)", "x", &[("x", 0.0)], f64::INFINITY);
    // The real cube root has its own name: x^(1/3) is principal, and not real left of 0.
    assert!(
        slopes("x^(1/3)", "x", &[("x", -8.0)])
            .iter()
            .all(|s| s.is_nan())
    );
    slope("cbrt(x)", "x", &[("x", -8.0)], 1.0 / 12.0);
    for (x, expected) in [(-2.0, -1.0), (0.0, 0.0), (3.0, 1.0)] {
        slope("abs(x)", "x", &[("x", x)], expected);
        slope("|x|", "x", &[("x", x)], expected);
    }
    for (x, y, expected) in [
        (1.0, 2.0, 0.0),
        (2.0, 1.0, 1.0),
        (2.0, 2.0, 0.5),
        (-1.0, -1.0, 0.5),
    ] {
        slope("max(x, y)", "x", &[("x", x), ("y", y)], expected);
        slope("max(x, y)", "y", &[("x", x), ("y", y)], 1.0 - expected);
        slope("min(x, y)", "x", &[("x", x), ("y", y)], 1.0 - expected);
    }
    // 0^y is 0 for every positive y.
    for y in [0.5, 1.0, 2.0, 3.5] {
        slope("x^y", "y", &[("x", 0.0), ("y", y)], 0.0);
    }
    slope("x^y", "y", &[("x", 2.0), ("y", 3.0)], 8.0 * 2f64.ln());
    slope("x^y", "x", &[("x", 0.0), ("y", 2.0)], 0.0);
    slope("x^2", "x", &[("x", 0.0)], 0.0);
}

#[test]
fn the_branch_not_taken_spoils_nothing() {
    for (x, expected) in [(0.0, 0.0), (-1.0, 0.0), (4.0, 0.25)] {
        slope("if(x > 0, sqrt(x), 0)", "x", &[("x", x)], expected);
        slope(
            "sin(x)*if(x > 0, sqrt(x), 0)",
            "x",
            &[("x", x)],
            if x > 0.0 {
                2.0 * x.cos() + x.sin() / 4.0
            } else {
                0.0
            },
        );
        slope(
            "if(x > 0, sqrt(x), 0) + y*if(x <= 0, 1, log(x))",
            "x",
            &[("x", x), ("y", 2.0)],
            if x > 0.0 { 0.75 } else { 0.0 },
        );
    }
    slope("if(x == 0, 1, sin(x)/x)", "x", &[("x", 0.0)], 0.0);
}

/// Where the symbolic derivative has no value, `explain` names the part and what happens there.
#[track_caller]
fn singular(text: &str, by: &str, values: &[(&str, f64)], kind: Kind) {
    let graph = Graph::new();
    let names: Vec<&str> = values.iter().map(|v| v.0).collect();
    let point: Vec<f64> = values.iter().map(|v| v.1).collect();
    let found = explain(&schedule(diff(read(&graph, text), by), &names), &point);
    assert_eq!(found.map(|s| s.kind), Some(kind), "{text} by {by}");
}

#[test]
fn singular_points_have_names() {
    let origin = [("x", 0.0), ("y", 0.0)];
    singular("hypot(x, y)", "x", &origin, Kind::ZeroOverZero);
    singular("sqrt(x^2 + y^2)", "y", &origin, Kind::ZeroTimesInfinity);
    value("x*log(x)", 0.0, 0.0);
    slope("x*log(x)", "x", &[("x", 0.0)], f64::NEG_INFINITY);
    slope("x*log(x)", "x", &[("x", 1.0)], 1.0);
    slope("x^2*log(x)", "x", &[("x", 0.0)], 0.0);
    singular("x*log(x)", "x", &[("x", 0.0)], Kind::Pole(Function::Log));
    let graph = Graph::new();
    let sinc = schedule(read(&graph, "sin(x)/x"), &["x"]);
    assert_eq!(explain(&sinc, &[0.0]).unwrap().kind, Kind::ZeroOverZero);
    assert!(
        slopes("sin(x)/x", "x", &[("x", 0.0)])
            .iter()
            .all(|s| !s.is_finite())
    );
    slope(
        "sin(x)/x",
        "x",
        &[("x", 2.0)],
        2f64.cos() / 2.0 - 2f64.sin() / 4.0,
    );
    slope("hypot(x, y)", "x", &[("x", 3e200), ("y", 4e200)], 0.6);
}

#[test]
fn a_product_of_twelve_sines_at_a_zero() {
    let names: Vec<String> = (1..=12).map(|k| format!("x{k}")).collect();
    let text = names
        .iter()
        .map(|n| format!("sin({n})"))
        .collect::<Vec<_>>()
        .join("*");
    let mut values: Vec<(&str, f64)> = names.iter().map(|n| (n.as_str(), 0.7)).collect();
    values[4].1 = 0.0;
    let others = 0.7f64.sin().powi(11);
    for name in &names {
        slope(
            &text,
            name,
            &values,
            if name == "x5" { others } else { 0.0 },
        );
    }
    // Two zeros: no derivative is left. One variable: a product rule with eleven terms that vanish.
    values[7].1 = 0.0;
    for name in &names {
        slope(&text, name, &values, 0.0);
    }
    let text = (0..12)
        .map(|k| format!("sin(x + {k})"))
        .collect::<Vec<_>>()
        .join("*");
    let expected: f64 = (1..12).map(|k| f64::from(k).sin()).product();
    slope(&text, "x", &[("x", 0.0)], expected);
}

#[test]
fn a_number_without_exact_power_stays_with_its_factor() {
    // 1e-30^(1e30) is no number that can be written down; taken out of the power, it is 0 times infinity.
    value("(1e-30*x)^(10^30)", 1e30, 1.0);
    value(
        "(x/9223372036854775807)^9223372036854775807 + x",
        -2.0,
        -2.0,
    );
}

#[test]
fn texts_that_are_no_formulas_have_errors() {
    let lower = |text: &str| {
        let graph = Graph::new();
        let result = syntax::parse_into(&mut graph.arena_mut(), text);
        result.map(|_| ()).map_err(|e| e.to_string())
    };
    for text in [
        "(x+1",
        "x+1)",
        "2 3",
        "sin x",
        "∫",
        "",
        "   ",
        "x\0",
        "\0",
        "\u{feff}∫x",
        "((((",
        "))))",
        "x +",
        "* x",
        "sin()",
        "sin(x,)",
    ] {
        assert!(lower(text).is_err(), "{text:?} is read");
    }
    let graph = Graph::new();
    assert_eq!(read(&graph, "x²"), graph.symbol("x").powi(2));
    let long = "x+".repeat(25 << 20) + "x";
    assert!(lower(&long).is_err());
}

// Sizes: work grows with the expression, and is shared. No clock here; nodes are counted.

/// How many nodes the arena gains.
fn grows<T>(graph: &Graph, work: impl FnOnce() -> T) -> (usize, T) {
    let before = graph.arena().len();
    let result = work();
    (graph.arena().len() - before, result)
}

fn nodes_of(graph: &Graph, roots: &[Id]) -> usize {
    gradus::expr::walk::Order::of(&graph.arena(), roots).len()
}

#[test]
fn sines_nested_2000_deep() {
    let cost = |depth: usize| {
        let graph = Graph::new();
        let x = graph.symbol("x");
        let f = (0..depth).fold(x, |f, _| f.sin());
        assert_eq!(f.node_count(), depth + 1);
        let (forward, slope) = grows(&graph, || diff(f, "x"));
        let by = symbol(&graph, "x");
        let (reverse, _) = grows(&graph, || {
            calculus::gradient(&mut graph.arena_mut(), f.id(), &[by]).unwrap()
        });
        let expected = dual::derivative(&schedule(f, &["x"]), &[0.5], 0);
        let got = slope.eval(&[("x", 0.5)]).unwrap();
        assert!(
            (got / expected - 1.0).abs() < 1e-11,
            "{got:e}, {expected:e}"
        );
        let simple = slope.simplify().eval(&[("x", 0.5)]).unwrap();
        assert!(
            (simple / expected - 1.0).abs() < 1e-11,
            "{simple:e}, {expected:e}"
        );
        (forward, reverse)
    };
    let (small, large) = (cost(500), cost(2000));
    assert!(
        large.0 <= 4 * small.0 + 8 && large.0 <= 3 * 2000,
        "{small:?} {large:?}"
    );
    assert!(large.1 <= 4 * small.1 + 8, "{small:?} {large:?}");
}

#[test]
fn the_product_of_two_hundred_sums() {
    let cost = |n: i64| {
        let graph = Graph::new();
        let x = graph.symbol("x");
        let f = (1..=n).map(|k| x + k).reduce(|f, g| f * g).unwrap();
        let (grown, slope) = grows(&graph, || diff(f, "x"));
        // f'/f is the sum of 1/(x + k).
        let logarithmic: f64 = (1..=n).map(|k| 1.0 / (-0.5 + k as f64)).sum();
        for slope in [slope, slope.simplify()] {
            let got = slope.eval(&[("x", -0.5)]).unwrap() / f.eval(&[("x", -0.5)]).unwrap();
            // 200! is beyond the largest double.
            if n <= 150 {
                assert!(
                    (got / logarithmic - 1.0).abs() < 1e-12,
                    "{n}: {got}, {logarithmic}"
                );
            }
        }
        grown
    };
    let (small, large) = (cost(50), cost(200));
    cost(150);
    assert!(large <= 4 * small + 40 && large <= 800, "{small} {large}");
}

#[test]
fn the_gradient_of_a_product_of_a_thousand_variables() {
    let cost = |n: usize| {
        let graph = Graph::new();
        let names: Vec<String> = (0..n).map(|k| format!("x{k}")).collect();
        let f = names
            .iter()
            .map(|name| graph.symbol(name))
            .reduce(|f, g| f * g)
            .unwrap();
        let variables: Vec<SymbolId> = names.iter().map(|name| symbol(&graph, name)).collect();
        assert_eq!(f.node_count(), 2 * n - 1);
        let (grown, slopes) = grows(&graph, || {
            calculus::gradient(&mut graph.arena_mut(), f.id(), &variables).unwrap()
        });
        let plan = Schedule::new(&graph.arena(), &slopes, &variables).unwrap();
        let point: Vec<f64> = (0..n).map(|k| if k % 2 == 0 { 2.0 } else { 0.5 }).collect();
        for (got, x) in plan.values(&point).iter().zip(&point) {
            assert_eq!(*got, 1.0 / x);
        }
        // At one zero all other products vanish, and its own does not.
        let mut point = point;
        point[n / 2] = 0.0;
        let values = plan.values(&point);
        assert_eq!(values.iter().filter(|v| **v != 0.0).count(), 1);
        (grown, nodes_of(&graph, &slopes))
    };
    let (small, large) = (cost(100), cost(1000));
    assert!(
        large.0 <= 10 * small.0 + 100 && large.0 <= 4 * 1000,
        "{small:?} {large:?}"
    );
    assert!(
        large.1 <= 10 * small.1 + 100 && large.1 <= 6 * 1000,
        "{small:?} {large:?}"
    );
}

/// The derivative of that order, simplified on the way and not; with the nodes that each took.
fn high_order(text: &str, order: usize) -> (Graph, Id, Id, usize, usize) {
    let graph = Graph::new();
    let f = read(&graph, text).id();
    let by = vec![symbol(&graph, "x"); order];
    let (plain, raw) = grows(&graph, || {
        calculus::nth_derivative(&mut graph.arena_mut(), f, &by, |_, id| id).unwrap()
    });
    let tidy = |arena: &mut gradus::expr::Arena, id| simplify(arena, id).id;
    let (tidied, simple) = grows(&graph, || {
        calculus::nth_derivative(&mut graph.arena_mut(), f, &by, tidy).unwrap()
    });
    (graph, raw, simple, plain, tidied)
}

#[test]
fn derivatives_of_high_order() {
    // Values at 0.3 by exact Taylor arithmetic of the power series, in 60 digits.
    for (text, order, expected) in [
        ("exp(sin(x))*x^3", 10, 78003.0413160829),
        ("exp(sin(x)*x^2)", 14, 249_927_677.176_330_9),
    ] {
        let (graph, raw, simple, plain, _) = high_order(text, order);
        for id in [raw, simple] {
            let got = graph.expr(id).eval(&[("x", 0.3)]).unwrap();
            assert!(
                (got / expected - 1.0).abs() < 1e-11,
                "{text}: {got:e}, not {expected:e}"
            );
        }
        // Polynomial growth: the order squared or cubed, where written-out terms would double with each step.
        let (.., half, _) = high_order(text, order / 2);
        assert!(
            plain <= 20 * half && plain < 40_000,
            "{text}: {half}, {plain}"
        );
    }
}

/// Written out, the expression has more nodes than fit in 32 bits, twice over.
#[test]
fn simplify_weighs_expressions_larger_than_can_be_counted() {
    let graph = Graph::new();
    let (x, y) = (graph.symbol("x"), graph.symbol("y"));
    let e = (0..60).fold(x, |e, _| e * e.sin() + x);
    let square = e.sin().powi(2);
    let f = square * (x + 1) * (y + 2) + square * y * (x + 3);
    assert!(f.simplify().node_count() < 300);
}

/// What a spent budget left as it stood must not come back as the answer of a call that has a budget.
#[test]
fn a_spent_budget_is_told_and_spoils_no_later_answer() {
    let graph = Graph::new();
    let f = graph
        .parse("sin(x)^2 + cos(x)^2 + (y + 1)*(y - 1) + exp(log(z))")
        .unwrap();
    let cut = simplify_within(&mut graph.arena_mut(), f.id(), 3);
    assert!(!cut.complete);
    let point = [("x", 0.3), ("y", 0.7), ("z", 1.9)];
    let (before, after) = (
        f.eval(&point).unwrap(),
        graph.expr(cut.id).eval(&point).unwrap(),
    );
    assert!((before - after).abs() < 1e-14);
    let whole = simplify(&mut graph.arena_mut(), f.id());
    assert!(whole.complete);
    assert_eq!(graph.expr(whole.id).to_string(), "y^2 + z");
}
