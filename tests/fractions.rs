//! Fractions as a textbook writes them: what stands above and below cancels, and a minus has one place.

use gradus::Graph;

/// Simplified, printed, read into a fresh graph and simplified again: both times `goal`.
fn check(start: &str, goal: &str) {
    let once = gradus::simplify(start).expect("a formula");
    assert_eq!(once, goal, "{start}");
    assert_eq!(
        gradus::simplify(&once).expect("a formula"),
        goal,
        "{start}, again"
    );
}

#[test]
fn a_factor_of_every_term_cancels() {
    check("(x^2 + x)/x", "x + 1");
    check("x/(x - x^2)", "1/(1 - x)");
    check("3*x - x/(x - x^2)", "3*x + 1/(x - 1)");
    check("x*y/(x*y + x)", "y/(y + 1)");
    check("(x*y + x)/(x*z)", "(y + 1)/z");
    check("sin(x)/(sin(x)^2 + sin(x))", "1/(sin(x) + 1)");
    check("sqrt(x)/(x + sqrt(x))", "1/(sqrt(x) + 1)");
    check("x^2/(x^3 + x)", "x/(x^2 + 1)");
}

#[test]
fn common_factors_of_several_variables_cancel() {
    check("(x^2 - 1)/(x - 1)", "x + 1");
    check("(x^2 - y^2)/(x - y)", "x + y");
    check("(x^2 + 2*x*y + y^2)/(x + y)", "x + y");
    check("(x^3 - y^3)/(x - y)", "x^2 + x*y + y^2");
    check("(x^3 - y^3)/(x^2 - y^2)", "(x^2 + x*y + y^2)/(x + y)");
    check("(x - y)/(x^2 - y^2)", "1/(x + y)");
    check("(x^2 - y^2)^2/(x - y)^3", "(x + y)^2/(x - y)");
    check("(a*x + b*x)/(a + b)", "x");
    check("(x*y + x*z + 2*y + 2*z)/(y + z)", "x + 2");
    check("(x^2*y - y)/(x - 1)", "x*y + y");
    check("(y*sin(x) + sin(x))/(y + 1)", "sin(x)");
    check("(log(x)^2 - y^2)/(log(x) + y)", "log(x) - y");
    // Ten terms for two.
    check("(x^10 - y^10)/(x - y)", "(x^10 - y^10)/(x - y)");
    check("(x^2 + y^2)/(x + y)", "(x^2 + y^2)/(x + y)");
}

#[test]
fn powers_of_one_kernel_cancel() {
    check("(x - 1)/(sqrt(x) - 1)", "sqrt(x) + 1");
    check("(sqrt(x) + 1)/(x - 1)", "1/(sqrt(x) - 1)");
    check("(x - y)/(sqrt(x) + sqrt(y))", "sqrt(x) - sqrt(y)");
    check("(exp(2*x) - 1)/(exp(x) - 1)", "exp(x) + 1");
    check("(exp(-x) + 1)/(exp(-2*x) - 1)", "1/(exp(-x) - 1)");
    check("(exp(2*x) - y^2)/(exp(x) + y)", "exp(x) - y");
    check("(4^x - 1)/(2^x - 1)", "(4^x - 1)/(2^x - 1)");
    check("(2^(2*x) - 1)/(2^x - 1)", "2^x + 1");
    check("(x^(2*n) - y^2)/(x^n - y)", "y + x^n");
    check(
        "(x^(-1/2) + x^(-1/3))^2/(x^(-1/2)*y + x^(-1/3)*y + x^(-1/2)*z + x^(-1/3)*z)",
        "(x^(1/6) + 1)/(sqrt(x)*(y + z))",
    );
    check(
        "(exp(-x/2) + exp(-x/3))^2/(exp(-x/2)*y + exp(-x/3)*y + exp(-x/2)*z + exp(-x/3)*z)",
        "(exp(-x/3) + exp(-x/2))/(y + z)",
    );
    check(
        "(y^2 - 2*y*exp(x) + exp(2*x))/(exp(-x) - y)",
        "(y^2 - 2*y*exp(x) + exp(2*x))/(exp(-x) - y)",
    );
    // Longer.
    check("(sqrt(x) - 1)/(x^(1/3) - 1)", "(sqrt(x) - 1)/(x^(1/3) - 1)");
    check("(x - 1)/(x^(1/9) - 1)", "(x - 1)/(x^(1/9) - 1)");
}

#[test]
fn denominators_meet_though_a_variable_stands_in_one_of_them() {
    check(
        "1/(x*y + y^2) + z/(y*(x + y)^2)",
        "(x + y + z)/(y*(x + y)^2)",
    );
    check(
        "1/(x*y^2 + y^3) + z/(y^2*(x + y)^2)",
        "(x + y + z)/(y^2*(x + y)^2)",
    );
    check(
        "1/(y*(x*y + y^2)) + z/(y^2*(x + y)^2)",
        "(x + y + z)/(y^2*(x + y)^2)",
    );
    check(
        "1/(y^2*(x*y + y^2)) + z/(y^2*(x + y)^2)",
        "(y*z + x + y)/(y^3*(x + y)^2)",
    );
    // Longer.
    check("1/x + 1/(x^2 + x)", "1/x + 1/(x^2 + x)");
}

