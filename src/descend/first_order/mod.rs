//! Methods that take a gradient and a given rate, and never look back: [`FirstOrder`] drives a [`Rule`] of steps.
//!
//! Any rule goes with any schedule of the rate ([`Decay`]), with bounds (each step is projected into the box), and with
//! mini-batches ([`Batches`]). What such a method needs is a rate that suits the function; nothing here finds one.

mod adagrad;
mod adam;
mod batches;
mod gradient_descent;
mod momentum;
mod rmsprop;

pub use adagrad::AdaGrad;
pub use adam::{Adam, AdamW};
pub use batches::Batches;
pub use gradient_descent::GradientDescent;
pub use momentum::{Momentum, Nesterov};
pub use rmsprop::RmsProp;

use super::{
    Advance, Bounds, Counted, Decay, Iterate, Measure, Memory, MemoryError, Method, StopReason,
};

/// How a gradient becomes a step.
pub trait Rule {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// Does a step depend on earlier ones? Then one short step says little: the velocity may just turn.
    fn has_memory(&self) -> bool {
        true
    }

    /// The largest part of the step in which it would settle if the gradient stayed as it is: what a velocity that just turns
    /// does not show. 0 where steps do not depend on the size of gradients.
    fn steady(&self, _gradient: &[f64]) -> f64 {
        0.0
    }

    /// Writes the step from a point with this gradient into `step`; the rate is multiplied by `factor`.
    fn step(&mut self, point: &[f64], gradient: &[f64], factor: f64, step: &mut [f64]);

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

/// So many short steps in a row end a descent by a rule with memory.
const CALM: usize = 10;

/// A [`Rule`] with all that goes with it.
///
/// ```
/// use gradus::descend::{Adam, ClosureObjective, Decay, FirstOrder, Stop, descend};
/// let mut bowl = ClosureObjective::new(2, |p: &[f64]| p[0] * p[0] + 10.0 * p[1] * p[1]);
/// let mut method = FirstOrder::new(Adam { rate: 0.1, ..Adam::default() })
///     .with_decay(Decay::InverseRoot { speed: 0.01 });
/// let end = descend(&mut bowl, &mut method, &[3.0, -1.0], &Stop::default(), &mut |_| ());
/// assert!(end.converged && end.value < 1e-6);
/// ```
pub struct FirstOrder {
    rule: Box<dyn Rule>,
    decay: Decay,
    bounds: Option<Bounds>,
    batches: Option<Batches>,
    /// Steps (epochs) taken.
    taken: u64,
    /// Sizes of the last steps, the newest last.
    recent: Vec<f64>,
    step: Vec<f64>,
    before: Vec<f64>,
}

impl FirstOrder {
    /// A rule at its own rate, without bounds, over the whole of the data.
    pub fn new(rule: impl Rule + 'static) -> FirstOrder {
        FirstOrder::of(Box::new(rule))
    }

    /// As [`new`](Self::new), with a rule that is chosen at run time.
    pub fn of(rule: Box<dyn Rule>) -> FirstOrder {
        FirstOrder {
            rule,
            decay: Decay::Constant,
            bounds: None,
            batches: None,
            taken: 0,
            recent: Vec::new(),
            step: Vec::new(),
            before: Vec::new(),
        }
    }

    /// The same with a rate that changes on the way.
    pub fn with_decay(self, decay: Decay) -> FirstOrder {
        FirstOrder { decay, ..self }
    }

    /// The same within bounds.
    pub fn with_bounds(self, bounds: Bounds) -> FirstOrder {
        FirstOrder {
            bounds: Some(bounds),
            ..self
        }
    }

    /// The same over random parts of the data; an iteration is an epoch then. The objective must have
    /// [rows](super::Offers::rows).
    pub fn with_batches(self, batches: Batches) -> FirstOrder {
        FirstOrder {
            batches: Some(batches),
            ..self
        }
    }

    /// Moves a point by the rule.
    fn move_by(&mut self, gradient: &[f64], factor: f64, point: &mut [f64]) {
        self.rule.step(point, gradient, factor, &mut self.step);
        for (x, step) in point.iter_mut().zip(&self.step) {
            *x += step;
        }
        if let Some(bounds) = &self.bounds {
            bounds.project(point);
        }
    }

