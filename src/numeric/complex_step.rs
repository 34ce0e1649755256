//! The complex step: the derivative of a real function as the imaginary part of `f(x + ih)/h`, without any difference and
//! so without cancellation.
//!
//! Paper: Squire and Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40 (1998).
//! What is not analytic goes by real parts: comparisons, `if`, min and max choose, abs turns the sign.

use num_complex::Complex64;

use super::Schedule;
use super::scalar::{NAN, Scalar, above, complex_div, complex_mul, complex_pow, complex_sqrt};
use crate::expr::Function;

/// Tried in turn, as parts of the scale of the point, until step and imaginary part stand clear of underflow: a slope of
/// 1e-136 times 1e-200 would be 0, and a step of 1e-200 is no small one for log(x) at 1e-291.
const STEPS: [f64; 4] = [1e-200, 1e-100, 1e-30, 1e-10];

/// Below this a product with the step has lost digits.
const LOWEST: f64 = 1e-290;

/// The derivatives of the outputs along `direction`; NaN where the function is not real or has no complex value.
///
/// # Panics
/// If point or direction have fewer numbers than the schedule has variables.
pub fn directional(schedule: &Schedule, point: &[f64], direction: &[f64]) -> Vec<f64> {
    let scale = (point.iter().zip(direction))
        .filter(|&(&x, &d)| x != 0.0 && d != 0.0)
        .fold(1.0, |scale: f64, (x, _)| scale.min(x.abs()));
    let mut slots = Vec::new();
    let mut found = Vec::new();
    for step in STEPS {
        let h = step * scale;
        let variable = |i: usize| Shifted(Complex64::new(point[i], h * direction[i]));
        let results = schedule.run(variable, &mut slots);
        found = results.iter().map(|r| r.0.im / h).collect();
        let clear = |im: f64| im.abs() > LOWEST || im.is_nan();
        if results.iter().all(|r| clear(r.0.im)) {
            break;
        }
    }
    found
}

/// The derivative of the first output by one variable.
///
/// # Panics
/// As [`directional`].
pub fn derivative(schedule: &Schedule, point: &[f64], variable: usize) -> f64 {
    let mut direction = vec![0.0; point.len()];
    direction[variable] = 1.0;
    directional(schedule, point, &direction)[0]
}

/// A real number with an infinitesimal imaginary part.
#[derive(Clone, Copy)]
struct Shifted(Complex64);

impl Shifted {
    fn of(re: f64) -> Shifted {
        Shifted(Complex64::new(re, 0.0))
    }
}

impl Scalar for Shifted {
    fn real(value: f64) -> Shifted {
        Shifted::of(value)
    }
    fn imaginary_unit() -> Shifted {
        Shifted(NAN)
    }
    fn add(self, other: Shifted) -> Shifted {
        Shifted(self.0 + other.0)
    }
    fn mul(self, other: Shifted) -> Shifted {
        Shifted(complex_mul(self.0, other.0))
    }
    fn div(self, other: Shifted) -> Shifted {
        Shifted(complex_div(self.0, other.0))
    }
    fn sqrt(self) -> Shifted {
        match self.0.re < 0.0 {
            true => Shifted(NAN),
            false => Shifted(complex_sqrt(self.0)),
        }
    }
    fn pow(self, exponent: Shifted) -> Shifted {
        let (a, b) = (self.0, exponent.0);
        if a.re.powf(b.re).is_nan() {
            return Shifted(NAN);
        }
        // exp(n log(a)) of a negative base loses the step beside the pi of its logarithm.
        if b.im == 0.0 && b.re == b.re.trunc() && b.re.abs() < 1e6 {
            let power = a.powu(b.re.abs() as u32);
            return match b.re < 0.0 {
                true => Shifted(complex_div(Complex64::new(1.0, 0.0), power)),
                false => Shifted(power),
            };
        }
        match a.re < 0.0 {
            true => Shifted(NAN),
            false => Shifted(complex_pow(a, b)),
        }
    }
    fn call(f: Function, a: Shifted) -> Shifted {
        use Function::*;
        let (z, value) = (a.0, f64::call(f, a.0.re));
        match f {
            Abs if z.re == 0.0 => Shifted::of(0.0),
            Abs => Shifted(z * z.re.signum()),
            Relu if z.re > 0.0 => a,
            Relu => Shifted::of(value),
            Sign | Floor | Ceil | Round | Step | Not => Shifted::of(value),
            // Outside the real domain the complex value is another function's.
            _ if value.is_nan() => Shifted(NAN),
            // Standing still: the real value is the better one.
            _ if z.im == 0.0 => Shifted::of(value),
            _ => Shifted(Complex64::call(f, z)),
        }
    }
    fn call2(f: Function, a: Shifted, b: Shifted) -> Shifted {
        use Function::*;
        let value = f64::call2(f, a.0.re, b.0.re);
        let half = Complex64::new(0.5, 0.0);
        match f {
            Min | Max if a.0.re == b.0.re => Shifted((a.0 + b.0) * half),
            Min | Max if value == a.0.re => a,
            Min | Max if value == b.0.re => b,
            Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual | And | Or => {
                Shifted::of(value)
            }
            Mod => Shifted(a.0 - b.0 * (a.0.re / b.0.re).floor()),
            _ if value.is_nan() => Shifted(NAN),
            _ if a.0.im == 0.0 && b.0.im == 0.0 => Shifted::of(value),
            _ => Shifted(Complex64::call2(f, above(a.0), above(b.0))),
        }
    }
    fn truth(self) -> Option<bool> {
        self.0.re.truth()
    }
    fn is_nan(self) -> bool {
        self.0.is_nan()
    }
    fn value_is_nan(self) -> bool {
        self.0.re.is_nan()
    }
    fn is_zero(self) -> bool {
        self.0.re == 0.0 && self.0.im == 0.0
    }
    fn is_infinite(self) -> bool {
        self.0.re.is_infinite()
    }
}
