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
