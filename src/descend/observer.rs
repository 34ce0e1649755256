//! Watching a descent.

/// Where a descent stands: after so many steps, the start being 0.
#[derive(Clone, Copy, Debug)]
pub struct Iteration<'a> {
    /// Steps taken so far.
    pub number: u64,
    /// The point.
    pub point: &'a [f64],
    /// The function's value there.
    pub value: f64,
    /// The Euclidean norm of the gradient there.
    pub gradient_norm: f64,
}

/// What a [`Trace`] keeps of an iteration.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceRow {
    /// Steps taken so far.
    pub number: u64,
    /// The point.
    pub point: Vec<f64>,
    /// The function's value there.
    pub value: f64,
    /// The Euclidean norm of the gradient there.
    pub gradient_norm: f64,
}

/// An observer that keeps everything: pass `&mut |i| trace.keep(i)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The start, then a row a step.
    pub rows: Vec<TraceRow>,
}

impl Trace {
    /// Keeps an iteration.
    pub fn keep(&mut self, iteration: &Iteration<'_>) {
        self.rows.push(TraceRow {
            number: iteration.number,
            point: iteration.point.to_vec(),
            value: iteration.value,
            gradient_norm: iteration.gradient_norm,
        });
    }
}
