//! Sparse Jacobians and Hessians against dense ones, colourings against a checker of their own, growth.

#[path = "common/bounded.rs"]
mod bounded;
mod common;

use bounded::{Field, evaluate};
use common::{Recipe, arbitrary_expression};
use gradus::calculus;
use gradus::expr::{Arena, Id, SymbolId};
use gradus::numeric::{Schedule, dual};
use gradus::program::Options;
use gradus::simplify::simplify;
use gradus::sparse::{Coloring, Method, Pattern, Plan, Side, SparseFunction, dependence};
use gradus::{
    Compile, CompileSparse, Derivatives, Expr, Function, Graph, compile, compile_sparse_jacobian,
};
use num_complex::Complex64;
use proptest::prelude::*;

const METHODS: [Method; 2] = [Method::Entries, Method::Compressed];

fn by(method: Method) -> CompileSparse {
    CompileSparse {
        method: Some(method),
        ..CompileSparse::default()
    }
}

fn names(n: usize) -> Vec<String> {
    (1..=n).map(|i| format!("x_{i}")).collect()
}

fn symbols(arena: &mut Arena, names: &[String]) -> Vec<SymbolId> {
    names.iter().map(|name| arena.symbol_id(name)).collect()
}

// ---- Problems --------------------------------------------------------------------------------------------------------

/// Broyden's tridiagonal function (1965).
fn broyden(graph: &Graph, n: usize) -> Vec<Expr<'_>> {
    let x = |i: usize| match (1..=n).contains(&i) {
        true => graph.symbol(&format!("x_{i}")),
        false => graph.number(0),
    };
    let residual = |i| (3 - 2 * x(i)) * x(i) - x(i - 1) - 2 * x(i + 1) + 1;
    (1..=n).map(residual).collect()
}

/// The chained Rosenbrock function.
fn rosenbrock(graph: &Graph, n: usize) -> Expr<'_> {
    let x = |i: usize| graph.symbol(&format!("x_{i}"));
    let term = |i| 100 * (x(i + 1) - x(i).powi(2)).powi(2) + (1 - x(i)).powi(2);
    (1..n).map(term).reduce(|sum, term| sum + term).unwrap()
}

/// Every variable with the first one.
fn arrow(graph: &Graph, n: usize) -> Expr<'_> {
    let x = |i: usize| graph.symbol(&format!("x_{i}"));
    let term = |i| (x(1) * x(i)).sin() + x(i).powi(4);
    (2..=n).map(term).reduce(|sum, term| sum + term).unwrap()
}

/// Every variable with every other.
fn dense(graph: &Graph, n: usize) -> Expr<'_> {
    let x = |i: usize| graph.symbol(&format!("x_{i}"));
    let sum = (1..=n)
        .map(|i| x(i).exp())
        .reduce(|sum, term| sum + term)
        .unwrap();
    sum.log()
}

fn hessian_of(f: Expr<'_>, n: usize, method: Method) -> SparseFunction {
    let names = names(n);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    f.compile_sparse_hessian(&names, by(method)).unwrap()
}

