//! What is made small.

/// A function of several variables with its gradient, and whatever else it can compute.
///
/// The first three methods are enough for every method of first order; [`offers`](Self::offers) says which of the others
/// may be called.
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

    /// What it can compute beyond value and gradient.
    fn offers(&self) -> Offers {
        Offers::default()
    }

    /// Writes the second derivatives, row by row: `dimension` x `dimension` numbers.
    ///
    /// # Panics
    /// If it does not [offer](Self::offers) them.
    fn hessian(&mut self, _point: &[f64], _hessian: &mut [f64]) {
        panic!("the objective has no Hessian")
    }

    /// Writes the product of the Hessian with a direction.
    ///
    /// # Panics
    /// If it does not [offer](Self::offers) it.
    fn hessian_product(&mut self, _point: &[f64], _direction: &[f64], _product: &mut [f64]) {
        panic!("the objective has no products with its Hessian")
    }

    /// Writes the residuals: the value is the sum of their squares.
    ///
    /// # Panics
    /// If it does not [offer](Self::offers) them.
    fn residuals(&mut self, _point: &[f64], _residuals: &mut [f64]) {
        panic!("the objective is no sum of squares")
    }

    /// Writes the residuals and their derivatives by the variables, a row a residual.
    ///
    /// # Panics
    /// If it does not [offer](Self::offers) them.
    fn residuals_and_jacobian(
        &mut self,
        _point: &[f64],
        _residuals: &mut [f64],
        _jacobian: &mut [f64],
    ) {
        panic!("the objective is no sum of squares")
    }

    /// The objective as these rows of the data give it, scaled so that its expected value over random rows is that of
    /// the whole, and its gradient written: what a step of a mini-batch sees.
    ///
    /// # Panics
    /// If it has no [rows](Offers::rows), or not so many.
    fn value_and_gradient_of(
        &mut self,
        _rows: &[usize],
        _point: &[f64],
        _gradient: &mut [f64],
    ) -> f64 {
        panic!("the objective is no sum over rows")
    }
}

/// What an [`Objective`] can compute beyond its value and gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// [`hessian`](Objective::hessian).
    pub hessian: bool,
    /// [`hessian_product`](Objective::hessian_product).
    pub hessian_product: bool,
    /// How many [`residuals`](Objective::residuals) there are, if it is the sum of their squares.
    pub residuals: Option<usize>,
    /// How many rows of data it sums over, for [`value_and_gradient_of`](Objective::value_and_gradient_of).
    pub rows: Option<usize>,
}
