//! Functions that a text defines for itself.

use rustc_hash::FxHashMap;

use super::error::SyntaxError;
use super::reductions::Reductions;
use super::tree::Span;
use crate::expr::walk::Order;
use crate::expr::{Arena, Id};

/// A function that the user defined: what its body becomes when the parameters are filled in.
pub(super) struct OwnFunction {
    holes: Vec<Id>,
    body: Id,
    /// The nodes of the body that depend on a parameter, ascending; all others are shared by every call.
    dependent: Vec<Id>,
    position: FxHashMap<Id, usize>,
}

impl OwnFunction {
    /// The function with this body, in which `holes` stand for the parameters.
    pub fn new(
        arena: &Arena,
        reductions: Option<&Reductions>,
        holes: Vec<Id>,
        body: Id,
    ) -> OwnFunction {
        let mut position: FxHashMap<Id, usize> = FxHashMap::default();
        let mut dependent = Vec::new();
        let order = match reductions {
            Some(reductions) => reductions.order(arena, &[body]),
            None => Order::of(arena, &[body]),
        };
        for id in order.ids {
            // The result of a reduction depends on what is reduced, which is older.
            let of = reductions.and_then(|found| found.find(id)).map(|r| r.of);
            let mut below = arena.node(id).children().chain(of);
            if holes.contains(&id) || below.any(|c| position.contains_key(&c)) {
                position.insert(id, dependent.len());
                dependent.push(id);
            }
        }
        OwnFunction {
            holes,
            body,
            dependent,
            position,
        }
    }

    /// How many parameters it has.
    pub fn parameters(&self) -> usize {
        self.holes.len()
    }

    /// How many nodes a call writes at most.
    pub fn size(&self) -> usize {
        self.dependent.len()
    }

    /// The body with arguments for the parameters.
    pub fn call(
        &self,
        arena: &mut Arena,
        mut reductions: Option<&mut Reductions>,
        arguments: &[Id],
        span: Span,
    ) -> Result<Id, SyntaxError> {
        let mut filled: Vec<Id> = Vec::with_capacity(self.dependent.len());
        for &id in &self.dependent {
            let new = |c: Id| self.position.get(&c).map_or(c, |&p| filled[p]);
            let reduced = reductions.as_ref().and_then(|found| found.find(id));
            let result = match self.holes.iter().position(|&h| h == id) {
                Some(hole) => arguments[hole],
                None => match (reduced, &mut reductions) {
                    (Some(reduced), Some(found)) => {
                        found.reduce_by(arena, reduced.by, new(reduced.of), span)?
                    }
                    _ => {
                        let node = arena.node(id);
                        arena.rebuild(node, new)
                    }
                },
            };
            filled.push(result);
        }
        Ok(self
            .position
            .get(&self.body)
            .map_or(self.body, |&p| filled[p]))
    }
}
