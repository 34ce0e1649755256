//! Multiplying out, and writing over a common denominator, where the result is shorter.

use super::Simplifier;
use super::factors::Factor;
use super::terms::{Term, terms_of};
use crate::expr::{Arena, Id, Node, Rational};

/// Products that would have more terms than this are not multiplied out.
const MAX_EXPANDED_TERMS: usize = 4096;

impl Simplifier<'_> {
    /// The terms with every product of sums multiplied out and collected, if that is not longer than before.
    pub(super) fn expand_if_shorter(&mut self, terms: &[Term]) -> Option<Vec<Term>> {
        if !terms.iter().any(|t| self.holds_sum(t.rest)) {
            return None;
        }
        let mut split = Vec::with_capacity(terms.len());
        let mut total = 0usize;
        for term in terms {
            let (mut coefficient, mut factors) = (Arena::ONE, Vec::new());
            self.push_factors(term.rest, None, &mut coefficient, &mut factors);
            let coefficient = self.arena.mul(coefficient, term.coefficient);
            let (sums, plain): (Vec<Factor>, Vec<Factor>) =
                factors.into_iter().partition(|f| self.is_expandable(f));
            let mut count = 1usize;
            for sum in &sums {
                let length = terms_of(self.arena, sum.base).len();
                let n = self.arena.as_integer(sum.exponent).unwrap_or(1) as u32;
                count = count.saturating_mul(length.saturating_pow(n));
            }
            total = total.saturating_add(count);
            split.push((coefficient, plain, sums));
        }
        if total > MAX_EXPANDED_TERMS || total > self.budget_left() {
            return None;
        }
        let mut result = Vec::with_capacity(total);
        for (coefficient, plain, sums) in split {
            let rest = self.product(coefficient, plain);
            let mut expanded = Vec::new();
            self.push_terms(rest, Arena::ONE, &mut expanded);
            for sum in sums {
                let inner = terms_of(self.arena, sum.base);
                for _ in 0..self.arena.as_integer(sum.exponent).unwrap_or(1) {
                    expanded = self.multiply_terms(&expanded, &inner);
                }
            }
            result.extend(expanded);
        }
        self.collect(&mut result);
        self.sum_rules(&mut result);
        (self.cost_of_terms(&result) <= self.cost_of_terms(terms)).then_some(result)
    }

    fn multiply_terms(&mut self, left: &[Term], right: &[Term]) -> Vec<Term> {
        let mut result = Vec::with_capacity(left.len() * right.len());
        for a in left {
            for b in right {
                let coefficient = self.arena.mul(a.coefficient, b.coefficient);
                let product = self.product_of(&[a.rest, b.rest]);
                self.push_terms(product, coefficient, &mut result);
            }
        }
        self.collect(&mut result);
        result
    }

    fn is_expandable(&self, factor: &Factor) -> bool {
        matches!(self.arena.node(factor.base), Node::Add(..))
            && self
                .arena
                .as_integer(factor.exponent)
                .is_some_and(|n| (1..=16).contains(&n))
    }

    /// Is a sum, or a whole power of one, among the factors?
    fn holds_sum(&self, rest: Id) -> bool {
        let mut next = Some(rest);
        while let Some(id) = next {
            let last = match self.arena.node(id) {
                Node::Mul(left, last) => {
                    next = Some(left);
                    last
                }
                _ => {
                    next = None;
                    id
                }
            };
            let base = match self.arena.node(last) {
                Node::Pow(base, e) if self.arena.as_integer(e).is_some_and(|n| n > 0) => base,
                _ => last,
            };
            if matches!(self.arena.node(base), Node::Add(..)) {
                return true;
            }
        }
        false
    }

    /// What all terms share, taken out: functions and sums that occur everywhere, and the common denominator. `None` if
    /// nothing is shared or the result is not shorter.
    pub(super) fn factor_if_shorter(&mut self, terms: &[Term]) -> Option<Id> {
        let common = self.common_factors(terms)?;
        let inverse: Vec<Factor> = (common.iter())
            .map(|f| Factor {
                base: f.base,
                exponent: self.arena.neg(f.exponent),
            })
            .collect();
        let mut numerator = Vec::with_capacity(terms.len());
        for term in terms {
            let (mut coefficient, mut factors) = (term.coefficient, Vec::new());
            self.push_factors(term.rest, None, &mut coefficient, &mut factors);
            factors.extend(&inverse);
            let quotient = self.product(coefficient, factors);
            self.push_terms(quotient, Arena::ONE, &mut numerator);
        }
        let numerator = self.sum(numerator);
        let (mut coefficient, mut factors) = (Arena::ONE, common);
        self.push_factors(numerator, None, &mut coefficient, &mut factors);
        let product = self.product(coefficient, factors);
        let size = u64::from(self.arena.facts(product).size);
        (size < self.cost_of_terms(terms)).then_some(product)
    }

    /// Bases that every term has with numeric exponents (the smallest is taken, 0 where the base is missing), and powers
    /// with symbolic exponents that every term shares. Plain variables alone are left where they are: x^2 + x.
    fn common_factors(&mut self, terms: &[Term]) -> Option<Vec<Factor>> {
        let mut common: Vec<(Id, Id, Rational)> = Vec::new();
        let mut worth_it = false;
        for (at, term) in terms.iter().enumerate() {
            let (mut coefficient, mut factors) = (Arena::ONE, Vec::new());
            self.push_factors(term.rest, None, &mut coefficient, &mut factors);
            self.spend(factors.len());
            if at == 0 {
                common = (factors.iter())
                    .map(|f| {
                        (
                            f.base,
                            f.exponent,
                            self.arena
                                .as_number(f.exponent)
                                .cloned()
                                .unwrap_or(Rational::ZERO),
                        )
                    })
                    .collect();
                continue;
            }
            common.retain_mut(|(base, exponent, smallest)| {
                let here = factors.iter().find(|f| f.base == *base).map(|f| f.exponent);
                match (self.arena.as_number(*exponent).is_some(), here) {
                    (false, here) => here == Some(*exponent),
                    (true, None) => {
                        if !smallest.is_negative() {
                            return false;
                        }
                        true
                    }
                    (true, Some(e)) => match self.arena.as_number(e) {
                        Some(e) => {
                            if e < smallest {
                                *smallest = e.clone();
                            }
                            true
                        }
                        None => false,
                    },
                }
            });
            // A denominator that the terms before did not have.
            for f in &factors {
                if let Some(e) = self.arena.as_number(f.exponent)
                    && e.is_negative()
                    && !common.iter().any(|c| c.0 == f.base)
                {
                    common.push((f.base, f.exponent, e.clone()));
                }
            }
            if common.is_empty() {
                return None;
            }
        }
        let mut result = Vec::new();
        for (base, exponent, smallest) in common {
            let numeric = self.arena.as_number(exponent).is_some();
            if numeric && smallest.is_zero() {
                continue;
            }
            let plain = matches!(
                self.arena.node(base),
                Node::Symbol(_) | Node::Pi | Node::Number(_)
            );
            worth_it |= !plain || smallest.is_negative() || !numeric;
            let exponent = if numeric {
                self.arena.number(smallest)
            } else {
                exponent
            };
            result.push(Factor { base, exponent });
        }
        (worth_it && !result.is_empty()).then_some(result)
    }
}
