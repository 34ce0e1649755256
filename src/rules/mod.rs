//! The mathematics of `grammar/*.rules`, read through the language itself and kept as graph templates.
//!
//! Lines are read when they are first needed, so that a short command pays for the few functions that it uses.

mod glance;
mod identities;
mod index;
mod partials;

pub use glance::{Kind, PI, Shape};
pub use identities::{
    Condition, Identity, Part, PatternFactor, Property, all as identities, by_function, of_powers,
    of_products, of_sums,
};
pub use partials::{Operation, partial};
