//! `gradus descend`: methods, their options, checkpoints.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json as object};

use crate::{Run, json, line};

const ROSENBROCK: &str = "descend|100*(y - x^2)^2 + (1 - x)^2|--from|x=-1.2,y=1";

/// A folder of its own for a test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gradus-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The run must fail as bad input, print nothing, and say all of these.
#[track_caller]
fn refused(run: &Run, says: &[&str]) {
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{run:?}");
    for part in says {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
}

#[test]
fn every_method_by_its_name() {
    for (method, options, name) in [
        ("auto", "", "levenberg-marquardt"),
        ("gradient-descent", "|--rate|1e-3", "gradient-descent"),
        ("momentum", "|--rate|1e-4|--momentum|0.95", "momentum"),
        ("nesterov", "|--rate|1e-4|--momentum|0.95", "nesterov"),
        ("adagrad", "|--rate|0.5", "adagrad"),
        (
            "rmsprop",
            "|--rate|1e-3|--decay|root:0.01|--beta2|0.99",
            "rmsprop",
        ),
        ("adam", "|--rate|0.02|--beta1|0.9|--beta2|0.99", "adam"),
        ("adamw", "|--rate|0.01|--weight-decay|1e-4", "adamw"),
        ("steepest-descent", "", "steepest-descent"),
        (
            "conjugate-gradient",
            "|--line-search|wolfe",
            "conjugate-gradient",
        ),
        ("bfgs", "|--line-search|backtracking", "bfgs"),
        ("lbfgs", "", "lbfgs"),
        ("lbfgs", "|--bounds|x=-2:2,y=:3", "projected-lbfgs"),
        ("projected-lbfgs", "|--bounds|x=-2:", "projected-lbfgs"),
        ("newton", "", "newton"),
        ("newton-cg", "", "newton-cg"),
        ("levenberg-marquardt", "", "levenberg-marquardt"),
    ] {
        let answer = json(&format!(
            "{ROSENBROCK}|--method|{method}{options}|--format|json"
        ));
        assert_eq!(answer["method"], object!(name), "{answer}");
        let value = answer["value"].as_f64().expect("a number");
        assert!(value < 0.05, "{method}: {answer}");
    }
    let answer = json("descend|exp(x) - x|--from|x=3|--method|auto|--format|json");
    assert_eq!(answer["method"], object!("newton"));
    assert_eq!(answer["verdict"], object!("minimum"));
}

#[test]
fn options_that_do_not_fit_are_refused() {
    for (options, says) in [
        (
            "--method|newton|--rate|0.1",
            &["--rate is not used by newton", "gradient-descent"][..],
        ),
        (
            "--momentum|0.9",
            &[
                "not used by gradient-descent",
                "--method momentum, nesterov",
            ],
        ),
        (
            "--method|adam|--weight-decay|0.1",
            &["--weight-decay", "adamw"],
        ),
        (
            "--method|bfgs|--bounds|x=0:1",
            &["--bounds", "projected-lbfgs"],
        ),
        (
            "--method|newton|--line-search|wolfe",
            &["--line-search", "bfgs"],
        ),
        (
            "--method|lbfgs|--bounds|x=-2:2|--line-search|wolfe",
            &["leave out --line-search"],
        ),
        ("--method|projected-lbfgs", &["needs bounds"]),
        ("--method|newtn", &["newton"]),
        ("--method|momentum|--momentum|1", &["--momentum", "not 1"]),
        ("--method|momentum|--momentum|-0.1", &["--momentum"]),
        ("--method|adam|--beta1|nan", &["--beta1"]),
        ("--rate|0", &["--rate"]),
        ("--rate|inf", &["--rate"]),
        ("--tolerance|-1", &["--tolerance"]),
        ("--decay|stp:0.5:10", &["did you mean `step`"]),
        ("--decay|step:0.5", &["step:FACTOR:EVERY"]),
        ("--decay|step:0.5:0", &["step:FACTOR:EVERY"]),
        ("--decay|step:2:10", &["step:FACTOR:EVERY"]),
        ("--decay|exponential:0.5:1", &["exponential:FACTOR"]),
        ("--decay|cosine:x", &["cosine:STEPS"]),
        ("--decay|inverse:-1", &["inverse:SPEED"]),
        ("--decay|", &["there is no schedule"]),
        ("--batch|10", &["no sum or mean over rows", "--data"]),
        ("--method|sgd", &["no sum or mean over rows"]),
        ("--seed|1", &["--batch"]),
        ("--epochs|10", &["--max-iterations"]),
        ("--batch|0", &["--batch"]),
        ("--bounds|x=0:1", &["lies outside its bounds", "x = -1.2"]),
        ("--bounds|x=1:0", &["no number lies between 1 and 0"]),
        ("--bounds|z=0:1", &["`z` is not a variable", "x, y"]),
        ("--bounds|x=1", &["NAME=LOW:HIGH", "x=0:"]),
        ("--bounds|x=nan:1", &["no number lies between"]),
        ("--bounds|x=a:1", &["contains the variable `a`"]),
        ("--bounds|x=-2:2,x=0:1", &["given twice"]),
        ("--checkpoint-every|10", &["--checkpoint"]),
        (
            "--checkpoint|/no/such/folder/c.json",
            &["--checkpoint /no/such/folder/c.json"],
        ),
        (
            "--checkpoint|c.json|--checkpoint-every|soon",
            &["1000, 30s"],
        ),
        ("--checkpoint|c.json|--checkpoint-every|0", &["1000, 30s"]),
        ("--checkpoint|c.json|--checkpoint-every|-1s", &["1000, 30s"]),
        (
            "--checkpoint|c.json|--trace|c.json",
            &["the file of --trace"],
        ),
    ] {
        refused(&line(&format!("{ROSENBROCK}|{options}")), says);
    }
    assert!(!Path::new("c.json").exists());
    refused(
        &line("descend|exp(x) - x|--from|x=1|--method|levenberg-marquardt"),
        &["no sum of squares", "--method newton"],
    );
    refused(&line("descend|x^2"), &["--from"]);
    refused(
        &line("descend|x^2|--from|x=1|--resume|c.json"),
        &["--from", "--resume"],
    );
}

#[test]
fn what_is_no_minimum_is_said() {
    let run = line("descend|x^2 - y^2|--from|x=3,y=0");
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.out.contains("saddle at x") && run.err.contains("--method newton"),
        "{run:?}"
    );
    let run = line("descend|-x^2|--from|x=0|--format|json");
    assert_eq!(run.code, Some(1), "{run:?}");
    let answer: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(answer["verdict"], object!("maximum"));
    let run = line("descend|x + y|--from|x=0,y=0|--method|bfgs");
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("unbounded"), "{run:?}");
    let run = line("descend|log(x)|--from|x=-1|--method|newton");
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.contains("`log(x)` has no finite value at x = -1"),
        "{run:?}"
    );
}

