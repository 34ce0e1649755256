//! Integrals of functions of one variable, to as many digits as there are.

use std::collections::BinaryHeap;
use std::num::NonZeroUsize;

use gauss_quad::GaussLegendre;

use super::monte_carlo::SamplingError;
use crate::lecture::checks::positive;

/// Values of the function after which no interval is halved any more.
pub const MAX_EVALUATIONS: u64 = 200_000;

/// No interval may be wider than its neighbour by more than this factor: beside a peak that was found lies its foot, which
/// the few points of a wide interval may all miss.
const GRADING: f64 = 4.0;

/// Points of the rule in each interval: exact for polynomials up to the degree 41.
const NODES: usize = 21;

/// An integral and how well it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quadrature {
    /// The integral.
    pub value: f64,
    /// By how much it may be off.
    pub error: f64,
    /// Was the tolerance reached?
    pub converged: bool,
    /// How often the function was evaluated.
    pub evaluations: u64,
}

/// An interval with its part of the integral, ordered by its error.
struct Part {
    low: f64,
    high: f64,
    value: f64,
    error: f64,
}

impl PartialEq for Part {
    fn eq(&self, other: &Part) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Part {}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Part) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Part) -> std::cmp::Ordering {
        self.error.total_cmp(&other.error)
    }
}

/// The integral of `function` from `low` to `high`, by Gauss's rule in intervals of which the worst is halved until the
/// error is below `tolerance` of the value, or as small as rounding lets it be (de Doncker, An adaptive extrapolation
/// algorithm for automatic integration, SIGNUM Newsletter 13, 1978, without the extrapolation).
///
/// The error of an interval is what halving it changes: an overestimate by far where the function is smooth.
///
/// ```
/// use gradus::lecture::sampling::quadrature;
/// let bell = quadrature(|x: f64| (-x * x).exp(), -1.0, 1.0, 1e-12)?;
/// assert!((bell.value - 1.493648265624854).abs() < 1e-14 && bell.converged);
/// let kink = quadrature(|x: f64| (x - 0.3).abs(), 0.0, 1.0, 1e-12)?;
/// assert!((kink.value - 0.29).abs() < 1e-12);
/// # Ok::<(), gradus::lecture::sampling::SamplingError>(())
/// ```
///
/// # Errors
/// [`SamplingError::Interval`] if an end is not finite; [`SamplingError::Undefined`] where the function has no finite value.
pub fn quadrature(
    mut function: impl FnMut(f64) -> f64,
    low: f64,
    high: f64,
    tolerance: f64,
) -> Result<Quadrature, SamplingError> {
    if !(low.is_finite() && high.is_finite() && (high - low).is_finite()) {
        let what = "not finite";
        return Err(SamplingError::Interval { low, high, what });
    }
    positive("the tolerance", tolerance)?;
    if low == high {
        return Ok(Quadrature {
            value: 0.0,
            error: 0.0,
            converged: true,
            evaluations: 0,
        });
    }
    let rule = GaussLegendre::new(NonZeroUsize::new(NODES).expect("not 0"));
    let mut undefined = None;
    let mut evaluations = 0;
    let mut over = |low: f64, high: f64| {
        evaluations += NODES as u64;
        rule.integrate(low, high, |x| {
            let value = function(x);
            if !value.is_finite() && undefined.is_none() {
                undefined = Some((x, value));
            }
            value
        })
    };
    let mut halves = |low: f64, high: f64, whole: f64| {
        let middle = low + (high - low) / 2.0;
        let (left, right) = (over(low, middle), over(middle, high));
        let error = (left + right - whole).abs();
        // What is left of the error after a halving that changes little is far below that change.
        [(low, middle, left), (middle, high, right)].map(|(low, high, value)| Part {
            low,
            high,
            value,
            error: error / 2.0,
        })
    };
    let mut parts: BinaryHeap<Part> = BinaryHeap::new();
    parts.push(Part {
        low,
        high,
        value: 0.0,
        error: f64::INFINITY,
    });
    let mut used = 0;
    loop {
        let part = parts.pop().expect("there is always a part");
        let new = halves(part.low, part.high, part.value);
        used += 2 * NODES as u64;
        let is_first = part.error.is_infinite();
        for mut half in new {
            if is_first {
                // Nothing to compare with as yet.
                half.error = f64::MAX / 4.0;
            }
            parts.push(half);
        }
        let value: f64 = parts.iter().map(|part| part.value).sum();
        let size: f64 = parts.iter().map(|part| part.value.abs()).sum();
        let error: f64 = parts.iter().map(|part| part.error).sum();
        let rounding = 4.0 * f64::EPSILON * size;
        let converged = error <= (tolerance * value.abs()).max(rounding);
        let worst = parts
            .peek()
            .map_or(0.0, |part| (part.high - part.low).abs());
        let finest = worst <= f64::EPSILON * low.abs().max(high.abs());
        if converged
            && used < MAX_EVALUATIONS
            && value.is_finite()
            && let Some(wide) = wider_than_its_neighbour(&mut parts)
        {
            // It comes first, whatever its error.
            parts.push(Part {
                error: f64::MAX,
                ..wide
            });
            continue;
        }
        if converged || finest || used >= MAX_EVALUATIONS || !value.is_finite() {
            if let Some((x, value)) = undefined {
                let point = vec![x];
                return Err(SamplingError::Undefined { point, value });
            }
            return Ok(Quadrature {
                value,
                error: error.max(rounding),
                converged: converged && value.is_finite(),
                evaluations,
            });
        }
    }
}

/// Takes out an interval that is much wider than one beside it, if there is such.
fn wider_than_its_neighbour(parts: &mut BinaryHeap<Part>) -> Option<Part> {
    let width = |part: &Part| (part.high - part.low).abs();
    let mut all = std::mem::take(parts).into_vec();
    all.sort_by(|a, b| a.low.total_cmp(&b.low));
    let wide = (0..all.len()).find(|&at| {
        let beside = [at.checked_sub(1), Some(at + 1)];
        (beside.into_iter().flatten())
            .filter_map(|beside| all.get(beside))
            .any(|beside| width(&all[at]) > GRADING * width(beside))
    });
    let wide = wide.map(|at| all.swap_remove(at));
    *parts = all.into();
    wide
}
