//! Names that look like two written together: `sinx` and `xy` are one name each, a person may have meant `sin(x)` and
//! `x*y`. The answer then says which reading was taken.

use rustc_hash::FxHashSet;

use super::error::shown;
use super::judge::MOST_NOTES;
use super::tree::{Kind, NameId, Note, Tree};
use crate::functions;

/// Letters that are variables nearly everywhere; others must stand alone elsewhere in the text.
const USUAL_VARIABLES: &str = "xyzt";

/// The remarks on names among the `variables` of a text.
pub(super) fn notes(tree: &Tree, variables: &[NameId]) -> Vec<Note> {
    let names: Vec<&str> = variables.iter().map(|&name| tree.name(name)).collect();
    if names.iter().all(|name| name.len() == 1) {
        return Vec::new();
    }
    let letters: FxHashSet<&str> = (names.iter().copied())
        .filter(|name| name.chars().count() == 1)
        .collect();
    let is_letter = |text: &str| {
        let one = text.chars().count() == 1;
        one && (USUAL_VARIABLES.contains(text) || letters.contains(text))
    };
    let mut notes = Vec::new();
    for (&variable, name) in variables.iter().zip(&names) {
        if notes.len() == MOST_NOTES {
            break;
        }
        let Some(meant) = as_call(name, is_letter).or_else(|| as_product(name, is_letter)) else {
            continue;
        };
        let place = (tree.nodes.iter()).find(|node| node.kind == Kind::Name(variable));
        if let Some(node) = place {
            let message = format!("`{}` is read as one name, not as `{meant}`", shown(name));
            let span = node.span;
            notes.push(Note { span, message });
        }
    }
    notes
}

/// `sinx` and `cos2x` as calls.
fn as_call(name: &str, is_letter: impl Fn(&str) -> bool) -> Option<String> {
    let (last, _) = name.char_indices().next_back()?;
    let (rest, letter) = name.split_at(last);
    let function = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    // `log2x` could be two things, both of them calls.
    let (function, factor) = match functions::lookup(rest) {
        Some(_) => (rest, ""),
        None => (function, &rest[function.len()..]),
    };
    let is_factor = factor.is_empty() || factor > "1";
    let takes_one =
        functions::lookup(function).is_some_and(|f| f.arity() == 1) || function == "sqrt";
    // `cost` and `expt` are words.
    let is_usual = is_letter(letter) && letter != "t";
    (takes_one && is_factor && function.len() > 1 && is_usual)
        .then(|| format!("{function}({factor}{letter})"))
}

/// `xy` as a product.
fn as_product(name: &str, is_letter: impl Fn(&str) -> bool) -> Option<String> {
    let letters: Vec<String> = name.chars().map(String::from).collect();
    (letters.len() > 1 && letters.iter().all(|letter| is_letter(letter))).then(|| letters.join("*"))
}
