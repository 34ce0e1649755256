//! From text to value: definitions, functions of one's own, and whose name counts where.

use gradus::Graph;

fn value(text: &str) -> f64 {
    let graph = Graph::new();
    let expression = graph.parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    assert!(
        expression.variables().is_empty(),
        "{text}: {:?} are free",
        expression.variables()
    );
    expression.eval(&[]).expect("a value")
}

#[test]
fn a_parameter_hides_a_value_inside_its_function_only() {
    assert_eq!(value("a = 5; f(a) = a^2; a + f(3)"), 14.0);
    assert_eq!(value("a = 5; f(a) = a^2; g(t) = a*t; f(2) + g(10)"), 54.0);
    assert_eq!(
        value("a = 5; f(a) = a^2; g(a, b) = a - b; a + f(2) + g(1, 2)"),
        8.0
    );
}

#[test]
fn definitions_see_what_was_defined_before_them() {
    assert_eq!(value("a = 2; b = a^3; b + a"), 10.0);
    assert_eq!(value("a = 2; g(t) = a*t; f(a) = g(a); f(3)"), 6.0);
    assert_eq!(
        value("f(t) = t^2 + 1; g(t, s) = f(t) - f(s); g(3, f(1))"),
        5.0
    );
}

#[test]
fn a_variable_of_the_name_of_a_parameter_is_another_one() {
    let graph = Graph::new();
    let f = graph.parse("f(t) = t^2 + s; f(t + 1)").unwrap();
    assert_eq!(f.variables(), ["s", "t"]);
    assert_eq!(f.eval(&[("t", 2.0), ("s", 1.0)]), Ok(10.0));
}

/// What is built in Rust prints text that reads back, so that a variable has a name that the language can read.
#[test]
fn variables_have_names_that_read_back() {
    let graph = Graph::new();
    for name in [
        "x", "x_1", "x₁", "alpha", "α", "gamma", "E", "E_n", "x1y", "µ", "𝑥", "true",
    ] {
        let x = graph.try_symbol(name).unwrap();
        assert_eq!(graph.parse(&x.to_string()).unwrap(), x, "{name}");
        assert_eq!(graph.parse(name).unwrap(), x, "{name}");
        let f = 2 * x.powi(2) * (x + 1);
        assert_eq!(graph.parse(&f.to_string()).unwrap(), f, "{name}");
    }
    for name in [
        "",
        " ",
        " x",
        "x ",
        "(x)",
        "a b",
        "2x",
        "x2 ",
        "x+1",
        "-x",
        "x;",
        "x=2;x",
        "1",
        "pi",
        "π",
        "tau",
        "e",
        "i",
        "sin",
        "sqrt",
        "if",
        "mod",
        "and",
        "not",
        "x'",
        "x.y",
        "price (EUR)",
        "_x",
        "\u{1}x",
        "x²",
        "[x]",
        "|x|",
    ] {
        let error = graph.try_symbol(name).expect_err(name);
        assert!(!error.message.is_empty());
    }
    // Who names a variable in the program has chosen the name: a mistake there is one of the program.
    let caught = std::panic::catch_unwind(|| Graph::new().symbol("a b").to_string());
    assert!(caught.is_err());
}
