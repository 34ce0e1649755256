//! The error function and the normal distribution.
//!
//! Near 0 a polynomial for `erf(x)/x`; elsewhere `erfc(x) = e^(-x^2) * p(q)/(1 + 2x)` with `q = (x - 4)/(x + 4)`, which
//! maps the half line to an interval (Shepherd and Laframboise, Chebyshev approximation of (1 + 2x) exp(x^2) erfc(x), Math.
//! Comp. 1981). The square in the exponent is kept to twice the precision: its rounding would cost 700 units at x = 27.

use super::exponential::{exp_parts, exp_with_tail, scale};
use super::{Arithmetic, at_most, divide, polynomial, select, two_product};
use crate::functions::error_free::fast_two_sum;

/// Relative error of the function: 2^-62.7.
const ERF: [f64; 13] = [
    0.1283791670955126,
    -0.3761263890318375,
    0.11283791670954857,
    -0.026866170645072837,
    0.00522397762478029,
    -0.0008548326978707753,
    0.00012055331035597915,
    -1.492559347457943e-05,
    1.646097228302946e-06,
    -1.6350019403921306e-07,
    1.4657839699696059e-08,
    -1.1365507113282312e-09,
    5.94498712652697e-11,
];

/// Relative error of the function: 2^-58.5.
const ERFCX: [f64; 22] = [
    1.2329951186255526,
    -0.13962111684056253,
    0.015379652102619002,
    0.06809705425469272,
    -0.10103906603625261,
    0.09373283499835564,
    -0.06633036581362438,
    0.0371675155371867,
    -0.016197734038195927,
    0.0050319699835278805,
    -0.0007577734481042993,
    -0.00019925674974843982,
    0.0001506224879838694,
    -2.4398884914684016e-05,
    -1.1224700907873341e-05,
    5.708488024912792e-06,
    2.9948827453109403e-07,
    -8.224390120713996e-07,
    6.710282003454248e-08,
    1.0565905037015768e-07,
    -1.2259451910472488e-08,
    -1.049366769176262e-08,
];

/// `erf(x)` for `|x| <= 1`.
#[inline(always)]
fn erf_near<K: Arithmetic>(x: f64) -> f64 {
    x + x * polynomial::<K, _>(x * x, &ERF)
}

/// `erfc(a + a_tail)` for a between 0.45 and 28, where `square + square_tail` is `a^2`.
#[inline(always)]
fn erfc_far<K: Arithmetic>(a: f64, a_tail: f64, square: f64, square_tail: f64) -> f64 {
    let q = (a - 4.0) / (a + 4.0);
    let rest = q * polynomial::<K, _>(q, &upper(&ERFCX));
    let (above, above_tail) = fast_two_sum(ERFCX[0], rest);
    let (below, below_tail) = fast_two_sum(2.0 * a, 1.0);
    let below_tail = below_tail + 2.0 * a_tail;
    let (quotient, quotient_tail) = divide::<K>(above, above_tail, below, below_tail);
    let (p, p_tail, biased) = exp_parts::<K>(-square, -square_tail);
    let (value, value_tail) = two_product::<K>(p, quotient);
    scale(
        value + (value_tail + (p * quotient_tail + p_tail * quotient)),
        biased,
    )
}

/// All coefficients but the first.
#[inline(always)]
const fn upper(c: &[f64; 22]) -> [f64; 21] {
    let mut rest = [0.0; 21];
    let mut i = 0;
    while i < 21 {
        rest[i] = c[i + 1];
        i += 1;
    }
    rest
}

/// `erfc(a)` for a between 1 and 6, to 2^-50: enough to subtract it from 1.
#[inline(always)]
fn erfc_rough<K: Arithmetic>(a: f64) -> f64 {
    let (sum, below) = (a + 4.0, K::fma(2.0, a, 1.0));
    // Both quotients by one division.
    let inverse = 1.0 / (sum * below);
    let q = (a - 4.0) * (below * inverse);
    exp_with_tail::<K>(-(a * a), 0.0) * (polynomial::<K, _>(q, &ERFCX) * (sum * inverse))
}

/// The error function.
#[inline(always)]
pub(crate) fn erf<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let near = erf_near::<K>(at_most(a, 1.0));
    // 1 from 5.93 on.
    let far = 1.0 - erfc_rough::<K>(at_most(a, 6.0));
    select(a < 1.0, near, far).copysign(x)
}

/// `1 - erf(x)`, with full precision until it underflows.
#[inline(always)]
pub(crate) fn erfc<K: Arithmetic>(x: f64) -> f64 {
    let a = at_most(x.abs(), 28.0);
    let (square, square_tail) = two_product::<K>(a, a);
    let far = erfc_far::<K>(a, 0.0, square, square_tail);
    complement::<K>(x, a, far)
}

/// `erfc(x)` from `a = |x|` and `erfc(a)`, where that is not near 1; in the middle from erf.
#[inline(always)]
fn complement<K: Arithmetic>(x: f64, a: f64, far: f64) -> f64 {
    let middle = 1.0 - erf_near::<K>(at_most(a, 1.0)).copysign(x);
    select(a < 0.46, middle, select(x < 0.0, 2.0 - far, far))
}

/// `1/sqrt(2)` and what its nearest double lacks.
const SQRT_1_2: f64 = std::f64::consts::FRAC_1_SQRT_2;
const SQRT_1_2_TAIL: f64 = -4.833646656726457e-17;

/// `1/sqrt(2 pi)` and what its nearest double lacks.
const DENSITY_AT_ZERO: f64 = 0.3989422804014327;
const DENSITY_AT_ZERO_TAIL: f64 = -2.49232720227773e-17;

/// `erfc(-x/sqrt(2))/2`.
#[inline(always)]
pub(crate) fn normal_cdf<K: Arithmetic>(x: f64) -> f64 {
    let magnitude = at_most(x.abs(), 39.0);
    let (a, a_tail) = two_product::<K>(magnitude, SQRT_1_2);
    let a_tail = a_tail + magnitude * SQRT_1_2_TAIL;
    let (square, square_tail) = two_product::<K>(magnitude, magnitude);
    let far = erfc_far::<K>(a, a_tail, 0.5 * square, 0.5 * square_tail);
    0.5 * complement::<K>(-x, a, far)
}

/// `e^(-x^2/2)/sqrt(2 pi)`.
#[inline(always)]
pub(crate) fn normal_pdf<K: Arithmetic>(x: f64) -> f64 {
    let magnitude = at_most(x.abs(), 40.0);
    let (square, square_tail) = two_product::<K>(magnitude, magnitude);
    let (p, p_tail, biased) = exp_parts::<K>(-0.5 * square, -0.5 * square_tail);
    let (value, value_tail) = two_product::<K>(p, DENSITY_AT_ZERO);
    let tail = K::fma(p, DENSITY_AT_ZERO_TAIL, p_tail * DENSITY_AT_ZERO);
    scale(value + (value_tail + tail), biased)
}
