//! Runs of arithmetic, to share a loop of machine code.
//!
//! A [`Segment`] is a run of arithmetic between calls of functions, as [`order`](super::order) leaves it, without registers:
//! what is read, what is done, what is kept. [`loops`](super::loops) makes machine code of it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Level;
use super::order::is_arithmetic;
use super::plan::{Source, Target};
use crate::program::{Instruction, Op, Place, Program, Register};

/// Longer runs are cut: what is used again far away would wait in memory anyway.
const MAX_OPERATIONS: usize = 500;

/// A run of arithmetic. Its values are numbered: first the sources, then the results of the operations.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    pub(super) sources: Vec<Source>,
    pub(super) operations: Vec<Operation>,
    /// Which values are written, and where.
    pub(super) stores: Vec<(u32, Target)>,
}

/// What the loops of segments are made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) level: Level,
    pub(super) block: usize,
    pub(super) slots: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Numbers of a run.
    pub(super) numbers: usize,
}

/// What is done with values of a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    /// Any arithmetic but a copy.
    pub(super) op: Op,
    operands: [u32; 3],
    arity: u8,
}

impl Operation {
    /// The values that are read: of a change of sign and a root also the constant that it takes.
    pub(super) fn operands(&self) -> &[u32] {
        &self.operands[..usize::from(self.arity)]
    }
}

/// Finds the runs of a program.
pub(super) struct Runs<'p> {
    program: &'p Program,
    instructions: &'p [Instruction],
    /// Where the result of each instruction is read last.
    last_reads: Vec<usize>,
    /// Those that are part of a pair.
    paired: FxHashSet<usize>,
}

impl<'p> Runs<'p> {
    pub(super) fn new(
        program: &'p Program,
        instructions: &'p [Instruction],
        paired: FxHashSet<usize>,
    ) -> Runs<'p> {
        let mut last_reads = vec![0; instructions.len()];
        let mut written: FxHashMap<Register, usize> = FxHashMap::default();
        for (at, instruction) in instructions.iter().enumerate() {
            for read in instruction.reads() {
                if let Some(&from) = written.get(read) {
                    last_reads[from] = at;
                }
            }
            written.insert(instruction.target, at);
        }
        Runs {
            program,
            instructions,
            last_reads,
            paired,
        }
    }

    /// Where the run that begins at an instruction ends: there itself, if it is no arithmetic.
    pub(super) fn end(&self, start: usize) -> usize {
        let mut given: FxHashSet<Register> = FxHashSet::default();
        let mut written: FxHashSet<Register> = FxHashSet::default();
        let most = (start + MAX_OPERATIONS).min(self.instructions.len());
        for at in start..most {
            let instruction = &self.instructions[at];
            let reads = instruction.reads().iter();
            given.extend(reads.filter(|read| !written.contains(read)));
            // What the loop reads from a slot at one point may be read again after it has written there.
            let fits = is_arithmetic(instruction.op)
                && !self.paired.contains(&at)
                && !given.contains(&instruction.target);
            if !fits {
                return at;
            }
            written.insert(instruction.target);
        }
        most
    }

    /// The run from `start` to `end`; `source` and `target` say what registers are.
    pub(super) fn segment(
        &self,
        (start, end): (usize, usize),
        source: impl Fn(Register) -> Source,
        target: impl Fn(Register) -> Target,
    ) -> Segment {
        let mut sources = Sources::default();
        let mut operations: Vec<(Op, [Value; 3], u8)> = Vec::new();
        let mut stores = Vec::new();
        let mut values: FxHashMap<Register, Value> = FxHashMap::default();
        for at in start..end {
            let instruction = &self.instructions[at];
            let mut operands = [Value::Source(0); 3];
            let mut arity = 0;
            let extra = match instruction.op {
                // The sign is a bit; the root of -0 is 0.
                Op::Neg => Some(Source::Constant(-0.0)),
                Op::Sqrt => Some(Source::Constant(0.0)),
                _ => None,
            };
            for &read in instruction.reads() {
                let given = || Value::Source(sources.number(source(read)));
                operands[arity] = values.get(&read).copied().unwrap_or_else(given);
                arity += 1;
            }
            if let Some(extra) = extra {
                operands[arity] = Value::Source(sources.number(extra));
                arity += 1;
            }
            let value = match instruction.op {
                Op::Copy => operands[0],
                op => {
                    operations.push((op, operands, arity as u8));
                    Value::Result(operations.len() as u32 - 1)
                }
            };
            let is_output = matches!(self.program.place(instruction.target), Place::Output(_));
            if is_output || self.last_reads[at] >= end {
                stores.push((value, target(instruction.target)));
            }
            values.insert(instruction.target, value);
        }
        let count = sources.list.len() as u32;
        let number = |value| match value {
            Value::Source(at) => at,
            Value::Result(at) => count + at,
        };
        let operation = |(op, operands, arity): (Op, [Value; 3], u8)| Operation {
            op,
            operands: operands.map(number),
            arity,
        };
        Segment {
            operations: operations.into_iter().map(operation).collect(),
            stores: (stores.into_iter())
                .map(|(value, target)| (number(value), target))
                .collect(),
            sources: sources.list,
        }
    }
}

impl Runs<'_> {
    /// What a run writes.
    pub(super) fn written(&self, start: usize, end: usize) -> impl Iterator<Item = Register> {
        (self.instructions[start..end].iter()).map(|instruction| instruction.target)
    }
}

/// A value while it is not known how many sources there are.
#[derive(Clone, Copy)]
enum Value {
    Source(u32),
    Result(u32),
}

/// The sources of a segment, each once.
#[derive(Default)]
struct Sources {
    list: Vec<Source>,
    numbers: FxHashMap<(u8, u64), u32>,
}

impl Sources {
    fn number(&mut self, source: Source) -> u32 {
        let key = match source {
            Source::Slot(at) => (0, u64::from(at)),
            Source::Input(at) => (1, u64::from(at)),
            Source::Constant(value) => (2, value.to_bits()),
            Source::Number(at) => (3, u64::from(at)),
        };
        *self.numbers.entry(key).or_insert_with(|| {
            self.list.push(source);
            self.list.len() as u32 - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of the run of instructions `target = a + b` on slots.
    fn end(instructions: &[[u32; 3]]) -> usize {
        let instructions: Vec<Instruction> = (instructions.iter())
            .map(|&[target, a, b]| Instruction {
                op: Op::Add,
                target: Register(target),
                operands: [a, b, a].map(Register),
            })
            .collect();
        let program = Program {
            instructions: Vec::new(),
            constants: Vec::new(),
            inputs: 0,
            slots: 9,
            outputs: 0,
            needs_complex: false,
        };
        Runs::new(&program, &instructions, FxHashSet::default()).end(0)
    }

    #[test]
    fn a_run_ends_before_it_writes_what_it_has_read_from_memory() {
        assert_eq!(end(&[[2, 0, 1], [3, 2, 0], [4, 3, 2]]), 3);
        assert_eq!(end(&[[2, 0, 1], [3, 2, 0], [2, 3, 3], [4, 2, 2]]), 4);
        assert_eq!(end(&[[2, 0, 1], [3, 2, 0], [0, 3, 2], [4, 3, 2]]), 2);
    }
}
