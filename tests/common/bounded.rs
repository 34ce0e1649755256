//! Evaluation with a running bound of the rounding error: a second evaluator, on the table of functions alone, that knows
//! how far its own answer may be off. Two forms of one expression must agree to the sum of their bounds.
//!
//! Exact operations add no error and a number whose imaginary part is exactly 0 keeps it so: a point on a branch cut
//! stays on its side, and is really compared there.

#![allow(dead_code)]

use gradus::Function;
use gradus::expr::walk::Order;
use gradus::expr::{Arena, Id, Node, SymbolId};
use gradus::functions::{Complex, Real, complex as plane, row};
use num_complex::Complex64;

/// A value and how far its parts may be off.
#[derive(Clone, Copy, Debug)]
pub struct Bounded {
    pub value: Complex64,
    pub error: Complex64,
}

/// Which values functions have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Real arguments, NaN outside a domain.
    Real,
    /// Principal branches.
    Complex,
    /// As `Complex`, but nothing is said of [`CUT_BELOW`] exactly on their cuts along the real axis: -u is on the other
    /// side of a cut than u, while both are taken to be above it.
    OffCuts,
}

/// Functions whose reflections (asin(-u) = -asin(u)) cross over to the other side of a cut.
const CUT_BELOW: [Function; 6] = [
    Function::Asin,
    Function::Acos,
    Function::Atanh,
    Function::Asec,
    Function::Acsc,
    Function::Acoth,
];

const NAN: Complex64 = Complex64::new(f64::NAN, f64::NAN);

impl Bounded {
    pub fn exact(value: Complex64) -> Bounded {
        let error = Complex64::new(0.0, 0.0);
        Bounded { value, error }
    }

    /// There is a value, but nothing is known of it.
    pub fn unknown() -> Bounded {
        Bounded {
            value: Complex64::ZERO,
            error: Complex64::new(f64::INFINITY, f64::INFINITY),
        }
    }

    pub fn is_unknown(self) -> bool {
        self.value.is_finite() && !self.error.is_finite()
    }

    pub fn is_finite(self) -> bool {
        self.value.is_finite() && self.error.is_finite()
    }

    /// The bound relative to the value.
    pub fn relative(self) -> f64 {
        self.error.l1_norm() / self.value.norm().max(f64::MIN_POSITIVE)
    }

    /// Can the two be the same number? Undefined numbers cannot.
    pub fn agrees(self, other: Bounded) -> bool {
        let bound = self.error.l1_norm() + other.error.l1_norm();
        (self.value - other.value).norm() <= 4.0 * bound + 1e-290
    }
}

