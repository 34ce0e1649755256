//! What a method of descent is, and what it sees of the objective.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Memory, MemoryError, Objective, Offers, StopReason};

/// A way to go down: given where the descent stands, it moves there.
///
/// A method is direction and length together, since some choose both at once. It is a state machine: all that it
/// remembers from step to step goes through [`save`](Self::save) and [`restore`](Self::restore), so that a descent can be
/// continued bit for bit.
pub trait Method {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// What the tolerance is compared with.
    fn measure(&self) -> Measure {
        Measure::Gradient
    }

    /// Takes a step: `at` is moved to the next point, with its value and gradient.
    fn advance(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Advance;

    /// How far from stationary a point is; 0 where nothing of first order can be gained. See [`scaled_gradient`].
    fn stationarity(&self, at: &Iterate) -> f64 {
        scaled_gradient(at)
    }

    /// Is a point with a small gradient good enough? Methods that know curvature leave saddles.
    fn accepts(&mut self, _objective: &mut Counted<'_>, _at: &Iterate) -> bool {
        true
    }

    /// Why it ends when the number of steps allowed is taken.
    fn at_the_limit(&self) -> StopReason {
        StopReason::MaxIterations
    }

    /// Moves a start to where the method may begin: into the bounds, if it has some.
    fn admit(&self, _start: &mut [f64]) {}

    /// Forgets what it remembers of another descent: it is as new.
    fn forget(&mut self) {}

    /// Writes down what it remembers.
    fn save(&self, _memory: &mut Memory) {}

    /// Takes up what was [saved](Self::save) by a method made with the same options.
    ///
    /// # Errors
    /// [`MemoryError`] if something is missing, or has not the length that it needs.
    fn restore(&mut self, _memory: &Memory, _dimension: usize) -> Result<(), MemoryError> {
        Ok(())
    }
}

/// What the tolerance of [`Stop`](super::Stop) is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The largest change of a coordinate in a step: for methods whose rate is given.
    Step,
    /// The scaled gradient (see [`scaled_gradient`]): for methods that find their steps by themselves.
    Gradient,
}

impl Measure {
    /// A tolerance that suits it: 1e-5 for steps, 1e-8 for gradients.
    pub fn default_tolerance(self) -> f64 {
        match self {
            Measure::Step => 1e-5,
            Measure::Gradient => 1e-8,
        }
    }
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Advance {
    /// It was taken. The size is the largest change of a coordinate, as it would be at a rate that has not decayed.
    Step {
        /// See above.
        size: f64,
    },
    /// No lower value can be found from here, in doubles.
    Exhausted {
        /// Does the method know that there is none: that what a model promises is below rounding?
        settled: bool,
    },
    /// The value falls without end.
    Unbounded,
    /// The rate has decayed to nothing.
    RateVanished,
    /// An interrupt came in the middle: the step will be finished when the descent is continued.
    Paused,
}

/// A point with what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Iterate {
    /// The coordinates.
    pub point: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: Vec<f64>,
}

impl Iterate {
    /// A point of which nothing is known yet.
    pub fn new(point: &[f64]) -> Iterate {
        Iterate {
            point: point.to_vec(),
            value: f64::NAN,
            gradient: vec![0.0; point.len()],
        }
    }

    /// Are point, value and gradient all finite?
    pub fn is_finite(&self) -> bool {
        let all = |list: &[f64]| list.iter().all(|x| x.is_finite());
        self.value.is_finite() && all(&self.gradient) && all(&self.point)
    }

    /// Becomes a copy of another iterate, without allocation.
    pub fn copy_from(&mut self, other: &Iterate) {
        self.point.copy_from_slice(&other.point);
        self.gradient.copy_from_slice(&other.gradient);
        self.value = other.value;
    }
}

/// How often what was computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Values of the function; vectors of residuals count as one.
    pub functions: u64,
    /// Gradients; Jacobians of residuals count as one.
    pub gradients: u64,
    /// Hessians.
    pub hessians: u64,
    /// Products of the Hessian with a direction.
    pub products: u64,
    /// Rows seen by mini-batches since they last made up the whole of the data, which counts as one function and gradient.
    pub rows: u64,
}

