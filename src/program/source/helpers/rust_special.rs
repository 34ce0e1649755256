//! The special functions that Rust lacks, for generated code: not a part of the crate. A section begins with a
//! line of its name and the sections that it needs; what it means stands in `src/functions/`, whose values it
//! repeats.

//@ horner:
/// A polynomial, its coefficients by rising powers.
fn gradus_horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

//@ erf: erfc
/// The error function; within 1 unit in the last place.
fn gradus_erf(x: f64) -> f64 {
    if x.abs() < 0.84375 { x + x * gradus_erf_near_0(x) } else { (1.0 - gradus_erfc(x.abs())).copysign(x) }
}

//@ erfc: horner
// The coefficients of erf and erfc are those of s_erf.c of FreeBSD, which asks for this notice:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
// business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
// is preserved.

/// `erf(x)/x - 1` for |x| < 0.84375.
fn gradus_erf_near_0(x: f64) -> f64 {
    let z = x * x;
    let p = [
        0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
        -2.3763016656650163e-05,
    ];
    let q = [
        1.0, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
        -3.960228278775368e-06,
    ];
    gradus_horner(&p, z) / gradus_horner(&q, z)
}

/// The complementary error function; within 2 units in the last place.
fn gradus_erfc(x: f64) -> f64 {
    let a = x.abs();
    if x.is_nan() {
        return x;
    } else if a < 0.84375 {
        let y = gradus_erf_near_0(x);
        return if x < 0.25 { 1.0 - (x + x * y) } else { 0.5 - (x - 0.5 + x * y) };
    } else if a > 28.0 {
        return if x < 0.0 { 2.0 } else { 0.0 };
    }
    let right = if a < 1.25 {
        let p = [
            -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175,
            -0.11089469428239668, 0.035478304325618236, -0.002166375594868791,
        ];
        let q = [
            1.0, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164,
            0.01363708391202905, 0.011984499846799107,
        ];
        1.0 - 0.8450629115104675 - gradus_horner(&p, a - 1.0) / gradus_horner(&q, a - 1.0)
    } else {
        let s = 1.0 / (x * x);
        let ratio = if a < 1.0 / 0.35 {
            let p = [
                -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006,
                -162.39666946257347, -184.60509290671104, -81.2874355063066, -9.814329344169145,
            ];
            let q = [
                1.0, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679,
                429.00814002756783, 108.63500554177944, 6.570249770319282, -0.0604244152148581,
            ];
            gradus_horner(&p, s) / gradus_horner(&q, s)
        } else {
            let p = [
                -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192,
                -637.5664433683896, -1025.0951316110772, -483.5191916086514,
            ];
            let q = [
                1.0, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955,
                2553.0504064331644, 474.52854120695537, -22.44095244658582,
            ];
            gradus_horner(&p, s) / gradus_horner(&q, s)
        };
        // The square of the leading bits is exact.
        let shifted = 134217729.0 * a;
        let z = shifted - (shifted - a);
        (-z * z - 0.5625).exp() * ((z - a) * (z + a) + ratio).exp() / a
    };
    if x < 0.0 { 2.0 - right } else { right }
}

//@ normpdf:
/// `exp(-x^2/2)/sqrt(2 pi)`; x is split, so that the large part has an exact square.
fn gradus_normpdf(x: f64) -> f64 {
    if x.abs() > 40.0 {
        return 0.0;
    }
    let shifted = 134217729.0 * x;
    let head = shifted - (shifted - x);
    let rest = (-0.5 * (x - head) * (x + head)).exp();
    let root = (-0.25 * head * head).exp();
    root * (root * (rest * 0.3989422804014327))
}

//@ normcdf: erfc
/// `erfc(-x/sqrt(2))/2`, with the rounding of its argument made good.
fn gradus_normcdf(x: f64) -> f64 {
    let root = std::f64::consts::FRAC_1_SQRT_2;
    let t = -x * root;
    let value = 0.5 * gradus_erfc(t);
    if value == 0.0 || x.is_infinite() {
        return value;
    }
    let missing = (-x).mul_add(root, -t) + x * 4.833646656726457e-17;
    let decay = match t > 8.0 {
        true => 2.0 * t + t.recip(),
        false => std::f64::consts::FRAC_2_SQRT_PI * (-t * t).exp() / (2.0 * value),
    };
    value - value * (decay * missing)
}

//@ sin_pi:
/// `sin(pi x)`, exact in its zeros.
fn gradus_sin_pi(x: f64) -> f64 {
    let n = x.round();
    let s = (std::f64::consts::PI * (x - n)).sin();
    if n % 2.0 == 0.0 { s } else { -s }
}