/// The values of `roots` at the point.
pub fn evaluate(
    arena: &Arena,
    roots: &[Id],
    point: &[(SymbolId, Complex64)],
    field: Field,
) -> Vec<Bounded> {
    let order = Order::of(arena, roots);
    let mut values: Vec<Bounded> = Vec::with_capacity(order.len());
    for &id in &order.ids {
        let at = |id: Id| values[order.position(id)];
        let value = match arena.node(id) {
            Node::Number(n) => {
                let number = arena.number_value(n);
                let binary =
                    |(p, q): (i64, i64)| p.unsigned_abs() < 1 << 53 && (q as u64).is_power_of_two();
                let value = number.to_f64();
                match value == 0.0 && !number.is_zero() || value.is_infinite() {
                    // 1e-400 is no double, but it has a sign.
                    true => Bounded::unknown(),
                    false => constant(value, number.as_small().is_some_and(binary)),
                }
            }
            Node::Pi => constant(std::f64::consts::PI, false),
            Node::ImaginaryUnit if field == Field::Real => Bounded::exact(NAN),
            Node::ImaginaryUnit => Bounded::exact(Complex64::i()),
            Node::Symbol(s) => {
                let found = point.iter().find(|(symbol, _)| *symbol == s);
                Bounded::exact(above(found.expect("every variable has a value").1))
            }
            Node::Add(a, b) => add(at(a), at(b)),
            Node::Mul(a, b) => multiply(at(a), at(b)),
            // A function of real numbers says nothing where rounding alone takes its argument off the line.
            Node::Call(f, _) | Node::Call2(f, ..)
                if !gradus::functions::is_analytic(f)
                    && (arena.node(id).children()).any(|c| {
                        at(c).value.im != 0.0 && at(c).value.im.abs() <= 4.0 * at(c).error.im
                    }) =>
            {
                Bounded::unknown()
            }
            // Errors are carried on by what a small step does: a large one may turn a sine once around.
            Node::Call(..) | Node::Call2(..)
                if (arena.node(id).children())
                    .any(|c| at(c).error.l1_norm() > 0.1 * at(c).value.norm().clamp(1e-3, 1.0)) =>
            {
                Bounded::unknown()
            }
            Node::Pow(a, b)
                if at(b).error.l1_norm() > 0.1
                    || at(a).error.l1_norm() > 0.1 * at(a).value.norm()
                        && at(a).error.l1_norm() > 1e-3 =>
            {
                Bounded::unknown()
            }
            Node::Pow(a, b) => {
                // A power is as good as its exponent times the logarithm of its base.
                let size = at(b).value.norm() * (4.0 + at(a).value.norm().ln().abs());
                let ulps = 4.0 + if size.is_finite() { 4.0 * size } else { 0.0 };
                lift(&[at(a), at(b)], ulps, |z| power(field, z[0], z[1]))
            }
            Node::Call(f, a) => {
                let mut value = lift(&[at(a)], ulps(f), |z| call(field, f, z));
                if field == Field::OffCuts && CUT_BELOW.contains(&f) && at(a).value.im == 0.0 {
                    value.error += if value.value.im == 0.0 {
                        0.0
                    } else {
                        f64::INFINITY
                    };
                }
                value
            }
            // Whether two numbers are equal cannot be told closer than they are known.
            Node::Call2(f, a, b) if is_comparison(f) && !is_apart(at(a), at(b)) => {
                Bounded::unknown()
            }
            // Nor the remainder of a number that is not known to a fraction of the divisor.
            Node::Call2(Function::Mod, a, b)
                if at(a).error.re + at(b).error.re * (at(a).value / at(b).value).norm()
                    > 0.01 * at(b).value.norm() =>
            {
                Bounded::unknown()
            }
            Node::Call2(f, a, b) => lift(&[at(a), at(b)], ulps(f), |z| call(field, f, z)),
            Node::If(c, a, b) => {
                let c = at(c);
                let (size, bound) = (c.value.norm(), c.error.l1_norm());
                if c.value.is_nan() {
                    Bounded::exact(NAN)
                } else if size > 2.0 * bound {
                    at(a)
                } else if bound == 0.0 {
                    at(b)
                } else {
                    Bounded::unknown()
                }
            }
        };
        // Beyond the largest double, or divided by what underflow left of a number: not a pole, only not known.
        let overflow = !value.value.is_finite()
            && (arena.node(id).children()).all(|c| at(c).value.is_finite())
            && !is_pole(arena, id, field == Field::Real && value.value.is_nan(), at);
        let mut value = if overflow { Bounded::unknown() } else { value };
        if field == Field::Real || value.value.im == 0.0 {
            // There is no negative zero on the exact line: atan2(0*x, x) is pi for every negative x.
            value.value.re += 0.0;
        }
        values.push(value);
    }
    roots.iter().map(|&r| values[order.position(r)]).collect()
}

fn is_comparison(f: Function) -> bool {
    use Function::*;
    matches!(
        f,
        Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual
    )
}

fn is_apart(a: Bounded, b: Bounded) -> bool {
    let bound = a.error.l1_norm() + b.error.l1_norm();
    bound == 0.0 || (a.value - b.value).norm() > 2.0 * bound || a.value.is_nan() || b.value.is_nan()
}

