//! Why the grammar stopped: from the place where it did, an error in our own words.

use super::brackets;
use super::error::{DERIVATIVES, SyntaxError, SyntaxErrorKind as Kind, is_invisible, shown};
use super::tree::Span;

/// The error of a text that the grammar read up to a place and not beyond.
pub(super) fn explain(text: &str, place: usize) -> SyntaxError {
    let blank = |c: char| c.is_whitespace() || c == '\u{FEFF}';
    let rest = text.get(place..).unwrap_or("").trim_start_matches(blank);
    let at = text.len() - rest.len();
    let before = text[..at].trim_end_matches(blank);
    let (open, after_value) = brackets::at(text, at);
    let stop = Stop {
        text,
        at,
        before,
        found: lexeme(rest),
        open,
        after_value,
    };
    match rest.chars().next() {
        None => stop.at_end(),
        Some(c) => stop.at_character(c, rest),
    }
}

/// What `@` and `.T` would need.
const MATRICES: &str = "formulas are of numbers: write matrices by their entries";

struct Stop<'t> {
    text: &'t str,
    at: usize,
    /// The text before, without the blanks at its end.
    before: &'t str,
    /// What stands at the place.
    found: &'t str,
    open: Option<brackets::Open>,
    after_value: bool,
}

impl Stop<'_> {
    fn error(&self, kind: Kind, message: impl Into<String>) -> SyntaxError {
        SyntaxError::new(
            kind,
            Span::new(self.at, self.at + self.found.len()),
            message,
        )
    }

    fn at_end(&self) -> SyntaxError {
        if self.before.is_empty() {
            return self
                .error(Kind::Empty, "the input is empty")
                .with_hint("write an expression, such as `x^2 + 1`");
        }
        if self.before.ends_with(';') {
            return self.no_result();
        }
        if self.after_value {
            let hint =
                "add `;` and the expression that is wanted, or leave out what stands before `=`";
            return self
                .error(Kind::MissingResult, "there is a definition but no result")
                .with_hint(hint);
        }
        let last = last_lexeme(self.before);
        let message = format!("unexpected end after `{}`", shown(last));
        self.error(Kind::UnexpectedEnd, message)
            .with_hint(match last {
                "%" => "`%` is the remainder of a division; one per cent is `1/100`",
                _ => "a value must follow",
            })
    }

    fn no_result(&self) -> SyntaxError {
        self.error(Kind::MissingResult, "there is no result after `;`")
            .with_hint("end with the expression that is wanted; after it stands no `;`")
    }

    fn at_character(&self, c: char, rest: &str) -> SyntaxError {
        match c {
            ';' if self.after_value && self.open.is_none() => self.semicolon(rest),
            ',' if self.after_value => self.comma(rest),
            '=' if self.after_value && rest.starts_with("=>") => self
                .error(
                    Kind::ForeignOperator,
                    "`=>` is not an operator of this language",
                )
                .with_hint("write `>=`"),
            '=' if self.after_value && rest.starts_with("=<") => self
                .error(
                    Kind::ForeignOperator,
                    "`=<` is not an operator of this language",
                )
                .with_hint("write `<=`"),
            '=' if self.after_value => self
                .error(Kind::SingleEquals, "`=` cannot stand inside an expression")
                .with_hint("write `==` to compare, or `name = value; ...` to define a name"),
            ':' if rest.starts_with(":=") => self.foreign("="),
            '/' if self.before.ends_with('/') => self.doubled("floor(a/b)"),
            '^' if self.before.ends_with('^') => self.doubled("^"),
            '&' => self.foreign("and"),
            '?' | ':' => self
                .error(
                    Kind::ForeignOperator,
                    format!("`{c}` is not an operator of this language"),
                )
                .with_hint("write `if(c, a, b)` for a choice"),
            '!' if !self.after_value && !rest.starts_with("!=") => self.foreign("not"),
            '>' if self.before.ends_with('<') => self.doubled("!="),
            '\'' | '′' | '∂' | '∇' => self
                .error(
                    Kind::UnexpectedCharacter,
                    format!("unexpected character `{c}`"),
                )
                .with_hint(DERIVATIVES),
            '_' if self.before.ends_with(|c: char| c.is_ascii_digit())
                && rest[1..].starts_with(|c: char| c.is_ascii_digit()) =>
            {
                self.grouped_digits()
            }
            '@' => self
                .error(Kind::UnexpectedCharacter, "unexpected character `@`")
                .with_hint(MATRICES),
            '_' => self
                .error(Kind::UnexpectedCharacter, "unexpected character `_`")
                .with_hint("a name starts with a letter"),
            '[' => self
                .error(Kind::Unexpected, "a list can only be the whole result")
                .with_hint("write parentheses `( )` to group"),
            '{' | '}' => self
                .error(
                    Kind::UnexpectedCharacter,
                    format!("unexpected character `{c}`"),
                )
                .with_hint("write parentheses `( )` to group"),
            '\\' => self
                .error(Kind::UnexpectedCharacter, "unexpected character `\\`")
                .with_hint("formulas are written as plain text: `sqrt(x)/2`"),
            ')' if !self.after_value => self.empty_brackets(),
            c if is_of_the_language(c) => self.misplaced(),
            c => self.error(
                Kind::UnexpectedCharacter,
                format!("unexpected character {}", named(c)),
            ),
        }
    }

    fn semicolon(&self, rest: &str) -> SyntaxError {
        if rest[1..].trim().is_empty() {
            return self.no_result();
        }
        self.error(
            Kind::Unexpected,
            "only definitions may stand before the result",
        )
        .with_hint("write `name = ...;` for a definition, or `[f, g]` for several results")
    }

    fn comma(&self, rest: &str) -> SyntaxError {
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
        let behind = digits(&rest[1..]);
        let ahead = self.text[..self.at]
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .count();
        let groups = grouped_by_thousands(rest);
        if (1..=3).contains(&ahead) && groups > 1 {
            let span = Span::new(self.at - ahead, self.at + 4 * groups);
            let number = span.text(self.text);
            let message = format!("`{}` is not a number", shown(number));
            return SyntaxError::new(Kind::InvalidNumber, span, message)
                .with_hint(format!("write `{}`", shown(&number.replace(',', ""))));
        }
        if behind > 0 && ahead > 0 && !rest[1 + behind..].trim_start().starts_with(',') {
            let span = Span::new(self.at - ahead, self.at + 1 + behind);
            let number = span.text(self.text);
            return SyntaxError::new(
                Kind::InvalidNumber,
                span,
                format!("`{}` is not a number", shown(number)),
            )
            .with_hint(match behind {
                3 => format!(
                    "write `{}`, or with a decimal point `{}`",
                    shown(&number.replace(',', "")),
                    shown(&number.replace(',', "."))
                ),
                _ => format!(
                    "write a decimal point: `{}`",
                    shown(&number.replace(',', "."))
                ),
            });
        }
        self.error(Kind::Unexpected, "unexpected `,`")
            .with_hint("write `[f, g]` for several results")
    }

    fn grouped_digits(&self) -> SyntaxError {
        let belongs = |c: &char| c.is_ascii_digit() || *c == '_';
        let start = self.at
            - self.text[..self.at]
                .chars()
                .rev()
                .take_while(belongs)
                .count();
        let end = self.at + self.text[self.at..].chars().take_while(belongs).count();
        let span = Span::new(start, end);
        let number = span.text(self.text);
        SyntaxError::new(Kind::InvalidNumber, span, "digits cannot be grouped by `_`")
            .with_hint(format!("write `{}`", shown(&number.replace('_', ""))))
    }

    fn empty_brackets(&self) -> SyntaxError {
        match self.open {
            Some(open) if open.is_call && self.before.len() == open.span.end as usize => {
                let name = last_lexeme(self.text[..open.span.start as usize].trim_end());
                self.error(
                    Kind::ExpectedValue,
                    format!("`{}()` needs an argument", shown(name)),
                )
            }
            _ => self.misplaced(),
        }
    }

    fn foreign(&self, ours: &str) -> SyntaxError {
        self.error(Kind::ForeignOperator, foreign_message(self.found))
            .with_hint(format!("write `{ours}`"))
    }

    /// The second character of an operator that the language does not have.
    fn doubled(&self, ours: &str) -> SyntaxError {
        let first = self.before.chars().next_back().unwrap_or_default();
        let mut error = self.foreign(ours);
        error.span.start = (self.before.len() - first.len_utf8()) as u32;
        error.message = foreign_message(&format!("{first}{}", self.found));
        error
    }

    /// Something of the language in the wrong place.
    fn misplaced(&self) -> SyntaxError {
        let found = shown(self.found);
        if self.after_value {
            let message = format!(
                "unexpected `{found}` after `{}`",
                shown(last_lexeme(self.before))
            );
            let error = self.error(Kind::Unexpected, message);
            return match self.found {
                "." if self.text[self.at..].starts_with(".T") => error.with_hint(MATRICES),
                "." => error.with_hint("for a product write `*`"),
                _ => error,
            };
        }
        let error = self.error(
            Kind::ExpectedValue,
            format!("expected a value, found `{found}`"),
        );
        if self.before.ends_with(['√', '∛']) {
            return error.with_hint("put what is under the root in parentheses");
        }
        error
    }
}

