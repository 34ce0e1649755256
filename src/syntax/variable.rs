//! Which texts are names of variables.

use super::error::{SyntaxError, SyntaxErrorKind, shown};
use super::lower::parse_into;
use super::names::{is_reserved, normalize_name};
use super::tree::Span;
use crate::expr::{Arena, Node};

/// The one spelling of a variable's name, where the whole text is one: what is read as anything else is an error. So what
/// is printed with such a name reads back.
pub fn variable_name(text: &str) -> Result<String, SyntaxError> {
    let mut arena = Arena::new();
    let name = normalize_name(text);
    let read = parse_into(&mut arena, text)?;
    match arena.node(read) {
        Node::Symbol(symbol) if arena.symbol_name(symbol) == name => Ok(name),
        _ => {
            let (kind, message) = match is_reserved(&name) {
                true => (SyntaxErrorKind::ReservedName, "has a meaning of its own"),
                false => (SyntaxErrorKind::Unexpected, "is not the name of a variable"),
            };
            let message = format!("`{}` {message}", shown(text));
            Err(SyntaxError::new(kind, Span::new(0, text.len()), message))
        }
    }
}
