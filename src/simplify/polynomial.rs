//! Polynomials in one variable with rational coefficients: degree, coefficients, greatest common divisor, exact roots.
//!
//! Everything is exact; an operation whose numbers would grow beyond
//! [`MAX_NUMBER_BITS`](crate::expr::MAX_NUMBER_BITS) answers `None`.

use crate::expr::walk::Order;
use crate::expr::{Arena, Expr, Id, Node, Rational, SymbolId};

/// Polynomials of a higher degree are not recognised.
pub const MAX_DEGREE: usize = 1000;

/// A polynomial with rational coefficients, never with a leading 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polynomial {
    /// The coefficient of each power, the constant first; empty for 0.
    pub coefficients: Vec<Rational>,
}

impl Polynomial {
    /// The polynomial with these coefficients, the constant first.
    pub fn new(mut coefficients: Vec<Rational>) -> Polynomial {
        while coefficients.last().is_some_and(Rational::is_zero) {
            coefficients.pop();
        }
        Polynomial { coefficients }
    }

    /// The expression under `root` as a polynomial in `variable`; `None` if it is none, or other variables occur.
    pub fn of(arena: &Arena, root: Id, variable: SymbolId) -> Option<Polynomial> {
        let order = Order::of(arena, &[root]);
        let mut done: Vec<Option<Polynomial>> = Vec::with_capacity(order.len());
        for &id in &order.ids {
            let get = |id: Id| done[order.position(id)].as_ref();
            let polynomial = match arena.node(id) {
                Node::Number(n) => Some(Polynomial::new(vec![arena.number_value(n).clone()])),
                Node::Symbol(s) if s == variable => {
                    Some(Polynomial::new(vec![Rational::ZERO, Rational::ONE]))
                }
                Node::Add(a, b) => get(a).zip(get(b)).and_then(|(a, b)| a.add(b)),
                Node::Mul(a, b) => get(a).zip(get(b)).and_then(|(a, b)| a.mul(b)),
                Node::Pow(a, b) => (arena.as_integer(b).and_then(|n| u32::try_from(n).ok()))
                    .and_then(|n| get(a)?.pow(n)),
                _ => None,
            };
            done.push(polynomial);
        }
        done.pop()?
    }

    /// The highest power with a coefficient that is not 0; `None` for the polynomial 0.
    pub fn degree(&self) -> Option<usize> {
        self.coefficients.len().checked_sub(1)
    }

    /// Is it 0?
    pub fn is_zero(&self) -> bool {
        self.coefficients.is_empty()
    }

    /// The value at `x`, exactly (Horner's scheme).
    pub fn eval(&self, x: &Rational) -> Option<Rational> {
        (self.coefficients.iter().rev())
            .try_fold(Rational::ZERO, |sum, c| sum.checked_mul(x)?.checked_add(c))
    }

    /// The sum.
    pub fn add(&self, other: &Polynomial) -> Option<Polynomial> {
        let (long, short) = if self.coefficients.len() >= other.coefficients.len() {
            (self, other)
        } else {
            (other, self)
        };
        let mut sum = long.coefficients.clone();
        for (a, b) in sum.iter_mut().zip(&short.coefficients) {
            *a = a.checked_add(b)?;
        }
        Some(Polynomial::new(sum))
    }

    /// The product; `None` above [`MAX_DEGREE`].
    pub fn mul(&self, other: &Polynomial) -> Option<Polynomial> {
        if self.is_zero() || other.is_zero() {
            return Some(Polynomial::new(Vec::new()));
        }
        let length = self.coefficients.len() + other.coefficients.len() - 1;
        if length > MAX_DEGREE + 1 {
            return None;
        }
        let mut product = vec![Rational::ZERO; length];
        for (i, a) in self.coefficients.iter().enumerate() {
            for (j, b) in other.coefficients.iter().enumerate() {
                product[i + j] = product[i + j].checked_add(&a.checked_mul(b)?)?;
            }
        }
        Some(Polynomial::new(product))
    }

    /// The power; `None` above [`MAX_DEGREE`].
    pub fn pow(&self, exponent: u32) -> Option<Polynomial> {
        if self.degree().unwrap_or(0).saturating_mul(exponent as usize) > MAX_DEGREE {
            return None;
        }
        let constant = self.degree().is_none_or(|d| d == 0);
        if constant {
            let value = self
                .coefficients
                .first()
                .cloned()
                .unwrap_or(Rational::ZERO)
                .checked_powi(i64::from(exponent))?;
            return Some(Polynomial::new(vec![value]));
        }
        let mut result = Polynomial::new(vec![Rational::ONE]);
        for _ in 0..exponent {
            result = result.mul(self)?;
        }
        Some(result)
    }

