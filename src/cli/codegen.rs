//! `gradus codegen`

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::answer::Answer;
use super::args::{CodegenArgs, Lang, Report};
use super::columns::of_out;
use super::failure::Failure;
use super::interrupt;
use super::names;
use super::problem::Problem;
use crate::convenience::{Codegen, CodegenError, CompileError, write_code};
use crate::expr::SymbolId;
use crate::fit::data::{DataError, Output};
use crate::numeric::EvalError;
use crate::program::source::{Code, Language, Shape, SourceError, check_name, is_plain_name};
use crate::program::{FunctionError, ProgramError};
use crate::syntax::did_you_mean;

/// The JSON object of the command.
#[derive(Serialize)]
struct Generated<'a> {
    language: &'a str,
    code: String,
    inputs: Vec<String>,
    outputs: Vec<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Runs the command.
pub fn run(args: &CodegenArgs) -> Result<Answer, Failure> {
    let (language, word) = language_of(args.lang);
    let mut how = Codegen {
        shape: match () {
            () if args.gradient => Shape::Gradient,
            () if args.jacobian => Shape::Jacobian,
            () if args.hessian => Shape::Hessian,
            () => Shape::Value,
        },
        fuse: args.fma,
        simplify: args.simplify,
        ..Codegen::new(language)
    };
    if let Some(name) = &args.name {
        how.name.clone_from(name);
        check_name(name, language).map_err(|error| name_failure(error, name))?;
    }
    if args.fma && !language.has_fused_products() {
        return Err(SourceError::NoFusedProduct { language }.into());
    }
    let file = args.out.as_deref().map(begun).transpose()?; // before the work
    let asked = names::list(&args.wrt, "--wrt")?;
    let named: Vec<&str> = asked.iter().map(String::as_str).collect();
    let mut problem = Problem::read(&args.expr, &named, &Vec::new())?;
    how.is_list = problem.is_list;
    if problem.is_list && (args.gradient || args.hessian) {
        let option = if args.gradient {
            "--gradient"
        } else {
            "--hessian"
        };
        let failure = Failure::new(
            "bad_option",
            format!("{option} is about one formula, not a list"),
        );
        return Err(failure.with_hint("the derivatives of a list are its --jacobian"));
    }
    let symbols: Vec<SymbolId> = match asked.is_empty() {
        true => problem.variables.clone(),
        false => asked.iter().map(|name| problem.symbol(name)).collect(),
    };
    let code = write_code(&mut problem.arena, &problem.roots, &symbols, &how)
        .map_err(|error| failure(error, &problem, &asked))?;
    problem.note_unused(named, "");
    finish(args, (word, code), file, problem.notes)
}

fn finish(
    args: &CodegenArgs,
    (language, code): (&str, Code),
    file: Option<(&Path, Output)>,
    notes: Vec<String>,
) -> Result<Answer, Failure> {
    let has_file = file.is_some();
    if let Some((path, mut output)) = file {
        output.write_all(code.text.as_bytes()).map_err(|error| {
            of_out(DataError::Io {
                file: path.display().to_string(),
                error,
            })
        })?;
        interrupt::placing(|| output.finish()).map_err(of_out)?;
    }
    if args.format == Report::Json {
        return Ok(Answer::json(&Generated {
            language,
            code: code.text,
            inputs: code.inputs,
            outputs: code.outputs,
            notes: &notes,
        }));
    }
    Ok(Answer {
        out: match has_file {
            true => String::new(),
            false => code.text,
        },
        notes,
        unreached: false,
    })
}

/// The language, and the word for it.
fn language_of(lang: Lang) -> (Language, &'static str) {
    match lang {
        Lang::C => (Language::C, "c"),
        Lang::Rust => (Language::Rust, "rust"),
        Lang::Python => (Language::Python, "python"),
        Lang::Javascript => (Language::JavaScript, "javascript"),
        Lang::Latex => (Language::Latex, "latex"),
        Lang::Sql => (Language::Sql, "sql"),
    }
}

/// The file that the source goes to.
fn begun(path: &Path) -> Result<(&Path, Output), Failure> {
    if path.is_dir() {
        let message = format!("--out {}: it is a directory", path.display());
        return Err(Failure::new("io", message).with_hint("name a file in it"));
    }
    let output = Output::create(path).map_err(of_out)?;
    interrupt::removes(output.temporary());
    Ok((path, output))
}

/// A name that cannot be one, with the place marked.
fn name_failure(error: SourceError, name: &str) -> Failure {
    match error {
        SourceError::Name {
            message,
            start,
            end,
        } => {
            let plain: String = (name.chars())
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                .collect();
            let plain = match plain.starts_with(|c: char| c.is_ascii_digit()) {
                true => format!("f_{plain}"),
                false => plain,
            };
            let suggestion = if plain == name {
                format!("{plain}_")
            } else {
                plain
            };
            let hint = match is_plain_name(&suggestion) && !suggestion.starts_with("gradus_") {
                true => format!("write --name {suggestion}"),
                false => {
                    "a name has letters, digits and _, and does not begin with a digit".to_owned()
                }
            };
            Failure::marked("bad_name", message, hint, name, "--name", (start, end))
        }
        other => other.into(),
    }
}

fn failure(error: CodegenError, problem: &Problem, asked: &[String]) -> Failure {
    match error {
        CodegenError::Source(error) => error.into(),
        CodegenError::TooLong(error) => error.into(),
        CodegenError::NotSingle { .. } => Failure::new("bad_option", error.to_string()),
        CodegenError::Compile(error) => match error {
            CompileError::Calculus(error) => error.into(),
            CompileError::NamedTwice { .. } => {
                Failure::new("bad_option", format!("--wrt: {error}"))
            }
            CompileError::Function(FunctionError::Program(ProgramError::Eval(
                EvalError::MissingVariable { name },
            ))) => {
                let message =
                    format!("--wrt: `{name}` occurs in the formula but is not among the inputs");
                let hint = match did_you_mean(&name, asked.iter().map(String::as_str)) {
                    Some(given) if !problem.variable_names().contains(&given) => {
                        format!("did you mean `{name}` where you wrote `{given}`?")
                    }
                    _ => format!("add it: --wrt {},{name}", asked.join(",")),
                };
                Failure::new("missing_value", message).with_hint(hint)
            }
            CompileError::Function(FunctionError::Program(error)) => error.into(),
            CompileError::Function(error) => Failure::new("bad_option", error.to_string()),
        },
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Failure {
        let message = error.to_string();
        match error {
            SourceError::NeedsComplex => Failure::new("needs_complex", message),
            SourceError::NoFunction { .. } => Failure::new("no_function", message)
                .with_hint("c, rust, python and javascript have it"),
            SourceError::NoInfinity { .. } => Failure::new("no_infinity", message),
            SourceError::NoFusedProduct { .. } => {
                Failure::new("bad_option", message).with_hint("leave --fma out; c and rust have it")
            }
            SourceError::Name { .. } => Failure::new("bad_name", message),
            SourceError::TooDeep { .. } | SourceError::TooLong => {
                Failure::new("too_large", message)
            }
        }
    }
}
