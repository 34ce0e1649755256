//! What is wrong, where, and what to write instead.
//!
//! `cargo run --example 09_errors_with_places`

use gradus::{Graph, syntax};

fn main() {
    for text in [
        "(x + 1",
        "2 3",
        "sin x",
        "2*sine(x)",
        "a < b < c",
        "x +* 2",
        "x ∫ y",
        "",
    ] {
        let graph = Graph::new();
        match graph.parse(text) {
            Ok(f) => println!("{f}"),
            Err(error) => println!("{}", syntax::render(&error, text, "formula", false)),
        }
    }

    // In a line of 800,000 bytes only the surroundings are shown.
    let long = format!("{}sin x{}", "x + ".repeat(100_000), " + x".repeat(100_000));
    let error = Graph::new().parse(&long).expect_err("sin x is an error");
    let drawn = syntax::render(&error, &long, "long line", false);
    println!(
        "{drawn}({} bytes of text, {} bytes of message)",
        long.len(),
        drawn.len()
    );
    assert!(drawn.len() < 2000);

    // Depth is no danger: an answer or an error, never a crash.
    let deep = format!("{}x{}", "(".repeat(100_000), ")".repeat(100_000));
    let error = Graph::new().parse(&deep).expect_err("a limit");
    println!("100,000 parentheses: {error}");
    let minuses = format!("{}x", "-".repeat(100_000));
    println!(
        "100,000 minus signs: {}",
        gradus::simplify(&minuses).expect("an answer")
    );

    // Programs look at the kind and the place, in bytes.
    let error = Graph::new()
        .parse("1 + sin x")
        .expect_err("sin x is an error");
    println!(
        "kind {}, bytes {}..{}",
        error.kind.as_str(),
        error.span.start,
        error.span.end
    );
}
