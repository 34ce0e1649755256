//! Differentiation: sweeps over the graph that know the chain rule and nothing else.
//!
//! No formula stands here: partial derivatives come from `grammar/functions.rules` through [`crate::rules`]. One variable
//! goes forward ([`forward`]), many go in reverse ([`gradient`]): the gradient of a function of n variables costs a small
//! constant times the function. Every sweep is one loop over the nodes, linear in their number.

mod forward;
mod higher;
mod reverse;
mod series;

pub(crate) use forward::derivatives_by_each;
pub use forward::{derivatives, forward};
pub(crate) use higher::{derivatives_of_gradient, jacobian_by_columns};
pub use higher::{hessian, jacobian, nth_derivative, taylor};
pub use reverse::{adjoints, gradient, reverse};

use crate::expr::walk::Order;
use crate::expr::{Arena, Assumption, Function, Id, MAX_NODES, Node, SymbolId};
use crate::functions;
use crate::rules::{self, Operation};

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
    /// A function without complex derivative has a variable declared complex in an argument that moves.
    #[error("`{function}` has no complex derivative, and `{variable}` was declared complex")]
    NotAnalytic {
        /// The function.
        function: Function,
        /// The variable.
        variable: String,
    },
    /// A function without complex derivative has `i` in an argument that moves.
    #[error("`{function}` has no complex derivative, and its argument contains `i`")]
    NotReal {
        /// The function.
        function: Function,
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

/// The variables of one sweep or of several, which are found active together.
struct Wanted {
    /// By variable of the graph: its bits. A node moves with the bits of what it depends on.
    bits: Vec<u64>,
}

/// So many variables have a bit each.
const MAX_APART: usize = u64::BITS as usize;

impl Wanted {
    /// For one sweep along all the variables: the same bit for each.
    fn together(arena: &Arena, variables: impl Iterator<Item = SymbolId>) -> Wanted {
        Wanted::new(arena, variables.map(|v| (v, 1)))
    }

    /// For a sweep along each of the variables, at most [`MAX_APART`]: bit k for number k.
    fn apart(arena: &Arena, variables: &[SymbolId]) -> Wanted {
        debug_assert!(variables.len() <= MAX_APART);
        let numbered = variables.iter().enumerate();
        Wanted::new(arena, numbered.map(|(k, &v)| (v, 1 << k)))
    }

    fn new(arena: &Arena, variables: impl Iterator<Item = (SymbolId, u64)>) -> Wanted {
        let mut bits = vec![0; arena.symbol_count()];
        for (variable, bit) in variables {
            bits[variable.index()] |= bit;
        }
        Wanted { bits }
    }
}

/// Does the movement of a child, by its place, move the node? Not of a condition, nor of what is under a step.
pub fn moves(node: Node, which: usize) -> bool {
    match node {
        Node::If(..) => which > 0,
        Node::Call(f, _) | Node::Call2(f, ..) => {
            rules::partial(Operation::Call(f), which).is_none_or(|p| !p.is_zero())
        }
        _ => true,
    }
}

/// Which nodes have a derivative that the roots need, by the bits of the variables: they depend on one, and a root on them,
/// each time through something that moves. `sign(x)` does not, nor does a condition: `polygamma(sign(x), x)` needs no
/// derivative by the order, `if(polygamma(x, 2) > 1, x, 0)` none of its condition.
fn active_nodes(
    arena: &Arena,
    order: &Order,
    roots: &[Id],
    wanted: &Wanted,
) -> Result<Vec<u64>, CalculusError> {
    let mut moving: Vec<u64> = Vec::with_capacity(order.len());
    let mut is_complex = false;
    for &id in &order.ids {
        let below = |child: Id| moving[order.position(child)];
        let node = arena.node(id);
        let moves_here = match node {
            Node::Number(_) | Node::Pi => 0,
            Node::ImaginaryUnit => {
                is_complex = true;
                0
            }
            Node::Symbol(s) => {
                is_complex |= arena.assumption(s) == Assumption::Complex;
                wanted.bits[s.index()]
            }
            Node::Add(a, b) | Node::Mul(a, b) | Node::Pow(a, b) => below(a) | below(b),
            _ => (node.children().enumerate())
                .map(|(which, child)| (which, below(child)))
                .filter(|&(which, bits)| bits != 0 && moves(node, which))
                .fold(0, |all, (_, bits)| all | bits),
        };
        moving.push(moves_here);
    }
    if is_complex {
        check_functions(arena, order, roots, &moving)?;
    }
    // What moves and is needed is needed by something that moves.
    let mut active = vec![0; order.len()];
    for &root in roots {
        active[order.position(root)] = moving[order.position(root)];
    }
    for (at, &id) in order.ids.iter().enumerate().rev() {
        if active[at] != 0 {
            let node = arena.node(id);
            for (which, child) in node.children().enumerate() {
                let child = order.position(child);
                let bits = active[at] & moving[child];
                if bits != 0 && moves(node, which) {
                    active[child] |= bits;
                }
            }
        }
    }
    Ok(active)
}

/// Has every function on the way from the variable to the root a derivative?
fn check_active(arena: &Arena, root: Id, variable: SymbolId) -> Result<(), CalculusError> {
    let order = Order::of(arena, &[root]);
    let wanted = Wanted::together(arena, std::iter::once(variable));
    active_nodes(arena, &order, &[root], &wanted).map(|_| ())
}

/// Why a value need not be real.
#[derive(Clone, Copy)]
enum Complex {
    Unit,
    Variable(SymbolId),
}

/// Of each node, whether its value need not be real though all variables are that were not declared complex. (That of
/// sqrt(x) need not, either; but there the real derivative says nothing, while next to `i` complex values are meant.)
fn complex_values(arena: &Arena, order: &Order) -> Vec<Option<Complex>> {
    let mut found: Vec<Option<Complex>> = Vec::with_capacity(order.len());
    for &id in &order.ids {
        let below = |child: Id| found[order.position(child)];
        let node = arena.node(id);
        found.push(match node {
            Node::ImaginaryUnit => Some(Complex::Unit),
            Node::Symbol(s) => {
                (arena.assumption(s) == Assumption::Complex).then_some(Complex::Variable(s))
            }
            Node::Call(f, _) if functions::is_always_real(f) => None,
            Node::If(_, a, b) => below(a).or(below(b)),
            _ => node.children().find_map(below),
        });
    }
    found
}

/// No function without complex derivative that the roots need may have an argument that moves and need not be real.
fn check_functions(
    arena: &Arena,
    order: &Order,
    roots: &[Id],
    moving: &[u64],
) -> Result<(), CalculusError> {
    let mut needed = vec![false; order.len()];
    for &root in roots {
        needed[order.position(root)] = true;
    }
    for (at, &id) in order.ids.iter().enumerate().rev() {
        let node = arena.node(id);
        for (which, child) in node.children().enumerate() {
            if needed[at] && moves(node, which) {
                needed[order.position(child)] = true;
            }
        }
    }
    let complex = complex_values(arena, order);
    for (at, &id) in order.ids.iter().enumerate() {
        let node = arena.node(id);
        let (Node::Call(function, _) | Node::Call2(function, ..)) = node else {
            continue;
        };
        if !needed[at] || functions::is_analytic(function) {
            continue;
        }
        let children = || node.children().map(|child| order.position(child));
        // A part that stands still makes the whole complex: abs(x + i).
        if children().all(|child| moving[child] == 0) {
            continue;
        }
        match children().find_map(|child| complex[child]) {
            None => {}
            Some(Complex::Unit) => return Err(CalculusError::NotReal { function }),
            Some(Complex::Variable(variable)) => {
                let variable = arena.symbol_name(variable).into();
                return Err(CalculusError::NotAnalytic { function, variable });
            }
        }
    }
    Ok(())
}

/// A derivative has about as many new nodes as its function, and twice as many in reverse. Small graphs have the room.
fn make_room(arena: &mut Arena, order: &Order) {
    if order.len() > 4096 {
        arena.reserve(2 * order.len());
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
