//! What is done with a block: the instructions of a program with everything looked up.
//!
//! Inputs may be columns or numbers, which are the same at every point of a run; what depends on numbers alone is done once
//! a run ([`super::numbers`]) and is a constant for the loops.

use std::slice;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::joined::{absorbed, partners};
use super::loops::{Loops, has_loops};
use super::math::copies::{Kernel, PairKernel};
use super::numbers::{Before, divide};
use super::order::together;
use super::planner::Planner;
use super::runs::{Runs, Segment, Shape};
use super::{CHUNK, Level, MAX_BLOCK, MIN_BLOCK};
use crate::program::Program;

/// A program as steps over blocks.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) level: Level,
    pub(super) steps: Vec<Step>,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// How many points a block has.
    pub(super) block: usize,
    /// How many points of a block are added up without their rounding errors: the same with loops and without.
    pub(super) summed: usize,
    /// How many of the kernels are functions.
    pub(super) calls: usize,
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
    /// Machine code of the steps that are loops of it.
    pub(super) loops: Option<Arc<Loops>>,
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
    pub(super) fn is_fixed(self) -> bool {
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
    /// Arithmetic as a loop of machine code.
    Loop(u32),
}

impl Plan {
    /// The steps of a program whose first `columns` inputs are columns, for the instructions of `level`.
    pub(super) fn new(program: &Program, columns: usize, level: Level) -> Plan {
        let divided = divide(program, columns);
        let mut planner = Planner::new(program, columns, level, divided.before);
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
        let mut plan = planner.plan;
        plan.block = block_for(plan.slots + plan.columns_read() + plan.outputs);
        plan.summed = plan.block;
        plan
    }

    /// Is a program short enough for machine code?
    pub(super) fn may_have_loops(program: &Program) -> bool {
        program.instructions().len() <= MAX_LOOPED
    }

    /// The same to the last bit with loops of machine code for the arithmetic; none where there cannot be any.
    pub(super) fn with_loops(&self, program: &Program) -> Option<Plan> {
        if !has_loops(self.level) {
            return None;
        }
        let divided = divide(program, self.columns);
        let (program, instructions) = &together(program, &divided.instructions, self.level);
        let mut planner = Planner::new(program, self.columns, self.level, divided.before);
        let partners = partners(program, instructions, self.level);
        let later = partners.values().map(|&(later, _)| later);
        let paired = partners.keys().copied().chain(later).collect();
        let runs = Runs::new(program, instructions, paired);
        let mut segments = Vec::new();
        let mut done: FxHashMap<usize, Option<u32>> = FxHashMap::default();
        let mut at = 0;
        while at < instructions.len() {
            let end = runs.end(at);
            if end > at {
                let step = Step::Loop(segments.len() as u32);
                planner.plan.steps.push(step);
                segments.push(planner.segment(&runs, at, end));
                at = end;
                continue;
            }
            let instruction = instructions[at];
            if let Some(&slot) = done.get(&at) {
                planner.arrive(instruction.target, slot);
            } else if let Some(&(later, kernel)) = partners.get(&at) {
                let slot = planner.pair(kernel, instruction, instructions[later]);
                done.insert(later, slot);
            } else {
                planner.single(instruction);
            }
            at += 1;
        }
        let mut plan = planner.plan;
        plan.renumber_slots(&mut segments);
        plan.block = block_for(plan.slots + self.columns_read() + plan.outputs).max(self.block);
        plan.summed = self.summed;
        let loops = Loops::new(
            &segments,
            Shape {
                level: plan.level,
                block: plan.block,
                slots: plan.slots,
                inputs: plan.columns,
                outputs: plan.outputs,
                numbers: plan.inputs - plan.columns + plan.before.len(),
            },
        )?;
        plan.loops = Some(Arc::new(loops));
        Some(plan)
    }

    /// Leaves out slots that no step reads or writes: what stays in registers had some.
    fn renumber_slots(&mut self, segments: &mut [Segment]) {
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        let mut renumber = |slot: &mut u32| {
            let next = numbers.len() as u32;
            *slot = *numbers.entry(*slot).or_insert(next);
        };
        for step in &mut self.steps {
            step.for_each_slot(&mut renumber);
        }
        for segment in segments {
            for source in &mut segment.sources {
                source.for_slot(&mut renumber);
            }
            for (_, target) in &mut segment.stores {
                target.for_slot(&mut renumber);
            }
        }
        let constants = self.constant_slots.iter_mut().map(|(slot, _)| slot);
        let numbers_of_run = self.number_slots.iter_mut().map(|(slot, _)| slot);
        constants.chain(numbers_of_run).for_each(renumber);
        self.slots = numbers.len();
    }
}

