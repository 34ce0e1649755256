//! Programs as source: C, Rust, Python, JavaScript, LaTeX, SQL, for people to read and for their compilers to run.
//!
//! [`source`] writes one file that needs nothing but the language. Its head says what it computes and in which order
//! inputs and outputs come; the body has a statement a shared value. What the language lacks (`digamma`, a `max` that
//! keeps NaN, ...) stands before it as a small function, if it is used. The operations are those of the program in their
//! order, so that where only `+ - * /` and square roots occur every language gives the same bits as the interpreter; but
//! SQL has NULL for NaN and infinities, and one zero.
//!
//! A language is a file: its spelling of operations, its constants, its function around them. What is common: `steps.rs`
//! reads the program back into single assignment, `names.rs` chooses identifiers, `body.rs` decides what becomes a
//! statement and what stands inside another one, `header.rs` writes the head, `helpers/` holds the small functions.
//!
//! ```
//! use gradus::{Graph, program::{Backend, Options, Program}};
//! use gradus::program::source::{Description, Input, Language, Shape, source};
//! let graph = Graph::new();
//! let f = graph.parse("x^2 + 1").unwrap();
//! let arena = graph.arena();
//! let x = arena.find_symbol("x").unwrap();
//! let options = Options { fuse: false, careful: true };
//! let program = Program::new(&arena, &[f.id()], &[x], options).unwrap();
//! let inputs = [Input { name: "x".into(), latex: "x".into() }];
//! let description = Description {
//!     name: "f", inputs: &inputs, shape: Shape::Value, is_list: false, functions: 1, formula: "x^2 + 1",
//! };
//! let code = source(&program, &description, Language::C).unwrap();
//! assert!(code.text.contains("double f(double x) {\n    return 1.0 + x * x;\n}"));
//! ```

mod body;
mod c;
mod header;
mod helpers;
mod javascript;
mod latex;
mod names;
mod python;
mod remainder;
mod rust;
mod spelling;
mod sql;
mod steps;
mod text;

pub use names::{check_name, is_plain_name};
pub use sql::{MAX_SQL_COLUMNS, MAX_SQL_LEVELS};

use super::{Op, Program};
use crate::expr::Function;
use steps::Steps;

/// Longer source is refused with an error.
pub const MAX_SOURCE_BYTES: usize = 64 << 20;

/// A language that programs are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// C99, with `math.h`.
    C,
    /// Rust, with its standard library.
    Rust,
    /// Python with NumPy: functions of numbers or of arrays, element by element.
    Python,
    /// JavaScript, a module.
    JavaScript,
    /// An algorithm of numbered assignments, in LaTeX.
    Latex,
    /// A query: a column an output, a row a point. PostgreSQL 12 or later, or SQLite 3.35 or later with its mathematical
    /// functions.
    Sql,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 6] = [
        Language::C,
        Language::Rust,
        Language::Python,
        Language::JavaScript,
        Language::Latex,
        Language::Sql,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Language::C => "C",
            Language::Rust => "Rust",
            Language::Python => "Python",
            Language::JavaScript => "JavaScript",
            Language::Latex => "LaTeX",
            Language::Sql => "SQL",
        }
    }

    /// Can it round a product and a sum once? The program for a language that cannot must not be fused.
    pub fn has_fused_products(self) -> bool {
        matches!(self, Language::C | Language::Rust)
    }
}

/// What the outputs of the program are, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// The value of each function.
    #[default]
    Value,
    /// The value, then the derivative by each input.
    Gradient,
    /// The value of each function, then the derivatives of each function by each input, row by row.
    Jacobian,
    /// The value, the derivative by each input, then the second derivatives, row by row.
    Hessian,
}

/// An input of the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name in formulas.
    pub name: String,
    /// Its name in LaTeX.
    pub latex: String,
}

/// What source says about a program beside its operations.
#[derive(Clone, Copy, Debug)]
pub struct Description<'a> {
    /// The name of the function; see [`check_name`]. `_and_gradient` and the like is added to it. In SQL it is the table
    /// that is read.
    pub name: &'a str,
    /// The inputs of the program, in their order.
    pub inputs: &'a [Input],
    /// What the outputs are.
    pub shape: Shape,
    /// Are the values a list, even where it has one entry?
    pub is_list: bool,
    /// How many functions there are.
    pub functions: usize,
    /// The formula, for the head of the file.
    pub formula: &'a str,
}

