//! Hyperbolic functions and their inverses.
//!
//! From `e^x - 1` and `log(1 + x)`, which keep their digits near 0; where an argument of the logarithm is not exact, its
//! rounding error goes along.

use super::exponential::{exp, exp_parts, quarter_expm1, scale};
use super::logarithm::{log_of_scaled, log1p_of_sum};
use super::{Arithmetic, at_least, at_most, divide, select, sqrt_parts, two_product};
use crate::functions::error_free::fast_two_sum;

/// Below this, `sinh(x)` and their like are `x`.
const TINY: f64 = 1e-9;

/// `(e^x - e^-x)/2`, as `v + v/(2v + 1)` with `v = (e^|x| - 1)/2`.
#[inline(always)]
pub(crate) fn sinh<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let (q, q_tail) = quarter_expm1::<K>(at_most(a, 710.5));
    let (v, v_tail) = (2.0 * q, 2.0 * q_tail);
    let (below, below_tail) = fast_two_sum(1.0, 2.0 * v);
    let (w, w_tail) = divide::<K>(v, v_tail, below, below_tail + 2.0 * v_tail);
    let (sum, sum_tail) = fast_two_sum(v, w);
    let value = sum + (sum_tail + (v_tail + w_tail));
    let value = select(a > 40.0, v, value);
    select(a < TINY, x, value.copysign(x))
}

/// `(e^x + e^-x)/2`.
#[inline(always)]
pub(crate) fn cosh<K: Arithmetic>(x: f64) -> f64 {
    let (p, _, biased) = exp_parts::<K>(at_most(x.abs(), 711.0), 0.0);
    let half = scale(p, biased.wrapping_sub(1));
    half + 0.25 / half
}

/// `(e^2|x| - 1)/4` and that plus 1/2, both as sums of two; enough for ratios that are 1 from 20 on.
#[inline(always)]
fn tanh_parts<K: Arithmetic>(x: f64) -> ([f64; 2], [f64; 2]) {
    let (q, q_tail) = quarter_expm1::<K>(at_most(2.0 * x.abs(), 44.0));
    let (sum, sum_tail) = fast_two_sum(0.5, q);
    ([q, q_tail], [sum, sum_tail + q_tail])
}

/// `(e^2x - 1)/(e^2x + 1)`.
#[inline(always)]
pub(crate) fn tanh<K: Arithmetic>(x: f64) -> f64 {
    let (above, below) = tanh_parts::<K>(x);
    let (value, tail) = divide::<K>(above[0], above[1], below[0], below[1]);
    select(x.abs() < TINY, x, (value + tail).copysign(x))
}

/// `1/tanh(x)`.
#[inline(always)]
pub(crate) fn coth<K: Arithmetic>(x: f64) -> f64 {
    let (below, above) = tanh_parts::<K>(x);
    let (value, tail) = divide::<K>(above[0], above[1], below[0], below[1]);
    select(x.abs() < TINY, 1.0 / x, (value + tail).copysign(x))
}

/// `1/cosh(x)`, as `2e/(1 + e^2)` with `e = e^-|x|`: right until it underflows.
#[inline(always)]
pub(crate) fn sech<K: Arithmetic>(x: f64) -> f64 {
    let (p, p_tail, biased) = exp_parts::<K>(at_least(-x.abs(), -760.0), 0.0);
    let (e, e_tail) = (scale(p, biased), scale(p_tail, biased));
    let (below, below_tail) = fast_two_sum(1.0, e * e);
    let (value, tail) = divide::<K>(2.0 * e, 2.0 * e_tail, below, below_tail);
    value + tail
}

/// `1/sinh(x)`, as `(1/v + 1/(v + 1))/2` with `v = (e^|x| - 1)/2`; right until it underflows.
#[inline(always)]
pub(crate) fn csch<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let (q, q_tail) = quarter_expm1::<K>(at_most(a, 40.0));
    let (v, v_tail) = (4.0 * q, 4.0 * q_tail);
    let (value, tail) = divide::<K>(1.0, 0.0, v, v_tail);
    let near = value + (tail + 1.0 / (v + 2.0));
    let value = select(a > 22.0, 2.0 * exp::<K>(-a), near);
    select(a < TINY, 1.0 / x, value.copysign(x))
}

