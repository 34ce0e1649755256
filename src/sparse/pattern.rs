//! Where the entries of a sparse matrix are, and a matrix of numbers there: compressed rows (CSR).

/// The positions of a sparse matrix, row by row, the columns of each row ascending.
///
/// ```
/// use gradus::sparse::Pattern;
/// let pattern = Pattern::from_rows(3, [vec![0, 2], vec![], vec![1]]);
/// assert_eq!((pattern.rows(), pattern.columns(), pattern.len()), (3, 3, 3));
/// assert_eq!(pattern.indptr(), [0, 2, 2, 3]);
/// assert_eq!(pattern.indices(), [0, 2, 1]);
/// assert_eq!(pattern.position(0, 2), Some(1));
/// assert_eq!(pattern.iter().last(), Some((2, 1)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    columns: usize,
    /// Row i is at `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
    indices: Vec<u32>,
}

impl Pattern {
    /// The pattern with these columns in each row, in any order.
    ///
    /// # Panics
    /// If a column is not below `columns`.
    pub fn from_rows(columns: usize, rows: impl IntoIterator<Item = Vec<u32>>) -> Pattern {
        let (mut starts, mut indices) = (vec![0], Vec::new());
        for mut row in rows {
            row.sort_unstable();
            row.dedup();
            let last = row.last().copied();
            assert!(last.is_none_or(|last| (last as usize) < columns));
            indices.extend(row);
            starts.push(indices.len());
        }
        Pattern {
            columns,
            starts,
            indices,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Is there no entry?
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// Where each row begins in [`indices`](Self::indices), and at last where the last one ends.
    pub fn indptr(&self) -> &[usize] {
        &self.starts
    }

    /// The column of each entry, row after row.
    pub fn indices(&self) -> &[u32] {
        &self.indices
    }

    /// The columns of a row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> &[u32] {
        &self.indices[self.starts[row]..self.starts[row + 1]]
    }

    /// The number of an entry: its place among the values.
    pub fn position(&self, row: usize, column: usize) -> Option<usize> {
        let range = *self.starts.get(row)?..*self.starts.get(row + 1)?;
        let found = self.indices[range].binary_search(&u32::try_from(column).ok()?);
        found.ok().map(|at| self.starts[row] + at)
    }

    /// Row and column of each entry, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        let row = |row: usize| self.row(row).iter().map(move |&c| (row, c as usize));
        (0..self.rows()).flat_map(row)
    }

    /// Rows and columns exchanged.
    pub fn transposed(&self) -> Pattern {
        let mut rows = vec![Vec::new(); self.columns];
        for (row, column) in self.iter() {
            rows[column].push(row as u32);
        }
        Pattern::from_rows(self.rows(), rows)
    }

    /// With each entry also the one on the other side of the diagonal.
    ///
    /// # Panics
    /// If it is not square.
    pub fn symmetric(&self) -> Pattern {
        assert_eq!(self.rows(), self.columns, "a symmetric matrix is square");
        let other = self.transposed();
        let row = |at: usize| [self.row(at), other.row(at)].concat();
        Pattern::from_rows(self.columns, (0..self.rows()).map(row))
    }

    /// The length of the longest row.
    pub(super) fn longest_row(&self) -> usize {
        let lengths = self.starts.windows(2).map(|pair| pair[1] - pair[0]);
        lengths.max().unwrap_or(0)
    }
}

/// A sparse matrix of numbers.
///
/// ```
/// use gradus::sparse::{Pattern, SparseMatrix};
/// let pattern = Pattern::from_rows(2, [vec![0], vec![0, 1]]);
/// let matrix = SparseMatrix { pattern, values: vec![1.0, 2.0, 3.0] };
/// assert_eq!(matrix.triplets().nth(1), Some((1, 0, 2.0)));
/// assert_eq!(matrix.to_dense(), [[1.0, 0.0], [2.0, 3.0]]);
/// assert_eq!((matrix.get(1, 1), matrix.get(0, 1)), (3.0, 0.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SparseMatrix {
    /// Where the entries are.
    pub pattern: Pattern,
    /// An entry each, in the order of the pattern.
    pub values: Vec<f64>,
}

impl SparseMatrix {
    /// Row, column and value of each entry, row by row.
    pub fn triplets(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        let places = self.pattern.iter().zip(&self.values);
        places.map(|((row, column), &value)| (row, column, value))
    }

    /// The number at a place: 0 where there is no entry.
    pub fn get(&self, row: usize, column: usize) -> f64 {
        let at = self.pattern.position(row, column);
        at.map_or(0.0, |at| self.values[at])
    }

    /// All numbers, row by row: for small matrices.
    pub fn to_dense(&self) -> Vec<Vec<f64>> {
        let mut rows = vec![vec![0.0; self.pattern.columns()]; self.pattern.rows()];
        for (row, column, value) in self.triplets() {
            rows[row][column] = value;
        }
        rows
    }
}
