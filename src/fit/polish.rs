//! The last digits: steps whose residuals and derivatives are computed in doubled precision.
//!
//! Near the minimum residuals are small differences of large numbers, and what is lost there is lost in the parameters: four
//! digits of Lanczos1, a set of NIST whose residuals are 1e-13. Gauss-Newton steps from a place that is right to a few
//! digits already, with residuals, derivatives and their triangle in [`Doubled`], give all the digits that the data have;
//! the same triangle gives the standard errors. The idea is iterative refinement (Björck, Iterative refinement of linear
//! least squares solutions, BIT 1967), without the need of a system that is half in single precision.

use super::search::Found;
use super::singular::{dot, singular};
use super::{Data, Model};
use crate::numeric::Doubled;
use crate::program::{Instruction, Op, Program};

/// More work than this is not done: half a second.
pub const MAX_POLISH_WORK: usize = 2_000_000;

/// Steps after which it gives up.
const MAX_STEPS: u64 = 40;

/// A step up to this part of the parameters changes standard errors and the sum of squares beyond their 12th digit.
const LAST_STEP: f64 = 1e-11;

/// A step that is longer than this part of a parameter does not begin near a minimum.
const NEAR: f64 = 0.05;

/// A step that changes the predictions by less than this part of the response is near in any case.
const NEGLIGIBLE: f64 = 1e-9;

/// Residuals below this part of the response are taken for this large.
const ROUNDING: f64 = 1e-16;

/// A step may be longer than the shortest one so far, but not by more than this.
const FARTHER: f64 = 1e3;

/// The relative step that is small enough.
const TOLERANCE: f64 = 1e-15;

/// How fast a search converged in its last steps is not trusted to more than this factor.
const CAUTION: f64 = 10.0;

/// What a polish found.
#[derive(Clone, Debug)]
pub(super) struct Polished {
    pub(super) parameters: Vec<f64>,
    /// The weighted sum of squares.
    pub(super) squares: f64,
    /// The inverse of the triangle of derivatives, column by column, upper.
    pub(super) inverse: Vec<Vec<f64>>,
    /// Steps taken.
    pub(super) steps: u64,
}

/// Can the program run in doubled precision, and is it worth the time? Rows times what a row costs.
pub(super) fn is_possible(model: &Model, rows: usize) -> bool {
    let known = |instruction: &Instruction| match instruction.op {
        Op::Call(f) => Doubled::knows(f),
        _ => true,
    };
    let columns = model.parameters + 1;
    let each = model.program.instructions().len() + columns * columns;
    rows.saturating_mul(each) <= MAX_POLISH_WORK && model.program.instructions().iter().all(known)
}

/// Takes steps from a place near the minimum; `None` where they do not settle. Parameters that are not `free` stay.
///
/// Where the residuals are large Gauss-Newton steps shorten slowly (by a tenth a step for ENSO); what earlier steps have
/// shown of that is put right as Anderson did it (Iterative procedures for nonlinear integral equations, J. ACM 1965).
pub(super) fn polish(
    model: &Model,
    data: &Data<'_>,
    ridge: f64,
    found: &Found,
    free: &[usize],
) -> Option<Polished> {
    let rows = Rows::new(data);
    let n = free.len();
    let mut parameters: Vec<Doubled> = found.parameters.iter().map(|&b| Doubled::from(b)).collect();
    let mut history: Vec<Tried> = Vec::new();
    let mut least = f64::INFINITY;
    for steps in 0..MAX_STEPS {
        let triangle = triangle(model, &rows, ridge, &parameters, free)?;
        let step = triangle.solution()?;
        // A parameter that is 0 is compared with what the data tell of it.
        let residual = triangle.residual();
        let sizes: Vec<f64> = (free.iter().enumerate())
            .map(|(at, &k)| {
                let told = residual.max(ROUNDING * rows.size) / triangle.norm(at);
                parameters[k].head().abs().max(told)
            })
            .collect();
        let largest = |parts: &mut dyn Iterator<Item = f64>| {
            // NaN is the largest.
            parts.fold(0.0f64, |largest, x| if x <= largest { largest } else { x })
        };
        let steps_and = |sizes: &[f64], part: f64| {
            let parts = step.iter().zip(sizes);
            largest(&mut parts.map(|(step, size)| step.head().abs() / (part * size)))
        };
        let relative = steps_and(&sizes, 1.0);
        // What changes the predictions in their last digits only is near, whatever it is for a parameter that is 0.
        let norms: Vec<f64> = (0..n).map(|at| rows.size / triangle.norm(at)).collect();
        let is_near = relative <= NEAR || steps_and(&norms, NEGLIGIBLE) <= 1.0;
        // Steps shorten as they did last time: where this one is the last that matters, nothing is evaluated again.
        let shorter = match history.is_empty() {
            true => CAUTION * found.contraction,
            false => relative / least,
        };
        let next = relative * shorter.min(1.0);
        if relative <= TOLERANCE || relative <= LAST_STEP && next <= TOLERANCE {
            let residual = triangle.at(n, n);
            for (&k, &step) in free.iter().zip(&step) {
                parameters[k] = parameters[k] + step;
            }
            return Some(Polished {
                parameters: parameters.iter().map(|b| b.head()).collect(),
                squares: (residual * residual + triangle.offset_squares()).head(),
                inverse: triangle.inverse()?,
                steps,
            });
        }
        // Also written so that NaN ends here.
        let settles = is_near && relative <= FARTHER * least;
        if !settles {
            return None;
        }
        least = least.min(relative);
        history.push(Tried {
            place: free.iter().map(|&k| parameters[k]).collect(),
            step,
        });
        if history.len() > n + 1 {
            history.remove(0);
        }
        let next = mixed(&history, &sizes);
        for (&k, b) in free.iter().zip(next) {
            parameters[k] = b;
        }
    }
    None
}

