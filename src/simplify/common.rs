//! Common factors and common denominators, taken out where the result is shorter.

use smallvec::SmallVec;

use super::Simplifier;
use super::factors::{Factor, Factors};
use super::terms::{Split, Term, Terms};
use crate::expr::{Arena, Id, Node, Rational};

impl Simplifier<'_> {
    /// What all terms share, taken out: functions and sums that occur everywhere, and the common denominator. `None` if
    /// nothing is shared or the result is not shorter.
    pub(super) fn factor_if_shorter(&mut self, terms: &[Term], split: &Split) -> Option<Id> {
        if split.parts.len() < 2 {
            return None;
        }
        let common = self.common_factors(split)?;
        let inverse: Factors = (common.iter())
            .map(|f| Factor {
                base: f.base,
                exponent: self.arena.neg(f.exponent),
            })
            .collect();
        let mut numerator = Terms::new();
        for part in &split.parts {
            let mut factors: Factors = split.of(part).iter().copied().collect();
            factors.extend(inverse.iter().copied());
            let quotient = self.product(part.coefficient, factors);
            self.push_terms(quotient, Arena::ONE, &mut numerator);
        }
        let numerator = self.sum(numerator);
        let (mut coefficient, mut factors) = (Arena::ONE, common);
        self.push_factors(numerator, None, &mut coefficient, &mut factors);
        let product = self.product(coefficient, factors);
        let cost = self.cost_of_term(&Term::of(self.arena, product));
        (cost < self.cost_of_terms(terms)).then_some(product)
    }

    /// Bases that every term has with numeric exponents (the smallest is taken, 0 where the base is missing), and powers
    /// with symbolic exponents that every term shares. Plain variables alone are left where they are: x^2 + x.
    fn common_factors(&self, split: &Split) -> Option<Factors> {
        let first = split.of(&split.parts[0]);
        let others = &split.parts[1..];
        let plain = |f: &Factor| {
            let constant_or_variable = matches!(
                self.arena.node(f.base),
                Node::Symbol(_) | Node::Pi | Node::Number(_)
            );
            constant_or_variable && self.arena.as_number(f.exponent).is_some()
        };
        let shared_everywhere = |base: Id| {
            others
                .iter()
                .all(|p| split.of(p).iter().any(|f| f.base == base))
        };
        // Nearly all sums end here: no function or sum that every term has, and no denominator that meets its like.
        if !self.denominators_meet(split)
            && !first.iter().any(|f| !plain(f) && shared_everywhere(f.base))
        {
            return None;
        }
        let mut bases: SmallVec<[Id; 16]> = first.iter().map(|f| f.base).collect();
        if split.has_denominator {
            bases.extend(split.factors.iter().map(|f| f.base));
            bases.sort_unstable();
            bases.dedup();
        }
        let mut common = Factors::new();
        let mut worth_it = false;
        for base in bases {
            let Some(exponent) = self.common_exponent(split, base) else {
                continue;
            };
            let negative = self
                .arena
                .as_number(exponent)
                .is_some_and(Rational::is_negative);
            let factor = Factor { base, exponent };
            worth_it |= !plain(&factor) || negative;
            common.push(factor);
        }
        (worth_it && !common.is_empty()).then_some(common)
    }

    /// Has any factor a negative exponent whose base occurs in another term too?
    fn denominators_meet(&self, split: &Split) -> bool {
        let occurrences = |base: Id| split.factors.iter().filter(|f| f.base == base).count();
        let is_negative = |e: Id| self.arena.as_number(e).is_some_and(Rational::is_negative);
        split.has_denominator
            && (split.factors.iter()).any(|f| is_negative(f.exponent) && occurrences(f.base) > 1)
    }

    /// The exponent with which a base can be taken out of every term; `None` for 0.
    fn common_exponent(&self, split: &Split, base: Id) -> Option<Id> {
        let mut smallest: Option<Id> = None;
        let mut missing = false;
        for part in &split.parts {
            let Some(factor) = split.of(part).iter().find(|f| f.base == base) else {
                missing = true;
                continue;
            };
            let here = factor.exponent;
            smallest = Some(match smallest {
                None => here,
                Some(so_far) if so_far == here => here,
                Some(so_far) => match (self.arena.as_number(so_far), self.arena.as_number(here)) {
                    (Some(a), Some(b)) => {
                        if b < a {
                            here
                        } else {
                            so_far
                        }
                    }
                    // x^n and x^m share no power that can be named.
                    _ => return None,
                },
            });
        }
        let exponent = smallest?;
        let negative = self
            .arena
            .as_number(exponent)
            .is_some_and(Rational::is_negative);
        (!missing || negative).then_some(exponent)
    }
}
