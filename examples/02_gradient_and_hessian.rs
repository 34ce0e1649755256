//! A valley in two variables: where is it flat, and is that a minimum?
//!
//! The gradient comes from one reverse sweep, whatever the number of variables.
//!
//! `cargo run --example 02_gradient_and_hessian`

use gradus::Graph;

fn main() -> Result<(), gradus::Error> {
    let graph = Graph::new();
    let f = graph.parse("(1 - x)^2 + 100*(y - x^2)^2")?; // Rosenbrock's valley
    println!("f = {f}");

    let gradient = f.gradient(&["x", "y"])?;
    for (name, slope) in ["x", "y"].iter().zip(&gradient) {
        println!("df/d{name} = {}", slope.simplify());
    }
    let hessian = f.hessian(&["x", "y"])?;
    for row in &hessian {
        println!("[{}, {}]", row[0].simplify(), row[1].simplify());
    }

    let bottom = [("x", 1.0), ("y", 1.0)];
    for slope in gradient {
        assert_eq!(slope.eval(&bottom)?, 0.0);
    }
    let at = |i: usize, j: usize| hessian[i][j].eval(&bottom);
    let determinant = at(0, 0)? * at(1, 1)? - at(0, 1)? * at(1, 0)?;
    println!(
        "at (1, 1) the gradient is 0, f_xx = {} and the determinant {determinant}",
        at(0, 0)?
    );
    println!("both positive: a minimum");

    // One function of a thousand variables: still one sweep.
    let names: Vec<String> = (1..=1000).map(|i| format!("x_{i}")).collect();
    let product = graph.parse(&names.join("*"))?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let before = graph.arena().len();
    let slopes = product.gradient(&names)?;
    let made = graph.arena().len() - before;
    println!(
        "the gradient of x_1*...*x_1000: {} formulas, {made} new nodes",
        slopes.len()
    );
    Ok(())
}
