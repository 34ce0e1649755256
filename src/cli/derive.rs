//! What `gradus diff` computes, for the options and for a line of `--jsonl` alike: which derivatives, and their values.

use num_complex::Complex64;

use super::failure::Failure;
use super::problem::Problem;
use super::value::Value;
use crate::calculus;
use crate::convenience::is_defined;
use crate::expr::{Arena, Id, SymbolId};
use crate::numeric::{EvalError, Schedule, dual};
use crate::{simplify, textbook};

/// What is asked.
pub enum Task {
    /// The derivative of this order by each variable.
    Each(u32),
    /// One derivative, by each variable in turn.
    Mixed,
    /// The matrix of second derivatives.
    Hessian,
    /// The Taylor polynomial of a degree around a point.
    Taylor(u32, Id),
    /// The derivative along a direction, a part for each variable.
    Direction(Vec<Id>),
}

/// The answer: formulas by rows.
pub struct Derivatives {
    /// The simplified formulas.
    pub simple: Vec<Id>,
    /// The same as the rules gave them.
    pub raw: Vec<Id>,
    /// How many there are in a row, where they are a matrix.
    pub columns: Option<usize>,
    /// Was the budget of the simplifier enough?
    pub complete: bool,
}

/// Differentiates.
pub fn derive(
    problem: &mut Problem,
    task: &Task,
    wrt: &[SymbolId],
    tidy: bool,
) -> Result<Derivatives, Failure> {
    let mut columns = problem.is_list.then_some(wrt.len());
    let raw = match task {
        Task::Each(1) => {
            let roots = to_differentiate(problem, tidy);
            textbook::jacobian(&mut problem.arena, &roots, wrt)?.concat()
        }
        Task::Each(order) => {
            let orders: Vec<Vec<SymbolId>> =
                wrt.iter().map(|&v| vec![v; *order as usize]).collect();
            return repeated(problem, &orders, tidy, columns);
        }
        Task::Mixed => {
            columns = problem.is_list.then_some(1);
            return repeated(problem, &[wrt.to_vec()], tidy, columns);
        }
        Task::Hessian => {
            problem.single("--hessian")?;
            columns = Some(wrt.len());
            let root = to_differentiate(problem, tidy)[0];
            textbook::hessian(&mut problem.arena, root, wrt)?.concat()
        }
        Task::Taylor(degree, point) => {
            columns = problem.is_list.then_some(1);
            let tidy = |arena: &mut Arena, id| simplify::simplify(arena, id).id;
            let polynomial = |&root: &Id| {
                let degree = *degree as usize;
                let arena = &mut problem.arena;
                calculus::taylor(arena, root, wrt[0], *point, degree, tidy, is_defined)
            };
            let polynomials: Vec<Id> =
                (problem.roots.iter().map(polynomial)).collect::<Result<_, _>>()?;
            // In rising powers, as it was built: simplifying would multiply it out.
            return Ok(Derivatives {
                raw: polynomials.clone(),
                simple: polynomials,
                columns,
                complete: true,
            });
        }
        Task::Direction(parts) => {
            columns = problem.is_list.then_some(1);
            let seeds: Vec<(SymbolId, Id)> =
                wrt.iter().copied().zip(parts.iter().copied()).collect();
            let roots = to_differentiate(problem, tidy);
            calculus::forward(&mut problem.arena, &roots, &seeds)?
        }
    };
    let (simple, complete) = simplified(&mut problem.arena, &raw, tidy);
    Ok(Derivatives {
        simple,
        raw,
        columns,
        complete,
    })
}

/// What is differentiated: the formulas, or if the answer is to be `tidy` what they are when simplified, where that is
/// shorter.
fn to_differentiate(problem: &mut Problem, tidy: bool) -> Vec<Id> {
    match tidy {
        true => textbook::shortened(&mut problem.arena, &problem.roots),
        false => problem.roots.clone(),
    }
}

/// The formulas simplified, if they are to be `tidy`, and whether the budget was enough.
pub(super) fn simplified(arena: &mut Arena, raw: &[Id], tidy: bool) -> (Vec<Id>, bool) {
    if !tidy {
        return (raw.to_vec(), true);
    }
    let simple = simplify::simplify_all(arena, raw);
    let complete = simple.iter().all(|s| s.complete);
    (simple.iter().map(|s| s.id).collect(), complete)
}

/// The derivatives of every function by each list of variables in turn.
fn repeated(
    problem: &mut Problem,
    orders: &[Vec<SymbolId>],
    tidy: bool,
    columns: Option<usize>,
) -> Result<Derivatives, Failure> {
    let arena = &mut problem.arena;
    let mut derivatives = Derivatives {
        simple: Vec::new(),
        raw: Vec::new(),
        columns,
        complete: true,
    };
    for &root in &problem.roots {
        for variables in orders {
            let raw = calculus::nth_derivative(arena, root, variables, |_, id| id)?;
            derivatives.raw.push(raw);
            derivatives.simple.push(if tidy {
                let simple = textbook::nth_derivative(arena, root, variables)?;
                derivatives.complete &= simple.complete;
                simple.id
            } else {
                raw
            });
        }
    }
    Ok(derivatives)
}

