//! The inverse trigonometric functions.
//!
//! Arcs of a tangent: turned by 0, pi/4 or pi/2 to a tangent of at most 1/2, by one division of selected numbers. Arcs of a
//! sine: above 1/2 by the half angle, `asin(x) = pi/2 - 2*asin(sqrt((1 - x)/2))` (Cody and Waite, 1980).

use super::{Arithmetic, at_most, polynomial, select, sqrt_parts, two_product};
use crate::functions::error_free::fast_two_sum;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// Relative error of the function: 2^-62.1.
const ATAN: [f64; 13] = [
    -0.33333333333333315,
    0.19999999999993417,
    -0.1428571428497491,
    0.11111111069219204,
    -0.09090907687792978,
    0.07692277396174572,
    -0.06666222699213852,
    0.058778008274899526,
    -0.0522998074984281,
    0.045893404211174445,
    -0.0371164552639243,
    0.023652251608497366,
    -0.008364225475409852,
];

/// Relative error of the function: 2^-59.8.
const ASIN: [f64; 13] = [
    0.16666666666666763,
    0.07499999999970094,
    0.044642857175289874,
    0.030381942675120836,
    0.0223722159098409,
    0.017351595437562452,
    0.013981019200160427,
    0.011397288209135239,
    0.010789345430542534,
    0.0036721024389185773,
    0.021790829538851166,
    -0.021116954757674264,
    0.03270229697910973,
];

/// pi/2 less its nearest double.
const FRAC_PI_2_TAIL: f64 = 6.123233995736766e-17;

/// The angle of the point `(x, y)` in the first quadrant, axes included; `x + y` must be finite, and not 0.
#[inline(always)]
fn first_quadrant<K: Arithmetic>(y: f64, x: f64) -> f64 {
    let low = y <= 0.5 * x;
    let high = y > 2.0 * x;
    let above = select(low, y, select(high, -x, y - x));
    let below = select(low, x, select(high, y, y + x));
    let turn = select(low, 0.0, select(high, FRAC_PI_2, FRAC_PI_4));
    let turn_tail = select(low, 0.0, select(high, FRAC_PI_2_TAIL, 0.5 * FRAC_PI_2_TAIL));
    let t = above / below;
    let z = t * t;
    turn + (t + K::fma(t * z, polynomial::<K, _>(z, &ATAN), turn_tail))
}

/// The arc of a tangent.
#[inline(always)]
pub(crate) fn atan<K: Arithmetic>(x: f64) -> f64 {
    first_quadrant::<K>(x.abs(), 1.0).copysign(x)
}

/// `atan(1/x)`, with the value `pi/2` at 0, whatever its sign.
#[inline(always)]
pub(crate) fn acot<K: Arithmetic>(x: f64) -> f64 {
    let value = first_quadrant::<K>(1.0, x.abs());
    select(x == 0.0, FRAC_PI_2, value.copysign(x))
}

/// `sqrt(x^2 - 1)`, the tangent of `asec(|x|)`, and by how much its rounding changes the angle; NaN for `|x| < 1`.
///
/// The square is exact, as near 1 nothing but the rounding of `x^2` and `x + 1` would be left of the digits.
#[inline(always)]
fn tangent_of_asec<K: Arithmetic>(x: f64) -> (f64, f64) {
    let (square, square_tail) = two_product::<K>(x, x);
    let (head, tail) = fast_two_sum(square, -1.0);
    let (root, root_tail) = sqrt_parts::<K>(head, tail + square_tail);
    (root, root_tail / square)
}

/// From here on, squares are far from overflow, and the angles are those of 0 or its complement.
const LARGE: f64 = 1e100;

/// `acos(1/x)`.
#[inline(always)]
pub(crate) fn asec<K: Arithmetic>(x: f64) -> f64 {
    let (tangent, moved) = tangent_of_asec::<K>(at_most(x.abs(), LARGE));
    let angle = first_quadrant::<K>(tangent, 1.0) + moved;
    select(x < 0.0, PI - angle, angle)
}

/// `asin(1/x)`.
#[inline(always)]
pub(crate) fn acsc<K: Arithmetic>(x: f64) -> f64 {
    let (tangent, moved) = tangent_of_asec::<K>(at_most(x.abs(), LARGE));
    let angle = (first_quadrant::<K>(1.0, tangent) - moved).copysign(x);
    select(x.abs() > 1e8, 1.0 / x, angle)
}

/// The angle of the point `(x, y)`, with the infinities of IEEE 754 and one zero, as in the table.
#[inline(always)]
pub(crate) fn atan2<K: Arithmetic>(y: f64, x: f64) -> f64 {
    let (y, x) = (y + 0.0, x + 0.0);
    let (v, u) = (y.abs(), x.abs());
    let nan = y.is_nan() | x.is_nan();
    // The sum of the largest numbers is not finite, and two infinities stand for equal numbers.
    let shrink = select((u > 1e300) | (v > 1e300), 1.0 / 16.0, 1.0);
    let both_infinite = (u == f64::INFINITY) & (v == f64::INFINITY);
    let (v, u) = (
        select(both_infinite, 1.0, v * shrink),
        select(both_infinite, 1.0, u * shrink),
    );
    let u = select((u == 0.0) & (v == 0.0), 1.0, u);
    let angle = first_quadrant::<K>(v, u);
    let angle = select(
        x.is_sign_negative(),
        PI - (angle - 2.0 * FRAC_PI_2_TAIL),
        angle,
    );
    select(nan, f64::NAN, angle.copysign(y))
}

/// `asin(t) - t` over `t`, from `z = t^2 <= 1/4`.
#[inline(always)]
fn arc_rest<K: Arithmetic>(z: f64) -> f64 {
    z * polynomial::<K, _>(z, &ASIN)
}

/// The arc of a sine; NaN outside of -1..=1.
#[inline(always)]
pub(crate) fn asin<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let outer = a > 0.5;
    let half = 0.5 * (1.0 - a);
    let z = select(outer, half, a * a);
    let t = select(outer, half.sqrt(), a);
    let rest = t * arc_rest::<K>(z);
    let (head, tail) = fast_two_sum(FRAC_PI_2, -2.0 * t);
    let complement = head + ((tail + FRAC_PI_2_TAIL) - 2.0 * rest);
    select(outer, complement, t + rest).copysign(x)
}

/// The arc of a cosine; NaN outside of -1..=1.
#[inline(always)]
pub(crate) fn acos<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let outer = a > 0.5;
    let half = 0.5 * (1.0 - a);
    let z = select(outer, half, a * a);
    let t = select(outer, half.sqrt(), x);
    let rest = t * arc_rest::<K>(z);
    let arc = t + rest;
    let left = PI - (2.0 * arc - 2.0 * FRAC_PI_2_TAIL);
    let inner = FRAC_PI_2 - (t - (FRAC_PI_2_TAIL - rest));
    select(outer, select(x < 0.0, left, 2.0 * arc), inner)
}
