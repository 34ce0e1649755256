//! Polynomials in a few kernels with rational coefficients, for common factors of fractions: `x^2 - y^2` and `x - y`, or
//! `sin(x)^2 - 1` and `sin(x) - 1`. What a kernel is, is said in [`kernel`](super::kernel).
//!
//! The greatest common divisor is found by a remainder sequence of primitive parts, one kernel after another (Knuth, The
//! Art of Computer Programming 2, section 4.6.1; von zur Gathen and Gerhard, Modern Computer Algebra, section 6.12). An
//! operation that would grow beyond the bounds below answers `None`.

use std::cmp::Ordering;

use super::kernel::{Kernels, MAX_KERNELS, MAX_POWER, Power};
use crate::expr::walk::Order;
use crate::expr::{Arena, Id, Node, Rational};

/// A polynomial may have so many terms on the way.
const MAX_TERMS: usize = 100;

/// So many products of terms are formed for one common divisor.
const MAX_WORK: usize = 2_000;

/// The power of each kernel; compared by the first kernel first.
type Powers = [u16; MAX_KERNELS];

/// Terms with their coefficients, the largest powers first; no coefficient is 0.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Polynomial {
    terms: Vec<(Powers, Rational)>,
}

/// The exponent, if it is a whole number above 0 and not too large.
fn whole_power(arena: &Arena, id: Id) -> Option<u16> {
    let Node::Pow(_, exponent) = arena.node(id) else {
        return None;
    };
    let power = u16::try_from(arena.as_integer(exponent)?).ok()?;
    (1..=MAX_POWER).contains(&power).then_some(power)
}

impl Polynomial {
    /// The expression under `root`, in the kernels that are there and elsewhere.
    pub(super) fn of(arena: &Arena, root: Id, kernels: &Kernels) -> Option<Polynomial> {
        let order = Order::of(arena, &[root]);
        let mut done: Vec<Option<Polynomial>> = Vec::with_capacity(order.len());
        let mut work = MAX_WORK;
        for &id in &order.ids {
            let get = |id: Id| done[order.position(id)].as_ref();
            let polynomial = match (kernels.find(id), arena.node(id)) {
                (Some(power), _) => Some(Polynomial::power(power)),
                (None, Node::Number(n)) => Some(Polynomial::constant(arena.number_value(n))),
                (None, Node::Add(a, b)) => (get(a).zip(get(b)))
                    .and_then(|(a, b)| a.plus(b, &Rational::ONE, [0; MAX_KERNELS])),
                (None, Node::Mul(a, b)) => {
                    (get(a).zip(get(b))).and_then(|(a, b)| a.times(b, &mut work))
                }
                (None, Node::Pow(a, _)) => {
                    (whole_power(arena, id).zip(get(a))).and_then(|(n, a)| a.to_the(n, &mut work))
                }
                _ => None,
            };
            done.push(polynomial);
        }
        done.pop()?
    }

    fn constant(value: &Rational) -> Polynomial {
        let terms = [([0; MAX_KERNELS], value.clone())];
        Polynomial {
            terms: terms.into_iter().filter(|t| !t.1.is_zero()).collect(),
        }
    }

    fn power(Power { kernel, power }: Power) -> Polynomial {
        let mut powers = [0; MAX_KERNELS];
        powers[kernel] = power;
        Polynomial {
            terms: vec![(powers, Rational::ONE)],
        }
    }

    fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// Does no kernel occur?
    pub(super) fn is_constant(&self) -> bool {
        self.terms
            .iter()
            .all(|(powers, _)| *powers == [0; MAX_KERNELS])
    }

    fn degree(&self, kernel: usize) -> u16 {
        let powers = self.terms.iter().map(|(powers, _)| powers[kernel]);
        powers.max().unwrap_or(0)
    }

