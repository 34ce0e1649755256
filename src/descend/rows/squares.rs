//! Residuals: the value as a sum of squares, a square a row.

use super::formula::{RowsError, RowsFormula, Squares};
use super::passes::OPTIONS;
use super::table::{ReadError, Rows};
use crate::expr::{Arena, Id};
use crate::program::Program;
use crate::program::batch::Batch;

/// Residuals and their derivatives are offered where these are no more numbers than this: 128 MiB.
pub const MAX_JACOBIAN_NUMBERS: usize = 1 << 24;

/// Residuals, ready to be computed.
pub(super) struct Residuals {
    values: Batch,
    with_slopes: Batch,
    parameters: usize,
    factor: f64,
    mean: bool,
}

impl Residuals {
    pub(super) fn new(
        arena: &Arena,
        formula: &RowsFormula,
        squares: &Squares,
    ) -> Result<Residuals, RowsError> {
        let columns = formula.columns.len();
        let mut variables = formula.columns.clone();
        variables.extend(&formula.parameters);
        let batch = |roots: &[Id]| {
            let program = Program::new(arena, roots, &variables, OPTIONS)?;
            Ok::<Batch, RowsError>(Batch::with_numbers(&program, columns)?)
        };
        let all: Vec<Id> = [squares.root]
            .into_iter()
            .chain(squares.slopes.iter().copied())
            .collect();
        Ok(Residuals {
            values: batch(&all[..1])?,
            with_slopes: batch(&all)?,
            parameters: formula.parameters.len(),
            factor: squares.factor,
            mean: squares.mean,
        })
    }

    /// How many rows and parameters are few enough?
    pub(super) fn fit(rows: usize, parameters: usize) -> bool {
        rows.saturating_mul(parameters + 1) <= MAX_JACOBIAN_NUMBERS
    }

    /// Writes the residuals and, where there is room for them, their derivatives, a row a residual.
    pub(super) fn write(
        &self,
        point: &[f64],
        rows: &mut dyn Rows,
        residuals: &mut [f64],
        mut jacobian: Option<&mut [f64]>,
    ) -> Result<(), ReadError> {
        let scale = match self.mean {
            true => (self.factor / residuals.len() as f64).sqrt(),
            false => self.factor.sqrt(),
        };
        let mut from = 0;
        rows.visit(&mut |columns, count| {
            let to = &mut residuals[from..][..count];
            let done = match &mut jacobian {
                None => self.values.run_with(columns, point, &mut [to]),
                Some(jacobian) => {
                    let mut slopes = vec![vec![0.0; count]; self.parameters];
                    let mut outputs: Vec<&mut [f64]> = vec![to];
                    outputs.extend(slopes.iter_mut().map(Vec::as_mut_slice));
                    let done = (self.with_slopes).run_with(columns, point, &mut outputs);
                    let rows = jacobian[from * self.parameters..].chunks_mut(self.parameters);
                    for (k, row) in rows.take(count).enumerate() {
                        for (entry, slope) in row.iter_mut().zip(&slopes) {
                            *entry = scale * slope[k];
                        }
                    }
                    done
                }
            };
            done.expect("a column a column of the formula, all of one length");
            residuals[from..][..count]
                .iter_mut()
                .for_each(|residual| *residual *= scale);
            from += count;
        })
    }
}
