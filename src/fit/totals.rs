//! The sums of squares of a response.

use super::Data;
use crate::numeric::Doubled;

/// Weighted sums over the response, shifted by its first value so that they do not cancel.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    shift: Option<f64>,
    /// How many rows count: those whose weight is not 0.
    pub(super) rows: u64,
    /// The sum of the weights.
    pub(super) weight: f64,
    sum: f64,
    squares: f64,
    /// The sum of the logarithms of the weights that are not 0.
    pub(super) log_weights: f64,
}

impl Totals {
    pub(super) fn of(data: &Data<'_>) -> Totals {
        let mut totals = Totals::default();
        totals.add(data);
        totals
    }

    /// Adds rows.
    pub(super) fn add(&mut self, data: &Data<'_>) {
        let Some(&first) = data.response.first() else {
            return;
        };
        let shift = *self.shift.get_or_insert(first);
        // Parts of a few hundred rows keep the rounding errors of long sums small.
        for (at, part) in data.response.chunks(PART).enumerate() {
            let (mut weight, mut sum, mut squares, mut logs) = (0.0, 0.0, 0.0, 0.0);
            let mut rows = 0;
            match data.weights {
                None => {
                    (rows, weight) = (part.len() as u64, part.len() as f64);
                    for y in part {
                        let y = y - shift;
                        sum += y;
                        squares += y * y;
                    }
                }
                Some(weights) => {
                    for (y, &w) in part.iter().zip(&weights[at * PART..]) {
                        let y = y - shift;
                        weight += w;
                        sum += w * y;
                        squares += w * y * y;
                        if w > 0.0 {
                            rows += 1;
                            logs += w.ln();
                        }
                    }
                }
            }
            self.rows += rows;
            self.weight += weight;
            self.sum += sum;
            self.squares += squares;
            self.log_weights += logs;
        }
    }

    /// The sum of squares around the mean, or around 0.
    pub(super) fn squares(&self, centred: bool) -> f64 {
        let (shift, mean) = (self.shift.unwrap_or(0.0), self.sum / self.weight);
        let around_mean = (self.squares - self.sum * mean).max(0.0);
        match centred {
            true => around_mean,
            false => around_mean + self.weight * (shift + mean).powi(2),
        }
    }
}

const PART: usize = 256;

/// The same sum of squares in doubled precision, of the numbers that a polish reads: where residuals are known to the last
/// digit, this must be too, or a model that explains nothing has an R^2 of 3e-16.
pub(super) fn doubled_squares(data: &Data<'_>, centred: bool) -> f64 {
    let read = |x: f64| match data.decimal {
        true => Doubled::decimal(x),
        false => Doubled::from(x),
    };
    let value = |row: usize| match data.response_tail {
        Some(tail) => Doubled::new(data.response[row], tail[row]),
        None => read(data.response[row]),
    };
    let weight = |row: usize| data.weights.map_or(Doubled::from(1.0), |w| read(w[row]));
    let shift = match (centred, data.rows()) {
        (true, 1..) => value(0),
        _ => Doubled::default(),
    };
    let (mut weights, mut sum, mut squares) = <(Doubled, Doubled, Doubled)>::default();
    for row in 0..data.rows() {
        let (w, y) = (weight(row), value(row) - shift);
        weights = weights + w;
        sum = sum + w * y;
        squares = squares + w * y * y;
    }
    match centred {
        true => (squares - sum * sum / weights).head().max(0.0),
        false => squares.head(),
    }
}
