//! Reading and calculus as methods of the handles. Variables go by name, as they do in [`Expr::eval`].
//!
//! Derivatives come as the rules give them; call [`Expr::simplify`] to make them short.

use num_complex::Complex64;

use crate::calculus::{self, CalculusError};
use crate::expr::{Arena, Assumption, Expr, Graph, Id, SymbolId, walk};
use crate::numeric::Schedule;
use crate::simplify;
use crate::syntax::{self, SyntaxError};

impl Graph {
    /// Reads a formula into this graph.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let f = graph.parse("2x^2 + sin(x)")?;
    /// assert_eq!(f.to_string(), "2*x^2 + sin(x)");
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`SyntaxError`]: what is wrong, where, and what to write instead.
    pub fn parse(&self, text: &str) -> Result<Expr<'_>, SyntaxError> {
        let id = syntax::parse_into(&mut self.arena_mut(), text)?;
        Ok(self.expr(id))
    }

    /// The variable of that name: real, until something is declared. It is the variable that [`parse`](Self::parse) finds
    /// under that name: `x₁` is `x_1`.
    ///
    /// # Panics
    /// If the language has no variable of that name: `a b` is a product, `pi` a number, `sin` a function. Names that come
    /// from elsewhere are better given to [`try_symbol`](Self::try_symbol).
    #[track_caller]
    pub fn symbol(&self, name: &str) -> Expr<'_> {
        self.try_symbol(name)
            .unwrap_or_else(|error| panic!("`{name}` names no variable: {error}"))
    }

    /// As [`symbol`](Self::symbol), for names that the program does not choose itself.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// assert_eq!(graph.try_symbol("x_1")?, graph.parse("x₁")?);
    /// assert!(graph.try_symbol("price (EUR)").is_err());
    /// assert!(graph.try_symbol("pi").is_err()); // would read back as the number: see Graph::pi
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`SyntaxError`]: why the text is not the name of a variable.
    pub fn try_symbol(&self, name: &str) -> Result<Expr<'_>, SyntaxError> {
        let name = syntax::variable_name(name)?;
        let id = self.arena_mut().symbol(&name);
        Ok(self.expr(id))
    }

    /// The variable of that name, with something declared about it that `simplify` may use.
    ///
    /// ```
    /// use gradus::{Assumption, Graph};
    /// let graph = Graph::new();
    /// let x = graph.symbol_with("x", Assumption::Positive);
    /// assert_eq!(x.powi(2).sqrt().simplify(), x);
    /// let y = graph.symbol("y"); // may be negative, so sqrt(y^2) is not y
    /// assert_ne!(y.powi(2).sqrt().simplify(), y);
    /// ```
    ///
    /// # Panics
    /// As [`symbol`](Self::symbol).
    #[track_caller]
    pub fn symbol_with(&self, name: &str, assumption: Assumption) -> Expr<'_> {
        let symbol = self.symbol(name);
        self.arena_mut().assume(symbol.id(), assumption);
        symbol
    }
}

