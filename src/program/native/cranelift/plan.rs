//! Where values wait between their instructions: in registers of the processor, or in memory.
//!
//! A result is written to memory as well where one of its readers stands far away, and read from there next to that
//! reader. What the register allocator sees are short lives only, and its work stays linear.

use super::super::super::{Place, Program, Register};

/// Instructions a function of machine code. With 200 and 500 it took a tenth longer to compile, with 5000 as long. A bound
/// there must be: the compiler numbers the values of a function with 21 bits.
pub(super) const CHUNK: usize = 2000;

/// A value is kept in a register for so many instructions after it was made or read. With 16 the code was a tenth
/// slower, without a bound no faster.
const NEAR: usize = 48;

/// May a value be kept in a register between these two instructions?
pub(super) fn is_near(earlier: usize, later: usize) -> bool {
    later - earlier <= NEAR && earlier / CHUNK == later / CHUNK
}

/// What waits in memory.
pub(super) struct Plan {
    /// By instruction: is its result needed there? An output is not: it has its place.
    pub(super) stores: Vec<bool>,
    /// By slot of the program: its place, if anything that it holds ever waits.
    pub(super) places: Vec<Option<usize>>,
    /// How many such places there are.
    pub(super) size: usize,
}

impl Plan {
    pub(super) fn new(program: &Program) -> Plan {
        let slot = |register: Register| match program.place(register) {
            Place::Slot(at) => Some(at),
            _ => None,
        };
        let stores = stores(program, slot);
        let mut plan = Plan {
            stores,
            places: vec![None; program.slots()],
            size: 0,
        };
        for (instruction, _) in
            (program.instructions().iter().zip(&plan.stores)).filter(|(_, stored)| **stored)
        {
            let slot = slot(instruction.target).expect("only what is in a slot waits");
            if plan.places[slot].is_none() {
                plan.places[slot] = Some(plan.size);
                plan.size += 1;
            }
        }
        plan
    }
}

/// For each instruction: has its result a reader far away?
fn stores(program: &Program, slot: impl Fn(Register) -> Option<usize>) -> Vec<bool> {
    const NEVER: usize = usize::MAX;
    // By slot, seen from the end: the next access, and whether one of those to come is far from the one before.
    let mut next = vec![NEVER; program.slots()];
    let mut far = vec![false; program.slots()];
    let mut stores = vec![false; program.instructions().len()];
    for (at, instruction) in program.instructions().iter().enumerate().rev() {
        if let Some(target) = slot(instruction.target) {
            let reader = next[target];
            stores[at] = far[target] || reader != NEVER && !is_near(at, reader);
            (next[target], far[target]) = (NEVER, false);
        }
        for read in instruction.reads().iter().filter_map(|&read| slot(read)) {
            far[read] |= next[read] != NEVER && !is_near(at, next[read]);
            next[read] = at;
        }
    }
    stores
}
