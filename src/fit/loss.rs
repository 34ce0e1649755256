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

    /// Half the derivative of the loss by the residual, Huber's psi, and the derivative of that.
    fn influence(self, residual: f64) -> (f64, f64) {
        let z = self.scale().map_or(0.0, |c| (residual / c).powi(2));
        match self {
            Loss::Squares => (residual, 1.0),
            Loss::Huber(c) => match residual.abs() <= c {
                true => (residual, 1.0),
                false => (c.copysign(residual), 0.0),
            },
            Loss::SoftL1(_) => {
                let root = (1.0 + z).sqrt();
                (residual / root, root.powi(-3))
            }
            Loss::Cauchy(_) => (residual / (1.0 + z), (1.0 - z) / (1.0 + z).powi(2)),
        }
    }

    /// How sure residuals with this loss make a fit.
    pub(super) fn certainty(self, residuals: &[f64], rank: usize) -> Certainty {
        let rows = residuals.len() as f64;
        let (mut psi, mut slope, mut slopes) = (0.0, 0.0, 0.0);
        for &residual in residuals {
            let (value, derivative) = self.influence(residual);
            psi += value * value;
            slope += derivative;
            slopes += derivative * derivative;
        }
        let slope = slope / rows;
        let spread = (slopes / rows - slope * slope).max(0.0) / (slope * slope);
        let correction = 1.0 + rank as f64 / rows * spread;
        Certainty {
            slope,
            variance: correction.powi(2) * psi / (rows - rank as f64) / (slope * slope),
        }
        .usable(rows > rank as f64)
    }

    /// The same for residuals that are known to be normal with variance 1: from integrals over the density, by the trapezoid
    /// rule.
    pub(super) fn normal_certainty(self) -> Certainty {
        /// Beyond 10 standard deviations there is nothing that a double could tell.
        const STEPS: i32 = 10_000;
        let step = 10.0 / f64::from(STEPS);
        let (mut psi, mut slope) = (0.0, 0.0);
        for k in -STEPS..=STEPS {
            let x = f64::from(k) * step;
            let weight = step * (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
            let (value, derivative) = self.influence(x);
            psi += weight * value * value;
            slope += weight * derivative;
        }
        Certainty {
            slope,
            variance: psi / (slope * slope),
        }
        .usable(true)
    }
}

/// How sure a loss makes a fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Certainty {
    /// The mean of psi', which makes the curvature of the objective of that of the sum of squares.
    pub(super) slope: f64,
    /// What the inverse of `J^T J` is multiplied with.
    pub(super) variance: f64,
}

impl Certainty {
    /// NaN where the loss has no curvature, as Huber's where all residuals are beyond its scale.
    fn usable(self, enough: bool) -> Certainty {
        match enough && self.slope > 0.0 {
            true => self,
            false => Certainty {
                slope: 1.0,
                variance: f64::NAN,
            },
        }
    }
}
