//! A program over columns, block by block, for who uses up the values of a block while they are in the nearest cache.
//!
//! Some inputs are columns, the others numbers that all points share, such as the parameters of a model: they cost no
//! traffic of memory.

use super::numbers::{numbers, numbers_into};
use super::plan::Plan;
use super::run::Workspace;
use super::{BatchError, Level};
use crate::program::Program;

/// A program of which the first inputs are columns, and the others numbers that all points share.
#[derive(Clone, Debug)]
pub(crate) struct SharedBatch {
    plan: Plan,
}

/// Room for the intermediate results of one thread, and the shared numbers.
#[derive(Debug)]
pub(crate) struct Room {
    workspace: Workspace,
    numbers: Vec<f64>,
}

impl SharedBatch {
    /// For the instructions of `level`.
    pub(crate) fn new(
        program: &Program,
        columns: usize,
        level: Level,
    ) -> Result<SharedBatch, BatchError> {
        if program.needs_complex() {
            return Err(BatchError::NeedsComplex);
        }
        Ok(SharedBatch::of(Plan::new(program, columns, level)))
    }

    pub(super) fn of(plan: Plan) -> SharedBatch {
        SharedBatch { plan }
    }

    /// How many points a block has at most.
    pub(crate) fn block(&self) -> usize {
        self.plan.block
    }

    /// Room for one thread, all shared numbers 0.
    pub(crate) fn room(&self) -> Room {
        let zeros = vec![0.0; self.plan.inputs - self.plan.columns];
        let numbers = numbers(&self.plan.before, &zeros);
        let workspace = Workspace::new(&self.plan, &numbers);
        Room { workspace, numbers }
    }

    /// Sets the numbers that all points share; what depends on them alone is computed here.
    pub(crate) fn share(&self, room: &mut Room, values: &[f64]) {
        numbers_into(&self.plan.before, values, &mut room.numbers);
        room.workspace.renumber(&self.plan, &room.numbers);
    }

    /// Writes the outputs at the points from `start` on: as many as the outputs are long, a [block](Self::block) at most.
    pub(crate) fn run(
        &self,
        room: &mut Room,
        inputs: &[&[f64]],
        start: usize,
        outputs: &mut [&mut [f64]],
    ) {
        let points = outputs.first().map_or(0, |column| column.len());
        (room.workspace).run_block(&self.plan, inputs, start, outputs, points);
    }
}
