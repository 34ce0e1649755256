//! Real values of the gamma family.
//!
//! `gamma` and `digamma` are brought to [1, 2], where a polynomial (Chebyshev interpolation of the reciprocal gamma
//! function, and of `digamma(x)/(x - root)`) is good to 2e-17; Stirling's series takes over for large arguments and
//! reflections for large negative ones. Everything with a sum over poles is a Hurwitz zeta function.

use std::f64::consts::PI;

use super::error_free::{two_product, two_sum};

/// `1/gamma(3/2 + s)`, lowest power first.
const RECIPROCAL_GAMMA: [f64; 17] = [
    std::f64::consts::FRAC_2_SQRT_PI,
    -0.0411745264452831,
    -0.5266544355255445,
    0.17510202604393435,
    0.050966860247706136,
    -0.04215516936852384,
    0.006612897826820958,
    0.0021207314422774662,
    -0.0011107302545151887,
    0.00015235762470316286,
    2.535520386106474e-05,
    -1.3896835437533617e-05,
    2.1562113294434155e-06,
    5.8070298070884785e-08,
    -8.917014541433564e-08,
    1.6813402437575466e-08,
    -8.521820446681207e-10,
];

/// `digamma(3/2 + s)/(3/2 + s - root)`, lowest power first.
const DIGAMMA: [f64; 22] = [
    0.951055876031833,
    -0.4236274212814605,
    0.2405424842407742,
    -0.14840492305390884,
    0.09498872445494122,
    -0.061922133273064534,
    0.04076083381242074,
    -0.02697579675613825,
    0.0179072524394512,
    -0.011908218001568644,
    0.007926944646403797,
    -0.005279964873257405,
    0.003519006401502276,
    -0.002345267632540769,
    0.0015566317474486838,
    -0.0010376374098418604,
    0.0007233266279287554,
    -0.0004821990530566789,
    0.0002272331660987376,
    -0.00015148586836773365,
    0.00025968482126430747,
    -0.00017312261802727394,
];

/// The highest order of polygamma: the cost grows with it.
pub const MAX_POLYGAMMA_ORDER: f64 = 1000.0;

/// The root of digamma, to twice the precision of a double.
const DIGAMMA_ROOT: (f64, f64) = (1.4616321449683622, 9.549995429965697e-17);

/// `gamma(x) sqrt(x/2pi) (e/x)^x` as a series in `1/x`; good to 2e-18 from 20 on.
const STIRLING_FACTOR: [f64; 12] = [
    1.0,
    0.08333333333333333,
    0.003472222222222222,
    -0.0026813271604938273,
    -0.00022947209362139917,
    0.0007840392217200666,
    6.972813758365857e-05,
    -0.0005921664373536939,
    -5.171790908260592e-05,
    0.0008394987206720873,
    7.204895416020011e-05,
    -0.0019144384985654776,
];

/// Bernoulli numbers `B_2k/(2k)!`, `k` from 1.
pub(super) const BERNOULLI_OVER_FACTORIAL: [f64; 12] = [
    0.08333333333333333,
    -0.001388888888888889,
    3.306878306878307e-05,
    -8.267195767195768e-07,
    2.08767569878681e-08,
    -5.284190138687493e-10,
    1.3382536530684679e-11,
    -3.3896802963225827e-13,
    8.586062056277845e-15,
    -2.174868698558062e-16,
    5.5090028283602295e-18,
    -1.3954464685812522e-19,
];

/// `B_2k/(2k)`, `k` from 1: digamma's asymptotic series.
pub(super) const BERNOULLI_OVER_2K: [f64; 8] = [
    0.08333333333333333,
    -0.008333333333333333,
    0.003968253968253968,
    -0.004166666666666667,
    0.007575757575757576,
    -0.021092796092796094,
    0.08333333333333333,
    -0.4432598039215686,
];