    /// `self + factor * kernels^shift * other`
    fn plus(&self, other: &Polynomial, factor: &Rational, shift: Powers) -> Option<Polynomial> {
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut left, mut right) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let moved = match right.peek() {
                Some((powers, _)) => Some(shifted(*powers, shift)?),
                None => None,
            };
            let order = match (left.peek(), &moved) {
                (None, None) => break,
                (Some(_), None) => Ordering::Greater,
                (None, Some(_)) => Ordering::Less,
                (Some((powers, _)), Some(moved)) => powers.cmp(moved),
            };
            let mut sum = Rational::ZERO;
            let mut powers = [0; MAX_KERNELS];
            if order != Ordering::Less {
                let term = left.next().expect("just seen");
                (powers, sum) = (term.0, term.1.clone());
            }
            if order != Ordering::Greater {
                let term = right.next().expect("just seen");
                powers = moved.expect("just seen");
                sum = sum.checked_add(&term.1.checked_mul(factor)?)?;
            }
            if !sum.is_zero() {
                terms.push((powers, sum));
            }
        }
        (terms.len() <= MAX_TERMS).then_some(Polynomial { terms })
    }

    fn times(&self, other: &Polynomial, work: &mut usize) -> Option<Polynomial> {
        *work = work.checked_sub(self.terms.len() * other.terms.len())?;
        // Each step copies what there is so far: as few of them as can be.
        let (few, many) = match self.terms.len() <= other.terms.len() {
            true => (self, other),
            false => (other, self),
        };
        let mut product = Polynomial { terms: Vec::new() };
        for (powers, coefficient) in &few.terms {
            product = product.plus(many, coefficient, *powers)?;
        }
        Some(product)
    }

    fn to_the(&self, exponent: u16, work: &mut usize) -> Option<Polynomial> {
        let mut power = Polynomial::constant(&Rational::ONE);
        if let [(powers, coefficient)] = &self.terms[..] {
            // A single term: x^500 is no 500 products.
            let mut raised = *powers;
            for p in &mut raised {
                *p = p.checked_mul(exponent).filter(|p| *p <= MAX_POWER)?;
            }
            let coefficient = coefficient.checked_powi(i64::from(exponent))?;
            power.terms[0] = (raised, coefficient);
            return Some(power);
        }
        for _ in 0..exponent {
            power = power.times(self, work)?;
        }
        Some(power)
    }

    /// The quotient, if there is no remainder.
    pub(super) fn divided_by(&self, divisor: &Polynomial) -> Option<Polynomial> {
        let (leading, rest) = divisor.terms.split_first()?;
        let inverse = leading.1.recip()?;
        let rest = Polynomial {
            terms: rest.to_vec(),
        };
        let mut left = self.clone();
        let mut quotient = Polynomial { terms: Vec::new() };
        let mut work = MAX_WORK;
        while let Some((powers, coefficient)) = left.terms.first() {
            let mut shift = [0; MAX_KERNELS];
            for (shift, (p, q)) in shift.iter_mut().zip(powers.iter().zip(&leading.0)) {
                *shift = p.checked_sub(*q)?;
            }
            let factor = coefficient.checked_mul(&inverse)?;
            left.terms.remove(0);
            left = left.plus(&rest, &-&factor, shift)?;
            quotient.terms.push((shift, factor));
            work = work.checked_sub(divisor.terms.len() + left.terms.len())?;
        }
        Some(quotient)
    }

    /// The greatest common divisor: whole coefficients without a common factor, the first one above 0.
    pub(super) fn gcd(&self, other: &Polynomial) -> Option<Polynomial> {
        common_divisor(self, other, &mut { MAX_WORK })
    }

    /// The same with whole coefficients that have no common factor, the first one above 0.
    fn primitive(mut self) -> Option<Polynomial> {
        let common = (self.terms.iter()).fold(Rational::ZERO, |g, (_, c)| g.gcd(c));
        let Some((_, leading)) = self.terms.first() else {
            return Some(self);
        };
        let scale = match leading.is_negative() {
            true => -&common.recip()?,
            false => common.recip()?,
        };
        for (_, coefficient) in &mut self.terms {
            *coefficient = coefficient.checked_mul(&scale)?;
        }
        Some(self)
    }

    /// By power of the kernel, that of 0 first: what it is multiplied by.
    fn coefficients(&self, kernel: usize) -> Vec<Polynomial> {
        let empty = Polynomial { terms: Vec::new() };
        let mut list = vec![empty; usize::from(self.degree(kernel)) + 1];
        for (powers, coefficient) in &self.terms {
            let mut rest = *powers;
            rest[kernel] = 0;
            // Terms that agree in the kernel keep their order without it.
            list[usize::from(powers[kernel])]
                .terms
                .push((rest, coefficient.clone()));
        }
        list
    }

    /// What the kernel is multiplied by in its highest power.
    fn leading(&self, kernel: usize) -> Polynomial {
        self.coefficients(kernel)
            .pop()
            .expect("there is one at least")
    }

    /// The greatest common divisor of the coefficients of the kernel's powers.
    fn content(&self, kernel: usize, work: &mut usize) -> Option<Polynomial> {
        let mut content = Polynomial { terms: Vec::new() };
        for coefficient in self.coefficients(kernel) {
            content = common_divisor(&content, &coefficient, work)?;
            if content.is_constant() && !content.is_zero() {
                break;
            }
        }
        Some(content)
    }

    /// The expression, largest powers first.
    pub(super) fn to_expr(&self, arena: &mut Arena, kernels: &[Id]) -> Id {
        let mut sum = Arena::ZERO;
        for (powers, coefficient) in &self.terms {
            let mut term = arena.number(coefficient.clone());
            for (&kernel, &power) in kernels.iter().zip(powers) {
                let exponent = arena.number(i64::from(power));
                let power = arena.pow(kernel, exponent);
                term = arena.mul(term, power);
            }
            sum = arena.add(sum, term);
        }
        sum
    }
}

fn shifted(mut powers: Powers, shift: Powers) -> Option<Powers> {
    for (power, shift) in powers.iter_mut().zip(shift) {
        *power += shift;
        if *power > MAX_POWER {
            return None;
        }
    }
    Some(powers)
}

