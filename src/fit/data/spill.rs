//! Columns that are too large for the memory: in a temporary file, block by block.
//!
//! A block holds some rows, a column after the other, numbers in the order of bytes of the least significant first. The
//! file has no name: it is gone when the program ends, however that happens.

use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom, Write};

use crate::program::batch::fold::PART;

/// A block takes no more memory than this, unless [`PART`] rows do.
const BLOCK_BYTES: usize = 16 << 20;

/// ... and has no more parts: some threads share it.
const BLOCK_PARTS: usize = 8;

/// Numbers are converted so many at once.
const PIECE: usize = 8192;

/// Columns in a file.
pub(super) struct Spill {
    file: File,
    columns: usize,
    /// Rows of a block: a multiple of [`PART`].
    block: usize,
    rows: usize,
    /// The rows of the block that is not yet full.
    waiting: Vec<Vec<f64>>,
    bytes: Vec<u8>,
}

impl Spill {
    /// An empty file for so many columns.
    pub(super) fn new(columns: usize) -> Result<Spill> {
        let rows = BLOCK_BYTES / size_of::<f64>() / columns.max(1);
        Ok(Spill {
            file: tempfile::tempfile()?,
            columns,
            block: (rows / PART).clamp(1, BLOCK_PARTS) * PART,
            rows: 0,
            waiting: vec![Vec::new(); columns],
            bytes: vec![0; PIECE * size_of::<f64>()],
        })
    }

    /// Adds rows: of each column as many numbers.
    pub(super) fn push(&mut self, columns: &[Vec<f64>], rows: usize) -> Result<()> {
        let mut from = 0;
        while from < rows {
            let count = (rows - from).min(self.block - self.rows % self.block);
            for (waiting, column) in self.waiting.iter_mut().zip(columns) {
                waiting.extend_from_slice(&column[from..from + count]);
            }
            from += count;
            self.rows += count;
            if self.rows.is_multiple_of(self.block) {
                self.write()?;
            }
        }
        Ok(())
    }

    /// Writes the last block.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.write()?;
        self.file.flush()
    }

    fn write(&mut self) -> Result<()> {
        for column in &mut self.waiting {
            for piece in column.chunks(PIECE) {
                let bytes = &mut self.bytes[..size_of_val(piece)];
                for (to, x) in bytes.as_chunks_mut().0.iter_mut().zip(piece) {
                    *to = x.to_le_bytes();
                }
                self.file.write_all(bytes)?;
            }
            column.clear();
        }
        Ok(())
    }

    /// Shows all rows, block by block.
    pub(super) fn visit(&mut self, see: &mut dyn FnMut(&[&[f64]], usize)) -> Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut block = vec![Vec::new(); self.columns];
        for from in (0..self.rows).step_by(self.block) {
            let count = self.block.min(self.rows - from);
            for column in &mut block {
                column.resize(count, 0.0);
                for piece in column.chunks_mut(PIECE) {
                    let bytes = &mut self.bytes[..size_of_val(piece)];
                    self.file.read_exact(bytes)?;
                    for (x, from) in piece.iter_mut().zip(bytes.as_chunks().0) {
                        *x = f64::from_le_bytes(*from);
                    }
                }
            }
            let columns: Vec<&[f64]> = block.iter().map(Vec::as_slice).collect();
            see(&columns, count);
        }
        Ok(())
    }
}