/// How many groups of a comma and three digits a text begins with, if no digit follows.
fn grouped_by_thousands(text: &str) -> usize {
    let is_group = |group: &[u8]| group[0] == b',' && group[1..].iter().all(u8::is_ascii_digit);
    let groups = text
        .as_bytes()
        .chunks_exact(4)
        .take_while(|group| is_group(group))
        .count();
    match text.as_bytes().get(4 * groups) {
        Some(next) if next.is_ascii_digit() => 0,
        _ => groups,
    }
}

fn foreign_message(operator: &str) -> String {
    format!("`{operator}` is not an operator of this language")
}

/// Whether a character belongs to some token of the grammar.
fn is_of_the_language(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "+-*/^%<>=!.,;()[]|√∛−–·⋅×÷≤≥≠⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿˣ".contains(c)
        || c.is_alphabetic()
}

fn named(c: char) -> String {
    match is_invisible(c) {
        true => format!("U+{:04X}", c as u32),
        false => format!("`{c}`"),
    }
}

/// Operators of two characters, ours and those of other languages.
const PAIRS: [&str; 14] = [
    "**", "<=", ">=", "==", "!=", ".*", "./", ".^", "&&", "||", "=>", "=<", "<>", ":=",
];

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first word, number or operator of a text.
fn lexeme(text: &str) -> &str {
    let Some(first) = text.chars().next() else {
        return "";
    };
    if is_word(first) {
        return &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())];
    }
    match PAIRS.iter().find(|pair| text.starts_with(**pair)) {
        Some(pair) => &text[..pair.len()],
        None => &text[..first.len_utf8()],
    }
}

/// The last one.
fn last_lexeme(text: &str) -> &str {
    let Some(last) = text.chars().next_back() else {
        return "";
    };
    if is_word(last) {
        return &text[text.rfind(|c| !is_word(c)).map_or(0, |i| {
            i + text[i..].chars().next().map_or(1, char::len_utf8)
        })..];
    }
    match PAIRS.iter().find(|pair| text.ends_with(**pair)) {
        Some(pair) => &text[text.len() - pair.len()..],
        None => &text[text.len() - last.len_utf8()..],
    }
}
