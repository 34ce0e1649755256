//! Where a search starts: linear parameters solved for, and guesses for what the user leaves out.
//!
//! Parameters in which the model is linear, the others being fixed, need no start: they are found by one linear step for each
//! try of the others (Golub and Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems whose
//! variables separate, SIAM J. Numer. Anal. 1973). For the others tries are drawn, always the same ones, over the sizes that
//! the columns suggest: rates of 1/x, places among x, powers around 1. The best of them are improved by each other's
//! differences, and searched a few steps far.

use super::evaluate::Evaluator;
use super::evolution::{Member, evolve};
use super::search::{Rules, search};
use super::singular::{dot, singular};
use super::triangle::Triangle;
use super::{Data, Loss, Model};

/// Tries drawn for each parameter that is left out and not linear, and for their sum.
const TRIES: usize = 400;

/// The best tries, and the best of what came of them, which are searched.
const SEARCHED: usize = 150;

/// So far.
const STEPS: u64 = 40;

/// Tries are made with so many rows, evenly chosen.
const MOST_ROWS: usize = 512;

/// From so many times as many rows on a search begins on an even part of them.
const MANY: usize = 32;

/// A start with guesses for what is missing; what is given stays, but that linear parameters are solved for.
pub(super) fn guess(
    model: &Model,
    data: &Data<'_>,
    loss: Loss,
    ridge: f64,
    given: &[Option<f64>],
    rules: &Rules<'_>,
) -> Vec<f64> {
    let few = Few::of(data);
    let columns: Vec<&[f64]> = few.columns.iter().map(|c| &c[..]).collect();
    let data = few.data(&columns, data);
    let mut evaluator = Evaluator::new(model, data, loss, ridge);
    let linear = model.linear_together();
    let missing: Vec<usize> = (0..given.len())
        .filter(|&k| given[k].is_none() && !linear[k])
        .collect();
    let sizes = Sizes::of(&data);
    let mut random = Random(20_241_124);
    let tries = match missing.len() {
        0 => 1,
        n => TRIES * (n + 1),
    };
    let mut found: Vec<Member> = Vec::new();
    for number in 0..tries {
        let mut point: Vec<f64> = given.iter().map(|b| b.unwrap_or(1.0)).collect();
        for &k in &missing {
            point[k] = if number == 0 {
                1.0
            } else {
                sizes.draw(&mut random)
            };
        }
        for (b, bounds) in point.iter_mut().zip(rules.bounds) {
            *b = within(*b, *bounds, &mut random);
        }
        found.extend(solved(&mut evaluator, &linear, rules, point));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.dedup_by(|a, b| a.0 == b.0);
    if found.len() == 1 || missing.is_empty() && !found.is_empty() {
        return found.swap_remove(0).1;
    }
    let evolved = evolve(
        found.clone(),
        &missing,
        &mut random,
        &mut |mut point, random| {
            for (b, bounds) in point.iter_mut().zip(rules.bounds) {
                *b = within(*b, *bounds, random);
            }
            solved(&mut evaluator, &linear, rules, point)
        },
    );
    found.truncate(SEARCHED);
    found.extend(evolved.into_iter().take(SEARCHED));
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.dedup_by(|a, b| a.0 == b.0);
    let few_steps = Rules {
        max_iterations: STEPS.min(rules.max_iterations),
        tolerance: 1e-4,
        ..*rules
    };
    let ends = (found.into_iter())
        .map(|(_, point)| search(&mut evaluator, point, &few_steps, &mut |_| {}));
    let usable = ends.filter(|end| end.objective.is_finite());
    let best = usable.min_by(|a, b| a.objective.total_cmp(&b.objective));
    match best {
        Some(best) => best.parameters,
        None => (given.iter().zip(rules.bounds))
            .map(|(b, bounds)| b.unwrap_or(1.0).clamp(bounds.0, bounds.1))
            .collect(),
    }
}

/// A place nearer to the minimum than `start`, found on an even part of many rows; the start where there are few, or where
/// that search ends nowhere.
pub(super) fn nearer(
    model: &Model,
    data: &Data<'_>,
    loss: Loss,
    ridge: f64,
    start: Vec<f64>,
    rules: &Rules<'_>,
) -> Vec<f64> {
    if data.rows() < MANY * MOST_ROWS {
        return start;
    }
    let few = Few::of(data);
    let columns: Vec<&[f64]> = few.columns.iter().map(|c| &c[..]).collect();
    let some = few.data(&columns, data);
    // The ridge weighs as much beside fewer rows.
    let ridge = ridge * some.rows() as f64 / data.rows() as f64;
    let mut evaluator = Evaluator::new(model, some, loss, ridge);
    let rules = Rules {
        tolerance: 1e-4,
        ..*rules
    };
    let found = search(&mut evaluator, start.clone(), &rules, &mut |_| {});
    match found.ended.converged() {
        true => found.parameters,
        false => start,
    }
}

/// A value between the bounds that comes from one which may be outside.
fn within(b: f64, (low, high): (f64, f64), random: &mut Random) -> f64 {
    if (low..=high).contains(&b) {
        return b;
    }
    match (low.is_finite(), high.is_finite()) {
        (true, true) => low + (high - low) * random.unit(),
        (true, false) => low + (b - low).abs(),
        (false, true) => high - (high - b).abs(),
        (false, false) => b,
    }
}

/// The objective at a try, with the linear parameters solved for; none where the model has no value.
fn solved(
    evaluator: &mut Evaluator<'_>,
    linear: &[bool],
    rules: &Rules<'_>,
    mut point: Vec<f64>,
) -> Option<Member> {
    let n = point.len();
    let mut triangle = Triangle::new(n + 1);
    let objective = evaluator.evaluate(&point, &mut triangle);
    let chosen: Vec<usize> = (0..n).filter(|&k| linear[k]).collect();
    let finite = |k: usize| triangle.column(k).iter().all(|x| x.is_finite());
    if !chosen.iter().all(|&k| finite(k)) || !finite(n) {
        return None;
    }
    if chosen.is_empty() {
        return objective.is_finite().then_some((objective, point));
    }
    let columns = (chosen.iter())
        .map(|&k| (0..n).map(|row| triangle.at(row, k)).collect())
        .collect();
    let parts = singular(columns);
    let target = &triangle.column(n)[..n];
    let least = parts.values[0] * 1e-12;
    for (k, &value) in parts.values.iter().enumerate() {
        if value > least {
            let part = dot(&parts.left[k], target) / value;
            for (&at, v) in chosen.iter().zip(&parts.right[k]) {
                point[at] += part * v;
            }
        }
    }
    for (b, &(low, high)) in point.iter_mut().zip(rules.bounds) {
        *b = b.clamp(low, high);
    }
    let objective = evaluator.evaluate(&point, &mut triangle);
    objective.is_finite().then_some((objective, point))
}

/// Some of the rows.
struct Few {
    columns: Vec<Vec<f64>>,
    response: Vec<f64>,
    weights: Option<Vec<f64>>,
}

impl Few {
    fn of(data: &Data<'_>) -> Few {
        let rows = data.rows();
        let count = rows.min(MOST_ROWS);
        let some = |column: &[f64]| (0..count).map(|k| column[k * rows / count]).collect();
        Few {
            columns: data.columns.iter().map(|c| some(c)).collect(),
            response: some(data.response),
            weights: data.weights.map(some),
        }
    }

    fn data<'a>(&'a self, columns: &'a [&'a [f64]], all: &Data<'a>) -> Data<'a> {
        Data {
            columns,
            response: &self.response,
            weights: self.weights.as_deref(),
            response_tail: None,
            ..*all
        }
    }
}

