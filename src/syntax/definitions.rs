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
        FILE.lines()
            .map(|line| line.split('#').next().unwrap_or_default().trim())
            .filter(|line| !line.is_empty())
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
    Some(line.template.get_or_init(|| {
        let mut arena = Arena::new();
        let root = parse_into(&mut arena, line.body)
            .unwrap_or_else(|e| panic!("definitions.rules: `{}`: {e}", line.body));
        let holes: Vec<_> = (line.parameters.iter())
            .map(|p| {
                arena.symbol(p);
                arena.find_symbol(p).expect("just made")
            })
            .collect();
        Template::cut(&arena, &[root], &holes)
    }))
}
