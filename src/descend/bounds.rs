//! Boxes: a lower and an upper bound for each variable.

/// The points between two bounds in every coordinate. A bound may be infinite, which is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    lower: Vec<f64>,
    upper: Vec<f64>,
}

/// Why there is no such box.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BoundsError {
    /// There are not as many lower bounds as upper ones.
    #[error("{lower} lower bounds and {upper} upper ones")]
    Lengths {
        /// How many lower bounds there are.
        lower: usize,
        /// How many upper ones.
        upper: usize,
    },
    /// No number lies between the bounds of a variable.
    #[error("no number lies between {lower} and {upper}, the bounds of variable {variable}")]
    Empty {
        /// Which variable, counted from 0.
        variable: usize,
        /// Its lower bound.
        lower: f64,
        /// Its upper bound.
        upper: f64,
    },
}

impl Bounds {
    /// The box between `lower` and `upper`.
    ///
    /// # Errors
    /// [`BoundsError`]: a bound is NaN, or a lower one is not below or equal to the upper one.
    pub fn new(lower: Vec<f64>, upper: Vec<f64>) -> Result<Bounds, BoundsError> {
        if lower.len() != upper.len() {
            let (lower, upper) = (lower.len(), upper.len());
            return Err(BoundsError::Lengths { lower, upper });
        }
        let pairs = lower.iter().zip(&upper).enumerate();
        for (variable, (&lower, &upper)) in pairs {
            let holds_a_number = lower <= upper && lower < f64::INFINITY && upper > -f64::INFINITY;
            if !holds_a_number {
                return Err(BoundsError::Empty {
                    variable,
                    lower,
                    upper,
                });
            }
        }
        Ok(Bounds { lower, upper })
    }

    /// How many variables there are.
    pub fn dimension(&self) -> usize {
        self.lower.len()
    }

    /// The lower bounds.
    pub fn lower(&self) -> &[f64] {
        &self.lower
    }

    /// The upper bounds.
    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    /// Is this value of variable `i` one of its bounds?
    pub fn hold(&self, i: usize, x: f64) -> bool {
        x == self.lower[i] || x == self.upper[i]
    }

    /// Does the point lie in the box, its edge included?
    pub fn contain(&self, point: &[f64]) -> bool {
        let pairs = self.lower.iter().zip(&self.upper).zip(point);
        pairs
            .into_iter()
            .all(|((lower, upper), x)| lower <= x && x <= upper)
    }

    /// The nearest number to `x` that variable `i` may have.
    pub fn clamp(&self, i: usize, x: f64) -> f64 {
        x.max(self.lower[i]).min(self.upper[i])
    }

    /// Moves a point to the nearest one in the box. NaN stays what it is.
    ///
    /// # Panics
    /// If the point has not as many coordinates as there are bounds.
    pub fn project(&self, point: &mut [f64]) {
        assert_eq!(point.len(), self.dimension(), "a bound for each variable");
        for (i, x) in point.iter_mut().enumerate() {
            if !x.is_nan() {
                *x = self.clamp(i, *x);
            }
        }
    }
}
