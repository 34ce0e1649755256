//! Printing: text that reads back as the same expression, LaTeX as a person would write it, and a form of both with
//! shared parts defined once.
//!
//! Nothing here simplifies or reorders: what is printed is what stands in the graph. Text is faithful to the node
//! ([`text`]), LaTeX only to the mathematics ([`latex`]): it flattens sums and products. Both write into one string with
//! a stack of pieces to come, so that depth costs memory and never the thread's stack, and both stop at
//! [`MAX_TEXT_BYTES`]: the text of a small graph with shared parts can be longer than any disk. The way out is
//! [`lets`], whose size is linear in the graph.

mod latex;
mod lets;
mod notation;
mod text;

use std::fmt;

use crate::expr::{Arena, Expr, Function, Id, Node, NumberId, Rational};

pub use latex::latex;
pub use lets::{Lets, MAX_LET_DEPTH, latex_lets, lets, split};
pub use notation::greek_letter;
pub use text::text;

/// Printing stops when the result would be longer than this.
pub const MAX_TEXT_BYTES: usize = 64 << 20;

/// The printed form would be longer than [`MAX_TEXT_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "written out in full, the expression is longer than {} MiB; the let form writes shared parts once",
    MAX_TEXT_BYTES >> 20
)]
pub struct TooLong;

/// The text of the expression, as [`text`]; of one that is too long only that it is.
impl fmt::Display for Expr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match text(&self.graph().arena(), self.id()) {
            Ok(text) => f.pad(&text),
            Err(error) => write!(f, "... ({error})"),
        }
    }
}

impl Expr<'_> {
    /// The expression in LaTeX, without dollar signs.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let x = graph.symbol("x");
    /// assert_eq!((x.sin().powi(2) / x).to_latex().unwrap(), r"\frac{\sin^{2}\left(x\right)}{x}");
    /// ```
    pub fn to_latex(self) -> Result<String, TooLong> {
        latex(&self.graph().arena(), self.id())
    }

    /// The expression as text with shared parts defined before it, one a line.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let x = graph.symbol("x");
    /// let s = (x + 1_i64).sin();
    /// assert_eq!((s.exp() * s).to_let_text().unwrap(), "t1 = sin(x + 1);\nexp(t1)*t1");
    /// ```
    pub fn to_let_text(self) -> Result<String, TooLong> {
        lets(&self.graph().arena(), &[self.id()])
    }
}

/// How tightly a form binds; an operand that binds less tightly than its place asks for stands in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Power,
    Atom,
}

/// Operators of the language that the graph holds as functions: sign, own level, levels asked of both operands.
///
/// Comparisons do not chain; `and` and `or` group to the left.
fn infix(f: Function) -> Option<(&'static str, Level, Level, Level)> {
    let comparison = |sign| Some((sign, Level::Comparison, Level::Sum, Level::Sum));
    match f {
        Function::Less => comparison(" < "),
        Function::LessEqual => comparison(" <= "),
        Function::Greater => comparison(" > "),
        Function::GreaterEqual => comparison(" >= "),
        Function::Equal => comparison(" == "),
        Function::NotEqual => comparison(" != "),
        Function::And => Some((" and ", Level::And, Level::And, Level::Not)),
        Function::Or => Some((" or ", Level::Or, Level::Or, Level::And)),
        _ => None,
    }
}

/// The names that stand for shared parts.
#[derive(Default)]
struct Names {
    /// By id of a part: the number of its definition, 0 for none. A list, since neighbours are asked for one after the
    /// other: a hash table of a million parts waits for memory at each of them.
    of: Vec<u32>,
    /// What the number follows in a name.
    prefix: String,
}

impl Names {
    /// Adds the name of a definition: every third word of a long let form, too many for the machinery of `write!`.
    fn write(&self, mut number: u32, out: &mut String) {
        out.push_str(&self.prefix);
        let mut digits = [0; 10]; // as many as a `u32` can have
        let mut from = digits.len();
        loop {
            from -= 1;
            digits[from] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        out.push_str(str::from_utf8(&digits[from..]).expect("digits"));
    }
}

/// What is printed: a graph, and the parts of it that stand as names.
#[derive(Clone, Copy)]
struct Source<'a> {
    arena: &'a Arena,
    names: Option<&'a Names>,
    /// The part whose definition is being printed: its own name does not stand for it there.
    root: Id,
}

impl<'a> Source<'a> {
    /// The number of the definition that stands for a part.
    fn name(&self, id: Id) -> Option<u32> {
        let number = self.names?.of[id.index()];
        (number != 0 && id != self.root).then_some(number)
    }

    /// The node, unless a name stands for it.
    fn open(&self, id: Id) -> Option<Node> {
        self.name(id).is_none().then(|| self.arena.node(id))
    }

    fn value(&self, n: NumberId) -> &'a Rational {
        self.arena.number_value(n)
    }

    fn is_number(&self, id: Id) -> bool {
        matches!(self.arena.node(id), Node::Number(_))
    }

    /// Is it `exp(1)`?
    fn is_e(&self, id: Id) -> bool {
        matches!(self.arena.node(id), Node::Call(Function::Exp, one) if self.arena.is_one(one))
    }

    /// The number as it was written, for one that was written as a decimal; without its sign.
    fn decimal(&self, n: NumberId) -> Option<String> {
        let decimal = self.arena.is_decimal(n);
        decimal.then(|| self.value(n).abs().to_decimal()).flatten()
    }

    /// `c*rest` as its coefficient and the rest; a product of numbers that are too large to multiply is no such thing.
    fn scaled(&self, id: Id) -> Option<(NumberId, Id)> {
        let Node::Mul(c, rest) = self.open(id)? else {
            return None;
        };
        let Node::Number(c) = self.arena.node(c) else {
            return None;
        };
        matches!(self.arena.split_coefficient(rest), (None, _)).then_some((c, rest))
    }

    /// The base and the exponent of a power that prints as `1/base^-exponent` and reads back as itself.
    ///
    /// Whole powers of numbers (0^-2) and of products with a coefficient fold when they are read, so these keep their
    /// negative exponent; 0^-1 is `1/0`.
    fn reciprocal(&self, id: Id) -> Option<(Id, NumberId)> {
        let Node::Pow(base, exponent) = self.open(id)? else {
            return None;
        };
        let Node::Number(n) = self.arena.node(exponent) else {
            return None;
        };
        let value = self.value(n);
        if !value.is_negative() {
            return None;
        }
        let faithful = match self.arena.node(base) {
            Node::Number(z) if self.value(z).is_zero() => *value == Rational::MINUS_ONE,
            Node::Number(_) | Node::Pow(..) | Node::ImaginaryUnit => !value.is_integer(),
            Node::Mul(c, _) => !value.is_integer() || !self.is_number(c),
            _ => true,
        };
        faithful.then_some((base, n))
    }
}
