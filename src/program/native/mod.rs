//! Programs as code of the processor, made at run time: for one point at a time.
//!
//! On x86-64 processors with AVX, where functions are called by the convention of System V, the code is written here, in
//! one pass (`one_pass/`); elsewhere by the cranelift compiler (`cranelift/`), which takes 30 times as long and serves as
//! the other opinion. `code.rs` holds what comes out, `calls.rs` what it calls. The results are the interpreter's to the last
//! bit: an operation is the same instruction of the processor, or a call of the same function.

mod calls;
mod code;
mod cranelift;
#[cfg(all(target_arch = "x86_64", unix))]
mod one_pass;
#[cfg(all(target_arch = "x86_64", unix))]
mod routines;

#[cfg(all(target_arch = "x86_64", unix))]
pub(super) use self::routines::{Reach, Routines};

use self::code::Code;
use super::Program;

/// Who makes the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// Whoever is quickest.
    Quickest,
    Cranelift,
}

/// A program compiled for this processor.
#[derive(Debug)]
pub(super) struct Native {
    code: Code,
}

/// The largest index that is reached from a base address.
const MAX_INDEX: usize = (i32::MAX / 8) as usize;

impl Native {
    /// Compiles a program. Its outputs go to two places: the first `head` of them, and the others.
    pub(super) fn new(program: &Program, head: usize, maker: Maker) -> Result<Native, String> {
        assert!(head <= program.outputs(), "the outputs are divided in two");
        if program.needs_complex() {
            return Err("the imaginary unit has no real value".into());
        }
        if program.registers() > MAX_INDEX {
            return Err(format!("there are more than {MAX_INDEX} registers"));
        }
        let code = match maker {
            #[cfg(all(target_arch = "x86_64", unix))]
            Maker::Quickest if one_pass::suits(program) => Code::mapped(program, head)?,
            _ => cranelift::compile(program, head)?,
        };
        Ok(Native { code })
    }

    /// For how many numbers a run needs room.
    #[inline]
    pub(super) fn slots(&self) -> usize {
        self.code.sizes.slots
    }

    /// Writes the outputs at a point. `slots` has [`slots`](Self::slots) numbers, whatever they are.
    #[inline]
    pub(super) fn run(&self, point: &[f64], slots: &mut [f64], head: &mut [f64], tail: &mut [f64]) {
        self.code.run(point, slots, head, tail);
    }
}
