//! Data: what formulas are evaluated at, and will be fitted to.
//!
//! Yet there is only [`data`], which reads tables from files, chunk by chunk.

pub mod data;
