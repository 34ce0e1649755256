//! What is made small.

use crate::expr::{Arena, Id, SymbolId};
use crate::numeric::EvalError;
use crate::program::{Options, Program, ProgramError};

/// A function of several variables with its gradient.
pub trait Objective {
    /// How many variables there are.
    fn dimension(&self) -> usize;

    /// The value.
    fn value(&mut self, point: &[f64]) -> f64;

    /// Writes the gradient.
    fn gradient(&mut self, point: &[f64], gradient: &mut [f64]);

    /// The value, and the gradient written, where both together cost less than one after the other.
    fn value_and_gradient(&mut self, point: &[f64], gradient: &mut [f64]) -> f64 {
        self.gradient(point, gradient);
        self.value(point)
    }
}

/// A formula with the formulas of its derivatives, which share their common parts.
pub struct FormulaObjective {
    alone: Program,
    with_gradient: Program,
    scratch: Vec<f64>,
}

impl FormulaObjective {
    /// From the nodes of the function and of its derivatives by `variables`, in that order.
    ///
    /// # Errors
    /// [`ProgramError`] if there is another variable, or the imaginary unit.
    ///
    /// # Panics
    /// If there are not as many derivatives as variables.
    pub fn new(
        arena: &Arena,
        function: Id,
        derivatives: &[Id],
        variables: &[SymbolId],
    ) -> Result<FormulaObjective, ProgramError> {
        assert_eq!(
            derivatives.len(),
            variables.len(),
            "a derivative a variable"
        );
        let roots: Vec<Id> = [function]
            .into_iter()
            .chain(derivatives.iter().copied())
            .collect();
        // Without fused products a descent takes the same steps on every machine.
        let options = Options {
            fuse: false,
            ..Options::default()
        };
        let alone = Program::new(arena, &roots[..1], variables, options)?;
        let with_gradient = Program::new(arena, &roots, variables, options)?;
        if with_gradient.needs_complex() {
            return Err(EvalError::NeedsComplex.into());
        }
        Ok(FormulaObjective {
            scratch: vec![0.0; alone.registers().max(with_gradient.registers())],
            alone,
            with_gradient,
        })
    }
}

impl Objective for FormulaObjective {
    fn dimension(&self) -> usize {
        self.alone.inputs()
    }

    fn value(&mut self, point: &[f64]) -> f64 {
        let scratch = &mut self.scratch[..self.alone.registers()];
        self.alone.run_in(point, scratch)[0]
    }

    fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
        self.value_and_gradient(point, gradient);
    }

    fn value_and_gradient(&mut self, point: &[f64], gradient: &mut [f64]) -> f64 {
        let scratch = &mut self.scratch[..self.with_gradient.registers()];
        let values = self.with_gradient.run_in(point, scratch);
        gradient.copy_from_slice(&values[1..]);
        values[0]
    }
}
