//! Linear models: one pass over the rows, which need not be in memory together.

use super::error::{FitError, check, not_finite};
use super::evaluate::Evaluator;
use super::finish::finish;
use super::outcome::Fit;
use super::search::{Ended, Found};
use super::shape::Shape;
use super::totals::Totals;
use super::triangle::Triangle;
use super::{Data, Loss, Model, Options};

/// A linear model being fitted to rows that come in parts, which are forgotten again.
///
/// ```
/// use gradus::Graph;
/// use gradus::fit::{Data, LinearFit, Model, Options};
/// let graph = Graph::new();
/// let (f, names) = (graph.parse("a + b*x")?, ["x", "a", "b"]);
/// let slopes: Vec<_> = f.gradient(&["a", "b"])?.iter().map(|s| s.id()).collect();
/// let arena = graph.arena();
/// let [x, a, b] = names.map(|name| arena.find_symbol(name).expect("it occurs"));
/// let model = Model::new(&arena, f.id(), &slopes, &[x], &[a, b])?;
/// let mut fit = LinearFit::new(&model, &Options::default())?;
/// fit.add(&Data::new(&[&[1.0, 2.0]], &[3.0, 5.0]))?;
/// fit.add(&Data::new(&[&[3.0, 4.0]], &[7.0, 9.0]))?;
/// let fit = fit.finish()?;
/// assert!((fit.parameters[0] - 1.0).abs() < 1e-14 && (fit.parameters[1] - 2.0).abs() < 1e-14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LinearFit<'m> {
    model: &'m Model,
    options: Options<'m>,
    triangle: Triangle,
    totals: Totals,
    rows: u64,
}

impl<'m> LinearFit<'m> {
    /// Of no rows yet. The options of a search are of no use here.
    ///
    /// # Errors
    /// [`FitError::NotLinear`] where a derivative contains a parameter, or there are bounds or a loss.
    pub fn new(model: &'m Model, options: &Options<'m>) -> Result<LinearFit<'m>, FitError> {
        match is_linear(model, options) {
            true => Ok(LinearFit {
                model,
                options: *options,
                triangle: Triangle::new(model.parameters + 1),
                totals: Totals::default(),
                rows: 0,
            }),
            false => Err(FitError::NotLinear),
        }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// [`FitError`]: columns of different lengths, numbers that are not finite.
    pub fn add(&mut self, data: &Data<'_>) -> Result<(), FitError> {
        let no_start = vec![None; self.model.parameters];
        // Whether there are rows enough is seen at the end.
        match check(self.model, data, &no_start, &self.options) {
            Ok(()) | Err(FitError::TooFewRows { .. }) => {}
            Err(error) => return Err(error),
        }
        let mut evaluator = Evaluator::at_zero(self.model, *data);
        let mut part = Triangle::new(self.model.parameters + 1);
        evaluator.evaluate(&vec![0.0; self.model.parameters], &mut part);
        if !part.is_finite() {
            return Err(not_finite(self.model, data));
        }
        self.triangle.join(&part);
        self.totals.add(data);
        self.rows += data.rows() as u64;
        Ok(())
    }

    /// The fit to all rows.
    ///
    /// # Errors
    /// [`FitError::TooFewRows`], [`FitError::NoWeight`].
    pub fn finish(self) -> Result<Fit, FitError> {
        self.finish_with(None)
    }

    /// The same, polished if these are all the rows.
    pub(super) fn finish_with(mut self, all: Option<&Data<'_>>) -> Result<Fit, FitError> {
        let n = self.model.parameters;
        if self.rows > 0 && self.totals.weight == 0.0 {
            return Err(FitError::NoWeight);
        }
        let rows = self.totals.rows;
        if rows < n as u64 && self.options.ridge == 0.0 || rows == 0 {
            return Err(FitError::TooFewRows {
                rows: rows as usize,
                parameters: n,
            });
        }
        self.triangle.pull(self.options.ridge.sqrt(), &vec![0.0; n]);
        let shape = Shape::of(&self.triangle, &(0..n).collect::<Vec<usize>>());
        let parameters = shape.shortest_solution(&self.triangle);
        // What the pseudo-inverse leaves is added to the last entry of the column.
        let mut objective = self.triangle.at(n, n).powi(2);
        for row in 0..n {
            let fitted: f64 = (row..n)
                .map(|k| self.triangle.at(row, k) * parameters[k])
                .sum();
            objective += (self.triangle.at(row, n) - fitted).powi(2);
        }
        let found = Found {
            parameters,
            triangle: self.triangle,
            objective,
            ended: Ended::Solved,
            iterations: 1,
            contraction: 0.0,
        };
        let everywhere = vec![(f64::NEG_INFINITY, f64::INFINITY); n];
        let (model, options) = (self.model, &self.options);
        Ok(finish(
            model,
            options,
            &everywhere,
            found,
            1,
            &self.totals,
            all,
        ))
    }
}

/// Is it solved in one step?
pub(super) fn is_linear(model: &Model, options: &Options<'_>) -> bool {
    let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
    let unbounded = (options.bounds).is_none_or(|b| b.iter().all(|&b| b == everywhere));
    model.is_linear() && unbounded && options.loss == Loss::Squares
}
