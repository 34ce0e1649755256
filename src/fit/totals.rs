//! The sums of squares of a response.

use super::Data;

/// Weighted sums over the response, shifted by its first value so that they do not cancel.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    shift: Option<f64>,
    weight: f64,
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
            match data.weights {
                None => {
                    weight = part.len() as f64;
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
                            logs += w.ln();
                        }
                    }
                }
            }
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
