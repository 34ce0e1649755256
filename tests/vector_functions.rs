//! Every vector function in every copy: against values of high precision, against the table, and at special arguments.

use gradus::expr::Function;
use gradus::functions::{Real, row};
use gradus::program::batch::{Level, apply, apply_pow};
use serde_json::Value;

/// What has a loop of its own: the functions of the table, and `x^y`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kernel {
    Call(Function),
    Pow,
}

impl Kernel {
    fn all() -> impl Iterator<Item = Kernel> {
        let functions = Function::ALL.iter().copied().map(Kernel::Call);
        functions.chain([Kernel::Pow])
    }

    fn name(self) -> &'static str {
        match self {
            Kernel::Call(function) => function.name(),
            Kernel::Pow => "pow",
        }
    }

    fn arity(self) -> usize {
        match self {
            Kernel::Call(function) => function.arity(),
            Kernel::Pow => 2,
        }
    }

    fn at(self, level: Level, points: &[[f64; 2]]) -> Vec<f64> {
        let columns = [0, 1].map(|k| points.iter().map(|p| p[k]).collect::<Vec<f64>>());
        let [x, y] = [&columns[0][..], &columns[1][..]];
        let mut values = vec![0.0; points.len()];
        match self {
            Kernel::Call(f) => apply(f, level, &[x, y][..f.arity()], &mut values).unwrap(),
            Kernel::Pow => apply_pow(level, [x, y], &mut values).unwrap(),
        }
        values
    }

    fn scalar(self, [x, y]: [f64; 2]) -> f64 {
        match self {
            Kernel::Pow => x.powf(y),
            Kernel::Call(function) => match row(function).real {
                Real::One(f) => f(x),
                Real::Two(f) => f(x, y),
            },
        }
    }

    /// How far the table itself may be off, where that is more than a unit: found with values of 60 digits.
    fn table_error(self) -> u64 {
        use Function::*;
        match self {
            Kernel::Call(Asec | Acsc | Asech | Acsch | Acosh | Asinh | Atanh | Acoth) => 4,
            Kernel::Call(Sech | Csch | Coth | Sigmoid | Softplus | NormalCdf) => 4,
            Kernel::Call(NormalPdf) => 6,
            Kernel::Call(_) | Kernel::Pow => 2,
        }
    }
}

/// The copies that this machine can run. Says which ones it cannot.
fn levels() -> Vec<Level> {
    let levels = Level::available();
    if cfg!(target_arch = "x86_64") && levels.len() < 3 {
        let best = levels.last().unwrap();
        println!("this machine has {best} at most: copies for more are not tested");
    }
    levels
}

/// The distance to the next double away from 0.
fn unit(x: f64) -> f64 {
    let x = x.abs();
    match x == f64::MAX {
        true => x - x.next_down(),
        false => x.next_up() - x,
    }
}

/// How many doubles lie between two; many if one is NaN and the other is not.
fn apart(a: f64, b: f64) -> u64 {
    let place = |x: f64| match x.to_bits() {
        bits if bits >> 63 == 1 => -((bits & (u64::MAX >> 1)) as i64),
        bits => bits as i64,
    };
    match (a.is_nan(), b.is_nan()) {
        (true, true) => 0,
        (false, false) => place(a).abs_diff(place(b)),
        _ => u64::MAX,
    }
}

/// Found maxima over some 10,000 arguments a function, rounded up: 2 is promised.
fn bound(name: &str) -> f64 {
    match name {
        "cbrt" => 0.51,
        "log2" | "log10" => 0.75,
        "log" | "log1p" | "sigmoid" | "atanh" | "acoth" | "asech" | "acosh" | "normpdf" => 0.95,
        "exp" | "asinh" | "pow" | "hypot" | "softplus" | "asin" | "acos" | "cosh" => 1.2,
        "asec" | "acsc" | "acsch" | "csc" | "sec" | "expm1" => 1.9,
        _ => 1.5,
    }
}

