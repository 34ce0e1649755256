//! Single functions over columns.

use super::math::copies::Operands;
use super::math::kernels;
use super::{BatchError, Level, check};
use crate::expr::Function;
use crate::functions::{Real, row};

/// Writes the values of a function of the table at columns of arguments, as a [`Batch`](super::Batch) does.
///
/// ```
/// use gradus::{Function, program::batch::{Level, apply}};
/// let mut values = [0.0; 3];
/// apply(Function::Exp, Level::best(), &[&[0.0, -1000.0, 1000.0]], &mut values)?;
/// assert_eq!(values, [1.0, 0.0, f64::INFINITY]);
/// # Ok::<(), gradus::program::batch::BatchError>(())
/// ```
///
/// # Errors
/// [`BatchError::Columns`], [`BatchError::Length`].
pub fn apply(
    function: Function,
    level: Level,
    arguments: &[&[f64]],
    values: &mut [f64],
) -> Result<(), BatchError> {
    check(
        "input",
        arguments.iter().copied(),
        function.arity(),
        values.len(),
    )?;
    match (kernels::function(function, level), row(function).real) {
        (Some(kernel), _) => kernel.run(&operands(arguments), values),
        (None, Real::One(f)) => {
            for (value, &x) in values.iter_mut().zip(arguments[0]) {
                *value = f(x);
            }
        }
        (None, Real::Two(f)) => {
            for (i, value) in values.iter_mut().enumerate() {
                *value = f(arguments[0][i], arguments[1][i]);
            }
        }
    }
    Ok(())
}

/// Writes `x^y`; see [`apply`].
///
/// # Errors
/// As [`apply`].
pub fn apply_pow(
    level: Level,
    arguments: [&[f64]; 2],
    values: &mut [f64],
) -> Result<(), BatchError> {
    check("input", arguments.into_iter(), 2, values.len())?;
    kernels::pow(0, level).run(&operands(&arguments), values);
    Ok(())
}

fn operands<'a>(arguments: &[&'a [f64]]) -> Operands<'a> {
    let mut operands = Operands::default();
    operands.columns[..arguments.len()].copy_from_slice(arguments);
    operands
}
