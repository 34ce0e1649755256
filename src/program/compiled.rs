//! A function of several variables, ready to be called often: by number, from many threads, without allocation.

use std::cell::Cell;
use std::sync::OnceLock;

use super::batch::{Batch, BatchError};
use super::{Options, Program, ProgramError};
use crate::numeric::EvalError;

/// What runs a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// The fastest that there is.
    #[default]
    Auto,
    /// The interpreter, which works everywhere and is ready at once.
    Interpreter,
    /// Code of the processor, made at run time.
    Native,
}

impl Backend {
    /// How programs are best made for this backend.
    pub fn options(self) -> Options {
        match self {
            // Without an instruction for it (this crate is compiled for processors that may have none) the standard
            // library computes a fused product in software: 10 ns, where a product and a sum take 4.
            Backend::Auto | Backend::Interpreter => Options {
                fuse: cfg!(target_feature = "fma") || cfg!(target_arch = "aarch64"),
                ..Options::default()
            },
            Backend::Native => Options::default(),
        }
    }
}

/// Why a compiled function could not be made or called.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FunctionError {
    /// There is no program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The backend asked for is not part of this build.
    #[error("there is no backend {0:?} in this build")]
    NoBackend(Backend),
    /// A slice has not the length that is needed.
    #[error("{what} has {found} numbers where {expected} are needed")]
    Length {
        /// Which argument.
        what: &'static str,
        /// How many numbers it must have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// A single value or gradient was asked of several functions.
    #[error("there are {outputs} functions: ask for `values` and `jacobian`")]
    NotSingle {
        /// How many functions there are.
        outputs: usize,
    },
    /// It was made without these derivatives.
    #[error("the function was compiled without its {0}")]
    NotCompiled(&'static str),
    /// There are too many columns or too few, or they are not all of the same length.
    #[error(transparent)]
    Columns(#[from] BatchError),
}

/// One or several functions of the same variables, with the derivatives that were asked for when they were compiled.
///
/// Made by [`Expr::compile`](crate::Expr::compile) and [`compile`](crate::compile()). Points list the variables in the
/// order given there. A call allocates nothing, but for the first one in a thread.
///
/// ```
/// let graph = gradus::Graph::new();
/// let f = graph.parse("x^2*y + exp(y)")?.compile(&["x", "y"])?;
/// assert_eq!(f.value(&[3.0, 0.0])?, 1.0);
/// let mut gradient = [0.0; 2];
/// f.gradient(&[3.0, 0.0], &mut gradient)?;
/// assert_eq!(gradient, [0.0, 10.0]);
/// assert!(f.value(&[3.0]).is_err());
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CompiledFunction {
    pub(super) variables: Vec<String>,
    pub(super) outputs: usize,
    pub(super) values: Engine,
    /// The values, then the Jacobian row by row.
    pub(super) slopes: Option<Engine>,
    /// A Hessian a function: of each row what stands on the diagonal and right of it.
    curvatures: Option<Engine>,
}

/// The programs of a [`CompiledFunction`], all with the same inputs.
pub(crate) struct Parts {
    pub(crate) values: Program,
    /// Outputs: the values, then the Jacobian row by row.
    pub(crate) slopes: Option<Program>,
    /// Outputs: of each row of each Hessian what stands on the diagonal and right of it.
    pub(crate) curvatures: Option<Program>,
}

impl CompiledFunction {
    pub(crate) fn new(
        variables: Vec<String>,
        parts: Parts,
        backend: Backend,
    ) -> Result<CompiledFunction, FunctionError> {
        let engine = |program| Engine::new(program, backend);
        Ok(CompiledFunction {
            variables,
            outputs: parts.values.outputs(),
            values: engine(parts.values)?,
            slopes: parts.slopes.map(engine).transpose()?,
            curvatures: parts.curvatures.map(engine).transpose()?,
        })
    }

    /// The names of the variables, in the order of a point.
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// How many functions there are.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The value of the only function.
    ///
    /// # Errors
    /// [`FunctionError::Length`], [`FunctionError::NotSingle`].
    pub fn value(&self, point: &[f64]) -> Result<f64, FunctionError> {
        self.check_single()?;
        self.check_point(point)?;
        Ok(self.values.run(point, |found| found[0]))
    }

    /// Writes the value of each function.
    ///
    /// # Errors
    /// [`FunctionError::Length`].
    pub fn values(&self, point: &[f64], values: &mut [f64]) -> Result<(), FunctionError> {
        self.check_point(point)?;
        check("the slice for values", values, self.outputs)?;
        self.values
            .run(point, |found| values.copy_from_slice(found));
        Ok(())
    }

    /// Writes the derivatives of the only function by each variable.
    ///
    /// # Errors
    /// [`FunctionError::Length`], [`FunctionError::NotSingle`], [`FunctionError::NotCompiled`].
    pub fn gradient(&self, point: &[f64], gradient: &mut [f64]) -> Result<(), FunctionError> {
        self.value_and_gradient(point, gradient).map(|_| ())
    }

    /// The value, and the gradient written: together they cost little more than the gradient.
    ///
    /// # Errors
    /// As [`gradient`](Self::gradient).
    pub fn value_and_gradient(
        &self,
        point: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, FunctionError> {
        self.check_single()?;
        self.check_point(point)?;
        check("the slice for a gradient", gradient, self.variables.len())?;
        let slopes = self.slopes.as_ref();
        let slopes = slopes.ok_or(FunctionError::NotCompiled("first derivatives"))?;
        Ok(slopes.run(point, |found| {
            gradient.copy_from_slice(&found[1..]);
            found[0]
        }))
    }

    /// Writes the derivatives of every function by every variable: a row a function, one after the other.
    ///
    /// # Errors
    /// [`FunctionError::Length`], [`FunctionError::NotCompiled`].
    pub fn jacobian(&self, point: &[f64], jacobian: &mut [f64]) -> Result<(), FunctionError> {
        self.check_point(point)?;
        let size = self.outputs * self.variables.len();
        check("the slice for a Jacobian", jacobian, size)?;
        let slopes = self.slopes.as_ref();
        let slopes = slopes.ok_or(FunctionError::NotCompiled("first derivatives"))?;
        slopes.run(point, |found| {
            jacobian.copy_from_slice(&found[self.outputs..])
        });
        Ok(())
    }

    /// Writes the second derivatives, row by row; of several functions, one matrix after the other.
    ///
    /// # Errors
    /// [`FunctionError::Length`], [`FunctionError::NotCompiled`].
    pub fn hessian(&self, point: &[f64], hessian: &mut [f64]) -> Result<(), FunctionError> {
        self.check_point(point)?;
        let n = self.variables.len();
        check("the slice for a Hessian", hessian, self.outputs * n * n)?;
        let curvatures = self.curvatures.as_ref();
        let curvatures = curvatures.ok_or(FunctionError::NotCompiled("second derivatives"))?;
        curvatures.run(point, |found| {
            let mut found = found.iter();
            for matrix in 0..self.outputs {
                let at = |row: usize, column: usize| (matrix * n + row) * n + column;
                for row in 0..n {
                    for column in row..n {
                        let &value = found.next().expect("a triangle a function");
                        hessian[at(row, column)] = value;
                        hessian[at(column, row)] = value;
                    }
                }
            }
        });
        Ok(())
    }

    pub(super) fn check_single(&self) -> Result<(), FunctionError> {
        match self.outputs {
            1 => Ok(()),
            outputs => Err(FunctionError::NotSingle { outputs }),
        }
    }

    fn check_point(&self, point: &[f64]) -> Result<(), FunctionError> {
        check("the point", point, self.variables.len())
    }
}

fn check(what: &'static str, slice: &[f64], expected: usize) -> Result<(), FunctionError> {
    match slice.len() {
        found if found == expected => Ok(()),
        found => Err(FunctionError::Length {
            what,
            expected,
            found,
        }),
    }
}

/// A program with what runs it.
#[derive(Clone, Debug)]
pub(super) struct Engine {
    runner: Runner,
    /// The same over columns: made when it is first asked for, then kept.
    batch: OnceLock<Batch>,
}

#[derive(Clone, Debug)]
enum Runner {
    Interpreter(Program),
}

impl Engine {
    fn new(program: Program, backend: Backend) -> Result<Engine, FunctionError> {
        if program.needs_complex() {
            return Err(ProgramError::from(EvalError::NeedsComplex).into());
        }
        match backend {
            Backend::Auto | Backend::Interpreter => Ok(Engine {
                runner: Runner::Interpreter(program),
                batch: OnceLock::new(),
            }),
            Backend::Native => Err(FunctionError::NoBackend(backend)),
        }
    }

    /// Hands the outputs at a point to `then`.
    fn run<R>(&self, point: &[f64], then: impl FnOnce(&[f64]) -> R) -> R {
        let Runner::Interpreter(program) = &self.runner;
        with_scratch(program.registers(), |scratch| {
            then(program.run_in(point, scratch))
        })
    }

    /// What runs the program over columns.
    pub(super) fn batch(&self) -> &Batch {
        self.batch.get_or_init(|| {
            let Runner::Interpreter(program) = &self.runner;
            Batch::new(program).expect("no engine is made of complex programs")
        })
    }
}

thread_local! {
    /// Registers for whatever runs in this thread: grown when a larger program comes, kept until the thread ends.
    static SCRATCH: Cell<Vec<f64>> = const { Cell::new(Vec::new()) };
}

fn with_scratch<R>(size: usize, run: impl FnOnce(&mut [f64]) -> R) -> R {
    // While a thread ends its scratch may be gone already.
    let mut scratch = SCRATCH.try_with(Cell::take).unwrap_or_default();
    if scratch.len() < size {
        scratch.resize(size, 0.0);
    }
    let result = run(&mut scratch[..size]);
    let _ = SCRATCH.try_with(|kept| kept.set(scratch));
    result
}
