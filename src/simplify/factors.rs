//! Products: factors with exponents, collected by base.

use smallvec::{SmallVec, smallvec};

use super::expand::MAX_EXPANDED_TERMS;
use super::{MAX_DEPTH, Mode, Simplifier, order};
use crate::expr::{Arena, Function, Id, Node, Rational};

/// `base ^ exponent` in a product. `exp(u)` is the base `exp(1)` with the exponent u, so that exponentials meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    pub base: Id,
    pub exponent: Id,
}

/// The factors of one product; most have few.
pub type Factors = SmallVec<[Factor; 8]>;

/// The factors of a simplified product as they stand, without its coefficient; read only, for comparisons.
pub fn factors_of(arena: &Arena, id: Id) -> Factors {
    let mut result = Factors::new();
    each_factor_backwards(arena, id, |factor| result.push(factor));
    result.reverse();
    result
}

/// Visits the factors of [`factors_of`], the last first.
pub fn each_factor_backwards(arena: &Arena, mut product: Id, mut visit: impl FnMut(Factor)) {
    loop {
        let (left, last) = match arena.node(product) {
            Node::Mul(left, last) => (Some(left), last),
            _ => (None, product),
        };
        match arena.node(last) {
            Node::Pow(base, exponent) => visit(Factor { base, exponent }),
            Node::Number(_) => {}
            _ => visit(Factor {
                base: last,
                exponent: Arena::ONE,
            }),
        }
        match left {
            Some(left) => product = left,
            None => return,
        }
    }
}