/// A place, and the Gauss-Newton step from there.
struct Tried {
    place: Vec<Doubled>,
    step: Vec<Doubled>,
}

/// The place after the last one: its step, less what the changes of the steps so far foretell of it.
fn mixed(history: &[Tried], sizes: &[f64]) -> Vec<Doubled> {
    let (last, before) = history.split_last().expect("a step was made");
    let mut next: Vec<Doubled> = (last.place.iter().zip(&last.step))
        .map(|(&b, &step)| b + step)
        .collect();
    if before.is_empty() {
        return next;
    }
    let changes: Vec<Vec<f64>> = (history.windows(2))
        .map(|pair| {
            let steps = pair[1].step.iter().zip(&pair[0].step).zip(sizes);
            steps
                .map(|((&new, &old), size)| (new - old).head() / size)
                .collect()
        })
        .collect();
    let target: Vec<f64> = (last.step.iter().zip(sizes))
        .map(|(step, size)| step.head() / size)
        .collect();
    let parts = singular(changes);
    let mut weights = vec![0.0; before.len()];
    for (k, &value) in parts.values.iter().enumerate() {
        if value > 1e-12 * parts.values[0] {
            let part = dot(&parts.left[k], &target) / value;
            for (weight, v) in weights.iter_mut().zip(&parts.right[k]) {
                *weight += part * v;
            }
        }
    }
    for (pair, &weight) in history.windows(2).zip(&weights) {
        let (old, new) = (&pair[0], &pair[1]);
        for (k, b) in next.iter_mut().enumerate() {
            let moved = (new.place[k] - old.place[k]) + (new.step[k] - old.step[k]);
            *b = *b - moved * Doubled::from(weight);
        }
    }
    next
}

/// The data in doubled precision, row by row.
struct Rows {
    columns: usize,
    /// The columns of a row, one after the other.
    points: Vec<Doubled>,
    response: Vec<Doubled>,
    /// The roots of the weights.
    roots: Option<Vec<Doubled>>,
    /// The norm of the response, weighted.
    size: f64,
}

impl Rows {
    fn new(data: &Data<'_>) -> Rows {
        let read = |x: f64| match data.decimal {
            true => Doubled::decimal(x),
            false => Doubled::from(x),
        };
        let (rows, columns) = (data.rows(), data.columns.len());
        let mut points = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            points.extend(data.columns.iter().map(|column| read(column[row])));
        }
        let response = match data.response_tail {
            Some(tail) => (data.response.iter().zip(tail))
                .map(|(&y, &tail)| Doubled::new(y, tail))
                .collect(),
            None => data.response.iter().map(|&y| read(y)).collect(),
        };
        let roots = (data.weights).map(|weights| weights.iter().map(|&w| read(w).sqrt()).collect());
        let squares = (0..rows).map(|row| {
            let y: f64 = data.response[row];
            y * y * data.weights.map_or(1.0, |weights| weights[row])
        });
        Rows {
            columns,
            points,
            response,
            size: squares.sum::<f64>().sqrt(),
            roots,
        }
    }
}

/// Rows that are turned into the triangle at once.
const BLOCK: usize = 64;

