//! `gradus descend`: the report, the trace, and how it ends.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json as object};

use crate::{json, line, printed};

/// x^2 + 2x + 3 from 10 with rate 0.01 and tolerance 1e-5, as a lecture does it.
const LECTURE: &str = "descend|x^2 + 2x + 3|--from|x=10";

/// A path of its own for a test.
fn path(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gradus-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    folder.join(name)
}

#[test]
fn the_lectures_descent() {
    let text = printed(LECTURE);
    for part in [
        "x^2 + 2*x + 3",
        "496",
        "x  = -0.9995107551884705",
        "step below tolerance",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let answer = json(&format!(
        "{LECTURE}|--rate|0.01|--tolerance|1e-5|--format|json"
    ));
    let fields: Vec<&String> = answer.as_object().expect("an object").keys().collect();
    let mut contract = vec![
        "function",
        "method",
        "converged",
        "stop_reason",
        "iterations",
        "function_evaluations",
        "gradient_evaluations",
        "hessian_evaluations",
        "hessian_products",
        "point",
        "value",
        "gradient_norm",
        "verdict",
        "eigenvalues",
    ];
    contract.sort_unstable();
    assert_eq!(fields, contract);
    assert_eq!(answer["converged"], object!(true));
    assert_eq!(answer["iterations"], object!(496));
    assert_eq!(answer["method"], object!("gradient-descent"));
    assert_eq!(answer["verdict"], object!("minimum"));
    assert_eq!(answer["eigenvalues"], object!([2.0]));
    let (x, value) = (answer["point"]["x"].as_f64(), answer["value"].as_f64());
    assert!((x.expect("a number") + 1.0).abs() < 1e-3, "{answer}");
    assert!((value.expect("a number") - 2.0).abs() < 1e-6, "{answer}");
}

#[test]
fn what_is_not_reached_has_exit_code_1() {
    for (arguments, reason) in [
        (
            "descend|x^2|--from|x=1|--max-iterations|3",
            "maximum number",
        ),
        ("descend|x^2|--from|x=1|--rate|5", "diverged"),
        ("descend|log(x)|--from|x=-1", "not finite at the start"),
    ] {
        let run = line(arguments);
        assert_eq!(run.code, Some(1), "{arguments}");
        assert!(run.out.contains(reason), "{arguments}: {}", run.out);
    }
}

#[test]
fn the_trace_has_every_point() {
    let csv = path("trace.csv");
    printed(&format!("{LECTURE}|--trace|{}", csv.display()));
    let text = fs::read_to_string(&csv).expect("the trace");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..2],
        ["iteration,x,value,gradient_norm", "0,10,123,22"]
    );
    assert_eq!(lines.len(), 498);
    assert!(lines[497].starts_with("496,-0.9995107551884705,"));

    let json_lines = path("trace.jsonl");
    fs::write(&json_lines, "old").expect("written");
    let run = line(&format!(
        "descend|x^2 + y^2|--from|y=4,x=3|--max-iterations|2|--trace|{}",
        json_lines.display()
    ));
    assert_eq!(run.code, Some(1));
    let text = fs::read_to_string(&json_lines).expect("the trace");
    let rows: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["point"], object!({"x": 3.0, "y": 4.0}));

    for file in [csv, json_lines] {
        let folder = file.parent().expect("a folder");
        assert_eq!(
            fs::read_dir(folder).expect("readable").count(),
            1,
            "nothing is left over"
        );
        fs::remove_dir_all(folder).expect("removed");
    }
}

/// Ctrl-C ends the descent with the answer so far.
#[cfg(unix)]
#[test]
fn an_interrupt_gives_the_answer_so_far() {
    use std::process::{Command, Stdio};
    let child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["descend", "x^2", "--from", "x=1", "--rate", "1e-12"])
        .args([
            "--tolerance",
            "0",
            "--max-iterations",
            "1000000000",
            "--format",
            "json",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_millis(300));
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.expect("kill runs").success());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(1));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["stop_reason"], object!("interrupted"));
}

#[test]
fn within_bounds_a_point_is_judged_by_what_can_move() {
    for (formula, from, bounds, says, verdict, code) in [
        ("cos(x)", "x=0", "x=-10:10", "maximum at x", "maximum", 1),
        (
            "x^2-y^2",
            "x=1,y=0",
            "x=-5:5,y=-5:5",
            "saddle at x",
            "saddle",
            1,
        ),
        (
            "x^4+y^2",
            "x=0,y=1",
            "x=-5:5,y=-5:5",
            "reached x",
            "undetermined",
            0,
        ),
        ("(x-1)^2", "x=0", "x=-5:5", "minimum at x", "minimum", 0),
        // At a bound, to which the function falls.
        ("x+y^2", "x=1,y=1", "x=0:5", "minimum at x", "minimum", 0),
        (
            "x+y^2-z^2",
            "x=1,y=1,z=0",
            "x=0:5",
            "saddle at x",
            "saddle",
            1,
        ),
        // At a bound where it is level.
        ("cos(x)", "x=0", "x=0:5", "maximum at x", "maximum", 1),
    ] {
        let words = ["descend", formula, "--from", from, "--bounds", bounds];
        let run = crate::gradus(&words);
        assert!(run.out.contains(says), "{formula}: {run:?}");
        assert_eq!(run.code, Some(code), "{formula}: {run:?}");
        let run = crate::gradus(&[&words[..], &["--format", "json"]].concat());
        let found: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(
            (&found["verdict"], run.code),
            (&verdict.into(), Some(code)),
            "{formula}"
        );
    }
    // Nothing can move.
    let run = crate::gradus(&["descend", "x", "--from", "x=1", "--bounds", "x=0:5"]);
    assert!(run.out.contains("minimum at x  = 0\n"), "{run:?}");
    assert_eq!(run.code, Some(0));
}

#[test]
fn checkpoints_may_be_as_rare_as_a_number_can_say() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("rare.json");
    let path = path.to_str().expect("a path");
    let words = [
        "descend",
        "x^2",
        "--from",
        "x=1",
        "--rate",
        "1e-4",
        "--tolerance",
        "1e-6",
    ];
    let every = [
        "--checkpoint",
        path,
        "--checkpoint-every",
        "18446744073709551615,0.001s",
    ];
    let run = crate::gradus(&[&words[..], &every].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn epochs_that_are_done_are_no_failure() {
    let table = b"x,y\n1,2\n2,3\n3,5\n";
    let words =
        "descend|mean((y-a*x)^2)|--data|-|--from|a=0|--method|sgd|--batch|1|--rate|0.01|--epochs|3";
    let words: Vec<&str> = words.split('|').collect();
    let run = crate::gradus_reading(&words, table);
    assert!(run.out.contains("all epochs done"), "{run:?}");
    assert!(!run.out.contains("converged"), "{run:?}");
    assert_eq!(run.code, Some(0));
    let run = crate::gradus_reading(&[&words[..], &["--format", "json"]].concat(), table);
    assert!(run.out.contains("\"converged\":false"), "{run:?}");
    assert_eq!(run.code, Some(0));
}
