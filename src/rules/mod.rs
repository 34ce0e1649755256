//! The mathematics of `grammar/*.rules`, read through the language itself and kept as graph templates.
//!
//! Lines are read when they are first needed, so that a short command pays for the few functions that it uses.

mod identities;
mod partials;

pub use identities::{
    Condition, Identity, Kind, Part, PatternFactor, Property, all as identities, by_function,
    by_kind,
};
pub use partials::{Operation, partial};

/// The lines of a rules file that hold something, without comments.
fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
}
