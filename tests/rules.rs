//! Every rule of `grammar/functions.rules` against numbers that know nothing of it: derivatives of high precision, dual
//! numbers, the complex step, and circles in the complex plane. The same check is seen to catch planted wrong rules.

use std::sync::LazyLock;

use gradus::calculus::{self, CalculusError};
use gradus::expr::{Arena, SymbolId, walk};
use gradus::functions::{self, Complex, complex as plane, row};
use gradus::numeric::{Schedule, complex_step, dual};
use gradus::rules::{self, Operation};
use gradus::{Expr, Function, Graph, syntax};
use num_complex::Complex64;
use serde_json::Value;

static REFERENCE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/function_values.json")).unwrap());

const FUNCTIONS: &str = include_str!("../grammar/functions.rules");
const DEFINITIONS: &str = include_str!("../grammar/definitions.rules");

/// A symbolic derivative may be off by this, relative, and by what rounding of the arguments does to it.
const PRECISE: f64 = 1e-13;
/// As far as the formula of another road loses digits, or a circle of 32 points does.
const ROUGH: f64 = 1e-9;

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines()
        .map(|line| line.split('#').next().unwrap().trim())
        .filter(|line| !line.is_empty())
}

fn operations() -> impl Iterator<Item = Operation> {
    [Operation::Add, Operation::Mul, Operation::Pow]
        .into_iter()
        .chain(Function::ALL.iter().map(|&f| Operation::Call(f)))
}

fn arity(op: Operation) -> usize {
    match op {
        Operation::Call(f) => f.arity(),
        _ => 2,
    }
}

/// The operation on the variables u and v.
fn apply(graph: &Graph, op: Operation) -> Expr<'_> {
    let (u, v) = (graph.symbol("u"), graph.symbol("v"));
    match op {
        Operation::Add => u + v,
        Operation::Mul => u * v,
        Operation::Pow => u.pow(v),
        Operation::Call(f) if f.arity() == 1 => u.call(f),
        Operation::Call(f) => u.call2(f, v),
    }
}

fn variable(graph: &Graph, which: usize) -> SymbolId {
    let name = ["u", "v"][which];
    graph.symbol(name);
    graph.arena().find_symbol(name).unwrap()
}

/// The partial derivative that the engine finds, through the sweep that users call.
fn derivative(graph: &Graph, op: Operation, which: usize) -> Result<Expr<'_>, CalculusError> {
    let f = apply(graph, op).id();
    let by = variable(graph, which);
    let found = calculus::derivatives(&mut graph.arena_mut(), &[f], by)?[0];
    Ok(graph.expr(found))
}

fn schedule(e: Expr<'_>) -> Schedule {
    let graph = e.graph();
    let variables = [variable(graph, 0), variable(graph, 1)];
    Schedule::new(&graph.arena(), &[e.id()], &variables).unwrap()
}

/// Boxes of arguments where the operation is smooth; a negative base has no slope by its exponent.
fn boxes(op: Operation, which: usize) -> Vec<[(f64, f64); 2]> {
    match op {
        Operation::Add | Operation::Mul => {
            vec![[(-3.0, 3.0), (-3.0, 3.0)], [(1e8, 1e9), (-1e-8, 1e-9)]]
        }
        Operation::Pow => {
            let mut boxes = vec![[(0.1, 3.0), (-3.0, 3.0)], [(1e-9, 1e-3), (0.5, 2.0)]];
            boxes.extend((which == 0).then_some([(-3.0, -0.1), (3.0, 3.0)]));
            boxes
        }
        Operation::Call(f) => row(f).samples.iter().map(|s| [s.u, s.v]).collect(),
    }
}

/// What goes wrong with an alleged partial derivative of the operation; nothing, if it is right.
fn faults(op: Operation, which: usize, alleged: Expr<'_>) -> Vec<String> {
    let function = schedule(apply(alleged.graph(), op));
    let formula = schedule(alleged);
    let mut faults = references(op, which, &function, &formula);
    faults.extend(other_roads(op, which, &function, &formula));
    faults.extend(stated_values(op, which, &formula));
    faults.extend(circles(op, which, &formula));
    faults
}

fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

