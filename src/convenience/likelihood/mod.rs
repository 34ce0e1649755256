//! Maximum likelihood of any density: from text to what is made large, and to where it is largest.

mod log_density;

use super::over_rows::OverRows;
use super::{ModelError, OverRowsError, is_spelled, spelled, starts};
use crate::calculus;
use crate::descend::rows::{Columns, Rows, RowsObjective};
use crate::expr::{Arena, Id, SymbolId, walk};
use crate::lecture::likelihood::{Maximum, Search, guess, maximise};
use crate::lecture::summary::Summary;
use crate::program::{Options as ProgramOptions, Program};
use crate::simplify;
use crate::syntax::print::{self, TooLong};
use crate::syntax::{self, Note};
use log_density::log_density;

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LikelihoodError {
    /// The formula cannot be read, differentiated or computed.
    #[error(transparent)]
    Formula(#[from] OverRowsError),
    /// A start is no parameter.
    #[error(transparent)]
    Start(#[from] ModelError),
    /// It goes over rows by itself.
    #[error("`{0}` goes over all rows, and a density is that of one row")]
    Reduction(String),
    /// All names are columns.
    #[error("there is nothing to estimate: all names of the density are columns")]
    NoParameters,
    /// No column occurs, only these names.
    #[error("no column occurs in the density")]
    NoColumns(Vec<String>),
    /// At the start, or at all starts that were tried, some row has no logarithm of its density.
    #[error("at the start the density of some row is not a finite number above 0")]
    BadStart,
}

/// What a text gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gives {
    /// The density, or the probability, of a row.
    #[default]
    Density,
    /// Its logarithm.
    LogDensity,
}

/// A density of the rows of a table, whose names that are no columns are parameters: `a*exp(-a*x)`.
///
/// Its logarithm is taken factor by factor, so that no row is lost where the density itself is 0 in doubles.
///
/// ```
/// use gradus::{Gives, Likelihood};
/// let waits = Likelihood::parse("a*exp(-a*x)", &["x"], &[], Gives::Density)?;
/// assert_eq!(waits.log_density()?, "log(a) - a*x");
/// assert_eq!((waits.columns(), waits.parameters()), (vec!["x"], vec!["a"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Likelihood {
    /// Minus the mean of the logarithm.
    loss: OverRows,
    arena: Arena,
    /// The text as it was read.
    given: Id,
    /// The logarithm, to be read.
    shown: Id,
}

impl Likelihood {
    /// Reads a density; `columns` are the names of all columns that there are, `variables` names that are variables whatever
    /// else they mean: `e`, `i`.
    ///
    /// # Errors
    /// [`LikelihoodError::Formula`], [`LikelihoodError::Reduction`], [`LikelihoodError::NoParameters`],
    /// [`LikelihoodError::NoColumns`].
    pub fn parse(
        text: &str,
        columns: &[&str],
        variables: &[&str],
        gives: Gives,
    ) -> Result<Likelihood, LikelihoodError> {
        let columns = spelled(columns);
        let columns: &[&str] = &columns.iter().map(String::as_str).collect::<Vec<_>>();
        let mut arena = Arena::new();
        let names = [variables, &syntax::free_names(columns)[..]].concat();
        let (reading, reductions) =
            syntax::read_over_rows(&mut arena, text, &names).map_err(OverRowsError::from)?;
        if let Some(reduced) = reductions.first() {
            let name = arena.symbol_name(reduced.result).to_owned();
            return Err(LikelihoodError::Reduction(name));
        }
        if reading.is_list {
            return Err(OverRowsError::List.into());
        }
        let given = reading.results[0];
        let (log, shown) = match gives {
            Gives::LogDensity => (given, given),
            Gives::Density => {
                let log = log_density(&mut arena, given);
                let shown = simplify::simplify(&mut arena, log.shown).id;
                (log.value, shown)
            }
        };
        let minus = arena.neg(log);
        let loss = OverRows::mean(arena.clone(), minus, columns, reading.notes);
        if loss.parameters().is_empty() {
            return Err(LikelihoodError::NoParameters);
        }
        if loss.columns().is_empty() {
            let names = loss.parameters().into_iter().map(str::to_owned);
            return Err(LikelihoodError::NoColumns(names.collect()));
        }
        Ok(Likelihood {
            loss,
            arena,
            given,
            shown,
        })
    }

