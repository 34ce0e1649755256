//! Methods that trust a quadratic model within some distance: [`TrustRegion`] steps to the lowest point of a [`Curvature`]'s
//! model there, and learns from what comes of it how far to trust.
//!
//! Conn, Gould and Toint, Trust-Region Methods (2000), algorithm 6.1.1. Variables are scaled by what the model knows of
//! them, so that the units of a variable do not matter (Moré, The Levenberg-Marquardt algorithm, 1978, section 6).

mod least_squares;
mod newton;
mod newton_cg;
mod secular;

pub use least_squares::LevenbergMarquardt;
pub use newton::Newton;
pub(super) use newton::eigen;
pub use newton_cg::NewtonCg;

use nalgebra::{DMatrix, DVector};

use self::secular::Quadratic;
use super::method::norm;
use super::{Advance, Counted, Iterate, Memory, MemoryError, Method};

/// What a trust region method knows of curvature.
pub trait Curvature {
    /// The name of the method on the command line.
    fn name(&self) -> &'static str;

    /// The model at a point; none where something is not finite. Value and gradient of `at` may be filled in anew.
    fn model(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Option<Model>;

    /// The value alone.
    fn value(&mut self, objective: &mut Counted<'_>, point: &[f64]) -> f64;

    /// Does [`model`](Self::model) fill in value and gradient?
    fn fills_in(&self) -> bool;

    /// How far its first model is trusted, in units of the distance of the start from 0.
    fn courage(&self) -> f64 {
        1.0
    }

    /// Does the model tell a saddle from a minimum?
    fn sees_saddles(&self) -> bool;

    /// As [`Method::forget`].
    fn forget(&mut self) {}

    /// As [`Method::save`].
    fn save(&self, _memory: &mut Memory) {}

    /// As [`Method::restore`].
    ///
    /// # Errors
    /// As [`Method::restore`].
    fn restore(&mut self, _memory: &Memory, _dimension: usize) -> Result<(), MemoryError> {
        Ok(())
    }
}

/// A quadratic model in coordinates of its own.
#[derive(Clone, Debug)]
pub struct Model {
    quadratic: Quadratic,
    /// The eigenvectors as columns, of scaled variables.
    vectors: DMatrix<f64>,
    /// By what each variable is multiplied to be scaled.
    scale: Vec<f64>,
}

impl Model {
    /// The step of the variables for one in the coordinates of the eigenvectors.
    fn unscaled(&self, step: &[f64]) -> Vec<f64> {
        let scaled = &self.vectors * DVector::from_column_slice(step);
        let parts = scaled.iter().zip(&self.scale);
        parts.map(|(p, scale)| p / scale).collect()
    }
}

/// A trust region method. The objective must offer what the curvature needs: Hessians or residuals.
///
/// ```
/// use gradus::Graph;
/// use gradus::descend::{Newton, Stop, TrustRegion, descend};
/// let graph = Graph::new();
/// let mut saddle = graph.parse("x^4 - x^2 + y^2")?.objective(&["x", "y"])?;
/// // The gradient is 0 at the start, but this is no minimum.
/// let mut method = TrustRegion::new(Newton);
/// let end = descend(&mut saddle, &mut method, &[0.0, 0.0], &Stop::default(), &mut |_| ());
/// assert!((end.value + 0.25).abs() < 1e-9, "{end:?}");
/// # Ok::<(), gradus::Error>(())
/// ```
pub struct TrustRegion<C> {
    curvature: C,
    /// How far the model is trusted; 0 before the first step.
    radius: f64,
    idle: u64,
    /// The model at the present point, if it was made.
    model: Option<Model>,
    /// It was made before a snapshot, and so is not counted again.
    is_paid: bool,
    next: Iterate,
}

/// Steps are taken if the value falls by this part of what the model promised.
const ENOUGH: f64 = 1e-4;

/// The radius shrinks below this part, and grows above the other.
const POOR: f64 = 0.25;
const GOOD: f64 = 0.75;

/// Radii tried in a step.
const MOST: u32 = 200;

/// What is this small beside the value is rounding.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// So many steps in a row that lower the value by rounding only.
const POLISH: u64 = 2;

/// A model that promises less than this part of the value has nothing left to give.
const SETTLED: f64 = 1e-12;

/// A curvature is negative if it is below this part of the largest one.
const NEGATIVE: f64 = -1e-10;

impl<C: Curvature> TrustRegion<C> {
    /// With this curvature.
    pub fn new(curvature: C) -> TrustRegion<C> {
        TrustRegion {
            curvature,
            radius: 0.0,
            idle: 0,
            model: None,
            is_paid: false,
            next: Iterate::default(),
        }
    }

    /// The model at the present point.
    fn model(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Option<Model> {
        if let Some(model) = self.model.take() {
            return Some(model);
        }
        let cost = objective.cost;
        let model = self.curvature.model(objective, at);
        if self.is_paid {
            objective.cost = cost;
            self.is_paid = false;
        }
        model
    }

    /// How far to trust the first model: as far as the point is from 0, or a unit of each variable for a start at 0, times
    /// what suits the curvature.
    fn first_radius(&self, model: &Model, at: &Iterate) -> f64 {
        let scaled: Vec<f64> = (at.point.iter().zip(&model.scale))
            .map(|(x, scale)| x * scale)
            .collect();
        let size = norm(&scaled);
        self.curvature.courage()
            * match size > 0.0 && size.is_finite() {
                true => size,
                false => norm(&model.scale),
            }
    }

    /// Tries shorter and shorter radii. A step was taken if the result is `Step`; then it stands in `self.next`.
    fn search(&mut self, objective: &mut Counted<'_>, at: &Iterate, model: &Model) -> Advance {
        for _ in 0..MOST {
            let lowest = model.quadratic.lowest(self.radius);
            let step = model.unscaled(&lowest.step);
            let length = norm(&lowest.step);
            let rounding = ROUNDING * at.value.abs();
            let mut size = 0.0f64;
            for ((to, from), step) in self.next.point.iter_mut().zip(&at.point).zip(&step) {
                *to = from + step;
                size = size.max((*to - from).abs());
            }
            // Not even the model promises anything.
            if lowest.decrease.is_nan() || lowest.decrease <= 0.0 || size == 0.0 {
                return exhausted(at, model);
            }
            self.next.value = self.curvature.value(objective, &self.next.point);
            if self.next.value == f64::NEG_INFINITY {
                return Advance::Unbounded;
            }
            let change = at.value - self.next.value;
            // Where both are rounding, their quotient says nothing.
            let ratio = match lowest.decrease <= rounding && change.abs() <= rounding {
                true => 1.0,
                false => change / lowest.decrease,
            };
            if ratio.is_nan() || ratio < POOR {
                self.radius = POOR * length;
            } else if ratio > GOOD && lowest.at_the_edge {
                self.radius = self.radius.max(2.0 * length);
            }
            if ratio > ENOUGH {
                return Advance::Step { size };
            }
        }
        exhausted(at, model)
    }
}

/// The end: is what the whole model promises below rounding?
fn exhausted(at: &Iterate, model: &Model) -> Advance {
    Advance::Exhausted {
        settled: model.quadratic.promise() <= SETTLED * at.value.abs(),
    }
}

impl<C: Curvature> Method for TrustRegion<C> {
    fn name(&self) -> &'static str {
        self.curvature.name()
    }

    fn advance(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Advance {
        if self.next.point.len() != at.point.len() {
            self.next = Iterate::new(&at.point);
        }
        let Some(model) = self.model(objective, at) else {
            return Advance::Exhausted { settled: false };
        };
        if self.radius == 0.0 {
            self.radius = self.first_radius(&model, at);
        }
        for _ in 0..MOST {
            let advance = self.search(objective, at, &model);
            let Advance::Step { .. } = advance else {
                self.model = Some(model);
                return advance;
            };
            let next_model = match self.curvature.fills_in() {
                true => self.curvature.model(objective, &mut self.next),
                false => {
                    objective.gradient(&self.next.point, &mut self.next.gradient);
                    None
                }
            };
            let is_known = next_model.is_some() || !self.curvature.fills_in();
            // A point with a value, but without derivatives, is as bad as one without a value.
            if !(is_known && self.next.is_finite()) {
                self.radius *= POOR;
                continue;
            }
            // A last step or two put the point right, where the value shows nothing any more.
            let is_rounding = model.quadratic.promise() <= f64::EPSILON * at.value.abs();
            self.idle = match self.next.value < at.value && !is_rounding {
                true => 0,
                false => self.idle + 1,
            };
            if self.idle > POLISH {
                break;
            }
            self.model = next_model;
            at.copy_from(&self.next);
            return advance;
        }
        let end = exhausted(at, &model);
        self.model = Some(model);
        end
    }

    fn accepts(&mut self, objective: &mut Counted<'_>, at: &Iterate) -> bool {
        if !self.curvature.sees_saddles() {
            return true;
        }
        self.model = self.model(objective, &mut at.clone());
        self.model.as_ref().is_none_or(|model| {
            let eigenvalues = &model.quadratic.eigenvalues;
            let largest = eigenvalues.iter().fold(0.0, |m: f64, l| m.max(l.abs()));
            eigenvalues.iter().all(|l| *l >= NEGATIVE * largest)
        })
    }

    fn forget(&mut self) {
        self.curvature.forget();
        (self.radius, self.idle) = (0.0, 0);
        (self.model, self.is_paid) = (None, false);
        self.next = Iterate::default();
    }

    fn save(&self, memory: &mut Memory) {
        memory.put_number("radius", self.radius);
        memory.put_count("idle", self.idle);
        memory.put_count("model_known", u64::from(self.model.is_some()));
        self.curvature.save(memory);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.curvature.restore(memory, dimension)?;
        self.radius = memory.number("radius")?;
        self.idle = memory.count("idle")?;
        self.is_paid = memory.count("model_known")? == 1;
        self.model = None;
        Ok(())
    }
}
