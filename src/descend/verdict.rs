//! What kind of point a descent has found, by the eigenvalues of the Hessian.

use nalgebra::DMatrix;

use super::Objective;
use super::trust_region::eigen;

/// Second derivatives are looked at for so many variables at most: eigenvalues take n^3 operations.
pub const MAX_VERDICT_DIMENSION: usize = 200;

/// What kind of stationary point it is, if it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All eigenvalues are above 0: the function curves upwards in every direction.
    Minimum,
    /// All are below 0.
    Maximum,
    /// There are both.
    Saddle,
    /// An eigenvalue is 0 as far as rounding can tell, and none is of the other sign: flat in a direction, which second derivatives cannot
    /// judge.
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
const ROUNDING: f64 = 1e-12;

/// The kind of a point that is taken to be stationary; none where there is no finite Hessian, or where it would be larger
/// than [`MAX_VERDICT_DIMENSION`].
///
/// ```
/// use gradus::descend::{Kind, verdict};
/// use gradus::Graph;
/// let graph = Graph::new();
/// let mut saddle = graph.parse("x^2 - y^2")?.objective(&["x", "y"])?;
/// let found = verdict(&mut saddle, &[0.0, 0.0]).expect("a Hessian");
/// assert_eq!((found.kind, found.eigenvalues), (Kind::Saddle, vec![-2.0, 2.0]));
/// # Ok::<(), gradus::Error>(())
/// ```
pub fn verdict(objective: &mut dyn Objective, point: &[f64]) -> Option<Verdict> {
    let n = point.len();
    if !objective.offers().hessian || n == 0 || n > MAX_VERDICT_DIMENSION {
        return None;
    }
    let mut hessian = DMatrix::zeros(n, n);
    objective.hessian(point, hessian.as_mut_slice());
    if !hessian.iter().all(|h| h.is_finite()) {
        return None;
    }
    let (eigenvalues, _) = eigen(hessian)?;
    let largest = eigenvalues.iter().fold(0.0, |m: f64, l| m.max(l.abs()));
    let above = eigenvalues
        .iter()
        .filter(|l| **l > ROUNDING * largest)
        .count();
    let below = eigenvalues
        .iter()
        .filter(|l| **l < -ROUNDING * largest)
        .count();
    let kind = match (above, below) {
        (above, 0) if above == n => Kind::Minimum,
        (0, below) if below == n => Kind::Maximum,
        (1.., 1..) => Kind::Saddle,
        _ => Kind::Undetermined,
    };
    Some(Verdict { kind, eigenvalues })
}
