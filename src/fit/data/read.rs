//! Tables, chunk by chunk.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use csv::ByteRecord;
use rustc_hash::FxHashMap;

use super::csv::Csv;
use super::field::{is_missing, shown};
use super::json_lines::JsonLines;
use super::parquet::Parquet;
use super::source::Source;
use super::{Cells, DataError, Form as Written, Format, Missing, form_of};

/// Rows of a chunk: as many as two threads share, and few enough to stay in the second cache for some columns.
pub const CHUNK_ROWS: usize = 16_384;

/// A chunk ends early where the text of its rows, if that is kept, is longer than this.
pub const CHUNK_BYTES: usize = 16 << 20;

/// A longer row is an error: mostly it is a quote that was never closed, and would be the rest of the file.
pub const MAX_ROW_BYTES: usize = 16 << 20;

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
    form: Form,
    file: String,
    missing: Missing,
    columns: Vec<String>,
    chosen: Vec<usize>,
    /// Columns of words that must be there.
    words: Vec<usize>,
    keep: bool,
    record: ByteRecord,
    /// The first record is a row that was read already.
    pending: bool,
    dropped: u64,
    note_lines: bool,
}

/// What reads records.
enum Form {
    Csv(Box<Csv>),
    JsonLines(Box<JsonLines>),
    Parquet(Box<Parquet>),
}

/// Some rows of a table.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// The chosen columns, in the order in which they were chosen.
    pub columns: Vec<Vec<f64>>,
    /// The rows as they stood, if they are kept; longer than there are rows where rows were there before.
    pub kept: Vec<ByteRecord>,
    /// The line of each row, if [lines are noted](Reader::note_lines) and the table has such.
    pub lines: Vec<u64>,
    /// How many rows there are.
    pub rows: usize,
}

