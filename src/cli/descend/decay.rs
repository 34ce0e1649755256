//! The small language of `--decay`: `step:0.5:100`, `exponential:0.99`, `inverse:0.1`, `root:0.1`, `cosine:1000:0.1`.

use crate::cli::failure::Failure;
use crate::descend::Decay;
use crate::syntax::did_you_mean;

const KINDS: [(&str, &str); 5] = [
    ("step", "step:FACTOR:EVERY, such as step:0.5:100"),
    (
        "exponential",
        "exponential:FACTOR, such as exponential:0.999",
    ),
    ("inverse", "inverse:SPEED, such as inverse:0.01"),
    ("root", "root:SPEED, such as root:0.01"),
    (
        "cosine",
        "cosine:STEPS or cosine:STEPS:LOWEST, such as cosine:1000:0.1",
    ),
];

/// Reads a schedule.
pub fn read(text: &str) -> Result<Decay, Failure> {
    let mut parts = text.split(':').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let numbers: Vec<&str> = parts.collect();
    let Some((_, form)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        let names = KINDS.map(|(name, _)| name);
        let message = format!("--decay: there is no schedule `{kind}`");
        let hint = match did_you_mean(kind, names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the schedules are {}", names.join(", ")),
        };
        return Err(Failure::new("bad_option", message).with_hint(hint));
    };
    let bad = || {
        let message = format!("--decay: `{text}` is not of the form {form}");
        Failure::new("bad_option", message).with_hint(
            "factors lie between 0 and 1, speeds above 0, steps are whole numbers from 1",
        )
    };
    let part = |at: usize| -> Result<f64, Failure> {
        let number: f64 = numbers
            .get(at)
            .and_then(|n| n.parse().ok())
            .ok_or_else(bad)?;
        match number > 0.0 && number <= 1.0 {
            true => Ok(number),
            false => Err(bad()),
        }
    };
    let speed = || -> Result<f64, Failure> {
        let number: f64 = numbers
            .first()
            .and_then(|n| n.parse().ok())
            .ok_or_else(bad)?;
        match number > 0.0 && number.is_finite() {
            true => Ok(number),
            false => Err(bad()),
        }
    };
    let steps = |at: usize| -> Result<u64, Failure> {
        let number: u64 = numbers
            .get(at)
            .and_then(|n| n.parse().ok())
            .ok_or_else(bad)?;
        match number > 0 {
            true => Ok(number),
            false => Err(bad()),
        }
    };
    let (decay, used) = match kind {
        "step" => {
            let (factor, every) = (part(0)?, steps(1)?);
            (Decay::Step { factor, every }, 2)
        }
        "exponential" => (Decay::Exponential { factor: part(0)? }, 1),
        "inverse" => (Decay::InverseTime { speed: speed()? }, 1),
        "root" => (Decay::InverseRoot { speed: speed()? }, 1),
        _ => {
            let lowest = match numbers.get(1) {
                None | Some(&"0") => 0.0,
                Some(_) => part(1)?,
            };
            let steps = steps(0)?;
            (Decay::Cosine { steps, lowest }, numbers.len().min(2))
        }
    };
    match numbers.len() == used {
        true => Ok(decay),
        false => Err(bad()),
    }
}
