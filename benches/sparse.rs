//! Sparse matrices: how long until they are ready, and how long a call takes, by both methods.
//!
//! `cargo bench --bench sparse`. Each time is the least of several.

use std::hint::black_box;
use std::time::Instant;

use gradus::sparse::{Method, SparseFunction};
use gradus::{CompileSparse, Expr, Graph, compile_sparse_jacobian};

/// Functions of the variables `x_1` to `x_n`: one stands for its Hessian, several for their Jacobian.
type Problem = fn(&Graph, usize) -> Vec<Expr<'_>>;

fn x(graph: &Graph, i: usize) -> Expr<'_> {
    graph.symbol(&format!("x_{i}"))
}

fn sum<'g>(terms: impl Iterator<Item = Expr<'g>>) -> Vec<Expr<'g>> {
    terms.reduce(|sum, term| sum + term).into_iter().collect()
}

fn broyden(graph: &Graph, n: usize) -> Vec<Expr<'_>> {
    let x = |i: usize| match (1..=n).contains(&i) {
        true => x(graph, i),
        false => graph.number(0),
    };
    let residual = |i| (3 - 2 * x(i)) * x(i) - x(i - 1) - 2 * x(i + 1) + 1;
    (1..=n).map(residual).collect()
}

fn rosenbrock(graph: &Graph, n: usize) -> Vec<Expr<'_>> {
    let x = |i| x(graph, i);
    sum((1..n).map(|i| 100 * (x(i + 1) - x(i).powi(2)).powi(2) + (1 - x(i)).powi(2)))
}

/// A band of five, each entry with functions in it.
fn chain(graph: &Graph, n: usize) -> Vec<Expr<'_>> {
    let x = |i| x(graph, i);
    sum((1..n - 1).map(|i| (x(i) * x(i + 1)).sin() * (x(i + 2) - x(i)).exp().log().tanh()))
}

fn arrow(graph: &Graph, n: usize) -> Vec<Expr<'_>> {
    let x = |i| x(graph, i);
    sum((2..=n).map(|i| (x(1) * x(i)).sin() + x(i).powi(4)))
}

fn dense(graph: &Graph, n: usize) -> Vec<Expr<'_>> {
    sum((1..=n).map(|i| x(graph, i).exp()))
        .into_iter()
        .map(|sum| sum.log())
        .collect()
}

const PROBLEMS: [(&str, Problem, usize); 9] = [
    ("Broyden tridiagonal, Jacobian", broyden, 1_000),
    ("Broyden tridiagonal, Jacobian", broyden, 10_000),
    ("Rosenbrock, Hessian", rosenbrock, 1_000),
    ("Rosenbrock, Hessian", rosenbrock, 10_000),
    ("sin, exp, tanh in a band of 5, Hessian", chain, 1_000),
    ("arrow, Hessian", arrow, 1_000),
    ("arrow, Hessian", arrow, 10_000),
    ("dense (log of a sum of exp), Hessian", dense, 30),
    ("dense (log of a sum of exp), Hessian", dense, 300),
];

fn compiled(functions: &[Expr<'_>], names: &[&str], method: Method) -> SparseFunction {
    let how = CompileSparse {
        method: Some(method),
        ..CompileSparse::default()
    };
    match functions {
        [f] => f.compile_sparse_hessian(names, how),
        _ => compile_sparse_jacobian(functions, names, how),
    }
    .expect("a matrix")
}

/// Seconds, the least of so many runs.
fn least(runs: usize, mut run: impl FnMut()) -> f64 {
    let time = |_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    (0..runs).map(time).fold(f64::INFINITY, f64::min)
}

fn main() {
    println!(
        "                                                  n  entries colours  ready, ms      instructions   a call, us"
    );
    for (name, problem, n) in PROBLEMS {
        let names: Vec<String> = (1..=n).map(|i| format!("x_{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let point: Vec<f64> = (0..n).map(|i| (i as f64 * 0.7).sin()).collect();
        for method in [Method::Entries, Method::Compressed] {
            let mut function = None;
            let mut ready = f64::INFINITY;
            for _ in 0..3 {
                let graph = Graph::new();
                let functions = problem(&graph, n);
                ready = ready.min(least(1, || {
                    function = Some(compiled(&functions, &names, method));
                }));
            }
            let function = function.expect("it was compiled");
            let mut values = vec![0.0; function.pattern().len()];
            let call = least(30, || {
                let point = black_box(&point);
                function.evaluate(point, &mut values).expect("a point");
                black_box(&values);
            });
            println!(
                "{name:<40} {n:>10} {:>8} {:>7} {:>10.1} {:>10} {:?} {:>12.1}",
                function.pattern().len(),
                function.coloring().count(),
                ready * 1e3,
                function.instructions(),
                method,
                call * 1e6,
            );
        }
    }
}
