//! Where an axis has numbers, and how they are written.
//!
//! Steps are 1, 2 or 5 times a power of ten, and ticks are whole multiples of the step: both are kept as whole numbers, so
//! that a label is written from digits and never from a sum of rounded numbers (0.30000000000000004).

use super::{Axis, Scale};

/// The numbers of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// Where a number stands, and its text.
    pub major: Vec<(f64, String)>,
    /// Where a short line stands without a number.
    pub minor: Vec<f64>,
    /// What all numbers are to be multiplied by and what is to be added, as `×10⁻⁶` or `+ 3`; mostly empty.
    pub common: String,
}

/// Numbers with more digits than this are written with a common part taken out.
const MAX_DIGITS: usize = 6;

/// The ticks of an axis, about `most` of them at most.
pub fn ticks(axis: &Axis, most: usize) -> Ticks {
    let (low, high) = axis.range;
    let most = most.max(2);
    match axis.scale {
        Scale::Linear => linear(low, high, most),
        Scale::Log => logarithmic(low, high, most),
        Scale::Pi => multiples_of_pi(low, high, most),
    }
}

/// `digits * 10^exponent`, exactly.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    fn value(self) -> f64 {
        let text = format!("{}e{}", self.digits, self.exponent);
        text.parse().expect("digits and an exponent")
    }

    /// Plain, with `−` as the sign and without zeros at the end of the fraction.
    fn text(self) -> String {
        let digits = self.digits.unsigned_abs().to_string();
        let plain = match self.exponent {
            _ if self.digits == 0 => return "0".to_owned(),
            0.. => digits + &"0".repeat(self.exponent as usize),
            below => {
                let places = below.unsigned_abs() as usize;
                let padded = format!("{digits:0>width$}", width = places + 1);
                let (whole, fraction) = padded.split_at(padded.len() - places);
                match fraction.trim_end_matches('0') {
                    "" => whole.to_owned(),
                    fraction => format!("{whole}.{fraction}"),
                }
            }
        };
        let sign = if self.digits < 0 { "−" } else { "" };
        format!("{sign}{plain}")
    }
}

/// The smallest step of 1, 2, 5, 10, ... times a power of ten that gives at most `most` ticks.
fn step(span: f64, most: usize) -> Decimal {
    let raw = span / most as f64;
    let exponent = raw.log10().floor() as i32;
    for exponent in [exponent - 1, exponent, exponent + 1] {
        for digits in [1, 2, 5] {
            let step = Decimal { digits, exponent };
            // A hair less: ten steps of 0.1 shall fit into 1, whatever the rounding.
            if step.value() >= raw * (1.0 - 1e-9) {
                return step;
            }
        }
    }
    Decimal {
        digits: 1,
        exponent: exponent + 2,
    }
}

/// The whole multiples of the step between two numbers.
fn multiples(low: f64, high: f64, step: f64) -> std::ops::RangeInclusive<i128> {
    const SLACK: f64 = 1e-9;
    let (first, last) = (low / step, high / step);
    let room = SLACK * (last - first);
    (first - room).ceil() as i128..=(last + room).floor() as i128
}

fn linear(low: f64, high: f64, most: usize) -> Ticks {
    let step = step(high - low, most);
    let size = step.value();
    let decimals: Vec<Decimal> = multiples(low, high, size)
        .take(4 * most) // never more, but no picture is worth a loop without end
        .map(|k| Decimal {
            digits: k * step.digits,
            exponent: step.exponent,
        })
        .collect();
    let largest = (decimals.iter().map(|d| d.digits.unsigned_abs()).max()).unwrap_or(0);
    let length = largest.to_string().len();
    let minor = halves(low, high, size, step.digits);
    // Far from zero compared with the step: what all have in common is added, not repeated.
    if length > MAX_DIGITS {
        let unit = 10i128.pow(2 + u32::from(decimals.len() > 50));
        let base = Decimal {
            digits: decimals[0].digits / unit * unit,
            exponent: step.exponent,
        };
        let rest = |d: &Decimal| Decimal {
            digits: d.digits - base.digits,
            exponent: d.exponent,
        };
        let power = common_power(decimals.iter().map(rest));
        let sign = if base.digits < 0 { " − " } else { " + " };
        let base = spelled(base).trim_start_matches('−').to_owned();
        return Ticks {
            major: (decimals.iter())
                .map(|d| (d.value(), shifted(rest(d), power).text()))
                .collect(),
            minor,
            common: format!("{}{sign}{base}", times(power))
                .trim_start()
                .to_owned(),
        };
    }
    let power = common_power(decimals.iter().copied());
    Ticks {
        major: (decimals.iter())
            .map(|d| (d.value(), shifted(*d, power).text()))
            .collect(),
        minor,
        common: times(power),
    }
}

/// Between two ticks: steps of 2 are halved, those of 1 and 5 have five parts.
fn halves(low: f64, high: f64, size: f64, digits: i128) -> Vec<f64> {
    let parts = if digits == 2 { 2 } else { 5 };
    (multiples(low, high, size / f64::from(parts)))
        .filter(|k| k % i128::from(parts) != 0)
        .map(|k| k as f64 * (size / f64::from(parts)))
        .collect()
}