impl Description<'_> {
    /// How many outputs the program must have.
    pub fn outputs(&self) -> usize {
        let (m, n) = (self.functions, self.inputs.len());
        match self.shape {
            Shape::Value => m,
            Shape::Gradient => 1 + n,
            Shape::Jacobian => m + m * n,
            Shape::Hessian => 1 + n + n * n,
        }
    }

    /// The name with what is added to it for derivatives.
    fn function_name(&self) -> String {
        let added = match self.shape {
            Shape::Value => "",
            Shape::Gradient => "_and_gradient",
            Shape::Jacobian => "_and_jacobian",
            Shape::Hessian => "_and_hessian",
        };
        format!("{}{added}", self.name)
    }
}

/// A function of more inputs takes them as one argument.
const MOST_PARAMETERS: usize = 12;

/// Does the function take its inputs as one argument, a point?
fn by_point(description: &Description<'_>) -> bool {
    description.shape != Shape::Value || description.inputs.len() > MOST_PARAMETERS
}

/// Source.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The whole file.
    pub text: String,
    /// The inputs, in their order, under the names that they have there.
    pub inputs: Vec<String>,
    /// The outputs, in their order: `value`, `d_dx`, `d2_dx_dy`; of several functions `value_1`, `d1_dx`.
    pub outputs: Vec<String>,
}

/// Why there is no source.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SourceError {
    /// The imaginary unit occurs.
    #[error("the formula contains the imaginary unit; source is written for real numbers")]
    NeedsComplex,
    /// The function has no sound form in the language.
    #[error("{} has no function `{function}`", language.name())]
    NoFunction {
        /// The language.
        language: Language,
        /// The function.
        function: Function,
    },
    /// An infinite number occurs, which the language cannot write.
    #[error("{} has no way to write an infinite number that works everywhere", language.name())]
    NoInfinity {
        /// The language.
        language: Language,
    },
    /// The program has fused products.
    #[error("{} has no product and sum that are rounded once", language.name())]
    NoFusedProduct {
        /// The language.
        language: Language,
    },
    /// The function cannot be called like this.
    #[error("{message}")]
    Name {
        /// What is wrong.
        message: String,
        /// Where it is wrong, in bytes of the name.
        start: usize,
        /// Where that ends.
        end: usize,
    },
    /// A query would have too many columns, or too many levels.
    #[error("the query would have {found} {what}; databases take about {most}")]
    TooDeep {
        /// `columns` or `levels`.
        what: &'static str,
        /// How many there would be.
        found: usize,
        /// How many are allowed.
        most: usize,
    },
    /// There would be too much of it.
    #[error("the source would be longer than {} MiB", MAX_SOURCE_BYTES >> 20)]
    TooLong,
}

/// Writes a program.
///
/// # Errors
/// [`SourceError`].
///
/// # Panics
/// If the program has not as many inputs and outputs as the description says.
pub fn source(
    program: &Program,
    description: &Description<'_>,
    language: Language,
) -> Result<Code, SourceError> {
    assert_eq!(program.inputs(), description.inputs.len());
    assert_eq!(program.outputs(), description.outputs());
    if program.needs_complex() {
        return Err(SourceError::NeedsComplex);
    }
    check_name(description.name, language)?;
    let is_fused = |op| matches!(op, Op::MulAdd | Op::MulSub | Op::NegMulAdd);
    if !language.has_fused_products() && program.instructions().iter().any(|i| is_fused(i.op)) {
        return Err(SourceError::NoFusedProduct { language });
    }
    let steps = Steps::new(program);
    let code = match language {
        Language::C => c::write(&steps, description),
        Language::Rust => rust::write(&steps, description),
        Language::Python => python::write(&steps, description),
        Language::JavaScript => javascript::write(&steps, description),
        Language::Latex => latex::write(&steps.without_fill(), description),
        Language::Sql => sql::write(steps, description),
    }?;
    match code.text.len() > MAX_SOURCE_BYTES {
        true => Err(SourceError::TooLong),
        false => Ok(code),
    }
}
