//! Jacobians and Hessians that are mostly 0: the entries that can be other than 0, and nothing else.
//!
//! In three steps, a file each: [`dependence`] finds the [`Pattern`] by propagation; a [`Coloring`] groups columns or rows
//! that never meet; a [`Plan`] says where, in one sweep a group, each entry stands. A [`SparseFunction`] is the result,
//! ready to be called. Nothing here has the size of the full matrix.
//!
//! The pattern is about structure: an entry that it has may still be 0 ((x + y)*(x - y) is x^2 - y^2, which nobody sees
//! without multiplying it out), one that it has not is 0 everywhere.

mod coloring;
mod dependence;
mod function;
mod pattern;
mod plan;

pub use coloring::Coloring;
pub use dependence::dependence;
pub use function::{Method, SparseFunction};
pub use pattern::{Pattern, SparseMatrix};
pub use plan::{Plan, Side};