fn triangle(
    model: &Model,
    rows: &Rows,
    ridge: f64,
    parameters: &[Doubled],
    free: &[usize],
) -> Option<DoubledTriangle> {
    let program: &Program = &model.program;
    let n = free.len();
    let mut triangle = DoubledTriangle::new(n + 1);
    let mut registers = vec![Doubled::default(); program.registers()];
    let mut inputs = vec![Doubled::default(); program.inputs()];
    inputs[rows.columns..].copy_from_slice(parameters);
    let count = rows.response.len();
    for start in (0..count).step_by(BLOCK) {
        let here = BLOCK.min(count - start);
        let mut block = vec![Doubled::default(); here * (n + 1)];
        for i in 0..here {
            let row = start + i;
            let point = &rows.points[row * rows.columns..][..rows.columns];
            inputs[..rows.columns].copy_from_slice(point);
            let outputs = program.run_in(&inputs, &mut registers);
            let root = rows.roots.as_ref().map(|roots| roots[row]);
            let weighted = |x: Doubled| match root {
                Some(root) => x * root,
                None => x,
            };
            for (column, &k) in free.iter().enumerate() {
                block[column * here + i] = weighted(outputs[k]);
            }
            block[n * here + i] = weighted(rows.response[row] - outputs[model.parameters]);
        }
        triangle.absorb(&mut block, here);
    }
    if ridge > 0.0 {
        let root = Doubled::from(ridge).sqrt();
        let mut block = vec![Doubled::default(); n * (n + 1)];
        for (column, &k) in free.iter().enumerate() {
            block[column * n + column] = root;
            block[n * n + column] = -(root * parameters[k]);
        }
        triangle.absorb(&mut block, n);
    }
    let finite = triangle.entries.iter().all(|x| x.head().is_finite());
    finite.then_some(triangle)
}

/// As [`Triangle`](super::Triangle), for few rows.
struct DoubledTriangle {
    columns: usize,
    entries: Vec<Doubled>,
}

impl DoubledTriangle {
    fn new(columns: usize) -> DoubledTriangle {
        DoubledTriangle {
            columns,
            entries: vec![Doubled::default(); columns * columns],
        }
    }

    fn at(&self, row: usize, column: usize) -> Doubled {
        self.entries[column * self.columns + row]
    }

    fn absorb(&mut self, block: &mut [Doubled], rows: usize) {
        let n = self.columns;
        for k in 0..n {
            let (done, rest) = block.split_at_mut((k + 1) * rows);
            let v = &done[k * rows..];
            let below = product(v, v);
            if below.head() == 0.0 {
                continue;
            }
            let r = self.at(k, k);
            let length = (r * r + below).sqrt();
            let alpha = if r.head() < 0.0 { length } else { -length };
            let first = r - alpha;
            let factor = Doubled::from(1.0) / (alpha * first);
            self.entries[k * n + k] = alpha;
            for (a, j) in rest.chunks_exact_mut(rows).zip(k + 1..) {
                let above = self.at(k, j);
                let weight = (first * above + product(v, a)) * factor;
                self.entries[j * n + k] = above + first * weight;
                for (a, &v) in a.iter_mut().zip(v) {
                    *a = *a + weight * v;
                }
            }
        }
    }

    /// The least squares of the last column; `None` where the others do not determine them.
    fn solution(&self) -> Option<Vec<Doubled>> {
        let n = self.columns - 1;
        let mut solution: Vec<Doubled> = (0..n).map(|k| self.at(k, n)).collect();
        for k in (0..n).rev() {
            let pivot = self.at(k, k);
            if pivot.head() == 0.0 {
                return None;
            }
            let mut sum = solution[k];
            for (j, &known) in solution.iter().enumerate().skip(k + 1) {
                sum = sum - self.at(k, j) * known;
            }
            solution[k] = sum / pivot;
        }
        Some(solution)
    }

    /// The norm of the residuals.
    fn residual(&self) -> f64 {
        self.at(self.columns - 1, self.columns - 1).head().abs()
    }

    /// The sum of squares that one more step would remove.
    fn offset_squares(&self) -> Doubled {
        let n = self.columns - 1;
        let column: Vec<Doubled> = (0..n).map(|k| self.at(k, n)).collect();
        product(&column, &column)
    }

    /// The norm of a column.
    fn norm(&self, column: usize) -> f64 {
        let entries: Vec<Doubled> = (0..=column).map(|k| self.at(k, column)).collect();
        product(&entries, &entries).sqrt().head()
    }

    /// The inverse of the triangle without its last column, column by column.
    fn inverse(&self) -> Option<Vec<Vec<f64>>> {
        let n = self.columns - 1;
        let one = Doubled::from(1.0);
        let mut columns = Vec::with_capacity(n);
        for k in 0..n {
            let mut column = vec![Doubled::default(); n];
            for row in (0..=k).rev() {
                let mut sum = if row == k { one } else { Doubled::default() };
                for (j, &known) in column.iter().enumerate().take(k + 1).skip(row + 1) {
                    sum = sum - self.at(row, j) * known;
                }
                column[row] = sum / self.at(row, row);
            }
            columns.push(column.iter().map(|x| x.head()).collect::<Vec<f64>>());
        }
        let finite = columns.iter().flatten().all(|x| x.is_finite());
        finite.then_some(columns)
    }
}

fn product(a: &[Doubled], b: &[Doubled]) -> Doubled {
    (a.iter().zip(b)).fold(Doubled::default(), |sum, (&a, &b)| sum + a * b)
}
