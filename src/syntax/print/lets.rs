//! The let form: parts used more than once, and parts too deep to read, stand as names defined before the result.
//!
//! ```text
//! t1 = sin(x + 1);
//! exp(t1)*t1
//! ```
//!
//! A part that is not named is used once or is short, so the size is linear in the graph.

use super::{MAX_TEXT_BYTES, Names, TooLong, latex, text};
use crate::expr::{Arena, Function, Id, Node, walk};

/// No definition and no result nests deeper than this, brackets and operands counted.
pub const MAX_LET_DEPTH: u32 = 200;

/// Shared parts shorter than this many characters are written again: a name would save nothing.
const MIN_SHARED_LENGTH: u32 = 6;

/// Expressions in parts: a name and its meaning, each in terms of the earlier ones, then the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lets {
    /// Names and what they stand for, in order.
    pub definitions: Vec<(String, String)>,
    /// One for each root.
    pub results: Vec<String>,
}

/// The let form as text that reads back as the same nodes: one definition a line, then the result, or the results as
/// the list `[a, b]`.
pub fn lets(arena: &Arena, roots: &[Id]) -> Result<String, TooLong> {
    let (names, order) = choose(arena, roots);
    // One text from the start: a million parts would be two million texts.
    let mut out = String::with_capacity(128);
    for (&id, number) in order.iter().zip(1..) {
        names.write(number, &mut out);
        out.push_str(" = ");
        out = text::write(arena, Some(&names), id, out)?;
        out.push_str(";\n");
    }
    let is_list = roots.len() != 1;
    out.push_str(if is_list { "[" } else { "" });
    for (at, &root) in roots.iter().enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        match names.of[root.index()] {
            0 => out = text::write(arena, Some(&names), root, out)?,
            number => names.write(number, &mut out),
        }
    }
    out.push_str(if is_list { "]" } else { "" });
    Ok(out)
}

/// The parts of [`lets`], as text.
pub fn split(arena: &Arena, roots: &[Id]) -> Result<Lets, TooLong> {
    split_with(arena, roots, text::write, |name| name)
}

/// The same parts as [`split`], in LaTeX.
pub fn latex_lets(arena: &Arena, roots: &[Id]) -> Result<Lets, TooLong> {
    split_with(arena, roots, latex::write, |name| {
        let mut out = String::new();
        super::notation::symbol(&name, &mut out);
        out
    })
}

impl Lets {
    /// Parts made by [`latex_lets`] as lines aligned at their equals signs.
    pub fn latex(&self) -> String {
        if let ([], [result]) = (&self.definitions[..], &self.results[..]) {
            return result.clone();
        }
        let mut out = String::from("\\begin{aligned}\n");
        for (name, meaning) in &self.definitions {
            out.extend([name, " &= ", meaning, " \\\\\n"]);
        }
        for (at, result) in self.results.iter().enumerate() {
            out.extend([if at > 0 { " \\\\\n&" } else { "&" }, result]);
        }
        out + "\n\\end{aligned}"
    }
}

type Writer = fn(&Arena, Option<&Names>, Id, String) -> Result<String, TooLong>;

fn split_with(
    arena: &Arena,
    roots: &[Id],
    write: Writer,
    form: fn(String) -> String,
) -> Result<Lets, TooLong> {
    let (names, order) = choose(arena, roots);
    let name = |number: u32| {
        let mut name = String::new();
        names.write(number, &mut name);
        form(name)
    };
    let mut bytes = 0;
    // Written in one place that has the room, and kept without: a million short definitions are large enough.
    let mut out = String::with_capacity(128);
    let mut meaning = |id: Id| {
        out.clear();
        out = write(arena, Some(&names), id, std::mem::take(&mut out))?;
        bytes += out.len();
        (bytes <= MAX_TEXT_BYTES)
            .then(|| out.as_str().into())
            .ok_or(TooLong)
    };
    let definitions = (order.iter().zip(1..))
        .map(|(&id, number)| Ok((name(number), meaning(id)?)))
        .collect::<Result<_, TooLong>>()?;
    let results = (roots.iter())
        .map(|&root| match names.of[root.index()] {
            0 => meaning(root),
            number => Ok(name(number)),
        })
        .collect::<Result<_, TooLong>>()?;
    Ok(Lets {
        definitions,
        results,
    })
}