//@ gamma: horner sin_pi
/// The gamma function, within a few units in the last place; NaN at its poles.
fn gradus_gamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::NEG_INFINITY || (x <= 0.0 && x == x.floor()) {
        return f64::NAN;
    } else if x > 172.0 {
        return f64::INFINITY;
    } else if x < -190.0 {
        return 0.0;
    } else if x.abs() > 20.0 {
        // Stirling's series; the halves of the power come in one by one, as it may overflow alone.
        let a = x.abs();
        let series = [
            1.0, 0.08333333333333333, 0.003472222222222222, -0.0026813271604938273, -0.00022947209362139917,
            0.0007840392217200666, 6.972813758365857e-05, -0.0005921664373536939, -5.171790908260592e-05,
            0.0008394987206720873, 7.204895416020011e-05, -0.0019144384985654776,
        ];
        let half = a.powf(0.5 * a - 0.25);
        let factor = (2.0 * std::f64::consts::PI).sqrt() * gradus_horner(&series, 1.0 / a) * (-a).exp();
        if x > 0.0 {
            return half * (half * factor);
        }
        return -std::f64::consts::PI / (x * gradus_sin_pi(x)) / factor / half / half;
    }
    // Into [1, 2], with the product to twice the precision.
    let steps = x.floor() - 1.0;
    let (mut product, mut lost) = (1.0_f64, 0.0_f64);
    for k in 0..steps.abs() as u32 {
        // The factor and what its rounding lost.
        let shift = if steps > 0.0 { -1.0 - f64::from(k) } else { f64::from(k) };
        let factor = x + shift;
        let shown = factor - x;
        let rest = (x - (factor - shown)) + (shift - shown);
        let head = product * factor;
        lost = product.mul_add(factor, -head) + (product * rest + lost * factor);
        product = head;
    }
    if x >= 1.0 && x == x.floor() {
        return product + lost;
    }
    // 1/gamma(3/2 + s)
    let middle = [
        std::f64::consts::FRAC_2_SQRT_PI, -0.0411745264452831, -0.5266544355255445, 0.17510202604393435,
        0.050966860247706136, -0.04215516936852384, 0.006612897826820958, 0.0021207314422774662,
        -0.0011107302545151887, 0.00015235762470316286, 2.535520386106474e-05, -1.3896835437533617e-05,
        2.1562113294434155e-06, 5.8070298070884785e-08, -8.917014541433564e-08, 1.6813402437575466e-08,
        -8.521820446681207e-10,
    ];
    let reciprocal = gradus_horner(&middle, x - (steps + 1.5));
    if steps >= 0.0 {
        return (product + lost) / reciprocal;
    }
    let quotient = (reciprocal * product).recip();
    if quotient.is_infinite() { quotient } else { quotient - quotient * (lost / product) }
}

//@ lgamma: horner sin_pi gamma
/// `log|gamma(x)|`; NaN at the poles. Within a few units in the last place for positive `x`, and within 1e-15
/// absolutely near its zeros on the negative axis.
fn gradus_lgamma(x: f64) -> f64 {
    if x == f64::NEG_INFINITY {
        return f64::INFINITY;
    } else if x.is_nan() || (x <= 0.0 && x == x.floor()) {
        return f64::NAN;
    } else if x < 0.0 && x > -1e-300 {
        return -x.abs().ln();
    } else if x < 0.0 && x > -150.0 {
        return gradus_gamma(x).abs().ln();
    } else if x < 0.0 {
        // gamma(x) gamma(-x) = -pi/(x sin(pi x))
        return -(x * gradus_sin_pi(x) / std::f64::consts::PI).abs().ln() - gradus_lgamma(-x);
    } else if x >= 10.0 {
        let series = [
            0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
            0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
        ];
        let tail = 0.9189385332046728 + gradus_horner(&series, 1.0 / (x * x)) / x;
        return (x - 0.5) * (x.ln() - 1.0) + (tail - 0.5);
    }
    // Into [1, 2], where 1/gamma(x) = 1 + (x - 1)(x - 2) q(x).
    let (mut at, mut product) = (x, 1.0);
    while at > 2.0 {
        at -= 1.0;
        product *= at;
    }
    let log = if x < 1.0 { -x.ln() } else { f64::ln(product) };
    let (below, above) = if x < 1.0 { (x, x - 1.0) } else { (at - 1.0, at - 2.0) };
    let q = [
        -0.5135166683820503, 0.1646981057811324, 0.052551068573976754, -0.04161568105120862, 0.00633683330508114,
        0.002157953269308069, -0.001104258086918261, 0.00014888730693489634, 2.588866976569391e-05,
        -1.3881255231659666e-05, 2.133868767307905e-06, 6.220095841327887e-08, -8.939395194842173e-08,
        1.7039142629557503e-08, -8.382218634888156e-10, -2.779089207780876e-10,
    ];
    log - (below * above * gradus_horner(&q, below - 0.5)).ln_1p()
}