/// An objective whose evaluations are counted.
pub struct Counted<'o> {
    objective: &'o mut dyn Objective,
    interrupt: Option<&'o AtomicBool>,
    /// The count.
    pub cost: Cost,
}

impl<'o> Counted<'o> {
    /// Counts on from `cost`.
    pub fn new(
        objective: &'o mut dyn Objective,
        interrupt: Option<&'o AtomicBool>,
        cost: Cost,
    ) -> Counted<'o> {
        Counted {
            objective,
            interrupt,
            cost,
        }
    }

    /// Was the descent stopped from outside? Methods whose steps take long ask now and then.
    pub fn is_interrupted(&self) -> bool {
        (self.interrupt).is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// What the objective can compute.
    pub fn offers(&self) -> Offers {
        self.objective.offers()
    }

    /// As [`Objective::value`].
    pub fn value(&mut self, point: &[f64]) -> f64 {
        self.cost.functions += 1;
        self.objective.value(point)
    }

    /// As [`Objective::value_and_gradient`].
    pub fn value_and_gradient(&mut self, point: &[f64], gradient: &mut [f64]) -> f64 {
        self.cost.functions += 1;
        self.cost.gradients += 1;
        self.objective.value_and_gradient(point, gradient)
    }

    /// As [`Objective::gradient`], where the value is known.
    pub fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
        self.cost.gradients += 1;
        self.objective.gradient(point, gradient);
    }

    /// Fills in value and gradient.
    pub fn evaluate(&mut self, at: &mut Iterate) {
        at.value = self.value_and_gradient(&at.point, &mut at.gradient);
    }

    /// As [`Objective::hessian`].
    pub fn hessian(&mut self, point: &[f64], hessian: &mut [f64]) {
        self.cost.hessians += 1;
        self.objective.hessian(point, hessian);
    }

    /// As [`Objective::hessian_product`].
    pub fn hessian_product(&mut self, point: &[f64], direction: &[f64], product: &mut [f64]) {
        self.cost.products += 1;
        self.objective.hessian_product(point, direction, product);
    }

    /// As [`Objective::residuals`].
    pub fn residuals(&mut self, point: &[f64], residuals: &mut [f64]) {
        self.cost.functions += 1;
        self.objective.residuals(point, residuals);
    }

    /// As [`Objective::residuals_and_jacobian`].
    pub fn residuals_and_jacobian(
        &mut self,
        point: &[f64],
        residuals: &mut [f64],
        jacobian: &mut [f64],
    ) {
        self.cost.functions += 1;
        self.cost.gradients += 1;
        self.objective
            .residuals_and_jacobian(point, residuals, jacobian);
    }

    /// As [`Objective::value_and_gradient_of`].
    pub fn value_and_gradient_of(
        &mut self,
        rows: &[usize],
        point: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        let all = self.offers().rows.map_or(u64::MAX, |rows| rows as u64);
        self.cost.rows += rows.len() as u64;
        if self.cost.rows >= all {
            self.cost.rows -= all;
            self.cost.functions += 1;
            self.cost.gradients += 1;
        }
        self.objective.value_and_gradient_of(rows, point, gradient)
    }
}

/// The relative gradient of Dennis and Schnabel, Numerical Methods for Unconstrained Optimization, section 7.2: the
/// largest `|g_i| max(|x_i|, 1) / max(|f|, 1)`. It is about the relative change of the value for a relative change of a
/// coordinate, so that it depends little on units.
pub fn scaled_gradient(at: &Iterate) -> f64 {
    let parts = at.gradient.iter().zip(&at.point);
    let largest = parts.fold(0.0f64, |most, (g, x)| most.max(g.abs() * x.abs().max(1.0)));
    largest / at.value.abs().max(1.0)
}

/// The Euclidean norm.
pub(crate) fn norm(vector: &[f64]) -> f64 {
    let squares: f64 = vector.iter().map(|x| x * x).sum();
    if squares > 1e-280 && squares < 1e280 {
        return squares.sqrt();
    }
    // What overflows or vanishes when it is squared.
    vector.iter().fold(0.0, |sum: f64, x| sum.hypot(*x))
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
