//! Careful forms: equal on the real line, and right where the plain form overflows, cancels or is 0/0.
//!
//! | plain | careful | the plain form at |
//! | --- | --- | --- |
//! | `exp(u) - 1` | `expm1(u)` | u = 1e-17: 0 |
//! | `log(1 + u)` | `log1p(u)` | u = 1e-17: 0 |
//! | `log(1 + exp(u))` | `softplus(u)` | u = 800: inf |
//! | `1/(1 + exp(-u))`, `exp(u)/(1 + exp(u))` | `sigmoid(u)` | u = 800: NaN (the second) |
//! | `1 - sigmoid(u)` | `sigmoid(-u)` | u = 40: 0 |
//! | `log(sigmoid(u))` | `-softplus(-u)` | u = -800: -inf |
//! | `log(exp(u)*v)` | `u + log(v)` | u = -800: -inf |
//! | `log(exp(a) + exp(b) + ...)` | `m + log(exp(a - m) + ...)`, m the largest | a = 800: inf; a = b = -800: -inf |
//! | `exp(a)/(exp(a) + exp(b) + ...)` | `exp(a - m)/(exp(a - m) + ...)` | a = 800: NaN |
//!
//! They are applied while values are made, each by looking a bounded number of steps down; quotients stand in
//! `shares.rs`. What they cost: rounding `a - m` moves an exponential by up to |a - m|/2 units in its last place.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::Op;
use super::draft::{Draft, Step, Value};
use super::shares::Quotient;
use crate::expr::Function;

/// What is remembered about values for the sake of careful forms.
pub(super) struct Forms {
    /// By value: its place in `sums`, `None` if it is no sum of exponentials.
    known: FxHashMap<Value, Option<usize>>,
    sums: Vec<Sum>,
    pub(super) quotients: FxHashMap<Value, Quotient>,
    /// By a share `exp(d)/total`: d and the total.
    pub(super) shares: FxHashMap<Value, (Value, Value)>,
    /// How many terms may still be looked at. Sums within sums would be looked at again and again; with this, work is
    /// linear, and formulas beyond it keep their plain form.
    budget: usize,
}

/// `c1*exp(u1) + c2*exp(u2) + ...`, of two terms or more, every c above 0.
#[derive(Clone)]
pub(super) struct Sum {
    /// Coefficient and exponent; no exponent is an exponent of 0.
    terms: Vec<(f64, Option<Value>)>,
    shifted: Option<Shifted>,
}

/// `sum = total*exp(shift)`, where no exponential is above 1 and one is 1.
#[derive(Clone, Copy)]
pub(super) struct Shifted {
    pub(super) total: Value,
    shift: Value,
}

impl Forms {
    /// For a program of about so many operations.
    pub(super) fn new(size: usize) -> Forms {
        Forms {
            known: FxHashMap::default(),
            sums: Vec::new(),
            quotients: FxHashMap::default(),
            shares: FxHashMap::default(),
            budget: 8 * size + 1000,
        }
    }
}

impl Sum {
    /// The u of `1 + exp(u)`.
    pub(super) fn logistic(&self) -> Option<Value> {
        match self.terms[..] {
            [(1.0, None), (1.0, Some(u))] | [(1.0, Some(u)), (1.0, None)] => Some(u),
            _ => None,
        }
    }

    pub(super) fn has_exponent(&self, exponent: Option<Value>) -> bool {
        self.terms.iter().any(|&(_, known)| known == exponent)
    }
}

impl Draft {
    /// Takes so many looks from the budget, if there are as many.
    pub(super) fn may_look(&mut self, looks: usize) -> bool {
        match &mut self.forms {
            Some(forms) if forms.budget >= looks => {
                forms.budget -= looks;
                true
            }
            _ => false,
        }
    }

    pub(super) fn careful_sum(&mut self, a: Value, b: Value) -> Option<Value> {
        self.forms.as_ref()?;
        let (one, u) = [(a, b), (b, a)]
            .into_iter()
            .find_map(|(k, e)| Some((self.constant_of(k)?, self.argument(Function::Exp, e)?)))?;
        (one == -1.0).then(|| self.call(Function::Expm1, u))
    }

    pub(super) fn careful_difference(&mut self, a: Value, b: Value) -> Option<Value> {
        self.forms.as_ref()?;
        if self.constant_of(b) == Some(1.0) {
            let u = self.argument(Function::Exp, a)?;
            return Some(self.call(Function::Expm1, u));
        }
        if self.constant_of(a) != Some(1.0) {
            return None;
        }
        if let Some(u) = self.argument(Function::Exp, b) {
            let expm1 = self.call(Function::Expm1, u);
            return Some(self.neg(expm1));
        }
        let u = self.argument(Function::Sigmoid, b)?;
        let minus = self.neg(u);
        Some(self.call(Function::Sigmoid, minus))
    }

