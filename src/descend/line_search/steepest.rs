//! The steepest direction: against the gradient.

use super::{Backtracking, Direction, Search, modest_length};
use crate::descend::method::dot;
use crate::descend::{Iterate, Memory, MemoryError};

/// `-g`, by default with [`Backtracking`]: gradient descent that finds its rate by itself.
///
/// Nocedal and Wright, Numerical Optimization (2006), section 3.1. The first length of a step is the one that would change
/// the value as much as the last step did (section 3.5).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Steepest;

impl Direction for Steepest {
    fn name(&self) -> &'static str {
        "steepest-descent"
    }

    fn direction(&mut self, at: &Iterate, direction: &mut [f64]) {
        for (d, g) in direction.iter_mut().zip(&at.gradient) {
            *d = -g;
        }
    }

    fn first_length(&self, at: &Iterate, direction: &[f64], last: f64) -> f64 {
        match last < 0.0 {
            // Twice of it, so that lengths can grow again.
            true => 2.0 * last / dot(&at.gradient, direction),
            false => modest_length(at, direction),
        }
    }

    fn suits(&self) -> Search {
        Search::Backtracking(Backtracking::default())
    }

    fn learn(&mut self, _step: &[f64], _change: &[f64], _at: &Iterate) {}

    fn forget(&mut self) -> bool {
        false
    }

    fn save(&self, _memory: &mut Memory) {}

    fn restore(&mut self, _memory: &Memory, _dimension: usize) -> Result<(), MemoryError> {
        Ok(())
    }
}
