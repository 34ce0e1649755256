//! The complex step: the derivative of a real function as the imaginary part of `f(x + ih)/h`, without any difference and
//! so without cancellation.
//!
//! Paper: Squire and Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40 (1998).
//! What is not analytic goes by real parts: comparisons, `if`, min and max choose, abs turns the sign.

use num_complex::Complex64;

use super::Schedule;
use super::scalar::{NAN, Scalar, complex_div, complex_mul, complex_pow, complex_sqrt, one_zero};
use crate::expr::Function;
use crate::functions::complex::log_absolute_gamma;

/// Tried in turn, as parts of the scale of the point, until one stands clear of underflow and of the scale on which the
/// function bends: exp(x) at -664 takes a step of 1e-200 below every double, and sin(1e30 x) makes a long way of 1e-25.
const STEPS: [f64; 5] = [1e-50, 1e-100, 1e-200, 1e-25, 1e-10];

/// A step counts where two runs agree to this part of the derivative.
const SETTLED: f64 = 1e-12;

/// A derivative with an estimate of what underflow and the length of the step may have moved it by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stepped {
    pub(super) value: f64,
    pub(super) error: f64,
}

impl Stepped {
    fn is_settled(self) -> bool {
        self.error <= SETTLED * self.value.abs()
    }
}

/// The derivatives of the outputs along `direction`; NaN where the function is not real or has no complex value.
///
/// # Panics
/// If point or direction have fewer numbers than the schedule has variables.
pub fn directional(schedule: &Schedule, point: &[f64], direction: &[f64]) -> Vec<f64> {
    let found = with_errors(schedule, point, direction);
    found.iter().map(|stepped| stepped.value).collect()
}

/// The derivative of the first output by one variable.
///
/// # Panics
/// As [`directional`].
pub fn derivative(schedule: &Schedule, point: &[f64], variable: usize) -> f64 {
    derivative_and_error(schedule, point, variable).value
}

pub(super) fn derivative_and_error(schedule: &Schedule, point: &[f64], variable: usize) -> Stepped {
    let mut direction = vec![0.0; point.len()];
    direction[variable] = 1.0;
    with_errors(schedule, point, &direction)[0]
}

/// Every step is walked twice: as it is, and twice as far with each part that underflows rounded up. Where both find the
/// same derivative, no underflow on the way matters and the step is short enough.
fn with_errors(schedule: &Schedule, point: &[f64], direction: &[f64]) -> Vec<Stepped> {
    let scale = (point.iter().zip(direction))
        .filter(|&(&x, &d)| x != 0.0 && d != 0.0)
        .fold(1.0, |scale: f64, (x, _)| scale.min(x.abs()));
    let nothing = Stepped {
        value: f64::NAN,
        error: f64::INFINITY,
    };
    let mut best = vec![nothing; schedule.outputs()];
    for step in STEPS {
        let h = step * scale;
        let plain = slopes::<false>(schedule, point, direction, h);
        let raised = slopes::<true>(schedule, point, direction, 2.0 * h);
        for (best, (value, other)) in best.iter_mut().zip(plain.into_iter().zip(raised)) {
            let error = (value - other).abs();
            // Where the second run says NaN or infinity the first one was there by luck.
            let found = if error.is_finite() {
                Stepped { value, error }
            } else {
                nothing
            };
            if !best.is_settled() && (found.is_settled() || found.error < best.error) {
                *best = found;
            }
        }
        if best.iter().all(|b| b.is_settled()) {
            break;
        }
    }
    best
}

/// The imaginary parts of the outputs over the step `h`.
fn slopes<const RAISED: bool>(
    schedule: &Schedule,
    point: &[f64],
    direction: &[f64],
    h: f64,
) -> Vec<f64> {
    let variable = |i: usize| Shifted::<RAISED>(Complex64::new(point[i], h * direction[i]));
    let mut slots = Vec::new();
    let results = schedule.run(variable, &mut slots);
    results.iter().map(|r| r.0.im / h).collect()
}

/// A real number with an infinitesimal imaginary part; parts that underflow are rounded up if `RAISED`.
#[derive(Clone, Copy)]
struct Shifted<const RAISED: bool>(Complex64);

impl<const RAISED: bool> Shifted<RAISED> {
    fn of(re: f64) -> Self {
        Shifted(Complex64::new(re, 0.0))
    }

