//! Running a plan, block by block.

use rayon::prelude::*;

use super::CHUNK;
use super::math::copies::Operands;
use super::plan::{Plan, Source, Step};
use super::slots::Slots;

/// The memory of one thread: slots, which begin at lines of the cache, as vectors that lie across two lines take twice as
/// long; and what the steps read beside columns.
#[derive(Debug)]
pub(super) struct Workspace {
    memory: Vec<f64>,
    /// Where the slots begin.
    start: usize,
    /// The numbers of the run, and behind them the constants of loops.
    table: Vec<f64>,
    /// Columns for blocks that do not fill vectors.
    staged: Vec<f64>,
}

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// Room for so many numbers, and where in it a line begins with the first of them.
fn line_aligned(size: usize) -> (Vec<f64>, usize) {
    let memory = vec![0.0; size + LINE / size_of::<f64>()];
    let start = memory.as_ptr().align_offset(LINE);
    (memory, start)
}

impl Workspace {
    /// Slots for a run with these numbers, those among them that are computed first.
    pub(super) fn new(plan: &Plan, numbers: &[f64]) -> Workspace {
        let loops = plan.loops.as_deref();
        let spills = loops.map_or(0, |loops| loops.spills);
        let size = plan.slots * plan.block + spills;
        let (memory, start) = line_aligned(size);
        let mut workspace = Workspace {
            memory,
            start,
            table: numbers.to_vec(),
            staged: Vec::new(),
        };
        let constants = loops.map_or(&[][..], |loops| &loops.constants);
        workspace.table.extend_from_slice(constants);
        for &(slot, value) in &plan.constant_slots {
            workspace.fill(plan, slot, value);
        }
        workspace.renumber(plan, numbers);
        workspace
    }

    /// Takes other numbers for the next run.
    pub(super) fn renumber(&mut self, plan: &Plan, numbers: &[f64]) {
        self.table[..numbers.len()].copy_from_slice(numbers);
        for &(slot, number) in &plan.number_slots {
            self.fill(plan, slot, numbers[number as usize]);
        }
    }

    fn fill(&mut self, plan: &Plan, slot: u32, value: f64) {
        let start = self.start + slot as usize * plan.block;
        self.memory[start..][..plan.block].fill(value);
    }

    /// Runs the steps for the points from `start` on, as many as `outputs` are long, which is at most a block.
    pub(super) fn run_block(
        &mut self,
        plan: &Plan,
        inputs: &[&[f64]],
        start: usize,
        outputs: &mut [&mut [f64]],
        points: usize,
    ) {
        if points == 0 {
            return;
        }
        let lanes = plan.loops.as_ref().map_or(1, |loops| loops.lanes);
        if points.is_multiple_of(lanes) {
            return self.run_steps(plan, (inputs, start), outputs, points);
        }
        // In columns that are as long as vectors fill, whatever is computed beyond.
        let mut staged = std::mem::take(&mut self.staged);
        staged.resize((inputs.len() + outputs.len()) * plan.block, 0.0);
        let (read, written) = staged.split_at_mut(inputs.len() * plan.block);
        for (column, copy) in inputs.iter().zip(read.chunks_exact_mut(plan.block)) {
            copy[..points].copy_from_slice(&column[start..][..points]);
        }
        let filled = points.next_multiple_of(lanes);
        let read: Vec<&[f64]> = read.chunks_exact(plan.block).collect();
        let columns = written.chunks_exact_mut(plan.block);
        let mut written: Vec<&mut [f64]> = columns.map(|column| &mut column[..filled]).collect();
        self.run_steps(plan, (&read, 0), &mut written, filled);
        for (column, copy) in outputs.iter_mut().zip(written) {
            column.copy_from_slice(&copy[..points]);
        }
        self.staged = staged;
    }

