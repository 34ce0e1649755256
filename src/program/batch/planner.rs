//! Steps made of instructions, one by one.

use rustc_hash::FxHashMap;

use super::Level;
use super::math::copies::{Kernel, PairKernel};
use super::math::kernels;
use super::numbers::Before;
use super::plan::{Plan, Source, Step, Target};
use super::runs::{Runs, Segment};
use crate::expr::Function;
use crate::functions::{Real, row};
use crate::program::{Instruction, Op, Place, Program, Register};

/// A plan in the making.
pub(super) struct Planner<'p> {
    program: &'p Program,
    level: Level,
    pub(super) plan: Plan,
    /// Registers whose value stands in another slot, until they are written again.
    moved: FxHashMap<Register, u32>,
    /// Slots of such values that were written again.
    free: Vec<u32>,
    /// The slot that holds a constant, by its bits.
    filled: FxHashMap<u64, u32>,
    /// The slot that holds a number of the run.
    filled_numbers: FxHashMap<u32, u32>,
}

impl<'p> Planner<'p> {
    pub(super) fn new(
        program: &'p Program,
        columns: usize,
        level: Level,
        before: Vec<Before>,
    ) -> Self {
        let plan = Plan {
            level,
            steps: Vec::with_capacity(program.instructions().len()),
            inputs: program.inputs(),
            outputs: program.outputs(),
            block: 0,
            summed: 0,
            calls: 0,
            slots: program.slots(),
            constant_slots: Vec::new(),
            number_slots: Vec::new(),
            columns,
            before,
            loops: None,
        };
        Planner {
            program,
            level,
            plan,
            moved: FxHashMap::default(),
            free: Vec::new(),
            filled: FxHashMap::default(),
            filled_numbers: FxHashMap::default(),
        }
    }

    /// A run of arithmetic.
    pub(super) fn segment(&mut self, runs: &Runs, start: usize, end: usize) -> Segment {
        let segment = runs.segment(
            (start, end),
            |register| self.source(register),
            |register| place_written(self.program, register),
        );
        for written in runs.written(start, end) {
            self.free.extend(self.moved.remove(&written));
        }
        segment
    }

    fn source(&self, register: Register) -> Source {
        if let Some(&slot) = self.moved.get(&register) {
            return Source::Slot(slot);
        }
        if let Some(number) = register.index().checked_sub(self.program.registers()) {
            return Source::Number(number as u32);
        }
        match self.program.place(register) {
            Place::Constant(at) => Source::Constant(self.program.constants()[at]),
            Place::Input(at) => Source::Input(at as u32),
            Place::Slot(at) => Source::Slot(at as u32),
            Place::Output(_) => unreachable!("outputs are never read"),
        }
    }

    fn target(&mut self, register: Register) -> Target {
        self.free.extend(self.moved.remove(&register));
        place_written(self.program, register)
    }

