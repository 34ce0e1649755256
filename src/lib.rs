//! gradus: exact derivatives of formulas written as text.
//!
//! A formula is read ([`Graph::parse`]) into a graph in which equal parts are one node; a derivative is more nodes of the
//! same graph ([`Expr::diff`], [`Expr::gradient`]); [`Expr::simplify`] makes it short without ever changing a value;
//! printing gives text that reads back as the same expression. Numbers are exact until a value is asked for
//! ([`Expr::eval`]).
//!
//! ```
//! use gradus::Graph;
//!
//! let graph = Graph::new();
//! let f = graph.parse("x^2 + 2*x*y + cos(x + 2*y)")?;
//! let slope = f.diff("x")?.simplify();
//! assert_eq!(slope.to_string(), "2*x + 2*y - sin(x + 2*y)");
//! assert_eq!(slope.eval(&[("x", 1.0), ("y", -0.5)])?, 1.0);
//!
//! // The same formula, written in Rust.
//! let (x, y) = (graph.symbol("x"), graph.symbol("y"));
//! assert_eq!(f, x.powi(2) + 2 * x * y + (x + 2 * y).cos());
//!
//! // In a hurry: text in, text out.
//! assert_eq!(gradus::diff("x^3", "x")?, "3*x^2");
//! # Ok::<(), gradus::Error>(())
//! ```
//!
//! From text to value, a module a step: [`syntax`] reads and prints, [`expr`] holds the graph, [`functions`] is the table
//! of values, [`rules`] the mathematics of `grammar/` as graph templates, [`calculus`] the sweeps, [`mod@simplify`] the
//! normal form, [`textbook`] both in turn, [`numeric`] the evaluation and the independent roads that check a derivative,
//! [`program`] the same evaluation at speed ([`Expr::compile`]) and as source in other languages ([`codegen()`]),
//! [`sparse`] large matrices of derivatives by their entries, [`descend`] the way down to a minimum, [`mod@fit`] models fitted to
//! data, [`lecture`] the numerics of a first course, [`plot`] the pictures, and [`cli`] the program.
//! `docs/architecture.md` in the repository is the map.

// The parser that pest generates without its `std` feature names this crate.
extern crate alloc;

pub mod calculus;
pub mod cli;
mod convenience;
pub mod descend;
pub mod expr;
pub mod fit;
pub mod functions;
pub mod lecture;
pub mod numeric;
pub mod plot;
pub mod program;
pub mod rules;
pub mod simplify;
pub mod sparse;
pub mod syntax;
pub mod textbook;

pub use convenience::{
    Codegen, CodegenError, Compile, CompileError, CompileSparse, Derivatives, Error, Fitted, Gives,
    Integrate, IntegrateError, Likelihood, LikelihoodError, Likely, MAX_HESSIAN_PARAMETERS,
    ModelError, OverRows, OverRowsError, codegen, compile, compile_sparse_jacobian, diff, eval,
    fit, fit_with, gradient, integrate, jacobian, likelihood, simplify,
};
pub use expr::{Assumption, Expr, Function, Graph, Rational};
pub use program::CompiledFunction;
pub use program::source::{Language, Shape};

/// The README's example is run with the tests of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
