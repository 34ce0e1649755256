//! Functions that are only sugar: `grammar/definitions.rules`, read line by line as needed.

use std::sync::OnceLock;

use super::lower::parse_into;
use crate::expr::Arena;
use crate::expr::walk::Template;

const FILE: &str = include_str!("../../grammar/definitions.rules");

struct Line {
    name: &'static str,
    parameters: Vec<&'static str>,
    body: &'static str,
    template: OnceLock<Template>,
}

fn lines() -> &'static [Line] {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    LINES.get_or_init(|| {
        rule_lines(FILE)
            .map(|line| {
                let (head, body) = line
                    .split_once('=')
                    .unwrap_or_else(|| panic!("definitions.rules: no `=` in `{line}`"));
                let (name, parameters) = head
                    .trim()
                    .strip_suffix(')')
                    .and_then(|h| h.split_once('('))
                    .unwrap_or_else(|| panic!("definitions.rules: `{line}`"));
                Line {
                    name: name.trim(),
                    parameters: parameters.split(',').map(str::trim).collect(),
                    body,
                    template: OnceLock::new(),
                }
            })
            .collect()
    })
}

/// Is there a definition of that name?
pub(super) fn is_defined(name: &str) -> bool {
    lines().iter().any(|line| line.name == name)
}

/// The names, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    lines().iter().map(|line| line.name)
}

/// How many arguments the definitions of that name take.
pub(super) fn argument_counts(name: &str) -> Vec<usize> {
    lines()
        .iter()
        .filter(|line| line.name == name)
        .map(|line| line.parameters.len())
        .collect()
}

/// The body of a definition, with holes for its parameters.
///
/// # Panics
/// If the line holds a mistake; a test reads every line.
pub(super) fn find(name: &str, arguments: usize) -> Option<&'static Template> {
    let line = lines()
        .iter()
        .find(|line| line.name == name && line.parameters.len() == arguments)?;
    Some(
        line.template
            .get_or_init(|| template(line.body, &line.parameters)),
    )
}

/// An expression of a rules file, with holes for some of its names.
///
/// # Panics
/// If the text is not an expression.
pub(crate) fn template(text: &str, holes: &[&str]) -> Template {
    let mut arena = Arena::with_room(16);
    let root = parse_into(&mut arena, text).unwrap_or_else(|e| panic!("rules: `{text}`: {e}"));
    let holes: Vec<_> = holes.iter().map(|hole| arena.symbol_id(hole)).collect();
    Template::cut(&arena, &[root], &holes)
}

/// The lines of a rules file that hold something, without comments.
pub(crate) fn rule_lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines()
        .map(|line| {
            let end = line.find('#').unwrap_or(line.len());
            line[..end].trim_ascii()
        })
        .filter(|line| !line.is_empty())
}

/// The parts between the commas that stand outside brackets.
pub(crate) fn split_at_commas(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
