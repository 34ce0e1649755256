//! Bad input: a clear message, and exit code 2.

use serde_json::{Value, json as object};

use crate::{gradus, gradus_reading, line, printed};

/// The run must fail as bad input, print nothing, and say all of these.
#[track_caller]
fn refused(run: &crate::Run, says: &[&str]) {
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{run:?}");
    for part in says {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
    assert!(run.err.len() < 3000, "{} bytes", run.err.len());
    assert!(!run.err.contains('\u{1b}'), "colour outside a terminal");
}

#[test]
fn bad_formulas() {
    for (formula, says) in [
        ("", &["empty"][..]),
        ("   ", &["empty"]),
        ("(x+1", &["unclosed parenthesis", "opened here"]),
        ("x+1)", &[")"]),
        ("2 3", &["3"]),
        ("sin x", &["write `sin(x)`"]),
        ("∫", &["∫"]),
        ("sni(x)", &["did you mean `sin`?"]),
        ("x = 3", &["result", "leave out what stands before `=`"]),
        ("f(x) := x^2", &["`:=` is not an operator", "write `=`"]),
        (
            "1,000*x",
            &["write `1000`, or with a decimal point `1.000`"],
        ),
        (
            "1,000,000*x",
            &["`1,000,000` is not a number", "write `1000000`"],
        ),
        ("1,5*x", &["write a decimal point: `1.5`"]),
        (
            "d/dx(x^2)",
            &["there is no function `dx`", "`gradus diff` gives"],
        ),
        ("f'(x)", &["`gradus diff` gives"]),
        ("∂x", &["`gradus diff` gives"]),
        (
            "pi(x)",
            &["`pi` is a number; for a product write `pi*(...)`"],
        ),
        ("log_3(x)", &["write `log(x, 3)`"]),
        ("x//2", &["`//` is not an operator", "write `floor(a/b)`"]),
        ("x^^2", &["`^^` is not an operator", "write `^`"]),
        ("a<>b", &["`<>` is not an operator", "write `!=`"]),
        ("5%", &["one per cent is `1/100`"]),
        ("2pi(x+1)", &["`pi` is a number"]),
        ("sin^n(x)", &["write `sin(x)^n`"]),
        ("3 sin 2x + 1", &["write `sin(2x)`"]),
        ("exp -x", &["write `exp(-x)`"]),
        ("gt^2/2", &["write `gt(x, y)`"]),
        ("if a > 0 then b else c", &["write `if(c, a, b)`"]),
        ("A@B", &["write matrices by their entries"]),
        ("A.T", &["write matrices by their entries"]),
        ("1_a", &["a name starts with a letter"]),
        ("a.b", &["for a product write `*`"]),
    ] {
        for command in ["diff", "eval", "simplify", "check"] {
            refused(&gradus(&[command, formula]), says);
        }
    }
}

#[test]
fn bad_bytes_on_standard_input() {
    refused(
        &gradus_reading(&["diff", "-"], b"x^2\xff"),
        &["UTF-8", "byte 3"],
    );
    refused(&gradus_reading(&["diff", "-"], b"x^2\0"), &["U+0000"]);
    refused(&gradus_reading(&["diff", "-"], b""), &["empty"]);
    let large = vec![b'x'; 50_000_000];
    refused(
        &gradus_reading(&["eval", "-"], &large),
        &["longer than 16 MiB"],
    );
}

#[cfg(unix)]
#[test]
fn bad_bytes_in_an_argument() {
    use std::os::unix::ffi::OsStrExt;
    let formula = std::ffi::OsStr::from_bytes(b"x^2\xff");
    refused(&gradus(&["diff".as_ref(), formula]), &["UTF-8", "byte 3"]);
}

#[test]
fn bad_options() {
    for (arguments, says) in [
        ("eval|x*y|--at|x=1", &["no value given for `y`"][..]),
        ("diff|x*y|--at|x=1", &["no value given for `y`"]),
        ("diff|x|--at|x", &["NAME=VALUE"]),
        ("diff|x|--at|x=1,5", &["decimals have a point"]),
        ("diff|x|--at|x=1,x=2", &["given twice"]),
        ("diff|x|--at|x=2*(", &["unclosed parenthesis", "--at x"]),
        ("diff|x|--at|x=y", &["contains the variable `y`"]),
        ("diff|x|--wrt|2", &["not the name of a variable"]),
        ("diff|x|--wrt|x,", &["a name is missing"]),
        ("diff|x|--assume|x=positve", &["did you mean `positive`?"]),
        ("diff|[x, x]|--hessian", &["not a list"]),
        ("diff|[x, x]|--gradient", &["--jacobian"]),
        ("diff|x*y|--taylor|2", &["one variable"]),
        ("diff|exp(x)|--taylor|2|--around|x=x+1", &["depends on `x`"]),
        (
            "diff|x*y|--taylor|2|--wrt|x|--around|y=2",
            &["--around names `y`, --wrt `x`", "leave out --wrt"],
        ),
        ("diff|log(x)|--taylor|2", &["expansion point"]),
        (
            "diff|exp(-1/x^2)|--taylor|0",
            &["order 0", "expansion point"],
        ),
        ("diff|x^(5/2)|--taylor|3", &["order 3", "expansion point"]),
        ("diff|abs(z)|--assume|z=complex", &["no complex derivative"]),
        ("diff|x|--hessian|--order|2", &["--order"]),
        ("diff|x|--order|100000", &["100000"]),
        ("diff|x|--ordr|2", &["--order"]),
        ("diff|--ordr|2|x", &["there is no option '--ordr'"]),
        ("diff", &["EXPR"]),
        ("dif|x", &["diff"]),
        ("check|[x, y]", &["not a list"]),
        ("check|i*x", &["imaginary unit"]),
        ("descend|x^2|--from|x=i", &["real number"]),
        ("descend|x^2|--from|x=1|--rate|-1", &["--rate"]),
        (
            "descend|x^2|--from|x=1|--trace|/no/such/folder/t.csv",
            &["--trace"],
        ),
    ] {
        refused(&line(arguments), says);
    }
    refused(&gradus::<&str>(&[]), &["Usage"]);
}

#[test]
fn errors_as_json() {
    let error = |arguments: &str| -> Value {
        let run = line(arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{arguments}");
        serde_json::from_str(&run.err).unwrap_or_else(|e| panic!("{e}: {}", run.err))
    };
    assert_eq!(
        error("diff|2 + sin x|--format|json"),
        object!({"error": {
            "kind": "missing_parentheses",
            "message": "the function `sin` needs its argument in parentheses",
            "hint": "write `sin(x)`", "start": 4, "end": 9,
        }})
    );
    let missing = error("eval|x|--format|json");
    assert_eq!(missing["error"]["kind"], object!("missing_value"));
    assert_eq!(missing["error"]["start"], object!(null));
    let usage = error("eval|x|--format=json|--nonsense");
    assert_eq!(usage["error"]["kind"], object!("usage"));
    let nothing = error("descend|x^2|--format|json");
    let message = nothing["error"]["message"].as_str().unwrap();
    assert!(
        message.ends_with("not provided: --from <NAME=VALUE,...>"),
        "{message}"
    );
}

/// What is odd but not wrong is answered, with a remark on standard error.
#[test]
fn notes() {
    for (arguments, out, says) in [
        ("diff|1/2x", "1/2\n", "(1/2)*x"),
        ("diff|alpha*x|--wrt|alhpa", "0\n", "did you mean `alpha`?"),
        ("diff|5", "0\n", "no variables"),
        ("diff|x^2|--wrt|x,x", "d/dx = 2*x\nd/dx = 2*x\n", "--mixed"),
        ("eval|x|--at|x=1,y=2", "1\n", "`y` does not occur"),
        ("eval|sqrt(x)|--at|x=-4", "NaN\n", "2*i"),
        ("eval|1/x|--at|x=0", "inf\n", "division by zero"),
    ] {
        let run = line(arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(0), out), "{arguments}");
        assert!(run.err.contains(says), "{arguments}: {}", run.err);
    }
}

/// `| head -1` is no error.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_the_end() {
    use std::process::{Command, Stdio};
    for arguments in [&["diff", "--jsonl"][..], &["completions", "bash"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        if arguments[0] == "diff" {
            let mut stdin = child.stdin.take().expect("a pipe");
            let requests = "{\"expr\": \"x^2\"}\n".repeat(20_000);
            let _ = std::io::Write::write_all(&mut stdin, requests.as_bytes());
        }
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn deep_input_gives_an_answer_or_an_error() {
    let parentheses = "(".repeat(100_000) + "x" + &")".repeat(100_000);
    refused(
        &gradus_reading(&["diff", "-"], parentheses.as_bytes()),
        &["nest"],
    );
    let minuses = "-".repeat(100_000) + "x";
    let run = gradus_reading(&["diff", "-"], minuses.as_bytes());
    assert_eq!((run.code, run.out.as_str()), (Some(0), "1\n"));
    assert_eq!(printed("diff|--x"), "1\n");
}

#[test]
fn sparse_matrices_of_what_has_none() {
    for (arguments, says) in [
        ("diff|x^2|--sparse|--gradient", "--gradient"),
        ("diff|x^2|--sparse|--order|2", "--order"),
        (
            "diff|x^2|--sparse|--format|latex",
            "--sparse prints text or json",
        ),
        ("diff|x*y|--sparse|--wrt|x,y,x", "`x` is named twice"),
        ("diff|[x, y]|--sparse|--hessian", "takes one formula"),
    ] {
        refused(&line(arguments), &[says]);
    }
}
