//! Running a plan, block by block.

use rayon::prelude::*;

use super::CHUNK;
use super::math::copies::Operands;
use super::plan::{Plan, Source, Step, Target};

/// A slot's values at the points of a block, beginning at a line of the cache: vectors that lie across two lines take
/// twice as long.
#[derive(Debug)]
struct Slot {
    memory: Vec<f64>,
    start: usize,
}

const LINE: usize = 64;

impl Slot {
    fn new(value: f64, block: usize) -> Slot {
        let memory = vec![value; block + LINE / size_of::<f64>()];
        let start = memory.as_ptr().align_offset(LINE);
        Slot { memory, start }
    }
}

/// The slots of one thread.
#[derive(Debug)]
pub(super) struct Workspace {
    slots: Vec<Option<Slot>>,
    /// The numbers of the run.
    numbers: Vec<f64>,
}

impl Workspace {
    /// Slots for a run with these numbers, those among them that are computed first.
    pub(super) fn new(plan: &Plan, numbers: &[f64]) -> Workspace {
        let new = |value| Some(Slot::new(value, plan.block));
        let mut slots: Vec<Option<Slot>> = (0..plan.slots).map(|_| new(0.0)).collect();
        for &(slot, value) in &plan.constant_slots {
            slots[slot as usize] = new(value);
        }
        for &(slot, number) in &plan.number_slots {
            slots[slot as usize] = new(numbers[number as usize]);
        }
        let numbers = numbers.to_vec();
        Workspace { slots, numbers }
    }

    /// Takes other numbers for the next run.
    pub(super) fn renumber(&mut self, plan: &Plan, numbers: &[f64]) {
        self.numbers.copy_from_slice(numbers);
        for &(slot, number) in &plan.number_slots {
            let slot = self.slots[slot as usize].as_mut().expect("not a target");
            slot.memory.fill(numbers[number as usize]);
        }
    }

    /// Lets `write` write a column, which may be a slot and then is away meanwhile: steps do not read what they write.
    #[inline]
    fn with_target<R>(
        &mut self,
        target: Target,
        outputs: &mut [&mut [f64]],
        points: usize,
        write: impl FnOnce(&mut Workspace, &mut [&mut [f64]], &mut [f64]) -> R,
    ) -> R {
        match target {
            Target::Slot(slot) => {
                let mut away = self.slots[slot as usize].take().expect("slots come back");
                let column = &mut away.memory[away.start..][..points];
                let result = write(self, outputs, column);
                self.slots[slot as usize] = Some(away);
                result
            }
            Target::Output(at) => {
                let column = std::mem::take(&mut outputs[at as usize]);
                let result = write(self, outputs, &mut *column);
                outputs[at as usize] = column;
                result
            }
        }
    }

    #[inline]
    fn column<'a>(&'a self, source: Source, inputs: &[&'a [f64]], start: usize) -> &'a [f64] {
        match source {
            Source::Slot(slot) => {
                let slot = self.slots[slot as usize].as_ref().expect("not a target");
                &slot.memory[slot.start..]
            }
            Source::Input(at) => &inputs[at as usize][start..],
            Source::Constant(_) | Source::Number(_) => &[],
        }
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
        for step in &plan.steps {
            match *step {
                Step::Kernel(kernel, sources, target) => {
                    self.with_target(target, outputs, points, |slots, _, out| {
                        let mut operands = Operands::default();
                        for (k, &source) in sources.iter().enumerate() {
                            match source {
                                Source::Constant(value) => operands.constants[k] = value,
                                Source::Number(at) => {
                                    operands.constants[k] = slots.numbers[at as usize];
                                }
                                _ => operands.columns[k] = slots.column(source, inputs, start),
                            }
                        }
                        kernel.run(&operands, out);
                    });
                }
                Step::Pair(kernel, source, [first, second]) => {
                    self.with_target(first, outputs, points, |slots, outputs, first| {
                        slots.with_target(second, outputs, points, |slots, _, second| {
                            kernel.run(slots.column(source, inputs, start), first, second);
                        });
                    });
                }
                Step::One(value, source, target) => {
                    self.with_target(target, outputs, points, |slots, _, out| {
                        let column = slots.column(source, inputs, start);
                        for (out, &x) in out.iter_mut().zip(column) {
                            *out = value(x);
                        }
                    });
                }
                Step::Two(value, sources, target) => {
                    self.with_target(target, outputs, points, |slots, _, out| {
                        let [a, b] = sources.map(|source| slots.column(source, inputs, start));
                        for (i, out) in out.iter_mut().enumerate() {
                            *out = value(a[i], b[i]);
                        }
                    });
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
        return run_chunk(&mut workspace, plan, inputs, 0, reborrow(outputs), points);
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
            run_chunk(
                workspace,
                plan,
                inputs,
                start,
                part,
                CHUNK.min(points - start),
            );
        },
    );
}

fn reborrow<'a>(outputs: &'a mut [&mut [f64]]) -> Vec<&'a mut [f64]> {
    outputs.iter_mut().map(|column| &mut **column).collect()
}

/// The points from `start` on, which `outputs` belong to.
fn run_chunk(
    workspace: &mut Workspace,
    plan: &Plan,
    inputs: &[&[f64]],
    start: usize,
    mut outputs: Vec<&mut [f64]>,
    points: usize,
) {
    let mut block: Vec<&mut [f64]> = Vec::with_capacity(outputs.len());
    for from in (0..points).step_by(plan.block) {
        let count = plan.block.min(points - from);
        block.clear();
        for column in &mut outputs {
            let (now, later) = std::mem::take(column).split_at_mut(count);
            block.push(now);
            *column = later;
        }
        workspace.run_block(plan, inputs, start + from, &mut block, count);
    }
}
