//! What can be wrong with a text: a closed list of kinds, and an error that says what, where, and what to write instead.

use super::names::{RESERVED_NAMES, did_you_mean};
use super::tree::Span;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $name:literal),* $(,)?) => {
        /// The kinds of errors in a text; stable, also as words ([`SyntaxErrorKind::as_str`]).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SyntaxErrorKind { $($(#[$doc])* $variant),* }

        impl SyntaxErrorKind {
            /// Every kind.
            pub const ALL: &'static [SyntaxErrorKind] = &[$(SyntaxErrorKind::$variant),*];

            /// The kind as a word, for machines.
            pub const fn as_str(self) -> &'static str {
                match self { $(SyntaxErrorKind::$variant => $name),* }
            }
        }
    };
}

kinds! {
    /// Nothing was written.
    Empty "empty",
    /// The text is longer than [`MAX_INPUT_BYTES`](super::MAX_INPUT_BYTES).
    TooLong "too_long",
    /// The brackets are deeper than [`MAX_NESTING`](super::MAX_NESTING).
    TooDeep "too_deep",
    /// The bytes are no text.
    InvalidUtf8 "invalid_utf8",
    /// A bracket or bar was opened and never closed.
    UnclosedBracket "unclosed_bracket",
    /// A closing bracket or bar without its partner.
    UnexpectedBracket "unexpected_bracket",
    /// A character that the language does not use.
    UnexpectedCharacter "unexpected_character",
    /// Something of the language in the wrong place.
    Unexpected "unexpected",
    /// The text ends in the middle.
    UnexpectedEnd "unexpected_end",
    /// An operator, comma or bracket where a value must stand.
    ExpectedValue "expected_value",
    /// There are definitions but no result.
    MissingResult "missing_result",
    /// A number that cannot be read: `0xff`, `1.2.3`, `1_000`, `1,5`.
    InvalidNumber "invalid_number",
    /// A number directly after a value: `2 3`, `x 2`.
    AdjacentNumber "adjacent_number",
    /// A function name with something other than a parenthesis after it: `sin x`.
    MissingParentheses "missing_parentheses",
    /// `sin^-1(x)`, which some read as the inverse and some as the reciprocal.
    AmbiguousInverse "ambiguous_inverse",
    /// `a < b < c`.
    ChainedComparison "chained_comparison",
    /// `=` inside an expression.
    SingleEquals "single_equals",
    /// An operator of another language: `&&`, `||`, `?`.
    ForeignOperator "foreign_operator",
    /// A form that could be read in two ways and must be made clear: `5!!`, `2 * not x`.
    Ambiguous "ambiguous",
    /// A definition or parameter of a name that is taken.
    ReservedName "reserved_name",
    /// The same name defined, or named as a parameter, twice.
    DuplicateName "duplicate_name",
    /// A call of something that is not known.
    UnknownFunction "unknown_function",
    /// A call with too few or too many arguments.
    ArgumentCount "argument_count",
}

/// What to do where a text asks for a derivative in its own words.
pub(super) const DERIVATIVES: &str = "write the formula alone: `gradus diff` gives its derivatives";

/// How other languages write the operation.
const DIFFERENTIATION: [&str; 10] = [
    "d",
    "dx",
    "dy",
    "dt",
    "D",
    "diff",
    "Diff",
    "deriv",
    "derivative",
    "grad",
];

/// An error in a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What kind of error.
    pub kind: SyntaxErrorKind,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What to write instead, where that can be said.
    pub hint: Option<String>,
    /// Where, in bytes.
    pub span: Span,
    /// A second place that explains the first, such as the bracket that was opened.
    pub related: Option<(Span, String)>,
}

impl SyntaxError {
    /// An error without hint or second place.
    pub fn new(kind: SyntaxErrorKind, span: Span, message: impl Into<String>) -> SyntaxError {
        SyntaxError {
            kind,
            message: message.into(),
            hint: None,
            span,
            related: None,
        }
    }

    /// The same with a hint.
    pub fn with_hint(mut self, hint: impl Into<String>) -> SyntaxError {
        self.hint = Some(hint.into());
        self
    }

    /// The same with a second place.
    pub fn with_related(mut self, span: Span, message: impl Into<String>) -> SyntaxError {
        self.related = Some((span, message.into()));
        self
    }

    /// The bytes stop being UTF-8 text at an offset.
    pub fn invalid_utf8(offset: usize) -> SyntaxError {
        let message = format!("the input is not UTF-8 text from byte {offset} on");
        SyntaxError::new(
            SyntaxErrorKind::InvalidUtf8,
            Span::new(offset, offset + 1),
            message,
        )
        .with_hint("save the text in the encoding UTF-8")
    }

    /// A call of a name that no function has, with the candidate that was probably meant.
    pub fn unknown_function<'a>(
        name: &str,
        span: Span,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> SyntaxError {
        let product = || format!("for a product write `{}*(...)`", shown(name));
        let hint = match (name, did_you_mean(name, candidates)) {
            (name, _) if RESERVED_NAMES.contains(&name) => {
                format!("`{name}` is a number; {}", product())
            }
            (name, _) if DIFFERENTIATION.contains(&name) => DERIVATIVES.to_owned(),
            (name, _) if name.starts_with("log_") && name.len() > 4 => {
                format!("write `log(x, {})`", shown(&name[4..]))
            }
            (_, Some(meant)) => format!("did you mean `{meant}`?"),
            (_, None) => product(),
        };
        let message = format!("there is no function `{}`", shown(name));
        SyntaxError::new(SyntaxErrorKind::UnknownFunction, span, message).with_hint(hint)
    }

    /// A function named without its argument, as in `sin + 1`.
    pub fn missing_parentheses(name: &str, span: Span) -> SyntaxError {
        let message = format!("the function `{name}` needs its argument in parentheses");
        SyntaxError::new(SyntaxErrorKind::MissingParentheses, span, message)
            .with_hint(format!("write `{name}(x)`"))
    }
}

/// A piece of the input as it may stand in a message: short, on one line, without characters that steer a terminal.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 32;
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        match c {
            '\t' | '\n' | '\r' => shown.push(' '),
            c if is_invisible(c) => shown.push_str(&format!("U+{:04X}", c as u32)),
            c => shown.push(c),
        }
    }
    shown
}

/// Whether a character has no look of its own: control characters, marks of direction, joiners, unassigned codes.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
}
