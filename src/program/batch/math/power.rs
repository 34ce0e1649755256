//! Powers, the cube root, the hypotenuse.

use super::exponential::exp_with_tail;
use super::logarithm::{LN2_1, LN2_2, split};
use super::{
    Arithmetic, at_least, at_most, divide, minus_product, nearest, polynomial, power_of_two,
    select, two_product,
};
use crate::functions::error_free::fast_two_sum;

/// Relative error of the function: 2^-73.5.
const LOG_TAIL: [f64; 8] = [
    0.3999999999999998,
    0.2857142857144511,
    0.2222222221753646,
    0.18181818870314972,
    0.15384556870971308,
    0.13336317420532945,
    0.11674818464025552,
    0.11989013636455782,
];

/// 2/3 less its nearest double.
const TWO_THIRDS_TAIL: f64 = 3.700743415417188e-17;

/// `log(x)` as a sum of two, relative error 2^-65, for a positive finite `x`.
///
/// As in [`super::logarithm`], but with `s = f/(2 + f)`, its cube and the sums of twice the precision (Dekker 1971).
#[inline(always)]
fn log_parts<K: Arithmetic>(x: f64) -> (f64, f64) {
    let (e, f) = split(x);
    let (below, below_tail) = fast_two_sum(2.0, f);
    let (s, s_tail) = divide::<K>(f, 0.0, below, below_tail);

    let (z, z_tail) = two_product::<K>(s, s);
    let z_tail = z_tail + 2.0 * s * s_tail;
    // 2/3 + 2/5*z + ...
    let tail = z * polynomial::<K, _>(z, &LOG_TAIL);
    let (w, w_tail) = fast_two_sum(2.0 / 3.0, tail);
    let w_tail = w_tail + TWO_THIRDS_TAIL;
    let (zw, zw_tail) = two_product::<K>(z, w);
    let zw_tail = zw_tail + (z * w_tail + z_tail * w);
    let (cubic, cubic_tail) = two_product::<K>(s, zw);
    let cubic_tail = cubic_tail + (s * zw_tail + s_tail * zw);

    let (sum, sum_tail) = fast_two_sum(2.0 * s, cubic);
    let (total, total_tail) = fast_two_sum(e * LN2_1, sum);
    let rest = (cubic_tail + 2.0 * s_tail) + sum_tail;
    fast_two_sum(total, total_tail + K::fma(e, LN2_2, rest))
}

/// Are these arguments not for [`pow`]? A base that is not positive, infinite, or NaN; an exponent of 2^52 or more, or NaN.
#[inline(always)]
pub(crate) fn is_rare(x: f64, y: f64) -> bool {
    !((x >= 5e-324) & (x <= f64::MAX) & (y.abs() < 4_503_599_627_370_496.0))
}

/// `x^y`, unless [`is_rare`].
#[inline(always)]
pub(crate) fn pow<K: Arithmetic>(x: f64, y: f64) -> f64 {
    let (log, log_tail) = log_parts::<K>(x);
    let (product, product_tail) = two_product::<K>(y, log);
    // A tail of more than this belongs to a result that is 0 or infinite.
    let tail = at_most(at_least(K::fma(y, log_tail, product_tail), -0.001), 0.001);
    let exponent = at_most(at_least(product, -746.0), 710.0);
    exp_with_tail::<K>(exponent, tail)
}

/// `1/sqrt(x)`, relative error 2^-50, for a normal `x`.
///
/// A guess of 3.5 percent by halving the exponent (Lomont, Fast inverse square root, 2003), then two steps, of fourth
/// and of third order: 10 operations, where a quotient of eight numbers alone takes as long as 32.
#[inline(always)]
fn inverse_sqrt<K: Arithmetic>(x: f64) -> f64 {
    let guess = f64::from_bits(0x5fe6_eb50_c7b5_37a9_u64.wrapping_sub(x.to_bits() >> 1));
    let minus_half = -0.5 * x;
    let e = K::fma(minus_half * guess, guess, 0.5);
    let series = K::fma(K::fma(2.5, e, 1.5), e, 1.0);
    let better = K::fma(guess, e * series, guess);
    let e = K::fma(minus_half * better, better, 0.5);
    K::fma(better, e * K::fma(1.5, e, 1.0), better)
}

