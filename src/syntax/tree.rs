//! The tree of a text: a flat list of nodes, children before parents, each with the place where it was written.
//!
//! Faithful: a number keeps its digits, `2x` is not `2*x`. Brackets leave no node, only the shape. To walk a tree, loop
//! over [`Tree::nodes`] with a table of results; every node belongs to exactly one definition or result, whose body
//! comes last.

use std::borrow::Cow;

/// A place in the source: bytes `start..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Span {
        let clip = |x: usize| u32::try_from(x).unwrap_or(u32::MAX);
        Span {
            start: clip(start),
            end: clip(end),
        }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The text there; empty where the span does not fit the source.
    pub fn text(self, source: &str) -> &str {
        source
            .get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }
}

/// The number of a node in [`Tree::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// The number of a name in [`Tree::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub u32);

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number; [`Tree::number`] gives its digits.
    Number,
    /// A name that is not called: a variable, a constant, a defined value.
    Name(NameId),
    /// An operator with one operand.
    Unary(UnaryOp, NodeId),
    /// An operator with two operands.
    Binary(BinaryOp, NodeId, NodeId),
    /// A call, `if(c, a, b)` among them; [`Tree::arguments`] gives its arguments, of which there is at least one.
    Call {
        /// What is called.
        name: NameId,
        /// Where its arguments start in the side list.
        first: u32,
        /// How many there are.
        count: u32,
    },
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-x`
    Neg,
    /// `+x`
    Plus,
    /// `not x`
    Not,
    /// `√x`
    Sqrt,
    /// `∛x`
    Cbrt,
    /// `|x|`
    Abs,
    /// `x!`
    Factorial,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a b`, `2x`
    ImplicitMul,
    /// `a / b`
    Div,
    /// `a % b`, `a mod b`
    Mod,
    /// `a ^ b`, `a ** b`, `a²`
    Pow,
    /// `a < b`
    Less,
    /// `a <= b`
    LessEqual,
    /// `a > b`
    Greater,
    /// `a >= b`
    GreaterEqual,
    /// `a == b`
    Equal,
    /// `a != b`
    NotEqual,
    /// `a and b`
    And,
    /// `a or b`
    Or,
}

/// A node: what was written, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeNode {
    /// What.
    pub kind: Kind,
    /// Where: from its first operand to its last, brackets around operands included, brackets around itself not.
    pub span: Span,
}

/// A parameter of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: NameId,
    /// Where it is written.
    pub span: Span,
}

/// `name = body` or `name(parameters) = body`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What is defined.
    pub name: NameId,
    /// Where its name is written.
    pub name_span: Span,
    /// The parameters of a function; `None` for a value.
    pub parameters: Option<Vec<Parameter>>,
    /// The expression behind the `=`.
    pub body: NodeId,
}

/// A remark on a reading that is easy to get wrong, such as that of `1/2x`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The place it speaks of.
    pub span: Span,
    /// The reading taken.
    pub message: String,
}

/// A text, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The text itself: spans point into it.
    pub source: String,
    /// The nodes, children before parents.
    pub nodes: Vec<TreeNode>,
    /// The names, in the order of their first appearance, normalised (`x₁` is `x_1`).
    pub names: Vec<String>,
    /// The definitions, in order.
    pub definitions: Vec<Definition>,
    /// The results: one, or the entries of the list.
    pub results: Vec<NodeId>,
    /// Whether the result was written as a list, which may have one entry.
    pub is_list: bool,
    /// Remarks on readings taken; at most a few dozen.
    pub notes: Vec<Note>,
    pub(super) arguments: Vec<NodeId>,
}

impl Tree {
    /// The node of an id.
    pub fn node(&self, id: NodeId) -> TreeNode {
        self.nodes[id.0 as usize]
    }

    /// The text of a name.
    pub fn name(&self, id: NameId) -> &str {
        &self.names[id.0 as usize]
    }

    /// The arguments of a call; none for any other node.
    pub fn arguments(&self, kind: Kind) -> &[NodeId] {
        match kind {
            Kind::Call { first, count, .. } => {
                &self.arguments[first as usize..(first + count) as usize]
            }
            _ => &[],
        }
    }

    /// The digits of the number written at a span, as in `12`, `.5`, `1E-3`; those of a superscript as ordinary digits.
    pub fn number(&self, span: Span) -> Cow<'_, str> {
        let text = span.text(&self.source);
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let ascii = |c| match c {
            '−' => '-',
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            '⁰'..='⁹' => char::from(b'0' + (c as u32 - '⁰' as u32) as u8),
            c => c,
        };
        Cow::Owned(text.chars().map(ascii).collect())
    }
}
