//! Programs over columns: many points at once.
//!
//! A [`Batch`] runs a program over blocks of some hundred points, an instruction at a time over a whole block: what it costs to
//! find out what to do is paid once a block, and the loops are vector code for the instructions of the machine
//! ([`Level`]). The slots of a block stay in the nearest cache. Inputs are read where they are, outputs written where they
//! belong; constants stand in the loops. Where there is work for more than some 50 microseconds, the
//! blocks are shared among the threads of rayon.
//!
//! Operations give the same bits as [`Program::run`]; functions are those of `math/`, which are within 2 units in the last
//! place of the true value, as the table's are within a few. A point's result depends neither on the number of threads nor
//! on its neighbours. What is NaN or infinite for the scalar interpreter is so here.

mod apply;
mod blocks;
mod level;
mod math;
mod plan;
mod reduce;
mod run;

pub use apply::{apply, apply_pow};
pub(crate) use blocks::{Room, SharedBatch};
pub use level::Level;
pub(crate) use math::Arithmetic;
pub(crate) use math::copies::{Work, work};

use super::Program;
use plan::Plan;

/// Blocks have at least so many points, and a multiple of it.
const MIN_BLOCK: usize = 64;

/// ... and at most so many.
const MAX_BLOCK: usize = 512;

/// How many points a thread takes at once: some tenths of a millisecond for a common formula.
pub(crate) const CHUNK: usize = 8192;

/// Why a batch could not be made or run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Columns are of real numbers.
    #[error("the imaginary unit occurs: there is no real value")]
    NeedsComplex,
    /// There are too many columns, or too few.
    #[error("{found} {what} columns where the program has {expected}")]
    Columns {
        /// "input" or "output".
        what: &'static str,
        /// How many the program has.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The columns are not all of the same length.
    #[error("{what} column {index} has {found} numbers where {expected} are needed")]
    Length {
        /// "input" or "output".
        what: &'static str,
        /// Which column, from 0 on.
        index: usize,
        /// How many numbers it must have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
}

/// A program made ready for columns.
///
/// ```
/// use gradus::{Graph, program::{Options, Program, batch::Batch}};
/// let graph = Graph::new();
/// let f = graph.parse("x^2 + y").unwrap();
/// let arena = graph.arena();
/// let variables = ["x", "y"].map(|name| arena.find_symbol(name).unwrap());
/// let program = Program::new(&arena, &[f.id()], &variables, Options::default()).unwrap();
/// let batch = Batch::new(&program)?;
/// let (x, y, mut value) = ([1.0, 2.0, 3.0], [0.0, 0.5, 1.0], [0.0; 3]);
/// batch.run(&[&x, &y], &mut [&mut value])?;
/// assert_eq!(value, [1.0, 4.5, 10.0]);
/// assert_eq!(batch.sums(&[&x, &y], 3)?, [15.5]);
/// # Ok::<(), gradus::program::batch::BatchError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batch {
    plan: Plan,
    parallel: bool,
}

impl Batch {
    /// For the best instructions of this machine.
    ///
    /// # Errors
    /// [`BatchError::NeedsComplex`].
    pub fn new(program: &Program) -> Result<Batch, BatchError> {
        Batch::with_level(program, Level::best())
    }

    /// For the instructions named.
    ///
    /// # Errors
    /// [`BatchError::NeedsComplex`].
    pub fn with_level(program: &Program, level: Level) -> Result<Batch, BatchError> {
        if program.needs_complex() {
            return Err(BatchError::NeedsComplex);
        }
        Ok(Batch {
            plan: Plan::new(program, program.inputs(), level),
            parallel: true,
        })
    }

    /// The same, but only in the thread that calls.
    pub fn sequential(mut self) -> Batch {
        self.parallel = false;
        self
    }

    /// How many columns are written.
    pub fn outputs(&self) -> usize {
        self.plan.outputs
    }

    /// Writes the outputs at every point: a column an input, a column an output, a number a point.
    ///
    /// # Errors
    /// [`BatchError::Columns`], [`BatchError::Length`]; nothing is written then.
    pub fn run(&self, inputs: &[&[f64]], outputs: &mut [&mut [f64]]) -> Result<(), BatchError> {
        let points = outputs
            .first()
            .map(|column| column.len())
            .or(inputs.first().map(|column| column.len()))
            .unwrap_or(0);
        check("input", inputs.iter().copied(), self.plan.inputs, points)?;
        let columns = outputs.iter().map(|column| &**column);
        check("output", columns, self.plan.outputs, points)?;
        run::run(&self.plan, inputs, outputs, points, self.parallel);
        Ok(())
    }

    /// The sum of each output over all points, without storing them; `points` is how many there are, which the inputs of
    /// a program without any do not tell.
    ///
    /// The sums carry their rounding errors along, and are added in an order that only the number of points decides: they
    /// are the same to the last bit for any number of threads.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn sums(&self, inputs: &[&[f64]], points: usize) -> Result<Vec<f64>, BatchError> {
        check("input", inputs.iter().copied(), self.plan.inputs, points)?;
        Ok(reduce::sums(&self.plan, inputs, points, self.parallel))
    }

    /// The mean of each output over all points, NaN if there is none; see [`sums`](Self::sums).
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn means(&self, inputs: &[&[f64]], points: usize) -> Result<Vec<f64>, BatchError> {
        let mut means = self.sums(inputs, points)?;
        means.iter_mut().for_each(|mean| *mean /= points as f64);
        Ok(means)
    }
}

fn check<'c>(
    what: &'static str,
    columns: impl ExactSizeIterator<Item = &'c [f64]>,
    expected: usize,
    points: usize,
) -> Result<(), BatchError> {
    if columns.len() != expected {
        return Err(BatchError::Columns {
            what,
            expected,
            found: columns.len(),
        });
    }
    for (index, column) in columns.enumerate() {
        if column.len() != points {
            return Err(BatchError::Length {
                what,
                index,
                expected: points,
                found: column.len(),
            });
        }
    }
    Ok(())
}
