//! From values to instructions: in which order, and in which registers.
//!
//! The order goes down from each output in turn and computes first the operand that needs more room, so that few
//! results wait at a time (Sethi and Ullman, The generation of optimal code for arithmetic expressions, 1970). Slots are
//! given out and taken back along this order (linear scan). What no output depends on is never reached.

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
    let room = room(draft);
    let mut done = vec![false; draft.steps.len()];
    let mut items = Vec::with_capacity(draft.steps.len() + outputs.len());
    // A value, and whether its operands have been computed.
    let mut open: Vec<(Value, bool)> = Vec::new();
    for (at, &output) in outputs.iter().enumerate() {
        open.push((output, false));
        while let Some((value, ready)) = open.pop() {
            let step = draft.step(value);
            if done[value as usize] || !matches!(step, Step::Compute(..)) {
                continue;
            }
            if ready {
                done[value as usize] = true;
                items.push(Item::Compute(value));
                continue;
            }
            open.push((value, true));
            let first = open.len();
            open.extend(step.operands().iter().map(|&operand| (operand, false)));
            // The last one pushed is the first one computed; among equals that is the first operand.
            open[first..].reverse();
            open[first..].sort_by_key(|&(operand, _)| room[operand as usize]);
        }
        if !is_direct(draft, uses, output) {
            items.push(Item::Copy(at));
        }
    }
    items
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
