//! Walking a graph without recursion: children have smaller ids than their parents, so an ascending list of ids is a
//! schedule for every bottom-up pass, and the same list backwards for every top-down one.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{Arena, Id, Node, SymbolId};

/// Up to this id every node is looked at, which costs less than to follow the children one by one.
const MAX_SWEEP: usize = 1024;

/// The nodes that some roots depend on, ascending, with a dense position for each.
pub struct Order {
    /// Every reachable id, children before parents.
    pub ids: Vec<Id>,
    /// By id: 1 + position in `ids`, 0 for ids that are not reachable. Zeroed memory is only touched where it is used.
    position: Vec<u32>,
}

impl Order {
    /// Collects what `roots` depend on, roots included.
    pub fn of(arena: &Arena, roots: &[Id]) -> Order {
        let end = roots.iter().map(|r| r.index() + 1).max().unwrap_or(0);
        let mut position = vec![0u32; end];
        let mut ids = Vec::with_capacity(end.min(256));
        if end <= MAX_SWEEP {
            for root in roots {
                position[root.index()] = 1;
            }
            for at in (0..end).rev() {
                if position[at] != 0 {
                    arena
                        .node(Id(at as u32))
                        .each_child(|c| position[c.index()] = 1);
                }
            }
        } else {
            let mut stack: SmallVec<[Id; 64]> = SmallVec::new();
            for &root in roots {
                stack.push(root);
                while let Some(id) = stack.pop() {
                    if std::mem::replace(&mut position[id.index()], 1) == 0 {
                        ids.push(id);
                        (arena.node(id)).each_child(|c| {
                            if position[c.index()] == 0 {
                                stack.push(c);
                            }
                        });
                    }
                }
            }
        }
        // Where most nodes are reachable, the marks are the sorted list already.
        if end <= MAX_SWEEP || ids.len() >= end / 8 {
            ids.clear();
            for (mark, id) in position.iter_mut().zip(0..) {
                if *mark != 0 {
                    ids.push(Id(id));
                    *mark = ids.len() as u32;
                }
            }
        } else {
            ids.sort_unstable();
            for (id, at) in ids.iter().zip(1..) {
                position[id.index()] = at;
            }
        }
        Order { ids, position }
    }

    /// The position of a reachable id.
    #[inline]
    pub fn position(&self, id: Id) -> usize {
        self.position[id.index()] as usize - 1
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Is there no node?
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// The variables that `roots` depend on, sorted by name.
pub fn symbols(arena: &Arena, roots: &[Id]) -> Vec<SymbolId> {
    let mut found: Vec<SymbolId> = (Order::of(arena, roots).ids.iter())
        .filter_map(|&id| match arena.node(id) {
            Node::Symbol(s) => Some(s),
            _ => None,
        })
        .collect();
    found.sort_by(|&a, &b| arena.symbol_name(a).cmp(arena.symbol_name(b)));
    found
}

/// Rebuilds `roots` with some nodes replaced, shared parts once.
pub fn substitute(arena: &mut Arena, roots: &[Id], replacements: &FxHashMap<Id, Id>) -> Vec<Id> {
    let order = Order::of(arena, roots);
    let mut new: Vec<Id> = Vec::with_capacity(order.len());
    for &id in &order.ids {
        let result = match replacements.get(&id) {
            Some(&other) => other,
            None => {
                let node = arena.node(id);
                arena.rebuild(node, |child| new[order.position(child)])
            }
        };
        new.push(result);
    }
    roots.iter().map(|&r| new[order.position(r)]).collect()
}

/// A fixed expression of a few nodes with named holes, kept apart from the graphs it is copied into: a side of a
/// rule, or the body of a definition.
pub struct Template {
    /// Ascending; children are positions in this list.
    steps: Vec<Step>,
    /// Positions of the results.
    pub outputs: Vec<usize>,
}

enum Step {
    Hole(usize),
    Number(super::Rational, bool),
    Symbol(Box<str>),
    Node(Node),
}

impl Template {
    /// Cuts `roots` out of an arena; the variables in `holes` become holes, others keep their names.
    pub fn cut(arena: &Arena, roots: &[Id], holes: &[SymbolId]) -> Template {
        let order = Order::of(arena, roots);
        let at = |id: Id| Id(order.position(id) as u32);
        let steps = (order.ids.iter())
            .map(|&id| match arena.node(id) {
                Node::Symbol(s) => match holes.iter().position(|&h| h == s) {
                    Some(hole) => Step::Hole(hole),
                    None => Step::Symbol(arena.symbol_name(s).into()),
                },
                Node::Number(n) => Step::Number(arena.number_value(n).clone(), arena.is_decimal(n)),
                Node::Add(a, b) => Step::Node(Node::Add(at(a), at(b))),
                Node::Mul(a, b) => Step::Node(Node::Mul(at(a), at(b))),
                Node::Pow(a, b) => Step::Node(Node::Pow(at(a), at(b))),
                Node::Call(f, a) => Step::Node(Node::Call(f, at(a))),
                Node::Call2(f, a, b) => Step::Node(Node::Call2(f, at(a), at(b))),
                Node::If(c, a, b) => Step::Node(Node::If(at(c), at(a), at(b))),
                node @ (Node::Pi | Node::ImaginaryUnit) => Step::Node(node),
            })
            .collect();
        Template {
            steps,
            outputs: roots.iter().map(|&r| order.position(r)).collect(),
        }
    }

    /// Builds the first result in `arena` with `holes` filled.
    pub fn fill(&self, arena: &mut Arena, holes: &[Id]) -> Id {
        match &self.steps[..] {
            [Step::Hole(n)] => holes[*n],
            _ => self.fill_all(arena, holes)[self.outputs[0]],
        }
    }

    /// Builds every step; results are at the positions in `outputs`.
    pub fn fill_all(&self, arena: &mut Arena, holes: &[Id]) -> SmallVec<[Id; 16]> {
        let mut built: SmallVec<[Id; 16]> = SmallVec::with_capacity(self.steps.len());
        for step in &self.steps {
            let id = match step {
                Step::Hole(n) => holes[*n],
                Step::Number(value, true) => arena.decimal(value.clone()),
                Step::Number(value, false) => arena.number(value.clone()),
                Step::Symbol(name) => arena.symbol(name),
                Step::Node(node) => arena.rebuild(*node, |child| built[child.index()]),
            };
            built.push(id);
        }
        built
    }

    /// Is it the number 0?
    pub fn is_zero(&self) -> bool {
        matches!(&self.steps[..], [Step::Number(value, _)] if value.is_zero())
    }
}