    /// Quotient and remainder; `None` for division by 0.
    pub fn div_rem(&self, divisor: &Polynomial) -> Option<(Polynomial, Polynomial)> {
        let inverse = divisor.coefficients.last()?.recip()?;
        let mut rest = self.coefficients.clone();
        let shift = divisor.coefficients.len() - 1;
        let mut quotient = vec![Rational::ZERO; rest.len().saturating_sub(shift)];
        for at in (0..quotient.len()).rev() {
            let factor = rest[at + shift].checked_mul(&inverse)?;
            for (k, c) in divisor.coefficients.iter().enumerate() {
                rest[at + k] = rest[at + k].checked_add(&-&factor.checked_mul(c)?)?;
            }
            quotient[at] = factor;
        }
        rest.truncate(shift);
        Some((Polynomial::new(quotient), Polynomial::new(rest)))
    }

    /// The greatest common divisor with leading coefficient 1 (Euclid; remainders are made monic, so that numbers stay
    /// small). 0 for two zeros.
    pub fn gcd(&self, other: &Polynomial) -> Option<Polynomial> {
        let (mut a, mut b) = (self.monic()?, other.monic()?);
        while !b.is_zero() {
            let rest = a.div_rem(&b)?.1.monic()?;
            (a, b) = (b, rest);
        }
        Some(a)
    }

    fn monic(&self) -> Option<Polynomial> {
        let Some(leading) = self.coefficients.last() else {
            return Some(self.clone());
        };
        self.scaled(&leading.recip()?)
    }

    fn scaled(&self, factor: &Rational) -> Option<Polynomial> {
        let coefficients = self
            .coefficients
            .iter()
            .map(|c| c.checked_mul(factor))
            .collect::<Option<_>>()?;
        Some(Polynomial::new(coefficients))
    }

    /// The derivative.
    pub fn derivative(&self) -> Option<Polynomial> {
        let terms = self.coefficients.iter().enumerate().skip(1);
        let coefficients = terms
            .map(|(n, c)| c.checked_mul(&Rational::from(n as i64)))
            .collect::<Option<_>>()?;
        Some(Polynomial::new(coefficients))
    }

    /// Every rational root with its multiplicity, ascending. `None` if a number on the way would be too large, or every
    /// prime that is tried divides the discriminant, so that the roots cannot be lifted.
    ///
    /// The square-free part is made monic with whole coefficients by a substitution; its roots modulo a prime are lifted
    /// to a modulus beyond the root bound and tried (Hensel; von zur Gathen and Gerhard, Modern Computer Algebra, 15.4).
    ///
    /// ```
    /// use gradus::{Graph, Rational};
    /// let graph = Graph::new();
    /// let x = graph.symbol("x");
    /// let p = (2 * x.powi(3) - x.powi(2) - 8 * x + 4).polynomial("x").unwrap();
    /// let half = Rational::ratio(1, 2).unwrap();
    /// assert_eq!(p.rational_roots().unwrap(), [((-2).into(), 1), (half, 1), (2.into(), 1)]);
    /// ```
    pub fn rational_roots(&self) -> Option<Vec<(Rational, usize)>> {
        let mut roots = Vec::new();
        if self.degree().is_none_or(|d| d == 0) {
            return Some(roots);
        }
        let square_free = self.div_rem(&self.gcd(&self.derivative()?)?)?.0;
        for root in square_free.simple_rational_roots()? {
            let factor = Polynomial::new(vec![-&root, Rational::ONE]);
            let (mut rest, mut multiplicity) = (self.clone(), 0);
            loop {
                let (quotient, remainder) = rest.div_rem(&factor)?;
                if !remainder.is_zero() {
                    break;
                }
                rest = quotient;
                multiplicity += 1;
            }
            roots.push((root, multiplicity));
        }
        roots.sort();
        Some(roots)
    }

