//! A table read to its end: its columns in memory, or in a temporary file where they are too large for that.

use super::places::Places;
use super::spill::Spill;
use super::{Chunk, DataError, Reader};
use crate::descend::rows::{ReadError, Rows};

/// Bytes of numbers that stay in memory, if nothing else is said: 256 MiB.
pub const DEFAULT_MEMORY: usize = 256 << 20;

/// The chosen columns of a table.
///
/// ```
/// use gradus::descend::rows::Rows;
/// use gradus::fit::data::{DEFAULT_MEMORY, Format, Reader, Table};
/// let mut reader = Reader::new("x,y\n1,2\n3,4\n".as_bytes(), "points", &Format::default())?;
/// reader.choose(&[0, 1], false);
/// let table = Table::read(&mut reader, DEFAULT_MEMORY, &mut |_| ())?;
/// assert_eq!(table.whole(), Some(vec![&[1.0, 3.0][..], &[2.0, 4.0]]));
/// assert_eq!(table.places().of(1).to_string(), "line 3");
/// # Ok::<(), gradus::fit::data::DataError>(())
/// ```
pub struct Table {
    columns: Vec<Vec<f64>>,
    spill: Option<Spill>,
    rows: usize,
    places: Places,
    extents: Vec<Extent>,
}

/// What the numbers of a column are like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The smallest that is not NaN; infinite if all are.
    pub least: f64,
    /// The largest that is not NaN; infinite and negative if all are.
    pub greatest: f64,
    /// How many are NaN.
    pub nan: u64,
}

impl Extent {
    fn take(&mut self, column: &[f64]) {
        for &x in column {
            self.least = self.least.min(x);
            self.greatest = self.greatest.max(x);
            self.nan += u64::from(x.is_nan());
        }
    }
}

impl Table {
    /// Reads the chosen columns of a table to its end. Where they take more than `memory` bytes they go into a temporary
    /// file, which every pass reads again; `progress` is told how many bytes of the table were read.
    ///
    /// # Errors
    /// [`DataError`]
    pub fn read(
        reader: &mut Reader,
        memory: usize,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Table, DataError> {
        reader.note_lines();
        let count = reader.chosen().len();
        let none = Extent {
            least: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
            nan: 0,
        };
        let mut table = Table {
            columns: vec![Vec::new(); count],
            spill: None,
            rows: 0,
            places: Places::default(),
            extents: vec![none; count],
        };
        let mut chunk = Chunk::default();
        while reader.read(&mut chunk)? > 0 {
            table.places.note(&chunk.lines, chunk.rows);
            table.rows += chunk.rows;
            for (extent, column) in table.extents.iter_mut().zip(&chunk.columns) {
                extent.take(column);
            }
            let bytes = table.rows.saturating_mul(count * size_of::<f64>());
            table.take(&chunk, bytes > memory).map_err(temporary)?;
            progress(reader.bytes_read());
        }
        if let Some(spill) = &mut table.spill {
            spill.finish().map_err(temporary)?;
        }
        table.columns.iter_mut().for_each(Vec::shrink_to_fit);
        Ok(table)
    }

    fn take(&mut self, chunk: &Chunk, too_large: bool) -> std::io::Result<()> {
        if too_large && self.spill.is_none() {
            let mut spill = Spill::new(self.columns.len())?;
            spill.push(&self.columns, self.rows - chunk.rows)?;
            self.columns = Vec::new();
            self.spill = Some(spill);
        }
        match &mut self.spill {
            Some(spill) => spill.push(&chunk.columns, chunk.rows),
            None => {
                for (column, more) in self.columns.iter_mut().zip(&chunk.columns) {
                    column.extend_from_slice(more);
                }
                Ok(())
            }
        }
    }

    /// Where its rows stand in the file.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// What the numbers of each column are like.
    pub fn extents(&self) -> &[Extent] {
        &self.extents
    }

    /// Is it in a temporary file?
    pub fn is_spilled(&self) -> bool {
        self.spill.is_some()
    }
}

fn temporary(error: std::io::Error) -> DataError {
    DataError::Temporary {
        folder: std::env::temp_dir().display().to_string(),
        error,
    }
}

impl Rows for Table {
    fn count(&self) -> usize {
        self.rows
    }

    fn visit(&mut self, see: &mut dyn FnMut(&[&[f64]], usize)) -> Result<(), ReadError> {
        match &mut self.spill {
            Some(spill) => Ok(spill.visit(see).map_err(temporary)?),
            None => {
                let columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
                see(&columns, self.rows);
                Ok(())
            }
        }
    }

    fn whole(&self) -> Option<Vec<&[f64]>> {
        let columns = self.columns.iter().map(Vec::as_slice);
        self.spill.is_none().then(|| columns.collect())
    }
}
