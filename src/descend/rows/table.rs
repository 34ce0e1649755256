//! Where the rows come from.

/// Why rows cannot be read any more.
pub type ReadError = Box<dyn std::error::Error + Send + Sync>;

/// The rows of a table: columns of numbers, in memory or elsewhere.
///
/// Somewhere else may be a file that is read again in every pass.
pub trait Rows: Send {
    /// How many rows there are.
    fn count(&self) -> usize;

    /// Shows all rows from the first to the last, some at a time: the columns and how many rows they have, which but for the
    /// last time is a multiple of [`PART`](crate::program::batch::fold::PART).
    ///
    /// # Errors
    /// Where they cannot be read.
    fn visit(&mut self, see: &mut dyn FnMut(&[&[f64]], usize)) -> Result<(), ReadError>;

    /// The columns, where they are in memory.
    fn whole(&self) -> Option<Vec<&[f64]>>;
}

/// Columns in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    columns: Vec<Vec<f64>>,
    rows: usize,
}

impl Columns {
    /// Columns of `rows` numbers each; there may be no column at all.
    ///
    /// # Panics
    /// If a column has not as many numbers.
    pub fn new(columns: Vec<Vec<f64>>, rows: usize) -> Columns {
        let fits = |column: &Vec<f64>| column.len() == rows;
        assert!(columns.iter().all(fits), "columns of {rows} numbers");
        Columns { columns, rows }
    }

    /// Puts other rows in the place of these: of each column of `whole` the numbers in some rows.
    pub(super) fn gather(&mut self, whole: &[&[f64]], rows: &[usize]) {
        self.rows = rows.len();
        self.columns.resize_with(whole.len(), Vec::new);
        for (column, whole) in self.columns.iter_mut().zip(whole) {
            column.clear();
            column.extend(rows.iter().map(|&row| whole[row]));
        }
    }
}

impl Rows for Columns {
    fn count(&self) -> usize {
        self.rows
    }

    fn visit(&mut self, see: &mut dyn FnMut(&[&[f64]], usize)) -> Result<(), ReadError> {
        let columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
        see(&columns, self.rows);
        Ok(())
    }

    fn whole(&self) -> Option<Vec<&[f64]>> {
        Some(self.columns.iter().map(Vec::as_slice).collect())
    }
}
