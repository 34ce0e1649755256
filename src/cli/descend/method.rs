//! The options that say how to step.

use crate::cli::args::{DescendArgs, Method};
use crate::cli::failure::Failure;
use crate::descend::{self, GradientDescent};

/// Refuses numbers that no method can work with, before anything is read.
pub fn check(args: &DescendArgs) -> Result<(), Failure> {
    let bad = |message: &str| Err(Failure::new("bad_option", message));
    if !(args.rate > 0.0 && args.rate.is_finite()) {
        return bad("--rate must be a number above 0");
    }
    if !(args.tolerance >= 0.0 && args.tolerance.is_finite()) {
        return bad("--tolerance must be a number, 0 or above");
    }
    Ok(())
}

/// The method that was asked for.
pub fn choose(args: &DescendArgs) -> Result<Box<dyn descend::Method>, Failure> {
    Ok(match args.method {
        Method::GradientDescent => Box::new(GradientDescent { rate: args.rate }),
    })
}
