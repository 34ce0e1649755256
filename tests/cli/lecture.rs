//! The commands of the course: integrate, bayes, adjust, linear, stats, backprop, lecture; likelihood has a file of its own.

use crate::{gradus_reading, json, line, printed};
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
fn the_tables_of_the_chapters_can_be_had_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let option = format!("lecture|--tables|{}", folder.path().display());
    let written = printed(&option);
    assert_eq!(written.lines().count(), 9);
    let stones = folder.path().join("docs/lecture/stones.csv");
    assert_eq!(
        std::fs::read(&stones).unwrap(),
        std::fs::read(STONES).unwrap()
    );
    assert_eq!(printed(&option), written, "the same again");
    std::fs::write(&stones, "mine").unwrap();
    let run = line(&option);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("another table is there"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(&stones).unwrap(), "mine");
    assert!(printed("lecture|4").contains("gradus lecture --tables ."));
    assert!(!printed("lecture|1").contains("--tables"));
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
        ("lecture|9", "chapter 9 (convolution) is not written yet"),
        (
            "lecture|10",
            "chapter 10 (recurrent networks) is not written yet",
        ),
        (
            "bayes|--values|p=0.5|--likelihood|p",
            "neither a vector nor a matrix",
        ),
        (
            "bayes|--values|[0.5]|--likelihood|p",
            "not of the form NAME=[...]",
        ),
        ("bayes|--values|p=[0.5]", "nothing was observed"),
        (
            "bayes|--values|p=[0.5,2]|--likelihood|p",
            "`p` is 2 at p = 2",
        ),
        (
            "bayes|--values|p=[0.5]|--likelihood|q",
            "its only variable is `p`",
        ),
        ("bayes|--values|p=[0.5]|--likelihood|p^", "unexpected end"),
        (
            "bayes|--values|p=[0.5,0.6]|--prior|[1]|--likelihood|p",
            "1 probabilities for 2 values",
        ),
        (
            "bayes|--values|p=[0.5,0.6]|--prior|-p|--likelihood|p",
            "a weight is 0 or above",
        ),
        (
            "bayes|--values|p=[0.5,0.6]|--prior|0*p|--likelihood|p",
            "every value has the weight 0",
        ),
        ("bayes|--values|p=[0,0]|--likelihood|p", "impossible"),
        ("bayes|--beta|1", "not two numbers"),
        ("bayes|--beta|0,1", "alpha must be a number above 0"),
        ("bayes|--beta|1,1|--results|+x", "neither + nor -"),
        ("bayes|--beta|1,1|--successes|-3", "invalid value"),
        ("bayes|--normal|0,1|--observations|1", "--deviation 1"),
        (
            "bayes|--normal|0,1|--observations|1|--deviation|0",
            "above 0",
        ),
        ("bayes|--normal|0,-1|--deviation|1", "above 0"),
        ("bayes|--confusion|tp=1,fp=2,fn=3", "`tn` is not given"),
        ("bayes|--confusion|tp=1,fp=2,fn=-3,tn=4", "is no count"),
        (
            "bayes|--confusion|tp=1,fp=2,fn=3,xx=4",
            "there is no count `xx`",
        ),
        ("bayes|--confusion|tp=1e99,fp=2,fn=3,tn=4", "is no count"),
        (
            "stats|--values|[1,2]|--probabilities|[1/2,1/3]",
            "must sum to 1",
        ),
        (
            "stats|--values|[1,2]|--probabilities|[3/2,-1/2]",
            "between 0 and 1",
        ),
        (
            "stats|--values|[1,2]|--probabilities|[1]",
            "1 of them for 2 values",
        ),
        ("stats|--values|[1,sqrt(2)]", "no fraction of whole numbers"),
        ("stats|--values|[]", "the list is empty"),
        ("stats|--values|[1,,2]", "an entry is missing"),
        (
            "integrate|x|--over|x=0:1|--samples|20|--plot|-",
            "--plot draws estimates from 16",
        ),
        (
            "integrate|x|--over|x=0:1|--plot|a.svg|--means|a.svg",
            "that is the file of --plot",
        ),
        ("stats|x.csv|--probabilities|[1]", "cannot be used with"),
        ("integrate|x|--over|x=1:1", "is empty"),
        ("integrate|x|--over|x=0:1|--means|a.gif", ".svg or .png"),
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

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lecture/sample.csv");
const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lecture/tests.csv");