/// How far the derivative moves where the arguments are rounded otherwise.
fn conditioning(function: &Schedule, which: usize, point: &[f64]) -> f64 {
    let here = dual::derivative(function, point, which);
    let mut largest: f64 = 0.0;
    for k in 0..point.len() {
        for sign in [1.0, -1.0] {
            let mut moved = point.to_vec();
            moved[k] *= 1.0 + sign * 2.0 * f64::EPSILON;
            let gap = (dual::derivative(function, &moved, which) - here).abs();
            largest = largest.max(if gap.is_finite() { gap } else { 0.0 });
        }
    }
    largest
}

/// Values of high precision, at zero, at tiny and at large arguments and at the ends of the domain.
fn references(op: Operation, which: usize, function: &Schedule, formula: &Schedule) -> Vec<String> {
    let Operation::Call(f) = op else {
        return Vec::new();
    };
    let entries = REFERENCE[f.name()]["real"].as_array().unwrap();
    (entries.iter().filter(|entry| !entry[2][which].is_null()))
        // By v at (0, 0) the rule u/v is 0/0: a singular point, named by `explain`; left of it and right of it the slope is 0.
        .filter(|entry| (f, which) != (Function::Xlogy, 1) || number(&entry[0][1]) != 0.0)
        .filter_map(|entry| {
            let mut point: Vec<f64> = entry[0].as_array().unwrap().iter().map(number).collect();
            point.resize(2, 0.0);
            let want = number(&entry[2][which]);
            let got = formula.values(&point)[0];
            let mut tolerance = PRECISE * want.abs() + 4.0 * conditioning(function, which, &point);
            // The gamma family takes its error from its largest term: digamma passes through 0 between poles.
            if matches!(
                f,
                Function::Gamma | Function::Lgamma | Function::Digamma | Function::Polygamma
            ) {
                tolerance += PRECISE * function.values(&point)[0].abs();
            }
            // The tables of high precision go below the smallest double.
            let good = got == want || (got - want).abs() <= tolerance + 1e-307;
            (!good).then(|| format!("at {point:?}: {got:e}, not {want:e}"))
        })
        .collect()
}

/// Dual numbers and the complex step, inside the boxes of the table.
fn other_roads(
    op: Operation,
    which: usize,
    function: &Schedule,
    formula: &Schedule,
) -> Vec<String> {
    let mut faults = Vec::new();
    for [u, v] in boxes(op, which) {
        for k in 0..12 {
            let between = |(a, b): (f64, f64), t: f64| a + (b - a) * t;
            let point = [
                between(u, 0.01 + 0.98 * f64::from(k) / 11.0),
                between(v, 0.02 + 0.95 * f64::from(k * 7 % 12) / 11.0),
            ];
            let got = formula.values(&point)[0];
            let noise = 16.0 * conditioning(function, which, &point);
            for (road, want) in [
                ("dual numbers", dual::derivative(function, &point, which)),
                (
                    "complex step",
                    complex_step::derivative(function, &point, which),
                ),
            ] {
                let good = got == want || (got - want).abs() <= ROUGH * want.abs() + noise;
                if !good {
                    faults.push(format!("at {point:?}: {got:e}, {road} say {want:e}"));
                }
            }
        }
    }
    faults
}

