//! Where a minus stands: `-1/(x - 1)` is `1/(1 - x)`. One form of the two is chosen, whatever was written.

use super::factors::Factor;
use super::terms::{Split, Term, Terms};
use super::{MAX_DEPTH, Simplifier, order};
use crate::expr::{Arena, Id, Node, Rational};

impl Simplifier<'_> {
    /// A minus before a product goes into a sum that then begins with a plus: the first of the numerator, else of the
    /// denominator. The factors are in order, and their sums are normal: what leads them has a plus.
    pub(super) fn absorb_sign(&mut self, coefficient: &mut Id, factors: &mut [Factor]) {
        if !self.is_negative_number(*coefficient) {
            return;
        }
        let takes_it = |s: &Self, f: &Factor, above: bool| {
            let odd = s.arena.as_integer(f.exponent).is_some_and(|n| n % 2 != 0);
            odd && s.is_negative_number(f.exponent) != above && s.ends_with_minus(f.base)
        };
        let found = (factors.iter().position(|f| takes_it(self, f, true)))
            .or_else(|| factors.iter().position(|f| takes_it(self, f, false)));
        if let Some(at) = found {
            let sum = factors[at].base;
            factors[at].base = self.scale_sum(sum, Arena::MINUS_ONE);
            if self.arena.facts(sum).is_primitive {
                self.arena
                    .remember_content(factors[at].base, Arena::MINUS_ONE, sum);
            }
            *coefficient = self.arena.neg(*coefficient);
        }
    }

    /// Gives the minus of each term its place, for terms that were collected since. True if a term changed.
    pub(super) fn settle_signs(&mut self, terms: &mut Terms, split: &Split) -> bool {
        let mut changed = false;
        for (term, part) in terms.iter_mut().zip(&split.parts) {
            changed |= self.settle_sign(term, split.of(part));
        }
        changed
    }

    /// As a product of its own would have it: `-y/(x - 1)` is `y/(1 - x)`. `factors` are those of the term's rest. True if
    /// the term changed.
    pub(super) fn settle_sign(&mut self, term: &mut Term, factors: &[Factor]) -> bool {
        let unsettled = |f: &Factor| {
            matches!(self.arena.node(f.base), Node::Add(..))
                && (self.arena.as_integer(f.exponent)).is_some_and(|n| n % 2 != 0)
                && (self.ends_with_minus(f.base) || !self.arena.facts(f.base).is_primitive)
        };
        if !self.is_negative_number(term.coefficient)
            || self.depth >= MAX_DEPTH
            || !factors.iter().any(unsettled)
        {
            return false;
        }
        self.depth += 1;
        let product = self.product_of(&[term.coefficient, term.rest]);
        self.depth -= 1;
        let settled = Term::of(self.arena, product);
        if matches!(self.arena.node(settled.rest), Node::Add(..)) || *term == settled {
            return false;
        }
        *term = settled;
        true
    }

    pub(super) fn is_negative_number(&self, id: Id) -> bool {
        self.arena.as_number(id).is_some_and(Rational::is_negative)
    }

    /// Is it a sum whose last term, in the order of a text, has a minus?
    fn ends_with_minus(&self, sum: Id) -> bool {
        let Node::Add(_, last) = self.arena.node(sum) else {
            return false;
        };
        let mut first = sum;
        while let Node::Add(left, _) = self.arena.node(first) {
            first = left;
        }
        // Arranged, the sum stands in order or, where that saves a minus in front, turned round.
        let split = |id| {
            let (coefficient, rest) = self.arena.split_coefficient(id);
            (coefficient, rest.unwrap_or(Arena::ONE))
        };
        let (first, last) = (split(first), split(last));
        let coefficient = match order::compare_terms(self.arena, first.1, last.1) {
            std::cmp::Ordering::Greater => first.0,
            _ => last.0,
        };
        coefficient.is_some_and(|c| self.is_negative_number(c))
    }
}
