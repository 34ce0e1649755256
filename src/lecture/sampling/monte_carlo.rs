//! Means over random points.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::random::{Stream, unit};
use super::sobol::{MAX_DIMENSIONS, Sobol, shift};
use crate::fit::student_quantile;
use crate::lecture::LectureError;
use crate::lecture::summary::Summary;
use crate::program::batch::{Batch, BatchError, Room, SharedBatch};

/// Points of a repetition; above, the numbers of points are no longer exact in a float.
pub const MAX_POINTS: u64 = 1 << 52;

/// Repetitions: their means are kept.
pub const MAX_REPEAT: u64 = 10_000_000;

/// Points drawn at once: their coordinates and values stay in the nearest cache until they are used up.
const CHUNK: u64 = 1024;

/// Chunks that a thread takes in one go, and whose summaries are joined before they are kept.
const CHUNKS: u64 = 64;

/// From where to where each variable goes.
pub type Bounds = Vec<(f64, f64)>;

/// How points are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Points {
    /// Each by itself, at random.
    #[default]
    Random,
    /// Sobol's, moved at random in each repetition.
    Sobol,
}

/// Who watches, and may stop it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress<'a> {
    /// Counts the points that are done.
    pub done: Option<&'a AtomicU64>,
    /// Ends the work early when set.
    pub stop: Option<&'a AtomicBool>,
}

/// An estimate of an integral.
#[derive(Clone, Debug, PartialEq)]
pub struct Integral {
    /// The integral: the mean of the repetitions.
    pub mean: f64,
    /// The standard deviation of a repetition's estimate. Of several repetitions it is that of their results; of a single
    /// one it is estimated from the function's values, and unknown (NaN) for points that are not independent.
    pub std: f64,
    /// The standard deviation of `mean`: `std` divided by the root of the number of repetitions.
    pub standard_error: f64,
    /// What each repetition estimated.
    pub estimates: Vec<f64>,
    /// The function's values at all points of all repetitions.
    pub values: Summary,
    /// Points of a repetition.
    pub samples: u64,
}

