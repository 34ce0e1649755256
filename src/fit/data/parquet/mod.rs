//! Tables in Parquet files, row group by row group, a column after the other.
//!
//! Numbers of every width, truth values (1 and 0) and decimals become doubles; dates, times, text, lists and bytes are no
//! numbers. What is kept becomes text. Columns inside a group are called by their path, `a.b`.

mod kind;
mod write;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{CHUNK_ROWS, Cells, DataError};
use kind::Kind;
pub use write::ParquetWriter;

/// A file being read.
pub(super) struct Parquet {
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    /// The row group that is read next.
    group: usize,
    /// Readers of the columns that are wanted in the group at hand, and how many of its rows are left.
    readers: Vec<ColumnReader>,
    left: usize,
    row: u64,
    bytes: u64,
}

struct Column {
    name: String,
    kind: Kind,
    /// The definition level of a value that is there.
    defined: i16,
}

impl Parquet {
    /// Opens a file, and gives the names of its columns.
    pub(super) fn open(file: File, name: &str) -> Result<(Parquet, Vec<String>), DataError> {
        let file = guarded(name, || SerializedFileReader::new(file))?;
        let schema = file.metadata().file_metadata().schema_descr_ptr();
        let columns: Vec<Column> = (schema.columns().iter())
            .map(|column| Column {
                name: column.path().parts().join("."),
                kind: Kind::of(column),
                defined: column.max_def_level(),
            })
            .collect();
        let names = columns.iter().map(|column| column.name.clone()).collect();
        let parquet = Parquet {
            file,
            columns,
            group: 0,
            readers: Vec::new(),
            left: 0,
            row: 0,
            bytes: 0,
        };
        Ok((parquet, names))
    }

    /// How many bytes were read: those of the row groups that were begun.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// How many rows were read.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// Does a column hold numbers?
    pub(super) fn has_numbers(&self, column: usize) -> bool {
        matches!(self.columns[column].kind, Kind::Number(_))
    }

    /// The next rows: the chosen columns as numbers and, if they are kept, all as text; nothing at the end.
    pub(super) fn next(
        &mut self,
        chosen: &[usize],
        keep: bool,
        file: &str,
    ) -> Result<Option<Cells>, DataError> {
        for &at in chosen {
            if let Kind::Other(kind) = self.columns[at].kind {
                return Err(DataError::NoNumbers {
                    file: file.to_owned(),
                    column: self.columns[at].name.clone(),
                    kind: kind.to_owned(),
                });
            }
        }
        guarded(file, || self.next_cells(chosen, keep))
    }

    fn next_cells(&mut self, chosen: &[usize], keep: bool) -> Result<Option<Cells>, ParquetError> {
        while self.left == 0 {
            if self.group == self.file.num_row_groups() {
                return Ok(None);
            }
            self.begin_group(chosen, keep)?;
        }
        let rows = self.left.min(CHUNK_ROWS);
        let (numbers, texts) = self.readers.split_at_mut(chosen.len());
        let mut cells = Cells {
            rows,
            ..Cells::default()
        };
        for (reader, &at) in numbers.iter_mut().zip(chosen) {
            cells.numbers.push(self.columns[at].numbers(reader, rows)?);
        }
        for (reader, column) in texts.iter_mut().zip(&self.columns) {
            cells.texts.push(column.texts(reader, rows)?);
        }
        self.left -= rows;
        self.row += rows as u64;
        Ok(Some(cells))
    }

    fn begin_group(&mut self, chosen: &[usize], keep: bool) -> Result<(), ParquetError> {
        let group = self.file.get_row_group(self.group)?;
        self.group += 1;
        let rows = group.metadata().num_rows();
        self.left = usize::try_from(rows).map_err(|_| {
            ParquetError::General(format!("row group {} has {rows} rows", self.group))
        })?;
        self.bytes += u64::try_from(group.metadata().compressed_size()).unwrap_or(0);
        let all = 0..if keep { self.columns.len() } else { 0 };
        self.readers = (chosen.iter().copied().chain(all))
            .map(|at| group.get_column_reader(at))
            .collect::<Result<_, _>>()?;
        Ok(())
    }
}

