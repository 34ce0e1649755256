//! Derivatives as a textbook would print them: the sweeps of [`calculus`] with simplification between.
//!
//! Two roads lead to a derivative of high order. One simplifies after every step, which keeps products such as
//! `exp(x)*(x + 1)` in shape; the other multiplies everything out after every step, so that terms of equal kind meet and
//! their number grows only polynomially with the order. Neither is always the shorter one, so both are taken as long as
//! they are affordable.

use crate::calculus::{self, CalculusError, derivatives, jacobian_by_columns};
use crate::expr::walk::Order;
use crate::expr::{Arena, Id, SymbolId};
use crate::simplify::{Simplified, expand, simplify, simplify_all};

/// The road that keeps products is left once its result, written out, has more nodes than this.
const MAX_FACTORED_SIZE: u32 = 20_000;

/// Sweeps that look at more nodes than this, all together, are left to the reverse sweep, which needs one for all variables.
const MAX_SWEPT_NODES: usize = 200_000;

/// The formulas to differentiate: simplified, each where that makes it shorter. What cancels in a formula need not cancel in
/// its derivative, where it stands in many places: simplified derivatives of formulas with common factors are a sixth
/// shorter this way.
///
/// ```
/// use gradus::{calculus, expr::Arena, syntax, textbook};
///
/// let mut arena = Arena::new();
/// let root = syntax::parse_into(&mut arena, "(x*y - y + x^2 - x)/(x - 1)").unwrap();
/// let x = arena.symbol_id("x");
/// let roots = textbook::shortened(&mut arena, &[root]);
/// assert_eq!(syntax::print::text(&arena, roots[0]).unwrap(), "x + y");
/// assert_eq!(calculus::derivatives(&mut arena, &roots, x).unwrap(), [Arena::ONE]);
/// ```
pub fn shortened(arena: &mut Arena, roots: &[Id]) -> Vec<Id> {
    let simple = simplify_all(arena, roots);
    let pairs = roots.iter().zip(simple);
    let is_shorter = |root: Id, simple: Simplified| {
        simple.complete && arena.facts(simple.id).size < arena.facts(root).size
    };
    pairs
        .map(|(&root, simple)| match is_shorter(root, simple) {
            true => simple.id,
            false => root,
        })
        .collect()
}

/// The Jacobian in a form that simplifies well: a row of partial derivatives for each root, not simplified yet.
///
/// A forward sweep for each variable keeps a product of sums a product of sums; the reverse sweep of [`calculus::gradient`]
/// adds up a product for each path to the variable, which no simplifier folds again. Simplified partial derivatives of
/// random formulas are a third longer that way, second ones more than twice as long. Where the sweeps would be too many
/// the reverse one is taken.
///
/// ```
/// use gradus::{expr::Arena, simplify::simplify_all, syntax, textbook};
///
/// let mut arena = Arena::new();
/// let root = syntax::parse_into(&mut arena, "y*(x*log(x^2 + 3) + exp(x))").unwrap();
/// let x = arena.symbol_id("x");
/// let slopes = textbook::jacobian(&mut arena, &[root], &[x]).unwrap().concat();
/// let simple = simplify_all(&mut arena, &slopes);
/// let text = syntax::print::text(&arena, simple[0].id).unwrap();
/// assert_eq!(text, "y*(2*x^2/(x^2 + 3) + exp(x) + log(x^2 + 3))");
/// ```
///
/// # Errors
/// [`CalculusError`], where a function that occurs has no derivative, or the result would not fit in a graph.
pub fn jacobian(
    arena: &mut Arena,
    roots: &[Id],
    variables: &[SymbolId],
) -> Result<Vec<Vec<Id>>, CalculusError> {
    if is_affordable(arena, roots, variables.len())
        && let Ok(rows) = jacobian_by_columns(arena, roots, variables)
    {
        return Ok(rows);
    }
    calculus::jacobian(arena, roots, variables)
}

/// The Hessian in a form that simplifies well, as [`jacobian`] is; not simplified yet. The lower half is the upper half.
///
/// # Errors
/// [`CalculusError`], where a function that occurs has no derivative, or the result would not fit in a graph.
pub fn hessian(
    arena: &mut Arena,
    root: Id,
    variables: &[SymbolId],
) -> Result<Vec<Vec<Id>>, CalculusError> {
    let sweeps = variables.len().saturating_mul(variables.len());
    if is_affordable(arena, &[root], sweeps)
        && let Ok(rows) = jacobian_by_columns(arena, &[root], variables)
        && let Ok(seconds) = calculus::derivatives_of_gradient(arena, &rows[0], variables)
    {
        return Ok(seconds);
    }
    calculus::hessian(arena, root, variables)
}

/// May forward sweeps be tried? Where they fail the reverse sweep has its say: it does not look at what is multiplied by 0,
/// and may know an answer.
fn is_affordable(arena: &Arena, roots: &[Id], sweeps: usize) -> bool {
    let most = MAX_SWEPT_NODES / sweeps.max(1);
    arena.len() <= most || Order::of(arena, roots).len() <= most
}

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
///
/// # Errors
/// [`CalculusError`], where a function that occurs has no derivative, or the result would not fit in a graph.
pub fn nth_derivative(
    arena: &mut Arena,
    root: Id,
    variables: &[SymbolId],
) -> Result<Simplified, CalculusError> {
    let root = shortened(arena, &[root])[0];
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
