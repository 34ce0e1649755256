//! The methods of descent: where they end, what they cost, and that their rules are those of the papers.

mod bounds;
mod common;
mod outcomes;
mod problems;
mod resume;
mod rules;
mod searches;
mod suite;