/// By recursion over the kernels, of which there are [`MAX_KERNELS`]: the contents have one less.
fn common_divisor(a: &Polynomial, b: &Polynomial, work: &mut usize) -> Option<Polynomial> {
    if a.is_zero() || b.is_zero() {
        let other = if a.is_zero() { b } else { a };
        return other.clone().primitive();
    }
    let occurs = |kernel: &usize| a.degree(*kernel) > 0 || b.degree(*kernel) > 0;
    let Some(kernel) = (0..MAX_KERNELS).find(occurs) else {
        return Some(Polynomial::constant(&Rational::ONE));
    };
    // What does not hold the kernel divides all the coefficients of what does, or nothing.
    if a.degree(kernel) == 0 {
        return common_divisor(a, &b.content(kernel, work)?, work);
    }
    if b.degree(kernel) == 0 {
        return common_divisor(b, &a.content(kernel, work)?, work);
    }
    let contents = (a.content(kernel, work)?, b.content(kernel, work)?);
    let outside = common_divisor(&contents.0, &contents.1, work)?;
    let mut p = a.divided_by(&contents.0)?.primitive()?;
    let mut q = b.divided_by(&contents.1)?.primitive()?;
    if p.degree(kernel) < q.degree(kernel) {
        (p, q) = (q, p);
    }
    loop {
        let rest = remainder(&p, &q, kernel, work)?;
        if rest.is_zero() {
            return q.times(&outside, work)?.primitive();
        }
        if rest.degree(kernel) == 0 {
            return outside.primitive();
        }
        let content = rest.content(kernel, work)?;
        (p, q) = (q, rest.divided_by(&content)?.primitive()?);
    }
}

/// The remainder of `p`, multiplied by a power of the leading coefficient of `q`, divided by `q`.
fn remainder(
    p: &Polynomial,
    q: &Polynomial,
    kernel: usize,
    work: &mut usize,
) -> Option<Polynomial> {
    let (leading, degree) = (q.leading(kernel), q.degree(kernel));
    let mut rest = p.clone();
    while !rest.is_zero() && rest.degree(kernel) >= degree {
        let mut shift = [0; MAX_KERNELS];
        shift[kernel] = rest.degree(kernel) - degree;
        let subtracted = rest.leading(kernel).times(q, work)?;
        let scaled = rest.times(&leading, work)?;
        rest = scaled
            .plus(&subtracted, &Rational::MINUS_ONE, shift)?
            .primitive()?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Graph;

    /// Two polynomials, multiplied by a third: is that what both have in common, and are the quotients right?
    fn common_is_found(a: &str, b: &str, common: &str) {
        let graph = Graph::new();
        let [a, b, common] = [a, b, common].map(|text| graph.parse(text).unwrap());
        let arena = graph.arena();
        let found = Kernels::of(&arena, &[a.id(), b.id(), common.id()]).unwrap();
        let of = |id: Id| Polynomial::of(&arena, id, &found).unwrap();
        let (a, b, common) = (of(a.id()), of(b.id()), of(common.id()));
        let times = |p: &Polynomial| p.times(&common, &mut { MAX_WORK }).unwrap();
        let gcd = times(&a).gcd(&times(&b)).expect("little work");
        assert_eq!(gcd, common.clone().primitive().unwrap());
        assert_eq!(times(&a).divided_by(&common).unwrap(), a);
        let other = Polynomial::constant(&Rational::ONE);
        assert_eq!(a.gcd(&b).unwrap(), other, "these have nothing in common");
    }

    #[test]
    fn common_factors_are_found() {
        common_is_found("x", "y", "x + y");
        common_is_found("x^2 + x*y + y^2", "1", "x - y");
        common_is_found("x + y", "x - y", "2*x - 3*y");
        common_is_found("x^2 + y^2 + 1", "x*y - z/2", "x^3*y + 2*z - 1/3");
        common_is_found("x + 1", "x + 2", "x^2 + x + 1");
        common_is_found("x*y*z + 1", "z^2 - y", "(x + y + z)*(x - z)");
        common_is_found("sin(x) + y", "sin(x) - y", "sin(x)*y^2 + exp(y)");
        common_is_found("1", "y", "x + 5*y + 2");
        // Powers of one kernel.
        common_is_found("x + sqrt(x) + 1", "1", "sqrt(x) - 1");
        common_is_found("exp(x/2)*y + 1", "exp(x/3) - y", "exp(x) + exp(x/2)*y^2");
        common_is_found("2^(2*x) + 2^(-y)", "2^(-2*y) + 3", "2^x - 2^(-3*y)");
        // A part of it holds the first kernel, another one does not.
        common_is_found("x + 2", "x*y + 3", "(y + 1)*(x - y)");
        common_is_found("x^3 - y^3 + 3", "x^2 + x*y^2 - 7", "x^2 - y + 2");
    }

    #[test]
    fn what_grows_too_large_is_given_up() {
        let graph = Graph::new();
        let f = graph.parse("(x + y + z + w + 1)^40").unwrap();
        let arena = graph.arena();
        let found = Kernels::of(&arena, &[f.id()]).unwrap();
        assert_eq!(Polynomial::of(&arena, f.id(), &found), None);
        drop(arena);
        let f = graph.parse("a + b + c + d + x").unwrap();
        assert!(Kernels::of(&graph.arena(), &[f.id()]).is_none());
    }
}
