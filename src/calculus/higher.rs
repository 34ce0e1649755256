//! Derivatives of higher order and of several functions, built from the two sweeps.

use rustc_hash::FxHashMap;

use super::{CalculusError, check_active, derivatives, derivatives_by_each, gradient, series};
use crate::expr::walk::substitute;
use crate::expr::{Arena, Id, Rational, SymbolId};

/// The derivative by each of `variables` in turn: `[x, x, y]` is the third derivative d³f/dx²dy.
///
/// `tidy` is applied after every step. Without it the graph still grows only polynomially with the order, since equal
/// parts are one node, but a text would repeat them; with a simplifier the terms that meet are collected early.
pub fn nth_derivative(
    arena: &mut Arena,
    root: Id,
    variables: &[SymbolId],
    mut tidy: impl FnMut(&mut Arena, Id) -> Id,
) -> Result<Id, CalculusError> {
    let mut current = root;
    for &variable in variables {
        let next = derivatives(arena, &[current], variable)?[0];
        current = tidy(arena, next);
    }
    Ok(current)
}

/// The Jacobian: a row of partial derivatives for each root. Forward or reverse, whichever needs fewer sweeps.
pub fn jacobian(
    arena: &mut Arena,
    roots: &[Id],
    variables: &[SymbolId],
) -> Result<Vec<Vec<Id>>, CalculusError> {
    if roots.len() <= variables.len() {
        return roots
            .iter()
            .map(|&r| gradient(arena, r, variables))
            .collect();
    }
    jacobian_by_columns(arena, roots, variables)
}

/// The Jacobian by one forward sweep for each variable.
pub(crate) fn jacobian_by_columns(
    arena: &mut Arena,
    roots: &[Id],
    variables: &[SymbolId],
) -> Result<Vec<Vec<Id>>, CalculusError> {
    let columns = derivatives_by_each(arena, roots, variables)?;
    Ok((0..roots.len())
        .map(|row| columns.iter().map(|column| column[row]).collect())
        .collect())
}

/// The Hessian: forward sweeps over the gradient (forward over reverse). The lower half is the upper half.
pub fn hessian(
    arena: &mut Arena,
    root: Id,
    variables: &[SymbolId],
) -> Result<Vec<Vec<Id>>, CalculusError> {
    let slopes = gradient(arena, root, variables)?;
    derivatives_of_gradient(arena, &slopes, variables)
}

/// The Hessian from the first derivatives by the same variables.
pub(crate) fn derivatives_of_gradient(
    arena: &mut Arena,
    slopes: &[Id],
    variables: &[SymbolId],
) -> Result<Vec<Vec<Id>>, CalculusError> {
    let n = variables.len();
    let mut rows = vec![vec![Arena::ZERO; n]; n];
    for (j, &variable) in variables.iter().enumerate() {
        for (i, second) in derivatives(arena, &slopes[..=j], variable)?
            .into_iter()
            .enumerate()
        {
            rows[i][j] = second;
            rows[j][i] = second;
        }
    }
    Ok(rows)
}

/// The Taylor polynomial of a degree around `point`: the sum of f⁽ᵏ⁾(point)/k! * (variable - point)^k.
///
/// `tidy` simplifies each coefficient; `is_defined` tells whether a coefficient is an ordinary number. The coefficients are
/// those of a power series; where one is not found that way, derivatives are taken, one after the other.
///
/// # Errors
/// Where a derivative is not known, or not defined at the point; where the graph would be too large.
pub fn taylor(
    arena: &mut Arena,
    root: Id,
    variable: SymbolId,
    point: Id,
    degree: usize,
    mut tidy: impl FnMut(&mut Arena, Id) -> Id,
    is_defined: impl Fn(&Arena, Id) -> bool,
) -> Result<Id, CalculusError> {
    if degree > 0 {
        check_active(arena, root, variable)?;
    }
    let x = arena.symbol_node(variable);
    let expansion = Expansion {
        root,
        variable: x,
        point,
        degree,
    };
    let found = series::coefficients(arena, &expansion, &mut tidy)?;
    let coefficients = match found {
        Some(found) if found.iter().all(|&id| is_defined(arena, id)) => found,
        _ => by_derivatives(arena, &expansion, variable, tidy, is_defined)?,
    };
    let step = arena.sub(x, point);
    let mut sum = Arena::ZERO;
    for (order, coefficient) in coefficients.into_iter().enumerate() {
        let exponent = arena.number(order as i64);
        let power = arena.pow(step, exponent);
        let term = arena.mul(coefficient, power);
        sum = arena.add(sum, term);
    }
    Ok(sum)
}

/// What is expanded in powers of what, around which point, how far.
pub(super) struct Expansion {
    pub(super) root: Id,
    pub(super) variable: Id,
    pub(super) point: Id,
    pub(super) degree: usize,
}

/// f⁽ᵏ⁾(point)/k! for k from 0 to `degree`.
fn by_derivatives(
    arena: &mut Arena,
    expansion: &Expansion,
    variable: SymbolId,
    mut tidy: impl FnMut(&mut Arena, Id) -> Id,
    is_defined: impl Fn(&Arena, Id) -> bool,
) -> Result<Vec<Id>, CalculusError> {
    let at_point: FxHashMap<Id, Id> = [(expansion.variable, expansion.point)]
        .into_iter()
        .collect();
    let mut derivative = expansion.root;
    let mut factorial = Rational::ONE;
    let mut coefficients = Vec::with_capacity(expansion.degree + 1);
    for order in 0..=expansion.degree {
        if order > 0 {
            derivative = derivatives(arena, &[derivative], variable)?[0];
            derivative = tidy(arena, derivative);
            factorial = factorial
                .checked_mul(&Rational::from(order as i64))
                .ok_or(CalculusError::TooLarge)?;
        }
        let value = substitute(arena, &[derivative], &at_point)[0];
        let value = tidy(arena, value);
        if !is_defined(arena, value) {
            return Err(CalculusError::Singular { order });
        }
        let scale = arena.number(factorial.recip().expect("a factorial is not 0"));
        coefficients.push(arena.mul(scale, value));
    }
    Ok(coefficients)
}
