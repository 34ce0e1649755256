//! Programs: expressions as one flat list of instructions, for repeated evaluation at speed.
//!
//! A [`Program`] computes any number of outputs (values, gradients, Hessians, ...) from the values of its inputs. It has
//! no branches and allocates nothing: every backend runs the same [`Instruction`]s over the same file of registers.
//!
//! It is made from a [`Schedule`], which has chosen the operations, in steps that are each a loop over the values:
//! `translate.rs` makes the values, each once (`draft.rs`), in their careful forms (`careful.rs`, `shares.rs`); `fuse.rs`
//! joins products with sums; `arrange.rs` puts the instructions in order and the results into slots; `run.rs` runs them.

mod arrange;
pub mod batch;
mod careful;
mod columns;
mod compiled;
mod draft;
mod engine;
mod fuse;
mod instruction;
#[cfg(feature = "native")]
mod native;
#[cfg(not(feature = "native"))]
#[path = "no_native.rs"]
mod native;
mod run;
mod shares;
pub mod source;
mod sums;
mod translate;
#[cfg(all(feature = "native", target_arch = "x86_64", unix))]
mod x64;

pub use compiled::{Backend, CompiledFunction, FunctionError, Running, Status};
pub(crate) use compiled::{Parts, check};
pub(crate) use engine::{Engine, with_outputs};
pub use instruction::{Instruction, Op, Place, Register};
pub use run::Number;

use crate::expr::{Arena, Id, SymbolId};
use crate::numeric::{EvalError, Schedule};

/// Programs are cut off here with an error; so many instructions take 320 MB.
pub const MAX_INSTRUCTIONS: usize = 16_000_000;

/// Why there is no program.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProgramError {
    /// A variable is not among the inputs.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// It would be too large.
    #[error("the program has more than {most} instructions")]
    TooLarge {
        /// The limit.
        most: usize,
    },
}

/// How a program is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Join products with sums, rounding once: faster where the processor can do it, and more precise. The result is the
    /// same on every machine and backend for the same choice.
    pub fuse: bool,
    /// Use forms that are right where the plain ones overflow or cancel: `log(1 + exp(u))` at u = 800. They are equal
    /// for real numbers only. Long sums are added up in groups, which rounds less.
    pub careful: bool,
}

impl Default for Options {
    /// Careful, and fused where this processor has an instruction for it.
    fn default() -> Options {
        Options {
            fuse: has_fused_multiply_add(),
            careful: true,
        }
    }
}

impl Options {
    /// The operations as they are written, to the last bit as a [`Schedule`] does them: what complex points need.
    pub const PLAIN: Options = Options {
        fuse: false,
        careful: false,
    };
}

fn has_fused_multiply_add() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    return cfg!(target_arch = "aarch64");
}

/// A flat list of instructions over a file of registers.
///
/// The registers are numbered in this order: the constants, the inputs, the slots for intermediate results, the outputs.
///
/// ```
/// use gradus::{Graph, program::{Options, Program}};
/// let graph = Graph::new();
/// let f = graph.parse("x^2 + exp(x^2)").unwrap();
/// let arena = graph.arena();
/// let x = arena.find_symbol("x").unwrap();
/// let program = Program::new(&arena, &[f.id()], &[x], Options::default()).unwrap();
/// assert_eq!(program.instructions().len(), 3); // the square once
/// let (mut scratch, mut outputs) = (vec![0.0; program.registers()], [0.0]);
/// program.run(&[0.0], &mut scratch, &mut outputs);
/// assert_eq!(outputs, [1.0]);
/// ```
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
    /// The program that computes `roots`; a point gives the values of `variables`, in that order.
    ///
    /// # Errors
    /// [`ProgramError`]: a root depends on a variable that is not in the list, or there is too much to do.
    pub fn new(
        arena: &Arena,
        roots: &[Id],
        variables: &[SymbolId],
        options: Options,
    ) -> Result<Program, ProgramError> {
        Program::from_schedule(&Schedule::new(arena, roots, variables)?, options)
    }

    /// The program that does what a schedule does.
    ///
    /// # Errors
    /// [`ProgramError::TooLarge`].
    pub fn from_schedule(schedule: &Schedule, options: Options) -> Result<Program, ProgramError> {
        build(schedule, options, MAX_INSTRUCTIONS)
    }

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

fn build(schedule: &Schedule, options: Options, most: usize) -> Result<Program, ProgramError> {
    let careful = options.careful && !schedule.needs_complex();
    let forms = careful.then(|| careful::Forms::new(schedule.len()));
    let mut draft = draft::Draft::new(schedule.len(), forms);
    let mut outputs = translate::translate(schedule, &mut draft, most)?;
    if careful {
        sums::regroup(&mut draft, &mut outputs);
    }
    if options.fuse {
        fuse::fuse(&mut draft, &outputs);
    }
    Ok(arrange::arrange(
        &draft,
        &outputs,
        schedule.variables().len(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_large_is_an_error() {
        let mut arena = Arena::new();
        let mut root = arena.symbol("x");
        for _ in 0..100 {
            root = arena.call(crate::expr::Function::Sin, root);
        }
        let x = arena.find_symbol("x").expect("it was made");
        let schedule = Schedule::new(&arena, &[root], &[x]).expect("a schedule");
        let limited = |most| build(&schedule, Options::PLAIN, most).map(|p| p.instructions.len());
        assert_eq!(limited(101), Ok(100)); // and the input
        assert_eq!(limited(100), Err(ProgramError::TooLarge { most: 100 }));
    }
}
