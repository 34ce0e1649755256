//! From the text of a model and columns by name to a fit.

use rustc_hash::FxHashMap;

use super::{is_spelled, spelled};
use crate::calculus::{self, CalculusError};
use crate::expr::{Arena, Id, SymbolId, walk};
use crate::fit::{self, Data, Fit, FitError, Model, Options, Prediction, Step};
use crate::numeric::{Doubled, EvalError};
use crate::program::{Options as ProgramOptions, Program, ProgramError};
use crate::syntax::{self, Note, SyntaxError};

/// From so many rows on numbers are taken as the doubles they are: looking for the decimals behind them would take long.
pub(crate) const MOST_DECIMAL_ROWS: usize = 100_000;

/// Why a model could not be fitted to columns.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// The text is not a formula, or not an equation.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// The text has no left side, and no target is named.
    #[error("the model does not say what it is to give")]
    NoTarget,
    /// The text has a left side, and a target is named too.
    #[error("the model has a left side already")]
    TwoTargets,
    /// The left side contains what is no column.
    #[error("`{name}` on the left side is not a column")]
    TargetNotColumn {
        /// The name.
        name: String,
    },
    /// The left side is a number.
    #[error("the left side of the model contains no column")]
    TargetIsNumber,
    /// What is to be given occurs in what gives it.
    #[error("`{name}` stands on both sides of the model")]
    TargetOnRight {
        /// The name.
        name: String,
    },
    /// A start, a bound or a fixed value is given for what is no parameter of the model.
    #[error("`{name}` is not a parameter of the model")]
    NotAParameter {
        /// The name.
        name: String,
    },
    /// It is given for a column.
    #[error("`{name}` is a column, not a parameter")]
    IsColumn {
        /// The name.
        name: String,
    },
    /// All names are columns.
    #[error("the model has no parameter: all its names are columns")]
    NoParameters,
    /// A column is named that is not there.
    #[error("there is no column `{name}`")]
    NoColumn {
        /// The name.
        name: String,
    },
    /// There is no derivative.
    #[error(transparent)]
    Calculus(#[from] CalculusError),
    /// There is no program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The data do not fit, or an option.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// The text of a model, read.
pub(crate) struct Reading {
    pub(crate) arena: Arena,
    /// What is to be given: a formula of columns.
    pub(crate) response: Id,
    /// What gives it.
    pub(crate) value: Id,
    /// The columns in `response`.
    pub(crate) response_columns: Vec<SymbolId>,
    /// The columns in `value`.
    pub(crate) columns: Vec<SymbolId>,
    /// The other names in `value`, in the order of their numbers: b2 before b10.
    pub(crate) parameters: Vec<SymbolId>,
    pub(crate) notes: Vec<Note>,
}

impl Reading {
    /// Reads `y = f(x; b)`, or `f(x; b)` with a target. Definitions may stand before: `u = x/10; y = a*u + b`. `known` are
    /// names that are variables whatever else they mean; those of `fixed` are numbers.
    pub(crate) fn new(
        text: &str,
        target: Option<&str>,
        columns: &[&str],
        known: &[&str],
        fixed: &[(&str, &str)],
    ) -> Result<Reading, ModelError> {
        let mut arena = Arena::new();
        let variables = [columns, known].concat();
        let mut notes = Vec::new();
        let mut read = |arena: &mut Arena, text: &str| -> Result<Id, ModelError> {
            let reading = syntax::read(arena, text, &variables)?;
            notes.extend(reading.notes.iter().cloned());
            Ok(syntax::single(reading, text)?)
        };
        let (response, value) = match (equation(text), target) {
            (Some(_), Some(_)) => return Err(ModelError::TwoTargets),
            (None, None) => return Err(ModelError::NoTarget),
            (Some((left, right)), None) => (read(&mut arena, &left)?, read(&mut arena, &right)?),
            (None, Some(target)) => {
                let value = read(&mut arena, text)?;
                (arena.symbol(&syntax::normalize_name(target)), value)
            }
        };
        let mut numbers = FxHashMap::default();
        for (name, number) in fixed {
            let id = syntax::parse_into(&mut arena, number)?;
            let symbol = arena.symbol(name);
            if !walk::symbols(&arena, &[value]).contains(&arena.symbol_id(name)) {
                let name = (*name).to_owned();
                return Err(match columns.contains(&name.as_str()) {
                    true => ModelError::IsColumn { name },
                    false => ModelError::NotAParameter { name },
                });
            }
            if columns.contains(name) {
                let name = (*name).to_owned();
                return Err(ModelError::IsColumn { name });
            }
            numbers.insert(symbol, id);
        }
        let value = walk::substitute(&mut arena, &[value], &numbers)[0];
        notes.dedup_by(|a, b| a.message == b.message);
        let response_columns = walk::symbols(&arena, &[response]);
        let is_column =
            |arena: &Arena, symbol: SymbolId| columns.contains(&arena.symbol_name(symbol));
        if let Some(&other) = response_columns.iter().find(|&&s| !is_column(&arena, s)) {
            let name = arena.symbol_name(other).to_owned();
            return Err(ModelError::TargetNotColumn { name });
        }
        if response_columns.is_empty() {
            return Err(ModelError::TargetIsNumber);
        }
        let (used, mut parameters): (Vec<SymbolId>, Vec<SymbolId>) =
            (walk::symbols(&arena, &[value]).into_iter()).partition(|&s| is_column(&arena, s));
        if let Some(&both) = used.iter().find(|s| response_columns.contains(s)) {
            let name = arena.symbol_name(both).to_owned();
            return Err(ModelError::TargetOnRight { name });
        }
        if parameters.is_empty() {
            return Err(ModelError::NoParameters);
        }
        parameters.sort_by_key(|&s| natural(arena.symbol_name(s)));
        Ok(Reading {
            arena,
            response,
            value,
            response_columns,
            columns: used,
            parameters,
            notes,
        })
    }

    /// The names of the parameters.
    pub(crate) fn parameter_names(&self) -> Vec<&str> {
        let name = |&s: &SymbolId| self.arena.symbol_name(s);
        self.parameters.iter().map(name).collect()
    }

    /// The names of the columns that are needed: those of the model, then those of the response.
    pub(crate) fn column_names(&self) -> Vec<&str> {
        let all = self.columns.iter().chain(&self.response_columns);
        all.map(|&s| self.arena.symbol_name(s)).collect()
    }

    /// The model with its derivatives.
    pub(crate) fn model(&mut self) -> Result<Model, ModelError> {
        let derivatives = calculus::gradient(&mut self.arena, self.value, &self.parameters)?;
        Ok(Model::new(
            &self.arena,
            self.value,
            &derivatives,
            &self.columns,
            &self.parameters,
        )?)
    }

    /// What is to be given, row by row, and what is missing to it; `columns` are those of the response.
    pub(crate) fn response(
        &self,
        columns: &[&[f64]],
        decimal: bool,
    ) -> Result<(Vec<f64>, Option<Vec<f64>>), ModelError> {
        let is_column = self.response_columns.len() == 1
            && self
                .arena
                .find_symbol(self.arena.symbol_name(self.response_columns[0]))
                == Some(self.response_columns[0])
            && matches!(self.arena.node(self.response), crate::expr::Node::Symbol(_));
        if is_column {
            return Ok((columns[0].to_vec(), None));
        }
        let program = Program::new(
            &self.arena,
            &[self.response],
            &self.response_columns,
            ProgramOptions::default(),
        )?;
        if program.needs_complex() {
            return Err(ProgramError::from(EvalError::NeedsComplex).into());
        }
        let rows = columns.first().map_or(0, |column| column.len());
        if let Some(other) = columns.iter().find(|column| column.len() != rows) {
            let (what, found) = ("values of a column of the response", other.len());
            let expected = rows;
            return Err(FitError::Count {
                what,
                expected,
                found,
            }
            .into());
        }
        let mut registers = vec![Doubled::default(); program.registers()];
        let (mut heads, mut tails) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        let mut point = vec![Doubled::default(); columns.len()];
        for row in 0..rows {
            for (x, column) in point.iter_mut().zip(columns) {
                *x = match decimal {
                    true => Doubled::decimal(column[row]),
                    false => Doubled::from(column[row]),
                };
            }
            let value = program.run_in(&point, &mut registers)[0];
            heads.push(value.head());
            tails.push(value.tail());
        }
        Ok((heads, Some(tails)))
    }
}

/// The left and the right side of an equation, each with the definitions before it and blanks in the place of the other, so
/// that errors point to the text as it was.
fn equation(text: &str) -> Option<(String, String)> {
    let (mut depth, mut begin, mut sign) = (0usize, 0, None);
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            // A semicolon at the end ends nothing.
            b';' if depth == 0 && !text[at + 1..].trim().is_empty() => {
                (begin, sign) = (at + 1, None)
            }
            b'=' if depth == 0 && sign.is_none() => {
                let before = at.checked_sub(1).map(|k| bytes[k]);
                let compares = matches!(before, Some(b'<' | b'>' | b'!' | b'='))
                    || bytes.get(at + 1) == Some(&b'=');
                sign = (!compares).then_some(at);
            }
            _ => {}
        }
    }
    let sign = sign?;
    let blank = |part: &str| " ".repeat(part.len());
    let (left, right) = (&text[begin..sign], &text[sign + 1..]);
    Some((
        format!("{}{left}", &text[..begin]),
        format!("{}{} {right}", &text[..begin], blank(left)),
    ))
}

