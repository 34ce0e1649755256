//! Values of expressions at points given by name.

use num_complex::Complex64;

use super::is_spelled;
use crate::expr::{Expr, walk};
use crate::numeric::{EvalError, Schedule};

impl Expr<'_> {
    /// The real value where the variables have the given values; names that do not occur are no error.
    ///
    /// NaN and infinities are values: at singular points and outside the domain, where [`explain`](crate::numeric::explain) says why.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let x = graph.symbol("x");
    /// assert_eq!((x.powi(2) + x).eval(&[("x", 3.0)]), Ok(12.0));
    /// assert_eq!((x * x.log()).eval(&[("x", 0.0)]), Ok(0.0)); // the limit
    /// assert!(x.eval(&[]).is_err());
    /// ```
    ///
    /// # Errors
    /// [`EvalError`]: a variable without value, or the imaginary unit.
    pub fn eval(self, values: &[(&str, f64)]) -> Result<f64, EvalError> {
        let (schedule, point) = self.plan(values)?;
        if schedule.needs_complex() {
            return Err(EvalError::NeedsComplex);
        }
        Ok(schedule.values(&point)[0])
    }

    /// The complex value, principal branches.
    ///
    /// # Errors
    /// [`EvalError::MissingVariable`].
    pub fn eval_complex(self, values: &[(&str, Complex64)]) -> Result<Complex64, EvalError> {
        let (schedule, point) = self.plan(values)?;
        Ok(schedule.run_complex(&point, &mut Vec::new())[0])
    }

    fn plan<T: Copy>(self, values: &[(&str, T)]) -> Result<(Schedule, Vec<T>), EvalError> {
        let arena = self.graph().arena();
        let variables = walk::symbols(&arena, &[self.id()]);
        let mut point = Vec::with_capacity(variables.len());
        for &variable in &variables {
            let name = arena.symbol_name(variable);
            match values.iter().find(|(given, _)| is_spelled(given, name)) {
                Some(&(_, value)) => point.push(value),
                None => {
                    return Err(EvalError::MissingVariable {
                        name: name.to_owned(),
                    });
                }
            }
        }
        Ok((Schedule::new(&arena, &[self.id()], &variables)?, point))
    }
}
