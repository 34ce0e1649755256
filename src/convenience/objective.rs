//! From expressions to what is made small.

use super::compile::{CompileError, check_names};
use super::methods::symbols_of;
use crate::calculus;
use crate::descend::FormulaObjective;
use crate::expr::Expr;

impl Expr<'_> {
    /// The expression as a function of these variables that can be [descended](crate::descend): with its gradient, Hessian
    /// and products with it, and with residuals if it is a sum of squares as it is written.
    ///
    /// ```
    /// use gradus::Graph;
    /// use gradus::descend::{Stop, auto, descend};
    /// let graph = Graph::new();
    /// let mut rosenbrock = graph.parse("(1 - x)^2 + 100*(y - x^2)^2")?.objective(&["x", "y"])?;
    /// let mut method = auto(&rosenbrock, None);
    /// let stop = Stop::suiting(&*method);
    /// let end = descend(&mut rosenbrock, &mut *method, &[-1.2, 1.0], &stop, &mut |_| ());
    /// assert!(end.converged && end.value < 1e-16);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`CompileError`], also where a variable of the expression is missing in the list. One that does not occur is no
    /// error: its derivative is 0.
    pub fn objective(self, variables: &[&str]) -> Result<FormulaObjective, CompileError> {
        let symbols = symbols_of(self, variables);
        let mut arena = self.graph().arena_mut();
        check_names(&arena, &symbols)?;
        let gradient = calculus::gradient(&mut arena, self.id(), &symbols)?;
        let objective = FormulaObjective::new(&arena, self.id(), &gradient, &symbols)?;
        Ok(objective.with_squares(&arena, self.id(), &symbols)?)
    }
}