    pub(super) fn careful_call(&mut self, f: Function, x: Value) -> Option<Value> {
        let forms = self.forms.as_ref()?;
        if f != Function::Log {
            return None;
        }
        if let Some(u) = self.argument(Function::Sigmoid, x) {
            let minus = self.neg(u);
            let softplus = self.call(Function::Softplus, minus);
            return Some(self.neg(softplus));
        }
        if let Some(&(d, total)) = forms.shares.get(&x) {
            let log = self.call(Function::Log, total);
            return Some(self.sub(d, log));
        }
        if let Some(sum) = self.sum(x) {
            if let Some(u) = self.sum_at(sum).logistic() {
                return Some(self.call(Function::Softplus, u));
            }
            let Shifted { total, shift } = self.shifted(sum);
            let log = self.compute(Op::Call(Function::Log), &[total]);
            return Some(self.add(shift, log));
        }
        if let Some(rest) = self.without_one(x) {
            return Some(self.compute(Op::Call(Function::Log1p), &[rest]));
        }
        let (u, rest) = self.without_exp(x)?;
        let log = self.call(Function::Log, rest);
        Some(self.add(u, log))
    }

    /// The u and the rest of `exp(u)*rest`, or of `exp(u)*rest/divisor`.
    fn without_exp(&mut self, x: Value) -> Option<(Value, Value)> {
        let (above, divisor) = match self.made_by(Op::Div, x) {
            Some([above, divisor, _]) => (above, Some(divisor)),
            None => (x, None),
        };
        let mut factors = self.factors(above);
        let exponent = |&factor: &Value| self.argument(Function::Exp, factor);
        let (at, u) = (factors.iter().enumerate()).find_map(|(at, f)| Some((at, exponent(f)?)))?;
        factors.remove(at);
        let one = self.constant(1.0);
        let rest = (factors.into_iter()).fold(one, |rest, factor| self.plain_mul(rest, factor));
        Some(match divisor {
            Some(divisor) => (u, self.plain_div(rest, divisor)),
            None => (u, rest),
        })
    }

    /// The rest of a sum that has the term 1.
    fn without_one(&mut self, x: Value) -> Option<Value> {
        if let Some([a, b, _]) = self.made_by(Op::Sub, x)
            && self.constant_of(a) == Some(1.0)
        {
            return Some(self.neg(b));
        }
        let terms = self.terms(x, 16)?;
        let one = (terms.iter())
            .position(|&(k, negative)| !negative && self.constant_of(k) == Some(1.0))?;
        let mut rest = (terms.iter().enumerate())
            .filter(|&(at, _)| at != one)
            .map(|(_, &term)| term);
        let (first, negative) = rest.next()?;
        let mut sum = if negative { self.neg(first) } else { first };
        for (term, negative) in rest {
            sum = match negative {
                true => self.sub(sum, term),
                false => self.add(sum, term),
            };
        }
        Some(sum)
    }

    /// The terms of a sum from left to right, each with whether it is subtracted; `None` if there are more than `most`.
    pub(super) fn terms(&mut self, x: Value, most: usize) -> Option<SmallVec<[(Value, bool); 8]>> {
        let mut found = SmallVec::new();
        let mut open: SmallVec<[(Value, bool); 8]> = SmallVec::from_slice(&[(x, false)]);
        while let Some((value, negative)) = open.pop() {
            if found.len() + open.len() > most || !self.may_look(1) {
                return None;
            }
            match self.step(value) {
                Step::Compute(Op::Add, [a, b, _]) => open.extend([(b, negative), (a, negative)]),
                Step::Compute(Op::Sub, [a, b, _]) => open.extend([(b, !negative), (a, negative)]),
                Step::Compute(Op::Neg, [a, ..]) => open.push((a, !negative)),
                _ => found.push((value, negative)),
            }
        }
        Some(found)
    }

    /// The place of a sum of exponentials among those known.
    pub(super) fn sum(&mut self, x: Value) -> Option<usize> {
        self.made_by(Op::Add, x)?;
        let forms = self.forms.as_ref()?;
        if let Some(&known) = forms.known.get(&x) {
            return known;
        }
        let found = self.read_sum(x);
        let forms = self.forms.as_mut()?;
        let place = found.map(|sum| {
            forms.sums.push(sum);
            forms.sums.len() - 1
        });
        forms.known.insert(x, place);
        place
    }

