//! Intervals from the sum of squares itself, not from the model made linear.
//!
//! A parameter is held at a value and the others fitted again; the interval ends where the sum of squares has grown by
//! `t^2 s^2`, t being Student's quantile and s the residual standard error (Bates and Watts, Nonlinear Regression Analysis
//! and Its Applications, 1988, 6.1). For a linear model that is the ordinary interval; for others it may lie to one side, or
//! have no end.

use super::evaluate::Evaluator;
use super::outcome::Fit;
use super::search::{Rules, search};
use super::solve::Options;
use super::{Data, Loss, Model};

/// How often the way from the minimum is lengthened before the interval has no end: by a factor of 10 at most.
const LENGTHENED: usize = 40;

/// Tries between two values that enclose the end.
const NARROWED: usize = 60;

/// An end is known to this part of the distance from the minimum.
const TOLERANCE: f64 = 1e-9;

/// The profile interval of a parameter. An end is infinite, or at a bound of the options, where the sum of squares does not
/// grow enough; NaN where there is no residual error to compare with, or where a robust loss was made small.
///
/// ```
/// use gradus::fit::{Data, Options, profile_interval};
/// let x = [1.0, 2.0, 3.0, 4.0, 5.0];
/// let y = [2.7, 7.4, 20.1, 54.6, 148.4];
/// let fitted = gradus::fit("y = a*exp(k*x)", &[("x", &x), ("y", &y)], &[("a", 1.0), ("k", 0.9)])?;
/// let columns: [&[f64]; 1] = [&x];
/// let data = Data::new(&columns, &y);
/// let (low, high) = profile_interval(&fitted.model, &data, &fitted.fit, 1, 0.95, &Options::default());
/// let k = fitted.fit.parameters[1];
/// assert!(low < k && k < high && high - low < 0.01);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Panics
/// If the model has no such parameter.
pub fn profile_interval(
    model: &Model,
    data: &Data<'_>,
    fit: &Fit,
    parameter: usize,
    confidence: f64,
    options: &Options<'_>,
) -> (f64, f64) {
    assert!(parameter < model.parameters(), "a parameter of the model");
    let wanted = fit.quantile(confidence);
    let unit = fit.variance().sqrt();
    if !(wanted.is_finite() && unit > 0.0) || options.loss != Loss::Squares {
        return (f64::NAN, f64::NAN);
    }
    let everywhere = vec![(f64::NEG_INFINITY, f64::INFINITY); model.parameters()];
    let mut profile = Profile {
        evaluator: Evaluator::new(model, *data, options.loss, options.ridge),
        bounds: options.bounds.unwrap_or(&everywhere).to_vec(),
        options,
        parameter,
        least: fit.objective,
        unit,
    };
    let limits = profile.bounds[parameter];
    let mut end = |sign: f64, limit: f64| profile.end(fit, sign, limit, wanted);
    (end(-1.0, limits.0), end(1.0, limits.1))
}

struct Profile<'p> {
    evaluator: Evaluator<'p>,
    bounds: Vec<(f64, f64)>,
    options: &'p Options<'p>,
    parameter: usize,
    /// The objective at the minimum.
    least: f64,
    /// The residual standard error.
    unit: f64,
}

impl Profile<'_> {
    /// The root of the growth of the objective where the parameter is held at `value`, in units; starts from `others` and
    /// leaves there what was found.
    fn growth(&mut self, value: f64, others: &mut Vec<f64>) -> f64 {
        self.bounds[self.parameter] = (value, value);
        let rules = Rules {
            tolerance: self.options.tolerance,
            max_iterations: self.options.max_iterations,
            bounds: &self.bounds,
            interrupt: self.options.interrupt,
        };
        let mut start = others.clone();
        start[self.parameter] = value;
        let found = search(&mut self.evaluator, start, &rules, &mut |_| {});
        if !found.objective.is_finite() {
            return f64::INFINITY;
        }
        *others = found.parameters;
        ((found.objective - self.least).max(0.0)).sqrt() / self.unit
    }

    fn end(&mut self, fit: &Fit, sign: f64, limit: f64, wanted: f64) -> f64 {
        let middle = fit.parameters[self.parameter];
        let mut others = fit.parameters.clone();
        let error = fit.std_error(self.parameter);
        let mut away = match error > 0.0 && error.is_finite() {
            true => wanted * error,
            false => 0.1 * middle.abs().max(f64::MIN_POSITIVE),
        };
        let beyond = |away: f64| sign * (middle + sign * away - limit) >= 0.0;
        // Between `inner`, where the growth is too little, and `outer`, where it is too much.
        let (mut inner, mut outer) = ((0.0, -wanted), None);
        for _ in 0..LENGTHENED {
            if beyond(away) {
                let last = self.growth(limit, &mut others) - wanted;
                if last < 0.0 || !limit.is_finite() {
                    return limit;
                }
                outer = Some(((limit - middle).abs(), last));
                break;
            }
            let missing = self.growth(middle + sign * away, &mut others) - wanted;
            if missing >= 0.0 {
                outer = Some((away, missing));
                break;
            }
            inner = (away, missing);
            away *= (1.2 * wanted / (missing + wanted)).clamp(1.2, 10.0);
        }
        let Some(mut outer) = outer else {
            return sign * f64::INFINITY;
        };
        // Regula falsi in the form of Illinois: an end that stays counts half.
        let mut last_side = 0;
        for _ in 0..NARROWED {
            if outer.0 - inner.0 <= TOLERANCE * outer.0 {
                break;
            }
            let part = match outer.1.is_finite() {
                true => inner.1 / (inner.1 - outer.1),
                false => 0.5,
            };
            let at = inner.0 + (outer.0 - inner.0) * part;
            let missing = self.growth(middle + sign * at, &mut others) - wanted;
            if missing.abs() <= TOLERANCE * wanted {
                return middle + sign * at;
            }
            if missing < 0.0 {
                inner = (at, missing);
                if last_side == -1 {
                    outer.1 *= 0.5;
                }
                last_side = -1;
            } else {
                outer = (at, missing);
                if last_side == 1 {
                    inner.1 *= 0.5;
                }
                last_side = 1;
            }
        }
        middle + sign * outer.0
    }
}
