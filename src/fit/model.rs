//! A model with its derivatives, ready for columns; and the data it is fitted to.

use crate::expr::{Arena, Id, SymbolId, walk};
use crate::numeric::EvalError;
use crate::program::batch::{Level, SharedBatch};
use crate::program::{Options, Program, ProgramError};

/// What is fitted: a formula `f(x; b)` of columns x and parameters b, and its derivatives by the parameters.
///
/// Made of nodes by [`Model::new`], or of text by [`crate::fit()`].
#[derive(Clone, Debug)]
pub struct Model {
    /// Inputs: the columns, then the parameters. Outputs: the derivatives by each parameter, then the value.
    pub(super) program: Program,
    pub(super) batch: SharedBatch,
    /// The same where all parameters are 0, with what is left of the value then: of linear models, for which that is enough.
    pub(super) at_zero: Option<SharedBatch>,
    pub(super) level: Level,
    pub(super) columns: usize,
    pub(super) parameters: usize,
    /// By derivative: the parameters that occur in it.
    pub(super) occurs: Vec<Vec<bool>>,
    /// By derivative: is it a number?
    pub(super) constant: Vec<bool>,
}

impl Model {
    /// From the nodes of the model and of its derivatives by each of the `parameters`; other variables are `columns`.
    ///
    /// # Errors
    /// [`ProgramError`] if there is another variable, or the imaginary unit.
    ///
    /// # Panics
    /// If there are not as many derivatives as parameters.
    pub fn new(
        arena: &Arena,
        value: Id,
        derivatives: &[Id],
        columns: &[SymbolId],
        parameters: &[SymbolId],
    ) -> Result<Model, ProgramError> {
        assert_eq!(
            derivatives.len(),
            parameters.len(),
            "a derivative a parameter"
        );
        let roots = [derivatives, &[value]].concat();
        let inputs = [columns, parameters].concat();
        let program = Program::new(arena, &roots, &inputs, Options::default())?;
        let level = Level::best();
        let batch = SharedBatch::new(&program, columns.len(), level)
            .map_err(|_| ProgramError::from(EvalError::NeedsComplex))?;
        let symbols: Vec<Vec<SymbolId>> = (derivatives.iter())
            .map(|&id| walk::symbols(arena, &[id]))
            .collect();
        let occurs: Vec<Vec<bool>> = (symbols.iter())
            .map(|found| parameters.iter().map(|p| found.contains(p)).collect())
            .collect();
        let at_zero = match occurs.iter().flatten().any(|&occurs| occurs) {
            true => None,
            false => {
                let offset = without(arena, value, parameters);
                let roots = [derivatives, &[offset.1]].concat();
                let program = Program::new(&offset.0, &roots, &inputs, Options::default())?;
                SharedBatch::new(&program, columns.len(), level).ok()
            }
        };
        Ok(Model {
            program,
            batch,
            at_zero,
            level,
            columns: columns.len(),
            parameters: parameters.len(),
            occurs,
            constant: symbols.iter().map(Vec::is_empty).collect(),
        })
    }

    /// How many columns it reads.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many parameters it has.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// Is it linear in all its parameters? Then the least squares are found in one step.
    pub fn is_linear(&self) -> bool {
        self.occurs.iter().flatten().all(|&occurs| !occurs)
    }

    /// Has it a parameter that is added to everything? Then the fit is compared with the mean, and not with 0.
    pub fn has_intercept(&self) -> bool {
        (self.constant.iter().zip(&self.occurs))
            .any(|(&constant, occurs)| constant && !occurs.contains(&true))
    }

    /// Parameters in which the model is linear together, the others being fixed.
    pub(super) fn linear_together(&self) -> Vec<bool> {
        let mut chosen = vec![false; self.parameters];
        for k in 0..self.parameters {
            let apart = |other: usize| !self.occurs[k][other] && !self.occurs[other][k];
            chosen[k] = !self.occurs[k][k] && (0..k).all(|j| !chosen[j] || apart(j));
        }
        chosen
    }

    /// The value and the derivatives by each parameter at a point of the columns.
    ///
    /// # Panics
    /// If there are more or fewer numbers than columns or parameters.
    pub fn value_and_gradient(&self, point: &[f64], parameters: &[f64]) -> (f64, Vec<f64>) {
        let inputs = [point, parameters].concat();
        let mut registers = vec![0.0; self.program.registers()];
        let mut outputs = self.program.run_in(&inputs, &mut registers).to_vec();
        let value = outputs.pop().expect("the value is the last output");
        (value, outputs)
    }
}

/// A copy of the graph, and in it the value where all parameters are 0.
fn without(arena: &Arena, value: Id, parameters: &[SymbolId]) -> (Arena, Id) {
    let mut copy = arena.clone();
    let zero = copy.number(0);
    let zeros = parameters.iter().map(|&p| (copy.symbol_node(p), zero));
    let zeros: Vec<(Id, Id)> = zeros.collect();
    let value = walk::substitute(&mut copy, &[value], &zeros.into_iter().collect())[0];
    (copy, value)
}

/// So many numbers of a table are kept in memory, 2 GiB, for models that need all rows at every step.
pub const MAX_NUMBERS: usize = 1 << 28;

/// What a model is fitted to, a number a row in every column.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    /// The columns of the model, in its order.
    pub columns: &'a [&'a [f64]],
    /// What the model should give.
    pub response: &'a [f64],
    /// How much each row counts: its squared residual is multiplied by this. All rows alike if there are none.
    pub weights: Option<&'a [f64]>,
    /// Were the numbers decimals of at most 15 digits, such as 0.1? Then the last digits of a fit are those of the decimals,
    /// and not of the doubles next to them.
    pub decimal: bool,
    /// What is missing to the response where it was computed, as in `log(y)`, to doubled precision.
    pub response_tail: Option<&'a [f64]>,
}

impl<'a> Data<'a> {
    /// Columns and a response, every row with the same weight.
    pub fn new(columns: &'a [&'a [f64]], response: &'a [f64]) -> Data<'a> {
        Data {
            columns,
            response,
            weights: None,
            decimal: false,
            response_tail: None,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.response.len()
    }
}
