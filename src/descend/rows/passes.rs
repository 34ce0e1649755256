//! The passes over the rows that a formula takes, and what they come to at a point.

use super::formula::{Differentiated, RowsError, RowsFormula};
use super::table::{ReadError, Rows};
use crate::expr::{Arena, Id, Reduction};
use crate::program::batch::fold::{Fold, Kind, Totals};
use crate::program::batch::{Batch, Forms};
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
    /// The linear forms of the columns, if there are any.
    forms: Forms,
    /// Of each stage that is made of forms: to which of its derivatives each slope of its fold belongs. A number may occur
    /// in several forms.
    places: Vec<Option<Vec<usize>>>,
    /// How many derivatives each stage has.
    derivatives: Vec<usize>,
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
        let pass = |stages: Vec<usize>| Pass::new(arena, formula, order, stages);
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
                let (folds, forms) = (&pass.folds, &pass.forms);
                let done =
                    (pass.batch).fold_forms(forms, folds, columns, &numbers, count, &mut totals);
                done.expect("a column a column of the formula, all of one length");
            })?;
            for (fold, &stage) in pass.stages.iter().enumerate() {
                let scaled = |x: f64| scaled(self.reductions[stage], x, count, all as f64);
                let slopes = totals.slopes(fold).map(scaled);
                stages[stage] = match &pass.places[fold] {
                    None => slopes.collect(),
                    Some(places) => {
                        // The last one takes what is 0 as a formula of the whole, but not of the forms.
                        let mut sums = vec![0.0; pass.derivatives[fold] + 1];
                        slopes
                            .zip(places)
                            .for_each(|(slope, &at)| sums[at] += slope);
                        sums.pop();
                        sums
                    }
                };
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

impl Pass {
    fn new(
        arena: &Arena,
        formula: &RowsFormula,
        order: Order,
        stages: Vec<usize>,
    ) -> Result<Pass, RowsError> {
        let (mut roots, mut folds, mut variables) = (Vec::new(), Vec::new(), Vec::new());
        let (mut forms, mut places, mut derivatives) = (Forms::default(), Vec::new(), Vec::new());
        variables.extend(&formula.columns);
        for stage in stages.iter().map(|&at| &formula.stages[at]) {
            let plain = stage.derivatives.roots(order);
            derivatives.push(plain.len());
            let linear = stage.linear.as_ref().filter(|_| order < Order::Curvatures);
            let Some(linear) = linear else {
                folds.push(fold(stage.by, plain.len()));
                forms.adjoints.push(Vec::new());
                places.push(None);
                roots.push(stage.of);
                roots.extend(plain);
                continue;
            };
            let first = forms.forms.len();
            for form in &linear.forms {
                variables.push(form.variable);
                forms.forms.push(form.terms.clone());
            }
            roots.push(linear.of);
            let (mut numbers, mut adjoints) = (Vec::new(), Vec::new());
            if order >= Order::Slopes {
                for &(number, root) in &linear.slopes {
                    roots.push(root);
                    numbers.push(number);
                }
                for &(form, root) in &linear.adjoints {
                    roots.push(root);
                    adjoints.push(first + form);
                    numbers.extend(linear.forms[form].terms.iter().map(|term| term.number));
                }
            }
            folds.push(fold(stage.by, numbers.len()));
            forms.adjoints.push(adjoints);
            let place = |number: usize| {
                let slopes = &stage.derivatives.slopes;
                let at = slopes.iter().position(|&(by, _)| by == number);
                at.unwrap_or(slopes.len())
            };
            places.push(Some(numbers.into_iter().map(place).collect()));
        }
        variables.extend(formula.numbers());
        let program = Program::new(arena, &roots, &variables, OPTIONS)?;
        let batch = Batch::with_numbers(&program, formula.columns.len() + forms.forms.len())?;
        Ok(Pass {
            stages,
            folds,
            forms,
            places,
            derivatives,
            batch,
        })
    }
}

fn fold(by: Reduction, slopes: usize) -> Fold {
    let kind = match by {
        Reduction::Sum | Reduction::Mean => Kind::Sum,
        Reduction::Min => Kind::Min,
        Reduction::Max => Kind::Max,
    };
    Fold { kind, slopes }
}

/// A total as the reduction has it, where `count` rows stand for `all`.
fn scaled(by: Reduction, total: f64, count: f64, all: f64) -> f64 {
    match by {
        Reduction::Mean => total / count,
        Reduction::Sum if all != count => total * (all / count),
        Reduction::Sum | Reduction::Min | Reduction::Max => total,
    }
}
