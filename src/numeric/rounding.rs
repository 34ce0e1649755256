//! How far rounding moves a value: a first-order bound that goes forward with it.
//!
//! Every operation adds half a unit in its own last place, and passes on what its operands bring along, times its partial
//! derivatives (running error analysis; Higham, Accuracy and Stability of Numerical Algorithms, section 3.3). Finite
//! differences know by it what they cannot see: `tanh(1000/x)` is 1 at every point that they ask.

use super::Schedule;
use super::dual::partials;
use super::scalar::Scalar;
use crate::expr::Function;

/// How far the first output may lie from its exact value at this point, in the first order; NaN or infinite where the value
/// or a partial derivative on the way is.
///
/// # Panics
/// If the point has fewer numbers than there are variables.
pub(super) fn error(schedule: &Schedule, point: &[f64]) -> f64 {
    let mut slots = Vec::new();
    schedule.run(|i| Rounded::exact(point[i]), &mut slots)[0].error
}

/// A value, and a bound of what rounding has moved it by.
#[derive(Clone, Copy)]
struct Rounded {
    value: f64,
    error: f64,
}

impl Rounded {
    fn exact(value: f64) -> Rounded {
        Rounded { value, error: 0.0 }
    }

    /// What is passed on times the partial derivative, and half a unit of the result.
    fn new(value: f64, parts: [(f64, Rounded); 2]) -> Rounded {
        // 0 times an infinite slope: what is exact stays so.
        let passed = (parts.iter())
            .filter(|(_, operand)| operand.error != 0.0)
            .map(|(partial, operand)| partial.abs() * operand.error);
        let error = 0.5 * f64::EPSILON * value.abs() + passed.sum::<f64>();
        Rounded { value, error }
    }
}

impl Scalar for Rounded {
    fn real(value: f64) -> Self {
        Rounded::exact(value)
    }
    fn imaginary_unit() -> Self {
        Rounded::exact(f64::NAN)
    }
    fn add(self, other: Self) -> Self {
        Rounded::new(self.value + other.value, [(1.0, self), (1.0, other)])
    }
    fn mul(self, other: Self) -> Self {
        let value = self.value * other.value;
        Rounded::new(value, [(other.value, self), (self.value, other)])
    }
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        let partials = (1.0 / other.value, value / other.value);
        Rounded::new(value, [(partials.0, self), (partials.1, other)])
    }
    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        Rounded::new(value, [(0.5 / value, self), (0.0, self)])
    }
    fn pow(self, exponent: Self) -> Self {
        let (a, b) = (self.value, exponent.value);
        let value = Scalar::pow(a, b);
        let by_base = b * Scalar::pow(a, b - 1.0);
        Rounded::new(value, [(by_base, self), (value * a.ln(), exponent)])
    }
    fn call(f: Function, a: Self) -> Self {
        let value = <f64 as Scalar>::call(f, a.value);
        let partial = partials(f, a.value, 0.0, value)[0];
        Rounded::new(value, [(partial.unwrap_or(0.0), a), (0.0, a)])
    }
    fn call2(f: Function, a: Self, b: Self) -> Self {
        let value = <f64 as Scalar>::call2(f, a.value, b.value);
        let [p, q] = partials(f, a.value, b.value, value).map(|partial| partial.unwrap_or(0.0));
        Rounded::new(value, [(p, a), (q, b)])
    }
    fn truth(self) -> Option<bool> {
        self.value.truth()
    }
    fn is_nan(self) -> bool {
        self.value.is_nan()
    }
    fn is_zero(self) -> bool {
        self.value == 0.0
    }
    fn is_infinite(self) -> bool {
        self.value.is_infinite()
    }
}
