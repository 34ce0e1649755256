//! Exact rational numbers: small ones inline, large ones in a big rational.
//!
//! Nothing here rounds. The only road to floating point is [`Rational::to_f64`], which rounds once.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

/// Numbers of more bits than this (numerator and denominator together) are not folded: the operation stays in the
/// expression. It bounds the memory that a short text such as `9^9^9` can ask for.
pub const MAX_NUMBER_BITS: usize = 1 << 17;

/// An exact rational number in lowest terms.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rational(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// Always used where both parts fit; the denominator is positive and the parts have no common divisor.
    Small(i64, i64),
    Big(Box<RBig>),
}

use Repr::{Big, Small};

/// Euclid's algorithm; 64-bit division as soon as both fit, since the 128-bit one costs five times as much.
fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(x), Ok(y)) = (u64::try_from(a), u64::try_from(b)) {
            return small_gcd(x, y).into();
        }
        (a, b) = (b, a % b);
    }
    a
}

fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Rational {
    /// 0
    pub const ZERO: Rational = Rational(Small(0, 1));
    /// 1
    pub const ONE: Rational = Rational(Small(1, 1));
    /// -1
    pub const MINUS_ONE: Rational = Rational(Small(-1, 1));
    /// 1/2
    pub const HALF: Rational = Rational(Small(1, 2));

    /// `numerator / denominator`; `None` if the denominator is 0.
    pub fn ratio(numerator: i64, denominator: i64) -> Option<Rational> {
        (denominator != 0).then(|| Rational::reduce(numerator as i128, denominator as i128))
    }

    fn reduce(n: i128, d: i128) -> Rational {
        debug_assert!(d != 0);
        if d == 1
            && let Ok(n) = i64::try_from(n)
        {
            return Rational(Small(n, 1));
        }
        // Nearly all are small, and division of 128 bits is a call.
        if let (Ok(n), Ok(d)) = (i64::try_from(n), i64::try_from(d))
            && n != i64::MIN
            && d != i64::MIN
        {
            let g = small_gcd(n.unsigned_abs(), d.unsigned_abs()) as i64 * d.signum();
            return Rational(Small(n / g, d / g));
        }
        let g = gcd(n.unsigned_abs(), d.unsigned_abs()) as i128 * d.signum();
        let (n, d) = (n / g, d / g);
        match (i64::try_from(n), i64::try_from(d)) {
            (Ok(n), Ok(d)) => Rational(Small(n, d)),
            _ => Rational::from_big(RBig::from_parts_signed(IBig::from(n), IBig::from(d))),
        }
    }

    fn from_big(value: RBig) -> Rational {
        match (
            i64::try_from(value.numerator()),
            i64::try_from(value.denominator()),
        ) {
            (Ok(n), Ok(d)) => Rational(Small(n, d)),
            _ => Rational(Big(Box::new(value))),
        }
    }

    fn to_big(&self) -> RBig {
        match &self.0 {
            Small(n, d) => RBig::from_parts_signed(IBig::from(*n), IBig::from(*d)),
            Big(b) => (**b).clone(),
        }
    }

    /// The integer of the given decimal digits.
    pub fn from_digits(digits: &str) -> Option<Rational> {
        if let Ok(n) = digits.parse::<i64>() {
            return Some(n.into());
        }
        UBig::from_str(digits)
            .ok()
            .map(|n| Rational::from_big(RBig::from(n)))
    }

    /// The nearest double (ties to even); infinities where it overflows.
    pub fn to_f64(&self) -> f64 {
        const EXACT: u64 = 1 << 53;
        match &self.0 {
            Small(n, 1) => *n as f64,
            Small(n, d) if n.unsigned_abs() <= EXACT && d.unsigned_abs() <= EXACT => {
                *n as f64 / *d as f64
            }
            _ => self.to_big().to_f64().value(),
        }
    }

    /// The value as a small integer, where it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Small(n, 1) => Some(n),
            _ => None,
        }
    }

    /// Numerator and denominator where both are small.
    pub fn as_small(&self) -> Option<(i64, i64)> {
        match self.0 {
            Small(n, d) => Some((n, d)),
            Big(_) => None,
        }
    }

    /// The numerator, with the sign.
    pub fn numerator(&self) -> Rational {
        match &self.0 {
            Small(n, _) => (*n).into(),
            Big(b) => Rational::from_big(RBig::from(b.numerator().clone())),
        }
    }

    /// The denominator, always positive.
    pub fn denominator(&self) -> Rational {
        match &self.0 {
            Small(_, d) => (*d).into(),
            Big(b) => Rational::from_big(RBig::from(b.denominator().clone())),
        }
    }

    /// Is it 0?
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Small(0, _))
    }

    /// Is it 1?
    pub fn is_one(&self) -> bool {
        matches!(self.0, Small(1, 1))
    }

    /// Is it a whole number?
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Small(_, d) => *d == 1,
            Big(b) => b.is_int(),
        }
    }

    /// Is it less than 0?
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Small(n, _) => *n < 0,
            Big(b) => b.numerator() < &IBig::ZERO,
        }
    }

    /// Is it an even whole number?
    pub fn is_even(&self) -> bool {
        match &self.0 {
            Small(n, d) => *d == 1 && n % 2 == 0,
            // The remainder of a negative odd number is -1, which is no u8.
            Big(b) => b.is_int() && b.numerator() % 2i8 == 0,
        }
    }

    /// The magnitude.
    pub fn abs(&self) -> Rational {
        if self.is_negative() {
            -self
        } else {
            self.clone()
        }
    }

    /// The largest integer not above the value.
    pub fn floor(&self) -> Rational {
        match &self.0 {
            Small(n, d) => n.div_euclid(*d).into(),
            Big(b) => Rational::from_big(RBig::from(b.floor())),
        }
    }

    /// Bits of numerator and denominator together.
    pub fn bits(&self) -> usize {
        use dashu_int::ops::BitTest;
        match &self.0 {
            Small(n, d) => {
                (128 - n.unsigned_abs().leading_zeros() - d.unsigned_abs().leading_zeros()) as usize
            }
            Big(b) => b.numerator().bit_len() + b.denominator().bit_len(),
        }
    }

    /// The sum, unless it has more than [`MAX_NUMBER_BITS`] bits.
    pub fn checked_add(&self, other: &Rational) -> Option<Rational> {
        if let (Small(a, b), Small(c, d)) = (&self.0, &other.0) {
            // Most numbers of a formula are whole and small.
            if (b, d) == (&1, &1)
                && let Some(sum) = a.checked_add(*c)
            {
                return Some(Rational(Small(sum, 1)));
            }
            if b == d {
                return Some(Rational::reduce(*a as i128 + *c as i128, *b as i128));
            }
            let (a, b, c, d) = (*a as i128, *b as i128, *c as i128, *d as i128);
            // |a d| and |c b| are below 2^126, so the sum cannot overflow.
            return Some(Rational::reduce(a * d + c * b, b * d));
        }
        if self.bits() + other.bits() > 2 * MAX_NUMBER_BITS {
            return None;
        }
        Some(Rational::from_big(self.to_big() + other.to_big()))
    }

    /// The product, unless it has more than [`MAX_NUMBER_BITS`] bits.
    pub fn checked_mul(&self, other: &Rational) -> Option<Rational> {
        if let (Small(a, b), Small(c, d)) = (&self.0, &other.0) {
            if (b, d) == (&1, &1)
                && let Some(product) = a.checked_mul(*c)
            {
                return Some(Rational(Small(product, 1)));
            }
            return Some(Rational::reduce(
                *a as i128 * *c as i128,
                *b as i128 * *d as i128,
            ));
        }
        if self.bits() + other.bits() > MAX_NUMBER_BITS {
            return None;
        }
        Some(Rational::from_big(self.to_big() * other.to_big()))
    }

    /// 1 divided by the number; `None` for 0.
    pub fn recip(&self) -> Option<Rational> {
        match &self.0 {
            Small(0, _) => None,
            // In lowest terms already; only the sign has to go up.
            Small(n @ 1.., d) => Some(Rational(Small(*d, *n))),
            Small(n, d) => Some(Rational::reduce(*d as i128, *n as i128)),
            Big(b) => Some(Rational::from_big(RBig::ONE / &**b)),
        }
    }

    /// The power with a whole exponent, unless it is 1/0 or has more than [`MAX_NUMBER_BITS`] bits. 0^0 is 1.
    pub fn checked_powi(&self, exponent: i64) -> Option<Rational> {
        if exponent == 0 || self.is_one() {
            return Some(Rational::ONE);
        }
        if self.is_zero() {
            return (exponent > 0).then_some(Rational::ZERO);
        }
        if *self == Rational::MINUS_ONE {
            return Some(if exponent % 2 == 0 {
                Rational::ONE
            } else {
                Rational::MINUS_ONE
            });
        }
        let base = if exponent < 0 {
            self.recip()?
        } else {
            self.clone()
        };
        let n = exponent.unsigned_abs() as usize;
        // The bound must hold before the work: bits - 2 of an n-bit number is below its logarithm.
        if base.bits().saturating_sub(2).max(1).saturating_mul(n) > MAX_NUMBER_BITS {
            return None;
        }
        let (mut result, mut square, mut n) = (Rational::ONE, base, n);
        loop {
            if n & 1 == 1 {
                result = result.checked_mul(&square)?;
            }
            n >>= 1;
            if n == 0 {
                return Some(result);
            }
            square = square.checked_mul(&square)?;
        }
    }

    /// The exact `index`-th root of a non-negative number, where it is rational.
    pub fn exact_root(&self, index: u32) -> Option<Rational> {
        if self.is_negative() || index == 0 {
            return None;
        }
        let root = |n: &Rational| -> Option<Rational> {
            let n = match &n.0 {
                Small(n, _) => UBig::from(n.unsigned_abs()),
                Big(b) => UBig::try_from(b.numerator().clone()).ok()?,
            };
            use dashu_int::ops::BitTest;
            if n.bit_len() > MAX_NUMBER_BITS / 16 {
                return None;
            }
            let r = n.nth_root(index as usize);
            (r.pow(index as usize) == n).then(|| Rational::from_big(RBig::from(r)))
        };
        root(&self.numerator())?.checked_mul(&root(&self.denominator())?.recip()?)
    }

    /// Numerator and denominator divided by their greatest common divisors: the positive rational g such that both
    /// numbers are integer multiples of g with no common divisor. 0 and 0 give 0.
    pub fn gcd(&self, other: &Rational) -> Rational {
        use dashu_base::Gcd;
        if self.is_zero() {
            return other.abs();
        }
        if other.is_zero() {
            return self.abs();
        }
        if let (Small(a, 1), Small(c, 1)) = (&self.0, &other.0)
            && let common = gcd(a.unsigned_abs().into(), c.unsigned_abs().into())
            && let Ok(common) = i64::try_from(common)
        {
            return Rational(Small(common, 1));
        }
        if let (Small(a, b), Small(c, d)) = (&self.0, &other.0) {
            // gcd(a/b, c/d) = gcd(a d, c b) / (b d), where every product is below 2^126.
            let (a, b, c, d) = (*a as i128, *b as i128, *c as i128, *d as i128);
            let common = gcd((a * d).unsigned_abs(), (c * b).unsigned_abs());
            return Rational::reduce(common as i128, b * d);
        }
        let (a, b) = (self.to_big(), other.to_big());
        let (n, d) = (
            a.numerator() * b.denominator(),
            b.numerator() * a.denominator(),
        );
        Rational::from_big(RBig::from_parts(
            n.gcd(&d).into(),
            a.denominator() * b.denominator(),
        ))
    }
}

impl From<i64> for Rational {
    fn from(n: i64) -> Self {
        Rational(Small(n, 1))
    }
}

impl std::ops::Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        match &self.0 {
            Small(n, d) => match n.checked_neg() {
                Some(n) => Rational(Small(n, *d)),
                None => Rational::reduce(-(*n as i128), *d as i128),
            },
            Big(b) => Rational::from_big(-(**b).clone()),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Small(a, b), Small(c, d)) => (*a as i128 * *d as i128).cmp(&(*c as i128 * *b as i128)),
            _ => self.to_big().cmp(&other.to_big()),
        }
    }
}

/// `p` or `p/q`, always exact.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Small(n, 1) => write!(f, "{n}"),
            Small(n, d) => write!(f, "{n}/{d}"),
            Big(b) if b.is_int() => write!(f, "{}", b.numerator()),
            Big(b) => write!(f, "{}/{}", b.numerator(), b.denominator()),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
