//! Integrals of formulas by random points.

use crate::expr::{Graph, SymbolId};
use crate::lecture::sampling::{Integral, Points, Progress, SamplingError, integrate as sample};
use crate::numeric::EvalError;
use crate::program::batch::Batch;
use crate::program::{Backend, Program, ProgramError};
use crate::syntax::{SyntaxError, normalize_name};

/// How [`integrate`] draws its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integrate {
    /// Points of an estimate.
    pub samples: u64,
    /// How many estimates: their spread tells the error.
    pub repeat: u64,
    /// The same seed gives the same points.
    pub seed: u64,
    /// Random points, or Sobol's.
    pub points: Points,
}

impl Default for Integrate {
    /// 100 estimates of 10,000 random points each.
    fn default() -> Integrate {
        Integrate {
            samples: 10_000,
            repeat: 100,
            seed: 0,
            points: Points::Random,
        }
    }
}

/// Why a formula could not be integrated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum IntegrateError {
    /// The text is not a formula.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// A variable has no interval, or the imaginary unit occurs.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// A variable has two intervals.
    #[error("`{name}` has two intervals")]
    Twice {
        /// Its name.
        name: String,
    },
    /// There is no program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// There is no estimate.
    #[error(transparent)]
    Sampling(#[from] SamplingError),
}

/// The integral of a formula over a box, an interval a variable, by a mean over random points (Monte Carlo).
///
/// ```
/// use gradus::{Integrate, integrate};
/// let bell = integrate("exp(-x^2)", &[("x", -1.0, 1.0)], Integrate { seed: 7, ..Integrate::default() })?;
/// assert!((bell.mean - 1.4936).abs() < 4.0 * bell.standard_error);
/// assert!((bell.std - 0.004).abs() < 0.001); // of one estimate from 10,000 points
/// # Ok::<(), gradus::IntegrateError>(())
/// ```
///
/// # Errors
/// [`IntegrateError`].
pub fn integrate(
    formula: &str,
    over: &[(&str, f64, f64)],
    how: Integrate,
) -> Result<Integral, IntegrateError> {
    let graph = Graph::new();
    let f = graph.parse(formula)?;
    // A variable that does not occur still belongs to the volume.
    let mut variables: Vec<SymbolId> = Vec::new();
    for (name, ..) in over {
        graph.try_symbol(name)?;
        let symbol = graph.arena_mut().symbol_id(&normalize_name(name));
        if variables.contains(&symbol) {
            let name = (*name).to_owned();
            return Err(IntegrateError::Twice { name });
        }
        variables.push(symbol);
    }
    let arena = graph.arena();
    let program = Program::new(&arena, &[f.id()], &variables, Backend::Auto.options())?;
    let batch = Batch::new(&program).map_err(SamplingError::from)?;
    let bounds: Vec<(f64, f64)> = over.iter().map(|&(_, low, high)| (low, high)).collect();
    let (samples, repeat, progress) = (how.samples, how.repeat, Progress::default());
    Ok(sample(
        &batch, &bounds, samples, repeat, how.seed, how.points, progress,
    )?)
}
