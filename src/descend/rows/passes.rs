//! The passes over the rows that a formula takes, and what they come to at a point.

use super::formula::{Differentiated, RowsError, RowsFormula};
use super::table::{ReadError, Rows};
use crate::expr::{Arena, Id, Reduction};
use crate::program::batch::Batch;
use crate::program::batch::fold::{Fold, Kind, Totals};
use crate::program::{Options, Program};

/// Up to which order derivatives are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Value,
    Slopes,
    Curvatures,
}

/// The passes for one order of derivatives, and what comes behind them.
pub(super) struct Passes {
    passes: Vec<Pass>,
    /// By stage: is the sum divided by the number of rows, or to be scaled with it, or neither?
    reductions: Vec<Reduction>,
    parameters: usize,
    outer: Program,
    scratch: Vec<f64>,
}

/// One pass: some stages together.
struct Pass {
    stages: Vec<usize>,
    folds: Vec<Fold>,
    batch: Batch,
}

/// What a formula comes to at a point.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    /// The parameters, then the results of the stages.
    pub numbers: Vec<f64>,
    /// By stage: the derivatives of its result, in the order of its formula, first ones before second ones.
    pub stages: Vec<Vec<f64>>,
    /// The value.
    pub value: f64,
    /// Its derivatives, in the order of its formula.
    pub outer: Vec<f64>,
}

/// Without fused products a descent takes the same steps wherever the functions have the same values.
pub(super) const OPTIONS: Options = Options {
    fuse: false,
    careful: true,
};

impl Differentiated {
    fn roots(&self, order: Order) -> Vec<Id> {
        let mut roots = Vec::new();
        if order >= Order::Slopes {
            roots.extend(self.slopes.iter().map(|&(_, id)| id));
        }
        if order >= Order::Curvatures {
            let curvatures = self.curvatures.iter().flatten();
            roots.extend(curvatures.map(|&(_, _, id)| id));
        }
        roots
    }
}

impl Passes {
    /// Plans the passes.
    pub(super) fn new(
        arena: &Arena,
        formula: &RowsFormula,
        order: Order,
    ) -> Result<Passes, RowsError> {
        let variables = formula.variables();
        let pass = |stages: Vec<usize>| {
            let (mut roots, mut folds) = (Vec::new(), Vec::new());
            for stage in stages.iter().map(|&at| &formula.stages[at]) {
                let derivatives = stage.derivatives.roots(order);
                folds.push(Fold {
                    kind: match stage.by {
                        Reduction::Sum | Reduction::Mean => Kind::Sum,
                        Reduction::Min => Kind::Min,
                        Reduction::Max => Kind::Max,
                    },
                    slopes: derivatives.len(),
                });
                roots.push(stage.of);
                roots.extend(derivatives);
            }
            let program = Program::new(arena, &roots, &variables, OPTIONS)?;
            let batch = Batch::with_numbers(&program, formula.columns.len())?;
            Ok(Pass {
                stages,
                folds,
                batch,
            })
        };
        let passes = formula.levels(arena).into_iter().map(pass);
        let passes: Vec<Pass> = passes.collect::<Result<_, RowsError>>()?;
        let numbers: Vec<_> = formula.numbers().collect();
        let roots = [formula.value].into_iter();
        let roots: Vec<Id> = roots.chain(formula.derivatives.roots(order)).collect();
        let outer = Program::new(arena, &roots, &numbers, OPTIONS)?;
        if outer.needs_complex() {
            return Err(crate::program::batch::BatchError::NeedsComplex.into());
        }
        Ok(Passes {
            passes,
            reductions: formula.stages.iter().map(|stage| stage.by).collect(),
            parameters: formula.parameters.len(),
            scratch: vec![0.0; outer.registers()],
            outer,
        })
    }

    /// What the formula comes to; sums are scaled as if the rows were a sample of `all` rows.
    pub(super) fn run(
        &mut self,
        point: &[f64],
        rows: &mut dyn Rows,
        all: usize,
    ) -> Result<Reached, ReadError> {
        assert_eq!(point.len(), self.parameters, "a number a parameter");
        let count = rows.count() as f64;
        let mut numbers = point.to_vec();
        // No pass reads a result that is not there yet.
        numbers.resize(self.parameters + self.reductions.len(), f64::NAN);
        let mut stages = vec![Vec::new(); self.reductions.len()];
        for pass in &self.passes {
            let mut totals = Totals::new(&pass.folds);
            rows.visit(&mut |columns, count| {
                let done = (pass.batch).fold(&pass.folds, columns, &numbers, count, &mut totals);
                done.expect("a column a column of the formula, all of one length");
            })?;
            for (fold, &stage) in pass.stages.iter().enumerate() {
                let scaled = |x: f64| scaled(self.reductions[stage], x, count, all as f64);
                stages[stage] = totals.slopes(fold).map(scaled).collect();
                numbers[self.parameters + stage] = scaled(totals.value(fold));
            }
        }
        let values = self.outer.run_in(&numbers, &mut self.scratch);
        Ok(Reached {
            value: values[0],
            outer: values[1..].to_vec(),
            numbers,
            stages,
        })
    }
}

/// A total as the reduction has it, where `count` rows stand for `all`.
fn scaled(by: Reduction, total: f64, count: f64, all: f64) -> f64 {
    match by {
        Reduction::Mean => total / count,
        Reduction::Sum if all != count => total * (all / count),
        Reduction::Sum | Reduction::Min | Reduction::Max => total,
    }
}
