//! Formulas over rows: values and derivatives against a second evaluator, threads, parts, ties, mini-batches, residuals.

use gradus::descend::rows::{Columns, ReadError, Rows, RowsObjective};
use gradus::descend::{Objective, Offers};
use gradus::program::batch::fold::PART;
use gradus::{Graph, OverRows, OverRowsError};
use proptest::prelude::*;

fn random(seed: &mut u64) -> f64 {
    *seed = seed
        .wrapping_mul(6364136223846793005)
        .wrapping_add(1442695040888963407);
    (*seed >> 11) as f64 / (1u64 << 53) as f64 * 4.0 - 2.0
}

fn column(rows: usize, seed: u64) -> Vec<f64> {
    let seed = &mut seed.wrapping_mul(77);
    (0..rows).map(|_| random(seed)).collect()
}

/// The objective of a formula over columns x and y (of which those are taken that occur).
fn objective(text: &str, x: &[f64], y: &[f64]) -> RowsObjective {
    let formula = OverRows::parse(text, &["x", "y"]).expect(text);
    let columns = (formula.columns().into_iter())
        .map(|name| if name == "x" { x.to_vec() } else { y.to_vec() })
        .collect();
    let rows = Columns::new(columns, x.len());
    formula.objective(rows).expect(text)
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + b.abs())
}

// ---- A second evaluator ----------------------------------------------------------------------------------------------

/// A number with its derivatives by a and b.
#[derive(Clone, Copy, Debug)]
struct Dual {
    value: f64,
    slope: [f64; 2],
}

impl Dual {
    fn map(self, value: f64, slope: f64) -> Dual {
        Dual {
            value,
            slope: self.slope.map(|s| s * slope),
        }
    }

    fn add(self, other: Dual) -> Dual {
        let slope = [0, 1].map(|k| self.slope[k] + other.slope[k]);
        Dual {
            value: self.value + other.value,
            slope,
        }
    }

    fn mul(self, other: Dual) -> Dual {
        let slope = [0, 1].map(|k| self.slope[k] * other.value + self.value * other.slope[k]);
        Dual {
            value: self.value * other.value,
            slope,
        }
    }
}

/// A formula that is evaluated as it is defined: every reduction by a loop over all rows, at every row anew.
#[derive(Clone, Debug)]
enum Formula {
    X,
    Y,
    A,
    B,
    Number(i32),
    Add(Box<Formula>, Box<Formula>),
    Mul(Box<Formula>, Box<Formula>),
    Sin(Box<Formula>),
    Tanh(Box<Formula>),
    Bell(Box<Formula>),
    Reduce(&'static str, Box<Formula>),
}

impl Formula {
    fn text(&self) -> String {
        match self {
            Formula::X => "x".into(),
            Formula::Y => "y".into(),
            Formula::A => "a".into(),
            Formula::B => "b".into(),
            Formula::Number(n) => format!("({n})"),
            Formula::Add(u, v) => format!("({} + {})", u.text(), v.text()),
            Formula::Mul(u, v) => format!("{}*{}", u.text(), v.text()),
            Formula::Sin(u) => format!("sin({})", u.text()),
            Formula::Tanh(u) => format!("tanh({})", u.text()),
            Formula::Bell(u) => format!("exp(-({})^2)", u.text()),
            Formula::Reduce(by, u) => format!("{by}({})", u.text()),
        }
    }

