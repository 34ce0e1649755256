//! Lists of numbers on the command line: `[1, 1/2, sqrt(2)]`.

use super::failure::Failure;
use super::value::Value;
use crate::expr::{Arena, Rational};
use crate::syntax::{self, split_at_commas};

/// What stands between the brackets, at least one entry.
pub fn entries<'t>(text: &'t str, origin: &str) -> Result<Vec<&'t str>, Failure> {
    let text = text.trim();
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    match inner {
        Some(inner) if inner.trim().is_empty() => Err(Failure::new(
            "bad_option",
            format!("{origin}: the list is empty"),
        )),
        Some(inner) => Ok(split_at_commas(inner)),
        None => {
            let message = format!("{origin}: `{text}` is neither a vector nor a matrix");
            Err(Failure::new("bad_option", message)
                .with_hint("a vector is [1, 2, 3], a matrix [[1, 2], [3, 4]]"))
        }
    }
}

/// An entry as a number.
pub fn real(text: &str, origin: &str) -> Result<f64, Failure> {
    is_there(text, origin)?;
    Value::read(text, origin)?.real("entry", origin)
}

/// An entry as a fraction of whole numbers; the kind of the failure is `not_exact` where it is none.
pub fn exact(text: &str, origin: &str) -> Result<Rational, Failure> {
    is_there(text, origin)?;
    let mut arena = Arena::new();
    let root = syntax::parse_into(&mut arena, text)
        .map_err(|error| Failure::syntax(error, text, origin))?;
    arena.as_number(root).cloned().ok_or_else(|| {
        let message = format!(
            "{origin}: `{}` is no fraction of whole numbers",
            text.trim()
        );
        Failure::new("not_exact", message)
    })
}

fn is_there(text: &str, origin: &str) -> Result<(), Failure> {
    match text.trim().is_empty() {
        false => Ok(()),
        true => {
            let message = format!("{origin}: an entry is missing");
            Err(Failure::new("bad_option", message).with_hint("write [1, 2, 3]"))
        }
    }
}
