//! A search for the strong Wolfe conditions: a value low enough, and a slope flat enough.
//!
//! Moré and Thuente, Line search algorithms with guaranteed sufficient decrease, ACM TOMS 20 (1994). Chosen among its kind
//! because it is proven to end, uses values and slopes together, and has served quasi-Newton codes for thirty years. Two
//! things are added: lengths at which something is not finite are stepped back from, and where values differ by rounding
//! only the conditions of Hager and Zhang (A new conjugate gradient method with guaranteed descent and an efficient line
//! search, SIAM J. Optim. 16, 2005, section 4) decide by slopes alone, which are precise for longer.

use super::{Found, Line, Sample};

/// `f(a) <= f(0) + decrease*a*f'(0)` and `|f'(a)| <= curvature*|f'(0)|`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StrongWolfe {
    /// The part of what the slope promises that must be had, below `curvature`.
    pub decrease: f64,
    /// The part of the slope that may be left.
    pub curvature: f64,
    /// Lengths tried before the best one so far is taken.
    pub most: u32,
}

impl Default for StrongWolfe {
    /// 1e-4 and 0.9, as suits quasi-Newton directions, and 40 lengths.
    fn default() -> Self {
        StrongWolfe {
            decrease: 1e-4,
            curvature: 0.9,
            most: 40,
        }
    }
}

/// While there is no upper end, the next length is at most so many times the last one.
const STRETCH: f64 = 4.0;

/// A step of an interval that shrinks by less than this in two steps is halved instead.
const SHRINK: f64 = 0.66;

/// Values that differ by less than this part are equal, for the conditions of Hager and Zhang.
const SAME: f64 = 1e-14;

impl StrongWolfe {
    pub(super) fn search(&self, line: &mut Line<'_, '_>, from: Sample, first: f64) -> Found {
        let mut interval = Interval {
            low: from,
            high: from,
            bracketed: false,
        };
        let (mut length, mut longest) = (first, f64::INFINITY);
        // The function minus the line of sufficient decrease is searched until one of its values is at most 0 and its
        // slope is not: before that, a minimum of the function itself might not satisfy the first condition.
        let mut by_decrease = true;
        let mut widths = [f64::INFINITY; 2];
        for _ in 0..self.most {
            let at = line.sample(length);
            if at.value == f64::NEG_INFINITY {
                return no_end(line, from, interval.low);
            }
            if !line.to.is_finite() {
                longest = length;
                length = interval.low.length + 0.1 * (length - interval.low.length);
                continue;
            }
            if self.is_enough(from, at) {
                return Found::Step(length);
            }
            let decrease = self.decrease * from.slope;
            let is_low = at.value <= from.value + length * decrease;
            if is_low && at.slope >= 0.0 {
                by_decrease = false;
            }
            let tilt = match by_decrease && !is_low && at.value <= interval.low.value {
                true => decrease,
                false => 0.0,
            };
            let next = interval.narrow(at, tilt);
            length = match interval.bracketed {
                true => {
                    let width = (interval.high.length - interval.low.length).abs();
                    let stays = width >= SHRINK * widths[0];
                    widths = [widths[1], width];
                    match stays {
                        true => 0.5 * (interval.low.length + interval.high.length),
                        false => next,
                    }
                }
                false => next
                    .clamp(1.1 * at.length, STRETCH * at.length)
                    .min(0.5 * (at.length + longest)),
            };
            let ends = [interval.low.length, interval.high.length];
            // No double is left between the ends.
            if interval.bracketed && (ends.contains(&length) || !length.is_finite()) {
                break;
            }
        }
        // Ever longer lengths, and it fell all the way.
        if !interval.bracketed && longest == f64::INFINITY && interval.low.length > first {
            return no_end(line, from, interval.low);
        }
        // The best that was seen, if it is better than where it began.
        if interval.low.length > 0.0 && interval.low.value < from.value {
            let at = line.sample(interval.low.length);
            if line.to.is_finite() {
                return Found::Step(at.length);
            }
        }
        Found::Nothing
    }

