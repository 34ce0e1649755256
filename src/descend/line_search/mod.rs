//! Methods that choose a direction and search along it: [`LineSearch`] joins a [`Direction`] with a [`Search`].
//!
//! Any direction goes with any search. A method that fails on its own direction tries the steepest one before it gives
//! up.

mod backtracking;
mod bfgs;
mod conjugate_gradient;
mod lbfgs;
mod steepest;
mod wolfe;

pub use backtracking::Backtracking;
pub use bfgs::Bfgs;
pub use conjugate_gradient::ConjugateGradient;
pub use lbfgs::LBfgs;
pub(super) use lbfgs::Pairs;
pub use steepest::Steepest;
pub use wolfe::StrongWolfe;

use super::method::{dot, norm};
use super::{Advance, Counted, Iterate, Memory, MemoryError, Method};

/// Where to go from a point.
pub trait Direction {
    /// The name of the method on the command line.
    fn name(&self) -> &'static str;

    /// Writes the direction: downhill, if what it remembers is any good.
    fn direction(&mut self, at: &Iterate, direction: &mut [f64]);

    /// The length to try first, in units of the direction just written. `last` is the last step's length times its slope,
    /// which is 0 before the first step.
    fn first_length(&self, at: &Iterate, direction: &[f64], last: f64) -> f64;

    /// The search that suits it.
    fn suits(&self) -> Search {
        Search::Wolfe(StrongWolfe::default())
    }

    /// Learns from a step and from what it changed in the gradient.
    fn learn(&mut self, step: &[f64], change: &[f64], at: &Iterate);

    /// Forgets all, so that the next direction is the steepest. Did it know anything?
    fn forget(&mut self) -> bool;

    /// As [`Method::save`].
    fn save(&self, memory: &mut Memory);

    /// As [`Method::restore`].
    ///
    /// # Errors
    /// As [`Method::restore`].
    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError>;
}

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Search {
    /// Shorter and shorter until the value is low enough.
    Backtracking(Backtracking),
    /// Until the value is low enough and the slope flat enough.
    Wolfe(StrongWolfe),
}

/// A function of one variable: the objective along a direction.
pub(super) struct Line<'l, 'o> {
    objective: &'l mut Counted<'o>,
    from: &'l Iterate,
    direction: &'l [f64],
    /// The point looked at last, with its value and gradient.
    pub(super) to: &'l mut Iterate,
}

/// A point of a [`Line`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) length: f64,
    pub(super) value: f64,
    pub(super) slope: f64,
}

impl Line<'_, '_> {
    fn go(&mut self, length: f64) {
        let parts = self.from.point.iter().zip(self.direction);
        for (to, (from, d)) in self.to.point.iter_mut().zip(parts) {
            *to = from + length * d;
        }
    }

    /// Only the value; the gradient waits for [`finish`](Self::finish).
    pub(super) fn value(&mut self, length: f64) -> f64 {
        self.go(length);
        self.to.value = self.objective.value(&self.to.point);
        self.to.value
    }

    pub(super) fn finish(&mut self) {
        self.objective
            .gradient(&self.to.point, &mut self.to.gradient);
    }

    /// Value and slope.
    pub(super) fn sample(&mut self, length: f64) -> Sample {
        self.go(length);
        self.objective.evaluate(self.to);
        Sample {
            length,
            value: self.to.value,
            slope: dot(&self.to.gradient, self.direction),
        }
    }
}

/// How a search ended; what it found is in [`Line::to`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found {
    /// A step of this length.
    Step(f64),
    /// None that lowers the value.
    Nothing,
    /// The value falls as far as doubles go.
    NoEnd,
}

/// A direction with a search along it.
///
/// ```
/// use gradus::descend::{Bfgs, ClosureObjective, LineSearch, Stop, descend};
/// let mut rosenbrock = ClosureObjective::with_gradient(
///     2,
///     |p: &[f64]| (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2),
///     |p: &[f64], g: &mut [f64]| {
///         let valley = p[1] - p[0] * p[0];
///         g[0] = -2.0 * (1.0 - p[0]) - 400.0 * p[0] * valley;
///         g[1] = 200.0 * valley;
///     },
/// );
/// let mut method = LineSearch::new(Bfgs::default());
/// let end = descend(&mut rosenbrock, &mut method, &[-1.2, 1.0], &Stop::default(), &mut |_| ());
/// assert!(end.converged && end.iterations < 50 && end.value < 1e-10);
/// ```
pub struct LineSearch {
    direction: Box<dyn Direction>,
    search: Search,
    /// The last step's length times its slope.
    last: f64,
    /// Steps in a row that lowered the value by nothing.
    idle: u64,
    along: Vec<f64>,
    next: Iterate,
}

