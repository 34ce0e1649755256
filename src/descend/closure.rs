//! Plain Rust functions as objectives.

use super::{Bounds, Objective};

/// A closure that computes a value, with one that writes the gradient, or with a gradient from values.
///
/// From values, a derivative is a central difference `(f(x + h) - f(x - h))/2h` with `h = cbrt(epsilon)*max(|x|, 1)`,
/// where the errors of rounding and of the third derivative are alike (Nocedal and Wright, Numerical Optimization, 2006,
/// section 8.1): about ten digits, at 2n values a gradient. [Within bounds](Self::within) the step turns inwards.
///
/// ```
/// use gradus::descend::{ClosureObjective, Objective};
/// let mut f = ClosureObjective::new(2, |p: &[f64]| p[0].powi(2) * p[1].exp());
/// let mut gradient = [0.0; 2];
/// f.gradient(&[3.0, 0.0], &mut gradient);
/// assert!((gradient[0] - 6.0).abs() < 1e-9 && (gradient[1] - 9.0).abs() < 1e-9);
/// ```
pub struct ClosureObjective<'f> {
    dimension: usize,
    value: Box<Value<'f>>,
    gradient: Option<Box<Gradient<'f>>>,
    bounds: Option<Bounds>,
    moved: Vec<f64>,
}

/// The value at a point.
type Value<'f> = dyn FnMut(&[f64]) -> f64 + 'f;

/// Writes the gradient at a point.
type Gradient<'f> = dyn FnMut(&[f64], &mut [f64]) + 'f;

impl<'f> ClosureObjective<'f> {
    /// A function of so many variables by its values.
    pub fn new(dimension: usize, value: impl FnMut(&[f64]) -> f64 + 'f) -> ClosureObjective<'f> {
        ClosureObjective {
            dimension,
            value: Box::new(value),
            gradient: None,
            bounds: None,
            moved: Vec::new(),
        }
    }

    /// A function with its gradient, which the second closure writes.
    pub fn with_gradient(
        dimension: usize,
        value: impl FnMut(&[f64]) -> f64 + 'f,
        gradient: impl FnMut(&[f64], &mut [f64]) + 'f,
    ) -> ClosureObjective<'f> {
        ClosureObjective {
            gradient: Some(Box::new(gradient)),
            ..ClosureObjective::new(dimension, value)
        }
    }

    /// The same, never asked for a value outside these bounds.
    ///
    /// # Panics
    /// If there are not as many bounds as variables.
    pub fn within(self, bounds: Bounds) -> ClosureObjective<'f> {
        assert_eq!(
            bounds.dimension(),
            self.dimension,
            "bounds of the variables"
        );
        ClosureObjective {
            bounds: Some(bounds),
            ..self
        }
    }

    /// The derivative by one variable, from values.
    fn slope(&mut self, i: usize) -> f64 {
        let x = self.moved[i];
        let h = f64::EPSILON.cbrt() * x.abs().max(1.0);
        let (lower, upper) = match &self.bounds {
            Some(bounds) => (bounds.lower()[i], bounds.upper()[i]),
            None => (f64::NEG_INFINITY, f64::INFINITY),
        };
        let mut at = |to: f64| {
            self.moved[i] = to;
            (self.value)(&self.moved)
        };
        // The steps that are really taken: x + h is rounded.
        let (left, right) = (x - h, x + h);
        let slope = if left >= lower && right <= upper {
            (at(right) - at(left)) / (right - left)
        } else {
            // A variable that cannot move has no slope.
            if lower == upper {
                return 0.0;
            }
            // The slope at x of the parabola through three points inwards, or of what room there is.
            let room = (upper - x).max(x - lower);
            let h = (2.0 * h).min(room) * if upper - x >= x - lower { 0.5 } else { -0.5 };
            let (near, far) = (x + h, x + 2.0 * h);
            let far = far.clamp(lower, upper);
            let (here, near_value, far_value) = (at(x), at(near), at(far));
            let (a, b) = (near - x, far - x);
            let (p, q) = ((near_value - here) / a, (far_value - here) / b);
            (p * b - q * a) / (b - a)
        };
        self.moved[i] = x;
        slope
    }
}

impl Objective for ClosureObjective<'_> {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&mut self, point: &[f64]) -> f64 {
        (self.value)(point)
    }

    fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
        if let Some(exact) = &mut self.gradient {
            return exact(point, gradient);
        }
        self.moved.clear();
        self.moved.extend_from_slice(point);
        for (i, slope) in gradient.iter_mut().enumerate() {
            *slope = self.slope(i);
        }
    }
}
