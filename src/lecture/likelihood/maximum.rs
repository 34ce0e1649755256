//! Maximum likelihood by descent, for any density: the objective is minus the mean of its logarithm over the rows.

use std::sync::atomic::AtomicBool;

use super::information::Information;
use crate::descend::{
    Bounds, Descent, Kind, Objective, Stop, StopReason, auto, verdict, verdict_within,
};
use crate::fit::student_quantile;

/// Steps, where nothing is said: a search that takes more is on its way to nowhere.
pub const MAX_STEPS: u64 = 1000;

/// How the maximum is searched for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// The least and the largest value of each parameter.
    pub bounds: Option<&'a Bounds>,
    /// What the method [measures](crate::descend::Method::measure) is small below this; a value that suits it if there is none.
    pub tolerance: Option<f64>,
    /// Steps after which it gives up; [`MAX_STEPS`] if there is none.
    pub max_iterations: Option<u64>,
    /// Set from outside (another thread, a signal handler) to end before the next step.
    pub interrupt: Option<&'a AtomicBool>,
}

/// The parameters under which a sample is most probable, and how sure they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Maximum {
    /// The parameters, in the order of the objective.
    pub parameters: Vec<f64>,
    /// The logarithm of the density of the whole sample.
    pub log_likelihood: f64,
    /// How many rows there were.
    pub rows: u64,
    /// Did the search end at a stationary point, as far as it can tell?
    pub converged: bool,
    /// Why it ended.
    pub stop_reason: StopReason,
    /// Steps taken.
    pub iterations: u64,
    /// The method that went there.
    pub method: String,
    /// What the second derivatives say of minus the log-likelihood: a minimum of that is a maximum of the likelihood. None
    /// where there are none, or a parameter is at a bound.
    pub kind: Option<Kind>,
    /// Sets of parameters that the sample does not determine, though it may determine them together.
    pub undetermined: Vec<Vec<usize>>,
    /// Parameters that ended at a bound: they have no standard error, and the others are for that value.
    pub at_bound: Vec<usize>,
    /// The inverse of the observed information, row by row; NaN where it is not determined.
    covariance: Vec<f64>,
}

impl Maximum {
    /// The covariance of two estimates; NaN where the sample does not determine them.
    pub fn covariance(&self, a: usize, b: usize) -> f64 {
        self.covariance[a * self.parameters.len() + b]
    }

    /// The standard error of a parameter; NaN where the sample does not determine it.
    pub fn std_error(&self, parameter: usize) -> f64 {
        self.covariance(parameter, parameter).sqrt()
    }

    /// The interval around a parameter that holds the true one with this probability, such as 0.95, of large samples: their
    /// estimates are normally distributed.
    pub fn interval(&self, parameter: usize, confidence: f64) -> (f64, f64) {
        let half = student_quantile(confidence, f64::INFINITY) * self.std_error(parameter);
        let value = self.parameters[parameter];
        (value - half, value + half)
    }

    /// How many numbers the sample determines.
    pub fn fitted_numbers(&self) -> u64 {
        (self.parameters.len() - self.undetermined.len()) as u64
    }

    /// Akaike's criterion: of several densities for the same sample the one with the least is to be preferred.
    pub fn aic(&self) -> f64 {
        2.0 * (self.fitted_numbers() as f64 - self.log_likelihood)
    }

    /// The Bayesian criterion of Schwarz, which charges log(rows) for each parameter.
    pub fn bic(&self) -> f64 {
        (self.rows as f64).ln() * self.fitted_numbers() as f64 - 2.0 * self.log_likelihood
    }

    /// Is it a maximum, and each parameter determined?
    pub fn is_sound(&self) -> bool {
        self.converged
            && self.undetermined.is_empty()
            && !matches!(self.kind, Some(Kind::Saddle | Kind::Maximum))
    }
}