/// Runs a command line on a table that is given as text.
fn on(table: &str, arguments: &str) -> crate::Run {
    gradus_reading(&arguments.split('|').collect::<Vec<_>>(), table.as_bytes())
}

#[test]
fn values_are_hypotheses() {
    let call = |likelihoods: &str| {
        json(&format!(
            "bayes|--values|p=[0.2, 0.5]|{likelihoods}|--format|json"
        ))
    };
    let found = call("--likelihood|p|--likelihood|1-p");
    assert_eq!(found["prior"], object!([0.5, 0.5]));
    assert!(close(&found["evidence"][0], 0.35, 1e-15));
    // 0.2*0.8 against 0.5*0.5
    assert!(close(&found["posteriors"][1][0], 0.16 / 0.41, 1e-15));
    assert!(close(
        &found["means"][2],
        (0.2 * 0.16 + 0.5 * 0.25) / 0.41,
        1e-15
    ));
    let other = call("--likelihood|1-p|--likelihood|p");
    assert!(close(&other["posteriors"][1][0], 0.16 / 0.41, 1e-15));
    let at_once = call("--likelihood|p*(1-p)");
    assert!(close(&at_once["posteriors"][0][0], 0.16 / 0.41, 1e-15));
    let weighted = call("--prior|p|--likelihood|1");
    assert!(close(&weighted["prior"][0], 0.2 / 0.7, 1e-15));
    let listed = call("--prior|[0.9,0.1]|--likelihood|p");
    assert!(close(&listed["posteriors"][0][0], 0.18 / 0.23, 1e-15));
}

#[test]
fn beliefs_stay_of_their_kind() {
    let found = json("bayes|--beta|1,1|--results|++-|--format|json");
    assert_eq!(found["beliefs"][3]["alpha"], object!(3.0));
    assert!(close(&found["beliefs"][3]["mean"], 0.6, 1e-15));
    let at_once = json("bayes|--beta|1,1|--successes|2|--failures|1|--format|json");
    assert_eq!(at_once["beliefs"][1], found["beliefs"][3]);
    let mean = json(
        "bayes|--normal|0,1|--observations|3,2.5|--observations|2.8|--deviation|1|--format|json",
    );
    assert!(close(&mean["beliefs"][3]["mean"], 2.075, 1e-14));
    assert!(close(&mean["beliefs"][3]["std"], 0.5, 1e-14));
}

