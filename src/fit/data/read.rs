//! Tables, chunk by chunk.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use csv::{ByteRecord, ErrorKind};
use rustc_hash::FxHashMap;

use super::source::Source;
use super::{DataError, Format, Missing};

/// Rows of a chunk: as many as two threads share, and few enough to stay in the second cache for some columns.
pub const CHUNK_ROWS: usize = 16_384;

/// A chunk ends early where the text of its rows, if that is kept, is longer than this.
pub const CHUNK_BYTES: usize = 16 << 20;

/// A longer row is an error: mostly it is a quote that was never closed, and would be the rest of the file.
pub const MAX_ROW_BYTES: usize = 16 << 20;

/// How many bytes are read at once.
const BUFFER: usize = 64 << 10;

/// Characters of a field that an error shows.
const SHOWN: usize = 40;

/// A table being read; see the [module](super) for what it may look like.
///
/// ```
/// use gradus::fit::data::{Chunk, Format, Reader};
/// let text = "x,name,y\n1,first,2\n3,second,4\n";
/// let mut table = Reader::new(text.as_bytes(), "points", &Format::default())?;
/// assert_eq!(table.columns(), ["x", "name", "y"]);
/// table.choose(&[0, 2], false);
/// let mut chunk = Chunk::default();
/// assert_eq!(table.read(&mut chunk)?, 2);
/// assert_eq!(chunk.columns, [[1.0, 3.0], [2.0, 4.0]]);
/// assert_eq!(table.read(&mut chunk)?, 0); // the end
/// # Ok::<(), gradus::fit::data::DataError>(())
/// ```
pub struct Reader {
    csv: csv::Reader<Source>,
    file: String,
    missing: Missing,
    columns: Vec<String>,
    chosen: Vec<usize>,
    keep: bool,
    record: ByteRecord,
    /// The first record is a row that was read already.
    pending: bool,
    dropped: u64,
}

/// Some rows of a table.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// The chosen columns, in the order in which they were chosen.
    pub columns: Vec<Vec<f64>>,
    /// The rows as they stood, if they are kept; longer than there are rows where rows were there before.
    pub kept: Vec<ByteRecord>,
    /// How many rows there are.
    pub rows: usize,
}

