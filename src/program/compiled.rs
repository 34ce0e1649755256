//! A function of several variables, ready to be called often: by number, from many threads, without allocation.

use super::batch::BatchError;
use super::engine::{Engine, with_outputs};
use super::{Options, Program, ProgramError};

/// What runs a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// The interpreter at first, and native code, if there is any, as soon as the calls so far would have paid for it.
    /// That happens within one call, which takes longer: by some 80 nanoseconds an instruction, or 3 microseconds where
    /// cranelift makes the code. The results are the same.
    #[default]
    Auto,
    /// The interpreter, which works everywhere and is ready at once.
    Interpreter,
    /// Code of the processor, made when the function is.
    Native,
    /// The same by the cranelift compiler, also where there is something quicker. It is there to check the other by:
    /// results are the same, and making it takes 40 times as long.
    Cranelift,
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
            Backend::Native | Backend::Cranelift => Options::default(),
        }
    }
}

/// Why a compiled function could not be made or called.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FunctionError {
    /// There is no program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// Native code was asked for, and there is none.
    #[error("there is no native code: {0}")]
    NoNativeCode(String),
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

/// What runs a part of a compiled function at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Running {
    /// The interpreter.
    Interpreter,
    /// Native code.
    Native,
    /// The interpreter, for good: there is no native code, and here is why.
    InterpreterOnly(String),
}

/// What runs each part of a compiled function at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// What `value` and `values` use.
    pub values: Running,
    /// What `gradient` and `jacobian` use.
    pub slopes: Option<Running>,
    /// What `hessian` uses.
    pub curvatures: Option<Running>,
}

/// One or several functions of the same variables, with the derivatives that were asked for when they were compiled.
///
/// Made by [`Expr::compile`](crate::Expr::compile) and [`compile`](crate::compile()). Points list the variables in the
/// order given there. A call allocates nothing, unless it is the one in which [`Backend::Auto`] makes native code, or the
/// function needs more room than any that its thread has called before.
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
        let outputs = parts.values.outputs();
        let engine = |program, head| Engine::new(program, head, backend);
        let slopes = parts.slopes.map(|program| engine(program, outputs));
        let curvatures = parts.curvatures.map(|program| engine(program, 0));
        Ok(CompiledFunction {
            variables,
            outputs,
            values: engine(parts.values, outputs)?,
            slopes: slopes.transpose()?,
            curvatures: curvatures.transpose()?,
        })
    }

    /// What runs it at present: [`Backend::Auto`] changes that on the way.
    pub fn status(&self) -> Status {
        Status {
            values: self.values.running(),
            slopes: self.slopes.as_ref().map(Engine::running),
            curvatures: self.curvatures.as_ref().map(Engine::running),
        }
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
        let mut value = [0.0];
        self.values.run(point, &mut value, &mut []);
        Ok(value[0])
    }

    /// Writes the value of each function.
    ///
    /// # Errors
    /// [`FunctionError::Length`].
    pub fn values(&self, point: &[f64], values: &mut [f64]) -> Result<(), FunctionError> {
        self.check_point(point)?;
        check("the slice for values", values, self.outputs)?;
        self.values.run(point, values, &mut []);
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
        let mut value = [0.0];
        slopes.run(point, &mut value, gradient);
        Ok(value[0])
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
        with_outputs(self.outputs, |values| slopes.run(point, values, jacobian));
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
        with_outputs(curvatures.outputs(), |triangles| {
            curvatures.run(point, &mut [], triangles);
            let mut found = triangles.iter();
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

pub(crate) fn check(
    what: &'static str,
    slice: &[f64],
    expected: usize,
) -> Result<(), FunctionError> {
    match slice.len() {
        found if found == expected => Ok(()),
        found => Err(FunctionError::Length {
            what,
            expected,
            found,
        }),
    }
}