    /// One pass over the batches, or what is left of it; was it finished?
    fn epoch(&mut self, objective: &mut Counted<'_>, at: &mut Iterate, factor: f64) -> bool {
        let Some(mut batches) = self.batches.take() else {
            return true;
        };
        let rows = (objective.offers().rows).expect("mini-batches need an objective with rows");
        let mut finished = true;
        while let Some(batch) = batches.next(rows) {
            objective.value_and_gradient_of(batch, &at.point, &mut at.gradient);
            let gradient = std::mem::take(&mut at.gradient);
            self.move_by(&gradient, factor, &mut at.point);
            at.gradient = gradient;
            batches.passed();
            // What is not finite stays so: there is no need to go on.
            finished = batches.is_done(rows) || at.point.iter().any(|x| !x.is_finite());
            if finished || objective.is_interrupted() {
                break;
            }
        }
        if finished {
            batches.begin_next();
        }
        self.batches = Some(batches);
        finished
    }
}

impl Method for FirstOrder {
    fn name(&self) -> &'static str {
        match (self.rule.name(), &self.batches) {
            // Its usual name.
            ("gradient-descent", Some(_)) => "sgd",
            (name, _) => name,
        }
    }

    fn measure(&self) -> Measure {
        Measure::Step
    }

    fn at_the_limit(&self) -> StopReason {
        match self.batches {
            Some(_) => StopReason::EpochsDone,
            None => StopReason::MaxIterations,
        }
    }

    fn admit(&self, start: &mut [f64]) {
        if let Some(bounds) = &self.bounds {
            bounds.project(start);
        }
    }

    fn advance(&mut self, objective: &mut Counted<'_>, at: &mut Iterate) -> Advance {
        let factor = self.decay.factor(self.taken);
        if factor == 0.0 {
            return Advance::RateVanished;
        }
        self.step.resize(at.point.len(), 0.0);
        if self.before.is_empty() {
            self.before.clone_from(&at.point);
        }
        if self.batches.is_some() {
            if !self.epoch(objective, at, factor) {
                return Advance::Paused;
            }
        } else {
            let gradient = std::mem::take(&mut at.gradient);
            self.move_by(&gradient, factor, &mut at.point);
            at.gradient = gradient;
        }
        objective.evaluate(at);
        self.taken += 1;
        // A rate that has become small makes short steps anywhere.
        let change = largest_change(&self.before, &at.point);
        if change == 0.0 && factor < 1.0 && self.is_lost_in_rounding(&at.point) {
            return Advance::RateVanished;
        }
        let size = change / factor;
        self.before.clear();
        Advance::Step {
            size: match self.rule.has_memory() {
                true => self.largest_of_the_last(size.max(self.steady(at))),
                false => size,
            },
        }
    }

    fn forget(&mut self) {
        self.rule.forget();
        if let Some(batches) = &mut self.batches {
            batches.forget();
        }
        self.taken = 0;
        for list in [&mut self.recent, &mut self.step, &mut self.before] {
            list.clear();
        }
    }

    fn save(&self, memory: &mut Memory) {
        memory.put_count("steps", self.taken);
        memory.put("recent", &self.recent);
        memory.put("before", &self.before);
        self.rule.save(memory);
        if let Some(batches) = &self.batches {
            batches.save(memory);
        }
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.taken = memory.count("steps")?;
        self.recent = memory.list("recent")?.to_vec();
        self.before = memory.vector("before", dimension)?;
        if let Some(batches) = &mut self.batches {
            batches.restore(memory)?;
        }
        self.rule.restore(memory, dimension)
    }
}

impl FirstOrder {
    /// As of the rule, where the bounds let it go.
    fn steady(&self, at: &Iterate) -> f64 {
        let Some(bounds) = &self.bounds else {
            return self.rule.steady(&at.gradient);
        };
        let parts = at.point.iter().zip(&at.gradient).enumerate();
        let is_free = |i: usize, x: f64, g: f64| bounds.clamp(i, x - g) != x;
        let free: Vec<f64> = parts
            .map(|(i, (&x, &g))| if is_free(i, x, g) { g } else { 0.0 })
            .collect();
        self.rule.steady(&free)
    }

    /// Was the last step one, although it moved nothing?
    fn is_lost_in_rounding(&self, point: &[f64]) -> bool {
        let mut pairs = point.iter().zip(&self.step);
        self.step.iter().any(|step| *step != 0.0) && pairs.all(|(x, step)| x + step == *x)
    }

    /// Of the last [`CALM`] steps the largest; infinite as long as there are not so many.
    fn largest_of_the_last(&mut self, size: f64) -> f64 {
        if self.recent.len() >= CALM {
            self.recent.remove(0);
        }
        self.recent.push(size);
        match self.recent.len() < CALM {
            true => f64::INFINITY,
            false => self.recent.iter().fold(0.0, |most: f64, s| most.max(*s)),
        }
    }
}

fn largest_change(before: &[f64], after: &[f64]) -> f64 {
    let pairs = before.iter().zip(after);
    pairs.fold(0.0, |most: f64, (a, b)| most.max((b - a).abs()))
}
