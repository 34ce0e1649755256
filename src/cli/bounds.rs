//! The small language of `--bounds`: a side may be left open.

use super::failure::Failure;
use super::names::{Assigned, assignments};
use super::value::Value;

/// `b1=0:, b2=:1, b3=0:10`, from all uses of the option together.
pub fn read(given: &[String]) -> Result<Assigned<(f64, f64)>, Failure> {
    (assignments(given, "--bounds")?.into_iter())
        .map(|(name, text)| {
            let Some((low, high)) = text.split_once(':') else {
                let message = format!("--bounds: `{name}={}` is no interval", text.trim());
                return Err(Failure::new("bad_option", message)
                    .with_hint(format!("write {name}=0:1, {name}=0: or {name}=:1")));
            };
            let end = |text: &str, missing: f64| match text.trim() {
                "" => Ok(missing),
                text => Value::read(text, "--bounds")?.real(&name, "--bounds"),
            };
            let (low, high) = (end(low, f64::NEG_INFINITY)?, end(high, f64::INFINITY)?);
            let empty = low > high || low.is_nan() || high.is_nan();
            if empty || low == f64::INFINITY || high == f64::NEG_INFINITY {
                let message = format!("--bounds: no value of `{name}` is in {}", text.trim());
                return Err(Failure::new("bad_option", message));
            }
            Ok((name, (low, high)))
        })
        .collect()
}