/// Kinks, poles and limits, where no road but the stated value leads.
fn stated_values(op: Operation, which: usize, formula: &Schedule) -> Vec<String> {
    let inf = f64::INFINITY;
    let name = match op {
        Operation::Add => "+",
        Operation::Mul => "*",
        Operation::Pow => "^",
        Operation::Call(f) => f.name(),
    };
    let rows: &[(&str, usize, [f64; 2], f64)] = &[
        ("+", 0, [1e308, 1e308], 1.0),
        ("*", 0, [inf, 0.0], 0.0),
        ("^", 0, [0.0, 3.0], 0.0),
        ("^", 0, [0.0, 1.0], 1.0),
        ("^", 0, [0.0, 0.5], inf),
        ("^", 0, [-2.0, 3.0], 12.0),
        ("^", 1, [0.0, 2.0], 0.0),
        ("^", 1, [0.0, 0.5], 0.0),
        ("^", 1, [1.0, 7.0], 0.0),
        ("log", 0, [0.0, 0.0], inf),
        ("log", 0, [-2.0, 0.0], -0.5),
        ("log1p", 0, [-1.0, 0.0], inf),
        ("log2", 0, [0.0, 0.0], inf),
        ("asin", 0, [1.0, 0.0], inf),
        ("asin", 0, [-1.0, 0.0], inf),
        ("acos", 0, [1.0, 0.0], -inf),
        ("atan", 0, [1e300, 0.0], 0.0),
        ("atan", 0, [-inf, 0.0], 0.0),
        ("acot", 0, [0.0, 0.0], -1.0),
        ("asec", 0, [1.0, 0.0], inf),
        ("asec", 0, [-1.0, 0.0], inf),
        ("acsc", 0, [1.0, 0.0], -inf),
        ("tanh", 0, [400.0, 0.0], 4.0 * (-800f64).exp()),
        ("tanh", 0, [-1000.0, 0.0], 0.0),
        ("tanh", 0, [300.0, 0.0], 4.0 * (-600f64).exp()),
        ("sech", 0, [1000.0, 0.0], 0.0),
        ("acosh", 0, [1.0, 0.0], inf),
        ("atanh", 0, [1.0, 0.0], inf),
        ("asech", 0, [1.0, 0.0], -inf),
        ("cbrt", 0, [0.0, 0.0], inf),
        ("cbrt", 0, [-8.0, 0.0], 1.0 / 12.0),
        ("atan2", 0, [0.0, -1.0], -1.0),
        ("atan2", 1, [1.0, 0.0], -1.0),
        ("hypot", 0, [0.0, 2.0], 0.0),
        ("hypot", 0, [0.0, 0.0], f64::NAN),
        ("hypot", 1, [3e200, 4e200], 0.8),
        ("abs", 0, [0.0, 0.0], 0.0),
        ("abs", 0, [-1e-300, 0.0], -1.0),
        ("sign", 0, [0.0, 0.0], 0.0),
        ("floor", 0, [2.0, 0.0], 0.0),
        ("ceil", 0, [2.0, 0.0], 0.0),
        ("round", 0, [2.5, 0.0], 0.0),
        ("step", 0, [0.0, 0.0], 0.0),
        ("relu", 0, [0.0, 0.0], 0.0),
        ("relu", 0, [5e-324, 0.0], 1.0),
        ("min", 0, [2.0, 2.0], 0.5),
        ("min", 1, [2.0, 2.0], 0.5),
        ("max", 0, [-1.0, -1.0], 0.5),
        ("max", 1, [-1.0, -1.0], 0.5),
        ("min", 0, [1.0, 2.0], 1.0),
        ("min", 0, [2.0, 1.0], 0.0),
        ("max", 1, [1.0, 2.0], 1.0),
        ("max", 1, [2.0, 1.0], 0.0),
        ("mod", 1, [7.0, 3.0], -2.0),
        ("mod", 1, [-7.0, 3.0], 3.0),
        ("mod", 0, [6.0, 3.0], 1.0),
        ("sigmoid", 0, [800.0, 0.0], 0.0),
        ("sigmoid", 0, [-800.0, 0.0], 0.0),
        ("sigmoid", 0, [40.0, 0.0], 4.248354255291589e-18),
        ("sigmoid", 0, [-40.0, 0.0], 4.248354255291589e-18),
        ("softplus", 0, [800.0, 0.0], 1.0),
        ("softplus", 0, [-800.0, 0.0], 0.0),
        ("erf", 0, [30.0, 0.0], 0.0),
        ("normcdf", 0, [0.0, 0.0], 0.3989422804014327),
        ("gamma", 0, [1.0, 0.0], -0.5772156649015329),
        ("xlogy", 0, [0.0, 0.0], -inf),
        ("xlogy", 0, [0.0, 3.0], 1.0986122886681098),
        ("xlogy", 1, [0.0, 3.0], 0.0),
        ("xlogy", 1, [0.0, 0.0], 0.0),
        ("xlogy", 1, [2.0, 0.0], inf),
        ("xlogy", 1, [-2.0, 0.0], -inf),
    ];
    (rows.iter().filter(|row| (row.0, row.1) == (name, which)))
        .filter_map(|&(_, _, point, want)| {
            let got = formula.values(&point)[0];
            let good = got == want
                || got.is_nan() && want.is_nan()
                || (got - want).abs() <= PRECISE * want.abs();
            (!good).then(|| format!("at {point:?}: {got:e}, stated is {want:e}"))
        })
        .collect()
}

