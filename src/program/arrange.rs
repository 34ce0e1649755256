//! From values to instructions: in which order, and in which registers.
//!
//! The order goes down from each output in turn and computes first the operand that needs more room, so that few
//! results wait at a time (Sethi and Ullman, The generation of optimal code for arithmetic expressions, 1970). Shallow
//! outputs come first, and what would be the last reader of a result comes at once if it can: so the value of a sum of many
//! terms is added up beside its gradient, each term while it is at hand, where the terms would all have had to wait.
//! Slots are given out and taken back along this order (linear scan). What no output depends on is never reached.

use super::draft::{Draft, Step, Value};
use super::fuse::count_uses;
use super::{Instruction, Op, Program, Register};

#[derive(Clone, Copy)]
enum Item {
    Compute(Value),
    /// The output of this number is a copy of something that is kept elsewhere.
    Copy(usize),
}

/// The program that computes `outputs` from so many inputs.
pub(super) fn arrange(draft: &Draft, outputs: &[Value], inputs: usize) -> Program {
    let uses = count_uses(draft, outputs);
    let items = order(draft, outputs, &uses);
    Assignment::new(draft, outputs, inputs, uses, &items).run(&items)
}

/// Is the output written by the instruction that computes it?
fn is_direct(draft: &Draft, uses: &[u32], value: Value) -> bool {
    matches!(draft.step(value), Step::Compute(..)) && uses[value as usize] == 1
}

fn order(draft: &Draft, outputs: &[Value], uses: &[u32]) -> Vec<Item> {
    let (room, height) = (room(draft), height(draft));
    let mut shallow_first: Vec<usize> = (0..outputs.len()).collect();
    shallow_first.sort_by_key(|&at| height[outputs[at] as usize]);
    let mut agenda = Agenda::new(draft, uses, outputs.len());
    // A value, and whether its operands have been computed.
    let mut open: Vec<(Value, bool)> = Vec::new();
    for at in shallow_first {
        let output = outputs[at];
        open.push((output, false));
        while let Some((value, ready)) = open.pop() {
            if agenda.is_done(value) {
                continue;
            }
            if ready {
                agenda.compute(value);
                continue;
            }
            open.push((value, true));
            let first = open.len();
            let operands = draft.steps[value as usize].operands();
            open.extend(operands.iter().map(|&operand| (operand, false)));
            // The last one pushed is the first one computed; among equals that is the first operand.
            open[first..].reverse();
            open[first..].sort_by_key(|&(operand, _)| room[operand as usize]);
        }
        if !is_direct(draft, uses, output) {
            agenda.items.push(Item::Copy(at));
        }
    }
    agenda.items
}

/// What has been put in order, and who still waits for it.
struct Agenda<'a> {
    draft: &'a Draft,
    items: Vec<Item>,
    done: Vec<bool>,
    /// By value: how many values that read it are still to come, and the exclusive or of their numbers: of the last one,
    /// its number.
    readers: Vec<(u32, Value)>,
    next: Vec<Value>,
}

impl<'a> Agenda<'a> {
    fn new(draft: &'a Draft, uses: &[u32], outputs: usize) -> Self {
        let mut readers = vec![(0, 0); draft.steps.len()];
        let done = (draft.steps.iter()).map(|step| !matches!(step, Step::Compute(..)));
        let agenda = Agenda {
            draft,
            items: Vec::with_capacity(draft.steps.len() + outputs),
            done: done.collect(),
            readers: Vec::new(),
            next: Vec::new(),
        };
        for reader in (0..draft.steps.len()).filter(|&at| uses[at] > 0) {
            for operand in agenda.waiting_for(reader as Value) {
                let (count, all) = &mut readers[operand as usize];
                *count += 1;
                *all ^= reader as Value;
            }
        }
        Agenda { readers, ..agenda }
    }

    fn is_done(&self, value: Value) -> bool {
        self.done[value as usize]
    }

    /// What is computed for it, each value once.
    fn waiting_for(&self, value: Value) -> impl Iterator<Item = Value> + use<'a> {
        let (draft, operands) = (self.draft, self.draft.steps[value as usize].operands());
        (operands.iter().enumerate())
            .filter(move |&(at, operand)| !operands[..at].contains(operand))
            .map(|(_, &operand)| operand)
            .filter(move |&operand| matches!(draft.step(operand), Step::Compute(..)))
    }

    /// Puts a value in its place, whose operands are there, and behind it whatever is the last reader of something and
    /// has all its operands too: its result takes the place of what is no longer needed.
    fn compute(&mut self, value: Value) {
        self.next.push(value);
        while let Some(value) = self.next.pop() {
            if self.is_done(value) {
                continue;
            }
            self.done[value as usize] = true;
            self.items.push(Item::Compute(value));
            self.look_at(value);
            for operand in self.waiting_for(value) {
                let (count, all) = &mut self.readers[operand as usize];
                *count -= 1;
                *all ^= value;
                self.look_at(operand);
            }
        }
    }

    /// Has it one reader left, which can be computed?
    fn look_at(&mut self, value: Value) {
        let (1, reader) = self.readers[value as usize] else {
            return;
        };
        let operands = self.draft.steps[reader as usize].operands();
        if !self.is_done(reader) && operands.iter().all(|&operand| self.is_done(operand)) {
            self.next.push(reader);
        }
    }
}

