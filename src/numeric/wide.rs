//! Real numbers with the precision of a double and an exponent of 64 bits.
//!
//! In doubles `exp(800)/(1 + exp(800))^2` is inf/inf; here it is 3.7e-348. This is the second try of a run that left
//! the range of doubles, not a number for daily use: it costs ten times as much. Functions that are no kin of exp and log
//! go through doubles.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, LN_2, LN_10};

use super::Schedule;
use super::dual::Base;
use super::scalar::Scalar;
use super::schedule::{Op, Slot};
use crate::expr::Function;

/// `mantissa * 2^exponent`, the mantissa in [1, 2) but for its sign; 0, NaN and infinities have exponent 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wide {
    mantissa: f64,
    exponent: i64,
}

/// Beyond this exponent a number counts as infinite (or 0): sums of exponents stay far from overflow.
const MAX_EXPONENT: i64 = 1 << 60;

impl Wide {
    fn new(mantissa: f64, exponent: i64) -> Wide {
        if mantissa == 0.0 || !mantissa.is_finite() {
            return Wide {
                mantissa,
                exponent: 0,
            };
        }
        let (scaled, shift) = match mantissa.abs() < f64::MIN_POSITIVE {
            true => (mantissa * 2f64.powi(64), -64),
            false => (mantissa, 0),
        };
        let own = ((scaled.to_bits() >> 52) & 0x7ff) as i64 - 1023;
        let exponent = exponent + own + shift;
        let unit = f64::from_bits(scaled.to_bits() & !(0x7ff << 52) | (1023 << 52));
        match exponent {
            e if e > MAX_EXPONENT => Wide {
                mantissa: unit * f64::INFINITY,
                exponent: 0,
            },
            e if e < -MAX_EXPONENT => Wide {
                mantissa: 0.0 * unit,
                exponent: 0,
            },
            _ => Wide {
                mantissa: unit,
                exponent,
            },
        }
    }

    fn is_ordinary(self) -> bool {
        self.mantissa != 0.0 && self.mantissa.is_finite()
    }
}

/// `m * 2^e` for m in [1, 2), rounded once also where the result is subnormal.
fn scale(m: f64, e: i64) -> f64 {
    match e {
        1024.. => m * f64::INFINITY,
        -1022..1024 => m * f64::from_bits(((e + 1023) as u64) << 52),
        -1080..-1022 => m * f64::MIN_POSITIVE * f64::from_bits(((e + 1022 + 1023) as u64) << 52),
        _ => m * 0.0,
    }
}

impl Schedule {
    /// As [`run_real`](Self::run_real), but where something overflows or vanishes on the way all values are found once
    /// more in numbers that do not: `exp(-x)/(1 + exp(-x))^2` at x = -800 is inf/inf in doubles, and 0 here.
    ///
    /// # Panics
    /// If the point has fewer numbers than there are variables.
    pub fn values(&self, point: &[f64]) -> Vec<f64> {
        let mut slots = Vec::new();
        let found = self.run_real(point, &mut slots).to_vec();
        if self.needs_complex() || !self.leaves_the_range(|slot| slots[slot as usize]) {
            return found;
        }
        let mut slots = Vec::new();
        let wide = self.run(|i| Wide::real(point[i]), &mut slots);
        wide.iter().map(|v| v.to_f64()).collect()
    }
}

impl Schedule {
    /// Is any of the values in a run infinite, or so small that digits are lost, or 0 though it should only be small?
    pub(super) fn leaves_the_range(&self, value: impl Fn(Slot) -> f64) -> bool {
        (self.ops.iter().zip(0..)).any(|(&op, slot)| left_the_range(op, value(slot), &value))
    }
}

fn left_the_range(op: Op, found: f64, value: impl Fn(Slot) -> f64) -> bool {
    let not_zero = |slot: Slot| value(slot) != 0.0;
    if found != 0.0 {
        // What the point or the formula brings is as it was meant, and sums of such numbers are exact.
        let exact = matches!(op, Op::Constant(_) | Op::Variable(_) | Op::Add(..));
        return !found.is_finite() || found.abs() < f64::MIN_POSITIVE && !exact;
    }
    match op {
        Op::Mul(a, b) => not_zero(a) && not_zero(b),
        Op::Div(a, _) | Op::WholePower(a, _) | Op::Pow(a, _) => not_zero(a),
        Op::InverseSqrt(_) => true,
        Op::Call(f, _) => {
            use Function::*;
            matches!(
                f,
                Exp | Sech | Csch | Sigmoid | Softplus | Erfc | NormalPdf | NormalCdf
            )
        }
        _ => false,
    }
}

impl Base for Wide {
    fn to_f64(self) -> f64 {
        match self.is_ordinary() {
            true => scale(self.mantissa, self.exponent),
            false => self.mantissa,
        }
    }
    fn sign(self) -> f64 {
        self.mantissa.sign()
    }
    fn exp(self) -> Wide {
        let x = self.to_f64();
        if !(700.0..1e17).contains(&x.abs()) {
            return Wide::new(x.exp(), 0);
        }
        // x = k log(2) + r, with log(2) in two parts of which the first times k is exact for k below 2^21.
        const HIGH: f64 = 6.931_471_803_691_238e-1;
        const LOW: f64 = 1.908_214_929_270_587_7e-10;
        let k = (x / LN_2).round();
        Wide::new(((x - k * HIGH) - k * LOW).exp(), k as i64)
    }
    fn log(self) -> Wide {
        match self.is_ordinary() && self.exponent.abs() > 1000 {
            true => {
                let whole = self.exponent as f64 * LN_2;
                Wide::new(self.mantissa.ln() + whole, 0)
            }
            false => Wide::new(self.to_f64().ln(), 0),
        }
    }
}

