//! Applying identities to products and sums: some factors, or two terms with a common cofactor, are replaced.

use smallvec::{SmallVec, smallvec};

use super::Simplifier;
use super::factors::{Factor, Factors};
use super::matching::Bindings;
use super::terms::{Split, Term, Terms};
use crate::expr::{Arena, Function, Id, Node, Rational};
use crate::rules::{self, Identity, PatternFactor};

/// Positions of the factors that a pattern matched.
type Used = SmallVec<[usize; 4]>;

impl Simplifier<'_> {
    /// Functions among the factors and, inside sums, among their terms: a bit each.
    pub(super) fn function_bits(&self, id: Id) -> u128 {
        match self.arena.node(id) {
            Node::Call(f, _) | Node::Call2(f, ..) => 1 << f as u32,
            Node::Pow(base, _) => self.shallow_bits(base),
            Node::Add(a, b) => self.shallow_bits(a) | self.shallow_bits(b),
            _ => 0,
        }
    }

    fn shallow_bits(&self, id: Id) -> u128 {
        match self.arena.node(id) {
            Node::Call(f, _) | Node::Call2(f, ..) => 1 << f as u32,
            _ => 0,
        }
    }

    /// Applies identities to factors of a product. True if something changed.
    pub(super) fn product_rules(&mut self, coefficient: &mut Id, factors: &mut Factors) -> bool {
        let mut functions = factors
            .iter()
            .fold(0, |bits, f| bits | self.function_bits(f.base));
        if factors.iter().any(|f| f.base == self.e) {
            functions |= 1 << Function::Exp as u32;
        }
        if functions == 0 {
            return false;
        }
        functions |= self.pi_bit();
        for identity in rules::of_products(functions, factors.len()) {
            let [
                rules::Part {
                    coefficient: needed,
                    factors: patterns,
                    ..
                },
            ] = &identity.parts[..]
            else {
                continue;
            };
            let mut bindings = smallvec![None; identity.holes.len()];
            let mut used = Used::new();
            if !self.match_factors(identity, patterns, factors, &mut bindings, &mut used) {
                continue;
            }
            let times = self.multiplicity(identity, patterns, factors, &used, &bindings);
            let times = if needed.is_one() { times } else { 1 };
            self.take_factors(identity, patterns, factors, &used, &bindings, times);
            if let Some(inverse) = needed.recip() {
                let inverse = self.arena.number(inverse);
                *coefficient = self.arena.mul(*coefficient, inverse);
            }
            let right = self.right_side(identity, &bindings);
            let times = (times != 1).then(|| self.arena.number(times));
            self.push_factors(right, times, coefficient, factors);
            return true;
        }
        false
    }

    /// Applies identities to what stands in the denominator, as to a product of its own: 1/(cosh(u)*tanh(u)) is
    /// 1/sinh(u). True if something changed.
    pub(super) fn denominator_rules(
        &mut self,
        coefficient: &mut Id,
        factors: &mut Factors,
    ) -> bool {
        let is_below = |s: &Self, f: &Factor| s.arena.as_integer(f.exponent).is_some_and(|n| n < 0);
        let is_call = |s: &Self, f: &Factor| matches!(s.arena.node(f.base), Node::Call(..));
        let calls = (factors.iter())
            .filter(|f| is_call(self, f) && is_below(self, f))
            .map(|f| {
                self.arena
                    .as_integer(f.exponent)
                    .map_or(0, i64::unsigned_abs)
            })
            .fold(0, u64::saturating_add);
        if calls < 2 {
            return false; // one function, once: it was looked at when it was made
        }
        let mut below: Factors = (factors.iter().copied())
            .filter(|f| is_below(self, f))
            .collect();
        for factor in &mut below {
            factor.exponent = self.arena.neg(factor.exponent);
        }
        let mut divisor = Arena::ONE;
        if !self.product_rules(&mut divisor, &mut below) || divisor == Arena::ZERO {
            return false;
        }
        factors.retain(|f| !is_below(self, f));
        for Factor { base, exponent } in below {
            let exponent = self.opposite(exponent);
            factors.push(Factor { base, exponent });
        }
        let inverse = self.arena.recip(divisor);
        *coefficient = self.arena.mul(*coefficient, inverse);
        true
    }

    /// Finds a factor for every pattern, all different, so that the conditions hold; `used` has their positions. Here -u matches anything: its
    /// opposite is what u stands for.
    fn match_factors(
        &mut self,
        identity: &Identity,
        patterns: &[PatternFactor],
        factors: &[Factor],
        bindings: &mut Bindings,
        used: &mut Used,
    ) -> bool {
        if !self.may_match_all(identity, patterns, factors) {
            return false;
        }
        let before = std::mem::replace(&mut self.free_minus, true);
        let found = self.match_factors_from(identity, patterns, factors, bindings, used);
        self.free_minus = before;
        found
    }

    /// Is there a factor for every pattern at a glance, and as many as there are patterns? Nearly always there is not.
    fn may_match_all(
        &self,
        identity: &Identity,
        patterns: &[PatternFactor],
        factors: &[Factor],
    ) -> bool {
        let mut candidates = 0u64;
        for &(pattern, power) in patterns {
            let found = (factors.iter().zip(0..)).fold(0u64, |found, (&factor, at)| {
                let may = self.may_match(identity, pattern, power, factor);
                found | u64::from(may) << (at % u64::BITS)
            });
            if found == 0 {
                return false;
            }
            candidates |= found;
        }
        patterns.len() <= candidates.count_ones() as usize || factors.len() > u64::BITS as usize
    }

    fn match_factors_from(
        &mut self,
        identity: &Identity,
        patterns: &[PatternFactor],
        factors: &[Factor],
        bindings: &mut Bindings,
        used: &mut Used,
    ) -> bool {
        let Some(&(pattern, power)) = patterns.get(used.len()) else {
            return self.holds(identity, bindings);
        };
        for (at, factor) in factors.iter().enumerate() {
            if used.contains(&at) || !self.may_match(identity, pattern, power, *factor) {
                continue;
            }
            let before = bindings.clone();
            if self.match_factor(identity, pattern, *factor, bindings) {
                used.push(at);
                if self.match_factors_from(identity, patterns, factors, bindings, used) {
                    return true;
                }
                used.pop();
            }
            *bindings = before;
        }
        false
    }

    /// What can be told of a factor at a glance: its sign, its power, its outermost operation.
    fn may_match(&self, identity: &Identity, pattern: Id, power: i64, factor: Factor) -> bool {
        let pattern = identity.arena.node(pattern);
        if factor.base == self.e {
            return power == 1 && matches!(pattern, Node::Call(Function::Exp, _));
        }
        let Some(exponent) = self.arena.as_integer(factor.exponent) else {
            return false;
        };
        exponent.signum() == power.signum()
            && exponent.unsigned_abs() >= power.unsigned_abs()
            && match pattern {
                Node::Call(f, _) => {
                    matches!(self.arena.node(factor.base), Node::Call(g, _) if f == g)
                }
                Node::Add(..) => matches!(self.arena.node(factor.base), Node::Add(..)),
                _ => true,
            }
    }

    /// For a factor that may match.
    fn match_factor(
        &mut self,
        identity: &Identity,
        pattern: Id,
        factor: Factor,
        bindings: &mut Bindings,
    ) -> bool {
        match identity.arena.node(pattern) {
            Node::Call(Function::Exp, p) if factor.base == self.e => {
                self.exponential_times(identity, p, factor.exponent, bindings)
                    .is_some()
                    || self.matches(identity, p, factor.exponent, bindings)
            }
            _ => self.matches(identity, pattern, factor.base, bindings),
        }
    }

    /// The whole number k with `exponent = k*p`, where the holes of p are bound: exp(2*x) is exp(x) twice.
    fn exponential_times(
        &mut self,
        identity: &Identity,
        p: Id,
        exponent: Id,
        bindings: &Bindings,
    ) -> Option<i64> {
        let once = self.fill_pattern(identity, p, bindings)?;
        let ((a, rest), (b, other)) = (
            self.arena.split_coefficient(exponent),
            self.arena.split_coefficient(once),
        );
        if rest != other {
            return None;
        }
        let number = |id: Option<Id>| {
            id.and_then(|id| self.arena.as_number(id))
                .cloned()
                .unwrap_or(Rational::ONE)
        };
        number(a)
            .checked_mul(&number(b).recip()?)?
            .as_i64()
            .filter(|&k| k >= 1)
    }

    /// How often the pattern is contained in the factors.
    fn multiplicity(
        &mut self,
        identity: &Identity,
        patterns: &[PatternFactor],
        factors: &[Factor],
        used: &[usize],
        bindings: &Bindings,
    ) -> i64 {
        let mut times = i64::MAX;
        for (&(pattern, power), &at) in patterns.iter().zip(used) {
            let Factor { base, exponent } = factors[at];
            let here = match identity.arena.node(pattern) {
                Node::Call(Function::Exp, p) if base == self.e => {
                    self.exponential_times(identity, p, exponent, bindings)
                }
                _ => self
                    .arena
                    .as_integer(exponent)
                    .and_then(|e| e.checked_div(power)),
            };
            times = times.min(here.unwrap_or(1));
        }
        times
    }

    fn take_factors(
        &mut self,
        identity: &Identity,
        patterns: &[PatternFactor],
        factors: &mut Factors,
        used: &[usize],
        bindings: &Bindings,
        times: i64,
    ) {
        for (&(pattern, power), &at) in patterns.iter().zip(used) {
            let taken = match identity.arena.node(pattern) {
                Node::Call(Function::Exp, p) if factors[at].base == self.e => {
                    let once = self
                        .fill_pattern(identity, p, bindings)
                        .expect("a match binds every hole");
                    let times = self.arena.number(times);
                    self.arena.mul(times, once)
                }
                _ => self.arena.number(power * times),
            };
            let taken = self.opposite(taken);
            factors[at].exponent = self.sum_of(&[factors[at].exponent, taken]);
        }
        factors.retain(|f| f.exponent != Arena::ZERO);
    }

    /// Applies identities to pairs of terms, with any common cofactor: a*sin(u)^2 + a*cos(u)^2 -> a. `split` follows.
    pub(super) fn sum_rules(&mut self, terms: &mut Terms, split: &mut Split) {
        // Each application removes two terms and adds what the right side has: the number of rounds is bounded.
        for _ in 0..2 * terms.len() {
            let functions = split.parts.iter().fold(0, |bits, p| bits | p.functions);
            if functions == 0 || terms.len() < 2 || !self.within_budget() {
                return;
            }
            let Some((at, partner, replacement)) = self.find_sum_rule(terms, split, functions)
            else {
                return;
            };
            terms.swap_remove(at.max(partner));
            terms.swap_remove(at.min(partner));
            self.push_terms(replacement, Arena::ONE, terms);
            self.collect(terms);
            *split = self.split(terms);
        }
    }

    /// Two terms under an identity, and what they become.
    fn find_sum_rule(
        &mut self,
        terms: &[Term],
        split: &Split,
        functions: u128,
    ) -> Option<(usize, usize, Id)> {
        for identity in rules::of_sums(functions | self.pi_bit()) {
            let [first, second] = &identity.parts[..] else {
                continue;
            };
            // The pattern with more factors finds the cofactor, the other one is looked up.
            let (lead, follow) = if first.factors.len() >= second.factors.len() {
                (first, second)
            } else {
                (second, first)
            };
            for (at, part) in split.parts.iter().enumerate() {
                if lead.functions & !part.functions != 0 || lead.factors.len() > part.range.len() {
                    continue;
                }
                if let Some((partner, replacement)) =
                    self.match_terms(identity, lead, follow, terms, split, at)
                {
                    return Some((at, partner, replacement));
                }
            }
        }
        None
    }

    /// The partner of the term `at` under an identity, and what the two become.
    fn match_terms(
        &mut self,
        identity: &Identity,
        lead: &rules::Part,
        follow: &rules::Part,
        terms: &[Term],
        split: &Split,
        at: usize,
    ) -> Option<(usize, Id)> {
        let part = &split.parts[at];
        let (mut bindings, mut used) = (smallvec![None; identity.holes.len()], Used::new());
        if !self.match_factors(
            identity,
            &lead.factors,
            split.of(part),
            &mut bindings,
            &mut used,
        ) {
            return None;
        }
        if !self.may_have_partner(identity, lead, follow, split, at, &used, &bindings) {
            return None;
        }
        let mut factors: Factors = split.of(part).iter().copied().collect();
        self.take_factors(identity, &lead.factors, &mut factors, &used, &bindings, 1);
        let inverse = self.arena.number(lead.coefficient.recip()?);
        let cofactor = self.arena.mul(part.coefficient, inverse);
        let mut expected = factors.clone();
        for &(pattern, power) in &follow.factors {
            let base = self.fill_pattern(identity, pattern, &bindings)?;
            let power = self.arena.number(power);
            expected.push(Factor {
                base,
                exponent: power,
            });
        }
        let expected_coefficient = self.arena.number(follow.coefficient.clone());
        let expected_coefficient = self.arena.mul(cofactor, expected_coefficient);
        let expected = self.product(expected_coefficient, expected);
        let wanted = Term::of(self.arena, expected);
        let partner = terms
            .iter()
            .position(|t| *t == wanted)
            .filter(|&p| p != at)?;
        let right = self.right_side(identity, &bindings);
        let (mut coefficient, mut factors) = (cofactor, factors);
        self.push_factors(right, None, &mut coefficient, &mut factors);
        Some((partner, self.product(coefficient, factors)))
    }

    /// Is there a term with the fingerprint of the partner? Nearly always there is not, and it need not be built.
    #[allow(clippy::too_many_arguments)] // what a match is made of
    fn may_have_partner(
        &mut self,
        identity: &Identity,
        lead: &rules::Part,
        follow: &rules::Part,
        split: &Split,
        at: usize,
        used: &[usize],
        bindings: &Bindings,
    ) -> bool {
        let part = &split.parts[at];
        let mut wanted = part.fingerprint;
        for (&(_, power), &place) in lead.factors.iter().zip(used) {
            let base = split.of(part)[place].base;
            if base == self.e {
                return true; // exponents of e are no numbers to count with
            }
            wanted = wanted.wrapping_sub(self.fingerprint(base, power));
        }
        for &(pattern, power) in &follow.factors {
            match self.fill_pattern(identity, pattern, bindings) {
                Some(base) if base != self.e => {
                    wanted = wanted.wrapping_add(self.fingerprint(base, power));
                }
                _ => return true,
            }
        }
        (split.parts.iter().enumerate()).any(|(other, p)| other != at && p.fingerprint == wanted)
    }
}
