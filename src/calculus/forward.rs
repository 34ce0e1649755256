//! The forward sweep: one direction, all nodes.

use super::{
    CalculusError, Wanted, active_nodes, add_option, check_size, make_room, no_partial, or_zero,
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

/// The directional derivatives of `roots`: the sum over the variables of partial derivative times `direction`.
///
/// A node that does not depend on the variables has no derivative (`None`), which is not the same as the number 0: nothing
/// is ever multiplied by it, so no 0 times infinity arises.
pub fn forward(
    arena: &mut Arena,
    roots: &[Id],
    direction: &[(SymbolId, Id)],
) -> Result<Vec<Id>, CalculusError> {
    let mut seeds: Vec<Option<Id>> = vec![None; arena.symbol_count()];
    for &(variable, step) in direction {
        seeds[variable.index()] = Some(step);
    }
    let wanted = Wanted::new(arena, direction.iter().map(|d| d.0));
    let order = Order::of(arena, roots);
    make_room(arena, &order);
    let active = active_nodes(arena, &order, roots, &wanted)?;
    let mut slope: Vec<Option<Id>> = Vec::with_capacity(order.len());
    for (at, &id) in order.ids.iter().enumerate() {
        if !active[at] {
            slope.push(None);
            continue;
        }
        let d = |child: Id| slope[order.position(child)];
        let derivative = match arena.node(id) {
            Node::Number(_) | Node::Pi | Node::ImaginaryUnit => None,
            Node::Symbol(s) => seeds[s.index()],
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
        slope.push(derivative.filter(|&d| !arena.is_zero(d)));
        check_size(arena)?;
    }
    Ok(roots
        .iter()
        .map(|&r| or_zero(slope[order.position(r)]))
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
