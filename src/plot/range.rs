//! Which values an axis shows.

use super::Scale;

/// Beyond this, differences of values would overflow.
const LARGEST: f64 = 1e300;

/// Below this, steps between values would not be numbers of full precision.
const SMALLEST: f64 = 1e-300;

/// The least width of a range, compared with its larger end: enough for ticks that differ.
const NARROWEST: f64 = 1e-13;

/// The part of the values at either end that may lie outside where a function has no bound.
const OUTSIDE: f64 = 0.03;

/// The free space at either end, as part of the range.
pub const MARGIN: f64 = 0.05;

/// A range that can be drawn, as near to this one as possible: finite, in order, not empty.
pub fn drawable((low, high): (f64, f64), scale: Scale) -> (f64, f64) {
    let tame = |x: f64, otherwise: f64| match x.is_nan() {
        true => otherwise,
        false => x.clamp(-LARGEST, LARGEST),
    };
    let (low, high) = (tame(low, 0.0), tame(high, 1.0));
    let (low, high) = (low.min(high), low.max(high));
    if scale == Scale::Log {
        let high = if high > SMALLEST { high } else { 1.0 };
        let low = if low > 0.0 { low } else { high / 1e3 };
        let low = low.max(SMALLEST);
        return match high / low >= 1.0 + 1e-9 {
            true => (low, high),
            false => (low / 2.0, high * 2.0),
        };
    }
    let size = low.abs().max(high.abs());
    if high - low > (NARROWEST * size).max(SMALLEST) {
        return (low, high);
    }
    // A constant: as much room as its own size, or 1 around zero.
    let around = if size > SMALLEST { 0.5 * size } else { 1.0 };
    (low - around, high + around)
}

/// The least and the greatest of the finite values, if there are any.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    (values.into_iter().filter(|v| v.is_finite())).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((v.min(low), v.max(high))),
    })
}

/// The range without the outermost values at either end: what a picture of a function without bound shows.
pub fn without_extremes(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let mut values: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let at = |part: f64| values.get((part * (values.len().max(1) - 1) as f64).round() as usize);
    Some((*at(OUTSIDE)?, *at(1.0 - OUTSIDE)?))
}

/// The range with free space at both ends.
pub fn with_margin((low, high): (f64, f64), scale: Scale) -> (f64, f64) {
    let (low, high) = drawable((low, high), scale);
    if scale == Scale::Log {
        // By powers, since the quotient of the ends may overflow.
        let factor = 10f64.powf(MARGIN * (high.log10() - low.log10()));
        return ((low / factor).max(SMALLEST), (high * factor).min(LARGEST));
    }
    let margin = MARGIN * (high - low);
    (low - margin, high + margin)
}
