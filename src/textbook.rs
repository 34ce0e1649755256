//! Derivatives as a textbook would print them: the sweeps of [`calculus`](crate::calculus) with simplification between.
//!
//! Two roads lead to a derivative of high order. One simplifies after every step, which keeps products such as
//! `exp(x)*(x + 1)` in shape; the other multiplies everything out after every step, so that terms of equal kind meet and
//! their number grows only polynomially with the order. Neither is always the shorter one, so both are taken as long as
//! they are affordable.

use crate::calculus::{CalculusError, derivatives};
use crate::expr::{Arena, Id, SymbolId};
use crate::simplify::{expand, simplify};

/// The road that keeps products is left once its result, written out, has more nodes than this.
const MAX_FACTORED_SIZE: u32 = 20_000;

/// The simplified derivative by each of `variables` in turn: `[x, x, y]` is d³f/dx²dy.
pub fn nth_derivative(
    arena: &mut Arena,
    root: Id,
    variables: &[SymbolId],
) -> Result<Id, CalculusError> {
    let mut factored = Some(root);
    let mut expanded = root;
    for (step, &variable) in variables.iter().enumerate() {
        if let Some(current) = factored {
            let next = derivatives(arena, &[current], variable)?[0];
            let next = simplify(arena, next).id;
            factored = (arena.facts(next).size <= MAX_FACTORED_SIZE || variables.len() == 1)
                .then_some(next);
        }
        if variables.len() > 1 {
            let next = derivatives(arena, &[expanded], variable)?[0];
            let last = step + 1 == variables.len();
            expanded = expand(arena, next).id;
            if last {
                expanded = simplify(arena, expanded).id;
            }
        }
    }
    let shorter = |arena: &Arena, a: Id, b: Id| arena.facts(a).size <= arena.facts(b).size;
    Ok(match factored {
        Some(factored) if variables.len() < 2 || shorter(arena, factored, expanded) => factored,
        _ => expanded,
    })
}