impl Column {
    fn numbers(
        &self,
        reader: &mut ColumnReader,
        rows: usize,
    ) -> Result<Vec<Option<f64>>, ParquetError> {
        use ColumnReader::*;
        let Kind::Number(form) = self.kind else {
            return Err(ParquetError::General("no numbers".to_owned()));
        };
        match reader {
            BoolColumnReader(r) => self.cells(r, rows, |&x| f64::from(u8::from(x))),
            Int32ColumnReader(r) => self.cells(r, rows, |&x| form.of_i32(x)),
            Int64ColumnReader(r) => self.cells(r, rows, |&x| form.of_i64(x)),
            FloatColumnReader(r) => self.cells(r, rows, |&x| f64::from(x)),
            DoubleColumnReader(r) => self.cells(r, rows, |&x| x),
            ByteArrayColumnReader(r) => self.cells(r, rows, |x| form.of_bytes(x.data())),
            FixedLenByteArrayColumnReader(r) => self.cells(r, rows, |x| form.of_bytes(x.data())),
            Int96ColumnReader(_) => Err(ParquetError::General("no numbers".to_owned())),
        }
    }

    fn texts(
        &self,
        reader: &mut ColumnReader,
        rows: usize,
    ) -> Result<Vec<Option<String>>, ParquetError> {
        use ColumnReader::*;
        if let Kind::Number(_) = self.kind {
            let numbers = self.numbers(reader, rows)?;
            let text = |x: Option<f64>| x.map(|x| x.to_string());
            return Ok(numbers.into_iter().map(text).collect());
        }
        if matches!(self.kind, Kind::Other(kind::LISTS)) {
            return Err(ParquetError::General(format!(
                "column `{}` holds lists, which cannot be kept",
                self.name
            )));
        }
        match reader {
            BoolColumnReader(r) => self.cells(r, rows, bool::to_string),
            Int32ColumnReader(r) => self.cells(r, rows, i32::to_string),
            Int64ColumnReader(r) => self.cells(r, rows, i64::to_string),
            Int96ColumnReader(r) => self.cells(r, rows, |x| x.to_nanos().to_string()),
            FloatColumnReader(r) => self.cells(r, rows, f32::to_string),
            DoubleColumnReader(r) => self.cells(r, rows, f64::to_string),
            ByteArrayColumnReader(r) => self.cells(r, rows, |x| kind::text(x.data())),
            FixedLenByteArrayColumnReader(r) => self.cells(r, rows, |x| kind::text(x.data())),
        }
    }

    fn cells<T: DataType, R>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
        convert: impl Fn(&T::T) -> R,
    ) -> Result<Vec<Option<R>>, ParquetError> {
        let (mut levels, mut values, mut read) = (Vec::new(), Vec::new(), 0);
        while read < rows {
            let nullable = (self.defined > 0).then_some(&mut levels);
            let (records, ..) = reader.read_records(rows - read, nullable, None, &mut values)?;
            if records == 0 {
                let message = format!("column `{}` ends before the others", self.name);
                return Err(ParquetError::General(message));
            }
            read += records;
        }
        let mut values = values.iter();
        if self.defined == 0 {
            return Ok(values.map(|x| Some(convert(x))).collect());
        }
        let cell = |&level: &i16| match level == self.defined {
            true => values.next().map(&convert),
            false => None,
        };
        Ok(levels.iter().map(cell).collect())
    }
}

/// Reads a file that may be damaged: at some of them the crate panics.
fn guarded<R>(file: &str, read: impl FnOnce() -> Result<R, ParquetError>) -> Result<R, DataError> {
    let damaged = || Err(ParquetError::General("it is damaged".to_owned()));
    let result = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| damaged());
    result.map_err(|error| failed(file, &error))
}

fn failed(file: &str, error: &ParquetError) -> DataError {
    let message = match error {
        ParquetError::General(message) | ParquetError::EOF(message) => message.clone(),
        other => other.to_string(),
    };
    DataError::Parquet {
        file: file.to_owned(),
        message: format!("no Parquet file that can be read: {message}"),
    }
}
