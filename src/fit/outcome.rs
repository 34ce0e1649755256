//! What a fit tells: parameters, how sure they are, and how well the model fits.

use super::student::{student_quantile, student_tails};
use super::{Ended, Model};

/// A model fitted to data.
///
/// All sums are weighted where there are weights. Standard errors and intervals are those of the model made linear at the
/// parameters found; [profile intervals](super::profile_interval) do without that.
///
/// With a robust loss they are those of an M-estimator (Huber, Robust Statistics, 1981, 7.6): the inverse of `J^T W J` times
/// `K^2 [sum psi^2/(n - p)]/[mean psi']^2`, psi being half the derivative of the loss, n the rows, p the rank and
/// `K = 1 + p/n var(psi')/[mean psi']^2`. For plain squares psi is the residual, and that is the usual formula.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The parameters, in the order of the model.
    pub parameters: Vec<f64>,
    /// Why the search ended.
    pub ended: Ended,
    /// Steps taken over all rows; of many rows an even part has shown the way before.
    pub iterations: u64,
    /// How often the model and its derivatives were evaluated at all rows.
    pub evaluations: u64,
    /// Were the last digits found in doubled precision?
    pub polished: bool,
    /// How many rows there were, those of weight 0 left out.
    pub rows: u64,
    /// How many parameters, or combinations of them, the data determine.
    pub rank: usize,
    /// The condition number of the derivatives, each column scaled to length 1: that many times the relative errors of the
    /// data are those of the parameters, at worst.
    pub condition: f64,
    /// The weighted sum of squared residuals, whatever the loss.
    pub residual_sum_of_squares: f64,
    /// What was made small: the sum of squares, or of losses, with the ridge.
    pub objective: f64,
    /// The weighted sum of squares of the response, around its mean if the fit is [compared](Self::is_centred) with that.
    pub total_sum_of_squares: f64,
    pub(super) centred: bool,
    /// Sets of parameters that the data do not determine, though they may determine some combination.
    pub undetermined: Vec<Vec<usize>>,
    /// Parameters whose columns are nearly combinations of each other, where the condition is poor.
    pub entangled: Vec<usize>,
    /// Parameters that ended at a bound: there is no standard error for them.
    pub at_bound: Vec<usize>,
    /// Did the start lead nowhere, so that the fit is from a guess?
    pub restarted: bool,
    /// Are the weights one by the squares of known standard deviations? Then the residuals say nothing about the errors.
    pub(super) known_errors: bool,
    /// What stands for the variance of a row where a robust loss was made small.
    pub(super) robust_variance: Option<f64>,
    /// The inverse of `J^T W J`, row by row; NaN where it is not determined.
    pub(super) inverse: Vec<f64>,
    /// The sum of the logarithms of the weights.
    pub(super) log_weights: f64,
}

impl Fit {
    /// Did it end at a minimum, as far as it can tell?
    pub fn converged(&self) -> bool {
        self.ended.converged()
    }

    /// Rows less what was fitted to them.
    pub fn degrees_of_freedom(&self) -> u64 {
        self.rows.saturating_sub(self.rank as u64)
    }

    /// The square root of the residual sum of squares by the degrees of freedom; NaN if there are none.
    pub fn residual_std_error(&self) -> f64 {
        match self.degrees_of_freedom() {
            0 => f64::NAN,
            degrees => (self.residual_sum_of_squares / degrees as f64).sqrt(),
        }
    }

    /// The variance of a row of weight 1 that the errors are scaled with; for a robust loss that of normal errors with which
    /// least squares would be as sure.
    pub(super) fn variance(&self) -> f64 {
        match (self.robust_variance, self.known_errors) {
            (Some(variance), _) => variance,
            (None, true) => 1.0,
            (None, false) => self.residual_std_error().powi(2),
        }
    }

    /// The covariance of two parameters; NaN where the data do not determine them.
    pub fn covariance(&self, a: usize, b: usize) -> f64 {
        self.variance() * self.inverse[a * self.parameters.len() + b]
    }

    /// The standard error of a parameter, in its unit.
    pub fn std_error(&self, parameter: usize) -> f64 {
        self.covariance(parameter, parameter).sqrt()
    }

    /// The correlation of two parameters, between -1 and 1.
    pub fn correlation(&self, a: usize, b: usize) -> f64 {
        match a == b && self.covariance(a, a).is_finite() {
            true => 1.0,
            false => self.covariance(a, b) / (self.std_error(a) * self.std_error(b)),
        }
    }

