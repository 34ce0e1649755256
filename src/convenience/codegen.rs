//! From expressions to source in another language.

use rustc_hash::FxHashSet;

use super::compile::{CompileError, slopes};
use super::methods::{ids_of, symbols_of};
use crate::calculus;
use crate::expr::{Arena, Expr, Id, SymbolId};
use crate::program::source::{Code, Description, Input, Language, Shape, SourceError, source};
use crate::program::{Options, Program, ProgramError};
use crate::simplify::simplify_all;
use crate::syntax::print::{TooLong, latex, text};

/// Why there is no source.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CodegenError {
    /// There is no program to be written.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The language cannot say it.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A gradient or a Hessian was asked of several functions.
    #[error("there are {functions} functions: ask for their Jacobian")]
    NotSingle {
        /// How many functions there are.
        functions: usize,
    },
    /// The name of an input is too long to print.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

impl From<ProgramError> for CodegenError {
    fn from(error: ProgramError) -> CodegenError {
        CodegenError::Compile(error.into())
    }
}

impl From<calculus::CalculusError> for CodegenError {
    fn from(error: calculus::CalculusError) -> CodegenError {
        CodegenError::Compile(error.into())
    }
}

/// What is written, and how.
///
/// ```
/// use gradus::{Codegen, Language, Shape};
/// let how = Codegen { shape: Shape::Gradient, ..Codegen::new(Language::Rust) };
/// assert_eq!(how.name, "f");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Codegen {
    /// The language.
    pub language: Language,
    /// Which derivatives are computed beside the value.
    pub shape: Shape,
    /// The name of the function; in SQL that of the table of points.
    pub name: String,
    /// Is it a list of functions, even if there is only one?
    pub is_list: bool,
    /// Round products and sums once, where the language can.
    pub fuse: bool,
    /// Simplify derivatives first: shorter to read, but they share less with the value.
    pub simplify: bool,
}

impl Codegen {
    /// The value only, of `f` (in SQL: of the rows of `points`).
    pub fn new(language: Language) -> Codegen {
        let name = match language {
            Language::Sql => "points",
            _ => "f",
        };
        Codegen {
            language,
            shape: Shape::Value,
            name: name.to_owned(),
            is_list: false,
            fuse: false,
            simplify: false,
        }
    }
}

/// Source that computes functions of these variables, and derivatives if they are asked for.
///
/// ```
/// use gradus::{Codegen, Graph, Language, codegen};
/// let graph = Graph::new();
/// let f = graph.parse("x*sin(y)")?;
/// let code = codegen(&[f], &["x", "y"], &Codegen::new(Language::Python))?;
/// assert!(code.text.contains("return x * np.sin(y)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`CodegenError`].
///
/// # Panics
/// If the functions belong to different graphs, or there is none.
pub fn codegen(
    functions: &[Expr<'_>],
    variables: &[&str],
    how: &Codegen,
) -> Result<Code, CodegenError> {
    let graph = functions.first().expect("at least one function").graph();
    let roots = ids_of(functions);
    let symbols = symbols_of(functions[0], variables);
    let is_list = how.is_list || functions.len() > 1;
    let how = Codegen {
        is_list,
        ..how.clone()
    };
    write(&mut graph.arena_mut(), &roots, &symbols, &how)
}

/// As [`codegen`], over the arena behind the graph.
pub(crate) fn write(
    arena: &mut Arena,
    roots: &[Id],
    variables: &[SymbolId],
    how: &Codegen,
) -> Result<Code, CodegenError> {
    let functions = roots.len();
    if functions != 1 && matches!(how.shape, Shape::Gradient | Shape::Hessian) {
        return Err(CodegenError::NotSingle { functions });
    }
    let mut seen = FxHashSet::default();
    if let Some(&twice) = variables.iter().find(|&&symbol| !seen.insert(symbol)) {
        let name = arena.symbol_name(twice).to_owned();
        return Err(CompileError::NamedTwice { name }.into());
    }
    let mut all = match how.shape {
        Shape::Value => roots.to_vec(),
        Shape::Gradient | Shape::Jacobian | Shape::Hessian => slopes(arena, roots, variables)?,
    };
    if how.shape == Shape::Hessian {
        all.extend(calculus::hessian(arena, roots[0], variables)?.concat());
    }
    if how.simplify {
        let simple = simplify_all(arena, &all[functions..]);
        all.truncate(functions);
        all.extend(simple.iter().map(|s| s.id));
    }
    let options = Options {
        fuse: how.fuse,
        careful: true,
    };
    let program = Program::new(arena, &all, variables, options)?;
    let inputs: Vec<Input> = (variables.iter())
        .map(|&variable| {
            let name = arena.symbol_name(variable).to_owned();
            let symbol = arena.symbol(&name);
            let latex = latex(arena, symbol)?;
            Ok(Input { name, latex })
        })
        .collect::<Result<_, TooLong>>()?;
    let description = Description {
        name: &how.name,
        inputs: &inputs,
        shape: how.shape,
        is_list: how.is_list,
        functions,
        formula: &formula(arena, roots, how.is_list),
    };
    Ok(source(&program, &description, how.language)?)
}

/// The formula for the head of the file.
fn formula(arena: &Arena, roots: &[Id], is_list: bool) -> String {
    let text = |&root| text(arena, root).unwrap_or_else(|_| "... (too long to print)".to_owned());
    let texts: Vec<String> = roots.iter().map(text).collect();
    match is_list {
        true => format!("[{}]", texts.join(", ")),
        false => texts.join(", "),
    }
}
