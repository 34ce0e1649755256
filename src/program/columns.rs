//! Compiled functions over columns: many points in one call.
//!
//! A column holds the values of one variable, a number a point. What makes the program ready for columns
//! ([`Batch`](super::batch::Batch)) is done at the first call and kept; threads and vectors are chosen there.
//!
//! NaN and infinities are numbers like others: a NaN in a row of the data gives what the function has for it in that row,
//! mostly NaN, and changes no other row. Sums and means of a column with a NaN are NaN.

use super::batch::BatchError;
use super::{CompiledFunction, FunctionError};

impl CompiledFunction {
    /// Writes the value of each function at each point: a column a variable, a column a function.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let f = graph.parse("x^2 + y")?.compile(&["x", "y"])?;
    /// let (x, y, mut values) = ([1.0, 2.0, f64::NAN], [0.5, 1.0, 3.0], [0.0; 3]);
    /// f.values_over(&[&x, &y], &mut [&mut values])?;
    /// assert_eq!(values[..2], [1.5, 5.0]);
    /// assert!(values[2].is_nan());
    /// let error = f.values_over(&[&x, &y[..2]], &mut [&mut values]).unwrap_err();
    /// assert_eq!(error.to_string(), "input column 1 has 2 numbers where 3 are needed");
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`FunctionError::Columns`]; nothing is written then.
    pub fn values_over(
        &self,
        columns: &[&[f64]],
        values: &mut [&mut [f64]],
    ) -> Result<(), FunctionError> {
        Ok(self.values.batch().run(columns, values)?)
    }

    /// Writes the value of the only function and its derivative by each variable, at each point.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let f = graph.parse("x^2*y")?.compile(&["x", "y"])?;
    /// let (mut value, mut by_x, mut by_y) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    /// let columns: [&[f64]; 2] = [&[1.0, 2.0], &[3.0, 4.0]];
    /// f.value_and_gradient_over(&columns, &mut value, &mut [&mut by_x, &mut by_y])?;
    /// assert_eq!((value, by_x, by_y), ([3.0, 16.0], [6.0, 16.0], [1.0, 4.0]));
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`FunctionError::Columns`], [`FunctionError::NotSingle`], [`FunctionError::NotCompiled`]; nothing is written then.
    pub fn value_and_gradient_over(
        &self,
        columns: &[&[f64]],
        value: &mut [f64],
        gradient: &mut [&mut [f64]],
    ) -> Result<(), FunctionError> {
        self.check_single()?;
        self.values_and_jacobian_over(columns, &mut [value], gradient)
    }

    /// Writes the value of each function and its derivative by each variable, at each point: the columns of derivatives
    /// are those of the first function, then those of the second, and so on.
    ///
    /// ```
    /// use gradus::{Compile, Graph, compile};
    /// let graph = Graph::new();
    /// let polar = [graph.parse("r*cos(t)")?, graph.parse("r*sin(t)")?];
    /// let f = compile(&polar, &["r", "t"], Compile::default())?;
    /// let (mut values, mut slopes) = ([[0.0]; 2], [[0.0]; 4]);
    /// let mut to_values: Vec<&mut [f64]> = values.iter_mut().map(|c| &mut c[..]).collect();
    /// let mut to_slopes: Vec<&mut [f64]> = slopes.iter_mut().map(|c| &mut c[..]).collect();
    /// f.values_and_jacobian_over(&[&[2.0], &[0.0]], &mut to_values, &mut to_slopes)?;
    /// assert_eq!((values, slopes), ([[2.0], [0.0]], [[1.0], [0.0], [0.0], [2.0]]));
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`FunctionError::Columns`], [`FunctionError::NotCompiled`]; nothing is written then.
    pub fn values_and_jacobian_over(
        &self,
        columns: &[&[f64]],
        values: &mut [&mut [f64]],
        jacobian: &mut [&mut [f64]],
    ) -> Result<(), FunctionError> {
        let slopes = self.slopes.as_ref();
        let slopes = slopes.ok_or(FunctionError::NotCompiled("first derivatives"))?;
        // Apart, because the sum may be right where both are wrong.
        check("value", values.len(), self.outputs)?;
        let entries = self.outputs * self.variables.len();
        check("derivative", jacobian.len(), entries)?;
        let values = values.iter_mut().map(|column| &mut **column);
        let jacobian = jacobian.iter_mut().map(|column| &mut **column);
        let mut all: Vec<&mut [f64]> = values.chain(jacobian).collect();
        Ok(slopes.batch().run(columns, &mut all)?)
    }

    /// The sum of each function over `points` points, whose values are not stored; the same bits for any number of
    /// threads.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let f = graph.parse("(x - 1)^2")?.compile(&["x"])?;
    /// assert_eq!(f.sums_over(&[&[1.0, 2.0, 3.0]], 3)?, [5.0]);
    /// assert_eq!(f.means_over(&[&[1.0, 3.0]], 2)?, [2.0]);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`FunctionError::Columns`].
    pub fn sums_over(&self, columns: &[&[f64]], points: usize) -> Result<Vec<f64>, FunctionError> {
        Ok(self.values.batch().sums(columns, points)?)
    }

    /// The mean of each function over `points` points, NaN if there is none; see [`sums_over`](Self::sums_over).
    ///
    /// # Errors
    /// [`FunctionError::Columns`].
    pub fn means_over(&self, columns: &[&[f64]], points: usize) -> Result<Vec<f64>, FunctionError> {
        Ok(self.values.batch().means(columns, points)?)
    }
}

fn check(what: &'static str, found: usize, expected: usize) -> Result<(), BatchError> {
    match found == expected {
        true => Ok(()),
        false => Err(BatchError::Columns {
            what,
            expected,
            found,
        }),
    }
}
