//! Naming singular points: which part of an expression became NaN or infinite first, and why.

use super::Schedule;
use super::scalar::Scalar;
use super::schedule::{Op, Slot};
use crate::expr::{Function, Id};

/// Where a value was lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Singularity {
    /// The part of the expression whose value is NaN or infinite though its own parts are in order.
    pub node: Id,
    /// What happened there.
    pub kind: Kind,
}

/// How a value is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A number that is not 0 divided by 0.
    DivisionByZero,
    /// 0 divided by 0.
    ZeroOverZero,
    /// The difference of two infinite values.
    InfinityMinusInfinity,
    /// 0 times an infinite value.
    ZeroTimesInfinity,
    /// The quotient of two infinite values.
    InfinityOverInfinity,
    /// The function has no real value there.
    OutsideDomain(Function),
    /// A negative number to a power that is not whole, square roots among them.
    NegativeBase,
    /// The function grows without bound there: log(0), gamma(0).
    Pole(Function),
    /// Finite, but beyond the largest double.
    Overflow,
    /// The imaginary unit in a run over real numbers.
    Imaginary,
    /// The point itself has a coordinate that is not finite.
    Input,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Kind::DivisionByZero => out.write_str("division by zero"),
            Kind::ZeroOverZero => out.write_str("0/0"),
            Kind::InfinityMinusInfinity => out.write_str("inf - inf"),
            Kind::ZeroTimesInfinity => out.write_str("0*inf"),
            Kind::InfinityOverInfinity => out.write_str("inf/inf"),
            Kind::OutsideDomain(f) => write!(out, "outside the domain of {f}"),
            Kind::NegativeBase => out.write_str("a negative number to a power that is not whole"),
            Kind::Pole(f) => write!(out, "{f} is infinite there"),
            Kind::Overflow => out.write_str("overflow"),
            Kind::Imaginary => out.write_str("a complex number where a real one is needed"),
            Kind::Input => out.write_str("the point itself is not finite"),
        }
    }
}

/// Why the first output that is NaN or infinite at `point` is so; `None` if all outputs are finite.
///
/// # Panics
/// If the point has fewer numbers than there are variables.
pub fn explain(schedule: &Schedule, point: &[f64]) -> Option<Singularity> {
    let output = (schedule.values(point).iter()).position(|v| !v.is_finite())?;
    let mut slots = Vec::new();
    schedule.run_real(point, &mut slots);
    let mut at = schedule.outputs[output];
    // Down from the output to where the NaN or the infinity was born. Infinities that a branch not taken or a division
    // swallowed are never met on the way: 1/(1 + exp(800)) is in order.
    loop {
        match cause(schedule.ops[at as usize], at, &slots) {
            Cause::Below(operand) => at = operand,
            Cause::Here(kind) => {
                let node = schedule.nodes[at as usize];
                return Some(Singularity { node, kind });
            }
        }
    }
}

enum Cause {
    Here(Kind),
    Below(Slot),
}

fn cause(op: Op, slot: Slot, slots: &[f64]) -> Cause {
    use Cause::{Below, Here};
    let at = |slot: Slot| slots[slot as usize];
    let value = at(slot);
    if let Op::If(c, a, b) = op {
        return Below(match at(c).truth() {
            Some(true) => a,
            Some(false) => b,
            None => c,
        });
    }
    // A NaN comes from a NaN, an infinity from an infinity, or from here.
    let guilty = |&s: &Slot| match value.is_nan() {
        true => at(s).is_nan(),
        false => at(s).is_infinite(),
    };
    if let Some(operand) = op.operands().find(guilty) {
        return Below(operand);
    }
    let infinite = op.operands().any(|s| at(s).is_infinite());
    Here(match op {
        Op::Constant(_) => Kind::Overflow,
        Op::Variable(_) => Kind::Input,
        Op::ImaginaryUnit => Kind::Imaginary,
        Op::Add(..) if value.is_nan() => Kind::InfinityMinusInfinity,
        Op::Mul(..) | Op::MulHole(..) if value.is_nan() => Kind::ZeroTimesInfinity,
        Op::Div(_, b) if at(b) == 0.0 && value.is_nan() => Kind::ZeroOverZero,
        Op::Div(..) if value.is_nan() => Kind::InfinityOverInfinity,
        Op::Div(_, b) if at(b) == 0.0 => Kind::DivisionByZero,
        Op::WholePower(a, _) | Op::InverseSqrt(a) if at(a) == 0.0 => Kind::DivisionByZero,
        Op::Pow(a, b) if at(a) == 0.0 && at(b) < 0.0 => Kind::DivisionByZero,
        Op::Sqrt(_) | Op::InverseSqrt(_) | Op::Pow(..) if value.is_nan() => Kind::NegativeBase,
        Op::Call(f, _) | Op::Call2(f, ..) if value.is_nan() => Kind::OutsideDomain(f),
        Op::Call(f, a) if !infinite && !grows_past_the_largest(f, at(a)) => Kind::Pole(f),
        Op::Call2(f @ (Function::Xlogy | Function::Polygamma), ..) if !infinite => Kind::Pole(f),
        _ => Kind::Overflow,
    })
}

/// Functions whose values leave the range of doubles without a pole nearby.
fn grows_past_the_largest(f: Function, a: f64) -> bool {
    use Function::*;
    match f {
        Exp | Expm1 | Sinh | Cosh => true,
        Gamma | Lgamma => a > 1.0,
        _ => false,
    }
}
