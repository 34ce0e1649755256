//! What went wrong, for a person (drawn, with the place marked) or for a machine (one JSON object).

use std::io::IsTerminal;

use serde::Serialize;

use crate::calculus::CalculusError;
use crate::fit::data::DataError;
use crate::numeric::EvalError;
use crate::program::ProgramError;
use crate::syntax::print::TooLong;
use crate::syntax::{Span, SyntaxError, SyntaxErrorKind, render};

/// Bad input: the exit code is 2.
#[derive(Debug)]
pub enum Failure {
    /// A text could not be read.
    Syntax {
        /// What is wrong, and where.
        error: Box<SyntaxError>,
        /// The text.
        source: String,
        /// What the text is called: `input`, `--at`.
        origin: String,
    },
    /// A part of the text of an option cannot stand there.
    Marked {
        /// A word for machines.
        kind: &'static str,
        /// What is wrong, what to write instead, and where.
        error: Box<SyntaxError>,
        /// The text.
        source: String,
        /// What the text is called: `--name`.
        origin: String,
    },
    /// Anything else.
    Other {
        /// A word for machines.
        kind: &'static str,
        /// A sentence for people.
        message: String,
        /// What to do instead.
        hint: Option<String>,
    },
}

impl Failure {
    /// A failure without hint.
    pub fn new(kind: &'static str, message: impl Into<String>) -> Failure {
        let message = message.into();
        Failure::Other {
            kind,
            message,
            hint: None,
        }
    }

    /// The same with a hint.
    pub fn with_hint(mut self, text: impl Into<String>) -> Failure {
        if let Failure::Other { hint, .. } = &mut self {
            *hint = Some(text.into());
        }
        self
    }

    /// A text that could not be read.
    pub fn syntax(error: SyntaxError, source: &str, origin: &str) -> Failure {
        Failure::Syntax {
            error: Box::new(error),
            source: source.to_owned(),
            origin: origin.to_owned(),
        }
    }

    /// A part of the text of an option, in bytes, that cannot stand there.
    pub fn marked(
        kind: &'static str,
        message: String,
        hint: String,
        source: &str,
        origin: &str,
        (start, end): (usize, usize),
    ) -> Failure {
        let span = Span::new(start, end);
        let error = SyntaxError::new(SyntaxErrorKind::Unexpected, span, message).with_hint(hint);
        Failure::Marked {
            kind,
            error: Box::new(error),
            source: source.to_owned(),
            origin: origin.to_owned(),
        }
    }

    /// The word for machines.
    pub fn kind(&self) -> &str {
        self.as_report().kind
    }

    /// The sentence for people, without the place.
    pub fn message(&self) -> &str {
        self.as_report().message
    }

    /// Writes it to standard error.
    pub fn report(&self, json: bool) {
        let text = if json {
            let report = ErrorObject {
                error: self.as_report(),
            };
            serde_json::to_string(&report).expect("only words and numbers") + "\n"
        } else {
            self.drawn(wants_color())
        };
        // Nobody is left to tell if standard error is closed.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
    }

    /// The fields of the JSON form.
    pub fn as_report(&self) -> ErrorReport<'_> {
        match self {
            Failure::Syntax { error, .. } => ErrorReport {
                kind: error.kind.as_str(),
                message: &error.message,
                hint: error.hint.as_deref(),
                start: Some(error.span.start as usize),
                end: Some(error.span.end as usize),
            },
            Failure::Marked { kind, error, .. } => ErrorReport {
                kind,
                message: &error.message,
                hint: error.hint.as_deref(),
                start: Some(error.span.start as usize),
                end: Some(error.span.end as usize),
            },
            Failure::Other {
                kind,
                message,
                hint,
            } => ErrorReport {
                kind,
                message,
                hint: hint.as_deref(),
                start: None,
                end: None,
            },
        }
    }

    /// The form for people.
    pub fn drawn(&self, color: bool) -> String {
        match self {
            Failure::Syntax {
                error,
                source,
                origin,
            }
            | Failure::Marked {
                error,
                source,
                origin,
                ..
            } => render(error, source, origin, color),
            Failure::Other { message, hint, .. } => {
                let mut text = format!("Error: {message}\n");
                if let Some(hint) = hint {
                    text.push_str(&format!("  Help: {hint}\n"));
                }
                text
            }
        }
    }
}

/// What is written: an object of one field.
#[derive(Debug, Serialize)]
pub struct ErrorObject<'a> {
    /// The failure.
    pub error: ErrorReport<'a>,
}

/// The JSON form of a failure; `start` and `end` are bytes of the text that was read.
#[derive(Debug, Serialize)]
pub struct ErrorReport<'a> {
    kind: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
    start: Option<usize>,
    end: Option<usize>,
}

fn wants_color() -> bool {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !plain && std::io::stderr().is_terminal()
}

impl From<TooLong> for Failure {
    fn from(error: TooLong) -> Failure {
        Failure::new("too_long", error.to_string())
            .with_hint("`--format let` prints each shared part once")
    }
}

impl From<CalculusError> for Failure {
    fn from(error: CalculusError) -> Failure {
        let kind = match error {
            CalculusError::NoPartial { .. } => "no_derivative",
            CalculusError::NotAnalytic { .. } | CalculusError::NotReal { .. } => "not_analytic",
            CalculusError::TooLarge => "too_large",
            CalculusError::Singular { .. } => "singular",
        };
        Failure::new(kind, error.to_string())
    }
}

impl From<EvalError> for Failure {
    fn from(error: EvalError) -> Failure {
        let message = error.to_string();
        match error {
            EvalError::MissingVariable { name } => Failure::new("missing_value", message)
                .with_hint(format!("add `{name}=...` to the point")),
            EvalError::NeedsComplex => Failure::new("needs_complex", message),
        }
    }
}

impl From<ProgramError> for Failure {
    fn from(error: ProgramError) -> Failure {
        match error {
            ProgramError::Eval(error) => error.into(),
            ProgramError::TooLarge { .. } => Failure::new("too_large", error.to_string()),
        }
    }
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Failure {
        let kind = match error {
            DataError::Io { .. } => "io",
            DataError::Missing { .. } => "missing_value",
            DataError::NotANumber { .. } => "not_a_number",
            _ => "bad_data",
        };
        let failure = Failure::new(kind, error.to_string());
        match error.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }
}
