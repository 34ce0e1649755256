//! The scalar interpreter: one point at a time, for every kind of number.

use num_complex::Complex64;

use super::{Instruction, Op, Program, Register};
use crate::numeric::Doubled;
use crate::numeric::dual::{Dual, Moving};
use crate::numeric::scalar::Scalar;

/// A kind of number that a program runs on: `f64`, `f32`, [`Complex64`] and [`Doubled`]. For dual numbers see
/// [`Program::directional`].
pub trait Number: Scalar {}

impl Number for f64 {}
impl Number for f32 {}
impl Number for Complex64 {}
impl Number for Doubled {}

/// What an operation does with its operands, of which it asks only for those that it reads.
#[inline(always)]
pub(super) fn apply<T: Scalar>(op: Op, operand: impl Fn(usize) -> T) -> T {
    let (a, b, c) = (|| operand(0), || operand(1), || operand(2));
    match op {
        Op::Copy => a(),
        Op::Neg => a().neg(),
        Op::Add => a().add(b()),
        Op::Sub => a().sub(b()),
        Op::Mul => a().mul(b()),
        Op::Div => a().div(b()),
        Op::MulAdd => a().mul_add(b(), c()),
        Op::MulSub => a().mul_sub(b(), c()),
        Op::NegMulAdd => a().neg_mul_add(b(), c()),
        Op::Sqrt => a().sqrt(),
        Op::Pow => a().pow(b()),
        Op::Call(f) if f.arity() == 1 => T::call(f, a()),
        Op::Call(f) => T::call2(f, a(), b()),
        Op::Select => match a().truth() {
            Some(true) => b(),
            Some(false) => c(),
            None => T::real(f64::NAN),
        },
        Op::Fill => match a().is_nan() && b().is_zero() && c().is_infinite() {
            true => T::filled(b(), c()),
            false => a(),
        },
        Op::ImaginaryUnit => T::imaginary_unit(),
    }
}

/// What is done less often, out of the way of the rest.
#[inline(never)]
fn other<T: Scalar>(op: Op, operands: [Register; 3], scratch: &[T]) -> T {
    apply(op, |which| scratch[operands[which].index()])
}

impl Program {
    /// Evaluates the outputs at a point. `scratch` holds the registers; what was in it does not matter.
    ///
    /// # Panics
    /// If `point`, `scratch` or `outputs` have not as many numbers as the program has [inputs](Self::inputs),
    /// [registers](Self::registers) and [outputs](Self::outputs).
    pub fn run<T: Number>(&self, point: &[T], scratch: &mut [T], outputs: &mut [T]) {
        outputs.copy_from_slice(self.run_in(point, scratch));
    }

    /// As [`run`](Self::run); the outputs are left in `scratch`, at its end.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    pub fn run_in<'s, T: Number>(&self, point: &[T], scratch: &'s mut [T]) -> &'s [T] {
        assert_eq!(point.len(), self.inputs(), "a point has a number an input");
        self.interpret(|at| point[at], scratch)
    }

    /// The outputs, and their derivatives along a direction, by dual numbers: without a new symbolic pass.
    ///
    /// # Panics
    /// If `point` or `direction` have not as many numbers as the program has inputs.
    pub fn directional(&self, point: &[f64], direction: &[f64]) -> Vec<Dual> {
        assert_eq!(
            direction.len(),
            self.inputs(),
            "a direction has a part an input"
        );
        let mut scratch = Vec::new();
        let results = self.run_moving(point, |at| direction[at], &mut scratch);
        results.iter().map(Moving::dual).collect()
    }

    /// As [`directional`](Self::directional), without allocation once the scratch has grown.
    pub(crate) fn run_moving<'s>(
        &self,
        point: &[f64],
        direction: impl Fn(usize) -> f64,
        scratch: &'s mut Vec<Moving<f64>>,
    ) -> &'s [Moving<f64>] {
        assert_eq!(point.len(), self.inputs(), "a point has a number an input");
        if scratch.len() < self.registers() {
            scratch.resize(self.registers(), Moving::real(0.0));
        }
        let input = |at: usize| Moving::new(point[at], direction(at));
        self.interpret(input, &mut scratch[..self.registers()])
    }

    fn interpret<'s, T: Scalar>(
        &self,
        input: impl Fn(usize) -> T,
        scratch: &'s mut [T],
    ) -> &'s [T] {
        assert_eq!(
            scratch.len(),
            self.registers(),
            "scratch has a number a register"
        );
        let (constants, rest) = scratch.split_at_mut(self.constants().len());
        for (register, &constant) in constants.iter_mut().zip(self.constants()) {
            *register = T::real(constant);
        }
        for (at, register) in rest[..self.inputs()].iter_mut().enumerate() {
            *register = input(at).as_read();
        }
        for &Instruction {
            op,
            target,
            operands,
        } in self.instructions()
        {
            let operand = |which: usize| scratch[operands[which].index()];
            // Three cases are compared one by one; with more the compiler makes a table of jumps, in which processors
            // lose their way: that took up to three times as long.
            let value = match op {
                Op::Mul => operand(0).mul(operand(1)),
                Op::Add => operand(0).add(operand(1)),
                Op::Sub => operand(0).sub(operand(1)),
                _ => other(op, operands, scratch),
            };
            scratch[target.index()] = value;
        }
        &scratch[self.registers() - self.outputs()..]
    }
}
