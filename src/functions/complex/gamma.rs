//! The gamma family: Stirling's series where the real part or the modulus of the imaginary part is 10 or more, shifts
//! towards it from the right half plane, reflections from the left one.
//!
//! Near the real axis everything is as precise as the real functions; far from it the error grows with the size of the
//! logarithm: `gamma(z)` has about `|z| log|z|` units, 3e-13 at `|Im z| = 400`.

use super::{Complex64, ONE, cot, log, log1p, pow, recip};
use crate::functions::gamma::{self as real, BERNOULLI_OVER_2K, BERNOULLI_OVER_FACTORIAL};
use std::f64::consts::{PI, TAU};

const FAR: f64 = 10.0;
/// `log(2 pi)/2`.
const HALF_LOG_TAU: f64 = 0.918_938_533_204_672_7;
const LOG_PI: f64 = 1.144_729_885_849_400_2;
const EULER: f64 = 0.577_215_664_901_532_9;

/// `zeta(k)/k (-1)^k`, `k` from 2: Taylor coefficients of `lgamma(1 + s)`.
const ZETA_OVER_K: [f64; 25] = [
    0.8224670334241132,
    -0.40068563438653143,
    0.27058080842778454,
    -0.20738555102867398,
    0.1695571769974082,
    -0.1440498967688461,
    0.12550966952474304,
    -0.11133426586956469,
    0.1000994575127818,
    -0.09095401714582904,
    0.083353840546109,
    -0.0769325164113522,
    0.07143294629536133,
    -0.06666870588242046,
    0.06250095514121304,
    -0.058823978658684585,
    0.055555767627403614,
    -0.05263167937961666,
    0.05000004769810169,
    -0.047619070330142226,
    0.04545455629320467,
    -0.04347826605304026,
    0.04166666915034121,
    -0.04000000119214014,
    0.03846153903467518,
];

/// True for NaN as well: every shift ends.
fn is_far(z: Complex64) -> bool {
    let near = z.re < FAR && z.im.abs() < FAR;
    !near
}

/// The gamma function.
pub fn gamma(z: Complex64) -> Complex64 {
    if z.im == 0.0 {
        return Complex64::new(real::gamma(z.re), z.im);
    }
    if is_far(z) {
        return gamma_far(z);
    }
    if z.re < 0.5 {
        return recip(sin_pi(z) * gamma(ONE - z)) * PI;
    }
    let (mut at, mut product) = (z, ONE);
    while !is_far(at) {
        product *= at;
        at.re += 1.0;
    }
    super::div(gamma_far(at), product)
}

/// Stirling's formula with real powers of the modulus, which are accurate where the exponential of a logarithm is not.
fn gamma_far(z: Complex64) -> Complex64 {
    let (modulus, angle) = (z.re.hypot(z.im), z.im.atan2(z.re));
    let exponent = z.re - 0.5;
    let size = exponent * modulus.ln() - z.im * angle - z.re;
    if size.abs() > 800.0 {
        return if size < 0.0 {
            Complex64::new(0.0, 0.0)
        } else {
            super::NAN
        };
    }
    let series = super::exp(stirling_series(z));
    let (sin, cos) = (z.im * modulus.ln() + exponent * angle - z.im).sin_cos();
    let power = modulus.powf(0.5 * exponent);
    let decay = (-0.5 * z.re).exp();
    let root = power * decay;
    let turn = (-z.im * angle).exp() * TAU.sqrt();
    Complex64::new(cos, sin) * series * (root * turn) * root
}

/// `log(gamma(z))` less Stirling's leading terms.
fn stirling_series(z: Complex64) -> Complex64 {
    let w = recip(z);
    let square = w * w;
    let mut sum = Complex64::new(0.0, 0.0);
    for (k, b) in BERNOULLI_OVER_2K.iter().enumerate().rev() {
        sum = sum * square + b / (2.0 * k as f64 + 1.0);
    }
    sum * w
}

/// The logarithm of gamma that is continuous off the negative axis, its cut; on that axis it differs from the real
/// `lgamma`, which is `log|gamma|`.
pub fn lgamma(z: Complex64) -> Complex64 {
    if z.im == 0.0 && z.re > 0.0 {
        return Complex64::new(real::lgamma(z.re), z.im);
    }
    if is_far(z) {
        return lgamma_far(z);
    }
    if (z - 1.0).norm_sqr() < 0.04 {
        return lgamma_near_1(z - 1.0);
    }
    if (z - 2.0).norm_sqr() < 0.04 {
        return log1p(z - 2.0) + lgamma_near_1(z - 2.0);
    }
    if z.re < 0.1 {
        let turns = Complex64::new(LOG_PI, TAU.copysign(z.im) * (0.5 * z.re + 0.25).floor());
        return turns - log(sin_pi(z)) - lgamma(ONE - z);
    }
    if z.im.is_sign_negative() {
        return lgamma(z.conj()).conj();
    }
    // The argument of the product grows past pi; each time it does, its principal value loses a turn.
    let (mut at, mut product, mut turns) = (z, ONE, 0.0);
    while !is_far(at) {
        let before = product.im;
        product *= at;
        if before >= 0.0 && product.im < 0.0 {
            turns += 1.0;
        }
        at.re += 1.0;
    }
    lgamma_far(at) - log(product) - Complex64::new(0.0, TAU * turns)
}

