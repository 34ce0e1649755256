//! Inverse trigonometric and hyperbolic functions, after Kahan ("Branch cuts for complex elementary functions", 1987).
//!
//! Each is written in `1 - z` and `1 + z`, which are exact where they are small. The functions of `1/z` bring
//! `(z - 1)/z` and `(z + 1)/z` instead, so that nothing is lost near 1.

use super::{log, over_i, recip, sqrt, times_i};
use num_complex::Complex64;
use std::f64::consts::{FRAC_PI_2, LN_2};

/// Beyond this the parts are logarithms and squares would overflow.
const LARGE: f64 = 1e150;

fn is_large(z: Complex64) -> bool {
    z.re.abs() > LARGE || z.im.abs() > LARGE
}

pub fn asin(z: Complex64) -> Complex64 {
    over_i(asinh(times_i(z)))
}

pub fn acos(z: Complex64) -> Complex64 {
    if is_large(z) {
        return Complex64::new(z.im.abs().atan2(z.re), (log(z).re + LN_2).copysign(-z.im));
    }
    acos_from(Complex64::new(1.0 - z.re, -z.im), z + 1.0)
}

/// `acos(z)` from `1 - z` and `1 + z`.
fn acos_from(below: Complex64, above: Complex64) -> Complex64 {
    let (s, t) = (sqrt(below), sqrt(above));
    Complex64::new(
        2.0 * s.re.atan2(t.re),
        libm::asinh(t.re * s.im - t.im * s.re),
    )
}

pub fn asinh(z: Complex64) -> Complex64 {
    if is_large(z) {
        return Complex64::new((log(z).re + LN_2).copysign(z.re), z.im.atan2(z.re.abs()));
    }
    // 1 + iz and 1 - iz
    asinh_from(
        z,
        Complex64::new(1.0 - z.im, z.re),
        Complex64::new(1.0 + z.im, -z.re),
    )
}

/// `asinh(z)` from `1 + iz` and `1 - iz`.
fn asinh_from(z: Complex64, above: Complex64, below: Complex64) -> Complex64 {
    let (s, t) = (sqrt(above), sqrt(below));
    Complex64::new(
        libm::asinh(s.im * t.re - t.im * s.re),
        z.im.atan2(s.re * t.re - s.im * t.im),
    )
}

pub fn acosh(z: Complex64) -> Complex64 {
    if is_large(z) {
        return Complex64::new(log(z).re + LN_2, z.im.atan2(z.re));
    }
    acosh_from(z - 1.0, z + 1.0)
}

/// `acosh(z)` from `z - 1` and `z + 1`.
fn acosh_from(below: Complex64, above: Complex64) -> Complex64 {
    let (s, t) = (sqrt(below), sqrt(above));
    Complex64::new(
        libm::asinh(s.re * t.re + s.im * t.im),
        2.0 * s.im.atan2(t.re),
    )
}

pub fn atan(z: Complex64) -> Complex64 {
    over_i(atanh(times_i(z)))
}

pub fn atanh(z: Complex64) -> Complex64 {
    if is_large(z) {
        return Complex64::new(recip(z).re, FRAC_PI_2.copysign(z.im));
    }
    let (x, y) = (z.re, z.im);
    Complex64::new(
        artanh_modulus(z),
        0.5 * (2.0 * y).atan2((1.0 - x) * (1.0 + x) - y * y),
    )
}

pub fn acoth(z: Complex64) -> Complex64 {
    if z.re.abs().max(z.im.abs()) > 1e8 {
        return recip(z);
    }
    let (x, y) = (z.re, z.im);
    Complex64::new(
        artanh_modulus(z),
        0.5 * (-2.0 * y).atan2((x - 1.0) * (x + 1.0) + y * y),
    )
}

/// `log|(1 + z)/(1 - z)|/2`, the real part of both `atanh(z)` and `acoth(z)`.
fn artanh_modulus(z: Complex64) -> f64 {
    let (x, y) = (z.re.abs(), z.im);
    (0.25 * (4.0 * x / ((1.0 - x) * (1.0 - x) + y * y)).ln_1p()).copysign(z.re)
}

/// `1 + sign/z`, as `(z + sign)/z`: nothing is lost near `z = -sign`, and a zero keeps its sign.
fn one_and_recip(z: Complex64, sign: f64) -> Complex64 {
    if z.re.abs().max(z.im.abs()) > LARGE {
        return recip(z) * sign + 1.0;
    }
    let n = z.norm_sqr();
    Complex64::new(((z.re + sign) * z.re + z.im * z.im) / n, -sign * z.im / n)
}

pub fn acot(z: Complex64) -> Complex64 {
    if z.re == 0.0 && z.im == 0.0 {
        Complex64::new(FRAC_PI_2, 0.0)
    } else {
        over_i(acoth(over_i(z)))
    }
}

pub fn asec(z: Complex64) -> Complex64 {
    if is_large(recip(z)) {
        acos(recip(z))
    } else {
        acos_from(one_and_recip(z, -1.0), one_and_recip(z, 1.0))
    }
}

pub fn acsc(z: Complex64) -> Complex64 {
    over_i(acsch(over_i(z)))
}

pub fn asech(z: Complex64) -> Complex64 {
    if is_large(recip(z)) {
        return acosh(recip(z));
    }
    acosh_from(-one_and_recip(z, -1.0), one_and_recip(z, 1.0))
}

pub fn acsch(z: Complex64) -> Complex64 {
    let w = recip(z);
    if is_large(w) {
        asinh(w)
    } else {
        asinh_from(
            w,
            one_and_recip(over_i(z), 1.0),
            one_and_recip(over_i(z), -1.0),
        )
    }
}