/// By value: how many operations lie one upon the other in it.
fn height(draft: &Draft) -> Vec<u32> {
    let mut height: Vec<u32> = Vec::with_capacity(draft.steps.len());
    for step in &draft.steps {
        let below = step
            .operands()
            .iter()
            .map(|&operand| height[operand as usize]);
        height.push(below.max().map_or(0, |below| below + 1));
    }
    height
}

/// By value: how many slots its computation takes, as if nothing were shared.
fn room(draft: &Draft) -> Vec<u32> {
    let mut room: Vec<u32> = Vec::with_capacity(draft.steps.len());
    for step in &draft.steps {
        let mut needs = [0; 3];
        for (need, &operand) in needs.iter_mut().zip(step.operands()) {
            *need = room[operand as usize];
        }
        needs.sort_unstable_by(|a, b| b.cmp(a));
        let most = (needs.iter().zip(0..))
            .filter(|&(&need, _)| need > 0)
            .map(|(&need, waiting)| need + waiting)
            .max();
        room.push(match step {
            Step::Compute(..) => most.unwrap_or(1),
            _ => 0,
        });
    }
    room
}

const NOWHERE: u32 = u32::MAX;

/// Where everything is kept while the instructions are written in order.
struct Assignment<'a> {
    draft: &'a Draft,
    outputs: &'a [Value],
    inputs: usize,
    /// By value: how many reads are still to come.
    uses: Vec<u32>,
    constants: Vec<f64>,
    /// By value: its constant, or its slot.
    places: Vec<u32>,
    /// By value: the output that it is.
    direct: Vec<u32>,
    free: Vec<u32>,
    slots: u32,
}

impl<'a> Assignment<'a> {
    fn new(
        draft: &'a Draft,
        outputs: &'a [Value],
        inputs: usize,
        uses: Vec<u32>,
        items: &[Item],
    ) -> Self {
        let mut direct = vec![NOWHERE; draft.steps.len()];
        for (&output, at) in outputs.iter().zip(0..) {
            if is_direct(draft, &uses, output) {
                direct[output as usize] = at;
            }
        }
        let mut assignment = Assignment {
            draft,
            outputs,
            inputs,
            uses,
            constants: Vec::new(),
            places: vec![NOWHERE; draft.steps.len()],
            direct,
            free: Vec::new(),
            slots: 0,
        };
        // Constants first: where the slots begin depends on their number.
        for &item in items {
            match item {
                Item::Compute(value) => {
                    let step = draft.step(value);
                    step.operands()
                        .iter()
                        .for_each(|&v| assignment.keep_constant(v));
                }
                Item::Copy(at) => assignment.keep_constant(outputs[at]),
            }
        }
        assignment
    }

    fn keep_constant(&mut self, value: Value) {
        if let Some(number) = self.draft.constant_of(value)
            && self.places[value as usize] == NOWHERE
        {
            self.places[value as usize] = self.constants.len() as u32;
            self.constants.push(number);
        }
    }

    fn run(mut self, items: &[Item]) -> Program {
        let mut instructions = Vec::with_capacity(items.len());
        for &item in items {
            let (op, list, target) = match item {
                Item::Compute(value) => {
                    let Step::Compute(op, list) = self.draft.step(value) else {
                        unreachable!("only what is computed has a place in the order");
                    };
                    // Before the operands' slots are free again, so that it is none of them.
                    let target = self.target(value);
                    (op, list, target)
                }
                Item::Copy(at) => (
                    Op::Copy,
                    [self.outputs[at], 0, 0],
                    Target::Output(at as u32),
                ),
            };
            let reads = &list[..op.arity()];
            let first = reads.first().map_or(0, |&first| self.register(first).0);
            let mut operands = [Register(first); 3];
            for (operand, &read) in operands.iter_mut().zip(reads) {
                *operand = self.register(read);
            }
            for &read in reads {
                self.release(read);
            }
            instructions.push((op, target, operands));
        }
        let base = (self.constants.len() + self.inputs) as u32;
        let (slots, needs_complex) = (self.slots, |&(op, ..): &(Op, _, _)| op == Op::ImaginaryUnit);
        Program {
            needs_complex: instructions.iter().any(needs_complex),
            instructions: (instructions.into_iter())
                .map(|(op, target, operands)| Instruction {
                    op,
                    target: Register(match target {
                        Target::Slot(at) => base + at,
                        Target::Output(at) => base + slots + at,
                    }),
                    operands,
                })
                .collect(),
            constants: self.constants,
            inputs: self.inputs,
            slots: slots as usize,
            outputs: self.outputs.len(),
        }
    }

    fn target(&mut self, value: Value) -> Target {
        if self.direct[value as usize] != NOWHERE {
            return Target::Output(self.direct[value as usize]);
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        });
        self.places[value as usize] = slot;
        Target::Slot(slot)
    }

    fn register(&self, value: Value) -> Register {
        let constants = self.constants.len() as u32;
        let place = self.places[value as usize];
        Register(match self.draft.step(value) {
            Step::Constant(_) => place,
            Step::Input(at) => constants + at,
            Step::Compute(..) => constants + self.inputs as u32 + place,
        })
    }

    /// One read less to come; after the last one the slot is free.
    fn release(&mut self, value: Value) {
        let uses = &mut self.uses[value as usize];
        *uses -= 1;
        if *uses == 0 && matches!(self.draft.step(value), Step::Compute(..)) {
            self.free.push(self.places[value as usize]);
        }
    }
}

#[derive(Clone, Copy)]
enum Target {
    Slot(u32),
    Output(u32),
}