/// The gamma function; NaN at 0 and the negative integers.
pub(super) fn gamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::NEG_INFINITY || (x <= 0.0 && x == x.floor()) {
        f64::NAN
    } else if x > 172.0 {
        f64::INFINITY
    } else if x < -190.0 {
        0.0
    } else if x > 20.0 {
        let (half, factor) = stirling(x);
        half * (half * factor)
    } else if x >= -20.0 {
        gamma_by_recurrence(x)
    } else {
        // gamma(x) gamma(-x) = -pi/(x sin(pi x)); the halves of gamma(-x) divide in turn, as it may overflow alone.
        let (half, factor) = stirling(-x);
        -PI / (x * sin_pi(x)) / factor / half / half
    }
}

/// `gamma(x)` as `(half, factor)` with the value `half^2 factor`, for `x > 20`.
fn stirling(x: f64) -> (f64, f64) {
    let series = horner(&STIRLING_FACTOR, x.recip());
    (
        x.powf(0.5 * x - 0.25),
        (2.0 * PI).sqrt() * series * (-x).exp(),
    )
}

/// Multiplies or divides its way into [1, 2], with the product kept to twice the precision.
fn gamma_by_recurrence(x: f64) -> f64 {
    let steps = x.floor() - 1.0;
    let mut product = (1.0, 0.0);
    if steps >= 0.0 {
        let mut at = x;
        for _ in 0..steps as usize {
            at -= 1.0; // exact: at stays above 1, where the spacing of doubles only shrinks
            product = times(product, (at, 0.0));
        }
        let product = product.0 + product.1;
        if at == 1.0 {
            product
        } else {
            product / reciprocal_gamma(at - 1.5)
        }
    } else {
        for k in 0..(-steps) as usize {
            product = times(product, two_sum(x, k as f64));
        }
        // x + n is not exact for tiny x: only its distance from 3/2 matters, to absolute precision.
        let s = two_sum(x, -steps - 1.5);
        let slope = horner_slope(&RECIPROCAL_GAMMA, s.0);
        let value = reciprocal_gamma(s.0) + s.1 * slope;
        let quotient = (value * product.0).recip();
        if quotient.is_infinite() {
            quotient
        } else {
            quotient - quotient * (product.1 / product.0)
        }
    }
}

fn reciprocal_gamma(s: f64) -> f64 {
    // The last bits of the constant term.
    horner(&RECIPROCAL_GAMMA[1..], s).mul_add(s, 1.533545961316588e-17) + RECIPROCAL_GAMMA[0]
}

/// `log|gamma(x)|`. For negative arguments good to 3e-16 absolutely where it is small (it has a zero in every interval).
pub(super) fn lgamma(x: f64) -> f64 {
    if x > 0.0 || x.is_nan() {
        libm::lgamma(x)
    } else if x == x.floor() {
        if x == f64::NEG_INFINITY {
            f64::INFINITY
        } else {
            f64::NAN
        }
    } else if x > -1e-300 {
        -x.abs().ln()
    } else if x > -150.0 {
        gamma(x).abs().ln()
    } else {
        -(x * sin_pi(x) / PI).abs().ln() - libm::lgamma(-x)
    }
}

/// The derivative of `lgamma`. Near its zeros on the negative axis good to 1e-15 absolutely.
pub(super) fn digamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x == x.floor() {
            return f64::NAN;
        }
        let r = x - x.round_ties_even();
        let cot = if r.abs() > 0.25 {
            (PI * (0.5 - r.abs())).tan().copysign(r)
        } else {
            (PI * r).tan().recip()
        };
        return digamma(1.0 - x) - PI * cot;
    }
    if x >= 10.0 {
        let square = (x * x).recip();
        return x.ln() - 0.5 / x - square * horner(&BERNOULLI_OVER_2K, square);
    }
    if x < 1.0 {
        return digamma_on_1_2(1.0 + x) - x.recip();
    }
    let (mut at, mut sum) = (x, 0.0);
    while at > 2.0 {
        at -= 1.0;
        sum += at.recip();
    }
    sum + digamma_on_1_2(at)
}

