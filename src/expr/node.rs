//! What the graph is made of: small nodes that name older nodes.

use super::Function;

/// A node of a graph, by number. Children always have smaller numbers than their parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub(crate) u32);

impl Id {
    /// The position of the node in its graph.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A number in a graph's table of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NumberId(pub(crate) u32);

/// A variable in a graph's table of variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolId(pub(crate) u32);

impl SymbolId {
    /// The position of the variable in its graph.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The core language: no subtraction (`a + -1*b`), no division (`a * b^-1`), no square root (`a^(1/2)`).
///
/// Euler's number is `exp(1)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// An exact rational number.
    Number(NumberId),
    /// A variable.
    Symbol(SymbolId),
    /// The circle constant.
    Pi,
    /// The imaginary unit.
    ImaginaryUnit,
    /// A sum of two.
    Add(Id, Id),
    /// A product of two; a numeric coefficient is always the left operand of the outermost product.
    Mul(Id, Id),
    /// A power: base, exponent. Principal branch; 0^0 = 1.
    Pow(Id, Id),
    /// A function of one argument.
    Call(Function, Id),
    /// A function of two arguments.
    Call2(Function, Id, Id),
    /// Condition, value where the condition is not 0, value where it is 0. The branch not taken never matters.
    If(Id, Id, Id),
}

impl Node {
    /// The children, in order.
    pub fn children(self) -> Children {
        let (list, len) = match self {
            Node::Number(_) | Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit => ([Id(0); 3], 0),
            Node::Call(_, a) => ([a, Id(0), Id(0)], 1),
            Node::Add(a, b) | Node::Mul(a, b) | Node::Pow(a, b) | Node::Call2(_, a, b) => {
                ([a, b, Id(0)], 2)
            }
            Node::If(c, a, b) => ([c, a, b], 3),
        };
        Children { list, len, next: 0 }
    }

    /// Calls `visit` with each child, in order: the iterator unrolled, for the loops that go over everything.
    #[inline]
    pub(crate) fn each_child(self, mut visit: impl FnMut(Id)) {
        match self {
            Node::Number(_) | Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit => {}
            Node::Call(_, a) => visit(a),
            Node::Add(a, b) | Node::Mul(a, b) | Node::Pow(a, b) | Node::Call2(_, a, b) => {
                visit(a);
                visit(b);
            }
            Node::If(c, a, b) => {
                visit(c);
                visit(a);
                visit(b);
            }
        }
    }

    /// Has it no children?
    pub fn is_leaf(self) -> bool {
        matches!(
            self,
            Node::Number(_) | Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit
        )
    }

    /// The child with the largest number.
    pub(super) fn youngest_child(self) -> Option<Id> {
        match self {
            Node::Number(_) | Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit => None,
            Node::Call(_, a) => Some(a),
            Node::Add(a, b) | Node::Mul(a, b) | Node::Pow(a, b) | Node::Call2(_, a, b) => {
                Some(a.max(b))
            }
            Node::If(c, a, b) => Some(c.max(a).max(b)),
        }
    }
}

/// The children of one node.
pub struct Children {
    list: [Id; 3],
    len: u8,
    next: u8,
}

impl Iterator for Children {
    type Item = Id;
    fn next(&mut self) -> Option<Id> {
        (self.next < self.len).then(|| {
            self.next += 1;
            self.list[self.next as usize - 1]
        })
    }
}