/// Is an infinity or NaN that comes out of finite numbers one in exact arithmetic too? A real power that is NaN is one of
/// a negative number, `outside` of its domain.
fn is_pole(arena: &Arena, id: Id, outside: bool, at: impl Fn(Id) -> Bounded) -> bool {
    match arena.node(id) {
        Node::Add(..) | Node::Mul(..) => false,
        Node::Pow(a, _) => {
            let a = at(a);
            a.value == Complex64::ZERO && a.error == Complex64::ZERO || outside
        }
        Node::Call(Function::Exp | Function::Expm1 | Function::Sinh | Function::Cosh, _) => false,
        Node::Call(Function::Gamma | Function::Lgamma, a) => at(a).value.norm() < 100.0,
        _ => true,
    }
}

fn constant(value: f64, exact: bool) -> Bounded {
    let error = if exact {
        0.0
    } else {
        value.abs() * f64::EPSILON
    };
    Bounded {
        value: value.into(),
        error: error.into(),
    }
}

/// No part is rounded that is exactly 0.
fn rounding(value: Complex64, ulps: f64) -> Complex64 {
    let part = |x: f64| {
        if x == 0.0 {
            0.0
        } else {
            x.abs().max(1e-307) * ulps * f64::EPSILON
        }
    };
    Complex64::new(part(value.re), part(value.im))
}

fn above(z: Complex64) -> Complex64 {
    Complex64::new(z.re, z.im + 0.0)
}

fn add(a: Bounded, b: Bounded) -> Bounded {
    let value = above(a.value + b.value);
    // The sum of a number and its opposite is exact, as is a sum with 0.
    let exact = a.value == Complex64::ZERO || b.value == Complex64::ZERO;
    let error = a.error + b.error + rounding(value, if exact { 0.0 } else { 1.0 });
    Bounded { value, error }
}

fn multiply(a: Bounded, b: Bounded) -> Bounded {
    let part = |x: f64, e: f64, y: f64, g: f64| {
        let exact = [x, y].iter().any(|f| f.abs() == 1.0 || *f == 0.0);
        let size = if exact {
            0.0
        } else {
            (x * y).abs().max(1e-307) * f64::EPSILON
        };
        let size = if !exact && (x * y).abs() < 1e-290 {
            1e-290
        } else {
            size
        };
        // 0 times an unbounded error is no error of a factor that is exactly 0.
        let times = |x: f64, e: f64| if e == 0.0 { 0.0 } else { x.abs() * e };
        let lost = if e != 0.0 || g != 0.0 { 1e-307 } else { 0.0 };
        (x * y, times(x, g) + times(y, e) + times(e, g) + size + lost)
    };
    let (x, y, e, g) = (a.value, b.value, a.error, b.error);
    let real = part(x.re, e.re, y.re, g.re);
    let imaginary = (x.im != 0.0 || e.im != 0.0, y.im != 0.0 || g.im != 0.0);
    let zero = (0.0, 0.0);
    let square = if imaginary.0 && imaginary.1 {
        part(x.im, e.im, y.im, g.im)
    } else {
        zero
    };
    let one = if imaginary.1 {
        part(x.re, e.re, y.im, g.im)
    } else {
        zero
    };
    let other = if imaginary.0 {
        part(x.im, e.im, y.re, g.re)
    } else {
        zero
    };
    let value = match imaginary {
        (_, false) => Complex64::new(real.0, other.0),
        (false, true) => Complex64::new(real.0, one.0),
        _ => Complex64::new(real.0 - square.0, one.0 + other.0),
    };
    let error = Complex64::new(real.1 + square.1, one.1 + other.1);
    Bounded {
        value: above(value),
        error,
    }
}

