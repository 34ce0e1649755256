//! Formulas over the rows of a table: from text to what a descent goes down.

use rustc_hash::FxHashMap;

use super::linear_forms::{self, Names};
use super::spelled;
use crate::calculus::{self, CalculusError};
use crate::descend::rows::{
    Differentiated, Linear, Rows, RowsError, RowsFormula, RowsObjective, Squares, Stage,
};
use crate::expr::{Arena, Id, Node, Reduction, SymbolId, walk};
use crate::syntax::print::{self, TooLong};
use crate::syntax::{self, Note, Reduced, SyntaxError};

/// Second derivatives are made for no more parameters than this: 210 columns of them in one pass.
pub const MAX_HESSIAN_PARAMETERS: usize = 20;

/// Why a formula over rows could not be read or prepared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OverRowsError {
    /// The text is not a formula.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It is a list of formulas.
    #[error("one formula is wanted here, not a list")]
    List,
    /// A column stands outside all reductions, so that there is a value for each row and not one for all.
    #[error(
        "the column `{column}` stands outside mean(...) and the like: there would be a value for each row"
    )]
    ColumnOutside {
        /// Its name.
        column: String,
    },
    /// There is no derivative.
    #[error(transparent)]
    Calculus(#[from] CalculusError),
    /// There is no program.
    #[error(transparent)]
    Rows(#[from] RowsError),
}

/// A formula in which some names are columns of a table: `mean((y - a*x)^2)`.
///
/// `mean(u)`, `sum(u)`, `min(u)` and `max(u)` go over all rows, `var(u)` is `mean((u - mean(u))^2)` (the sum of squares
/// divided by the number of rows n, not by n - 1), `std(u)` its square root. They may stand anywhere and contain each
/// other. Names that are no columns are parameters.
///
/// Where several rows attain the smallest or largest value, the derivative is the mean of theirs, as at a tie of two it is
/// half of each.
///
/// ```
/// use gradus::OverRows;
/// use gradus::descend::{GradientDescent, Objective, Stop, descend, rows::Columns};
/// let loss = OverRows::parse("mean((y - (a*x + b))^2)", &["x", "y"])?;
/// assert_eq!((loss.columns(), loss.parameters()), (vec!["x", "y"], vec!["a", "b"]));
/// let table = Columns::new(vec![vec![0.0, 1.0, 2.0], vec![1.0, 3.0, 5.0]], 3);
/// let mut loss = loss.objective(table)?;
/// assert_eq!(loss.value(&[2.0, 0.0]), 1.0);
/// let stop = Stop { tolerance: 1e-9, ..Stop::default() };
/// let found = descend(&mut loss, &mut GradientDescent { rate: 0.2 }, &[0.0, 0.0], &stop, &mut |_| ());
/// assert!((found.point[0] - 2.0).abs() < 1e-6 && (found.point[1] - 1.0).abs() < 1e-6);
/// # Ok::<(), gradus::OverRowsError>(())
/// ```
#[derive(Clone)]
pub struct OverRows {
    arena: Arena,
    value: Id,
    reductions: Vec<Reduced>,
    columns: Vec<SymbolId>,
    parameters: Vec<SymbolId>,
    notes: Vec<Note>,
}

impl OverRows {
    /// Reads a formula; `columns` are the names of all columns that there are.
    ///
    /// # Errors
    /// [`OverRowsError::Syntax`], [`OverRowsError::List`], [`OverRowsError::ColumnOutside`].
    pub fn parse(text: &str, columns: &[&str]) -> Result<OverRows, OverRowsError> {
        OverRows::parse_with(text, columns, &[])
    }

    /// The same where some names are variables whatever else they mean: `e`, `i`.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with(
        text: &str,
        columns: &[&str],
        variables: &[&str],
    ) -> Result<OverRows, OverRowsError> {
        let columns = spelled(columns);
        let columns: &[&str] = &columns.iter().map(String::as_str).collect::<Vec<_>>();
        let mut arena = Arena::new();
        let names = [variables, &syntax::free_names(columns)[..]].concat();
        let (reading, reductions) = syntax::read_over_rows(&mut arena, text, &names)?;
        if reading.is_list {
            return Err(OverRowsError::List);
        }
        let value = reading.results[0];
        let is_column = |symbol: &SymbolId| columns.contains(&arena.symbol_name(*symbol));
        if let Some(&column) = walk::symbols(&arena, &[value])
            .iter()
            .find(|s| is_column(s))
        {
            let column = arena.symbol_name(column).to_owned();
            return Err(OverRowsError::ColumnOutside { column });
        }
        let roots: Vec<Id> = reductions.iter().map(|r| r.of).chain([value]).collect();
        let is_result = |symbol: &SymbolId| reductions.iter().any(|r| r.result == *symbol);
        let symbols = walk::symbols(&arena, &roots).into_iter();
        let (columns, parameters) = symbols.filter(|s| !is_result(s)).partition(is_column);
        Ok(OverRows {
            arena,
            value,
            reductions,
            columns,
            parameters,
            notes: reading.notes,
        })
    }

    /// The mean of an expression over the rows.
    pub(super) fn mean(mut arena: Arena, of: Id, columns: &[&str], notes: Vec<Note>) -> OverRows {
        let symbols = walk::symbols(&arena, &[of]);
        // No name in a text has blanks.
        let result = arena.symbol_id("mean over the rows");
        let value = arena.symbol_node(result);
        let is_column = |symbol: &SymbolId| columns.contains(&arena.symbol_name(*symbol));
        let (columns, parameters) = symbols.into_iter().partition(is_column);
        OverRows {
            arena,
            value,
            reductions: vec![Reduced {
                by: Reduction::Mean,
                of,
                result,
            }],
            columns,
            parameters,
            notes,
        }
    }

    /// The columns that occur, sorted by name: the order in which [`objective`](Self::objective) takes them.
    pub fn columns(&self) -> Vec<&str> {
        self.names(&self.columns)
    }

    /// The parameters, sorted by name: the order of a point.
    pub fn parameters(&self) -> Vec<&str> {
        self.names(&self.parameters)
    }

    fn names(&self, symbols: &[SymbolId]) -> Vec<&str> {
        let name = |&symbol: &SymbolId| self.arena.symbol_name(symbol);
        symbols.iter().map(name).collect()
    }

    /// Remarks on readings taken.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The formula as text.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn text(&self) -> Result<String, TooLong> {
        print::text(&self.arena, self.value)
    }

    /// Sums of what is the same in every row, as text: `sum(a^2)` is a^2 times the number of rows, which is seldom meant.
    pub fn sums_without_columns(&self) -> Vec<&str> {
        let depends = |reduced: &&Reduced| {
            let symbols = walk::symbols(&self.arena, &[reduced.of]);
            !symbols.is_empty() && !symbols.iter().any(|s| self.columns.contains(s))
        };
        (self.reductions.iter())
            .filter(|reduced| reduced.by == Reduction::Sum)
            .filter(depends)
            .map(|reduced| self.arena.symbol_name(reduced.result))
            .collect()
    }

    /// What a descent goes down, with data: the rows of [`columns`](Self::columns) in that order.
    ///
    /// Second derivatives are there for at most [`MAX_HESSIAN_PARAMETERS`] parameters, where no smallest or largest value
    /// occurs; for what else it offers see [`RowsObjective`].
    ///
    /// # Errors
    /// [`OverRowsError::Calculus`], [`OverRowsError::Rows`].
    pub fn objective(&self, rows: impl Rows + 'static) -> Result<RowsObjective, OverRowsError> {
        let mut arena = self.arena.clone();
        let results: Vec<SymbolId> = self.reductions.iter().map(|r| r.result).collect();
        let numbers: Vec<SymbolId> = [&self.parameters[..], &results].concat();
        let places: FxHashMap<SymbolId, usize> =
            numbers.iter().copied().zip(0..numbers.len()).collect();
        let smooth = |r: &Reduced| matches!(r.by, Reduction::Sum | Reduction::Mean);
        let second =
            self.parameters.len() <= MAX_HESSIAN_PARAMETERS && self.reductions.iter().all(smooth);
        let columns: FxHashMap<SymbolId, usize> =
            (self.columns.iter().copied().zip(0..self.columns.len())).collect();
        let names = Names {
            numbers: &places,
            columns: &columns,
        };
        let mut stages = Vec::new();
        for (at, reduced) in self.reductions.iter().enumerate() {
            stages.push(Stage {
                by: reduced.by,
                of: reduced.of,
                linear: match smooth(reduced) {
                    true => linear(&mut arena, reduced.of, &names, &format!("form {at}"))?,
                    false => None,
                },
                derivatives: differentiate(&mut arena, reduced.of, &places, second)?,
                result: reduced.result,
            });
        }
        let formula = RowsFormula {
            value: self.value,
            derivatives: differentiate(&mut arena, self.value, &places, second)?,
            squares: self.squares(&mut arena)?,
            parameters: self.parameters.clone(),
            columns: self.columns.clone(),
            stages,
        };
        Ok(RowsObjective::new(arena, formula, Box::new(rows))?)
    }

    /// Is it a number above 0 times the mean or sum of squares?
    fn squares(&self, arena: &mut Arena) -> Result<Option<Squares>, CalculusError> {
        let [reduced] = self.reductions[..] else {
            return Ok(None);
        };
        let mean = match reduced.by {
            Reduction::Mean => true,
            Reduction::Sum => false,
            Reduction::Min | Reduction::Max => return Ok(None),
        };
        let (outer, rest) = coefficient(arena, self.value);
        let (inner, square) = coefficient(arena, reduced.of);
        let factor = outer * inner;
        let root = match (arena.node(rest), arena.node(square)) {
            (Node::Symbol(symbol), Node::Pow(root, power))
                if symbol == reduced.result && arena.as_integer(power) == Some(2) =>
            {
                root
            }
            _ => return Ok(None),
        };
        if !(factor > 0.0 && factor.is_finite()) {
            return Ok(None);
        }
        let slopes = calculus::gradient(arena, root, &self.parameters)?;
        Ok(Some(Squares {
            root,
            slopes,
            factor,
            mean,
        }))
    }
}

