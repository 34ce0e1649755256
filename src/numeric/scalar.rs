//! What each kind of number does with each operation of a [`Schedule`](super::Schedule).

use num_complex::Complex64;

use crate::expr::Function;
use crate::functions::{Complex, Real, row};

/// A kind of number that a schedule or a program can run on.
pub trait Scalar: Copy {
    fn real(value: f64) -> Self;
    fn imaginary_unit() -> Self;
    fn add(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn neg(self) -> Self {
        Self::real(-1.0).mul(self)
    }
    fn sub(self, other: Self) -> Self {
        self.add(other.neg())
    }
    /// `self*b + c`, rounded once where the kind of number can.
    fn mul_add(self, b: Self, c: Self) -> Self {
        self.mul(b).add(c)
    }
    /// `self*b - c`
    fn mul_sub(self, b: Self, c: Self) -> Self {
        self.mul(b).sub(c)
    }
    /// `c - self*b`
    fn neg_mul_add(self, b: Self, c: Self) -> Self {
        c.sub(self.mul(b))
    }
    fn div(self, other: Self) -> Self;
    fn sqrt(self) -> Self;
    fn pow(self, exponent: Self) -> Self;
    fn call(f: Function, a: Self) -> Self;
    fn call2(f: Function, a: Self, b: Self) -> Self;
    /// As a condition: `None` if it is NaN.
    fn truth(self) -> Option<bool>;
    /// Is any part NaN?
    fn is_nan(self) -> bool;
    /// Is the value NaN, whatever comes with it?
    fn value_is_nan(self) -> bool {
        self.is_nan()
    }
    fn is_zero(self) -> bool;
    fn is_infinite(self) -> bool;
    /// `zero * log`, where the limit of the product is 0.
    fn filled(_zero: Self, _log: Self) -> Self {
        Self::real(0.0)
    }
}

/// The real numbers of both sizes. Functions of the table are known in doubles: for the small ones they are rounded once
/// more.
macro_rules! real_scalar {
    ($real:ident) => {
        impl Scalar for $real {
            #[inline]
            fn real(value: f64) -> $real {
                value as $real
            }
            fn imaginary_unit() -> $real {
                $real::NAN
            }
            #[inline]
            fn add(self, other: $real) -> $real {
                self + other
            }
            #[inline]
            fn mul(self, other: $real) -> $real {
                self * other
            }
            #[inline]
            fn neg(self) -> $real {
                -self
            }
            #[inline]
            fn sub(self, other: $real) -> $real {
                self - other
            }
            #[inline]
            fn mul_add(self, b: $real, c: $real) -> $real {
                $real::mul_add(self, b, c)
            }
            #[inline]
            fn mul_sub(self, b: $real, c: $real) -> $real {
                $real::mul_add(self, b, -c)
            }
            #[inline]
            fn neg_mul_add(self, b: $real, c: $real) -> $real {
                $real::mul_add(-self, b, c)
            }
            #[inline]
            fn div(self, other: $real) -> $real {
                self / other
            }
            #[inline]
            fn sqrt(self) -> $real {
                $real::sqrt(self)
            }
            /// IEEE 754 `pow`: 0^0 = 1, NaN for a negative base with an exponent that is not whole.
            #[inline]
            fn pow(self, exponent: $real) -> $real {
                self.powf(exponent)
            }
            #[inline]
            fn call(f: Function, a: $real) -> $real {
                match row(f).real {
                    Real::One(value) => value(a.into()) as $real,
                    Real::Two(_) => $real::NAN,
                }
            }
            #[inline]
            fn call2(f: Function, a: $real, b: $real) -> $real {
                match row(f).real {
                    Real::Two(value) => value(a.into(), b.into()) as $real,
                    Real::One(_) => $real::NAN,
                }
            }
            fn truth(self) -> Option<bool> {
                (!$real::is_nan(self)).then_some(self != 0.0)
            }
            fn is_nan(self) -> bool {
                $real::is_nan(self)
            }
            fn is_zero(self) -> bool {
                self == 0.0
            }
            fn is_infinite(self) -> bool {
                $real::is_infinite(self)
            }
        }
    };
}

real_scalar!(f64);
real_scalar!(f32);

/// Whole exponents up to this size are repeated squares: exact for Gaussian integers, and no worse than exp(n*log(z)).
const MAX_COMPLEX_SQUARES: f64 = 64.0;

pub(crate) const NAN: Complex64 = Complex64::new(f64::NAN, f64::NAN);

/// A real value on a branch cut belongs to the side above: -4 - 0i, which products of reals can leave, is -4.
pub(crate) fn above(z: Complex64) -> Complex64 {
    Complex64::new(z.re, z.im + 0.0)
}

/// A real factor scales both parts: inf * (1 + 0i) is inf, where the textbook formula makes an inf * 0.
pub(crate) fn complex_mul(a: Complex64, b: Complex64) -> Complex64 {
    if a.im == 0.0 {
        Complex64::new(a.re * b.re, if b.im == 0.0 { 0.0 } else { a.re * b.im })
    } else if b.im == 0.0 {
        Complex64::new(a.re * b.re, a.im * b.re)
    } else {
        a * b
    }
}

/// Smith's method: no square of a part, so that parts of 1e200 or 1e-200 neither overflow nor vanish.
pub(crate) fn complex_div(a: Complex64, b: Complex64) -> Complex64 {
    if b.im == 0.0 {
        return Complex64::new(a.re / b.re, if a.im == 0.0 { 0.0 } else { a.im / b.re });
    }
    if b.re.abs() >= b.im.abs() {
        let ratio = b.im / b.re;
        let scale = b.re + b.im * ratio;
        Complex64::new((a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale)
    } else {
        let ratio = b.re / b.im;
        let scale = b.re * ratio + b.im;
        Complex64::new((a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale)
    }
}

/// The principal root, without forming the modulus: accurate in both parts, tiny imaginary parts included.
pub(crate) fn complex_sqrt(z: Complex64) -> Complex64 {
    if z.im == 0.0 {
        return if z.re >= 0.0 {
            Complex64::new(z.re.sqrt(), 0.0)
        } else {
            Complex64::new(0.0, (-z.re).sqrt())
        };
    }
    // (|re| + |z|) / 2 without overflow; the smaller part from the larger, which does not cancel.
    let large = (0.5 * z.re.abs() + 0.5 * z.re.hypot(z.im)).sqrt();
    let small = 0.5 * z.im.abs() / large;
    if z.re >= 0.0 {
        Complex64::new(large, small.copysign(z.im))
    } else {
        Complex64::new(small, large.copysign(z.im))
    }
}

pub(crate) fn complex_pow(base: Complex64, exponent: Complex64) -> Complex64 {
    let zero = Complex64::new(0.0, 0.0);
    if exponent == zero {
        return Complex64::new(1.0, 0.0);
    }
    if base == zero {
        return match exponent.re {
            re if re > 0.0 => zero,
            re if re < 0.0 && exponent.im == 0.0 => Complex64::new(f64::INFINITY, 0.0),
            _ => NAN,
        };
    }
    if exponent.im == 0.0 {
        if exponent.re == exponent.re.trunc() && exponent.re.abs() <= MAX_COMPLEX_SQUARES {
            let power = base.powu(exponent.re.abs() as u32);
            return if exponent.re < 0.0 {
                complex_div(Complex64::new(1.0, 0.0), power)
            } else {
                power
            };
        }
        if base.im == 0.0 && base.re > 0.0 {
            return Complex64::new(base.re.powf(exponent.re), 0.0);
        }
    }
    complex_mul(exponent, base.ln()).exp()
}

impl Scalar for Complex64 {
    fn real(value: f64) -> Complex64 {
        Complex64::new(value, 0.0)
    }
    fn imaginary_unit() -> Complex64 {
        Complex64::new(0.0, 1.0)
    }
    fn add(self, other: Complex64) -> Complex64 {
        above(self + other)
    }
    fn mul(self, other: Complex64) -> Complex64 {
        above(complex_mul(self, other))
    }
    fn neg(self) -> Complex64 {
        above(-self)
    }
    fn sub(self, other: Complex64) -> Complex64 {
        above(self - other)
    }
    fn div(self, other: Complex64) -> Complex64 {
        above(complex_div(self, other))
    }
    fn sqrt(self) -> Complex64 {
        above(complex_sqrt(self))
    }
    fn pow(self, exponent: Complex64) -> Complex64 {
        above(complex_pow(self, exponent))
    }
    fn call(f: Function, a: Complex64) -> Complex64 {
        match row(f).complex {
            Complex::One(value) => above(value(a)),
            Complex::Two(_) => NAN,
        }
    }
    fn call2(f: Function, a: Complex64, b: Complex64) -> Complex64 {
        match row(f).complex {
            Complex::Two(value) => above(value(a, b)),
            Complex::One(_) => NAN,
        }
    }
    fn truth(self) -> Option<bool> {
        (!Complex64::is_nan(self)).then(|| self != Complex64::new(0.0, 0.0))
    }
    fn is_nan(self) -> bool {
        Complex64::is_nan(self)
    }
    fn is_zero(self) -> bool {
        self == Complex64::new(0.0, 0.0)
    }
    fn is_infinite(self) -> bool {
        Complex64::is_infinite(self)
    }
}
