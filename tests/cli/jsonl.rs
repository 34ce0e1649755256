//! `gradus diff --jsonl`: a line in, a line out.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json as object};

use crate::gradus_reading;

/// The answers to some lines.
#[track_caller]
fn answers(lines: &[&[u8]]) -> Vec<Value> {
    let run = gradus_reading(&["diff", "--jsonl"], &lines.join(&b'\n'));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    run.out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// The answer to one request.
#[track_caller]
fn answer(request: &str) -> Value {
    let mut all = answers(&[request.as_bytes()]);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn requests_of_the_contract() {
    for (request, response) in [
        (
            r#"{"expr": "x^2", "wrt": ["x"], "order": 1, "mixed": false, "at": [{"x": 2.0}, {"x": -3}]}"#,
            object!({"derivatives": ["2*x"], "values": [[4.0], [-6.0]], "function_values": [4.0, 9.0]}),
        ),
        (
            r#"{"expr": "x*y", "wrt": ["y", "x"], "at": [{"x": 2, "y": 3}]}"#,
            object!({"derivatives": ["x", "y"], "values": [[2.0, 3.0]], "function_values": [6.0]}),
        ),
        (
            r#"{"expr": "x*y"}"#,
            object!({"derivatives": ["y", "x"], "values": [], "function_values": []}),
        ),
        (
            r#"{"expr": "x^3*y^2", "wrt": ["x", "y"], "order": 2}"#,
            object!({"derivatives": ["6*x*y^2", "2*x^3"], "values": [], "function_values": []}),
        ),
        (
            r#"{"expr": "x^2*y^3", "wrt": ["x", "x", "y"], "mixed": true, "order": 3, "at": [{"x": 1, "y": 2}]}"#,
            object!({"derivatives": ["6*y^2"], "values": [[24.0]], "function_values": [8.0]}),
        ),
        // Names in `wrt` and `at` are variables.
        (
            r#"{"expr": "i^2 + e", "wrt": ["i"], "at": [{"i": 3, "e": 1}]}"#,
            object!({"derivatives": ["2*i"], "values": [[6.0]], "function_values": [10.0]}),
        ),
        (
            r#"{"expr": "x^2", "at": [{"x": "inf"}, {"x": "1e3"}, {"x": "pi"}], "id": 7}"#,
            object!({"derivatives": ["2*x"], "values": [["inf"], [2000.0], [std::f64::consts::TAU]],
                "function_values": ["inf", 1e6, 9.869604401089358]}),
        ),
        (
            r#"{"expr": "i*x", "wrt": ["x"], "at": [{"x": 2}]}"#,
            object!({"derivatives": ["i"], "values": [[{"re": 0.0, "im": 1.0}]],
                "function_values": [{"re": 0.0, "im": 2.0}]}),
        ),
        (
            r#"{"expr": "[x*y, x]", "at": [{"x": 1, "y": 2}]}"#,
            object!({"derivatives": [["y", "x"], ["1", "0"]], "values": [[[2.0, 1.0], [1.0, 0.0]]],
                "function_values": [[2.0, 1.0]]}),
        ),
        (
            r#"{"expr": "x^2", "wrt": null, "order": null, "mixed": null, "at": null}"#,
            object!({"derivatives": ["2*x"], "values": [], "function_values": []}),
        ),
        (
            r#"{"expr": "5", "at": [{}]}"#,
            object!({"derivatives": ["0"], "values": [[0.0]], "function_values": [5.0]}),
        ),
    ] {
        assert_eq!(answer(request), response, "{request}");
    }
}

#[test]
fn bad_requests_say_what_is_wrong() {
    for (request, kind, start) in [
        ("x^2", "invalid_json", object!(null)),
        ("[1, 2]", "invalid_request", object!(null)),
        (r#"{"wrt": ["x"]}"#, "invalid_request", object!(null)),
        (
            r#"{"expr": "x", "order": -1}"#,
            "invalid_request",
            object!(null),
        ),
        (
            r#"{"expr": "x", "order": 1000000}"#,
            "invalid_request",
            object!(null),
        ),
        (
            r#"{"expr": "x", "wrt": ["a b"]}"#,
            "bad_option",
            object!(null),
        ),
        (r#"{"expr": "x", "wrt": ""}"#, "bad_option", object!(null)),
        (r#"{"expr": "1 + (x"}"#, "unclosed_bracket", object!(4)),
        (
            r#"{"expr": "x*y", "at": [{"x": 1}]}"#,
            "missing_value",
            object!(null),
        ),
        (r#"{"expr": ""}"#, "empty", object!(0)),
        (
            r#"{"expr": "x", "at": [{"x": "2*"}]}"#,
            "unexpected_end",
            object!(2),
        ),
    ] {
        let error = &answer(request)["error"];
        assert_eq!(error["kind"], object!(kind), "{request}: {error}");
        assert_eq!(error["start"], start, "{request}: {error}");
        assert!(error["message"].as_str().is_some_and(|m| !m.is_empty()));
        let fields: Vec<&String> = error.as_object().expect("an object").keys().collect();
        assert_eq!(fields.len(), 5, "{fields:?}");
    }
}

#[test]
fn bad_requests_are_told_in_words_of_json() {
    for (request, says) in [
        (
            r#"["x", null, null, null, null]"#,
            "expected a JSON object with \"expr\"",
        ),
        ("3", "expected a JSON object with \"expr\""),
        (
            r#"{"expr": "x", "order": -1}"#,
            "expected a whole number as the order",
        ),
        (
            r#"{"expr": "x", "order": 5000000000}"#,
            "the order is at most 1000",
        ),
        (
            r#"{"expr": "x", "at": [[1]]}"#,
            "expected an object of names and numbers",
        ),
        (
            r#"{"expr": "x", "at": [{"x": 1, "x": 2}]}"#,
            "`x` is given twice",
        ),
    ] {
        let error = &answer(request)["error"];
        assert_eq!(error["kind"], "invalid_request", "{request}: {error}");
        let message = error["message"].as_str().expect("a text");
        assert!(message.contains(says), "{request}: {message}");
    }
}

#[test]
fn bad_lines_cost_the_others_nothing() {
    let endless = [b"{\"expr\": \"".as_slice(), &vec![b'x'; 40 << 20], b"\"}"].concat();
    let lines: &[&[u8]] = &[
        br#"{"expr": "x"}"#,
        b"nonsense",
        br#"{"expr": "2*x"}"#,
        b"{\"expr\": \"\xff\"}",
        b"",
        br#"{"expr": "3*x"}"#,
        &endless,
        br#"{"expr": "4*x"}"#,
    ];
    let answers = answers(lines);
    let kinds: Vec<&str> = (answers.iter())
        .map(|a| {
            let kind = a["error"]["kind"].as_str();
            kind.or(a["derivatives"][0].as_str()).expect("one of both")
        })
        .collect();
    let expected = [
        "1",
        "invalid_json",
        "2",
        "invalid_utf8",
        "3",
        "too_long",
        "4",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn who_waits_for_an_answer_gets_it() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["diff", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let (sender, answers) = std::sync::mpsc::channel();
    std::thread::spawn(move || stdout.lines().try_for_each(|line| sender.send(line)));
    for power in 2..5 {
        // A blank line, sent along, is no request to wait for.
        let request = format!(r#"{{"expr": "x^{power}", "wrt": "x", "at": [{{"x": 1}}]}}"#);
        let sent = stdin.write_all(format!("{request}\n\n").as_bytes());
        sent.expect("written");
        let line = answers.recv_timeout(std::time::Duration::from_secs(20));
        let line = line.expect("an answer in time").expect("text");
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(answer["values"], object!([[f64::from(power)]]));
    }
    drop(stdin);
    assert!(child.wait().expect("the program ends").success());
}

#[test]
fn many_requests_keep_their_order() {
    let requests: Vec<String> = (0..3000)
        .map(|k| format!(r#"{{"expr": "{k}*x"}}"#))
        .collect();
    let lines: Vec<&[u8]> = requests.iter().map(|r| r.as_bytes()).collect();
    let answers = answers(&lines);
    assert_eq!(answers.len(), 3000);
    for (k, answer) in answers.iter().enumerate() {
        assert_eq!(answer["derivatives"][0], object!(k.to_string()));
    }
}
