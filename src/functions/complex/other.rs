//! What is left: functions without a complex derivative, two arguments, and the ones of machine learning.

use super::{Complex64, NAN, ONE, atan, div, exp, log, power_of_two, sqrt};
use std::f64::consts::{FRAC_PI_2, PI};

/// A function of real arguments only: NaN where the imaginary part is not 0.
pub fn on_reals(z: Complex64, f: fn(f64) -> f64) -> Complex64 {
    if z.im == 0.0 {
        Complex64::new(f(z.re), 0.0)
    } else {
        NAN
    }
}

/// A function of two real arguments: NaN where an imaginary part is not 0.
pub fn on_real_pairs(z: Complex64, w: Complex64, f: fn(f64, f64) -> f64) -> Complex64 {
    if z.im == 0.0 && w.im == 0.0 {
        Complex64::new(f(z.re, w.re), 0.0)
    } else {
        NAN
    }
}

/// The modulus. It has no complex derivative: a complex step through it gives 0.
pub fn abs(z: Complex64) -> Complex64 {
    Complex64::new(z.re.hypot(z.im), 0.0)
}

/// `z/|z|`, and 0 at 0.
pub fn sign(z: Complex64) -> Complex64 {
    if z.re == 0.0 && z.im == 0.0 {
        return Complex64::new(0.0, 0.0);
    }
    let s = super::scale_of(z);
    let z = z / s;
    z / z.re.hypot(z.im)
}

/// The cube root that is odd, as on the real line: its cut is the imaginary axis, not the negative one, so that it agrees
/// with the real function and its derivative on both sides of 0. `z^(1/3)` is the principal root.
pub fn cbrt(z: Complex64) -> Complex64 {
    if z.re < 0.0 {
        return -cbrt(-z);
    }
    let root = z.re.hypot(z.im).cbrt();
    let (sin, cos) = (z.im.atan2(z.re) / 3.0).sin_cos();
    Complex64::new(root * cos, root * sin)
}

/// `sqrt(z^2 + w^2)`.
pub fn hypot(z: Complex64, w: Complex64) -> Complex64 {
    if z.im == 0.0 && w.im == 0.0 {
        return Complex64::new(z.re.hypot(w.re), 0.0);
    }
    let s = power_of_two(super::exponent_of(z).max(super::exponent_of(w)));
    let (z, w) = (z / s, w / s);
    // The sign of a zero in the square of -3 + 0i must not send hypot(-3, 5i) to the other side of the cut.
    let square = z * z + w * w;
    sqrt(Complex64::new(square.re, square.im + 0.0)) * s
}

/// The angle of the point with the abscissa `x` and the ordinate `y`, continued from real points: `atan(y/x)` and its
/// shifts. (Through a logarithm of `x + iy` an imaginary part of 1e-200 would drown in the real parts.)
pub fn atan2(y: Complex64, x: Complex64) -> Complex64 {
    if y.im == 0.0 && x.im == 0.0 {
        return Complex64::new(crate::functions::real::atan2(y.re, x.re), 0.0);
    }
    if y.re.abs() > x.re.abs() {
        return FRAC_PI_2.copysign(y.re) - atan(div(x, y));
    }
    let angle = atan(div(y, x));
    if x.re < 0.0 {
        angle + PI.copysign(y.re)
    } else {
        angle
    }
}

/// `1/(1 + exp(-z))`.
pub fn sigmoid(z: Complex64) -> Complex64 {
    let e = exp(if z.re < 0.0 { z } else { -z });
    div(if z.re < 0.0 { e } else { ONE }, ONE + e)
}

/// `log(1 + exp(z))`, the principal logarithm.
pub fn softplus(z: Complex64) -> Complex64 {
    let (sin, cos) = z.im.sin_cos();
    let e = (-z.re.abs()).exp();
    // With e = exp(-|x|): |1 + exp(z)|^2 = exp(2 max(x, 0)) (1 + e^2 + 2 e cos y).
    let re = if cos < -0.5 && e > 0.5 {
        let (gap, half) = ((-z.re.abs()).exp_m1(), (0.5 * z.im).cos());
        0.5 * (gap * gap + 4.0 * e * half * half).ln()
    } else {
        0.5 * (e * (e + 2.0 * cos)).ln_1p()
    };
    let im = if z.re > 0.0 {
        sin.atan2(e + cos)
    } else {
        (e * sin).atan2(1.0 + e * cos)
    };
    Complex64::new(if z.re > 0.0 { z.re + re } else { re }, im)
}

/// `z*log(w)`, and 0 at `z = 0`.
pub fn xlogy(z: Complex64, w: Complex64) -> Complex64 {
    if z.re == 0.0 && z.im == 0.0 && !w.re.is_nan() {
        Complex64::new(0.0, 0.0)
    } else {
        z * log(w)
    }
}
