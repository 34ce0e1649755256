//! Fractions: common polynomial factors cancelled, fractions inside a denominator cleared.

use super::Simplifier;
use super::coprime::{Glance, glance, may_share_powers};
use super::factors::{Factor, Factors};
use super::kernel::Kernels;
use super::multivariate::Polynomial;
use super::terms::{Split, Terms, terms_of};
use crate::expr::{Arena, Cleared, Id, Node, Rational};

/// Sums larger than this are not searched for common factors.
const MAX_CANCEL_SIZE: u32 = 200;

impl Simplifier<'_> {
    /// Divides sums of the numerator and of the denominator by their greatest common divisor: (x^2 - y^2)/(x - y) is x + y.
    /// True if something was divided.
    pub(super) fn cancel(&mut self, coefficient: &mut Id, factors: &mut Factors) -> bool {
        for below in 0..factors.len() {
            let Factor {
                base: b,
                exponent: n,
            } = factors[below];
            if !self.is_denominator(&factors[below]) {
                continue;
            }
            for above in 0..factors.len() {
                let Factor {
                    base: a,
                    exponent: m,
                } = factors[above];
                let is_above = matches!(self.arena.node(a), Node::Add(..))
                    && self.arena.as_integer(m).is_some_and(|m| m > 0);
                if !is_above || self.uncommon.contains(&(a, b)) {
                    continue;
                }
                let Some((a, b, common)) = self.divide_out(a, b) else {
                    self.uncommon.insert((a, b));
                    continue;
                };
                // (g*a)^m / (g*b)^n = a^m * b^-n * g^(m-n)
                let rest = self.arena.add(m, n);
                factors.remove(above.max(below));
                factors.remove(above.min(below));
                for (part, power) in [(a, m), (b, n), (common, rest)] {
                    if power != Arena::ZERO {
                        self.push_factors(part, Some(power), coefficient, factors);
                    }
                }
                return true;
            }
        }
        false
    }

    /// `a/g`, `b/g` and `g` for two sums with a common factor g that is not a number, where that is no longer than before.
    fn divide_out(&mut self, a: Id, b: Id) -> Option<(Id, Id, Id)> {
        let size = |s: &Self, id: Id| s.arena.facts(id).size;
        if size(self, a).max(size(self, b)) > MAX_CANCEL_SIZE {
            return None;
        }
        self.spend((size(self, a) + size(self, b)) as usize);
        let glance = glance(self.arena, &mut self.coprime, a, b);
        if glance == Glance::Coprime {
            return None;
        }
        let kernels = Kernels::of(self.arena, &[a, b])?;
        if glance == Glance::Powers
            && !may_share_powers(self.arena, &mut self.coprime, &kernels, a, b)
        {
            return None;
        }
        let of = |id: Id| Polynomial::of(self.arena, id, &kernels);
        let (p, q) = (of(a)?, of(b)?);
        let common = p.gcd(&q)?;
        if common.is_constant() {
            return None;
        }
        let parts = [p.divided_by(&common)?, q.divided_by(&common)?, common];
        let exprs = kernels.to_exprs(self.arena);
        let [p, q, common] = parts.map(|part| {
            let raw = part.to_expr(self.arena, &exprs);
            self.simplify_again(raw)
        });
        // (x^10 - y^10)/(x - y) stays.
        let is_shorter = size(self, p) + size(self, q) <= size(self, a) + size(self, b);
        let is_plain = kernels.len() == 1 && !kernels.are_mixed();
        (is_shorter || is_plain).then_some((p, q, common))
    }

    /// 1/(1 + x^2/a^2) is a^2/(a^2 + x^2): what the terms of a sum are divided by leaves the sum, where that makes the
    /// product shorter. True if something changed.
    pub(super) fn clear_fractions(&mut self, coefficient: &mut Id, factors: &mut Factors) -> bool {
        let has_denominator = factors.iter().any(|f| self.is_denominator(f));
        for at in 0..factors.len() {
            let Factor { base, exponent } = factors[at];
            if !matches!(self.arena.node(base), Node::Add(..)) {
                continue;
            }
            let facts = self.arena.facts(base);
            if !facts.has_denominator || facts.size > MAX_CANCEL_SIZE {
                continue;
            }
            // In the numerator it pays only where a denominator may cancel.
            match self.arena.as_integer(exponent) {
                Some(e) if e <= 0 || has_denominator => {}
                _ => continue,
            }
            let Some(Cleared { sum, denominators }) = self.cleared(base) else {
                continue;
            };
            let before = self.cost_of_factors(factors);
            let (mut new_coefficient, mut new) = (*coefficient, factors.clone());
            new.remove(at);
            self.push_factors(sum, Some(exponent), &mut new_coefficient, &mut new);
            for (base, power) in denominators {
                new.push(Factor {
                    base,
                    exponent: self.arena.mul(power, exponent),
                });
            }
            self.merge(&mut new);
            if self.cost_of_factors(&new) < before {
                (*coefficient, *factors) = (new_coefficient, new);
                return true;
            }
        }
        false
    }

    /// The sum without the denominators of its terms; `None` where there are none. The same sums come up in product after
    /// product, so answers are remembered.
    fn cleared(&mut self, sum: Id) -> Option<Cleared> {
        if let Some(known) = self.arena.cleared(sum) {
            return known.clone();
        }
        let terms = terms_of(self.arena, sum);
        let split = self.split(&terms);
        let found = split.has_denominator.then(|| {
            let common = self.common_denominator(&split);
            let mut cleared = Terms::new();
            for part in &split.parts {
                let mut product: Factors = split.of(part).iter().copied().collect();
                product.extend(common.iter().map(|f| Factor {
                    base: f.base,
                    exponent: self.arena.neg(f.exponent),
                }));
                let product = self.product(part.coefficient, product);
                self.push_terms(product, Arena::ONE, &mut cleared);
            }
            Cleared {
                sum: self.sum(cleared),
                denominators: common.iter().map(|f| (f.base, f.exponent)).collect(),
            }
        });
        self.arena.remember_cleared(sum, found.clone());
        found
    }

    /// The factors with negative exponents of all terms, each with its smallest exponent.
    fn common_denominator(&self, split: &Split) -> Factors {
        let mut common = Factors::new();
        for factor in &split.factors {
            let Some(e) = self
                .arena
                .as_number(factor.exponent)
                .filter(|e| e.is_negative())
            else {
                continue;
            };
            match common.iter_mut().find(|c| c.base == factor.base) {
                Some(c)
                    if self
                        .arena
                        .as_number(c.exponent)
                        .is_some_and(|so_far: &Rational| e < so_far) =>
                {
                    c.exponent = factor.exponent
                }
                Some(_) => {}
                None => common.push(*factor),
            }
        }
        common
    }

    fn cost_of_factors(&self, factors: &[Factor]) -> u64 {
        let cost = |f: &Factor| {
            u64::from(self.arena.facts(f.base).size) + if f.exponent == Arena::ONE { 1 } else { 2 }
        };
        factors.iter().map(cost).sum()
    }
}