/// `log(1 + t + sqrt(t*(t + 2)))` for `t + tail >= 0`: what acosh is of `1 + t`.
#[inline(always)]
fn acosh_of_one_plus<K: Arithmetic>(t: f64, tail: f64) -> f64 {
    let (sum, sum_tail) = fast_two_sum(2.0, t);
    let (product, product_tail) = two_product::<K>(t, sum);
    let product_tail = product_tail + (t * (sum_tail + tail) + tail * sum);
    let (root, root_tail) = sqrt_parts::<K>(product, product_tail);
    let (head, head_tail) = fast_two_sum(root, t);
    log1p_of_sum::<K>(head, head_tail + (root_tail + tail))
}

/// From here on, `asinh(x)` and `acosh(x)` are `log(2x)`; squares are far from overflow.
const LARGE: f64 = 1e9;

/// `log(x + sqrt(x^2 + 1))`.
#[inline(always)]
pub(crate) fn asinh<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    select(a < TINY, x, asinh_of_positive::<K>(a).copysign(x))
}

#[inline(always)]
fn asinh_of_positive<K: Arithmetic>(a: f64) -> f64 {
    let t = at_most(a, LARGE);
    let square = t * t;
    // sqrt(t^2 + 1) - 1, without cancellation; where t < 1, less than half of it is added to t.
    let (head, tail) = fast_two_sum(t, square / (1.0 + (1.0 + square).sqrt()));
    let value = log1p_of_sum::<K>(head, tail);
    select(a > LARGE, log_of_scaled::<K>(a, 1.0), value)
}

/// `log(x + sqrt(x^2 - 1))`; NaN below 1.
#[inline(always)]
pub(crate) fn acosh<K: Arithmetic>(x: f64) -> f64 {
    let t = at_most(x, LARGE) - 1.0;
    let value = acosh_of_one_plus::<K>(t, 0.0);
    let value = select(x > LARGE, log_of_scaled::<K>(x, 1.0), value);
    select(x < 1.0, f64::NAN, value)
}

/// `log(1 + above/below)/2`, with the error of the quotient; `below + below_tail` is the divisor.
#[inline(always)]
fn half_log1p_of_quotient<K: Arithmetic>(above: f64, below: f64, below_tail: f64) -> f64 {
    let (quotient, tail) = divide::<K>(above, 0.0, below, below_tail);
    let tail = select(quotient < f64::INFINITY, tail, 0.0);
    0.5 * log1p_of_sum::<K>(quotient, tail)
}

/// `log((1 + x)/(1 - x))/2`; NaN outside of -1..=1.
#[inline(always)]
pub(crate) fn atanh<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let (below, below_tail) = fast_two_sum(1.0, -a);
    let value = half_log1p_of_quotient::<K>(2.0 * a, below, below_tail);
    let value = select(a > 1.0, f64::NAN, value);
    select(a < TINY, x, value.copysign(x))
}

/// `atanh(1/x)`; NaN inside of -1..1.
#[inline(always)]
pub(crate) fn acoth<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let t = at_most(a, LARGE);
    let (below, below_tail) = fast_two_sum(t, -1.0);
    let value = half_log1p_of_quotient::<K>(2.0, below, below_tail);
    let value = select(a < 1.0, f64::NAN, value);
    select(a > LARGE, 1.0 / x, value.copysign(x))
}

/// `acosh(1/x)`; NaN outside of 0..=1.
#[inline(always)]
pub(crate) fn asech<K: Arithmetic>(x: f64) -> f64 {
    let t = at_least(x, 1e-8);
    let (above, above_tail) = fast_two_sum(1.0, -t);
    let (quotient, tail) = divide::<K>(above, above_tail, t, 0.0);
    let value = acosh_of_one_plus::<K>(quotient, tail);
    // log(2/x), which is log(2) - log(x) without the rounding of a sum.
    let far = -log_of_scaled::<K>(x, -1.0);
    let value = select(x < 1e-8, far, value);
    select((x < 0.0) | (x > 1.0), f64::NAN, value)
}

/// `asinh(1/x)`.
#[inline(always)]
pub(crate) fn acsch<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let near = asinh_of_positive::<K>(1.0 / at_least(a, 1e-8));
    let far = -log_of_scaled::<K>(a, -1.0);
    let value = select(a < 1e-8, far, near).copysign(x);
    // 1/x is what remains beyond 1e9, and is 0 at infinity.
    select(a > LARGE, 1.0 / x, value)
}
