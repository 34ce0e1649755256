//! Which derivatives can be other than 0: found by propagation over the graph, without differentiating.
//!
//! Sets of rows go down from the roots to the variables, as bits of one word a node for 64 rows at a time (bit vectors:
//! Griewank and Walther, Evaluating Derivatives, 2nd ed., section 7.1). Each block of rows looks only at the nodes that
//! these rows depend on: where a row is about a few variables, the work is linear in the size of the graph, and nowhere
//! is there more than a word a node. What cannot move its node ([`moves`]) is not followed: the condition of a choice,
//! the argument of `floor`.
//!
//! The pattern of a Hessian is found from the gradient as the pattern of its Jacobian. Walther (Computing sparse Hessians
//! with automatic differentiation, 2008) finds it from the function alone; here the gradient is a graph already, and has
//! lost whatever its constructors could fold.

use rustc_hash::FxHashMap;

use super::Pattern;
use crate::calculus::moves;
use crate::expr::walk::Order;
use crate::expr::{Arena, Id, Node, SymbolId};

/// The pattern of the Jacobian of `roots` by `variables`: every entry that is not in it is 0 everywhere.
///
/// ```
/// use gradus::{Graph, sparse::dependence};
/// let graph = Graph::new();
/// let roots = ["x*y", "floor(x) + z", "if(x > 0, y, 2*y)"].map(|text| graph.parse(text).unwrap().id());
/// let arena = graph.arena();
/// let variables = ["x", "y", "z"].map(|name| arena.find_symbol(name).unwrap());
/// let pattern = dependence(&arena, &roots, &variables);
/// assert!(pattern.iter().eq([(0, 0), (0, 1), (1, 2), (2, 1)]));
/// ```
pub fn dependence(arena: &Arena, roots: &[Id], variables: &[SymbolId]) -> Pattern {
    let columns: FxHashMap<SymbolId, u32> = variables.iter().copied().zip(0..).collect();
    let mut rows = vec![Vec::new(); roots.len()];
    for (roots, rows) in roots.chunks(BLOCK).zip(rows.chunks_mut(BLOCK)) {
        let order = Order::of(arena, roots);
        let mut moved: Vec<u64> = vec![0; order.len()];
        for (row, &root) in roots.iter().enumerate() {
            moved[order.position(root)] |= 1 << row;
        }
        for (at, &id) in order.ids.iter().enumerate().rev() {
            let (node, set) = (arena.node(id), moved[at]);
            for (which, child) in node.children().enumerate() {
                if moves(node, which) {
                    moved[order.position(child)] |= set;
                }
            }
            if let Node::Symbol(symbol) = node
                && let Some(&column) = columns.get(&symbol)
            {
                let members = (0..rows.len()).filter(|row| set >> row & 1 == 1);
                members.for_each(|row| rows[row].push(column));
            }
        }
    }
    Pattern::from_rows(variables.len(), rows)
}

/// As many rows as a word has bits.
const BLOCK: usize = u64::BITS as usize;