impl Simplifier<'_> {
    /// Splits simplified `id` to the whole power `power` into `coefficient` and `factors`.
    pub(super) fn push_factors(
        &mut self,
        id: Id,
        power: Option<Id>,
        coefficient: &mut Id,
        factors: &mut Factors,
    ) {
        if !matches!(
            self.arena.node(id),
            Node::Mul(..) | Node::Number(_) | Node::Pow(..) | Node::Call(Function::Exp, _)
        ) {
            let exponent = power.unwrap_or(Arena::ONE);
            return factors.push(Factor { base: id, exponent });
        }
        let mut stack: SmallVec<[(Id, Option<Id>); 8]> = smallvec![(id, power)];
        while let Some((id, power)) = stack.pop() {
            let raise =
                |s: &mut Self, exponent: Id| power.map_or(exponent, |p| s.arena.mul(exponent, p));
            match self.arena.node(id) {
                // (1e-30*x)^(10^30) stays: its number has no exact power, and 0 times infinity would take its place.
                Node::Mul(c, _) if power.is_some_and(|p| self.has_no_exact_power(c, p)) => {
                    factors.push(Factor {
                        base: id,
                        exponent: power.unwrap_or(Arena::ONE),
                    });
                }
                Node::Mul(a, b) => {
                    stack.push((b, power));
                    stack.push((a, power));
                }
                Node::Number(_) => {
                    let value = power.map_or(id, |p| self.arena.pow(id, p));
                    if self.arena.as_number(value).is_some() {
                        *coefficient = self.arena.mul(*coefficient, value);
                    } else {
                        factors.push(Factor {
                            base: id,
                            exponent: power.unwrap_or(Arena::ONE),
                        });
                    }
                }
                Node::Pow(base, exponent) => {
                    let exponent = if self.arena.as_number(exponent).is_some() || power.is_none() {
                        raise(self, exponent)
                    } else {
                        self.product_of(&[exponent, power.unwrap_or(Arena::ONE)])
                    };
                    let whole = self.arena.as_integer(exponent).is_some();
                    if whole && matches!(self.arena.node(base), Node::Mul(..)) {
                        stack.push((base, Some(exponent)));
                    } else {
                        factors.push(Factor { base, exponent });
                    }
                }
                Node::Call(Function::Exp, u) => {
                    let exponent = match power {
                        Some(p) => self.product_of(&[u, p]),
                        None => u,
                    };
                    factors.push(Factor {
                        base: self.e,
                        exponent,
                    });
                }
                _ => factors.push(Factor {
                    base: id,
                    exponent: power.unwrap_or(Arena::ONE),
                }),
            }
        }
    }

    /// Is `c` a number whose power cannot be written as one?
    fn has_no_exact_power(&mut self, c: Id, power: Id) -> bool {
        if self.arena.as_number(c).is_none() {
            return false;
        }
        let value = self.arena.pow(c, power);
        self.arena.as_number(value).is_none()
    }

    /// The product of simplified nodes.
    pub(super) fn product_of(&mut self, parts: &[Id]) -> Id {
        let (mut coefficient, mut factors) = (Arena::ONE, Factors::new());
        for &part in parts {
            self.push_factors(part, None, &mut coefficient, &mut factors);
        }
        self.product(coefficient, factors)
    }

    /// The simplified product of a coefficient and factors.
    pub(super) fn product(&mut self, mut coefficient: Id, mut factors: Factors) -> Id {
        // Factors that meet may turn into something else (a number, an inner product), which is then split again.
        for _ in 0..16 {
            // 0/0 stays; every other product with 0 is 0.
            if coefficient == Arena::ZERO && !factors.iter().any(|f| f.base == Arena::ZERO) {
                return coefficient;
            }
            let merged = self.merge(&mut factors);
            let changed = self.normalize(&mut coefficient, &mut factors)
                || (merged && self.rewrite_exponential(&mut coefficient, &mut factors))
                || self.product_rules(&mut coefficient, &mut factors)
                || self.denominator_rules(&mut coefficient, &mut factors)
                || (self.mode == Mode::Shortest
                    && self.depth < MAX_DEPTH
                    && factors.iter().any(|f| self.is_power_of_sum(f))
                    && (self.cancel(&mut coefficient, &mut factors)
                        || self.cancel_shared(&mut coefficient, &mut factors)
                        || self.clear_fractions(&mut coefficient, &mut factors)));
            if !changed {
                break;
            }
        }
        if self.mode == Mode::Expand && factors.iter().any(|f| self.is_expandable(f)) {
            let length = self.expanded_length(&factors);
            if length <= MAX_EXPANDED_TERMS.min(self.budget_left()) {
                self.spend(length);
                return self.expand_to_sum(coefficient, &factors);
            }
        }
        self.assemble(coefficient, factors)
    }

    fn is_power_of_sum(&self, factor: &Factor) -> bool {
        matches!(self.arena.node(factor.base), Node::Add(..))
            && self.arena.as_integer(factor.exponent).is_some()
    }

    /// exp(a)*exp(log(u) - a) has become exp(log(u)), which an identity may know. True if so.
    fn rewrite_exponential(&mut self, coefficient: &mut Id, factors: &mut Factors) -> bool {
        let Some(at) = factors.iter().position(|f| f.base == self.e) else {
            return false;
        };
        let call = self.arena.call(Function::Exp, factors[at].exponent);
        let Some(result) = self.rewrite(call) else {
            return false;
        };
        factors.swap_remove(at);
        self.push_factors(result, None, coefficient, factors);
        true
    }

    /// Adds the exponents of equal bases. True if anything met.
    pub(super) fn merge(&mut self, factors: &mut Factors) -> bool {
        self.spend(factors.len());
        if factors.len() < 2 {
            return false;
        }
        factors.sort_unstable_by_key(|f| f.base);
        let mut met = false;
        let mut kept: usize = 0;
        let mut at = 0;
        while at < factors.len() {
            let base = factors[at].base;
            let mut end = at + 1;
            while end < factors.len() && factors[end].base == base {
                end += 1;
            }
            let exponent = if end == at + 1 {
                factors[at].exponent
            } else {
                met = true;
                let exponents: SmallVec<[Id; 4]> =
                    factors[at..end].iter().map(|f| f.exponent).collect();
                match exponents.iter().all(|&e| self.arena.as_number(e).is_some()) {
                    true => (exponents.iter()).fold(Arena::ZERO, |sum, &e| self.arena.add(sum, e)),
                    false => self.sum_of(&exponents),
                }
            };
            if !self.arena.is_zero(exponent) {
                factors[kept] = Factor { base, exponent };
                kept += 1;
            }
            at = end;
        }
        factors.truncate(kept);
        met
    }

    /// Brings each factor into its normal form: numbers out of roots and sums. True if factors must be merged again.
    pub(super) fn normalize(&mut self, coefficient: &mut Id, factors: &mut Factors) -> bool {
        let mut again = false;
        let mut at = 0;
        while at < factors.len() {
            let Factor { base, exponent } = factors[at];
            // (x/y)^(3/2) and (x/y)^(-1/2) have met: a whole power of a product is one of its factors.
            if self.is_whole_power_of_parts(base, exponent) {
                factors.swap_remove(at);
                self.push_factors(base, Some(exponent), coefficient, factors);
                again = true;
                continue;
            }
            let replaced = match self.arena.node(base) {
                Node::Number(_) if self.arena.as_number(exponent).is_some() => {
                    self.number_root(base, exponent)
                }
                Node::ImaginaryUnit if self.arena.as_integer(exponent).is_some_and(|n| n != 1) => {
                    Some(self.arena.pow(base, exponent))
                }
                Node::Add(..) => self.without_content(base, exponent),
                _ => None,
            };
            if let Some(id) = replaced {
                factors.swap_remove(at);
                let before = factors.len();
                self.push_raw_factors(id, coefficient, factors);
                again |= factors.len() > before;
            } else {
                at += 1;
            }
        }
        again && self.has_equal_bases(factors)
    }

    fn is_whole_power_of_parts(&mut self, base: Id, exponent: Id) -> bool {
        match self.arena.node(base) {
            Node::Mul(c, _) => {
                self.arena.as_integer(exponent).is_some() && !self.has_no_exact_power(c, exponent)
            }
            Node::Pow(..) => self.arena.as_integer(exponent).is_some(),
            // exp(u)^(1/2) has met its like: exp(u) is e to the u.
            Node::Call(Function::Exp, _) => {
                base != self.e && self.arena.as_integer(exponent).is_some()
            }
            _ => false,
        }
    }

    fn has_equal_bases(&self, factors: &mut [Factor]) -> bool {
        factors.sort_unstable_by_key(|f| f.base);
        factors.windows(2).any(|w| w[0].base == w[1].base)
    }

    /// Splits without simplifying anything: what `number_root` and `without_content` return is normal already.
    fn push_raw_factors(&mut self, id: Id, coefficient: &mut Id, factors: &mut Factors) {
        let mut stack: SmallVec<[Id; 8]> = smallvec![id];
        while let Some(id) = stack.pop() {
            match self.arena.node(id) {
                Node::Mul(a, b) => {
                    stack.push(b);
                    stack.push(a);
                }
                Node::Number(_) => *coefficient = self.arena.mul(*coefficient, id),
                Node::Pow(base, exponent) => factors.push(Factor { base, exponent }),
                _ => factors.push(Factor {
                    base: id,
                    exponent: Arena::ONE,
                }),
            }
        }
    }

    /// `(c*s)^n = c^n * s^n` for a sum with the common numeric factor c: always for whole n, for other exponents where c is
    /// positive and its power exact. The sign goes out too, for whole n. `None` if nothing changes.
    fn without_content(&mut self, sum: Id, exponent: Id) -> Option<Id> {
        if self.arena.facts(sum).is_primitive {
            return None;
        }
        let is_whole = self.arena.as_number(exponent)?.is_integer();
        if is_whole && let Some((c, inside)) = self.arena.content(sum) {
            return self.power_of_scaled(c, inside, exponent);
        }
        // Decimals stay as they were written, as if they had nothing in common.
        let mut content = self.content(sum).unwrap_or(Rational::ONE);
        if content.is_one() {
            self.arena.remember_primitive(sum);
            return None;
        }
        if !is_whole {
            content = content.abs();
        }
        if content.is_one() {
            return None;
        }
        let c = self.arena.number(content.clone());
        let inverse = self.arena.number(content.recip()?);
        let inside = self.scale_sum(sum, inverse);
        if is_whole {
            self.arena.remember_content(sum, c, inside);
        }
        self.power_of_scaled(c, inside, exponent)
    }

    /// `c^e * s^e`, where `c^e` is exact.
    fn power_of_scaled(&mut self, c: Id, sum: Id, exponent: Id) -> Option<Id> {
        let outside = self.arena.pow(c, exponent);
        self.arena.as_number(outside)?;
        let power = self.arena.pow(sum, exponent);
        Some(self.arena.mul(outside, power))
    }

    /// Orders the factors, writes what has a negative exponent as one denominator, and multiplies out a number times a sum.
    fn assemble(&mut self, mut coefficient: Id, mut factors: Factors) -> Id {
        factors.sort_by(|a, b| self.compare_in_product(a, b));
        self.absorb_sign(&mut coefficient, &mut factors);
        if let [Factor { base, exponent }] = factors[..]
            && exponent == Arena::ONE
            && matches!(self.arena.node(base), Node::Add(..))
        {
            return if coefficient == Arena::ONE {
                base
            } else {
                self.distribute(coefficient, base)
            };
        }
        let (mut numerator, mut denominator) = (None, None);
        for Factor { base, exponent } in factors {
            let negative = self.is_negative_number(exponent) && base != self.e;
            let (side, exponent) = match negative {
                true => (&mut denominator, self.arena.neg(exponent)),
                false => (&mut numerator, exponent),
            };
            let power = match () {
                () if base == self.e => self.arena.call(Function::Exp, exponent),
                () if exponent == Arena::ONE => base,
                () => self.arena.pow(base, exponent),
            };
            *side = Some(match *side {
                Some(product) => self.arena.mul(product, power),
                None => power,
            });
        }
        let denominator = denominator.map(|d| self.arena.pow(d, Arena::MINUS_ONE));
        let product = match (numerator, denominator) {
            (Some(n), Some(d)) => self.arena.mul(n, d),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return coefficient,
        };
        self.arena.mul(coefficient, product)
    }

    fn compare_in_product(&self, a: &Factor, b: &Factor) -> std::cmp::Ordering {
        // x*a^(x - 1)*log(a): powers of variables with a symbolic exponent stand behind plain ones.
        let symbolic = |f: &Factor| {
            matches!(self.arena.node(f.base), Node::Symbol(_))
                && self.arena.as_number(f.exponent).is_none()
        };
        match (symbolic(a), symbolic(b)) {
            (true, false) if matches!(self.arena.node(b.base), Node::Symbol(_)) => {
                std::cmp::Ordering::Greater
            }
            (false, true) if matches!(self.arena.node(a.base), Node::Symbol(_)) => {
                std::cmp::Ordering::Less
            }
            _ => order::compare_factors(self.arena, a.base, b.base),
        }
    }
}