impl Source {
    fn for_slot(&mut self, f: &mut impl FnMut(&mut u32)) {
        if let Source::Slot(slot) = self {
            f(slot);
        }
    }
}

impl Target {
    fn for_slot(&mut self, f: &mut impl FnMut(&mut u32)) {
        if let Target::Slot(slot) = self {
            f(slot);
        }
    }
}

impl Step {
    fn for_each_slot(&mut self, f: &mut impl FnMut(&mut u32)) {
        let (sources, targets): (&mut [Source], &mut [Target]) = match self {
            Step::Kernel(_, sources, target) => (sources, slice::from_mut(target)),
            Step::Pair(_, source, targets) => (slice::from_mut(source), targets),
            Step::One(_, source, target) => (slice::from_mut(source), slice::from_mut(target)),
            Step::Two(_, sources, target) => (sources, slice::from_mut(target)),
            Step::Loop(_) => (&mut [], &mut []),
        };
        sources.iter_mut().for_each(|source| source.for_slot(f));
        targets.iter_mut().for_each(|target| target.for_slot(f));
    }
}

impl Plan {
    /// How many of the columns that are given are read by steps.
    fn columns_read(&self) -> usize {
        let sources = self.steps.iter().flat_map(|step| match *step {
            Step::Kernel(_, sources, _) => sources,
            Step::Pair(_, source, _) | Step::One(_, source, _) => [source; 3],
            Step::Two(_, [a, b], _) => [a, b, b],
            Step::Loop(_) => [Source::Constant(0.0); 3],
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
            Step::Loop(_) => 1.0,
        };
        let calls = 2.0 * self.calls as f64;
        let each = calls + self.steps.iter().map(cost).sum::<f64>();
        points >= 2 * CHUNK && points as f64 * each >= BREAK_EVEN
    }
}

/// Longer programs are left to the kernels: their machine code would be read again for every block.
const MAX_LOOPED: usize = 20_000;

/// As many points as leave the columns of a block in the nearest cache, of which 24 KiB are counted on.
///
/// A loop costs 8 ns to begin, beside 0.14 ns a lane of an addition: 0.21 ns a lane at 128 points, 0.17 at 256.
fn block_for(columns: usize) -> usize {
    const NEAREST: usize = 24 << 10;
    let points = NEAREST / size_of::<f64>() / columns.max(1);
    let points = points / MIN_BLOCK * MIN_BLOCK;
    points.clamp(MIN_BLOCK, MAX_BLOCK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calculus::gradient;
    use crate::expr::Arena;
    use crate::program::Options;
    use crate::syntax::parse_into;

    /// The plan of a formula and its gradient, and the same with loops.
    fn plans(text: &str, level: Level) -> [Plan; 2] {
        let mut arena = Arena::new();
        let root = parse_into(&mut arena, text).expect("a formula");
        let variables = [arena.symbol_id("x"), arena.symbol_id("y")];
        let slopes = gradient(&mut arena, root, &variables).expect("a gradient");
        let roots = [root, slopes[0], slopes[1]];
        let program = Program::new(&arena, &roots, &variables, Options::default());
        let program = program.expect("a program");
        let plain = Plan::new(&program, 2, level);
        let loops = plain.with_loops(&program).expect("memory for code");
        [plain, loops]
    }

    #[test]
    fn arithmetic_becomes_few_loops_of_longer_blocks() {
        for level in Level::available().into_iter().filter(|&l| has_loops(l)) {
            let text = "exp(-(x^2+y^2)/2)*sin(3*x)*cos(2*y) + log(1+x^2*y^2)/sqrt(1+x^2)";
            let count = |plan: &Plan| {
                let is_loop = |step: &&Step| matches!(step, Step::Loop(_));
                plan.steps.iter().filter(is_loop).count()
            };
            assert_eq!(plans(text, level).each_ref().map(count), [0, 2]);
            let [plain, loops] = plans("x^3*y - 2*x*y^2 + 7*x - 1", level);
            assert_eq!(
                (loops.steps.len(), loops.slots, loops.block),
                (1, 0, MAX_BLOCK)
            );
            assert!(plain.block < MAX_BLOCK);
            // ... but a sum is rounded as it was.
            assert_eq!(loops.summed, plain.summed);
        }
    }
}
