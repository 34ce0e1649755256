//! Chapter 2 of the course: products, inverses, systems of equations, regression.
//!
//! `cargo run --example lecture_02_matrices`

use gradus::Rational;
use gradus::lecture::matrices::{
    exact_inverse, inverse, product, pseudo_inverse, regression, row_products, solve,
};
use nalgebra::{dmatrix, dvector};

fn main() -> Result<(), gradus::lecture::LectureError> {
    let a = dmatrix![1.0, -2.0, 3.0; 7.0, 5.0, 0.0; -2.0, -1.0, 2.0];
    let b = dmatrix![0.0, 1.0; 1.0, -1.0; -2.0, 1.0];
    println!("A @ B = {}", product(&a, &b)?);
    let rows = dmatrix![0.0, 1.0, -1.0; 1.0, -1.0, 0.0];
    println!("rows of A with rows of C = {}", row_products(&a, &rows)?);
    println!("the inverse of A = {:.8}", inverse(&a)?);
    println!("the pseudo-inverse of B = {:.8}", pseudo_inverse(&b));

    let whole = [[1, -2, 3], [7, 5, 0], [-2, -1, 2]].map(|row| row.map(Rational::from).to_vec());
    for row in exact_inverse(&whole)? {
        let row: Vec<String> = row.iter().map(Rational::to_string).collect();
        println!("exactly: {}", row.join(", "));
    }

    let fewer = solve(&dmatrix![1.0, 1.0], &dvector![2.0])?;
    println!("x + y = 2: {:?}, {:.3?}", fewer.kind, fewer.x.as_slice());
    let more = solve(&dmatrix![1.0; 1.0; 1.0], &dvector![1.0, 2.0, 6.0])?;
    println!("x = 1, 2 and 6: {:?}, {:.3?}", more.kind, more.x.as_slice());

    // y = x1 + 2*x2 + 3, found again.
    let x = dmatrix![1.0, 1.0; 1.0, 2.0; 2.0, 2.0; 2.0, 3.0];
    let found = regression(&x, &dvector![6.0, 8.0, 9.0, 11.0])?;
    println!("weights and intercept: {:.8?}", found.as_slice());
    assert!((found - dvector![1.0, 2.0, 3.0]).amax() < 1e-12);
    Ok(())
}
