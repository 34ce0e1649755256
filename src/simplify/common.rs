//! Common factors and common denominators, taken out where the result is shorter.

use smallvec::SmallVec;

use super::Simplifier;
use super::factors::{Factor, Factors, factors_of};
use super::terms::{Part, Split, Term, Terms, terms_of};
use crate::expr::{Arena, Id, Node};

impl Simplifier<'_> {
    /// What all terms share, taken out: functions and sums that occur everywhere, and the common denominator. `None` if
    /// nothing is shared or the result is not shorter.
    pub(super) fn factor_if_shorter(&mut self, terms: &[Term], split: &Split) -> Option<Id> {
        if split.parts.len() < 2 {
            return None;
        }
        let opened;
        let (split, common) = match self.common_factors(split) {
            Some(common) => (split, common),
            None => {
                opened = self.with_open_denominators(split)?;
                (&opened, self.common_factors(&opened)?)
            }
        };
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

    /// With variables taken out of the sums in denominators: `1/(x*y + y^2)` and `1/(y*(x + y)^2)` are to meet. `None` if
    /// there are none.
    fn with_open_denominators(&mut self, split: &Split) -> Option<Split> {
        let is_open =
            |f: &Factor| self.is_denominator(f) && self.arena.facts(f.base).may_share_something();
        let is_below = |f: &Factor| self.is_negative_number(f.exponent);
        let fractions = (split.parts.iter()).filter(|part| split.of(part).iter().any(is_below));
        if !split.has_denominator || !split.factors.iter().any(is_open) || fractions.count() < 2 {
            return None;
        }
        let mut opened = Split {
            has_denominator: true,
            ..Split::default()
        };
        let mut found = false;
        for part in &split.parts {
            let start = opened.factors.len();
            let (mut coefficient, mut factors) = (part.coefficient, Factors::new());
            for &factor in split.of(part) {
                match self.is_denominator(&factor) {
                    true => found |= self.push_opened(factor, &mut coefficient, &mut factors),
                    false => factors.push(factor),
                }
            }
            self.merge(&mut factors);
            opened.factors.extend(factors);
            opened.parts.push(Part {
                coefficient,
                range: start..opened.factors.len(),
                ..part.clone()
            });
        }
        found.then_some(opened)
    }

    /// Splits `(y*s)^n` into `y^n` and `s^n` for each variable y that all terms of a sum share. True if there was one.
    fn push_opened(
        &mut self,
        Factor { base, exponent }: Factor,
        coefficient: &mut Id,
        factors: &mut Factors,
    ) -> bool {
        let mut sum = base;
        let first = factors_of(self.arena, terms_of(self.arena, base)[0].rest);
        for variable in first.iter().map(|f| f.base) {
            if matches!(self.arena.node(variable), Node::Symbol(_))
                && let Some(power) = self.shared_exponent(sum, variable, false)
            {
                sum = self.divided(sum, variable, &power);
                let power = self.arena.number(power);
                factors.push(Factor {
                    base: variable,
                    exponent: self.arena.mul(power, exponent),
                });
            }
        }
        self.push_factors(sum, Some(exponent), coefficient, factors);
        sum != base
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
            let negative = self.is_negative_number(exponent);
            let factor = Factor { base, exponent };
            worth_it |= !plain(&factor) || negative;
            common.push(factor);
        }
        (worth_it && !common.is_empty()).then_some(common)
    }

    /// Has any factor a negative exponent whose base occurs in another term too?
    fn denominators_meet(&self, split: &Split) -> bool {
        let occurrences = |base: Id| split.factors.iter().filter(|f| f.base == base).count();
        split.has_denominator
            && (split.factors.iter())
                .any(|f| self.is_negative_number(f.exponent) && occurrences(f.base) > 1)
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
        let negative = self.is_negative_number(exponent);
        (!missing || negative).then_some(exponent)
    }
}
