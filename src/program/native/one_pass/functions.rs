//! Functions of the table in instructions of the processor, where those give the same bits; calls for all others.
//!
//! None of these has a branch: a comparison makes a mask of bits, by which a result is chosen.

use super::super::calls::{call_one, call_two};
use super::Generator;
use crate::expr::Function;
use crate::functions::{Real, row};
use crate::program::x64::{Binary, Comparison, General, Operand, Rounding, Vector, Width};
use crate::program::{Op, Register};

/// The generator's own constants. Those for operations on bits are read 16 bytes at a time, and stand in pairs.
#[derive(Clone, Copy)]
pub(super) enum Own {
    One,
    Sign,
    Size,
    Infinity,
}

impl Own {
    const ALL: [Own; 4] = [Own::One, Own::Sign, Own::Size, Own::Infinity];

    /// What stands behind the program's constants.
    pub(super) fn table() -> impl Iterator<Item = f64> {
        Own::ALL.into_iter().flat_map(|own| {
            let number = match own {
                Own::One => 1.0,
                Own::Sign => -0.0,
                Own::Size => f64::from_bits((-0.0f64).to_bits() ^ u64::MAX),
                Own::Infinity => f64::INFINITY,
            };
            [number, number]
        })
    }
}

/// Is the operation a call of a function, which changes all registers?
pub(super) fn is_call(op: Op) -> bool {
    match op {
        Op::Pow => true,
        Op::Call(f) => comparison(f).is_none() && !is_inline(f),
        _ => false,
    }
}

fn is_inline(f: Function) -> bool {
    use Function as F;
    matches!(
        f,
        F::Abs | F::Floor | F::Ceil | F::Sign | F::Step | F::Relu | F::Min | F::Max
    )
}

/// Functions that are 1 where their arguments compare so, or their argument and 0, and 0 elsewhere.
fn comparison(f: Function) -> Option<Comparison> {
    Some(match f {
        Function::Less => Comparison::Less,
        Function::LessEqual => Comparison::LessEqual,
        Function::Greater => Comparison::Greater,
        Function::GreaterEqual => Comparison::GreaterEqual,
        Function::Equal | Function::Not => Comparison::Equal,
        Function::NotEqual => Comparison::NotEqual,
        _ => return None,
    })
}

