//! From model and data to a [`Fit`]: the checks, the choice of method, and what is computed at the end.

use std::sync::atomic::AtomicBool;

use super::evaluate::Evaluator;
use super::loss::Loss;
use super::outcome::Fit;
use super::polish::{self, Polished, polish};
use super::search::{Ended, Found, Rules, Step, search};
use super::singular::singular;
use super::start;
use super::totals::Totals;
use super::triangle::Triangle;
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

/// Why a model cannot be fitted. Rows, columns and parameters are counted from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// There are too many columns, or too few, or parameters.
    #[error("{found} {what} where {expected} are needed")]
    Count {
        /// What there are too few or too many of.
        what: &'static str,
        /// How many there must be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The data cannot determine so many parameters.
    #[error("{rows} rows cannot determine {parameters} parameters")]
    TooFewRows {
        /// How many rows there are.
        rows: usize,
        /// How many parameters.
        parameters: usize,
    },
    /// The model has no parameters.
    #[error("there is no parameter to be fitted")]
    NoParameters,
    /// The lower bound is above the upper one, or one is NaN.
    #[error("the bounds of parameter {parameter} exclude every value")]
    BadBounds {
        /// Which parameter.
        parameter: usize,
    },
    /// A start is beyond a bound.
    #[error("the start of parameter {parameter} is {start}, outside its bounds")]
    StartOutside {
        /// Which parameter.
        parameter: usize,
        /// Its start.
        start: f64,
    },
    /// A start is NaN or infinite.
    #[error("the start of parameter {parameter} is not finite")]
    StartNotFinite {
        /// Which parameter.
        parameter: usize,
    },
    /// A number of the data is NaN or infinite.
    #[error("{what} of row {row} is not finite")]
    DataNotFinite {
        /// Which number: the response, the weight, or a column.
        what: DataPart,
        /// Which row.
        row: usize,
    },
    /// A weight is negative, or all of them are 0.
    #[error("the weight of row {row} is negative")]
    NegativeWeight {
        /// Which row.
        row: usize,
    },
    /// An option is outside its range.
    #[error("{0}")]
    BadOption(&'static str),
}

/// A part of a row of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataPart {
    /// What the model should give.
    Response,
    /// How much the row counts.
    Weight,
    /// A column of the model.
    Column(usize),
}

impl std::fmt::Display for DataPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DataPart::Response => f.write_str("the response"),
            DataPart::Weight => f.write_str("the weight"),
            DataPart::Column(column) => write!(f, "column {column}"),
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
    check(model, data, start, options)?;
    let n = model.parameters;
    let everywhere = vec![(f64::NEG_INFINITY, f64::INFINITY); n];
    let bounds = options.bounds.unwrap_or(&everywhere);
    let mut evaluator = Evaluator::new(model, *data, options.loss, options.ridge);
    let unbounded = bounds.iter().all(|&b| b == everywhere[0]);
    if model.is_linear() && unbounded && options.loss == Loss::Squares {
        let mut triangle = Triangle::new(n + 1);
        evaluator.evaluate(&vec![0.0; n], &mut triangle);
        let found = linear(triangle, n).ok_or_else(|| not_finite(data))?;
        return Ok(finish(model, data, options, bounds, found, 1));
    }
    let rules = Rules {
        tolerance: options.tolerance,
        max_iterations: options.max_iterations,
        bounds,
        interrupt: options.interrupt,
    };
    let start = start::start(model, &mut evaluator, start, &rules)?;
    let mut evaluate = |b: &[f64], triangle: &mut Triangle| evaluator.evaluate(b, triangle);
    let found = search(&mut evaluate, start, &rules, watch);
    if found.ended == Ended::BadStart {
        refuse_bad_data(data)?;
    }
    let evaluations = evaluator.evaluations;
    Ok(finish(model, data, options, bounds, found, evaluations))
}

