//! Logarithms.
//!
//! `x = 2^e * (1 + f)` with `1 + f` between `sqrt(1/2)` and `sqrt(2)`; with `s = f/(2 + f)`,
//! `log(1 + f) = 2*atanh(s) = f - f^2/2 + s*(f^2/2 + s^2*p(s^2))`, in which the large terms are exact (the form of fdlibm's
//! `e_log.c`, Ng 1993).

use super::exponential::{exp_parts, scale};
use super::{Arithmetic, at_least, at_most, polynomial, power_of_two, select};
use crate::functions::error_free::{fast_two_sum, two_sum};

/// Relative error of the function: 2^-59.5.
const LOG: [f64; 7] = [
    0.6666666666666734,
    0.3999999999941432,
    0.2857142874247464,
    0.2222219856350397,
    0.18183564865942517,
    0.15314035849395904,
    0.1479610533527511,
];

/// log(2) in two parts; the first has 42 bits, so that its products by exponents are exact.
pub(super) const LN2_1: f64 = 0.6931471805598903;
pub(super) const LN2_2: f64 = 5.497923018708371e-14;

/// 1/log(2) and 1/log(10), the first part of 32 bits; log10(2), the first part of 36.
const LOG2_E_1: f64 = 1.4426950407214463;
const LOG2_E_2: f64 = 1.6751713164886512e-10;
const LOG10_E_1: f64 = 0.4342944818781689;
const LOG10_E_2: f64 = 2.5082946711645275e-11;
const LOG10_2_1: f64 = 0.3010299956658855;
const LOG10_2_2: f64 = -1.9043128467164274e-12;

const TWO_52: f64 = 4_503_599_627_370_496.0;
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
/// The exponent bits of 2^52: a whole number put into the low bits is the number 2^52 more.
const TWO_52_BITS: u64 = 0x4330_0000_0000_0000;

/// `x = 2^e * (1 + f)`, for a positive finite `x`.
#[inline(always)]
pub(super) fn split(x: f64) -> (f64, f64) {
    // The exponent of a subnormal number stands in its bits once it is multiplied by 2^54.
    let subnormal = x < f64::MIN_POSITIVE;
    let (x, bias) = (
        select(subnormal, x * 18_014_398_509_481_984.0, x),
        select(subnormal, TWO_52 + 1078.0, TWO_52 + 1024.0),
    );
    split_biased(x, bias)
}

/// The same for a normal `x`.
#[inline(always)]
fn split_normal(x: f64) -> (f64, f64) {
    split_biased(x, TWO_52 + 1024.0)
}

#[inline(always)]
fn split_biased(x: f64, bias: f64) -> (f64, f64) {
    // Exponents begin at sqrt(1/2); 1024 more keeps the difference positive, since vectors have no signed 64-bit shift.
    let bits = x.to_bits().wrapping_add((1024 << 52) - SQRT_HALF_BITS);
    let e = f64::from_bits((bits >> 52) | TWO_52_BITS) - bias;
    (e, f64::from_bits((bits & MANTISSA) + SQRT_HALF_BITS) - 1.0)
}

/// `log(1 + f) - f + f^2/2`, and `f^2/2`.
#[inline(always)]
fn series<K: Arithmetic>(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let z = s * s;
    let half_square = 0.5 * f * f;
    (
        s * K::fma(z, polynomial::<K, _>(z, &LOG), half_square),
        half_square,
    )
}

/// What a logarithm is where the series does not hold.
#[inline(always)]
fn at_the_ends(x: f64, value: f64) -> f64 {
    // Chosen before the value is known, so that only one choice waits for it.
    let end = select(x == 0.0, f64::NEG_INFINITY, select(x < 0.0, f64::NAN, x));
    // Not `x > 0` and `x < INFINITY`, which LLVM replaces by seven integer operations.
    select((x >= 5e-324) & (x <= f64::MAX), value, end)
}

/// The natural logarithm.
#[inline(always)]
pub(crate) fn log<K: Arithmetic>(x: f64) -> f64 {
    let (e, f) = split(x);
    let (rest, half_square) = series::<K>(f);
    let value = K::fma(e, LN2_1, f - (half_square - K::fma(e, LN2_2, rest)));
    at_the_ends(x, value)
}

