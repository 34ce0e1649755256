//! The forward sweep: one direction, all nodes.

use super::{
    CalculusError, MAX_APART, Wanted, active_nodes, add_option, check_size, make_room, no_partial,
    or_zero,
};
use crate::expr::walk::Order;
use crate::expr::{Arena, Id, Node, SymbolId};
use crate::rules::{self, Operation};

/// The derivatives of `roots` by one variable.
pub fn derivatives(
    arena: &mut Arena,
    roots: &[Id],
    variable: SymbolId,
) -> Result<Vec<Id>, CalculusError> {
    forward(arena, roots, &[(variable, Arena::ONE)])
}

/// The derivatives of `roots` by each of the variables: a list for each, from a sweep of its own.
pub(crate) fn derivatives_by_each(
    arena: &mut Arena,
    roots: &[Id],
    variables: &[SymbolId],
) -> Result<Vec<Vec<Id>>, CalculusError> {
    let order = Order::of(arena, roots);
    make_room(arena, &order);
    let mut slopes = Slopes::with_capacity(order.len());
    let mut columns = Vec::with_capacity(variables.len());
    for variables in variables.chunks(MAX_APART) {
        let wanted = Wanted::apart(arena, variables);
        let active = active_nodes(arena, &order, roots, &wanted)?;
        for (k, &variable) in variables.iter().enumerate() {
            let is_active = |at: usize| active[at] >> k & 1 != 0;
            let seed = |s| (s == variable).then_some(Arena::ONE);
            columns.push(sweep(arena, &order, roots, is_active, seed, &mut slopes)?);
        }
    }
    Ok(columns)
}

/// The directional derivatives of `roots`: the sum over the variables of partial derivative times `direction`.
pub fn forward(
    arena: &mut Arena,
    roots: &[Id],
    direction: &[(SymbolId, Id)],
) -> Result<Vec<Id>, CalculusError> {
    let mut seeds: Vec<Option<Id>> = vec![None; arena.symbol_count()];
    for &(variable, step) in direction {
        seeds[variable.index()] = Some(step);
    }
    let wanted = Wanted::together(arena, direction.iter().map(|d| d.0));
    let order = Order::of(arena, roots);
    make_room(arena, &order);
    let active = active_nodes(arena, &order, roots, &wanted)?;
    let seed = |s: SymbolId| seeds[s.index()];
    let mut slopes = Slopes::with_capacity(order.len());
    sweep(
        arena,
        &order,
        roots,
        |at| active[at] != 0,
        seed,
        &mut slopes,
    )
}

/// The derivative of each node. One that does not depend on the variables has none (`None`), which is not the same as the
/// number 0: nothing is ever multiplied by it, so no 0 times infinity arises.
type Slopes = Vec<Option<Id>>;

/// One sweep over the nodes that are active; `seed` has the derivatives of the variables.
fn sweep(
    arena: &mut Arena,
    order: &Order,
    roots: &[Id],
    is_active: impl Fn(usize) -> bool,
    seed: impl Fn(SymbolId) -> Option<Id>,
    slopes: &mut Slopes,
) -> Result<Vec<Id>, CalculusError> {
    slopes.clear();
    for (at, &id) in order.ids.iter().enumerate() {
        if !is_active(at) {
            slopes.push(None);
            continue;
        }
        let d = |child: Id| slopes[order.position(child)];
        let derivative = match arena.node(id) {
            Node::Number(_) | Node::Pi | Node::ImaginaryUnit => None,
            Node::Symbol(s) => seed(s),
            Node::Add(a, b) => add_option(arena, d(a), d(b)),
            Node::Mul(a, b) => binary(arena, Operation::Mul, [a, b], [d(a), d(b)])?,
            Node::Pow(a, b) => binary(arena, Operation::Pow, [a, b], [d(a), d(b)])?,
            Node::Call(f, a) => binary(arena, Operation::Call(f), [a, a], [d(a), None])?,
            Node::Call2(f, a, b) => binary(arena, Operation::Call(f), [a, b], [d(a), d(b)])?,
            Node::If(c, a, b) => match (d(a), d(b)) {
                (None, None) => None,
                (da, db) => {
                    let (da, db) = (or_zero(da), or_zero(db));
                    Some(arena.choice(c, da, db))
                }
            },
        };
        slopes.push(derivative.filter(|&d| !arena.is_zero(d)));
        check_size(arena)?;
    }
    Ok(roots
        .iter()
        .map(|&r| or_zero(slopes[order.position(r)]))
        .collect())
}

/// The chain rule: the sum of partial derivative times derivative of the argument.
fn binary(
    arena: &mut Arena,
    op: Operation,
    args: [Id; 2],
    slopes: [Option<Id>; 2],
) -> Result<Option<Id>, CalculusError> {
    let mut sum = None;
    for (at, slope) in slopes.into_iter().enumerate() {
        let Some(slope) = slope else { continue };
        let partial = rules::partial(op, at)
            .ok_or_else(|| no_partial(op, at))?
            .fill(arena, &args);
        let term = arena.mul(partial, slope);
        sum = add_option(arena, sum, Some(term));
    }
    Ok(sum)
}
