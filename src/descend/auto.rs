//! The method that suits an objective.

use super::{
    Bfgs, Bounds, LBfgs, LevenbergMarquardt, LineSearch, Method, Newton, Objective, Offers,
    ProjectedLBfgs, TrustRegion,
};

/// Up to so many variables a dense matrix of second derivatives is taken apart in every step.
pub const MAX_DENSE_DIMENSION: usize = 100;

/// Up to so many numbers a Jacobian of residuals is taken apart in every step.
pub const MAX_DENSE_JACOBIAN: usize = 2_000_000;

/// The method that suits what the objective offers. Never mini-batches: they ask for a rate, and end in noise.
///
/// In this order: bounds ask for [`ProjectedLBfgs`]; then, up to [`MAX_DENSE_DIMENSION`] variables, a sum of squares whose
/// Jacobian has no more than [`MAX_DENSE_JACOBIAN`] numbers for [`LevenbergMarquardt`]; a Hessian for [`Newton`]; gradients
/// alone for [`Bfgs`]; more variables for [`LBfgs`].
pub fn auto(objective: &dyn Objective, bounds: Option<&Bounds>) -> Box<dyn Method> {
    let n = objective.dimension();
    let Offers {
        hessian, residuals, ..
    } = objective.offers();
    let is_small = n <= MAX_DENSE_DIMENSION;
    if let Some(bounds) = bounds {
        return Box::new(ProjectedLBfgs::new(bounds.clone()));
    }
    match residuals {
        Some(m) if is_small && m.saturating_mul(n) <= MAX_DENSE_JACOBIAN => {
            Box::new(TrustRegion::new(LevenbergMarquardt::default()))
        }
        _ if is_small && hessian => Box::new(TrustRegion::new(Newton)),
        _ if is_small => Box::new(LineSearch::new(Bfgs::default())),
        _ => Box::new(LineSearch::new(LBfgs::default())),
    }
}
