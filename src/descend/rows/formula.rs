//! A formula over rows, ready to be planned: reductions in their order, each with its derivatives.

use crate::expr::{Arena, Id, Node, Reduction, SymbolId, walk};
pub use crate::program::batch::Term;
use crate::program::{ProgramError, batch::BatchError};

/// An expression with derivatives of it, those left out that are 0 as formulas.
///
/// Derivatives go by *numbers*: the parameters come first, in their order, then the results of the reductions in theirs.
#[derive(Clone, Debug, Default)]
pub struct Differentiated {
    /// First derivatives: by which number, and the formula.
    pub slopes: Vec<(usize, Id)>,
    /// Second derivatives by two numbers, the first not larger than the second.
    pub curvatures: Option<Vec<(usize, usize, Id)>>,
}

/// A reduction: all values of an expression become one number.
#[derive(Clone, Debug)]
pub struct Stage {
    /// How.
    pub by: Reduction,
    /// The expression, of columns, parameters, and results of stages before.
    pub of: Id,
    /// Its derivatives.
    pub derivatives: Differentiated,
    /// The same expression of linear forms, if it is of some.
    pub linear: Option<Linear>,
    /// The variable that stands for the result.
    pub result: SymbolId,
}

/// A linear form of columns: sums of `number*column`, and numbers alone.
#[derive(Clone, Debug)]
pub struct Form {
    /// What stands for it.
    pub variable: SymbolId,
    /// What is added up; numbers are the parameters, then the results.
    pub terms: Vec<Term>,
}

/// An expression of columns, numbers and linear forms of columns, with its first derivatives, those left out that are 0.
#[derive(Clone, Debug)]
pub struct Linear {
    /// The expression.
    pub of: Id,
    /// The forms that occur in it.
    pub forms: Vec<Form>,
    /// By numbers, as far as they occur outside of the forms.
    pub slopes: Vec<(usize, Id)>,
    /// By forms.
    pub adjoints: Vec<(usize, Id)>,
}

/// What makes a formula a sum of squares: `factor` times the sum, or the mean, of the squares of an expression.
#[derive(Clone, Debug)]
pub struct Squares {
    /// What is squared, of columns and parameters.
    pub root: Id,
    /// Its derivative by each parameter.
    pub slopes: Vec<Id>,
    /// A number above 0.
    pub factor: f64,
    /// Is the sum divided by the number of rows?
    pub mean: bool,
}

/// A formula over rows.
#[derive(Clone, Debug)]
pub struct RowsFormula {
    /// What is moved.
    pub parameters: Vec<SymbolId>,
    /// What the rows hold.
    pub columns: Vec<SymbolId>,
    /// The reductions, each behind those that it contains.
    pub stages: Vec<Stage>,
    /// The value, of parameters and results.
    pub value: Id,
    /// Its derivatives.
    pub derivatives: Differentiated,
    /// If it is a sum of squares: of what.
    pub squares: Option<Squares>,
}

/// Why there is no objective.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RowsError {
    /// There is no program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The imaginary unit occurs.
    #[error(transparent)]
    Batch(#[from] BatchError),
}

impl RowsFormula {
    /// The variables of the stages, in the order in which programs take them: columns, parameters, results.
    pub fn variables(&self) -> Vec<SymbolId> {
        let columns = self.columns.iter().copied();
        columns.chain(self.numbers()).collect()
    }

    /// Parameters, then results.
    pub fn numbers(&self) -> impl Iterator<Item = SymbolId> {
        let results = self.stages.iter().map(|stage| stage.result);
        self.parameters.iter().copied().chain(results)
    }

    /// Are all second derivatives there?
    pub(super) fn has_curvatures(&self) -> bool {
        let stages = self.stages.iter().map(|stage| &stage.derivatives);
        let mut all = stages.chain([&self.derivatives]);
        all.all(|derivatives| derivatives.curvatures.is_some())
    }

    /// Which stages can be reduced in one pass: those of the first list need no results, those of each other list results
    /// of the lists before.
    pub(super) fn levels(&self, arena: &Arena) -> Vec<Vec<usize>> {
        let mut level_of: Vec<usize> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let used = walk::symbols(arena, &[stage.of]);
            let below = (self.stages.iter().zip(&level_of))
                .filter(|(other, _)| used.contains(&other.result))
                .map(|(_, level)| level + 1);
            level_of.push(below.max().unwrap_or(0));
        }
        let count = level_of.iter().max().map_or(0, |last| last + 1);
        let of_level = |level| {
            let stages = level_of.iter().enumerate();
            stages.filter_map(move |(at, &l)| (l == level).then_some(at))
        };
        (0..count).map(|level| of_level(level).collect()).collect()
    }

    /// Is it a sum of terms over single rows, and of terms without rows? That is what random rows estimate without bias:
    /// its value and its derivatives must be affine in results which are themselves sums or means.
    pub(super) fn is_sum_over_rows(&self, arena: &Arena) -> bool {
        let sums = |stage: &Stage| matches!(stage.by, Reduction::Sum | Reduction::Mean);
        let flat = self.levels(arena).len() == 1;
        flat && self.stages.iter().all(sums) && self.is_affine(arena)
    }

    fn is_affine(&self, arena: &Arena) -> bool {
        let order = walk::Order::of(arena, &[self.value]);
        let is_result = |s| self.stages.iter().any(|stage| stage.result == s);
        // By node: 0 where no result occurs, 1 where it is affine in the results, 2 elsewhere.
        let mut degrees: Vec<u8> = Vec::with_capacity(order.len());
        for &id in &order.ids {
            let of = |child: Id| degrees[order.position(child)];
            let node = arena.node(id);
            let degree = match node {
                Node::Symbol(s) => u8::from(is_result(s)),
                Node::Add(a, b) => of(a).max(of(b)),
                Node::Mul(a, b) => of(a) + of(b),
                Node::If(c, a, b) if of(c) == 0 => of(a).max(of(b)),
                _ => 2 * node.children().map(of).max().unwrap_or(0),
            };
            degrees.push(degree.min(2));
        }
        degrees[order.position(self.value)] < 2
    }
}