/// The power of ten that is taken out of numbers: 0 where they are easy to read as they are.
fn common_power(numbers: impl Iterator<Item = Decimal> + Clone) -> i32 {
    let largest = (numbers.clone())
        .filter(|d| d.digits != 0)
        .map(|d| d.digits.unsigned_abs().to_string().len() as i32 - 1 + d.exponent)
        .max();
    match largest {
        None => 0,
        Some(power @ -3..=4) => {
            // 0.0012 is read, 0.00123 is counted.
            let finest = numbers.map(|d| d.exponent).min().unwrap_or(0);
            if finest < -5 { power } else { 0 }
        }
        Some(power) => power,
    }
}

fn shifted(number: Decimal, power: i32) -> Decimal {
    Decimal {
        exponent: number.exponent - power,
        ..number
    }
}

fn times(power: i32) -> String {
    match power {
        0 => String::new(),
        _ => format!("×10{}", superscript(power)),
    }
}

/// A number with its exponent, where that is shorter.
fn spelled(number: Decimal) -> String {
    let power = common_power([number].into_iter());
    let mantissa = shifted(number, power).text();
    format!("{mantissa}{}", times(power))
}

fn logarithmic(low: f64, high: f64, most: usize) -> Ticks {
    let (first, last) = (low.log10(), high.log10());
    let decades = last - first;
    let powers = (first - 1e-9).ceil() as i32..=(last + 1e-9).floor() as i32;
    if decades < 1.0 || powers.clone().count() < 2 {
        return Ticks {
            minor: Vec::new(),
            ..linear(low, high, most)
        };
    }
    let every = [1, 2, 3, 5, 10, 20, 50, 100]
        .into_iter()
        .find(|every| decades / f64::from(*every) <= most as f64)
        .unwrap_or(200);
    let plain = powers.clone().all(|k| (-3..=4).contains(&k));
    let text = |digits: i128, k: i32| match plain {
        true => Decimal {
            digits,
            exponent: k,
        }
        .text(),
        false if digits == 1 => format!("10{}", superscript(k)),
        false => format!("{digits}·10{}", superscript(k)),
    };
    let wide = *powers.start() - 1..=*powers.end();
    let inside = |x: f64| low <= x * (1.0 + 1e-9) && x <= high * (1.0 + 1e-9);
    let tick = |digits: i128, exponent: i32| Decimal { digits, exponent }.value();
    let (mut major, mut minor) = (Vec::new(), Vec::new());
    for k in wide {
        // Two decades have room for 2 and 5 in each.
        let numbered: &[i128] = if decades <= 2.2 && most >= 6 {
            &[1, 2, 5]
        } else {
            &[1]
        };
        for digits in 1..10 {
            let x = tick(digits, k);
            if !inside(x) {
                continue;
            }
            if numbered.contains(&digits) && k.rem_euclid(every) == 0 {
                major.push((x, text(digits, k)));
            } else if every == 1 {
                minor.push(x);
            }
        }
    }
    Ticks {
        major,
        minor,
        common: String::new(),
    }
}

fn multiples_of_pi(low: f64, high: f64, most: usize) -> Ticks {
    use std::f64::consts::PI;
    let span = (high - low) / PI;
    // A step of less than π/8 is easier read as a decimal.
    if span * 8.0 < 2.0 {
        return linear(low, high, most);
    }
    let fraction = [8, 4, 2, 1]
        .into_iter()
        .find(|&parts| span * f64::from(parts) <= most as f64);
    let (numerator, denominator) = match fraction {
        Some(parts) => (1, i128::from(parts)),
        None => {
            let step = step(span, most);
            if !(0..=4).contains(&step.exponent) {
                return linear(low, high, most);
            }
            (step.digits * 10i128.pow(step.exponent as u32), 1)
        }
    };
    let size = PI * numerator as f64 / denominator as f64;
    let major = multiples(low, high, size)
        .take(4 * most)
        .map(|k| (k as f64 * size, fraction_of_pi(k * numerator, denominator)))
        .collect();
    Ticks {
        major,
        minor: halves(low, high, size, 2),
        common: String::new(),
    }
}

fn fraction_of_pi(numerator: i128, denominator: i128) -> String {
    let (mut a, mut b) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let common = a.max(1);
    let (top, bottom) = (
        numerator.unsigned_abs() / common,
        denominator.unsigned_abs() / common,
    );
    let sign = if numerator < 0 { "−" } else { "" };
    let top = match top {
        0 => return "0".to_owned(),
        1 => "π".to_owned(),
        n => format!("{n}π"),
    };
    match bottom {
        1 => format!("{sign}{top}"),
        _ => format!("{sign}{top}/{bottom}"),
    }
}

/// An exponent, raised.
pub fn superscript(number: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = |c: char| match c.to_digit(10) {
        Some(digit) => DIGITS[digit as usize],
        None => '⁻',
    };
    number.to_string().chars().map(raised).collect()
}

/// A number for a label, with up to four digits: `1.5`, `2·10⁻⁷`.
pub fn short(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return if number == 0.0 { "0" } else { "∞" }.to_owned();
    }
    let text = format!("{number:.3e}");
    let (mantissa, exponent) = text.split_once('e').expect("an exponent was asked for");
    let exponent: i32 = exponent.parse().expect("a whole number");
    let digits = mantissa.replace('.', "");
    let number = Decimal {
        digits: digits.parse().expect("digits"),
        exponent: exponent - 3,
    };
    if (-3..=4).contains(&exponent) {
        return number.text();
    }
    let mantissa = shifted(number, exponent).text();
    let power = format!("10{}", superscript(exponent));
    match mantissa.as_str() {
        "1" => power,
        "−1" => format!("−{power}"),
        _ => format!("{mantissa}·{power}"),
    }
}
