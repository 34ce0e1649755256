//! Taylor polynomials: exact coefficients, and how fast the error falls.
//!
//! `cargo run --example 06_taylor`

use gradus::Graph;

fn main() -> Result<(), gradus::Error> {
    let graph = Graph::new();
    let zero = graph.number(0);
    for text in ["exp(x)", "sin(x)", "1/(1 - x)", "log(1 + x)", "sqrt(1 + x)"] {
        let f = graph.parse(text)?;
        println!("{text:12} = {} + ...", f.taylor("x", zero, 4)?);
    }

    // Around a point that is no number but a name.
    let a = graph.symbol("a");
    println!(
        "around a: exp(x) = {} + ...",
        graph.parse("exp(x)")?.taylor("x", a, 2)?
    );

    // The error of degree n at distance h falls as h^(n + 1): here with the next coefficient, -1/240.
    let f = graph.parse("exp(sin(x))")?;
    let polynomial = f.taylor("x", zero, 5)?;
    println!("\nexp(sin(x)) = {polynomial} + ...");
    for h in [0.4, 0.2, 0.1, 0.05] {
        let error = (f - polynomial).eval(&[("x", h)])?;
        println!(
            "at {h:4}: error {error:9.2e} = {:.4} * h^6",
            error / h.powi(6)
        );
    }

    // Where there is no polynomial, the answer says so.
    match graph.parse("sqrt(x)")?.taylor("x", zero, 3) {
        Ok(polynomial) => println!("{polynomial}"),
        Err(error) => println!("\nsqrt(x) around 0: {error}"),
    }
    Ok(())
}