/// After so many steps in a row that lower the value by nothing, rounding leads the way.
pub(super) const IDLE: u64 = 5;

impl LineSearch {
    /// A direction with the search that suits it.
    pub fn new(direction: impl Direction + 'static) -> LineSearch {
        LineSearch {
            search: direction.suits(),
            direction: Box::new(direction),
            last: 0.0,
            idle: 0,
            along: Vec::new(),
            next: Iterate::default(),
        }
    }

    /// The same with another search.
    pub fn with_search(self, search: Search) -> LineSearch {
        LineSearch { search, ..self }
    }

    fn search(&mut self, objective: &mut Counted<'_>, at: &Iterate) -> Found {
        self.direction.direction(at, &mut self.along);
        let mut slope = dot(&at.gradient, &self.along);
        if !(slope < 0.0 && slope.is_finite()) {
            self.direction.forget();
            self.last = 0.0;
            self.direction.direction(at, &mut self.along);
            slope = dot(&at.gradient, &self.along);
        }
        if slope == 0.0 {
            return Found::Nothing;
        }
        let length = self.direction.first_length(at, &self.along, self.last);
        let from = Sample {
            length: 0.0,
            value: at.value,
            slope,
        };
        let mut line = Line {
            objective,
            from: at,
            direction: &self.along,
            to: &mut self.next,
        };
        let found = match &self.search {
            Search::Backtracking(search) => search.search(&mut line, from, length),
            Search::Wolfe(search) => search.search(&mut line, from, length),
        };
        if let Found::Step(length) = found {
            self.last = length * slope;
        }
        found
    }
}

impl Method for LineSearch {
    fn name(&self) -> &'static str {
        self.direction.name()
    }

    fn advance(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Advance {
        if self.next.point.len() != at.point.len() {
            self.next = Iterate::new(&at.point);
            self.along = vec![0.0; at.point.len()];
        }
        let mut found = self.search(objective, at);
        if found == Found::Nothing && self.direction.forget() {
            self.last = 0.0;
            found = self.search(objective, at);
        }
        match found {
            Found::Step(_) => {}
            Found::Nothing => return Advance::Exhausted { settled: false },
            Found::NoEnd => {
                if self.next.is_finite() && self.next.value < at.value {
                    at.copy_from(&self.next);
                }
                return Advance::Unbounded;
            }
        }
        self.idle = match self.next.value < at.value {
            true => 0,
            false => self.idle + 1,
        };
        if self.idle > IDLE {
            return Advance::Exhausted { settled: false };
        }
        let mut size = 0.0f64;
        // From now on the direction is the step, and the old gradient the change.
        for (i, step) in self.along.iter_mut().enumerate() {
            *step = self.next.point[i] - at.point[i];
            size = size.max(step.abs());
            at.gradient[i] = self.next.gradient[i] - at.gradient[i];
        }
        self.direction.learn(&self.along, &at.gradient, &self.next);
        at.copy_from(&self.next);
        Advance::Step { size }
    }

    fn forget(&mut self) {
        self.direction.forget();
        (self.last, self.idle) = (0.0, 0);
        self.along.clear();
        self.next = Iterate::default();
    }

    fn save(&self, memory: &mut Memory) {
        memory.put_number("last", self.last);
        memory.put_count("idle", self.idle);
        self.direction.save(memory);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.last = memory.number("last")?;
        self.idle = memory.count("idle")?;
        self.direction.restore(memory, dimension)
    }
}

/// The first length of a method that knows nothing of scale: a step of length 1 at most, and one that would lower a
/// parabola through 0 at its lowest point by the value itself (Nocedal and Wright, section 3.5).
pub(super) fn modest_length(at: &Iterate, direction: &[f64]) -> f64 {
    let size = norm(direction);
    let slope = dot(&at.gradient, direction).abs();
    let by_value = 2.0 * at.value.abs() / slope;
    match by_value > 0.0 && by_value.is_finite() {
        true => by_value.min(1.0 / size),
        false => 1.0 / size,
    }
}
