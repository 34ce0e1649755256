//! From model and data to a [`Fit`]: the checks, the choice of method, and what is computed at the end.

use std::sync::atomic::AtomicBool;

use super::error::{FitError, check, refuse_bad_data};
use super::evaluate::Evaluator;
use super::finish::finish;
use super::linear::{LinearFit, is_linear};
use super::loss::Loss;
use super::outcome::Fit;
use super::search::{Ended, Found, Rules, Step, search};
use super::start;
use super::totals::Totals;
use super::{Data, Model};

/// From this condition number on a fit is reported to be poorly determined: half the digits of a double may be lost.
pub const POOR_CONDITION: f64 = 1e7;

/// How a model is fitted.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// It has converged when the next step would change the predictions by less than this part of the residuals, or each
    /// parameter by less than this part of itself.
    pub tolerance: f64,
    /// Steps after which it gives up.
    pub max_iterations: u64,
    /// The least and the largest value of each parameter; all values if there are none.
    pub bounds: Option<&'a [(f64, f64)]>,
    /// How much residuals count.
    pub loss: Loss,
    /// The sum of squares of the parameters times this is added to what is made small.
    pub ridge: f64,
    /// Are the weights one by the squares of standard deviations that are known? Otherwise the residuals tell how large the
    /// errors are, and weights only how they compare.
    pub known_errors: bool,
    /// Find the last digits in doubled precision, where the data are not too many.
    pub polish: bool,
    /// Set from outside (another thread, a signal handler) to end before the next step.
    pub interrupt: Option<&'a AtomicBool>,
}

impl Default for Options<'_> {
    /// Tolerance 1e-10, at most 1000 steps, plain squares, polished.
    fn default() -> Self {
        Options {
            tolerance: 1e-10,
            max_iterations: 1000,
            bounds: None,
            loss: Loss::Squares,
            ridge: 0.0,
            known_errors: false,
            polish: true,
            interrupt: None,
        }
    }
}

/// Fits a model to data from a start, of which parts may be left out (`None`): then they are guessed, always in the same way.
/// Linear models need no start. `watch` sees every step.
///
/// # Errors
/// [`FitError`]. Not to converge is no error: [`Fit::ended`] says so.
pub fn fit(
    model: &Model,
    data: &Data<'_>,
    start: &[Option<f64>],
    options: &Options<'_>,
    watch: &mut dyn FnMut(&Step<'_>),
) -> Result<Fit, FitError> {
    // Before that too few rows count.
    if data.rows() > 0 && data.weights.is_some_and(|w| w.iter().all(|&w| w == 0.0)) {
        return Err(FitError::NoWeight);
    }
    check(model, data, start, options)?;
    if is_linear(model, options) {
        let mut fit = LinearFit::new(model, options)?;
        fit.add(data)?;
        return fit.finish_with(Some(data));
    }
    let n = model.parameters;
    let everywhere = vec![(f64::NEG_INFINITY, f64::INFINITY); n];
    let bounds = options.bounds.unwrap_or(&everywhere);
    let rules = Rules {
        tolerance: options.tolerance,
        max_iterations: options.max_iterations,
        bounds,
        interrupt: options.interrupt,
    };
    let guess = |given: &[Option<f64>]| {
        start::guess(model, data, options.loss, options.ridge, given, &rules)
    };
    let begin = match start.iter().copied().collect::<Option<Vec<f64>>>() {
        Some(everything) => {
            start::nearer(model, data, options.loss, options.ridge, everything, &rules)
        }
        None => guess(start),
    };
    let mut evaluator = Evaluator::new(model, *data, options.loss, options.ridge);
    let mut found = search(&mut evaluator, begin, &rules, watch);
    if found.ended == Ended::BadStart {
        refuse_bad_data(data)?;
    }
    let mut restarted = false;
    if found.ended == Ended::Stalled {
        // The start led nowhere: to solve for the linear parameters first, or to forget it, may lead somewhere.
        for given in [start, &vec![None; n]] {
            let other = search(&mut evaluator, guess(given), &rules, &mut |_| {});
            if other.ended.converged() && other.objective < found.objective {
                let iterations = found.iterations + other.iterations;
                found = Found {
                    iterations,
                    ..other
                };
                restarted = true;
                break;
            }
        }
    }
    let evaluations = evaluator.evaluations;
    let totals = Totals::of(data);
    let fit = finish(
        model,
        options,
        bounds,
        found,
        evaluations,
        &totals,
        Some(data),
    );
    Ok(Fit { restarted, ..fit })
}

/// What the model gives at each row.
pub fn fitted_values(model: &Model, data: &Data<'_>, parameters: &[f64]) -> Vec<f64> {
    Evaluator::new(model, *data, Loss::Squares, 0.0).values(parameters)
}

/// The first row at which the model or one of its derivatives is not finite.
pub fn first_singular_row(model: &Model, data: &Data<'_>, parameters: &[f64]) -> Option<usize> {
    (0..data.rows()).find(|&row| {
        let point: Vec<f64> = data.columns.iter().map(|column| column[row]).collect();
        let (value, slopes) = model.value_and_gradient(&point, parameters);
        !value.is_finite() || slopes.iter().any(|slope| !slope.is_finite())
    })
}