/// A key that sorts b2 before b10.
fn natural(name: &str) -> (String, u128, String) {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = name[stem.len()..].parse().unwrap_or(0);
    (stem.to_owned(), number, name.to_owned())
}

/// A model fitted to columns, with the names of both.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The names of the parameters, in the order of [`Fit::parameters`].
    pub names: Vec<String>,
    /// The names of the columns of the model, in its order.
    pub columns: Vec<String>,
    /// The model.
    pub model: Model,
    /// What was found.
    pub fit: Fit,
}

impl Fitted {
    fn place(&self, name: &str) -> Option<usize> {
        let name = syntax::normalize_name(name);
        self.names.iter().position(|n| *n == name)
    }

    /// The value of a parameter, if the model has it.
    pub fn value(&self, name: &str) -> Option<f64> {
        Some(self.fit.parameters[self.place(name)?])
    }

    /// Its standard error.
    pub fn std_error(&self, name: &str) -> Option<f64> {
        Some(self.fit.std_error(self.place(name)?))
    }

    /// The interval that holds the true value with this probability.
    pub fn interval(&self, name: &str, confidence: f64) -> Option<(f64, f64)> {
        Some(self.fit.interval(self.place(name)?, confidence))
    }

    /// What the fitted model says at a point, and how sure that is.
    ///
    /// # Errors
    /// [`ModelError::NoColumn`] if the value of a column is missing.
    pub fn predict(&self, point: &[(&str, f64)]) -> Result<Prediction, ModelError> {
        let mut values = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let given = point.iter().find(|(name, _)| is_spelled(name, column));
            let &(_, value) = given.ok_or_else(|| ModelError::NoColumn {
                name: column.clone(),
            })?;
            values.push(value);
        }
        Ok(self.fit.predict(&self.model, &values))
    }
}

