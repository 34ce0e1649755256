//! The names of the reductions: how many rows become one number.
//!
//! As with [`Function`](super::Function), only spelling stands here. `var` and `std` are no reductions of their own:
//! [`crate::syntax`] writes them by `mean`.

/// How the values of an expression at all rows of a table become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// The sum over the rows.
    Sum,
    /// The sum divided by the number of rows.
    Mean,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
}

impl Reduction {
    /// Every reduction.
    pub const ALL: [Reduction; 4] = [
        Reduction::Sum,
        Reduction::Mean,
        Reduction::Min,
        Reduction::Max,
    ];

    /// The name in formulas.
    pub const fn name(self) -> &'static str {
        match self {
            Reduction::Sum => "sum",
            Reduction::Mean => "mean",
            Reduction::Min => "min",
            Reduction::Max => "max",
        }
    }
}