impl<'g> Expr<'g> {
    /// The derivative by one variable; 0 where it does not occur.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let f = graph.parse("x^3 + y")?;
    /// assert_eq!(f.diff("x")?.simplify().to_string(), "3*x^2");
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`CalculusError`].
    pub fn diff(self, variable: &str) -> Result<Expr<'g>, CalculusError> {
        self.directional(&[(variable, self.graph().number(1))])
    }

    /// The derivative by each variable, from one reverse sweep: it costs a small constant times the function. To be read,
    /// [`textbook::jacobian`](crate::textbook::jacobian) gives formulas that simplify to shorter ones.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let f = graph.parse("x*y")?;
    /// assert_eq!(f.gradient(&["x", "y"])?, [graph.symbol("y"), graph.symbol("x")]);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`CalculusError`].
    pub fn gradient(self, variables: &[&str]) -> Result<Vec<Expr<'g>>, CalculusError> {
        let variables = self.symbols_named(variables);
        let ids = calculus::gradient(&mut self.graph().arena_mut(), self.id(), &variables)?;
        Ok(self.handles(ids))
    }

    /// The matrix of second derivatives, row by row.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let rows = graph.parse("x^2*y")?.hessian(&["x", "y"])?;
    /// assert_eq!(rows[0][1].simplify().to_string(), "2*x");
    /// assert_eq!(rows[0][1], rows[1][0]);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`CalculusError`].
    pub fn hessian(self, variables: &[&str]) -> Result<Vec<Vec<Expr<'g>>>, CalculusError> {
        let variables = self.symbols_named(variables);
        let rows = calculus::hessian(&mut self.graph().arena_mut(), self.id(), &variables)?;
        Ok(rows.into_iter().map(|row| self.handles(row)).collect())
    }

    /// The derivative along a direction (not normalised): the sum of each partial derivative times the direction's part.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let f = graph.parse("x*y")?;
    /// let along = f.directional(&[("x", graph.number(1)), ("y", graph.number(2))])?;
    /// assert_eq!(along.simplify().to_string(), "2*x + y");
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`CalculusError`].
    ///
    /// # Panics
    /// If a part of the direction belongs to another graph.
    pub fn directional(self, direction: &[(&str, Expr<'g>)]) -> Result<Expr<'g>, CalculusError> {
        let seeds: Vec<(SymbolId, Id)> = (direction.iter())
            .map(|&(name, part)| {
                let same = std::ptr::eq(part.graph(), self.graph());
                assert!(same, "the direction belongs to another graph");
                (self.symbol_named(name), part.id())
            })
            .collect();
        let mut arena = self.graph().arena_mut();
        // Parts for one variable add up.
        let mut sums: Vec<(SymbolId, Id)> = Vec::new();
        for (variable, part) in seeds {
            match sums.iter_mut().find(|(known, _)| *known == variable) {
                Some((_, sum)) => *sum = arena.add(*sum, part),
                None => sums.push((variable, part)),
            }
        }
        let ids = calculus::forward(&mut arena, &[self.id()], &sums)?;
        drop(arena);
        Ok(self.graph().expr(ids[0]))
    }

    /// The Taylor polynomial of a degree around a point, its coefficients simplified.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let polynomial = graph.parse("exp(x)")?.taylor("x", graph.number(0), 2)?;
    /// assert_eq!(polynomial.to_string(), "1 + x + x^2/2");
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`CalculusError`]; [`CalculusError::Singular`] where a derivative has no value at the point.
    ///
    /// # Panics
    /// If the point belongs to another graph.
    pub fn taylor(
        self,
        variable: &str,
        point: Expr<'g>,
        degree: usize,
    ) -> Result<Expr<'g>, CalculusError> {
        let same = std::ptr::eq(point.graph(), self.graph());
        assert!(same, "the point belongs to another graph");
        let variable = self.symbol_named(variable);
        let id = calculus::taylor(
            &mut self.graph().arena_mut(),
            self.id(),
            variable,
            point.id(),
            degree,
            |arena, id| simplify::simplify(arena, id).id,
            is_defined,
        )?;
        Ok(self.graph().expr(id))
    }

    fn symbol_named(self, name: &str) -> SymbolId {
        let name = syntax::normalize_name(name);
        self.graph().arena_mut().symbol_id(&name)
    }

    fn symbols_named(self, names: &[&str]) -> Vec<SymbolId> {
        names.iter().map(|name| self.symbol_named(name)).collect()
    }

    fn handles(self, ids: Vec<Id>) -> Vec<Expr<'g>> {
        ids.into_iter().map(|id| self.graph().expr(id)).collect()
    }
}

/// The derivatives of several functions by several variables: a row a function.
///
/// ```
/// let graph = gradus::Graph::new();
/// let polar = [graph.parse("r*cos(t)")?, graph.parse("r*sin(t)")?];
/// let rows = gradus::jacobian(&polar, &["r", "t"])?;
/// assert_eq!(rows[1][1].to_string(), "r*cos(t)");
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// [`CalculusError`].
///
/// # Panics
/// If the functions belong to different graphs.
pub fn jacobian<'g>(
    functions: &[Expr<'g>],
    variables: &[&str],
) -> Result<Vec<Vec<Expr<'g>>>, CalculusError> {
    let Some(&first) = functions.first() else {
        return Ok(Vec::new());
    };
    let roots = ids_of(functions);
    let variables = symbols_of(first, variables);
    let rows = calculus::jacobian(&mut first.graph().arena_mut(), &roots, &variables)?;
    Ok(rows.into_iter().map(|row| first.handles(row)).collect())
}

/// The nodes of functions of one graph.
pub(super) fn ids_of(functions: &[Expr<'_>]) -> Vec<Id> {
    let same = |f: &Expr<'_>| std::ptr::eq(f.graph(), functions[0].graph());
    assert!(
        functions.iter().all(same),
        "the functions belong to different graphs"
    );
    functions.iter().map(|f| f.id()).collect()
}

/// Variables by name.
pub(super) fn symbols_of(f: Expr<'_>, names: &[&str]) -> Vec<SymbolId> {
    f.symbols_named(names)
}

/// Is a coefficient an ordinary number? One that depends on other variables is taken to be, unless it divides by 0 whatever
/// they are.
pub(crate) fn is_defined(arena: &Arena, id: Id) -> bool {
    let parts = walk::Order::of(arena, &[id]).ids;
    if parts.iter().any(|&part| arena.divides_by_zero(part)) {
        return false;
    }
    // A number is one, however large.
    if !walk::symbols(arena, &[id]).is_empty() || arena.as_number(id).is_some() {
        return true;
    }
    let none: [Complex64; 0] = [];
    Schedule::new(arena, &[id], &[])
        .is_ok_and(|schedule| schedule.run_complex(&none, &mut Vec::new())[0].is_finite())
}