/// In the derivative of a quotient the factor that cancels stands in many places.
#[test]
fn what_cancels_does_so_before_it_is_differentiated() {
    for (formula, slope) in [
        ("(sqrt(x) - 1)/(x - 1)", "-1/(2*sqrt(x)*(sqrt(x) + 1)^2)"),
        ("(x*y - y + x^2 - x)/(x - 1) + 3*x", "4"),
        (
            "x*(x^3 - y^3)/(x^2*y - y^3)",
            "(2*x^3 + 4*x^2*y + 2*x*y^2 + y^3)/(y*(x + y)^2)",
        ),
    ] {
        assert_eq!(gradus::diff(formula, "x").expect("a formula"), slope);
        let gradient = gradus::gradient(formula).expect("a formula");
        assert_eq!(gradient[0], ("x".to_owned(), slope.to_owned()));
    }
}

#[test]
fn no_more_cancels_than_is_there() {
    check("x/(x^3 + x^2)", "1/(x^2 + x)");
    check("x^5/(x^3 + x^2)^2", "x/(x + 1)^2");
    check("(x^2 + 1)/x", "(x^2 + 1)/x");
    check("x/(x + 1)", "x/(x + 1)");
    check("y/(x^2 + x)", "y/(x^2 + x)");
}

#[test]
fn fractions_inside_a_numerator_are_cleared() {
    check("z^2*(9*x/z + 1/z)", "z*(9*x + 1)");
    check("x^2*(1/x + y/x)", "x*(y + 1)");
}

#[test]
fn a_power_that_becomes_whole_is_its_factors() {
    check("y*(x/y)^(3/2)*(x/y)^(-1/2) - x", "0");
    check("(x*y)^(1/2)*(x*y)^(1/2)/y", "x");
}

#[test]
fn a_minus_goes_into_the_sum_that_then_begins_with_a_plus() {
    check("-1/(x - 1)", "1/(1 - x)");
    check(
        "(1 - cos(x))/(x - sin(x) + 2)",
        "(1 - cos(x))/(x - sin(x) + 2)",
    );
    check(
        "(cos(x) - 1)/(sin(x) - x - 2)",
        "(1 - cos(x))/(x - sin(x) + 2)",
    );
    check("z - y/(x - 1)", "z + y/(1 - x)");
    check("exp(-(y + x/(x - 1))/3)", "exp(x/(3*(1 - x)) - y/3)");
    check("2 - y*(7 - z)", "y*(z - 7) + 2");
}

/// Which factor takes the minus must not depend on what was built before.
#[test]
fn the_place_of_a_minus_depends_on_the_formula_alone() {
    let texts = [
        "(y - z)*(sin(6) - y)",
        "-(z - y)*(sin(6) - y)",
        "(sin(6) - y)*(y - z)",
        "-(sin(6) - y)*(z - y)",
        "(y - sin(6))*(z - y)",
    ];
    let graph = Graph::new();
    let forms: Vec<String> = (texts.iter().rev())
        .map(|text| graph.parse(text).expect("a formula").simplify().to_string())
        .collect();
    for (text, form) in texts.iter().rev().zip(&forms) {
        assert_eq!(form, &forms[0], "{text}");
        check(text, form);
    }
}

/// The two sides differ by sign, whichever way they were written.
#[test]
fn the_minus_of_the_only_term_left_goes_into_its_sum() {
    let slope = gradus::diff("(sin(x) - x - y^3)/((sin(x) - x - y^3)^2*y)", "x").unwrap();
    assert_eq!(slope, "(1 - cos(x))/(y*(y^3 + x - sin(x))^2)");
}

/// Whichever of the terms that meet is written first, and however deep the sums are in each other.
#[test]
fn what_is_shorter_multiplied_out_is() {
    check(
        "2 + exp(y) - 2*x*(x + 5/2) - x^2",
        "2 + exp(y) - 5*x - 3*x^2",
    );
    check(
        "2*(x^2 + 2)*(2*x - y) - 2*x*(x^2 + (x - y)^2 + 2)",
        "2*x^2*y - 2*x*y^2 + 4*x - 4*y",
    );
    let formula = "((sin(x) - x) - exp(2*y))*x/(((sin(x) - x) - exp(2*y))*(x + y))";
    assert_eq!(gradus::diff(formula, "x").unwrap(), "y/(x + y)^2");
}

#[test]
fn opposite_fractions_meet() {
    check("1/(1 - x) + 1/(x - 1)", "0");
    check("x/(y - z) + x/(z - y)", "0");
    check("(y + 1)/x^2 - y/x^2", "1/x^2");
}

#[test]
fn what_stands_below_is_simplified_as_a_product() {
    check("z/cosh(x)/tanh(x)", "z/sinh(x)");
    check("y/cos(x)^2/tan(x)", "y/(sin(x)*cos(x))");
    check("1/abs(tanh(5)*x)^2", "1/(tanh(5)^2*abs(x)^2)");
}

/// The first factor that fits may be the wrong one: abs(u)^2 is u^2 for real u only.
#[test]
fn an_identity_looks_for_factors_that_meet_its_condition() {
    check("abs(tanh(9)*x)^2", "tanh(9)^2*abs(x)^2");
    check("(abs(x)*abs(tanh(9)))^2", "tanh(9)^2*abs(x)^2");
}

#[test]
fn a_power_of_an_exponential_that_becomes_whole_is_one() {
    check("(y/sqrt(exp(y)))^2", "y^2*exp(-y)");
    check("exp(y)^(1/2)*exp(y)^(1/2)*x", "x*exp(y)");
    check("sqrt(exp(y))*sqrt(exp(1))^2", "sqrt(exp(y))*e");
}
