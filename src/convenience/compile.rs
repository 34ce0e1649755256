//! From expressions to functions that are called by number.

use rustc_hash::FxHashSet;

use super::methods::{ids_of, symbols_of};
use crate::calculus::{self, CalculusError};
use crate::expr::{Arena, Expr, Id, SymbolId};
use crate::program::{
    Backend, CompiledFunction, FunctionError, Options, Parts, Program, ProgramError,
};

/// Why an expression could not be compiled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CompileError {
    /// There is no derivative.
    #[error(transparent)]
    Calculus(#[from] CalculusError),
    /// A variable is missing, or there is too much to do, or the backend is not there.
    #[error(transparent)]
    Function(#[from] FunctionError),
    /// A variable stands in the list twice.
    #[error("the variable `{name}` is named twice")]
    NamedTwice {
        /// Its name.
        name: String,
    },
}

impl From<ProgramError> for CompileError {
    fn from(error: ProgramError) -> CompileError {
        CompileError::Function(error.into())
    }
}

/// Up to which order derivatives are compiled with a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Derivatives {
    /// Values only.
    None,
    /// Gradient, or Jacobian of several functions.
    #[default]
    First,
    /// Hessians too.
    Second,
}

/// How a function is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compile {
    /// Which derivatives it will be asked for.
    pub derivatives: Derivatives,
    /// What will run it.
    pub backend: Backend,
    /// How its programs are made; `None` leaves it to the backend.
    pub program: Option<Options>,
}

impl Expr<'_> {
    /// A function of these variables, with its gradient, that is called by number: often, fast and from many threads.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let f = graph.parse("x^2 + y")?.compile(&["x", "y"])?;
    /// let mut gradient = [0.0; 2];
    /// assert_eq!(f.value_and_gradient(&[3.0, 1.0], &mut gradient)?, 10.0);
    /// assert_eq!(gradient, [6.0, 1.0]);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`CompileError`], also where a variable of the expression is missing in the list. One that does not occur is no
    /// error: its derivative is 0.
    pub fn compile(self, variables: &[&str]) -> Result<CompiledFunction, CompileError> {
        compile(&[self], variables, Compile::default())
    }

    /// As [`compile`](Self::compile), with a choice of derivatives, backend and rounding.
    ///
    /// ```
    /// use gradus::{Compile, Derivatives, Graph};
    /// let graph = Graph::new();
    /// let second = Compile { derivatives: Derivatives::Second, ..Compile::default() };
    /// let f = graph.parse("x^2*y")?.compile_with(&["x", "y"], second)?;
    /// let mut hessian = [0.0; 4];
    /// f.hessian(&[1.0, 2.0], &mut hessian)?;
    /// assert_eq!(hessian, [4.0, 2.0, 2.0, 0.0]);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub fn compile_with(
        self,
        variables: &[&str],
        how: Compile,
    ) -> Result<CompiledFunction, CompileError> {
        compile(&[self], variables, how)
    }
}

/// Several functions of the same variables, whose common parts are computed once.
///
/// ```
/// use gradus::{Compile, Graph, compile};
/// let graph = Graph::new();
/// let polar = [graph.parse("r*cos(t)")?, graph.parse("r*sin(t)")?];
/// let f = compile(&polar, &["r", "t"], Compile::default())?;
/// let mut jacobian = [0.0; 4];
/// f.jacobian(&[2.0, 0.0], &mut jacobian)?;
/// assert_eq!(jacobian, [1.0, 0.0, 0.0, 2.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As [`Expr::compile`].
///
/// # Panics
/// If the functions belong to different graphs, or there is none.
pub fn compile(
    functions: &[Expr<'_>],
    variables: &[&str],
    how: Compile,
) -> Result<CompiledFunction, CompileError> {
    let graph = functions.first().expect("at least one function").graph();
    let roots = ids_of(functions);
    let symbols = symbols_of(functions[0], variables);
    let mut arena = graph.arena_mut();
    check_names(&arena, &symbols)?;
    let slopes = match how.derivatives >= Derivatives::First {
        true => Some(slopes(&mut arena, &roots, &symbols)?),
        false => None,
    };
    let curvatures = match how.derivatives >= Derivatives::Second {
        true => Some(curvatures(&mut arena, &roots, &symbols)?),
        false => None,
    };
    let options = how.program.unwrap_or(how.backend.options());
    let program = |roots: &[Id]| Program::new(&arena, roots, &symbols, options);
    let parts = Parts {
        values: program(&roots)?,
        slopes: slopes.map(|roots| program(&roots)).transpose()?,
        curvatures: curvatures.map(|roots| program(&roots)).transpose()?,
    };
    let names = symbols
        .iter()
        .map(|&s| arena.symbol_name(s).to_owned())
        .collect();
    Ok(CompiledFunction::new(names, parts, how.backend)?)
}

/// No variable may stand in the list twice.
pub(super) fn check_names(arena: &Arena, variables: &[SymbolId]) -> Result<(), CompileError> {
    let mut seen = FxHashSet::default();
    match variables.iter().find(|&&variable| !seen.insert(variable)) {
        None => Ok(()),
        Some(&twice) => Err(CompileError::NamedTwice {
            name: arena.symbol_name(twice).to_owned(),
        }),
    }
}

/// The functions, then their derivatives row by row.
pub(super) fn slopes(
    arena: &mut Arena,
    roots: &[Id],
    variables: &[SymbolId],
) -> Result<Vec<Id>, CalculusError> {
    let mut all = roots.to_vec();
    match roots {
        [root] => all.extend(calculus::gradient(arena, *root, variables)?),
        _ => all.extend(calculus::jacobian(arena, roots, variables)?.concat()),
    }
    Ok(all)
}

/// Of every row of every Hessian what stands on the diagonal and right of it.
fn curvatures(
    arena: &mut Arena,
    roots: &[Id],
    variables: &[SymbolId],
) -> Result<Vec<Id>, CalculusError> {
    let mut all = Vec::new();
    for &root in roots {
        let rows = calculus::hessian(arena, root, variables)?;
        let triangle = rows.iter().enumerate().flat_map(|(at, row)| &row[at..]);
        all.extend(triangle);
    }
    Ok(all)
}
