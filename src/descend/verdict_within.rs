//! What kind of point a descent within bounds has found: judged by the variables that can move.

use super::verdict::{Kind, MAX_VERDICT_DIMENSION, Verdict, verdict};
use super::{Bounds, Objective, Offers};

/// So near a bound, for bounds of size 1, a variable is at it if the function falls to it.
const NEAR: f64 = 1e-7;

/// The kind of the point at or very near `point`, as [`verdict`] judges it, of the variables that can move. One at a bound to
/// which the function falls cannot; if the function is level there it can, into the box. Of several such variables only a
/// minimum can be told: in which directions the function falls beside it says nothing, if they lead out of the box.
///
/// None where there is no finite Hessian, or where it would be larger than [`MAX_VERDICT_DIMENSION`], or if nothing can move.
///
/// ```
/// use gradus::descend::{Bounds, Kind, verdict_within};
/// use gradus::Graph;
/// let graph = Graph::new();
/// let mut bowl = graph.parse("x - y^2 + z^2")?.objective(&["x", "y", "z"])?;
/// let bounds = Bounds::new(vec![0.0, 1.0, -1.0], vec![2.0, 3.0, 1.0]).unwrap();
/// let found = verdict_within(&bounds, &mut bowl, &[0.0, 3.0, 0.0]).expect("a Hessian");
/// assert_eq!((found.kind, found.eigenvalues), (Kind::Minimum, vec![2.0])); // only z can move
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Panics
/// If the point has not as many coordinates as there are bounds.
pub fn verdict_within(
    bounds: &Bounds,
    objective: &mut dyn Objective,
    point: &[f64],
) -> Option<Verdict> {
    assert_eq!(point.len(), bounds.dimension(), "a bound for each variable");
    let mut gradient = vec![0.0; point.len()];
    objective.gradient(point, &mut gradient);
    let (lower, upper) = (bounds.lower(), bounds.upper());
    // A descent may stop a little before a bound to which the function falls steeply.
    let is_held = |at: usize| {
        let (x, slope) = (point[at], gradient[at]);
        let near =
            |bound: f64| bound.is_finite() && (x - bound).abs() <= NEAR * bound.abs().max(1.0);
        bounds.hold(at, x) || (slope > 0.0 && near(lower[at])) || (slope < 0.0 && near(upper[at]))
    };
    let is_level = |at: usize| is_held(at) && gradient[at] == 0.0 && lower[at] < upper[at];
    let levels = (0..point.len()).filter(|&at| is_level(at)).count();
    let free: Vec<usize> = (0..point.len())
        .filter(|&at| !is_held(at) || is_level(at))
        .collect();
    let start: Vec<f64> = free.iter().map(|&at| point[at]).collect();
    let mut part = Part {
        whole: objective,
        at: point.to_vec(),
        free,
    };
    let mut found = verdict(&mut part, &start)?;
    if levels > 1 && found.kind != Kind::Minimum {
        found.kind = Kind::Undetermined;
    }
    Some(found)
}

/// A function of some variables: the others stay where they are.
struct Part<'o> {
    whole: &'o mut dyn Objective,
    at: Vec<f64>,
    free: Vec<usize>,
}

impl Part<'_> {
    fn go(&mut self, point: &[f64]) {
        for (&at, &x) in self.free.iter().zip(point) {
            self.at[at] = x;
        }
    }
}

impl Objective for Part<'_> {
    fn dimension(&self) -> usize {
        self.free.len()
    }

    fn value(&mut self, point: &[f64]) -> f64 {
        self.go(point);
        self.whole.value(&self.at)
    }

    fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
        self.go(point);
        let mut whole = vec![0.0; self.at.len()];
        self.whole.gradient(&self.at, &mut whole);
        for (slope, &at) in gradient.iter_mut().zip(&self.free) {
            *slope = whole[at];
        }
    }

    fn offers(&self) -> Offers {
        Offers {
            // The whole matrix is made for it.
            hessian: self.whole.offers().hessian && self.at.len() <= MAX_VERDICT_DIMENSION,
            ..Offers::default()
        }
    }

    fn hessian(&mut self, point: &[f64], hessian: &mut [f64]) {
        self.go(point);
        let n = self.at.len();
        let mut whole = vec![0.0; n * n];
        self.whole.hessian(&self.at, &mut whole);
        let pairs = (self.free.iter()).flat_map(|&row| self.free.iter().map(move |&k| (row, k)));
        for (entry, (row, column)) in hessian.iter_mut().zip(pairs) {
            *entry = whole[row * n + column];
        }
    }
}
