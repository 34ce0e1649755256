//! Numbers are exact until you ask for a value.
//!
//! `cargo run --example 03_exact_numbers`

use gradus::Graph;

fn main() -> Result<(), gradus::Error> {
    // 0.1 is 1/10, and is printed as it was written.
    println!("0.1*x + 0.2*x = {}", gradus::simplify("0.1*x + 0.2*x")?);
    println!("in doubles, 0.1 + 0.2 = {}", 0.1 + 0.2);

    // No double holds 2^53 + 1; here nothing is lost, at any size.
    println!(
        "9007199254740993*x + 10^20*x = {}",
        gradus::simplify("9007199254740993*x + 10^20*x")?
    );
    println!("2^100 = {}", gradus::simplify("2^100")?);
    println!("d/dx x^40/40! = {}", gradus::diff("x^40/40!", "x")?);
    println!(
        "sqrt(8) stays {}, sqrt(9) is {}",
        gradus::simplify("sqrt(8)")?,
        gradus::simplify("sqrt(9)")?
    );

    // Rounding begins where evaluation begins: (10^20 + 1) - 10^20 is 1 in symbols and 0 in doubles.
    let graph = Graph::new();
    let difference = graph.parse("(x + 1) - x")?;
    println!("{} = {}", difference, difference.simplify());
    println!(
        "at x = 1e20, unsimplified: {}",
        difference.eval(&[("x", 1e20)])?
    );
    Ok(())
}
