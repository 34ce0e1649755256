//! Compilers and interpreters of this machine, and how numbers travel to them: 16 digits of their bits, one point a line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::formulas::Case;

/// A folder of this test's own, empty.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("codegen")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The first of these commands that does what is asked of it.
pub fn tool(candidates: &[&str], arguments: &[&str]) -> Option<String> {
    let works = |name: &&&str| {
        let run = Command::new(name).args(arguments).output();
        run.is_ok_and(|output| output.status.success())
    };
    let found = candidates.iter().find(works).map(|name| (*name).to_owned());
    if found.is_none() {
        eprintln!(
            "SKIPPED: none of {candidates:?} does `{}` here",
            arguments.join(" ")
        );
    }
    found
}

/// Runs a command that must succeed without a word on standard error, and gives what it printed.
#[track_caller]
pub fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    let output = output.unwrap_or_else(|e| panic!("{program}: {e}"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && error.is_empty(),
        "{program} {arguments:?}: {error}"
    );
    String::from_utf8(output.stdout).expect("text")
}

/// Writes `NAME.points` for each case.
pub fn write_points(folder: &Path, cases: &[Case]) {
    for case in cases {
        let line = |point: &Vec<f64>| {
            let words: Vec<String> = point
                .iter()
                .map(|x| format!("{:016x}", x.to_bits()))
                .collect();
            words.join(" ") + "\n"
        };
        let text: String = case.points.iter().map(line).collect();
        fs::write(folder.join(format!("{}.points", case.name)), text).expect("points");
    }
}

/// The numbers that were printed, case after case, one point a line.
pub fn read_results(text: &str, cases: &[Case]) -> Vec<Vec<Vec<f64>>> {
    let mut lines = text.lines();
    let number = |word: &str| f64::from_bits(u64::from_str_radix(word, 16).expect("16 digits"));
    let results = cases.iter().map(|case| {
        let rows = (&mut lines).take(case.points.len());
        let rows: Vec<Vec<f64>> = rows
            .map(|line| line.split_whitespace().map(number).collect())
            .collect();
        assert_eq!(rows.len(), case.points.len(), "{}", case.name);
        rows
    });
    results.collect()
}