    /// The columns that occur, sorted by name: the order in which [`loss`](Self::loss) takes them.
    pub fn columns(&self) -> Vec<&str> {
        self.loss.columns()
    }

    /// The parameters, sorted by name: the order of a point.
    pub fn parameters(&self) -> Vec<&str> {
        self.loss.parameters()
    }

    /// Remarks on readings taken.
    pub fn notes(&self) -> &[Note] {
        self.loss.notes()
    }

    /// What is made small: minus the mean of the logarithm over the rows.
    pub fn loss(&self) -> &OverRows {
        &self.loss
    }

    /// The formula as it was given.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn text(&self) -> Result<String, TooLong> {
        print::text(&self.arena, self.given)
    }

    /// The logarithm of the density, as a sum.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn log_density(&self) -> Result<String, TooLong> {
        print::text(&self.arena, self.shown)
    }

    /// What the text gives at a row: the density, or its logarithm. `row` has the [columns](Self::columns), `parameters` the
    /// [parameters](Self::parameters) in their order.
    ///
    /// # Errors
    /// [`LikelihoodError::Formula`].
    ///
    /// # Panics
    /// If there are more or fewer numbers.
    pub fn at(&self, row: &[f64], parameters: &[f64]) -> Result<f64, LikelihoodError> {
        let names = [self.columns(), self.parameters()].concat();
        let symbols: Vec<SymbolId> = (names.iter())
            .map(|name| self.arena.find_symbol(name).expect("it occurs"))
            .collect();
        let program = Program::new(
            &self.arena,
            &[self.given],
            &symbols,
            ProgramOptions::default(),
        );
        let program = program.map_err(|error| OverRowsError::Rows(error.into()))?;
        let mut registers = vec![0.0; program.registers()];
        Ok(program.run_in(&[row, parameters].concat(), &mut registers)[0])
    }

    /// Is the expected Fisher information the observed one, whatever the rows? It is where no column occurs in the second
    /// derivatives of the logarithm, but for those that are `given` and not random: the x of a regression.
    ///
    /// # Errors
    /// [`LikelihoodError::Formula`].
    pub fn information_is_expected(&self, given: &[&str]) -> Result<bool, LikelihoodError> {
        let mut arena = self.arena.clone();
        let names = self.parameters();
        let symbols: Vec<SymbolId> = names.iter().map(|name| arena.symbol_id(name)).collect();
        let log = simplify::simplify(&mut arena, self.shown).id;
        let slopes = calculus::gradient(&mut arena, log, &symbols).map_err(OverRowsError::from)?;
        let mut seconds: Vec<Id> = Vec::new();
        for slope in slopes {
            let slope = simplify::expand(&mut arena, slope).id;
            seconds.extend(
                calculus::gradient(&mut arena, slope, &symbols).map_err(OverRowsError::from)?,
            );
        }
        let seconds: Vec<Id> = (seconds.into_iter())
            .map(|second| simplify::simplify(&mut arena, second).id)
            .collect();
        let columns = self.columns();
        Ok(walk::symbols(&arena, &seconds).into_iter().all(|symbol| {
            let name = arena.symbol_name(symbol);
            !columns.contains(&name) || given.contains(&name)
        }))
    }

    /// What a search goes down, with data: the rows of [`columns`](Self::columns) in that order.
    ///
    /// # Errors
    /// [`LikelihoodError::Formula`].
    pub fn objective(&self, rows: impl Rows + 'static) -> Result<RowsObjective, LikelihoodError> {
        Ok(self.loss.objective(rows)?)
    }

    /// Where the search begins: parts that are not given are chosen so that every row has a density, of several the best.
    /// None if there is no such point among those tried.
    ///
    /// Tried are a few numbers, and means and deviations of the columns, as `typical` has them.
    pub fn start(
        &self,
        objective: &mut RowsObjective,
        given: &[Option<f64>],
        typical: &[f64],
    ) -> Option<Vec<f64>> {
        guess(objective, given, typical)
    }
}

