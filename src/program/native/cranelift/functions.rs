//! Functions of the table in instructions of the processor, where those give the same bits; calls for all others.
//!
//! None of these has a branch: a choice is a conditional move between integers, where the compiler's choice between floats
//! is a jump, which is slow whenever it is not foreseen.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};

use super::emit::Emitter;
use crate::expr::Function;
use crate::functions::{Real, row};

/// Functions that are 1 where their arguments compare so, or their argument and 0, and 0 elsewhere.
fn comparison(f: Function) -> Option<FloatCC> {
    Some(match f {
        Function::Less => FloatCC::LessThan,
        Function::LessEqual => FloatCC::LessThanOrEqual,
        Function::Greater => FloatCC::GreaterThan,
        Function::GreaterEqual => FloatCC::GreaterThanOrEqual,
        Function::Equal | Function::Not => FloatCC::Equal,
        Function::NotEqual => FloatCC::NotEqual,
        _ => return None,
    })
}

/// The bits of a number in a register for whole numbers, in which choices are made.
#[derive(Clone, Copy)]
struct Bits(Value);

impl Emitter<'_> {
    /// `f` at its arguments.
    pub(super) fn function(&mut self, f: Function, arguments: &[Value]) -> Value {
        use Function as F;
        let rounds = self.features.rounds;
        if let Some(holds) = comparison(f) {
            let truth = self.truth(holds, arguments[0], arguments.get(1).copied());
            return self.float(truth);
        }
        match (f, arguments) {
            (F::Abs, &[a]) => self.ins().fabs(a),
            (F::Floor, &[a]) if rounds => self.ins().floor(a),
            (F::Ceil, &[a]) if rounds => self.ins().ceil(a),
            (F::Sign, &[a]) => {
                let one = self.number(1.0);
                let signed = self.ins().fcopysign(one, a);
                // 0 and NaN are what they are, but for the sign of 0.
                let (signed, zero) = (self.bits(signed), self.bits_of(0.0));
                let sign = self.choose(FloatCC::Equal, a, None, zero, signed);
                self.unless_nan(a, sign)
            }
            (F::Step, &[a]) => {
                let step = self.truth(FloatCC::GreaterThan, a, None);
                self.unless_nan(a, step)
            }
            (F::Relu, &[a]) => {
                let (zero, other) = (self.bits_of(0.0), self.bits(a));
                let relu = self.choose(FloatCC::LessThanOrEqual, a, None, zero, other);
                self.float(relu)
            }
            (F::Min, &[a, b]) => self.extreme(FloatCC::LessThan, a, b),
            (F::Max, &[a, b]) => self.extreme(FloatCC::GreaterThan, a, b),
            _ => self.call(f, arguments),
        }
    }

    /// `b` where `a` is not 0, `c` where it is, NaN where it is NaN.
    pub(super) fn select(&mut self, [a, b, c]: [Value; 3]) -> Value {
        let (b, c) = (self.bits(b), self.bits(c));
        let chosen = self.choose(FloatCC::Equal, a, None, c, b);
        self.unless_nan(a, chosen)
    }

    /// `a`, but 0 where `a` is NaN, `b` is 0 and `c` infinite.
    pub(super) fn fill(&mut self, [a, b, c]: [Value; 3]) -> Value {
        let (same, zero) = (self.bits(a), self.bits_of(0.0));
        let infinity = self.number(f64::INFINITY);
        let size = self.ins().fabs(c);
        let chosen = self.choose(FloatCC::Equal, size, Some(infinity), zero, same);
        let chosen = self.choose(FloatCC::Equal, b, None, chosen, same);
        let chosen = self.choose(FloatCC::Unordered, a, Some(a), chosen, same);
        self.float(chosen)
    }

    /// `a` itself where it is NaN.
    fn unless_nan(&mut self, a: Value, value: Bits) -> Value {
        let nan = self.bits(a);
        let chosen = self.choose(FloatCC::Unordered, a, Some(a), nan, value);
        self.float(chosen)
    }

    /// The first of two unless the second is beyond it; NaN if either is.
    fn extreme(&mut self, beyond: FloatCC, a: Value, b: Value) -> Value {
        let (first, second) = (self.bits(a), self.bits(b));
        // Compared with NaN nothing holds: this is a where either is NaN.
        let extreme = self.choose(beyond, b, Some(a), second, first);
        self.unless_nan(b, extreme)
    }

    /// 1 where the comparison holds, 0 where it does not.
    fn truth(&mut self, holds: FloatCC, a: Value, b: Option<Value>) -> Bits {
        let (one, zero) = (self.bits_of(1.0), self.bits_of(0.0));
        self.choose(holds, a, b, one, zero)
    }

    /// Compares `a` with `b`, or with 0.
    fn choose(&mut self, holds: FloatCC, a: Value, b: Option<Value>, yes: Bits, no: Bits) -> Bits {
        let b = b.unwrap_or_else(|| self.number(0.0));
        let condition = self.ins().fcmp(holds, a, b);
        Bits(self.ins().select(condition, yes.0, no.0))
    }

    fn bits(&mut self, value: Value) -> Bits {
        Bits(self.ins().bitcast(types::I64, MemFlagsData::new(), value))
    }

    fn bits_of(&mut self, number: f64) -> Bits {
        Bits(self.ins().iconst(types::I64, number.to_bits() as i64))
    }

    fn float(&mut self, Bits(bits): Bits) -> Value {
        self.ins().bitcast(types::F64, MemFlagsData::new(), bits)
    }

    fn call(&mut self, f: Function, arguments: &[Value]) -> Value {
        match row(f).real {
            Real::One(value) => self.call_one(value, arguments[0]),
            Real::Two(value) => self.call_two(value, arguments[0], arguments[1]),
        }
    }
}
