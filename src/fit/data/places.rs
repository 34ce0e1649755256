//! Where rows stand in their file.

use std::fmt;

/// Row numbers and lines are kept where a line is not the one behind that of the row before: so many times at most, 16 MiB.
pub const MAX_JUMPS: usize = 1 << 20;

/// The line of each row. Blank lines, comments and rows that were left out make lines jump.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// A row, and its line: those up to the next entry follow line by line.
    jumps: Vec<(u64, u64)>,
    rows: u64,
    /// From this row on nothing is known.
    lost: Option<u64>,
}

/// Where a row stands: as text, `line 7`, or `row 7` where lines are not known or do not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of the file, from 1 on.
    Line(u64),
    /// A row of the data, from 1 on.
    Row(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(line) => write!(to, "line {line}"),
            Place::Row(row) => write!(to, "row {row}"),
        }
    }
}

impl Places {
    /// Notes more rows; `lines` is empty for a table without lines.
    pub(super) fn note(&mut self, lines: &[u64], rows: usize) {
        if lines.is_empty() && rows > 0 {
            self.lost.get_or_insert(self.rows);
        }
        for (row, &line) in (self.rows..).zip(lines) {
            let expected = self.jumps.last().map(|(at, line)| line + (row - at));
            if self.lost.is_some() || expected == Some(line) {
                continue;
            }
            match self.jumps.len() < MAX_JUMPS {
                true => self.jumps.push((row, line)),
                false => self.lost = Some(row),
            }
        }
        self.rows += rows as u64;
    }

    /// Where a row, counted from 0, stands.
    pub fn of(&self, row: usize) -> Place {
        let row = row as u64;
        if self.lost.is_some_and(|lost| row >= lost) {
            return Place::Row(row + 1);
        }
        let behind = self.jumps.partition_point(|&(at, _)| at <= row);
        match behind.checked_sub(1).map(|at| self.jumps[at]) {
            Some((at, line)) => Place::Line(line + (row - at)),
            None => Place::Row(row + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_jump_and_get_lost() {
        let mut places = Places::default();
        places.note(&[2, 3, 6], 3);
        places.note(&[7, 9], 2);
        let lines: Vec<String> = (0..5).map(|row| places.of(row).to_string()).collect();
        assert_eq!(lines, ["line 2", "line 3", "line 6", "line 7", "line 9"]);
        assert_eq!(places.jumps.len(), 3);
        places.note(&[], 2);
        assert_eq!(
            (places.of(4), places.of(5)),
            (Place::Line(9), Place::Row(6))
        );
        let mut many = Places::default();
        let lines: Vec<u64> = (0..MAX_JUMPS as u64 + 10).map(|row| 2 * row).collect();
        many.note(&lines, lines.len());
        assert_eq!(
            many.of(MAX_JUMPS - 1),
            Place::Line(2 * (MAX_JUMPS as u64 - 1))
        );
        assert_eq!(many.of(MAX_JUMPS + 1), Place::Row(MAX_JUMPS as u64 + 2));
    }
}
