//! Fractions whose terms share a factor: (x^2 + x)/x is x + 1, x/(x - x^2) is 1/(1 - x).

use smallvec::SmallVec;

use super::Simplifier;
use super::factors::{Factor, Factors, factors_of};
use super::terms::{Terms, terms_backwards, terms_of};
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
        if !(self.arena.facts(sum)).may_share(&self.arena.facts(factor.base)) || factor.base == sum
        {
            return None;
        }
        let there = self.arena.as_number(factor.exponent)?;
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
    pub(super) fn shared_exponent(&self, sum: Id, base: Id, negative: bool) -> Option<Rational> {
        let mut shared: Option<&Rational> = None;
        for term in terms_backwards(self.arena, sum) {
            let (_, rest) = self.arena.split_coefficient(term);
            let here = (self.exponent_in(rest?, base)).filter(|e| e.is_negative() == negative)?;
            if shared.is_none_or(|so_far| here.abs() < so_far.abs()) {
                shared = Some(here);
            }
        }
        shared.cloned()
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
    pub(super) fn divided(&mut self, sum: Id, base: Id, power: &Rational) -> Id {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::walk::Order;
    use crate::simplify::{Mode, STEP_BUDGET};
    use crate::syntax::parse_into;

    const SUMS: [&str; 8] = [
        "x^2 + x*y + 3*x",
        "x*sin(y) - 2*sin(y)/x + sin(y)^2*(x + 1)",
        "(x + 1)*y + (x + 1)^2",
        "a*exp(x)/b - exp(x)^2 + exp(x)*b^(-1/2)",
        "pi*x - pi^2 + i*pi",
        "min(x, y)*z + min(x, y)/z + if(x < y, 1, x)*min(x, y)",
        "x^y*z + x^y + 2^x*x^y",
        "a*b*c*d/(a + b) + b*c*d*f/(a + b)^2 - 3*d*c*b/(a + b)",
    ];

    /// What is told of a node when it is made agrees with what a look at all its terms finds.
    #[test]
    fn a_base_that_all_terms_share_has_its_bit() {
        let mut shared = 0;
        for text in SUMS {
            let mut arena = Arena::new();
            let root = parse_into(&mut arena, text).unwrap();
            let ids = Order::of(&arena, &[root]).ids;
            let simplifier = Simplifier::new(&mut arena, Mode::Shortest, STEP_BUDGET);
            let arena = &simplifier.arena;
            for (&sum, &base) in ids.iter().flat_map(|sum| ids.iter().map(move |b| (sum, b))) {
                if arena.as_number(base).is_some() {
                    continue;
                }
                let found = [true, false].map(|sign| simplifier.shared_exponent(sum, base, sign));
                if found.iter().any(Option::is_some) {
                    shared += usize::from(sum == root);
                    let bit = arena.facts(sum).may_share(&arena.facts(base));
                    assert!(bit, "{text}: node {} in {}", base.index(), sum.index());
                }
            }
            for id in ids {
                let negative = |f: &Factor| simplifier.is_negative_number(f.exponent);
                let expected = (terms_of(arena, id).iter())
                    .any(|t| factors_of(arena, t.rest).iter().any(negative));
                let is_exponential =
                    matches!(arena.node(id), Node::Call(crate::expr::Function::Exp, _));
                assert!(
                    is_exponential || expected == arena.facts(id).has_denominator,
                    "{text}"
                );
            }
        }
        assert!(shared >= 7, "{shared}");
    }

    #[test]
    fn what_was_cleared_is_forgotten_with_the_rest() {
        let mut arena = Arena::new();
        let root = parse_into(&mut arena, "1/(1 + x/y)").unwrap();
        let sum = parse_into(&mut arena, "x/y + 1").unwrap();
        crate::simplify::simplify(&mut arena, root);
        let cleared = arena.cleared(sum).cloned().flatten().expect("it has one");
        assert_eq!(cleared.sum, parse_into(&mut arena, "x + y").unwrap());
        let x = arena.symbol("x");
        arena.assume(x, crate::expr::Assumption::Positive);
        assert!(arena.cleared(sum).is_none());
    }
}
