//! Native code in one pass over the instructions, for x86-64 processors with AVX: ready at once.
//!
//! A program is straight code, so that registers are given out as the pass goes on (`registers.rs`), knowing when each
//! value is read next (`uses.rs`). An operand in memory costs nothing beside one in a register: only what an instruction
//! must have in a register is loaded.

mod functions;
mod registers;
mod uses;

use self::functions::{Own, is_call};
use self::registers::{Bases, Registers};
use self::uses::{NEVER, next_uses};
use super::super::x64::{Assembler, Binary, Fused, General, Operand, Order, Vector, Width};
use super::super::{Instruction, Op, Program, Register};

/// Instructions as bytes, and what they need in memory.
pub(super) struct Code {
    pub(super) bytes: Vec<u8>,
    /// The program's constants and the generator's own.
    pub(super) constants: Vec<f64>,
    /// How many numbers wait in memory.
    pub(super) slots: usize,
}

/// Has this processor all that the code for this program would use?
pub(super) fn suits(program: &Program) -> bool {
    let fuses = (program.instructions().iter())
        .any(|i| matches!(i.op, Op::MulAdd | Op::MulSub | Op::NegMulAdd));
    is_x86_feature_detected!("avx") && (!fuses || is_x86_feature_detected!("fma"))
}

/// The program as one function, called as `code::Chunk` by the convention of System V: the addresses of constants, point,
/// slots, the first outputs and the others are in rdi, rsi, rdx, rcx and r8.
pub(super) fn generate(program: &Program, head: usize) -> Code {
    let instructions = program.instructions();
    let calls = instructions.iter().any(|i| is_call(i.op));
    let mut generator = Generator {
        own: program.constants().len(),
        registers: Registers::new(program, if calls { KEPT } else { PASSED }, head),
    };
    generator.asm().bytes.reserve(8 * instructions.len());
    generator.enter(calls);
    for (&instruction, uses) in instructions.iter().zip(next_uses(program)) {
        generator.instruction(instruction, uses);
    }
    generator.leave(calls);
    let mut constants = program.constants().to_vec();
    constants.extend(Own::table());
    Code {
        slots: generator.registers.size,
        bytes: generator.registers.assembler.bytes,
        constants,
    }
}

/// The addresses where they are passed, but for the last one: instructions with r8 are longer.
const PASSED: Bases = Bases {
    constants: General::Rdi,
    point: General::Rsi,
    slots: General::Rdx,
    head: General::Rcx,
    tail: General::Rax,
};

/// The addresses in registers that functions leave as they are.
const KEPT: Bases = Bases {
    constants: General::R13,
    point: General::R14,
    slots: General::Rbx,
    head: General::R15,
    tail: General::Rbp,
};

/// Five of them, so that with the address to return to the stack is at a multiple of 16, as calls need it.
const SAVED: [General; 5] = [
    General::Rbx,
    General::Rbp,
    General::R13,
    General::R14,
    General::R15,
];

/// Code in the making.
struct Generator<'a> {
    registers: Registers<'a>,
    /// Where the generator's own constants begin.
    own: usize,
}

