//! Sine, cosine, tangent and their reciprocals.
//!
//! `|x| = n*pi/2 + r` with `|r| <= pi/4`, by subtracting pi/2 in parts (Cody and Waite, Software Manual for the Elementary
//! Functions, 1980) and keeping what rounds off as a tail; then one polynomial for sin(r), one for cos(r), exchanged and
//! negated as n says. Beyond [`REACH`] the parts do not suffice: [`is_rare`] tells those angles.

use super::{Arithmetic, ROUNDER, divide, polynomial, select};
use crate::functions::error_free::fast_two_sum;
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// Relative error of the function: 2^-58.0.
const SIN: [f64; 6] = [
    -0.16666666666666632,
    0.008333333333322418,
    -0.00019841269829812383,
    2.7557313693572585e-06,
    -2.5050758384240535e-08,
    1.5896811786089837e-10,
];

/// Relative error of the function: 2^-64.2; the first one is exact.
const COS: [f64; 7] = [
    -0.5,
    0.0416666666666666,
    -0.0013888888888874131,
    2.4801587289487006e-05,
    -2.755731435378708e-07,
    2.087572347875597e-09,
    -1.1359658829970461e-11,
];

/// pi/2 in three parts of 53 bits.
const PI_2: [f64; 3] = [FRAC_PI_2, 6.123233995736766e-17, -1.4973849048591698e-33];

/// pi/2 in three parts of 33 bits and a rest: products of the parts by n below 2^20 are exact without a fused instruction.
const PI_2_SHORT: [f64; 4] = [
    1.5707963267341256,
    6.077100506303966e-11,
    2.0222662487111665e-21,
    8.4784276603689e-32,
];

/// Up to this angle the reduction is good: n stays below 2^20.
const REACH: f64 = 1.6e6;

/// Is this angle too large for the functions here?
#[inline(always)]
pub(crate) fn is_rare(x: f64) -> bool {
    x.abs() > REACH
}

/// An angle `|x| = n*pi/2 + r + tail`.
struct Reduced {
    /// n in its low bits.
    quadrant: u64,
    r: f64,
    tail: f64,
}

#[inline(always)]
fn reduce<K: Arithmetic>(x: f64) -> Reduced {
    let x = x.abs();
    let shifted = K::fma(x, FRAC_2_PI, ROUNDER);
    let n = shifted - ROUNDER;
    let quadrant = shifted.to_bits();
    if K::FUSED {
        // Exact: a multiple of 2^-52 below 1.
        let first = K::fma(-n, PI_2[0], x);
        // Where this cancels it is exact, and then the tail is the rounding of the product; where it does not, the
        // difference in the tail is exact.
        let r = first - n * PI_2[1];
        let tail = K::fma(-n, PI_2[1], first - r);
        return Reduced {
            quadrant,
            r,
            tail: K::fma(-n, PI_2[2], tail),
        };
    }
    // The first difference is exact, the others bring their errors along. Where they cancel so far that the subtrahend is
    // the larger one, they are exact too: multiples of 2^-65 below 2^-13, then of 2^-98 below 2^-48.
    let first = x - n * PI_2_SHORT[0];
    let (second, tail2) = fast_two_sum(first, -(n * PI_2_SHORT[1]));
    let (r, tail3) = fast_two_sum(second, -(n * PI_2_SHORT[2]));
    Reduced {
        quadrant,
        r,
        tail: (tail2 + tail3) - n * PI_2_SHORT[3],
    }
}

/// `sin(r + tail) - r`. The tail counts as a whole, though it should as `tail*cos(r)`: at most 0.15 units more.
#[inline(always)]
fn sin_rest<K: Arithmetic>(r: f64, z: f64, tail: f64) -> f64 {
    K::fma(r * z, polynomial::<K, _>(z, &SIN), tail)
}

/// `cos(r + tail) - 1`.
#[inline(always)]
fn cos_rest<K: Arithmetic>(r: f64, z: f64, tail: f64) -> f64 {
    K::fma(z, polynomial::<K, _>(z, &COS), -(r * tail))
}

/// `(sin(x), cos(x))`: hardly dearer than one of them.
#[inline(always)]
pub(crate) fn sin_cos<K: Arithmetic>(x: f64) -> (f64, f64) {
    let Reduced { quadrant, r, tail } = reduce::<K>(x);
    let z = r * r;
    let sin = r + sin_rest::<K>(r, z, tail);
    let cos = 1.0 + cos_rest::<K>(r, z, tail);
    let odd = quadrant & 1 != 0;
    (
        with_sign(select(odd, cos, sin), (quadrant << 62) ^ x.to_bits()),
        with_sign(select(odd, sin, cos), quadrant.wrapping_add(1) << 62),
    )
}

/// `x`, negated if the highest bit of `sign` is set.
#[inline(always)]
fn with_sign(x: f64, sign: u64) -> f64 {
    f64::from_bits(x.to_bits() ^ (sign & (1 << 63)))
}

/// The sine.
#[inline(always)]
pub(crate) fn sin<K: Arithmetic>(x: f64) -> f64 {
    sin_cos::<K>(x).0
}

/// The cosine.
#[inline(always)]
pub(crate) fn cos<K: Arithmetic>(x: f64) -> f64 {
    sin_cos::<K>(x).1
}

/// The tangent of `|x|` as a quotient of sums of two, without the sign of the quadrant, and that sign. A quotient of rounded
/// numbers would be wrong by up to 2.4 units.
#[inline(always)]
fn tangent_parts<K: Arithmetic>(x: f64) -> ([f64; 2], [f64; 2], u64) {
    let Reduced { quadrant, r, tail } = reduce::<K>(x);
    let z = r * r;
    let sin_rest = sin_rest::<K>(r, z, K::fma(-0.5 * z, tail, tail));
    let (sin, sin_tail) = fast_two_sum(r, sin_rest);
    let (cos, cos_tail) = fast_two_sum(1.0, cos_rest::<K>(r, z, tail));
    let odd = quadrant & 1 != 0;
    (
        [select(odd, cos, sin), select(odd, cos_tail, sin_tail)],
        [select(odd, sin, cos), select(odd, sin_tail, cos_tail)],
        (quadrant << 63) ^ x.to_bits(),
    )
}

/// The tangent.
#[inline(always)]
pub(crate) fn tan<K: Arithmetic>(x: f64) -> f64 {
    let (above, below, sign) = tangent_parts::<K>(x);
    let (quotient, rest) = divide::<K>(above[0], above[1], below[0], below[1]);
    with_sign(quotient + rest, sign)
}

/// `1/tan(x)`.
#[inline(always)]
pub(crate) fn cot<K: Arithmetic>(x: f64) -> f64 {
    let (below, above, sign) = tangent_parts::<K>(x);
    let (quotient, rest) = divide::<K>(above[0], above[1], below[0], below[1]);
    select(x.abs() < 1e-9, 1.0 / x, with_sign(quotient + rest, sign))
}

/// `1/cos(x)`.
#[inline(always)]
pub(crate) fn sec<K: Arithmetic>(x: f64) -> f64 {
    1.0 / cos::<K>(x)
}

/// `1/sin(x)`.
#[inline(always)]
pub(crate) fn csc<K: Arithmetic>(x: f64) -> f64 {
    1.0 / sin::<K>(x)
}