fn power(field: Field, base: Complex64, exponent: Complex64) -> Complex64 {
    match field {
        Field::Real => base.re.powf(exponent.re).into(),
        Field::Complex
            if exponent.im == 0.0 && exponent.re == exponent.re.trunc() && exponent.re < 0.0 =>
        {
            plane::recip(plane::pow(base, -exponent))
        }
        // A negative number has its principal power, whatever the sign of its zero.
        _ if base.im == 0.0 && base.re >= 0.0 && exponent.im == 0.0 => {
            base.re.powf(exponent.re).into()
        }
        _ => plane::pow(above(base), exponent),
    }
}

fn call(field: Field, f: Function, z: &[Complex64]) -> Complex64 {
    match field {
        Field::Real => match row(f).real {
            Real::One(value) => value(z[0].re).into(),
            Real::Two(value) => value(z[0].re, z[1].re).into(),
        },
        _ => match row(f).complex {
            Complex::One(value) => value(z[0]),
            Complex::Two(value) => value(z[0], z[1]),
        },
    }
}

/// Units in the last place of its modulus that the value of a function may be off: see `tests/functions.rs`.
fn ulps(f: Function) -> f64 {
    use Function::*;
    match f {
        Gamma | Polygamma => 2000.0,
        Lgamma | Digamma => 300.0,
        Erf | Erfc | NormalCdf | NormalPdf => 100.0,
        Floor | Ceil | Round | Abs | Sign | Min | Max | Relu | Step => 0.0,
        Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual | And | Or | Not => 0.0,
        _ => 16.0,
    }
}

/// The value of a function, its own rounding, and what the errors of its arguments make of it.
fn lift(args: &[Bounded], ulps: f64, f: impl Fn(&[Complex64]) -> Complex64) -> Bounded {
    if args.iter().any(|a| a.is_unknown()) {
        return Bounded::unknown();
    }
    let exact: Vec<Complex64> = args.iter().map(|a| a.value).collect();
    // Comparisons with NaN are false in IEEE 754, and (1/0)^0 is 1; here they are undefined.
    if exact.iter().any(|z| !z.is_finite()) {
        return Bounded::exact(NAN);
    }
    let value = above(f(&exact));
    let real = args.iter().all(|a| a.value.im == 0.0 && a.error.im == 0.0);
    // The modulus and the sign are exact on the real line only.
    let ulps = if real { ulps } else { ulps.max(4.0) };
    let mut error = rounding(value, ulps);
    if !(real && value.im == 0.0) {
        // Complex values are good relative to their modulus.
        let size = value.norm().max(1e-307) * ulps * f64::EPSILON;
        error = Complex64::new(size, size);
    }
    // A value of 0 that is not that of an exact function is what underflow left.
    if value == Complex64::ZERO && ulps > 0.0 && exact.iter().any(|z| *z != Complex64::ZERO) {
        error = Complex64::new(1e-307, if real { 0.0 } else { 1e-307 });
    }
    for (k, arg) in args.iter().enumerate() {
        for (step, size) in [
            (Complex64::ONE, arg.error.re),
            (Complex64::i(), arg.error.im),
        ] {
            if size == 0.0 {
                continue;
            }
            let size = size.max(2.0 * f64::EPSILON * arg.value.norm());
            let mut largest = Complex64::ZERO;
            for sign in [1.0, -1.0] {
                let mut moved = exact.clone();
                moved[k] += step * (sign * size);
                let gap = f(&moved) - value;
                let part = |x: f64| if x.is_nan() { f64::INFINITY } else { x.abs() };
                largest.re = largest.re.max(part(gap.re));
                largest.im = largest.im.max(part(gap.im));
            }
            error += largest * 1.5;
        }
    }
    // The error reaches across a pole: tan(atan(1e30)).
    if error.l1_norm() > 0.25 * value.norm() && value.norm() > 1e3 {
        return Bounded::unknown();
    }
    Bounded { value, error }
}