//@ digamma: horner
/// The derivative of `log(gamma(x))`; within 5e-16 absolutely near its zeros, elsewhere a few units in the last place.
fn gradus_digamma(x: f64) -> f64 {
    let pi = std::f64::consts::PI;
    if x <= 0.0 {
        if x == x.floor() {
            return f64::NAN;
        }
        let r = x - x.round();
        let cot = match r.abs() > 0.25 {
            true => (pi * (0.5 - r.abs())).tan().copysign(r),
            false => (pi * r).tan().recip(),
        };
        return gradus_digamma(1.0 - x) - pi * cot;
    }
    if x >= 10.0 {
        let series = [
            0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667,
            0.007575757575757576, -0.021092796092796094, 0.08333333333333333, -0.4432598039215686,
        ];
        let square = 1.0 / (x * x);
        return x.ln() - 0.5 / x - square * gradus_horner(&series, square);
    }
    let (mut at, mut sum) = (x, 0.0);
    if at < 1.0 {
        sum = -1.0 / at;
        at += 1.0;
    }
    while at > 2.0 {
        at -= 1.0;
        sum += 1.0 / at;
    }
    // digamma(x)/(x - root) in powers of x - 3/2, on [1, 2]
    let middle = [
        0.951055876031833, -0.4236274212814605, 0.2405424842407742, -0.14840492305390884, 0.09498872445494122,
        -0.061922133273064534, 0.04076083381242074, -0.02697579675613825, 0.0179072524394512, -0.011908218001568644,
        0.007926944646403797, -0.005279964873257405, 0.003519006401502276, -0.002345267632540769,
        0.0015566317474486838, -0.0010376374098418604, 0.0007233266279287554, -0.0004821990530566789,
        0.0002272331660987376, -0.00015148586836773365, 0.00025968482126430747, -0.00017312261802727394,
    ];
    sum + ((at - 1.4616321449683622) - 9.549995429965697e-17) * gradus_horner(&middle, at - 1.5)
}

//@ polygamma: gamma lgamma digamma
/// `gamma(s)/x^power`, whose parts may overflow where it does not.
fn gradus_factorial_over_power(s: f64, power: f64, x: f64) -> f64 {
    if s >= 172.0 {
        return (gradus_lgamma(s) - power * x.ln()).exp();
    }
    let (whole, third) = (x.powf(-power), (power / 3.0).floor());
    if whole > 1e-290 && whole < 1e290 {
        return gradus_gamma(s) * whole;
    }
    gradus_gamma(s) * x.powf(-third) * x.powf(-third) * x.powf(2.0 * third - power)
}

/// `gamma(s) zeta(s, x)` with Hurwitz' zeta function, by Euler and Maclaurin.
fn gradus_zeta(s: f64, x: f64) -> f64 {
    let bernoulli = [
        0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07,
        2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
        8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
    ];
    let (mut sum, mut at) = (0.0, x);
    while at < 12.0 + s {
        let term = (x / at).powf(s);
        sum += term;
        if term < 1e-19 * sum {
            return sum * gradus_factorial_over_power(s, s, x);
        }
        at += 1.0;
    }
    let (mut tail, mut rising, mut j) = (at / (s - 1.0) + 0.5, s / at, s);
    for b in bernoulli {
        let term = b * rising;
        tail += term;
        if f64::abs(term) < 1e-18 * tail {
            break;
        }
        rising *= (j + 1.0) * (j + 2.0) / (at * at);
        j += 2.0;
    }
    (sum / x + (x / at).powf(s) * (tail / x)) * gradus_factorial_over_power(s, s - 1.0, x)
}

/// The derivative of order `n` of digamma; NaN unless `n` is a whole number from 0 to 1000. Good to about 3 + n/3
/// units.
fn gradus_polygamma(n: f64, x: f64) -> f64 {
    if n == 0.0 {
        return gradus_digamma(x);
    }
    if !(0.0..=1000.0).contains(&n) || n != n.floor() || x.is_nan() || (x <= 0.0 && x == x.floor()) {
        return f64::NAN;
    }
    if x == f64::INFINITY {
        return 0.0;
    }
    let s = n + 1.0;
    let sign = if s % 2.0 != 0.0 { -1.0 } else { 1.0 };
    if x > 0.0 {
        return sign * gradus_zeta(s, x);
    }
    // The poles on both sides, less those to the right of 1 - x that the reflection added.
    let left = gradus_zeta(s, x.ceil() - x) - gradus_zeta(s, 1.0 - x);
    sign * (gradus_zeta(s, x - x.floor()) + sign * left)
}
