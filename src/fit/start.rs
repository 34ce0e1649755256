//! Where a search starts.

use super::evaluate::Evaluator;
use super::search::Rules;
use super::solve::FitError;
use super::Model;

/// The start, with guesses for what is missing.
pub(super) fn start(
    model: &Model,
    evaluator: &mut Evaluator<'_>,
    given: &[Option<f64>],
    rules: &Rules<'_>,
) -> Result<Vec<f64>, FitError> {
    let _ = (model, evaluator);
    Ok((given.iter().zip(rules.bounds))
        .map(|(given, bounds)| given.unwrap_or(1.0).clamp(bounds.0, bounds.1))
        .collect())
}