impl Reader {
    /// Opens a file.
    ///
    /// # Errors
    /// [`DataError`]: it cannot be opened, or its first line is no line of names.
    pub fn open(path: &Path, format: &Format) -> Result<Reader, DataError> {
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => Reader::new(file, &name, format),
            Err(error) => Err(DataError::Io { file: name, error }),
        }
    }

    /// Reads from anything; `file` is what errors call it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn new(
        bytes: impl Read + Send + 'static,
        file: &str,
        format: &Format,
    ) -> Result<Reader, DataError> {
        let file = file.to_owned();
        let source = match Source::new(Box::new(bytes)) {
            Ok(source) if source.utf16 => return Err(DataError::Utf16 { file }),
            Ok(source) => source,
            Err(error) => return Err(DataError::Io { file, error }),
        };
        let csv = csv::ReaderBuilder::new()
            .delimiter(format.delimiter)
            .comment(format.comment)
            .has_headers(false)
            // Rows of another length are found here, with the line that a person would count.
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(source);
        let mut reader = Reader {
            csv,
            file,
            missing: format.missing,
            columns: Vec::new(),
            chosen: Vec::new(),
            keep: false,
            record: ByteRecord::new(),
            pending: false,
            dropped: 0,
        };
        if reader.next()? {
            // Behind a blank the parser takes quotes for text.
            let name = |field: &[u8]| {
                let name = String::from_utf8_lossy(field).trim().to_owned();
                let inner = name.strip_prefix('"').and_then(|n| n.strip_suffix('"'));
                inner.map_or(name.clone(), |inner| inner.trim().to_owned())
            };
            reader.columns = match format.header {
                true => reader.record.iter().map(name).collect(),
                false => (1..=reader.record.len()).map(|k| format!("c{k}")).collect(),
            };
            reader.pending = !format.header;
        } else if format.header {
            return Err(DataError::Empty { file: reader.file });
        }
        reader.check_names()?;
        Ok(reader)
    }

    /// The names of all columns, without blanks around them.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What the table is called in errors.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// How many bytes of the file were read.
    pub fn bytes_read(&self) -> u64 {
        self.csv.get_ref().read
    }

    /// How many rows were left out because a value is missing.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Which columns are read as numbers, by their place from 0 on, and whether the rows are kept as they stand.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn choose(&mut self, columns: &[usize], keep: bool) {
        assert!(columns.iter().all(|&at| at < self.columns.len()));
        self.chosen = columns.to_vec();
        self.keep = keep;
    }

    /// Puts the next rows into `chunk`, at most [`CHUNK_ROWS`], and says how many; 0 is the end of the table.
    ///
    /// # Errors
    /// [`DataError`] at the first row that is wrong; what is in the chunk is of no use then.
    pub fn read(&mut self, chunk: &mut Chunk) -> Result<usize, DataError> {
        chunk.rows = 0;
        chunk.columns.resize_with(self.chosen.len(), Vec::new);
        chunk.columns.iter_mut().for_each(Vec::clear);
        let mut bytes = 0;
        while chunk.rows < CHUNK_ROWS && bytes < CHUNK_BYTES {
            if !std::mem::take(&mut self.pending) && !self.next()? {
                break;
            }
            if self.record.len() != self.columns.len() {
                return Err(DataError::Fields {
                    line: self.line(),
                    expected: self.columns.len(),
                    found: self.record.len(),
                    file: self.file.clone(),
                });
            }
            if !self.take_numbers(chunk)? {
                self.dropped += 1;
                continue;
            }
            if self.keep {
                bytes += self.record.as_slice().len();
                match chunk.kept.get_mut(chunk.rows) {
                    Some(kept) => kept.clone_from(&self.record),
                    None => chunk.kept.push(self.record.clone()),
                }
            }
            chunk.rows += 1;
        }
        Ok(chunk.rows)
    }

    /// Adds the numbers of the row to the columns; false if one is missing and the row is to be left out.
    fn take_numbers(&self, chunk: &mut Chunk) -> Result<bool, DataError> {
        for (k, &at) in self.chosen.iter().enumerate() {
            let field = self.record[at].trim_ascii();
            let is_missing = field.is_empty() || [&b"NA"[..], b"null"].contains(&field);
            let number = match (is_missing, self.missing) {
                (false, _) => self.number(at, field)?,
                (true, Missing::NaN) => f64::NAN,
                (true, Missing::Drop) => {
                    for column in &mut chunk.columns[..k] {
                        column.pop();
                    }
                    return Ok(false);
                }
                (true, Missing::Refuse) => {
                    return Err(DataError::Missing {
                        file: self.file.clone(),
                        line: self.line(),
                        column: self.columns[at].clone(),
                    });
                }
            };
            chunk.columns[k].push(number);
        }
        Ok(true)
    }

    fn number(&self, at: usize, field: &[u8]) -> Result<f64, DataError> {
        let number = std::str::from_utf8(field).ok().and_then(|f| f.parse().ok());
        // `1e999` is read as infinity, and so is `inf`: only one of them means it.
        let digits = || field.iter().any(u8::is_ascii_digit);
        match number {
            Some(x) if !f64::is_infinite(x) || !digits() => return Ok(x),
            _ => {}
        }
        let (file, column) = (self.file.clone(), self.columns[at].clone());
        let (line, text) = (self.line(), shown(field));
        Err(match number {
            Some(_) => DataError::TooLarge {
                file,
                line,
                column,
                text,
            },
            None => DataError::NotANumber {
                file,
                line,
                column,
                text,
            },
        })
    }

    /// Reads a record; false at the end.
    fn next(&mut self) -> Result<bool, DataError> {
        // Where a row begins that has no end: at this line, or behind the blank ones that follow.
        let place = self.csv.position();
        let newline = self.csv.get_ref().byte_before(place.byte()) != Some(b'\r');
        let begun = place.line() + u64::from(!newline);
        self.csv.get_mut().allowance = MAX_ROW_BYTES;
        let found = self.csv.read_byte_record(&mut self.record);
        let source = self.csv.get_ref();
        let found = match found {
            Ok(found) => found,
            Err(_) if source.exceeded => {
                return Err(DataError::TooLong {
                    file: self.file.clone(),
                    line: begun,
                });
            }
            Err(error) => {
                let error = match error.into_kind() {
                    ErrorKind::Io(error) => error,
                    other => std::io::Error::other(format!("{other:?}")),
                };
                return Err(DataError::Io {
                    file: self.file.clone(),
                    error,
                });
            }
        };
        // Quotes that are closed come in pairs. The last row may have swallowed others only if it spans lines.
        let spans = || self.record.as_slice().contains(&b'\n');
        if found && source.ended && source.quotes % 2 == 1 && spans() {
            return Err(DataError::OpenQuote {
                file: self.file.clone(),
                // Here the last newline belongs to the field.
                line: self.csv.position().line() - self.newlines(),
            });
        }
        Ok(found)
    }

    /// The line in which the last record begins. The parser's own count is of where it began to look, which is before
    /// blank lines and comments, and before the `\n` of a `\r\n`.
    fn line(&self) -> u64 {
        let end = self.csv.position();
        let newline = self.csv.get_ref().byte_before(end.byte()) == Some(b'\n');
        end.line() - u64::from(newline) - self.newlines()
    }

    fn newlines(&self) -> u64 {
        let bytes = self.record.as_slice().iter();
        bytes.filter(|&&b| b == b'\n').count() as u64
    }

    fn check_names(&self) -> Result<(), DataError> {
        let mut seen = FxHashMap::default();
        for (at, name) in self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, n)| !n.is_empty())
        {
            if let Some(first) = seen.insert(name, at) {
                return Err(DataError::SameName {
                    file: self.file.clone(),
                    name: shown(name.as_bytes()),
                    first: first + 1,
                    second: at + 1,
                });
            }
        }
        Ok(())
    }
}

/// The beginning of a field, on one line.
fn shown(field: &[u8]) -> String {
    // Four bytes a character at most.
    let text = String::from_utf8_lossy(&field[..field.len().min(4 * SHOWN + 4)]).into_owned();
    let mut text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if let Some((end, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(end);
        text.push_str("...");
    }
    text
}
