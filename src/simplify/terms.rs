//! Sums: terms (coefficient times rest), collected by rest.

use smallvec::SmallVec;

use super::factors::{Factor, Factors, each_factor_backwards};
use super::{Mode, Simplifier, order};
use crate::expr::{Arena, Id, Node, Rational};

/// Sums in sums in sums are multiplied out to this depth.
const MAX_EXPANSIONS: usize = 3;

/// `coefficient * rest` in a sum; the rest of a plain number is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub coefficient: Id,
    pub rest: Id,
}

impl Term {
    /// A simplified node as a term.
    pub fn of(arena: &Arena, id: Id) -> Term {
        let (coefficient, rest) = arena.split_coefficient(id);
        Term {
            coefficient: coefficient.unwrap_or(Arena::ONE),
            rest: rest.unwrap_or(Arena::ONE),
        }
    }
}

/// The terms of one sum; most have few.
pub type Terms = SmallVec<[Term; 8]>;

/// The factors of the terms of a sum.
#[derive(Default)]
pub struct Split {
    pub factors: SmallVec<[Factor; 16]>,
    pub parts: SmallVec<[Part; 8]>,
    /// Has any factor a negative exponent?
    pub has_denominator: bool,
}

/// One term of a [`Split`].
#[derive(Clone)]
pub struct Part {
    pub coefficient: Id,
    pub range: std::ops::Range<usize>,
    /// The functions among its factors, a bit each.
    pub functions: u128,
    /// Is a sum, or a whole power of one, among its factors?
    pub holds_sum: bool,
    /// Equal for equal factors.
    pub fingerprint: u64,
}

impl Split {
    /// The factors of a term.
    pub fn of(&self, part: &Part) -> &[Factor] {
        &self.factors[part.range.clone()]
    }
}

/// The terms of a simplified sum (or of anything else: one term), in the order of the text.
pub fn terms_of(arena: &Arena, id: Id) -> Terms {
    let backwards = terms_backwards(arena, id).map(|term| Term::of(arena, term));
    let mut terms: Terms = backwards.collect();
    terms.reverse();
    terms
}

/// The terms of a sum (or of anything else: one term), the last first.
pub fn terms_backwards(arena: &Arena, sum: Id) -> impl Iterator<Item = Id> {
    let mut left = Some(sum);
    std::iter::from_fn(move || match arena.node(left?) {
        Node::Add(others, last) => {
            left = Some(others);
            Some(last)
        }
        _ => left.take(),
    })
}

