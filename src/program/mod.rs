//! Programs: expressions as one flat list of instructions, for repeated evaluation at speed.
//!
//! A [`Program`] computes any number of outputs (values, gradients, Hessians, ...) from the values of its inputs. It has
//! no branches and allocates nothing: every backend runs the same [`Instruction`]s over the same file of registers.

mod instruction;

pub use instruction::{Instruction, Op, Place, Register};

/// A flat list of instructions over a file of registers.
///
/// The registers are numbered in this order: the constants, the inputs, the slots for intermediate results, the outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    instructions: Vec<Instruction>,
    constants: Vec<f64>,
    inputs: usize,
    slots: usize,
    outputs: usize,
    needs_complex: bool,
}

impl Program {
    /// What is done, in order.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// What the first registers hold before a run.
    pub fn constants(&self) -> &[f64] {
        &self.constants
    }

    /// How many numbers a point has.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// How many intermediate results are kept at once.
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// How many results there are.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// How many registers there are in all.
    pub fn registers(&self) -> usize {
        self.constants.len() + self.inputs + self.slots + self.outputs
    }

    /// Does the imaginary unit occur? Then there is no real value.
    pub fn needs_complex(&self) -> bool {
        self.needs_complex
    }

    /// What a register holds.
    ///
    /// # Panics
    /// If the program has no such register.
    pub fn place(&self, register: Register) -> Place {
        let mut at = register.index();
        for (count, place) in [
            (self.constants.len(), Place::Constant as fn(usize) -> Place),
            (self.inputs, Place::Input),
            (self.slots, Place::Slot),
            (self.outputs, Place::Output),
        ] {
            if at < count {
                return place(at);
            }
            at -= count;
        }
        panic!("the program has no register {}", register.0);
    }
}
