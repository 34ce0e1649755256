//! The expression graph: nodes held once, exact numbers, names with assumptions, and walks without recursion.
//!
//! This layer knows the names of functions, never their meaning, and no text. Look at [`Graph`] and [`Expr`] first; the
//! passes of other modules work on the [`Arena`] behind them.

mod arena;
mod build;
mod decimal;
mod function;
mod handle;
mod intern;
mod node;
mod number;
mod reduction;
pub mod walk;

pub use arena::{Arena, Cleared, MAX_NODES};
pub use function::Function;
pub use handle::{Expr, Graph, IntoExpr};
pub use intern::Facts;
pub use node::{Children, Id, Node, NumberId, SymbolId};
pub use number::{MAX_NUMBER_BITS, Rational};
pub use reduction::Reduction;

/// What a user may declare about a variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assumption {
    /// Nothing declared: evaluated and differentiated as a real variable, but no rewrite relies on it.
    #[default]
    Undeclared,
    /// Any complex number; functions without a complex derivative (abs, sign, ...) cannot be differentiated.
    Complex,
    /// A real number.
    Real,
    /// A real number above 0.
    Positive,
    /// A whole number.
    Integer,
}