    fn run_steps(
        &mut self,
        plan: &Plan,
        (inputs, start): (&[&[f64]], usize),
        outputs: &mut [&mut [f64]],
        points: usize,
    ) {
        let slots = &mut self.memory[self.start..];
        let table = &self.table[..];
        for step in &plan.steps {
            let mut slots = Slots::new(slots, plan.block);
            match *step {
                Step::Kernel(kernel, sources, target) => {
                    let out = slots.target(target, outputs, points);
                    let mut operands = Operands::default();
                    for (k, &source) in sources.iter().enumerate() {
                        match source {
                            Source::Constant(value) => operands.constants[k] = value,
                            Source::Number(at) => operands.constants[k] = table[at as usize],
                            _ => operands.columns[k] = slots.source(source, inputs, start),
                        }
                    }
                    kernel.run(&operands, out);
                }
                Step::Pair(kernel, source, targets) => {
                    let [first, second] = slots.targets(targets, outputs, points);
                    kernel.run(slots.source(source, inputs, start), first, second);
                }
                Step::One(value, source, target) => {
                    let out = slots.target(target, outputs, points);
                    let column = slots.source(source, inputs, start);
                    for (out, &x) in out.iter_mut().zip(column) {
                        *out = value(x);
                    }
                }
                Step::Two(value, sources, target) => {
                    let out = slots.target(target, outputs, points);
                    let [a, b] = sources.map(|source| slots.source(source, inputs, start));
                    for (i, out) in out.iter_mut().enumerate() {
                        *out = value(a[i], b[i]);
                    }
                }
                Step::Loop(which) => {
                    let loops = plan.loops.as_deref().expect("made with the step");
                    loops.run(
                        which,
                        (inputs, start),
                        outputs,
                        (slots.all(), table),
                        points,
                    );
                }
            }
        }
    }
}

/// Writes the outputs at all points.
pub(super) fn run(
    plan: &Plan,
    inputs: &[&[f64]],
    numbers: &[f64],
    outputs: &mut [&mut [f64]],
    points: usize,
    parallel: bool,
) {
    if !(parallel && plan.pays_threads(points)) {
        let mut workspace = Workspace::new(plan, numbers);
        let columns = outputs.iter_mut().map(|column| &mut **column).collect();
        return run_chunk(&mut workspace, plan, (inputs, 0), columns, points);
    }
    // Of each chunk its part of every output column.
    let chunks = points.div_ceil(CHUNK);
    let mut parts: Vec<Vec<&mut [f64]>> = (0..chunks)
        .map(|_| Vec::with_capacity(outputs.len()))
        .collect();
    for column in outputs {
        for (part, chunk) in parts.iter_mut().zip(column.chunks_mut(CHUNK)) {
            part.push(chunk);
        }
    }
    parts.into_par_iter().enumerate().for_each_init(
        || Workspace::new(plan, numbers),
        |workspace, (chunk, part)| {
            let start = chunk * CHUNK;
            let count = CHUNK.min(points - start);
            run_chunk(workspace, plan, (inputs, start), part, count);
        },
    );
}

/// The points from `start` on, which `outputs` belong to.
fn run_chunk(
    workspace: &mut Workspace,
    plan: &Plan,
    (inputs, start): (&[&[f64]], usize),
    mut outputs: Vec<&mut [f64]>,
    points: usize,
) {
    let mut block: Vec<&mut [f64]> = Vec::with_capacity(outputs.len());
    // A few points first, so that vectors begin where lines of the cache do: columns mostly lie alike.
    let head = match (&plan.loops, outputs.first()) {
        (Some(_), Some(column)) => column.as_ptr().align_offset(LINE).min(points),
        _ => 0,
    };
    let mut from = 0;
    while from < points {
        let count = match from < head {
            true => head,
            false => plan.block.min(points - from),
        };
        block.clear();
        for column in &mut outputs {
            let (now, later) = std::mem::take(column).split_at_mut(count);
            block.push(now);
            *column = later;
        }
        workspace.run_block(plan, inputs, start + from, &mut block, count);
        from += count;
    }
}
