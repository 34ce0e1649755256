//! Real values of the normal distribution, with full relative precision in both tails.
//!
//! A rounding of the exponent by half a unit would cost `x^2/2` units of the result (450 of them at x = 30), so that
//! squares are split into a part that is exact and a small rest.

use std::f64::consts::FRAC_1_SQRT_2;

/// `1/sqrt(2 pi)`.
pub(super) const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;
/// `1/sqrt(2)` less its nearest double.
const FRAC_1_SQRT_2_TAIL: f64 = -4.833_646_656_726_457e-17;

/// `exp(-x^2/2)/sqrt(2 pi)`.
pub(super) fn pdf(x: f64) -> f64 {
    if x.abs() > 40.0 {
        return 0.0;
    }
    // 26 leading bits: their square is exact.
    let head = f64::from_bits(x.to_bits() & 0xffff_ffff_f800_0000);
    let rest = (-0.5 * (x - head) * (x + head)).exp();
    // The root of the large factor comes in twice: from x = 37.6 on the result is subnormal and may be rounded only once.
    let root = (-0.25 * head * head).exp();
    root * (root * (rest * DENSITY_AT_ZERO))
}

/// `erfc(-x/sqrt(2))/2`, with the rounding of its argument made good: at x = -38 that is worth 1000 units.
pub(super) fn cdf(x: f64) -> f64 {
    let t = -x * FRAC_1_SQRT_2;
    let value = 0.5 * libm::erfc(t);
    if value == 0.0 || x.is_infinite() {
        return value;
    }
    let missing = (-x).mul_add(FRAC_1_SQRT_2, -t) - x * FRAC_1_SQRT_2_TAIL;
    // -erfc'/erfc, asymptotically 2t + 1/t.
    let decay = if t > 8.0 {
        2.0 * t + t.recip()
    } else {
        std::f64::consts::FRAC_2_SQRT_PI * (-t * t).exp() / (2.0 * value)
    };
    value - value * (decay * missing)
}
