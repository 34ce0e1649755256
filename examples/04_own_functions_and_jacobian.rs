//! Names for parts, functions of your own, and lists: polar coordinates and their Jacobian.
//!
//! `cargo run --example 04_own_functions_and_jacobian`

use gradus::{Expr, Graph, jacobian, syntax};

fn main() -> Result<(), gradus::Error> {
    // Definitions before the result, ended by semicolons.
    let text = "r = sqrt(x^2 + y^2); exp(-r)/r";
    println!("d/dx of  {text}\n    is   {}", gradus::diff(text, "x")?);
    println!(
        "f(t) = t^2 + 1; f(sin(x))  is  {}",
        gradus::simplify("f(t) = t^2 + 1; f(sin(x))")?
    );

    // A list has several results.
    let graph = Graph::new();
    let reading = syntax::read(&mut graph.arena_mut(), "[r*cos(t), r*sin(t)]", &[])?;
    let polar: Vec<Expr> = reading.results.iter().map(|&id| graph.expr(id)).collect();
    let rows = jacobian(&polar, &["r", "t"])?;
    for row in &rows {
        println!("[{}, {}]", row[0], row[1]);
    }
    let determinant = (rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]).simplify();
    println!("determinant = {determinant}");
    assert_eq!(determinant, graph.symbol("r"));
    Ok(())
}
