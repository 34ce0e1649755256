//! The commands of the course: integrate, bayes, adjust, linear, stats, backprop, lecture.

use crate::{json, line, printed};
use serde_json::json as object;

const STONES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lecture/stones.csv");

fn close(found: &serde_json::Value, expected: f64, within: f64) -> bool {
    (found.as_f64().expect("a number") - expected).abs() <= within
}

#[test]
fn integrals_come_with_their_error() {
    let call =
        "integrate|exp(-x^2)|--over|x=-1:1|--samples|10000|--repeat|100|--seed|7|--format|json";
    let found = json(call);
    let fields: Vec<&str> = found
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    for field in [
        "mean",
        "std",
        "standard_error",
        "interval",
        "samples",
        "repeat",
    ] {
        assert!(fields.contains(&field), "{field}");
    }
    assert!(close(&found["mean"], 1.493648265624854, 0.002));
    assert!(close(&found["std"], 0.004, 0.001));
    assert!(close(
        &found["quadrature"]["value"],
        1.493648265624854,
        1e-14
    ));
    assert_eq!(
        (&found["samples"], &found["repeat"]),
        (&object!(10000), &object!(100))
    );
    assert_eq!(json(call), found, "the same seed");
    assert_ne!(json(&call.replace("|7|", "|8|")), found, "another seed");
}

#[test]
fn values_of_an_integral_are_exact() {
    let found = json("integrate|a*x^n|--over|x=0:1|--at|a=6,n=2|--format|json");
    assert!(close(&found["quadrature"]["value"], 2.0, 1e-15));
    let pole = line("integrate|1/x|--over|x=-1:1|--samples|100|--repeat|4");
    assert!(
        pole.err.contains("quadrature does not converge"),
        "{}",
        pole.err
    );
}

#[test]
fn beliefs_are_updated() {
    let one = json("bayes|--prior|0.1|--sensitivity|0.99|--false-alarm|0.01|--format|json");
    assert!(close(&one["posteriors"][0], 0.916_666_666_666_666_6, 1e-15));
    assert!(close(&one["evidence"][0], 0.108, 1e-15));
    let three =
        json("bayes|--prior|0.1|--sensitivity|0.99|--false-alarm|0.1|--positives|3|--format|json");
    for (at, posterior) in [0.5238, 0.9159, 0.9908].into_iter().enumerate() {
        assert!(close(&three["posteriors"][at], posterior, 5e-5));
    }
    let dice = json("bayes|--prior|a=1/2,b=1/2|--likelihood|b=1/2,a=1/6|--format|json");
    assert_eq!(dice["hypotheses"], object!(["a", "b"]));
    assert!(close(&dice["posteriors"][0][1], 0.75, 1e-15));
}

#[test]
fn treatments_are_compared() {
    let call = format!(
        "adjust|{STONES}|--treatment|treatment|--outcome|success|--confounder|size|--count|patients|--format|json"
    );
    let found = json(&call);
    assert!(close(&found["raw"]["a"], 0.78, 1e-12) && close(&found["raw"]["b"], 0.8257, 5e-5));
    assert!(close(&found["adjusted"]["a"], 0.8325, 5e-5));
    assert!(close(&found["adjusted"]["b"], 0.7789, 5e-5));
}

#[test]
fn vectors_and_matrices() {
    assert_eq!(printed("linear|hadamard|[1,7,2]|[5,2,1]"), "[5, 14, 2]\n");
    assert_eq!(printed("linear|norm|[3,-4]|--norm|1"), "7\n");
    assert_eq!(printed("linear|angle|[1,0]|[0,1]"), "1.5707963267948966\n");
    let inverse = json("linear|inverse|[[2,0],[0,4]]|--format|json");
    assert_eq!(inverse["result"], object!([[0.5, 0.0], [0.0, 0.25]]));
    assert_eq!(
        json("linear|inverse|[[3]]|--exact|--format|json")["result"],
        object!([["1/3"]])
    );
}

#[test]
fn every_step_of_backpropagation_is_shown() {
    let found = json("backprop|sin(x^2)*y|--at|x=1,y=2|--format|json");
    let steps = found["steps"].as_array().unwrap();
    let of = |name: &str| steps.iter().find(|step| step["name"] == name).unwrap();
    // 2*x*y*cos(x^2) and sin(x^2)
    assert!(close(&of("x")["adjoint"], 4.0 * 1f64.cos(), 1e-15));
    assert!(close(&of("y")["adjoint"], 1f64.sin(), 1e-15));
    assert_eq!(steps.last().unwrap()["adjoint"], object!(1.0));
}

#[test]
fn chapters_and_exercises() {
    for chapter in 1..=8 {
        let text = printed(&format!("lecture|{chapter}"));
        assert!(text.starts_with(&format!("# {chapter}. ")), "{chapter}");
        assert!(
            !text.contains("<!--") && text.contains("    $ gradus "),
            "{chapter}"
        );
        assert!(!text.contains("error: "), "{chapter}: {text}");
    }
    let right = line("lecture|3|--exercise|2|--answer|x + x");
    assert_eq!((right.code, right.out.as_str()), (Some(0), "right\n"));
    let wrong = line("lecture|3|--exercise|2|--answer|x");
    assert_eq!(
        (wrong.code, wrong.out.as_str()),
        (Some(1), "not right: it is 0.5 times the right one\n")
    );
}

#[test]
fn bad_input_is_told() {
    let cases = [
        (
            "bayes|--prior|10|--sensitivity|0.9|--false-alarm|0.1",
            "percent are written as",
        ),
        (
            "bayes|--prior|a=0.1,b=0.2|--likelihood|a=1,b=1",
            "must sum to 1",
        ),
        ("bayes|--prior|a=1|--likelihood|a=0", "impossible"),
        ("integrate|x|--over|x=0:inf", "substitute"),
        (
            "integrate|log(x)|--over|x=-1:1",
            "the formula is NaN at x = ",
        ),
        (
            "integrate|x*y|--over|x=0:1",
            "`y` has neither an interval nor a value",
        ),
        ("linear|inverse|[[1,2],[2,4]]", "singular"),
        (
            "linear|product|[[1,2]]|[[1,2]]",
            "shapes do not fit: 1x2 and 1x2",
        ),
        ("linear|rank|[[1]]|[[2]]", "only one"),
        ("lecture|11", "the chapters are 1, 2, 3"),
        ("lecture|3|--exercise|99", "its exercises are 1 to"),
        ("lecture|3|--exercise|1|--answer|3x^", "unexpected end"),
    ];
    for (call, says) in cases {
        let run = line(call);
        assert_eq!(run.code, Some(2), "{call}");
        assert!(run.err.contains(says), "{call}: {}", run.err);
        assert!(run.out.is_empty(), "{call}");
    }
    let table = format!("adjust|{STONES}|--treatment|tratment|--outcome|success|--confounder|size");
    assert!(line(&table).err.contains("did you mean `treatment`?"));
    let word = format!("adjust|{STONES}|--treatment|treatment|--outcome|size|--confounder|success");
    assert!(line(&word).err.contains("--success WORD"));
}

/// Ctrl-C is no bad input: the work ran, and did not come to an end.
#[cfg(unix)]
#[test]
fn an_interrupted_integral_is_not_reached() {
    use std::process::{Command, Stdio};
    let child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["integrate", "sin(x)^x", "--over", "x=0:1"])
        .args(["--samples", "1000000000", "--repeat", "1000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_millis(300));
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.expect("kill runs").success());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
}
