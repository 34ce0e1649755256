//! Numbers: evaluating expressions, and the roads to a derivative that share nothing with the symbolic one.
//!
//! - [`Schedule`] plans the evaluation of some roots once, and runs it at real or complex points;
//! - [`dual`] carries derivatives forward along it, [`complex_step`] takes them from imaginary parts,
//!   [`finite_difference`] from values alone;
//! - [`check`](check()) compares these roads with a symbolic derivative, and [`explain`] names the part of an expression
//!   that is singular at a point.
//!
//! This layer knows the table of functions and the graph; no text, no rules. [`Expr::eval`] is the short way in.

mod check;
pub mod complex_step;
mod doubled;
pub mod dual;
pub mod finite_difference;
mod rounding;
pub(crate) mod scalar;
pub(crate) mod schedule;
mod singular;
mod wide;

pub use check::{Check, Comparison, Road, VariableCheck, Verdict, check, compare};
pub use doubled::Doubled;
pub use schedule::Schedule;
pub use singular::{Kind, Singularity, explain};

use num_complex::Complex64;

use crate::expr::{Expr, walk};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvalError {
    /// A variable occurs for which no value was given.
    #[error("no value given for `{name}`")]
    MissingVariable {
        /// Its name.
        name: String,
    },
    /// The imaginary unit occurs, so that there is no real value.
    #[error("the imaginary unit occurs: a complex evaluation is needed")]
    NeedsComplex,
}

impl Expr<'_> {
    /// The real value where the variables have the given values; names that do not occur are no error.
    ///
    /// NaN and infinities are values: at singular points and outside the domain, where [`explain`] says why.
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
            match values.iter().find(|(given, _)| *given == name) {
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
