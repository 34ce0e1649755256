//! From expressions to sparse matrices of derivatives that are called by number.

use super::compile::{CompileError, check_names};
use super::methods::{ids_of, symbols_of};
use crate::calculus;
use crate::expr::walk::Order;
use crate::expr::{Arena, Expr, Id, MAX_NODES, SymbolId};
use crate::program::{Backend, Options, Program};
use crate::sparse::{Method, Plan, Side, SparseFunction};

/// How a sparse matrix is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompileSparse {
    /// How its entries are computed; `None` chooses: by entries, unless their formulas might not find room in the graph.
    pub method: Option<Method>,
    /// What will run it; compressed evaluation is always interpreted.
    pub backend: Backend,
    /// How its program is made; `None` leaves it to the backend.
    pub program: Option<Options>,
}

impl Expr<'_> {
    /// The Hessian, as far as it is not 0, as a function of numbers.
    ///
    /// ```
    /// use gradus::{CompileSparse, Graph};
    /// let graph = Graph::new();
    /// let f = graph.parse("x*y + y^2*z")?;
    /// let hessian = f.compile_sparse_hessian(&["x", "y", "z"], CompileSparse::default())?;
    /// let matrix = hessian.matrix(&[1.0, 2.0, 3.0])?;
    /// assert_eq!(matrix.to_dense(), [[0.0, 1.0, 0.0], [1.0, 6.0, 4.0], [0.0, 4.0, 0.0]]);
    /// assert_eq!(matrix.triplets().count(), 5);
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Expr::compile`].
    pub fn compile_sparse_hessian(
        self,
        variables: &[&str],
        how: CompileSparse,
    ) -> Result<SparseFunction, CompileError> {
        let symbols = symbols_of(self, variables);
        let mut arena = self.graph().arena_mut();
        check_names(&arena, &symbols)?;
        let gradient = calculus::gradient(&mut arena, self.id(), &symbols)?;
        let plan = Plan::hessian(&arena, &gradient, &symbols);
        let method = how
            .method
            .unwrap_or_else(|| choose(&arena, &gradient, &plan));
        build(&mut arena, &gradient, &symbols, (plan, method), how)
    }
}

/// The Jacobian of several functions, as far as it is not 0, as a function of numbers.
///
/// ```
/// use gradus::{CompileSparse, Graph, compile_sparse_jacobian};
/// let graph = Graph::new();
/// let functions = [graph.parse("x^2")?, graph.parse("x*y")?];
/// let jacobian = compile_sparse_jacobian(&functions, &["x", "y"], CompileSparse::default())?;
/// let entries: Vec<_> = jacobian.matrix(&[3.0, 5.0])?.triplets().collect();
/// assert_eq!(entries, [(0, 0, 6.0), (1, 0, 5.0), (1, 1, 3.0)]);
/// # Ok::<(), gradus::Error>(())
/// ```
///
/// # Errors
/// As [`Expr::compile`].
///
/// # Panics
/// If the functions belong to different graphs, or there is none.
pub fn compile_sparse_jacobian(
    functions: &[Expr<'_>],
    variables: &[&str],
    how: CompileSparse,
) -> Result<SparseFunction, CompileError> {
    let graph = functions.first().expect("at least one function").graph();
    let roots = ids_of(functions);
    let symbols = symbols_of(functions[0], variables);
    let mut arena = graph.arena_mut();
    check_names(&arena, &symbols)?;
    let columns = || Plan::jacobian(&arena, &roots, &symbols, Some(Side::Columns));
    let chosen = match how.method {
        Some(Method::Compressed) => (columns(), Method::Compressed),
        asked => {
            let plan = Plan::jacobian(&arena, &roots, &symbols, None);
            match asked.unwrap_or_else(|| choose(&arena, &roots, &plan)) {
                Method::Entries => (plan, Method::Entries),
                Method::Compressed => (columns(), Method::Compressed),
            }
        }
    };
    build(&mut arena, &roots, &symbols, chosen, how)
}

/// By entries: in `benches/sparse.rs` a call is 1.7 to 7 times faster than compressed, and 50 to 200 calls make up for the
/// longer wait before the first. Compressed, where the formulas might not find room in the graph: a sweep makes one or two
/// nodes for each that it visits.
fn choose(arena: &Arena, roots: &[Id], plan: &Plan) -> Method {
    let room = MAX_NODES.saturating_sub(arena.len());
    let visits = plan.coloring().count() * Order::of(arena, roots).len();
    match 2 * visits <= room {
        true => Method::Entries,
        false => Method::Compressed,
    }
}

fn build(
    arena: &mut Arena,
    roots: &[Id],
    variables: &[SymbolId],
    (plan, method): (Plan, Method),
    how: CompileSparse,
) -> Result<SparseFunction, CompileError> {
    let names = (variables.iter())
        .map(|&v| arena.symbol_name(v).to_owned())
        .collect();
    let options = how.program.unwrap_or(how.backend.options());
    Ok(match method {
        Method::Entries => {
            let entries = plan.products(arena, roots, variables)?;
            let program = Program::new(arena, &entries, variables, options)?;
            SparseFunction::entries(names, plan, program, how.backend)?
        }
        Method::Compressed => {
            let program = Program::new(arena, roots, variables, options)?;
            SparseFunction::compressed(names, plan, program)?
        }
    })
}
