//! At which heights a landscape has lines.

use super::ticks;
use super::{Axis, Scale};

/// About so many lines, with even distances.
const EVEN_LEVELS: usize = 12;

/// Where the middle of all values lies lower than this part between the lowest and the highest, even distances would show
/// the steep slopes only, and nothing of the valley.
const SKEWED: f64 = 0.15;

/// The same where the lowest height is known: the valley around it is what one wants to see.
const SKEWED_AROUND: f64 = 0.4;

/// Where all but the outermost values lie within this part of the range, on both sides of zero, the others are those of
/// poles.
const TOWERING: f64 = 0.1;

/// Up to so many different values are plateaus.
const PLATEAUS: usize = 8;

/// Levels, and what lies below the first of them: minus infinity, or the only value there.
pub struct Levels {
    /// Below the first level.
    pub bottom: f64,
    /// From the lowest to the highest.
    pub levels: Vec<f64>,
}

/// Heights for lines of all kinds of maps: where there are but a few values, these; else those of [`of_slopes`].
pub fn levels(values: &[f64], known: Option<f64>) -> Levels {
    let mut few: Vec<f64> = Vec::new();
    for value in (values.iter().copied().chain(known)).filter(|v| v.is_finite()) {
        if few.len() <= PLATEAUS && !few.contains(&value) {
            few.push(value);
        }
    }
    few.sort_by(f64::total_cmp);
    let levels = of_slopes(values, known);
    match few[..] {
        // Equal but for rounding is one value.
        [only, ..] if levels.is_empty() => Levels {
            bottom: only,
            levels,
        },
        [bottom, ..] if few.len() <= PLATEAUS => Levels {
            bottom,
            levels: few[1..].to_vec(),
        },
        _ => Levels {
            bottom: f64::NEG_INFINITY,
            levels,
        },
    }
}

/// Heights for lines: round numbers at even distances, or, where most of the landscape lies near its bottom (or its top),
/// at distances from there that grow by powers of ten; around zero, if there are poles of both signs. `known` is a height
/// that the grid may have missed, as the end of a descent.
fn of_slopes(values: &[f64], known: Option<f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = (values.iter().copied().chain(known))
        .filter(|v| v.is_finite())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (sorted.first(), sorted.last()) else {
        return Vec::new();
    };
    let at = |part: f64| sorted[(part * (sorted.len() - 1) as f64) as usize];
    let span = high / 2.0 - low / 2.0;
    if span <= 0.0 || span <= 1e-13 * low.abs().max(high.abs()) {
        return Vec::new();
    }
    let core = at(0.97) / 2.0 - at(0.03) / 2.0;
    if low < 0.0 && high > 0.0 && at(0.03) < 0.0 && at(0.97) > 0.0 && core < TOWERING * span {
        return around_zero(&sorted);
    }
    let middle = (at(0.5) / 2.0 - low / 2.0) / span;
    let skewed = if known.is_some() {
        SKEWED_AROUND
    } else {
        SKEWED
    };
    if middle < skewed {
        return growing(low, at(0.002) - low, high - low);
    }
    if middle > 1.0 - SKEWED {
        let mut mirrored = growing(-high, high - at(0.998), high - low);
        mirrored.iter_mut().for_each(|level| *level = -*level);
        mirrored.reverse();
        return mirrored;
    }
    let axis = Axis::new("", (low, high), Scale::Linear);
    let even = ticks::ticks(&axis, EVEN_LEVELS).major;
    (even.into_iter().map(|(level, _)| level))
        .filter(|level| low < *level && *level < high)
        .collect()
}

/// Heights that grow from zero upwards and downwards, as far as more than a few values lie.
fn around_zero(values: &[f64]) -> Vec<f64> {
    let mut sizes: Vec<f64> = values.iter().map(|v| v.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let at = |part: f64| sizes[(part * (sizes.len() - 1) as f64) as usize];
    let above = growing(0.0, at(0.1), at(0.998));
    let below = above.iter().rev().map(|level| -level);
    below.chain([0.0]).chain(above.iter().copied()).collect()
}

/// Heights above `bottom`, from `least` to `most` above it.
fn growing(bottom: f64, least: f64, most: f64) -> Vec<f64> {
    let least = least.max(most * 1e-9);
    // Next to zero, a bottom of 3e-17 is zero.
    let bottom = if bottom.abs() < 1e-3 * least {
        0.0
    } else {
        bottom
    };
    let (first, last) = (least.log10().floor() as i32, most.log10().floor() as i32);
    let digits: &[i32] = match last - first {
        ..=2 => &[1, 2, 5],
        3..=5 => &[1, 3],
        _ => &[1],
    };
    let every = ((last - first) / EVEN_LEVELS as i32 + 1) as usize;
    (first..=last)
        .step_by(every)
        .flat_map(|power| digits.iter().map(move |digit| format!("{digit}e{power}")))
        .map(|text| text.parse::<f64>().expect("a digit and an exponent"))
        .filter(|height| *height >= least && *height < most)
        .map(|height| rounded(bottom, height))
        .collect()
}

/// `bottom + height` with as few digits as say it well: 30.12 is 30 where the bottom is 0.12, but not where it is 29.
fn rounded(bottom: f64, height: f64) -> f64 {
    let exact = bottom + height;
    (1..15)
        .filter_map(|digits| format!("{exact:.digits$e}").parse::<f64>().ok())
        .find(|short| (short - exact).abs() <= 0.1 * height)
        .unwrap_or(exact)
}
