//! Partial derivatives: one line of `grammar/functions.rules` an operation.

use std::sync::OnceLock;

use crate::expr::Function;
use crate::expr::walk::Template;
use crate::syntax;

const FILE: &str = include_str!("../../grammar/functions.rules");

/// What a node does with its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `u + v`
    Add,
    /// `u * v`
    Mul,
    /// `u ^ v`
    Pow,
    /// `f(u)` or `f(u, v)`
    Call(Function),
}

impl Operation {
    /// The names of the holes in the rules.
    const HOLES: [&'static str; 2] = ["u", "v"];

    fn index(self) -> usize {
        match self {
            Operation::Add => 0,
            Operation::Mul => 1,
            Operation::Pow => 2,
            Operation::Call(f) => 3 + f as usize,
        }
    }

    fn left_side(self) -> String {
        match self {
            Operation::Add => "u + v".into(),
            Operation::Mul => "u * v".into(),
            Operation::Pow => "u ^ v".into(),
            Operation::Call(f) if f.arity() == 1 => format!("{f}(u)"),
            Operation::Call(f) => format!("{f}(u, v)"),
        }
    }
}

const COUNT: usize = 3 + Function::ALL.len();

/// The partial derivative of an operation by one of its arguments, with holes for the arguments; `None` where there is
/// none (written `undefined`).
///
/// # Panics
/// If the rules file lacks the line or holds a mistake; a test reads every line.
pub fn partial(op: Operation, argument: usize) -> Option<&'static Template> {
    static RULES: [OnceLock<Vec<Option<Template>>>; COUNT] = [const { OnceLock::new() }; COUNT];
    RULES[op.index()]
        .get_or_init(|| read(op))
        .get(argument)?
        .as_ref()
}

fn read(op: Operation) -> Vec<Option<Template>> {
    let left = op.left_side();
    let right = (syntax::rule_lines(FILE))
        .find_map(|line| {
            line.strip_prefix(left.as_str())?
                .trim_start()
                .strip_prefix("->")
        })
        .unwrap_or_else(|| panic!("functions.rules has no line for `{left}`"));
    syntax::split_at_commas(right)
        .into_iter()
        .map(str::trim)
        .map(|part| (part != "undefined").then(|| syntax::template(part, &Operation::HOLES)))
        .collect()
}