#[test]
fn predictions_are_compared_with_the_truth() {
    let counts = json("bayes|--confusion|tp=9,fp=3,fn=1,tn=27|--format|json");
    let table = json(&format!(
        "stats|{TESTS}|--confusion|predicted,actual|--positive|ill|--format|json"
    ));
    assert_eq!(counts, table);
    assert!(close(&table["precision"], 0.75, 1e-15) && close(&table["recall"], 0.9, 1e-15));
    assert!(close(&table["false_alarm"], 0.1, 1e-15));
    let none = line("bayes|--confusion|tp=0,fp=0,fn=2,tn=3");
    assert_eq!(none.code, Some(0));
    assert!(
        none.err
            .contains("there is no precision: no case is predicted positive"),
        "{}",
        none.err
    );
    let ones = on(
        "a,b\n1,1.0\n0,1\n2,0\n",
        "stats|-|--confusion|a,b|--format|json",
    );
    assert!(
        ones.out.contains("\"true_positives\":1") && ones.out.contains("\"false_negatives\":1"),
        "{}",
        ones.out
    );
    for (table, arguments, says) in [
        (
            "a,b\nx,y\n",
            "stats|-|--confusion|a,b",
            "nothing in these columns is `1`",
        ),
        ("a,b\n", "stats|-|--confusion|a,b", "has no rows"),
        ("a,b\n1,1\n", "stats|-|--confusion|a,c", "no column `c`"),
        (
            "a,b\n1,1\n",
            "stats|-|--confusion|a,a",
            "both columns are the same",
        ),
        ("a,b\n1,1\n", "stats|-|--confusion|a", "are not two columns"),
        (
            "x,p\n1,1/3\n2,1/3\n",
            "stats|-|--distribution|x,p",
            "must sum to 1",
        ),
        ("x,p\n1,a\n", "stats|-|--distribution|x,p", "row 1"),
        ("x,p\n", "stats|-|--distribution|x,p", "has no rows"),
        (
            "x\n1\n2\n",
            "stats|-|--quantiles|1.5",
            "is not between 0 and 1",
        ),
        ("x\n1\n2\n", "stats|-|--bandwidth|1", "none is asked for"),
        ("x\n1\n2\n", "stats|-|--density|1|--bandwidth|0", "above 0"),
        ("x\n1\n1\n", "stats|-|--density|1", "--bandwidth 1"),
        ("x\n1\n2\n", "stats|-|--histogram|0", "the number of bins"),
        (
            "x\n1\n2\n",
            "stats|-|--bootstrap|mean|--resamples|1",
            "must be between",
        ),
        (
            "x\n1\n2\n",
            "stats|-|--bootstrap|mean|--confidence|2",
            "between 0 and 1",
        ),
        (
            "x\n1\n2\n",
            "stats|-|--bootstrap|correlation",
            "is of two columns",
        ),
        (
            "x\n1\n2\n",
            "stats|-|--bootstrap|skewness",
            "has no skewness",
        ),
        ("x\n", "stats|-|--bootstrap|mean", "has no rows"),
        (
            "x\n1\n",
            "stats|-|--bootstrap|mean",
            "one row tells nothing",
        ),
        ("x\nNaN\n", "stats|-|--quantiles|0.5", "finite"),
    ] {
        let run = on(table, arguments);
        assert_eq!(run.code, Some(2), "{arguments}: {} {}", run.out, run.err);
        assert!(run.err.contains(says), "{arguments}: {}", run.err);
    }
}

#[test]
fn distributions_are_exact() {
    let die = json("stats|--values|[1, 2, 3, 4, 5, 6]|--format|json");
    assert_eq!(
        (&die["expectation"]["exact"], &die["variance"]["exact"]),
        (&object!("7/2"), &object!("35/12"))
    );
    let table = on(
        "face,share\n1,1/3\n4,2/3\n",
        "stats|-|--distribution|face,share|--format|json",
    );
    assert!(
        table.out.contains("\"expectation\":{\"exact\":\"3\""),
        "{}",
        table.out
    );
    // Decimals are exact: ten tenths are 1.
    let tenths = json("stats|--values|[0.1, 0.2]|--probabilities|[0.7, 0.3]|--format|json");
    assert_eq!(tenths["expectation"]["exact"], object!("13/100"));
}

#[test]
fn samples_have_quantiles_bins_densities_and_errors() {
    let call = format!(
        "stats|{SAMPLE}|--columns|height|--quantiles|0,0.5|--histogram|4|--density|170|--bootstrap|mean|--seed|3|--format|json"
    );
    let found = json(&call);
    let height = &found["columns"]["height"];
    assert!(close(&height["quantiles"][0]["value"], 144.9, 1e-12));
    assert!(close(&height["quantiles"][1]["value"], 171.2, 1e-12));
    let counts: u64 = height["histogram"]["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c.as_u64().unwrap())
        .sum();
    assert_eq!(
        (
            counts,
            height["histogram"]["edges"].as_array().unwrap().len()
        ),
        (30, 5)
    );
    assert!(close(
        &height["density"]["values"][0]["value"],
        0.0414014,
        1e-6
    ));
    // The formula for a mean says 1.495 with the deviation divided by n.
    assert!(close(&height["bootstrap"]["standard_error"], 1.495, 0.15));
    assert_eq!(json(&call), found, "the same seed");
    assert_ne!(json(&call.replace("|3|", "|4|")), found, "another seed");
    let pair = json(&format!(
        "stats|{SAMPLE}|--columns|height,wait|--bootstrap|correlation|--format|json"
    ));
    assert!(close(
        &pair["bootstrap"]["estimate"],
        pair["correlation"]["height"]["wait"].as_f64().unwrap(),
        1e-15
    ));
}

#[test]
fn pictures_of_samples() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (errors, means, heights) = (file("errors.svg"), file("means.svg"), file("heights.svg"));
    let call = format!(
        "integrate|exp(-x^2)|--over|x=-1:1|--samples|500|--repeat|20|--plot|{errors}|--means|{means}"
    );
    assert!(printed(&call).starts_with("integral"));
    assert!(printed(&format!("stats|{SAMPLE}|--plot|{heights}")).starts_with("column"));
    let read = |path: &str| std::fs::read_to_string(path).unwrap();
    assert!(read(&errors).contains("Sobol") && read(&means).contains("means of 64"));
    assert!(read(&heights).contains("density by kernels"));
    let constant = line("integrate|1|--over|x=0:1|--samples|500|--repeat|20|--plot|-|--means|-");
    assert_eq!(constant.code, Some(0));
    assert!(constant.err.contains("no picture"), "{}", constant.err);
}

