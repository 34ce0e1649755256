//! Why a model cannot be fitted, and the checks before and after the work.

use super::{Data, Model, Options, first_singular_row};

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
    /// The model or one of its derivatives is NaN or infinite, whatever the parameters.
    #[error("the model has no finite value at row {row}")]
    ModelNotFinite {
        /// Which row.
        row: usize,
    },
    /// A weight is negative.
    #[error("the weight of row {row} is negative")]
    NegativeWeight {
        /// Which row.
        row: usize,
    },
    /// All weights are 0: no row counts.
    #[error("all weights are 0: no row counts")]
    NoWeight,
    /// A model that is solved in one step was needed.
    #[error("the model is not linear, or has bounds or a loss")]
    NotLinear,
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

/// Finds what is wrong before the work; numbers that are not finite are found when they have spoilt it.
pub(super) fn check(
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
        return Err(FitError::BadOption(
            "the tolerance must be a number, 0 or above",
        ));
    }
    if !(options.ridge >= 0.0 && options.ridge.is_finite()) {
        return Err(FitError::BadOption(
            "the ridge must be a number, 0 or above",
        ));
    }
    if options.loss.scale().is_some_and(|c| !positive(c)) {
        return Err(FitError::BadOption(
            "the scale of the loss must be a number above 0",
        ));
    }
    if let Some(bounds) = options.bounds {
        count("bounds", model.parameters, bounds.len())?;
        for (parameter, &(low, high)) in bounds.iter().enumerate() {
            let empty = low > high || low.is_nan() || high.is_nan();
            if empty || low == f64::INFINITY || high == f64::NEG_INFINITY {
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
    let counted = |weights: &[f64]| weights.iter().filter(|&&w| w > 0.0).count();
    let rows = data.weights.map_or(rows, counted);
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

/// Why the triangle of a linear model is not finite.
pub(super) fn not_finite(model: &Model, data: &Data<'_>) -> FitError {
    if let Err(error) = refuse_bad_data(data) {
        return error;
    }
    match first_singular_row(model, data, &vec![0.0; model.parameters]) {
        Some(row) => FitError::ModelNotFinite { row },
        None => FitError::BadOption(
            "the squares of the data overflow: scale the columns, so that they are below 1e150",
        ),
    }
}
