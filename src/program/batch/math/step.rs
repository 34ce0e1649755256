//! Steps, kinks and comparisons: exactly what the scalar table says.

use super::{Arithmetic, select};

const TWO_52: f64 = 4_503_599_627_370_496.0;

/// The whole number next to `|x|`, to the even one of two; from 2^52 on all numbers are whole.
#[inline(always)]
fn nearest_magnitude(a: f64) -> f64 {
    select(a < TWO_52, (a + TWO_52) - TWO_52, a)
}

/// The largest whole number up to `x`.
#[inline(always)]
pub(crate) fn floor<K: Arithmetic>(x: f64) -> f64 {
    let whole = nearest_magnitude(x.abs()).copysign(x);
    select(whole > x, whole - 1.0, whole)
}

/// The smallest whole number from `x` on.
#[inline(always)]
pub(crate) fn ceil<K: Arithmetic>(x: f64) -> f64 {
    -floor::<K>(-x)
}

/// The nearest whole number, halves away from 0.
#[inline(always)]
pub(crate) fn round<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let even = nearest_magnitude(a);
    select(a - even == 0.5, even + 1.0, even).copysign(x)
}

/// The magnitude.
#[inline(always)]
pub(crate) fn abs<K: Arithmetic>(x: f64) -> f64 {
    x.abs()
}

/// -1, 0 or 1.
#[inline(always)]
pub(crate) fn sign<K: Arithmetic>(x: f64) -> f64 {
    let one = select(x.is_nan(), x, 1f64.copysign(x));
    select(x == 0.0, 0.0, one)
}

/// `max(x, 0)`.
#[inline(always)]
pub(crate) fn relu<K: Arithmetic>(x: f64) -> f64 {
    select(x <= 0.0, 0.0, x)
}

/// 1 for positive arguments, 0 for the others.
#[inline(always)]
pub(crate) fn step<K: Arithmetic>(x: f64) -> f64 {
    select(x.is_nan(), x, truth(x > 0.0))
}

/// The smaller one; NaN if either is. Of two zeros, the first.
#[inline(always)]
pub(crate) fn min<K: Arithmetic>(u: f64, v: f64) -> f64 {
    select(u.is_nan() | v.is_nan(), f64::NAN, select(v < u, v, u))
}

/// The larger one; NaN if either is. Of two zeros, the first.
#[inline(always)]
pub(crate) fn max<K: Arithmetic>(u: f64, v: f64) -> f64 {
    select(u.is_nan() | v.is_nan(), f64::NAN, select(v > u, v, u))
}

/// The number of a truth value.
#[inline(always)]
fn truth(holds: bool) -> f64 {
    select(holds, 1.0, 0.0)
}

/// `u < v`
#[inline(always)]
pub(crate) fn less<K: Arithmetic>(u: f64, v: f64) -> f64 {
    truth(u < v)
}

/// `u <= v`
#[inline(always)]
pub(crate) fn less_equal<K: Arithmetic>(u: f64, v: f64) -> f64 {
    truth(u <= v)
}

/// `u > v`
#[inline(always)]
pub(crate) fn greater<K: Arithmetic>(u: f64, v: f64) -> f64 {
    truth(u > v)
}

/// `u >= v`
#[inline(always)]
pub(crate) fn greater_equal<K: Arithmetic>(u: f64, v: f64) -> f64 {
    truth(u >= v)
}

/// `u = v`
#[inline(always)]
pub(crate) fn equal<K: Arithmetic>(u: f64, v: f64) -> f64 {
    truth(u == v)
}

/// `u != v`
#[inline(always)]
pub(crate) fn not_equal<K: Arithmetic>(u: f64, v: f64) -> f64 {
    truth(u != v)
}

/// Both hold.
#[inline(always)]
pub(crate) fn and<K: Arithmetic>(u: f64, v: f64) -> f64 {
    truth((u != 0.0) & (v != 0.0))
}

/// One of them holds.
#[inline(always)]
pub(crate) fn or<K: Arithmetic>(u: f64, v: f64) -> f64 {
    truth((u != 0.0) | (v != 0.0))
}

/// Does not hold.
#[inline(always)]
pub(crate) fn not<K: Arithmetic>(u: f64) -> f64 {
    truth(u == 0.0)
}
