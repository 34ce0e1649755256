//! Programs against schedules, which are the plain reference: formulas, random expressions, every kind of number.

#[path = "common/bounded.rs"]
mod bounded;
mod common;

use bounded::{Field, evaluate};
use common::arbitrary_expression;
use gradus::expr::{Id, SymbolId};
use gradus::functions::{Real, row};
use gradus::numeric::{Schedule, dual};
use gradus::program::{Instruction, Op, Options, Place, Program};
use gradus::{Expr, Function, Graph};
use num_complex::Complex64;
use proptest::prelude::*;

const NAMES: [&str; 3] = ["x", "y", "z"];
const FUSED: Options = Options {
    fuse: true,
    careful: true,
};
const UNFUSED: Options = Options {
    fuse: false,
    careful: true,
};

fn variables(graph: &Graph, names: &[&str]) -> Vec<SymbolId> {
    (names.iter())
        .map(|name| graph.arena_mut().symbol_id(name))
        .collect()
}

fn both(roots: &[Expr<'_>], options: Options) -> (Schedule, Program) {
    let graph = roots[0].graph();
    let variables = variables(graph, &NAMES);
    let ids: Vec<Id> = roots.iter().map(|root| root.id()).collect();
    let arena = graph.arena();
    let schedule = Schedule::new(&arena, &ids, &variables).unwrap();
    let program = Program::new(&arena, &ids, &variables, options).unwrap();
    check_structure(&program);
    (schedule, program)
}

fn run(program: &Program, point: &[f64]) -> Vec<f64> {
    // NaN in every register: whatever is read before it is written spoils the result.
    let mut scratch = vec![f64::NAN; program.registers()];
    let mut outputs = vec![f64::NAN; program.outputs()];
    program.run(point, &mut scratch, &mut outputs);
    outputs
}

/// The operations of one formula over x, y, z.
fn program_of(text: &str, options: Options) -> Program {
    let graph = Graph::new();
    both(&[graph.parse(text).unwrap()], options).1
}

fn ops(text: &str, options: Options) -> Vec<Op> {
    let program = program_of(text, options);
    program.instructions().iter().map(|i| i.op).collect()
}

/// What every backend relies on.
fn check_structure(program: &Program) {
    let mut written = vec![0; program.outputs()];
    for instruction in program.instructions() {
        match program.place(instruction.target) {
            Place::Slot(_) => {}
            Place::Output(at) => written[at] += 1,
            place => panic!("{place:?} is written"),
        }
        for &read in instruction.reads() {
            assert_ne!(read, instruction.target, "the target is read");
            assert!(
                !matches!(program.place(read), Place::Output(_)),
                "an output is read"
            );
        }
        for &operand in &instruction.operands {
            program.place(operand);
        }
    }
    assert!(
        written.iter().all(|&times| times == 1),
        "outputs written {written:?} times"
    );
    let counted: usize = liveness(program).iter().map(Vec::len).max().unwrap_or(0);
    assert!(
        program.slots() <= counted + 1,
        "{} slots where {counted} results wait at most",
        program.slots()
    );
}

/// After each instruction: the slots that are read before they are written again. Found from the end.
fn liveness(program: &Program) -> Vec<Vec<usize>> {
    let mut live: Vec<usize> = Vec::new();
    let mut after = Vec::new();
    for instruction in program.instructions().iter().rev() {
        after.push(live.clone());
        if let Place::Slot(at) = program.place(instruction.target) {
            assert!(live.contains(&at), "a result that nobody reads");
            live.retain(|&slot| slot != at);
        }
        for &read in instruction.reads() {
            if let Place::Slot(at) = program.place(read)
                && !live.contains(&at)
            {
                live.push(at);
            }
        }
    }
    assert!(
        live.is_empty(),
        "slots {live:?} are read before they are written"
    );
    after.reverse();
    after
}

/// A second interpreter, which spoils every slot as soon as it is dead.
fn run_poisoned(program: &Program, point: &[f64]) -> Vec<f64> {
    let mut slots = vec![f64::NAN; program.slots()];
    let mut outputs = vec![f64::NAN; program.outputs()];
    for (
        &Instruction {
            op,
            target,
            operands,
        },
        live,
    ) in program.instructions().iter().zip(liveness(program))
    {
        let [a, b, c] = operands.map(|operand| match program.place(operand) {
            Place::Constant(at) => program.constants()[at],
            Place::Input(at) => point[at],
            Place::Slot(at) => slots[at],
            Place::Output(_) => f64::NAN,
        });
        let value = match op {
            Op::Copy => a,
            Op::Neg => -a,
            Op::Add => a + b,
            Op::Sub => a - b,
            Op::Mul => a * b,
            Op::Div => a / b,
            Op::MulAdd => a.mul_add(b, c),
            Op::MulSub => a.mul_add(b, -c),
            Op::NegMulAdd => (-a).mul_add(b, c),
            Op::Sqrt => (a + 0.0).sqrt(),
            Op::Pow => a.powf(b),
            Op::Call(f) => match row(f).real {
                Real::One(f) => f(a),
                Real::Two(f) => f(a, b),
            },
            Op::Select if a.is_nan() => f64::NAN,
            Op::Select => [c, b][usize::from(a != 0.0)],
            Op::Fill if a.is_nan() && b == 0.0 && c.is_infinite() => 0.0,
            Op::Fill => a,
            Op::ImaginaryUnit => f64::NAN,
        };
        match program.place(target) {
            Place::Slot(at) => slots[at] = value,
            Place::Output(at) => outputs[at] = value,
            place => panic!("{place:?} is written"),
        }
        for (slot, held) in slots.iter_mut().enumerate() {
            if !live.contains(&slot) {
                *held = f64::NAN;
            }
        }
    }
    outputs
}

fn same_bits(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

const FORMULAS: &[&str] = &[
    "x",
    "3",
    "-x",
    "x + y*z",
    "x - 2*y",
    "-2*x - 3*y*z",
    "x*y - z",
    "x^2*y + y^3 - z^7/x^5",
    "(x + y)^31 - (x - y)^(-32)",
    "x^(5/2) + z^(1/3)",
    "sqrt(x)/sqrt(y)",
    "exp(-x^2/2)*sin(x*y) + sqrt(x^2 + y^2)",
    "1/(1 + exp(-x*y))",
    "log(1 + x^2*y^2)/sqrt(1 + x^2)",
    "x*log(x) + y^2*log(y)*z",
    "x^y + y^x",
    "if(x < y, log(x), 1/(x - y))",
    "max(x, y)*min(y, z) + abs(x - z) + relu(z)",
    "atan2(x, y) + hypot(y, z)*mod(x, 3)",
    "erf(x) + gamma(y) + normcdf(z)",
    "pi*x + 2*pi*y + z/3",
    "x/4 + y/3 + 1/(2*x)",
];

const POINTS: [[f64; 3]; 8] = [
    [0.3, 1.7, -0.4],
    [2.5, 0.5, 1.25],
    [-1.5, 3.0, 0.0],
    [0.0, 0.0, 0.0],
    [-0.0, 1.0, -1.0],
    [1e200, 1e-200, 3.0],
    [f64::INFINITY, 1.0, f64::NAN],
    [700.0, 0.1, -700.0],
];

/// A formula with its gradient.
fn with_gradient<'g>(f: Expr<'g>) -> Vec<Expr<'g>> {
    let mut roots = vec![f];
    roots.extend(f.gradient(&NAMES).unwrap());
    roots
}