impl Reader {
    /// Opens a file: JSON lines or Parquet if its name ends like that ([`form_of`]), else text with delimiters.
    ///
    /// # Errors
    /// [`DataError`]: it cannot be opened, or does not begin like such a table.
    pub fn open(path: &Path, format: &Format) -> Result<Reader, DataError> {
        let name = path.display().to_string();
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return Err(DataError::Io { file: name, error }),
        };
        match form_of(path) {
            Written::Csv => Reader::csv(source(file, &name)?, name, format),
            Written::JsonLines => Reader::json_lines(source(file, &name)?, name, format),
            Written::Parquet => {
                let (parquet, columns) = Parquet::open(file, &name)?;
                Ok(Reader {
                    columns,
                    ..Reader::over(Form::Parquet(Box::new(parquet)), name, format)
                })
            }
        }
    }

    /// Reads from anything; `file` is what errors call it. JSON lines are known by the brace at the beginning.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn new(
        bytes: impl Read + Send + 'static,
        file: &str,
        format: &Format,
    ) -> Result<Reader, DataError> {
        let source = source(bytes, file)?;
        match source.begins_with_object() {
            true => Reader::json_lines(source, file.to_owned(), format),
            false => Reader::csv(source, file.to_owned(), format),
        }
    }

    fn csv(source: Source, file: String, format: &Format) -> Result<Reader, DataError> {
        let form = Form::Csv(Box::new(Csv::new(source, format)));
        let mut reader = Reader::over(form, file, format);
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

    fn json_lines(source: Source, file: String, format: &Format) -> Result<Reader, DataError> {
        let (lines, columns) = JsonLines::new(source, &file)?;
        Ok(Reader {
            columns,
            ..Reader::over(Form::JsonLines(Box::new(lines)), file, format)
        })
    }

    fn over(form: Form, file: String, format: &Format) -> Reader {
        Reader {
            form,
            file,
            missing: format.missing,
            columns: Vec::new(),
            chosen: Vec::new(),
            words: Vec::new(),
            keep: false,
            record: ByteRecord::new(),
            pending: false,
            dropped: 0,
            note_lines: false,
        }
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
        match &self.form {
            Form::Csv(csv) => csv.bytes_read(),
            Form::JsonLines(lines) => lines.bytes_read(),
            Form::Parquet(parquet) => parquet.bytes_read(),
        }
    }

    /// How many rows were left out because a value is missing.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The columns that were [chosen](Self::choose).
    pub fn chosen(&self) -> &[usize] {
        &self.chosen
    }

    /// Are all values of a column numbers or missing, as far as is known: because it was chosen, or because its type says
    /// so?
    pub fn has_numbers(&self, column: usize) -> bool {
        match &self.form {
            Form::Parquet(parquet) => parquet.has_numbers(column),
            _ => self.chosen.contains(&column),
        }
    }

    /// Which columns are read as numbers, by their place from 0 on, and whether the rows are kept as they stand.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn choose(&mut self, columns: &[usize], keep: bool) {
        assert!(columns.iter().all(|&at| at < self.columns.len()));
        self.chosen = columns.to_vec();
        self.words.clear();
        self.keep = keep;
    }

    /// As [`choose`](Self::choose), with the rows kept, where columns of words are wanted too: in them a missing value is what
    /// it is among numbers, except that none can be NaN; where that is asked for it stays a word.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn choose_words(&mut self, numbers: &[usize], words: &[usize]) {
        assert!(words.iter().all(|&at| at < self.columns.len()));
        self.choose(numbers, true);
        self.words = words.to_vec();
    }

    /// From now on the lines of rows are noted in the chunks.
    pub fn note_lines(&mut self) {
        self.note_lines = true;
    }

    /// Puts the next rows into `chunk`, at most [`CHUNK_ROWS`], and says how many; 0 is the end of the table.
    ///
    /// # Errors
    /// [`DataError`] at the first row that is wrong; what is in the chunk is of no use then.
    pub fn read(&mut self, chunk: &mut Chunk) -> Result<usize, DataError> {
        chunk.rows = 0;
        chunk.lines.clear();
        chunk.columns.resize_with(self.chosen.len(), Vec::new);
        chunk.columns.iter_mut().for_each(Vec::clear);
        if let Form::Parquet(_) = self.form {
            return self.read_cells(chunk);
        }
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
            if self.note_lines {
                chunk.lines.push(self.line());
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

    /// The same where rows come by columns.
    fn read_cells(&mut self, chunk: &mut Chunk) -> Result<usize, DataError> {
        let Form::Parquet(parquet) = &mut self.form else {
            unreachable!("only for such tables")
        };
        while chunk.rows == 0 {
            let first = parquet.row();
            let Some(cells) = parquet.next(&self.chosen, self.keep, &self.file)? else {
                break;
            };
            for row in 0..cells.rows {
                let number = (cells.numbers.iter().zip(&self.chosen))
                    .find_map(|(column, &at)| column[row].is_none().then_some(at));
                let word = (self.words.iter().copied()).find(|&at| cells.texts[at][row].is_none());
                match (number.or(word), self.missing) {
                    (Some(_), Missing::Drop) => {
                        self.dropped += 1;
                        continue;
                    }
                    (Some(at), Missing::Refuse) => {
                        return Err(DataError::MissingInRow {
                            file: self.file.clone(),
                            row: first + row as u64 + 1,
                            column: self.columns[at].clone(),
                        });
                    }
                    (Some(_), Missing::NaN) | (None, _) => {}
                }
                for (column, cells) in chunk.columns.iter_mut().zip(&cells.numbers) {
                    column.push(cells[row].unwrap_or(f64::NAN));
                }
                if self.keep {
                    keep(chunk, &cells, row);
                }
                chunk.rows += 1;
            }
        }
        Ok(chunk.rows)
    }

    /// Adds the numbers of the row to the columns; false if one is missing and the row is to be left out.
    fn take_numbers(&self, chunk: &mut Chunk) -> Result<bool, DataError> {
        for &at in &self.words {
            match (is_missing(self.record[at].trim_ascii()), self.missing) {
                (true, Missing::Drop) => return Ok(false),
                (true, Missing::Refuse) => return Err(self.missing_in(at)),
                (true, Missing::NaN) | (false, _) => {}
            }
        }
        for (k, &at) in self.chosen.iter().enumerate() {
            let field = self.record[at].trim_ascii();
            let number = match (is_missing(field), self.missing) {
                (false, _) => self.number(at, field)?,
                (true, Missing::NaN) => f64::NAN,
                (true, Missing::Drop) => {
                    for column in &mut chunk.columns[..k] {
                        column.pop();
                    }
                    return Ok(false);
                }
                (true, Missing::Refuse) => return Err(self.missing_in(at)),
            };
            chunk.columns[k].push(number);
        }
        Ok(true)
    }

    fn missing_in(&self, column: usize) -> DataError {
        DataError::Missing {
            file: self.file.clone(),
            line: self.line(),
            column: self.columns[column].clone(),
        }
    }

    fn number(&self, at: usize, field: &[u8]) -> Result<f64, DataError> {
        // In JSON they are no text but truth values, and 1 and 0 in formulas.
        let field = match (field, &self.form) {
            (b"true", Form::JsonLines(_)) => b"1",
            (b"false", Form::JsonLines(_)) => b"0",
            _ => field,
        };
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
        match &mut self.form {
            Form::Csv(csv) => csv.next(&mut self.record, &self.file),
            Form::JsonLines(lines) => lines.next(&mut self.record, &self.file),
            Form::Parquet(_) => unreachable!("it is read by columns"),
        }
    }

    /// The line in which the last record begins.
    fn line(&self) -> u64 {
        match &self.form {
            Form::Csv(csv) => csv.line(&self.record),
            Form::JsonLines(lines) => lines.line(),
            Form::Parquet(_) => unreachable!("it has no lines"),
        }
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

/// Keeps a row as text; what is missing is an empty field.
fn keep(chunk: &mut Chunk, cells: &Cells, row: usize) {
    let fields = (cells.texts.iter()).map(|column| column[row].as_deref().unwrap_or_default());
    let record = fields.collect::<ByteRecord>();
    match chunk.kept.get_mut(chunk.rows) {
        Some(kept) => *kept = record,
        None => chunk.kept.push(record),
    }
}

fn source(bytes: impl Read + Send + 'static, file: &str) -> Result<Source, DataError> {
    let file = || file.to_owned();
    match Source::new(Box::new(bytes)) {
        Ok(source) if source.utf16 => Err(DataError::Utf16 { file: file() }),
        Ok(source) if source.begins_with_parquet() => {
            Err(DataError::ParquetByName { file: file() })
        }
        Ok(source) => Ok(source),
        Err(error) => Err(DataError::Io {
            file: file(),
            error,
        }),
    }
}
