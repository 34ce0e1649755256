//! Roots of numbers: perfect powers come out, what remains is below the root once.

use super::Simplifier;
use crate::expr::{Id, Node, Rational};

impl Simplifier<'_> {
    /// `n^(p/q)` with the exponent between 0 and 1 and perfect powers taken out: 8^(1/2) = 2*2^(1/2). `None` if nothing changes.
    pub(super) fn number_root(&mut self, base: Id, exponent: Id) -> Option<Id> {
        let power = self.arena.pow(base, exponent);
        if self.arena.as_number(power).is_some() {
            return Some(power);
        }
        if let Node::Number(n) = self.arena.node(base)
            && self.arena.is_decimal(n)
        {
            return None;
        }
        let (value, e) = (
            self.arena.as_number(base)?.clone(),
            self.arena.as_number(exponent)?.clone(),
        );
        if value.is_negative() || value.is_zero() || e.is_integer() {
            return None;
        }
        let whole = e.floor();
        let (p, q) = e.checked_add(&-&whole)?.as_small()?;
        let (numerator, denominator) = value.as_small()?;
        if !(2..=6).contains(&q) {
            return (!whole.is_zero()).then(|| self.split_power(base, &value, whole, p, q))?;
        }
        // (n/d)^(p/q) = (n^p * d^(q-p))^(1/q) / d, and the largest q-th power comes out of the radicand.
        let radicand = i128::from(numerator)
            .checked_pow(p as u32)?
            .checked_mul(i128::from(denominator).checked_pow((q - p) as u32)?)?;
        let (outside, inside) = extract_powers(radicand, q as u32);
        let changed = outside != 1 || denominator != 1 || !whole.is_zero();
        if !changed {
            return None;
        }
        let outer = value
            .checked_powi(whole.as_i64()?)?
            .checked_mul(&Rational::ratio(i64::try_from(outside).ok()?, denominator)?)?;
        let (inside, p) = if outside == 1 && denominator == 1 {
            (numerator, p)
        } else {
            (i64::try_from(inside).ok()?, 1)
        };
        let outer = self.arena.number(outer);
        let inside = self.arena.number(inside);
        let root = self.arena.number(Rational::ratio(p, q)?);
        let root = self.arena.pow(inside, root);
        Some(self.arena.mul(outer, root))
    }

    fn split_power(
        &mut self,
        base: Id,
        value: &Rational,
        whole: Rational,
        p: i64,
        q: i64,
    ) -> Option<Id> {
        let outer = self.arena.number(value.checked_powi(whole.as_i64()?)?);
        let root = self.arena.number(Rational::ratio(p, q)?);
        let root = self.arena.pow(base, root);
        Some(self.arena.mul(outer, root))
    }
}

/// `n = outside^q * inside` with `inside` free of q-th powers of small primes.
fn extract_powers(mut n: i128, q: u32) -> (i128, i128) {
    let (mut outside, mut inside) = (1i128, 1i128);
    let mut prime = 2i128;
    while prime < 1000 && prime * prime <= n {
        let mut count = 0;
        while n % prime == 0 {
            n /= prime;
            count += 1;
        }
        outside *= prime.pow(count / q);
        inside *= prime.pow(count % q);
        prime += 1;
    }
    (outside, inside * n)
}
