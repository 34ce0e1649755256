//! The constructors: what is folded when a node is made. Only what is local, and nothing that changes a value.
//!
//! Equal children always give the equal node, and a stored node is what its constructor makes of its children: printing
//! and reading back relies on it.

use super::{Arena, Function, Id, Node, Rational};

impl Arena {
    /// Numeric coefficient and the rest; the rest is `None` for a number.
    pub fn split_coefficient(&self, id: Id) -> (Option<Id>, Option<Id>) {
        match self.node(id) {
            Node::Number(_) => (Some(id), None),
            Node::Mul(a, b) if matches!(self.node(a), Node::Number(_)) => (Some(a), Some(b)),
            _ => (None, Some(id)),
        }
    }

    /// A number that stands in front of something, or before a sign: 1 where there is none.
    fn coefficient(&self, id: Option<Id>) -> &Rational {
        id.and_then(|id| self.as_number(id))
            .unwrap_or(&Rational::ONE)
    }

    /// `a + b`: numbers are added, 0 dropped, like terms next to each other collected.
    pub fn add(&mut self, a: Id, b: Id) -> Id {
        if self.is_zero(a) {
            return b;
        }
        if self.is_zero(b) {
            return a;
        }
        if let Some(sum) = self.like_terms(a, b) {
            return sum;
        }
        if let Node::Add(left, last) = self.node(a)
            && let Some(merged) = self.like_terms(last, b)
        {
            return if self.is_zero(merged) {
                left
            } else {
                self.intern(Node::Add(left, merged))
            };
        }
        self.intern(Node::Add(a, b))
    }

    /// `c1*r + c2*r = (c1 + c2)*r`, where both terms have that form.
    fn like_terms(&mut self, a: Id, b: Id) -> Option<Id> {
        let ((ca, ra), (cb, rb)) = (self.split_coefficient(a), self.split_coefficient(b));
        if ra != rb {
            return None;
        }
        let sum = self.coefficient(ca).checked_add(self.coefficient(cb))?;
        let sum = self.computed(sum, [ca.unwrap_or(a), cb.unwrap_or(b)]);
        Some(match ra {
            Some(rest) => self.scale(sum, rest),
            None => sum,
        })
    }

    /// `c*rest` for a number `c` and a `rest` without coefficient.
    fn scale(&mut self, c: Id, rest: Id) -> Id {
        match self.as_number(c) {
            Some(n) if n.is_zero() && !self.divides_by_zero(rest) => c,
            Some(n) if n.is_one() => rest,
            _ => self.intern(Node::Mul(c, rest)),
        }
    }

    /// `a * b`: numbers are multiplied and move to the front, 0 and 1 vanish, equal bases with numeric exponents meet.
    #[inline]
    pub fn mul(&mut self, a: Id, b: Id) -> Id {
        if (a == Arena::ONE || b == Arena::ONE) && !self.one_is_decimal() {
            return if a == Arena::ONE { b } else { a };
        }
        self.mul_in_full(a, b)
    }

    fn mul_in_full(&mut self, a: Id, b: Id) -> Id {
        let ((ca, ra), (cb, rb)) = (self.split_coefficient(a), self.split_coefficient(b));
        let c = match (ca, cb) {
            (None, None) => return self.mul_rests(a, b),
            (Some(c), None) | (None, Some(c)) => c,
            (Some(x), Some(y)) => match self.coefficient(ca).checked_mul(self.coefficient(cb)) {
                Some(product) => self.computed(product, [x, y]),
                None => return self.intern(Node::Mul(a, b)),
            },
        };
        if c == Arena::ZERO {
            // 0/0 stays what it is; every other product with 0 is 0.
            return match ra.or(rb) {
                Some(rest) if self.divides_by_zero(rest) => {
                    self.intern(Node::Mul(Arena::ZERO, rest))
                }
                _ => Arena::ZERO,
            };
        }
        let rest = match (ra, rb) {
            (Some(x), Some(y)) => Some(self.mul_rests(x, y)),
            (rest, None) | (None, rest) => rest,
        };
        match rest {
            None => c,
            // Powers that met may have left a number: sqrt(2)*sqrt(2).
            Some(rest) => match self.split_coefficient(rest) {
                (None, _) => self.scale(c, rest),
                _ => self.mul(c, rest),
            },
        }
    }

    /// Is it the number 0 to a negative power?
    pub(crate) fn divides_by_zero(&self, id: Id) -> bool {
        matches!(self.node(id), Node::Pow(Arena::ZERO, e) if self.as_number(e).is_some_and(Rational::is_negative))
    }

    fn mul_rests(&mut self, a: Id, b: Id) -> Id {
        if let Some(power) = self.same_base(a, b) {
            return power;
        }
        // A product by a choice with an empty side is a choice of products: 0 * (1/0) of the branch not taken never arises.
        for (choice, other) in [(a, b), (b, a)] {
            if let Node::If(c, p, q) = self.node(choice)
                && (self.is_zero(p) || self.is_zero(q))
            {
                let (p, q) = (self.mul(p, other), self.mul(q, other));
                return self.choice(c, p, q);
            }
        }
        if let Node::Mul(left, last) = self.node(a)
            && let Some(power) = self.same_base(last, b)
        {
            return self.mul(left, power);
        }
        self.intern(Node::Mul(a, b))
    }

