//! The reverse sweep: one function, all variables (backpropagation, on symbols).
//!
//! Source: Griewank and Walther, Evaluating Derivatives (2nd ed.), section 3.2.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{
    CalculusError, Wanted, active_nodes, add_option, check_size, make_room, no_partial, or_zero,
};
use crate::expr::walk::{Order, symbols};
use crate::expr::{Arena, Id, Node, SymbolId};
use crate::rules::{self, Operation};

/// Adjoints under more guards than this are added up as choices at once, so that work stays linear.
const MAX_GUARDS: usize = 8;

/// The partial derivatives of `root` by each of `variables`, from one sweep: shared work is done once.
pub fn gradient(
    arena: &mut Arena,
    root: Id,
    variables: &[SymbolId],
) -> Result<Vec<Id>, CalculusError> {
    reverse(arena, &[(root, Arena::ONE)], variables)
}

/// The partial derivatives of the sum of each root times its weight: weights times Jacobian, as
/// [`forward`](super::forward) is Jacobian times direction.
pub fn reverse(
    arena: &mut Arena,
    weights: &[(Id, Id)],
    variables: &[SymbolId],
) -> Result<Vec<Id>, CalculusError> {
    let (order, mut sweep) = sweep_back(arena, weights, variables, false)?;
    let places: FxHashMap<SymbolId, usize> = (order.ids.iter().enumerate())
        .filter_map(|(at, &id)| match arena.node(id) {
            Node::Symbol(s) => Some((s, at)),
            _ => None,
        })
        .collect();
    Ok((variables.iter())
        .map(|v| {
            let at = places.get(v).copied();
            let sum = at.and_then(|at| sweep.collect(arena, at));
            or_zero(sum)
        })
        .collect())
}

/// Every node that `root` is made of, children first, with its adjoint: the derivative of `root` by the value of that node,
/// 0 where no variable is below it. What backpropagation computes on its way to the gradient.
///
/// ```
/// use gradus::{Graph, calculus::adjoints};
/// let graph = Graph::new();
/// let f = graph.parse("sin(x)^2")?;
/// let all = adjoints(&mut graph.arena_mut(), f.id())?;
/// let sine = graph.parse("sin(x)")?;
/// let (_, adjoint) = all.into_iter().find(|(node, _)| *node == sine.id()).unwrap();
/// assert_eq!(adjoint, graph.parse("2*sin(x)")?.id());
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As [`gradient`].
pub fn adjoints(arena: &mut Arena, root: Id) -> Result<Vec<(Id, Id)>, CalculusError> {
    let variables = symbols(arena, &[root]);
    let (order, mut sweep) = sweep_back(arena, &[(root, Arena::ONE)], &variables, true)?;
    Ok((order.ids.iter().enumerate())
        .map(|(at, &id)| (id, or_zero(sweep.collect(arena, at))))
        .collect())
}

/// From the roots down to the variables. With `keep` the adjoints of the nodes between are whole at the end.
fn sweep_back(
    arena: &mut Arena,
    weights: &[(Id, Id)],
    variables: &[SymbolId],
    keep: bool,
) -> Result<(Order, Sweep), CalculusError> {
    let roots: Vec<Id> = weights.iter().map(|&(root, _)| root).collect();
    let order = Order::of(arena, &roots);
    make_room(arena, &order);
    let wanted = Wanted::together(arena, variables.iter().copied());
    let active = active_nodes(arena, &order, &roots, &wanted)?;
    let mut sweep = Sweep {
        guards: Vec::new(),
        known: FxHashMap::default(),
        plain: vec![None; order.len()],
        guarded: FxHashMap::default(),
    };
    for &(root, weight) in weights {
        sweep.accumulate(arena, order.position(root), None, weight);
    }

    for (at, &id) in order.ids.iter().enumerate().rev() {
        if active[at] == 0 || matches!(arena.node(id), Node::Symbol(_)) {
            continue;
        }
        if keep {
            sweep.plain[at] = sweep.collect(arena, at);
        }
        let under = sweep.guarded.remove(&at).unwrap_or_default();
        let weights = sweep.plain[at]
            .map(|w| (None, w))
            .into_iter()
            .chain(under.into_iter().map(|(g, w)| (Some(g), w)));
        for (guard, weight) in weights {
            if let Node::If(c, a, b) = arena.node(id) {
                // What flows into a branch counts only where that branch is taken. It is kept apart until the end, so
                // that it is never multiplied by the infinity that the branch not taken may hold.
                for (branch, taken) in [(a, true), (b, false)] {
                    if active[order.position(branch)] != 0 {
                        let guard = sweep.guard(guard, c, taken);
                        sweep.accumulate(arena, order.position(branch), Some(guard), weight);
                    }
                }
                continue;
            }
            let node = arena.node(id);
            let op = operation(node);
            let args: SmallVec<[Id; 2]> = node.children().collect();
            for (which, &arg) in args.iter().enumerate() {
                let child = order.position(arg);
                if active[child] == 0 {
                    continue;
                }
                let partial = rules::partial(op, which)
                    .ok_or_else(|| no_partial(op, which))?
                    .fill(arena, &args);
                let flow = arena.mul(weight, partial);
                sweep.accumulate(arena, child, guard, flow);
            }
        }
        check_size(arena)?;
    }
    Ok((order, sweep))
}

