//! Multiplying out, where the result is not longer.

use std::ops::Range;

use super::factors::{Factor, Factors, each_factor_backwards};
use super::terms::{Split, Term, Terms, terms_backwards, terms_of};
use super::{Mode, Simplifier};
use crate::expr::{Arena, Id, Node, Rational};

/// Products that would have more terms than this are not multiplied out to see whether something cancels.
const MAX_TRIAL_TERMS: usize = 300;

/// Products that would have more terms than this are never multiplied out.
pub(super) const MAX_EXPANDED_TERMS: usize = 10_000;

/// Exponents are counted in units of 1/5040, so that the usual roots add up exactly.
const UNITS: i64 = 5040;

/// What a product of terms will look like, without building it.
#[derive(Clone, Copy)]
pub(super) struct Sketch {
    /// Equal products have equal fingerprints: exponents times hashes of bases, added up.
    fingerprint: u64,
    /// The bases that occur, hashed to a bit each.
    bases: u64,
    /// Nodes of the tree, without coefficient.
    cost: u32,
    coefficient: f64,
}

/// Lists of sketches, used again and again: to move lists of this size would cost more than to fill them.
#[derive(Default)]
pub(super) struct Room {
    all: Vec<Sketch>,
    product: Vec<Sketch>,
    longer: Vec<Sketch>,
    /// A hash table of sketches.
    table: Vec<u32>,
}

impl Simplifier<'_> {
    /// The terms with every product of sums multiplied out and collected, if that is not longer than before.
    pub(super) fn expand_if_shorter(&mut self, terms: &[Term], split: &Split) -> Option<Terms> {
        if !split.parts.iter().any(|p| p.holds_sum) {
            return None;
        }
        let total = (split.parts.iter()).fold(0usize, |total, part| {
            total.saturating_add(self.expanded_length(split.of(part)))
        });
        let limit = if self.mode == Mode::Expand {
            MAX_EXPANDED_TERMS
        } else {
            MAX_TRIAL_TERMS
        };
        if total > limit.min(self.budget_left()) {
            return None;
        }
        self.spend(total);
        let cost = self.cost_of_terms(terms);
        if self.mode != Mode::Expand && self.sketched_cost(split) > cost {
            return None;
        }
        let mut result = Terms::with_capacity(total);
        for part in &split.parts {
            result.extend(self.expand_product(part.coefficient, split.of(part)));
        }
        self.collect(&mut result);
        (self.mode == Mode::Expand || self.cost_of_terms(&result) <= cost).then_some(result)
    }

    /// The terms of a product with its sums multiplied out.
    pub(super) fn expand_product(&mut self, coefficient: Id, factors: &[Factor]) -> Terms {
        let (sums, plain): (Factors, Factors) =
            factors.iter().copied().partition(|f| self.is_expandable(f));
        let rest = self.product(coefficient, plain);
        let mut expanded = Terms::new();
        self.push_terms(rest, Arena::ONE, &mut expanded);
        for sum in sums {
            let inner = terms_of(self.arena, sum.base);
            for _ in 0..self.arena.as_integer(sum.exponent).unwrap_or(1) {
                expanded = self.multiply_terms(&expanded, &inner);
            }
        }
        expanded
    }

    pub(super) fn expand_to_sum(&mut self, coefficient: Id, factors: &[Factor]) -> Id {
        let mut terms = self.expand_product(coefficient, factors);
        self.collect(&mut terms);
        match terms[..] {
            [] => Arena::ZERO,
            _ => self.build_sum(&terms),
        }
    }

    fn multiply_terms(&mut self, left: &[Term], right: &[Term]) -> Terms {
        let mut result = Terms::with_capacity(left.len() * right.len());
        for a in left {
            for b in right {
                let coefficient = self.arena.mul(a.coefficient, b.coefficient);
                let product = self.product_of(&[a.rest, b.rest]);
                self.push_terms(product, coefficient, &mut result);
            }
        }
        self.collect(&mut result);
        result
    }

    /// Is the factor a sum, or a small whole power of one?
    pub(super) fn is_expandable(&self, factor: &Factor) -> bool {
        matches!(self.arena.node(factor.base), Node::Add(..))
            && (factor.exponent == Arena::ONE
                || self
                    .arena
                    .as_integer(factor.exponent)
                    .is_some_and(|n| (1..=16).contains(&n)))
    }

    /// How many terms the product has when multiplied out, before collecting.
    pub(super) fn expanded_length(&self, factors: &[Factor]) -> usize {
        (factors.iter().filter(|f| self.is_expandable(f))).fold(1, |count: usize, f| {
            let mut length = 1;
            let mut id = f.base;
            while let Node::Add(left, _) = self.arena.node(id) {
                length += 1;
                id = left;
            }
            let power = self.arena.as_integer(f.exponent).unwrap_or(1) as u32;
            count.saturating_mul(usize::saturating_pow(length, power))
        })
    }

    /// A lower estimate of what the sum costs when multiplied out, from sketches: most trials end here, cheaply.
    fn sketched_cost(&mut self, split: &Split) -> u64 {
        let mut room = std::mem::take(&mut self.room);
        let Room {
            all,
            product,
            longer,
            table,
        } = &mut room;
        all.clear();
        for part in &split.parts {
            product.clear();
            product.push(Sketch::one(self.float(part.coefficient)));
            for factor in split.of(part) {
                if !self.is_expandable(factor) {
                    let sketch = self.sketch(factor);
                    product.iter_mut().for_each(|p| *p = p.times(&sketch));
                    continue;
                }
                let inner = self.sketches_of_terms(factor.base);
                let inner = &self.sketches[inner];
                for _ in 0..self.arena.as_integer(factor.exponent).unwrap_or(1) {
                    longer.clear();
                    for p in product.iter() {
                        longer.extend(inner.iter().map(|q| p.times(q)));
                    }
                    std::mem::swap(product, longer);
                    merge(product, table);
                }
            }
            all.extend_from_slice(product);
        }
        merge(all, table);
        let cost =
            |s: &Sketch| u64::from(s.cost) + 1 + if s.coefficient.abs() == 1.0 { 0 } else { 2 };
        let sum = all.iter().map(cost).sum::<u64>();
        self.room = room;
        sum.saturating_sub(1)
    }

    /// Where the sketches of the terms of a sum are. The same sums come up again and again.
    fn sketches_of_terms(&mut self, sum: Id) -> Range<usize> {
        if let Some(known) = self.sketched.get(&sum) {
            return known.clone();
        }
        let from = self.sketches.len();
        for term in terms_backwards(self.arena, sum) {
            let (coefficient, product) = self.arena.split_coefficient(term);
            let mut sketch = Sketch::one(coefficient.map_or(1.0, |c| self.float(c)));
            if let Some(product) = product {
                each_factor_backwards(self.arena, product, |f| {
                    sketch = sketch.times(&self.sketch(&f));
                });
            }
            self.sketches.push(sketch);
        }
        let range = from..self.sketches.len();
        self.sketched.insert(sum, range.clone());
        range
    }

    fn float(&self, number: Id) -> f64 {
        self.arena.as_number(number).map_or(1.0, |n| n.to_f64())
    }

    /// Of a base with a whole exponent: fingerprints of a product add up, as exponents do.
    pub(super) fn fingerprint(&self, base: Id, exponent: i64) -> u64 {
        let units = exponent.wrapping_mul(UNITS) as u64;
        self.arena.facts(base).hash.wrapping_mul(units)
    }

    pub(super) fn fingerprint_of(&self, factor: &Factor) -> u64 {
        if factor.exponent == Arena::ONE {
            return self.fingerprint(factor.base, 1);
        }
        let exponent = self.arena.as_number(factor.exponent);
        let units = match exponent.and_then(Rational::as_small) {
            Some((p, q)) if UNITS % q == 0 => p.wrapping_mul(UNITS / q) as u64,
            _ => self.arena.facts(factor.exponent).hash | 1,
        };
        self.arena.facts(factor.base).hash.wrapping_mul(units)
    }

    fn sketch(&self, factor: &Factor) -> Sketch {
        let base = self.arena.facts(factor.base);
        // An exponential costs e, a power and an exponent, more than exp(u): multiplied out, sums of them share less.
        let cost = match factor.exponent == Arena::ONE {
            true => base.size,
            false => (base.size)
                .saturating_add(self.arena.facts(factor.exponent).size)
                .saturating_add(1),
        };
        Sketch {
            fingerprint: self.fingerprint_of(factor),
            bases: 1 << (base.hash >> 58),
            cost,
            coefficient: 1.0,
        }
    }
}

