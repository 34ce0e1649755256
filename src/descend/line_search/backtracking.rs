//! Backtracking: half the length until the value is low enough.

use super::{Found, Line, Sample};

/// The condition of Armijo, `f(x + a d) <= f(x) + decrease*a*g.d`, on lengths that shrink from the first one.
///
/// Armijo, Minimization of functions having Lipschitz continuous first partial derivatives (1966). The next length is
/// where the parabola through value, slope and the value just found is lowest, but between a tenth and a half of the
/// last length (Dennis and Schnabel, section 6.3.2). Needs values alone until it has found one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backtracking {
    /// The part of what the slope promises that must be had.
    pub decrease: f64,
    /// Lengths tried before it gives up.
    pub most: u32,
}

impl Default for Backtracking {
    /// A ten-thousandth, and 60 lengths.
    fn default() -> Self {
        Backtracking {
            decrease: 1e-4,
            most: 60,
        }
    }
}

impl Backtracking {
    pub(super) fn search(&self, line: &mut Line<'_, '_>, from: Sample, first: f64) -> Found {
        let mut length = first;
        for _ in 0..self.most {
            let value = line.value(length);
            if value == f64::NEG_INFINITY {
                return Found::NoEnd;
            }
            if value < from.value && value <= from.value + self.decrease * length * from.slope {
                line.finish();
                if line.to.is_finite() {
                    return Found::Step(length);
                }
            }
            let lowest =
                -from.slope * length * length / (2.0 * (value - from.value - from.slope * length));
            length = match lowest.is_finite() {
                true => lowest.clamp(0.1 * length, 0.5 * length),
                false => 0.1 * length,
            };
        }
        Found::Nothing
    }
}
