//! Formulas over rows beside loops written by hand, in one run: value and gradient. `cargo bench --bench data`

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use gradus::OverRows;
use gradus::descend::Objective;
use gradus::descend::rows::{Columns, RowsObjective};

const ROWS: usize = 100_000;
const COLUMNS: usize = 50;
const CLASSES: usize = 3;

fn main() {
    if std::env::args().any(|a| a == "--test" || a == "--list") {
        return; // a test runner, not a person
    }
    let data = Data::new();
    println!(
        "{ROWS} rows of {COLUMNS} columns, value and gradient, ns a row: one thread, all threads, by hand (one thread)"
    );
    println!(
        "  reading every number once {:43.1}",
        per_row(|| data.sum())
    );
    row(
        &data,
        "logistic, 51 parameters",
        &logistic_text(),
        |p, g| data.logistic(p, g),
    );
    row(
        &data,
        "softmax of 3 classes, 153 parameters",
        &softmax_text(),
        |p, g| data.softmax(p, g),
    );
    row(
        &data,
        "least squares, 51 parameters",
        &squares_text(),
        |p, g| data.squares(p, g),
    );
}

fn row(data: &Data, name: &str, text: &str, mut by_hand: impl FnMut(&[f64], &mut [f64]) -> f64) {
    let begun = Instant::now();
    let mut objective = data.objective(text);
    let ready = begun.elapsed().as_secs_f64() * 1e3;
    let n = objective.dimension();
    // The names of the parameters sort as their numbers do: they have as many digits.
    let point: Vec<f64> = (0..n).map(|k| (k as f64 * 0.7).sin() * 0.1).collect();
    let (mut gradient, mut expected) = (vec![0.0; n], vec![0.0; n]);
    let value = by_hand(&point, &mut expected);
    let found = objective.value_and_gradient(&point, &mut gradient);
    assert!(
        (found - value).abs() < 1e-11 * value.abs(),
        "{name}: {found} {value}"
    );
    for (a, b) in gradient.iter().zip(&expected) {
        assert!((a - b).abs() < 1e-11, "{name}: {a} {b}");
    }
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a pool of one thread");
    let alone = one.install(|| per_row(|| objective.value_and_gradient(&point, &mut gradient)));
    let all = per_row(|| objective.value_and_gradient(&point, &mut gradient));
    let hand = per_row(|| by_hand(&point, &mut expected));
    println!(
        "  {name:40} {alone:7.1} {all:7.1} {hand:7.1}   ratio {:5.2}   ready in {ready:.1} ms",
        alone / hand
    );
}

/// The data, by columns and by rows: each kind of loop has it as it likes it.
struct Data {
    columns: Vec<Vec<f64>>,
    rows: Vec<f64>,
    /// 1 or -1, and a class.
    y: Vec<f64>,
    class: Vec<f64>,
}

impl Data {
    fn new() -> Data {
        let x = |row: usize, column: usize| {
            ((row * 7 + column * 13 + row * column) as f64 * 0.618) % 2.0 - 1.0
        };
        let columns: Vec<Vec<f64>> = (0..COLUMNS)
            .map(|c| (0..ROWS).map(|r| x(r, c)).collect())
            .collect();
        let rows = (0..ROWS)
            .flat_map(|r| (0..COLUMNS).map(move |c| x(r, c)))
            .collect();
        let y = (0..ROWS)
            .map(|r| if x(r, 3) + x(r, 60) > 0.0 { 1.0 } else { -1.0 })
            .collect();
        let class = (0..ROWS).map(|r| (r % CLASSES) as f64).collect();
        Data {
            columns,
            rows,
            y,
            class,
        }
    }

    fn sum(&self) -> f64 {
        let sum = |column: &Vec<f64>| {
            let mut lanes = [0.0; 8];
            for values in column.as_chunks::<8>().0 {
                for (lane, x) in lanes.iter_mut().zip(values) {
                    *lane += x;
                }
            }
            lanes.iter().sum::<f64>()
        };
        self.columns.iter().map(sum).sum()
    }

