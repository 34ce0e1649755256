//! Residuals and their derivatives for all rows, turned into a triangle on the way: the Jacobian is never stored.
//!
//! Rows are taken in chunks of a fixed size, each with a triangle of its own, which are joined in their order: so the
//! result is the same for any number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::loss::Loss;
use super::triangle::Triangle;
use super::{Data, Model};
use crate::program::batch::{CHUNK, Room, SharedBatch};

/// So many bytes of derivatives are made at once: they stay in the nearest cache until the triangle has them.
const BLOCK_BYTES: usize = 48 << 10;

/// From so many chunks on threads pay.
const MANY_CHUNKS: usize = 2;

/// Evaluates a model at all rows.
pub(super) struct Evaluator<'d> {
    model: &'d Model,
    /// What computes derivatives and values.
    batch: &'d SharedBatch,
    data: Data<'d>,
    loss: Loss,
    /// How many rows are turned into a triangle at once.
    rows: usize,
    /// The factor of the identity below the rows: the root of the ridge.
    ridge: f64,
    /// The worker of the thread that calls; away while it works.
    own: Option<Worker>,
    /// How often all rows were evaluated.
    pub(super) evaluations: u64,
}

/// What a thread needs.
struct Worker {
    room: Room,
    block: Vec<f64>,
}

/// A place ahead on a line, from which the bend of the model along it is seen.
struct Ahead<'a> {
    /// The whole step along the line.
    step: &'a [f64],
    place: Vec<f64>,
}

/// The part of a step after which the bend is measured: with much less its digits are lost, with more it is another bend
/// (Transtrum and Sethna, who take the same).
const BEND_AT: f64 = 0.1;

