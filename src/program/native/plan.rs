//! Where values wait between their instructions: in registers of the processor, or in memory.
//!
//! A result is written to memory as well where one of its readers stands far away, and read from there next to that
//! reader. What the register allocator sees are short lives only, and its work stays linear.

use super::super::{Place, Program, Register};

/// Instructions a function of machine code. Longer ones cost more per instruction to allocate registers for; shorter ones
/// more calls, and more results that pass through memory. 4000 and 1000 were within 5 % of this.
pub(super) const CHUNK: usize = 2000;

/// A value is kept in a register for so many instructions after it was made or read.
pub(super) const NEAR: usize = 48;

/// What happens between two accesses of the same register.
pub(super) fn is_near(earlier: usize, later: usize) -> bool {
    later - earlier <= NEAR && earlier / CHUNK == later / CHUNK
}

/// For each instruction: is its result needed in memory? An output is not: it has its place.
pub(super) fn stores(program: &Program) -> Vec<bool> {
    const NEVER: usize = usize::MAX;
    // By slot, seen from the end: the next access, and whether one of those to come is far from the one before.
    let mut next = vec![NEVER; program.slots()];
    let mut far = vec![false; program.slots()];
    let slot = |register: Register| match program.place(register) {
        Place::Slot(at) => Some(at),
        _ => None,
    };
    let mut stores = vec![false; program.instructions().len()];
    for (at, instruction) in program.instructions().iter().enumerate().rev() {
        if let Some(target) = slot(instruction.target) {
            let reader = next[target];
            stores[at] = far[target] || reader != NEVER && !is_near(at, reader);
            (next[target], far[target]) = (NEVER, false);
        }
        let mut access = |slot: usize| {
            far[slot] |= next[slot] != NEVER && !is_near(at, next[slot]);
            next[slot] = at;
        };
        for &read in instruction.reads() {
            if let Some(read) = slot(read) {
                access(read);
            }
        }
    }
    stores
}