/// `x^(-1/2)` or `x^(-3/2)`, from the root of `x`: the reciprocal of the root or of `x*root`, to all but one in 2^40 the
/// nearest double to that.
///
/// `x` is between 1e-200 and 1e200 where fused instructions are.
#[inline(always)]
pub(crate) fn inverse_half_power<K: Arithmetic, const CUBE: bool>(x: f64, root: f64) -> f64 {
    let below = if CUBE { x * root } else { root };
    if !K::FUSED {
        return 1.0 / below;
    }
    let inverse = inverse_sqrt::<K>(x);
    let guess = if CUBE {
        inverse * inverse * inverse
    } else {
        inverse
    };
    K::fma(guess, K::fma(-below, guess, 1.0), guess)
}

/// Relative error of `x^(-1/3)` on 1..2: 2^-14.7.
const INVERSE_CBRT: [f64; 5] = [
    1.6700068225870206,
    -1.172880460804215,
    0.6954829013540184,
    -0.22123797743775467,
    0.028591046026303562,
];

/// The cube root, of the sign of `x`.
///
/// `|x| = 8^q * m` with m in 1..8; `m^(-1/3)` from a polynomial and one step of third order, then `c = m*m^(-2/3)` and one
/// step of Newton from the exact residual `m - c^3`.
#[inline(always)]
pub(crate) fn cbrt<K: Arithmetic>(x: f64) -> f64 {
    let a = x.abs();
    let subnormal = a < f64::MIN_POSITIVE;
    let bits = select(subnormal, a * 18_014_398_509_481_984.0, a).to_bits();
    let e = f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000)
        - select(
            subnormal,
            4_503_599_627_370_496.0 + 1077.0,
            4_503_599_627_370_496.0 + 1023.0,
        );
    let mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    let q = nearest((e - 1.0) * (1.0 / 3.0));
    let j = e - 3.0 * q;
    let m = mantissa * select(j > 1.5, 4.0, select(j > 0.5, 2.0, 1.0));
    let guess = polynomial::<K, _>(mantissa, &INVERSE_CBRT)
        * select(
            j > 1.5,
            0.629_960_524_947_436_6,
            select(j > 0.5, 0.793_700_525_984_099_7, 1.0),
        );
    let h = K::fma(-m * guess, guess * guess, 1.0);
    let inverse = K::fma(guess * h, K::fma(h, 2.0 / 9.0, 1.0 / 3.0), guess);
    let inverse_square = inverse * inverse;
    let c = m * inverse_square;
    let (square, square_tail) = two_product::<K>(c, c);
    let missing = K::fma(-square_tail, c, minus_product::<K>(m, square, c));
    let root = K::fma(missing, inverse_square * (1.0 / 3.0), c);
    let value = (root * power_of_two(q)).copysign(x);
    select((x == 0.0) | !(a < f64::INFINITY), x, value)
}

/// `sqrt(x^2 + y^2)` without overflow or underflow on the way; infinite if either is, even beside a NaN.
#[inline(always)]
pub(crate) fn hypot<K: Arithmetic>(x: f64, y: f64) -> f64 {
    let (a, b) = (x.abs(), y.abs());
    let larger = select(a > b, a, b);
    let (up, down) = (
        f64::from_bits((1023 + 600) << 52),
        f64::from_bits((1023 - 600) << 52),
    );
    let (large, small) = (larger > 1e150, larger < 1e-130);
    let scale = select(large, down, select(small, up, 1.0));
    let unscale = select(large, up, select(small, down, 1.0));
    let (a, b) = (a * scale, b * scale);
    let value = K::fma(a, a, b * b).sqrt() * unscale;
    let infinite = (a == f64::INFINITY) | (b == f64::INFINITY);
    select(infinite, f64::INFINITY, value)
}
