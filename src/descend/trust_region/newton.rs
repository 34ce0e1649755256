//! Newton's method: the model has the Hessian itself.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::secular::Quadratic;
use super::{Curvature, Model};
use crate::descend::{Counted, Iterate};

/// The Hessian, with its eigenvalues: for up to some hundred variables. Leaves saddles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newton;

/// Rounds of the eigenvalue iteration before it gives up, a variable.
const ROUNDS: usize = 200;

impl Curvature for Newton {
    fn name(&self) -> &'static str {
        "newton"
    }

    fn model(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Option<Model> {
        hessian_model(objective, at, vec![1.0; at.point.len()])
    }

    fn value(&mut self, objective: &mut Counted<'_>, point: &[f64]) -> f64 {
        objective.value(point)
    }

    fn fills_in(&self) -> bool {
        false
    }

    fn sees_saddles(&self) -> bool {
        true
    }
}

/// The model of gradient and Hessian, in variables that are multiplied by `scale`.
pub(super) fn hessian_model(
    objective: &mut Counted<'_>,
    at: &Iterate,
    scale: Vec<f64>,
) -> Option<Model> {
    let n = at.point.len();
    let mut hessian = DMatrix::zeros(n, n);
    objective.hessian(&at.point, hessian.as_mut_slice());
    for (i, scale_i) in scale.iter().enumerate() {
        for (j, scale_j) in scale.iter().enumerate() {
            hessian[(i, j)] /= scale_i * scale_j;
        }
    }
    if !hessian.iter().all(|h| h.is_finite()) {
        return None;
    }
    let (eigenvalues, vectors) = eigen(hessian)?;
    let scaled = at.gradient.iter().zip(&scale).map(|(g, scale)| g / scale);
    let slopes = vectors.tr_mul(&DVector::from_iterator(n, scaled));
    Some(Model {
        quadratic: Quadratic {
            eigenvalues,
            slopes: slopes.iter().copied().collect(),
        },
        vectors,
        scale,
    })
}

/// Eigenvalues in rising order, and the vectors as columns.
pub(in crate::descend) fn eigen(matrix: DMatrix<f64>) -> Option<(Vec<f64>, DMatrix<f64>)> {
    let n = matrix.nrows();
    if n == 0 {
        return Some((Vec::new(), matrix));
    }
    let found = SymmetricEigen::try_new(matrix, f64::EPSILON, ROUNDS * n)?;
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| found.eigenvalues[*a].total_cmp(&found.eigenvalues[*b]));
    let values = order.iter().map(|&i| found.eigenvalues[i]).collect();
    let columns: Vec<_> = (order.iter().map(|&i| found.eigenvectors.column(i))).collect();
    Some((values, DMatrix::from_columns(&columns)))
}
