//! `gradus fit`: the report, the files, and what is refused.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::{Run, gradus, gradus_reading};

const MISRA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/misra1a.csv");
const MODEL: &str = "y = b1*(1 - exp(-b2*x))";

fn folder(test: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fit_{test}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a folder");
    path
}

/// `fit MODEL - OPTIONS`, with a table on standard input.
fn fit(model: &str, options: &str, table: &str) -> Run {
    let words = options.split_whitespace();
    let arguments: Vec<&str> = ["fit", model, "-"].into_iter().chain(words).collect();
    gradus_reading(&arguments, table.as_bytes())
}

fn misra(options: &[&str]) -> Run {
    gradus(&[&["fit", MODEL, MISRA], options].concat())
}

fn object(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}: {run:?}"))
}

#[track_caller]
fn near(found: &Value, expected: f64, relative: f64) {
    let found = found.as_f64().expect("a number");
    assert!(
        (found - expected).abs() <= relative * expected.abs(),
        "{found} instead of {expected}"
    );
}

#[test]
fn the_json_object_has_the_certified_digits() {
    for start in [
        &["--start", "b1=500,b2=0.0001"][..],
        &["--start", "b1=250", "--start", "b2=0.0005"],
        &["--from", "b1=250,b2=0.0005"],
        &[],
    ] {
        let run = misra(&[start, &["--format", "json"]].concat());
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        let found = object(&run);
        assert_eq!(found["converged"], true);
        near(&found["parameters"]["b1"]["value"], 238.94212918, 1e-10);
        near(&found["parameters"]["b1"]["std_error"], 2.7070075241, 1e-10);
        near(&found["parameters"]["b2"]["value"], 5.5015643181e-4, 1e-10);
        near(
            &found["parameters"]["b2"]["std_error"],
            7.2668688436e-6,
            1e-10,
        );
        near(&found["residual_sum_of_squares"], 0.12455138894, 1e-10);
        near(&found["residual_std_error"], 0.1018787633, 1e-9);
        assert_eq!(found["degrees_of_freedom"], 12);
        near(&found["r_squared"], 0.9999815801, 1e-9);
    }
}

