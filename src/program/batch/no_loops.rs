//! What stands for loops of machine code where there are none: nothing that could run.

use super::Level;
use super::runs::{Segment, Shape};

/// There are none.
#[derive(Debug)]
pub(super) struct Loops {
    pub(super) lanes: usize,
    pub(super) spills: usize,
    pub(super) constants: Vec<f64>,
    none: Never,
}

#[derive(Debug)]
enum Never {}

/// No level has loops.
pub(super) fn has_loops(_: Level) -> bool {
    false
}

impl Loops {
    pub(super) fn new(_: &[Segment], _: Shape) -> Option<Loops> {
        None
    }

    pub(super) fn run(
        &self,
        _: u32,
        _: (&[&[f64]], usize),
        _: &mut [&mut [f64]],
        _: (&mut [f64], &[f64]),
        _: usize,
    ) {
        match self.none {}
    }
}
