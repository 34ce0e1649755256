//! Sums over all points, without columns of outputs.
//!
//! Each of [`LANES`] running sums takes every eighth point of a chunk and keeps its rounding error beside it (Neumaier,
//! Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 1974, with the error of Knuth's TAOCP 4.2.2);
//! the sums of the lanes, and then those of the chunks, are joined in their order. Chunks have a fixed size, so that threads
//! change nothing.

use rayon::prelude::*;

use super::CHUNK;
use super::plan::Plan;
use super::run::Workspace;

/// How many sums run beside each other: as many as the widest vector holds.
pub(super) const LANES: usize = 8;

/// A sum and the rounding errors it has made.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    head: f64,
    tail: f64,
}

impl Sum {
    /// The sum of one number.
    pub(super) fn of(x: f64) -> Sum {
        Sum { head: x, tail: 0.0 }
    }

    #[inline(always)]
    fn add(self, x: f64) -> Sum {
        let head = self.head + x;
        let from_x = head - self.head;
        let error = (self.head - (head - from_x)) + (x - from_x);
        Sum {
            head,
            tail: self.tail + error,
        }
    }

    pub(super) fn join(self, other: Sum) -> Sum {
        let sum = self.add(other.head);
        Sum {
            head: sum.head,
            tail: sum.tail + other.tail,
        }
    }

    pub(super) fn value(self) -> f64 {
        // The error of an infinite sum is NaN.
        match self.head.is_finite() {
            true => self.head + self.tail,
            false => self.head,
        }
    }
}

/// Sums beside each other, their parts apart, so that the loops over them become vectors: 2.6 ns a number otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    heads: [f64; LANES],
    tails: [f64; LANES],
}

impl Lanes {
    /// Adds a number to each of the first lanes.
    #[inline(always)]
    fn add(&mut self, values: &[f64]) {
        let lanes = self.heads.iter_mut().zip(&mut self.tails);
        for ((head, tail), &x) in lanes.zip(values) {
            let sum = Sum {
                head: *head,
                tail: *tail,
            };
            Sum {
                head: *head,
                tail: *tail,
            } = sum.add(x);
        }
    }

    pub(super) fn add_column(&mut self, column: &[f64]) {
        let (whole, rest) = column.as_chunks::<LANES>();
        for values in whole {
            self.add(values);
        }
        self.add(rest);
    }

    pub(super) fn joined(self) -> Sum {
        let sums = self.heads.into_iter().zip(self.tails);
        sums.fold(Sum::default(), |total, (head, tail)| {
            total.join(Sum { head, tail })
        })
    }
}

pub(super) fn sums(
    plan: &Plan,
    inputs: &[&[f64]],
    numbers: &[f64],
    points: usize,
    parallel: bool,
) -> Vec<f64> {
    let chunks = points.div_ceil(CHUNK);
    let chunk = |workspace: &mut Workspace, chunk: usize| {
        let start = chunk * CHUNK;
        chunk_sums(workspace, plan, inputs, start, CHUNK.min(points - start))
    };
    let parts: Vec<Vec<Sum>> = if parallel && plan.pays_threads(points) {
        let new = || Workspace::new(plan, numbers);
        (0..chunks).into_par_iter().map_init(new, chunk).collect()
    } else {
        let mut workspace = Workspace::new(plan, numbers);
        (0..chunks).map(|at| chunk(&mut workspace, at)).collect()
    };
    let mut total = vec![Sum::default(); plan.outputs];
    for part in parts {
        for (total, part) in total.iter_mut().zip(part) {
            *total = total.join(part);
        }
    }
    total.into_iter().map(Sum::value).collect()
}

/// The sums of the points from `start` on.
fn chunk_sums(
    workspace: &mut Workspace,
    plan: &Plan,
    inputs: &[&[f64]],
    start: usize,
    points: usize,
) -> Vec<Sum> {
    let mut values = vec![0.0; plan.outputs * plan.block];
    let mut sums = vec![Lanes::default(); plan.outputs];
    for from in (0..points).step_by(plan.block) {
        let count = plan.block.min(points - from);
        let mut columns: Vec<&mut [f64]> = (values.chunks_exact_mut(plan.block))
            .map(|column| &mut column[..count])
            .collect();
        workspace.run_block(plan, inputs, start + from, &mut columns, count);
        for (lanes, column) in sums.iter_mut().zip(values.chunks_exact(plan.block)) {
            lanes.add_column(&column[..count]);
        }
    }
    sums.into_iter().map(Lanes::joined).collect()
}