fn digamma_on_1_2(x: f64) -> f64 {
    ((x - DIGAMMA_ROOT.0) - DIGAMMA_ROOT.1) * horner(&DIGAMMA, x - 1.5)
}

/// The derivative of order `n` of `digamma`; NaN unless `n` is an integer from 0 to [`MAX_POLYGAMMA_ORDER`]. Good to about
/// `3 + n/3` units, for negative `x` relative to the poles on both sides, which may cancel.
pub(super) fn polygamma(n: f64, x: f64) -> f64 {
    if n == 0.0 {
        return digamma(x);
    }
    if !(0.0..=MAX_POLYGAMMA_ORDER).contains(&n)
        || n != n.floor()
        || x.is_nan()
        || (x <= 0.0 && x == x.floor())
    {
        return f64::NAN;
    }
    if x == f64::INFINITY {
        return 0.0;
    }
    let s = n + 1.0;
    let odd = s % 2.0 != 0.0;
    let sign = if odd { -1.0 } else { 1.0 };
    if x > 0.0 {
        return sign * zeta_times_factorial(s, x);
    }
    // The poles on both sides, less those to the right of 1 - x that the reflection added.
    let (below, above) = (x - x.floor(), x.ceil() - x);
    let right = zeta_times_factorial(s, below);
    let left = zeta_times_factorial(s, above) - zeta_times_factorial(s, 1.0 - x);
    sign * (right + sign * left)
}

/// `gamma(s) zeta(s, x)` with Hurwitz' zeta function, for integer `s >= 2` and `x > 0`, by Euler and Maclaurin.
fn zeta_times_factorial(s: f64, x: f64) -> f64 {
    // Every term is taken relative to 1/x^s, so that only the last multiplication can overflow.
    let mut sum = 0.0;
    let mut at = x;
    while at < 12.0 + s {
        let term = (x / at).powf(s);
        sum += term;
        if term < 1e-19 * sum {
            return sum * factorial_over_power(s, s, x);
        }
        at += 1.0;
    }
    let mut tail = at / (s - 1.0) + 0.5;
    let mut rising = s / at;
    for (k, b) in BERNOULLI_OVER_FACTORIAL.iter().enumerate() {
        let term = b * rising;
        tail += term;
        if term.abs() < 1e-18 * tail {
            break;
        }
        let j = s + 2.0 * k as f64;
        rising *= (j + 1.0) * (j + 2.0) / (at * at);
    }
    // The sum is about x/(s - 1) where x is large: one power less, or it would be lost below the smallest number.
    (sum / x + (x / at).powf(s) * (tail / x)) * factorial_over_power(s, s - 1.0, x)
}

/// `gamma(s)/x^power`, whose parts may overflow where it does not. From `s = 172` on by logarithms: 2e-13.
fn factorial_over_power(s: f64, power: f64, x: f64) -> f64 {
    if s >= 172.0 {
        return (lgamma(s) - power * x.ln()).exp();
    }
    let whole = x.powf(-power);
    if whole > 1e-290 && whole < 1e290 {
        return gamma(s) * whole;
    }
    let third = (power / 3.0).floor();
    gamma(s) * x.powf(-third) * x.powf(-third) * x.powf(2.0 * third - power)
}

/// `sin(pi x)`, exact in its zeros.
pub(super) fn sin_pi(x: f64) -> f64 {
    let n = x.round_ties_even();
    let s = (PI * (x - n)).sin();
    if n % 2.0 == 0.0 { s } else { -s }
}

pub(super) fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

fn horner_slope(coefficients: &[f64], x: f64) -> f64 {
    coefficients
        .iter()
        .enumerate()
        .skip(1)
        .rev()
        .fold(0.0, |sum, (k, c)| sum * x + k as f64 * c)
}

/// The product of two numbers of twice the precision.
fn times(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let (head, tail) = two_product(a.0, b.0);
    let tail = tail + (a.0 * b.1 + a.1 * b.0);
    let sum = head + tail;
    (sum, (head - sum) + tail)
}