fn jacobian_of(functions: &[Expr<'_>], n: usize, method: Method) -> SparseFunction {
    let names = names(n);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    compile_sparse_jacobian(functions, &names, by(method)).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * b.abs().max(1.0)
}

// ---- Against dense ones ----------------------------------------------------------------------------------------------

#[test]
fn both_methods_are_the_dense_matrices() {
    let second = Compile {
        derivatives: Derivatives::Second,
        ..Compile::default()
    };
    for n in [2, 3, 9, 70] {
        let graph = Graph::new();
        let names = names(n);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let point: Vec<f64> = (0..n).map(|i| (i as f64 * 0.7).sin()).collect();
        let functions = broyden(&graph, n);
        let expected = compile(&functions, &names, Compile::default()).unwrap();
        let mut matrix = vec![0.0; n * n];
        expected.jacobian(&point, &mut matrix).unwrap();
        for method in METHODS {
            let sparse = jacobian_of(&functions, n, method);
            assert_eq!((sparse.method(), sparse.variables().len()), (method, n));
            let found = sparse.matrix(&point).unwrap().to_dense().concat();
            assert!(found.iter().zip(&matrix).all(|(&a, &b)| close(a, b)));
        }
        for f in [rosenbrock(&graph, n), arrow(&graph, n), dense(&graph, n)] {
            let expected = f.compile_with(&names, second).unwrap();
            expected.hessian(&point, &mut matrix).unwrap();
            for method in METHODS {
                let sparse = hessian_of(f, n, method);
                let found = sparse.matrix(&point).unwrap().to_dense().concat();
                let wrong = found.iter().zip(&matrix).find(|(a, b)| !close(**a, **b));
                assert_eq!(wrong, None, "{method:?} {n}");
            }
        }
    }
}

/// An infinite derivative stays in its own entry: what does not move with a direction is not multiplied by 0.
#[test]
fn a_singular_neighbour_spoils_nothing() {
    let graph = Graph::new();
    let functions =
        ["sqrt(x) + y", "if(x > 0, log(x), y^2)"].map(|text| graph.parse(text).unwrap());
    for method in METHODS {
        let sparse = compile_sparse_jacobian(&functions, &["x", "y"], by(method)).unwrap();
        let found = sparse.matrix(&[0.0, 3.0]).unwrap();
        assert_eq!(found.values, [f64::INFINITY, 1.0, 0.0, 6.0], "{method:?}");
        let hessian = (functions[0] * functions[1]).pow(graph.number(1));
        let hessian = hessian
            .compile_sparse_hessian(&["x", "y"], by(method))
            .unwrap();
        let found = hessian.matrix(&[0.0, 3.0]).unwrap();
        assert_eq!(found.get(1, 1), 18.0, "{method:?}"); // (y + sqrt(x))*y^2, by y twice
    }
}

/// More functions than variables, and fewer: both sides of the colouring.
#[test]
fn rows_and_columns_give_the_same_formulas() {
    let graph = Graph::new();
    let names = names(4);
    for texts in [
        &["x_1*x_2", "x_2^2", "x_3", "x_3*x_4", "x_1", "x_4^3"][..],
        &["x_1*x_2*x_3*x_4", "exp(x_2)"],
        &["x_1", "2", "x_1*x_4"],
    ] {
        let roots: Vec<Id> = (texts.iter())
            .map(|text| graph.parse(text).unwrap().id())
            .collect();
        let mut arena = graph.arena_mut();
        let variables = symbols(&mut arena, &names);
        let dense = calculus::jacobian(&mut arena, &roots, &variables).unwrap();
        for side in [Side::Rows, Side::Columns] {
            let plan = Plan::jacobian(&arena, &roots, &variables, Some(side));
            assert_eq!(plan.side(), side);
            let entries = plan.formulas(&mut arena, &roots, &variables).unwrap();
            for ((row, column), entry) in plan.pattern().iter().zip(entries) {
                let mut simple = |id| simplify(&mut arena, id).id;
                assert_eq!(
                    simple(entry),
                    simple(dense[row][column]),
                    "{texts:?} {side:?}"
                );
            }
        }
    }
    // The first has an empty row, a full row asks for rows, a full column for columns.
    let side = |texts: &[&str]| {
        let roots: Vec<Id> = (texts.iter())
            .map(|text| graph.parse(text).unwrap().id())
            .collect();
        let mut arena = graph.arena_mut();
        let variables = symbols(&mut arena, &names);
        let plan = Plan::jacobian(&arena, &roots, &variables, None);
        (plan.side(), plan.coloring().count())
    };
    assert_eq!(side(&["x_1*x_2*x_3*x_4"]), (Side::Rows, 1));
    assert_eq!(side(&["x_1", "x_1^2", "x_1^3*x_2"]), (Side::Columns, 2));
    assert_eq!(side(&["3", "pi"]), (Side::Rows, 1));
    // Columns of two entries, rows of three; but every two rows meet, so that rows would need four colours.
    let names: Vec<String> = (1..=6).map(|i| format!("x_{i}")).collect();
    let pairs = ["x_1*x_2*x_3", "x_1*x_4*x_5", "x_2*x_4*x_6", "x_3*x_5*x_6"];
    let roots = pairs.map(|text| graph.parse(text).unwrap().id());
    let mut arena = graph.arena_mut();
    let variables = symbols(&mut arena, &names);
    let plan = Plan::jacobian(&arena, &roots, &variables, None);
    assert_eq!((plan.side(), plan.coloring().count()), (Side::Columns, 3));
}

/// The sweep in reverse from several roots, one of them twice, and weights that are formulas.
#[test]
fn weights_times_jacobian() {
    let graph = Graph::new();
    let parse = |text: &str| graph.parse(text).unwrap();
    let weights = [
        ("x^2*y", "3"),
        ("sin(y)", "w"),
        ("x^2*y", "w^2"),
        ("if(x > 0, y, x)", "2"),
        ("7", "w"),
    ];
    let sum = weights
        .map(|(f, w)| parse(f) * parse(w))
        .into_iter()
        .reduce(|a, b| a + b)
        .unwrap();
    let expected = sum.gradient(&["x", "y"]).unwrap();
    let mut arena = graph.arena_mut();
    let names = ["x", "y"].map(str::to_owned);
    let variables = symbols(&mut arena, &names);
    drop(arena);
    let weights = weights.map(|(f, w)| (parse(f).id(), parse(w).id()));
    let found = calculus::reverse(&mut graph.arena_mut(), &weights, &variables).unwrap();
    for (found, expected) in found.into_iter().zip(expected) {
        for x in [-1.5, 2.0] {
            let at = [("x", x), ("y", 0.4), ("w", -0.7)];
            let (a, b) = (
                graph.expr(found).eval(&at).unwrap(),
                expected.eval(&at).unwrap(),
            );
            assert!(close(a, b), "{a} {b}");
        }
    }
    assert_eq!(
        calculus::reverse(&mut graph.arena_mut(), &[], &variables),
        Ok(vec![Arena::ZERO; 2])
    );
}

/// Kinks and steps among functions that stay finite nearly everywhere.
const REAL: &[Function] = &[
    Function::Exp,
    Function::Sin,
    Function::Cos,
    Function::Atan,
    Function::Tanh,
    Function::Sigmoid,
    Function::Hypot,
    Function::Abs,
    Function::Sign,
    Function::Floor,
    Function::Max,
    Function::Min,
    Function::Relu,
    Function::Less,
];

/// Functions of x_1 to x_6: each recipe about three of them, some under a condition.
#[derive(Clone, Debug)]
struct System(Vec<(Recipe, [usize; 3], Option<usize>)>);

const VARIABLES: usize = 6;

fn systems() -> impl Strategy<Value = System> {
    let function = (
        arbitrary_expression(REAL, 7),
        prop::array::uniform3(1..=VARIABLES),
        prop::option::of(1..=VARIABLES),
    );
    prop::collection::vec(function, 1..8).prop_map(System)
}

impl System {
    fn build<'g>(&self, graph: &'g Graph) -> Vec<Expr<'g>> {
        let x = |i: usize| graph.symbol(&format!("x_{i}"));
        let mut built: Vec<Expr<'g>> = Vec::new();
        for (recipe, places, condition) in &self.0 {
            let mut f = recipe.build(graph);
            for (name, &place) in ["x", "y", "z"].into_iter().zip(places) {
                f = f.substitute(graph.symbol(name), x(place));
            }
            if let Some(condition) = *condition {
                let other = built.last().copied().unwrap_or(x(condition));
                let greater = x(condition).call2(Function::Greater, graph.number(0));
                let ids = (greater.id(), f.id(), other.id());
                let choice = graph.arena_mut().choice(ids.0, ids.1, ids.2);
                f = graph.expr(choice);
            }
            built.push(f);
        }
        built
    }
}

