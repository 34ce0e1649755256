//! Numbers of doubled precision, and functions of them, beside values of 80 digits.

use gradus::Graph;
use gradus::numeric::Doubled;
use gradus::program::{Options, Program};
use proptest::prelude::*;
use serde_json::Value;

/// What a formula of x is worth in doubled precision.
fn value(formula: &str, x: Doubled) -> Doubled {
    let graph = Graph::new();
    let id = graph.parse(formula).expect(formula).id();
    let arena = graph.arena();
    let inputs: Vec<_> = arena.find_symbol("x").into_iter().collect();
    let program = Program::new(&arena, &[id], &inputs, Options::default()).expect(formula);
    let mut registers = vec![Doubled::default(); program.registers()];
    program.run_in(&vec![x; inputs.len()], &mut registers)[0]
}

/// The error in units of the value.
fn relative(found: Doubled, expected: Doubled) -> f64 {
    ((found - expected) / expected).head().abs()
}

#[test]
fn functions_have_thirty_digits() {
    let path = format!(
        "{}/tests/data/doubled_values.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).expect("a file");
    let rows: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert!(rows.len() > 140);
    let mut wrong = Vec::new();
    for row in &rows {
        let number = |k: usize| row[k].as_f64().expect("a number");
        let name = row[0].as_str().expect("a name");
        // The base of a power is a double too, not a decimal: it comes as x.
        let (formula, x) = match name.split_once('^') {
            Some((base, exponent)) => {
                let x: f64 = base.parse().expect("a number");
                let exponent: f64 = exponent.parse().expect("a number");
                (format!("x^({exponent})"), x)
            }
            None => (format!("{name}(x)"), number(1)),
        };
        let found = value(&formula, Doubled::from(x));
        let expected = Doubled::new(number(2), number(3));
        let error = match expected.head() == 0.0 {
            true => found.head().abs(),
            false => relative(found, expected),
        };
        // Large arguments of exponentials and powers carry their own rounding.
        let limit = 8e-31 * x.abs().max(1.0);
        if error.is_nan() || error > limit {
            wrong.push(format!("{name} at {x}: {error:e}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What doubles give at points, kinks and poles is what doubled numbers give.
#[test]
fn special_values_are_those_of_doubles() {
    let graph = Graph::new();
    let points = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        1e308,
        -1e308,
        5e-324,
        800.0,
        -800.0,
        0.5,
    ];
    let mut wrong = Vec::new();
    for &function in gradus::Function::ALL {
        let formula = match function.arity() {
            1 => format!("{function}(x)"),
            _ if function.name() == "polygamma" => "polygamma(1, x)".to_owned(),
            _ => format!("{function}(x, 2)"),
        };
        let Ok(expression) = graph.parse(&formula) else {
            // Written as operators.
            assert!(
                ["and", "or", "not", "lt", "le", "gt", "ge", "eq", "ne"].contains(&function.name()),
                "{formula}"
            );
            continue;
        };
        for x in points {
            let found = value(&formula, Doubled::from(x)).head();
            let expected = expression.compile_with(
                &["x"],
                gradus::Compile {
                    program: Some(Options::PLAIN),
                    backend: gradus::program::Backend::Interpreter,
                    ..Default::default()
                },
            );
            let expected = expected.expect("compiled").value(&[x]).expect("a value");
            let same = found == expected
                || found.is_nan() && expected.is_nan()
                || (found - expected).abs() <= 1e-14 * expected.abs();
            if !same {
                wrong.push(format!("{function} at {x:e}: {found:e}, not {expected:e}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn decimals() {
    for (x, numerator, denominator) in [
        (0.1, 1.0, 10.0),
        (-77.6, -776.0, 10.0),
        (0.123456789012345, 123456789012345.0, 1e15),
        (1.5e-20, 15.0, 1e21),
        (6.02e-20, 602.0, 1e22),
    ] {
        let expected = Doubled::from(numerator) / Doubled::from(denominator);
        assert_eq!(Doubled::decimal(x).head(), x);
        let error = (Doubled::decimal(x) - expected).head().abs();
        assert!(error <= 1e-30 * x.abs(), "{x}: {error:e}");
    }
    for x in [1.0 / 3.0, 0.5, 3.0, f64::INFINITY, 1e300, 0.1 + 0.2] {
        assert_eq!(Doubled::decimal(x), Doubled::from(x));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Sums and products of whole numbers are exact up to 2^106, and known from integers.
    #[test]
    fn arithmetic_is_that_of_integers(a in -(1i64 << 52)..1i64 << 52, b in -(1i64 << 52)..1i64 << 52) {
        let of = |x: i128| {
            let head = x as f64;
            Doubled::new(head, (x - head as i128) as f64)
        };
        let (x, y) = (Doubled::from(a as f64), Doubled::from(b as f64));
        let (a, b) = (i128::from(a), i128::from(b));
        prop_assert_eq!(x * y, of(a * b));
        prop_assert_eq!(x * y + y, of(a * b + b));
        prop_assert_eq!(x * y - x * x, of(a * b - a * a));
        if b != 0 {
            let quotient = x / y;
            let rest = (quotient * y - x).head().abs();
            prop_assert!(rest <= 1e-31 * x.head().abs());
        }
        let root = (x * x + y * y).sqrt();
        let rest = (root * root - (x * x + y * y)).head().abs();
        // Twenty units of 2^-106: the root may be wrong by some, its square by twice as much, and a product by five.
        prop_assert!(rest <= 2.5e-31 * (x * x + y * y).head().max(1.0));
    }

    #[test]
    fn inverse_functions_undo_each_other(x in -0.99f64..0.99) {
        let there = |formula: &str, x: Doubled| value(formula, x);
        for (f, g) in [("sin(x)", "asin(x)"), ("tan(x)", "atan(x)"), ("tanh(x)", "atanh(x)"), ("sinh(x)", "asinh(x)"),
                       ("exp(x)", "log(x)"), ("expm1(x)", "log1p(x)"), ("x^3", "cbrt(x)")] {
            let back = there(g, there(f, Doubled::from(x)));
            let error = (back - Doubled::from(x)).head().abs();
            prop_assert!(error <= 1e-30, "{} of {}: {:e}", g, f, error);
        }
    }
}