#[test]
fn a_plain_program_is_the_schedule_to_the_last_bit() {
    for text in FORMULAS {
        let graph = Graph::new();
        let roots = with_gradient(graph.parse(text).unwrap());
        let (schedule, program) = both(&roots, Options::PLAIN);
        for point in POINTS {
            let mut slots = Vec::new();
            let expected = schedule.run_real(&point, &mut slots);
            for ((found, poisoned), &expected) in (run(&program, &point).into_iter())
                .zip(run_poisoned(&program, &point))
                .zip(expected)
            {
                assert!(
                    same_bits(found, expected),
                    "{text} at {point:?}: {found} {expected}"
                );
                assert!(
                    same_bits(found, poisoned),
                    "{text} at {point:?}: {found} {poisoned}"
                );
            }
        }
    }
}

#[test]
fn fused_and_careful_programs_agree_with_the_schedule() {
    for text in FORMULAS {
        let graph = Graph::new();
        let roots = with_gradient(graph.parse(text).unwrap());
        for options in [FUSED, UNFUSED] {
            let (schedule, program) = both(&roots, options);
            for point in &POINTS {
                let mut slots = Vec::new();
                let expected = schedule.run_real(point, &mut slots);
                let found = run(&program, point);
                let poisoned = run_poisoned(&program, point);
                for ((a, b), &c) in found.into_iter().zip(poisoned).zip(expected) {
                    assert!(same_bits(a, b), "{text} at {point:?}: {a} {b}");
                    let near = (a - c).abs() <= 1e-14 * c.abs().max(1.0);
                    let kept = near || same_bits(a, c) || !c.is_finite();
                    assert!(kept, "{text} at {point:?}: {a} {c}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Any expression: plain programs to the last bit, at complex and dual numbers too.
    #[test]
    fn random_programs_are_their_schedules(
        recipe in arbitrary_expression(Function::ALL, 30),
        point in [-3.0..3.0f64, -3.0..3.0f64, -3.0..3.0f64],
        special in 0usize..8,
    ) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let (schedule, program) = both(&[f, f * graph.symbol("x")], Options::PLAIN);
        let point = if special < 2 { POINTS[3 + special] } else { point };
        let mut slots = Vec::new();
        let expected = schedule.run_real(&point, &mut slots);
        for (found, &expected) in run(&program, &point).into_iter().zip(expected) {
            prop_assert!(same_bits(found, expected), "{} {}", found, expected);
        }
        for (found, &expected) in run_poisoned(&program, &point).into_iter().zip(expected) {
            prop_assert!(same_bits(found, expected), "{} {}", found, expected);
        }

        let complex = point.map(|x| Complex64::new(x, 0.5 - x));
        let mut slots = Vec::new();
        let expected = schedule.run_complex(&complex, &mut slots);
        let mut scratch = vec![Complex64::new(f64::NAN, f64::NAN); program.registers()];
        for (found, expected) in program.run_in(&complex, &mut scratch).iter().zip(expected) {
            prop_assert!(same_bits(found.re, expected.re), "{} {}", found, expected);
            prop_assert!(same_bits(found.im, expected.im), "{} {}", found, expected);
        }

        let direction = [1.0, 0.0, -2.0];
        let expected = dual::directional(&schedule, &point, &direction);
        for (found, expected) in program.directional(&point, &direction).iter().zip(expected) {
            // Where numbers leave the range of doubles the other road is walked again in wider ones.
            if found.value.is_finite() && found.slope.is_finite() && expected.slope.is_finite() {
                prop_assert!(close(found.value, expected.value, 1e-9), "{:?} {:?}", found, expected);
                prop_assert!(close(found.slope, expected.slope, 1e-9), "{:?} {:?}", found, expected);
            }
        }
    }

    /// What is finite stays finite and nearly the same; wrong identities would show at once.
    #[test]
    fn random_careful_programs_keep_their_values(
        recipe in arbitrary_expression(EXPONENTIAL, 14),
        point in [-3.0..3.0f64, -3.0..3.0f64, -3.0..3.0f64],
        scale in prop::sample::select(vec![0.01, 1.0, 1.0, 300.0]),
    ) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let Ok(slope) = f.diff("x") else { return Ok(()) };
        let roots = [f, slope];
        let ids = roots.map(|root| root.id());
        let point = point.map(|x| scale * x);
        for options in [FUSED, UNFUSED] {
            let (schedule, program) = both(&roots, options);
            let mut slots = Vec::new();
            let plain = schedule.run_real(&point, &mut slots);
            let at: Vec<(SymbolId, Complex64)> = (variables(&graph, &NAMES).into_iter())
                .zip(point.map(Complex64::from))
                .collect();
            let bounds = evaluate(&graph.arena(), &ids, &at, Field::Real);
            for ((found, &plain), bound) in run(&program, &point).into_iter().zip(plain).zip(bounds) {
                if plain.is_finite() && bound.is_finite() && bound.relative() < 1e-6 {
                    prop_assert!(close(found, plain, 1e-5), "{} {}", found, plain);
                }
            }
        }
    }
}

/// Functions that careful forms are made of.
const EXPONENTIAL: &[Function] = &[
    Function::Exp,
    Function::Exp,
    Function::Exp,
    Function::Log,
    Function::Log,
    Function::Expm1,
    Function::Sigmoid,
];

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs() + 1e-290 || a == b
}

#[test]
fn small_reals_and_slopes_agree_with_doubles() {
    for text in FORMULAS {
        let graph = Graph::new();
        let roots = with_gradient(graph.parse(text).unwrap());
        let (_, program) = both(&roots, FUSED);
        let (point, direction) = ([1.2, 1.7, 0.4], [1.0, -2.0, 0.5]);
        let expected = run(&program, &point);
        let mut scratch = vec![f32::NAN; program.registers()];
        let found = program.run_in(&point.map(|x| x as f32), &mut scratch);
        for (&found, expected) in found.iter().zip(&expected) {
            let near = (f64::from(found) - expected).abs() <= 3e-5 * expected.abs().max(1.0);
            assert!(near, "{text}: {found} {expected}");
        }
        let slope: f64 = expected[1..]
            .iter()
            .zip(direction)
            .map(|(d, step)| d * step)
            .sum();
        let dual = program.directional(&point, &direction)[0];
        assert!(same_bits(dual.value, expected[0]), "{text}");
        let near = (dual.slope - slope).abs() <= 1e-13 * slope.abs().max(1.0);
        assert!(near, "{text}: {} {slope}", dual.slope);
    }
}

#[test]
fn equal_work_is_done_once() {
    assert_eq!(
        ops("x*y + sin(y*x)", UNFUSED),
        [Op::Mul, Op::Call(Function::Sin), Op::Add]
    );
    // x^7 = (x * x^2) * x^4, whose squares serve x^4 and x^6 too.
    assert_eq!(ops("x^4", UNFUSED), [Op::Mul; 2]);
    assert_eq!(ops("x^7", UNFUSED), [Op::Mul; 4]);
    assert_eq!(ops("x^7 + x^4 + x^6", UNFUSED).len(), 7);
    assert_eq!(ops("x^32", UNFUSED), [Op::Mul; 5]);
    assert_eq!(ops("x^33", UNFUSED), [Op::Pow]);
    assert_eq!(ops("x^(-5)", UNFUSED), [Op::Mul, Op::Mul, Op::Mul, Op::Div]);
}

#[test]
fn signs_and_powers_of_two_cost_nothing() {
    assert_eq!(ops("x - y", UNFUSED), [Op::Sub]);
    assert_eq!(ops("y - x", UNFUSED), [Op::Sub]);
    assert_eq!(ops("-x", UNFUSED), [Op::Neg]);
    assert_eq!(ops("x - 2*y", UNFUSED), [Op::Mul, Op::Sub]);
    assert_eq!(ops("x/4", UNFUSED), [Op::Mul]);
    assert_eq!(ops("x/sqrt(16)", UNFUSED), [Op::Mul]);
    assert_eq!(ops("x/pi", UNFUSED), [Op::Div]);
    // 2 and -2 are one constant.
    assert_eq!(
        program_of("(x - 2*y)*(z + 2*y)", UNFUSED).constants(),
        [2.0]
    );
}

#[test]
fn products_are_fused_where_that_cannot_hurt() {
    assert_eq!(ops("x*y + z", FUSED), [Op::MulAdd]);
    assert_eq!(ops("x*y - z", FUSED), [Op::MulSub]);
    assert_eq!(ops("z - x*y", FUSED), [Op::NegMulAdd]);
    assert_eq!(ops("x - 2*y", FUSED), [Op::NegMulAdd]);
    // Used twice, or beside another product: not fused.
    let shared = [Op::Mul, Op::Call(Function::Sin), Op::Add];
    assert_eq!(ops("x*y + sin(x*y)", FUSED), shared);
    assert_eq!(ops("x*x - y*y", FUSED), [Op::Mul, Op::Mul, Op::Sub]);
    // A product by a power of two is exact.
    assert_eq!(ops("2*x - y*z", FUSED), [Op::Mul, Op::NegMulAdd]);
    let program = program_of("x*x - y*y", FUSED);
    assert_eq!(run(&program, &[0.1, 0.1, 0.0]), [0.0]);
}

#[test]
fn outputs_that_are_something_else_are_copies() {
    let graph = Graph::new();
    let [x, y, _] = NAMES.map(|name| graph.symbol(name));
    let f = x * y;
    let (_, program) = both(&[f, x, graph.number(3), f, f.sin()], FUSED);
    assert_eq!(
        run(&program, &[0.5, 4.0, 0.0]),
        [2.0, 0.5, 3.0, 2.0, 2f64.sin()]
    );
    let copies = program.instructions().iter().filter(|i| i.op == Op::Copy);
    assert_eq!(copies.count(), 4);
}

#[test]
fn long_sums_need_few_slots() {
    let terms: Vec<String> = (0..500)
        .map(|k| format!("sin({k}*x)*cos(y + {k})"))
        .collect();
    for text in [terms.join(" + "), format!("x + ({})", terms.join(" + ("))] {
        let text = format!(
            "{text}{}",
            ")".repeat(text.matches('(').count() - text.matches(')').count())
        );
        let slots = program_of(&text, FUSED).slots();
        assert!(slots <= 6, "{slots} slots");
    }
}

/// How many instructions the longest chain has, of which each waits for the one before.
fn depth(program: &Program) -> usize {
    let mut depths = vec![0; program.registers()];
    for instruction in program.instructions() {
        let reads = instruction.reads().iter();
        let deepest = reads.map(|read| depths[read.index()]).max();
        depths[instruction.target.index()] = 1 + deepest.unwrap_or(0);
    }
    depths.into_iter().max().unwrap_or(0)
}

#[test]
fn long_sums_are_grouped() {
    let sum = |n: usize, term: fn(usize) -> String| -> String { (0..n).map(term).collect() };
    let cases: [fn(usize) -> String; 4] = [
        |k| format!(" + sin({k} + x)"),
        |k| format!(" - sin({k} + x)"),
        |k| format!(" {} sin({k} + x)", ["+", "-"][k % 2]),
        |k| format!(" {} sin({k} + x)", ["+", "-"][usize::from(k / 8 != 3)]),
    ];
    // Each sum subtracted from the next term: the signs alternate.
    let nested = format!(
        "{}x{}",
        sum(800, |k| format!("sin({k} + x) - (")),
        ")".repeat(800)
    );
    for text in cases.map(|term| sum(800, term)).into_iter().chain([nested]) {
        let (long, plain) = (
            program_of(&text, UNFUSED),
            program_of(&text, Options::PLAIN),
        );
        assert_eq!(long.instructions().len(), plain.instructions().len());
        assert!(depth(&plain) >= 800);
        assert!(depth(&long) <= 800 / 8 + 8 + 3, "{}", depth(&long));
        assert!(long.slots() <= 6);
        for x in [0.0, 0.3, -5.0] {
            let exact: f64 = (run(&plain, &[x, 0.0, 0.0])).iter().sum();
            let found = run(&long, &[x, 0.0, 0.0])[0];
            assert!((found - exact).abs() <= 1e-12, "{found} {exact}");
        }
    }
    // Short sums, and those that are trees already, stay as they are.
    let short = sum(16, |k| format!(" + sin({k} + x)"));
    assert_eq!(
        program_of(&short, UNFUSED),
        program_of(&short, Options::PLAIN)
    );
    // A partial sum that is read elsewhere is no part of a longer one.
    let text = format!(
        "({0}) + y + y^2 + exp({0})",
        sum(40, |k| format!(" + sin({k} + x)"))
    );
    assert!(program_of(&text, UNFUSED).instructions().len() <= 3 * 40 + 5);
}

#[test]
fn grouped_sums_round_less() {
    let text: String = (1..4000).map(|k| format!(" + 1/(x + {k})")).collect();
    let [grouped, plain] = [UNFUSED, Options::PLAIN].map(|options| program_of(&text, options));
    let (mut of_grouped, mut of_plain) = (0.0, 0.0);
    for x in (0..20).map(|k| 0.1 * f64::from(k)) {
        // Kahan's sum, whose error is that of a few terms.
        let (mut sum, mut lost) = (0.0, 0.0);
        for k in 1..4000 {
            let term = 1.0 / (x + f64::from(k)) - lost;
            let next = sum + term;
            (sum, lost) = (next, (next - sum) - term);
        }
        let error = |program| (run(program, &[x, 0.0, 0.0])[0] - sum).abs();
        of_grouped += error(&grouped);
        of_plain += error(&plain);
    }
    assert!(of_grouped < 0.5 * of_plain, "{of_grouped:e} {of_plain:e}");
}

/// The value is added up while its terms are at hand, beside their derivatives.
#[test]
fn value_and_gradient_of_a_sum_wait_for_nothing() {
    for n in [50, 400] {
        let names: Vec<String> = (0..n).map(|i| format!("x_{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let term = |i: usize| format!("100*(x_{} - x_{i}^2)^2 + (1 - x_{i})^2", i + 1);
        let text = (0..n - 1).map(term).collect::<Vec<_>>().join(" + ");
        let graph = Graph::new();
        let f = graph.parse(&text).unwrap();
        let mut roots = vec![f.id()];
        roots.extend(f.gradient(&names).unwrap().iter().map(|d| d.id()));
        let variables = variables(&graph, &names);
        for options in [FUSED, UNFUSED] {
            let program = Program::new(&graph.arena(), &roots, &variables, options).unwrap();
            check_structure(&program);
            assert!(program.slots() <= 10, "{} slots", program.slots());
        }
    }
}

/// At x the value must be this, to 1e-14.
fn check_values(cases: &[(&str, f64, f64)]) {
    for &(text, x, expected) in cases {
        for options in [FUSED, UNFUSED] {
            let found = run(&program_of(text, options), &[x, 0.5, -0.25])[0];
            let near = (found - expected).abs() <= 1e-14 * expected.abs() || found == expected;
            assert!(near, "{text} at {x}: {found}, not {expected}");
        }
    }
}

#[test]
fn careful_forms_are_right_where_plain_ones_are_not() {
    let log3 = 3f64.ln();
    let e = f64::exp(-0.5);
    check_values(&[
        ("exp(x) - 1", 1e-17, 1e-17),
        ("1 - exp(x)", 1e-17, -1e-17),
        ("log(1 + x)", 1e-17, 1e-17),
        ("log(1 - x)", 1e-17, -1e-17),
        ("log(1 + x^2 + y*x^2)", 1e-9, 1.5e-18),
        ("log(1 + exp(x))", 800.0, 800.0),
        ("log(1 + exp(x))", -50.0, f64::exp(-50.0)),
        ("log(exp(-x) + 1)", -800.0, 800.0),
        ("1/(1 + exp(-x))", 800.0, 1.0),
        ("1/(1 + exp(-x))", -800.0, 0.0),
        ("1/(1 + exp(-x))", -700.0, f64::exp(-700.0)),
        ("exp(x)/(1 + exp(x))", 800.0, 1.0),
        ("exp(x)/(1 + exp(x))", -800.0, 0.0),
        ("exp(x)/(1 + exp(x))^2", 800.0, 0.0),
        ("exp(x)/(1 + exp(x))^2", 600.0, f64::exp(-600.0)),
        ("exp(-x)/(1 + exp(-x))^2", -600.0, f64::exp(-600.0)),
        ("1 - 1/(1 + exp(-x))", 40.0, f64::exp(-40.0)),
        ("log(1/(1 + exp(-x)))", -800.0, -800.0),
        ("log(1 - 1/(1 + exp(-x)))", 800.0, -800.0),
        ("(exp(x) - 1)/(exp(x) + 1)", 800.0, 1.0),
        ("(exp(2*x) - 1)/(exp(2*x) + 1)", 800.0, 1.0),
        ("log(exp(x))", -800.0, -800.0),
        ("log(exp(-x^2/2)/sqrt(2*pi))", 100.0, -5000.918938533205),
        (
            "log(y*exp(x)*y/(2 + z))",
            -800.0,
            -800.0 + (0.25f64 / 1.75).ln(),
        ),
        (
            "log(exp(x) + exp(x - 1))",
            800.0,
            800.0 + (1.0 + f64::exp(-1.0)).ln(),
        ),
        ("log(exp(x) + exp(x) + exp(x))", -800.0, -800.0 + log3),
        ("log(2*exp(x) + exp(y)/3 + 5)", 800.0, 800.0 + 2f64.ln()),
        (
            "log(2*exp(x) + exp(y)/3 + 5)",
            -800.0,
            (f64::exp(0.5) / 3.0 + 5.0).ln(),
        ),
        ("exp(x)/(exp(x) + exp(x - 0.5))", 800.0, 1.0 / (1.0 + e)),
        ("exp(x)/(exp(x) + exp(x - 0.5))", -800.0, 1.0 / (1.0 + e)),
        ("exp(y)/(exp(x) + exp(y) + 1)", 800.0, 0.0),
        ("(3*exp(x) + 5*exp(y))/(exp(x) + exp(y))", 800.0, 3.0),
        ("(3*exp(x) + 5*exp(y))/(exp(x) + exp(y))", -800.0, 5.0),
        (
            "log(exp(x)/(exp(x) + exp(y) + exp(z)))",
            -800.0,
            -800.0 - (f64::exp(0.5) + f64::exp(-0.25)).ln(),
        ),
        ("(-exp(x) - exp(y))/(exp(x) + exp(y) + 1)", 800.0, -1.0),
        (
            "log(exp(x) - exp(y)/2 + exp(z))",
            1.0,
            (1f64.exp() - 0.5 * 0.5f64.exp() + f64::exp(-0.25)).ln(),
        ),
        // An exponential that is none of the sum: exp(0.5 - m) would be infinite.
        ("(y - 1/2)*exp(y)/(exp(x) + exp(x - 1))", -720.0, 0.0),
        // Infinite exponents.
        ("1/log(exp(x) + exp(x + y))", f64::INFINITY, 0.0),
        ("exp(log(exp(x) + exp(x + y)))", f64::NEG_INFINITY, 0.0),
    ]);
}

/// Gradients of what overflows, as the sweeps give them and as `simplify` does.
#[test]
fn careful_forms_reach_derivatives() {
    let share = |list: &[f64], at: usize| {
        let most = list.iter().copied().fold(f64::MIN, f64::max);
        let total: f64 = list.iter().map(|u| (u - most).exp()).sum();
        (list[at] - most).exp() / total
    };
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    type Slope = Box<dyn Fn(f64) -> f64>;
    let cases: Vec<(&str, Slope)> = vec![
        (
            "log(exp(x) + exp(y) + exp(z))",
            Box::new(move |x| share(&[x, 0.5, -0.25], 0)),
        ),
        (
            "log(exp(y) + exp(3*x) + 2)",
            Box::new(move |x| 3.0 * share(&[3.0 * x, f64::ln(0.5f64.exp() + 2.0)], 0)),
        ),
        ("log(1 + exp(x))", Box::new(sigmoid)),
        ("log(1 + exp(-x))", Box::new(move |x| -sigmoid(-x))),
        (
            "1/(1 + exp(-x))",
            Box::new(move |x| sigmoid(x) * sigmoid(-x)),
        ),
        (
            "exp(x)/(1 + exp(x))",
            Box::new(move |x| sigmoid(x) * sigmoid(-x)),
        ),
        ("log(1/(1 + exp(-x)))", Box::new(move |x| sigmoid(-x))),
        (
            "exp(x)/(exp(x) + exp(y) + exp(z))",
            Box::new(move |x| {
                let s = share(&[x, 0.5, -0.25], 0);
                let others = share(&[x, 0.5, -0.25], 1) + share(&[x, 0.5, -0.25], 2);
                s * others
            }),
        ),
        (
            "exp(y)/(exp(x) + exp(y) + exp(z))",
            Box::new(move |x| -share(&[x, 0.5, -0.25], 0) * share(&[x, 0.5, -0.25], 1)),
        ),
        (
            "log(exp(x)/(exp(x) + exp(y) + exp(z)))",
            Box::new(move |x| share(&[x, 0.5, -0.25], 1) + share(&[x, 0.5, -0.25], 2)),
        ),
        (
            "log(exp(y)/(exp(x) + exp(y) + exp(z)))",
            Box::new(move |x| -share(&[x, 0.5, -0.25], 0)),
        ),
    ];
    let mut wrong = Vec::new();
    for (text, slope) in cases {
        let graph = Graph::new();
        let f = graph.parse(text).unwrap();
        let forward = f.diff("x").unwrap();
        let reverse = f.gradient(&["x"]).unwrap()[0];
        for (form, d) in [
            ("forward", forward),
            ("reverse", reverse),
            ("simplified", forward.simplify()),
        ] {
            let (_, program) = both(&[f, d], UNFUSED);
            // exp(-x)*(exp(x) + ...)*(...): the sum above the line is not known to be one that a share undoes.
            if text.starts_with("log(exp(x)/") && form == "simplified" {
                continue;
            }
            for x in [-800.0, -30.0, -1.0, 0.0, 2.0, 30.0, 800.0] {
                let (point, expected) = ([x, 0.5, -0.25], slope(x));
                let dual = program.directional(&point, &[1.0, 0.0, 0.0])[0].slope;
                for (road, found) in [(form, run(&program, &point)[1]), ("dual", dual)] {
                    // The difference of two shares loses what they have in common.
                    if (found - expected).abs() > 1e-13 * expected.abs() + 1e-15 || found.is_nan() {
                        wrong.push(format!(
                            "{text} {road} ({d}) at {x}: {found}, not {expected}"
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_branch_not_taken_never_matters() {
    let cases = [
        ("if(x > 0, x*log(x), 0)", [0.0, 0.0]),
        ("if(x == 0, 1, sin(x)/x)", [1.0, 0.0]),
        ("if(x < 1, x^2, exp(1/x)/x)", [0.0, 0.0]),
        ("if(x > 0, sqrt(x), -x) + 0*y", [-0.0, -1.0]),
        ("max(x, 1/x - 1/x^2)*if(x == 0, 0, 1/x)", [0.0, 0.0]),
        ("x*log(x)", [0.0, f64::NEG_INFINITY]),
        ("x^2*log(x)", [0.0, 0.0]),
        ("y*x^2*log(x)*z", [-0.0, 0.0]),
        // The other factor is infinite too: there is no limit.
        ("x*(log(x)*exp(1/x^2))", [f64::NAN, f64::NAN]),
    ];
    for (text, [value, slope]) in cases {
        let graph = Graph::new();
        let f = graph.parse(text).unwrap();
        let roots = [f, f.diff("x").unwrap()];
        for options in [FUSED, UNFUSED, Options::PLAIN] {
            let (schedule, program) = both(&roots, options);
            let found = run(&program, &[0.0, 0.5, -0.25]);
            let plain = schedule.values(&[0.0, 0.5, -0.25]);
            assert_eq!(format!("{found:?}"), format!("{plain:?}"), "{text}");
            if !value.is_nan() {
                assert_eq!(found[0], value, "{text}");
                assert_eq!(found[1], slope, "{text}'");
            }
        }
    }
}

/// How many instructions the value and the gradient of a formula take.
fn size_of(text: &str, names: &[String]) -> usize {
    let graph = Graph::new();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let f = graph.parse(text).unwrap();
    let mut roots: Vec<Id> = vec![f.id()];
    roots.extend(f.gradient(&names).unwrap().iter().map(|d| d.id()));
    let variables = variables(&graph, &names);
    let program = Program::new(&graph.arena(), &roots, &variables, FUSED).unwrap();
    check_structure(&program);
    program.instructions().len()
}

#[test]
fn programs_grow_as_their_formulas() {
    let names = |n: usize| -> Vec<String> { (0..n).map(|i| format!("x_{i}")).collect() };
    let rosenbrock = |n: usize| {
        let term = |i: usize| format!("100*(x_{} - x_{i}^2)^2 + (1 - x_{i})^2", i + 1);
        (0..n - 1).map(term).collect::<Vec<_>>().join(" + ")
    };
    // The sums exp(x_0), exp(x_0) + exp(x_1), ... each under a logarithm of its own.
    let cumulative = |n: usize| {
        let sum = |i: usize| {
            (0..=i)
                .map(|k| format!("exp(x_{k})"))
                .collect::<Vec<_>>()
                .join(" + ")
        };
        (0..n)
            .map(|i| format!("log({})", sum(i)))
            .collect::<Vec<_>>()
            .join(" + ")
    };
    let logsumexp = |n: usize| {
        format!(
            "log({})",
            (0..n)
                .map(|k| format!("exp(x_{k})"))
                .collect::<Vec<_>>()
                .join(" + ")
        )
    };
    type Family<'a> = (&'a str, &'a dyn Fn(usize) -> String, usize, f64);
    let families: [Family; 3] = [
        ("rosenbrock", &rosenbrock, 500, 2.02),
        ("logsumexp", &logsumexp, 500, 2.02),
        // Careful forms for a part of them, as far as the budget goes.
        ("cumulative", &cumulative, 100, 3.0),
    ];
    for (what, text, n, most) in families {
        let [small, large] = [n, 2 * n].map(|n| size_of(&text(n), &names(n)));
        let ratio = large as f64 / small as f64;
        assert!(ratio < most, "{what}: {small} instructions, then {large}");
    }
}

/// Also without recursion: a chain as deep as it is long.
#[test]
fn a_million_instructions() {
    const SIZE: usize = 1_000_000;
    let mut arena = gradus::expr::Arena::new();
    let (x, y) = (arena.symbol("x"), arena.symbol("y"));
    let (mut chain, mut sum) = (x, y);
    for k in 0..SIZE / 4 {
        chain = arena.call(Function::Sin, chain);
        let factor = arena.number(k as i64 + 2);
        let term = arena.mul(factor, chain);
        let term = arena.call(Function::Tanh, term);
        sum = arena.add(sum, term);
    }
    let variables = [
        arena.find_symbol("x").unwrap(),
        arena.find_symbol("y").unwrap(),
    ];
    let program = Program::new(&arena, &[sum], &variables, FUSED).unwrap();
    assert_eq!(program.instructions().len(), SIZE);
    assert!(program.slots() <= 5);
    let mut scratch = vec![0.0; program.registers()];
    assert!(program.run_in(&[0.5f64, 0.25], &mut scratch)[0].is_finite());
}