/// A plan for the values of functions and derivatives at points.
pub struct Evaluator<'p> {
    problem: &'p Problem,
    /// The variables of the derivatives, where these are first partial derivatives.
    first: Option<&'p [SymbolId]>,
    schedule: Schedule,
    raw: Option<Schedule>,
    functions: usize,
    complex: bool,
    scratch: Vec<Complex64>,
}

impl<'p> Evaluator<'p> {
    /// Plans; the points give the values of `variables`, in that order. Complex numbers are used where the imaginary unit
    /// occurs.
    pub fn new(
        problem: &'p Problem,
        derivatives: &Derivatives,
        (task, wrt): (&Task, &'p [SymbolId]),
        variables: &[SymbolId],
    ) -> Result<Evaluator<'p>, EvalError> {
        let plan = |derivatives: &[Id]| {
            let roots: Vec<Id> = problem.roots.iter().chain(derivatives).copied().collect();
            Schedule::new(&problem.arena, &roots, variables)
        };
        let schedule = plan(&derivatives.simple)?;
        let raw = match derivatives.raw == derivatives.simple {
            true => None,
            false => Some(plan(&derivatives.raw)?),
        };
        let needs_complex = |schedule: &Schedule| schedule.needs_complex();
        Ok(Evaluator {
            problem,
            first: matches!(task, Task::Each(1)).then_some(wrt),
            complex: needs_complex(&schedule) || raw.as_ref().is_some_and(needs_complex),
            schedule,
            raw,
            functions: problem.roots.len(),
            scratch: Vec::new(),
        })
    }

    /// The plan, where it runs on real numbers.
    pub fn real_schedule(&self) -> Option<&Schedule> {
        (!self.complex).then_some(&self.schedule)
    }

    /// The values of the functions and of the derivatives.
    ///
    /// Formulas that are equal as mathematics are not so in doubles: 0^x*log(0)*cos(x) is NaN at 1, and 0 where the hole
    /// 0^x*log(0) is filled first. So where a simplified formula is NaN the unsimplified one has a say, and at last, for
    /// first derivatives of a finite value, dual numbers.
    pub fn values(&mut self, point: &[Value]) -> (Vec<Value>, Vec<Value>) {
        let mut functions = self.run(point, false);
        let mut derivatives = functions.split_off(self.functions);
        if derivatives.iter().any(|v| v.is_nan()) && self.raw.is_some() {
            let raw = self.run(point, true).split_off(self.functions);
            replace_nan(&mut derivatives, &raw);
        }
        if derivatives.iter().any(|v| v.is_nan())
            && functions
                .iter()
                .all(|v| matches!(v, Value::Real(x) if x.is_finite()))
            && let Some(slopes) = self.slopes(point)
        {
            replace_nan(&mut derivatives, &slopes);
        }
        (functions, derivatives)
    }

    /// The first derivatives by dual numbers.
    fn slopes(&self, point: &[Value]) -> Option<Vec<Value>> {
        let wrt = self.first?;
        let variables = self.schedule.variables();
        let functions = Schedule::new(&self.problem.arena, &self.problem.roots, variables).ok()?;
        let point: Vec<f64> = point.iter().map(|v| v.complex().re).collect();
        let mut slopes = vec![Value::Real(0.0); self.functions * wrt.len()];
        for (column, by) in wrt.iter().enumerate() {
            let direction: Vec<f64> = (variables.iter()).map(|v| f64::from(v == by)).collect();
            let found = dual::directional(&functions, &point, &direction);
            for (row, dual) in found.iter().enumerate() {
                slopes[row * wrt.len() + column] = Value::Real(dual.slope);
            }
        }
        Some(slopes)
    }

    fn run(&mut self, point: &[Value], raw: bool) -> Vec<Value> {
        let schedule = match &self.raw {
            Some(schedule) if raw => schedule,
            _ => &self.schedule,
        };
        let is_complex = |v: &Value| matches!(v, Value::Complex(_));
        if self.complex || point.iter().any(is_complex) {
            let point: Vec<Complex64> = point.iter().map(|v| v.complex()).collect();
            let values = schedule.run_complex(&point, &mut self.scratch);
            return values.iter().copied().map(Value::Complex).collect();
        }
        let point: Vec<f64> = point.iter().map(|v| v.complex().re).collect();
        schedule
            .values(&point)
            .into_iter()
            .map(Value::Real)
            .collect()
    }
}

fn replace_nan(values: &mut [Value], others: &[Value]) {
    for (value, other) in values.iter_mut().zip(others) {
        if value.is_nan() && other.is_finite() {
            *value = *other;
        }
    }
}

/// The point as a list in the order of `variables`.
pub fn point_of(
    arena: &Arena,
    variables: &[SymbolId],
    given: &[(String, Value)],
) -> Result<Vec<Value>, Failure> {
    let value = |&variable: &SymbolId| {
        let name = arena.symbol_name(variable);
        let found = given.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let name = name.to_owned();
            Failure::from(EvalError::MissingVariable { name })
        })
    };
    variables.iter().map(value).collect()
}
