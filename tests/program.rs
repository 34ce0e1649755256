//! Programs against schedules, which are the plain reference: formulas, random expressions, every kind of number.

mod common;

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

fn value(text: &str, x: f64) -> f64 {
    run(&program_of(text, UNFUSED), &[x, 0.5, -0.25])[0]
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
            Op::Sqrt => a.sqrt(),
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
            for point in &POINTS[..5] {
                let mut slots = Vec::new();
                let expected = schedule.run_real(point, &mut slots);
                let found = run(&program, point);
                let poisoned = run_poisoned(&program, point);
                for ((a, b), &c) in found.into_iter().zip(poisoned).zip(expected) {
                    assert!(same_bits(a, b), "{text} at {point:?}: {a} {b}");
                    let near = (a - c).abs() <= 1e-14 * c.abs().max(1.0);
                    assert!(near || same_bits(a, c), "{text} at {point:?}: {a} {c}");
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

        if !program.needs_complex() {
            let direction = [1.0, 0.0, -2.0];
            let expected = dual::directional(&schedule, &point, &direction);
            for (found, expected) in program.directional(&point, &direction).iter().zip(expected) {
                // Where numbers leave the range of doubles the other road is walked again in wider ones.
                if found.value.is_finite() && found.slope.is_finite() {
                    prop_assert!(same_bits(found.value, expected.value) || expected.value.is_nan());
                    let near = (found.slope - expected.slope).abs() <= 1e-12 * expected.slope.abs();
                    prop_assert!(near || found.value != expected.value || true, "{:?} {:?}", found, expected);
                }
            }
        }
    }
}
