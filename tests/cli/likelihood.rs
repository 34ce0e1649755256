//! `gradus likelihood`.

use crate::{gradus_reading, json, line};
use serde_json::json as object;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lecture/sample.csv");
const EXAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lecture/exam.csv");

fn close(found: &serde_json::Value, expected: f64) -> bool {
    (found.as_f64().expect("a number") - expected).abs() <= 1e-8 * expected.abs().max(1.0)
}

/// Runs the command on a table that is given as text.
fn on(table: &str, arguments: &str) -> (Option<i32>, String, String) {
    let arguments = format!("likelihood|{arguments}|--data|-");
    let run = gradus_reading(&arguments.split('|').collect::<Vec<_>>(), table.as_bytes());
    (run.code, run.out, run.err)
}

#[test]
fn named_distributions_and_formulas_agree() {
    for (named, formula, parameters) in [
        (
            "--normal|height",
            "normpdf(height, m, s)",
            [("mean", "m"), ("deviation", "s")].as_slice(),
        ),
        ("--exponential|wait", "a*exp(-a*wait)", &[("rate", "a")]),
        (
            "--poisson|calls",
            "r^calls*exp(-r)/calls!",
            &[("rate", "r")],
        ),
    ] {
        let closed = json(&format!("likelihood|{named}|--data|{SAMPLE}|--format|json"));
        let found = json(&format!(
            "likelihood|{formula}|--data|{SAMPLE}|--format|json"
        ));
        for (left, right) in parameters {
            for field in ["value", "std_error", "lower", "upper"] {
                let expected = closed["parameters"][left][field].as_f64().unwrap();
                assert!(
                    close(&found["parameters"][right][field], expected),
                    "{formula} {field}"
                );
            }
        }
        for field in ["log_likelihood", "aic", "bic"] {
            assert!(
                close(&found[field], closed[field].as_f64().unwrap()),
                "{formula} {field}"
            );
        }
        assert_eq!(found["verdict"], "maximum");
        assert_eq!(
            (&found["converged"], &closed["converged"]),
            (&object!(true), &object!(true))
        );
        assert_eq!(
            (&found["rows"], &closed["method"]),
            (&object!(30), &object!("closed form"))
        );
    }
    let coin = json(&format!(
        "likelihood|--bernoulli|passed|--data|{EXAM}|--format|json"
    ));
    let words = json(&format!(
        "likelihood|--categorical|passed|--data|{EXAM}|--format|json"
    ));
    assert_eq!(
        coin["parameters"]["probability"]["value"],
        words["parameters"]["1"]["value"]
    );
    assert_eq!(coin["aic"], words["aic"]);
}

#[test]
fn a_logarithm_is_taken_as_it_is() {
    let density = json(&format!(
        "likelihood|a*exp(-a*wait)|--data|{SAMPLE}|--format|json"
    ));
    let log = json(&format!(
        "likelihood|log(a) - a*wait|--log|--data|{SAMPLE}|--format|json"
    ));
    assert_eq!(density["log_density"], "log(a) - a*wait");
    assert_eq!(density["parameters"], log["parameters"]);
    assert_eq!(density["information"], object!(["observed", "expected"]));
}

#[test]
fn a_negative_density_is_refused_with_its_row() {
    let (code, _, err) = on("x\n0.5\n0.8\n1.5\n", "a*(1 - x)|--start|a=1");
    assert_eq!(code, Some(2));
    assert!(
        err.contains("line 4") && err.contains("the density is -0.5 at x = 1.5"),
        "{err}"
    );
    let (code, _, err) = on("x\n0.5\n1\n", "if(x < t, 1/t, 0)|--start|t=0.7");
    assert_eq!(code, Some(2));
    assert!(
        err.contains("line 3") && err.contains("the density is 0"),
        "{err}"
    );
}

#[test]
fn doubts_are_notes_and_exit_code_1() {
    let (code, out, err) = on("x\n1\n2\n6\n", "a*b*exp(-a*b*x)|--start|a=1,b=1");
    assert_eq!(code, Some(1));
    assert!(err.contains("do not determine `a`, `b`"), "{err}");
    assert!(out.contains("NaN"), "{out}");
    let (code, _, err) = on("x\n1\n2\n6\n", "exp(-a*x)");
    assert_eq!(code, Some(1));
    assert!(err.contains("integrate to 1"), "{err}");
    let (code, _, err) = on("x\n1\n1\n", "p^x*(1 - p)^(1 - x)|--bounds|p=0:1");
    assert_eq!(code, Some(0));
    assert!(err.contains("`p` ended at its bound 1"), "{err}");
    let (code, _, err) = on("x\n1\n1\n", "--bernoulli|x");
    assert_eq!(code, Some(0));
    assert!(err.contains("no standard error"), "{err}");
}

#[test]
fn mistakes_are_told() {
    for (table, arguments, words) in [
        ("x\n", "a*exp(-a*x)", "has no rows"),
        ("x\n", "--normal|x", "has no rows"),
        ("x\n", "--categorical|x", "has no rows"),
        ("x\n1\n", "a*exp(-a*x)|--start|b=1", "`b` is no parameter"),
        ("x\n1\n", "a*exp(-a*x)|--start|x=1", "`x` is a column"),
        ("x\n1\n", "a*exp(-a*x)|--bounds|a=2:1", "no value of `a`"),
        ("x\n1\n", "a*exp(-a*x)|--given|z", "no column `z`"),
        ("x\n1\n", "a*exp(-a*x)|--confidence|1.5", "between 0 and 1"),
        ("x\n1\n", "a*b", "no column of standard input occurs"),
        (
            "height\n1\n",
            "normpdf(hieght, m, 1)",
            "did you mean `height`?",
        ),
        ("x\n1\n", "x^2", "nothing to estimate"),
        ("x\n1\n", "sum(x)*a", "goes over all rows"),
        ("x\n1\n", "a*exp(-a*x", "input:1"),
        ("x\n1\n", "[a*x, a]", "not a list"),
        ("x\n1\n2\n", "--bernoulli|x", "must be 0 or 1"),
        ("x\n1.5\n", "--poisson|x", "must be a count"),
        ("x\n-1\n", "--exponential|x", "must be a waiting time"),
        ("x\n0\n", "--exponential|x", "above 0"),
        ("x\n2\n2\n", "--normal|x", "the same in every row"),
        ("x\n2\n", "--normal|y", "no column `y`"),
        ("x\nabc\n", "--normal|x", "abc"),
        ("x\n1\n", "--normal|x|--poisson|x", "cannot be used with"),
        ("x\n1\n", "a*exp(-a*x)|--normal|x", "cannot be used with"),
        ("x\n1\n", "--normal|x|--start|a=1", "cannot be used with"),
    ] {
        let (code, _, err) = on(table, arguments);
        assert_eq!(code, Some(2), "{arguments}: {err}");
        assert!(err.contains(words), "{arguments}: {err}");
    }
    let both = line("likelihood|-|--data|-");
    assert_eq!(both.code, Some(2));
    let none = line("likelihood|--data|x.csv");
    assert_eq!(none.code, Some(2));
}
