//! Real numbers of doubled precision: sums of two doubles, about 32 decimal digits.
//!
//! For sums that cancel: the residuals of a fit whose digits are to be certified. The arithmetic is that of Dekker (A
//! floating-point technique for extending the available precision, Numer. Math. 1971) and Knuth (TAOCP 4.2.2), as Hida,
//! Li and Bailey put it together (Algorithms for quad-double precision floating point arithmetic, ARITH 2001). The range is
//! that of doubles; beyond it, where products of halves would overflow, only the leading part is right. No fused product
//! is used, so that the bits are the same on every machine.

mod decimal;
mod elementary;
mod functions;

use super::scalar::Scalar;
use crate::expr::Function;
use crate::functions::error_free::{fast_two_sum, two_sum};

/// `head + tail`, where `head` is the sum rounded to a double.
///
/// ```
/// use gradus::numeric::Doubled;
/// let third = Doubled::from(1.0) / Doubled::from(3.0);
/// let missing = third * Doubled::from(3.0) - Doubled::from(1.0);
/// assert!(missing.head().abs() < 1e-31);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Doubled {
    head: f64,
    tail: f64,
}

/// Halves of larger numbers would overflow.
const LARGEST_SPLIT: f64 = 6e299;

impl From<f64> for Doubled {
    fn from(head: f64) -> Doubled {
        Doubled { head, tail: 0.0 }
    }
}

impl Doubled {
    /// The sum of two doubles of any sizes.
    pub fn new(a: f64, b: f64) -> Doubled {
        let (head, tail) = two_sum(a, b);
        Doubled::normal(head, tail)
    }

    /// The nearest double.
    pub fn head(self) -> f64 {
        self.head
    }

    /// What is missing to the number itself.
    pub fn tail(self) -> f64 {
        self.tail
    }

    /// The decimal number that a double was read from, if it had at most 15 digits: 0.1 is then 1/10, and not the double
    /// next to it. A double of more digits is taken as it is.
    ///
    /// ```
    /// use gradus::numeric::Doubled;
    /// let tenth = Doubled::decimal(0.1);
    /// let missing = tenth * Doubled::from(10.0) - Doubled::from(1.0);
    /// assert!(missing.head().abs() < 1e-31);
    /// assert_eq!(Doubled::decimal(1.0 / 3.0), Doubled::from(1.0 / 3.0));
    /// ```
    pub fn decimal(x: f64) -> Doubled {
        decimal::decimal(x)
    }

    /// Is there a form of this function with all the digits? Others are as precise as in doubles.
    pub fn knows(function: Function) -> bool {
        functions::knows(function)
    }

    const fn constant(head: f64, tail: f64) -> Doubled {
        Doubled { head, tail }
    }

    /// From a sum that is rounded already, and its error; of what is not finite there is no error.
    #[inline]
    fn normal(head: f64, tail: f64) -> Doubled {
        match head.is_finite() && tail.is_finite() {
            true => Doubled { head, tail },
            false => Doubled::from(head),
        }
    }

    #[inline]
    fn plus(self, other: f64) -> Doubled {
        let (head, tail) = two_sum(self.head, other);
        if !head.is_finite() {
            return Doubled::from(head);
        }
        let (head, tail) = fast_two_sum(head, tail + self.tail);
        Doubled::normal(head, tail)
    }

    #[inline]
    fn times(self, other: f64) -> Doubled {
        let (head, tail) = two_product(self.head, other);
        if !head.is_finite() {
            return Doubled::from(head);
        }
        let (head, tail) = fast_two_sum(head, tail + self.tail * other);
        Doubled::normal(head, tail)
    }

    /// Times a power of two, which is exact.
    #[inline]
    fn scaled(self, power: f64) -> Doubled {
        Doubled::normal(self.head * power, self.tail * power)
    }

    fn is_negative(self) -> bool {
        self.head < 0.0
    }

    /// The size.
    pub fn abs(self) -> Doubled {
        match self.is_negative() {
            true => -self,
            false => self,
        }
    }

    /// The square root; NaN of a negative number.
    pub fn sqrt(self) -> Doubled {
        if self.head <= 0.0 || !self.head.is_finite() {
            return Doubled::from((self.head + 0.0).sqrt());
        }
        // One step of Newton from the root of the head.
        let root = self.head.sqrt();
        let missing = self - Doubled::from(root) * Doubled::from(root);
        Doubled::from(root).plus(missing.head * (0.5 / root))
    }
}

