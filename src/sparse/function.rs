//! A sparse matrix of derivatives as a function of the point: by number, without allocation.

use std::cell::Cell;

use super::{Coloring, Pattern, Plan, SparseMatrix};
use crate::numeric::EvalError;
use crate::numeric::dual::Moving;
use crate::program::{Backend, Engine, FunctionError, Program, ProgramError, check, with_outputs};

/// How the entries are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By a program whose outputs are the entries, each once: one sweep a colour is done on formulas beforehand.
    Entries,
    /// By dual numbers: a run of the functions (of a Hessian: of the gradient) for each colour. Ready sooner, and small.
    Compressed,
}

/// A Jacobian or Hessian with a fixed pattern, ready to be called often and from many threads.
///
/// Made by [`compile_sparse_jacobian`](crate::compile_sparse_jacobian) and
/// [`Expr::compile_sparse_hessian`](crate::Expr::compile_sparse_hessian). A call allocates nothing, but for the first one
/// in a thread.
///
/// ```
/// use gradus::{CompileSparse, Graph};
/// let graph = Graph::new();
/// let f = graph.parse("x^2*y + y*z")?;
/// let hessian = f.compile_sparse_hessian(&["x", "y", "z"], CompileSparse::default())?;
/// assert_eq!(hessian.pattern().indices(), [0, 1, 0, 2, 1]); // by rows: xx xy | yx yz | zy
/// let mut values = [0.0; 5];
/// hessian.evaluate(&[3.0, 5.0, 7.0], &mut values)?;
/// assert_eq!(values, [10.0, 6.0, 6.0, 1.0, 1.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SparseFunction {
    variables: Vec<String>,
    plan: Plan,
    work: Work,
}

#[derive(Clone, Debug)]
enum Work {
    Entries(Engine, usize),
    Compressed(Program),
}

impl SparseFunction {
    /// By entries: the program's outputs are the plan's reads.
    pub(crate) fn entries(
        variables: Vec<String>,
        plan: Plan,
        program: Program,
        backend: Backend,
    ) -> Result<SparseFunction, FunctionError> {
        assert_eq!(program.outputs(), plan.reads.len());
        let instructions = program.instructions().len();
        Ok(SparseFunction {
            variables,
            plan,
            work: Work::Entries(Engine::new(program, 0, backend)?, instructions),
        })
    }

    /// Compressed: the program's outputs are the rows, of which the plan adds up columns.
    pub(crate) fn compressed(
        variables: Vec<String>,
        plan: Plan,
        program: Program,
    ) -> Result<SparseFunction, FunctionError> {
        assert_eq!(program.outputs(), plan.pattern().rows());
        assert_eq!(plan.side(), super::Side::Columns);
        if program.needs_complex() {
            return Err(ProgramError::from(EvalError::NeedsComplex).into());
        }
        Ok(SparseFunction {
            variables,
            plan,
            work: Work::Compressed(program),
        })
    }

    /// The names of the variables, in the order of a point and of the columns.
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// Where the entries are: every other entry is 0 everywhere.
    pub fn pattern(&self) -> &Pattern {
        self.plan.pattern()
    }

    /// The colours by which the entries are found.
    pub fn coloring(&self) -> &Coloring {
        self.plan.coloring()
    }

    /// How the entries are computed.
    pub fn method(&self) -> Method {
        match self.work {
            Work::Entries(..) => Method::Entries,
            Work::Compressed(_) => Method::Compressed,
        }
    }

    /// How many instructions a call takes, those that are run again for each colour counted again.
    pub fn instructions(&self) -> usize {
        match &self.work {
            Work::Entries(_, count) => *count,
            Work::Compressed(program) => program.instructions().len() * self.coloring().count(),
        }
    }

    /// Writes the entries at a point, in the order of the [pattern](Self::pattern).
    ///
    /// # Errors
    /// [`FunctionError::Length`].
    pub fn evaluate(&self, point: &[f64], values: &mut [f64]) -> Result<(), FunctionError> {
        check("the point", point, self.variables.len())?;
        check("the slice for entries", values, self.pattern().len())?;
        let plan = &self.plan;
        match &self.work {
            Work::Entries(engine, _) => with_outputs(engine.outputs(), |found| {
                engine.run(point, &mut [], found);
                for (read, &value) in plan.reads.iter().zip(&*found) {
                    values[read.entry as usize] = value;
                    values[read.mirrored as usize] = value;
                }
            }),
            Work::Compressed(program) => with_scratch(|scratch| {
                let colors = plan.coloring().colors();
                for color in 0..plan.coloring().count() {
                    let direction = |at: usize| f64::from(u8::from(colors[at] as usize == color));
                    let found = program.run_moving(point, direction, scratch);
                    for read in plan.reads(color) {
                        let value = found[read.line as usize].dual().slope;
                        values[read.entry as usize] = value;
                        values[read.mirrored as usize] = value;
                    }
                }
            }),
        }
        Ok(())
    }

    /// The matrix at a point.
    ///
    /// # Errors
    /// [`FunctionError::Length`].
    pub fn matrix(&self, point: &[f64]) -> Result<SparseMatrix, FunctionError> {
        let mut values = vec![0.0; self.pattern().len()];
        self.evaluate(point, &mut values)?;
        let pattern = self.pattern().clone();
        Ok(SparseMatrix { pattern, values })
    }
}

thread_local! {
    /// Registers for dual numbers, kept until the thread ends.
    static SCRATCH: Cell<Vec<Moving<f64>>> = const { Cell::new(Vec::new()) };
}

fn with_scratch(run: impl FnOnce(&mut Vec<Moving<f64>>)) {
    // While a thread ends its scratch may be gone already.
    let mut scratch = SCRATCH.try_with(Cell::take).unwrap_or_default();
    run(&mut scratch);
    let _ = SCRATCH.try_with(|kept| kept.set(scratch));
}