/// Means and deviations of columns: numbers of the size that parameters may have.
pub(crate) fn typical(rows: &mut dyn Rows) -> Vec<f64> {
    let mut summaries: Vec<Summary> = Vec::new();
    let seen = rows.visit(&mut |columns, _| {
        summaries.resize_with(columns.len(), Summary::default);
        for (summary, column) in summaries.iter_mut().zip(columns) {
            summary.extend(column);
        }
    });
    if seen.is_err() {
        return Vec::new();
    }
    (summaries.iter())
        .flat_map(|s| [s.mean(), s.standard_deviation()])
        .flatten()
        .filter(|x| x.is_finite())
        .collect()
}

/// The parameters under which columns are most probable.
#[derive(Clone, Debug)]
pub struct Likely {
    /// The names of the parameters, in the order of [`Maximum::parameters`].
    pub names: Vec<String>,
    /// What was found.
    pub maximum: Maximum,
}

impl Likely {
    fn place(&self, name: &str) -> Option<usize> {
        let name = syntax::normalize_name(name);
        self.names.iter().position(|n| *n == name)
    }

    /// The value of a parameter, if the density has it.
    pub fn value(&self, name: &str) -> Option<f64> {
        Some(self.maximum.parameters[self.place(name)?])
    }

    /// Its standard error.
    pub fn std_error(&self, name: &str) -> Option<f64> {
        Some(self.maximum.std_error(self.place(name)?))
    }

    /// The interval that holds the true value with this probability.
    pub fn interval(&self, name: &str, confidence: f64) -> Option<(f64, f64)> {
        Some(self.maximum.interval(self.place(name)?, confidence))
    }
}

/// The parameters of a density under which columns are most probable. Starts may be left out.
///
/// ```
/// let found = gradus::likelihood("a*exp(-a*x)", &[("x", &[1.0, 2.0, 6.0])], &[])?;
/// assert!((found.value("a").unwrap() - 1.0/3.0).abs() < 1e-12);
/// assert!((found.std_error("a").unwrap() - 1.0/27f64.sqrt()).abs() < 1e-12);
/// assert!((found.maximum.log_likelihood - 3.0*((1.0/3.0f64).ln() - 1.0)).abs() < 1e-12);
/// # Ok::<(), gradus::LikelihoodError>(())
/// ```
///
/// # Errors
/// [`LikelihoodError`]. Not to converge is no error: [`Maximum::converged`] says so.
///
/// # Panics
/// If the columns are not of one length.
pub fn likelihood(
    density: &str,
    columns: &[(&str, &[f64])],
    start: &[(&str, f64)],
) -> Result<Likely, LikelihoodError> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let known: Vec<&str> = start.iter().map(|(name, _)| *name).collect();
    let density = Likelihood::parse(density, &names, &known, Gives::Density)?;
    let parameters = density.parameters();
    let spelled = spelled(&names);
    let names: Vec<&str> = spelled.iter().map(String::as_str).collect();
    let given = starts(&parameters, &names, start)?;
    let column = |name: &&str| columns.iter().find(|(given, _)| is_spelled(given, name));
    let values: Vec<Vec<f64>> = (density.columns().iter())
        .map(|name| column(name).expect("a column").1.to_vec())
        .collect();
    let rows = values.first().map_or(0, Vec::len);
    let mut table = Columns::new(values, rows);
    let typical = typical(&mut table);
    let mut objective = density.objective(table)?;
    let start = density.start(&mut objective, &given, &typical);
    let start = start.ok_or(LikelihoodError::BadStart)?;
    let maximum = maximise(&mut objective, rows as u64, &start, &Search::default());
    Ok(Likely {
        names: parameters.into_iter().map(str::to_owned).collect(),
        maximum,
    })
}
