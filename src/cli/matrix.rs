//! Laying out formulas and numbers: labelled lines, matrices by rows, aligned columns.

/// `label = text`, a line each, the equals signs below each other.
pub fn labelled(lines: impl IntoIterator<Item = (String, String)>) -> String {
    let lines: Vec<(String, String)> = lines.into_iter().collect();
    let width = lines
        .iter()
        .map(|(label, _)| width(label))
        .max()
        .unwrap_or(0);
    let lines: Vec<String> = (lines.iter())
        .map(|(label, text)| format!("{} = {text}", padded(label, width)))
        .collect();
    lines.join("\n")
}

/// A matrix: a list a row, entries below each other as long as they are short.
pub fn rows(cells: &[String], columns: usize) -> String {
    /// Wider columns are not filled up with blanks.
    const WIDEST: usize = 40;
    let columns = columns.max(1);
    let widest = |column: usize| {
        let cells = cells.iter().skip(column).step_by(columns);
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let row = |row: &[String]| {
        let mut text = String::from("[");
        for (column, cell) in row.iter().enumerate() {
            let last = column + 1 == row.len();
            text.push_str(cell);
            if !last {
                text.push_str(", ");
                let missing = widths[column] - width(cell);
                if widths[column] <= WIDEST {
                    text.extend(std::iter::repeat_n(' ', missing));
                }
            }
        }
        text.push(']');
        text
    };
    cells
        .chunks(columns)
        .map(row)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A matrix in LaTeX.
pub fn latex(cells: &[String], columns: usize) -> String {
    let rows: Vec<String> = (cells.chunks(columns.max(1)))
        .map(|row| row.join(" & "))
        .collect();
    format!(r"\begin{{pmatrix}} {} \end{{pmatrix}}", rows.join(r" \\ "))
}

/// The sign of a partial derivative in LaTeX; `name` is a variable, in LaTeX.
pub fn latex_partial(name: &str, order: u32) -> String {
    match order {
        0 => "f".to_owned(),
        1 => format!(r"\frac{{\partial f}}{{\partial {name}}}"),
        n => format!(r"\frac{{\partial^{{{n}}} f}}{{\partial {name}^{{{n}}}}}"),
    }
}

/// A table: columns aligned, the first to the left, the others to the right.
pub fn table(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let line = |line: &Vec<String>| {
        let cells = line.iter().enumerate().map(|(column, cell)| match column {
            0 => padded(cell, widths[0]),
            _ => " ".repeat(widths[column] - width(cell)) + cell,
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

fn padded(text: &str, to: usize) -> String {
    text.to_owned() + &" ".repeat(to.saturating_sub(width(text)))
}

fn width(text: &str) -> usize {
    text.chars().count()
}
