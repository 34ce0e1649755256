//! `gradus likelihood`: the parameters under which a table is most probable.
//!
//! `formula.rs` finds those of any density by descent, `named.rs` those of known distributions in closed form, `report.rs`
//! tells both alike.

mod formula;
mod named;
mod report;

pub use named::MAX_CATEGORIES;

use super::answer::Answer;
use super::args::LikelihoodArgs;
use super::failure::Failure;

/// Runs the command.
pub fn run(args: &LikelihoodArgs) -> Result<Answer, Failure> {
    if !(args.confidence > 0.0 && args.confidence < 1.0) {
        let message = "--confidence must be a number between 0 and 1, such as 0.95";
        return Err(Failure::new("bad_option", message));
    }
    match (&args.density, named::asked(args)) {
        (Some(density), _) => formula::run(args, density),
        (None, Some((distribution, column))) => named::run(args, distribution, column),
        (None, None) => Err(Failure::new(
            "usage",
            "neither a density nor a distribution is given",
        )),
    }
}