/// A table that never ends: Ctrl-C gives what was read, and says so.
#[cfg(unix)]
#[test]
fn interrupted_tables_are_not_reached() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    use std::time::Duration;
    for arguments in [
        vec!["stats", "-"],
        vec![
            "adjust",
            "-",
            "--treatment",
            "t",
            "--outcome",
            "r",
            "--confounder",
            "z",
        ],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
            .args(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(b"t,r,z\n").unwrap();
        let rows = "1,1,0\n0,0,0\n1,0,1\n0,1,1\n".repeat(20_000);
        stdin.write_all(rows.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let sent = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(sent.expect("kill runs").success());
        // It ends behind a chunk of rows, and may close the pipe then.
        for _ in 0..20 {
            if stdin.write_all(rows.as_bytes()).is_err() {
                break;
            }
        }
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("interrupted"),
            "{arguments:?}"
        );
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn an_answer_may_name_what_it_is() {
    let run = line("lecture|3|--exercise|2|--answer|f = 2*x");
    assert_eq!(
        (run.code, run.out.as_str()),
        (Some(0), "right\n"),
        "{run:?}"
    );
    let run = line("lecture|1|--exercise|5|--answer|sqrt(x^2 + y^2) + 1e-9");
    assert_eq!(run.code, Some(1), "{run:?}");
    let numbers: Vec<&str> = (run.out.split_whitespace())
        .filter(|word| word.starts_with("0.56568"))
        .collect();
    assert_eq!(numbers.len(), 2, "{run:?}");
    assert_ne!(numbers[0].trim_end_matches(','), numbers[1], "{run:?}");
}

#[test]
fn a_rounded_answer_is_right() {
    let run = crate::gradus(&["lecture", "4", "--exercise", "2", "--answer", "0.333"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), "right, rounded\n"));
}

#[test]
fn a_belief_may_be_most_likely_at_an_end() {
    let mode = |beta: &str| {
        let run = crate::gradus(&["bayes", "--beta", beta, "--format", "json"]);
        let found: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        found["beliefs"][0]["mode"].as_f64()
    };
    assert_eq!(mode("3,1"), Some(1.0));
    assert_eq!(mode("1,3"), Some(0.0));
    assert_eq!(mode("0.5,2"), Some(0.0));
    assert_eq!(mode("2,0.5"), Some(1.0));
    assert_eq!(mode("1,0.5"), Some(1.0));
    assert_eq!(mode("3,2"), Some(2.0 / 3.0));
    assert_eq!((mode("1,1"), mode("0.5,0.5")), (None, None));
}

#[test]
fn too_many_positive_results_are_refused() {
    for count in ["3000000000", "18446744073709551615"] {
        let test = "bayes|--prior|0.1|--sensitivity|0.9|--false-alarm|0.1|--positives";
        let words: Vec<&str> = test.split('|').chain([count]).collect();
        let run = crate::gradus(&words);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains("more than 1000000"), "{run:?}");
    }
}