    pub(super) fn sum_at(&self, place: usize) -> &Sum {
        &self.forms.as_ref().expect("there are sums").sums[place]
    }

    fn read_sum(&mut self, x: Value) -> Option<Sum> {
        let mut terms = Vec::new();
        for (term, negative) in self.terms(x, usize::MAX)? {
            let (mut coefficient, mut exponent) = (1.0, None);
            for factor in self.factors(term) {
                match (self.constant_of(factor), exponent) {
                    (Some(c), _) => coefficient *= c,
                    (None, None) => exponent = Some(self.argument(Function::Exp, factor)?),
                    _ => return None,
                }
            }
            if negative || !(coefficient > 0.0 && coefficient.is_finite()) {
                return None;
            }
            terms.push((coefficient, exponent));
        }
        let shifted = None;
        (terms.iter().any(|(_, exponent)| exponent.is_some())).then_some(Sum { terms, shifted })
    }

    /// The factors of a product, at most 8, the last of which may be a product itself.
    pub(super) fn factors(&self, x: Value) -> SmallVec<[Value; 8]> {
        let mut found = SmallVec::new();
        let mut open: SmallVec<[Value; 8]> = SmallVec::from_slice(&[x]);
        while let Some(value) = open.pop() {
            match self.made_by(Op::Mul, value) {
                Some([a, b, _]) if found.len() + open.len() < 7 => open.extend([b, a]),
                _ => found.push(value),
            }
        }
        found
    }

    /// A sum of exponentials with the largest exponent taken out.
    pub(super) fn shifted(&mut self, place: usize) -> Shifted {
        let sum = self.sum_at(place).clone();
        if let Some(known) = sum.shifted {
            return known;
        }
        let zero = self.constant(0.0);
        let mut exponents = sum
            .terms
            .iter()
            .map(|(_, exponent)| exponent.unwrap_or(zero));
        let first = exponents.next().expect("a sum has terms");
        let mut shift = exponents.fold(first, |largest, exponent| {
            self.compute(Op::Call(Function::Max), &[largest, exponent])
        });
        // Where all exponents are infinite the difference of two would be NaN.
        for (clamp, bound) in [(Function::Max, f64::MIN), (Function::Min, f64::MAX)] {
            let bound = self.constant(bound);
            shift = self.compute(Op::Call(clamp), &[shift, bound]);
        }
        let mut total = None;
        for &(coefficient, exponent) in &sum.terms {
            let e = self.exp_minus(exponent, shift);
            let coefficient = self.constant(coefficient);
            let term = self.plain_mul(coefficient, e);
            total = Some(match total {
                Some(total) => self.compute(Op::Add, &[total, term]),
                None => term,
            });
        }
        let total = total.expect("a sum has terms");
        let shifted = Shifted { total, shift };
        if let Some(forms) = &mut self.forms {
            forms.sums[place].shifted = Some(shifted);
        }
        shifted
    }

    fn exp_minus(&mut self, exponent: Option<Value>, shift: Value) -> Value {
        let difference = self.difference(exponent, shift);
        self.compute(Op::Call(Function::Exp), &[difference])
    }

    fn difference(&mut self, exponent: Option<Value>, shift: Value) -> Value {
        match exponent {
            Some(u) => self.compute(Op::Sub, &[u, shift]),
            None => self.neg(shift),
        }
    }

    /// `exp(u)/sum`, and the exponential alone where the sum is divided by later.
    pub(super) fn share(&mut self, place: usize, exponent: Option<Value>) -> Value {
        if let Some(u) = self.sum_at(place).logistic() {
            let side = match exponent {
                Some(_) => u,
                None => self.neg(u),
            };
            return self.call(Function::Sigmoid, side);
        }
        let Shifted { total, shift } = self.shifted(place);
        let difference = self.difference(exponent, shift);
        let e = self.compute(Op::Call(Function::Exp), &[difference]);
        let share = self.compute(Op::Div, &[e, total]);
        if let Some(forms) = &mut self.forms {
            forms.shares.insert(share, (difference, total));
        }
        share
    }

    /// `exp(u - shift)` of a sum.
    pub(super) fn scaled_exp(&mut self, place: usize, exponent: Option<Value>) -> Value {
        let shift = self.shifted(place).shift;
        self.exp_minus(exponent, shift)
    }
}
