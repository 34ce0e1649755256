//! Newton's method in ten thousand variables: the Hessian has three entries a row, and only these are computed.
//!
//! `cargo run --example 12_sparse_hessian`

use gradus::sparse::SparseMatrix;
use gradus::{CompileSparse, Expr, Graph};

fn main() -> Result<(), gradus::Error> {
    let n = 10_000;
    let graph = Graph::new();
    let x: Vec<Expr> = (0..n).map(|i| graph.symbol(&format!("x_{i}"))).collect();
    // A chain of springs that grow stiffer, each mass drawn back to the middle.
    let springs = (1..n).map(|i| (x[i] - x[i - 1]).powi(4) + (x[i] - 1).powi(2));
    let energy = springs.fold((x[0] - 2).powi(2), |sum, spring| sum + spring);

    let names: Vec<String> = (0..n).map(|i| format!("x_{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let f = energy.compile(&names)?;
    let hessian = energy.compile_sparse_hessian(&names, CompileSparse::default())?;
    let entries = hessian.pattern().len();
    println!(
        "{entries} of {} entries, by {} colours",
        n * n,
        hessian.coloring().count()
    );
    assert_eq!(entries, 3 * n - 2);
    assert_eq!(hessian.coloring().count(), 3);

    let (mut point, mut gradient) = (vec![0.0; n], vec![0.0; n]);
    for step in 0..20 {
        let value = f.value_and_gradient(&point, &mut gradient)?;
        let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        println!("step {step}: f = {value:.12}, |gradient| = {norm:.1e}");
        if norm < 1e-9 {
            break;
        }
        let matrix = hessian.matrix(&point)?;
        for (x, step) in point.iter_mut().zip(solve_tridiagonal(&matrix, &gradient)) {
            *x -= step;
        }
    }
    let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    assert!(norm < 1e-9);
    println!("x_0 = {:.6}, x_{} = {:.6}", point[0], n - 1, point[n - 1]);
    Ok(())
}

/// Elimination in a band of three (Thomas 1949).
fn solve_tridiagonal(matrix: &SparseMatrix, right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let (mut above, mut solution) = (vec![0.0; n], right.to_vec());
    for i in 0..n {
        let before = if i == 0 { 0.0 } else { matrix.get(i, i - 1) };
        let (above_before, solution_before) = match i {
            0 => (0.0, 0.0),
            _ => (above[i - 1], solution[i - 1]),
        };
        let pivot = matrix.get(i, i) - before * above_before;
        above[i] = matrix.get(i, i + 1) / pivot;
        solution[i] = (solution[i] - before * solution_before) / pivot;
    }
    for i in (0..n - 1).rev() {
        solution[i] -= above[i] * solution[i + 1];
    }
    solution
}
