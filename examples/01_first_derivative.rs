//! From text to derivative: a formula, its slope, and both at a point.
//!
//! `cargo run --example 01_first_derivative`

use gradus::Graph;

fn main() -> Result<(), gradus::Error> {
    // In one line, for people in a hurry.
    println!("d/dx x^3 = {}", gradus::diff("x^3", "x")?);

    // A graph holds formulas that are asked more than one thing.
    let graph = Graph::new();
    let f = graph.parse("x^2 + 2x*y + 3 + cos(x + 2y)")?;
    let slope = f.diff("x")?.simplify();
    println!("f    = {f}");
    println!("f_x  = {slope}");

    let here = [("x", 1.0), ("y", -0.5)];
    println!(
        "at x = 1, y = -0.5: f = {}, f_x = {}",
        f.eval(&here)?,
        slope.eval(&here)?
    );

    // Formulas are also written in Rust: handles are `Copy` and have the operators of arithmetic.
    let (x, y) = (graph.symbol("x"), graph.symbol("y"));
    let same = x.powi(2) + 2 * x * y + 3 + (x + 2 * y).cos();
    assert_eq!(f, same, "equal formulas are one node");

    // Higher orders come from asking again.
    let mut derivative = graph.parse("exp(sin(x))")?;
    for order in 1..=3 {
        derivative = derivative.diff("x")?.simplify();
        println!("order {order}: {derivative}");
    }
    Ok(())
}