/// The least squares of a linear model, from its triangle at parameters 0; of several the shortest. `None` if the triangle is
/// not finite.
pub(super) fn linear(triangle: Triangle, n: usize) -> Option<Found> {
    let shape = Shape::of(&triangle, &(0..n).collect::<Vec<usize>>());
    let parameters = shape.shortest_solution(&triangle);
    let finite = parameters.iter().all(|b| b.is_finite()) && triangle.norm(n).is_finite();
    let size = triangle.at(n, n);
    // What the pseudo-inverse leaves is added to the last entry of the column.
    let mut objective = size * size;
    for row in 0..n {
        let fitted: f64 = (row..n).map(|k| triangle.at(row, k) * parameters[k]).sum();
        objective += (triangle.at(row, n) - fitted).powi(2);
    }
    finite.then_some(Found {
        parameters,
        triangle,
        objective,
        ended: Ended::Solved,
        iterations: 1,
    })
}

/// How the columns of a triangle lie to each other.
struct Shape {
    free: Vec<usize>,
    norms: Vec<f64>,
    singular: super::singular::Singular,
    rank: usize,
}

impl Shape {
    fn of(triangle: &Triangle, free: &[usize]) -> Shape {
        let n = triangle.columns() - 1;
        let norms: Vec<f64> = free.iter().map(|&k| triangle.norm(k)).collect();
        let unit = |at: usize| if norms[at] > 0.0 { norms[at] } else { 1.0 };
        let columns = (free.iter().enumerate())
            .map(|(at, &k)| (0..n).map(|row| triangle.at(row, k) / unit(at)).collect())
            .collect();
        let singular = singular(columns);
        let largest = singular.values.first().copied().unwrap_or(0.0);
        let least = largest * 20.0 * f64::EPSILON * free.len() as f64;
        Shape {
            free: free.to_vec(),
            rank: (singular.values.iter()).filter(|&&s| s > least).count(),
            norms,
            singular,
        }
    }

    fn unit(&self, at: usize) -> f64 {
        match self.norms[at] > 0.0 {
            true => self.norms[at],
            false => 1.0,
        }
    }

    fn condition(&self) -> f64 {
        match (self.singular.values.first(), self.singular.values.last()) {
            (Some(first), Some(last)) => first / last,
            _ => 1.0,
        }
    }

    /// The directions that change no prediction, in parameters.
    fn null_directions(&self) -> Vec<Vec<f64>> {
        (self.singular.right[self.rank..].iter())
            .map(|v| (v.iter().enumerate()).map(|(at, x)| x / self.unit(at)).collect())
            .collect()
    }

    /// The solution of the least squares of the last column; of several the one with the least sum of squares.
    fn shortest_solution(&self, triangle: &Triangle) -> Vec<f64> {
        let n = triangle.columns() - 1;
        let target = &triangle.column(n)[..n];
        if self.rank == n {
            let mut solution = target.to_vec();
            for k in (0..n).rev() {
                solution[k] /= triangle.at(k, k);
                for row in 0..k {
                    solution[row] -= triangle.at(row, k) * solution[k];
                }
            }
            return solution;
        }
        let mut solution = vec![0.0; n];
        for k in 0..self.rank {
            let part = super::singular::dot(&self.singular.left[k], target) / self.singular.values[k];
            for (at, v) in self.singular.right[k].iter().enumerate() {
                solution[at] += part * v / self.unit(at);
            }
        }
        // Less what lies along directions that change nothing, made orthogonal first.
        let directions = singular(self.null_directions());
        for direction in &directions.left {
            let part = super::singular::dot(direction, &solution);
            for (b, d) in solution.iter_mut().zip(direction) {
                *b -= part * d;
            }
        }
        solution
    }

    /// Sets of parameters that only together change the predictions, and those that change nothing.
    fn undetermined(&self) -> Vec<Vec<usize>> {
        (self.singular.right[self.rank..].iter())
            .map(|v| self.large_parts(v, 1e-3))
            .collect()
    }

    fn large_parts(&self, vector: &[f64], least: f64) -> Vec<usize> {
        let largest = vector.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        (self.free.iter().zip(vector))
            .filter(|(_, x)| x.abs() >= least * largest)
            .map(|(&k, _)| k)
            .collect()
    }

