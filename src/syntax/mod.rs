//! Text on both sides of the graph.

pub mod print;