/// `a*b` and its rounding error.
#[inline]
fn two_product(a: f64, b: f64) -> (f64, f64) {
    const SPLITTER: f64 = 134_217_729.0; // 2^27 + 1
    let product = a * b;
    if a.abs() > LARGEST_SPLIT || b.abs() > LARGEST_SPLIT {
        return (product, 0.0);
    }
    let halves = |x: f64| {
        let shifted = SPLITTER * x;
        let high = shifted - (shifted - x);
        (high, x - high)
    };
    let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
    (product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
}

impl std::ops::Neg for Doubled {
    type Output = Doubled;
    #[inline]
    fn neg(self) -> Doubled {
        Doubled {
            head: -self.head,
            tail: -self.tail,
        }
    }
}

impl std::ops::Add for Doubled {
    type Output = Doubled;
    #[inline]
    fn add(self, other: Doubled) -> Doubled {
        let (head, error) = two_sum(self.head, other.head);
        if !head.is_finite() {
            return Doubled::from(head);
        }
        let (tail, error2) = two_sum(self.tail, other.tail);
        let (head, error) = fast_two_sum(head, error + tail);
        let (head, tail) = fast_two_sum(head, error + error2);
        Doubled::normal(head, tail)
    }
}

impl std::ops::Sub for Doubled {
    type Output = Doubled;
    #[inline]
    fn sub(self, other: Doubled) -> Doubled {
        self + -other
    }
}

impl std::ops::Mul for Doubled {
    type Output = Doubled;
    #[inline]
    fn mul(self, other: Doubled) -> Doubled {
        let (head, tail) = two_product(self.head, other.head);
        if !head.is_finite() {
            return Doubled::from(head);
        }
        let tail = tail + (self.head * other.tail + self.tail * other.head);
        let (head, tail) = fast_two_sum(head, tail);
        Doubled::normal(head, tail)
    }
}

impl std::ops::Div for Doubled {
    type Output = Doubled;
    fn div(self, other: Doubled) -> Doubled {
        let first = self.head / other.head;
        if !first.is_finite() || !other.head.is_finite() {
            return Doubled::from(first);
        }
        let rest = self - other.times(first);
        let second = rest.head / other.head;
        let rest = rest - other.times(second);
        let (head, tail) = fast_two_sum(first, second);
        Doubled::normal(head, tail).plus(rest.head / other.head)
    }
}

impl PartialOrd for Doubled {
    fn partial_cmp(&self, other: &Doubled) -> Option<std::cmp::Ordering> {
        match self.head.partial_cmp(&other.head) {
            Some(std::cmp::Ordering::Equal) => self.tail.partial_cmp(&other.tail),
            order => order,
        }
    }
}

impl Scalar for Doubled {
    #[inline]
    fn real(value: f64) -> Doubled {
        Doubled::from(value)
    }
    fn imaginary_unit() -> Doubled {
        Doubled::from(f64::NAN)
    }
    #[inline]
    fn add(self, other: Doubled) -> Doubled {
        self + other
    }
    #[inline]
    fn mul(self, other: Doubled) -> Doubled {
        self * other
    }
    #[inline]
    fn neg(self) -> Doubled {
        -self
    }
    #[inline]
    fn sub(self, other: Doubled) -> Doubled {
        self - other
    }
    fn div(self, other: Doubled) -> Doubled {
        self / other
    }
    fn sqrt(self) -> Doubled {
        Doubled::sqrt(self)
    }
    fn pow(self, exponent: Doubled) -> Doubled {
        elementary::pow(self, exponent)
    }
    fn call(f: Function, a: Doubled) -> Doubled {
        functions::call(f, a)
    }
    fn call2(f: Function, a: Doubled, b: Doubled) -> Doubled {
        functions::call2(f, a, b)
    }
    fn truth(self) -> Option<bool> {
        (!self.head.is_nan()).then_some(self.head != 0.0)
    }
    fn is_nan(self) -> bool {
        self.head.is_nan()
    }
    fn is_zero(self) -> bool {
        self.head == 0.0
    }
    fn is_infinite(self) -> bool {
        self.head.is_infinite()
    }
}
