//! Levenberg-Marquardt: the model of a sum of squares has the residuals' slopes, and no second derivatives.

use nalgebra::{DMatrix, DVector};

use super::newton::hessian_model;
use super::secular::Quadratic;
use super::{Curvature, Model};
use crate::descend::method::norm;
use crate::descend::{Counted, Iterate, Memory, MemoryError};

/// The Gauss-Newton model `|r + J p|^2` of a sum of squares, by singular values: for up to some hundred variables.
///
/// Levenberg (1944), Marquardt (1963); as a trust region: Moré, The Levenberg-Marquardt algorithm: implementation and
/// theory (1978), with his scaling by the largest column norms so far. Singular values of J keep the digits that
/// eigenvalues of `J^T J` would lose.
///
/// Where residuals stay large this model is only roughly that of the function, and its steps gain little. If the objective
/// offers a Hessian, it takes the place of the model after a step that lowers the value by less than a fifth (Fletcher and
/// Xu, Hybrid methods for nonlinear least squares, IMA J. Numer. Anal. 7, 1987, who had BFGS there).
#[derive(Clone, Debug, PartialEq)]
pub struct LevenbergMarquardt {
    residuals: Vec<f64>,
    jacobian: Vec<f64>,
    /// The largest norm of each column so far.
    largest: Vec<f64>,
    /// The value at the last point; infinite before the first one.
    last: f64,
    /// Is the present model that of the Hessian?
    by_hessian: bool,
    /// Was it, when a snapshot was taken? Then it is made so again.
    restored: Option<bool>,
}

impl Default for LevenbergMarquardt {
    fn default() -> Self {
        LevenbergMarquardt {
            residuals: Vec::new(),
            jacobian: Vec::new(),
            largest: Vec::new(),
            last: f64::INFINITY,
            by_hessian: false,
            restored: None,
        }
    }
}

/// A step that lowers the value by less than this part of it asks for second derivatives.
const FAST: f64 = 0.2;

impl LevenbergMarquardt {
    fn choose(&mut self, objective: &Counted<'_>, at: &Iterate) {
        let is_slow = self.last - at.value < FAST * self.last;
        let choice = objective.offers().hessian && is_slow;
        self.by_hessian = self.restored.take().unwrap_or(choice);
        self.last = at.value;
    }
}

/// Rounds of the singular value iteration before it gives up, a variable.
const ROUNDS: usize = 200;

impl Curvature for LevenbergMarquardt {
    fn name(&self) -> &'static str {
        "levenberg-marquardt"
    }

    fn model(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Option<Model> {
        let (m, n) = (rows(objective), at.point.len());
        self.residuals.resize(m, 0.0);
        self.jacobian.resize(m * n, 0.0);
        objective.residuals_and_jacobian(&at.point, &mut self.residuals, &mut self.jacobian);
        let all = self.residuals.iter().chain(&self.jacobian);
        if !all.into_iter().all(|x| x.is_finite()) {
            return None;
        }
        let residuals = DVector::from_column_slice(&self.residuals);
        let mut jacobian = DMatrix::from_row_slice(m, n, &self.jacobian);
        at.value = self.residuals.iter().map(|r| r * r).sum();
        let gradient = jacobian.tr_mul(&residuals) * 2.0;
        at.gradient.copy_from_slice(gradient.as_slice());
        self.largest.resize(n, 0.0);
        for (column, largest) in self.largest.iter_mut().enumerate() {
            *largest = largest.max(jacobian.column(column).norm());
        }
        let scale: Vec<f64> = (self.largest.iter())
            .map(|&norm| if norm > 0.0 { norm } else { 1.0 })
            .collect();
        self.choose(objective, at);
        if self.by_hessian {
            let scaled: Vec<f64> = at.point.iter().zip(&scale).map(|(x, s)| x * s).collect();
            let model = hessian_model(objective, at, scale)?;
            return Some(Model {
                quadratic: model.quadratic.without_rounding(norm(&scaled)),
                ..model
            });
        }
        for (mut column, scale) in jacobian.column_iter_mut().zip(&scale) {
            column /= *scale;
        }
        // Of a tall matrix the triangle of its QR decomposition has the same singular values.
        let (matrix, seen) = match m > n {
            true => {
                let qr = jacobian.qr();
                let mut seen = residuals;
                qr.q_tr_mul(&mut seen);
                (qr.r(), seen.rows(0, n).into_owned())
            }
            false => (jacobian, residuals),
        };
        let svd = matrix.try_svd(true, true, f64::EPSILON, ROUNDS * n.max(1))?;
        let (left, right) = (svd.u?, svd.v_t?);
        let along = left.tr_mul(&seen);
        let none = svd.singular_values.max() * f64::EPSILON * m.max(n) as f64;
        // f = |r + J p|^2, so that slopes and curvatures have a factor of 2. Eigenvalues rise.
        let mut parts: Vec<(f64, f64, usize)> = (svd.singular_values.iter().enumerate())
            .map(|(i, &s)| match s > none {
                true => (2.0 * s * s, 2.0 * s * along[i], i),
                false => (0.0, 0.0, i),
            })
            .collect();
        parts.sort_by(|a, b| a.0.total_cmp(&b.0));
        let columns: Vec<_> = (parts.iter())
            .map(|&(_, _, i)| right.row(i).transpose())
            .collect();
        let vectors = match columns.is_empty() {
            true => DMatrix::zeros(n, 0),
            false => DMatrix::from_columns(&columns),
        };
        Some(Model {
            quadratic: Quadratic {
                eigenvalues: parts.iter().map(|part| part.0).collect(),
                slopes: parts.iter().map(|part| part.1).collect(),
            },
            vectors,
            scale,
        })
    }

    fn value(&mut self, objective: &mut Counted<'_>, point: &[f64]) -> f64 {
        self.residuals.resize(rows(objective), 0.0);
        objective.residuals(point, &mut self.residuals);
        self.residuals.iter().map(|r| r * r).sum()
    }

    fn fills_in(&self) -> bool {
        true
    }

    /// Moré's factor.
    fn courage(&self) -> f64 {
        100.0
    }

    fn sees_saddles(&self) -> bool {
        false
    }

    fn forget(&mut self) {
        *self = LevenbergMarquardt::default();
    }

    fn save(&self, memory: &mut Memory) {
        memory.put("column_norms", &self.largest);
        memory.put_number("last_value", self.last);
        memory.put_count("by_hessian", u64::from(self.by_hessian));
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.largest = memory.vector("column_norms", dimension)?;
        self.last = memory.number("last_value")?;
        self.restored = Some(memory.count("by_hessian")? == 1);
        Ok(())
    }
}

fn rows(objective: &Counted<'_>) -> usize {
    (objective.offers().residuals)
        .expect("Levenberg-Marquardt needs residuals, and this objective offers none")
}
