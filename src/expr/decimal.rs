//! Decimal notation of exact numbers: literals in, finite decimals out.

use super::{MAX_NUMBER_BITS, Rational};

impl Rational {
    /// Reads a decimal literal exactly: `12`, `0.1`, `.5`, `2.`, `6.02e23`.
    ///
    /// `None` if it is not such a literal or its value would have more than [`MAX_NUMBER_BITS`] bits.
    pub fn from_decimal(text: &str) -> Option<Rational> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((m, e)) => (m, e.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty()
            || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        if fraction.is_empty() && exponent == 0 {
            return Rational::from_digits(whole);
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = [whole, fraction].concat();
        let scale = exponent.checked_sub(fraction.len() as i64)?;
        let digits = if digits.is_empty() { "0" } else { &digits };
        // 10^n has 3.33 n bits.
        if (scale.unsigned_abs() as usize)
            .saturating_add(digits.len())
            .saturating_mul(10)
            / 3
            > MAX_NUMBER_BITS
        {
            return None;
        }
        Rational::from_digits(digits)?.checked_mul(&Rational::from(10).checked_powi(scale)?)
    }

    /// The shortest decimal that reads back as `value`, as an exact number: 0.1 becomes 1/10. `None` for NaN and infinities.
    pub fn from_f64(value: f64) -> Option<Rational> {
        if !value.is_finite() {
            return None;
        }
        let magnitude = Rational::from_decimal(&format!("{:e}", value.abs()))?;
        Some(if value < 0.0 { -&magnitude } else { magnitude })
    }

    /// The decimal form where it is finite (`0.1`, `1e30`, `1.38e-23`); `None` for numbers such as 1/3.
    pub fn to_decimal(&self) -> Option<String> {
        let mut rest = self.denominator();
        let (mut twos, mut fives) = (0i64, 0i64);
        for (prime, count) in [(2, &mut twos), (5, &mut fives)] {
            let inverse = Rational::ratio(1, prime)?;
            loop {
                let next = rest.checked_mul(&inverse)?;
                if !next.is_integer() {
                    break;
                }
                rest = next;
                *count += 1;
            }
        }
        if !rest.is_one() {
            return None;
        }
        let places = twos.max(fives);
        let scaled = self
            .abs()
            .checked_mul(&Rational::from(10).checked_powi(places)?)?
            .to_string();
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = scaled.trim_end_matches('0');
        let exponent = (scaled.len() - digits.len()) as i64 - places;
        if self.is_zero() {
            return Some("0".into());
        }
        let point = digits.len() as i64 + exponent; // digits before the decimal point
        if !(-5..=21).contains(&point) {
            let (first, others) = digits.split_at(1);
            let dot = if others.is_empty() { "" } else { "." };
            return Some(format!("{sign}{first}{dot}{others}e{}", point - 1));
        }
        Some(if exponent >= 0 {
            format!("{sign}{digits}{}", "0".repeat(exponent as usize))
        } else if point > 0 {
            let (whole, fraction) = digits.split_at(point as usize);
            format!("{sign}{whole}.{fraction}")
        } else {
            format!("{sign}0.{}{digits}", "0".repeat(-point as usize))
        })
    }
}
