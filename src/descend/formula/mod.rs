//! Formulas as objectives.

mod squares;

use self::squares::Squares;
use super::{Objective, Offers};
use crate::expr::{Arena, Id, SymbolId};
use crate::numeric::EvalError;
use crate::numeric::dual::Moving;
use crate::program::{Options, Program, ProgramError};

/// A formula with the formulas of its derivatives, which share their common parts.
///
/// It offers Hessians and products with them: the program of the gradient is run in dual numbers, so that no second
/// derivative is ever made as a formula. It offers residuals if it is asked to [look for squares](Self::with_squares).
/// Most are made by [`Expr::objective`](crate::Expr::objective).
pub struct FormulaObjective {
    alone: Program,
    with_gradient: Program,
    squares: Option<Squares>,
    scratch: Vec<f64>,
    moving: Vec<Moving<f64>>,
}

/// Without fused products a descent takes the same steps on every machine.
const OPTIONS: Options = Options {
    fuse: false,
    careful: true,
};

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
        let alone = Program::new(arena, &roots[..1], variables, OPTIONS)?;
        let with_gradient = Program::new(arena, &roots, variables, OPTIONS)?;
        if with_gradient.needs_complex() {
            return Err(EvalError::NeedsComplex.into());
        }
        Ok(FormulaObjective {
            scratch: vec![0.0; alone.registers().max(with_gradient.registers())],
            moving: Vec::new(),
            squares: None,
            alone,
            with_gradient,
        })
    }

    /// The same, offering residuals if the function is a sum of squares as it is written: `(y - a)^2 + 3*(b - c)^4`.
    ///
    /// # Errors
    /// [`ProgramError`], if there is not room for another program.
    pub fn with_squares(
        self,
        arena: &Arena,
        function: Id,
        variables: &[SymbolId],
    ) -> Result<FormulaObjective, ProgramError> {
        let squares = Squares::find(arena, function, variables, OPTIONS)?;
        Ok(FormulaObjective { squares, ..self })
    }

    fn squares(&mut self) -> &mut Squares {
        (self.squares.as_mut()).expect("the objective is a sum of squares")
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

    fn offers(&self) -> Offers {
        Offers {
            hessian: true,
            hessian_product: true,
            residuals: self.squares.as_ref().map(Squares::count),
            rows: None,
        }
    }

    fn hessian(&mut self, point: &[f64], hessian: &mut [f64]) {
        let n = point.len();
        let mut direction = vec![0.0; n];
        for (i, row) in hessian.chunks_mut(n.max(1)).enumerate() {
            direction[i] = 1.0;
            self.hessian_product(point, &direction, row);
            direction[i] = 0.0;
        }
        // The halves differ by rounding.
        for i in 0..n {
            for j in 0..i {
                let mean = 0.5 * (hessian[i * n + j] + hessian[j * n + i]);
                hessian[i * n + j] = mean;
                hessian[j * n + i] = mean;
            }
        }
    }

    fn hessian_product(&mut self, point: &[f64], direction: &[f64], product: &mut [f64]) {
        let along = |i: usize| direction[i];
        let program = &self.with_gradient;
        let found = program.run_moving(point, along, &mut self.moving);
        for (product, slope) in product.iter_mut().zip(&found[1..]) {
            *product = slope.dual().slope;
        }
    }

    fn residuals(&mut self, point: &[f64], residuals: &mut [f64]) {
        self.squares().residuals(point, residuals);
    }

    fn residuals_and_jacobian(
        &mut self,
        point: &[f64],
        residuals: &mut [f64],
        jacobian: &mut [f64],
    ) {
        self.squares()
            .residuals_and_jacobian(point, residuals, jacobian);
    }
}
