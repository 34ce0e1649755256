//! What kind of point a descent has found, by the eigenvalues of the Hessian.

use nalgebra::{DMatrix, DVector};

use super::Objective;
use super::method::norm;
use super::trust_region::eigen;

/// Second derivatives are looked at for so many variables at most: eigenvalues take n^3 operations.
pub const MAX_VERDICT_DIMENSION: usize = 200;

/// What kind of stationary point it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All eigenvalues are above 0: the function curves upwards in every direction.
    Minimum,
    /// All are below 0.
    Maximum,
    /// There are both.
    Saddle,
    /// Second derivatives cannot judge: an eigenvalue is 0 as far as rounding can tell, and none is of the other sign. So
    /// it is where the function is flat in a direction, and where no stationary point is near.
    Undetermined,
}

impl Kind {
    /// For the user.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Minimum => "minimum",
            Kind::Maximum => "maximum",
            Kind::Saddle => "saddle",
            Kind::Undetermined => "undetermined",
        }
    }
}

/// The kind of a point, with the eigenvalues that say so.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The kind.
    pub kind: Kind,
    /// The eigenvalues of the Hessian, in rising order.
    pub eigenvalues: Vec<f64>,
}

/// Eigenvalues this small beside the largest one may be rounding.
const ROUNDING: f64 = 1e-11;

/// The stationary point is looked for along eigenvectors with eigenvalues above this part of the largest one.
const STEEP: f64 = 1e-4;

/// So many steps of Newton's method lead to it.
const STEPS: usize = 5;

/// They may lead so far, for variables of size 1.
const NEAR: f64 = 2e-2;

/// The kind of the stationary point at or very near `point`; none where there is no finite Hessian, or where it would be
/// larger than [`MAX_VERDICT_DIMENSION`].
///
/// A descent ends beside a stationary point, not on it, and beside a valley of minima the function may curve downwards.
/// So a few steps of Newton's method lead there first.
///
/// ```
/// use gradus::descend::{Kind, verdict};
/// use gradus::Graph;
/// let graph = Graph::new();
/// let mut saddle = graph.parse("x^2 - y^2")?.objective(&["x", "y"])?;
/// let found = verdict(&mut saddle, &[1e-6, 0.0]).expect("a Hessian");
/// assert_eq!((found.kind, found.eigenvalues), (Kind::Saddle, vec![-2.0, 2.0]));
/// # Ok::<(), gradus::Error>(())
/// ```
pub fn verdict(objective: &mut dyn Objective, point: &[f64]) -> Option<Verdict> {
    let n = point.len();
    if !objective.offers().hessian || n == 0 || n > MAX_VERDICT_DIMENSION {
        return None;
    }
    let mut at = point.to_vec();
    let mut gradient = vec![0.0; n];
    objective.gradient(&at, &mut gradient);
    let mut eigenvalues = Vec::new();
    let mut vectors = DMatrix::zeros(0, 0);
    for _ in 0..STEPS {
        let mut hessian = DMatrix::zeros(n, n);
        objective.hessian(&at, hessian.as_mut_slice());
        if !hessian.iter().chain(&gradient).all(|h| h.is_finite()) {
            return None;
        }
        (eigenvalues, vectors) = eigen(hessian)?;
        let step = newton_step(&eigenvalues, &vectors, &gradient);
        let next: Vec<f64> = at.iter().zip(&step).map(|(x, p)| x + p).collect();
        let is_near = |(a, b): (&f64, &f64)| (a - b).abs() <= NEAR * b.abs().max(1.0);
        let mut there = vec![0.0; n];
        objective.gradient(&next, &mut there);
        let is_better = norm(&there) < norm(&gradient);
        if !is_better || !next.iter().zip(point).all(is_near) {
            break;
        }
        (at, gradient) = (next, there);
    }
    let largest = eigenvalues.iter().fold(0.0, |m: f64, l| m.max(l.abs()));
    let count = |is: &dyn Fn(f64) -> bool| eigenvalues.iter().filter(|l| is(**l)).count();
    let above = count(&|l| l > ROUNDING * largest);
    let below = count(&|l| l < -ROUNDING * largest);
    // In a direction in which the stationary point is far away, curvature means nothing.
    let slopes = vectors.tr_mul(&DVector::from_column_slice(&gradient));
    let most = NEAR * norm(&at).max(1.0);
    let is_far = (slopes.iter().zip(&eigenvalues))
        .any(|(c, l)| l.abs() > ROUNDING * largest && (c / l).abs() > most);
    let kind = match (above, below) {
        _ if is_far => Kind::Undetermined,
        (above, 0) if above == n => Kind::Minimum,
        (0, below) if below == n => Kind::Maximum,
        (1.., 1..) => Kind::Saddle,
        _ => Kind::Undetermined,
    };
    Some(Verdict { kind, eigenvalues })
}

/// To where the gradient is 0 in the directions in which the function curves.
fn newton_step(eigenvalues: &[f64], vectors: &DMatrix<f64>, gradient: &[f64]) -> Vec<f64> {
    let largest = eigenvalues.iter().fold(0.0, |m: f64, l| m.max(l.abs()));
    let slopes = vectors.tr_mul(&DVector::from_column_slice(gradient));
    let parts = slopes.iter().zip(eigenvalues);
    let part = |(c, l): (&f64, &f64)| match l.abs() > STEEP * largest {
        true => -c / l,
        false => 0.0,
    };
    let step = vectors * DVector::from_iterator(gradient.len(), parts.map(part));
    step.iter().copied().collect()
}
