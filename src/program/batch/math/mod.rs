//! Functions of one lane, written so that the compiler makes vectors of them.
//!
//! Every function here is straight-line code: no branch, no table, no call, both sides of every case computed and one
//! taken. A loop over lanes with such a body becomes vector code, two lanes at a time with SSE2, four with AVX2, eight with
//! AVX-512; the loops and the choice among them are in [`copies`], the list of them in [`kernels`]. All of them are within 2 units in the last place over the
//! whole line, subnormal numbers included, with the signs of zero, the infinities and the NaNs of the scalar table in
//! [`crate::functions`]. What few arguments the straight line does not reach (huge angles) are told by a `rare` function and
//! left to the scalar one.
//!
//! The multiplication and addition of the copies differ ([`Arithmetic`]): with a fused instruction, rounded once; without
//! it, twice. Constants are split and rounding errors carried so that the bound holds for both.
//!
//! Coefficients come from `coefficients.py`, beside this file.

#![allow(clippy::excessive_precision)] // coefficients are given as they were computed
#![allow(clippy::manual_range_contains)] // `|` and `&` of two comparisons, where a range would be a branch
#![allow(clippy::neg_cmp_op_on_partial_ord)] // a NaN is meant
#![allow(clippy::needless_range_loop)] // the plain form, of which vectors are made

pub(crate) mod angle;
pub(crate) mod arithmetic;
pub(crate) mod copies;
pub(crate) mod error;
pub(crate) mod exponential;
pub(crate) mod hyperbolic;
pub(crate) mod kernels;
pub(crate) mod logarithm;
pub(crate) mod power;
pub(crate) mod step;
pub(crate) mod trigonometric;

/// How a copy of the functions multiplies and adds.
pub(crate) trait Arithmetic: Copy + 'static {
    /// Is `fma` rounded only once?
    const FUSED: bool;
    /// Are vectors of eight numbers, in 32 registers?
    const WIDE: bool;
    /// `a*b + c`.
    fn fma(a: f64, b: f64, c: f64) -> f64;
}

/// Two instructions, two roundings: `mul_add` without the instruction would be a call of 20 ns.
#[derive(Clone, Copy)]
pub(crate) struct Plain;

/// One instruction, one rounding: only for code compiled for a machine that has it.
#[derive(Clone, Copy)]
pub(crate) struct Fused;

/// The same with AVX-512.
#[derive(Clone, Copy)]
pub(crate) struct Wide;

impl Arithmetic for Plain {
    const FUSED: bool = false;
    const WIDE: bool = false;
    #[inline(always)]
    fn fma(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }
}

impl Arithmetic for Fused {
    const FUSED: bool = true;
    const WIDE: bool = false;
    #[inline(always)]
    fn fma(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
}

impl Arithmetic for Wide {
    const FUSED: bool = true;
    const WIDE: bool = true;
    #[inline(always)]
    fn fma(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }
}

/// `a` or `b`, both of them already computed.
#[inline(always)]
fn select(condition: bool, a: f64, b: f64) -> f64 {
    if condition { a } else { b }
}

/// `x`, but at most `limit`; a NaN stays.
#[inline(always)]
fn at_most(x: f64, limit: f64) -> f64 {
    select(x > limit, limit, x)
}

/// `x`, but at least `limit`; a NaN stays.
#[inline(always)]
fn at_least(x: f64, limit: f64) -> f64 {
    select(x < limit, limit, x)
}

/// The polynomial `c[0] + c[1]*x + ...`: groups of four, and Horner's scheme in `x^4` over these (after Estrin 1960).
///
/// A loop keeps about three iterations in flight, so that its speed is the length of its chain of dependent steps; plain
/// Horner made `exp` a quarter slower.
#[inline(always)]
fn polynomial<K: Arithmetic, const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let mut start = (N - 1) / 4 * 4;
    let mut total = group::<K>(x, x2, &c[start..]);
    while start > 0 {
        start -= 4;
        total = K::fma(total, x4, group::<K>(x, x2, &c[start..start + 4]));
    }
    total
}

/// The polynomial of degree 3 or less.
#[inline(always)]
fn group<K: Arithmetic>(x: f64, x2: f64, c: &[f64]) -> f64 {
    match *c {
        [a] => a,
        [a, b] => K::fma(b, x, a),
        [a, b, c] => K::fma(c, x2, K::fma(b, x, a)),
        [a, b, c, d, ..] => K::fma(K::fma(d, x, c), x2, K::fma(b, x, a)),
        [] => 0.0,
    }
}

/// `a*b` and its rounding error: exactly with a fused instruction, to `2^-106` of the product from halves without
/// (Dekker 1971).
#[inline(always)]
fn two_product<K: Arithmetic>(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    if K::FUSED {
        return (product, K::fma(a, b, -product));
    }
    let (a1, b1) = (upper_half(a), upper_half(b));
    let (a2, b2) = (a - a1, b - b1);
    (product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
}

/// `(a + a_tail)/(b + b_tail)` as a sum of two, to about `2^-100` (Dekker 1971); NaN in the tail where the quotient is not
/// finite.
#[inline(always)]
fn divide<K: Arithmetic>(a: f64, a_tail: f64, b: f64, b_tail: f64) -> (f64, f64) {
    let inverse = 1.0 / b;
    let quotient = a * inverse;
    let missing = minus_product::<K>(a, quotient, b) + K::fma(-quotient, b_tail, a_tail);
    (quotient, missing * inverse)
}

/// `a - b*c` for a product near `a`, where the difference is exact.
#[inline(always)]
fn minus_product<K: Arithmetic>(a: f64, b: f64, c: f64) -> f64 {
    if K::FUSED {
        return K::fma(-b, c, a);
    }
    let (product, tail) = two_product::<K>(b, c);
    (a - product) - tail
}

/// `sqrt(a)` for `a = head + tail`, and its rounding error.
#[inline(always)]
fn sqrt_parts<K: Arithmetic>(head: f64, tail: f64) -> (f64, f64) {
    let root = head.sqrt();
    let missing = minus_product::<K>(head, root, root) + tail;
    (root, select(root > 0.0, 0.5 * missing / root, 0.0))
}

/// The 26 leading bits.
#[inline(always)]
fn upper_half(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xffff_ffff_f800_0000)
}

/// 1.5 times 2^52: a number added to it is rounded to a whole one, which stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// The nearest whole number, for `|x| < 2^51`.
#[inline(always)]
fn nearest(x: f64) -> f64 {
    (x + ROUNDER) - ROUNDER
}

/// `2^n` for a whole `n` in -1022..=1023.
#[inline(always)]
fn power_of_two(n: f64) -> f64 {
    f64::from_bits((n + (ROUNDER + 1023.0)).to_bits() << 52)
}