    /// The inverse of `R^T R` at its place among all `n` parameters; NaN where it is not determined.
    fn inverse(&self, n: usize) -> Vec<f64> {
        let mut inverse = vec![f64::NAN; n * n];
        let lost = |at: usize| {
            let parts = self.singular.right[self.rank..].iter();
            parts.map(|v| v[at].abs()).fold(0.0, f64::max) > 1e-6
        };
        for (i, &a) in self.free.iter().enumerate() {
            for (j, &b) in self.free.iter().enumerate() {
                if lost(i) || lost(j) {
                    continue;
                }
                let terms = (0..self.rank).map(|k| {
                    let v = &self.singular.right[k];
                    v[i] / self.singular.values[k] * (v[j] / self.singular.values[k])
                });
                inverse[a * n + b] = terms.sum::<f64>() / (self.unit(i) * self.unit(j));
            }
        }
        inverse
    }
}

/// Everything that a fit tells, from the place that was found.
pub(super) fn finish(
    model: &Model,
    data: &Data<'_>,
    options: &Options<'_>,
    bounds: &[(f64, f64)],
    found: Found,
    evaluations: u64,
) -> Fit {
    let n = model.parameters;
    let at_bound: Vec<usize> = (0..n)
        .filter(|&k| found.parameters[k] <= bounds[k].0 || found.parameters[k] >= bounds[k].1)
        .collect();
    let free: Vec<usize> = (0..n).filter(|k| !at_bound.contains(k)).collect();
    let shape = Shape::of(&found.triangle, &free);
    let wanted = options.polish
        && found.ended.converged()
        && found.ended != Ended::ExactFit
        && options.loss == Loss::Squares
        && shape.rank == free.len()
        && !free.is_empty()
        && polish::is_possible(model, data.rows());
    let polished = match wanted {
        true => polish(model, data, options.ridge, &found.parameters, &free),
        false => None,
    };
    let inside = |polished: &Polished| {
        let within = |(b, bounds): (&f64, &(f64, f64))| (bounds.0..=bounds.1).contains(b);
        polished.parameters.iter().zip(bounds).all(within)
    };
    let polished = polished.filter(inside);
    let totals = Totals::of(data);
    let mut fit = Fit {
        ended: found.ended,
        iterations: found.iterations,
        evaluations,
        polished: polished.is_some(),
        rows: data.rows() as u64,
        rank: shape.rank,
        condition: shape.condition(),
        residual_sum_of_squares: found.objective,
        objective: found.objective,
        centred: !model.is_linear() || model.has_intercept(),
        total_sum_of_squares: 0.0,
        undetermined: shape.undetermined(),
        entangled: match shape.condition() >= POOR_CONDITION && shape.rank == free.len() {
            true => shape.large_parts(&shape.singular.right[free.len() - 1], 0.1),
            false => Vec::new(),
        },
        at_bound,
        known_errors: options.known_errors,
        inverse: shape.inverse(n),
        log_weights: totals.log_weights,
        parameters: found.parameters,
    };
    fit.total_sum_of_squares = totals.squares(fit.centred);
    if let Some(polished) = polished {
        fit.inverse = vec![f64::NAN; n * n];
        for (i, &a) in free.iter().enumerate() {
            for (j, &b) in free.iter().enumerate() {
                let terms = (i.max(j)..free.len()).map(|k| polished.inverse[k][i] * polished.inverse[k][j]);
                fit.inverse[a * n + b] = terms.sum();
            }
        }
        fit.parameters = polished.parameters;
        fit.evaluations += polished.steps;
        fit.objective = polished.squares;
        fit.residual_sum_of_squares = polished.squares;
    }
    let pulled: f64 = fit.parameters.iter().map(|b| options.ridge * b * b).sum();
    fit.residual_sum_of_squares -= pulled;
    if options.loss != Loss::Squares {
        fit.residual_sum_of_squares = residual_squares(model, data, &fit.parameters);
    }
    fit
}