impl<'d> Evaluator<'d> {
    pub(super) fn new(model: &'d Model, data: Data<'d>, loss: Loss, ridge: f64) -> Evaluator<'d> {
        Evaluator::with(model, &model.batch, data, loss, ridge)
    }

    /// Of a linear model, to be evaluated where its parameters are 0.
    pub(super) fn at_zero(model: &'d Model, data: Data<'d>) -> Evaluator<'d> {
        let batch = model.at_zero.as_ref().unwrap_or(&model.batch);
        Evaluator::with(model, batch, data, Loss::Squares, 0.0)
    }

    fn with(
        model: &'d Model,
        shared: &'d SharedBatch,
        data: Data<'d>,
        loss: Loss,
        ridge: f64,
    ) -> Evaluator<'d> {
        let columns = model.parameters + 1;
        let batch = shared.block();
        let fits = BLOCK_BYTES / size_of::<f64>() / columns / batch * batch;
        // Few rows need no more room than they fill.
        let needed = data.rows().max(1).next_multiple_of(8);
        let rows = fits.max(batch).min(needed);
        Evaluator {
            model,
            batch: shared,
            data,
            loss,
            rows,
            ridge: ridge.sqrt(),
            own: Some(Worker::new(shared, columns, rows)),
            evaluations: 0,
        }
    }

    /// Writes the triangle of the derivatives with the residuals as its last column, and gives the objective.
    pub(super) fn evaluate(&mut self, parameters: &[f64], triangle: &mut Triangle) -> f64 {
        let mut objective = self.pass(parameters, None, triangle);
        if self.ridge > 0.0 {
            triangle.pull(self.ridge, parameters);
            objective += parameters
                .iter()
                .map(|b| (self.ridge * b).powi(2))
                .sum::<f64>();
        }
        match self.loss {
            Loss::Squares => {
                let size = triangle.norm(self.model.parameters);
                size * size
            }
            _ => objective,
        }
    }

    /// Writes the triangle of the derivatives with the bend of the residuals along a step as its last column: their second
    /// derivatives, `d^2/dt^2 (y - f(b + t*step))`. Only for plain squares: no (`false`) for others.
    pub(super) fn bend(
        &mut self,
        parameters: &[f64],
        step: &[f64],
        triangle: &mut Triangle,
    ) -> bool {
        if self.loss != Loss::Squares {
            return false;
        }
        let ahead = (parameters.iter().zip(step)).map(|(b, step)| BEND_AT.mul_add(*step, *b));
        let ahead = Ahead {
            step,
            place: ahead.collect(),
        };
        self.pass(parameters, Some(&ahead), triangle);
        if self.ridge > 0.0 {
            // Its rows are straight.
            triangle.pull(self.ridge, &vec![0.0; self.model.parameters]);
        }
        triangle.is_finite()
    }

    /// One pass over the rows.
    fn pass(
        &mut self,
        parameters: &[f64],
        ahead: Option<&Ahead<'_>>,
        triangle: &mut Triangle,
    ) -> f64 {
        self.evaluations += 1;
        triangle.clear();
        let rows = self.data.rows();
        let chunks = rows.div_ceil(CHUNK);
        let range = |chunk: usize| chunk * CHUNK..rows.min((chunk + 1) * CHUNK);
        let mut objective = 0.0;
        if chunks < MANY_CHUNKS {
            let mut own = self.own.take().expect("it came back");
            self.batch.share(&mut own.room, parameters);
            let mut further = ahead.map(|ahead| self.worker(&ahead.place));
            let further = ahead.zip(further.as_mut());
            objective += self.chunk(&mut own, further, 0..rows, triangle);
            self.own = Some(own);
        } else {
            let new = || {
                let further = ahead.map(|ahead| self.worker(&ahead.place));
                (self.worker(parameters), further)
            };
            let one = |(worker, further): &mut (Worker, Option<Worker>), chunk: usize| {
                let mut part = Triangle::new(self.model.parameters + 1);
                let further = ahead.zip(further.as_mut());
                let objective = self.chunk(worker, further, range(chunk), &mut part);
                (part, objective)
            };
            let parts: Vec<(Triangle, f64)> =
                (0..chunks).into_par_iter().map_init(new, one).collect();
            for (part, found) in parts {
                triangle.join(&part);
                objective += found;
            }
        }
        objective
    }

    /// For one thread, at some parameters.
    fn worker(&self, parameters: &[f64]) -> Worker {
        let mut worker = Worker::new(self.batch, self.model.parameters + 1, self.rows);
        self.batch.share(&mut worker.room, parameters);
        worker
    }

    fn chunk(
        &self,
        worker: &mut Worker,
        mut further: Option<(&Ahead<'_>, &mut Worker)>,
        range: Range<usize>,
        triangle: &mut Triangle,
    ) -> f64 {
        let (columns, stride) = (self.model.parameters + 1, self.rows);
        let mut objective = 0.0;
        for start in range.clone().step_by(stride) {
            let rows = stride.min(range.end - start);
            worker.fill(self.batch, &self.data, start, rows, stride);
            let (derivatives, residuals) = worker.block.split_at_mut((columns - 1) * stride);
            let residuals = &mut residuals[..rows];
            match &mut further {
                None => {
                    for (residual, y) in residuals.iter_mut().zip(&self.data.response[start..]) {
                        *residual = y - *residual;
                    }
                }
                Some((ahead, worker)) => {
                    worker.fill(self.batch, &self.data, start, rows, stride);
                    let there = &worker.block[(columns - 1) * stride..];
                    for (row, (value, there)) in residuals.iter_mut().zip(there).enumerate() {
                        let slope = derivatives[row..].iter().step_by(stride).zip(ahead.step);
                        let slope: f64 = slope.map(|(slope, step)| slope * step).sum();
                        let bend = 2.0 / BEND_AT * ((there - *value) / BEND_AT - slope);
                        *value = -bend;
                    }
                }
            }
            if let Some(weights) = self.data.weights {
                let weights = &weights[start..start + rows];
                let columns = derivatives.chunks_exact_mut(stride);
                for column in columns.chain([&mut *residuals]) {
                    for (x, weight) in column.iter_mut().zip(weights) {
                        *x *= weight.sqrt();
                    }
                }
            }
            if self.loss != Loss::Squares {
                for (k, residual) in residuals.iter_mut().enumerate() {
                    let (loss, factor) = self.loss.of(*residual);
                    objective += loss;
                    *residual *= factor;
                    for column in derivatives.chunks_exact_mut(stride) {
                        column[k] *= factor;
                    }
                }
            }
            triangle.absorb_with(self.model.level, &mut worker.block, stride, rows);
        }
        objective
    }

    /// The weighted residuals, row by row, without any loss.
    pub(super) fn values(&mut self, parameters: &[f64]) -> Vec<f64> {
        let mut own = self.own.take().expect("it came back");
        self.batch.share(&mut own.room, parameters);
        let mut values = Vec::with_capacity(self.data.rows());
        for start in (0..self.data.rows()).step_by(self.rows) {
            let rows = self.rows.min(self.data.rows() - start);
            own.fill(self.batch, &self.data, start, rows, self.rows);
            values.extend(&own.block[self.model.parameters * self.rows..][..rows]);
        }
        self.own = Some(own);
        values
    }
}

impl Worker {
    fn new(batch: &SharedBatch, columns: usize, rows: usize) -> Worker {
        Worker {
            room: batch.room(),
            block: vec![0.0; rows * columns],
        }
    }

    /// Computes derivatives and values of some rows into the block.
    fn fill(
        &mut self,
        batch: &SharedBatch,
        data: &Data<'_>,
        start: usize,
        rows: usize,
        stride: usize,
    ) {
        let step = batch.block();
        for from in (0..rows).step_by(step) {
            let count = step.min(rows - from);
            let mut outputs: smallvec::SmallVec<[&mut [f64]; 16]> = (self.block)
                .chunks_exact_mut(stride)
                .map(|column| &mut column[from..from + count])
                .collect();
            batch.run(&mut self.room, data.columns, start + from, &mut outputs);
        }
    }
}
