//! Another order of a program's instructions: arithmetic stands together, so that it can share loops of machine code.
//!
//! Between calls of functions lies arithmetic. A *phase* is arithmetic, then the calls that read it; every value goes into
//! the last phase that is early enough for its readers, of as few phases as there can be: one more than calls depend on
//! each other. What is read in other phases needs a slot, and no slot is written again in the phase that reads it.

use rustc_hash::FxHashMap;

use super::Level;
use super::joined::partners;
use crate::program::{Instruction, Op, Place, Program, Register};

/// Is it arithmetic, of which loops are made? The others have kernels.
pub(super) fn is_arithmetic(op: Op) -> bool {
    match op {
        Op::Copy | Op::Neg | Op::Sqrt | Op::Add | Op::Sub | Op::Mul | Op::Div => true,
        Op::MulAdd | Op::MulSub | Op::NegMulAdd => true,
        Op::Pow | Op::Call(_) | Op::Select | Op::Fill | Op::ImaginaryUnit => false,
    }
}

/// An operand: what an instruction has computed, or a register that none writes.
#[derive(Clone, Copy)]
enum Operand {
    Result(usize),
    Given(Register),
}

/// The instructions in the new order, and a program with registers for them. Of these, those from
/// [`Program::registers`] on are numbers, as they were.
pub(super) fn together(
    program: &Program,
    instructions: &[Instruction],
    level: Level,
) -> (Program, Vec<Instruction>) {
    let operands = operands(instructions);
    let partners = partners(program, instructions, level);
    let mut partner = vec![None; instructions.len()];
    for (&first, &(second, _)) in &partners {
        partner[first] = Some(second);
        partner[second] = Some(first);
    }
    let calls: Vec<bool> = (instructions.iter().zip(&partner))
        .map(|(instruction, partner)| partner.is_some() || !is_arithmetic(instruction.op))
        .collect();
    let phases = phases(&operands, &calls, &partner);
    let order = order(&phases, &calls, &partner);
    renamed(program, instructions, &operands, &order)
}

fn operands(instructions: &[Instruction]) -> Vec<Vec<Operand>> {
    let mut written: FxHashMap<Register, usize> = FxHashMap::default();
    let mut operands = Vec::with_capacity(instructions.len());
    for (at, instruction) in instructions.iter().enumerate() {
        let operand = |register: &Register| match written.get(register) {
            Some(&from) => Operand::Result(from),
            None => Operand::Given(*register),
        };
        operands.push(instruction.reads().iter().map(operand).collect());
        written.insert(instruction.target, at);
    }
    operands
}

fn results(operands: &[Operand]) -> impl Iterator<Item = usize> {
    operands.iter().filter_map(|operand| match operand {
        Operand::Result(from) => Some(*from),
        Operand::Given(_) => None,
    })
}

/// Of each instruction its phase. Partners are one call.
fn phases(operands: &[Vec<Operand>], calls: &[bool], partner: &[Option<usize>]) -> Vec<u32> {
    let mut earliest = vec![0; operands.len()];
    for (at, operands) in operands.iter().enumerate() {
        let phase = |from: usize| earliest[from] + u32::from(calls[from]);
        earliest[at] = results(operands).map(phase).max().unwrap_or(0);
    }
    let last = earliest.iter().copied().max().unwrap_or(0);
    let mut latest = vec![last; operands.len()];
    for at in (0..operands.len()).rev() {
        if let Some(other) = partner[at] {
            if other < at {
                continue; // with the first one of them
            }
            latest[at] = latest[at].min(latest[other]);
            latest[other] = latest[at];
        }
        for from in results(&operands[at]) {
            latest[from] = latest[from].min(latest[at] - u32::from(calls[from]));
        }
    }
    latest
}

/// The instructions by phase, in groups: the arithmetic of a phase, a call, or two calls that are partners.
fn order(phases: &[u32], calls: &[bool], partner: &[Option<usize>]) -> Vec<Vec<usize>> {
    let count = phases.iter().max().map_or(0, |&last| last as usize + 1);
    let mut arithmetic = vec![Vec::new(); count];
    let mut groups = vec![Vec::new(); count];
    for (at, &phase) in phases.iter().enumerate() {
        match (calls[at], partner[at]) {
            (false, _) => arithmetic[phase as usize].push(at),
            (true, Some(other)) if other < at => {}
            (true, other) => groups[phase as usize].push([at].into_iter().chain(other).collect()),
        }
    }
    let phases = arithmetic.into_iter().zip(groups);
    phases
        .flat_map(|(arithmetic, calls)| [arithmetic].into_iter().chain(calls))
        .collect()
}

/// Slots of one kind: those that are free, and how many there are.
#[derive(Default)]
struct Slots {
    free: Vec<u32>,
    count: u32,
}

impl Slots {
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        })
    }
}

/// Where a result lies: in a slot that is read by other groups, or in one that is not.
#[derive(Clone, Copy)]
enum Home {
    Shared(u32),
    Inner(u32),
    Output(Register),
}

