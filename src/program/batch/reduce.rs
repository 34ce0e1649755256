//! Sums over all points, without columns of outputs.
//!
//! Each of [`LANES`] running sums takes every eighth point of a chunk and keeps its rounding error beside it (Neumaier,
//! Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 1974, with the error of Knuth's TAOCP 4.2.2);
//! the sums of the lanes, and then those of the chunks, are joined in their order. Chunks have a fixed size, so that threads
//! change nothing.

use rayon::prelude::*;

use super::plan::Plan;
use super::run::Workspace;
use super::{CHUNK, PARALLEL_FROM};

/// How many sums run beside each other: as many as the widest vector holds.
const LANES: usize = 8;

/// A sum and the rounding errors it has made.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    head: f64,
    tail: f64,
}

impl Sum {
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

    fn join(self, other: Sum) -> Sum {
        let sum = self.add(other.head);
        Sum {
            head: sum.head,
            tail: sum.tail + other.tail,
        }
    }

    fn value(self) -> f64 {
        // The error of an infinite sum is NaN.
        match self.head.is_finite() {
            true => self.head + self.tail,
            false => self.head,
        }
    }
}

pub(super) fn sums(plan: &Plan, inputs: &[&[f64]], points: usize, parallel: bool) -> Vec<f64> {
    let chunks = points.div_ceil(CHUNK);
    let chunk = |workspace: &mut Workspace, chunk: usize| {
        let start = chunk * CHUNK;
        chunk_sums(workspace, plan, inputs, start, CHUNK.min(points - start))
    };
    let parts: Vec<Vec<Sum>> = if parallel && points >= PARALLEL_FROM {
        let new = || Workspace::new(plan);
        (0..chunks).into_par_iter().map_init(new, chunk).collect()
    } else {
        let mut workspace = Workspace::new(plan);
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
    let mut sums = vec![[Sum::default(); LANES]; plan.outputs];
    for from in (0..points).step_by(plan.block) {
        let count = plan.block.min(points - from);
        let mut columns: Vec<&mut [f64]> = (values.chunks_exact_mut(plan.block))
            .map(|column| &mut column[..count])
            .collect();
        workspace.run_block(plan, inputs, start + from, &mut columns, count);
        for (lanes, column) in sums.iter_mut().zip(values.chunks_exact(plan.block)) {
            add_column(lanes, &column[..count]);
        }
    }
    let join = |lanes: [Sum; LANES]| lanes.into_iter().reduce(Sum::join).unwrap_or_default();
    sums.into_iter().map(join).collect()
}

fn add_column(lanes: &mut [Sum; LANES], column: &[f64]) {
    let (whole, rest) = column.as_chunks::<LANES>();
    for values in whole {
        for (lane, &x) in lanes.iter_mut().zip(values) {
            *lane = lane.add(x);
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(rest) {
        *lane = lane.add(x);
    }
}