/// The weighted sum of squares, without any loss.
fn residual_squares(model: &Model, data: &Data<'_>, parameters: &[f64]) -> f64 {
    let mut evaluator = Evaluator::new(model, *data, Loss::Squares, 0.0);
    let mut triangle = Triangle::new(model.parameters + 1);
    evaluator.evaluate(parameters, &mut triangle)
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

fn check(
    model: &Model,
    data: &Data<'_>,
    start: &[Option<f64>],
    options: &Options<'_>,
) -> Result<(), FitError> {
    let count = |what, expected, found| match expected == found {
        true => Ok(()),
        false => Err(FitError::Count {
            what,
            expected,
            found,
        }),
    };
    let rows = data.rows();
    count("columns", model.columns, data.columns.len())?;
    count("starts", model.parameters, start.len())?;
    for column in data.columns {
        count("numbers in a column", rows, column.len())?;
    }
    if let Some(weights) = data.weights {
        count("weights", rows, weights.len())?;
        if let Some(row) = weights.iter().position(|&w| w < 0.0) {
            return Err(FitError::NegativeWeight { row });
        }
    }
    if let Some(tail) = data.response_tail {
        count("numbers in the tail of the response", rows, tail.len())?;
    }
    if model.parameters == 0 {
        return Err(FitError::NoParameters);
    }
    let positive = |x: f64| x > 0.0 && x.is_finite();
    if !(options.tolerance >= 0.0 && options.tolerance.is_finite()) {
        return Err(FitError::BadOption("the tolerance must be a number, 0 or above"));
    }
    if !(options.ridge >= 0.0 && options.ridge.is_finite()) {
        return Err(FitError::BadOption("the ridge must be a number, 0 or above"));
    }
    if options.loss.scale().is_some_and(|c| !positive(c)) {
        return Err(FitError::BadOption("the scale of the loss must be a number above 0"));
    }
    if let Some(bounds) = options.bounds {
        count("bounds", model.parameters, bounds.len())?;
        for (parameter, &(low, high)) in bounds.iter().enumerate() {
            if !(low <= high) || low == f64::INFINITY || high == f64::NEG_INFINITY {
                return Err(FitError::BadBounds { parameter });
            }
        }
    }
    for (parameter, start) in start.iter().enumerate() {
        let Some(start) = *start else { continue };
        if !start.is_finite() {
            return Err(FitError::StartNotFinite { parameter });
        }
        let bounds = options.bounds.map(|bounds| bounds[parameter]);
        if bounds.is_some_and(|(low, high)| start < low || start > high) {
            return Err(FitError::StartOutside { parameter, start });
        }
    }
    // A ridge determines what the rows leave open.
    if rows < model.parameters && options.ridge == 0.0 || rows == 0 {
        return Err(FitError::TooFewRows {
            rows,
            parameters: model.parameters,
        });
    }
    Ok(())
}

/// Names the first number of the data that is not finite.
pub(super) fn refuse_bad_data(data: &Data<'_>) -> Result<(), FitError> {
    let bad = |column: &[f64]| column.iter().position(|x| !x.is_finite());
    let columns = data.columns.iter().enumerate();
    let parts = columns.map(|(k, column)| (DataPart::Column(k), *column));
    let parts = parts.chain([(DataPart::Response, data.response)]);
    let parts = parts.chain(data.weights.map(|weights| (DataPart::Weight, weights)));
    let found = parts.filter_map(|(what, column)| Some((bad(column)?, what)));
    match found.min_by_key(|(row, _)| *row) {
        Some((row, what)) => Err(FitError::DataNotFinite { what, row }),
        None => Ok(()),
    }
}

fn not_finite(data: &Data<'_>) -> FitError {
    match refuse_bad_data(data) {
        Err(error) => error,
        Ok(()) => FitError::BadOption(
            "the squares of the data overflow: scale the columns, so that they are below 1e150",
        ),
    }
}
