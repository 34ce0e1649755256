//! Complex values, on the principal branches and with the branch cuts of C99 (a signed zero tells the side of a cut).
//!
//! Real and imaginary part are each computed without cancellation near the real axis: a complex step
//! `f(x + 1e-200 i)` gives `f'(x)` in its imaginary part to a few units in the last place. Elsewhere the error is small
//! relative to the modulus. Here: arithmetic, roots, exponentials, trigonometric and hyperbolic functions; the inverse
//! ones, the error functions and the gamma family have files of their own.

mod error;
mod gamma;
mod inverse;
mod other;

pub(super) use error::{erf, erfc, normal_cdf, normal_pdf};
pub(crate) use gamma::log_absolute_gamma;
pub(super) use gamma::{digamma, gamma, lgamma, polygamma};
pub(super) use inverse::*;
pub(super) use other::*;

use super::error_free::{two_product, two_sum};
use num_complex::Complex64;
use std::f64::consts::{LN_2, LN_10};

const ONE: Complex64 = Complex64::new(1.0, 0.0);
const NAN: Complex64 = Complex64::new(f64::NAN, f64::NAN);

/// `i z`, without the zeros that a product would add and lose signs by.
fn times_i(z: Complex64) -> Complex64 {
    Complex64::new(-z.im, z.re)
}

/// `-i z`.
fn over_i(z: Complex64) -> Complex64 {
    Complex64::new(z.im, -z.re)
}

/// The binary exponent of the larger part of `z`.
fn exponent_of(z: Complex64) -> i64 {
    let size = z.re.abs().max(z.im.abs());
    if size == 0.0 || !size.is_finite() {
        return 0;
    }
    ((size.to_bits() >> 52) as i64 - 1023).max(-1000)
}

/// `2^exponent`, for scaling without rounding.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((exponent.clamp(-1000, 1000) + 1023) as u64) << 52)
}

fn scale_of(z: Complex64) -> f64 {
    power_of_two(exponent_of(z))
}

/// `w/z`, without overflow or underflow on the way.
pub fn div(w: Complex64, z: Complex64) -> Complex64 {
    let (s, t) = (scale_of(z), scale_of(w));
    let (c, d) = (z.re / s, z.im / s);
    let (a, b) = (w.re / t, w.im / t);
    let n = c * c + d * d;
    let ratio = t / s;
    Complex64::new((a * c + b * d) / n * ratio, (b * c - a * d) / n * ratio)
}

/// `1/z`.
pub fn recip(z: Complex64) -> Complex64 {
    if z.re.is_infinite() || z.im.is_infinite() {
        return Complex64::new(0f64.copysign(z.re), -0f64.copysign(z.im));
    }
    let s = scale_of(z);
    let (c, d) = (z.re / s, z.im / s);
    let n = c * c + d * d;
    Complex64::new(c / n / s, -d / n / s)
}

/// The principal square root: its real part is not negative, and the cut is the negative axis.
pub fn sqrt(z: Complex64) -> Complex64 {
    if z.re == 0.0 && z.im == 0.0 {
        return Complex64::new(0.0, z.im);
    }
    if z.im.is_infinite() {
        return Complex64::new(f64::INFINITY, z.im);
    }
    // An even power of two comes out of the root exactly.
    let s = power_of_two(exponent_of(z) / 2);
    let (x, y) = (z.re / s / s, z.im / s / s);
    let root = (0.5 * (x.abs() + x.hypot(y))).sqrt();
    let other = y.abs() / (2.0 * root);
    if x >= 0.0 {
        Complex64::new(root * s, (other * s).copysign(y))
    } else {
        Complex64::new(other * s, (root * s).copysign(y))
    }
}

/// The exponential function.
pub fn exp(z: Complex64) -> Complex64 {
    if z.im == 0.0 {
        return Complex64::new(z.re.exp(), z.im);
    }
    let (sin, cos) = z.im.sin_cos();
    if z.re == f64::NEG_INFINITY {
        Complex64::new(0.0, 0.0)
    } else if z.re > 700.0 {
        let half = (0.5 * z.re).exp();
        Complex64::new(half * cos * half, half * sin * half)
    } else {
        let e = z.re.exp();
        Complex64::new(e * cos, e * sin)
    }
}

/// `exp(z) - 1`.
pub(super) fn expm1(z: Complex64) -> Complex64 {
    if z.re > 1.0 {
        return exp(z) - 1.0;
    }
    let (sin, cos) = z.im.sin_cos();
    let half = (0.5 * z.im).sin();
    Complex64::new(
        z.re.exp_m1() * cos - 2.0 * half * half,
        if z.im == 0.0 { z.im } else { z.re.exp() * sin },
    )
}

/// The principal logarithm.
pub fn log(z: Complex64) -> Complex64 {
    let (x, y) = (z.re.abs().max(z.im.abs()), z.re.abs().min(z.im.abs()));
    let re = if x > 0.5 && x < 2.0 {
        // x^2 + y^2 - 1 to twice the precision: the modulus alone would lose what lies near 1.
        let ((p, p_low), (q, q_low)) = (two_product(x, x), two_product(y, y));
        let (sum, low) = two_sum(p - 1.0, q);
        0.5 * (sum + (low + p_low + q_low)).ln_1p()
    } else if !(1e-300..=1e300).contains(&x) {
        let s = scale_of(z);
        (x / s).hypot(y / s).ln() + s.ln()
    } else {
        x.hypot(y).ln()
    };
    Complex64::new(re, z.im.atan2(z.re))
}