/// `2*u` as 2 and u.
fn coefficient(arena: &Arena, id: Id) -> (f64, Id) {
    match arena.node(id) {
        Node::Mul(a, b) => match arena.as_number(a) {
            Some(number) => (number.to_f64(), b),
            None => (1.0, id),
        },
        _ => (1.0, id),
    }
}

/// The same formula of linear forms, if there are any.
fn linear(
    arena: &mut Arena,
    of: Id,
    names: &Names<'_>,
    prefix: &str,
) -> Result<Option<Linear>, CalculusError> {
    let Some((of, forms)) = linear_forms::replace(arena, of, names, prefix) else {
        return Ok(None);
    };
    let slopes = differentiate(arena, of, names.numbers, false)?.slopes;
    let places = (forms.iter().zip(0..)).map(|(form, at)| (form.variable, at));
    let adjoints = differentiate(arena, of, &places.collect(), false)?.slopes;
    Ok(Some(Linear {
        of,
        forms,
        slopes,
        adjoints,
    }))
}

/// The derivatives by those numbers that occur.
fn differentiate(
    arena: &mut Arena,
    of: Id,
    places: &FxHashMap<SymbolId, usize>,
    second: bool,
) -> Result<Differentiated, CalculusError> {
    let mut occurring = walk::symbols(arena, &[of]);
    occurring.retain(|symbol| places.contains_key(symbol));
    occurring.sort_by_key(|symbol| places[symbol]);
    let at: Vec<usize> = occurring.iter().map(|symbol| places[symbol]).collect();
    let slopes = calculus::gradient(arena, of, &occurring)?;
    // Where there is a first derivative only, the second ones are left out, and so not offered.
    let hessian = match second {
        true => calculus::hessian(arena, of, &occurring).ok(),
        false => None,
    };
    let curvatures = hessian.map(|rows| {
        let entry = |(i, row): (usize, Vec<Id>)| {
            let at = &at;
            (row.into_iter().enumerate().skip(i)).map(move |(j, id)| (at[i], at[j], id))
        };
        let entries = rows.into_iter().enumerate().flat_map(entry);
        entries.filter(|&(.., id)| id != Arena::ZERO).collect()
    });
    let slopes = at.iter().copied().zip(slopes);
    Ok(Differentiated {
        slopes: slopes.filter(|&(_, id)| id != Arena::ZERO).collect(),
        curvatures,
    })
}