#[test]
fn values_of_high_precision() {
    let reference: Value = serde_json::from_str(include_str!("data/vector_values.json")).unwrap();
    for (name, entries) in reference.as_object().unwrap() {
        let kernel = Kernel::all().find(|kernel| kernel.name() == name).unwrap();
        let entries: Vec<Vec<String>> = serde_json::from_value(entries.clone()).unwrap();
        let numbers = |entry: &Vec<String>| entry.iter().map(|x| x.parse().unwrap()).collect();
        let entries: Vec<Vec<f64>> = entries.iter().map(numbers).collect();
        let points: Vec<[f64; 2]> = (entries.iter())
            .map(|e| [e[0], if kernel.arity() == 2 { e[1] } else { 0.0 }])
            .collect();
        for level in levels() {
            for (entry, value) in entries.iter().zip(kernel.at(level, &points)) {
                let [.., nearest, rest] = entry[..] else {
                    panic!("{entry:?}")
                };
                let error = ((value - nearest) / unit(nearest) - rest).abs();
                let most = bound(name);
                assert!(
                    error <= most,
                    "{name}{:?} = {value:?} with {level}: {error} units off, at most {most}",
                    &entry[..entry.len() - 2]
                );
            }
        }
    }
}

/// The values by which the table itself is tested.
#[test]
fn values_of_the_table() {
    let reference: Value = serde_json::from_str(include_str!("data/function_values.json")).unwrap();
    for kernel in Kernel::all().filter(|&kernel| kernel != Kernel::Pow) {
        let entries = reference[kernel.name()]["real"].as_array().unwrap();
        let number = |text: &Value| text.as_str().unwrap().parse::<f64>().unwrap();
        let points: Vec<[f64; 2]> = (entries.iter())
            .map(|e| [number(&e[0][0]), e[0].get(1).map_or(0.0, number)])
            .collect();
        for level in levels() {
            for (entry, value) in entries.iter().zip(kernel.at(level, &points)) {
                let expected = number(&entry[1]);
                let tolerance = match kernel {
                    Kernel::Call(Function::Gamma | Function::Digamma) => 5,
                    Kernel::Call(Function::Lgamma) => 8,
                    Kernel::Call(Function::Polygamma) => 800,
                    _ => 2,
                };
                assert!(
                    apart(value, expected) <= tolerance,
                    "{}({}) = {value:?}, not {expected:?}, with {level}",
                    kernel.name(),
                    entry[0]
                );
            }
        }
    }
}

/// A generator of pseudorandom numbers (Steele, Lea and Flood 2014, `splitmix`).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Any double at all, near 1, or of a size that a formula sees.
    fn number(&mut self, kind: usize) -> f64 {
        match kind % 4 {
            0 => f64::from_bits(self.bits()),
            1 => self.between(-1.0, 1.0) * self.between(-60.0, 60.0).exp2(),
            2 => self.between(-10.0, 10.0),
            _ => 1.0 + self.between(-0.5, 0.5) * self.between(-50.0, 1.0).exp2(),
        }
    }
}

#[test]
fn random_arguments_against_the_table() {
    const EACH: usize = 40_000;
    let mut random = Random(1);
    for kernel in Kernel::all() {
        if matches!(kernel, Kernel::Call(Function::Polygamma)) {
            continue; // slow, and its loop calls the table
        }
        let points: Vec<[f64; 2]> = (0..EACH)
            .map(|i| [random.number(i), random.number(i / 4)])
            .collect();
        let expected: Vec<f64> = points.iter().map(|&p| kernel.scalar(p)).collect();
        for level in levels() {
            let values = kernel.at(level, &points);
            for ((point, value), &expected) in points.iter().zip(values).zip(&expected) {
                assert!(
                    apart(value, expected) <= 2 + kernel.table_error(),
                    "{}({:?}) = {value:?} with {level}, but {expected:?} in the table",
                    kernel.name(),
                    &point[..kernel.arity()]
                );
            }
        }
    }
}