impl Integral {
    /// The interval that contains the integral in 95 of 100 cases, as wide as Student's distribution says of a spread that
    /// was itself estimated: from so many repetitions or, of a single one, points.
    pub fn interval(&self) -> (f64, f64) {
        let numbers = match self.estimates.len() as u64 {
            1 => self.samples,
            repetitions => repetitions,
        };
        let half = student_quantile(0.95, numbers as f64 - 1.0) * self.standard_error;
        (self.mean - half, self.mean + half)
    }
}

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SamplingError {
    /// Numbers that make no sense.
    #[error(transparent)]
    Input(#[from] LectureError),
    /// The program and the box do not fit.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A side of the box is no interval.
    #[error("the interval from {} to {} is {what}", shown(*low), shown(*high))]
    Interval {
        /// Its lower end.
        low: f64,
        /// Its upper end.
        high: f64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Too many dimensions for Sobol's points.
    #[error("Sobol points have at most {MAX_DIMENSIONS} dimensions, and {0} are asked")]
    Dimensions(usize),
    /// The function has no finite value at some points.
    #[error("the function is {value} at {point:?}")]
    Undefined {
        /// The first such point.
        point: Vec<f64>,
        /// Its value there.
        value: f64,
    },
    /// It was stopped from outside.
    #[error("interrupted")]
    Interrupted,
}

/// As people write it: a whole number without a point, what is very large or small with its power of ten.
fn shown(x: f64) -> String {
    match x == 0.0 || (1e-5..1e16).contains(&x.abs()) {
        true => x.to_string(),
        false => format!("{x:?}"),
    }
}

/// Estimates the integral of the only output of `function` over a box: `repeat` times from `samples` points each.
///
/// An interval may be given from its larger to its smaller end: the integral changes its sign, as it does on paper.
///
/// ```
/// use gradus::{Graph, program::{Options, Program, batch::Batch}};
/// use gradus::lecture::sampling::{Points, Progress, integrate};
/// let graph = Graph::new();
/// let f = graph.parse("x^2").unwrap();
/// let arena = graph.arena();
/// let x = arena.find_symbol("x").unwrap();
/// let program = Program::new(&arena, &[f.id()], &[x], Options::default()).unwrap();
/// let batch = Batch::new(&program)?;
/// let found = integrate(&batch, &[(0.0, 3.0)], 1000, 20, 7, Points::Random, Progress::default())?;
/// assert!((found.mean - 9.0).abs() < 4.0 * found.standard_error);
/// let even = integrate(&batch, &[(0.0, 3.0)], 1024, 20, 7, Points::Sobol, Progress::default())?;
/// assert!((even.mean - 9.0).abs() < 4.0 * even.standard_error);
/// assert!(even.standard_error < found.standard_error / 10.0);
/// # Ok::<(), gradus::lecture::sampling::SamplingError>(())
/// ```
///
/// # Errors
/// [`SamplingError`].
///
/// # Panics
/// If `function` has several outputs.
pub fn integrate(
    function: &Batch,
    bounds: &[(f64, f64)],
    samples: u64,
    repeat: u64,
    seed: u64,
    points: Points,
    progress: Progress<'_>,
) -> Result<Integral, SamplingError> {
    assert_eq!(function.outputs(), 1, "a function of one value");
    for &(low, high) in bounds {
        let what = match () {
            () if !(low.is_finite() && high.is_finite()) => "not finite",
            () if low == high => "empty",
            () if !(high - low).is_finite() => "too wide",
            () => continue,
        };
        return Err(SamplingError::Interval { low, high, what });
    }
    in_range("the number of samples", samples, MAX_POINTS)?;
    in_range("the number of repetitions", repeat, MAX_REPEAT)?;
    if points == Points::Sobol && bounds.len() > MAX_DIMENSIONS {
        return Err(SamplingError::Dimensions(bounds.len()));
    }
    let work = Work {
        function: function.by_blocks(bounds.len())?,
        sequences: match points {
            Points::Random => Vec::new(),
            Points::Sobol => (0..bounds.len()).map(Sobol::new).collect(),
        },
        bounds,
        samples,
        seed,
        progress,
    };
    // A repetition after another would leave threads idle where each is short, a task a repetition where there is one.
    let tasks = samples.div_ceil(CHUNK * CHUNKS);
    let parts: Result<Vec<Summary>, SamplingError> = (0..repeat * tasks)
        .into_par_iter()
        .map_init(
            || work.columns(),
            |columns, task| work.part(columns, task / tasks, task % tasks),
        )
        .collect();
    let volume: f64 = bounds.iter().map(|(low, high)| high - low).product();
    let mut values = Summary::default();
    let mut estimates = Vec::with_capacity(repeat as usize);
    for parts in parts?.chunks(tasks as usize) {
        let mut repetition = Summary::default();
        parts.iter().for_each(|part| repetition.join(part));
        estimates.push(volume * repetition.mean()?);
        values.join(&repetition);
    }
    let results = Summary::of(&estimates);
    let std = match (repeat, points) {
        (1, Points::Random) if samples > 1 => {
            volume.abs() * values.standard_deviation()? / (samples as f64).sqrt()
        }
        (1, _) => f64::NAN,
        _ => results.standard_deviation()?,
    };
    Ok(Integral {
        mean: results.mean()?,
        std,
        standard_error: std / (repeat as f64).sqrt(),
        estimates,
        values,
        samples,
    })
}

struct Work<'a> {
    function: SharedBatch,
    /// A dimension each; none for random points.
    sequences: Vec<Sobol>,
    bounds: &'a [(f64, f64)],
    samples: u64,
    seed: u64,
    progress: Progress<'a>,
}

/// Coordinates and values of the points of a chunk, and room for what lies between.
struct Columns {
    room: Room,
    inputs: Vec<Vec<f64>>,
    values: Vec<f64>,
}

impl Work<'_> {
    fn columns(&self) -> Columns {
        let length = CHUNK.min(self.samples) as usize;
        Columns {
            room: self.function.room(),
            inputs: vec![vec![0.0; length]; self.bounds.len()],
            values: vec![0.0; length],
        }
    }

    /// The values at some chunks of points of a repetition.
    fn part(
        &self,
        columns: &mut Columns,
        repetition: u64,
        task: u64,
    ) -> Result<Summary, SamplingError> {
        let mut summary = Summary::default();
        let first = task * CHUNKS * CHUNK;
        let end = self.samples.min(first + CHUNKS * CHUNK);
        for start in (first..end).step_by(CHUNK as usize) {
            if (self.progress.stop).is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                return Err(SamplingError::Interrupted);
            }
            let count = CHUNK.min(end - start) as usize;
            self.draw(columns, repetition, start, count);
            let inputs: Vec<&[f64]> = columns.inputs.iter().map(|c| &c[..count]).collect();
            let values = &mut columns.values[..count];
            for (at, block) in values.chunks_mut(self.function.block()).enumerate() {
                let from = at * self.function.block();
                (self.function).run(&mut columns.room, &inputs, from, &mut [block]);
            }
            summary.extend(values);
            // The extremes are NaN or infinite if any value is.
            if !(summary.min().is_finite() && summary.max().is_finite()) {
                let at = values.iter().position(|x| !x.is_finite());
                let at = at.expect("one value is not finite");
                return Err(SamplingError::Undefined {
                    point: inputs.iter().map(|column| column[at]).collect(),
                    value: values[at],
                });
            }
            if let Some(done) = self.progress.done {
                done.fetch_add(count as u64, Ordering::Relaxed);
            }
        }
        Ok(summary)
    }

    /// The coordinates of the points from `start` on.
    fn draw(&self, columns: &mut Columns, repetition: u64, start: u64, count: usize) {
        let dimensions = self.bounds.len() as u64;
        for (k, (column, &(low, high))) in columns.inputs.iter_mut().zip(self.bounds).enumerate() {
            let column = &mut column[..count];
            let width = high - low;
            match self.sequences.get(k) {
                None => {
                    let stream = Stream::new(self.seed, repetition);
                    stream.fill(
                        start * dimensions + k as u64,
                        dimensions,
                        (low, width),
                        column,
                    );
                }
                Some(sequence) => {
                    let mut bits = sequence.bits(start) ^ shift(self.seed, repetition, k);
                    for (at, x) in (start..).zip(column) {
                        *x = low + width * unit(bits);
                        bits ^= sequence.change(at);
                    }
                }
            }
        }
    }
}

fn in_range(what: &'static str, value: u64, most: u64) -> Result<(), LectureError> {
    match (1..=most).contains(&value) {
        true => Ok(()),
        false => Err(LectureError::Range {
            what,
            value,
            least: 1,
            most,
        }),
    }
}
