//! How a matrix of derivatives is read off a few products with directions: one product a colour.

use super::{Coloring, Pattern, dependence};
use crate::calculus::{self, CalculusError};
use crate::expr::{Arena, Id, SymbolId};

/// What the lines of one colour are added up in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Columns: the matrix times a direction, by a sweep forward.
    Columns,
    /// Rows: weights times the matrix, by a sweep in reverse.
    Rows,
}

/// The pattern of a matrix, a colouring of it, and where in the products each entry stands.
///
/// ```
/// use gradus::{Graph, sparse::{Plan, Side}};
/// let graph = Graph::new();
/// let roots = ["x_1*x_2", "x_2*x_3", "x_3*x_4"].map(|text| graph.parse(text).unwrap().id());
/// let arena = graph.arena();
/// let variables = ["x_1", "x_2", "x_3", "x_4"].map(|name| arena.find_symbol(name).unwrap());
/// let plan = Plan::jacobian(&arena, &roots, &variables, Some(Side::Columns));
/// assert_eq!(plan.pattern().len(), 6);
/// assert_eq!(plan.coloring().count(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    pattern: Pattern,
    side: Side,
    coloring: Coloring,
    /// The entries in the order of their colours; those of colour c are at `starts[c]..starts[c + 1]`.
    pub(super) reads: Vec<Read>,
    starts: Vec<usize>,
}

/// One number of a product, and the entries that it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Read {
    /// The row in the product of columns, the column in that of rows.
    pub(super) line: u32,
    /// The number of the entry.
    pub(super) entry: u32,
    /// The number of the entry on the other side of the diagonal, or the same again.
    pub(super) mirrored: u32,
}

impl Plan {
    /// For the derivatives of `roots` by `variables`. `None` adds up what needs fewer colours.
    pub fn jacobian(
        arena: &Arena,
        roots: &[Id],
        variables: &[SymbolId],
        side: Option<Side>,
    ) -> Plan {
        let pattern = dependence(arena, roots, variables);
        let (side, coloring) = match side {
            Some(Side::Columns) => (Side::Columns, Coloring::of_columns(&pattern)),
            Some(Side::Rows) => (Side::Rows, Coloring::of_rows(&pattern)),
            None => fewer_colors(&pattern),
        };
        let reads = pattern.iter().zip(0..).map(|((row, column), entry)| {
            let (colored, line) = match side {
                Side::Columns => (column, row),
                Side::Rows => (row, column),
            };
            let (line, mirrored) = (line as u32, entry);
            let read = Read {
                line,
                entry,
                mirrored,
            };
            (coloring.colors()[colored], read)
        });
        let (reads, starts) = by_color(reads, coloring.count());
        Plan {
            pattern,
            side,
            coloring,
            reads,
            starts,
        }
    }

    /// For the second derivatives of a function, from its `gradient` by `variables`.
    pub fn hessian(arena: &Arena, gradient: &[Id], variables: &[SymbolId]) -> Plan {
        // A gradient need not show that its Jacobian is symmetric: what folds on one side may not fold on the other.
        let pattern = dependence(arena, gradient, variables).symmetric();
        let coloring = Coloring::star(&pattern);
        let mut reads = Vec::with_capacity(pattern.len() / 2 + pattern.rows());
        let mut neighbors = vec![0u32; coloring.count()];
        // By entry: is it alone in its row and colour?
        let mut alone = Vec::with_capacity(pattern.len());
        let color = |line: u32| coloring.colors()[line as usize];
        for row in 0..pattern.rows() {
            let columns = pattern.row(row);
            columns
                .iter()
                .for_each(|&c| neighbors[color(c) as usize] += 1);
            alone.extend(columns.iter().map(|&c| neighbors[color(c) as usize] == 1));
            columns
                .iter()
                .for_each(|&c| neighbors[color(c) as usize] = 0);
        }
        for ((row, column), entry) in pattern.iter().zip(0..) {
            if row > column {
                continue;
            }
            let mirrored = pattern.position(column, row).expect("it is symmetric");
            let (row, column) = (row as u32, column as u32);
            let (line, colored) = match alone[entry as usize] {
                true => (row, column),
                false => (column, row),
            };
            debug_assert!(alone[entry as usize] || alone[mirrored]);
            let mirrored = mirrored as u32;
            let read = Read {
                line,
                entry,
                mirrored,
            };
            reads.push((color(colored), read));
        }
        let (reads, starts) = by_color(reads.into_iter(), coloring.count());
        Plan {
            pattern,
            side: Side::Columns,
            coloring,
            reads,
            starts,
        }
    }

