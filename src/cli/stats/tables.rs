//! What was found of a sample, as tables for people.

use super::nonparametric::{Found, Pair, Resampled};
use crate::cli::matrix;
use crate::cli::value::{number, percent};

impl Found {
    /// For people: a table each.
    pub fn text(&self, names: &[String]) -> String {
        let parts = [
            self.quantiles(names),
            self.histograms(names),
            self.densities(names),
            self.bootstraps(names),
        ];
        let mut out = String::new();
        for part in parts
            .iter()
            .chain([&self.drawn])
            .filter(|part| !part.is_empty())
        {
            out += "\n";
            out += part;
        }
        out
    }

    fn quantiles(&self, names: &[String]) -> String {
        let rows = self.of_columns.first().map_or(0, |c| c.quantiles.len());
        by_place("quantile", names, rows, |column, row| {
            self.of_columns[column].quantiles[row]
        })
    }

    fn densities(&self, names: &[String]) -> String {
        let density = |column: usize| self.of_columns[column].density.as_ref();
        let Some(Some(first)) = (!self.of_columns.is_empty()).then(|| density(0)) else {
            return String::new();
        };
        let mut table = by_place("density at", names, first.values.len(), |column, row| {
            density(column).expect("of all or none").values[row]
        });
        let widths: Vec<String> = (0..names.len())
            .filter_map(|column| Some(short(density(column)?.bandwidth.0)))
            .collect();
        table += &format!("(bandwidth {})\n", widths.join(", "));
        table
    }

    fn histograms(&self, names: &[String]) -> String {
        /// The longest bar, in characters.
        const LONGEST: f64 = 30.0;
        let mut out = String::new();
        for (name, column) in names.iter().zip(&self.of_columns) {
            let Some(counted) = &column.histogram else {
                continue;
            };
            let most = counted.counts.iter().copied().max().unwrap_or(1).max(1);
            let mut lines = vec![
                ["from", "to", "count", "density", ""]
                    .map(str::to_owned)
                    .to_vec(),
            ];
            lines[0][0] = format!("{name} from");
            for (k, &count) in counted.counts.iter().enumerate() {
                let bar = (LONGEST * count as f64 / most as f64).round() as usize;
                lines.push(vec![
                    short(counted.edges[k].0),
                    short(counted.edges[k + 1].0),
                    count.to_string(),
                    short(counted.densities[k].0),
                    format!("{:<1$}", "█".repeat(bar), LONGEST as usize),
                ]);
            }
            if !out.is_empty() {
                out += "\n";
            }
            out += &matrix::table(&lines);
        }
        out
    }

    fn bootstraps(&self, names: &[String]) -> String {
        let pair = names.join(", ");
        let of_columns = (names.iter().zip(&self.of_columns))
            .filter_map(|(name, column)| Some((name, column.bootstrap.as_ref()?)));
        let all: Vec<(&String, &Resampled)> = of_columns
            .chain(self.correlation.iter().map(|found| (&pair, found)))
            .collect();
        let Some((_, first)) = all.first() else {
            return String::new();
        };
        let percent = percent(first.confidence);
        let mut lines = vec![vec![
            "bootstrap".to_owned(),
            first.statistic.to_owned(),
            "std error".to_owned(),
            format!("{percent} % from"),
            "to".to_owned(),
            "bias".to_owned(),
        ]];
        for (name, found) in &all {
            let numbers = [
                found.estimate,
                found.standard_error,
                found.interval[0],
                found.interval[1],
                found.bias,
            ];
            let mut line = vec![(*name).clone()];
            line.extend(numbers.map(|x| short(x.0)));
            lines.push(line);
        }
        format!(
            "{}({} samples, seed {})\n",
            matrix::table(&lines),
            first.resamples,
            first.seed
        )
    }
}

/// A table with a line a place and a column a column.
fn by_place(
    label: &str,
    names: &[String],
    rows: usize,
    pair: impl Fn(usize, usize) -> Pair,
) -> String {
    if rows == 0 {
        return String::new();
    }
    let mut lines = vec![[vec![label.to_owned()], names.to_vec()].concat()];
    for row in 0..rows {
        let mut line = vec![number(pair(0, row).at.0)];
        line.extend((0..names.len()).map(|column| short(pair(column, row).value.0)));
        lines.push(line);
    }
    matrix::table(&lines)
}

/// Six digits: more are in the JSON.
fn short(x: f64) -> String {
    number(format!("{x:.5e}").parse().unwrap_or(x))
}