/// Zeros, ends, poles, halves, whole numbers, and what is next to them, of both signs.
fn special() -> Vec<f64> {
    let mut numbers = vec![
        0.0,
        f64::INFINITY,
        f64::NAN,
        5e-324,
        f64::MIN_POSITIVE,
        f64::MAX,
    ];
    numbers.extend([
        f64::MIN_POSITIVE.next_down(),
        1e-310,
        1e-17,
        1e-9,
        0.1,
        0.25,
        0.46,
        1.25,
    ]);
    numbers.extend([
        0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 10.0, 100.0, 1e22, 1e300, 1.6e6, 1e154,
    ]);
    numbers.extend([
        4503599627370495.5,
        4503599627370496.0,
        9007199254740991.0,
        9007199254740992.0,
        1e9,
        22.0,
        40.0,
    ]);
    numbers.extend([
        745.13, 745.14, 709.78, 709.79, 710.47, 710.48, 27.22, 27.23, 38.57, 38.58, 1e21, 1024.0,
        1074.0,
    ]);
    numbers.extend([
        std::f64::consts::PI,
        std::f64::consts::FRAC_PI_2,
        std::f64::consts::FRAC_PI_4,
        std::f64::consts::LN_2,
    ]);
    let beside: Vec<f64> = (numbers.iter())
        .flat_map(|x| [x.next_up(), x.next_down()])
        .collect();
    numbers.extend(beside);
    let negative: Vec<f64> = numbers.iter().map(|x| -x).collect();
    numbers.extend(negative);
    numbers
}

#[test]
fn special_arguments_against_the_table() {
    for kernel in Kernel::all() {
        if matches!(kernel, Kernel::Call(Function::Polygamma)) {
            continue;
        }
        let numbers = special();
        let points: Vec<[f64; 2]> = match kernel.arity() {
            1 => numbers.iter().map(|&x| [x, 0.0]).collect(),
            _ => (numbers.iter())
                .flat_map(|&x| numbers.iter().map(move |&y| [x, y]))
                .collect(),
        };
        for level in levels() {
            for (&point, value) in points.iter().zip(kernel.at(level, &points)) {
                let expected = kernel.scalar(point);
                // Zeros have a sign. The table's functions make it as IEEE 754 wants; of equal zeros min and max take one.
                let right = match expected == 0.0 && value == 0.0 {
                    true => {
                        expected.to_bits() == value.to_bits()
                            || matches!(kernel, Kernel::Call(Function::Min | Function::Max))
                    }
                    false => apart(value, expected) <= 2 + kernel.table_error(),
                };
                assert!(
                    right && (expected == 0.0) <= (value.abs() <= 2e-323),
                    "{}({:?}) = {value:?} with {level}, but {expected:?} in the table",
                    kernel.name(),
                    &point[..kernel.arity()]
                );
            }
        }
    }
}

/// A value does not depend on its neighbours, on its place, or on where the loop ends.
#[test]
fn lanes_are_independent() {
    let mut random = Random(2);
    for kernel in Kernel::all() {
        let points: Vec<[f64; 2]> = (0..61)
            .map(|i| [random.number(i), random.number(i / 4)])
            .collect();
        for level in levels() {
            let together = kernel.at(level, &points);
            for (&point, value) in points.iter().zip(together) {
                let [alone] = kernel.at(level, &[point])[..] else {
                    panic!("one value a point")
                };
                assert!(
                    alone.to_bits() == value.to_bits() || alone.is_nan() && value.is_nan(),
                    "{}({point:?}) with {level}: {alone:?}, {value:?} among others",
                    kernel.name()
                );
            }
        }
    }
}

#[test]
fn wrong_columns_are_refused() {
    let level = Level::best();
    assert!(apply(Function::Exp, level, &[], &mut [0.0]).is_err());
    assert!(apply(Function::Exp, level, &[&[1.0, 2.0]], &mut [0.0]).is_err());
    assert!(apply(Function::Hypot, level, &[&[1.0]], &mut [0.0]).is_err());
    assert!(apply_pow(level, [&[1.0], &[]], &mut [0.0]).is_err());
}
