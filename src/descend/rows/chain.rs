//! The chain rule from rows to the whole: derivatives of the value by the parameters, from those of each stage by the
//! numbers it is made of.
//!
//! Numbers are the parameters and the results of stages. The gradient goes in reverse, from the value to the parameters;
//! second derivatives go forward, a stage after what it contains: with z the numbers that a stage u is made of,
//! `d2u = Dz' (d2u/dz2) Dz + sum_i du/dz_i d2z_i`.

use super::formula::{Differentiated, RowsFormula};
use super::passes::Reached;

/// Writes the gradient.
///
/// Where the value does not move with a result (a branch that is not taken), neither do its derivatives matter: they may
/// be infinite, and 0 times infinity is NaN.
pub(super) fn gradient(formula: &RowsFormula, reached: &Reached, gradient: &mut [f64]) {
    let parameters = formula.parameters.len();
    let mut adjoints = vec![0.0; reached.numbers.len()];
    for (&(by, _), slope) in formula.derivatives.slopes.iter().zip(&reached.outer) {
        adjoints[by] += slope;
    }
    for (at, stage) in formula.stages.iter().enumerate().rev() {
        let adjoint = adjoints[parameters + at];
        if adjoint != 0.0 {
            let slopes = stage.derivatives.slopes.iter().zip(&reached.stages[at]);
            for (&(by, _), slope) in slopes {
                adjoints[by] += adjoint * slope;
            }
        }
    }
    gradient.copy_from_slice(&adjoints[..parameters]);
}

/// Derivatives of a number by the parameters.
struct Moving {
    first: Vec<f64>,
    /// Row by row.
    second: Vec<f64>,
}

/// Writes the matrix of second derivatives, row by row.
pub(super) fn hessian(formula: &RowsFormula, reached: &Reached, hessian: &mut [f64]) {
    let n = formula.parameters.len();
    let mut numbers: Vec<Moving> = (0..n)
        .map(|at| Moving {
            first: (0..n).map(|k| f64::from(k == at)).collect(),
            second: Vec::new(),
        })
        .collect();
    for (stage, values) in formula.stages.iter().zip(&reached.stages) {
        let moving = compose(&stage.derivatives, values, &numbers, n);
        numbers.push(moving);
    }
    let value = compose(&formula.derivatives, &reached.outer, &numbers, n);
    hessian.copy_from_slice(&value.second);
}

fn compose(
    derivatives: &Differentiated,
    values: &[f64],
    numbers: &[Moving],
    parameters: usize,
) -> Moving {
    let n = parameters;
    let (slopes, curvatures) = values.split_at(derivatives.slopes.len());
    let mut result = Moving {
        first: vec![0.0; n],
        second: vec![0.0; n * n],
    };
    for (&(by, _), &slope) in derivatives.slopes.iter().zip(slopes) {
        if slope == 0.0 {
            continue; // as in the gradient
        }
        let number = &numbers[by];
        add(&mut result.first, slope, &number.first);
        // Those of a parameter are 0, and not stored.
        if by >= n {
            add(&mut result.second, slope, &number.second);
        }
    }
    let entries = derivatives.curvatures.iter().flatten();
    for (&(i, j, _), &curvature) in entries.zip(curvatures) {
        if curvature == 0.0 {
            continue;
        }
        let (a, b) = (&numbers[i].first, &numbers[j].first);
        for (row, (a_row, b_row)) in a.iter().zip(b).enumerate() {
            let row = &mut result.second[row * n..][..n];
            add(row, curvature * a_row, b);
            if i != j {
                add(row, curvature * b_row, a);
            }
        }
    }
    result
}

fn add(to: &mut [f64], factor: f64, vector: &[f64]) {
    for (to, x) in to.iter_mut().zip(vector) {
        *to += factor * x;
    }
}
