//! `gradus codegen`

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::answer::Answer;
use super::args::{CodegenArgs, Lang, Report};
use super::failure::Failure;
use super::names;
use super::problem::Problem;
use crate::convenience::{Codegen, CodegenError, CompileError, write_code};
use crate::expr::SymbolId;
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
    if let Some(path) = &args.out {
        refuse_directory(path)?; // before the work
    }
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
    finish(args, word, code, problem.notes)
}

fn finish(
    args: &CodegenArgs,
    language: &str,
    code: Code,
    notes: Vec<String>,
) -> Result<Answer, Failure> {
    if let Some(path) = &args.out {
        write_file(path, &code.text)
            .map_err(|error| Failure::new("io", format!("--out {}: {error}", path.display())))?;
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
        out: match args.out {
            Some(_) => String::new(),
            None => code.text,
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

fn refuse_directory(path: &Path) -> Result<(), Failure> {
    match path.is_dir() {
        false => Ok(()),
        true => {
            let message = format!("--out {}: it is a directory", path.display());
            Err(Failure::new("io", message).with_hint("name a file in it"))
        }
    }
}

/// Under another name until it is whole, then renamed. What is no plain file, such as a pipe, is written directly.
fn write_file(path: &Path, text: &str) -> std::io::Result<()> {
    if fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        return File::options()
            .write(true)
            .open(path)?
            .write_all(text.as_bytes());
    }
    // A link stays a link to the file that is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let temporary = target.with_file_name(name);
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&temporary, &target));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
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
