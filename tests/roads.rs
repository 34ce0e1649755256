//! The independent roads to a derivative, compared: right ones pass, planted wrong ones are caught.

use gradus::functions::row;
use gradus::numeric::{Check, Kind, Road, Schedule, Verdict, compare, dual, finite_difference};
use gradus::{Expr, Function, Graph};

fn schedule(roots: &[Expr<'_>], names: &[&str]) -> Schedule {
    let graph = roots[0].graph();
    let variables: Vec<_> = (names.iter())
        .map(|name| {
            graph.symbol(name);
            graph.arena().find_symbol(name).unwrap()
        })
        .collect();
    let ids: Vec<_> = roots.iter().map(|r| r.id()).collect();
    Schedule::new(&graph.arena(), &ids, &variables).unwrap()
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()) || a == b
}

/// Where the arguments of a function are taken from its samples: ends, middle, and two points in between.
fn points(f: Function) -> Vec<Vec<f64>> {
    let between = |(a, b): (f64, f64), t: f64| a + (b - a) * t;
    (row(f).samples.iter())
        .flat_map(|s| {
            [0.02, 0.31, 0.5, 0.77, 0.98].map(|t| match f.arity() {
                1 => vec![between(s.u, t)],
                _ => vec![between(s.u, t), between(s.v, 1.0 - 0.9 * t)],
            })
        })
        .collect()
}

fn plain(graph: &Graph, f: Function) -> Schedule {
    let (x, y) = (graph.symbol("x"), graph.symbol("y"));
    match f.arity() {
        1 => schedule(&[x.call(f)], &["x"]),
        _ => schedule(&[x.call2(f, y)], &["x", "y"]),
    }
}

fn by_dual(s: &Schedule, point: &[f64]) -> Vec<f64> {
    (0..point.len())
        .map(|i| dual::derivative(s, point, i))
        .collect()
}

