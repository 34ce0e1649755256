//! The small languages of the options: `x,y`, `x=1,y=pi/2`, `x=positive`.

use super::failure::Failure;
use super::value::Value;
use crate::expr::{Arena, Assumption};
use crate::syntax::{did_you_mean, normalize_name, split_at_commas, variable_name};

/// Names and what stands behind their `=`.
pub type Assigned<T> = Vec<(String, T)>;

/// `x,y`, from all uses of an option together.
pub fn list(given: &[String], option: &str) -> Result<Vec<String>, Failure> {
    (given.iter().flat_map(|text| text.split(',')))
        .map(|text| name(text, option))
        .collect()
}

/// `first column,second`, from all uses of an option together: names of columns may be anything.
pub fn parts(given: &[String]) -> Vec<&str> {
    let parts = given.iter().flat_map(|text| text.split(','));
    parts.map(str::trim).collect()
}

/// `x=1,y=2`, from all uses of an option together; what stands behind the `=` is left as text.
pub fn assignments(given: &[String], option: &str) -> Result<Assigned<String>, Failure> {
    let mut assigned: Assigned<String> = Vec::new();
    for part in given.iter().flat_map(|text| split_at_commas(text)) {
        let Some((left, right)) = part.split_once('=') else {
            let (form, example) = match option {
                "--over" | "--bounds" => ("LOW:HIGH", "x=-3:3"),
                _ => ("VALUE", "x=1,y=2"),
            };
            let message = format!("{option}: `{}` is not of the form NAME={form}", part.trim());
            let failure = Failure::new("bad_option", message);
            let is_number = part.trim().parse::<f64>().is_ok();
            return Err(match is_number && !assigned.is_empty() && form == "VALUE" {
                true => failure.with_hint("decimals have a point: x=1.5"),
                false => failure.with_hint(format!("write {option} {example}")),
            });
        };
        let name = name(left, option)?;
        if assigned.iter().any(|(other, _)| *other == name) {
            let message = format!("{option}: `{name}` is given twice");
            return Err(Failure::new("bad_option", message));
        }
        assigned.push((name, right.to_owned()));
    }
    Ok(assigned)
}

/// `x=1,y=pi/2`
pub fn values(given: &[String], option: &str) -> Result<Assigned<Value>, Failure> {
    (assignments(given, option)?.into_iter())
        .map(|(name, text)| {
            let value = Value::read(&text, &format!("{option} {name}"))?;
            Ok((name, value))
        })
        .collect()
}

/// `x=positive,n=integer`
pub fn assumptions(given: &[String]) -> Result<Assigned<Assumption>, Failure> {
    const KINDS: [(&str, Assumption); 4] = [
        ("real", Assumption::Real),
        ("positive", Assumption::Positive),
        ("integer", Assumption::Integer),
        ("complex", Assumption::Complex),
    ];
    let names = || KINDS.map(|(name, _)| name);
    (assignments(given, "--assume")?.into_iter())
        .map(
            |(name, kind)| match KINDS.iter().find(|(k, _)| *k == kind.trim()) {
                Some(&(_, assumption)) => Ok((name, assumption)),
                None => {
                    let message = format!("--assume: there is no kind `{}`", kind.trim());
                    let hint = match did_you_mean(kind.trim(), names()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("the kinds are {}", names().join(", ")),
                    };
                    Err(Failure::new("bad_option", message).with_hint(hint))
                }
            },
        )
        .collect()
}

/// Declares assumptions in an arena.
pub fn assume(arena: &mut Arena, assumed: &[(String, Assumption)]) {
    for (name, assumption) in assumed {
        let symbol = arena.symbol(name);
        arena.assume(symbol, *assumption);
    }
}

/// One name, in its one spelling.
pub fn name(text: &str, option: &str) -> Result<String, Failure> {
    let name = normalize_name(text.trim());
    let mut characters = name.chars();
    let first = characters.next();
    let has_pi = name.contains('π') && variable_name(&name).is_err() && name != "π";
    let is_name = !has_pi
        && first.is_some_and(|c| c.is_alphabetic() || c == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_');
    if is_name {
        return Ok(name);
    }
    let message = match first {
        None => format!("{option}: a name is missing"),
        Some(_) => format!("{option}: `{}` is not the name of a variable", text.trim()),
    };
    Err(Failure::new("bad_option", message))
}
