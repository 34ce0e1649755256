//! L-BFGS: BFGS that remembers the last steps instead of a matrix.

use std::collections::VecDeque;

use super::{Direction, modest_length};
use crate::descend::method::dot;
use crate::descend::{Iterate, Memory, MemoryError};

/// `d = -H g`, where H is made anew from the last steps and changes of the gradient.
///
/// Liu and Nocedal, On the limited memory BFGS method for large scale optimization (1989); Nocedal and Wright, Numerical
/// Optimization (2006), algorithm 7.4. Takes 2*m*n numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct LBfgs {
    pairs: Pairs,
}

impl LBfgs {
    /// Remembers so many steps, 1 at least.
    pub fn new(remembered: usize) -> LBfgs {
        LBfgs {
            pairs: Pairs::new(remembered.max(1)),
        }
    }
}

impl Default for LBfgs {
    /// Remembers 10 steps.
    fn default() -> Self {
        LBfgs::new(10)
    }
}

impl Direction for LBfgs {
    fn name(&self) -> &'static str {
        "lbfgs"
    }

    fn direction(&mut self, at: &Iterate, direction: &mut [f64]) {
        direction.copy_from_slice(&at.gradient);
        self.pairs.multiply(direction, |_| true);
        direction.iter_mut().for_each(|d| *d = -*d);
    }

    fn first_length(&self, at: &Iterate, direction: &[f64], _last: f64) -> f64 {
        match self.pairs.is_empty() {
            true => modest_length(at, direction),
            false => 1.0,
        }
    }

    fn learn(&mut self, step: &[f64], change: &[f64], _at: &Iterate) {
        self.pairs.learn(step, change);
    }

    fn forget(&mut self) -> bool {
        self.pairs.forget()
    }

    fn save(&self, memory: &mut Memory) {
        self.pairs.save(memory);
    }

    fn restore(&mut self, memory: &Memory, dimension: usize) -> Result<(), MemoryError> {
        self.pairs.restore(memory, dimension)
    }
}

/// A step, and what it changed in the gradient.
#[derive(Clone, Debug, Default, PartialEq)]
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
}

/// The last steps with the changes of the gradient, the newest last.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::descend) struct Pairs {
    most: usize,
    list: VecDeque<Pair>,
    factors: Vec<f64>,
}

impl Pairs {
    pub(in crate::descend) fn new(most: usize) -> Pairs {
        Pairs {
            most,
            list: VecDeque::new(),
            factors: Vec::new(),
        }
    }

    pub(in crate::descend) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Remembers a step, if the function curves upwards along it.
    pub(in crate::descend) fn learn(&mut self, step: &[f64], change: &[f64]) {
        let curvature = dot(step, change);
        let least = f64::EPSILON * dot(change, change);
        if !(curvature > least && curvature.is_normal()) {
            return;
        }
        // The oldest pair lends its room to the newest.
        let mut pair = match self.list.len() < self.most {
            true => Pair::default(),
            false => self.list.pop_front().unwrap_or_default(),
        };
        pair.step.clear();
        pair.step.extend_from_slice(step);
        pair.change.clear();
        pair.change.extend_from_slice(change);
        self.list.push_back(pair);
    }

    pub(in crate::descend) fn forget(&mut self) -> bool {
        let knew = !self.list.is_empty();
        self.list.clear();
        knew
    }

    /// Multiplies by the inverse Hessian that the pairs make, in the coordinates that are `free`; the others become 0.
    pub(in crate::descend) fn multiply(
        &mut self,
        vector: &mut [f64],
        free: impl Fn(usize) -> bool,
    ) {
        let product = |a: &[f64], b: &[f64]| -> f64 {
            let parts = a.iter().zip(b).enumerate();
            parts
                .filter(|(i, _)| free(*i))
                .map(|(_, (a, b))| a * b)
                .sum()
        };
        for (i, v) in vector.iter_mut().enumerate() {
            if !free(i) {
                *v = 0.0;
            }
        }
        let add = |factor: f64, from: &[f64], to: &mut [f64]| {
            for (i, (to, from)) in to.iter_mut().zip(from).enumerate() {
                if free(i) {
                    *to += factor * from;
                }
            }
        };
        self.factors.clear();
        let mut scale = None;
        for Pair { step: s, change: y } in self.list.iter().rev() {
            let curvature = product(s, y);
            // A pair may have its curvature in coordinates that are not free.
            if !(curvature > f64::EPSILON * product(y, y) && curvature.is_normal()) {
                self.factors.push(f64::NAN);
                continue;
            }
            scale = scale.or(Some(curvature / product(y, y)));
            let factor = product(s, vector) / curvature;
            add(-factor, y, vector);
            self.factors.push(factor);
        }
        let scale = scale.unwrap_or(1.0);
        vector.iter_mut().for_each(|v| *v *= scale);
        for (Pair { step: s, change: y }, factor) in self.list.iter().zip(self.factors.iter().rev())
        {
            if !factor.is_nan() {
                let back = product(y, vector) / product(s, y);
                add(factor - back, s, vector);
            }
        }
    }

    pub(in crate::descend) fn save(&self, memory: &mut Memory) {
        let steps = self.list.iter().flat_map(|pair| &pair.step).copied();
        memory.put("steps_remembered", &steps.collect::<Vec<f64>>());
        let changes = self.list.iter().flat_map(|pair| &pair.change).copied();
        memory.put("changes_remembered", &changes.collect::<Vec<f64>>());
    }

    pub(in crate::descend) fn restore(
        &mut self,
        memory: &Memory,
        dimension: usize,
    ) -> Result<(), MemoryError> {
        let steps = memory.list("steps_remembered")?;
        let changes = memory.list("changes_remembered")?;
        let fits = steps.len() == changes.len() && steps.len() <= self.most * dimension;
        if !fits || !steps.len().is_multiple_of(dimension.max(1)) {
            return Err(MemoryError::Length {
                name: "changes_remembered",
                expected: steps.len(),
                found: changes.len(),
            });
        }
        let n = dimension.max(1);
        let pairs = steps.chunks(n).zip(changes.chunks(n));
        self.list = pairs
            .map(|(step, change)| Pair {
                step: step.to_vec(),
                change: change.to_vec(),
            })
            .collect();
        Ok(())
    }
}
