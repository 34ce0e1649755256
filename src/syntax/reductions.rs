//! Reductions over rows in a text: `mean(u)`, `sum(u)`, `min(u)`, `max(u)`, and `var(u)` and `std(u)`, which are written
//! by `mean`.
//!
//! The graph has no node for them. What stands for the result is a variable, whose name is the text of the reduction: it
//! prints as it was written, and equal reductions are one, because equal expressions print alike.

use rustc_hash::FxHashMap;

use super::error::{SyntaxError, SyntaxErrorKind};
use super::print;
use super::tree::{Kind, Span, Tree};
use crate::expr::walk::Order;
use crate::expr::{Arena, Id, Node, Reduction, SymbolId};

/// A reduction that a text contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reduced {
    /// How rows become one number.
    pub by: Reduction,
    /// What is reduced; it may contain results of reductions that come earlier in the list.
    pub of: Id,
    /// The variable that stands for the result.
    pub result: SymbolId,
}

/// What a name means where it is called with one argument.
#[derive(Clone, Copy)]
pub(super) enum Named {
    Plain(Reduction),
    /// The mean square of the distance from the mean: the variance of the rows themselves (divided by their number n, not
    /// by n - 1).
    Variance,
    /// Its square root.
    Deviation,
}

/// The names that are taken where a formula goes over rows, beside those of functions.
pub(super) const NAMES: [&str; 4] = ["mean", "sum", "var", "std"];

/// The reduction of that name; `min` and `max` of several arguments are functions of the table.
pub(super) fn named(name: &str, arguments: usize) -> Option<Named> {
    Some(match name {
        "mean" => Named::Plain(Reduction::Mean),
        "sum" => Named::Plain(Reduction::Sum),
        "var" => Named::Variance,
        "std" => Named::Deviation,
        "min" if arguments == 1 => Named::Plain(Reduction::Min),
        "max" if arguments == 1 => Named::Plain(Reduction::Max),
        _ => return None,
    })
}

/// A reduction where there is no table.
pub(super) fn no_rows(name: &str, span: Span) -> SyntaxError {
    let message = format!("`{name}` goes over all rows of a table, and there is none");
    SyntaxError::new(SyntaxErrorKind::UnknownFunction, span, message)
        .with_hint("gradus descend and gradus eval take one: --data FILE")
}

/// Where a name stands outside all reductions, so that its value is that of a row: the first such place.
pub fn outside_reductions(tree: &Tree, name: &str) -> Option<Span> {
    let mut outside = vec![false; tree.nodes.len()];
    for result in &tree.results {
        outside[result.0 as usize] = true;
    }
    let mut found: Option<Span> = None;
    // Parents come after their children, and definitions before their use.
    for at in (0..tree.nodes.len()).rev() {
        if !outside[at] {
            continue;
        }
        let node = tree.nodes[at];
        match node.kind {
            Kind::Number => {}
            Kind::Name(id) => {
                let defined =
                    (tree.definitions.iter()).find(|d| d.name == id && d.parameters.is_none());
                match defined {
                    Some(definition) => outside[definition.body.0 as usize] = true,
                    None if tree.name(id) == name => {
                        let is_first = found.is_none_or(|before| node.span.start < before.start);
                        found = if is_first { Some(node.span) } else { found };
                    }
                    None => {}
                }
            }
            Kind::Unary(_, a) => outside[a.0 as usize] = true,
            Kind::Binary(_, a, b) => {
                outside[a.0 as usize] = true;
                outside[b.0 as usize] = true;
            }
            Kind::Call { name: called, .. } => {
                let own = tree
                    .definitions
                    .iter()
                    .find(|d| d.name == called && d.parameters.is_some());
                let arguments = tree.arguments(node.kind);
                if own.is_none() && named(tree.name(called), arguments.len()).is_some() {
                    continue;
                }
                for argument in arguments {
                    outside[argument.0 as usize] = true;
                }
                if let Some(own) = own {
                    let hides =
                        (own.parameters.iter().flatten()).any(|p| tree.name(p.name) == name);
                    outside[own.body.0 as usize] |= !hides;
                }
            }
        }
    }
    found
}

/// The reductions of a text, each once.
#[derive(Default)]
pub(super) struct Reductions {
    list: Vec<Reduced>,
    /// By the node of the result: its place in the list.
    places: FxHashMap<Id, usize>,
}

impl Reductions {
    /// The result of a reduction as a node.
    pub fn reduce(
        &mut self,
        arena: &mut Arena,
        how: Named,
        of: Id,
        span: Span,
    ) -> Result<Id, SyntaxError> {
        match how {
            Named::Plain(by) => self.reduce_by(arena, by, of, span),
            Named::Variance => {
                let mean = self.reduce_by(arena, Reduction::Mean, of, span)?;
                let distance = arena.sub(of, mean);
                let two = arena.number(2);
                let square = arena.pow(distance, two);
                self.reduce_by(arena, Reduction::Mean, square, span)
            }
            Named::Deviation => {
                let variance = self.reduce(arena, Named::Variance, of, span)?;
                Ok(arena.sqrt(variance))
            }
        }
    }

    /// The same for one of the four.
    pub fn reduce_by(
        &mut self,
        arena: &mut Arena,
        by: Reduction,
        of: Id,
        span: Span,
    ) -> Result<Id, SyntaxError> {
        let text = print::text(arena, of)
            .map_err(|error| SyntaxError::new(SyntaxErrorKind::TooLong, span, error.to_string()))?;
        let result = arena.symbol_id(&format!("{}({text})", by.name()));
        let node = arena.symbol_node(result);
        self.places.entry(node).or_insert_with(|| {
            self.list.push(Reduced { by, of, result });
            self.list.len() - 1
        });
        Ok(node)
    }

    /// The reduction whose result a node is.
    pub fn find(&self, id: Id) -> Option<Reduced> {
        self.places.get(&id).map(|&at| self.list[at])
    }

    /// What `roots` depend on, through the results of reductions too.
    pub fn order(&self, arena: &Arena, roots: &[Id]) -> Order {
        let mut roots = roots.to_vec();
        loop {
            let order = Order::of(arena, &roots);
            let more: Vec<Id> = (order.ids.iter())
                .filter_map(|&id| self.find(id))
                .map(|reduced| reduced.of)
                .filter(|of| !roots.contains(of))
                .collect();
            if more.is_empty() {
                return order;
            }
            roots.extend(more);
        }
    }

    /// Those that `roots` depend on, each behind what it contains.
    pub fn used_by(&self, arena: &Arena, roots: &[Id]) -> Vec<Reduced> {
        let order = self.order(arena, roots);
        let is_leaf = |id: Id| matches!(arena.node(id), Node::Symbol(_));
        (order.ids.iter())
            .filter(|&&id| is_leaf(id))
            .filter_map(|&id| self.find(id))
            .collect()
    }
}
