//! Differentiation: sweeps over the graph that know the chain rule and nothing else.
//!
//! No formula stands here: partial derivatives come from `grammar/functions.rules` through [`crate::rules`]. One variable
//! goes forward ([`forward`]), many go in reverse ([`gradient`]): the gradient of a function of n variables costs a small
//! constant times the function. Every sweep is one loop over the nodes, linear in their number.

mod forward;
mod higher;
mod reverse;

pub use forward::{derivatives, forward};
pub use higher::{hessian, jacobian, nth_derivative, taylor};
pub use reverse::gradient;

use crate::expr::{Arena, Assumption, Function, Id, MAX_NODES, SymbolId};
use crate::rules::Operation;

/// Why an expression could not be differentiated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalculusError {
    /// An argument by which no derivative is known, such as the order of `polygamma`.
    #[error("`{function}` cannot be differentiated by its argument number {argument}")]
    NoPartial {
        /// The function.
        function: Function,
        /// Which argument, counted from 1.
        argument: usize,
    },
    /// A function without complex derivative depends on a variable declared complex.
    #[error("`{function}` has no complex derivative, and `{variable}` was declared complex")]
    NotAnalytic {
        /// The function.
        function: Function,
        /// The variable.
        variable: String,
    },
    /// The result would not fit in a graph.
    #[error("the derivative has more than {MAX_NODES} nodes")]
    TooLarge,
    /// The expansion point of a Taylor polynomial is a singular point.
    #[error("the derivative of order {order} is not defined at the expansion point")]
    Singular {
        /// The order of the derivative.
        order: usize,
    },
}

/// The partial derivatives of a call, checked against what was declared about the variables.
fn check_analytic(arena: &Arena, f: Function, variables: &[SymbolId]) -> Result<(), CalculusError> {
    if crate::functions::is_analytic(f) {
        return Ok(());
    }
    match variables
        .iter()
        .find(|&&s| arena.assumption(s) == Assumption::Complex)
    {
        Some(&s) => Err(CalculusError::NotAnalytic {
            function: f,
            variable: arena.symbol_name(s).into(),
        }),
        None => Ok(()),
    }
}

fn check_size(arena: &Arena) -> Result<(), CalculusError> {
    if arena.len() > MAX_NODES {
        Err(CalculusError::TooLarge)
    } else {
        Ok(())
    }
}

fn no_partial(op: Operation, argument: usize) -> CalculusError {
    match op {
        Operation::Call(function) => CalculusError::NoPartial {
            function,
            argument: argument + 1,
        },
        _ => unreachable!("arithmetic has every partial derivative"),
    }
}

/// An empty sum is the number 0.
fn or_zero(sum: Option<Id>) -> Id {
    sum.unwrap_or(Arena::ZERO)
}

/// `a + b`, where nothing is not the number 0 but nothing.
fn add_option(arena: &mut Arena, a: Option<Id>, b: Option<Id>) -> Option<Id> {
    match (a, b) {
        (Some(a), Some(b)) => Some(arena.add(a, b)),
        (some, None) | (None, some) => some,
    }
}