#[test]
fn the_text_is_a_table() {
    let run = misra(&["--start", "b1=500,b2=0.0001"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    for part in [
        MODEL,
        "95 % from",
        "238.94212918",
        "7.26687e-6",
        "degrees of freedom      = 12",
        "step below tolerance",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    assert!(misra(&["--confidence", "0.9"]).out.contains("90 % from"));
}

#[test]
fn a_right_side_needs_a_target() {
    let right = "b1*(1 - exp(-b2*x))";
    let run = gradus(&["fit", right, MISRA, "--target", "y", "--format", "json"]);
    near(
        &object(&run)["parameters"]["b1"]["value"],
        238.94212918,
        1e-10,
    );
    let fixed = gradus(&[
        "fit",
        right,
        MISRA,
        "--target",
        "y",
        "--fix",
        "b2=1/2000",
        "--format",
        "json",
    ]);
    let fixed = object(&fixed);
    assert_eq!(fixed["model"], "y = b1*(1 - exp(-x/2000))");
    assert!(fixed["parameters"].get("b2").is_none());
}

#[test]
fn weights_and_standard_deviations_agree() {
    let table = "x,y,w,s\n1,2.1,4,0.5\n2,3.9,1,1\n3,6.2,25,0.2\n4,7.7,1,1\n";
    let by = |options: &str| {
        let run = fit("y = a + b*x", &format!("{options} --format json"), table);
        assert_eq!(run.code, Some(0), "{run:?}");
        object(&run)["parameters"]["b"].clone()
    };
    let (plain, weights, sigma) = (by(""), by("--weights w"), by("--sigma s"));
    near(&weights["value"], sigma["value"].as_f64().unwrap(), 1e-14);
    near(
        &weights["std_error"],
        sigma["std_error"].as_f64().unwrap(),
        1e-13,
    );
    assert_ne!(plain["value"], weights["value"]);
    let known = by("--sigma s --absolute-sigma");
    near(&known["value"], sigma["value"].as_f64().unwrap(), 1e-14);
    assert_ne!(known["std_error"], sigma["std_error"]);
}

#[test]
fn residuals_and_steps_are_written() {
    let folder = folder("out");
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    let (out, trace) = (path("residuals.csv"), path("steps.jsonl"));
    let run = misra(&[
        "--start",
        "b1=500,b2=0.0001",
        "--out",
        &out,
        "--trace",
        &trace,
    ]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = fs::read_to_string(&out).expect("the file");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("x,y,fitted,residual"));
    let mut squares = 0.0;
    for line in lines {
        let row: Vec<f64> = line
            .split(',')
            .map(|field| field.parse().expect("a number"))
            .collect();
        assert_eq!(row[1] - row[2], row[3]);
        squares += row[3] * row[3];
    }
    assert!((squares - 0.12455138894).abs() < 1e-10);
    let steps = fs::read_to_string(&trace).expect("the file");
    let first: Value =
        serde_json::from_str(steps.lines().next().expect("the start")).expect("JSON");
    assert_eq!(first["point"]["b1"], 500.0);
    let files = fs::read_dir(&folder).expect("a folder").count();
    assert_eq!(files, 2, "nothing is left over");
    // The table itself is not written over.
    let run = misra(&["--out", MISRA]);
    assert_eq!(run.code, Some(2));
    // What cannot be written is known before the work, and leaves no trace.
    let run = misra(&["--out", &path("no/such/folder.csv")]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn a_fit_that_is_not_reached_has_exit_code_1() {
    let run = misra(&[
        "--start",
        "b1=500,b2=0.0001",
        "--max-iterations",
        "2",
        "--format",
        "json",
    ]);
    assert_eq!(run.code, Some(1));
    let found = object(&run);
    assert_eq!(
        (&found["converged"], &found["iterations"]),
        (&Value::Bool(false), &Value::from(2))
    );
    assert_eq!(found["stop_reason"], "maximum number of iterations");
    // Collinear columns: an answer, with names, and not silently.
    let run = fit("y = a*x + b*z", "", "x,z,y\n1,2,3\n2,4,5\n3,6,8\n");
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.contains("the data do not determine `a`, `b`"),
        "{}",
        run.err
    );
    let run = fit("y = a + b*x", "", "x,y\n3,1\n3,2\n3,4\n");
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("`a`, `b`"), "{}", run.err);
}

#[test]
fn bad_input_has_exit_code_2_and_a_hint() {
    let good = "x,y\n1,2\n2,3\n3,5\n";
    for (model, options, table, message) in [
        ("yy = a*x", "", good, "did you mean `y`?"),
        ("y = a*x", "--start b=1", good, "its parameters are a"),
        ("y = a*x", "--start x=1", good, "`x` is a column"),
        (
            "y = a*x",
            "--bounds q=0:1",
            good,
            "--bounds: `q` is not a parameter",
        ),
        ("y = a*x", "--bounds a=0", good, "no interval"),
        ("y = a*x", "--bounds a=2:1", good, "no value of `a`"),
        (
            "y = a*x",
            "--bounds a=0:1 --start a=2",
            good,
            "outside --bounds",
        ),
        ("y = a*x", "--fix q=1", good, "`q` is not a parameter"),
        ("y = a*x", "--fix x=1", good, "`x` is a column"),
        ("y = a*x", "--fix a=1", good, "--fix holds"),
        ("a*x", "", good, "--target"),
        ("y = a*x", "--target y", good, "left side already"),
        ("a*x", "--target z", good, "no column `z`"),
        ("y = a*x + y", "", good, "both sides"),
        ("y = x^2", "", good, "no parameter"),
        ("3 = a*x", "", good, "contains no column"),
        ("y = a*x", "", "x,y\n", "has no rows"),
        ("y = a*x", "", "", "is empty"),
        ("y = a*x", "", "x,y\n1,2\nNaN,NaN\n", "row 2 of the data"),
        (
            "y = a + b*x + c*x^2 + d*x^3",
            "",
            good,
            "3 rows, which cannot determine 4 parameters",
        ),
        (
            "y = a*log(x - b)",
            "--start a=1,b=1",
            good,
            "`log(x - b)` has no finite value",
        ),
        (
            "y = a*log(x) + b",
            "",
            "x,y\n1,2\n0,1\n2,2\n",
            "row 2 of the data: `log(x)` has no finite value",
        ),
        (
            "y = 1/0*a",
            "",
            good,
            "row 1 of the data: `1/0*a` has no finite value: division by zero",
        ),
        (
            "y = a*time",
            "--predict tme=3",
            "time,y\n1,2\n2,3\n",
            "did you mean `time`",
        ),
        ("y = a*x", "--weights q", good, "no column `q`"),
        (
            "y = a*x",
            "--weights y --sigma y",
            good,
            "cannot be used with",
        ),
        ("y = a*x", "--sigma x", "x,y\n0,1\n1,2\n", "must be above 0"),
        (
            "y = a*x",
            "--weights x",
            "x,y\n-1,1\n1,2\n",
            "the weight is negative",
        ),
        ("y = a*x", "--confidence 1", good, "between 0 and 1"),
        ("y = a*x", "--tolerance -1", good, "tolerance"),
        ("y = a*x", "--ridge -1", good, "ridge"),
        ("y = exp(a*x)", "--loss huber --loss-scale 0", good, "scale"),
        ("y = a*x", "--profile --loss huber", good, "--profile"),
        ("y = a*x", "", "x;y\n1;2\n", "--delimiter \";\""),
        ("y = a*x", "--missing nan", good, "cannot be fitted"),
        ("y = a*x +", "", good, "unexpected end after `+`"),
        ("y = i*a*x", "", good, "imaginary"),
        ("y = a*x = 3", "", good, "="),
        ("[y, x] = a*x", "", good, "list"),
    ] {
        let run = fit(model, options, table);
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(2), ""),
            "{model} {options}: {run:?}"
        );
        assert!(run.err.contains(message), "{model} {options}: {}", run.err);
        assert!(!run.err.contains("panicked"));
    }
    let run = fit("y = a*(x", "--format json", good);
    let error = &serde_json::from_str::<Value>(&run.err).expect("JSON")["error"];
    assert_eq!((run.code, &error["start"]), (Some(2), &Value::from(6)));
}

#[test]
fn missing_values_are_left_out_on_request() {
    let table = "x,y\n1,2\n,5\n2,4\n3,\n4,8\n";
    let run = fit("y = a*x", "", table);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("line 3"), "{}", run.err);
    let run = fit("y = a*x", "--missing drop --format json", table);
    assert_eq!(
        (run.code, object(&run)["rows"].as_u64()),
        (Some(0), Some(3))
    );
    near(&object(&run)["parameters"]["a"]["value"], 2.0, 1e-15);
}