    fn new_slot(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| self.unused_slot())
    }

    /// A slot that no step has written.
    fn unused_slot(&mut self) -> u32 {
        self.plan.slots += 1;
        self.plan.slots as u32 - 1
    }

    /// A column in any case.
    fn column(&mut self, register: Register) -> Source {
        match self.source(register) {
            Source::Constant(value) => {
                let slot = match self.filled.get(&value.to_bits()) {
                    Some(&slot) => slot,
                    None => {
                        let slot = self.unused_slot();
                        self.filled.insert(value.to_bits(), slot);
                        self.plan.constant_slots.push((slot, value));
                        slot
                    }
                };
                Source::Slot(slot)
            }
            Source::Number(number) => {
                let slot = match self.filled_numbers.get(&number) {
                    Some(&slot) => slot,
                    None => {
                        let slot = self.unused_slot();
                        self.filled_numbers.insert(number, slot);
                        self.plan.number_slots.push((slot, number));
                        slot
                    }
                };
                Source::Slot(slot)
            }
            column => column,
        }
    }

    pub(super) fn single(&mut self, instruction: Instruction) {
        let Instruction { op, operands, .. } = instruction;
        let step = match op {
            Op::Call(function) => self.call(function, instruction),
            _ => {
                let mut sources = [Source::Constant(0.0); 3];
                let mut constant = 0;
                for (k, source) in sources.iter_mut().enumerate().take(op.arity()) {
                    *source = self.source(operands[k]);
                    constant |= u8::from(source.is_fixed()) << k;
                }
                let kernel = match (op, sources[1]) {
                    (Op::Pow, Source::Constant(exponent)) if constant == 2 => {
                        kernels::half_power(exponent, self.level)
                    }
                    _ => None,
                };
                let kernel = kernel.unwrap_or_else(|| operation(op, constant, self.level));
                Step::Kernel(kernel, sources, self.target(instruction.target))
            }
        };
        self.plan.steps.push(step);
    }

    fn call(&mut self, function: Function, instruction: Instruction) -> Step {
        let [a, b, _] = instruction.operands;
        let first = self.column(a);
        if let Some(kernel) = kernels::function(function, self.level) {
            let second = match function.arity() {
                1 => Source::Constant(0.0),
                _ => self.column(b),
            };
            let sources = [first, second, Source::Constant(0.0)];
            self.plan.calls += 1;
            return Step::Kernel(kernel, sources, self.target(instruction.target));
        }
        match row(function).real {
            Real::One(value) => Step::One(value, first, self.target(instruction.target)),
            Real::Two(value) => {
                let sources = [first, self.column(b)];
                Step::Two(value, sources, self.target(instruction.target))
            }
        }
    }

    /// Two functions of one register, of which `later` comes later in the program. What its slot holds may still be needed
    /// until then, so that its result gets a slot of its own, which is returned.
    pub(super) fn pair(
        &mut self,
        kernel: PairKernel,
        now: Instruction,
        later: Instruction,
    ) -> Option<u32> {
        let source = self.column(now.operands[0]);
        let first = self.target(now.target);
        let (second, slot) = match self.program.place(later.target) {
            Place::Output(at) => (Target::Output(at as u32), None),
            _ => {
                let slot = self.new_slot();
                (Target::Slot(slot), Some(slot))
            }
        };
        let targets = match now.op {
            Op::Call(Function::Sin) | Op::Sqrt => [first, second],
            _ => [second, first],
        };
        self.plan.steps.push(Step::Pair(kernel, source, targets));
        slot
    }

    /// From here on the register is what a pair has left in a slot.
    pub(super) fn arrive(&mut self, register: Register, slot: Option<u32>) {
        if let Some(slot) = slot {
            self.free.extend(self.moved.insert(register, slot));
        }
    }

    /// Two operations in one loop: `inner`, whose result nothing else reads, and `outer`, which reads it.
    pub(super) fn two(&mut self, inner: Instruction, outer: Instruction) {
        let reversed = outer.operands[0] != inner.target;
        let [a, b, _] = inner.operands;
        // A change of sign is a product by -1.
        let (op, other) = match outer.op {
            Op::Neg => (Op::Mul, Source::Constant(-1.0)),
            op => (op, self.source(outer.operands[usize::from(!reversed)])),
        };
        let sources = [self.source(a), self.source(b), other];
        let constant = (sources.iter().enumerate())
            .map(|(k, source)| u8::from(source.is_fixed()) << k)
            .sum();
        let kernel = kernels::two((inner.op, op, reversed), constant, self.level)
            .expect("only such operations are joined");
        // What the inner operation reads was to be gone by now, and its slot may be the target.
        let reads = [inner.reads(), outer.reads()].concat();
        let target = match reads.contains(&outer.target) {
            true => {
                let slot = self.new_slot();
                self.arrive(outer.target, Some(slot));
                Target::Slot(slot)
            }
            false => self.target(outer.target),
        };
        self.plan.steps.push(Step::Kernel(kernel, sources, target));
    }
}

/// Where an instruction writes.
fn place_written(program: &Program, register: Register) -> Target {
    match program.place(register) {
        Place::Slot(at) => Target::Slot(at as u32),
        Place::Output(at) => Target::Output(at as u32),
        place => unreachable!("{place:?} is never written"),
    }
}

/// The loop of an operation that is no call.
fn operation(op: Op, constant: u8, level: Level) -> Kernel {
    let kernel = match op {
        Op::Copy => kernels::copy,
        Op::Neg => kernels::neg,
        Op::Sqrt => kernels::sqrt,
        Op::Add => kernels::add,
        Op::Sub => kernels::sub,
        Op::Mul => kernels::mul,
        Op::Div => kernels::div,
        Op::MulAdd => kernels::mul_add,
        Op::MulSub => kernels::mul_sub,
        Op::NegMulAdd => kernels::neg_mul_add,
        Op::Select => kernels::choose,
        Op::Fill => kernels::fill,
        Op::Pow => kernels::pow,
        Op::Call(_) | Op::ImaginaryUnit => unreachable!("no operation of real numbers"),
    };
    kernel(constant, level)
}
