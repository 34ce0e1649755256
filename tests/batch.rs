//! Programs over columns: to the last bit the scalar interpreter with the vector functions in it.

mod common;

use common::arbitrary_expression;
use gradus::expr::Id;
use gradus::program::batch::fold::{Fold, Kind, Totals};
use gradus::program::batch::{Batch, BatchError, Level, apply, apply_pow};
use gradus::program::{Op, Options, Place, Program};
use gradus::{Expr, Function, Graph};
use proptest::prelude::*;
use rayon::ThreadPoolBuilder;

const NAMES: [&str; 3] = ["x", "y", "z"];

/// Operations that are the same everywhere.
const EXACT: &[Function] = &[
    Function::Abs,
    Function::Sign,
    Function::Floor,
    Function::Ceil,
    Function::Round,
    Function::Min,
    Function::Max,
    Function::Mod,
    Function::Relu,
    Function::Step,
    Function::Less,
    Function::GreaterEqual,
    Function::Equal,
];

fn options(fuse: bool) -> Options {
    Options {
        fuse,
        ..Options::default()
    }
}

fn program(roots: &[Expr<'_>], options: Options) -> Program {
    let graph = roots[0].graph();
    let variables = NAMES.map(|name| graph.arena_mut().symbol_id(name));
    let ids: Vec<Id> = roots.iter().map(|root| root.id()).collect();
    Program::new(&graph.arena(), &ids, &variables, options).unwrap()
}

/// The program of a formula and its gradient.
fn with_gradient(text: &str, options: Options) -> Program {
    let graph = Graph::new();
    let f = graph.parse(text).unwrap();
    let mut roots = vec![f];
    roots.extend(f.gradient(&NAMES).unwrap());
    program(&roots, options)
}

/// Columns of numbers between -3 and 3, with some special ones among them.
fn columns(points: usize) -> [Vec<f64>; 3] {
    const SPECIAL: [f64; 8] = [
        0.0,
        -0.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e-310,
        1e300,
        -2.0,
    ];
    [0.618, 0.414, 0.732].map(|step| {
        (0..points)
            .map(|i| match i % 7 {
                3 => SPECIAL[(i as f64 * step * 5.0) as usize % SPECIAL.len()],
                _ => 6.0 * ((i as f64 * step) % 1.0) - 3.0,
            })
            .collect()
    })
}

fn run(batch: &Batch, inputs: &[Vec<f64>], points: usize, outputs: usize) -> Vec<Vec<f64>> {
    let inputs: Vec<&[f64]> = inputs.iter().map(|column| &column[..points]).collect();
    // NaN of a kind that no operation makes: a number that is not written would be seen.
    let mut results = vec![vec![f64::from_bits(0x7ff4_dead_beef_0000); points]; outputs];
    let mut slices: Vec<&mut [f64]> = results.iter_mut().map(|column| &mut column[..]).collect();
    batch.run(&inputs, &mut slices).unwrap();
    results
}

/// One point by the scalar interpreter.
fn interpreted(program: &Program, point: &[f64]) -> Vec<f64> {
    let mut scratch = vec![0.0; program.registers()];
    program.run_in(point, &mut scratch).to_vec()
}

/// One point, an instruction at a time, with the functions of the batch backend.
fn reference(program: &Program, level: Level, point: &[f64]) -> Vec<f64> {
    let mut registers = vec![f64::NAN; program.registers()];
    registers[..program.constants().len()].copy_from_slice(program.constants());
    registers[program.constants().len()..][..point.len()].copy_from_slice(point);
    for instruction in program.instructions() {
        let [a, b, c] = instruction
            .operands
            .map(|operand| registers[operand.index()]);
        let constant = matches!(program.place(instruction.operands[1]), Place::Constant(_))
            && !matches!(program.place(instruction.operands[0]), Place::Constant(_));
        let mut value = [0.0];
        registers[instruction.target.index()] = match instruction.op {
            Op::Call(f) => {
                apply(f, level, &[&[a][..], &[b]][..f.arity()], &mut value).unwrap();
                value[0]
            }
            Op::Pow => {
                apply_pow(level, [&[a], &[b]], &mut value).unwrap();
                match b {
                    _ if !constant || a == 0.0 || a == f64::NEG_INFINITY => value[0],
                    -1.5 | -0.5 if !(1e-200..=1e200).contains(&a.abs()) => a.powf(b),
                    -1.5 => 1.0 / (a * a.sqrt()),
                    -0.5 => 1.0 / a.sqrt(),
                    1.5 => a * a.sqrt(),
                    2.5 => a * a * a.sqrt(),
                    _ => value[0],
                }
            }
            Op::Copy => a,
            Op::Neg => -a,
            Op::Sqrt => (a + 0.0).sqrt(),
            Op::Add => a + b,
            Op::Sub => a - b,
            Op::Mul => a * b,
            Op::Div => a / b,
            Op::MulAdd => a.mul_add(b, c),
            Op::MulSub => a.mul_add(b, -c),
            Op::NegMulAdd => (-a).mul_add(b, c),
            Op::Select if a.is_nan() => f64::NAN,
            Op::Select => {
                if a == 0.0 {
                    c
                } else {
                    b
                }
            }
            Op::Fill if a.is_nan() && b == 0.0 && c.is_infinite() => 0.0,
            Op::Fill => a,
            Op::ImaginaryUnit => unreachable!("programs of real numbers"),
        };
    }
    registers[registers.len() - program.outputs()..].to_vec()
}

fn same_bits(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Every point of a batch against a scalar evaluation, by every copy.
fn check(program: &Program, points: usize, exact: bool) {
    let inputs = columns(points);
    for level in Level::available() {
        let batch = Batch::with_level(program, level).unwrap();
        let found = run(&batch, &inputs, points, program.outputs());
        let by_loops = run(&batch.with_loops(), &inputs, points, program.outputs());
        for i in 0..points {
            let point = [inputs[0][i], inputs[1][i], inputs[2][i]];
            let expected = match exact {
                true => interpreted(program, &point),
                false => reference(program, level, &point),
            };
            for (column, &expected) in found.iter().chain(&by_loops).zip(expected.iter().cycle()) {
                assert!(
                    same_bits(column[i], expected),
                    "point {i}, {point:?}, with {level}: {:?} instead of {expected:?}",
                    column[i]
                );
            }
        }
    }
}

const FORMULAS: &[&str] = &[
    "x",
    "3",
    "-x",
    "x^2*y + y^3 - z^7/x^5",
    "(x + y)^31 - (x - y)^(-32)",
    "x^(5/2) + z^(1/3) + y^(-1/2) + (x*y)^(-3/2) + z^(3/2)",
    "exp(-x^2/2)*sin(x*y) + sqrt(x^2 + y^2)",
    "log(x)/sqrt(y) + sqrt(z)*y^(3/2) - (x*z)^(-3/2)/sqrt(x*z) + sqrt(x)^5",
    "sin(x)*cos(x) + cos(y)*sin(y) + sin(x*y)*cos(x - y)",
    "cos(sin(x)) + sin(sin(x)) + cos(cos(x))*sin(cos(x))*sin(z)*cos(z)",
    "x*log(x) + y^2*log(y)*z",
    "x^y + y^x + 2^x",
    "if(x < y, log(x), 1/(x - y))",
    "max(x, 2)*min(y, z) + abs(x - z) + relu(z) + hypot(x, 3) + atan2(2, y)",
    "gamma(y) + mod(x, 3) + mod(x, y) + polygamma(1, z)",
    "erf(x) + normcdf(z) + tanh(x*y)",
    // A constant as a column, where a slot was free again: it was filled before the slot was used, not after.
    "(2*x*(1/x + x) >= -relu(abs(x^2))) - (1 - step(max(-relu(abs(x^2)), 1)))",
];

/// A program of `count` variables and their gradient, of which much is alive at once.
fn with_many_columns(count: usize, fuse: bool) -> Program {
    let graph = Graph::new();
    let names: Vec<String> = (0..count).map(|k| format!("x{k}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let terms = (0..count).map(|k| {
        let (next, far) = ((k + 1) % count, (k + 5) % count);
        format!("(x{k}*x{next} - {k})*(x{far} + sqrt(x{k}^2 + 1))/(2 + x{next}^2)")
    });
    let text = terms.collect::<Vec<_>>().join(" + ");
    let text = format!("({text})*(x0 - x1)*sin(({text}) - x2) - ({text})^3");
    let f = graph.parse(&text).unwrap();
    let mut roots = vec![f];
    roots.extend(f.gradient(&names).unwrap());
    let ids: Vec<Id> = roots.iter().map(|root| root.id()).collect();
    let variables: Vec<_> = (names.iter())
        .map(|name| graph.arena_mut().symbol_id(name))
        .collect();
    Program::new(&graph.arena(), &ids, &variables, options(fuse)).unwrap()
}

/// More columns than registers for their addresses, more values than vector registers.
#[test]
fn loops_of_many_columns_are_the_same_to_the_last_bit() {
    for count in [3, 9, 30] {
        for fuse in [false, true] {
            let program = with_many_columns(count, fuse);
            let points = 203;
            let inputs: Vec<Vec<f64>> = (0..count)
                .map(|k| {
                    let value = |i: usize| ((i * (k + 3)) as f64 * 0.618) % 4.0 - 2.0;
                    (0..points).map(value).collect()
                })
                .collect();
            for level in Level::available() {
                let batch = Batch::with_level(&program, level).unwrap();
                let plain = batch.clone().without_loops();
                let expected = run(&plain, &inputs, points, program.outputs());
                let found = run(&batch.with_loops(), &inputs, points, program.outputs());
                for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
                    assert!(
                        same_bits(*found, *expected),
                        "{count} columns, {level}: {found:?} instead of {expected:?}"
                    );
                }
            }
        }
    }
}

/// Blocks are longer with loops; what is added up together is not.
#[test]
fn sums_are_the_same_with_loops() {
    for text in [
        "exp(-x*y)*z^2/(1 + x^2) - log(1 + y^2)*cos(x*z)*sin(x*z) + x^3*(y - z)^2/(3 + sin(y))",
        "x^3*(y - z)^2 + x*y^2*z - 7*x*y",
    ] {
        let program = with_gradient(text, options(true));
        let points = 5_003;
        let inputs = columns(points).map(|column| -> Vec<f64> {
            let finite = |x: f64| if x.abs() < 10.0 { x } else { 0.5 };
            column.into_iter().map(finite).collect()
        });
        let columns = [&inputs[0][..], &inputs[1]];
        let folds = [Fold {
            kind: Kind::Sum,
            slopes: 3,
        }];
        for loops in [false, true] {
            let with = |batch: Batch| match loops {
                true => batch.with_loops(),
                false => batch.without_loops(),
            };
            let batch = with(Batch::new(&program).unwrap());
            let all = [columns[0], columns[1], &inputs[2]];
            let sums = batch.sums(&all, points).unwrap();
            let plain = Batch::new(&program).unwrap().sums(&all, points).unwrap();
            assert_eq!(sums, plain);
            let total = |batch: Batch| {
                let mut totals = Totals::new(&folds);
                (batch.fold(&folds, &columns, &[0.75], points, &mut totals)).unwrap();
                (totals.value(0), totals.slopes(0).collect::<Vec<f64>>())
            };
            let batch = Batch::with_numbers(&program, 2).unwrap();
            assert_eq!(total(with(batch.clone())), total(batch));
        }
    }
}

/// From kernels to loops, from one thread to several, from any place in a line of the cache.
#[test]
fn any_number_of_points_gives_the_same_bits() {
    let program = with_gradient("x^2*y - exp(-x*y)/(1 + z^2) + x^(-3/2)", options(true));
    let points = 200_003;
    let inputs = columns(points);
    let batch = Batch::new(&program).unwrap();
    let expected = run(&batch.clone().without_loops(), &inputs, 20_001, 4);
    for points in [1, 8, 100, 20_001, 100, points] {
        let found = run(&batch, &inputs, points, 4);
        for (found, expected) in found.iter().zip(&expected) {
            for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
                assert!(same_bits(*found, *expected), "point {i} of {points}");
            }
        }
    }
    for start in 1..9 {
        let part: Vec<&[f64]> = inputs.iter().map(|column| &column[start..20_001]).collect();
        let mut results = vec![vec![0.0; 20_001]; 4];
        let mut slices: Vec<&mut [f64]> = (results.iter_mut())
            .map(|column| &mut column[start..])
            .collect();
        batch.run(&part, &mut slices).unwrap();
        for (found, expected) in results.iter().zip(&expected) {
            let pairs = found[start..].iter().zip(&expected[start..]);
            assert!(
                pairs.into_iter().all(|(a, b)| same_bits(*a, *b)),
                "from {start}"
            );
        }
    }
    let alone = run(&batch.clone().sequential(), &inputs, points, 4);
    let all = run(&batch, &inputs, points, 4);
    for (alone, all) in alone.iter().flatten().zip(all.iter().flatten()) {
        assert!(same_bits(*alone, *all));
    }
}

