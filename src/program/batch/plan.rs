//! What is done with a block: the instructions of a program with everything looked up.
//!
//! Inputs may be columns or numbers, which are the same at every point of a run; what depends on numbers alone is done once
//! a run ([`super::numbers`]) and is a constant for the loops.

use rustc_hash::{FxHashMap, FxHashSet};

use super::joined::{absorbed, partners};
use super::math::copies::{Kernel, PairKernel};
use super::math::kernels;
use super::numbers::{Before, divide};
use super::{CHUNK, Level, MAX_BLOCK, MIN_BLOCK};
use crate::expr::Function;
use crate::functions::{Real, row};
use crate::program::{Instruction, Op, Place, Program, Register};

/// A program as steps over blocks.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) level: Level,
    pub(super) steps: Vec<Step>,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// How many points a block has.
    pub(super) block: usize,
    /// How many of the kernels are functions.
    calls: usize,
    /// How many blocks are needed for intermediate results, those for constants included.
    pub(super) slots: usize,
    /// The slots that hold one number throughout: constants for loops that know columns only.
    pub(super) constant_slots: Vec<(u32, f64)>,
    /// The same for numbers of the run: the slot, and which number.
    pub(super) number_slots: Vec<(u32, u32)>,
    /// How many of the inputs are columns: the first ones.
    pub(super) columns: usize,
    /// What is computed once a run.
    pub(super) before: Vec<Before>,
}

/// A column or a number that a step reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    Slot(u32),
    Input(u32),
    Constant(f64),
    /// A number of the run: an input, or computed from such.
    Number(u32),
}

impl Source {
    /// Is it the same at all points?
    fn is_fixed(self) -> bool {
        matches!(self, Source::Constant(_) | Source::Number(_))
    }
}

/// A column that a step writes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Slot(u32),
    Output(u32),
}

/// One loop over a block.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A kernel, with as many sources as it reads; the others are constants, which cost nothing.
    Kernel(Kernel, [Source; 3], Target),
    /// Two functions of one argument at once.
    Pair(PairKernel, Source, [Target; 2]),
    /// A function of the table that has no kernel.
    One(fn(f64) -> f64, Source, Target),
    /// The same for two arguments.
    Two(fn(f64, f64) -> f64, [Source; 2], Target),
}

impl Plan {
    /// The steps of a program whose first `columns` inputs are columns, for the instructions of `level`.
    pub(super) fn new(program: &Program, columns: usize, level: Level) -> Plan {
        let divided = divide(program, columns);
        let mut planner = Planner {
            program,
            level,
            plan: Plan {
                level,
                steps: Vec::with_capacity(program.instructions().len()),
                inputs: program.inputs(),
                outputs: program.outputs(),
                block: 0,
                calls: 0,
                slots: program.slots(),
                constant_slots: Vec::new(),
                number_slots: Vec::new(),
                columns,
                before: divided.before,
            },
            moved: FxHashMap::default(),
            free: Vec::new(),
            filled: FxHashMap::default(),
            filled_numbers: FxHashMap::default(),
        };
        let instructions = &divided.instructions[..];
        let partners = partners(program, instructions, level);
        let absorbed = absorbed(instructions);
        let inner: FxHashSet<usize> = absorbed.values().copied().collect();
        // The second ones of pairs, done already, and the slot of their result unless that is an output.
        let mut done: FxHashMap<usize, Option<u32>> = FxHashMap::default();
        for (at, &instruction) in instructions.iter().enumerate() {
            if let Some(&slot) = done.get(&at) {
                planner.arrive(instruction.target, slot);
            } else if let Some(&(later, kernel)) = partners.get(&at) {
                done.insert(
                    later,
                    planner.pair(kernel, instruction, instructions[later]),
                );
            } else if let Some(&first) = absorbed.get(&at) {
                planner.two(instructions[first], instruction);
            } else if !inner.contains(&at) {
                planner.single(instruction);
            }
        }
        planner.plan.block = block_for(program, &planner.plan);
        planner.plan
    }
}

impl Plan {
    /// How many of the columns that are given are read by steps.
    fn columns_read(&self) -> usize {
        let sources = self.steps.iter().flat_map(|step| match *step {
            Step::Kernel(_, sources, _) => sources,
            Step::Pair(_, source, _) | Step::One(_, source, _) => [source; 3],
            Step::Two(_, [a, b], _) => [a, b, b],
        });
        let inputs = sources.filter_map(|source| match source {
            Source::Input(at) => Some(at),
            _ => None,
        });
        inputs.collect::<FxHashSet<u32>>().len()
    }

    /// Is it faster to hand the points to several threads? That costs 6 to 10 microseconds: two threads broke even with
    /// one at 130,000 points of `x + y` (50 microseconds), and at less than 16,000 of `exp(x)*sin(y)` (65 microseconds).
    pub(super) fn pays_threads(&self, points: usize) -> bool {
        const BREAK_EVEN: f64 = 50_000.0;
        // Nanoseconds a point.
        let cost = |step: &Step| match step {
            Step::Kernel(..) => 0.35,
            Step::Pair(..) => 2.0,
            Step::One(..) | Step::Two(..) => 20.0,
        };
        let calls = 2.0 * self.calls as f64;
        let each = calls + self.steps.iter().map(cost).sum::<f64>();
        points >= 2 * CHUNK && points as f64 * each >= BREAK_EVEN
    }
}

/// As many points as leave the columns of a block in the nearest cache, of which 24 KiB are counted on.
///
/// A loop costs 8 ns to begin, beside 0.14 ns a lane of an addition: 0.21 ns a lane at 128 points, 0.17 at 256.
fn block_for(program: &Program, plan: &Plan) -> usize {
    const NEAREST: usize = 24 << 10;
    let columns = plan.slots + plan.columns_read() + program.outputs();
    let points = NEAREST / size_of::<f64>() / columns.max(1);
    let points = points / MIN_BLOCK * MIN_BLOCK;
    points.clamp(MIN_BLOCK, MAX_BLOCK)
}

struct Planner<'p> {
    program: &'p Program,
    level: Level,
    plan: Plan,
    /// Registers whose value stands in another slot, until they are written again.
    moved: FxHashMap<Register, u32>,
    /// Slots of such values that were written again.
    free: Vec<u32>,
    /// The slot that holds a constant, by its bits.
    filled: FxHashMap<u64, u32>,
    /// The slot that holds a number of the run.
    filled_numbers: FxHashMap<u32, u32>,
}

impl Planner<'_> {
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
        match self.program.place(register) {
            Place::Slot(at) => Target::Slot(at as u32),
            Place::Output(at) => Target::Output(at as u32),
            place => unreachable!("{place:?} is never written"),
        }
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

    fn single(&mut self, instruction: Instruction) {
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
    fn pair(&mut self, kernel: PairKernel, now: Instruction, later: Instruction) -> Option<u32> {
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
    fn arrive(&mut self, register: Register, slot: Option<u32>) {
        if let Some(slot) = slot {
            self.free.extend(self.moved.insert(register, slot));
        }
    }

    /// Two operations in one loop: `inner`, whose result nothing else reads, and `outer`, which reads it.
    fn two(&mut self, inner: Instruction, outer: Instruction) {
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
