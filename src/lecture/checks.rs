//! What numbers must be before anything is made of them.

use super::LectureError;

/// How far a sum of probabilities may be from 1: what typing rounded decimals costs, and not what a slip does.
pub const SUM_TOLERANCE: f64 = 1e-9;

/// Are these probabilities that sum to 1?
pub(super) fn distribution(what: &'static str, probabilities: &[f64]) -> Result<(), LectureError> {
    if probabilities.is_empty() {
        return Err(LectureError::Empty(what));
    }
    for &p in probabilities {
        probability(what, p)?;
    }
    let sum: f64 = probabilities.iter().sum();
    match (sum - 1.0).abs() <= SUM_TOLERANCE {
        true => Ok(()),
        false => Err(LectureError::SumNotOne { what, sum }),
    }
}

pub(super) fn probability(what: &'static str, value: f64) -> Result<(), LectureError> {
    match (0.0..=1.0).contains(&value) {
        true => Ok(()),
        false => Err(LectureError::NotAProbability { what, value }),
    }
}

pub(super) fn positive(what: &'static str, value: f64) -> Result<(), LectureError> {
    match value > 0.0 && value.is_finite() {
        true => Ok(()),
        false => Err(LectureError::NotPositive { what, value }),
    }
}

pub(super) fn finite(what: &'static str, value: f64) -> Result<(), LectureError> {
    match value.is_finite() {
        true => Ok(()),
        false => Err(LectureError::NotFinite { what, value }),
    }
}

pub(super) fn same_length(
    left: &'static str,
    left_length: usize,
    right: &'static str,
    right_length: usize,
) -> Result<(), LectureError> {
    match left_length == right_length {
        true => Ok(()),
        false => Err(LectureError::Shapes {
            left: format!("{left_length} {left}"),
            right: format!("{right_length} {right}"),
        }),
    }
}