impl Generator<'_> {
    fn asm(&mut self) -> &mut Assembler {
        &mut self.registers.assembler
    }

    fn enter(&mut self, calls: bool) {
        let asm = self.asm();
        if !calls {
            return asm.copy_general(PASSED.tail, General::R8);
        }
        SAVED.into_iter().for_each(|register| asm.push(register));
        for (kept, passed) in [
            (KEPT.constants, General::Rdi),
            (KEPT.point, General::Rsi),
            (KEPT.slots, General::Rdx),
            (KEPT.head, General::Rcx),
            (KEPT.tail, General::R8),
        ] {
            asm.copy_general(kept, passed);
        }
    }

    fn leave(&mut self, calls: bool) {
        let asm = self.asm();
        if calls {
            (SAVED.into_iter().rev()).for_each(|register| asm.pop(register));
        }
        asm.ret();
    }

    /// Where one of the generator's constants is.
    fn own(&self, own: Own) -> Operand {
        self.registers.constant(self.own + 2 * own as usize).into()
    }

    fn temporary(&mut self) -> Vector {
        self.registers.allocate()
    }

    fn instruction(&mut self, instruction: Instruction, [result, nexts @ ..]: [u32; 4]) {
        let (op, reads) = (instruction.op, instruction.reads());
        let nexts = &nexts[..reads.len()];
        let value = match op {
            Op::Add => self.arithmetic(Binary::Add, reads, nexts),
            Op::Sub => self.arithmetic(Binary::Sub, reads, nexts),
            Op::Mul => self.arithmetic(Binary::Mul, reads, nexts),
            Op::Div => self.arithmetic(Binary::Div, reads, nexts),
            Op::MulAdd => self.fused(Fused::Add, instruction.operands, nexts),
            Op::MulSub => self.fused(Fused::Sub, instruction.operands, nexts),
            Op::NegMulAdd => self.fused(Fused::NegAdd, instruction.operands, nexts),
            _ if is_call(op) => self.call(op, reads, nexts),
            _ => self.other(op, reads, nexts),
        };
        self.registers.define(instruction.target, value, result);
        self.registers.end();
    }

    fn release(&mut self, reads: &[Register], nexts: &[u32]) {
        for (&read, &next) in reads.iter().zip(nexts) {
            self.registers.release(read, next);
        }
    }

    fn arithmetic(&mut self, op: Binary, reads: &[Register], nexts: &[u32]) -> Vector {
        let (mut a, mut b) = (reads[0], reads[1]);
        let commutes = matches!(op, Binary::Add | Binary::Mul);
        // Only the second operand may be in memory.
        if commutes && self.registers.find(a).is_none() {
            let sooner = || nexts[1] < nexts[0];
            if self.registers.find(b).is_some() || sooner() {
                (a, b) = (b, a);
            }
        }
        let first = self.registers.vector(a);
        let second = self.registers.operand(b);
        self.release(reads, nexts);
        let target = self.registers.allocate();
        self.asm().binary(op, Width::One, target, first, second);
        target
    }

    /// `a*b` and `c`, of which one is overwritten, and one of the others may be in memory.
    fn fused(&mut self, op: Fused, operands: [Register; 3], nexts: &[u32]) -> Vector {
        let found = operands.map(|operand| self.registers.find(operand));
        let (at, target) = self.overwritten(operands, found, nexts);
        let (mut order, mut second, mut third) = match at {
            0 => (Order::O213, 1, 2),
            1 => (Order::O213, 0, 2),
            _ => (Order::O231, 0, 1),
        };
        let is_here = |which: usize| found[which].is_some() || operands[which] == operands[at];
        if !is_here(second) && (is_here(third) || nexts[third] < nexts[second]) {
            (second, third) = (third, second);
            if order == Order::O213 {
                order = Order::O132;
            }
        }
        let other = |which: usize| Some(operands[which]).filter(|&other| other != operands[at]);
        let second = other(second).map_or(target, |second| self.registers.vector(second));
        let third = other(third).map_or(target.into(), |third| self.registers.operand(third));
        self.release(&operands, nexts);
        self.asm()
            .fused((op, order), Width::One, target, second, third);
        target
    }

    /// Which of three operands is overwritten, in which register: best one that is in a register and read for the last
    /// time, else one that must be loaded anyway, of those the one that is not needed again for longest, else a copy.
    fn overwritten(
        &mut self,
        operands: [Register; 3],
        found: [Option<Vector>; 3],
        nexts: &[u32],
    ) -> (usize, Vector) {
        let last = found
            .into_iter()
            .zip(nexts)
            .position(|(found, &next)| found.is_some() && next == NEVER);
        if let Some((at, target)) = last.and_then(|at| Some((at, found[at]?))) {
            return (at, target);
        }
        let in_memory = (0..3).filter(|&at| found[at].is_none());
        if let Some(at) = in_memory.max_by_key(|&at| nexts[at]) {
            return (at, self.registers.load(operands[at]));
        }
        let (target, a) = (self.temporary(), self.registers.vector(operands[0]));
        self.asm().copy(Width::One, target, a);
        (0, target)
    }

    /// What is neither arithmetic nor a call: operands in registers, which the result does not overwrite.
    fn other(&mut self, op: Op, reads: &[Register], nexts: &[u32]) -> Vector {
        let mut vectors = [Vector(0); 3];
        for (vector, &read) in vectors.iter_mut().zip(reads) {
            *vector = self.registers.vector(read);
        }
        let target = self.temporary();
        let [a, ..] = vectors;
        match op {
            Op::Copy => self.asm().copy(Width::One, target, a),
            Op::Neg => self.bits(Binary::Xor, target, a, Own::Sign),
            Op::Sqrt => self.square_root(target, a),
            Op::Select => self.select(target, vectors),
            Op::Fill => self.fill(target, vectors),
            Op::Call(f) => self.function(f, target, &vectors[..reads.len()]),
            _ => unreachable!("done elsewhere"),
        }
        self.release(reads, nexts);
        target
    }
}