#[test]
fn formulas_are_composed_of_vector_functions() {
    for text in FORMULAS {
        for fuse in [false, true] {
            check(&with_gradient(text, options(fuse)), 300, false);
        }
    }
}

#[test]
fn every_number_of_points() {
    let program = with_gradient("x^2*y + sin(x)*cos(x) - z^7/x^5", Options::default());
    for points in (0..10).chain([63, 64, 65, 127, 128, 129, 511, 512, 513, 1500]) {
        check(&program, points, false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Without functions that have vector forms of their own the scalar interpreter itself is met.
    #[test]
    fn random_programs_are_interpreted_to_the_last_bit(recipe in arbitrary_expression(EXACT, 40), fuse in any::<bool>()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let program = program(&[f, f * graph.symbol("x")], options(fuse));
        let other = |op| matches!(op, Op::Pow) || matches!(op, Op::Call(f) if !EXACT.contains(&f));
        if !program.needs_complex() && !program.instructions().iter().any(|i| other(i.op)) {
            check(&program, 40, true);
        }
    }

    #[test]
    fn random_programs_are_composed_of_vector_functions(recipe in arbitrary_expression(Function::ALL, 30), fuse in any::<bool>()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let program = program(&[f, f * graph.symbol("x")], options(fuse));
        if !program.needs_complex() {
            check(&program, 20, false);
        }
    }
}

/// Value and partial derivatives at random points, from mpmath at 60 digits.
const TARGET: [[f64; 5]; 20] = [
    [
        0.9832135591176154,
        1.9342959140858351,
        1.077262440494415,
        0.8132909017534948,
        0.6278689382222141,
    ],
    [
        2.361548524525573,
        3.5396022702164025,
        1.6615105473585623,
        -0.27096499930654233,
        0.2168882006177546,
    ],
    [
        1.9191885979194456,
        3.378599973323336,
        1.7382480598244823,
        -0.24039736923943952,
        0.2682188277743139,
    ],
    [
        -3.767958173731082,
        -0.2750187649751572,
        0.18774831147527354,
        -0.02106108244124299,
        -0.9649572207385704,
    ],
    [
        3.5468537359865095,
        1.1917964250953936,
        0.7977434724289292,
        -0.06479742613071299,
        0.43168252653261185,
    ],
    [
        3.2072039340049816,
        -3.094352282774845,
        1.3692643115847776,
        -0.20546404196189738,
        -0.19048582302543823,
    ],
    [
        -0.24744761774269008,
        -2.0274173390413575,
        0.2692336784526176,
        -1.681918417032124,
        0.044406932616529934,
    ],
    [
        0.3500868738874434,
        0.5915295034248063,
        0.2986332854978912,
        0.5641286846131679,
        -1.2903123473237508,
    ],
    [
        -3.8950864832887824,
        -2.2661615962892148,
        1.0862715869359223,
        0.13553888853038573,
        -0.2167532500642818,
    ],
    [
        -1.7641410719111175,
        3.3307629744684153,
        1.7612599508886886,
        0.21436972263287465,
        0.2851348762424711,
    ],
    [
        2.125803613033134,
        -2.723166301135694,
        1.5075672768059483,
        -0.18696610667261787,
        -0.3034849986248884,
    ],
    [
        2.377175931449636,
        -2.8898606528087747,
        1.5032319110568981,
        -0.2174461036494818,
        -0.2617169854086282,
    ],
    [
        0.9396201637289332,
        -2.9864061395978423,
        1.5932449130692432,
        0.5601638901477735,
        -0.42778826814223064,
    ],
    [
        -3.985801102379723,
        2.9712379577942567,
        1.2047087392319853,
        0.16312669435814622,
        0.16263790033508163,
    ],
    [
        -2.324348940039057,
        -2.276150646202142,
        1.3311463178501532,
        0.15406784859241163,
        -0.3277917751656398,
    ],
    [
        3.859368870607402,
        2.979262123494415,
        1.2270113236886313,
        -0.16889042761581066,
        0.16713014121825298,
    ],
    [
        -1.685558658024588,
        3.691823911600668,
        1.8787701086588724,
        0.2345258660896056,
        0.2685934655988656,
    ],
    [
        0.31378775096648504,
        1.4226438180047385,
        -0.09415267725002822,
        0.46043849055824404,
        0.44014423751610016,
    ],
    [
        -2.3617638837296573,
        3.5278080087039925,
        1.6587646880947058,
        0.2701355671734111,
        0.21824984199902878,
    ],
    [
        1.525135528855266,
        3.7325144985375633,
        1.9238024065500088,
        -0.184552748002086,
        0.28596780206918204,
    ],
];

#[test]
fn the_error_of_a_common_formula_is_small() {
    let text = "exp(-(x^2+y^2)/2)*sin(3*x)*cos(2*y) + log(1+x^2*y^2)/sqrt(1+x^2)";
    for fuse in [false, true] {
        let program = with_gradient(text, options(fuse));
        let inputs: Vec<Vec<f64>> = (0..3)
            .map(|k| {
                TARGET
                    .iter()
                    .map(|row| if k < 2 { row[k] } else { 0.0 })
                    .collect()
            })
            .collect();
        for level in Level::available() {
            let batch = Batch::with_level(&program, level).unwrap();
            let found = run(&batch, &inputs, TARGET.len(), 4);
            for (i, row) in TARGET.iter().enumerate() {
                for k in 0..3 {
                    let error = (found[k][i] - row[2 + k]).abs();
                    assert!(
                        error < 3e-15,
                        "output {k} at {row:?} with {level}: {error:e} off"
                    );
                }
            }
        }
    }
}

#[test]
fn threads_change_nothing() {
    let program = with_gradient("exp(-x^2/2)*sin(x*y) + z^3/(1 + x^2)", Options::default());
    let batch = Batch::new(&program).unwrap();
    let points = 40_001;
    let finite = |column: &Vec<f64>| {
        column
            .iter()
            .map(|x| if x.abs() < 10.0 { *x } else { 0.5 })
            .collect()
    };
    let inputs: Vec<Vec<f64>> = columns(points).iter().map(finite).collect();
    let slices: Vec<&[f64]> = inputs.iter().map(|column| &column[..]).collect();
    let alone = batch.clone().sequential();
    let values = run(&alone, &inputs, points, 4);
    let sums = alone.sums(&slices, points).unwrap();
    for threads in 1..=3 {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            assert_eq!(run(&batch, &inputs, points, 4), values);
            assert_eq!(batch.sums(&slices, points).unwrap(), sums);
        });
    }
    for (column, sum) in values.iter().zip(&sums) {
        let plain: f64 = column.iter().sum();
        let scale: f64 = column.iter().map(|x| x.abs()).sum();
        assert!((plain - sum).abs() <= 1e-11 * scale, "{plain} {sum}");
    }
}

