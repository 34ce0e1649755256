//! Dual numbers: value and derivative along one direction together, forward through the schedule.
//!
//! The partial derivatives here are written once more, in Rust, and share nothing with `grammar/functions.rules`: two
//! roads that were written apart are wrong in the same place only by bad luck. Kinks have the values of the language:
//! abs'(0) = 0, relu'(0) = 0, halves at a tie of min and max. `None` says "does not depend", so that nothing infinite is
//! ever multiplied by the 0 of a branch not taken.

use std::f64::consts::{LN_2, LN_10, PI};

use super::Schedule;
use super::scalar::Scalar;
use super::wide::Wide;
use crate::expr::Function;

/// A value and its derivative along a direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// The derivative.
    pub slope: f64,
}

/// The outputs and their derivatives along `direction`, at a real point.
///
/// Where something overflows the road is walked again in numbers that do not, so that `1/(1 + exp(-x))` has a slope at
/// x = -800.
///
/// # Panics
/// If point or direction have fewer numbers than the schedule has variables.
pub fn directional(schedule: &Schedule, point: &[f64], direction: &[f64]) -> Vec<Dual> {
    sized(schedule, point, direction)
        .into_iter()
        .map(|(dual, _)| dual)
        .collect()
}

/// The derivative of the first output by one variable.
///
/// # Panics
/// As [`directional`].
pub fn derivative(schedule: &Schedule, point: &[f64], variable: usize) -> f64 {
    derivative_and_terms(schedule, point, variable).0
}

/// The derivative, and what its terms would add up to if none cancelled: rounding is relative to that.
pub(super) fn derivative_and_terms(
    schedule: &Schedule,
    point: &[f64],
    variable: usize,
) -> (f64, f64) {
    let mut direction = vec![0.0; point.len()];
    direction[variable] = 1.0;
    let (dual, terms) = sized(schedule, point, &direction)[0];
    (dual.slope, terms)
}

fn sized(schedule: &Schedule, point: &[f64], direction: &[f64]) -> Vec<(Dual, f64)> {
    let (found, finite) = run::<f64>(schedule, point, direction);
    if finite {
        return found;
    }
    run::<Wide>(schedule, point, direction).0
}

/// The outputs with the sizes of their terms; and was every value and slope on the way finite?
fn run<T: Base>(schedule: &Schedule, point: &[f64], direction: &[f64]) -> (Vec<(Dual, f64)>, bool) {
    let variable = |i: usize| Moving::<T>::new(point[i], direction[i]);
    let mut slots = Vec::new();
    let results = schedule.run(variable, &mut slots);
    let found = results.iter().map(|r| (r.dual(), r.terms)).collect();
    let finite = |x: T| !x.is_nan() && !x.is_infinite();
    let all = slots
        .iter()
        .all(|m| finite(m.value) && m.slope.is_none_or(finite));
    (found, all)
}

/// Real numbers on which dual numbers can stand.
pub(crate) trait Base: Scalar {
    fn to_f64(self) -> f64;
    /// `-1`, `0` or `1`; NaN for NaN.
    fn sign(self) -> f64;
    fn exp(self) -> Self;
    fn log(self) -> Self;
}

impl Base for f64 {
    fn to_f64(self) -> f64 {
        self
    }
    fn sign(self) -> f64 {
        if self == 0.0 { 0.0 } else { self / self.abs() }
    }
    fn exp(self) -> f64 {
        f64::exp(self)
    }
    fn log(self) -> f64 {
        self.ln()
    }
}

/// A value that moves with the direction, or stands still.
#[derive(Clone, Copy)]
pub(crate) struct Moving<T> {
    value: T,
    slope: Option<T>,
    /// The sum of the magnitudes that were added up in the slope.
    terms: f64,
}

impl<T: Base> Moving<T> {
    pub(crate) fn new(value: f64, slope: f64) -> Self {
        Moving {
            value: T::real(value),
            slope: (slope != 0.0).then(|| T::real(slope)),
            terms: slope.abs(),
        }
    }

    pub(crate) fn dual(&self) -> Dual {
        Dual {
            value: self.value.to_f64(),
            slope: self.slope.map_or(0.0, T::to_f64),
        }
    }

    fn still(value: T) -> Self {
        Moving {
            value,
            slope: None,
            terms: 0.0,
        }
    }

