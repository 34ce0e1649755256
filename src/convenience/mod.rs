//! For people in a hurry: one call from text to answer.
//!
//! Each function here makes a graph, does one thing and forgets the graph; who asks for more than one thing makes a
//! [`Graph`] and uses [`Graph::parse`] and the methods of [`Expr`](crate::Expr). Derivatives found here are simplified.

mod codegen;
mod compile;
mod evaluate;
mod fit;
mod integrate;
mod likelihood;
mod linear_forms;
mod methods;
mod objective;
mod over_rows;
mod sparse;

pub(crate) use codegen::write as write_code;
pub use codegen::{Codegen, CodegenError, codegen};
pub use compile::{Compile, CompileError, Derivatives, compile};
pub use fit::{Fitted, ModelError, fit, fit_with};
pub(crate) use fit::{MOST_DECIMAL_ROWS, Reading, starts};
pub use integrate::{Integrate, IntegrateError, integrate};
pub(crate) use likelihood::typical;
pub use likelihood::{Gives, Likelihood, LikelihoodError, Likely, likelihood};
pub(crate) use methods::is_defined;
pub use methods::jacobian;
pub use over_rows::{MAX_HESSIAN_PARAMETERS, OverRows, OverRowsError};
pub use sparse::{CompileSparse, compile_sparse_jacobian};

use crate::calculus::CalculusError;
use crate::expr::{Graph, SymbolId};
use crate::numeric::EvalError;
use crate::program::{FunctionError, ProgramError};
use crate::simplify::simplify_all;
use crate::syntax::print::{TooLong, text};
use crate::syntax::{SyntaxError, normalize_name};
use crate::textbook;

/// Whatever can go wrong between a text and its answer; each stage has an error of its own.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The text is not a formula.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// There is no derivative.
    #[error(transparent)]
    Calculus(#[from] CalculusError),
    /// There is no value.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// There is no program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The function could not be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// There is no source.
    #[error(transparent)]
    Codegen(#[from] CodegenError),
    /// The compiled function could not be called like this.
    #[error(transparent)]
    Function(#[from] FunctionError),
    /// The model could not be fitted.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The answer is too long to print.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

/// Is `given` a spelling of a name: `x₁` of `x_1`?
fn is_spelled(given: &str, name: &str) -> bool {
    given == name || normalize_name(given) == name
}

/// Names in their one spelling.
fn spelled(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| normalize_name(name)).collect()
}

/// The derivative by one variable.
///
/// ```
/// assert_eq!(gradus::diff("x^2", "x")?, "2*x");
/// assert_eq!(gradus::diff("sin(x)*y", "y")?, "sin(x)");
/// assert!(gradus::diff("sin(x", "x").is_err());
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// [`Error`], but for [`Error::Eval`].
pub fn diff(formula: &str, variable: &str) -> Result<String, Error> {
    let graph = Graph::new();
    let f = graph.parse(formula)?;
    let mut arena = graph.arena_mut();
    let variable = arena.symbol_id(&normalize_name(variable));
    let slope = textbook::nth_derivative(&mut arena, f.id(), &[variable])?;
    Ok(text(&arena, slope.id)?)
}

/// The derivative by each variable that occurs, in the order of the alphabet: names and formulas.
///
/// ```
/// let gradient = gradus::gradient("x*y^2")?;
/// assert_eq!(gradient, [("x".into(), "y^2".into()), ("y".into(), "2*x*y".into())]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// [`Error`], but for [`Error::Eval`].
pub fn gradient(formula: &str) -> Result<Vec<(String, String)>, Error> {
    let graph = Graph::new();
    let f = graph.parse(formula)?;
    let variables = f.variables();
    let mut arena = graph.arena_mut();
    let symbols: Vec<SymbolId> = variables.iter().map(|name| arena.symbol_id(name)).collect();
    let roots = textbook::shortened(&mut arena, &[f.id()]);
    let slopes = textbook::jacobian(&mut arena, &roots, &symbols)?.concat();
    let simple = simplify_all(&mut arena, &slopes);
    let texts: Vec<String> =
        (simple.iter().map(|slope| text(&arena, slope.id))).collect::<Result<_, _>>()?;
    Ok(variables.into_iter().zip(texts).collect())
}

/// The real value where the variables have the given values.
///
/// ```
/// assert_eq!(gradus::eval("x^2 + sin(pi/2)", &[("x", 3.0)])?, 10.0);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// [`Error::Syntax`]; [`Error::Eval`] where a value is missing or the imaginary unit occurs.
pub fn eval(formula: &str, values: &[(&str, f64)]) -> Result<f64, Error> {
    Ok(Graph::new().parse(formula)?.eval(values)?)
}

/// The formula as a textbook would print it.
///
/// ```
/// assert_eq!(gradus::simplify("x + x + 0")?, "2*x");
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// [`Error::Syntax`], or [`Error::TooLong`].
pub fn simplify(formula: &str) -> Result<String, Error> {
    let graph = Graph::new();
    let simple = graph.parse(formula)?.simplify();
    Ok(text(&graph.arena(), simple.id())?)
}
