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
pub mod fold;
mod forms;
mod joined;
mod level;
#[cfg_attr(
    not(all(feature = "native", target_arch = "x86_64", unix)),
    path = "no_loops.rs"
)]
mod loops;
mod math;
mod numbers;
mod order;
mod patience;
mod plan;
mod planner;
mod reduce;
mod run;
#[cfg_attr(
    not(all(feature = "native", target_arch = "x86_64", unix)),
    allow(dead_code, reason = "the code of loops is made from it")
)]
mod runs;
mod slots;

pub use apply::{apply, apply_pow};
pub(crate) use blocks::{Room, SharedBatch};
pub(crate) use forms::Forms;
pub use forms::Term;
pub use level::Level;
pub(crate) use math::Arithmetic;
pub(crate) use math::copies::{Work, work};

use super::Program;
use fold::{Fold, Folding, Totals};
use patience::Patience;
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
    loops: Patience,
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
            loops: Patience::new(program),
            parallel: true,
        })
    }

    /// For [`fold`](Self::fold) and [`run_with`](Self::run_with): only the first `columns` inputs are columns, the others
    /// numbers, which are the same at all points. What depends on them alone is computed once.
    ///
    /// # Errors
    /// [`BatchError::NeedsComplex`].
    ///
    /// # Panics
    /// If the program has fewer inputs.
    pub fn with_numbers(program: &Program, columns: usize) -> Result<Batch, BatchError> {
        assert!(columns <= program.inputs(), "columns are inputs");
        if program.needs_complex() {
            return Err(BatchError::NeedsComplex);
        }
        Ok(Batch {
            plan: Plan::new(program, columns, Level::best()),
            loops: Patience::new(program),
            parallel: true,
        })
    }

    /// The same, with loops of machine code from the first point on, where there can be any: else they are made when the
    /// points have cost as much as making them. The results are the same to the last bit.
    pub fn with_loops(self) -> Batch {
        self.loops.end(&self.plan);
        self
    }

    /// The same, but never with loops of machine code.
    pub fn without_loops(mut self) -> Batch {
        self.loops = Patience::never();
        self
    }

    /// The same, but only in the thread that calls.
    pub fn sequential(mut self) -> Batch {
        self.parallel = false;
        self
    }

    /// The same, for who goes from block to block himself; there must be a column for each input.
    pub(crate) fn by_blocks(&self, columns: usize) -> Result<SharedBatch, BatchError> {
        if columns != self.plan.inputs {
            return Err(BatchError::Columns {
                what: "input",
                expected: self.plan.inputs,
                found: columns,
            });
        }
        Ok(SharedBatch::of(self.plan.clone()))
    }

    /// How many columns are written.
    pub fn outputs(&self) -> usize {
        self.plan.outputs
    }

    /// Writes the outputs at every point: a column an input, a column an output, a number a point.
    ///
    /// # Errors
    /// [`BatchError::Columns`], [`BatchError::Length`]; nothing is written then.
    ///
    /// # Panics
    /// If it was made [with numbers](Self::with_numbers).
    pub fn run(&self, inputs: &[&[f64]], outputs: &mut [&mut [f64]]) -> Result<(), BatchError> {
        self.run_with(inputs, &[], outputs)
    }

    /// The same where some inputs are numbers.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    ///
    /// # Panics
    /// If there are not as many numbers as inputs that are no columns.
    pub fn run_with(
        &self,
        inputs: &[&[f64]],
        numbers: &[f64],
        outputs: &mut [&mut [f64]],
    ) -> Result<(), BatchError> {
        let numbers = self.numbers(numbers);
        let points = outputs
            .first()
            .map(|column| column.len())
            .or(inputs.first().map(|column| column.len()))
            .unwrap_or(0);
        check("input", inputs.iter().copied(), self.plan.columns, points)?;
        let columns = outputs.iter().map(|column| &**column);
        check("output", columns, self.plan.outputs, points)?;
        let (plan, parallel) = (self.plan_for(points), self.parallel);
        run::run(plan, inputs, &numbers, outputs, points, parallel);
        Ok(())
    }

    /// How the points are gone through: with loops of machine code once that pays.
    fn plan_for(&self, points: usize) -> &Plan {
        self.loops.plan(&self.plan, points)
    }

    /// The numbers of a run: those given, and what depends on them alone.
    fn numbers(&self, given: &[f64]) -> Vec<f64> {
        let expected = self.plan.inputs - self.plan.columns;
        assert_eq!(given.len(), expected, "numbers for inputs that are none");
        numbers::numbers(&self.plan.before, given)
    }

    /// The sum of each output over all points, without storing them; `points` is how many there are, which the inputs of
    /// a program without any do not tell.
    ///
    /// The sums carry their rounding errors along, and are added in an order that only the number of points decides: they
    /// are the same to the last bit for any number of threads.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    ///
    /// # Panics
    /// If it was made [with numbers](Self::with_numbers).
    pub fn sums(&self, inputs: &[&[f64]], points: usize) -> Result<Vec<f64>, BatchError> {
        let numbers = self.numbers(&[]);
        check("input", inputs.iter().copied(), self.plan.columns, points)?;
        let (plan, parallel) = (self.plan_for(points), self.parallel);
        Ok(reduce::sums(plan, inputs, &numbers, points, parallel))
    }

    /// Takes more points into sums, smallest and largest values and their derivatives, whose outputs stand beside each other
    /// in the order of `folds`; `numbers` are the inputs that are no columns.
    ///
    /// The bits of the result depend neither on the number of threads nor, where each part but the last has a multiple of
    /// [`fold::PART`] points, on how the points are divided into parts.
    ///
    /// ```
    /// use gradus::program::batch::{Batch, fold::{Fold, Kind, Totals}};
    /// use gradus::{Graph, program::{Options, Program}};
    /// let graph = Graph::new();
    /// let (f, by_a) = (graph.parse("a*x^2").unwrap(), graph.parse("x^2").unwrap());
    /// let arena = graph.arena();
    /// let variables = ["x", "a"].map(|name| arena.find_symbol(name).unwrap());
    /// let program = Program::new(&arena, &[f.id(), by_a.id()], &variables, Options::default()).unwrap();
    /// let batch = Batch::with_numbers(&program, 1)?;
    /// let folds = [Fold { kind: Kind::Sum, slopes: 1 }];
    /// let mut totals = Totals::new(&folds);
    /// batch.fold(&folds, &[&[1.0, 2.0]], &[10.0], 2, &mut totals)?;
    /// assert_eq!((totals.value(0), totals.slopes(0).next()), (50.0, Some(5.0)));
    /// # Ok::<(), gradus::program::batch::BatchError>(())
    /// ```
    ///
    /// # Errors
    /// As [`run`](Self::run).
    ///
    /// # Panics
    /// If there are not as many numbers as inputs that are no columns.
    pub fn fold(
        &self,
        folds: &[Fold],
        columns: &[&[f64]],
        numbers: &[f64],
        points: usize,
        totals: &mut Totals,
    ) -> Result<(), BatchError> {
        self.fold_forms(&Forms::default(), folds, columns, numbers, points, totals)
    }

    /// The same where the last inputs that are columns are linear forms of the others, and not given: the slopes of a fold
    /// end with one a term of the forms that it has derivatives by.
    pub(crate) fn fold_forms(
        &self,
        forms: &Forms,
        folds: &[Fold],
        columns: &[&[f64]],
        numbers: &[f64],
        points: usize,
        totals: &mut Totals,
    ) -> Result<(), BatchError> {
        let folding = Folding {
            plan: self.plan_for(points),
            folds,
            forms,
            columns,
            numbers: &self.numbers(numbers),
            points,
        };
        folding.run(self.parallel, totals)
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
