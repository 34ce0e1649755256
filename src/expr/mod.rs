//! The expression graph.
mod function;
pub use function::Function;