    /// Where the entries are.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Whether columns or rows have the colours.
    pub fn side(&self) -> Side {
        self.side
    }

    /// The colours: so many sweeps are needed.
    pub fn coloring(&self) -> &Coloring {
        &self.coloring
    }

    /// The numbers of the product for a colour.
    pub(super) fn reads(&self, color: usize) -> &[Read] {
        &self.reads[self.starts[color]..self.starts[color + 1]]
    }

    /// The entries as formulas, in the order of the pattern: one sweep a colour. `roots` are the functions of a Jacobian
    /// or the gradient of a Hessian.
    ///
    /// In the sweep forward for a colour the direction is 1 for its columns, and each row moves with one of them at most:
    /// the derivative along the direction is the entry itself, not a sum that would have to be taken apart.
    ///
    /// # Errors
    /// [`CalculusError`].
    pub fn formulas(
        &self,
        arena: &mut Arena,
        roots: &[Id],
        variables: &[SymbolId],
    ) -> Result<Vec<Id>, CalculusError> {
        let found = self.products(arena, roots, variables)?;
        let mut entries = vec![Arena::ZERO; self.pattern.len()];
        for (read, id) in self.reads.iter().zip(found) {
            entries[read.entry as usize] = id;
            entries[read.mirrored as usize] = id;
        }
        Ok(entries)
    }

    /// A formula for each read.
    pub(crate) fn products(
        &self,
        arena: &mut Arena,
        roots: &[Id],
        variables: &[SymbolId],
    ) -> Result<Vec<Id>, CalculusError> {
        let mut found = Vec::with_capacity(self.reads.len());
        for (color, group) in self.coloring.groups().into_iter().enumerate() {
            let lines = self.reads(color).iter().map(|read| read.line as usize);
            match self.side {
                Side::Columns => {
                    let ones: Vec<(SymbolId, Id)> = (group.iter())
                        .map(|&column| (variables[column as usize], Arena::ONE))
                        .collect();
                    let rows: Vec<Id> = lines.map(|row| roots[row]).collect();
                    found.extend(calculus::forward(arena, &rows, &ones)?);
                }
                Side::Rows => {
                    let ones: Vec<(Id, Id)> = (group.iter())
                        .map(|&row| (roots[row as usize], Arena::ONE))
                        .collect();
                    let columns: Vec<SymbolId> = lines.map(|column| variables[column]).collect();
                    found.extend(calculus::reverse(arena, &ones, &columns)?);
                }
            }
        }
        Ok(found)
    }
}

/// Columns or rows, whichever needs fewer colours; rows where it is the same. The longest row is a lower bound for the
/// colours of columns, so that the other side often need not be looked at.
fn fewer_colors(pattern: &Pattern) -> (Side, Coloring) {
    let (of_columns, of_rows) = (pattern.longest_row(), pattern.transposed().longest_row());
    let color = |side| match side {
        Side::Columns => Coloring::of_columns(pattern),
        Side::Rows => Coloring::of_rows(pattern),
    };
    let (first, second, bound) = match of_rows <= of_columns {
        true => (Side::Rows, Side::Columns, of_columns),
        false => (Side::Columns, Side::Rows, of_rows),
    };
    let found = color(first);
    if found.count() <= bound {
        return (first, found);
    }
    let other = color(second);
    match other.count() < found.count() {
        true => (second, other),
        false => (first, found),
    }
}

/// The reads by their colours, in order within each, and where those of each colour begin.
fn by_color(reads: impl Iterator<Item = (u32, Read)>, colors: usize) -> (Vec<Read>, Vec<usize>) {
    let mut reads: Vec<(u32, Read)> = reads.collect();
    reads.sort_by_key(|&(color, _)| color);
    let start = |color| reads.partition_point(|&(c, _)| (c as usize) < color);
    let starts = (0..=colors).map(start).collect();
    (reads.into_iter().map(|(_, read)| read).collect(), starts)
}
