//! Nonlinear conjugate gradients.

use super::{Direction, Search, StrongWolfe, modest_length};
use crate::descend::method::{dot, norm};
use crate::descend::{Iterate, Memory, MemoryError};

/// `d <- -g + beta*d`, with the beta of Hager and Zhang, which leads downhill after any search.
///
/// Hager and Zhang, A new conjugate gradient method with guaranteed descent and an efficient line search, SIAM J. Optim.
/// 16 (2005), equations 1.3 and 1.6. Needs memory for a few vectors only. By default with a sharper search than others,
/// since directions are conjugate only where lengths are right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConjugateGradient {
    /// The last direction, times its length; empty at the start.
    last: Vec<f64>,
    change: Vec<f64>,
}

/// The lower limit of beta: the paper's eta.
const ETA: f64 = 0.01;

impl Direction for ConjugateGradient {
    fn name(&self) -> &'static str {
        "conjugate-gradient"
    }

    fn direction(&mut self, at: &Iterate, direction: &mut [f64]) {
        let g = &at.gradient;
        for (d, g) in direction.iter_mut().zip(g) {
            *d = -g;
        }
        let curvature = dot(&self.change, &self.last);
        if self.last.is_empty() || curvature == 0.0 {
            return;
        }
        // The length of the last direction does not matter: a longer one makes beta smaller by as much.
        let (s, y) = (&self.last, &self.change);
        let correction = 2.0 * dot(y, y) / curvature;
        let beta = (dot(y, g) - correction * dot(s, g)) / curvature;
        let lowest = -1.0 / (norm(s) * ETA.min(norm(g)));
        let beta = beta.max(lowest);
        if beta.is_finite() {
            for (d, s) in direction.iter_mut().zip(s) {
                *d += beta * s;
            }
        }
    }

    fn first_length(&self, at: &Iterate, direction: &[f64], last: f64) -> f64 {
        match last < 0.0 {
            true => last / dot(&at.gradient, direction),
            false => modest_length(at, direction),
        }
    }

    fn suits(&self) -> Search {
        Search::Wolfe(StrongWolfe {
            curvature: 0.1,
            ..StrongWolfe::default()
        })
    }

    fn learn(&mut self, step: &[f64], change: &[f64], _at: &Iterate) {
        self.last.clear();
        self.last.extend_from_slice(step);
        self.change.clear();
        self.change.extend_from_slice(change);
    }

    fn forget(&mut self) -> bool {
        self.change.clear();
        let knew = !self.last.is_empty();
        self.last.clear();
        knew
    }

    fn save(&self, memory: &mut Memory) {
        memory.put("last_step", &self.last);
        memory.put("change", &self.change);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.last = memory.vector("last_step", dimension)?;
        self.change = memory.vector("change", dimension)?;
        Ok(())
    }
}
