//! Causal adjustment: what a treatment does, and not who gets it.
//!
//! In a table of observations the treated and the others differ in more than the treatment. Where everything that drives both
//! treatment and outcome is a known discrete confounder Z, the effect of *giving* treatment t is the backdoor adjustment
//! (Pearl, Causality, 2nd edition, section 3.3):
//!
//! P(R | do(T = t)) = sum over z of P(R | t, z) * P(z)
//!
//! whereas the raw rate P(R | t) weighs the strata by P(z | t). Both are the same if T and Z are independent. Whether Z is
//! all that matters is not in the data: that is an assumption of who asks.

use super::LectureError;

/// So many cases with this treatment, this value of the confounder, and this outcome on average.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The level of the treatment.
    pub treatment: String,
    /// The value of the confounder.
    pub stratum: String,
    /// The outcome: 1 for a success and 0 for a failure, a share of successes, or any number whose mean is asked.
    pub outcome: f64,
    /// How many cases.
    pub count: f64,
}

/// A level of the treatment.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Which.
    pub treatment: String,
    /// The mean outcome of those who got it: P(R | t).
    pub raw: f64,
    /// The mean outcome if everybody got it: P(R | do(t)).
    pub adjusted: f64,
    /// In each stratum, in the order of [`Adjustment::strata`], how many got it and their mean outcome.
    pub strata: Vec<(f64, f64)>,
}

/// What [`adjust`] finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjustment {
    /// The levels of the treatment, sorted.
    pub effects: Vec<Effect>,
    /// The values of the confounder, sorted, with the share of all cases that has them: P(z).
    pub strata: Vec<(String, f64)>,
}

impl Adjustment {
    /// Does the better treatment of two change with the adjustment (Simpson's paradox)?
    pub fn is_reversed(&self) -> bool {
        match &self.effects[..] {
            [a, b] => (a.raw - b.raw) * (a.adjusted - b.adjusted) < 0.0,
            _ => false,
        }
    }
}

/// How treatments, strata and names of a table are called in errors.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The treatment.
    pub treatment: &'a str,
    /// The confounder.
    pub confounder: &'a str,
}

/// The mean outcome of each level of the treatment, as it is and adjusted for the confounder.
///
/// ```
/// use gradus::lecture::causal::{Cell, Names, adjust};
/// // Kidney stones (Charig et al., BMJ 292, 1986): treatment, size, of how many, successes.
/// let table = [("a", "small", 87.0, 81.0), ("a", "large", 263.0, 192.0),
///              ("b", "small", 270.0, 234.0), ("b", "large", 80.0, 55.0)];
/// let cells: Vec<Cell> = table.iter().map(|&(t, z, n, good)| Cell {
///     treatment: t.into(), stratum: z.into(), outcome: good / n, count: n,
/// }).collect();
/// let found = adjust(&cells, Names { treatment: "T", confounder: "Z" })?;
/// let rates: Vec<(f64, f64)> = found.effects.iter().map(|e| (e.raw, e.adjusted)).collect();
/// assert!((rates[0].0 - 0.78).abs() < 1e-12 && (rates[1].0 - 289.0/350.0).abs() < 1e-12);
/// assert!((rates[0].1 - 0.8325).abs() < 5e-5 && (rates[1].1 - 0.7789).abs() < 5e-5);
/// assert!(found.is_reversed()); // b looks better, a is
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::Empty`] without a case; [`LectureError::BadCount`], [`LectureError::NotFinite`];
/// [`LectureError::Positivity`] where a stratum that occurs has nobody with some treatment.
pub fn adjust(cells: &[Cell], names: Names<'_>) -> Result<Adjustment, LectureError> {
    for (row, cell) in cells.iter().enumerate() {
        if !(cell.count >= 0.0 && cell.count.is_finite()) {
            return Err(LectureError::BadCount {
                what: format!("row {}", row + 1),
                value: cell.count,
            });
        }
        if !cell.outcome.is_finite() {
            return Err(LectureError::NotFinite {
                what: "an outcome",
                value: cell.outcome,
            });
        }
    }
    // A row of no cases says that a combination did not occur, nothing else.
    let occurring = || cells.iter().filter(|cell| cell.count > 0.0);
    let treatments = sorted(occurring().map(|cell| &cell.treatment));
    let strata = sorted(occurring().map(|cell| &cell.stratum));
    let total: f64 = occurring().map(|cell| cell.count).sum();
    if total == 0.0 {
        return Err(LectureError::Empty("the table of counts"));
    }
    let share = |stratum: &String| {
        let counts = occurring().filter(|cell| cell.stratum == *stratum);
        counts.map(|cell| cell.count).sum::<f64>() / total
    };
    let strata: Vec<(String, f64)> = strata.into_iter().map(|z| (z.clone(), share(&z))).collect();
    let mut effects = Vec::with_capacity(treatments.len());
    for treatment in treatments {
        let mut found = Vec::with_capacity(strata.len());
        for (stratum, _) in &strata {
            let here =
                occurring().filter(|cell| cell.treatment == treatment && cell.stratum == *stratum);
            let (count, sum) = here.fold((0.0, 0.0), |(count, sum), cell| {
                (count + cell.count, sum + cell.count * cell.outcome)
            });
            if count == 0.0 {
                return Err(LectureError::Positivity {
                    treatment: names.treatment.to_owned(),
                    level: treatment,
                    confounder: names.confounder.to_owned(),
                    stratum: stratum.clone(),
                });
            }
            found.push((count, sum / count));
        }
        let treated: f64 = found.iter().map(|(count, _)| count).sum();
        let raw = found.iter().map(|(count, mean)| count * mean).sum::<f64>() / treated;
        let adjusted = found
            .iter()
            .zip(&strata)
            .map(|((_, mean), (_, share))| mean * share);
        effects.push(Effect {
            adjusted: adjusted.sum(),
            treatment,
            raw,
            strata: found,
        });
    }
    Ok(Adjustment { effects, strata })
}

fn sorted<'c>(values: impl Iterator<Item = &'c String>) -> Vec<String> {
    let mut values: Vec<String> = values.cloned().collect();
    values.sort();
    values.dedup();
    values
}
