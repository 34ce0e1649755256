//! `--confusion tp=90,fp=30,fn=10,tn=870`

use super::super::confusion;
use crate::cli::answer::Answer;
use crate::cli::args::BayesArgs;
use crate::cli::failure::Failure;
use crate::cli::names;
use crate::lecture::bayes::Confusion;

/// Reads the four counts and tells what they say.
pub fn run(args: &BayesArgs, counts: &str) -> Result<Answer, Failure> {
    let hint = "write --confusion tp=90,fp=30,fn=10,tn=870: true and false positives, false and true negatives";
    let bad = |message: String| Failure::new("bad_option", message).with_hint(hint);
    let mut table = Confusion::default();
    let given = names::assignments(&[counts.to_owned()], "--confusion")?;
    for (name, text) in &given {
        let count = text.trim().parse().map_err(|_| {
            bad(format!(
                "--confusion {name}: `{}` is no count: 0, 1, 2, ...",
                text.trim()
            ))
        })?;
        *match name.as_str() {
            "tp" => &mut table.true_positives,
            "fp" => &mut table.false_positives,
            "fn" => &mut table.false_negatives,
            "tn" => &mut table.true_negatives,
            _ => return Err(bad(format!("--confusion: there is no count `{name}`"))),
        } = count;
    }
    if let Some(missing) = ["tp", "fp", "fn", "tn"]
        .iter()
        .find(|name| given.iter().all(|(given, _)| given != *name))
    {
        return Err(bad(format!("--confusion: `{missing}` is not given")));
    }
    if [
        table.true_positives,
        table.false_positives,
        table.false_negatives,
        table.true_negatives,
    ]
    .iter()
    .any(|&count| count > u64::from(u32::MAX))
    {
        return Err(bad(format!("--confusion: a count is above {}", u32::MAX)));
    }
    Ok(confusion::answer(
        &table,
        ("yes", "no"),
        Vec::new(),
        args.format,
    ))
}
