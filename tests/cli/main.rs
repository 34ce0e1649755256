//! The program, run as a process: what it prints where, and its exit code.

mod columns;
mod data;
mod descend;
mod errors;
mod fit;
mod jsonl;
mod lecture;
mod likelihood;
mod methods;
mod odd_tables;
mod output;
mod plot;

use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Stdio};

/// How a run of the program ended.
#[derive(Debug)]
pub struct Run {
    /// The exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs the program with nothing on standard input.
pub fn gradus<A: AsRef<OsStr>>(arguments: &[A]) -> Run {
    gradus_reading(arguments, b"")
}

/// Runs the program with `input` on standard input.
pub fn gradus_reading<A: AsRef<OsStr>>(arguments: &[A], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // The program need not read to the end: a closed pipe is no failure of the test.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    Run {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// The arguments of a command line without quotes in its parts: `diff|x^2 + 1|--wrt|x`.
pub fn line(arguments: &str) -> Run {
    gradus(&arguments.split('|').collect::<Vec<_>>())
}

/// Runs a command line that must be done without remarks, and gives what it printed.
#[track_caller]
pub fn printed(arguments: &str) -> String {
    let run = line(arguments);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments}");
    run.out
}

/// The JSON that a command line prints.
#[track_caller]
pub fn json(arguments: &str) -> serde_json::Value {
    let run = line(arguments);
    assert_eq!(run.err, "", "{arguments}");
    serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{arguments}: {e}: {}", run.out))
}