    fn at(&self, row: (f64, f64), point: [f64; 2], rows: &[(f64, f64)]) -> Dual {
        let constant = |value| Dual {
            value,
            slope: [0.0; 2],
        };
        let of = |u: &Formula| u.at(row, point, rows);
        match self {
            Formula::X => constant(row.0),
            Formula::Y => constant(row.1),
            Formula::A => Dual {
                value: point[0],
                slope: [1.0, 0.0],
            },
            Formula::B => Dual {
                value: point[1],
                slope: [0.0, 1.0],
            },
            Formula::Number(n) => constant(f64::from(*n)),
            Formula::Add(u, v) => of(u).add(of(v)),
            Formula::Mul(u, v) => of(u).mul(of(v)),
            Formula::Sin(u) => {
                let u = of(u);
                u.map(u.value.sin(), u.value.cos())
            }
            Formula::Tanh(u) => {
                let u = of(u);
                let t = u.value.tanh();
                u.map(t, 1.0 - t * t)
            }
            Formula::Bell(u) => {
                let u = of(u);
                let bell = (-u.value * u.value).exp();
                u.map(bell, -2.0 * u.value * bell)
            }
            Formula::Reduce(by, u) => {
                let all: Vec<Dual> = rows.iter().map(|&row| u.at(row, point, rows)).collect();
                reduce(by, &all)
            }
        }
    }
}

/// By the definitions of the textbook; the variance by the mean of the squares minus the square of the mean.
fn reduce(by: &str, all: &[Dual]) -> Dual {
    let constant = |value| Dual {
        value,
        slope: [0.0; 2],
    };
    let n = all.len() as f64;
    let sum = |list: &[Dual]| list.iter().fold(constant(0.0), |s, &d| s.add(d));
    let mean = |list: &[Dual]| sum(list).mul(constant(1.0 / n));
    let best = |better: fn(f64, f64) -> bool| {
        let best = all
            .iter()
            .map(|d| d.value)
            .reduce(|a, b| match better(b, a) {
                true => b,
                false => a,
            });
        let tied: Vec<Dual> = (all.iter().copied())
            .filter(|d| Some(d.value) == best)
            .collect();
        sum(&tied).mul(constant(1.0 / tied.len() as f64))
    };
    match by {
        "sum" => sum(all),
        "mean" => mean(all),
        "min" => best(|a, b| a < b),
        "max" => best(|a, b| a > b),
        "var" => {
            let squares: Vec<Dual> = all.iter().map(|d| d.mul(*d)).collect();
            let m = mean(all);
            mean(&squares).add(m.mul(m).mul(constant(-1.0)))
        }
        other => panic!("{other}"),
    }
}

fn formulas() -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![
        2 => Just(Formula::X),
        2 => Just(Formula::Y),
        2 => Just(Formula::A),
        2 => Just(Formula::B),
        1 => (-3i32..4).prop_map(Formula::Number),
    ];
    leaf.prop_recursive(5, 14, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        let boxed = inner.prop_map(Box::new);
        prop_oneof![
            3 => pair.clone().prop_map(|(u, v)| Formula::Add(u.into(), v.into())),
            3 => pair.prop_map(|(u, v)| Formula::Mul(u.into(), v.into())),
            1 => boxed.clone().prop_map(Formula::Sin),
            1 => boxed.clone().prop_map(Formula::Tanh),
            1 => boxed.clone().prop_map(Formula::Bell),
            3 => (prop::sample::select(vec!["mean", "sum", "var", "min", "max"]), boxed)
                .prop_map(|(by, u)| Formula::Reduce(by, u)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn values_and_gradients_are_those_of_the_definition(
        inner in formulas(),
        by in prop::sample::select(vec!["mean", "sum", "var", "min", "max"]),
        rows in prop::collection::vec((-2.0f64..2.0, -2.0f64..2.0), 1..12),
        a in -1.5f64..1.5,
        b in -1.5f64..1.5,
    ) {
        let formula = Formula::Reduce(by, inner.into());
        let expected = formula.at((0.0, 0.0), [a, b], &rows);
        let scale = 1.0 + expected.slope.iter().fold(expected.value.abs(), |s, d| s.max(d.abs()));
        prop_assume!(scale < 1e6);
        let (x, y): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
        let text = formula.text();
        let mut found = objective(&text, &x, &y);
        let names = OverRows::parse(&text, &["x", "y"]).unwrap();
        let point: Vec<f64> = (names.parameters().iter()).map(|&n| if n == "a" { a } else { b }).collect();
        let mut gradient = vec![0.0; point.len()];
        let value = found.value_and_gradient(&point, &mut gradient);
        // The variance of large values by the second evaluator loses digits, and sums of many terms in either.
        let close = |p: f64, q: f64| (p - q).abs() <= 1e-7 * scale;
        prop_assert!(close(value, expected.value), "{text}: {value} {}", expected.value);
        prop_assert!(close(found.value(&point), expected.value), "{text}");
        // Where two rows are nearly tied, rounding decides which one attains the smallest value.
        let mut h = 0.0;
        for (name, found) in names.parameters().iter().zip(&gradient) {
            h += (found - expected.slope[usize::from(*name == "b")]).abs();
        }
        let near_tie = text.contains("min(") || text.contains("max(");
        prop_assert!(h <= 1e-7 * scale || near_tie && tied(&formula, [a, b], &rows), "{text}: {gradient:?} {expected:?}");
    }
}

/// Is there a smallest or largest value that another row attains as well, but for rounding?
fn tied(formula: &Formula, point: [f64; 2], rows: &[(f64, f64)]) -> bool {
    match formula {
        Formula::Reduce(by, u) => {
            let mut all: Vec<f64> = rows
                .iter()
                .map(|&row| u.at(row, point, rows).value)
                .collect();
            all.sort_by(f64::total_cmp);
            let near_pair = |pair: &[f64]| pair[1] - pair[0] < 1e-12 * (1.0 + pair[0].abs());
            matches!(*by, "min" | "max") && all.windows(2).any(near_pair) || tied(u, point, rows)
        }
        Formula::Add(u, v) | Formula::Mul(u, v) => tied(u, point, rows) || tied(v, point, rows),
        Formula::Sin(u) | Formula::Tanh(u) | Formula::Bell(u) => tied(u, point, rows),
        _ => false,
    }
}

// ---- Single points, finite differences -------------------------------------------------------------------------------

const SMOOTH: &[&str] = &[
    "mean((y - (a*x + b))^2)",
    "sum(log(1 + exp(-y*(a*x + b))))",
    "sqrt(mean((y - a*exp(b*x))^2)) + 0.1*(a^2 + b^2)",
    "mean(exp(a*x))/mean(2 + cos(b*y))",
    "mean((a*x - mean(a*x + b*y))^2)",
    "var(a*x + sin(b*y))",
    "std(a*x + b*y^2)",
    "z = tanh(a*x + b); var(z)/(1 + mean(z*y)^2)",
    "g(u) = mean(u^2); g(a*x) + g(y - b)*g(a*x)",
    "mean(x*sum(a*x*y)/(1 + sum(x^2)) + b)^2",
    "if(a > 0, mean(a*x^2 + b), sum(log(-1 - y^2)))",
    "sum(a^2) + mean(b*x)",
    "a^2 + b^4",
];

#[test]
fn gradients_and_hessians_against_finite_differences() {
    let (x, y) = (column(50, 1), column(50, 2));
    for text in SMOOTH {
        let mut f = objective(text, &x, &y);
        let point = [0.7, -0.4];
        let mut gradient = [0.0; 2];
        let value = f.value_and_gradient(&point, &mut gradient);
        assert!(
            value.is_finite() && near(f.value(&point), value, 1e-14),
            "{text}"
        );
        assert!(f.offers().hessian, "{text}");
        let mut hessian = [0.0; 4];
        f.hessian(&point, &mut hessian);
        for k in 0..2 {
            let mut at = |step: f64| {
                let mut p = point;
                p[k] += step;
                let mut slopes = [0.0; 2];
                (f.value_and_gradient(&p, &mut slopes), slopes)
            };
            // Central differences of fourth order: an error of h^4 beside rounding of 1e-16/h.
            let h = 1e-3;
            let [(a, da), (b, db), (c, dc), (d, dd)] = [2.0 * h, h, -h, -2.0 * h].map(&mut at);
            let fourth = |a: f64, b: f64, c: f64, d: f64| (8.0 * (b - c) - (a - d)) / (12.0 * h);
            let slope = fourth(a, b, c, d);
            assert!(
                near(gradient[k], slope, 1e-9),
                "{text}: {} {slope}",
                gradient[k]
            );
            for j in 0..2 {
                let second = fourth(da[j], db[j], dc[j], dd[j]);
                let found = hessian[2 * k + j];
                assert!(near(found, second, 1e-8), "{text}: {found} {second}");
                assert!(near(found, hessian[2 * j + k], 1e-13), "{text}: symmetric");
            }
        }
    }
}

#[test]
fn sums_are_those_of_single_points() {
    let (x, y) = (column(1000, 3), column(1000, 4));
    for text in [
        "log(1 + exp(-y*(a*x + b)))",
        "(y - a*sin(b*x))^2",
        "abs(y - a*x - b)",
    ] {
        let graph = Graph::new();
        let single = graph.parse(text).unwrap();
        let single = single.compile(&["a", "b", "x", "y"]).unwrap();
        let (mut value, mut slopes) = (0.0, [0.0; 2]);
        for (x, y) in x.iter().zip(&y) {
            let mut g = [0.0; 4];
            value += single
                .value_and_gradient(&[0.3, 0.9, *x, *y], &mut g)
                .unwrap();
            slopes = [slopes[0] + g[0], slopes[1] + g[1]];
        }
        for (form, n) in [("sum", 1.0), ("mean", 1000.0)] {
            let mut f = objective(&format!("{form}({text})"), &x, &y);
            let mut gradient = [0.0; 2];
            let found = f.value_and_gradient(&[0.3, 0.9], &mut gradient);
            assert!(near(found, value / n, 1e-12), "{form} {text}");
            for k in 0..2 {
                assert!(near(gradient[k], slopes[k] / n, 1e-12), "{form} {text}");
            }
        }
    }
}

#[test]
fn a_variance_is_what_it_is_said_to_be() {
    let (x, y) = (column(40, 5), column(40, 6));
    for (one, other) in [
        ("var(a*x + b*y)", "mean((a*x + b*y - mean(a*x + b*y))^2)"),
        ("var(a*x + b*y)", "mean((a*x + b*y)^2) - mean(a*x + b*y)^2"),
        (
            "var(a*x + b*y)",
            "a^2*var(x) + b^2*var(y) + 2*a*b*(mean(x*y) - mean(x)*mean(y))",
        ),
        ("std(a*x + b*y)^2", "var(a*x + b*y)"),
        ("var(a*x + b)", "a^2*var(x) + (b - 1)^2 - (b^2 - 2*b + 1)"),
        ("sum(a*x + b)", "a*sum(x) + b*sum(1)"),
        ("mean(a*x + b)", "sum(a*x + b)/40"),
        ("max(a*x + b)", "-min(-a*x - b)"),
        ("mean(max(a*x, b, y))", "mean(max(max(y, b), a*x))"),
    ] {
        let [mut f, mut g] = [one, other].map(|text| objective(text, &x, &y));
        let (mut u, mut v) = ([0.0; 2], [0.0; 2]);
        let point = [1.3, -0.8];
        let (p, q) = (
            f.value_and_gradient(&point, &mut u),
            g.value_and_gradient(&point, &mut v),
        );
        assert!(near(p, q, 1e-12), "{one} = {other}: {p} {q}");
        assert!(
            near(u[0], v[0], 1e-12) && near(u[1], v[1], 1e-12),
            "{one} = {other}"
        );
    }
    // Of 1, 2, 3, 4: 5/4, not 5/3.
    let mut f = objective("var(x) + a", &[1.0, 2.0, 3.0, 4.0], &[]);
    assert_eq!(f.value(&[0.0]), 1.25);
    // Far from 0 the mean of the squares would have no digit left.
    let mut f = objective("var(x + a)", &[1.0, 2.0, 3.0, 4.0], &[]);
    assert_eq!(f.value(&[1e9]), 1.25);
}

#[test]
fn ties_share_the_derivative_and_nan_stays() {
    let x = [3.0, 1.0, 1.0, 2.0, 1.0];
    let y = [10.0, 1.0, 2.0, 20.0, 6.0];
    // Three rows attain the smallest value: a third of the derivative of each.
    for (text, value, slope) in [
        ("min(x + a*y)", 1.0, 3.0),
        ("max(x + a*y)", 3.0, 10.0),
        ("min(-x + a*y)", -3.0, 10.0),
        ("max(-x + a*y)", -1.0, 3.0),
        ("max(0*x + a*y)", 0.0, 39.0 / 5.0),
    ] {
        let mut f = objective(text, &x, &y);
        let mut gradient = [0.0];
        assert_eq!(f.value_and_gradient(&[0.0], &mut gradient), value, "{text}");
        assert!(near(gradient[0], slope, 1e-15), "{text}: {gradient:?}");
        assert!(!f.offers().hessian && f.offers().rows.is_none(), "{text}");
    }
    for text in ["min(log(x) + a)", "max(log(x) + a)", "mean(log(x) + a)"] {
        for at in 0..4 {
            let mut x = [2.0, 3.0, 1.0, 5.0];
            x[at] = -1.0;
            assert!(objective(text, &x, &[]).value(&[1.0]).is_nan(), "{text}");
        }
    }
}

#[test]
fn an_infinite_branch_that_is_not_taken_spoils_nothing() {
    let (x, y) = (column(20, 7), column(20, 8));
    let text = "if(a > 0, mean(a*x^2)^2, mean(sqrt(-a - x^2))^2)";
    let mut f = objective(text, &x, &y);
    let (mut gradient, mut hessian) = ([0.0], [0.0]);
    assert!(f.value_and_gradient(&[1.0], &mut gradient).is_finite());
    assert!(gradient[0] > 0.0 && gradient[0].is_finite());
    f.hessian(&[1.0], &mut hessian);
    assert!((hessian[0] - gradient[0]).abs() < 1e-12, "{hessian:?}"); // of c*a^2 at a = 1
}

// ---- Threads and parts -----------------------------------------------------------------------------------------------

/// Rows that come in parts, as from a file.
struct Parts {
    columns: Vec<Vec<f64>>,
    rows: usize,
    part: usize,
    fails_after: Option<usize>,
}

impl Rows for Parts {
    fn count(&self) -> usize {
        self.rows
    }

    fn visit(&mut self, see: &mut dyn FnMut(&[&[f64]], usize)) -> Result<(), ReadError> {
        for start in (0..self.rows).step_by(self.part) {
            if self.fails_after.is_some_and(|rows| start >= rows) {
                return Err("the disk is gone".into());
            }
            let count = self.part.min(self.rows - start);
            let columns: Vec<&[f64]> = (self.columns.iter())
                .map(|column| &column[start..start + count])
                .collect();
            see(&columns, count);
        }
        Ok(())
    }

    fn whole(&self) -> Option<Vec<&[f64]>> {
        None
    }
}

#[test]
fn threads_and_parts_change_no_bit() {
    let rows = 5 * PART + 123;
    let (x, y) = (column(rows, 9), column(rows, 10));
    for text in [
        "mean(log(1 + exp(-y*(a*x + b)))) + 0.1*a^2",
        "var(a*x + sin(b*y)) + min(a*x + b*y) + max(cos(a*x)*y + b)/sum(x^2)",
        // Terms of either sign up to 1e40: whatever order they are added in shows.
        "sum(sinh(50*a*x)*y + b) + mean(sinh(-45*b*y)*x*a)",
    ] {
        let bits = |f: &mut dyn Objective| {
            let mut gradient = [0.0; 2];
            let value = f.value_and_gradient(&[0.6, -0.3], &mut gradient);
            [value, gradient[0], gradient[1]].map(f64::to_bits)
        };
        let expected = bits(&mut objective(text, &x, &y));
        for threads in [1, 2, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let found = pool.unwrap().install(|| bits(&mut objective(text, &x, &y)));
            assert_eq!(found, expected, "{text}: {threads} threads");
        }
        for part in [PART, 2 * PART, 4 * PART, 8 * PART] {
            let formula = OverRows::parse(text, &["x", "y"]).unwrap();
            let parts = Parts {
                columns: vec![x.clone(), y.clone()],
                rows,
                part,
                fails_after: None,
            };
            let mut parted = formula.objective(parts).unwrap();
            assert_eq!(bits(&mut parted), expected, "{text}: parts of {part}");
            let offers = parted.offers();
            assert!(offers.rows.is_none() && offers.residuals.is_none());
        }
    }
}

#[test]
fn rows_that_cannot_be_read_are_no_numbers() {
    let formula = OverRows::parse("mean((x - a)^2)", &["x"]).unwrap();
    let parts = Parts {
        columns: vec![vec![1.0; 3 * PART]],
        rows: 3 * PART,
        part: PART,
        fails_after: Some(PART),
    };
    let mut f = formula.objective(parts).unwrap();
    assert!(f.value(&[0.0]).is_nan());
    let mut gradient = [0.0];
    assert!(f.value_and_gradient(&[0.0], &mut gradient).is_nan() && gradient[0].is_nan());
    assert_eq!(f.take_failure().unwrap().to_string(), "the disk is gone");
}

// ---- Mini-batches and residuals --------------------------------------------------------------------------------------

#[test]
fn batches_estimate_the_whole_without_bias() {
    let (x, y) = (column(12, 11), column(12, 12));
    for text in [
        "mean((y - a*x - b)^2) + 0.1*a^2",
        "sum(log(1 + exp(-y*a*x))) + b^2",
        "a^2*mean(b*x) + sum(y*b)/3 - b",
        "if(b < 0, 2*mean(a*x), sum(x*a))",
    ] {
        let mut f = objective(text, &x, &y);
        assert_eq!(f.offers().rows, Some(12), "{text}");
        let point = [0.5, -0.7];
        let mut whole = [0.0; 2];
        let value = f.value_and_gradient(&point, &mut whole);
        // All pairs of rows together are the whole.
        let (mut mean, mut slopes, mut pairs) = (0.0, [0.0; 2], 0.0);
        for i in 0..12 {
            for j in (0..12).filter(|&j| j != i) {
                let mut gradient = [0.0; 2];
                mean += f.value_and_gradient_of(&[i, j], &point, &mut gradient);
                slopes = [slopes[0] + gradient[0], slopes[1] + gradient[1]];
                pairs += 1.0;
            }
        }
        assert!(near(mean / pairs, value, 1e-13), "{text}");
        assert!(near(slopes[0] / pairs, whole[0], 1e-13), "{text}");
        assert!(near(slopes[1] / pairs, whole[1], 1e-13), "{text}");
        let all: Vec<usize> = (0..12).collect();
        let mut again = [0.0; 2];
        let same = f.value_and_gradient_of(&all, &point, &mut again);
        assert!(near(same, value, 1e-14) && near(again[0], whole[0], 1e-13));
    }
    for text in [
        "sqrt(mean((y - a*x)^2))",
        "var(a*x)",
        "mean(a*x)*mean(b*y)",
        "mean(x)/mean(a*y + 3)",
        "if(mean(x) > 0, a, b)",
        "max(a*x)",
        "a^2 + b^2",
    ] {
        assert_eq!(objective(text, &x, &y).offers().rows, None, "{text}");
    }
}

#[test]
fn squares_have_residuals() {
    let (x, y) = (column(30, 13), column(30, 14));
    for text in [
        "mean((y - a*exp(b*x))^2)",
        "sum((y - a*x - b)^2)",
        "3*mean(2*(y - a*sin(x) - b)^2)",
    ] {
        let mut f = objective(text, &x, &y);
        assert_eq!(f.offers().residuals, Some(30), "{text}");
        let point = [0.8, -0.4];
        let mut gradient = [0.0; 2];
        let value = f.value_and_gradient(&point, &mut gradient);
        let (mut residuals, mut jacobian, mut alone) =
            (vec![0.0; 30], vec![0.0; 60], vec![0.0; 30]);
        f.residuals_and_jacobian(&point, &mut residuals, &mut jacobian);
        f.residuals(&point, &mut alone);
        assert!(
            residuals
                .iter()
                .zip(&alone)
                .all(|(a, b)| near(*a, *b, 1e-14))
        );
        let squares: f64 = residuals.iter().map(|r| r * r).sum();
        assert!(near(squares, value, 1e-13), "{text}: {squares} {value}");
        for k in 0..2 {
            let terms = residuals.iter().zip(jacobian.chunks(2));
            let slope: f64 = terms.map(|(r, row)| 2.0 * r * row[k]).sum();
            assert!(near(slope, gradient[k], 1e-12), "{text}");
        }
    }
    for text in [
        "mean(abs(y - a*x))",
        "-mean((y - a*x)^2)",
        "mean((y - a*x)^2) + a^2",
        "var(a*x)",
    ] {
        assert_eq!(objective(text, &x, &y).offers().residuals, None, "{text}");
    }
}

#[test]
fn what_is_not_a_loss_offers_nothing_more() {
    let (x, y) = (column(5, 1), column(5, 2));
    let f = objective("max(a*x)", &x, &y);
    assert_eq!(f.offers(), Offers::default());
}

// ---- Reading ---------------------------------------------------------------------------------------------------------

#[test]
fn equal_reductions_are_one_and_print_as_written() {
    let text = "m = mean(a*x); sqrt(m) + var(y)*mean(a*x) + mean(y)";
    let formula = OverRows::parse(text, &["x", "y"]).unwrap();
    let printed = formula.text().unwrap();
    let expected = "sqrt(mean(a*x)) + mean((y - mean(y))^2)*mean(a*x) + mean(y)";
    assert_eq!(
        (printed.as_str(), formula.parameters()),
        (expected, vec!["a"])
    );
    let (x, y) = (column(9, 1), column(9, 2));
    assert_eq!(objective(text, &x, &y).formula().stages.len(), 3);
    // What a definition reduces and nobody uses is not computed.
    let formula = OverRows::parse("unused = mean(y); f(u) = sum(u); f(x*b)", &["x", "y"]).unwrap();
    assert_eq!(
        (formula.columns(), formula.parameters()),
        (vec!["x"], vec!["b"])
    );
    let formula = OverRows::parse("sum(a^2) + mean(a) + sum(x) + sum(1)", &["x"]).unwrap();
    assert_eq!(formula.sums_without_columns(), ["sum(a^2)"]);
}

#[test]
fn wrong_formulas_are_errors() {
    let message = |text: &str| match OverRows::parse(text, &["x", "y"]) {
        Ok(formula) => panic!("{text}: {:?}", formula.text()),
        Err(error) => error.to_string(),
    };
    for (text, says) in [
        ("mean(x) + y", "the column `y` stands outside"),
        ("f(u) = u + mean(u); f(x)", "the column `x` stands outside"),
        ("mean(x, y)", "`mean` takes 1 argument, 2 given"),
        ("mean((x)", "unclosed parenthesis"),
        ("[mean(x), mean(y)]", "not a list"),
        ("maen(x)", "there is no function `maen`"),
    ] {
        assert!(message(text).contains(says), "{text}: {}", message(text));
    }
    assert_eq!(
        OverRows::parse("x", &["x"]).err(),
        Some(OverRowsError::ColumnOutside { column: "x".into() })
    );
    // A name of the language may be a variable still, and outside tables a call says what is missing.
    assert!(Graph::new().parse("mean + sum*var").is_ok());
    assert!(Graph::new().parse("mean(u) = u/2; mean(x)").is_ok());
    let error = Graph::new().parse("mean(x)").unwrap_err();
    assert!(error.message.contains("rows of a table"), "{error}");
    assert_eq!(Graph::new().parse("max(x)").unwrap().to_string(), "x");
}

#[test]
fn the_place_outside_is_the_first_that_is_no_part_of_a_reduction() {
    use gradus::syntax::outside_reductions;
    for (text, name, place) in [
        ("mean(x) + y", "y", Some((10, 11))),
        ("mean(x) + 2*x + x", "x", Some((12, 13))),
        ("mean(x + sum(x))", "x", None),
        ("r = y - x; mean(r) + r", "x", Some((8, 9))),
        ("r = y - x; mean(r)", "x", None),
        ("f(u) = u + mean(u); f(x)", "x", Some((22, 23))),
        ("f(u) = u*x; mean(f(y))", "x", None),
        ("f(u) = u*x; 1 + f(2)", "x", Some((9, 10))),
        ("max(x, 1) + max(x)", "x", Some((4, 5))),
        ("mean(x) + (", "x", None),
    ] {
        let found = outside_reductions(text, name).map(|span| (span.start, span.end));
        assert_eq!(found, place, "{text}");
    }
}
