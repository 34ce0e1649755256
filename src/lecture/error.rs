//! What can be wrong with the numbers of a lecture.

/// Why something has no answer. The messages are for people who are learning what the word means.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LectureError {
    /// Lengths or shapes do not fit.
    #[error("shapes do not fit: {left} and {right}")]
    Shapes {
        /// One of them.
        left: String,
        /// The other.
        right: String,
    },
    /// There is nothing to work on.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A statistic needs more numbers.
    #[error("{what} needs at least {needed} numbers, and there are {found}")]
    TooFew {
        /// Which statistic.
        what: &'static str,
        /// How many it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// It is no probability.
    #[error("{what} must be between 0 and 1, and is {value}")]
    NotAProbability {
        /// What it is for.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// Probabilities do not sum to 1.
    #[error("the probabilities of {what} must sum to 1, and sum to {sum}")]
    SumNotOne {
        /// Whose.
        what: &'static str,
        /// Their sum.
        sum: f64,
    },
    /// It must be above 0.
    #[error("{what} must be a number above 0, and is {value}")]
    NotPositive {
        /// What it is for.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// It is NaN or infinite.
    #[error("{what} must be a finite number, and is {value}")]
    NotFinite {
        /// What it is for.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// What was observed has the probability 0 under every hypothesis that is held possible.
    #[error(
        "what was observed is impossible: its probability is 0 under every hypothesis that has a prior above 0"
    )]
    Impossible,
    /// A rate of no cases.
    #[error("the rate is 0/0: {0}")]
    NoCases(&'static str),
    /// Everything is the same, where a spread is divided by.
    #[error("{0} has no variance: all its values are equal")]
    NoVariance(&'static str),
    /// A count out of its range.
    #[error("{what} must be between {least} and {most}, and is {value}")]
    Range {
        /// Of what.
        what: &'static str,
        /// Its value.
        value: u64,
        /// The least value.
        least: u64,
        /// The largest value.
        most: u64,
    },
    /// The zero vector has no direction.
    #[error("the zero vector has no direction")]
    ZeroVector,
    /// The order of a norm.
    #[error("the p of a norm must be 1 or more, and is {0}: below 1 the triangle inequality fails")]
    Order(f64),
    /// There is no inverse.
    #[error(
        "the matrix is singular: of its {size} rows only {rank} are independent, so it has no inverse"
    )]
    Singular {
        /// How many rows and columns.
        size: usize,
        /// The rank.
        rank: usize,
    },
    /// It is not square.
    #[error("only a square matrix has an inverse, and this one is {rows}x{columns}")]
    NotSquare {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// An exact number has too many digits.
    #[error("the exact numbers have too many digits")]
    TooLarge,
    /// A treatment was never given in a stratum of the confounder.
    #[error(
        "nobody with {confounder} = {stratum} got {treatment} = {level}: what the treatment does there is not in the data"
    )]
    Positivity {
        /// The treatment's name.
        treatment: String,
        /// Which of its levels.
        level: String,
        /// The confounder's name.
        confounder: String,
        /// Which of its values.
        stratum: String,
    },
    /// A count below 0, or that is no number.
    #[error("{what}: a count must be 0 or more, and is {value}")]
    BadCount {
        /// Which row.
        what: String,
        /// Its value.
        value: f64,
    },
}

impl LectureError {
    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            LectureError::Shapes { .. } => Some(
                "a product A @ B needs as many columns in A as rows in B; sums and * need equal shapes",
            ),
            LectureError::NotAProbability { value, .. } if *value > 1.0 && *value <= 100.0 => {
                Some("percent are written as 0.99, not 99")
            }
            LectureError::Singular { .. } => Some("the pseudo-inverse exists for every matrix"),
            LectureError::NotSquare { .. } => Some("the pseudo-inverse exists for every matrix"),
            LectureError::Positivity { .. } => Some(
                "leave that stratum out and say so, or join strata until every treatment occurs in each",
            ),
            _ => None,
        }
    }
}
