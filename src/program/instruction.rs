//! What a program is made of: instructions over numbered registers.

use crate::expr::Function;

/// A number's place in the one file of registers that a run works on; [`Program::place`](super::Program::place) says
/// what it holds.
///
/// One kind of number for constants, inputs, slots and outputs, so that an interpreter reads every operand in the same
/// way, without asking what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Register(pub u32);

impl Register {
    /// As an index into the file of registers.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a [`Register`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// An entry of the program's table of constants. Never written.
    Constant(usize),
    /// A variable of the point. Never written.
    Input(usize),
    /// An intermediate result. A slot may be written again when what it held is no longer needed.
    Slot(usize),
    /// A result. Every output is written exactly once, and never read.
    Output(usize),
}

/// What an instruction does with its operands `a`, `b`, `c`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `a`: an output that is an input, a constant, or needed elsewhere too.
    Copy,
    /// `-a`
    Neg,
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a*b`
    Mul,
    /// `a/b`
    Div,
    /// `a*b + c`, rounded once.
    MulAdd,
    /// `a*b - c`, rounded once.
    MulSub,
    /// `c - a*b`, rounded once.
    NegMulAdd,
    /// The square root of `a`.
    Sqrt,
    /// `a^b`; 0^0 = 1.
    Pow,
    /// A function of the table, at `a` or at `a` and `b`.
    Call(Function),
    /// `b` where `a` is not 0, `c` where it is 0, NaN where `a` is NaN. What is not taken never matters.
    Select,
    /// `a`, but 0 where `a` is NaN, `b` is 0 and `c` infinite: the limit of `u^p*log(u)` at u = 0, with `b` holding the
    /// power and `c` the logarithm.
    Fill,
    /// The imaginary unit, in programs for complex numbers only.
    ImaginaryUnit,
}

impl Op {
    /// How many operands are read: the first ones.
    pub fn arity(self) -> usize {
        match self {
            Op::ImaginaryUnit => 0,
            Op::Copy | Op::Neg | Op::Sqrt => 1,
            Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Pow => 2,
            Op::MulAdd | Op::MulSub | Op::NegMulAdd | Op::Select | Op::Fill => 3,
            Op::Call(function) => function.arity(),
        }
    }

    /// A number for each operation, for hashing.
    pub(super) fn code(self) -> u64 {
        match self {
            Op::Copy => 0,
            Op::Neg => 1,
            Op::Add => 2,
            Op::Sub => 3,
            Op::Mul => 4,
            Op::Div => 5,
            Op::MulAdd => 6,
            Op::MulSub => 7,
            Op::NegMulAdd => 8,
            Op::Sqrt => 9,
            Op::Pow => 10,
            Op::Select => 11,
            Op::Fill => 12,
            Op::ImaginaryUnit => 13,
            Op::Call(function) => 14 + function as u64,
        }
    }
}

/// One step of a program: 20 bytes.
///
/// The target is never a register that the same instruction reads, so that a backend may work on whole blocks of values
/// without a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What is done.
    pub op: Op,
    /// Where the result goes: a slot or an output.
    pub target: Register,
    /// The operands `a`, `b`, `c`; those beyond the arity of `op` repeat the first one, or the target if there is none.
    pub operands: [Register; 3],
}

const _: () = assert!(size_of::<Instruction>() == 20);

impl Instruction {
    /// The operands that are read.
    pub fn reads(&self) -> &[Register] {
        &self.operands[..self.op.arity()]
    }
}