/// `exp(-x^2)`
fn gaussian(x: f64) -> Wide {
    Wide::real(-x * x).exp()
}

/// `erfc(x) exp(x^2)` for x above 25 by its asymptotic series: the sixth term is below 1e-15.
fn erfc_scaled(x: f64) -> f64 {
    let step = 0.5 / (x * x);
    let series = (0..7)
        .rev()
        .fold(1.0, |sum, n| 1.0 - f64::from(2 * n + 1) * step * sum);
    0.5 * FRAC_2_SQRT_PI / x * series
}

impl Scalar for Wide {
    fn real(value: f64) -> Wide {
        Wide::new(value, 0)
    }
    fn imaginary_unit() -> Wide {
        Wide::real(f64::NAN)
    }
    fn add(self, other: Wide) -> Wide {
        if !self.is_ordinary() || !other.is_ordinary() {
            return match (self.is_ordinary(), other.is_ordinary()) {
                (true, false) if other.mantissa == 0.0 => self,
                (false, true) if self.mantissa == 0.0 => other,
                (true, false) => other,
                (false, true) => self,
                _ => Wide::new(self.mantissa + other.mantissa, 0),
            };
        }
        let (large, small) = match self.exponent >= other.exponent {
            true => (self, other),
            false => (other, self),
        };
        let shifted = scale(small.mantissa, (small.exponent - large.exponent).max(-200));
        match small.exponent - large.exponent < -200 {
            true => large,
            false => Wide::new(large.mantissa + shifted, large.exponent),
        }
    }
    fn mul(self, other: Wide) -> Wide {
        Wide::new(
            self.mantissa * other.mantissa,
            self.exponent + other.exponent,
        )
    }
    fn div(self, other: Wide) -> Wide {
        Wide::new(
            self.mantissa / other.mantissa,
            self.exponent - other.exponent,
        )
    }
    fn sqrt(self) -> Wide {
        let odd = self.exponent.rem_euclid(2);
        let mantissa = self.mantissa * (1 + odd) as f64;
        Wide::new((mantissa + 0.0).sqrt(), (self.exponent - odd) / 2)
    }
    fn pow(self, exponent: Wide) -> Wide {
        let plain = self.to_f64().powf(exponent.to_f64());
        let fits = self.exponent.abs() < 1000 && plain.is_finite() && plain != 0.0;
        if fits || !self.is_ordinary() || !exponent.is_ordinary() || plain.is_nan() {
            return Wide::new(plain, 0);
        }
        let size = Wide::new(self.mantissa.abs(), self.exponent);
        let power = exponent.mul(size.log()).exp();
        // A negative base came this far with a whole exponent only; below 2^53 it may be odd.
        let e = exponent.to_f64();
        let odd = self.mantissa < 0.0 && (e % 2.0).abs() == 1.0;
        Wide::new(
            if odd { -power.mantissa } else { power.mantissa },
            power.exponent,
        )
    }
    fn call(f: Function, a: Wide) -> Wide {
        let x = a.to_f64();
        let far = a.exponent.abs() > 1000;
        let (two, half, negative_half) = (Wide::real(2.0), Wide::real(0.5), Wide::real(-0.5));
        match f {
            Function::Exp => a.exp(),
            Function::Log => a.log(),
            Function::Log2 if far => a.log().div(Wide::real(LN_2)),
            Function::Log10 if far => a.log().div(Wide::real(LN_10)),
            Function::Abs => Wide {
                mantissa: a.mantissa.abs(),
                ..a
            },
            // From 700 on the other exponential is no part of a double.
            Function::Expm1 if x > 700.0 => a.exp(),
            Function::Sinh | Function::Cosh if x > 700.0 => half.mul(a.exp()),
            Function::Cosh if x < -700.0 => half.div(a.exp()),
            Function::Sinh if x < -700.0 => negative_half.div(a.exp()),
            Function::Sech | Function::Csch if x > 700.0 => two.div(a.exp()),
            Function::Sech if x < -700.0 => two.mul(a.exp()),
            Function::Csch if x < -700.0 => Wide::real(-2.0).mul(a.exp()),
            Function::Sigmoid | Function::Softplus if x < -700.0 => a.exp(),
            Function::Erfc if x > 26.0 => gaussian(x).mul(Wide::real(erfc_scaled(x))),
            Function::NormalPdf if x.abs() > 37.0 => {
                gaussian(x * FRAC_1_SQRT_2).mul(Wide::real(FRAC_2_SQRT_PI * 0.5 * FRAC_1_SQRT_2))
            }
            Function::NormalCdf if x < -37.0 => {
                let x = -x * FRAC_1_SQRT_2;
                gaussian(x).mul(Wide::real(0.5 * erfc_scaled(x)))
            }
            Function::Gamma if x > 171.0 => Wide::real(f64::call(Function::Lgamma, x)).exp(),
            _ => Wide::new(f64::call(f, a.to_f64()), 0),
        }
    }
    fn call2(f: Function, a: Wide, b: Wide) -> Wide {
        let (x, y) = (a.to_f64(), b.to_f64());
        let far = a.exponent.abs() > 500 || b.exponent.abs() > 500;
        match f {
            Function::Hypot if far && !x.is_nan() && !y.is_nan() => a.mul(a).add(b.mul(b)).sqrt(),
            Function::Xlogy if !a.is_zero() => a.mul(b.log()),
            _ => Wide::new(f64::call2(f, x, y), 0),
        }
    }
    fn truth(self) -> Option<bool> {
        self.mantissa.truth()
    }
    fn is_nan(self) -> bool {
        self.mantissa.is_nan()
    }
    fn is_zero(self) -> bool {
        self.mantissa == 0.0
    }
    fn is_infinite(self) -> bool {
        self.mantissa.is_infinite()
    }
}
