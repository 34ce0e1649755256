//! Careful quotients by sums of exponentials, such as derivatives of `log(exp(a) + exp(b))` bring them.
//!
//! A sweep spreads a quotient over several products: `1/sum` is made first and multiplied by `exp(a)` much later. So a
//! value that is divided by such a sum is kept in mind, and when a factor arrives that is one of the exponentials (or a
//! combination of them), both together become the share of that exponential in the sum, which is between 0 and 1.

use smallvec::SmallVec;

use super::Op;
use super::careful::Forms;
use super::draft::{Draft, Step, Value};
use crate::expr::Function;

/// A value that is `above` divided by each of `below`: exponentials, sums of them, sigmoids and shares.
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

    /// Is it something that a later factor may be set against, and that can be 0 or infinite on the way?
    fn is_tracked(&mut self, divisor: Value) -> bool {
        let is_share = |forms: &Forms| forms.shares.contains_key(&divisor);
        self.argument(Function::Sigmoid, divisor).is_some()
            || self.argument(Function::Exp, divisor).is_some()
            || self.forms.as_ref().is_some_and(is_share)
            || self.sum(divisor).is_some()
    }

    /// Keeps in mind that a sum or difference of two quotients is a quotient by the divisors of both, if those of one are
    /// among those of the other.
    pub(super) fn remember_sum(&mut self, value: Value, op: Op, a: Value, b: Value) {
        let Some(forms) = &self.forms else { return };
        let quotients = &forms.quotients;
        let (Some(p), Some(q)) = (quotients.get(&a), quotients.get(&b)) else {
            return;
        };
        let (mut p, mut q) = (p.clone(), q.clone());
        let (few, many) = match p.below.len() < q.below.len() {
            true => (&mut p, &q),
            false => (&mut q, &p),
        };
        let mut missing = many.below.clone();
        for divisor in &few.below {
            match missing.iter().position(|other| other == divisor) {
                Some(at) => missing.remove(at),
                None => return,
            };
        }
        let below = many.below.clone();
        for divisor in missing {
            few.above = self.plain_mul(few.above, divisor);
        }
        let above = self.compute(op, &[p.above, q.above]);
        self.remember(value, above, below);
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
        self.split_exponentials(&mut factors, below);
        let mut left = Below::from_slice(below);
        // A pair may bring a factor that goes with another divisor: from the start again, at most once a divisor.
        while let Some((at, divisor, quotient)) = self.pair(&factors, &left) {
            factors[at] = quotient;
            left.remove(divisor);
        }
        let is_logistic = |draft: &mut Draft, divisor| match draft.sum(divisor) {
            Some(place) => draft.sum_at(place).logistic(),
            None => None,
        };
        if left.len() == below.len()
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

    /// A factor and a divisor that have a careful quotient, by their places, and the quotient.
    fn pair(&mut self, factors: &[Value], below: &[Value]) -> Option<(usize, usize, Value)> {
        for (place, &divisor) in below.iter().enumerate() {
            for (at, &factor) in factors.iter().enumerate() {
                if let Some(quotient) = self.fraction(factor, divisor) {
                    return Some((at, place, quotient));
                }
            }
        }
        None
    }

    /// Takes `exp(u + v)` and `exp(2*u)` apart where the divisors have exponentials of u and v.
    fn split_exponentials(&mut self, factors: &mut SmallVec<[Value; 8]>, below: &[Value]) {
        for at in 0..factors.len() {
            let Some(w) = self.argument(Function::Exp, factors[at]) else {
                continue;
            };
            let [u, v] = match self.step(w) {
                Step::Compute(Op::Add, [u, v, _]) => [u, v],
                Step::Compute(Op::Mul, [k, u, _]) if self.constant_of(k) == Some(2.0) => [u, u],
                Step::Compute(Op::Mul, [u, k, _]) if self.constant_of(k) == Some(2.0) => [u, u],
                _ => continue,
            };
            let has = |draft: &mut Draft, divisor, exponent| match draft.sum(divisor) {
                Some(place) => draft.sum_at(place).has_exponent(Some(exponent)),
                None => false,
            };
            if (below.iter()).any(|&s| has(self, s, u) && has(self, s, v) && !has(self, s, w)) {
                factors[at] = self.compute(Op::Call(Function::Exp), &[u]);
                let second = self.compute(Op::Call(Function::Exp), &[v]);
                factors.push(second);
            }
        }
    }

    /// `factor/divisor` where every term of the factor has the divisor as a factor itself.
    fn cancelled(&mut self, factor: Value, divisor: Value) -> Option<Value> {
        let mut sum = None;
        for (term, negative) in self.terms(factor, 16)? {
            let mut factors = self.factors(term);
            let at = factors.iter().position(|&f| f == divisor)?;
            factors.remove(at);
            let one = self.constant(1.0);
            let rest = (factors.into_iter()).fold(one, |rest, f| self.plain_mul(rest, f));
            sum = Some(self.accumulate(sum, rest, negative));
        }
        sum
    }

    fn accumulate(&mut self, sum: Option<Value>, term: Value, negative: bool) -> Value {
        match (sum, negative) {
            (None, false) => term,
            (None, true) => self.neg(term),
            (Some(sum), false) => self.add(sum, term),
            (Some(sum), true) => self.sub(sum, term),
        }
    }

    /// `factor/divisor`, if that has a careful form.
    fn fraction(&mut self, factor: Value, divisor: Value) -> Option<Value> {
        if factor == divisor {
            return Some(self.constant(1.0));
        }
        let Some(place) = self.sum(divisor) else {
            return self.cancelled(factor, divisor);
        };
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
            sum = Some(self.accumulate(sum, term, negative));
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
