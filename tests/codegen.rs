//! Source in other languages against the scalar interpreter: every file is compiled or run, on sample points of every
//! function, on edges and on random points. Few compiler runs, many formulas in each.
//!
//! What a machine lacks is skipped, and said so; `GRADUS_PYTHON` names a Python that has NumPy.

#[path = "codegen/formulas.rs"]
mod formulas;
#[path = "codegen/languages.rs"]
mod languages;
#[path = "codegen/text.rs"]
mod text;
#[path = "codegen/tools.rs"]
mod tools;
