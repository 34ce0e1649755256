//! What stands for native code in a build without it: nothing that could run.

use super::Program;

/// Who would make the code.
#[derive(Clone, Copy)]
pub(super) enum Maker {
    Quickest,
    Cranelift,
}

/// No program is ever compiled.
#[derive(Debug)]
pub(super) enum Native {}

impl Native {
    pub(super) fn new(_program: &Program, _head: usize, _maker: Maker) -> Result<Native, String> {
        Err("this build has none: it was made without the feature `native`".into())
    }

    pub(super) fn slots(&self) -> usize {
        match *self {}
    }

    pub(super) fn run(&self, _: &[f64], _: &mut [f64], _: &mut [f64], _: &mut [f64]) {
        match *self {}
    }
}