fn complex_value(op: Operation, z: [Complex64; 2]) -> Complex64 {
    match op {
        Operation::Add => z[0] + z[1],
        Operation::Mul => z[0] * z[1],
        Operation::Pow => plane::pow(z[0], z[1]),
        Operation::Call(f) => match row(f).complex {
            Complex::One(f) => f(z[0]),
            Complex::Two(f) => f(z[0], z[1]),
        },
    }
}

/// The derivative as an average around a small circle (Cauchy's formula), and the largest value met there; `None` where the
/// circles of two sizes disagree: it hits a cut or a pole.
fn around(f: impl Fn(Complex64) -> Complex64, z: Complex64) -> Option<(Complex64, f64)> {
    // Cuts and poles lie on the axes, with few exceptions.
    let reach = z.re.abs().min(z.im.abs());
    let average = |radius: f64| {
        let (mut sum, mut largest) = (Complex64::ZERO, 0f64);
        for k in 0..32 {
            let turn = Complex64::cis(std::f64::consts::TAU * f64::from(k) / 32.0);
            let value = f(z + turn * radius);
            sum += value * turn.conj();
            largest = largest.max(value.norm());
        }
        (sum / (32.0 * radius), largest / radius)
    };
    let ((a, size), (b, _)) = (average(0.3 * reach), average(0.2 * reach));
    let agree = (a - b).norm() <= ROUGH * a.norm() + 1e-13 * size;
    (agree && a.is_finite()).then_some((a, size))
}

/// Points of every quadrant, also close to the axes, where the cuts are.
fn complex_points() -> Vec<Complex64> {
    let mut points = Vec::new();
    for (x, y) in [
        (0.4, 0.3),
        (1.7, 0.6),
        (0.5, 1.9),
        (2.4, 1e-3),
        (0.3, 1e-3),
        (1e-3, 2.2),
        (1e-3, 0.4),
        (7.0, 2.5),
    ] {
        points.extend(
            [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)]
                .map(|(s, t)| Complex64::new(s * x, t * y)),
        );
    }
    points
}

fn is_analytic(op: Operation) -> bool {
    !matches!(op, Operation::Call(f) if !functions::is_analytic(f))
}

/// At complex points: the rule holds on the principal branch, on every side of the cuts.
fn circles(op: Operation, which: usize, formula: &Schedule) -> Vec<String> {
    if !is_analytic(op) {
        return Vec::new();
    }
    let (mut faults, mut compared, mut tried) = (Vec::new(), 0, 0);
    let others = match op {
        Operation::Call(Function::Polygamma) => {
            vec![Complex64::ZERO, Complex64::ONE, Complex64::new(2.0, 0.0)]
        }
        _ if arity(op) == 2 => vec![
            Complex64::new(1.3, 0.4),
            Complex64::new(-0.7, 1.1),
            Complex64::new(0.6, -1.8),
        ],
        _ => vec![Complex64::ZERO],
    };
    for z in complex_points() {
        for &other in &others {
            let at = |z: Complex64| if which == 0 { [z, other] } else { [other, z] };
            tried += 1;
            let Some((want, size)) = around(|z| complex_value(op, at(z)), z) else {
                continue;
            };
            compared += 1;
            let got = formula.run_complex(&at(z), &mut Vec::new())[0];
            let good = (got - want).norm() <= ROUGH * want.norm() + 1e-13 * size;
            if !good {
                faults.push(format!("at {:?}: {got:e}, around it {want:e}", at(z)));
            }
        }
    }
    if compared * 10 < tried * 7 {
        faults.push(format!("only {compared} of {tried} circles say something"));
    }
    faults
}

/// The order of polygamma is a whole number.
fn is_undefined(op: Operation, which: usize) -> bool {
    op == Operation::Call(Function::Polygamma) && which == 0
}