#[test]
fn sums_keep_what_plain_ones_lose() {
    let graph = Graph::new();
    let roots = [graph.parse("x").unwrap(), graph.parse("1/x").unwrap()];
    let batch = Batch::new(&program(&roots, Options::default())).unwrap();
    let zeros = vec![0.0; 30_000];
    let mut x = vec![1.0; 30_000];
    (x[7], x[29_000]) = (1e17, -1e17);
    let sums = batch.sums(&[&x, &zeros, &zeros], 30_000).unwrap();
    assert_eq!(sums, [29_998.0, 29_998.0]);
    let means = batch.means(&[&x, &zeros, &zeros], 30_000).unwrap();
    assert_eq!(means, [29_998.0 / 30_000.0; 2]);
    x[100] = 0.0;
    assert_eq!(
        batch.sums(&[&x, &zeros, &zeros], 30_000).unwrap()[1],
        f64::INFINITY
    );
    x[101] = f64::NAN;
    assert!(batch.sums(&[&x, &zeros, &zeros], 30_000).unwrap()[0].is_nan());
    assert_eq!(batch.sums(&[&[], &[], &[]], 0).unwrap(), [0.0, 0.0]);
    assert!(batch.means(&[&[], &[], &[]], 0).unwrap()[0].is_nan());
}

