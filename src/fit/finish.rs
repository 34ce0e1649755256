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
    totals: &Totals,
    data: Option<&Data<'_>>,
) -> Fit {
    let n = model.parameters;
    let at_bound: Vec<usize> = (0..n)
        .filter(|&k| found.parameters[k] <= bounds[k].0 || found.parameters[k] >= bounds[k].1)
        .collect();
    let free: Vec<usize> = (0..n).filter(|k| !at_bound.contains(k)).collect();
    let robust = match data {
        Some(data) if options.loss != Loss::Squares => {
            Some(Robust::of(model, options, data, &found, &free))
        }
        _ => None,
    };
    let triangle = robust.as_ref().map_or(&found.triangle, |r| &r.triangle);
    let shape = Shape::of(triangle, &free);
    let wanted = options.polish
        && found.ended.converged()
        && found.ended != Ended::ExactFit
        && options.loss == Loss::Squares
        && shape.rank == free.len()
        && !free.is_empty()
        && data.is_some_and(|data| polish::is_possible(model, data.rows()));
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
        rows: totals.rows,
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
        robust_variance: robust.as_ref().map(|robust| robust.variance),
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
    if let Some(robust) = robust {
        fit.residual_sum_of_squares = robust.squares;
    }
    fit
}

/// What a robust loss leaves: all without the factors by which its rows were weighed in the search.
struct Robust {
    /// The weighted sum of squares.
    squares: f64,
    /// The variance by which the inverse of `J^T W J` is multiplied.
    variance: f64,
    /// That of the derivatives.
    triangle: Triangle,
}

impl Robust {
    fn of(
        model: &Model,
        options: &Options<'_>,
        data: &Data<'_>,
        found: &Found,
        free: &[usize],
    ) -> Robust {
        let rank = Shape::of(&found.triangle, free).rank;
        let residuals = residuals(model, data, &found.parameters);
        let certainty = match options.known_errors {
            true => options.loss.normal_certainty(),
            false => options.loss.certainty(&residuals, rank),
        };
        // The curvature of the objective is that of the sum of squares times the slope, and of the ridge: here all of it is
        // divided by the slope.
        let ridge = options.ridge / certainty.slope;
        let mut triangle = Triangle::new(model.parameters + 1);
        Evaluator::new(model, *data, Loss::Squares, ridge)
            .evaluate(&found.parameters, &mut triangle);
        Robust {
            squares: residuals.iter().map(|r| r * r).sum(),
            variance: certainty.variance,
            triangle,
        }
    }
}

/// The weighted residuals of the rows that count, without any loss.
fn residuals(model: &Model, data: &Data<'_>, parameters: &[f64]) -> Vec<f64> {
    let values = Evaluator::new(model, *data, Loss::Squares, 0.0).values(parameters);
    let weight = |row: usize| data.weights.map_or(1.0, |weights| weights[row].sqrt());
    (values.iter().zip(data.response).enumerate())
        .filter(|(row, _)| weight(*row) > 0.0)
        .map(|(row, (value, y))| weight(row) * (y - value))
        .collect()
}