/// Every entry of the plan is the dense formula's value within what rounding allows, every other one is the number 0.
fn check_formulas(
    arena: &mut Arena,
    plan: &Plan,
    (roots, variables): (&[Id], &[SymbolId]),
    dense: &[Vec<Id>],
    point: &[f64],
) -> Result<(), TestCaseError> {
    let entries = plan.formulas(arena, roots, variables).unwrap();
    let expected: Vec<Id> = (plan.pattern().iter())
        .map(|(row, column)| dense[row][column])
        .collect();
    for (row, ids) in dense.iter().enumerate() {
        for (column, &id) in ids.iter().enumerate() {
            let outside = plan.pattern().position(row, column).is_none();
            prop_assert!(!outside || id == Arena::ZERO, "{row} {column}");
        }
    }
    let all: Vec<Id> = entries.iter().chain(&expected).copied().collect();
    let at: Vec<(SymbolId, Complex64)> = (variables.iter().zip(point))
        .map(|(&v, &x)| (v, Complex64::from(x)))
        .collect();
    let values = evaluate(arena, &all, &at, Field::Real);
    let (found, expected) = values.split_at(entries.len());
    for (at, (a, b)) in found.iter().zip(expected).enumerate() {
        if a.is_finite() && b.is_finite() {
            prop_assert!(a.agrees(*b), "entry {at}: {a:?} {b:?}");
        }
    }
    Ok(())
}