/// The answer without what may differ between runs.
fn outcome(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[test]
fn a_checkpoint_continues_bit_for_bit() {
    let folder = folder("resume");
    let file = folder.join("state.json");
    let file = file.display();
    for options in [
        "--rate|1e-3",
        "--method|adam|--rate|0.01|--decay|cosine:1000:0.1",
        "--method|nesterov|--rate|1e-4",
        "--method|gradient-descent|--rate|1e-3|--bounds|x=-2:0.7",
        "--method|conjugate-gradient",
        "--method|bfgs|--line-search|backtracking",
        "--method|lbfgs|--bounds|x=-2:0.9",
        "--method|newton",
        "--method|auto",
    ] {
        let (cut, most) = match options.contains("rate") {
            true => (400, 1000),
            false => (4, 1000),
        };
        let common = format!("{ROSENBROCK}|{options}|--tolerance|1e-12|--format|json");
        let whole = line(&format!("{common}|--max-iterations|{most}"));
        let part = line(&format!(
            "{common}|--max-iterations|{cut}|--checkpoint|{file}"
        ));
        assert_eq!(part.code, Some(1), "{options}: {part:?}");
        let rest = line(&format!(
            "descend|100*(y - x^2)^2 + (1 - x)^2|--resume|{file}|--max-iterations|{most}|--format|json"
        ));
        assert_eq!(outcome(&rest), outcome(&whole), "{options}");
        assert_eq!(rest.code, whole.code, "{options}");
    }
    assert_eq!(fs::read_dir(&folder).expect("readable").count(), 1);
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn bad_checkpoints_are_refused() {
    let folder = folder("bad");
    let file = folder.join("state.json");
    let path = file.display().to_string();
    line(&format!(
        "descend|x^4|--from|x=1|--max-iterations|5|--checkpoint|{path}"
    ));
    let good = fs::read_to_string(&file).expect("a checkpoint");
    let resume = |formula: &str| line(&format!("descend|{formula}|--resume|{path}"));
    assert_eq!(resume("x^4").err, "");
    refused(
        &resume("x^6"),
        &["the checkpoint is of `x^4`, not of `x^6`"],
    );
    refused(&resume("y^4"), &["the checkpoint is of `x^4`"]);
    let change = |from: &str, to: &str| {
        assert!(good.contains(from), "{from} is not in {good}");
        good.replace(from, to)
    };
    for (text, says) in [
        (good[..good.len() / 2].to_owned(), &["cut off"][..]),
        (String::new(), &["cut off"]),
        ("{}".into(), &["no checkpoint of gradus"]),
        ("[1, 2]".into(), &["no checkpoint of gradus"]),
        ("iteration,x\n0,1\n".into(), &["no checkpoint of gradus"]),
        (
            change("\"gradus_checkpoint\":1", "\"gradus_checkpoint\":2"),
            &["version 2"],
        ),
        (
            change("\"method\":\"gradient-descent\"", "\"method\":\"adam\""),
            &["damaged", "adam"],
        ),
        (
            change("\"steps\":[5.0]", "\"steps\":[5.5]"),
            &["damaged", "`steps`"],
        ),
        (
            change("\"variables\":[\"x\"]", "\"variables\":[\"x\",\"y\"]"),
            &["damaged"],
        ),
        (
            change("\"iterations\":5", "\"iterations\":-5"),
            &["no checkpoint of gradus"],
        ),
        (
            change("\"best\":{\"point\":[", "\"best\":{\"point\":[0.5,"),
            &["damaged"],
        ),
        (
            change(
                "\"at\":{\"point\":[",
                "\"at\":{\"point\":[\"NaN\"],\"was\":[",
            ),
            &["damaged"],
        ),
    ] {
        fs::write(&file, &text).expect("written");
        refused(&resume("x^4"), says);
    }
    // The value at the best point is another one: other data, or another function of the same name.
    let value = good
        .split("\"value\":")
        .nth(2)
        .and_then(|v| v.split(',').next())
        .expect("a value");
    fs::write(
        &file,
        change(&format!("\"value\":{value}"), "\"value\":0.125"),
    )
    .expect("written");
    refused(&resume("x^4"), &["other data"]);
    fs::remove_file(&file).expect("removed");
    refused(&resume("x^4"), &["--resume"]);
    fs::remove_dir_all(folder).expect("removed");
}

/// A descent that would take for ever, with a checkpoint in `file`.
#[cfg(unix)]
fn endless(file: &Path) -> std::process::Child {
    use std::process::{Command, Stdio};
    Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["descend", "x^2", "--from", "x=1", "--rate", "1e-12"])
        .args(["--tolerance", "0", "--max-iterations", "1000000000000"])
        .args(["--format", "json", "--checkpoint-every", "1000"])
        .arg("--checkpoint")
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

#[cfg(unix)]
fn wait_for(file: &Path) -> String {
    let begun = std::time::Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(file) {
            return text;
        }
        assert!(begun.elapsed().as_secs() < 60, "no checkpoint");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Killed without warning: there is a whole checkpoint, from which the descent goes on.
#[cfg(unix)]
#[test]
fn a_killed_descent_loses_an_interval_at_most() {
    let folder = folder("killed");
    let file = folder.join("state.json");
    for _ in 0..3 {
        let mut child = endless(&file);
        wait_for(&file);
        child.kill().expect("killed");
        child.wait().expect("it ends");
        let state: Value = serde_json::from_str(&wait_for(&file)).expect("a whole file");
        let reached = state["iterations"].as_u64().expect("a number");
        assert!(reached >= 1000 && reached.is_multiple_of(1000), "{state}");
        let most = reached + 500;
        let run = line(&format!(
            "descend|x^2|--resume|{}|--max-iterations|{most}|--format|json",
            file.display()
        ));
        assert_eq!(outcome(&run)["iterations"], object!(most));
        let whole = line(&format!(
            "descend|x^2|--from|x=1|--rate|1e-12|--tolerance|0|--max-iterations|{most}|--format|json"
        ));
        assert_eq!(outcome(&run), outcome(&whole));
        fs::remove_file(&file).expect("removed");
    }
    fs::remove_dir_all(folder).expect("removed");
}

/// Ctrl-C, or a kind request to end: the answer so far, and a checkpoint of the last step.
#[cfg(unix)]
#[test]
fn an_interrupt_leaves_a_checkpoint_of_the_last_step() {
    use std::process::Command;
    let folder = folder("interrupted");
    let file = folder.join("state.json");
    for signal in ["-INT", "-TERM"] {
        let child = endless(&file);
        wait_for(&file);
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(sent.expect("kill runs").success());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(1));
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(answer["stop_reason"], object!("interrupted"));
        let state: Value = serde_json::from_str(&wait_for(&file)).expect("a whole file");
        assert_eq!(state["iterations"], answer["iterations"]);
        assert_eq!(state["at"]["point"][0], answer["point"]["x"]);
        fs::remove_file(&file).expect("removed");
    }
    assert_eq!(fs::read_dir(&folder).expect("readable").count(), 0);
    fs::remove_dir_all(folder).expect("removed");
}
