//! `exp`, `expm1`, and what they are made of.
//!
//! `x = n*log(2) + r` with `|r| <= log(2)/2`; `e^r = 1 + r + r^2*p(r)`, and `2^n` goes straight into exponent bits
//! (Tang, Table-driven implementation of the exponential function, ACM TOMS 1989, without the table).

use super::{Arithmetic, at_least, at_most, divide, polynomial, select};
use crate::functions::error_free::fast_two_sum;
use std::f64::consts::LOG2_E;

/// Relative error of the function: 2^-57.9.
const EXP: [f64; 10] = [
    0.5000000000000011,
    0.16666666666666413,
    0.041666666666530155,
    0.008333333333494468,
    0.001388888894363018,
    0.00019841269506566285,
    2.4801493098820692e-05,
    2.755758638484933e-06,
    2.7630248412834785e-07,
    2.5000058119935515e-08,
];

/// log(2) in two parts; the first has 32 bits, so that its products by whole numbers below 2^21 are exact.
const LN2_1: f64 = 0.6931471806019545;
const LN2_2: f64 = -4.2009150726810846e-11;

/// `1.5*2^52 + 2046`: what is added to it leaves its whole part plus 2046, a positive number, in the low 12 bits.
const SHIFT: f64 = 6_755_399_441_057_790.0;

/// `e^x = 2^n * e^r`.
#[derive(Clone, Copy)]
pub(super) struct Reduced {
    /// `n + 2046`.
    pub(super) biased: u64,
    /// At most 0.3466 in magnitude.
    pub(super) r: f64,
}

/// For `x` between -1400 and 1400, or NaN.
#[inline(always)]
pub(super) fn reduce<K: Arithmetic>(x: f64) -> Reduced {
    let shifted = K::fma(x, LOG2_E, SHIFT);
    let n = shifted - SHIFT;
    Reduced {
        biased: shifted.to_bits() & 0xfff,
        r: K::fma(-n, LN2_1, x) - n * LN2_2,
    }
}

/// `(e^r - 1 - r)`.
#[inline(always)]
pub(super) fn beyond_linear<K: Arithmetic>(r: f64) -> f64 {
    (r * r) * polynomial::<K, _>(r, &EXP)
}

/// `p*2^n`, rounded once: in two steps of half the exponent each, of which only the second can leave the normal range.
#[inline(always)]
pub(super) fn scale(p: f64, biased: u64) -> f64 {
    let (a, b) = halves(biased);
    (p * a) * b
}

/// Two powers of two, whose product is `2^n`.
#[inline(always)]
fn halves(biased: u64) -> (f64, f64) {
    let half = biased >> 1;
    (
        f64::from_bits(half << 52),
        f64::from_bits((biased - half) << 52),
    )
}

/// `e^x`.
#[inline(always)]
pub(crate) fn exp<K: Arithmetic>(x: f64) -> f64 {
    // Outside of these e^x is 0 or infinite, and is still where they are.
    exp_with_tail::<K>(at_most(at_least(x, -746.0), 710.0), 0.0)
}

/// `e^(x + tail)`, for x in -746..=710 and a small tail.
#[inline(always)]
pub(super) fn exp_with_tail<K: Arithmetic>(x: f64, tail: f64) -> f64 {
    let reduced = reduce::<K>(x);
    let r = reduced.r + tail;
    let y = K::fma(r * r, polynomial::<K, _>(r, &EXP), r);
    let (a, b) = halves(reduced.biased);
    // 1 + y and the first step of its scaling in one.
    K::fma(a, y, a) * b
}

/// `e^(x + tail)` as `(p, tail of p)` times `2^n`, with `|tail| < 2^-40` and `|x| <= 1400`.
#[inline(always)]
pub(super) fn exp_parts<K: Arithmetic>(x: f64, tail: f64) -> (f64, f64, u64) {
    let reduced = reduce::<K>(x);
    let r = reduced.r + tail;
    let (y, y_tail) = fast_two_sum(r, beyond_linear::<K>(r));
    let (p, p_tail) = fast_two_sum(1.0, y);
    (p, p_tail + y_tail, reduced.biased)
}

/// `(e^x - 1)/4` as a sum of two, for x in -40..=710.5: a quarter, since half of `e^710.4` is finite, though `2^n` is not.
///
/// Is 0 or loses bits where `x/4` is subnormal.
#[inline(always)]
pub(super) fn quarter_expm1<K: Arithmetic>(x: f64) -> (f64, f64) {
    let Reduced { biased, r, .. } = reduce::<K>(x);
    let power = f64::from_bits(biased.wrapping_sub(1025) << 52);
    // Near n = 1 these cancel to half of their size, so that the error of their sum is carried.
    let (sum, tail) = fast_two_sum(power - 0.25, power * r);
    fast_two_sum(sum, tail + power * beyond_linear::<K>(r))
}

/// `e^x - 1`.
#[inline(always)]
pub(crate) fn expm1<K: Arithmetic>(x: f64) -> f64 {
    let value = 4.0 * quarter_expm1::<K>(at_most(at_least(x, -40.0), 710.0)).0;
    // Keeps subnormal numbers and the sign of 0.
    select(x.abs() < 1e-17, x, value)
}

/// `1/(1 + e^-x)`, from `e^-|x|`, which cannot overflow; its rounding error goes along, or 1.94 units would be lost.
#[inline(always)]
pub(crate) fn sigmoid<K: Arithmetic>(x: f64) -> f64 {
    let (p, p_tail, biased) = exp_parts::<K>(at_least(-x.abs(), -746.0), 0.0);
    let (e, e_tail) = (scale(p, biased), scale(p_tail, biased));
    let (below, below_tail) = fast_two_sum(1.0, e);
    let (above, above_tail) = (select(x < 0.0, e, 1.0), select(x < 0.0, e_tail, 0.0));
    let (value, tail) = divide::<K>(above, above_tail, below, below_tail + e_tail);
    value + tail
}