/// By dual numbers, which know nothing of the graph's own derivatives: what moves is in the pattern.
fn check_superset(
    arena: &Arena,
    roots: &[Id],
    variables: &[SymbolId],
    pattern: &Pattern,
    point: &[f64],
) -> Result<(), TestCaseError> {
    let schedule = Schedule::new(arena, roots, variables).unwrap();
    for column in 0..variables.len() {
        let direction: Vec<f64> = (0..variables.len())
            .map(|at| f64::from(u8::from(at == column)))
            .collect();
        let found = dual::directional(&schedule, point, &direction);
        for (row, dual) in found.iter().enumerate() {
            let moves = dual.slope != 0.0 && dual.slope.is_finite();
            prop_assert!(!moves || pattern.position(row, column).is_some());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn random_systems_are_their_dense_matrices(
        system in systems(),
        point in prop::array::uniform6(-2.0f64..2.0),
    ) {
        let graph = Graph::new();
        let functions = system.build(&graph);
        let names = names(VARIABLES);
        let roots: Vec<Id> = functions.iter().map(|f| f.id()).collect();
        {
            let mut arena = graph.arena_mut();
            let variables = symbols(&mut arena, &names);
            let dense = calculus::jacobian(&mut arena, &roots, &variables).unwrap();
            for side in [Some(Side::Rows), Some(Side::Columns), None] {
                let plan = Plan::jacobian(&arena, &roots, &variables, side);
                check_superset(&arena, &roots, &variables, plan.pattern(), &point)?;
                check_formulas(&mut arena, &plan, (&roots, &variables), &dense, &point)?;
            }
            let root = *roots.last().unwrap();
            let gradient = calculus::gradient(&mut arena, root, &variables).unwrap();
            let dense = calculus::hessian(&mut arena, root, &variables).unwrap();
            let plan = Plan::hessian(&arena, &gradient, &variables);
            check_superset(&arena, &gradient, &variables, plan.pattern(), &point)?;
            check_formulas(&mut arena, &plan, (&gradient, &variables), &dense, &point)?;
        }

        // Compiled without rewriting, entries are their formulas to the last bit, and dual numbers come near.
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let sparse = |method| {
            let how = CompileSparse { program: Some(Options::PLAIN), ..by(method) };
            let jacobian = compile_sparse_jacobian(&functions, &names, how).unwrap();
            let hessian = functions.last().unwrap().compile_sparse_hessian(&names, how).unwrap();
            [jacobian, hessian].map(|function| function.matrix(&point).unwrap())
        };
        let [entries, compressed] = METHODS.map(sparse);
        for (a, b) in entries.iter().zip(&compressed) {
            prop_assert_eq!(&a.pattern, &b.pattern);
            for (a, b) in a.values.iter().zip(&b.values) {
                let both = a.is_finite() && b.is_finite();
                prop_assert!(!both || (a - b).abs() <= 1e-6 * (1.0 + a.abs()), "{} {}", a, b);
            }
        }
    }
}

// ---- Patterns --------------------------------------------------------------------------------------------------------

#[test]
fn patterns_of_stated_cases_are_exact() {
    let graph = Graph::new();
    let names: Vec<String> = ["x", "y", "z"].map(str::to_owned).into();
    let full = [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 1),
        (1, 2),
        (2, 0),
        (2, 1),
        (2, 2),
    ];
    let hessians: &[(&str, &[(usize, usize)])] = &[
        ("7", &[]),
        ("x + 2*y - z", &[]),
        ("x^2 + y", &[(0, 0)]),
        ("x*y + z", &[(0, 1), (1, 0)]),
        ("x*y*z", &[(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]),
        (
            "exp(x + y) + z^3",
            &[(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)],
        ),
        ("x/y", &[(0, 1), (1, 0), (1, 1)]),
        ("(x + y + z)^2", &full),
        // Conditions and steps do not move; branches do.
        ("if(x > y, z^2, y*z)", &[(1, 2), (2, 1), (2, 2)]),
        ("floor(x)*y^2", &[(1, 1)]),
        ("sign(x*y)*z", &[]),
        ("abs(x)*z", &[(0, 2), (2, 0)]),
        ("max(x, y)", &[]),
        ("max(x*y, z^2)", &[(0, 1), (1, 0), (2, 2)]),
        ("relu(x)*y", &[(0, 1), (1, 0)]),
    ];
    for (text, expected) in hessians {
        let f = graph.parse(text).unwrap();
        let mut arena = graph.arena_mut();
        let variables = symbols(&mut arena, &names);
        let gradient = calculus::gradient(&mut arena, f.id(), &variables).unwrap();
        let plan = Plan::hessian(&arena, &gradient, &variables);
        let found: Vec<_> = plan.pattern().iter().collect();
        assert_eq!(found, *expected, "{text}");
    }
    let jacobians: &[(&str, &[usize])] = &[
        ("x*y", &[0, 1]),
        ("floor(x) + z", &[2]),
        ("if(x > 0, y, 2*y)", &[1]),
        ("mod(x, y)", &[0, 1]),
        ("polygamma(2, x) + step(y)", &[0]),
        ("x - x + y", &[1]),
        ("round(x)*y", &[1]),
        ("q*x", &[0]),
    ];
    for (text, expected) in jacobians {
        let f = graph.parse(text).unwrap();
        let mut arena = graph.arena_mut();
        let variables = symbols(&mut arena, &names);
        let pattern = dependence(&arena, &[f.id()], &variables);
        let found: Vec<_> = pattern.iter().map(|(_, column)| column).collect();
        assert_eq!(found, *expected, "{text}");
    }
}

/// More rows than bits in a word, each with its own variables.
#[test]
fn blocks_of_rows_do_not_mix() {
    for n in [63, 64, 65, 130] {
        let graph = Graph::new();
        let functions = broyden(&graph, n);
        let sparse = jacobian_of(&functions, n, Method::Entries);
        let near = |row: usize| (row.max(1) - 1..(row + 2).min(n)).map(move |c| (row, c));
        assert!(sparse.pattern().iter().eq((0..n).flat_map(near)), "{n}");
    }
}

#[test]
fn a_pattern_is_compressed_rows() {
    let pattern = Pattern::from_rows(4, [vec![3, 1, 3], vec![], vec![0]]);
    assert_eq!(pattern.indptr(), [0, 2, 2, 3]);
    assert_eq!(pattern.indices(), [1, 3, 0]);
    let other = pattern.transposed();
    assert_eq!((other.rows(), other.columns()), (4, 3));
    assert!(other.iter().eq([(0, 2), (1, 0), (3, 0)]));
    assert_eq!(other.transposed(), pattern);
    assert_eq!(pattern.position(1, 0), None);
    assert_eq!(pattern.position(7, 0), None);
    assert_eq!(pattern.position(0, usize::MAX), None);
    let square = Pattern::from_rows(2, [vec![0, 1], vec![]]);
    assert!(square.symmetric().iter().eq([(0, 0), (0, 1), (1, 0)]));
    assert!(Pattern::from_rows(3, []).is_empty());
}

// ---- Colourings ------------------------------------------------------------------------------------------------------

/// Do no two columns of one colour meet in a row? Compares all pairs.
fn columns_are_apart(pattern: &Pattern, colors: &[u32]) -> bool {
    (0..pattern.rows()).all(|row| {
        let columns = pattern.row(row);
        (columns.iter())
            .all(|&a| (columns.iter()).all(|&b| a == b || colors[a as usize] != colors[b as usize]))
    })
}

/// Do neighbours differ, and has every path over four lines three colours or more? Walks all paths.
fn is_star_coloring(pattern: &Pattern, colors: &[u32]) -> bool {
    let around = |v: u32| {
        pattern
            .row(v as usize)
            .iter()
            .copied()
            .filter(move |&w| w != v)
    };
    let color = |v: u32| colors[v as usize];
    (0..pattern.rows() as u32).all(|b| {
        around(b).all(|c| {
            color(b) != color(c)
                && around(b).filter(|&a| a != c).all(|a| {
                    (around(c).filter(|&d| d != b && d != a))
                        .all(|d| color(a) != color(c) || color(b) != color(d))
                })
        })
    })
}

fn banded(n: usize, width: usize) -> Pattern {
    let row = |i: usize| (i.saturating_sub(width) as u32..=(i + width).min(n - 1) as u32).collect();
    Pattern::from_rows(n, (0..n).map(row))
}

fn arrow_pattern(n: u32, hub: u32) -> Pattern {
    let row = |i: u32| {
        if i == hub {
            (0..n).collect()
        } else {
            vec![hub, i]
        }
    };
    Pattern::from_rows(n as usize, (0..n).map(row))
}

#[test]
fn the_numbers_of_colors_are_the_known_ones() {
    let counts = |pattern: &Pattern| {
        let columns = Coloring::of_columns(pattern);
        assert!(columns_are_apart(pattern, columns.colors()));
        let rows = Coloring::of_rows(pattern);
        assert!(columns_are_apart(&pattern.transposed(), rows.colors()));
        let star = Coloring::star(pattern);
        assert!(is_star_coloring(pattern, star.colors()));
        (columns.count(), rows.count(), star.count())
    };
    let diagonal = banded(50, 0);
    assert_eq!(counts(&diagonal), (1, 1, 1));
    let tridiagonal = banded(50, 1);
    assert_eq!(counts(&tridiagonal), (3, 3, 3));
    assert_eq!(counts(&banded(50, 2)).0, 5);
    for hub in [0, 7, 49] {
        assert_eq!(counts(&arrow_pattern(50, hub)), (50, 50, 2));
    }
    let full = Pattern::from_rows(20, (0..20).map(|_| (0..20).collect()));
    assert_eq!(counts(&full), (20, 20, 20));
    // A path over four lines needs three colours, over three lines two are enough.
    assert_eq!(counts(&banded(4, 1)).2, 3);
    assert_eq!(counts(&banded(3, 1)).2, 2);
    let none = Pattern::from_rows(0, []);
    assert_eq!(counts(&none), (0, 0, 0));
    let empty = Pattern::from_rows(3, [vec![], vec![], vec![]]);
    assert_eq!(counts(&empty), (1, 1, 1));
}

#[test]
fn planted_colorings_are_refused() {
    let tridiagonal = banded(6, 1);
    assert!(columns_are_apart(&tridiagonal, &[0, 1, 2, 0, 1, 2]));
    assert!(!columns_are_apart(&tridiagonal, &[0, 1, 0, 1, 0, 1]));
    assert!(!columns_are_apart(&tridiagonal, &[0, 1, 2, 0, 1, 1]));
    assert!(is_star_coloring(&tridiagonal, &[0, 1, 0, 2, 0, 1]));
    assert!(!is_star_coloring(&tridiagonal, &[0, 1, 0, 1, 2, 0])); // the path 0 1 0 1
    assert!(!is_star_coloring(&tridiagonal, &[0, 0, 1, 2, 0, 1])); // neighbours
    assert!(!is_star_coloring(&tridiagonal, &[0; 6]));
    // Merging any two colours of a good colouring of a full matrix spoils it.
    let full = Pattern::from_rows(4, (0..4).map(|_| (0..4).collect()));
    assert!(!is_star_coloring(&full, &[0, 1, 2, 2]));
    assert!(!columns_are_apart(&full, &[0, 1, 2, 0]));
}

fn patterns() -> impl Strategy<Value = Pattern> {
    (1usize..30, 1usize..30).prop_flat_map(|(rows, columns)| {
        let row = prop::collection::vec(0..columns as u32, 0..6.min(columns + 1));
        prop::collection::vec(row, rows..=rows)
            .prop_map(move |rows| Pattern::from_rows(columns, rows))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_colorings_are_good(pattern in patterns()) {
        let columns = Coloring::of_columns(&pattern);
        prop_assert!(columns_are_apart(&pattern, columns.colors()));
        let fullest = (0..pattern.rows()).map(|row| pattern.row(row).len()).max().unwrap_or(0);
        prop_assert!(columns.count() >= fullest && columns.count() <= pattern.columns());
        let groups = columns.groups();
        prop_assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), pattern.columns());

        // Square: with the first columns only.
        let n = pattern.rows();
        let row = |row: usize| pattern.row(row).iter().copied().filter(|&c| (c as usize) < n).collect();
        let square = Pattern::from_rows(n, (0..n).map(row)).symmetric();
        let star = Coloring::star(&square);
        prop_assert!(is_star_coloring(&square, star.colors()), "{:?} {:?}", square, star);
    }
}

#[test]
fn a_hessian_uses_the_stars() {
    let graph = Graph::new();
    for method in METHODS {
        let colors = |f| hessian_of(f, 40, method).coloring().count();
        assert_eq!(colors(rosenbrock(&graph, 40)), 3);
        assert_eq!(colors(arrow(&graph, 40)), 2);
        assert_eq!(colors(dense(&graph, 40)), 40);
        let functions = broyden(&graph, 40);
        assert_eq!(jacobian_of(&functions, 40, method).coloring().count(), 3);
    }
}

// ---- Growth ----------------------------------------------------------------------------------------------------------

/// Nodes made and instructions run, counted.
fn size_of(n: usize, method: Method) -> [usize; 3] {
    let graph = Graph::new();
    let f = rosenbrock(&graph, n);
    let sparse = hessian_of(f, n, method);
    [
        graph.arena().len(),
        sparse.instructions(),
        sparse.pattern().len(),
    ]
}

#[test]
fn everything_grows_with_the_entries() {
    for method in METHODS {
        let (small, large) = (size_of(500, method), size_of(5000, method));
        for (small, large) in small.into_iter().zip(large) {
            assert!(
                large <= 10 * small + small / 10,
                "{method:?}: {small} {large}"
            );
        }
        assert_eq!(large[2], 3 * 5000 - 2);
    }
}

#[test]
fn ten_thousand_variables() {
    let (n, graph) = (10_000, Graph::new());
    let hessian = hessian_of(rosenbrock(&graph, n), n, Method::Entries);
    let matrix = hessian.matrix(&vec![1.0; n]).unwrap();
    assert_eq!(matrix.values.len(), 3 * n - 2);
    assert_eq!(matrix.get(0, 0), 802.0);
    assert_eq!(matrix.get(5000, 5000), 1002.0);
    assert_eq!(matrix.get(5000, 5001), -400.0);
    assert_eq!(matrix.get(5001, 5000), -400.0);
    assert_eq!(matrix.get(n - 1, n - 1), 200.0);
    assert_eq!(matrix.get(0, 2), 0.0);
}

/// Entries while their formulas fit in the graph, dual numbers beyond.
#[test]
fn the_method_is_chosen_by_room() {
    for (n, expected) in [(100, Method::Entries), (1500, Method::Compressed)] {
        let (graph, names) = (Graph::new(), names(n));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let how = CompileSparse::default();
        let f = dense(&graph, n);
        let hessian = f.compile_sparse_hessian(&names, how).unwrap();
        assert_eq!(
            (hessian.method(), hessian.coloring().count()),
            (expected, n)
        );
        let functions = vec![f, 2 * f];
        let jacobian = compile_sparse_jacobian(&functions, &names, how).unwrap();
        assert_eq!(
            (jacobian.method(), jacobian.coloring().count()),
            (Method::Entries, 2)
        );
    }
}

// ---- Errors and threads ----------------------------------------------------------------------------------------------

#[test]
fn what_does_not_fit_is_named() {
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_shared::<SparseFunction>();

    let graph = Graph::new();
    let f = graph.parse("x*y").unwrap();
    for method in METHODS {
        let sparse = f.compile_sparse_hessian(&["x", "y"], by(method)).unwrap();
        let error = |point: &[f64], values: &mut [f64]| {
            sparse.evaluate(point, values).unwrap_err().to_string()
        };
        assert_eq!(
            error(&[1.0], &mut [0.0; 2]),
            "the point has 1 numbers where 2 are needed"
        );
        assert_eq!(
            error(&[1.0, 2.0], &mut [0.0; 3]),
            "the slice for entries has 3 numbers where 2 are needed"
        );
        let failure = |text: &str, names: &[&str]| {
            let f = graph.parse(text).unwrap();
            let one = f.compile_sparse_hessian(names, by(method)).unwrap_err();
            let other = compile_sparse_jacobian(&[f], names, by(method)).unwrap_err();
            assert_eq!(one, other);
            one.to_string()
        };
        assert_eq!(failure("x^2*y^2", &["x"]), "no value given for `y`");
        assert_eq!(
            failure("x*y", &["x", "y", "x"]),
            "the variable `x` is named twice"
        );
        assert_eq!(
            failure("i*x^3", &["x"]),
            "the imaginary unit occurs: a complex evaluation is needed"
        );
        let flat = f
            .compile_sparse_hessian(&["x", "y", "q"], by(method))
            .unwrap();
        assert_eq!(
            flat.matrix(&[1.0, 2.0, 3.0]).unwrap().to_dense()[2],
            [0.0; 3]
        );
    }
}
