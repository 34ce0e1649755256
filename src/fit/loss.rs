//! How much a residual counts.

/// A loss of the residual r with a scale c: residuals far beyond the scale, which outliers have, pull less.
///
/// The objective is the sum of `c^2 rho((r/c)^2)`; near 0 all of them are `r^2`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Loss {
    /// `r^2`: least squares.
    #[default]
    Squares,
    /// `r^2` up to the scale, `2c|r| - c^2` beyond (Huber, Robust estimation of a location parameter, 1964).
    Huber(f64),
    /// `2c^2 (sqrt(1 + (r/c)^2) - 1)`: a smooth form of Huber's.
    SoftL1(f64),
    /// `c^2 log(1 + (r/c)^2)`: far outliers hardly count. It may have several minima.
    Cauchy(f64),
}

impl Loss {
    /// The scale; none for squares.
    pub fn scale(self) -> Option<f64> {
        match self {
            Loss::Squares => None,
            Loss::Huber(c) | Loss::SoftL1(c) | Loss::Cauchy(c) => Some(c),
        }
    }

    /// The loss of a residual, and the factor of its row in a Gauss-Newton step: the square root of rho' (Triggs et al.,
    /// Bundle adjustment, a modern synthesis, 2000, without their second term, which may be indefinite).
    pub(super) fn of(self, residual: f64) -> (f64, f64) {
        let square = residual * residual;
        match self {
            Loss::Squares => (square, 1.0),
            Loss::Huber(c) if residual.abs() <= c => (square, 1.0),
            Loss::Huber(c) => {
                let size = residual.abs();
                (2.0 * c * size - c * c, (c / size).sqrt())
            }
            Loss::SoftL1(c) => {
                let z = square / (c * c);
                let root = (1.0 + z).sqrt();
                // Not root - 1, which cancels.
                (2.0 * square / (root + 1.0), 1.0 / root.sqrt())
            }
            Loss::Cauchy(c) => {
                let z = square / (c * c);
                (c * c * z.ln_1p(), 1.0 / (1.0 + z).sqrt())
            }
        }
    }
}
