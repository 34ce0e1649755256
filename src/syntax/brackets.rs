//! The brackets of a text, counted before the grammar sees it: how deep they go, and which one lacks its partner.
//!
//! A bar opens where a value may start and closes where one has ended, so `|x - |y||` has one reading. To know where it
//! is, this scan follows the text roughly as the grammar does; where the two disagree, the grammar decides later.

use super::error::{SyntaxError, SyntaxErrorKind};
use super::parse::MAX_NESTING;
use super::tree::Span;

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// `(`, `[` or `|`.
    pub bracket: char,
    /// Whether it encloses the arguments of a call.
    pub is_call: bool,
    /// Where it stands.
    pub span: Span,
}

/// The deepest nesting of the text, or the first bracket that is wrong.
pub(super) fn check(text: &str) -> Result<usize, SyntaxError> {
    let mut scan = Scan {
        open: Vec::with_capacity(16),
        ..Scan::default()
    };
    scan.run(text)?;
    match scan.open.pop() {
        None => Ok(scan.deepest),
        Some(open) => Err(unclosed(text, open)),
    }
}

/// At a place of the text: the innermost open bracket, and whether a value has just ended there.
pub(super) fn at(text: &str, place: usize) -> (Option<Open>, bool) {
    let mut scan = Scan::default();
    match scan.run(text.get(..place).unwrap_or("")) {
        Ok(()) => (scan.open.pop(), scan.after_value),
        Err(_) => (None, false),
    }
}

#[derive(Default)]
struct Scan {
    open: Vec<Open>,
    deepest: usize,
    /// Whether a value has just ended: after it a bar closes, before it one opens.
    after_value: bool,
    /// Whether that value was a name: a parenthesis after it is that of a call.
    after_name: bool,
}

impl Scan {
    fn run(&mut self, text: &str) -> Result<(), SyntaxError> {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'0'..=b'9' | b'.' => {
                    at = skip(bytes, at, |b| b.is_ascii_digit() || b == b'.');
                    self.value(true, false);
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    let end = skip(bytes, at, |b| b.is_ascii_alphanumeric() || b == b'_');
                    let operator = matches!(&text[at..end], "and" | "or" | "not");
                    // `8 mod (3)` is an operator, `mod(8, 3)` a call.
                    let operator = operator || (&text[at..end] == "mod" && self.after_value);
                    self.value(!operator, !operator);
                    at = end;
                }
                b'(' | b'[' => {
                    self.push(byte, at)?;
                    at += 1;
                }
                b')' | b']' => {
                    self.close(text, byte, at)?;
                    at += 1;
                }
                b'|' if self.after_value => {
                    self.close(text, byte, at)?;
                    at += 1;
                }
                b'|' => {
                    self.push(byte, at)?;
                    at += 1;
                }
                b'!' if bytes.get(at + 1) != Some(&b'=') => at += 1,
                0..=127 => {
                    self.value(false, false);
                    at += 1;
                }
                _ => {
                    let c = text[at..].chars().next().unwrap_or(' ');
                    at += c.len_utf8();
                    match c {
                        '²' | '³' | '¹' | '⁰'..='⁻' => self.after_name &= self.after_value,
                        c if c.is_whitespace() || c == '\u{FEFF}' => {}
                        c => self.value(c.is_alphanumeric(), c.is_alphanumeric()),
                    }
                }
            }
        }
        Ok(())
    }

    fn value(&mut self, after_value: bool, after_name: bool) {
        self.after_value = after_value;
        self.after_name = after_name;
    }

    fn push(&mut self, bracket: u8, at: usize) -> Result<(), SyntaxError> {
        let span = Span::new(at, at + 1);
        self.open.push(Open {
            bracket: char::from(bracket),
            is_call: self.after_name,
            span,
        });
        self.deepest = self.deepest.max(self.open.len());
        self.value(false, false);
        if self.deepest > MAX_NESTING {
            let message = format!("brackets are nested more than {MAX_NESTING} deep");
            return Err(SyntaxError::new(SyntaxErrorKind::TooDeep, span, message)
                .with_hint("name inner parts: `u = ...; f(u)`"));
        }
        Ok(())
    }

    fn close(&mut self, text: &str, closing: u8, at: usize) -> Result<(), SyntaxError> {
        let span = Span::new(at, at + 1);
        self.value(true, false);
        let opening = match closing {
            b')' => '(',
            b']' => '[',
            _ => '|',
        };
        match self.open.last().copied() {
            Some(open) if open.bracket == opening => {
                self.open.pop();
                Ok(())
            }
            open if closing == b'|' => Err(unexpected_bar(text, at, open)),
            Some(open) => {
                let message = format!("unexpected `{}`", char::from(closing));
                Err(
                    SyntaxError::new(SyntaxErrorKind::UnexpectedBracket, span, message)
                        .with_related(
                            open.span,
                            format!("the {} opened here is still open", word(open.bracket)),
                        )
                        .with_hint(format!("close it with `{}`", partner(open.bracket))),
                )
            }
            None => {
                let message = format!("unexpected `{}`: nothing is open here", char::from(closing));
                Err(SyntaxError::new(
                    SyntaxErrorKind::UnexpectedBracket,
                    span,
                    message,
                ))
            }
        }
    }
}

fn skip(bytes: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes[from..]
        .iter()
        .position(|&b| !belongs(b))
        .map_or(bytes.len(), |n| from + n)
}

fn unclosed(text: &str, open: Open) -> SyntaxError {
    let end = text.trim_end().len();
    let message = format!("unclosed {} opened here", word(open.bracket));
    SyntaxError::new(SyntaxErrorKind::UnclosedBracket, open.span, message).with_related(
        Span::new(end, end),
        format!("expected `{}` before the end", partner(open.bracket)),
    )
}

fn unexpected_bar(text: &str, at: usize, open: Option<Open>) -> SyntaxError {
    let (before, after) = (&text[..at], &text[at + 1..]);
    if after.starts_with('|') && !before.ends_with('|') {
        return SyntaxError::new(
            SyntaxErrorKind::ForeignOperator,
            Span::new(at, at + 2),
            "`||` is not an operator of this language",
        )
        .with_hint("write `or`");
    }
    let error = SyntaxError::new(
        SyntaxErrorKind::UnexpectedBracket,
        Span::new(at, at + 1),
        "unexpected `|` after a value",
    )
    .with_hint("write `*` before it for a product, as in `2*|x|`");
    match open {
        Some(open) => error.with_related(
            open.span,
            format!("the {} opened here is still open", word(open.bracket)),
        ),
        None => error,
    }
}

fn word(bracket: char) -> &'static str {
    match bracket {
        '(' => "parenthesis",
        '[' => "bracket",
        _ => "bar",
    }
}

fn partner(bracket: char) -> char {
    match bracket {
        '(' => ')',
        '[' => ']',
        bar => bar,
    }
}