/// The parts that get a name, in the order of their definitions.
fn choose(arena: &Arena, roots: &[Id]) -> (Names, Vec<Id>) {
    let order = walk::Order::of(arena, roots);
    let mut uses = vec![0u32; order.len()];
    for &id in roots {
        uses[order.position(id)] += 1;
    }
    for &id in &order.ids {
        for child in arena.node(id).children() {
            uses[order.position(child)] += 1;
        }
    }
    let end = roots.iter().map(|r| r.index() + 1).max().unwrap_or(0);
    let (mut of, mut named) = (vec![0; end], Vec::new());
    // What is printed where the part stands: its length, as far as it matters, and its nesting.
    let mut printed: Vec<(u32, u32)> = Vec::with_capacity(order.len());
    for (&id, &uses) in order.ids.iter().zip(&uses) {
        let node = arena.node(id);
        let (mut length, mut depth) = (own_length(arena, node), 0);
        for (at, child) in node.children().enumerate() {
            let (inner_length, inner_depth) = printed[order.position(child)];
            length = length.saturating_add(inner_length);
            depth = depth.max(inner_depth + brackets(arena, node, at, child));
        }
        let shared = uses > 1 && length >= MIN_SHARED_LENGTH && !is_plain(arena, node);
        if shared || depth >= MAX_LET_DEPTH - 2 {
            named.push(id);
            of[id.index()] = named.len() as u32;
            (length, depth) = (2, 0);
        }
        printed.push((length, depth));
    }
    let prefix = free_prefix(arena, &order);
    (Names { of, prefix }, named)
}

fn own_length(arena: &Arena, node: Node) -> u32 {
    match node {
        Node::Number(n) => arena.number_value(n).bits() as u32 / 3 + 1,
        Node::Symbol(s) => arena.symbol_name(s).len() as u32,
        Node::Pi | Node::ImaginaryUnit | Node::Mul(..) | Node::Pow(..) => 1,
        Node::Add(..) => 3,
        Node::Call(Function::Exp, one) if arena.is_one(one) => 0,
        Node::Call(f, _) | Node::Call2(f, ..) => f.name().len() as u32 + 2,
        Node::If(..) => 8,
    }
}

/// Leaves and numeric multiples of leaves are never named.
fn is_plain(arena: &Arena, node: Node) -> bool {
    let leaf = |node: Node| node.children().next().is_none();
    match node {
        Node::Mul(a, b) => arena.as_number(a).is_some() && leaf(arena.node(b)),
        node => leaf(node),
    }
}

/// How many levels the operand may add to the nesting of the text. Sums and products group to the left without brackets.
fn brackets(arena: &Arena, node: Node, at: usize, child: Id) -> u32 {
    match (node, at, arena.node(child)) {
        (Node::Add(..), 0, Node::Add(..) | Node::Mul(..)) => 0,
        (Node::Mul(a, _), at, Node::Mul(..)) if at == 0 || arena.as_number(a).is_some() => 0,
        // `1/(2*sqrt(u))`
        (Node::Pow(..), 0, _) => 2,
        _ => 1,
    }
}

/// A prefix that makes a name no variable has when digits follow it.
fn free_prefix(arena: &Arena, order: &walk::Order) -> String {
    let digits: Vec<&str> = (order.ids.iter())
        .filter_map(|&id| match arena.node(id) {
            Node::Symbol(s) => Some(arena.symbol_name(s)),
            _ => None,
        })
        .filter(|name| name.ends_with(|c: char| c.is_numeric()))
        .map(|name| name.trim_end_matches(|c: char| c.is_numeric()))
        .collect();
    let mut prefix = String::from("t");
    while digits.iter().any(|&taken| taken == prefix) {
        prefix.push('t');
    }
    prefix
}
