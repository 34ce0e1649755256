//! Writing Parquet files: doubles and text, compressed by Snappy.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use crate::fit::data::{Cells, DataError};

/// Rows of a row group, at most; and how many numbers and texts of them wait in memory.
const GROUP_ROWS: usize = 1 << 17;
const GROUP_CELLS: usize = 1 << 22;

/// A Parquet file being written: some columns of text, the others of doubles. Missing values are null, NaN is NaN.
pub struct ParquetWriter<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    texts: Vec<bool>,
    waiting: Cells,
    file: String,
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Begins a file with these columns, of which `texts` says whether they are text; `file` is what errors call it.
    ///
    /// # Errors
    /// [`DataError::Parquet`]
    pub fn new(
        out: W,
        file: &str,
        names: &[String],
        texts: &[bool],
    ) -> Result<ParquetWriter<W>, DataError> {
        let column = |(name, &is_text): (&String, &bool)| {
            let builder = match is_text {
                true => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                    .with_logical_type(Some(LogicalType::String)),
                false => Type::primitive_type_builder(name, Physical::DOUBLE),
            };
            let built = builder.with_repetition(Repetition::OPTIONAL).build();
            built.map(Arc::new)
        };
        let columns: Result<Vec<_>, ParquetError> = names.iter().zip(texts).map(column).collect();
        let schema = columns.and_then(|columns| {
            let table = Type::group_type_builder("table").with_fields(columns);
            table.build().map(Arc::new)
        });
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .build();
        let writer =
            schema.and_then(|schema| SerializedFileWriter::new(out, schema, Arc::new(properties)));
        let waiting = Cells::default();
        match writer {
            Ok(writer) => Ok(ParquetWriter {
                writer,
                texts: texts.to_vec(),
                waiting,
                file: file.to_owned(),
            }),
            Err(error) => Err(failed(file, &error)),
        }
    }

    /// Adds rows: of the text columns their texts, of all others their numbers, each in the order of the columns.
    ///
    /// # Errors
    /// [`DataError::Parquet`]
    pub fn write(&mut self, cells: &Cells) -> Result<(), DataError> {
        let waiting = &mut self.waiting;
        waiting.rows += cells.rows;
        (waiting.numbers).resize_with(cells.numbers.len(), Vec::new);
        for (column, more) in waiting.numbers.iter_mut().zip(&cells.numbers) {
            column.extend_from_slice(more);
        }
        waiting.texts.resize_with(cells.texts.len(), Vec::new);
        for (column, more) in waiting.texts.iter_mut().zip(&cells.texts) {
            column.extend(more.iter().cloned());
        }
        let many = waiting.rows >= GROUP_ROWS || waiting.rows * self.texts.len() >= GROUP_CELLS;
        if many { self.flush() } else { Ok(()) }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`DataError::Parquet`]
    pub fn finish(mut self) -> Result<W, DataError> {
        self.flush()?;
        let finished = self.writer.into_inner();
        finished.map_err(|error| failed(&self.file, &error))
    }

    fn flush(&mut self) -> Result<(), DataError> {
        if self.waiting.rows == 0 {
            return Ok(());
        }
        let cells = std::mem::take(&mut self.waiting);
        let written = self.write_group(&cells);
        written.map_err(|error| failed(&self.file, &error))
    }

    fn write_group(&mut self, cells: &Cells) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        let (mut numbers, mut texts) = (cells.numbers.iter(), cells.texts.iter());
        for &is_text in &self.texts {
            match is_text {
                true => {
                    let cells = texts.next().map(Vec::as_slice).unwrap_or_default();
                    let bytes = |text: &String| ByteArray::from(text.as_bytes().to_vec());
                    write_column::<_, ByteArrayType, _>(&mut group, cells, bytes)?;
                }
                false => {
                    let cells = numbers.next().map(Vec::as_slice).unwrap_or_default();
                    write_column::<_, DoubleType, _>(&mut group, cells, |&x| x)?;
                }
            }
        }
        group.close()?;
        Ok(())
    }
}

fn write_column<W: Write + Send, T: DataType, C>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: &[Option<C>],
    convert: impl Fn(&C) -> T::T,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = cells.iter().map(|c| i16::from(c.is_some())).collect();
    let values: Vec<T::T> = cells.iter().flatten().map(convert).collect();
    let mut column = (group.next_column()?)
        .ok_or_else(|| ParquetError::General("a column too many".to_owned()))?;
    column
        .typed::<T>()
        .write_batch(&values, Some(&levels), None)?;
    column.close()
}

fn failed(file: &str, error: &ParquetError) -> DataError {
    DataError::Parquet {
        file: file.to_owned(),
        message: error.to_string(),
    }
}
