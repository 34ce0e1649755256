//! Exponentials, logarithms, circular and hyperbolic functions and their inverses in doubled precision.

use std::f64::consts;

use super::Doubled;
use super::functions::plain;
use crate::expr::Function;

pub(super) const ONE: Doubled = Doubled::constant(1.0, 0.0);
pub(super) const LN_2: Doubled = Doubled::constant(consts::LN_2, 2.3190468138462996e-17);
pub(super) const LN_10: Doubled = Doubled::constant(consts::LN_10, -2.1707562233822494e-16);
const HALF_PI: Doubled = Doubled::constant(consts::FRAC_PI_2, 6.123233995736766e-17);
/// What is missing in [`HALF_PI`].
const HALF_PI_REST: f64 = -1.4973849048591698e-33;
const PI: Doubled = Doubled::constant(consts::PI, 1.2246467991473532e-16);
pub(super) const INVERSE_ROOT_TWO_PI: Doubled =
    Doubled::constant(0.3989422804014327, -2.49232720227773e-17);

/// `1/n!`, from n = 0 on.
#[rustfmt::skip]
const INVERSE_FACTORIALS: [(f64, f64); 29] = [
    (1.0, 0.0), (1.0, 0.0), (0.5, 0.0),
    (0.16666666666666666, 9.25185853854297e-18),
    (0.041666666666666664, 2.3129646346357427e-18),
    (0.008333333333333333, 1.1564823173178714e-19),
    (0.001388888888888889, -5.300543954373577e-20),
    (0.0001984126984126984, 1.7209558293420705e-22),
    (2.48015873015873e-05, 2.1511947866775882e-23),
    (2.7557319223985893e-06, -1.858393274046472e-22),
    (2.755731922398589e-07, 2.3767714622250297e-23),
    (2.505210838544172e-08, -1.448814070935912e-24),
    (2.08767569878681e-09, -1.20734505911326e-25),
    (1.6059043836821613e-10, 1.2585294588752098e-26),
    (1.1470745597729725e-11, 2.0655512752830745e-28),
    (7.647163731819816e-13, 7.03872877733453e-30),
    (4.779477332387385e-14, 4.399205485834081e-31),
    (2.8114572543455206e-15, 1.6508842730861433e-31),
    (1.5619206968586225e-16, 1.1910679660273754e-32),
    (8.22063524662433e-18, 2.2141894119604265e-34),
    (4.110317623312165e-19, 1.4412973378659527e-36),
    (1.9572941063391263e-20, -1.3643503830087908e-36),
    (8.896791392450574e-22, -7.911402614872376e-38),
    (3.868170170630684e-23, -8.843177655482344e-40),
    (1.6117375710961184e-24, -3.6846573564509766e-41),
    (6.446950284384474e-26, -1.9330404233703465e-42),
    (2.4795962632247976e-27, -1.2953730964765229e-43),
    (9.183689863795546e-29, 1.4303150396787322e-45),
    (3.279889237069838e-30, 1.5117542744029879e-46),
];

fn inverse_factorial(n: usize) -> Doubled {
    let (head, tail) = INVERSE_FACTORIALS[n];
    Doubled::constant(head, tail)
}

/// A whole number that is a double and small enough to be counted down from.
fn whole(x: Doubled) -> Option<i32> {
    let fits = x.tail == 0.0 && x.head == x.head.trunc() && x.head.abs() <= 1024.0;
    fits.then_some(x.head as i32)
}

pub(super) fn pow(a: Doubled, b: Doubled) -> Doubled {
    let plain = a.head.powf(b.head);
    if a.head == 0.0 || b.head == 0.0 || !plain.is_finite() || plain == 0.0 {
        return Doubled::from(plain);
    }
    if let Some(n) = whole(b) {
        let (mut power, mut square, mut left) = (ONE, a, n.unsigned_abs());
        while left > 0 {
            if left & 1 == 1 {
                power = power * square;
            }
            square = square * square;
            left >>= 1;
        }
        return match n < 0 {
            true => ONE / power,
            false => power,
        };
    }
    let power = exp(b * log(a.abs()));
    // A negative base came this far with a whole exponent only.
    match a.is_negative() && plain < 0.0 {
        true => -power,
        false => power,
    }
}

