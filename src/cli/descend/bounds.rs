//! The small language of `--bounds`: `x=0:1,y=-1:`.

use super::goal::Goal;
use crate::cli::failure::Failure;
use crate::cli::names;
use crate::cli::value::{Value, number};
use crate::descend::Bounds;
use crate::syntax::did_you_mean;

/// The bounds of the variables of a problem, if any are given; those that are not named have none. The start must lie
/// between them.
pub fn read(given: &[String], goal: &Goal) -> Result<Option<Bounds>, Failure> {
    if given.is_empty() {
        return Ok(None);
    }
    let bad = |message: String| Failure::new("bad_option", message);
    let count = goal.names.len();
    let (mut lower, mut upper) = (vec![f64::NEG_INFINITY; count], vec![f64::INFINITY; count]);
    for (name, range) in names::assignments(given, "--bounds")? {
        let Some(at) = goal.names.iter().position(|known| *known == name) else {
            let known = goal.names.iter().map(String::as_str);
            let hint = match did_you_mean(&name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the variables are {}", goal.names.join(", ")),
            };
            let message = format!("--bounds: `{name}` is not a variable here");
            return Err(bad(message).with_hint(hint));
        };
        let Some((low, high)) = range.split_once(':') else {
            let message = format!("--bounds: `{name}={range}` is not of the form NAME=LOW:HIGH");
            return Err(bad(message).with_hint("a side may be left open: x=0: or x=:1"));
        };
        let side = |text: &str, open: f64| -> Result<f64, Failure> {
            match text.trim().is_empty() {
                true => Ok(open),
                false => Value::read(text, &format!("--bounds {name}"))?.real(&name, "--bounds"),
            }
        };
        (lower[at], upper[at]) = (side(low, lower[at])?, side(high, upper[at])?);
        if lower[at].is_nan() || upper[at].is_nan() || lower[at] > upper[at] {
            let (low, high) = (number(lower[at]), number(upper[at]));
            let message = format!(
                "--bounds: no number lies between {low} and {high}, the bounds of `{name}`"
            );
            return Err(bad(message).with_hint("the lower bound comes first"));
        }
        let start = goal.start[at];
        if !(lower[at]..=upper[at]).contains(&start) {
            let (low, high) = (number(lower[at]), number(upper[at]));
            let message = format!(
                "the start `{name} = {}` lies outside its bounds, {low} to {high}",
                number(start)
            );
            return Err(bad(message).with_hint("change --from or --bounds"));
        }
    }
    let bounds = Bounds::new(lower, upper);
    bounds
        .map(Some)
        .map_err(|error| bad(format!("--bounds: {error}")))
}

/// The variables that a point has at one of their bounds.
pub fn held<'g>(bounds: &Bounds, goal: &'g Goal, point: &[f64]) -> Vec<&'g str> {
    (goal.names.iter().enumerate())
        .filter(|(at, _)| bounds.hold(*at, point[*at]))
        .map(|(_, name)| name.as_str())
        .collect()
}