/// `log(1 + z)`.
pub(super) fn log1p(z: Complex64) -> Complex64 {
    let (x, y) = (z.re, z.im);
    if x.abs() > 0.5 || y.abs() > 0.5 {
        return log(Complex64::new(1.0 + x, y));
    }
    // |1 + z|^2 - 1 = 2x + x^2 + y^2
    let ((p, p_low), (q, q_low)) = (two_product(x, x), two_product(y, y));
    let (sum, low) = two_sum(2.0 * x, q);
    let (sum, lower) = two_sum(sum, p);
    Complex64::new(
        0.5 * (sum + (low + lower + p_low + q_low)).ln_1p(),
        y.atan2(1.0 + x),
    )
}

pub(super) fn log2(z: Complex64) -> Complex64 {
    log(z) / LN_2
}

pub(super) fn log10(z: Complex64) -> Complex64 {
    log(z) / LN_10
}

/// The principal power `exp(w log z)`; `0^0 = 1`, and 0 to a power of positive real part is 0.
pub fn pow(z: Complex64, w: Complex64) -> Complex64 {
    if w.im == 0.0 {
        if w.re == 0.5 {
            return sqrt(z);
        }
        if w.re == w.re.floor() && w.re.abs() <= 64.0 {
            let power = power_by_squaring(z, w.re.abs() as u32);
            return if w.re < 0.0 { recip(power) } else { power };
        }
    }
    if z.re == 0.0 && z.im == 0.0 {
        return if w.re > 0.0 {
            Complex64::new(0.0, 0.0)
        } else {
            NAN
        };
    }
    // |z|^re(w) by the real power, which is accurate where exp(re(w) log|z|) is not.
    let l = log(z);
    let (sin, cos) = (w.im * l.re + w.re * l.im).sin_cos();
    let root = z.re.hypot(z.im).powf(0.5 * w.re);
    let modulus = (-w.im * l.im).exp();
    Complex64::new(root * (modulus * cos) * root, root * (modulus * sin) * root)
}

fn power_by_squaring(z: Complex64, n: u32) -> Complex64 {
    let (mut power, mut square, mut n) = (ONE, z, n);
    while n > 0 {
        if n & 1 == 1 {
            power *= square;
        }
        square *= square;
        n >>= 1;
    }
    power
}

/// `(sinh x, cosh x)` over `2^k`, and `2^k`: without overflow where only the product with a small factor is wanted.
fn scaled_sinh_cosh(x: f64) -> (f64, f64, f64) {
    if x.abs() < 700.0 {
        return (x.sinh(), x.cosh(), 1.0);
    }
    let half = (0.5 * x.abs()).exp();
    ((0.5 * half).copysign(x), 0.5 * half, half)
}

pub(super) fn sinh(z: Complex64) -> Complex64 {
    let (sinh, cosh, scale) = scaled_sinh_cosh(z.re);
    let (sin, cos) = z.im.sin_cos();
    Complex64::new(
        sinh * cos * scale,
        if z.im == 0.0 {
            z.im
        } else {
            cosh * sin * scale
        },
    )
}

pub(super) fn cosh(z: Complex64) -> Complex64 {
    let (sinh, cosh, scale) = scaled_sinh_cosh(z.re);
    let (sin, cos) = z.im.sin_cos();
    Complex64::new(
        cosh * cos * scale,
        if z.im == 0.0 {
            z.im * sinh.signum()
        } else {
            sinh * sin * scale
        },
    )
}

/// Kahan's form: nothing cancels, and beyond 22 the exponential that is left of the imaginary part.
pub(super) fn tanh(z: Complex64) -> Complex64 {
    let (x, y) = (z.re, z.im);
    if x.abs() > 22.0 {
        let (sin, cos) = y.sin_cos();
        let e = (-x.abs()).exp();
        return Complex64::new(1f64.copysign(x), 4.0 * (e * sin) * (e * cos));
    }
    let t = y.tan();
    let beta = 1.0 + t * t;
    let s = x.sinh();
    let rho = x.cosh();
    if t.is_infinite() {
        return Complex64::new(rho / s, t.recip());
    }
    let d = 1.0 + beta * s * s;
    Complex64::new(beta * rho * s / d, t / d)
}

pub(super) fn coth(z: Complex64) -> Complex64 {
    recip(tanh(z))
}

pub(super) fn sech(z: Complex64) -> Complex64 {
    if z.re.abs() < 20.0 {
        recip(cosh(z))
    } else {
        decay(if z.re < 0.0 { -z } else { z }, 1.0)
    }
}

pub(super) fn csch(z: Complex64) -> Complex64 {
    if z.re.abs() < 20.0 {
        recip(sinh(z))
    } else if z.re < 0.0 {
        -decay(-z, -1.0)
    } else {
        decay(z, -1.0)
    }
}

/// `2/(exp(z) + sign exp(-z))` for a large positive real part, without overflow.
fn decay(z: Complex64, sign: f64) -> Complex64 {
    let (sin, cos) = z.im.sin_cos();
    let half = (-0.5 * z.re).exp();
    let e = half * half;
    let bend = Complex64::new(
        1.0 - sign * e * e * (2.0 * z.im).cos(),
        sign * e * e * (2.0 * z.im).sin(),
    );
    Complex64::new(cos, -sin) * bend * 2.0 * half * half
}

pub(super) fn sin(z: Complex64) -> Complex64 {
    over_i(sinh(times_i(z)))
}

pub(super) fn cos(z: Complex64) -> Complex64 {
    cosh(times_i(z))
}

pub(super) fn tan(z: Complex64) -> Complex64 {
    over_i(tanh(times_i(z)))
}

pub(super) fn cot(z: Complex64) -> Complex64 {
    recip(tan(z))
}

pub(super) fn sec(z: Complex64) -> Complex64 {
    sech(times_i(z))
}

pub(super) fn csc(z: Complex64) -> Complex64 {
    times_i(csch(times_i(z)))
}
