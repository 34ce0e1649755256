//! Reductions over all points with their derivatives: from one pass, in parts that may come one after the other.
//!
//! A [`Fold`] takes some outputs of a program together: a value, and derivatives of that value. Sums add all of them up;
//! the smallest and the largest value keep the derivatives at the point that attains it, the mean of them where several
//! do. Values are added as in the sums of a batch, with their rounding errors; derivatives, of which there may be many, in
//! eight plain sums a block and with the errors from block to block: a block has 512 points at most, so that what is lost
//! is no more than the derivatives themselves were rounded by.

use rayon::prelude::*;

use super::forms::Forms;
use super::plan::Plan;
use super::reduce::{LANES, Lanes, Sum};
use super::run::Workspace;
use super::{BatchError, CHUNK, check};

/// How many points each part of a [`Totals`] has, but for the last one: a multiple of this. Then the result does not depend
/// on where the parts are divided, not even in its last bit.
pub const PART: usize = CHUNK;

/// What becomes of a value over all points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is added up.
    Sum,
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

/// A value and some derivatives of it: that many outputs of a program, beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// What becomes of the value.
    pub kind: Kind,
    /// How many derivatives follow it.
    pub slopes: usize,
}

/// What all points seen so far come to.
#[derive(Clone, Debug)]
pub struct Totals(Vec<Total>);

#[derive(Clone, Debug)]
struct Total {
    kind: Kind,
    /// Of a sum.
    value: Sum,
    /// The smallest or largest value yet; NaN as soon as there is one.
    best: f64,
    /// How many points attain it.
    ties: u64,
    slopes: Vec<Sum>,
}

impl Totals {
    /// Of no points.
    pub fn new(folds: &[Fold]) -> Totals {
        Totals(folds.iter().map(|&fold| Total::new(fold)).collect())
    }

    /// The value of a fold: 0 for a sum of no points, infinite for the smallest or largest of none.
    pub fn value(&self, fold: usize) -> f64 {
        let total = &self.0[fold];
        match total.kind {
            Kind::Sum => total.value.value(),
            Kind::Min | Kind::Max => total.best,
        }
    }

    /// The derivatives of a fold's value.
    pub fn slopes(&self, fold: usize) -> impl Iterator<Item = f64> {
        let total = &self.0[fold];
        let count = match total.kind {
            Kind::Sum => 1.0,
            Kind::Min | Kind::Max => total.ties as f64,
        };
        total.slopes.iter().map(move |slope| slope.value() / count)
    }

    fn join(&mut self, others: Totals) {
        for (total, other) in self.0.iter_mut().zip(others.0) {
            total.join(other);
        }
    }
}

impl Total {
    fn new(fold: Fold) -> Total {
        Total {
            kind: fold.kind,
            value: Sum::default(),
            best: match fold.kind {
                Kind::Max => f64::NEG_INFINITY,
                Kind::Sum | Kind::Min => f64::INFINITY,
            },
            ties: 0,
            slopes: vec![Sum::default(); fold.slopes],
        }
    }

    /// Takes the points behind those so far.
    fn join(&mut self, other: Total) {
        if self.kind == Kind::Sum {
            self.value = self.value.join(other.value);
        } else if other.ties == 0 {
            return;
        } else if self.beats(other.best) {
            *self = other;
            return;
        } else if other.best == self.best {
            self.ties += other.ties;
        } else {
            return;
        }
        for (slope, more) in self.slopes.iter_mut().zip(other.slopes) {
            *slope = slope.join(more);
        }
    }

    /// Is it a better value than the best so far? NaN is, and nothing is better than NaN.
    fn beats(&self, value: f64) -> bool {
        match self.kind {
            _ if self.best.is_nan() => false,
            _ if value.is_nan() || self.ties == 0 => true,
            Kind::Max => value > self.best,
            Kind::Sum | Kind::Min => value < self.best,
        }
    }

    /// Takes the points of a block: columns of values and of slopes.
    fn extreme(&mut self, columns: &[&mut [f64]]) {
        for (at, &value) in columns[0].iter().enumerate() {
            if self.beats(value) {
                self.best = value;
                self.ties = 0;
                self.slopes.fill(Sum::default());
            } else if value != self.best {
                continue;
            }
            self.ties += 1;
            for (slope, column) in self.slopes.iter_mut().zip(&columns[1..]) {
                *slope = slope.join(Sum::of(column[at]));
            }
        }
    }
}

/// The points of a fold, and what is done with them.
pub(super) struct Folding<'a> {
    pub(super) plan: &'a Plan,
    pub(super) folds: &'a [Fold],
    /// Inputs of the program that are linear forms of the columns: those behind the columns.
    pub(super) forms: &'a Forms,
    pub(super) columns: &'a [&'a [f64]],
    pub(super) numbers: &'a [f64],
    pub(super) points: usize,
}

