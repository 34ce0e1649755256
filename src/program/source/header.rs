//! The head of a file: what it computes, and in which order inputs and outputs come.

use super::names::Names;
use super::{Description, Language, Shape};

/// A formula is shown up to this many characters.
const LONGEST_FORMULA: usize = 1000;
/// Inputs and outputs are listed up to this many.
const LONGEST_LIST: usize = 12;
const WIDTH: usize = 96;

/// An entry of an array as the language writes it: the array, the row of a matrix, the column, how many columns there are.
pub(super) type Entry = fn(&str, Option<usize>, usize, usize) -> String;

/// How a language speaks of the result.
pub(super) struct Words {
    /// `Returns the value` or `Writes ...`.
    pub(super) result: String,
    /// `None` where outputs have names of their own.
    pub(super) entry: Option<Entry>,
    /// Are the inputs one argument, `point`?
    pub(super) by_point: bool,
}

/// The lines, without marks of a comment.
pub(super) fn header(
    description: &Description<'_>,
    names: &Names,
    language: Language,
    words: &Words,
) -> Vec<String> {
    let mut lines = vec![match language {
        // There the name is that of a table.
        Language::Sql => title(&Description {
            name: "f",
            ..*description
        }),
        _ => title(description),
    }];
    lines.push(String::new());
    let derivatives = derivatives(description, names, words);
    lines.push(match words.result.strip_suffix(':') {
        // Without inputs there is nothing to be listed.
        Some(result) if derivatives.is_empty() => format!("{result}."),
        _ => words.result.clone(),
    });
    lines.extend(derivatives);
    let list = |names: &[String]| match names {
        [] => "none".to_owned(),
        names if names.len() <= LONGEST_LIST => names.join(", "),
        names => {
            let last = &names[names.len() - 1];
            format!(
                "{}, ..., {last} ({} in all)",
                names[..LONGEST_LIST - 2].join(", "),
                names.len()
            )
        }
    };
    lines.push(match words.by_point {
        true => format!("Inputs, in the order of `point`: {}.", list(&names.inputs)),
        false => format!("Inputs: {}.", list(&names.inputs)),
    });
    if !names.renamed.is_empty() {
        let pairs: Vec<String> = (names.renamed.iter())
            .map(|(old, new)| format!("{old} is {new}"))
            .collect();
        lines.push(format!(
            "Renamed for {}: {}.",
            language.name(),
            list(&pairs)
        ));
    }
    lines.push(String::new());
    lines.push(format!("Written by gradus {}.", env!("CARGO_PKG_VERSION")));
    (lines.iter())
        .flat_map(|line| folded(line, WIDTH))
        .collect()
}

/// `f(x, y) = x^2*y`, on one line; what would end a comment is taken apart.
pub(super) fn title(description: &Description<'_>) -> String {
    let inputs: Vec<&str> = (description.inputs.iter())
        .map(|input| input.name.as_str())
        .collect();
    let inputs = match inputs.len() <= LONGEST_LIST {
        true => inputs.join(", "),
        false => format!("{}, ...", inputs[..LONGEST_LIST - 1].join(", ")),
    };
    let mut formula: String = description.formula.chars().take(LONGEST_FORMULA).collect();
    if formula.len() < description.formula.len() {
        formula.push_str(" ...");
    }
    let formula = formula
        .replace(|c: char| c.is_control(), " ")
        .replace("*/", "* /")
        .replace("\"\"\"", "\" \" \"");
    format!("{}({inputs}) = {formula}", description.name)
}

/// What stands in the arrays.
fn derivatives(description: &Description<'_>, names: &Names, words: &Words) -> Vec<String> {
    let inputs = &names.inputs;
    let (n, f) = (inputs.len(), description.name);
    let Some(entry) = words.entry else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    let short = |count: usize| count <= LONGEST_LIST;
    if matches!(description.shape, Shape::Gradient | Shape::Hessian) {
        match short(n) {
            true => lines.extend(
                (inputs.iter().enumerate())
                    .map(|(i, x)| format!("    {} = d{f}/d{x}", entry("gradient", None, i, n))),
            ),
            false => lines.push("    gradient: the derivative by each input".to_owned()),
        }
    }
    if description.shape == Shape::Hessian {
        match short(n * n) {
            true => {
                for (i, x) in inputs.iter().enumerate() {
                    lines.extend((inputs.iter().enumerate()).map(|(j, y)| {
                        format!(
                            "    {} = d^2{f}/(d{x} d{y})",
                            entry("hessian", Some(i), j, n)
                        )
                    }));
                }
            }
            false => lines.push("    hessian: the second derivatives, row by row".to_owned()),
        }
    }
    if description.shape == Shape::Jacobian {
        let m = description.functions;
        match short(m * n) {
            true => {
                for i in 0..m {
                    let number = match description.is_list {
                        true => format!("_{}", i + 1),
                        false => String::new(),
                    };
                    lines.extend((inputs.iter().enumerate()).map(|(j, x)| {
                        format!(
                            "    {} = d{f}{number}/d{x}",
                            entry("jacobian", Some(i), j, n)
                        )
                    }));
                }
            }
            false => lines.push(
                "    jacobian: a row for each function, in it the derivative by each input"
                    .to_owned(),
            ),
        }
    }
    lines
}

/// A line broken at blanks.
fn folded(line: &str, width: usize) -> Vec<String> {
    let indent: String = line.chars().take_while(|&c| c == ' ').collect();
    let mut lines = vec![indent.clone()];
    for word in line.split_whitespace() {
        let last = lines.last_mut().expect("at least one");
        if last.len() > indent.len() && last.len() + 1 + word.len() > width {
            lines.push(format!("{indent}    {word}"));
        } else {
            if last.len() > indent.len() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}