#[test]
fn a_model_may_come_from_standard_input_and_columns_may_be_renamed() {
    let run = gradus_reading(&["fit", "-", MISRA, "--format", "json"], MODEL.as_bytes());
    near(
        &object(&run)["parameters"]["b1"]["value"],
        238.94212918,
        1e-10,
    );
    let table = "time (s),y\n1,2\n2,4\n3,6\n";
    let run = gradus_reading(
        &["fit", "y = a*t", "-", "--rename", "time (s)=t"],
        table.as_bytes(),
    );
    assert_eq!(run.code, Some(0), "{run:?}");
    // A left side that is a formula.
    let run = fit("log(y) = a + b*x", "--format json", "x,y\n0,1\n1,2\n2,4\n");
    near(&object(&run)["parameters"]["b"]["value"], 2f64.ln(), 1e-15);
}

/// The intervals of a straight line are those of the textbook.
#[test]
fn predictions_have_two_intervals() {
    let table = "x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n5,10.1\n";
    let run = fit(
        "y = a + b*x",
        "--predict x=6 --predict x=3 --format json",
        table,
    );
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let found = object(&run);
    let s = found["residual_std_error"].as_f64().expect("a number");
    let student = 3.182446305283709; // 97.5 % with 3 degrees of freedom
    for (k, x) in [6.0, 3.0].into_iter().enumerate() {
        let here = &found["predictions"][k];
        assert_eq!(here["at"]["x"], x);
        let value = 0.05 + 1.99 * x;
        near(&here["value"], value, 1e-12);
        let error = s * (0.2 + (x - 3.0) * (x - 3.0) / 10.0f64).sqrt();
        near(&here["std_error"], error, 1e-12);
        near(&here["interval"][0], value - student * error, 1e-12);
        near(&here["interval"][1], value + student * error, 1e-12);
        let wide = s.hypot(error);
        near(&here["observation"][0], value - student * wide, 1e-12);
        near(&here["observation"][1], value + student * wide, 1e-12);
    }
    let run = fit("y = a + b*x", "--predict x=6", table);
    assert!(run.out.contains("observation from"), "{run:?}");
    for (wrong, hint) in [
        ("--predict z=1", "its columns are x"),
        ("--predict x=a", "contains the variable `a`"),
        ("--predict x=nan", "is no number"),
        ("--predict x=-inf", "is no number"),
    ] {
        let run = fit("y = a + b*x", wrong, table);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains(hint), "{run:?}");
    }
    let two = "x,z,y\n1,1,2\n2,0,3\n3,1,5\n4,5,1\n";
    let run = fit("y = a + b*x + c*z", "--predict x=1", two);
    assert!(
        run.code == Some(2) && run.err.contains("a value of `z` is missing"),
        "{run:?}"
    );
}

#[test]
fn errors_name_what_is_held_and_what_does_not_count() {
    let good = "x,y,w\n1,2,0\n2,3,0\n3,5,0\n";
    for (options, parts) in [
        (
            "--fix q=0",
            &["`q` is not a parameter", "its parameters are a, b"][..],
        ),
        (
            "--fix a=1,b=2,q=0",
            &["`q` is not a parameter", "its parameters are a, b"],
        ),
        ("--fix a=1,b=2", &["--fix holds all parameters"]),
        ("--loss-scale 3", &["--loss"]),
        ("--weights w", &["all weights `w` are 0"]),
        ("--weights w --loss huber", &["all weights `w` are 0"]),
    ] {
        let run = fit("y = a*x + b", options, good);
        assert_eq!(run.code, Some(2), "{options}: {run:?}");
        for part in parts {
            assert!(run.err.contains(part), "{options}: {run:?}");
        }
    }
}
