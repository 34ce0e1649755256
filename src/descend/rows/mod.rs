//! Formulas over the rows of a table: a loss that is a mean over data, say.
//!
//! [`RowsObjective`] is what a descent goes down. It is made of a [`RowsFormula`], which holds the reductions (mean, sum,
//! smallest, largest) and the formulas of their derivatives, and of [`Rows`], which may be columns in memory
//! ([`Columns`]) or whatever shows its rows from the first to the last. Nothing here differentiates a formula, and nothing
//! reads a file.
//!
//! Reductions that need no other's result are reduced in one pass over the rows, with their derivatives; a reduction that
//! contains another takes a pass of its own behind it. Results have the same bits for any number of threads, and in
//! memory or not.

mod chain;
mod formula;
mod passes;
mod shared;
mod spoilt;
mod squares;
mod table;

use std::cell::OnceCell;

use super::{Objective, Offers};
use crate::expr::Arena;
pub use formula::{Differentiated, Form, Linear, RowsError, RowsFormula, Squares, Stage, Term};
use passes::{Order, Passes, Reached};
pub use spoilt::{SearchError, Spoilt, SpoiltRow};
pub use squares::MAX_JACOBIAN_NUMBERS;
use squares::Residuals;
pub use table::{Columns, ReadError, Rows};

/// A formula over rows, with its data.
///
/// It offers rows for mini-batches where the data is in memory and the formula is affine in means and sums that contain no
/// other reduction: terms without rows, such as a penalty on the parameters, count whole in every batch. It offers second
/// derivatives where the formula has them, and residuals where it is the mean or the sum of squares.
///
/// [`crate::OverRows::objective`] makes one from text.
pub struct RowsObjective {
    arena: Arena,
    formula: RowsFormula,
    rows: Box<dyn Rows>,
    values: Passes,
    slopes: Passes,
    curvatures: OnceCell<Passes>,
    residuals: Option<Residuals>,
    is_sum: bool,
    /// The rows of a mini-batch.
    batch: Columns,
    failure: Option<ReadError>,
}

impl RowsObjective {
    /// Plans the passes over the rows, whose columns are those of the formula in its order.
    ///
    /// # Errors
    /// [`RowsError`]: another variable occurs, or the imaginary unit.
    pub fn new(
        arena: Arena,
        formula: RowsFormula,
        rows: Box<dyn Rows>,
    ) -> Result<RowsObjective, RowsError> {
        let fits = rows.whole().is_some() && Residuals::fit(rows.count(), formula.parameters.len());
        let residuals = match &formula.squares {
            Some(squares) if fits => Some(Residuals::new(&arena, &formula, squares)?),
            _ => None,
        };
        Ok(RowsObjective {
            values: Passes::new(&arena, &formula, Order::Value)?,
            slopes: Passes::new(&arena, &formula, Order::Slopes)?,
            curvatures: OnceCell::new(),
            residuals,
            is_sum: formula.is_sum_over_rows(&arena),
            batch: Columns::default(),
            failure: None,
            arena,
            formula,
            rows,
        })
    }

    /// The formula.
    pub fn formula(&self) -> &RowsFormula {
        &self.formula
    }

    /// Where the formula's nodes are.
    pub fn arena(&self) -> &Arena {
        &self.arena
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows.count()
    }

    /// Why the rows could not be read any more, if that happened: all values since then are NaN.
    pub fn take_failure(&mut self) -> Option<ReadError> {
        self.failure.take()
    }

    /// Why the value or a derivative is not finite at a point: where that begins. `None` if all are finite.
    ///
    /// # Errors
    /// [`SearchError`].
    pub fn spoilt(&mut self, point: &[f64]) -> Result<Option<Spoilt>, SearchError> {
        let rows = self.rows.count();
        let reached = self.slopes.run(point, &mut *self.rows, rows);
        let reached = reached.map_err(SearchError::Read)?;
        spoilt::find(&self.arena, &self.formula, reached, &mut *self.rows)
    }

    fn reach(&mut self, point: &[f64], order: Order) -> Option<Reached> {
        if self.failure.is_some() {
            return None;
        }
        let passes = match order {
            Order::Value => &mut self.values,
            Order::Slopes => &mut self.slopes,
            Order::Curvatures => {
                let new = || {
                    let passes = Passes::new(&self.arena, &self.formula, order);
                    passes.expect("as its first derivatives")
                };
                self.curvatures.get_or_init(new);
                self.curvatures.get_mut().expect("made just now")
            }
        };
        let rows = self.rows.count();
        let reached = passes.run(point, &mut *self.rows, rows);
        reached.map_err(|error| self.failure = Some(error)).ok()
    }

    fn write_residuals(&mut self, point: &[f64], to: &mut [f64], jacobian: Option<&mut [f64]>) {
        let residuals = self.residuals.as_ref();
        let residuals = residuals.expect("the objective is no sum of squares");
        if let Err(error) = residuals.write(point, &mut *self.rows, to, jacobian) {
            to.fill(f64::NAN);
            self.failure = Some(error);
        }
    }
}

impl Objective for RowsObjective {
    fn dimension(&self) -> usize {
        self.formula.parameters.len()
    }

    fn value(&mut self, point: &[f64]) -> f64 {
        let reached = self.reach(point, Order::Value);
        reached.map_or(f64::NAN, |reached| reached.value)
    }

    fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
        self.value_and_gradient(point, gradient);
    }

    fn value_and_gradient(&mut self, point: &[f64], gradient: &mut [f64]) -> f64 {
        let Some(reached) = self.reach(point, Order::Slopes) else {
            gradient.fill(f64::NAN);
            return f64::NAN;
        };
        chain::gradient(&self.formula, &reached, gradient);
        reached.value
    }

    fn offers(&self) -> Offers {
        let in_memory = self.rows.whole().is_some();
        Offers {
            hessian: self.formula.has_curvatures(),
            residuals: self.residuals.as_ref().map(|_| self.rows.count()),
            rows: (self.is_sum && in_memory).then(|| self.rows.count()),
            ..Offers::default()
        }
    }

    fn hessian(&mut self, point: &[f64], hessian: &mut [f64]) {
        assert!(self.offers().hessian, "the objective has no Hessian");
        match self.reach(point, Order::Curvatures) {
            Some(reached) => chain::hessian(&self.formula, &reached, hessian),
            None => hessian.fill(f64::NAN),
        }
    }

    fn residuals(&mut self, point: &[f64], residuals: &mut [f64]) {
        self.write_residuals(point, residuals, None);
    }

    fn residuals_and_jacobian(
        &mut self,
        point: &[f64],
        residuals: &mut [f64],
        jacobian: &mut [f64],
    ) {
        self.write_residuals(point, residuals, Some(jacobian));
    }

    fn value_and_gradient_of(
        &mut self,
        rows: &[usize],
        point: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        assert!(self.is_sum, "the objective is no sum over rows");
        let whole = self.rows.whole().expect("rows in memory");
        self.batch.gather(&whole, rows);
        let all = self.rows.count();
        let reached = self.slopes.run(point, &mut self.batch, all);
        let reached = reached.expect("columns in memory can be read");
        chain::gradient(&self.formula, &reached, gradient);
        reached.value
    }
}
