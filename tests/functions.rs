//! The table of functions against values of high precision, which `tests/data/function_values.py` makes.

use gradus::expr::Function;
use gradus::functions::{Complex, Real, Row, complex as plane, lookup, names, row};
use num_complex::Complex64;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

/// Name, entries on the real line, entries in the plane: see the generator for their form.
static REFERENCE: LazyLock<BTreeMap<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/function_values.json")).unwrap());

/// Units in the last place that a real value may be off.
fn real_tolerance(function: Function) -> f64 {
    match function {
        Function::Gamma | Function::Digamma | Function::NormalPdf => 5.0,
        Function::Lgamma => 8.0,      // 7e-18 at -2.75, next to a zero
        Function::Polygamma => 800.0, // order 200, by logarithms; 8 below order 171
        _ => 2.0,
    }
}

/// How far a complex value may be off, relative to its modulus.
fn complex_tolerance(function: Function) -> f64 {
    match function {
        Function::Gamma => 1e-13, // |z| log|z| units
        Function::Lgamma | Function::Digamma | Function::Erfc | Function::NormalCdf => 1e-14,
        _ => 2e-15,
    }
}

/// How far a complex step may be off, relative to the derivative (or the value of a gamma function, if that is larger:
/// its derivatives pass through 0 between poles).
fn step_tolerance(function: Function, derivative: f64, value: f64) -> f64 {
    match function {
        Function::Gamma | Function::Lgamma | Function::Digamma | Function::Polygamma => {
            1e-14 * derivative.abs().max(value.abs())
        }
        _ => 2e-15 * derivative.abs(),
    }
}

#[test]
fn every_function_has_its_row() {
    for &function in Function::ALL {
        let row = row(function);
        assert_eq!(row.function, function);
        let arity = match (row.real, row.complex) {
            (Real::One(_), Complex::One(_)) => 1,
            (Real::Two(_), Complex::Two(_)) => 2,
            _ => 0,
        };
        assert_eq!(arity, function.arity(), "{function}");
        assert!(
            !row.samples.is_empty() && !row.latex.is_empty(),
            "{function}"
        );
        assert!(
            row.samples.iter().all(|s| s.u.0 <= s.u.1 && s.v.0 <= s.v.1),
            "{function}"
        );
        assert!(
            REFERENCE.contains_key(function.name()),
            "no reference values for {function}"
        );
    }
}

#[test]
fn names_are_unique_and_found() {
    let mut seen = HashSet::new();
    for name in names() {
        assert!(seen.insert(name), "{name} is given twice");
        let row = row(lookup(name).unwrap());
        assert!(
            row.function.name() == name || row.aliases.contains(&name),
            "{name}"
        );
    }
    for (alias, function) in [
        ("ln", Function::Log),
        ("arcsin", Function::Asin),
        ("arsinh", Function::Asinh),
        ("tg", Function::Tan),
    ] {
        assert_eq!(lookup(alias), Some(function));
    }
    assert_eq!(lookup("heaviside"), None);
}

