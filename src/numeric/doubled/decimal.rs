//! The decimal number behind a double.

use super::Doubled;

/// See [`Doubled::decimal`].
pub(super) fn decimal(x: f64) -> Doubled {
    /// Decimals of so many digits are told apart by doubles.
    const DIGITS: usize = 15;
    /// Powers of ten up to here are doubles.
    const EXACT_POWER: i32 = 22;
    if !x.is_finite() || x == x.trunc() && x.abs() < 1e15 {
        return Doubled::from(x);
    }
    // The shortest digits that read back as x: `d.ddde-n`.
    let text = format!("{:e}", x.abs());
    let Some((digits, exponent)) = text.split_once('e') else {
        return Doubled::from(x);
    };
    let decimals = digits.len().saturating_sub(2);
    let whole = digits.replace('.', "");
    let (Ok(whole), Ok(exponent)) = (whole.parse::<f64>(), exponent.parse::<i32>()) else {
        return Doubled::from(x);
    };
    let power = exponent - decimals as i32;
    if decimals + 1 > DIGITS || power.abs() > EXACT_POWER {
        return Doubled::from(x);
    }
    let ten = Doubled::from(10f64.powi(power.abs()));
    let size = match power < 0 {
        true => Doubled::from(whole) / ten,
        false => Doubled::from(whole) * ten,
    };
    match x < 0.0 {
        true => -size,
        false => size,
    }
}
