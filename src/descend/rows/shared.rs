//! An objective that somebody else needs too: who explains a bad start, while the descent holds it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::descend::{Objective, Offers};

impl<T: Objective> Objective for Rc<RefCell<T>> {
    fn dimension(&self) -> usize {
        self.borrow().dimension()
    }

    fn value(&mut self, point: &[f64]) -> f64 {
        self.borrow_mut().value(point)
    }

    fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
        self.borrow_mut().gradient(point, gradient);
    }

    fn value_and_gradient(&mut self, point: &[f64], gradient: &mut [f64]) -> f64 {
        self.borrow_mut().value_and_gradient(point, gradient)
    }

    fn offers(&self) -> Offers {
        self.borrow().offers()
    }

    fn hessian(&mut self, point: &[f64], hessian: &mut [f64]) {
        self.borrow_mut().hessian(point, hessian);
    }

    fn hessian_product(&mut self, point: &[f64], direction: &[f64], product: &mut [f64]) {
        self.borrow_mut().hessian_product(point, direction, product);
    }

    fn residuals(&mut self, point: &[f64], residuals: &mut [f64]) {
        self.borrow_mut().residuals(point, residuals);
    }

    fn residuals_and_jacobian(
        &mut self,
        point: &[f64],
        residuals: &mut [f64],
        jacobian: &mut [f64],
    ) {
        self.borrow_mut()
            .residuals_and_jacobian(point, residuals, jacobian);
    }

    fn value_and_gradient_of(
        &mut self,
        rows: &[usize],
        point: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        self.borrow_mut()
            .value_and_gradient_of(rows, point, gradient)
    }
}