    /// How many standard errors wide half an interval of this confidence is: a quantile of Student's distribution, or of the
    /// normal one where the errors were known.
    pub fn quantile(&self, confidence: f64) -> f64 {
        let degrees = match self.known_errors {
            true => f64::INFINITY,
            false => self.degrees_of_freedom() as f64,
        };
        student_quantile(confidence, degrees)
    }

    /// The interval around a parameter that holds the true one with this probability, such as 0.95.
    pub fn interval(&self, parameter: usize, confidence: f64) -> (f64, f64) {
        let half = self.quantile(confidence) * self.std_error(parameter);
        let value = self.parameters[parameter];
        (value - half, value + half)
    }

    /// The probability of an estimate at least as far from 0, were the true parameter 0.
    pub fn p_value(&self, parameter: usize) -> f64 {
        let t = self.parameters[parameter] / self.std_error(parameter);
        match self.known_errors {
            true => student_tails(t, f64::INFINITY),
            false => student_tails(t, self.degrees_of_freedom() as f64),
        }
    }

    /// Is R^2 measured from the mean of the response? From 0 it is for linear models without a parameter that is added to
    /// everything, whose residuals do not add up to 0.
    pub fn is_centred(&self) -> bool {
        self.centred
    }

    /// The part of the sum of squares that the model explains: 1 - RSS/TSS. May be negative for a model that is not linear.
    pub fn r_squared(&self) -> f64 {
        /// Two sums of squares that differ by less than this part of themselves differ by rounding.
        const ROUNDING: f64 = 4.0 * f64::EPSILON;
        match (self.residual_sum_of_squares, self.total_sum_of_squares) {
            (_, 0.0) => f64::NAN,
            (residual, total) if (total - residual).abs() <= ROUNDING * total => 0.0,
            (residual, total) => 1.0 - residual / total,
        }
    }

    /// R^2 with both sums of squares divided by their degrees of freedom: a parameter that explains nothing lowers it.
    pub fn adjusted_r_squared(&self) -> f64 {
        let total = self.rows as f64 - if self.centred { 1.0 } else { 0.0 };
        1.0 - (1.0 - self.r_squared()) * total / self.degrees_of_freedom() as f64
    }

    /// Twice the negative logarithm of the likelihood for normal errors.
    fn deviance(&self) -> f64 {
        let n = self.rows as f64;
        let weights = self.log_weights;
        match self.known_errors {
            true => n * std::f64::consts::TAU.ln() - weights + self.residual_sum_of_squares,
            false => {
                n * ((std::f64::consts::TAU * self.residual_sum_of_squares / n).ln() + 1.0)
                    - weights
            }
        }
    }

    /// How many numbers were fitted, the variance of the errors among them unless it was known.
    fn fitted_numbers(&self) -> f64 {
        self.rank as f64 + if self.known_errors { 0.0 } else { 1.0 }
    }

    /// Akaike's criterion for normal errors: of several models for the same data the one with the least is to be preferred.
    /// The variance counts as a parameter, as in R.
    pub fn aic(&self) -> f64 {
        self.deviance() + 2.0 * self.fitted_numbers()
    }

    /// The Bayesian criterion of Schwarz, which charges log(rows) for each parameter.
    pub fn bic(&self) -> f64 {
        self.deviance() + (self.rows as f64).ln() * self.fitted_numbers()
    }

    /// What the fitted model says at a point of its columns, and how sure that is.
    ///
    /// # Panics
    /// If the point has more or fewer numbers than the model has columns.
    pub fn predict(&self, model: &Model, point: &[f64]) -> Prediction {
        let (value, slopes) = model.value_and_gradient(point, &self.parameters);
        let n = slopes.len();
        let mut variance = 0.0;
        for (a, x) in slopes.iter().enumerate() {
            for (b, y) in slopes.iter().enumerate() {
                // A parameter at its bound is a given number.
                let is_given = self.at_bound.contains(&a) || self.at_bound.contains(&b);
                if *x != 0.0 && *y != 0.0 && !is_given {
                    variance += x * y * self.inverse[a * n + b];
                }
            }
        }
        // Rounding may leave less than 0; NaN, which `max` would pass over, stays what it is.
        let variance = match variance * self.variance() {
            below if below < 0.0 => 0.0,
            variance => variance,
        };
        Prediction {
            value,
            std_error: variance.sqrt(),
            observation_std_error: (variance + self.variance()).sqrt(),
        }
    }
}

/// What a fitted model says somewhere.
///
/// Times [`Fit::quantile`] the errors are half intervals: `value ± quantile*std_error` is the confidence band of the curve,
/// `value ± quantile*observation_std_error` where a new observation will lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// The value of the model.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
    /// The standard error of a new observation of weight 1.
    pub observation_std_error: f64,
}
