//! Sums of squares, recognised in a formula as it is written.
//!
//! Terms are products of positive numbers and even powers. Nothing is multiplied out or completed: `x^2 + 2*x + 3` is none.

use crate::expr::{Arena, Id, Node, SymbolId};
use crate::numeric::dual::Moving;
use crate::program::{Options, Program, ProgramError};

/// Residuals whose squares add up to a function.
pub(super) struct Squares {
    /// What stands under the even powers.
    bases: Program,
    residuals: Vec<Residual>,
    scratch: Vec<f64>,
    moving: Vec<Moving<f64>>,
    /// Values of the bases.
    values: Vec<f64>,
}

/// `scale` times a product of whole powers of bases.
struct Residual {
    scale: f64,
    powers: Vec<(usize, i32)>,
}

impl Squares {
    /// The residuals of a function, if it is a sum of squares.
    pub(super) fn find(
        arena: &Arena,
        function: Id,
        variables: &[SymbolId],
        options: Options,
    ) -> Result<Option<Squares>, ProgramError> {
        let Some((residuals, bases)) = terms(arena, function) else {
            return Ok(None);
        };
        let bases = Program::new(arena, &bases, variables, options)?;
        Ok(Some(Squares {
            scratch: vec![0.0; bases.registers()],
            moving: Vec::new(),
            values: Vec::new(),
            bases,
            residuals,
        }))
    }

    pub(super) fn count(&self) -> usize {
        self.residuals.len()
    }

    pub(super) fn residuals(&mut self, point: &[f64], residuals: &mut [f64]) {
        let values = self.bases.run_in(point, &mut self.scratch);
        for (r, residual) in residuals.iter_mut().zip(&self.residuals) {
            *r = residual.value(values);
        }
    }

    /// A forward sweep in dual numbers a variable.
    pub(super) fn residuals_and_jacobian(
        &mut self,
        point: &[f64],
        residuals: &mut [f64],
        jacobian: &mut [f64],
    ) {
        self.residuals(point, residuals);
        self.values.clear();
        let outputs = self.scratch.len() - self.bases.outputs();
        self.values.extend_from_slice(&self.scratch[outputs..]);
        let n = point.len();
        for variable in 0..n {
            let along = |i: usize| f64::from(u8::from(i == variable));
            let moving = self.bases.run_moving(point, along, &mut self.moving);
            for (row, residual) in self.residuals.iter().enumerate() {
                let slope = residual.slope(&self.values, |base| moving[base].dual().slope);
                jacobian[row * n + variable] = slope;
            }
        }
    }
}

impl Residual {
    fn value(&self, bases: &[f64]) -> f64 {
        let powers = self.powers.iter().map(|&(base, k)| bases[base].powi(k));
        powers.fold(self.scale, |product, power| product * power)
    }

    fn slope(&self, bases: &[f64], slope: impl Fn(usize) -> f64) -> f64 {
        let mut sum = 0.0;
        for (moved, &(base, k)) in self.powers.iter().enumerate() {
            let slope = slope(base);
            // "Does not depend" is 0 here, and may stand beside an infinite factor.
            if slope == 0.0 {
                continue;
            }
            let others = (self.powers.iter().enumerate()).filter(|(at, _)| *at != moved);
            let others = others.fold(self.scale, |product, (_, &(base, k))| {
                product * bases[base].powi(k)
            });
            sum += f64::from(k) * bases[base].powi(k - 1) * others * slope;
        }
        sum
    }
}

/// The residuals and the nodes of their bases, if every term is a square.
fn terms(arena: &Arena, function: Id) -> Option<(Vec<Residual>, Vec<Id>)> {
    let (mut residuals, mut bases) = (Vec::new(), Vec::new());
    // Sums, with the factor before them.
    let mut open = vec![(function, 1.0)];
    while let Some((id, factor)) = open.pop() {
        match arena.node(id) {
            Node::Add(a, b) => open.extend([(b, factor), (a, factor)]),
            Node::Mul(a, b) if arena.as_number(a).is_some() => {
                let number = arena.as_number(a).map_or(0.0, |n| n.to_f64());
                open.push((b, factor * number));
            }
            Node::Mul(a, b) if arena.as_number(b).is_some() => {
                let number = arena.as_number(b).map_or(0.0, |n| n.to_f64());
                open.push((a, factor * number));
            }
            _ => {
                let mut residual = Residual {
                    scale: 1.0,
                    powers: Vec::new(),
                };
                let mut squared = factor;
                let mut factors = vec![id];
                while let Some(id) = factors.pop() {
                    match arena.node(id) {
                        Node::Mul(a, b) => factors.extend([b, a]),
                        Node::Number(number) => squared *= arena.number_value(number).to_f64(),
                        Node::Pow(base, exponent) => {
                            let half = arena.as_integer(exponent).filter(|k| k % 2 == 0)? / 2;
                            residual
                                .powers
                                .push((bases.len(), i32::try_from(half).ok()?));
                            bases.push(base);
                        }
                        _ => return None,
                    }
                }
                if !(squared > 0.0 && squared.is_finite()) {
                    return None;
                }
                residual.scale = squared.sqrt();
                residuals.push(residual);
            }
        }
    }
    Some((residuals, bases))
}