#[test]
fn the_roads_meet_for_every_function_of_the_table() {
    let graph = Graph::new();
    let mut wrong = Vec::new();
    let (mut count, mut measured_count) = (0, 0);
    for &f in Function::ALL {
        let s = plain(&graph, f);
        for point in points(f) {
            let expected = by_dual(&s, &point);
            let found = compare(&s, &expected, &point);
            for (i, variable) in found.variables.iter().enumerate() {
                // There is no derivative by the order of a polygamma function.
                if f == Function::Polygamma && i == 0 {
                    continue;
                }
                let stepped = variable.roads[1].verdict;
                let measured = variable.roads[2].verdict;
                if stepped != Verdict::Agrees || measured == Verdict::Disagrees {
                    wrong.push(format!("{f} at {point:?}: {variable:?}"));
                }
                measured_count += u32::from(measured == Verdict::Agrees);
                count += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Differences say nothing in flat tails (tanh at 50), but must speak nearly everywhere.
    assert!(
        measured_count * 100 > count * 95,
        "{measured_count} of {count}"
    );
}

#[test]
fn planted_errors_are_caught_for_every_function_of_the_table() {
    let graph = Graph::new();
    for &f in Function::ALL {
        let s = plain(&graph, f);
        for point in points(f) {
            let right = by_dual(&s, &point);
            for i in 0..point.len() {
                if !right[i].is_finite() || right[i].abs() < 1e-280 {
                    continue; // a zero times 1.001 is no error
                }
                for (what, wrong) in [
                    ("sign", -right[i]),
                    ("0.1 %", right[i] * 1.001),
                    ("- 0.1 %", right[i] * 0.999),
                    ("zero", 0.0),
                    ("nan", f64::NAN),
                ] {
                    let mut planted = right.clone();
                    planted[i] = wrong;
                    let found = compare(&s, &planted, &point);
                    let verdicts = (found.variables[i].verdict, found.verdict);
                    let expected = (Verdict::Disagrees, Verdict::Disagrees);
                    assert_eq!(verdicts, expected, "{f} at {point:?}, {what}: {found:?}");
                }
            }
        }
    }
}

/// A check of `f` with the gradient `g`, at a point, with both named variables.
fn checked(f: Expr<'_>, g: &[Expr<'_>], point: &[f64]) -> Check {
    let names = &["x", "y"][..point.len()];
    gradus::numeric::check(&schedule(&[f], names), &schedule(g, names), point)
}

#[test]
fn right_gradients_pass_and_wrong_ones_do_not() {
    let g = Graph::new();
    let (x, y) = (g.symbol("x"), g.symbol("y"));
    let one = g.number(1);
    let cos = |u: Expr<'_>| g.expr(u.call(Function::Cos).id());
    let cases: Vec<(Expr<'_>, [Expr<'_>; 2], [f64; 2])> = vec![
        (x.powi(2) + 2 * x * y, [2 * x + 2 * y, 2 * x], [1.5, -2.0]),
        (
            x.sin() * y.exp(),
            [cos(x) * y.exp(), x.sin() * y.exp()],
            [1e3, 3.0],
        ),
        (x.pow(y), [y * x.pow(y - 1), x.pow(y) * x.log()], [2.5, 3.5]),
        (x.log() + y.sqrt(), [1 / x, 1 / (2 * y.sqrt())], [1e-8, 1e9]),
        (
            x.sin().powi(2) + cos(x).powi(2) + y,
            [2 * x.sin() * cos(x) - 2 * cos(x) * x.sin(), g.number(1)],
            [0.7, 0.0],
        ),
        (
            (x * 1e6).sin() + y,
            [1e6 * cos(x * 1e6), g.number(1)],
            [123.456, 1.0],
        ),
        (
            1 / (1 + (-x).exp()) + y,
            [(-x).exp() / (one + (-x).exp()).powi(2), one],
            [30.0, 0.0],
        ),
    ];
    for (f, gradient, point) in cases {
        let found = checked(f, &gradient, &point);
        assert_eq!(found.verdict, Verdict::Agrees, "{found:?}");
        for (i, _) in gradient.iter().enumerate() {
            if found.variables[i].symbolic.abs() < 1e-10 {
                continue;
            }
            for wrong in [-gradient[i], gradient[i] * 1.001, gradient[i] * 0.999] {
                let mut planted = gradient;
                planted[i] = wrong;
                let found = checked(f, &planted, &point);
                assert_eq!(found.verdict, Verdict::Disagrees, "{found:?}");
            }
        }
    }
}

#[test]
fn digits_are_counted() {
    let g = Graph::new();
    let s = schedule(&[g.symbol("x").exp()], &["x"]);
    let right = 1f64.exp();
    let digits = |error: f64| {
        compare(&s, &[right * (1.0 + error)], &[1.0]).variables[0].roads[0]
            .digits
            .unwrap()
    };
    assert!(digits(0.0) > 15.5);
    assert!((digits(1e-3) - 3.0).abs() < 0.01);
    assert!((digits(1e-12) - 12.0).abs() < 0.01);
    let found = compare(&s, &[right], &[1.0]);
    let names: Vec<Road> = found.variables[0].roads.iter().map(|r| r.road).collect();
    assert_eq!(
        names,
        [Road::Dual, Road::ComplexStep, Road::FiniteDifference]
    );
    assert!(found.variables[0].roads[2].digits.unwrap() > 9.0);
}

#[test]
fn a_kink_is_not_held_against_the_stated_value() {
    let g = Graph::new();
    let x = g.symbol("x");
    let found = checked(x.call(Function::Relu), &[x.call(Function::Step)], &[0.0]);
    assert_eq!(
        found.variables[0].roads[2].verdict,
        Verdict::NotComparable,
        "{found:?}"
    );
    let relu = schedule(&[x.call(Function::Relu)], &["x"]);
    assert_eq!(compare(&relu, &[0.0], &[0.0]).verdict, Verdict::Agrees);
    // ... but 1 is not the stated value.
    assert_eq!(compare(&relu, &[1.0], &[0.0]).verdict, Verdict::Disagrees);
}

/// The square of the step makes the argument of abs positive: the complex step sees the slope on that side.
#[test]
fn the_complex_step_is_not_asked_at_a_kink() {
    let g = Graph::new();
    let (x, y) = (g.symbol("x"), g.symbol("y"));
    let f = schedule(&[(y / x.exp() * x).call(Function::Abs)], &["x", "y"]);
    let found = compare(&f, &[0.0, 0.0], &[0.0, 0.7]);
    assert_eq!(found.verdict, Verdict::Agrees, "{found:?}");
    assert_eq!(
        compare(&f, &[0.7, 0.0], &[0.0, 0.7]).verdict,
        Verdict::Disagrees
    );
}

#[test]
fn differences_stay_inside_the_domain() {
    let found = finite_difference::derivative(f64::ln, 1e-3, 1.0);
    assert!(close(found.value, 1e3, 1e-8), "{found:?}");
    let found = finite_difference::derivative(|x| x.asin(), 0.999, 1.0);
    assert!(
        close(found.value, 1.0 / (1.0f64 - 0.999 * 0.999).sqrt(), 1e-8),
        "{found:?}"
    );
    // The edge is nearer than the narrowest first step.
    let x = 1.0 - 1e-9;
    let found = finite_difference::derivative(f64::asin, x, 1.0);
    let expected = 1.0 / ((1.0 - x) * (1.0 + x)).sqrt();
    assert!(close(found.value, expected, 1e-4), "{found:?}");
    let found = finite_difference::derivative(f64::sqrt, 0.0, 1.0);
    assert!(found.value.is_nan());
    let found = finite_difference::derivative(f64::exp, 1.0, 1.0);
    assert!(close(found.value, 1f64.exp(), 1e-10) && found.error < 1e-9 && !found.kink);
    assert!(finite_difference::derivative(f64::abs, 0.0, 1.0).kink);
}

/// A triangle wave whose corners lie closer together than the longer steps are long.
#[test]
fn differences_that_contradict_each_other_say_nothing() {
    let g = Graph::new();
    let f = g.parse("asin(cos(x^2))").unwrap();
    let slope = f.diff("x").unwrap();
    let found = checked(f, &[slope], &[129.347]);
    assert_eq!(found.verdict, Verdict::Agrees, "{found:?}");
    let wave = |x: f64| (x * x).cos().asin();
    let found = finite_difference::derivative(wave, 129.347, 129.347);
    assert!(
        found.error.is_infinite() || close(found.value, 258.694, 1e-6),
        "{found:?}"
    );
    assert_eq!(
        checked(f, &[slope * 1.001], &[129.347]).verdict,
        Verdict::Disagrees
    );
}

/// The derivative of a formula by x is confirmed at a point, and what `wrong` makes of it is not.
fn told_from_wrong(g: &Graph, text: &str, point: f64, wrong: impl Fn(Expr<'_>) -> Expr<'_>) {
    let f = g.parse(text).unwrap();
    let slope = f.diff("x").unwrap();
    let found = checked(f, &[slope], &[point]);
    assert_eq!(found.verdict, Verdict::Agrees, "{text}: {found:?}");
    let found = checked(f, &[wrong(slope)], &[point]);
    assert_eq!(found.verdict, Verdict::Disagrees, "{text}");
}

/// Steps that go over the jumps of floor see a slope: that of what it takes the whole part of.
#[test]
fn differences_do_not_step_over_a_jump() {
    let g = Graph::new();
    for (text, point) in [
        ("ceil((6/x)^4 - 9*x^2)", 0.24),
        ("floor(10*x)", 0.24),
        ("floor((x/0.1)^5)", 1.91),
        ("mod(x^3, 1/100) + x", 1.37),
        ("round(exp(7*x))*x", 1.3),
    ] {
        told_from_wrong(&g, text, point, |slope| slope + 1.0);
    }
    // At the jump itself no step stays on one side.
    let f = g.parse("floor(x)").unwrap();
    let found = checked(f, &[g.parse("0").unwrap()], &[3.0]);
    let last = &found.variables[0].roads[2];
    assert_eq!(last.verdict, Verdict::NotComparable, "{found:?}");
}

/// What rounding inside the formula hides, differences of its values cannot see.
#[test]
fn differences_know_what_rounding_hides() {
    let g = Graph::new();
    for (text, point) in [
        ("tanh(6/x) - 1", 0.18),
        ("lgamma(erfc(x - cot(0.2)))", 0.5),
        ("log10(tanh(x - 23))", 42.19),
        ("(1 + exp(-x)) - 1", 38.0),
    ] {
        told_from_wrong(&g, text, point, |slope| slope * 1.001);
    }
}

#[test]
fn the_norm_at_zero_is_singular_by_name() {
    let g = Graph::new();
    let (x, y) = (g.symbol("x"), g.symbol("y"));
    let f = x.call2(Function::Hypot, y);
    let function = schedule(&[f], &["x", "y"]);
    assert!(dual::derivative(&function, &[0.0, 0.0], 0).is_nan());
    let gradient = schedule(&[x / f, y / f], &["x", "y"]);
    let found = gradus::numeric::check(&function, &gradient, &[0.0, 0.0]);
    assert_eq!(found.verdict, Verdict::Singular);
    let place = found.singularity.unwrap();
    assert_eq!((place.node, place.kind), ((x / f).id(), Kind::ZeroOverZero));
    let found = gradus::numeric::check(&function, &gradient, &[3.0, 4.0]);
    assert_eq!(found.verdict, Verdict::Agrees);
}

/// Where a number on the way leaves the range of doubles a road may have no answer, but it has no wrong one.
#[test]
fn a_road_that_underflows_does_not_disagree() {
    let (tiny, huge) = (1e-23, 1e300);
    let at = |text: &str, point: &[f64]| {
        let graph = Graph::new();
        let f = graph.parse(text).unwrap();
        let names = ["x", "y"][..point.len()].to_vec();
        let gradient = f.gradient(&names).unwrap();
        let found = checked(f, &gradient, point);
        assert_eq!(
            found.verdict,
            Verdict::Agrees,
            "{text} at {point:?}: {found:?}"
        );
        // ... and what is wrong is still seen.
        for i in 0..point.len() {
            if found.variables[i].symbolic.abs() < 1e-300 {
                continue; // doubles have no digits left to tell 0.1 % by
            }
            for wrong in [-gradient[i], gradient[i] * 1.001, gradient[i] * 0.999] {
                let mut planted = gradient.clone();
                planted[i] = wrong;
                let found = checked(f, &planted, point);
                assert_eq!(
                    found.verdict,
                    Verdict::Disagrees,
                    "{text} at {point:?}: {found:?}"
                );
            }
        }
    };
    at("1/exp(x)", &[-664.4]);
    at("1/exp(x)", &[664.4]);
    at("1/sqrt(1e-23^sinh(x)) + x", &[2.67]);
    at("1/sqrt(y^sinh(x)) + x", &[2.67, tiny]);
    at("exp(-x)*y^2", &[800.0, huge]);
    at("sqrt(exp(-x))*y", &[800.0, 1e170]);
    at("sqrt(exp(-x))", &[740.0]);
    at("1/(1 + exp(x))", &[740.0]);
    at("exp(-x)", &[740.0]);
    at("hypot(x, y)", &[1e150, 2e150]);
    at("x^y", &[1e150, 1.5]);
    at("xlogy(x, y)", &[1e200, 1e150]);
    at("x + (x + 1e120)^1.5*1e-60", &[1.0]);
    at("x^2.5 + x*y", &[0.0, 0.0]);
    at("sin(1e9*x)", &[0.3]);
    at("cos(x)", &[0.0]);
    at("log(x)", &[1e-291]);
    at("asec(x*cosh(x))", &[-382.925]);
    at("acsc(sinh(x))", &[-400.0]);
    at("atan(exp(x))*y", &[400.0, 2.0]);
    at("acot(sinh(x))", &[-400.0]);
    at("acsch(sinh(x))", &[-400.0]);
    at("acoth(sinh(x))", &[-400.0]);
    at("asinh(sinh(x))", &[-700.0]);
    at("acosh(exp(x))", &[700.0]);
    at("log1p(exp(x))", &[700.0]);
}
