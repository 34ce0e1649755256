//! Identities: one line of `grammar/identities.rules` a rewrite, with the condition under which it holds.

use std::sync::OnceLock;

use super::glance::{Kind, Shape};
use super::index::{self, COUNT, LINES};
use crate::expr::walk::{Template, symbols};
use crate::expr::{Arena, Function, Id, Node, Rational, SymbolId};
use crate::syntax;

/// What must be known of a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// `real(u)`
    Real,
    /// `positive(u)`
    Positive,
    /// `nonnegative(u)`
    Nonnegative,
    /// `integer(u)`
    Integer,
}

/// One condition of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What must hold
    pub property: Property,
    /// of which hole (position in [`Identity::holes`]).
    pub hole: usize,
}

/// A pattern factor: base (a node of the identity's arena) and whole exponent.
pub type PatternFactor = (Id, i64);

/// A product of pattern factors.
pub struct Part {
    /// Its numeric coefficient.
    pub coefficient: Rational,
    /// Its factors.
    pub factors: Vec<PatternFactor>,
    /// The functions among the factors, a bit each.
    pub functions: u128,
}

/// A rewrite `left -> right`.
pub struct Identity {
    /// The line as it stands in the file.
    pub text: &'static str,
    /// Holds the left side.
    pub arena: Arena,
    /// The left side.
    pub left: Id,
    /// The names that match anything.
    pub holes: Vec<SymbolId>,
    /// The right side.
    pub right: Template,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// For sums: both terms. For products: one entry.
    pub parts: Vec<Part>,
}

/// By line; in a box, since most lines are never needed in one run.
static IDENTITIES: [OnceLock<Box<Identity>>; COUNT] = [const { OnceLock::new() }; COUNT];

fn identity(line: usize) -> &'static Identity {
    IDENTITIES[line].get_or_init(|| Box::new(read(LINES[line].text())))
}

/// Every identity of the file, for tests.
pub fn all() -> impl Iterator<Item = (Kind, &'static Identity)> {
    (LINES.iter().enumerate()).map(|(line, at)| (at.kind, identity(line)))
}

/// The identities whose left side is a call of `f` that needs nothing outside `functions` (a bit each, and [`PI`](super::PI)); those about
/// constants (`sin(pi/6)`) only where the call has no variable, and all of them only where `is_called_with` that shape.
pub fn by_function(
    f: Function,
    functions: u128,
    has_variable: bool,
    is_called_with: impl Fn(Shape) -> bool,
) -> impl Iterator<Item = &'static Identity> {
    let may_apply = move |line: &usize| {
        let line = &LINES[*line];
        line.functions & !functions == 0
            && (line.has_hole || !has_variable)
            && is_called_with(line.argument)
    };
    index::of_calls(f).filter(may_apply).map(identity)
}

/// The identities whose left side is a power.
pub fn of_powers() -> impl Iterator<Item = &'static Identity> {
    index::POWERS.all().map(identity)
}

/// The identities of products whose left side needs nothing outside `functions` (a bit each, and [`PI`](super::PI)) and at most so many
/// factors.
pub fn of_products(functions: u128, factors: usize) -> impl Iterator<Item = &'static Identity> {
    (index::PRODUCTS.among(functions))
        .filter(move |&line| usize::from(LINES[line].factors) <= factors)
        .map(identity)
}

/// As [`of_products`], for sums of two terms.
pub fn of_sums(functions: u128) -> impl Iterator<Item = &'static Identity> {
    index::SUMS.among(functions).map(identity)
}

fn read(text: &'static str) -> Identity {
    let fail = |what: &str| -> ! { panic!("identities.rules: {what} in `{text}`") };
    let Some((left_text, rest)) = text.split_once("->") else {
        fail("no `->`")
    };
    let (right_text, condition_text) = rest.split_once(" if ").unwrap_or((rest, ""));
    let mut arena = Arena::with_room(16);
    let mut parse =
        |part: &str| syntax::parse_into(&mut arena, part).unwrap_or_else(|e| fail(&e.to_string()));
    let (left, right) = (parse(left_text), parse(right_text));
    let holes = symbols(&arena, &[left]);
    let hole = |name: &str| {
        holes
            .iter()
            .position(|&h| arena.symbol_name(h) == name)
            .unwrap_or_else(|| fail("an unknown hole"))
    };
    let conditions = (condition_text
        .split(" and ")
        .map(str::trim)
        .filter(|c| !c.is_empty()))
    .map(|condition| {
        let Some((property, name)) = condition.strip_suffix(')').and_then(|c| c.split_once('('))
        else {
            fail("a condition")
        };
        let property = match property {
            "real" => Property::Real,
            "positive" => Property::Positive,
            "nonnegative" => Property::Nonnegative,
            "integer" => Property::Integer,
            _ => fail("an unknown property"),
        };
        Condition {
            property,
            hole: hole(name),
        }
    })
    .collect();
    let terms = match arena.node(left) {
        Node::Add(a, b) => vec![a, b],
        _ => vec![left],
    };
    let parts = terms
        .into_iter()
        .map(|term| pattern_factors(&arena, term))
        .collect();
    let right = Template::cut(&arena, &[right], &holes);
    Identity {
        text,
        arena,
        left,
        holes,
        right,
        conditions,
        parts,
    }
}

fn pattern_factors(arena: &Arena, term: Id) -> Part {
    let mut factors = Vec::new();
    let mut coefficient = Rational::ONE;
    let mut stack = vec![term];
    while let Some(id) = stack.pop() {
        match arena.node(id) {
            Node::Mul(a, b) => stack.extend([b, a]),
            Node::Number(_) => coefficient = arena.as_number(id).expect("a number").clone(),
            Node::Pow(base, e) if arena.as_integer(e).is_some() => {
                factors.push((base, arena.as_integer(e).expect("just seen")))
            }
            _ => factors.push((id, 1)),
        }
    }
    // An exponential is matched when the other factors have said what the holes stand for.
    factors.sort_by_key(|f| matches!(arena.node(f.0), Node::Call(Function::Exp, _)));
    let bit = |id: Id| match arena.node(id) {
        Node::Call(f, _) | Node::Call2(f, ..) => 1 << f as u32,
        _ => 0,
    };
    let functions = factors.iter().fold(0, |bits, f| bits | bit(f.0));
    Part {
        coefficient,
        factors,
        functions,
    }
}
