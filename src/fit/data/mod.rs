//! Columns of numbers from files, and files that are written whole or not at all.
//!
//! [`Reader`] gives a table chunk by chunk, so that its size does not matter; [`Table`] keeps its columns, in memory or,
//! where they are too large, in a temporary file; [`Output`] is a file that appears under its
//! name when it is finished. Here is what a table looks like and what is wrong with one; neither formulas nor options of
//! the command line are known here.
//!
//! Tables are text with delimiters, JSON lines or, with the feature `parquet`, Parquet files ([`form_of`]). Of text, the
//! first line names the columns, unless [`Format::header`] says that there is none. Blank lines are passed over, fields
//! may stand in double quotes, lines may end as on Windows, a byte order mark is skipped. Only the columns that are
//! [chosen](Reader::choose) need be numbers. An empty field, `NA` and `null` are missing values; `NaN`, `inf` and `-inf`
//! are numbers.

mod csv;
mod field;
mod json_lines;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(not(feature = "parquet"))]
#[path = "no_parquet.rs"]
mod parquet;
mod places;
mod read;
mod source;
mod spill;
mod table;

use std::path::Path;

pub use json_lines::{SAMPLE_BYTES, SAMPLE_LINES};
pub use output::Output;
pub use parquet::ParquetWriter;
pub use places::{MAX_JUMPS, Place, Places};
pub use read::{CHUNK_BYTES, CHUNK_ROWS, Chunk, MAX_ROW_BYTES, Reader};
pub use table::{DEFAULT_MEMORY, Extent, Table};

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

/// Some rows of a Parquet file, column by column; nothing where a value is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    /// How many rows there are.
    pub rows: usize,
    /// Columns of numbers.
    pub numbers: Vec<Vec<Option<f64>>>,
    /// Columns of text.
    pub texts: Vec<Vec<Option<String>>>,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text, fields divided by a delimiter.
    Csv,
    /// An object of JSON a line.
    JsonLines,
    /// Parquet, with the feature `parquet`.
    Parquet,
}

/// How a file is written by the ending of its name: `.jsonl`, `.ndjson` and `.json` are JSON lines, `.parquet` and `.pq`
/// Parquet, all others text.
///
/// ```
/// use gradus::fit::data::{Form, form_of};
/// assert_eq!(form_of("points.jsonl".as_ref()), Form::JsonLines);
/// assert_eq!(form_of("points.csv".as_ref()), Form::Csv);
/// ```
pub fn form_of(path: &Path) -> Form {
    let ending = path.extension().unwrap_or_default();
    let is = |endings: &[&str]| endings.iter().any(|e| ending.eq_ignore_ascii_case(e));
    if is(&["jsonl", "ndjson", "json"]) {
        Form::JsonLines
    } else if is(&["parquet", "pq"]) {
        Form::Parquet
    } else {
        Form::Csv
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
    /// There is no object in a file of JSON lines.
    #[error("{file} has no line with an object")]
    NoObjects {
        /// The file.
        file: String,
    },
    /// A line of JSON lines is no object.
    #[error("{file}, line {line}: no object of JSON: {message}")]
    NoObject {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// What the parser says.
        message: String,
    },
    /// It is a Parquet file under another name, or on standard input.
    #[error("{file} is a Parquet file")]
    ParquetByName {
        /// The file.
        file: String,
    },
    /// It is a Parquet file, and this program was built without the feature for them.
    #[error("{file}: this gradus was built without Parquet")]
    NoParquet {
        /// The file.
        file: String,
    },
    /// What a Parquet file holds cannot be read or written.
    #[error("{file}: {message}")]
    Parquet {
        /// The file.
        file: String,
        /// Why.
        message: String,
    },
    /// A column of a Parquet file holds no numbers.
    #[error("{file}: column `{column}` holds no numbers but {kind}")]
    NoNumbers {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// What it holds.
        kind: String,
    },
    /// The temporary file of a large table cannot be written or read.
    #[error("a temporary file in {folder}: {error}")]
    Temporary {
        /// Where it is.
        folder: String,
        /// Why.
        error: std::io::Error,
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
    /// A value is missing in a table that has no lines.
    #[error("{file}, row {row}: the value of `{column}` is missing")]
    MissingInRow {
        /// The file.
        file: String,
        /// The row, from 1 on.
        row: u64,
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
            DataError::Io { .. } | DataError::Parquet { .. } => None,
            DataError::NoObjects { .. } | DataError::NoObject { .. } => {
                Some("each line is an object: {\"x\": 1, \"y\": 2}")
            }
            DataError::ParquetByName { .. } => {
                Some("give it a name that ends in .parquet; it cannot come from standard input")
            }
            DataError::NoParquet { .. } => {
                Some("build it with `cargo install gradus --features parquet`")
            }
            DataError::NoNumbers { .. } => Some("choose another column, or convert it before"),
            DataError::Temporary { .. } => Some(
                "the environment variable TMPDIR names a folder for it; --memory allows more memory",
            ),
            DataError::Empty { .. } => Some("the first line names the columns: x,y"),
            DataError::Utf16 { .. } => Some("save it as UTF-8"),
            DataError::SameName { .. } => Some("give each column a name of its own"),
            DataError::Fields { .. } => {
                Some("fields that contain the delimiter stand in double quotes")
            }
            DataError::Missing { .. } | DataError::MissingInRow { .. } => {
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
