//! Inputs that are the same at every point: what depends on them alone is computed once a run, as a scalar.

use rustc_hash::FxHashMap;

use crate::program::run::apply;
use crate::program::{Instruction, Op, Place, Program, Register};

/// What an operation before the loops reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Constant(f64),
    /// Given, or computed before.
    At(u32),
}

/// An operation that is done once a run; its result is the next number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    op: Op,
    operands: [Number; 3],
}

/// The instructions of a program, those apart that need no column.
pub(super) struct Divided {
    pub(super) before: Vec<Before>,
    /// The others. Register `program.registers() + k` is number k.
    pub(super) instructions: Vec<Instruction>,
}

/// Divides a program whose inputs from number `columns` on are numbers.
pub(super) fn divide(program: &Program, columns: usize) -> Divided {
    let given = program.inputs() - columns;
    let mut divided = Divided {
        before: Vec::new(),
        instructions: Vec::with_capacity(program.instructions().len()),
    };
    // Which number a slot holds at present.
    let mut held: FxHashMap<Register, u32> = FxHashMap::default();
    for &instruction in program.instructions() {
        let number = |register: Register| match program.place(register) {
            Place::Constant(at) => Some(Number::Constant(program.constants()[at])),
            Place::Input(at) => at.checked_sub(columns).map(|at| Number::At(at as u32)),
            Place::Slot(_) | Place::Output(_) => held.get(&register).map(|&at| Number::At(at)),
        };
        let virtual_register = |at: u32| Register((program.registers() + at as usize) as u32);
        let operands = instruction.operands.map(number);
        let reads = &operands[..instruction.op.arity()];
        let is_output = matches!(program.place(instruction.target), Place::Output(_));
        let is_copy = is_output && instruction.op == Op::Copy;
        if !reads.is_empty() && reads.iter().all(Option::is_some) && !is_copy {
            let at = (given + divided.before.len()) as u32;
            divided.before.push(Before {
                op: instruction.op,
                operands: operands.map(|operand| operand.unwrap_or(Number::Constant(0.0))),
            });
            match is_output {
                // Outputs are columns whatever they hold.
                true => divided.instructions.push(Instruction {
                    op: Op::Copy,
                    target: instruction.target,
                    operands: [virtual_register(at); 3],
                }),
                false => {
                    held.insert(instruction.target, at);
                }
            }
            continue;
        }
        let operands = instruction.operands.map(|register| match number(register) {
            Some(Number::At(at)) => virtual_register(at),
            _ => register,
        });
        divided.instructions.push(Instruction {
            operands,
            ..instruction
        });
        held.remove(&instruction.target);
    }
    divided
}

/// The numbers of a run: those given, then those computed from them.
pub(super) fn numbers(before: &[Before], given: &[f64]) -> Vec<f64> {
    let mut numbers = Vec::with_capacity(given.len() + before.len());
    numbers_into(before, given, &mut numbers);
    numbers
}

/// The same, into memory that is there already.
pub(super) fn numbers_into(before: &[Before], given: &[f64], numbers: &mut Vec<f64>) {
    numbers.clear();
    numbers.extend_from_slice(given);
    for step in before {
        let result = apply(step.op, |which| match step.operands[which] {
            Number::Constant(value) => value,
            Number::At(at) => numbers[at as usize],
        });
        numbers.push(result);
    }
}
