//! Careful quotients by sums of exponentials, such as derivatives of `log(exp(a) + exp(b))` bring them.
//!
//! A sweep spreads a quotient over several products: `1/sum` is made first and multiplied by `exp(a)` much later. So a
//! value that is divided by such a sum is kept in mind, and when a factor arrives that is one of the exponentials (or a
//! combination of them), both together become the share of that exponential in the sum, which is between 0 and 1.

use smallvec::SmallVec;

use super::Op;
use super::draft::{Draft, Value};
use crate::expr::Function;

/// A value that is `above` divided by each of `below`: sums of exponentials, and sigmoids.
#[derive(Clone)]
pub(super) struct Quotient {
    above: Value,
    below: Below,
}

type Below = SmallVec<[Value; 2]>;

/// More divisors than this are not kept in mind.
const MOST_BELOW: usize = 4;

impl Draft {
    pub(super) fn careful_product(&mut self, a: Value, b: Value) -> Option<Value> {
        let quotients = &self.forms.as_ref()?.quotients;
        if quotients.is_empty() {
            return None;
        }
        let parts = |value| match quotients.get(&value) {
            Some(q) => (q.above, q.below.clone()),
            None => (value, Below::new()),
        };
        let ((above_a, mut below), (above_b, below_b)) = (parts(a), parts(b));
        below.extend(below_b);
        if below.is_empty() || below.len() > MOST_BELOW {
            return None;
        }
        let above = self.plain_mul(above_a, above_b);
        Some(match self.settle(above, &below) {
            Some(settled) => settled,
            None => {
                let plain = self.plain_mul(a, b);
                self.remember(plain, above, below)
            }
        })
    }

    pub(super) fn careful_quotient(&mut self, a: Value, b: Value) -> Option<Value> {
        self.forms.as_ref()?;
        let (mut below, mut others) = (Below::new(), None);
        for factor in self.factors(b) {
            if self.is_tracked(factor) {
                below.push(factor);
            } else {
                others = Some(match others {
                    Some(others) => self.plain_mul(others, factor),
                    None => factor,
                });
            }
        }
        if below.is_empty() {
            return None;
        }
        let mut above = a;
        if let Some(q) = self.forms.as_ref()?.quotients.get(&a) {
            above = q.above;
            below.extend(q.below.iter().copied());
        }
        if below.len() > MOST_BELOW {
            return None;
        }
        if let Some(others) = others {
            above = self.plain_div(above, others);
        }
        Some(match self.settle(above, &below) {
            Some(settled) => settled,
            None => {
                let plain = self.plain_div(a, b);
                self.remember(plain, above, below)
            }
        })
    }

    /// Is it something that a later factor may be set against?
    fn is_tracked(&mut self, divisor: Value) -> bool {
        self.argument(Function::Sigmoid, divisor).is_some() || self.sum(divisor).is_some()
    }

    fn remember(&mut self, value: Value, above: Value, below: Below) -> Value {
        if let Some(forms) = &mut self.forms {
            forms.quotients.insert(value, Quotient { above, below });
        }
        value
    }

    /// The quotient with factors set against divisors; `None` if the plain form is as good.
    fn settle(&mut self, above: Value, below: &[Value]) -> Option<Value> {
        let (mut negative, mut bare) = (false, above);
        while let Some([inner, ..]) = self.made_by(Op::Neg, bare) {
            (negative, bare) = (!negative, inner);
        }
        let mut factors = self.factors(bare);
        let (mut left, mut found) = (Below::new(), false);
        for &divisor in below {
            let pair =
                (0..factors.len()).find_map(|at| Some((at, self.fraction(factors[at], divisor)?)));
            match pair {
                Some((at, share)) => {
                    factors[at] = share;
                    found = true;
                }
                None => left.push(divisor),
            }
        }
        let is_logistic = |draft: &mut Draft, divisor| match draft.sum(divisor) {
            Some(place) => draft.sum_at(place).logistic(),
            None => None,
        };
        if !found
            && !left
                .iter()
                .any(|&divisor| is_logistic(self, divisor).is_some())
        {
            return None;
        }
        let mut product = factors[0];
        for &factor in &factors[1..] {
            product = self.plain_mul(product, factor);
        }
        if negative {
            product = self.neg(product);
        }
        let mut value = product;
        for &divisor in &left {
            value = match is_logistic(self, divisor) {
                Some(u) => {
                    let minus = self.neg(u);
                    let share = self.call(Function::Sigmoid, minus);
                    self.plain_mul(value, share)
                }
                None => self.plain_div(value, divisor),
            };
        }
        match left.is_empty() {
            true => Some(value),
            false => Some(self.remember(value, product, left)),
        }
    }

    /// `factor/divisor`, if that has a careful form.
    fn fraction(&mut self, factor: Value, divisor: Value) -> Option<Value> {
        if factor == divisor {
            return Some(self.constant(1.0));
        }
        let place = self.sum(divisor)?;
        if let Some(u) = self.sum_at(place).logistic()
            && self.argument(Function::Expm1, factor) == Some(u)
        {
            let half = self.constant(0.5);
            let half = self.plain_mul(half, u);
            return Some(self.call(Function::Tanh, half));
        }
        let parts = self.parts(factor, place)?;
        let apart = parts.len() == 1 || self.sum_at(place).logistic().is_some();
        let mut sum = None;
        for (rest, exponent, negative) in parts {
            let e = match apart {
                true => self.share(place, exponent),
                false => self.scaled_exp(place, exponent),
            };
            let term = rest.map_or(e, |rest| self.plain_mul(rest, e));
            sum = Some(match (sum, negative) {
                (None, false) => term,
                (None, true) => self.neg(term),
                (Some(sum), false) => self.compute(Op::Add, &[sum, term]),
                (Some(sum), true) => self.compute(Op::Sub, &[sum, term]),
            });
        }
        let sum = sum?;
        Some(match apart {
            true => sum,
            false => {
                let total = self.shifted(place).total;
                self.compute(Op::Div, &[sum, total])
            }
        })
    }

    /// The terms `rest*exp(u)` of a combination of the same exponentials as in the sum at `place`: rest, u, and whether
    /// the term is subtracted. With other exponentials, `exp(u - m)` could overflow where nothing did before.
    #[allow(clippy::type_complexity)]
    fn parts(
        &mut self,
        combination: Value,
        place: usize,
    ) -> Option<SmallVec<[(Option<Value>, Option<Value>, bool); 2]>> {
        let mut parts = SmallVec::new();
        let mut any = false;
        for (term, negative) in self.terms(combination, usize::MAX)? {
            let (mut rest, mut exponent) = (None, None);
            for factor in self.factors(term) {
                match self.argument(Function::Exp, factor) {
                    Some(u) if exponent.is_none() => exponent = Some(u),
                    _ => {
                        rest = Some(match rest {
                            Some(rest) => self.plain_mul(rest, factor),
                            None => factor,
                        });
                    }
                }
            }
            if !self.sum_at(place).has_exponent(exponent) {
                return None;
            }
            any |= exponent.is_some();
            parts.push((rest, exponent, negative));
        }
        any.then_some(parts)
    }
}