    /// `u^p * u^q = u^(p + q)` for numbers p and q.
    fn same_base(&mut self, a: Id, b: Id) -> Option<Id> {
        let base_of = |id| match self.node(id) {
            Node::Pow(base, _) => base,
            _ => id,
        };
        // Nearly always they have not, and their exponents need not be looked at.
        let (base, other) = (base_of(a), base_of(b));
        if base != other && base != b && a != other {
            return None;
        }
        let split = |arena: &Arena, id| match arena.node(id) {
            Node::Pow(base, e) if arena.as_number(e).is_some() => (base, Some(e)),
            _ => (id, None),
        };
        let ((base, p), (other, q)) = (split(self, a), split(self, b));
        if base != other || self.as_number(base).is_some() && (p.is_none() || q.is_none()) {
            return None;
        }
        let sum = self.coefficient(p).checked_add(self.coefficient(q))?;
        let sum = self.computed(sum, [p.unwrap_or(a), q.unwrap_or(b)]);
        Some(self.pow(base, sum))
    }

    /// `a ^ b`: exact powers of numbers, `u^0 = 1`, `u^1 = u`, `(u^p)^n = u^(p*n)` and `(c*u)^n = c^n*u^n` for whole n.
    pub fn pow(&mut self, a: Id, b: Id) -> Id {
        if b == Arena::ONE {
            return a;
        }
        let Some(exponent) = self.as_number(b) else {
            if self.is_one(a) {
                return a;
            }
            return self.intern(Node::Pow(a, b));
        };
        if exponent.is_zero() {
            return Arena::ONE;
        }
        if let Some(base) = self.as_number(a) {
            if let Some(power) = number_power(base, exponent) {
                return self.computed(power, [a, b]);
            }
        } else if let Some(n) = exponent.as_i64() {
            match self.node(a) {
                Node::Pow(base, inner) => {
                    let product = self.mul(inner, b);
                    return self.pow(base, product);
                }
                Node::Mul(c, rest) if self.as_number(c).is_some() => {
                    let c = self.pow(c, b);
                    if self.as_number(c).is_some() {
                        let rest = self.pow(rest, b);
                        return self.mul(c, rest);
                    }
                }
                Node::ImaginaryUnit => {
                    return match n.rem_euclid(4) {
                        0 => Arena::ONE,
                        1 => a,
                        2 => Arena::MINUS_ONE,
                        _ => self.neg(a),
                    };
                }
                _ => {}
            }
        }
        self.intern(Node::Pow(a, b))
    }

    /// `f(a)`
    pub fn call(&mut self, f: Function, a: Id) -> Id {
        debug_assert_eq!(f.arity(), 1, "{f}");
        self.intern(Node::Call(f, a))
    }

    /// `f(a, b)`
    pub fn call2(&mut self, f: Function, a: Id, b: Id) -> Id {
        debug_assert_eq!(f.arity(), 2, "{f}");
        self.intern(Node::Call2(f, a, b))
    }

    /// `if(condition, a, b)`: decided at once where the condition is a number or both sides are the same.
    pub fn choice(&mut self, condition: Id, a: Id, b: Id) -> Id {
        match self.as_number(condition) {
            Some(n) => {
                if n.is_zero() {
                    b
                } else {
                    a
                }
            }
            None if a == b => a,
            None => self.intern(Node::If(condition, a, b)),
        }
    }

    /// `-a`
    pub fn neg(&mut self, a: Id) -> Id {
        self.mul(Arena::MINUS_ONE, a)
    }

    /// `a - b`
    pub fn sub(&mut self, a: Id, b: Id) -> Id {
        let b = self.neg(b);
        self.add(a, b)
    }

    /// `1 / a`
    pub fn recip(&mut self, a: Id) -> Id {
        self.pow(a, Arena::MINUS_ONE)
    }

    /// `a / b`
    pub fn div(&mut self, a: Id, b: Id) -> Id {
        let b = self.recip(b);
        self.mul(a, b)
    }

    /// The square root `a^(1/2)`.
    pub fn sqrt(&mut self, a: Id) -> Id {
        let half = self.number(Rational::HALF);
        self.pow(a, half)
    }

    /// Is the node the number 0?
    pub fn is_zero(&self, id: Id) -> bool {
        id == Arena::ZERO
    }

    /// Is the node the number 1?
    pub fn is_one(&self, id: Id) -> bool {
        id == Arena::ONE
    }

    /// Builds the same operation with other children, through the folding constructors.
    pub fn rebuild(&mut self, node: Node, mut child: impl FnMut(Id) -> Id) -> Id {
        match node {
            Node::Number(_) | Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit => self.intern(node),
            Node::Add(a, b) => self.add(child(a), child(b)),
            Node::Mul(a, b) => self.mul(child(a), child(b)),
            Node::Pow(a, b) => self.pow(child(a), child(b)),
            Node::Call(f, a) => self.call(f, child(a)),
            Node::Call2(f, a, b) => self.call2(f, child(a), child(b)),
            Node::If(c, a, b) => self.choice(child(c), child(a), child(b)),
        }
    }
}

fn number_power(base: &Rational, exponent: &Rational) -> Option<Rational> {
    if let Some(n) = exponent.as_i64() {
        return base.checked_powi(n);
    }
    if base.is_one() || base.is_zero() && !exponent.is_negative() {
        return Some(base.clone());
    }
    // The principal root of a positive number, where it is exact: 8^(2/3) = 4.
    let (n, d) = exponent.as_small()?;
    base.exact_root(u32::try_from(d).ok()?)?.checked_powi(n)
}
