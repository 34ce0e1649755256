//! Text to tree: the grammar, what a text says, and what is wrong with it. The way back, from the graph to text, is
//! [`mod@print`].
//!
//! [`parse`] reads a text by `grammar/gradus.pest` into a [`Tree`] that is faithful to what was written and knows where
//! everything stood; [`render`] draws a [`SyntaxError`] for a person. The tree knows no mathematics: that `pi` is a number
//! and `sin` a function of one argument is decided where the tree is lowered to the graph.
//!
//! No part of this recurses on the input. pest does, once a bracket; so brackets are counted first, and the parse runs on
//! a thread whose stack is made for that count.

mod brackets;
mod build;
mod definitions;
mod error;
mod explain;
mod judge;
mod lower;
mod names;
mod operators;
mod own_functions;
mod parse;
pub mod print;
mod reductions;
mod render;
mod run_together;
mod scope;
mod tree;
mod variable;

pub(crate) use definitions::{rule_lines, split_at_commas, template};
pub use error::{SyntaxError, SyntaxErrorKind};
pub use lower::{
    MAX_FILLED_NODES, Reading, lower, outside_reductions, parse_into, read, read_over_rows, single,
};
pub use names::{FunctionNames, RESERVED_NAMES, did_you_mean, free_names, normalize_name};
pub use parse::{MAX_INPUT_BYTES, MAX_NESTING, parse};
pub use reductions::Reduced;
pub use render::render;
pub use tree::{
    BinaryOp, Definition, Kind, NameId, NodeId, Note, Parameter, Span, Tree, TreeNode, UnaryOp,
};
pub use variable::variable_name;
