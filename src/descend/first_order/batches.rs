//! Mini-batches: the rows of the data in a random order, a few at a time.
//!
//! Bottou, Curtis and Nocedal, Optimization Methods for Large-Scale Machine Learning (2018), section 4: each epoch sees
//! every row once, in a new order (sampling without replacement).

use crate::descend::random::shuffled;
use crate::descend::{Memory, MemoryError};

/// How rows are dealt out.
#[derive(Clone, Debug, PartialEq)]
pub struct Batches {
    size: usize,
    seed: u64,
    epoch: u64,
    position: usize,
    /// The rows in the order of this epoch; made when it is needed, since it follows from seed and epoch.
    order: Vec<usize>,
    taken: usize,
}

impl Batches {
    /// Batches of `size` rows, the last one of an epoch being what is left; the order follows from `seed`.
    ///
    /// # Panics
    /// If `size` is 0.
    pub fn new(size: usize, seed: u64) -> Batches {
        assert!(size > 0, "a batch has a row at least");
        Batches {
            size,
            seed,
            epoch: 0,
            position: 0,
            order: Vec::new(),
            taken: 0,
        }
    }

    /// The next rows of this epoch, of `rows` in all; none if it is over.
    pub(super) fn next(&mut self, rows: usize) -> Option<&[usize]> {
        if self.order.len() != rows {
            self.order = shuffled(rows, self.seed, self.epoch);
        }
        self.taken = self.size.min(rows.saturating_sub(self.position));
        (self.taken > 0).then(|| &self.order[self.position..self.position + self.taken])
    }

    /// The rows that were taken are done.
    pub(super) fn passed(&mut self) {
        self.position += self.taken;
    }

    /// Were all rows seen?
    pub(super) fn is_done(&self, rows: usize) -> bool {
        self.position >= rows
    }

    /// Begins the next epoch.
    pub(super) fn begin_next(&mut self) {
        self.epoch += 1;
        self.position = 0;
        self.order.clear();
    }

    pub(super) fn forget(&mut self) {
        *self = Batches::new(self.size, self.seed);
    }

    pub(super) fn save(&self, memory: &mut Memory) {
        memory.put_count("epoch", self.epoch);
        memory.put_count("position", self.position as u64);
    }

    pub(super) fn restore(&mut self, memory: &Memory) -> Result<(), MemoryError> {
        self.epoch = memory.count("epoch")?;
        self.position = memory.count("position")? as usize;
        self.order.clear();
        Ok(())
    }
}
