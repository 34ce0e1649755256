//! Functions of rational numbers whose value is a rational number.

use crate::expr::{Function, Rational};

/// Factorials above this are left as they are.
const MAX_FACTORIAL: i64 = 2000;

/// The exact value, where it is rational and plain.
pub fn exact(f: Function, arguments: &[Rational]) -> Option<Rational> {
    let truth = |b: bool| Some(if b { Rational::ONE } else { Rational::ZERO });
    match *arguments {
        [ref x] => match f {
            Function::Abs => Some(x.abs()),
            Function::Sign if x.is_zero() => Some(Rational::ZERO),
            Function::Sign => Some(if x.is_negative() {
                Rational::MINUS_ONE
            } else {
                Rational::ONE
            }),
            Function::Floor => Some(x.floor()),
            Function::Ceil => Some(-&(-x).floor()),
            // Halves go away from zero.
            Function::Round => {
                let magnitude = x.abs().checked_add(&Rational::HALF)?.floor();
                Some(if x.is_negative() {
                    -&magnitude
                } else {
                    magnitude
                })
            }
            Function::Relu => Some(if x.is_negative() {
                Rational::ZERO
            } else {
                x.clone()
            }),
            Function::Step => truth(!x.is_negative() && !x.is_zero()),
            Function::Not => truth(x.is_zero()),
            Function::Cbrt => {
                let root = x.abs().exact_root(3)?;
                Some(if x.is_negative() { -&root } else { root })
            }
            Function::Gamma => {
                let n = x.as_i64().filter(|n| (1..=MAX_FACTORIAL).contains(n))?;
                (2..n).try_fold(Rational::ONE, |product, k| product.checked_mul(&k.into()))
            }
            Function::Log2 => exact_log(x, 2),
            Function::Log10 => exact_log(x, 10),
            _ => None,
        },
        [ref x, ref y] => match f {
            Function::Min => Some(x.min(y).clone()),
            Function::Max => Some(x.max(y).clone()),
            Function::Mod => {
                let quotient = x.checked_mul(&y.recip()?)?.floor();
                x.checked_add(&-&quotient.checked_mul(y)?)
            }
            Function::Hypot => x
                .checked_mul(x)?
                .checked_add(&y.checked_mul(y)?)?
                .exact_root(2),
            Function::Less => truth(x < y),
            Function::LessEqual => truth(x <= y),
            Function::Greater => truth(x > y),
            Function::GreaterEqual => truth(x >= y),
            Function::Equal => truth(x == y),
            Function::NotEqual => truth(x != y),
            Function::And => truth(!x.is_zero() && !y.is_zero()),
            Function::Or => truth(!x.is_zero() || !y.is_zero()),
            Function::Xlogy if x.is_zero() => Some(Rational::ZERO),
            _ => None,
        },
        _ => None,
    }
}

/// The whole power of `base` that `x` is, if it is one.
fn exact_log(x: &Rational, base: i64) -> Option<Rational> {
    let base = Rational::from(base);
    let (mut rest, up) = if *x >= Rational::ONE {
        (x.clone(), 1)
    } else {
        (x.recip()?, -1)
    };
    if rest.is_negative() || !rest.is_integer() || rest.bits() > 2048 {
        return None;
    }
    let inverse = base.recip()?;
    let mut exponent = 0;
    while !rest.is_one() {
        rest = rest.checked_mul(&inverse)?;
        if !rest.is_integer() {
            return None;
        }
        exponent += up;
    }
    Some(exponent.into())
}