    /// The chain rule: the slope is the sum of partial derivative times slope, over the arguments that move.
    fn chain(value: T, parts: [(Option<T>, Self); 2]) -> Self {
        let (mut slope, mut terms) = (None, 0.0);
        for (partial, inner) in parts {
            if let (Some(partial), Some(step)) = (partial, inner.slope) {
                let term = partial.mul(step);
                slope = Some(slope.map_or(term, |sum: T| sum.add(term)));
                terms += partial.to_f64().abs() * inner.terms;
            }
        }
        if value.is_nan() {
            slope = slope.map(|_| T::real(f64::NAN));
        }
        Moving {
            value,
            slope,
            terms,
        }
    }
}

fn negative<T: Scalar>(a: T) -> T {
    T::real(-1.0).mul(a)
}

impl<T: Base> Scalar for Moving<T> {
    fn real(value: f64) -> Self {
        Moving::still(T::real(value))
    }
    fn imaginary_unit() -> Self {
        Moving::still(T::imaginary_unit())
    }
    fn add(self, other: Self) -> Self {
        let one = Some(T::real(1.0));
        Moving::chain(self.value.add(other.value), [(one, self), (one, other)])
    }
    fn mul(self, other: Self) -> Self {
        Moving::chain(
            self.value.mul(other.value),
            [(Some(other.value), self), (Some(self.value), other)],
        )
    }
    fn div(self, other: Self) -> Self {
        let quotient = self.value.div(other.value);
        // (a' - (a/b) b') / b: one division at the end, no square of b that could overflow.
        let above = Moving::chain(
            quotient,
            [
                (Some(T::real(1.0)), self),
                (Some(negative(quotient)), other),
            ],
        );
        Moving {
            value: quotient,
            slope: above.slope.map(|slope| slope.div(other.value)),
            terms: above.terms / other.value.to_f64().abs(),
        }
    }
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        let partial = T::real(0.5).div(root);
        Moving::chain(root, [(Some(partial), self), (None, self)])
    }
    fn pow(self, exponent: Self) -> Self {
        let (a, b) = (self.value, exponent.value);
        let value = a.pow(b);
        let by_base = || {
            // x^0 is 1 everywhere, 0^0 included.
            match b.is_zero() {
                true => T::real(0.0),
                false => b.mul(a.pow(b.add(T::real(-1.0)))),
            }
        };
        let by_exponent = || match a.is_zero() && b.sign() > 0.0 {
            true => T::real(0.0),
            false => value.mul(a.log()),
        };
        Moving::chain(
            value,
            [
                (self.slope.map(|_| by_base()), self),
                (exponent.slope.map(|_| by_exponent()), exponent),
            ],
        )
    }
    fn call(f: Function, a: Self) -> Self {
        let value = T::call(f, a.value);
        let partial = a.slope.and_then(|_| match f {
            Function::Exp => Some(value),
            Function::Expm1 => Some(a.value.exp()),
            Function::Log => Some(T::real(1.0).div(a.value)),
            _ => partials(f, a.value.to_f64(), 0.0, value.to_f64())[0].map(T::real),
        });
        Moving::chain(value, [(partial, a), (None, a)])
    }
    fn call2(f: Function, a: Self, b: Self) -> Self {
        let value = T::call2(f, a.value, b.value);
        let [p, q] = match (a.slope, b.slope) {
            (None, None) => [None, None],
            _ => partials(f, a.value.to_f64(), b.value.to_f64(), value.to_f64()),
        };
        Moving::chain(value, [(p.map(T::real), a), (q.map(T::real), b)])
    }
    fn truth(self) -> Option<bool> {
        self.value.truth()
    }
    fn is_nan(self) -> bool {
        self.value.is_nan() || self.slope.is_some_and(T::is_nan)
    }
    fn value_is_nan(self) -> bool {
        self.value.is_nan()
    }
    fn is_zero(self) -> bool {
        self.value.is_zero()
    }
    fn is_infinite(self) -> bool {
        self.value.is_infinite()
    }
    /// `u^p log(u)` at 0 has the slope of `u^(p - 1) (p log(u) + 1) u'`: 0 above p = 1, else that of `(u^p)' log(u)`.
    fn filled(zero: Self, log: Self) -> Self {
        let slope = zero.slope.map(|slope| match slope.is_zero() {
            true => slope,
            false => slope.mul(log.value),
        });
        Moving {
            value: T::real(0.0),
            slope,
            terms: 0.0,
        }
    }
}

