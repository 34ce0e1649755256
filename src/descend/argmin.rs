//! Objectives for the solvers of argmin (feature `argmin`).
//!
//! [argmin](https://argmin-rs.org) has methods that gradus has not: Nelder-Mead, particle swarms, simulated annealing and
//! more. They ask a problem for values, gradients and Hessians through its traits, which [`ForArgmin`] answers from any
//! [`Objective`].

use std::cell::RefCell;

use argmin::core::{CostFunction, Error, Gradient, Hessian, Jacobian, Operator};

use super::Objective;

/// An objective behind argmin's traits: points, gradients and residuals are `Vec<f64>`, matrices lists of rows.
///
/// ```
/// use argmin::core::{Executor, State};
/// use argmin::solver::neldermead::NelderMead;
/// use gradus::Graph;
/// use gradus::descend::ForArgmin;
///
/// let graph = Graph::new();
/// let rosenbrock = graph.parse("(1 - x)^2 + 100*(y - x^2)^2")?.objective(&["x", "y"])?;
/// let corners = vec![vec![-1.2, 1.0], vec![-1.0, 1.0], vec![-1.2, 1.2]];
/// let solver = NelderMead::new(corners).with_sd_tolerance(1e-10).unwrap();
/// let end = Executor::new(ForArgmin::new(rosenbrock), solver)
///     .configure(|state| state.max_iters(500))
///     .run()
///     .unwrap();
/// let best = end.state().get_best_param().unwrap();
/// assert!((best[0] - 1.0).abs() < 1e-3 && (best[1] - 1.0).abs() < 1e-3);
/// # Ok::<(), gradus::Error>(())
/// ```
pub struct ForArgmin<O> {
    objective: RefCell<O>,
}

impl<O: Objective> ForArgmin<O> {
    /// Behind argmin's traits.
    pub fn new(objective: O) -> ForArgmin<O> {
        ForArgmin {
            objective: RefCell::new(objective),
        }
    }

    /// The objective itself.
    pub fn into_inner(self) -> O {
        self.objective.into_inner()
    }
}

fn missing(what: &str) -> Error {
    Error::msg(format!("the objective does not offer {what}"))
}

impl<O: Objective> CostFunction for ForArgmin<O> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, point: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.objective.borrow_mut().value(point))
    }
}

impl<O: Objective> Gradient for ForArgmin<O> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, point: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut gradient = vec![0.0; point.len()];
        let mut objective = self.objective.borrow_mut();
        objective.gradient(point, &mut gradient);
        Ok(gradient)
    }
}

impl<O: Objective> Hessian for ForArgmin<O> {
    type Param = Vec<f64>;
    type Hessian = Vec<Vec<f64>>;

    fn hessian(&self, point: &Vec<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let mut objective = self.objective.borrow_mut();
        if !objective.offers().hessian {
            return Err(missing("Hessians"));
        }
        let n = point.len();
        let mut hessian = vec![0.0; n * n];
        objective.hessian(point, &mut hessian);
        Ok(rows(&hessian, n))
    }
}

impl<O: Objective> Operator for ForArgmin<O> {
    type Param = Vec<f64>;
    type Output = Vec<f64>;

    /// The residuals of a sum of squares.
    fn apply(&self, point: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut objective = self.objective.borrow_mut();
        let count = (objective.offers().residuals).ok_or_else(|| missing("residuals"))?;
        let mut residuals = vec![0.0; count];
        objective.residuals(point, &mut residuals);
        Ok(residuals)
    }
}

impl<O: Objective> Jacobian for ForArgmin<O> {
    type Param = Vec<f64>;
    type Jacobian = Vec<Vec<f64>>;

    /// That of the residuals.
    fn jacobian(&self, point: &Vec<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let mut objective = self.objective.borrow_mut();
        let count = (objective.offers().residuals).ok_or_else(|| missing("residuals"))?;
        let n = point.len();
        let (mut residuals, mut jacobian) = (vec![0.0; count], vec![0.0; count * n]);
        objective.residuals_and_jacobian(point, &mut residuals, &mut jacobian);
        Ok(rows(&jacobian, n))
    }
}

fn rows(matrix: &[f64], columns: usize) -> Vec<Vec<f64>> {
    let rows = matrix.chunks(columns.max(1));
    rows.map(<[f64]>::to_vec).collect()
}