    /// The result of an operation on `operands` that may underflow in both parts.
    fn from<const N: usize>(result: Complex64, operands: [Self; N]) -> Self {
        let vanished =
            result.re.abs() < f64::MIN_POSITIVE && operands.iter().all(|o| o.0.re != 0.0);
        let re = match RAISED && vanished {
            true => f64::MIN_POSITIVE.copysign(result.re),
            false => result.re,
        };
        Shifted::of_sum(Complex64::new(re, result.im), operands)
    }

    /// The result of an operation whose real part is 0 only where it should be.
    fn of_sum<const N: usize>(result: Complex64, operands: [Self; N]) -> Self {
        let moves = operands.iter().any(|operand| operand.0.im != 0.0);
        let im = match RAISED && moves && result.im.abs() < f64::MIN_POSITIVE {
            true => f64::MIN_POSITIVE.copysign(result.im),
            false => result.im,
        };
        Shifted(Complex64::new(result.re, im))
    }
}

impl<const RAISED: bool> Scalar for Shifted<RAISED> {
    fn real(value: f64) -> Self {
        Shifted::of(value)
    }
    fn imaginary_unit() -> Self {
        Shifted(NAN)
    }
    fn add(self, other: Self) -> Self {
        Shifted::of_sum(self.0 + other.0, [self, other])
    }
    fn mul(self, other: Self) -> Self {
        Shifted::from(complex_mul(self.0, other.0), [self, other])
    }
    fn div(self, other: Self) -> Self {
        Shifted::from(complex_div(self.0, other.0), [self, other])
    }
    fn sqrt(self) -> Self {
        match self.0.re < 0.0 {
            true => Shifted(NAN),
            false => Shifted::from(complex_sqrt(self.0), [self]),
        }
    }
    fn pow(self, exponent: Self) -> Self {
        let (a, b) = (self.0, exponent.0);
        if a.re.powf(b.re).is_nan() {
            return Shifted(NAN);
        }
        // exp(n log(a)) of a negative base loses the step beside the pi of its logarithm.
        if b.im == 0.0 && b.re == b.re.trunc() && b.re.abs() < 1e6 {
            let power = Shifted::from(a.powu(b.re.abs() as u32), [self]);
            return match b.re < 0.0 {
                true => Shifted::of(1.0).div(power),
                false => power,
            };
        }
        match a.re {
            re if re < 0.0 => Shifted(NAN),
            0.0 => Shifted::from(complex_pow(a, b), [self, exponent]),
            // In steps that are watched one by one: a logarithm that underflows is no small matter in an exponent.
            _ => Self::call(Function::Exp, exponent.mul(Self::call(Function::Log, self))),
        }
    }
    fn call(f: Function, a: Self) -> Self {
        use Function::*;
        let (z, value) = (a.0, f64::call(f, a.0.re));
        match f {
            Abs if z.re == 0.0 => Shifted::of(0.0),
            Abs => Shifted(z * z.re.signum()),
            Relu if z.re > 0.0 => a,
            Relu => Shifted::of(value),
            // The complex lgamma winds round 0, and its turns are not small beside the step.
            Lgamma if z.re < 0.0 && value.is_finite() => Shifted::from(log_absolute_gamma(z), [a]),
            Sign | Floor | Ceil | Round | Step | Not => Shifted::of(value),
            // Outside the real domain the complex value is another function's.
            _ if value.is_nan() => Shifted(NAN),
            // Standing still: the real value is the better one.
            _ if z.im == 0.0 => Shifted::from(Complex64::new(value, 0.0), [a]),
            _ => Shifted::from(Complex64::call(f, z), [a]),
        }
    }
    fn call2(f: Function, a: Self, b: Self) -> Self {
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
            Mod => Shifted::of_sum(a.0 - b.0 * (a.0.re / b.0.re).floor(), [a, b]),
            _ if value.is_nan() => Shifted(NAN),
            _ if a.0.im == 0.0 && b.0.im == 0.0 => {
                Shifted::from(Complex64::new(value, 0.0), [a, b])
            }
            Xlogy if a.0.re != 0.0 => a.mul(Self::call(Log, b)),
            _ => Shifted::from(Complex64::call2(f, one_zero(a.0), one_zero(b.0)), [a, b]),
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