/// The partial derivatives of `f` at (a, b), where it has the value `v`; `None` where it does not depend.
pub(crate) fn partials(f: Function, a: f64, b: f64, v: f64) -> [Option<f64>; 2] {
    use Function::*;
    let one = |p: f64| [Some(p), None];
    let both = |p: f64, q: f64| [Some(p), Some(q)];
    let call = <f64 as Scalar>::call;
    let tie = |first: bool| match (a == b, first) {
        (true, _) => both(0.5, 0.5),
        (_, true) => [Some(1.0), None],
        (_, false) => [None, Some(1.0)],
    };
    match f {
        Exp => one(v),
        Expm1 => one(a.exp()),
        Log => one(1.0 / a),
        Log1p => one(1.0 / (1.0 + a)),
        Log2 => one(1.0 / (a * LN_2)),
        Log10 => one(1.0 / (a * LN_10)),

        Sin => one(a.cos()),
        Cos => one(-a.sin()),
        Tan => one(1.0 / (a.cos() * a.cos())),
        Cot => one(-1.0 / (a.sin() * a.sin())),
        Sec => one(v * a.tan()),
        Csc => one(-v / a.tan()),
        Asin => one(1.0 / ((1.0 - a) * (1.0 + a)).sqrt()),
        Acos => one(-1.0 / ((1.0 - a) * (1.0 + a)).sqrt()),
        Atan => one(1.0 / (1.0 + a * a)),
        Acot => one(-1.0 / (1.0 + a * a)),
        // |a| sqrt(a^2 - 1), with the root in factors: a^2 overflows from 1e154 on.
        Asec => one(1.0 / (a.abs() * (a.abs() - 1.0).sqrt() * (a.abs() + 1.0).sqrt())),
        Acsc => one(-1.0 / (a.abs() * (a.abs() - 1.0).sqrt() * (a.abs() + 1.0).sqrt())),

        Sinh => one(a.cosh()),
        Cosh => one(a.sinh()),
        Tanh => one((1.0 / a.cosh()).powi(2)),
        Coth => one(-(1.0 / a.sinh()).powi(2)),
        Sech => one(-v * a.tanh()),
        Csch => one(-v / a.tanh()),
        Asinh => one(1.0 / a.hypot(1.0)),
        Acosh => one(1.0 / ((a - 1.0).sqrt() * (a + 1.0).sqrt())),
        Atanh | Acoth => one(1.0 / ((1.0 - a) * (1.0 + a))),
        Asech => one(-1.0 / (a * ((1.0 - a) * (1.0 + a)).sqrt())),
        Acsch => one(-1.0 / (a.abs() * a.hypot(1.0))),

        Cbrt => one(1.0 / (3.0 * v * v)),
        Atan2 => {
            // Divided by the modulus twice: its square overflows or vanishes far from 1.
            let r = a.hypot(b);
            both(b / r / r, -a / r / r)
        }
        Hypot => both(a / v, b / v),

        Abs => one(match a {
            _ if a > 0.0 => 1.0,
            _ if a < 0.0 => -1.0,
            _ => 0.0 * a,
        }),
        Sign | Floor | Ceil | Round | Step => [None, None],
        Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual | And | Or | Not => {
            [None, None]
        }
        Min => tie(a < b),
        Max => tie(a > b),
        Mod => both(1.0, -(a / b).floor()),
        Relu => [(a > 0.0).then_some(1.0), None],

        Sigmoid => {
            let e = (-a.abs()).exp();
            one(e / ((1.0 + e) * (1.0 + e)))
        }
        Softplus => {
            let e = (-a.abs()).exp();
            one(if a < 0.0 {
                e / (1.0 + e)
            } else {
                1.0 / (1.0 + e)
            })
        }
        Erf => one(2.0 / PI.sqrt() * exp_minus_square(a)),
        Erfc => one(-2.0 / PI.sqrt() * exp_minus_square(a)),
        NormalPdf => one(-a * v),
        NormalCdf => one(call(NormalPdf, a)),

        Gamma => one(v * call(Digamma, a)),
        Lgamma => one(call(Digamma, a)),
        Digamma => one(<f64 as Scalar>::call2(Polygamma, 1.0, a)),
        // The order is a whole number: there is no derivative by it.
        Polygamma => both(f64::NAN, <f64 as Scalar>::call2(Polygamma, a + 1.0, b)),
        // 0 log(y) is 0 for every y.
        Xlogy => both(b.ln(), if a == 0.0 { 0.0 } else { a / b }),
    }
}

/// `exp(-a^2)` with the rounding of the square put back: it would cost 350 units in the last place at a = 26.
fn exp_minus_square(a: f64) -> f64 {
    let square = a * a;
    let rest = a.mul_add(a, -square);
    (-square).exp() * (1.0 - if rest.is_finite() { rest } else { 0.0 })
}
