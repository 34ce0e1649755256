//! Error functions and the normal distribution, through the Faddeeva function `w(z) = exp(-z^2) erfc(-iz)`.
//!
//! `w` by the modified trapezoidal rules of Al Azah and Chandler-Wilde ("Computation of the complex error function using
//! modified trapezoidal rules", SIAM J. Numer. Anal. 2021): twelve nodes give 2e-15 relative to the modulus in the first
//! quadrant; symmetries bring the others there. Near the real axis a Taylor series in the imaginary part
//! keeps the imaginary part as precise as the real function's derivative.

use super::{Complex64, ONE, div, expm1, over_i, recip, times_i};
use crate::functions::error_free::{two_product, two_sum};
use crate::functions::normal::{self, DENSITY_AT_ZERO};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, PI};

pub fn erf(z: Complex64) -> Complex64 {
    if is_near_axis(z) {
        return near_axis(z, libm::erf(z.re), error_slope(z.re), 2.0);
    }
    if z.norm_sqr() <= 1.0 {
        return taylor_erf(z);
    }
    let value = if z.re < 0.0 {
        erfc_right(-z) - 1.0
    } else {
        ONE - erfc_right(z)
    };
    // On the imaginary axis the value is imaginary: what rounding would leave decides the side of the cut of a root.
    match z.re == 0.0 {
        true => Complex64::new(z.re, value.im),
        false => value,
    }
}

pub fn erfc(z: Complex64) -> Complex64 {
    if is_near_axis(z) {
        return near_axis(z, libm::erfc(z.re), -error_slope(z.re), 2.0);
    }
    if z.re < 0.0 {
        2.0 - erfc_right(-z)
    } else {
        erfc_right(z)
    }
}

/// `exp(-z^2/2)/sqrt(2 pi)`.
pub fn normal_pdf(z: Complex64) -> Complex64 {
    exp_minus_square_times(z, 0.5, ONE * DENSITY_AT_ZERO)
}

/// `erfc(-z/sqrt(2))/2`.
pub fn normal_cdf(z: Complex64) -> Complex64 {
    if is_near_axis(z) {
        return near_axis(z, normal::cdf(z.re), normal::pdf(z.re), 1.0);
    }
    let lower =
        |z: Complex64| exp_minus_square_times(z, 0.5, faddeeva(over_i(z * FRAC_1_SQRT_2)) * 0.5);
    if z.re > 0.0 {
        ONE - lower(-z)
    } else {
        lower(z)
    }
}

/// `erfc(z)` for a real part of 0 or more.
fn erfc_right(z: Complex64) -> Complex64 {
    exp_minus_square_times(z, 1.0, faddeeva(times_i(z)))
}

/// The derivative of `erf` on the real line.
fn error_slope(x: f64) -> f64 {
    exp_minus_square_times(Complex64::new(x, 0.0), 1.0, ONE * FRAC_2_SQRT_PI).re
}

/// Where four terms in the imaginary part suffice.
fn is_near_axis(z: Complex64) -> bool {
    z.im.abs() * (1.0 + z.re.abs()) < 1e-4
}

/// Four terms of the Taylor series in `i Im z`, for a function with the given value and slope at `Re z`, where the slope
/// is a multiple of `exp(-c x^2/2)`.
fn near_axis(z: Complex64, value: f64, slope: f64, c: f64) -> Complex64 {
    let (x, y) = (z.re, z.im);
    if slope == 0.0 {
        return Complex64::new(value, 0.0 * y);
    }
    let second = -c * x;
    let third = c * (c * x * x - 1.0);
    let fourth = c * c * x * (3.0 - c * x * x);
    let re = value + slope * (y * y * (y * y / 24.0 * fourth - 0.5 * second));
    Complex64::new(re, slope * y * (1.0 - y * y / 6.0 * third))
}

/// `exp(-c z^2) w` with the square to twice the precision: a rounding of it would cost `|z|^2` units of the result.
fn exp_minus_square_times(z: Complex64, c: f64, w: Complex64) -> Complex64 {
    let (x, y) = (z.re, z.im);
    if x.abs() > 1e150 {
        return if y.abs() < x.abs() {
            Complex64::new(0.0, 0.0)
        } else {
            super::NAN
        };
    }
    let ((p, p_low), (q, q_low), (r, r_low)) =
        (two_product(x, x), two_product(y, y), two_product(x, y));
    let (square, square_low) = two_sum(p, -q);
    let (sin, cos) = (-2.0 * c * r).sin_cos();
    let turn = Complex64::new(cos, sin) * Complex64::new(1.0, -2.0 * c * r_low);
    let rest = 1.0 - c * (square_low + p_low - q_low);
    // In two halves: the product with w may be finite where the exponential is not.
    let half = (-0.5 * c * square).exp();
    let product = turn * rest * w;
    Complex64::new(half * (half * product.re), half * (half * product.im))
}

fn taylor_erf(z: Complex64) -> Complex64 {
    let square = z * z;
    let (mut power, mut sum) = (z, z);
    for n in 1..24 {
        let n = f64::from(n);
        power *= -square / n;
        sum += power / (2.0 * n + 1.0);
    }
    sum * FRAC_2_SQRT_PI
}

/// `w(z)` for an imaginary part of 0 or more.
fn faddeeva(z: Complex64) -> Complex64 {
    if z.re < 0.0 {
        faddeeva_first_quadrant(Complex64::new(-z.re, z.im)).conj()
    } else {
        faddeeva_first_quadrant(z)
    }
}

fn faddeeva_first_quadrant(z: Complex64) -> Complex64 {
    const NODES: i32 = 12;
    if z.re.max(z.im) > 1e8 {
        return times_i(recip(z)) * (0.5 * FRAC_2_SQRT_PI);
    }
    let h = (PI / f64::from(NODES)).sqrt();
    let square = z * z;
    let rule = |shift: f64, first: i32| {
        let mut sum = Complex64::new(0.0, 0.0);
        for k in first..NODES {
            let t = (f64::from(k) + shift) * h;
            sum += div(Complex64::new((-t * t).exp(), 0.0), square - t * t);
        }
        times_i(z * sum) * (2.0 * h / PI)
    };
    // What the poles at the nodes add; beyond 6 it is below 1e-30.
    let residue = |sign: f64| {
        if z.im > 6.0 {
            return Complex64::new(0.0, 0.0);
        }
        let turn = super::exp(over_i(z * (2.0 * PI / h)));
        let denominator = if sign < 0.0 {
            -expm1(over_i(z * (2.0 * PI / h)))
        } else {
            turn + 1.0
        };
        exp_minus_square_times(z, 1.0, recip(denominator) * 2.0)
    };
    let phase = z.re / h - (z.re / h).floor();
    // The midpoint rule has its nodes in the middle, the trapezoidal rule at the ends: take the one whose nodes are far.
    if z.im >= z.re.max(PI / h) {
        rule(0.5, 0)
    } else if z.im < z.re && (0.25..=0.75).contains(&phase) {
        times_i(recip(z)) * (h / PI) + rule(0.0, 1) + residue(-1.0)
    } else {
        rule(0.5, 0) + residue(1.0)
    }
}