impl Sketch {
    /// A number.
    fn one(coefficient: f64) -> Sketch {
        Sketch {
            fingerprint: 0,
            bases: 0,
            cost: 0,
            coefficient,
        }
    }

    fn times(&self, other: &Sketch) -> Sketch {
        let bases = self.bases | other.bases;
        let cost = match () {
            () if bases == self.bases => self.cost,
            () if bases == other.bases => other.cost,
            () if self.cost == 0 || other.cost == 0 => self.cost + other.cost,
            () => self.cost.saturating_add(other.cost).saturating_add(1),
        };
        Sketch {
            fingerprint: self.fingerprint.wrapping_add(other.fingerprint),
            bases,
            cost,
            coefficient: self.coefficient * other.coefficient,
        }
    }
}

/// Adds the coefficients of equal products and drops what cancels. `table` is room for a hash table of them.
fn merge(sketches: &mut Vec<Sketch>, table: &mut Vec<u32>) {
    // Where no two hash to the same bit, which is the usual case of a few, no two are equal.
    let mut seen = 0u64;
    let is_new = |s: &Sketch| {
        let bit = 1 << (s.fingerprint >> 58);
        let is_new = seen & bit == 0;
        seen |= bit;
        is_new
    };
    if sketches.iter().all(is_new) {
        return;
    }
    let room = (2 * sketches.len()).next_power_of_two();
    table.clear();
    table.resize(room, 0);
    let mut kept = 0;
    for at in 0..sketches.len() {
        let sketch = sketches[at];
        let mut place = (sketch.fingerprint >> 40) as usize & (room - 1);
        loop {
            match table[place] {
                0 => {
                    sketches[kept] = sketch;
                    kept += 1;
                    table[place] = kept as u32;
                    break;
                }
                known if sketches[known as usize - 1].fingerprint == sketch.fingerprint => {
                    let known = &mut sketches[known as usize - 1];
                    known.coefficient += sketch.coefficient;
                    // Whichever comes first: a lower estimate.
                    known.cost = known.cost.min(sketch.cost);
                    break;
                }
                _ => place = (place + 1) & (room - 1),
            }
        }
    }
    sketches.truncate(kept);
    sketches.retain(|s| s.coefficient.abs() > 1e-12);
}