#[test]
fn real_values() {
    let mut faults = vec![];
    for (row, values) in rows() {
        faults.extend(real_faults(row, values));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn complex_values() {
    let mut faults = vec![];
    for (row, values) in rows() {
        faults.extend(complex_faults(row, values));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn complex_steps_give_derivatives() {
    let mut faults = vec![];
    for (row, values) in rows() {
        faults.extend(step_faults(row, values));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Samples are where a function is real and finite; there its complex value is the same.
#[test]
fn complex_values_continue_real_ones() {
    for &function in Function::ALL {
        let row = row(function);
        for samples in row.samples {
            for k in 0..=40 {
                let at = |(a, b): (f64, f64), t: f64| a + (b - a) * t;
                let x = [
                    at(samples.u, f64::from(k) / 40.0),
                    at(samples.v, f64::from(k * 17 % 41) / 40.0),
                ];
                let want = real(row, &x);
                let got = complex(row, &x.map(|x| Complex64::new(x, 0.0)));
                assert!(want.is_finite(), "{function} at {x:?} is {want}");
                assert!(
                    (got - want).norm() <= 1e-14 * want.abs(),
                    "{function} at {x:?}: {got}, not {want}"
                );
            }
        }
    }
}

#[test]
fn stated_values() {
    let inf = f64::INFINITY;
    let one = |name: &str, x: f64| real(row(lookup(name).unwrap()), &[x]);
    let two = |name: &str, x: f64, y: f64| real(row(lookup(name).unwrap()), &[x, y]);
    for (name, x, want) in [
        ("sign", -0.0, 0.0),
        ("step", 0.0, 0.0),
        ("step", 5e-324, 1.0),
        ("relu", -3.0, 0.0),
        ("acot", 0.0, std::f64::consts::FRAC_PI_2),
        ("round", 2.5, 3.0),
        ("round", -2.5, -3.0),
        ("sigmoid", 800.0, 1.0),
        ("sigmoid", -800.0, 0.0),
        ("softplus", 800.0, 800.0),
        ("softplus", -800.0, 0.0),
        ("tanh", inf, 1.0),
        ("sech", -inf, 0.0),
        ("csch", inf, 0.0),
        ("erfc", inf, 0.0),
        ("normcdf", -inf, 0.0),
        ("normcdf", inf, 1.0),
        ("normpdf", inf, 0.0),
        ("gamma", 5.0, 24.0),
        ("gamma", inf, inf),
        ("lgamma", 2.0, 0.0),
        ("lgamma", inf, inf),
        ("digamma", inf, inf),
        ("gamma", 1000.0, inf),
        ("gamma", -1000.5, 0.0),
        ("not", 0.0, 1.0),
        ("not", 0.5, 0.0),
    ] {
        assert_eq!(one(name, x), want, "{name}({x})");
    }
    for (name, x) in [
        ("log", -1.0),
        ("asin", 1.5),
        ("asec", 0.5),
        ("acsc", -0.5),
        ("acosh", 0.5),
        ("acoth", 0.5),
        ("asech", 1.5),
        ("asech", -0.5),
        ("gamma", 0.0),
        ("gamma", -3.0),
        ("lgamma", -3.0),
        ("digamma", -3.0),
        ("step", f64::NAN),
        ("relu", f64::NAN),
        ("sign", f64::NAN),
    ] {
        assert!(one(name, x).is_nan(), "{name}({x}) is {}", one(name, x));
    }
    for (name, x, y, want) in [
        ("xlogy", 0.0, 0.0, 0.0),
        ("xlogy", 0.0, -1.0, 0.0),
        ("mod", -7.0, 3.0, 2.0),
        ("mod", 7.0, -3.0, -2.0),
        ("polygamma", 1.0, inf, 0.0),
        ("lt", 1.0, 2.0, 1.0),
        ("ge", 1.0, 2.0, 0.0),
        ("and", 2.0, -1.0, 1.0),
        ("or", 0.0, 0.0, 0.0),
        ("atan2", 0.0, -1.0, std::f64::consts::PI),
    ] {
        assert_eq!(two(name, x, y), want, "{name}({x}, {y})");
    }
    for (name, x, y) in [
        ("min", 1.0, f64::NAN),
        ("max", f64::NAN, 1.0),
        ("polygamma", 0.5, 1.0),
        ("polygamma", -1.0, 1.0),
        ("polygamma", 1.0, -2.0),
    ] {
        assert!(two(name, x, y).is_nan(), "{name}({x}, {y})");
    }
    // A shift by 1 never leaves NaN.
    for function in [Function::Gamma, Function::Lgamma, Function::Digamma] {
        assert!(complex(row(function), &[Complex64::new(f64::NAN, 1.0)]).is_nan());
    }
    let floor = complex(row(Function::Floor), &[Complex64::new(1.5, 1e-200)]);
    assert!(floor.re.is_nan() && floor.im.is_nan());
}

/// Powers and roots are operators, not rows of the table; their complex values live beside it.
#[test]
fn complex_arithmetic() {
    let c = Complex64::new;
    let near = |got: Complex64, want: Complex64| {
        let good = (got - want).norm() <= 1e-15 * want.norm();
        assert!(good, "{got:e}, not {want:e}");
    };
    near(plane::sqrt(c(-4.0, 0.0)), c(0.0, 2.0));
    near(plane::sqrt(c(-4.0, -0.0)), c(0.0, -2.0));
    near(plane::sqrt(c(-3e300, 4e300)), c(1e150, 2e150));
    near(plane::sqrt(c(3e-300, -4e-300)), c(2e-150, -1e-150));
    near(plane::div(c(1e300, 1e300), c(2e300, 0.0)), c(0.5, 0.5));
    near(plane::recip(c(1e-300, 0.0)), c(1e300, 0.0));
    near(
        plane::pow(c(-8.0, 0.0), c(1.0 / 3.0, 0.0)),
        c(1.0, 3f64.sqrt()),
    );
    near(
        plane::pow(c(0.0, 1.0), c(0.0, 1.0)),
        c((-std::f64::consts::FRAC_PI_2).exp(), 0.0),
    );
    near(plane::pow(c(0.0, 0.0), c(0.0, 0.0)), c(1.0, 0.0));
    near(plane::pow(c(0.0, 0.0), c(2.5, 0.0)), c(0.0, 0.0));
    near(
        plane::pow(c(1.0, 2.0), c(-3.0, 0.0)),
        c(-11.0 / 125.0, 2.0 / 125.0),
    );
    // A complex step: the imaginary part alone, relative to itself.
    assert!((plane::sqrt(c(9.0, 1e-200)).im * 6e200 - 1.0).abs() < 1e-15);
    assert!((plane::pow(c(4.0, 1e-200), c(2.5, 0.0)).im / 2e-199 - 1.0).abs() < 1e-15);
    assert!(
        (plane::pow(c(2.0, 0.0), c(3.0, 1e-200)).im * 1e200 / 8.0 / 2f64.ln() - 1.0).abs() < 1e-15
    );
}

/// The checks above see what they are there to see.
#[test]
fn planted_errors_are_found() {
    let sine = &REFERENCE["sin"];
    let with = |real: fn(f64) -> f64, complex: fn(Complex64) -> Complex64| Row {
        function: Function::Sin,
        aliases: &[],
        real: Real::One(real),
        complex: Complex::One(complex),
        samples: &[],
        latex: "",
    };
    let Complex::One(sin) = row(Function::Sin).complex else {
        unreachable!()
    };
    let good = with(f64::sin, sin);
    assert!(
        real_faults(&good, sine).is_empty()
            && complex_faults(&good, sine).is_empty()
            && step_faults(&good, sine).is_empty()
    );
    for wrong in [
        |x: f64| x.sin() * (1.0 + 1e-15),
        |x: f64| -x.sin(),
        |_| f64::NAN,
        |x: f64| x.sin() + 1e-12,
        |x: f64| x.sin() - 1e-12,
    ] {
        assert!(!real_faults(&with(wrong, sin), sine).is_empty());
    }
    for wrong in [
        |z: Complex64| z.sin() * (1.0 + 1e-14),
        |z: Complex64| z.sin().conj(),
        |_| Complex64::new(f64::NAN, 0.0),
    ] {
        assert!(!complex_faults(&with(f64::sin, wrong), sine).is_empty());
        assert!(!step_faults(&with(f64::sin, wrong), sine).is_empty());
    }
}

fn real_faults(row: &Row, values: &Value) -> Vec<String> {
    let tolerance = real_tolerance(row.function);
    let fault = |entry: &Value| {
        let (x, want) = (numbers(&entry[0]), number(&entry[1]));
        let got = real(row, &x);
        let error = ulps(got, want);
        let text = format!(
            "{} at {x:?}: {got:e}, not {want:e}: {error} ulp",
            row.function
        );
        (error > tolerance).then_some(text)
    };
    values["real"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(fault)
        .collect()
}

fn complex_faults(row: &Row, values: &Value) -> Vec<String> {
    let tolerance = complex_tolerance(row.function);
    let fault = |entry: &Value| {
        let z: Vec<_> = entry[0].as_array().unwrap().iter().map(point).collect();
        let (got, want) = (complex(row, &z), point(&entry[1]));
        let good = (got - want).norm() <= tolerance * want.norm();
        let text = format!("{} at {z:?}: {got:e}, not {want:e}", row.function);
        (!good).then_some(text)
    };
    values["complex"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(fault)
        .collect()
}

fn step_faults(row: &Row, values: &Value) -> Vec<String> {
    let mut faults = vec![];
    if values["complex"].as_array().unwrap().is_empty() {
        return faults;
    }
    for entry in values["real"].as_array().unwrap() {
        let x = numbers(&entry[0]);
        // The complex log-gamma has its cut where the real one is log|gamma|.
        if row.function == Function::Lgamma && x[0] < 0.0 {
            continue;
        }
        for k in (0..x.len()).filter(|&k| !entry[2][k].is_null()) {
            let want = number(&entry[2][k]);
            // 1e-200 is what the other roads take; next to the origin and for vanishing derivatives a smaller scale fits.
            for h in [1e-200, x[k].abs().min(1.0) * 1e-60] {
                let underflows = h < 1e-290 || h / x[k].abs() < 1e-290 || want.abs() * h < 1e-290;
                if underflows || (x[k] != 0.0 && h > x[k].abs() * 1e-10) {
                    continue;
                }
                let mut z: Vec<_> = x.iter().map(|&x| Complex64::new(x, 0.0)).collect();
                z[k].im = h;
                let value = complex(row, &z);
                let got = value.im / h;
                let good = got == want
                    || (got - want).abs() <= step_tolerance(row.function, want, value.re);
                if !good {
                    faults.push(format!(
                        "{} by {k} at {x:?}, step {h:e}: {got:e}, not {want:e}",
                        row.function
                    ));
                }
            }
        }
    }
    faults
}

fn rows() -> impl Iterator<Item = (&'static Row, &'static Value)> {
    Function::ALL
        .iter()
        .map(|&function| (row(function), &REFERENCE[function.name()]))
}

fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn point(value: &Value) -> Complex64 {
    Complex64::new(number(&value[0]), number(&value[1]))
}

fn real(row: &Row, x: &[f64]) -> f64 {
    match row.real {
        Real::One(f) => f(x[0]),
        Real::Two(f) => f(x[0], x[1]),
    }
}

fn complex(row: &Row, z: &[Complex64]) -> Complex64 {
    match row.complex {
        Complex::One(f) => f(z[0]),
        Complex::Two(f) => f(z[0], z[1]),
    }
}

/// The distance in units of the last place of `want`; infinite for NaN.
fn ulps(got: f64, want: f64) -> f64 {
    if got == want {
        return 0.0;
    }
    let error = (got - want).abs() / (want.abs().next_up() - want.abs());
    if error.is_nan() { f64::INFINITY } else { error }
}
