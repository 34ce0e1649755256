//! When each value is read next: what decides which of them stay in registers.

use super::super::super::Program;

/// No instruction: a value is not read any more.
pub(super) const NEVER: u32 = u32::MAX;

/// By instruction: which one reads its result first, then which one reads each of its operands next.
pub(super) fn next_uses(program: &Program) -> Vec<[u32; 4]> {
    let instructions = program.instructions();
    let mut next = vec![NEVER; program.registers()];
    let mut uses = vec![[NEVER; 4]; instructions.len()];
    // From the end: at each instruction `next` is about those behind it.
    for (at, instruction) in instructions.iter().enumerate().rev() {
        let target = instruction.target.index();
        uses[at][0] = next[target];
        // What the register held before is another value.
        next[target] = NEVER;
        for (use_, read) in uses[at][1..].iter_mut().zip(instruction.reads()) {
            *use_ = next[read.index()];
        }
        for read in instruction.reads() {
            next[read.index()] = at as u32;
        }
    }
    uses
}