/// `exp(x) - 1` for `x = k*log(2) + r`, without the power of two: `exp(r) - 1`, and k.
fn expm1_reduced(x: Doubled) -> (Doubled, f64) {
    /// Halvings of r, which are squarings of the result.
    const HALVINGS: i32 = 5;
    /// Terms from here on do not reach the second double.
    const LAST: usize = 14;
    let k = (x.head / LN_2.head).round();
    let r = (x - LN_2.times(k)).scaled(0.5f64.powi(HALVINGS));
    let mut tail = INVERSE_FACTORIALS[LAST].0;
    for n in (8..LAST).rev() {
        tail = tail * r.head + INVERSE_FACTORIALS[n].0;
    }
    let mut sum = Doubled::from(tail);
    for n in (1..8).rev() {
        sum = sum * r + inverse_factorial(n);
    }
    let mut less_one = sum * r;
    for _ in 0..HALVINGS {
        less_one = less_one.scaled(2.0) + less_one * less_one;
    }
    (less_one, k)
}

fn power_of_two(k: f64) -> f64 {
    2f64.powi(k as i32)
}

pub(super) fn exp(x: Doubled) -> Doubled {
    let plain = x.head.exp();
    if !(1e-290..=1e290).contains(&plain) {
        // Near the ends of the range the second double is lost.
        return Doubled::from(plain);
    }
    let (less_one, k) = expm1_reduced(x);
    less_one.plus(1.0).scaled(power_of_two(k))
}

/// Below this `expm1`, `log1p` and their kin are their argument, of which products would vanish.
const TINY: f64 = 1e-290;

pub(super) fn expm1(x: Doubled) -> Doubled {
    if x.head.abs() < TINY {
        return x;
    }
    match x.head.abs() < 0.3 {
        true => expm1_reduced(x).0,
        false => exp(x).plus(-1.0),
    }
}

/// `log(1 + u)` for small u by the series of the inverse hyperbolic tangent; `s = u/(2 + u)`.
fn log_near_one(s: Doubled) -> Doubled {
    let square = s * s;
    let mut sum = Doubled::from(0.0);
    let mut n = 41;
    while n > 0 {
        sum = sum * square + ONE / Doubled::from(f64::from(n));
        n -= 2;
    }
    (sum * s).scaled(2.0)
}

pub(super) fn log(x: Doubled) -> Doubled {
    let first = x.head.ln();
    if !first.is_finite() || !(1e-290..1e290).contains(&x.head) {
        return Doubled::from(first);
    }
    let u = x.plus(-1.0);
    if u.head.abs() < 0.3 {
        return log_near_one(u / u.plus(2.0));
    }
    // One step of Newton, of which the error is the square of that of `first`.
    let back = exp(Doubled::from(-first)) * x;
    let missing = back.plus(-1.0);
    Doubled::from(first) + missing - missing * missing.scaled(0.5)
}

pub(super) fn log1p(u: Doubled) -> Doubled {
    if u.head.abs() < TINY {
        return u;
    }
    match u.head.abs() < 0.3 {
        true => log_near_one(u / u.plus(2.0)),
        false => log(u.plus(1.0)),
    }
}

