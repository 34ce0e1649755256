//! Real values of the elementary functions: the forms that keep a few units in the last place over the whole domain.
//!
//! What the standard library already does well (`sin`, `exp`, `atan2`, ...) stands in the table itself. Here is what it
//! lacks, each in the form that survives the ends of its domain. Outside its domain a function is NaN.

use std::f64::consts::{FRAC_PI_2, LN_2, PI};

pub(super) fn cot(x: f64) -> f64 {
    x.tan().recip()
}

pub(super) fn sec(x: f64) -> f64 {
    x.cos().recip()
}

pub(super) fn csc(x: f64) -> f64 {
    x.sin().recip()
}

/// `atan(1/x)`, with the value `pi/2` at 0: it jumps there from `-pi/2`.
pub(super) fn acot(x: f64) -> f64 {
    if x == 0.0 {
        FRAC_PI_2
    } else {
        x.recip().atan()
    }
}

/// `acos(1/x)`, without rounding `1/x`: near 1 that would leave half of the digits.
pub(super) fn asec(x: f64) -> f64 {
    let angle = tangent_of_asec(x).atan();
    if x < 0.0 { PI - angle } else { angle }
}

/// `asin(1/x)`; the tangent of the angle is known exactly near 1, where `1/x` is not.
pub(super) fn acsc(x: f64) -> f64 {
    if x.abs() > 1e8 {
        x.recip()
    } else {
        tangent_of_asec(x).recip().atan().copysign(x)
    }
}

/// `sqrt(x^2 - 1)`, which is infinite (and good enough) from 1e154 on.
fn tangent_of_asec(x: f64) -> f64 {
    ((x - 1.0) * (x + 1.0)).sqrt()
}

/// The angle of the point with ordinate `y` and abscissa `x`. The sign of a zero says nothing: atan2(-y, -1) at 0 is pi, as
/// it is at any zero.
pub(super) fn atan2(y: f64, x: f64) -> f64 {
    (y + 0.0).atan2(x + 0.0)
}

/// `exp(-|x|/2)`: its square may be subnormal, so that it is multiplied in last, once.
fn half_decay(x: f64) -> f64 {
    (-0.5 * x.abs()).exp()
}

pub(super) fn coth(x: f64) -> f64 {
    x.tanh().recip()
}

/// `1/cosh(x)`, right until it underflows at 745; `cosh` overflows at 710.
pub(super) fn sech(x: f64) -> f64 {
    if x.abs() < 22.0 {
        x.cosh().recip()
    } else {
        2.0 * half_decay(x) * half_decay(x)
    }
}

/// `1/sinh(x)`, right until it underflows.
pub(super) fn csch(x: f64) -> f64 {
    if x.abs() < 22.0 {
        x.sinh().recip()
    } else {
        (2.0 * half_decay(x) * half_decay(x)).copysign(x)
    }
}

/// NaN below 1, where that of libm is -10.15 at -9878.99.
pub(super) fn acosh(x: f64) -> f64 {
    if x < 1.0 { f64::NAN } else { libm::acosh(x) }
}

/// `atanh(1/x)`, without rounding `1/x`.
pub(super) fn acoth(x: f64) -> f64 {
    let a = x.abs();
    (0.5 * (2.0 / (a - 1.0)).ln_1p()).copysign(x) + if a < 1.0 { f64::NAN } else { -0.0 }
}

/// `acosh(1/x)`, without rounding `1/x`.
pub(super) fn asech(x: f64) -> f64 {
    if x < 1e-8 {
        LN_2 - x.ln()
    } else {
        let d = (1.0 - x) / x;
        (d + (d * (d + 2.0)).sqrt()).ln_1p()
    }
}

/// `asinh(1/x)`; below 1e-8 the logarithm that it is there, as `1/x` may overflow.
pub(super) fn acsch(x: f64) -> f64 {
    if x.abs() < 1e-8 {
        (LN_2 - x.abs().ln()).copysign(x)
    } else {
        libm::asinh(x.recip())
    }
}

/// `sign(0) = 0`; the standard `signum` says 1.
pub(super) fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// 1 for positive arguments, 0 for the others, 0 included.
pub(super) fn step(x: f64) -> f64 {
    if x.is_nan() { x } else { truth(x > 0.0) }
}

pub(super) fn relu(x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { x }
}

/// The smaller one; NaN if either is (the standard `min` would drop it). Of 0 and -0, which are equal, the first: the
/// standard `min` leaves that to the compiler, and backends would differ.
pub(super) fn min(u: f64, v: f64) -> f64 {
    if v < u || v.is_nan() { v } else { u }
}

/// The larger one; NaN if either is; the first of equals.
pub(super) fn max(u: f64, v: f64) -> f64 {
    if v > u || v.is_nan() { v } else { u }
}

/// The remainder with the sign of the divisor: `u - v*floor(u/v)`, computed exactly but for one rounding.
pub(super) fn modulo(u: f64, v: f64) -> f64 {
    let r = u % v;
    if r == 0.0 {
        r.copysign(v)
    } else if (r < 0.0) != (v < 0.0) {
        r + v
    } else {
        r
    }
}

/// `1/(1 + exp(-x))`; for negative arguments the equal form that does not overflow.
pub(super) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        (1.0 + (-x).exp()).recip()
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// `log(1 + exp(x))`, as `max(x, 0) + log1p(exp(-|x|))`.
pub(super) fn softplus(x: f64) -> f64 {
    (-x.abs()).exp().ln_1p() + if x > 0.0 { x } else { 0.0 }
}

/// `x*log(y)`, with the limit 0 at `x = 0` whatever `y`.
pub(super) fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 && !y.is_nan() {
        0.0
    } else {
        x * y.ln()
    }
}

/// The number of a truth value.
pub(super) fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}