impl Folding<'_> {
    /// Adds the points to `totals`.
    pub(super) fn run(&self, parallel: bool, totals: &mut Totals) -> Result<(), BatchError> {
        let plan = self.plan;
        let columns = plan.columns - self.forms.forms.len();
        check("input", self.columns.iter().copied(), columns, self.points)?;
        let outputs = (0..self.folds.len())
            .map(|fold| 1 + self.stored(fold))
            .sum();
        if outputs != plan.outputs {
            return Err(BatchError::Columns {
                what: "output",
                expected: plan.outputs,
                found: outputs,
            });
        }
        let chunks = self.points.div_ceil(CHUNK);
        let new = || Workspace::new(plan, self.numbers);
        if parallel && plan.pays_threads(self.points) {
            let parts = (0..chunks).into_par_iter();
            let parts: Vec<Totals> = parts
                .map_init(new, |room, at| self.chunk(room, at))
                .collect();
            parts.into_iter().for_each(|part| totals.join(part));
        } else {
            let mut workspace = new();
            (0..chunks).for_each(|at| totals.join(self.chunk(&mut workspace, at)));
        }
        Ok(())
    }

    /// How many columns of slopes the program writes for a fold: one an adjoint, which may become many slopes.
    fn stored(&self, fold: usize) -> usize {
        let adjoints = self.forms.adjoints.get(fold).map_or(0, Vec::len);
        self.folds[fold].slopes - self.forms.slopes(fold) + adjoints
    }

    fn chunk(&self, workspace: &mut Workspace, chunk: usize) -> Totals {
        let (plan, forms) = (self.plan, &self.forms);
        let start = chunk * CHUNK;
        let points = CHUNK.min(self.points - start);
        let mut memory = vec![0.0; plan.outputs * plan.summed];
        let mut form_memory = vec![0.0; forms.forms.len() * plan.summed];
        let mut totals = Totals::new(self.folds);
        let mut values: Vec<Lanes> = vec![Lanes::default(); self.folds.len()];
        for from in (0..points).step_by(plan.summed) {
            let count = plan.summed.min(points - from);
            let inputs = self
                .columns
                .iter()
                .map(|column| &column[start + from..][..count]);
            let mut inputs: Vec<&[f64]> = inputs.collect();
            for (form, values) in form_memory.chunks_exact_mut(plan.summed).enumerate() {
                let values = &mut values[..count];
                forms.evaluate(form, plan.level, &inputs, self.numbers, values);
            }
            inputs.extend(
                form_memory
                    .chunks_exact(plan.summed)
                    .map(|values| &values[..count]),
            );
            let mut columns: Vec<&mut [f64]> = (memory.chunks_exact_mut(plan.summed))
                .map(|column| &mut column[..count])
                .collect();
            workspace.run_block(plan, &inputs, 0, &mut columns, count);
            let mut rest = &columns[..];
            for (at, (fold, total)) in self.folds.iter().zip(&mut totals.0).enumerate() {
                let (columns, others) = rest.split_at(1 + self.stored(at));
                rest = others;
                match fold.kind {
                    Kind::Sum => {
                        values[at].add_column(columns[0]);
                        self.add_slopes(at, &inputs, &columns[1..], &mut total.slopes);
                    }
                    Kind::Min | Kind::Max => total.extreme(columns),
                }
            }
        }
        for (total, lanes) in totals.0.iter_mut().zip(values) {
            total.value = lanes.joined();
        }
        totals
    }

    /// Adds the slopes of a sum at the points of a block.
    fn add_slopes(&self, fold: usize, inputs: &[&[f64]], columns: &[&mut [f64]], to: &mut [Sum]) {
        let (plain, mut by_terms) = to.split_at_mut(to.len() - self.forms.slopes(fold));
        let (others, adjoints) = columns.split_at(plain.len());
        for (slope, column) in plain.iter_mut().zip(others) {
            *slope = slope.join(Sum::of(plain_sum(column)));
        }
        let forms = self.forms.adjoints.get(fold).into_iter().flatten();
        for (&form, adjoint) in forms.zip(adjoints) {
            let (slopes, rest) = by_terms.split_at_mut(self.forms.forms[form].len());
            let level = self.plan.level;
            (self.forms).slopes_by_terms(form, level, inputs, adjoint, |term, sum| {
                slopes[term] = slopes[term].join(Sum::of(sum));
            });
            by_terms = rest;
        }
    }
}

/// In eight sums beside each other.
pub(super) fn plain_sum(column: &[f64]) -> f64 {
    let (whole, rest) = column.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for values in whole {
        for (lane, x) in lanes.iter_mut().zip(values) {
            *lane += x;
        }
    }
    lanes.iter().chain(rest).sum()
}
