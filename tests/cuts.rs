//! Values on branch cuts. A real value on a cut belongs to the side above it, an imaginary one to the side on its right,
//! and the sign of a zero never decides: mathematics has one zero, and products of reals leave both.

use gradus::functions::{is_analytic, row};
use gradus::{Expr, Function, Graph};
use num_complex::Complex64;
use std::f64::consts::PI;

const SIZES: [f64; 9] = [0.2, 0.5, 0.9, 1.1, 1.7, 2.5, 3.6, 12.3, 1e6];
const ZEROS: [f64; 2] = [0.0, -0.0];

fn same(a: Complex64, b: Complex64) -> bool {
    a == b || a.is_nan() && b.is_nan()
}

/// The values of a function of x on both axes: the same with zeros of both signs, and those of the points a little above
/// or to the right.
fn faults(name: &str, f: Expr<'_>, compare_beside: bool) -> Vec<String> {
    let at = |x: Complex64| f.eval_complex(&[("x", x)]).unwrap();
    let mut faults = Vec::new();
    let mut look = |on: [Complex64; 2], beside: Complex64| {
        let [plus, minus] = on.map(at);
        let near = at(beside);
        if !same(plus, minus) {
            faults.push(format!("{name} at {}: {plus} or {minus}", on[0]));
        }
        // Poles are infinite on the axis and only large beside it.
        let apart = (plus - near).norm() > 1e-5 * (1.0 + plus.norm());
        if compare_beside && plus.is_finite() && apart {
            faults.push(format!("{name} at {}: {plus}, beside it {near}", on[0]));
        }
    };
    for size in SIZES {
        let little = 1e-12 * size;
        for a in [size, -size] {
            let (re, im) = (|t| Complex64::new(a, t), |t| Complex64::new(t, a));
            look(ZEROS.map(re), re(little));
            look(ZEROS.map(im), im(little));
        }
    }
    let zero = at(Complex64::ZERO);
    for (a, b) in [(-0.0, 0.0), (0.0, -0.0), (-0.0, -0.0)] {
        let other = at(Complex64::new(a, b));
        if !same(zero, other) {
            faults.push(format!("{name} at {a} + {b}i: {other}, not {zero}"));
        }
    }
    faults
}