    fn simple_rational_roots(&self) -> Option<Vec<Rational>> {
        let degree = self.degree()?;
        let content = self
            .coefficients
            .iter()
            .fold(Rational::ZERO, |g, c| g.gcd(c));
        let whole = self.scaled(&content.recip()?)?;
        let leading = whole.coefficients[degree].clone();
        // y = leading*x: y^n + sum of a_k * leading^(n-1-k) * y^k has whole coefficients and leading coefficient 1.
        let mut monic = Vec::with_capacity(degree + 1);
        for (k, a) in whole.coefficients[..degree].iter().enumerate() {
            monic.push(a.checked_mul(&leading.checked_powi((degree - 1 - k) as i64)?)?);
        }
        monic.push(Rational::ONE);
        let monic = Polynomial::new(monic);
        let bound = monic.coefficients[..degree]
            .iter()
            .map(Rational::abs)
            .max()?
            .checked_add(&Rational::ONE)?;
        let slope = monic.derivative()?;
        let inverse = leading.recip()?;
        let mut roots = Vec::new();
        for y in lifted_roots(&monic, &slope, &bound)? {
            if monic.eval(&y)?.is_zero() {
                roots.push(y.checked_mul(&inverse)?);
            }
        }
        Some(roots)
    }

    /// The polynomial in `x`, highest power first.
    pub fn to_expr(&self, arena: &mut Arena, x: Id) -> Id {
        let mut sum = Arena::ZERO;
        for (n, c) in self.coefficients.iter().enumerate().rev() {
            let exponent = arena.number(n as i64);
            let power = arena.pow(x, exponent);
            let c = arena.number(c.clone());
            let term = arena.mul(c, power);
            sum = arena.add(sum, term);
        }
        sum
    }
}

/// The remainder in `0..modulus`.
fn modulo(value: &Rational, modulus: &Rational) -> Option<Rational> {
    let quotient = value.checked_mul(&modulus.recip()?)?.floor();
    value.checked_add(&-&quotient.checked_mul(modulus)?)
}

fn eval_modulo(p: &Polynomial, x: &Rational, modulus: &Rational) -> Option<Rational> {
    (p.coefficients.iter().rev()).try_fold(Rational::ZERO, |sum, c| {
        modulo(&sum.checked_mul(x)?.checked_add(c)?, modulus)
    })
}

/// Candidates for whole roots of a monic square-free polynomial: every root is among them.
fn lifted_roots(p: &Polynomial, slope: &Polynomial, bound: &Rational) -> Option<Vec<Rational>> {
    // A prime modulo which no root is double; only finitely many primes (divisors of the discriminant) fail.
    'primes: for prime in [
        101i64, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181,
        191, 193, 197, 199, 211,
    ] {
        let modulus = Rational::from(prime);
        let mut starts = Vec::new();
        for r in 0..prime {
            let r = Rational::from(r);
            if eval_modulo(p, &r, &modulus)?.is_zero() {
                if eval_modulo(slope, &r, &modulus)?.is_zero() {
                    continue 'primes;
                }
                starts.push(r);
            }
        }
        let mut roots = Vec::new();
        for start in starts {
            // Newton's step doubles the number of right digits to the base of the prime.
            let inverse = (1..prime).map(Rational::from).find_map(|k| {
                let product = eval_modulo(slope, &start, &modulus)?.checked_mul(&k)?;
                modulo(&product, &modulus)?.is_one().then_some(k)
            })?;
            let (mut root, mut inverse, mut m) = (start, inverse, modulus.clone());
            let enough = bound.checked_mul(&Rational::from(2))?;
            while m <= enough {
                m = m.checked_mul(&m)?;
                let value = eval_modulo(p, &root, &m)?;
                root = modulo(&root.checked_add(&-&value.checked_mul(&inverse)?)?, &m)?;
                let product = eval_modulo(slope, &root, &m)?.checked_mul(&inverse)?;
                let correction = Rational::from(2).checked_add(&-&product)?;
                inverse = modulo(&inverse.checked_mul(&correction)?, &m)?;
            }
            let half = m.checked_mul(&Rational::HALF)?;
            roots.push(if root > half {
                root.checked_add(&-&m)?
            } else {
                root
            });
        }
        return Some(roots);
    }
    None
}

impl Expr<'_> {
    /// The expression as a polynomial in one variable with rational coefficients; `None` if it is not one.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let x = graph.symbol("x");
    /// let p = ((x + 1).powi(2) - 4).polynomial("x").unwrap();
    /// assert_eq!(p.degree(), Some(2));
    /// assert_eq!(p.coefficients, [(-3).into(), 2.into(), 1.into()]);
    /// ```
    pub fn polynomial(self, variable: &str) -> Option<Polynomial> {
        let arena = self.graph().arena();
        Polynomial::of(&arena, self.id(), arena.find_symbol(variable)?)
    }
}