impl Simplifier<'_> {
    /// Adds `scale * id` to `terms`, for a simplified `id`.
    pub(super) fn push_terms(&mut self, id: Id, scale: Id, terms: &mut Terms) {
        let from = terms.len();
        for term in terms_backwards(self.arena, id) {
            terms.push(Term::of(self.arena, term));
        }
        self.spend(terms.len() - from);
        if scale != Arena::ONE {
            for term in &mut terms[from..] {
                term.coefficient = self.arena.mul(term.coefficient, scale);
            }
        }
    }

    /// The sum of simplified nodes.
    pub(super) fn sum_of(&mut self, parts: &[Id]) -> Id {
        let mut terms = Terms::new();
        for &part in parts {
            self.push_terms(part, Arena::ONE, &mut terms);
        }
        self.sum(terms)
    }

    /// The simplified sum of terms: collected, identities applied, and the shortest of what expanding and factoring give.
    pub(super) fn sum(&mut self, mut terms: Terms) -> Id {
        self.collect(&mut terms);
        if terms.len() > 1 {
            let mut split = self.settled_split(&mut terms);
            self.sum_rules(&mut terms, &mut split);
            if terms.len() > 1 && self.within_budget() && self.depth < super::MAX_DEPTH {
                self.depth += 1;
                // Once for the sums, and for the sums in them as long as that makes it shorter.
                for round in 0..MAX_EXPANSIONS {
                    let Some(expanded) = self.expand_if_shorter(&terms, &split) else {
                        break;
                    };
                    let is_shorter = self.cost_of_terms(&expanded) < self.cost_of_terms(&terms);
                    if round > 0 && !is_shorter && self.mode == Mode::Shortest {
                        break;
                    }
                    terms = expanded;
                    split = self.settled_split(&mut terms);
                    // Multiplied out, sin(x)^2 may stand beside cos(x)^2.
                    self.sum_rules(&mut terms, &mut split);
                }
                let factored = match self.mode {
                    Mode::Shortest => self.factor_if_shorter(&terms, &split),
                    Mode::Expand => None,
                };
                self.depth -= 1;
                if let Some(product) = factored {
                    return product;
                }
            }
        }
        match terms[..] {
            [] => Arena::ZERO,
            [mut term] => {
                // -2*f + f with a sum in f: the minus that is left has its place there.
                self.settle_sign_of(&mut term);
                self.scaled(term.coefficient, term.rest)
            }
            _ => self.build_sum(&terms),
        }
    }

    /// The factors of every term, after each minus has found its place.
    fn settled_split(&mut self, terms: &mut Terms) -> Split {
        let split = self.split(terms);
        if !self.settle_signs(terms, &split) {
            return split;
        }
        self.collect(terms);
        self.split(terms)
    }

    /// The factors of every term, side by side.
    pub(super) fn split(&mut self, terms: &[Term]) -> Split {
        let mut split = Split::default();
        let mut factors = Factors::new();
        for term in terms {
            let mut coefficient = term.coefficient;
            self.push_factors(term.rest, None, &mut coefficient, &mut factors);
            // 1/(1 - x) and 1/(x - 1) must be seen to have one denominator.
            if factors.iter().any(|f| self.is_denominator(f)) {
                self.normalize(&mut coefficient, &mut factors);
            }
            let start = split.factors.len();
            let mut part = Part {
                coefficient,
                range: start..start + factors.len(),
                functions: 0,
                holds_sum: false,
                fingerprint: 0,
            };
            for factor in &factors {
                let fingerprint = self.fingerprint_of(factor);
                part.fingerprint = part.fingerprint.wrapping_add(fingerprint);
                part.functions |= self.function_bits(factor.base);
                part.holds_sum |= self.is_expandable(factor);
                split.has_denominator |= self.is_negative_number(factor.exponent);
            }
            // Few: pushed one by one they cost less than copied together.
            for factor in factors.drain(..) {
                split.factors.push(factor);
            }
            split.parts.push(part);
        }
        self.spend(split.factors.len());
        split
    }

    /// Is the factor a sum with a negative whole exponent?
    pub(super) fn is_denominator(&self, factor: &Factor) -> bool {
        matches!(self.arena.node(factor.base), Node::Add(..))
            && self
                .arena
                .as_integer(factor.exponent)
                .is_some_and(|n| n < 0)
    }

    /// `coefficient * rest`, multiplied out where the rest is a sum.
    pub(super) fn scaled(&mut self, coefficient: Id, rest: Id) -> Id {
        match self.arena.node(rest) {
            Node::Add(..) if coefficient != Arena::ONE => self.scale_sum(rest, coefficient),
            _ => self.arena.mul(coefficient, rest),
        }
    }

    /// Adds the coefficients of equal rests and drops what cancels.
    pub(super) fn collect(&mut self, terms: &mut Terms) {
        self.spend(terms.len());
        if terms.len() > 1 {
            terms.sort_unstable_by_key(|t| t.rest);
        }
        let mut kept = 0;
        let mut at = 0;
        while at < terms.len() {
            let rest = terms[at].rest;
            let mut coefficient = terms[at].coefficient;
            at += 1;
            while at < terms.len() && terms[at].rest == rest {
                coefficient = self.arena.add(coefficient, terms[at].coefficient);
                at += 1;
            }
            if !self.arena.is_zero(coefficient) {
                terms[kept] = Term { coefficient, rest };
                kept += 1;
            }
        }
        terms.truncate(kept);
    }

    /// What the terms cost a reader: nodes of the tree that they make.
    pub(super) fn cost_of_terms(&self, terms: &[Term]) -> u64 {
        terms
            .iter()
            .map(|t| self.cost_of_term(t) + 1)
            .sum::<u64>()
            .saturating_sub(1)
    }

    pub(super) fn cost_of_term(&self, term: &Term) -> u64 {
        if term.rest == Arena::ONE {
            return 1;
        }
        let coefficient = if term.coefficient == Arena::ONE || term.coefficient == Arena::MINUS_ONE
        {
            0
        } else {
            2
        };
        u64::from(self.arena.facts(term.rest).size) + coefficient
    }

    /// The sum in textbook order; the terms are collected already.
    pub(super) fn build_sum(&mut self, terms: &[Term]) -> Id {
        let mut pairs: SmallVec<[(Id, Id); 8]> =
            terms.iter().map(|t| (t.coefficient, t.rest)).collect();
        order::arrange(self.arena, &mut pairs);
        let mut sum = Arena::ZERO;
        for (coefficient, rest) in pairs {
            let term = self.arena.mul(coefficient, rest);
            sum = self.arena.add(sum, term);
        }
        sum
    }

    /// A sum times a number, term by term.
    pub(super) fn scale_sum(&mut self, sum: Id, by: Id) -> Id {
        if by != Arena::MINUS_ONE {
            let terms = self.scaled_terms(sum, by);
            return self.build_sum(&terms);
        }
        // A sum is turned round in one product after another.
        if let Some(&known) = self.opposites.get(&sum) {
            return known;
        }
        let terms = self.scaled_terms(sum, by);
        let opposite = self.build_sum(&terms);
        self.opposites.insert(sum, opposite);
        opposite
    }

    /// As [`scale_sum`](Self::scale_sum), simplified again: with the number in its terms a common denominator may pay.
    pub(super) fn distribute(&mut self, by: Id, sum: Id) -> Id {
        if self.depth < super::MAX_DEPTH
            && !self.arena.as_number(by).is_some_and(|c| c.abs().is_one())
            && self.arena.facts(sum).has_denominator
        {
            let terms = self.scaled_terms(sum, by);
            self.depth += 1;
            let result = self.sum(terms);
            self.depth -= 1;
            return result;
        }
        self.scale_sum(sum, by)
    }

    fn scaled_terms(&mut self, sum: Id, by: Id) -> Terms {
        let mut terms = terms_of(self.arena, sum);
        for term in &mut terms {
            term.coefficient = self.arena.mul(term.coefficient, by);
            self.settle_sign_of(term);
        }
        terms
    }

    /// As [`settle_sign`](Self::settle_sign), for a term whose factors are not at hand.
    fn settle_sign_of(&mut self, term: &mut Term) {
        if self.is_negative_number(term.coefficient) && self.may_hold_sum(term.rest) {
            let (mut one, mut factors) = (Arena::ONE, Factors::new());
            self.push_factors(term.rest, None, &mut one, &mut factors);
            self.settle_sign(term, &factors);
        }
    }

    /// Could a factor of a product be a sum, or a power of one? Nearly always none is, and a glance tells.
    fn may_hold_sum(&self, product: Id) -> bool {
        let mut found = false;
        each_factor_backwards(self.arena, product, |factor| {
            found |= matches!(self.arena.node(factor.base), Node::Add(..) | Node::Mul(..));
        });
        found
    }

    /// The rational c such that `sum / c` has whole coefficients without common divisor and a positive one in front (in the
    /// order of the variables). `None` for decimals, which stay as they were written.
    pub(super) fn content(&self, sum: Id) -> Option<Rational> {
        let terms = terms_of(self.arena, sum);
        let mut content = Rational::ZERO;
        for term in &terms {
            if let Node::Number(n) = self.arena.node(term.coefficient)
                && self.arena.is_decimal(n)
            {
                return None;
            }
            content = content.gcd(self.arena.as_number(term.coefficient)?);
        }
        // The sum is arranged: what leads by the order of the variables stands first, or last where it was turned round.
        let (first, last) = (terms.first()?, terms.last()?);
        let leading = match order::compare_terms(self.arena, first.rest, last.rest) {
            std::cmp::Ordering::Greater => last,
            _ => first,
        };
        let negative = self.arena.as_number(leading.coefficient)?.is_negative();
        Some(if negative { -&content } else { content })
    }
}