#[test]
fn a_value_on_a_cut_belongs_to_the_side_above() {
    let graph = Graph::new();
    let x = graph.symbol("x");
    let mut wrong = Vec::new();
    for &f in Function::ALL.iter().filter(|f| f.arity() == 1) {
        wrong.extend(faults(f.name(), x.call(f), is_analytic(f)));
        // The same arguments, made by operations that leave zeros of either sign.
        let mirrored = (-x).call(f);
        wrong.extend(faults(&format!("{f}(-x)"), mirrored, false));
        for z in SIZES
            .iter()
            .flat_map(|&s| [(s, 0.0), (-s, 0.0), (0.0, s), (0.0, -s)])
        {
            let (z, minus_z) = (Complex64::new(z.0, z.1), Complex64::new(-z.0, -z.1));
            let a = mirrored.eval_complex(&[("x", z)]).unwrap();
            let b = x.call(f).eval_complex(&[("x", minus_z)]).unwrap();
            if !same(a, b) {
                wrong.push(format!("{f}: {a} made from {z}, {b} at {minus_z}"));
            }
        }
    }
    for (text, beside) in [
        ("sqrt(x)", true),
        ("x^(1/3)", true),
        ("x^(-1/2)", true),
        ("x^(-2/3)", true),
        ("x^1.5", true),
        ("x^x", true),
        ("x^i", true),
        ("2^x", true),
        ("sqrt(x^2 - 1)", false),
        ("1/sqrt(-x)", false),
        ("log(x*(x - 1)/(x + 1))", false),
    ] {
        wrong.extend(faults(text, graph.parse(text).unwrap(), beside));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_arguments_have_no_signed_zeros() {
    let graph = Graph::new();
    let (x, y) = (graph.symbol("x"), graph.symbol("y"));
    for &f in Function::ALL.iter().filter(|f| f.arity() == 2) {
        let value = x.call2(f, y);
        for size in SIZES {
            for (a, b) in [
                (0.0, size),
                (0.0, -size),
                (size, 0.0),
                (-size, 0.0),
                (0.0, 0.0),
            ] {
                let signs = |a: f64| if a == 0.0 { vec![0.0, -0.0] } else { vec![a] };
                let real = value.eval(&[("x", a), ("y", b)]).unwrap();
                let plane =
                    |a: Complex64, b: Complex64| value.eval_complex(&[("x", a), ("y", b)]).unwrap();
                let complex = plane(a.into(), b.into());
                for a in signs(a) {
                    for b in signs(b) {
                        let found = value.eval(&[("x", a), ("y", b)]).unwrap();
                        let good = found == real || found.is_nan() && real.is_nan();
                        assert!(good, "{f}({a:?}, {b:?}) = {found}, not {real}");
                        for (s, t) in [(0.0, 0.0), (-0.0, 0.0), (0.0, -0.0), (-0.0, -0.0)] {
                            let (u, v) = (Complex64::new(a, s), Complex64::new(b, t));
                            let found = plane(u, v);
                            assert!(
                                same(found, complex),
                                "{f}({u:?}, {v:?}) = {found}, not {complex}"
                            );
                        }
                    }
                }
            }
        }
    }
    assert!(row(Function::Atan2).samples.len() > 1);
}

#[test]
fn products_that_leave_a_negative_zero() {
    let graph = Graph::new();
    let at = |text: &str, x: f64, y: f64| {
        let f = graph.parse(text).unwrap();
        f.eval_complex(&[("x", x.into()), ("y", y.into())]).unwrap()
    };
    let near = |text: &str, x: f64, y: f64, re: f64, im: f64| {
        let found = at(text, x, y);
        let good = (found - Complex64::new(re, im)).norm() < 1e-14;
        assert!(good, "{text} at {x}, {y}: {found}, not {re} + {im}i");
    };
    // 0 times a negative number
    near("atan2(y*x, x)", -1.0, 0.0, PI, 0.0);
    near("log(x + i*y*x)", -1.0, 0.0, 0.0, PI);
    near("sqrt(x + i*y*x)", -4.0, 0.0, 0.0, 2.0);
    near("log(x*(1 + i*y))", -1.0, -0.0, 0.0, PI);
    // conjugates, quotients, powers, functions
    near("log((2 - i)*(2 + i)*x)", -0.2, 0.0, 0.0, PI);
    near("log(1/(x - i*y))", -1.0, 0.0, 0.0, PI);
    near("log(i^2*y)", 0.0, 1.0, 0.0, PI);
    near("log((i*x)^2)", -1.0, 0.0, 0.0, PI);
    near("log(sin(x))", 4.0, 0.0, (-4f64.sin()).ln(), PI);
    near("log(cos(x))", 3.0, 0.0, (-3f64.cos()).ln(), PI);
    near("acosh(x*cos(y))", -2.0, 0.0, 2f64.acosh(), PI);
    near("asinh(i*x)", -2.0, 0.0, 2f64.acosh(), -PI / 2.0);
    near("asinh(-i*x)", 2.0, 0.0, 2f64.acosh(), -PI / 2.0);
    near("acsch(x/(2*i))", 1.0, 0.0, 2f64.acosh(), PI / 2.0);
    assert_eq!(
        graph
            .parse("atan2(-y, x)")
            .unwrap()
            .eval(&[("x", -1.0), ("y", 0.0)]),
        Ok(PI)
    );
    assert_eq!(
        graph.parse("1/sqrt(-x)").unwrap().eval(&[("x", 0.0)]),
        Ok(f64::INFINITY)
    );
}

/// Where simplification makes something else of a function of a function, its values on both axes stay what they were.
#[test]
fn simplified_functions_of_functions_keep_their_values_on_the_cuts() {
    let graph = Graph::new();
    let x = graph.symbol_with("x", gradus::Assumption::Complex);
    let of_one =
        || (Function::ALL.iter().copied()).filter(|&f| f.arity() == 1 && f != Function::Gamma);
    let mut wrong = Vec::new();
    let mut changed = 0;
    for inner in of_one() {
        let outer = of_one().map(Some).chain([None]);
        for (outer, argument) in outer.flat_map(|f| [(f, x), (f, -x), (f, x.sqrt())]) {
            let inside = argument.call(inner);
            let f = outer.map_or(inside, |outer| inside.call(outer));
            let simple = f.simplify();
            if simple.id() == f.id() {
                continue;
            }
            changed += 1;
            for size in SIZES {
                for at in [(size, 0.0), (-size, 0.0), (0.0, size), (0.0, -size)] {
                    let at = Complex64::new(at.0, at.1);
                    let [before, after] =
                        [f, simple].map(|f| f.eval_complex(&[("x", at)]).unwrap());
                    // Simplification may fill holes; rounding may move what grows as fast as exp(exp(x)).
                    let known = before.is_finite() && before.norm() < 1e9;
                    if known && (before - after).norm() > 1e-6 * (1.0 + before.norm()) {
                        wrong.push(format!("{f} at {at}: {before}, but {simple} is {after}"));
                    }
                }
            }
        }
    }
    assert!(changed > 100, "{changed}");
    assert!(
        wrong.is_empty(),
        "{} faults: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(40)]
    );
}