#[test]
fn every_partial_derivative_is_right() {
    let mut wrong = Vec::new();
    for op in operations() {
        for which in 0..arity(op) {
            if is_undefined(op, which) {
                continue;
            }
            let graph = Graph::new();
            let rule = derivative(&graph, op, which).unwrap();
            for fault in faults(op, which, rule) {
                wrong.push(format!("{op:?} by {}: {rule}: {fault}", ["u", "v"][which]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_planted_error_is_caught_in_every_rule() {
    let (mut slipped, mut planted) = (Vec::new(), 0);
    for op in operations() {
        for which in 0..arity(op) {
            if is_undefined(op, which) {
                continue;
            }
            let graph = Graph::new();
            let right = derivative(&graph, op, which).unwrap();
            let infinite = 1 / graph.number(0);
            let nan = graph.number(0).log() + infinite;
            let swapped = {
                let (u, v, w) = (graph.symbol("u"), graph.symbol("v"), graph.symbol("w"));
                right.substitute(u, w).substitute(v, u).substitute(w, v)
            };
            let mut plants = vec![
                ("sign", -right),
                ("+0.1 %", right * 1.001),
                ("-0.1 %", right * 0.999),
                ("+0.001", right + 0.001),
                ("-0.001", right - 0.001),
                ("nan", right + nan),
                ("inf", right + infinite),
                ("zero", graph.number(0)),
                ("u and v swapped", swapped),
            ];
            if arity(op) == 2 && !is_undefined(op, 1 - which) {
                plants.push((
                    "the other partial",
                    derivative(&graph, op, 1 - which).unwrap(),
                ));
            }
            for (what, wrong) in plants {
                // -0 is 0, and u + v is the same from both sides.
                if wrong == right {
                    continue;
                }
                planted += 1;
                if faults(op, which, wrong).is_empty() {
                    slipped.push(format!("{op:?} by {}, {what}: {wrong}", ["u", "v"][which]));
                }
            }
        }
    }
    assert!(slipped.is_empty(), "{}", slipped.join("\n"));
    assert!(planted > 550, "{planted}");
}

/// Wrong rules that are right on one half of the plane: what one sample point does not see.
#[test]
fn half_right_rules_are_caught() {
    for (f, text) in [
        (Function::Asec, "1/(u*sqrt(u^2 - 1))"),
        (Function::Acsc, "-1/(u*sqrt(u^2 - 1))"),
        (Function::Acosh, "1/sqrt(u^2 - 1)"),
        (Function::Acsch, "-1/(u*sqrt(1 + u^2))"),
        (Function::Asech, "-1/(u^2*sqrt(1/u^2 - 1))"),
        (Function::Tanh, "1 - tanh(u)^2"),
        (Function::Sigmoid, "sigmoid(u)*(1 - sigmoid(u))"),
        (Function::Cbrt, "1/(3*u^(2/3))"),
        (Function::Cbrt, "cbrt(u)/(3*u)"),
        (Function::Abs, "u/abs(u)"),
        (Function::Relu, "(1 + sign(u))/2"),
        (Function::Log, "1/abs(u)"),
        (Function::Erf, "2/sqrt(pi)*exp(-abs(u)^2)"),
        (Function::NormalCdf, "exp(-u^2/2)/sqrt(2*pi) + 1e-11"),
        (Function::Coth, "1 - coth(u)^2"),
    ] {
        let graph = Graph::new();
        variable(&graph, 0);
        let id = syntax::parse_into(&mut graph.arena_mut(), text).unwrap();
        let found = faults(Operation::Call(f), 0, graph.expr(id));
        assert!(!found.is_empty(), "{f}: {text}");
    }
    // ... and other forms of right ones pass.
    for (f, text) in [
        (Function::Tan, "1 + tan(u)^2"),
        (Function::Softplus, "exp(u)/(1 + exp(u))"),
        (Function::Acosh, "1/sqrt((u - 1)/(u + 1))/(u + 1)"),
    ] {
        let graph = Graph::new();
        let id = syntax::parse_into(&mut graph.arena_mut(), text).unwrap();
        let found = faults(Operation::Call(f), 0, graph.expr(id));
        assert!(found.is_empty(), "{f}: {text}: {found:?}");
    }
}

#[test]
fn every_line_of_the_rules_is_read() {
    let mut seen = Vec::new();
    for line in lines(FUNCTIONS) {
        let (left, right) = line.split_once("->").expect("an arrow");
        let op = operations()
            .find(|&op| {
                let expected = match op {
                    Operation::Add => "u + v".to_owned(),
                    Operation::Mul => "u * v".to_owned(),
                    Operation::Pow => "u ^ v".to_owned(),
                    Operation::Call(f) => format!("{f}({})", ["u", "u, v"][f.arity() - 1]),
                };
                left.trim() == expected
            })
            .unwrap_or_else(|| panic!("no operation: {line}"));
        assert!(!seen.contains(&op), "twice: {line}");
        seen.push(op);
        // A list of the language: the commas are those between partial derivatives.
        let text = format!("[{}]", right.replace("undefined", "0/0"));
        let mut arena = Arena::new();
        let results = syntax::read(&mut arena, &text, &[])
            .unwrap_or_else(|e| panic!("{line}: {e}"))
            .results;
        assert_eq!(results.len(), arity(op), "{line}");
        for symbol in walk::symbols(&arena, &results) {
            let name = arena.symbol_name(symbol);
            assert!(["u", "v"][..arity(op)].contains(&name), "{name} in {line}");
        }
        for which in 0..arity(op) {
            assert_eq!(
                rules::partial(op, which).is_none(),
                is_undefined(op, which),
                "{line}"
            );
        }
        assert!(rules::partial(op, arity(op)).is_none(), "{line}");
    }
    let missing: Vec<_> = operations().filter(|op| !seen.contains(op)).collect();
    assert!(missing.is_empty(), "no line for {missing:?}");
}

#[test]
fn an_undefined_partial_derivative_is_a_named_error() {
    let graph = Graph::new();
    let (x, y) = (graph.symbol("u"), graph.symbol("v"));
    let expected = CalculusError::NoPartial {
        function: Function::Polygamma,
        argument: 1,
    };
    assert_eq!(
        expected.to_string(),
        "`polygamma` cannot be differentiated by its argument number 1"
    );
    let by = [variable(&graph, 0), variable(&graph, 1)];
    for f in [
        x.call2(Function::Polygamma, y),
        (1 + x.sin().call2(Function::Polygamma, x) * y).exp(),
    ] {
        let arena = &mut graph.arena_mut();
        assert_eq!(
            calculus::derivatives(arena, &[f.id()], by[0]),
            Err(expected.clone())
        );
        assert_eq!(
            calculus::gradient(arena, f.id(), &by),
            Err(expected.clone())
        );
        assert_eq!(calculus::hessian(arena, f.id(), &by), Err(expected.clone()));
        assert!(calculus::derivatives(arena, &[f.id()], by[1]).is_ok());
    }
}

/// What stands still needs no derivative: in both sweeps.
#[test]
fn an_argument_that_stands_still_needs_no_partial_derivative() {
    let graph = Graph::new();
    let (u, v) = (graph.symbol("u"), graph.symbol("v"));
    let polygamma = |n: Expr<'_>| graph.expr(n.call2(Function::Polygamma, u * v).id());
    let condition = polygamma(u).call2(Function::Less, v).id();
    let choice = graph.arena_mut().choice(condition, u.id(), v.id());
    let f = polygamma(u.call(Function::Sign)).exp() + graph.expr(choice);
    let by = [variable(&graph, 0), variable(&graph, 1)];
    let slopes = calculus::gradient(&mut graph.arena_mut(), f.id(), &by).unwrap();
    for (reverse, by) in slopes.into_iter().zip(by) {
        let forward = calculus::derivatives(&mut graph.arena_mut(), &[f.id()], by).unwrap()[0];
        let values = [reverse, forward].map(|id| schedule(graph.expr(id)).values(&[0.5, 1.5])[0]);
        assert!((values[0] / values[1] - 1.0).abs() < 1e-14, "{values:?}");
    }
}

/// A derivative that is not complex is refused where a variable was declared complex.
#[test]
fn a_rule_without_complex_derivative_is_refused_for_complex_variables() {
    for op in operations() {
        let graph = Graph::new();
        graph.symbol_with("u", gradus::Assumption::Complex);
        let found = derivative(&graph, op, 0);
        match op {
            Operation::Call(function) if !functions::is_analytic(function) => {
                let variable = "u".to_owned();
                assert_eq!(
                    found.unwrap_err(),
                    CalculusError::NotAnalytic { function, variable }
                );
            }
            _ => assert_eq!(found.is_err(), is_undefined(op, 0), "{op:?}"),
        }
    }
}

/// It is refused only where it moves with such a variable, not beside one.
#[test]
fn beside_a_complex_variable_nothing_is_refused() {
    let graph = Graph::new();
    let u = graph.symbol("u");
    let v = graph.symbol_with("v", gradus::Assumption::Complex);
    let by = [variable(&graph, 0), variable(&graph, 1)];
    let beside = u.call(Function::Abs) + v * v;
    let expected = [u.call(Function::Sign).id(), (2 * v).id()];
    let through = (u * v).call(Function::Abs);
    let arena = &mut graph.arena_mut();
    let ones = by.map(|v| (v, Arena::ONE));
    assert_eq!(
        calculus::gradient(arena, beside.id(), &by).unwrap(),
        expected
    );
    assert!(calculus::forward(arena, &[beside.id()], &ones).is_ok());
    let refused = Err(CalculusError::NotAnalytic {
        function: Function::Abs,
        variable: "v".to_owned(),
    });
    assert_eq!(calculus::gradient(arena, through.id(), &by), refused);
    assert_eq!(calculus::forward(arena, &[through.id()], &ones), refused);
}

/// What stands still makes an argument complex as well as what moves.
#[test]
fn a_rule_without_complex_derivative_is_refused_next_to_i() {
    let graph = Graph::new();
    let (u, i) = (graph.symbol("u"), graph.imaginary_unit());
    let v = graph.symbol_with("v", gradus::Assumption::Complex);
    let by = [variable(&graph, 0)];
    let ones = [(by[0], Arena::ONE)];
    let wave = (i * u).exp();
    for (function, f) in [
        (Function::Abs, (i * u).call(Function::Abs)),
        (Function::Abs, (u + i).call(Function::Abs).powi(2)),
        (Function::Abs, (1 / (1 + i * u)).call(Function::Abs).exp()),
        (Function::Max, (wave * u).call2(Function::Max, u)),
        (Function::Abs, (u + v).call(Function::Abs)),
    ] {
        let arena = &mut graph.arena_mut();
        let expected = match walk::symbols(arena, &[f.id()]).len() {
            1 => CalculusError::NotReal { function },
            _ => CalculusError::NotAnalytic {
                function,
                variable: "v".to_owned(),
            },
        };
        let found = calculus::gradient(arena, f.id(), &by);
        assert_eq!(found, Err(expected.clone()), "{f:?}");
        let found = calculus::forward(arena, &[f.id()], &ones);
        assert_eq!(found, Err(expected), "{f:?}");
    }
    // A modulus is real, and so is what stands beside i.
    for f in [
        (i + 1).call(Function::Abs).exp() * u,
        ((i + 2).call(Function::Abs) * u).call(Function::Abs),
        u.call(Function::Abs) * wave,
    ] {
        let arena = &mut graph.arena_mut();
        assert!(calculus::gradient(arena, f.id(), &by).is_ok(), "{f:?}");
    }
}

/// Variables are looked at together, but no more than a word has bits.
#[test]
fn a_hundred_partial_derivatives() {
    let graph = Graph::new();
    let names: Vec<String> = (0..100).map(|k| format!("x{k}")).collect();
    let symbols = names.iter().map(|name| graph.symbol(name));
    let f = symbols.fold(graph.number(1), |f, x| f + f.sin() * x);
    let arena = &mut graph.arena_mut();
    let by: Vec<SymbolId> = names.iter().map(|n| arena.symbol_id(n)).collect();
    let columns = gradus::textbook::jacobian(arena, &[f.id()], &by).unwrap();
    for (&found, &by) in columns[0].iter().zip(&by) {
        let alone = calculus::derivatives(arena, &[f.id()], by).unwrap();
        assert_eq!(alone, [found]);
    }
}

#[test]
fn every_definition_means_what_it_says() {
    let (a, b, c) = (0.7f64, 0.3f64, 0.9f64);
    let normal = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let (ln_gamma, gamma, erf) = (libm::lgamma, libm::tgamma, libm::erf);
    let phi = |x: f64| 0.5 * (1.0 + erf(x / 2f64.sqrt()));
    let expected: Vec<(&str, f64)> = vec![
        ("sqrt(u)", a.sqrt()),
        ("pow(u, v)", a.powf(b)),
        ("root(u, n)", a.powf(1.0 / b)),
        ("exp2(u)", a.exp2()),
        ("exp10(u)", 10f64.powf(a)),
        ("log(u, b)", a.ln() / b.ln()),
        ("logit(p)", (a / (1.0 - a)).ln()),
        ("logaddexp(u, v)", (a.exp() + b.exp()).ln()),
        ("clamp(u, low, high)", a.clamp(b, c)),
        ("clip(u, low, high)", a.clamp(b, c)),
        ("heaviside(u)", 1.0),
        ("trunc(u)", 0.0),
        ("deg2rad(u)", a.to_radians()),
        ("rad2deg(u)", a.to_degrees()),
        ("logsigmoid(u)", -(-a).exp().ln_1p()),
        ("silu(u)", a / (1.0 + (-a).exp())),
        ("gelu(u)", a * phi(a)),
        ("softsign(u)", a / (1.0 + a)),
        ("normpdf(x, mu, sigma)", normal((a - b) / c) / c),
        ("normcdf(x, mu, sigma)", phi((a - b) / c)),
        ("trigamma(u)", 2.834_049_156_694_61),
        ("factorial(u)", gamma(a + 1.0)),
        ("beta(a, b)", gamma(a) * gamma(b) / gamma(a + b)),
        ("lbeta(a, b)", ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)),
        (
            "binomial(n, k)",
            gamma(a + 1.0) / gamma(b + 1.0) / gamma(a - b + 1.0),
        ),
    ];
    let mut seen = 0;
    for line in lines(DEFINITIONS) {
        let (head, body) = line.split_once('=').expect("a definition");
        let head = head.trim();
        let parameters = head.strip_suffix(')').unwrap().split_once('(').unwrap().1;
        let names: Vec<&str> = parameters.split(',').map(str::trim).collect();
        let graph = Graph::new();
        let read = |text: &str| {
            let arena = &mut graph.arena_mut();
            let results = syntax::read(arena, text, &names)
                .unwrap_or_else(|e| panic!("{line}: {e}"))
                .results;
            results[0]
        };
        let (call, meaning) = (graph.expr(read(head)), graph.expr(read(body)));
        assert_eq!(call, meaning, "{line}");
        assert!(
            call.variables().iter().all(|v| names.contains(&v.as_str())),
            "{line}"
        );
        let values: Vec<(&str, f64)> = names.iter().copied().zip([a, b, c]).collect();
        let want = expected
            .iter()
            .find(|e| e.0 == head)
            .unwrap_or_else(|| panic!("no value for {head}"))
            .1;
        let got = call.eval(&values).unwrap();
        assert!(
            (got - want).abs() <= 1e-14 * want.abs().max(1.0),
            "{head}: {got}, not {want}"
        );
        seen += 1;
    }
    assert_eq!(seen, expected.len());
}

/// Neither what stands under a step nor a condition moves what they are in, so that their slopes are not asked for.
#[test]
fn what_moves_nothing_needs_no_partial_derivative() {
    let graph = Graph::new();
    let (u, v) = (graph.symbol("u"), graph.symbol("v"));
    let by = [variable(&graph, 0), variable(&graph, 1)];
    let under_a_step = u.call(Function::Sign).call2(Function::Polygamma, v);
    let condition = u.call2(Function::Polygamma, graph.number(2)); // holds where it is not 0
    let arena = &mut graph.arena_mut();
    let choice = arena.choice(condition.id(), u.id(), v.id());
    let slope = arena.choice(condition.id(), Arena::ONE, Arena::ZERO);
    for (f, expected) in [(under_a_step.id(), Arena::ZERO), (choice, slope)] {
        let found = calculus::derivatives(arena, &[f], by[0]).expect("no other slope is needed");
        assert_eq!(found, [expected]);
        assert!(calculus::gradient(arena, f, &by).is_ok());
    }
}
