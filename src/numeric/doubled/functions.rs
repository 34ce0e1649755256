//! The functions of the table in doubled precision.
//!
//! Exponentials, logarithms, circular and hyperbolic functions, their inverses, and what is made of steps; the error
//! function and gamma with their kin are as precise as doubles, and [`knows`] says so.

use super::Doubled;
use super::elementary::*;
use crate::expr::Function;
use crate::functions::{Real, row};

/// Has the function a form here that is better than a double?
pub(super) fn knows(f: Function) -> bool {
    use Function::*;
    !matches!(
        f,
        Erf | Erfc | NormalCdf | Gamma | Lgamma | Digamma | Polygamma
    )
}

/// As precise as a double.
pub(super) fn plain(f: Function, a: Doubled) -> Doubled {
    match row(f).real {
        Real::One(value) => Doubled::from(value(a.head)),
        Real::Two(_) => Doubled::from(f64::NAN),
    }
}

/// Rounds to a whole number by what `round` does to the head, and where that is whole already, to the tail.
fn stepped(x: Doubled, round: fn(f64) -> f64) -> Doubled {
    let head = round(x.head);
    match head == x.head {
        true => Doubled::new(head, round(x.tail)),
        false => Doubled::from(head),
    }
}

fn truth(is: bool) -> Doubled {
    Doubled::from(f64::from(u8::from(is)))
}

pub(super) fn call(f: Function, x: Doubled) -> Doubled {
    use Function::*;
    let inverse = |of: Doubled| ONE / of;
    let far = !inverse(x).head.is_finite();
    let zero = Doubled::from(0.0);
    match f {
        Exp => exp(x),
        Expm1 => match expm1(x) {
            value if value.head.is_finite() => value,
            _ => plain(f, x),
        },
        Log => log(x),
        Log1p => log1p(x),
        Log2 => log(x) / LN_2,
        Log10 => log(x) / LN_10,
        Sin => sin_cos(x).0,
        Cos => sin_cos(x).1,
        Tan => {
            let (sin, cos) = sin_cos(x);
            sin / cos
        }
        Cot => {
            let (sin, cos) = sin_cos(x);
            cos / sin
        }
        Sec => inverse(sin_cos(x).1),
        Csc => inverse(sin_cos(x).0),
        Asin => asin(x),
        Acos => acos(x),
        Atan => atan(x),
        Acot | Asec | Acsc | Acoth | Asech | Acsch if far => plain(f, x),
        Acot => atan(inverse(x)),
        Asec => acos(inverse(x)),
        Acsc => asin(inverse(x)),
        Sinh => sinh(x),
        Cosh => cosh(x),
        Tanh => tanh(x),
        Coth => inverse(tanh(x)),
        Sech => inverse(cosh(x)),
        Csch => inverse(sinh(x)),
        Asinh => asinh(x),
        Acosh => acosh(x),
        Atanh => atanh(x),
        Acoth => atanh(inverse(x)),
        Asech => acosh(inverse(x)),
        Acsch => asinh(inverse(x)),
        Cbrt => cbrt(x),
        Abs => x.abs(),
        Floor => stepped(x, f64::floor),
        Ceil => stepped(x, f64::ceil),
        Sigmoid => sigmoid(x),
        Softplus if x.head.is_nan() => x,
        Softplus => log1p(exp(-x.abs())) + if x.is_negative() { zero } else { x },
        Relu if x.head.is_nan() => x,
        Relu => {
            if x.is_negative() {
                zero
            } else {
                x
            }
        }
        NormalPdf => exp((x * x).scaled(-0.5)) * INVERSE_ROOT_TWO_PI,
        Sign | Round | Step | Not | Erf | Erfc | NormalCdf | Gamma | Lgamma | Digamma => {
            plain(f, x)
        }
        Atan2 | Hypot | Min | Max | Mod | Polygamma | Xlogy | Less | LessEqual | Greater
        | GreaterEqual | Equal | NotEqual | And | Or => Doubled::from(f64::NAN),
    }
}

pub(super) fn call2(f: Function, a: Doubled, b: Doubled) -> Doubled {
    use Function::*;
    if a.head.is_nan() || b.head.is_nan() {
        return plain2(f, a, b);
    }
    match f {
        Atan2 => atan2(a, b),
        Hypot => {
            let size = a.head.hypot(b.head);
            match (1e-140..1e140).contains(&size) {
                true => (a * a + b * b).sqrt(),
                false => Doubled::from(size),
            }
        }
        Min => {
            if b < a {
                b
            } else {
                a
            }
        }
        Max => {
            if b > a {
                b
            } else {
                a
            }
        }
        Mod => {
            let quotient = call(Floor, a / b);
            match quotient.head.is_finite() && quotient.head.abs() < 1e15 {
                true => a - b * quotient,
                false => plain2(f, a, b),
            }
        }
        Xlogy if a.head == 0.0 => plain2(f, a, b),
        Xlogy => a * log(b),
        Less => truth(a < b),
        LessEqual => truth(a <= b),
        Greater => truth(a > b),
        GreaterEqual => truth(a >= b),
        Equal => truth(a == b),
        NotEqual => truth(a != b),
        _ => plain2(f, a, b),
    }
}

fn plain2(f: Function, a: Doubled, b: Doubled) -> Doubled {
    match row(f).real {
        Real::Two(value) => Doubled::from(value(a.head, b.head)),
        Real::One(_) => Doubled::from(f64::NAN),
    }
}