fn operation(node: Node) -> Operation {
    match node {
        Node::Add(..) => Operation::Add,
        Node::Mul(..) => Operation::Mul,
        Node::Pow(..) => Operation::Pow,
        Node::Call(f, _) | Node::Call2(f, ..) => Operation::Call(f),
        _ => unreachable!("leaves and choices are handled by the sweep"),
    }
}

/// A chain of branches taken: the guard above, the condition, and which side.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Guard {
    parent: Option<usize>,
    condition: Id,
    taken: bool,
}

struct Sweep {
    guards: Vec<Guard>,
    /// By guard: its place in `guards`.
    known: FxHashMap<Guard, usize>,
    /// By position: the adjoint that counts everywhere.
    plain: Vec<Option<Id>>,
    /// By position: adjoints that count under a guard.
    guarded: FxHashMap<usize, Vec<(usize, Id)>>,
}

impl Sweep {
    fn guard(&mut self, parent: Option<usize>, condition: Id, taken: bool) -> usize {
        let guard = Guard {
            parent,
            condition,
            taken,
        };
        *self.known.entry(guard).or_insert_with(|| {
            self.guards.push(guard);
            self.guards.len() - 1
        })
    }

    fn accumulate(&mut self, arena: &mut Arena, at: usize, guard: Option<usize>, flow: Id) {
        if arena.is_zero(flow) {
            return;
        }
        let Some(guard) = guard else {
            self.plain[at] = add_option(arena, self.plain[at], Some(flow));
            return;
        };
        let entries = self.guarded.entry(at).or_default();
        match entries.iter_mut().find(|e| e.0 == guard) {
            Some(entry) => entry.1 = arena.add(entry.1, flow),
            None => entries.push((guard, flow)),
        }
        if entries.len() > MAX_GUARDS {
            self.plain[at] = self.collect(arena, at);
        }
    }

    /// The whole adjoint of a node: guarded parts become choices, both sides of one condition a single choice.
    fn collect(&mut self, arena: &mut Arena, at: usize) -> Option<Id> {
        let mut under: FxHashMap<Option<usize>, Id> = self
            .guarded
            .remove(&at)
            .unwrap_or_default()
            .into_iter()
            .map(|(g, w)| (Some(g), w))
            .collect();
        // Guards are made after their parents: backwards, every guard is complete before its parent needs it.
        while let Some(last) = under.keys().copied().flatten().max() {
            let Guard {
                parent,
                condition,
                taken,
            } = self.guards[last];
            let here = under.remove(&Some(last));
            let other = self
                .known
                .get(&Guard {
                    parent,
                    condition,
                    taken: !taken,
                })
                .copied();
            let there = other.and_then(|o| under.remove(&Some(o)));
            let (yes, no) = if taken { (here, there) } else { (there, here) };
            let (yes, no) = (or_zero(yes), or_zero(no));
            let choice = arena.choice(condition, yes, no);
            let sum =
                add_option(arena, under.remove(&parent), Some(choice)).expect("a choice was added");
            under.insert(parent, sum);
        }
        add_option(arena, self.plain[at], under.remove(&None))
    }
}
