//! Other ways to print: LaTeX, and text that writes shared parts once.
//!
//! `cargo run --example 10_latex_and_let`

use gradus::Graph;

fn main() -> Result<(), gradus::Error> {
    let graph = Graph::new();
    for text in [
        "sqrt(x^2 + y^2)/2",
        "exp(-x^2/2)/sqrt(2*pi)",
        "if(x > 0, x, alpha_1*x)",
        "atan(y/x)^2",
    ] {
        println!("{text:26} {}", graph.parse(text)?.to_latex()?);
    }

    // A formula is a graph: what occurs twice is one node, and has a name in this form.
    let f = graph.parse("exp(sin(x^2))/(1 + sin(x^2))")?;
    let slope = f.diff("x")?.simplify();
    println!(
        "\n{slope}\n\nis, with shared parts written once,\n\n{}",
        slope.to_let_text()?
    );

    // That form reads back, here as in every other: it is the language.
    assert_eq!(graph.parse(&slope.to_let_text()?)?, slope);
    assert_eq!(graph.parse(&slope.to_string())?, slope);

    // Where a text would be large, the difference is large.
    let mut nested = graph.symbol("x");
    for _ in 0..100 {
        nested = nested.sin();
    }
    let slope = nested.diff("x")?;
    let (text, lets) = (slope.to_string(), slope.to_let_text()?);
    println!(
        "\nthe derivative of sin, nested 100 deep: {} nodes",
        slope.node_count()
    );
    println!(
        "{} bytes as text, {} with shared parts written once",
        text.len(),
        lets.len()
    );
    Ok(())
}