/// The instructions in this order, with slots for it.
fn renamed(
    program: &Program,
    instructions: &[Instruction],
    operands: &[Vec<Operand>],
    order: &[Vec<usize>],
) -> (Program, Vec<Instruction>) {
    // Of each result the last group that reads it, and the last instruction of that.
    let mut group_of = vec![0; instructions.len()];
    let mut last = vec![(0, 0); instructions.len()];
    let mut is_shared = vec![false; instructions.len()];
    for (group, members) in order.iter().enumerate() {
        for &at in members {
            group_of[at] = group;
            last[at] = (group, at);
            for from in results(&operands[at]) {
                last[from] = (group, at);
                is_shared[from] |= group_of[from] != group;
            }
        }
    }
    let (mut shared, mut inner) = (Slots::default(), Slots::default());
    let mut homes: Vec<Option<Home>> = vec![None; instructions.len()];
    for (group, members) in order.iter().enumerate() {
        for &at in members {
            let target = instructions[at].target;
            homes[at] = Some(match program.place(target) {
                Place::Output(_) => Home::Output(target),
                _ if is_shared[at] => Home::Shared(shared.take()),
                _ => Home::Inner(inner.take()),
            });
            // Only now, so that no instruction writes what it reads.
            let mut ended: Vec<usize> = results(&operands[at]).chain([at]).collect();
            ended.sort_unstable();
            ended.dedup();
            for from in ended.into_iter().filter(|&from| last[from] == (group, at)) {
                if let Some(Home::Inner(slot)) = homes[from] {
                    inner.free.push(slot);
                }
            }
        }
        let mut ended: Vec<usize> = (members.iter())
            .flat_map(|&at| results(&operands[at]))
            .filter(|&from| last[from].0 == group)
            .collect();
        ended.sort_unstable();
        ended.dedup();
        for from in ended {
            if let Some(Home::Shared(slot)) = homes[from] {
                shared.free.push(slot);
            }
        }
    }
    let slots = shared.count + inner.count;
    let new = Program {
        instructions: Vec::new(),
        constants: program.constants.clone(),
        slots: slots as usize,
        ..*program
    };
    let registers = Registers {
        old: program,
        new: &new,
        shared: shared.count,
    };
    let home = |from: usize| registers.of(homes[from].expect("all have one"));
    let instruction = |&at: &usize| {
        let Instruction { op, .. } = instructions[at];
        let target = home(at);
        let mut registers = operands[at].iter().map(|&operand| match operand {
            Operand::Result(from) => home(from),
            Operand::Given(register) => registers.given(register),
        });
        let first = registers.next().unwrap_or(target);
        let operands = [(); 2].map(|()| registers.next().unwrap_or(first));
        Instruction {
            op,
            target,
            operands: [first, operands[0], operands[1]],
        }
    };
    let renamed = order.iter().flatten().map(instruction).collect();
    (new, renamed)
}

/// Registers of a program for the same values with other slots.
struct Registers<'p> {
    old: &'p Program,
    new: &'p Program,
    shared: u32,
}

impl Registers<'_> {
    fn of(&self, home: Home) -> Register {
        let first = (self.new.constants.len() + self.new.inputs) as u32;
        match home {
            Home::Shared(slot) => Register(first + slot),
            Home::Inner(slot) => Register(first + self.shared + slot),
            Home::Output(register) => self.moved(register),
        }
    }

    /// A register that no instruction writes.
    fn given(&self, register: Register) -> Register {
        match register.index() < self.old.constants.len() + self.old.inputs {
            true => register,
            false => self.moved(register),
        }
    }

    /// An output or a number, which stand behind the slots.
    fn moved(&self, register: Register) -> Register {
        Register((register.index() - self.old.slots + self.new.slots) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Arena;
    use crate::program::Options;
    use crate::syntax::parse_into;

    /// The instructions of a formula in the new order, and how often arithmetic begins.
    fn reordered(text: &str) -> (Program, Program, usize) {
        let mut arena = Arena::new();
        let root = parse_into(&mut arena, text).expect("a formula");
        let variables = [arena.symbol_id("x"), arena.symbol_id("y")];
        let old = Program::new(&arena, &[root], &variables, Options::default()).expect("a program");
        let (new, instructions) = together(&old, old.instructions(), Level::best());
        let is_arithmetic: Vec<bool> = (instructions.iter())
            .map(|instruction| is_arithmetic(instruction.op))
            .collect();
        let begins = is_arithmetic.windows(2).filter(|pair| !pair[0] && pair[1]);
        let runs = begins.count() + usize::from(is_arithmetic[0]);
        let new = Program {
            instructions,
            ..new
        };
        (old, new, runs)
    }

    #[test]
    fn arithmetic_stands_together_and_means_the_same() {
        for (text, runs) in [
            ("x*y + x", 1),
            ("exp(x + 1)*y + log(y*2) - sin(x*y)*3", 2),
            ("(x*y + 1)*sin(x) + y*cos(x - y) + x/y", 2),
            ("exp(1 + sin(2*x))*y + tan(3*y) + 1", 3),
            ("sin(sin(sin(x)) + 1)*2 + cos(x*y)", 2),
        ] {
            let (old, new, found) = reordered(text);
            assert_eq!(found, runs, "{text}");
            let run = |program: &Program| {
                let (mut scratch, mut value) = (vec![f64::NAN; program.registers()], [0.0]);
                program.run(&[0.7, 1.9], &mut scratch, &mut value);
                value[0].to_bits()
            };
            assert_eq!(run(&old), run(&new), "{text}");
            for instruction in &new.instructions {
                assert!(!instruction.reads().contains(&instruction.target), "{text}");
            }
        }
    }
}
