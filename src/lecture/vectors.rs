//! Vectors: products, norms, angles, projections.
//!
//! A norm says how long a vector is, and there are several. All of them are computed with the largest component taken out
//! first, so that no square overflows or is lost.

use nalgebra::DVector;

use super::LectureError;
use super::checks::same_length;

/// A way to measure length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Norm {
    /// The sum of the absolute components: the way along the streets (Manhattan).
    L1,
    /// The square root of the sum of squares: the straight way (Euclid).
    L2,
    /// The p-th root of the sum of the p-th powers, p at least 1.
    P(f64),
    /// The largest absolute component: the limit of p without end.
    Max,
}

/// Component by component: (a1*b1, a2*b2, ...).
///
/// ```
/// use gradus::lecture::vectors::hadamard;
/// use nalgebra::dvector;
/// assert_eq!(hadamard(&dvector![1.0, 7.0, 2.0], &dvector![5.0, 2.0, 1.0])?, dvector![5.0, 14.0, 2.0]);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::Shapes`].
pub fn hadamard(a: &DVector<f64>, b: &DVector<f64>) -> Result<DVector<f64>, LectureError> {
    components(a, b)?;
    Ok(a.component_mul(b))
}

/// The sum of the products of components.
///
/// # Errors
/// [`LectureError::Shapes`].
pub fn inner(a: &DVector<f64>, b: &DVector<f64>) -> Result<f64, LectureError> {
    components(a, b)?;
    Ok(a.dot(b))
}

/// The length of a vector; 0 for one without components, NaN if a component is.
///
/// ```
/// use gradus::lecture::vectors::{Norm, norm};
/// use nalgebra::dvector;
/// let v = dvector![3.0, -4.0];
/// assert_eq!((norm(&v, Norm::L1)?, norm(&v, Norm::L2)?, norm(&v, Norm::Max)?), (7.0, 5.0, 4.0));
/// assert!(norm(&v, Norm::P(0.5)).is_err());
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::Order`] if p is below 1.
pub fn norm(v: &DVector<f64>, norm: Norm) -> Result<f64, LectureError> {
    // `max` passes over a NaN, a sum does not.
    let largest = v.amax() + 0.0 * v.iter().filter(|x| x.is_nan()).sum::<f64>();
    let scaled = |power: f64| {
        let sum: f64 = v.iter().map(|x| (x.abs() / largest).powf(power)).sum();
        largest * sum.powf(power.recip())
    };
    match norm {
        Norm::P(p) if p.is_nan() || p < 1.0 => Err(LectureError::Order(p)),
        Norm::P(1.0) | Norm::L1 => Ok(v.iter().map(|x| x.abs()).sum()),
        Norm::P(f64::INFINITY) | Norm::Max => Ok(largest),
        _ if largest == 0.0 || !largest.is_finite() => Ok(largest),
        Norm::P(2.0) | Norm::L2 => {
            let sum: f64 = v.iter().map(|x| (x / largest) * (x / largest)).sum();
            Ok(largest * sum.sqrt())
        }
        Norm::P(p) => Ok(scaled(p)),
    }
}

/// How far two points are from each other.
///
/// # Errors
/// [`LectureError::Shapes`], [`LectureError::Order`].
pub fn distance(a: &DVector<f64>, b: &DVector<f64>, by: Norm) -> Result<f64, LectureError> {
    components(a, b)?;
    norm(&(a - b), by)
}

/// The angle between two vectors in radians, from 0 to pi.
///
/// The arc cosine of the normalised inner product loses half of the digits of a small angle; this is 2*atan2 of the
/// sides of the rhombus that the unit vectors span (Kahan, Miscalculating area and angles of a needle-like triangle, 2014,
/// section 12), which loses none.
///
/// ```
/// use gradus::lecture::vectors::angle;
/// use nalgebra::dvector;
/// assert_eq!(angle(&dvector![1.0, 0.0], &dvector![0.0, 5.0])?, std::f64::consts::FRAC_PI_2);
/// assert_eq!(angle(&dvector![1.0, 0.0], &dvector![1.0, 1e-9])?, 1e-9); // acos says 0
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::Shapes`], [`LectureError::ZeroVector`].
pub fn angle(a: &DVector<f64>, b: &DVector<f64>) -> Result<f64, LectureError> {
    components(a, b)?;
    let (a, b) = (unit(a)?, unit(b)?);
    Ok(2.0 * (&a - &b).norm().atan2((&a + &b).norm()))
}

/// The part of `a` that lies along `b`: what is left of `a` is at a right angle to `b`.
///
/// ```
/// use gradus::lecture::vectors::projection;
/// use nalgebra::dvector;
/// assert_eq!(projection(&dvector![2.0, 3.0], &dvector![10.0, 0.0])?, dvector![2.0, 0.0]);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::Shapes`], [`LectureError::ZeroVector`] if `b` is 0.
pub fn projection(a: &DVector<f64>, b: &DVector<f64>) -> Result<DVector<f64>, LectureError> {
    components(a, b)?;
    let along = unit(b)?;
    let length = a.dot(&along);
    Ok(along * length)
}

/// Points of the plane whose norm is 1, around the origin and back to the first: the unit circle of the norm as a polygon
/// with `sides` sides.
///
/// # Errors
/// [`LectureError::Order`].
pub fn unit_circle(by: Norm, sides: usize) -> Result<Vec<[f64; 2]>, LectureError> {
    let turn = std::f64::consts::TAU / sides as f64;
    (0..=sides)
        .map(|k| {
            let (y, x) = (turn * (k % sides.max(1)) as f64).sin_cos();
            let length = norm(&DVector::from_vec(vec![x, y]), by)?;
            Ok([x / length, y / length])
        })
        .collect()
}

/// The vector of length 1 in its direction.
fn unit(v: &DVector<f64>) -> Result<DVector<f64>, LectureError> {
    let largest = norm(v, Norm::Max)?;
    if largest == 0.0 {
        return Err(LectureError::ZeroVector);
    }
    // Two divisions: the length itself may be beyond the range of numbers.
    let scaled = v / largest;
    let length = scaled.norm();
    Ok(scaled / length)
}

fn components(a: &DVector<f64>, b: &DVector<f64>) -> Result<(), LectureError> {
    same_length("components", a.len(), "components", b.len())
}