    fn is_enough(&self, from: Sample, at: Sample) -> bool {
        let flat = at.slope.abs() <= self.curvature * from.slope.abs();
        let low = at.value <= from.value + self.decrease * at.length * from.slope;
        let same = (at.value - from.value).abs() <= SAME * from.value.abs();
        let between = at.slope <= (2.0 * self.decrease - 1.0) * from.slope;
        flat && (low || same && between)
    }
}

/// The lowest finite point that was seen is where it is left.
fn no_end(line: &mut Line<'_, '_>, from: Sample, low: Sample) -> Found {
    if low.value < from.value {
        line.sample(low.length);
    }
    Found::NoEnd
}

/// Two lengths with a good one between them: `low` has the lowest value so far, and its slope leads to `high`. As long as
/// it is not bracketed, `high` is where the search began.
struct Interval {
    low: Sample,
    high: Sample,
    bracketed: bool,
}

impl Interval {
    /// Takes a sample in, and gives the next length to try; `tilt` is taken from all slopes. Sections 2 and 4 of the paper.
    fn narrow(&mut self, at: Sample, tilt: f64) -> f64 {
        let tilted = |s: Sample| Sample {
            value: s.value - tilt * s.length,
            slope: s.slope - tilt,
            ..s
        };
        let (low, high, new) = (tilted(self.low), tilted(self.high), tilted(at));
        let next = if new.value > low.value {
            // The value has risen: there is a minimum between.
            let (cubic, quadratic) = (cubic(low, new), quadratic(low, new));
            let near = (cubic - low.length).abs() < (quadratic - low.length).abs();
            self.bracketed = true;
            match near {
                true => cubic,
                false => 0.5 * (cubic + quadratic),
            }
        } else if new.slope * low.slope < 0.0 {
            // The slope has changed its sign: so too.
            let (cubic, secant) = (cubic(low, new), secant(low, new));
            self.bracketed = true;
            match (cubic - new.length).abs() >= (secant - new.length).abs() {
                true => cubic,
                false => secant,
            }
        } else if new.slope.abs() <= low.slope.abs() {
            // It falls on, but less steeply: the cubic is used only if it leads on.
            let (cubic, secant) = (cubic(low, new), secant(low, new));
            let leads_on = (cubic - new.length) * (new.length - low.length) > 0.0;
            let far = match self.bracketed {
                true => self.high.length,
                false => f64::INFINITY * (new.length - low.length).signum(),
            };
            let cubic = if leads_on && cubic.is_finite() {
                cubic
            } else {
                far
            };
            let nearer = (cubic - new.length).abs() < (secant - new.length).abs();
            if self.bracketed {
                let next = if nearer { cubic } else { secant };
                let most = new.length + SHRINK * (self.high.length - new.length);
                match new.length > low.length {
                    true => next.min(most),
                    false => next.max(most),
                }
            } else if nearer {
                secant
            } else {
                cubic
            }
        } else {
            // It falls, and more steeply.
            match self.bracketed {
                true => cubic(high, new),
                false => f64::INFINITY,
            }
        };
        if new.value > low.value {
            self.high = at;
        } else {
            if new.slope * low.slope < 0.0 {
                self.high = self.low;
            }
            self.low = at;
        }
        next
    }
}

/// Where the cubic with these values and slopes is lowest; NaN where it has no minimum.
fn cubic(a: Sample, b: Sample) -> f64 {
    let width = b.length - a.length;
    let theta = 3.0 * (a.value - b.value) / width + a.slope + b.slope;
    let scale = theta.abs().max(a.slope.abs()).max(b.slope.abs());
    let root = ((theta / scale).powi(2) - (a.slope / scale) * (b.slope / scale)).sqrt() * scale;
    let root = root.copysign(width);
    b.length - width * ((b.slope + root - theta) / (b.slope - a.slope + 2.0 * root))
}

/// Where the parabola with the values and the slope at `a` is lowest.
fn quadratic(a: Sample, b: Sample) -> f64 {
    let width = b.length - a.length;
    a.length + width * (a.slope / ((a.value - b.value) / width + a.slope) / 2.0)
}

/// Where the line through the slopes is 0.
fn secant(a: Sample, b: Sample) -> f64 {
    b.length + (b.slope / (b.slope - a.slope)) * (a.length - b.length)
}
