//! Numbers in and out: real or complex, as text with the shortest digits that read back, as JSON with words for what
//! JSON has no number for.

use std::fmt;

use num_complex::Complex64;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::failure::Failure;
use crate::expr::{Arena, walk};
use crate::numeric::Schedule;
use crate::syntax;

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// On the real line.
    Real(f64),
    /// In the plane.
    Complex(Complex64),
}

impl Value {
    /// Is it neither NaN nor infinite?
    pub fn is_finite(self) -> bool {
        match self {
            Value::Real(x) => x.is_finite(),
            Value::Complex(z) => z.is_finite(),
        }
    }

    /// Is it, or a part of it, not a number?
    pub fn is_nan(self) -> bool {
        match self {
            Value::Real(x) => x.is_nan(),
            Value::Complex(z) => z.is_nan(),
        }
    }

    /// As a complex number.
    pub fn complex(self) -> Complex64 {
        match self {
            Value::Real(x) => Complex64::new(x, 0.0),
            Value::Complex(z) => z,
        }
    }

    /// As a real number; a complex one cannot be used for the variable `name` of an option.
    pub fn real(self, name: &str, option: &str) -> Result<f64, Failure> {
        match self {
            Value::Real(x) => Ok(x),
            Value::Complex(z) if z.im == 0.0 => Ok(z.re),
            Value::Complex(_) => {
                let message = format!("{option}: the value of `{name}` must be a real number");
                Err(Failure::new("bad_option", message))
            }
        }
    }

    /// The number that a constant formula is worth: `3`, `-1e-3`, `pi/2`, `1 + 2*i`; also `inf` and `nan`.
    pub fn read(text: &str, origin: &str) -> Result<Value, Failure> {
        if let Ok(number) = text.trim().parse() {
            return Ok(Value::Real(number));
        }
        let mut arena = Arena::new();
        let root = syntax::parse_into(&mut arena, text)
            .map_err(|error| Failure::syntax(error, text, origin))?;
        if let Some(&symbol) = walk::symbols(&arena, &[root]).first() {
            let name = arena.symbol_name(symbol);
            let message = format!("the value `{}` contains the variable `{name}`", text.trim());
            return Err(Failure::new("not_a_number", message)
                .with_hint("values are numbers or formulas without variables, such as pi/2"));
        }
        let schedule = Schedule::new(&arena, &[root], &[])?;
        Ok(if schedule.needs_complex() {
            Value::Complex(schedule.run_complex(&[], &mut Vec::new())[0])
        } else {
            Value::Real(schedule.values(&[])[0])
        })
    }
}

/// A probability in percent, without the digits that the factor 100 brings: `95` for 0.95.
pub fn percent(probability: f64) -> String {
    number((probability * 1e8).round() / 1e6)
}

/// The shortest text that reads back as this number; an exponent where a person would write one.
pub fn number(x: f64) -> String {
    match x.abs() {
        _ if x.is_nan() => "NaN".into(),
        size if size.is_infinite() => if x > 0.0 { "inf" } else { "-inf" }.into(),
        0.0 => "0".into(),
        size if (1e-5..1e16).contains(&size) => x.to_string(),
        _ => format!("{x:e}"),
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (re, im) = match *self {
            Value::Real(x) => return f.pad(&number(x)),
            Value::Complex(z) => (z.re, z.im),
        };
        let imaginary = |im: f64| match number(im) {
            one if one == "1" => "i".to_owned(),
            text => format!("{text}*i"),
        };
        f.pad(&if im == 0.0 {
            number(re)
        } else if re == 0.0 && im < 0.0 {
            format!("-{}", imaginary(-im))
        } else if re == 0.0 {
            imaginary(im)
        } else if im < 0.0 {
            format!("{} - {}", number(re), imaginary(-im))
        } else {
            format!("{} + {}", number(re), imaginary(im))
        })
    }
}

/// A real number in JSON; NaN and the infinities are the strings "NaN", "inf", "-inf".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Real(pub f64);

impl Serialize for Real {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            x if x.is_finite() => serializer.serialize_f64(x),
            x => serializer.serialize_str(&number(x)),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Value::Real(x) => Real(x).serialize(serializer),
            Value::Complex(z) => {
                let mut parts = serializer.serialize_struct("Complex", 2)?;
                parts.serialize_field("re", &Real(z.re))?;
                parts.serialize_field("im", &Real(z.im))?;
                parts.end()
            }
        }
    }
}

/// A number with so many digits at most, for a table.
pub fn digits(x: f64, most: usize) -> String {
    if !x.is_finite() || x == 0.0 {
        return number(x);
    }
    let rounded: f64 = format!("{x:.*e}", most - 1).parse().expect("digits");
    number(rounded)
}

/// So many digits the ends of an interval need: more than `usual` where it is narrow beside where it lies, but for one that
/// only rounding has made.
pub fn interval_digits((low, high): (f64, f64), usual: usize) -> usize {
    const OF_THE_WIDTH: f64 = 2.0;
    const ROUNDING: f64 = 12.0;
    let leading = (low.abs().max(high.abs()) / (high - low)).log10();
    match leading < ROUNDING {
        true => usual.max((leading.ceil() + OF_THE_WIDTH).max(0.0) as usize),
        false => usual,
    }
}
