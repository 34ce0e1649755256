//! Derivatives as a textbook would print them: the sweeps of [`calculus`](crate::calculus) with simplification between.
//!
//! Two roads lead to a derivative of high order. One simplifies after every step, which keeps products such as
//! `exp(x)*(x + 1)` in shape; the other multiplies everything out after every step, so that terms of equal kind meet and
//! their number grows only polynomially with the order. Neither is always the shorter one, so both are taken as long as
//! they are affordable.

use crate::calculus::{CalculusError, derivatives};
use crate::expr::{Arena, Id, SymbolId};
use crate::simplify::{Simplified, expand, simplify};

/// The road that keeps products is left once its result, written out, has more nodes than this.
const MAX_FACTORED_SIZE: u32 = 20_000;

/// The simplified derivative by each of `variables` in turn: `[x, x, y]` is d³f/dx²dy.
///
/// ```
/// use gradus::{Graph, textbook};
/// let graph = Graph::new();
/// let x = graph.symbol("x");
/// let f = (1 + x.powi(2)).powi(-1);
/// let by = vec![graph.arena().find_symbol("x").unwrap(); 3];
/// let third = textbook::nth_derivative(&mut graph.arena_mut(), f.id(), &by).unwrap();
/// assert_eq!(graph.expr(third.id).to_string(), "24*x*(1 - x^2)/(x^2 + 1)^4");
/// ```
pub fn nth_derivative(
    arena: &mut Arena,
    root: Id,
    variables: &[SymbolId],
) -> Result<Simplified, CalculusError> {
    let mut complete = true;
    let mut tidy = |arena: &mut Arena, id: Id, pass: fn(&mut Arena, Id) -> Simplified| {
        let simplified = pass(arena, id);
        complete &= simplified.complete;
        simplified.id
    };
    let several = variables.len() > 1;
    let mut factored = Some(root);
    let mut expanded = root;
    for &variable in variables {
        if let Some(current) = factored {
            let next = derivatives(arena, &[current], variable)?[0];
            let next = tidy(arena, next, simplify);
            factored = (!several || arena.facts(next).size <= MAX_FACTORED_SIZE).then_some(next);
        }
        if several {
            let next = derivatives(arena, &[expanded], variable)?[0];
            expanded = tidy(arena, next, expand);
        }
    }
    let id = match factored {
        Some(factored) if !several => factored,
        _ => {
            let expanded = tidy(arena, expanded, simplify);
            match factored {
                Some(factored) if arena.facts(factored).size <= arena.facts(expanded).size => {
                    factored
                }
                _ => expanded,
            }
        }
    };
    Ok(Simplified { id, complete })
}