/// Makes the likelihood of a sample of so many rows largest. The objective is minus the *mean* of the logarithm of the
/// density, which keeps tolerances what they are for any number of rows. Where it offers second derivatives there are
/// standard errors.
///
/// # Panics
/// If `start` has not as many coordinates as the objective has variables.
pub fn maximise(
    objective: &mut dyn Objective,
    rows: u64,
    start: &[f64],
    search: &Search<'_>,
) -> Maximum {
    let mut method = auto(objective, search.bounds);
    let usual = Stop::suiting(&*method);
    let stop = Stop {
        tolerance: search.tolerance.unwrap_or(usual.tolerance),
        max_iterations: search.max_iterations.unwrap_or(MAX_STEPS),
        interrupt: search.interrupt,
    };
    let outcome = Descent::new(objective, &mut *method, start).run(&stop, &mut |_| ());
    let mut point = outcome.point;
    let n = point.len();
    let at_bound: Vec<usize> = match search.bounds {
        None => Vec::new(),
        Some(bounds) => (0..n).filter(|&k| bounds.hold(k, point[k])).collect(),
    };
    let free: Vec<usize> = (0..n).filter(|k| !at_bound.contains(k)).collect();
    let mut maximum = Maximum {
        parameters: Vec::new(),
        log_likelihood: f64::NAN,
        rows,
        converged: outcome.converged,
        stop_reason: outcome.stop_reason,
        iterations: outcome.iterations,
        method: method.name().to_owned(),
        kind: None,
        undetermined: Vec::new(),
        at_bound,
        covariance: vec![f64::NAN; n * n],
    };
    if outcome.converged && objective.offers().hessian {
        polish(objective, &mut point, &free, search.bounds);
        let found = match search.bounds {
            None => verdict(objective, &point),
            Some(bounds) => verdict_within(bounds, objective, &point),
        };
        maximum.kind = found.map(|verdict| verdict.kind);
        if let Some(information) = information(objective, &point, &free) {
            maximum.undetermined = information.undetermined();
            // At a saddle the inverse is no covariance.
            if information.is_positive() {
                let inverse = information.inverse().into_iter();
                maximum.covariance = inverse.map(|x| x / rows as f64).collect();
            }
        }
    }
    maximum.log_likelihood = -objective.value(&point) * rows as f64;
    maximum.parameters = point;
    maximum
}

fn information(
    objective: &mut dyn Objective,
    point: &[f64],
    free: &[usize],
) -> Option<Information> {
    let n = point.len();
    let mut hessian = vec![0.0; n * n];
    objective.hessian(point, &mut hessian);
    Information::of(&hessian, n, free)
}

/// A search ends near the maximum; where the second derivatives are there, a step or two of Newton's method find its last
/// digits.
fn polish(
    objective: &mut dyn Objective,
    point: &mut Vec<f64>,
    free: &[usize],
    bounds: Option<&Bounds>,
) {
    const STEPS: usize = 4;
    let n = point.len();
    let mut gradient = vec![0.0; n];
    let size = |gradient: &[f64]| free.iter().map(|&k| gradient[k].abs()).fold(0.0, f64::max);
    objective.gradient(point, &mut gradient);
    for _ in 0..STEPS {
        let Some(information) = information(objective, point, free) else {
            return;
        };
        if !information.is_positive() || information.rank() == 0 {
            return;
        }
        let step = information.step(&gradient);
        let next: Vec<f64> = point.iter().zip(&step).map(|(x, p)| x + p).collect();
        let mut there = vec![0.0; n];
        objective.gradient(&next, &mut there);
        let is_inside = bounds.is_none_or(|bounds| bounds.contain(&next));
        // A gradient that is not finite is not smaller either.
        let is_better = size(&there) < size(&gradient);
        if !is_inside || !is_better {
            return;
        }
        (*point, gradient) = (next, there);
    }
}

/// Numbers that parameters are tried at.
const TRIED: [f64; 9] = [1.0, 0.5, 0.1, 2.0, 10.0, 0.0, -1.0, 100.0, 0.01];

/// A start for the parameters that have none: first all at one of a few numbers, then one after the other at whichever of
/// these numbers, and of those in `typical`, makes the objective least. None if it is finite nowhere.
pub fn guess(
    objective: &mut dyn Objective,
    given: &[Option<f64>],
    typical: &[f64],
) -> Option<Vec<f64>> {
    let open: Vec<usize> = (0..given.len()).filter(|&k| given[k].is_none()).collect();
    let tried: Vec<f64> = TRIED.iter().chain(typical).copied().collect();
    let mut best: Option<(f64, Vec<f64>)> = None;
    let mut slopes = vec![0.0; given.len()];
    let mut consider = |point: Vec<f64>, best: &mut Option<(f64, Vec<f64>)>| {
        let value = objective.value_and_gradient(&point, &mut slopes);
        let is_finite = value.is_finite() && slopes.iter().all(|slope| slope.is_finite());
        if is_finite && best.as_ref().is_none_or(|(least, _)| value < *least) {
            *best = Some((value, point));
        }
    };
    if open.is_empty() {
        consider(given.iter().flatten().copied().collect(), &mut best);
        return best.map(|(_, point)| point);
    }
    for &x in &tried {
        consider(given.iter().map(|g| g.unwrap_or(x)).collect(), &mut best);
    }
    // From there, or from 1 where nothing was finite, a parameter at a time.
    let from: Vec<f64> = given.iter().map(|g| g.unwrap_or(1.0)).collect();
    for &k in &open {
        let mut point = best
            .as_ref()
            .map_or(from.clone(), |(_, point)| point.clone());
        for &x in &tried {
            point[k] = x;
            consider(point.clone(), &mut best);
        }
    }
    best.map(|(_, point)| point)
}