/// Fits a model to columns by least squares. Names that are columns are data, the others are parameters; starts that are left
/// out are guessed, and a linear model needs none. Numbers of at most 15 digits are taken as decimals: 0.1 is 1/10.
///
/// ```
/// let x = [1.0, 2.0, 3.0, 4.0];
/// let y = [2.9, 5.1, 7.0, 9.0];
/// let fitted = gradus::fit("y = a + b*x", &[("x", &x), ("y", &y)], &[])?;
/// assert!((fitted.value("b").unwrap() - 2.02).abs() < 1e-14);
/// assert!((fitted.std_error("b").unwrap() - 0.0424264069).abs() < 1e-9);
/// let there = fitted.predict(&[("x", 5.0)])?;
/// assert!((there.value - 11.05).abs() < 1e-12);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// [`ModelError`]. Not to converge is no error: `fitted.fit.ended` says so.
pub fn fit(
    model: &str,
    columns: &[(&str, &[f64])],
    start: &[(&str, f64)],
) -> Result<Fitted, ModelError> {
    fit_with(model, columns, start, &Options::default(), &mut |_| {})
}

/// As [`fit()`], with options; `watch` sees every step. Bounds stand in the order of the parameters by name, b2 before b10.
///
/// # Errors
/// As [`fit()`].
pub fn fit_with(
    model: &str,
    columns: &[(&str, &[f64])],
    start: &[(&str, f64)],
    options: &Options<'_>,
    watch: &mut dyn FnMut(&Step<'_>),
) -> Result<Fitted, ModelError> {
    let written: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let names = spelled(&written);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let known: Vec<&str> = start.iter().map(|(name, _)| *name).collect();
    let mut reading = Reading::new(model, None, &names, &known, &[])?;
    let compiled = reading.model()?;
    let column = |&symbol: &SymbolId| {
        let name = reading.arena.symbol_name(symbol);
        let found = names.iter().position(|given| *given == name);
        columns[found.expect("names that are no columns are parameters")].1
    };
    let inputs: Vec<&[f64]> = reading.columns.iter().map(column).collect();
    let of_response: Vec<&[f64]> = reading.response_columns.iter().map(column).collect();
    let decimal = of_response
        .first()
        .is_none_or(|y| y.len() <= MOST_DECIMAL_ROWS);
    let (response, tail) = reading.response(&of_response, decimal)?;
    let parameters = reading.parameter_names();
    let starts = starts(&parameters, &names, start)?;
    let data = Data {
        decimal,
        response_tail: tail.as_deref(),
        ..Data::new(&inputs, &response)
    };
    let fit = fit::fit(&compiled, &data, &starts, options, watch)?;
    Ok(Fitted {
        names: parameters.into_iter().map(str::to_owned).collect(),
        columns: (reading.columns.iter())
            .map(|&s| reading.arena.symbol_name(s).to_owned())
            .collect(),
        model: compiled,
        fit,
    })
}

/// What is given by name, in the order of the parameters.
pub(crate) fn starts<T: Copy>(
    parameters: &[&str],
    columns: &[&str],
    given: &[(&str, T)],
) -> Result<Vec<Option<T>>, ModelError> {
    let mut starts = vec![None; parameters.len()];
    for &(name, value) in given {
        let spelled = syntax::normalize_name(name);
        match parameters.iter().position(|p| *p == spelled) {
            Some(at) => starts[at] = Some(value),
            None if columns.contains(&spelled.as_str()) => {
                return Err(ModelError::IsColumn { name: spelled });
            }
            None => return Err(ModelError::NotAParameter { name: spelled }),
        }
    }
    Ok(starts)
}