#[test]
fn wrong_columns_are_refused() {
    let program = with_gradient("x*y", Options::default());
    let batch = Batch::new(&program).unwrap();
    let (x, mut out) = ([1.0; 3], [[0.0; 3]; 4]);
    let mut outputs: Vec<&mut [f64]> = out.iter_mut().map(|column| &mut column[..]).collect();
    assert_eq!(
        batch.run(&[&x, &x], &mut outputs),
        Err(BatchError::Columns {
            what: "input",
            expected: 3,
            found: 2
        })
    );
    assert_eq!(
        batch.run(&[&x, &x[..2], &x], &mut outputs),
        Err(BatchError::Length {
            what: "input",
            index: 1,
            expected: 3,
            found: 2
        })
    );
    assert_eq!(
        batch.run(&[&x, &x, &x], &mut outputs[..3]),
        Err(BatchError::Columns {
            what: "output",
            expected: 4,
            found: 3
        })
    );
    let mut short = [0.0; 2];
    outputs[2] = &mut short;
    assert_eq!(
        batch.run(&[&x, &x, &x], &mut outputs),
        Err(BatchError::Length {
            what: "output",
            index: 2,
            expected: 3,
            found: 2
        })
    );
    assert!(batch.sums(&[&x, &x, &x], 2).is_err());

    let graph = Graph::new();
    let complex = self::program(&[graph.parse("i*x").unwrap()], Options::PLAIN);
    assert_eq!(Batch::new(&complex).err(), Some(BatchError::NeedsComplex));
}