impl Generator<'_> {
    /// `f` at operands in registers, into `target`, which is none of them.
    pub(super) fn function(&mut self, f: Function, target: Vector, operands: &[Vector]) {
        use Function as F;
        let a = operands[0];
        if let Some(holds) = comparison(f) {
            let b = operands.get(1).copied().unwrap_or_else(|| self.zero());
            self.compare(holds, target, a, b);
            self.with(Binary::And, target, Own::One);
            return;
        }
        match (f, operands) {
            (F::Abs, _) => self.bits(Binary::And, target, a, Own::Size),
            (F::Floor, _) => self.asm().round(Rounding::Down, Width::One, target, a),
            (F::Ceil, _) => self.asm().round(Rounding::Up, Width::One, target, a),
            (F::Sign, _) => {
                // 1 with the sign of a; but 0 and NaN are what they are, but for the sign of 0.
                self.bits(Binary::And, target, a, Own::Sign);
                self.with(Binary::Or, target, Own::One);
                let (is_zero, zero) = (self.temporary(), self.zero());
                self.compare(Comparison::Equal, is_zero, a, zero);
                self.binary(Binary::AndNot, target, is_zero, target);
                self.unless_nan(target, a);
            }
            (F::Step, _) => {
                let zero = self.zero();
                self.compare(Comparison::Greater, target, a, zero);
                self.with(Binary::And, target, Own::One);
                self.unless_nan(target, a);
            }
            (F::Relu, _) => {
                let zero = self.zero();
                self.compare(Comparison::LessEqual, target, a, zero);
                self.binary(Binary::AndNot, target, target, a);
            }
            // The first of two unless the second is beyond it; NaN if either is. The instructions give their second
            // operand where either is NaN, and at zeros.
            (F::Min, &[_, b]) => {
                self.binary(Binary::Min, target, b, a);
                self.unless_nan(target, b);
            }
            (F::Max, &[_, b]) => {
                self.binary(Binary::Max, target, b, a);
                self.unless_nan(target, b);
            }
            _ => unreachable!("other functions are called"),
        }
    }

    /// `b` where `a` is not 0, `c` where it is, NaN where it is NaN.
    pub(super) fn select(&mut self, target: Vector, [a, b, c]: [Vector; 3]) {
        let (is_zero, zero) = (self.temporary(), self.zero());
        self.compare(Comparison::Equal, is_zero, a, zero);
        self.asm().blend(Width::One, target, b, c, is_zero);
        self.unless_nan(target, a);
    }

    /// `a`, but 0 where `a` is NaN, `b` is 0 and `c` infinite.
    pub(super) fn fill(&mut self, target: Vector, [a, b, c]: [Vector; 3]) {
        let (holds, zero) = (self.temporary(), self.zero());
        self.bits(Binary::And, target, c, Own::Size);
        let infinity = self.own(Own::Infinity);
        self.asm()
            .compare(Comparison::Equal, Width::One, target, target, infinity);
        self.compare(Comparison::Equal, holds, b, zero);
        self.binary(Binary::And, target, target, holds);
        self.compare(Comparison::Unordered, holds, a, a);
        self.binary(Binary::And, target, target, holds);
        self.binary(Binary::AndNot, target, target, a);
    }

    /// The root of `a`, also into the same register. That of -0 is 0, as everywhere here.
    pub(super) fn square_root(&mut self, target: Vector, a: Vector) {
        let zero = self.zero();
        self.binary(Binary::Add, target, a, zero);
        self.asm().sqrt(Width::One, target, target);
    }

    /// `a` itself where it is NaN.
    fn unless_nan(&mut self, target: Vector, a: Vector) {
        let is_nan = self.temporary();
        self.compare(Comparison::Unordered, is_nan, a, a);
        self.asm().blend(Width::One, target, target, a, is_nan);
    }

    fn zero(&mut self) -> Vector {
        let zero = self.temporary();
        self.binary(Binary::Xor, zero, zero, zero);
        zero
    }

    fn compare(&mut self, how: Comparison, target: Vector, a: Vector, b: Vector) {
        self.asm().compare(how, Width::One, target, a, b);
    }

    fn binary(&mut self, op: Binary, target: Vector, a: Vector, b: Vector) {
        self.asm().binary(op, Width::One, target, a, b);
    }

    fn with(&mut self, op: Binary, target: Vector, own: Own) {
        self.bits(op, target, target, own);
    }

    /// An operation on the bits of a number and of a constant.
    pub(super) fn bits(&mut self, op: Binary, target: Vector, a: Vector, own: Own) {
        let own = self.own(own);
        self.asm().binary(op, Width::One, target, a, own);
    }

    /// A call by the convention of System V: addresses in rdi, numbers in xmm0 and xmm1, the result in xmm0, and any
    /// other xmm register changed.
    pub(super) fn call(&mut self, op: Op, reads: &[Register], nexts: &[u32]) -> Vector {
        let (first, second) = (Vector(0), Vector(1));
        let operands = [0, 1].map(|at| reads.get(at).map(|&read| self.registers.operand(read)));
        for (&read, &next) in reads.iter().zip(nexts) {
            self.registers.release(read, next);
        }
        self.registers.save_all();
        self.arguments(operands, first, second);
        self.registers.forget_all();
        let (function, through) = match op {
            Op::Call(f) => match row(f).real {
                Real::One(value) => (value as usize, call_one as *const () as usize),
                Real::Two(value) => (value as usize, call_two as *const () as usize),
            },
            _ => {
                let power: fn(f64, f64) -> f64 = f64::powf;
                (power as usize, call_two as *const () as usize)
            }
        };
        self.asm().set(General::Rdi, function as u64);
        self.asm().set(General::Rax, through as u64);
        self.asm().call(General::Rax);
        first
    }

    /// Moves the operands of a call to where the function looks for them. Everything else has been saved.
    fn arguments(&mut self, operands: [Option<Operand>; 2], first: Vector, second: Vector) {
        let [a, b] = operands;
        let a = a.expect("every function has an argument");
        match b {
            // The second one stands where the first one must go.
            Some(Operand::Vector(b)) if b == first && a != Operand::Vector(first) => {
                let aside = Vector(2);
                let a = match a {
                    Operand::Vector(a) if a == second => {
                        self.asm().copy(Width::One, aside, a);
                        aside.into()
                    }
                    _ => a,
                };
                self.bring(second, b.into());
                self.bring(first, a);
            }
            Some(b) => {
                self.bring(first, a);
                self.bring(second, b);
            }
            None => self.bring(first, a),
        }
    }

    fn bring(&mut self, to: Vector, from: Operand) {
        match from {
            Operand::Vector(from) if from == to => {}
            Operand::Vector(from) => self.asm().copy(Width::One, to, from),
            Operand::Memory(from) => {
                self.asm().load(Width::One, to, from);
            }
        }
    }
}