/// What the columns suggest for the sizes of parameters.
struct Sizes {
    /// Of each column the least, the largest, and the largest size.
    columns: Vec<(f64, f64, f64)>,
    response: f64,
}

impl Sizes {
    fn of(data: &Data<'_>) -> Sizes {
        let least = |c: &[f64]| c.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = |c: &[f64]| c.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let size = |c: &[f64]| c.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        Sizes {
            columns: (data.columns.iter())
                .map(|c| (least(c), largest(c), size(c)))
                .collect(),
            response: size(data.response).max(f64::MIN_POSITIVE),
        }
    }

    fn draw(&self, random: &mut Random) -> f64 {
        let sign = if random.unit() < 0.25 { -1.0 } else { 1.0 };
        let spread = 10f64.powf(random.unit() * 4.0 - 2.0);
        let column = match self.columns.len() {
            0 => None,
            n => Some(self.columns[(random.unit() * n as f64) as usize % n]),
        };
        let kind = random.unit();
        match column {
            Some((_, _, size)) if kind < 0.4 && size > 0.0 => sign * spread / size,
            Some((low, high, _)) if kind < 0.6 => low + (high - low) * random.unit(),
            Some((low, high, _)) if kind < 0.7 && high > low => sign * (high - low) * spread,
            _ if kind > 0.95 => sign * spread * self.response,
            _ => sign * spread,
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(super) struct Random(u64);

impl Random {
    /// Between 0 and 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 53) as f64
    }
}
