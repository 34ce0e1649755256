//! Stands for `parquet/` where the feature `parquet` is off: no table is ever read or written, and all say so.

use std::fs::File;
use std::io::Write;

use super::{Cells, DataError};

/// Nothing.
pub(super) enum Parquet {}

impl Parquet {
    /// Says that it cannot be read.
    pub(super) fn open(_: File, file: &str) -> Result<(Parquet, Vec<String>), DataError> {
        Err(DataError::NoParquet {
            file: file.to_owned(),
        })
    }

    pub(super) fn bytes_read(&self) -> u64 {
        match *self {}
    }

    pub(super) fn row(&self) -> u64 {
        match *self {}
    }

    pub(super) fn next(
        &mut self,
        _: &[usize],
        _: bool,
        _: &str,
    ) -> Result<Option<Cells>, DataError> {
        match *self {}
    }

    pub(super) fn has_numbers(&self, _: usize) -> bool {
        match *self {}
    }
}

/// A Parquet file being written.
pub struct ParquetWriter<W>(std::convert::Infallible, std::marker::PhantomData<W>);

impl<W: Write + Send> ParquetWriter<W> {
    /// Says that it cannot be written.
    ///
    /// # Errors
    /// [`DataError::NoParquet`]
    pub fn new(_: W, file: &str, _: &[String], _: &[bool]) -> Result<ParquetWriter<W>, DataError> {
        Err(DataError::NoParquet {
            file: file.to_owned(),
        })
    }

    /// Adds rows: of the text columns their texts, of all others their numbers.
    ///
    /// # Errors
    /// None: there is no such writer.
    pub fn write(&mut self, _: &Cells) -> Result<(), DataError> {
        match self.0 {}
    }

    /// Ends the file.
    ///
    /// # Errors
    /// None: there is no such writer.
    pub fn finish(self) -> Result<W, DataError> {
        match self.0 {}
    }
}
