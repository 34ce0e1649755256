//! Fractions whose terms share a factor: (x^2 + x)/x is x + 1, x/(x - x^2) is 1/(1 - x).

use smallvec::SmallVec;

use super::Simplifier;
use super::factors::{Factor, Factors, factors_of};
use super::terms::{Terms, terms_of};
use crate::expr::{Arena, Id, Node, Rational};

impl Simplifier<'_> {
    /// Takes a factor that stands on the other side of the fraction line out of every term of a sum, as
    /// `(b^t*s)^m = b^(t*m) * s^m` for whole m. True if something was cancelled.
    pub(super) fn cancel_shared(&mut self, coefficient: &mut Id, factors: &mut Factors) -> bool {
        for at in 0..factors.len() {
            let Factor {
                base: sum,
                exponent,
            } = factors[at];
            let Some(power) = self.arena.as_integer(exponent) else {
                continue;
            };
            if power == 0 || !matches!(self.arena.node(sum), Node::Add(..)) {
                continue;
            }
            for other in 0..factors.len() {
                let Some(taken) = self.taken_out(sum, power, factors[other]) else {
                    continue;
                };
                let Factor {
                    base,
                    exponent: before,
                } = factors[other];
                let quotient = self.divided(sum, base, &taken);
                let moved = self.arena.number(taken);
                let moved = self.arena.mul(moved, exponent);
                let after = self.arena.add(before, moved);
                factors[other].exponent = after;
                factors.remove(at);
                factors.retain(|f| f.exponent != Arena::ZERO);
                self.push_factors(quotient, Some(exponent), coefficient, factors);
                return true;
            }
        }
        false
    }

    /// The power of the factor's base that every term of the sum has and the factor cancels; `None` for none.
    fn taken_out(&self, sum: Id, power: i64, factor: Factor) -> Option<Rational> {
        let there = self.arena.as_number(factor.exponent)?;
        if factor.base == sum {
            return None;
        }
        // What cancels in the sum has the sign of -there/power.
        let negative = there.is_negative() == (power < 0);
        let shared = self.shared_exponent(sum, factor.base, negative)?;
        let sides = Rational::from(power.checked_abs()?);
        let room = there.abs().checked_mul(&sides.recip()?)?;
        let taken = match shared.is_integer() && there.is_integer() {
            _ if shared.abs() <= room => shared,
            // x/(x^3 + x^2) is 1/(x^2 + x), and (x^2 + x)^2/x is x*(x + 1)^2.
            true if sides.is_one() && !negative => room,
            true => shared,
            false => return None,
        };
        Some(taken)
    }

    /// The power of the base that all terms of the sum have in common, of the sign asked for.
    fn shared_exponent(&self, mut sum: Id, base: Id, negative: bool) -> Option<Rational> {
        let mut shared: Option<&Rational> = None;
        loop {
            let (next, term) = match self.arena.node(sum) {
                Node::Add(left, last) => (Some(left), last),
                _ => (None, sum),
            };
            let (_, rest) = self.arena.split_coefficient(term);
            let here = (self.exponent_in(rest?, base)).filter(|e| e.is_negative() == negative)?;
            if shared.is_none_or(|so_far| here.abs() < so_far.abs()) {
                shared = Some(here);
            }
            match next {
                Some(left) => sum = left,
                None => return shared.cloned(),
            }
        }
    }

    /// The exponent of a base in a product, where it is a number: nearly always the base is not there at all.
    fn exponent_in(&self, mut product: Id, base: Id) -> Option<&Rational> {
        loop {
            let (next, last) = match self.arena.node(product) {
                Node::Mul(left, last) => (Some(left), last),
                _ => (None, product),
            };
            match self.arena.node(last) {
                Node::Pow(b, exponent) if b == base => return self.arena.as_number(exponent),
                Node::Pow(..) | Node::Number(_) => {}
                _ if last == base => return self.arena.as_number(Arena::ONE),
                _ => {}
            }
            product = next?;
        }
    }

    /// The sum with every term divided by `base^power`.
    fn divided(&mut self, sum: Id, base: Id, power: &Rational) -> Id {
        let inverse = Factor {
            base,
            exponent: self.arena.number(-power),
        };
        let mut quotient = Terms::new();
        let parts: SmallVec<[(Id, Factors); 8]> = (terms_of(self.arena, sum).iter())
            .map(|t| (t.coefficient, factors_of(self.arena, t.rest)))
            .collect();
        for (coefficient, mut factors) in parts {
            factors.push(inverse);
            let term = self.product(coefficient, factors);
            self.push_terms(term, Arena::ONE, &mut quotient);
        }
        self.sum(quotient)
    }
}
