//! The end of every fit: the last digits, and what the triangle tells of the parameters.

use super::evaluate::Evaluator;
use super::loss::Loss;
use super::outcome::Fit;
use super::polish::{self, Polished, polish};
use super::search::{Ended, Found};
use super::shape::Shape;
use super::totals::{Totals, doubled_squares};
use super::triangle::Triangle;
use super::{Data, Model, Options, POOR_CONDITION};

/// Everything that a fit tells, from the place that was found. The last digits need all the data.
pub(super) fn finish(
    model: &Model,
    options: &Options<'_>,
    bounds: &[(f64, f64)],
    found: Found,
    evaluations: u64,
    (rows, totals): (u64, &Totals),
    data: Option<&Data<'_>>,
) -> Fit {
    let n = model.parameters;
    let at_bound: Vec<usize> = (0..n)
        .filter(|&k| found.parameters[k] <= bounds[k].0 || found.parameters[k] >= bounds[k].1)
        .collect();
    let free: Vec<usize> = (0..n).filter(|k| !at_bound.contains(k)).collect();
    let shape = Shape::of(&found.triangle, &free);
    let wanted = options.polish
        && found.ended.converged()
        && found.ended != Ended::ExactFit
        && options.loss == Loss::Squares
        && shape.rank == free.len()
        && !free.is_empty()
        && polish::is_possible(model, rows as usize);
    let polished = match data {
        Some(data) if wanted => polish(model, data, options.ridge, &found, &free),
        _ => None,
    };
    let inside = |polished: &Polished| {
        let within = |(b, bounds): (&f64, &(f64, f64))| (bounds.0..=bounds.1).contains(b);
        polished.parameters.iter().zip(bounds).all(within)
    };
    let polished = polished.filter(inside);
    let mut fit = Fit {
        ended: match (found.ended, &polished) {
            (Ended::Precision, Some(_)) => Ended::SmallStep,
            (ended, _) => ended,
        },
        iterations: found.iterations,
        evaluations,
        polished: polished.is_some(),
        rows,
        rank: shape.rank,
        condition: shape.condition(),
        residual_sum_of_squares: found.objective,
        objective: found.objective,
        centred: !model.is_linear() || model.has_intercept(),
        total_sum_of_squares: 0.0,
        undetermined: shape.undetermined(),
        entangled: shape.entangled(POOR_CONDITION),
        at_bound,
        restarted: false,
        known_errors: options.known_errors,
        inverse: shape.inverse(n),
        log_weights: totals.log_weights,
        parameters: found.parameters,
    };
    fit.total_sum_of_squares = totals.squares(fit.centred);
    if let Some(polished) = polished {
        fit.inverse = vec![f64::NAN; n * n];
        for (i, &a) in free.iter().enumerate() {
            for (j, &b) in free.iter().enumerate() {
                let terms =
                    (i.max(j)..free.len()).map(|k| polished.inverse[k][i] * polished.inverse[k][j]);
                fit.inverse[a * n + b] = terms.sum();
            }
        }
        fit.parameters = polished.parameters;
        fit.evaluations += polished.steps;
        fit.objective = polished.squares;
        fit.residual_sum_of_squares = polished.squares;
        if let Some(data) = data {
            fit.total_sum_of_squares = doubled_squares(data, fit.centred);
        }
    }
    let pulled: f64 = fit.parameters.iter().map(|b| options.ridge * b * b).sum();
    fit.residual_sum_of_squares -= pulled;
    if let (Some(data), true) = (data, options.loss != Loss::Squares) {
        fit.residual_sum_of_squares = residual_squares(model, data, &fit.parameters);
    }
    fit
}

/// The weighted sum of squares, without any loss.
fn residual_squares(model: &Model, data: &Data<'_>, parameters: &[f64]) -> f64 {
    let mut evaluator = Evaluator::new(model, *data, Loss::Squares, 0.0);
    let mut triangle = Triangle::new(model.parameters + 1);
    evaluator.evaluate(parameters, &mut triangle)
}
