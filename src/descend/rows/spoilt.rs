//! Where a value that is not finite comes from: which stage, and which row.

use super::formula::{RowsError, RowsFormula};
use super::passes::{OPTIONS, Reached};
use super::table::{ReadError, Rows};
use crate::expr::{Arena, Id};
use crate::program::Program;

/// A value that is not finite, and the numbers that made it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoilt {
    /// The stage in which it arises; none if it is in the formula around the reductions.
    pub stage: Option<usize>,
    /// The first row whose value is not finite; none if all rows are in order and their sum is not.
    pub row: Option<SpoiltRow>,
    /// Parameters, then results of the stages.
    pub numbers: Vec<f64>,
}

/// A row that spoils a reduction.
#[derive(Clone, Debug, PartialEq)]
pub struct SpoiltRow {
    /// Which row, from 0 on.
    pub at: usize,
    /// The numbers of the columns there.
    pub columns: Vec<f64>,
}

/// The first that is not finite among the results of the stages, their derivatives and the value.
pub(super) fn find(
    arena: &Arena,
    formula: &RowsFormula,
    reached: Reached,
    rows: &mut dyn Rows,
) -> Result<Option<Spoilt>, SearchError> {
    let finite = |list: &[f64]| list.iter().all(|x| x.is_finite());
    let numbers = reached.numbers;
    let results = &numbers[formula.parameters.len()..];
    let stage = (results.iter().zip(&reached.stages))
        .position(|(result, slopes)| !result.is_finite() || !finite(slopes));
    let Some(stage) = stage else {
        let fine = reached.value.is_finite() && finite(&reached.outer);
        return Ok((!fine).then_some(Spoilt {
            stage: None,
            row: None,
            numbers,
        }));
    };
    let parts = &formula.stages[stage];
    let slopes = parts.derivatives.slopes.iter().map(|&(_, id)| id);
    let roots: Vec<Id> = [parts.of].into_iter().chain(slopes).collect();
    let program = Program::new(arena, &roots, &formula.variables(), OPTIONS)
        .map_err(|error| SearchError::Rows(error.into()))?;
    let mut scratch = vec![0.0; program.registers()];
    let mut point = vec![0.0; program.inputs()];
    let first_number = formula.columns.len();
    point[first_number..].copy_from_slice(&numbers);
    let (mut found, mut from) = (None, 0);
    let search = &mut |columns: &[&[f64]], count: usize| {
        let mut rows = 0..count;
        while found.is_none()
            && let Some(row) = rows.next()
        {
            for (to, column) in point.iter_mut().zip(columns) {
                *to = column[row];
            }
            if !finite(program.run_in(&point, &mut scratch)) {
                found = Some(SpoiltRow {
                    at: from + row,
                    columns: point[..first_number].to_vec(),
                });
            }
        }
        from += count;
    };
    rows.visit(search).map_err(SearchError::Read)?;
    Ok(Some(Spoilt {
        stage: Some(stage),
        row: found,
        numbers,
    }))
}

/// Why the search could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// There is no program.
    #[error(transparent)]
    Rows(RowsError),
    /// The rows cannot be read.
    #[error("{0}")]
    Read(ReadError),
}
