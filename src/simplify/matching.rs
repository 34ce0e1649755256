//! Applying identities: patterns against simplified nodes. Recursion here is bounded by the size of a rule.

use smallvec::{SmallVec, smallvec};

use super::properties;
use super::{MAX_DEPTH, Simplifier};
use crate::expr::{Arena, Id, Node};
use crate::rules::{self, Identity, Property, Shape};

/// Functions of a pattern are at most so many steps below its root.
const PATTERN_DEPTH: u8 = 3;

/// What the holes of an identity stand for.
pub(super) type Bindings = SmallVec<[Option<Id>; 4]>;

impl Simplifier<'_> {
    /// The first identity that applies to a call or a power, applied; the result simplified.
    pub(super) fn rewrite(&mut self, id: Id) -> Option<Id> {
        match self.arena.node(id) {
            Node::Call(f, a) | Node::Call2(f, a, _) => {
                let functions = self.functions_near(id, PATTERN_DEPTH) | self.pi_bit();
                let has_variable = self.arena.facts(id).has_symbol;
                let argument = self.arena.node(a);
                let shows_minus = self.free_minus || self.shows_minus(a);
                let is_called_with = move |shape| match shape {
                    Shape::Any => true,
                    Shape::Minus => shows_minus,
                    Shape::Sum => matches!(argument, Node::Add(..)),
                    Shape::Product => matches!(argument, Node::Mul(..)),
                    Shape::Power => matches!(argument, Node::Pow(..)),
                    Shape::Call(g) => {
                        matches!(argument, Node::Call(h, _) | Node::Call2(h, ..) if g == h)
                    }
                };
                let identities = rules::by_function(f, functions, has_variable, is_called_with);
                self.rewrite_with(id, identities)
            }
            Node::Pow(..) => self.rewrite_with(id, rules::of_powers()),
            _ => None,
        }
    }

    /// Identities about pi are for graphs that have it.
    pub(super) fn pi_bit(&self) -> u128 {
        if self.arena.has_pi() { rules::PI } else { 0 }
    }

    /// The functions of a node and of what stands up to so many steps below. A bit each.
    fn functions_near(&self, id: Id, steps: u8) -> u128 {
        let node = self.arena.node(id);
        let mut bits = match node {
            Node::Call(f, _) | Node::Call2(f, ..) => 1 << f as u32,
            _ => 0,
        };
        if steps > 0 {
            node.each_child(|child| bits |= self.functions_near(child, steps - 1));
        }
        bits
    }

    fn rewrite_with(
        &mut self,
        id: Id,
        identities: impl Iterator<Item = &'static Identity>,
    ) -> Option<Id> {
        for identity in identities {
            let mut bindings = smallvec![None; identity.holes.len()];
            if self.matches(identity, identity.left, id, &mut bindings)
                && self.holds(identity, &bindings)
            {
                return Some(self.right_side(identity, &bindings));
            }
        }
        None
    }

    pub(super) fn right_side(&mut self, identity: &Identity, bindings: &Bindings) -> Id {
        let holes: Vec<Id> = bindings
            .iter()
            .map(|b| b.expect("every hole of the left side is bound"))
            .collect();
        let raw = identity.right.fill(self.arena, &holes);
        self.simplify_again(raw)
    }

    /// Simplifies what a rewrite built from simplified parts.
    pub(super) fn simplify_again(&mut self, id: Id) -> Id {
        if self.depth >= MAX_DEPTH {
            return id;
        }
        self.depth += 1;
        let result = self.run(id);
        self.depth -= 1;
        result
    }

    pub(super) fn holds(&mut self, identity: &Identity, bindings: &Bindings) -> bool {
        identity.conditions.iter().all(|condition| {
            let Some(id) = bindings[condition.hole] else {
                return false;
            };
            match condition.property {
                Property::Real => properties::is_real(self.arena, id),
                Property::Positive => properties::is_positive(self.arena, id),
                Property::Nonnegative => properties::is_nonnegative(self.arena, id),
                Property::Integer => properties::is_integer(self.arena, id),
            }
        })
    }

    pub(super) fn matches(
        &mut self,
        identity: &Identity,
        pattern: Id,
        actual: Id,
        bindings: &mut Bindings,
    ) -> bool {
        let rule = &identity.arena;
        match rule.node(pattern) {
            Node::Symbol(s) => {
                let hole = identity
                    .holes
                    .iter()
                    .position(|&h| h == s)
                    .expect("every name of a left side is a hole");
                match bindings[hole] {
                    Some(bound) => bound == actual,
                    None => {
                        bindings[hole] = Some(actual);
                        true
                    }
                }
            }
            Node::Number(n) => self.arena.as_number(actual) == Some(rule.number_value(n)),
            Node::Pi => self.arena.node(actual) == Node::Pi,
            Node::ImaginaryUnit => self.arena.node(actual) == Node::ImaginaryUnit,
            Node::Mul(minus, p) if minus == Arena::MINUS_ONE => {
                let bound = match rule.node(p) {
                    Node::Symbol(s) => identity
                        .holes
                        .iter()
                        .position(|&h| h == s)
                        .and_then(|h| bindings[h]),
                    _ => None,
                };
                match bound {
                    // What u stands for is known: -u is its opposite, whichever of the two shows a minus.
                    Some(u) => self.opposite(u) == actual,
                    None if self.free_minus => {
                        let opposite = self.opposite(actual);
                        self.matches(identity, p, opposite, bindings)
                    }
                    None => match self.without_minus(actual) {
                        Some(opposite) => self.matches(identity, p, opposite, bindings),
                        None => false,
                    },
                }
            }
            Node::Add(p, q) => match self.arena.node(actual) {
                Node::Add(a, b) => self.match_either_way(identity, [p, q], [a, b], bindings),
                _ => false,
            },
            Node::Mul(p, q) => match self.arena.node(actual) {
                Node::Mul(a, b) => self.match_either_way(identity, [p, q], [a, b], bindings),
                _ => false,
            },
            Node::Pow(p, q) => match self.arena.node(actual) {
                Node::Pow(a, b) => {
                    self.matches(identity, p, a, bindings) && self.matches(identity, q, b, bindings)
                }
                _ => false,
            },
            Node::Call(f, p) => match self.arena.node(actual) {
                Node::Call(g, a) => f == g && self.matches(identity, p, a, bindings),
                _ => false,
            },
            Node::Call2(f, p, q) => match self.arena.node(actual) {
                Node::Call2(g, a, b) => {
                    f == g
                        && self.matches(identity, p, a, bindings)
                        && self.matches(identity, q, b, bindings)
                }
                _ => false,
            },
            Node::If(..) => false,
        }
    }

    fn match_either_way(
        &mut self,
        identity: &Identity,
        patterns: [Id; 2],
        actual: [Id; 2],
        bindings: &mut Bindings,
    ) -> bool {
        let before = bindings.clone();
        for [a, b] in [actual, [actual[1], actual[0]]] {
            if self.matches(identity, patterns[0], a, bindings)
                && self.matches(identity, patterns[1], b, bindings)
            {
                return true;
            }
            bindings.clone_from(&before);
        }
        false
    }

    pub(super) fn opposite(&mut self, id: Id) -> Id {
        match self.arena.node(id) {
            Node::Add(..) => self.scale_sum(id, Arena::MINUS_ONE),
            _ => self.arena.neg(id),
        }
    }

    /// Does the expression read `-u`?
    fn shows_minus(&self, id: Id) -> bool {
        match self.arena.node(id) {
            Node::Number(_) => self.is_negative_number(id),
            Node::Mul(c, _) => self.is_negative_number(c),
            Node::Add(..) => {
                let mut first = id;
                while let Node::Add(left, _) = self.arena.node(first) {
                    first = left;
                }
                (self.arena.split_coefficient(first).0).is_some_and(|c| self.is_negative_number(c))
            }
            _ => false,
        }
    }

    /// `u` for an expression that reads `-u`.
    fn without_minus(&mut self, id: Id) -> Option<Id> {
        self.shows_minus(id).then(|| self.opposite(id))
    }

    /// The pattern with its holes filled; `None` if one is not bound.
    pub(super) fn fill_pattern(
        &mut self,
        identity: &Identity,
        pattern: Id,
        bindings: &Bindings,
    ) -> Option<Id> {
        let rule = &identity.arena;
        Some(match rule.node(pattern) {
            Node::Symbol(s) => bindings[identity.holes.iter().position(|&h| h == s)?]?,
            Node::Number(n) => self.arena.number(rule.number_value(n).clone()),
            node => {
                let mut filled = Vec::new();
                for child in node.children() {
                    filled.push((child, self.fill_pattern(identity, child, bindings)?));
                }
                self.arena.rebuild(node, |c| {
                    filled.iter().find(|f| f.0 == c).expect("a child").1
                })
            }
        })
    }
}
