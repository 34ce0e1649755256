//! The operations of a program that are no functions of the table, as they are in the scalar interpreter, to the last bit.

use super::{Arithmetic, select};

/// `a*b + c`, rounded once: without the instruction a call, which is slow but right. Programs made on a machine without
/// it do not use it.
#[inline(always)]
pub(crate) fn mul_add<K: Arithmetic>(a: f64, b: f64, c: f64) -> f64 {
    if K::FUSED {
        K::fma(a, b, c)
    } else {
        a.mul_add(b, c)
    }
}

/// `b` where `a` is not 0, `c` where it is 0, NaN where it is NaN.
#[inline(always)]
pub(crate) fn choose(a: f64, b: f64, c: f64) -> f64 {
    select(a.is_nan(), f64::NAN, select(a != 0.0, b, c))
}

/// `a`, but 0 where `a` is NaN, `b` is 0 and `c` infinite.
#[inline(always)]
pub(crate) fn fill(a: f64, b: f64, c: f64) -> f64 {
    let limit = a.is_nan() & (b == 0.0) & (c.abs() == f64::INFINITY);
    select(limit, 0.0, a)
}