    fn objective(&self, text: &str) -> RowsObjective {
        let names: Vec<String> = (0..COLUMNS).map(|c| format!("x{c:02}")).collect();
        let mut known: Vec<&str> = names.iter().map(String::as_str).collect();
        known.extend(["y", "class"]);
        let formula = OverRows::parse(text, &known).expect("a formula");
        let column = |name: &str| match name {
            "y" => self.y.clone(),
            "class" => self.class.clone(),
            x => self.columns[x[1..].parse::<usize>().expect("a number")].clone(),
        };
        let columns = formula.columns().into_iter().map(column).collect();
        formula
            .objective(Columns::new(columns, ROWS))
            .expect("an objective")
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.rows[row * COLUMNS..][..COLUMNS]
    }

    fn linear(&self, row: usize, point: &[f64]) -> f64 {
        let (weights, bias) = (&point[..COLUMNS], point[COLUMNS]);
        self.row(row)
            .iter()
            .zip(weights)
            .map(|(x, w)| x * w)
            .sum::<f64>()
            + bias
    }

    fn add(&self, row: usize, slope: f64, gradient: &mut [f64]) {
        for (g, x) in gradient.iter_mut().zip(self.row(row)) {
            *g += slope * x;
        }
        gradient[COLUMNS] += slope;
    }

    fn logistic(&self, point: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        let mut value = 0.0;
        for row in 0..ROWS {
            let (y, z) = (self.y[row], self.linear(row, point));
            let e = (-(y * z).abs()).exp();
            value += (-y * z).max(0.0) + e.ln_1p();
            let share = if y * z > 0.0 {
                e / (1.0 + e)
            } else {
                1.0 / (1.0 + e)
            };
            self.add(row, -y * share, gradient);
        }
        gradient.iter_mut().for_each(|g| *g /= ROWS as f64);
        value / ROWS as f64
    }

    fn softmax(&self, point: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        let mut value = 0.0;
        const N: usize = COLUMNS + 1;
        for row in 0..ROWS {
            let z: [f64; CLASSES] = std::array::from_fn(|k| self.linear(row, &point[k * N..][..N]));
            let largest = z.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
            let e = z.map(|z| (z - largest).exp());
            let total: f64 = e.iter().sum();
            let class = self.class[row] as usize;
            value += total.ln() + largest - z[class];
            for k in 0..CLASSES {
                let slope = e[k] / total - f64::from(u8::from(k == class));
                self.add(row, slope, &mut gradient[k * N..][..N]);
            }
        }
        gradient.iter_mut().for_each(|g| *g /= ROWS as f64);
        value / ROWS as f64
    }

    fn squares(&self, point: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        let mut value = 0.0;
        for row in 0..ROWS {
            let residual = self.y[row] - self.linear(row, point);
            value += residual * residual;
            self.add(row, -2.0 * residual, gradient);
        }
        gradient.iter_mut().for_each(|g| *g /= ROWS as f64);
        value / ROWS as f64
    }
}

/// `w00*x00 + w01*x01 + ... + w99`: the bias sorts behind the weights.
fn linear(letter: char) -> String {
    let mut text = String::new();
    for c in 0..COLUMNS {
        write!(text, "{letter}{c:02}*x{c:02} + ").expect("a string");
    }
    text + &format!("{letter}99")
}

fn logistic_text() -> String {
    format!("mean(log(1 + exp(-y*({}))))", linear('w'))
}

fn softmax_text() -> String {
    let [a, b, c] = ['a', 'b', 'c'].map(linear);
    format!(
        "u = {a}; v = {b}; w = {c}; mean(log(exp(u) + exp(v) + exp(w)) - if(class == 0, u, if(class == 1, v, w)))"
    )
}

fn squares_text() -> String {
    format!("mean((y - ({}))^2)", linear('w'))
}

/// The least of several times, in nanoseconds a row: what others do on the machine only adds.
fn per_row(mut run: impl FnMut() -> f64) -> f64 {
    let time = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64()
    };
    let least = (0..30).map(time).fold(f64::INFINITY, f64::min);
    least * 1e9 / ROWS as f64
}
