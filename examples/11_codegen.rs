//! A formula and its gradient as source in other languages.
//!
//! `cargo run --example 11_codegen`

use gradus::{Codegen, Graph, Language, Shape, codegen};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let graph = Graph::new();
    let f = graph.parse("exp(-x^2)*sin(y) + x^2")?;

    // Shared parts are computed once, what the language lacks comes with the file.
    for language in [Language::C, Language::Python] {
        let how = Codegen {
            shape: Shape::Gradient,
            name: "loss".into(),
            ..Codegen::new(language)
        };
        let code = codegen(&[f], &["x", "y"], &how)?;
        assert_eq!(code.outputs, ["value", "d_dx", "d_dy"]);
        println!("{}", code.text);
    }

    // A query over a table `points` with the columns x and y.
    let query = codegen(&[f], &["x", "y"], &Codegen::new(Language::Sql))?;
    println!("{}", query.text);

    // What a language cannot say soundly is an error, never a wrong value.
    let gamma = graph.parse("gamma(x)")?;
    let refused = codegen(&[gamma], &["x"], &Codegen::new(Language::Sql));
    println!("gamma in SQL: {}", refused.unwrap_err());
    Ok(())
}
