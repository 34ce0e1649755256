//! `simplify` never changes a value: what is true only of some numbers waits until you declare them.
//!
//! `cargo run --example 05_simplify_with_assumptions`

use gradus::{Assumption, Graph};

fn main() -> Result<(), gradus::Error> {
    // True of every complex number.
    for text in [
        "sin(x)^2 + cos(x)^2",
        "(x + 1)*(x - 1) + 1",
        "exp(log(x))",
        "sin(x)/cos(x)",
        "x/x",
    ] {
        println!("{text:22} -> {}", gradus::simplify(text)?);
    }

    // True of some.
    let formulas = [
        "sqrt(x^2)",
        "log(exp(x))",
        "log(x*y)",
        "abs(x)",
        "sqrt(x^6)",
    ];
    println!("\n{:14} undeclared     real           positive", "");
    for text in formulas {
        let mut line = format!("{text:14} ");
        for assumption in [
            Assumption::Undeclared,
            Assumption::Real,
            Assumption::Positive,
        ] {
            let graph = Graph::new();
            graph.symbol_with("x", assumption);
            graph.symbol_with("y", assumption);
            line += &format!("{:14} ", graph.parse(text)?.simplify().to_string());
        }
        println!("{}", line.trim_end());
    }

    // Why: at x = -2, sqrt(x^2) is 2, and x is not.
    println!(
        "\nsqrt(x^2) at x = -2 is {}",
        gradus::eval("sqrt(x^2)", &[("x", -2.0)])?
    );
    Ok(())
}
