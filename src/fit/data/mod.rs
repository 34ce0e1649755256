//! Columns of numbers from files of text, and files that are written whole or not at all.
//!
//! [`Reader`] gives a table chunk by chunk, so that its size does not matter; [`Output`] is a file that appears under its
//! name when it is finished. Here is what a table looks like and what is wrong with one; neither formulas nor options of
//! the command line are known here.
//!
//! The first line names the columns, unless [`Format::header`] says that there is none. Blank lines are passed over, fields
//! may stand in double quotes, lines may end as on Windows, a byte order mark is skipped. Only the columns that are
//! [chosen](Reader::choose) need be numbers. An empty field, `NA` and `null` are missing values; `NaN`, `inf` and `-inf`
//! are numbers.

mod output;
mod read;
mod source;

use std::path::Path;

pub use output::Output;
pub use read::{CHUNK_BYTES, CHUNK_ROWS, Chunk, MAX_ROW_BYTES, Reader};

/// What becomes of rows in which a value is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// They are an error.
    #[default]
    Refuse,
    /// They are left out, and counted.
    Drop,
    /// The value is NaN.
    NaN,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// What stands between two fields.
    pub delimiter: u8,
    /// Does the first line name the columns? Otherwise they are called c1, c2, ...
    pub header: bool,
    /// Lines that begin with this are passed over.
    pub comment: Option<u8>,
    /// What missing values mean.
    pub missing: Missing,
}

impl Default for Format {
    fn default() -> Format {
        Format {
            delimiter: b',',
            header: true,
            comment: None,
            missing: Missing::Refuse,
        }
    }
}

/// The delimiter of a file by the ending of its name: a tabulator for `.tsv` and `.tab`, a comma for all others.
///
/// ```
/// use gradus::fit::data::delimiter_of;
/// assert_eq!(delimiter_of("points.TSV".as_ref()), b'\t');
/// assert_eq!(delimiter_of("points.csv".as_ref()), b',');
/// ```
pub fn delimiter_of(path: &Path) -> u8 {
    let ending = path.extension().unwrap_or_default();
    match ending.eq_ignore_ascii_case("tsv") || ending.eq_ignore_ascii_case("tab") {
        true => b'\t',
        false => b',',
    }
}

/// What is wrong with a table; `file` is what it is called, lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// It cannot be opened, read or written.
    #[error("{file}: {error}")]
    Io {
        /// The file.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// There is not even a line of names.
    #[error("{file} is empty")]
    Empty {
        /// The file.
        file: String,
    },
    /// It is text of 16 bits.
    #[error("{file} is text in UTF-16")]
    Utf16 {
        /// The file.
        file: String,
    },
    /// Two columns have one name.
    #[error("{file}: columns {first} and {second} are both called `{name}`")]
    SameName {
        /// The file.
        file: String,
        /// Their name.
        name: String,
        /// The number of one, from 1 on.
        first: usize,
        /// The number of the other.
        second: usize,
    },
    /// A row has not as many fields as there are columns.
    #[error("{file}, line {line}: {found} fields where there are {expected} columns")]
    Fields {
        /// The file.
        file: String,
        /// Where the row begins.
        line: u64,
        /// How many columns there are.
        expected: usize,
        /// How many fields the row has.
        found: usize,
    },
    /// A value is missing.
    #[error("{file}, line {line}: the value of `{column}` is missing")]
    Missing {
        /// The file.
        file: String,
        /// Where the row begins.
        line: u64,
        /// The column.
        column: String,
    },
    /// A value is no number.
    #[error("{file}, line {line}: `{text}` in column `{column}` is not a number")]
    NotANumber {
        /// The file.
        file: String,
        /// Where the row begins.
        line: u64,
        /// The column.
        column: String,
        /// What stands there, its beginning if it is long.
        text: String,
    },
    /// A number is beyond the range of floating point.
    #[error(
        "{file}, line {line}: `{text}` in column `{column}` is too large for a number of 64 bits"
    )]
    TooLarge {
        /// The file.
        file: String,
        /// Where the row begins.
        line: u64,
        /// The column.
        column: String,
        /// What stands there.
        text: String,
    },
    /// A row is too long to be one.
    #[error("{file}, line {line}: the row is longer than {} MiB", MAX_ROW_BYTES >> 20)]
    TooLong {
        /// The file.
        file: String,
        /// Where the row begins.
        line: u64,
    },
    /// The end of the file lies inside quotes.
    #[error("{file}, line {line}: a quote is opened and never closed")]
    OpenQuote {
        /// The file.
        file: String,
        /// Where the row begins.
        line: u64,
    },
}

impl DataError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            DataError::Io { .. } => None,
            DataError::Empty { .. } => Some("the first line names the columns: x,y"),
            DataError::Utf16 { .. } => Some("save it as UTF-8"),
            DataError::SameName { .. } => Some("give each column a name of its own"),
            DataError::Fields { .. } => {
                Some("fields that contain the delimiter stand in double quotes")
            }
            DataError::Missing { .. } => {
                Some("--missing drop leaves such rows out, --missing nan takes NaN for the value")
            }
            DataError::NotANumber { text, .. } if is_decimal_comma(text) => {
                Some("decimals have a point: 1.5")
            }
            DataError::NotANumber { .. } => {
                Some("numbers are written as 2, -0.5, 1e-3, NaN or inf")
            }
            DataError::TooLarge { .. } => Some("write inf if that is meant"),
            DataError::TooLong { .. } | DataError::OpenQuote { .. } => {
                Some("look for a double quote that is not closed")
            }
        }
    }
}

fn is_decimal_comma(text: &str) -> bool {
    text.matches(',').count() == 1 && text.replace(',', ".").parse::<f64>().is_ok()
}