/// The sine and the cosine. From 2^25 on the argument is not reduced precisely enough, and doubles do.
pub(super) fn sin_cos(x: Doubled) -> (Doubled, Doubled) {
    const FARTHEST: f64 = 33_554_432.0;
    if x.head.is_nan() || x.head.abs() > FARTHEST {
        return (Doubled::from(x.head.sin()), Doubled::from(x.head.cos()));
    }
    let k = (x.head / HALF_PI.head).round();
    let r = (x - HALF_PI.times(k)).plus(-k * HALF_PI_REST);
    let square = -(r * r);
    let series = |first: usize| {
        let mut sum = Doubled::from(0.0);
        for n in (first..INVERSE_FACTORIALS.len()).step_by(2).rev() {
            sum = sum * square + inverse_factorial(n);
        }
        sum
    };
    let (sin, cos) = (series(1) * r, series(0));
    match k.rem_euclid(4.0) as u8 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

pub(super) fn atan(x: Doubled) -> Doubled {
    if x.head.abs() > 1.0 {
        let quarter = match x.is_negative() {
            true => -HALF_PI,
            false => HALF_PI,
        };
        return quarter - atan(ONE / x);
    }
    if x.head.is_nan() || x.head == 0.0 {
        return x;
    }
    let first = Doubled::from(x.head.atan());
    let (sin, cos) = sin_cos(first);
    first + (x * cos - sin) / (cos + x * sin)
}

pub(super) fn asin(x: Doubled) -> Doubled {
    if x.head.is_nan() || x.head.abs() > 1.0 {
        return Doubled::from(f64::NAN);
    }
    if x.head.abs() > 0.7 {
        let rest = ((ONE - x.abs()).scaled(0.5)).sqrt();
        let angle = HALF_PI - asin(rest).scaled(2.0);
        return match x.is_negative() {
            true => -angle,
            false => angle,
        };
    }
    let first = Doubled::from(x.head.asin());
    let (sin, cos) = sin_cos(first);
    let missing = (x - sin) / cos;
    // tan/2 times the square of a step of 1e-16 reaches the last digits.
    first + missing + missing * missing * (sin / cos).scaled(0.5)
}

pub(super) fn acos(x: Doubled) -> Doubled {
    match x.head > 0.5 {
        true => asin(((ONE - x).scaled(0.5)).sqrt()).scaled(2.0),
        false => HALF_PI - asin(x),
    }
}

pub(super) fn atan2(y: Doubled, x: Doubled) -> Doubled {
    let plain = y.head.atan2(x.head);
    if x.head == 0.0 || y.head == 0.0 && x.head > 0.0 || !(x.head / y.head).is_finite() {
        let exact = match plain {
            a if a == PI.head => PI,
            a if a == -PI.head => -PI,
            a if a == HALF_PI.head => HALF_PI,
            a if a == -HALF_PI.head => -HALF_PI,
            a => Doubled::from(a),
        };
        return exact;
    }
    let angle = atan(y / x);
    match (x.is_negative(), y.is_negative()) {
        (true, false) => angle + PI,
        (true, true) => angle - PI,
        _ => angle,
    }
}

pub(super) fn sinh(x: Doubled) -> Doubled {
    let e = expm1(x.abs());
    let size = (e + e / e.plus(1.0)).scaled(0.5);
    let size = match size.head.is_nan() || x.head.abs() > 700.0 {
        true => Doubled::from(x.head.abs().sinh()),
        false => size,
    };
    match x.is_negative() {
        true => -size,
        false => size,
    }
}

pub(super) fn cosh(x: Doubled) -> Doubled {
    if x.head.abs() > 700.0 {
        return Doubled::from(x.head.cosh());
    }
    let e = exp(x.abs());
    (e + ONE / e).scaled(0.5)
}

pub(super) fn tanh(x: Doubled) -> Doubled {
    let size = match x.head.abs() > 300.0 {
        true => ONE,
        false => {
            let e = expm1(x.abs().scaled(2.0));
            e / e.plus(2.0)
        }
    };
    match x.is_negative() {
        true => -size,
        false => size,
    }
}

pub(super) fn asinh(x: Doubled) -> Doubled {
    let u = x.abs();
    if u.head > 1e140 {
        return plain(Function::Asinh, x);
    }
    let square = u * u;
    let size = log1p(u + square / (square.plus(1.0).sqrt().plus(1.0)));
    match x.is_negative() {
        true => -size,
        false => size,
    }
}

pub(super) fn acosh(x: Doubled) -> Doubled {
    if !(1.0..1e140).contains(&x.head) {
        return plain(Function::Acosh, x);
    }
    let u = x.plus(-1.0);
    log1p(u + (u * u.plus(2.0)).sqrt())
}

pub(super) fn atanh(x: Doubled) -> Doubled {
    if x.head.abs() >= 1.0 {
        return plain(Function::Atanh, x);
    }
    log1p(x.scaled(2.0) / (ONE - x)).scaled(0.5)
}

pub(super) fn cbrt(x: Doubled) -> Doubled {
    let first = x.head.cbrt();
    if first == 0.0 || !first.is_finite() {
        return Doubled::from(first);
    }
    let root = Doubled::from(first);
    let square = root * root;
    root + (x - square * root) / (square.times(3.0))
}

pub(super) fn sigmoid(x: Doubled) -> Doubled {
    let e = exp(-x.abs());
    match x.is_negative() {
        true => e / e.plus(1.0),
        false => ONE / e.plus(1.0),
    }
}