/// `log(u + tail)`, for `u >= 2^-53` finite and a tail of about half a unit in the last place of `u` at most.
#[inline(always)]
fn log_with_tail<K: Arithmetic>(u: f64, tail: f64) -> f64 {
    let (e, head) = split_normal(u);
    // 2^-e; where that is subnormal, the tail does not matter.
    let unscale = power_of_two(-at_most(e, 1022.0));
    // Where u is near 1, the tail may be as large as u - 1.
    let (f, f_tail) = fast_two_sum(head, tail * unscale);
    // 1/(1 + f) to 7 percent: what is multiplied by it is below half a unit.
    combine::<K>(e, f, f_tail * K::fma(f, f - 1.0, 1.0))
}

/// `log(1 + x)`.
#[inline(always)]
pub(crate) fn log1p<K: Arithmetic>(x: f64) -> f64 {
    // Keeps subnormal numbers and the sign of 0.
    select(x.abs() < 1e-17, x, log1p_of_sum::<K>(x, 0.0))
}

/// `log(1 + x + tail)`, for a tail that is small beside `x`.
#[inline(always)]
pub(super) fn log1p_of_sum<K: Arithmetic>(x: f64, tail: f64) -> f64 {
    let (u, missing) = two_sum(1.0, x);
    let value = at_the_ends(u, log_with_tail::<K>(u, missing + tail));
    select(x.abs() < 1e-17, x + tail, value)
}

/// `log(2^n * x)`, without overflow or underflow.
#[inline(always)]
pub(super) fn log_of_scaled<K: Arithmetic>(x: f64, n: f64) -> f64 {
    let (e, f) = split(x);
    at_the_ends(x, combine::<K>(e + n, f, 0.0))
}

/// `e*log(2) + log(1 + f) + tail`, for a tail below half a unit of `f`.
#[inline(always)]
fn combine<K: Arithmetic>(e: f64, f: f64, tail: f64) -> f64 {
    let (rest, half_square) = series::<K>(f);
    let rest = rest + K::fma(e, LN2_2, tail);
    K::fma(e, LN2_1, f - (half_square - rest))
}

/// `log(x)*(c1 + c2) + e*(d1 + d2)` for `x = 2^e*(1 + f)`, with products that are exact to the first order.
#[inline(always)]
fn log_to_base<K: Arithmetic>(x: f64, c: (f64, f64), d: (f64, f64)) -> f64 {
    let (e, f) = split(x);
    let (rest, half_square) = series::<K>(f);
    // 21 bits, so that the product by c1 is exact.
    let head = f64::from_bits((f - half_square).to_bits() & 0xffff_ffff_0000_0000);
    let tail = ((f - head) - half_square) + rest;
    let (sum, missing) = fast_two_sum(e * d.0, head * c.0);
    let small = K::fma(tail + head, c.1, tail * c.0);
    at_the_ends(x, sum + (missing + K::fma(e, d.1, small)))
}

/// The logarithm to base 2.
#[inline(always)]
pub(crate) fn log2<K: Arithmetic>(x: f64) -> f64 {
    log_to_base::<K>(x, (LOG2_E_1, LOG2_E_2), (1.0, 0.0))
}

/// The logarithm to base 10.
#[inline(always)]
pub(crate) fn log10<K: Arithmetic>(x: f64) -> f64 {
    log_to_base::<K>(x, (LOG10_E_1, LOG10_E_2), (LOG10_2_1, LOG10_2_2))
}

/// `log(1 + e^x)`, as `max(x, 0) + log(1 + e^-|x|)`. The exponential brings its rounding error along.
#[inline(always)]
pub(crate) fn softplus<K: Arithmetic>(x: f64) -> f64 {
    let (p, tail, biased) = exp_parts::<K>(at_least(-x.abs(), -746.0), 0.0);
    let (e, e_tail) = (scale(p, biased), scale(tail, biased));
    let (u, missing) = fast_two_sum(1.0, e);
    let small = log_with_tail::<K>(u, missing + e_tail);
    let small = select(e < 1e-17, e, small);
    select(x > 0.0, x, 0.0) + small
}

/// `x*log(y)`, with the limit 0 at `x = 0` whatever `y`.
#[inline(always)]
pub(crate) fn xlogy<K: Arithmetic>(x: f64, y: f64) -> f64 {
    let value = x * log::<K>(y);
    select((x == 0.0) & !y.is_nan(), 0.0, value)
}