/// `log|gamma(x)|`, the real `lgamma`, continued from the negative numbers between two poles: by the reflection formula, with
/// the absolute value of the sine.
pub(crate) fn log_absolute_gamma(z: Complex64) -> Complex64 {
    let sine = sin_pi(z);
    LOG_PI - log(sine * sine.re.signum()) - lgamma(ONE - z)
}

fn lgamma_far(z: Complex64) -> Complex64 {
    (z - 0.5) * log(z) - z + HALF_LOG_TAU + stirling_series(z)
}

/// `lgamma(1 + s)` for `|s| < 0.2`.
fn lgamma_near_1(s: Complex64) -> Complex64 {
    let sum = ZETA_OVER_K
        .iter()
        .rev()
        .fold(Complex64::new(0.0, 0.0), |sum, c| sum * s + c);
    (sum * s - EULER) * s
}

/// The derivative of `lgamma`.
pub fn digamma(z: Complex64) -> Complex64 {
    if z.im == 0.0 {
        return Complex64::new(real::digamma(z.re), z.im);
    }
    if z.re < 0.0 && z.im.abs() < FAR {
        return digamma(ONE - z) - cot_pi(z) * PI;
    }
    let (mut at, mut sum) = (z, Complex64::new(0.0, 0.0));
    while !is_far(at) {
        sum += recip(at);
        at.re += 1.0;
    }
    let w = recip(at);
    let square = w * w;
    let series = BERNOULLI_OVER_2K
        .iter()
        .rev()
        .fold(Complex64::new(0.0, 0.0), |sum, b| sum * square + b);
    log(at) - w * 0.5 - square * series - sum
}

/// The derivative of order `n` of `digamma`, for integers `n` from 0 to 1000; not computed left of -1000 (NaN). Left of the
/// imaginary axis terms cancel: it loses up to 5 digits at order 7 and 8 at order 20.
pub fn polygamma(n: Complex64, z: Complex64) -> Complex64 {
    let order = n.re;
    if n.im != 0.0
        || !(0.0..=real::MAX_POLYGAMMA_ORDER).contains(&order)
        || order != order.floor()
        || z.is_nan()
    {
        return super::NAN;
    }
    if z.im == 0.0 {
        return Complex64::new(real::polygamma(order, z.re), z.im);
    }
    if order == 0.0 {
        return digamma(z);
    }
    if z.re < -1000.0 {
        return super::NAN;
    }
    let sign = if order % 2.0 == 0.0 { -1.0 } else { 1.0 };
    zeta_times_factorial(order + 1.0, z) * sign
}

/// `gamma(s) zeta(s, z)` as on the real line; the terms left of the imaginary axis are just summed.
fn zeta_times_factorial(s: f64, z: Complex64) -> Complex64 {
    let power = Complex64::new(s, 0.0);
    let mut sum = Complex64::new(0.0, 0.0);
    let mut at = z;
    let far = 12.0 + s;
    while at.norm_sqr() < far * far || (at.re < 0.0 && at.im.abs() < far) {
        sum += pow(super::div(z, at), power);
        at.re += 1.0;
    }
    let mut tail = at / (s - 1.0) + 0.5;
    let step = recip(at);
    let mut rising = step * s;
    for (k, b) in BERNOULLI_OVER_FACTORIAL.iter().enumerate() {
        tail += rising * *b;
        let j = s + 2.0 * k as f64;
        rising *= step * step * ((j + 1.0) * (j + 2.0));
    }
    sum += pow(super::div(z, at), power) * tail;
    if s >= 172.0 {
        return sum * super::exp(real::lgamma(s) - log(z) * s);
    }
    // gamma(s)/z^s in parts that overflow only together.
    let third = (s / 3.0).floor();
    let part = pow(z, Complex64::new(-third, 0.0));
    sum * real::gamma(s) * part * part * pow(z, Complex64::new(2.0 * third - s, 0.0))
}

/// `z` with its real part less the nearest integer.
fn reduced(z: Complex64) -> Complex64 {
    Complex64::new(z.re - z.re.round_ties_even(), z.im)
}

fn sin_pi(z: Complex64) -> Complex64 {
    let s = super::sin(reduced(z) * PI);
    if z.re.round_ties_even() % 2.0 == 0.0 {
        s
    } else {
        -s
    }
}

fn cot_pi(z: Complex64) -> Complex64 {
    cot(reduced(z) * PI)
}
