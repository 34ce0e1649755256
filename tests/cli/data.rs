//! `gradus descend --data`: formulas over tables, and tables of other forms than CSV.

use std::fs;

use crate::columns::Folder;
use crate::{Run, gradus, gradus_reading};

/// y = 2x + 1 at five points, and a name.
const LINE: &str = "x,y,who\n0,1,a\n1,3,b\n2,5,c\n3,7,d\n4,9,e\n";

/// `descend FORMULA --data - OPTIONS`, with a table on standard input.
fn descend(formula: &str, options: &str, table: &str) -> Run {
    let mut arguments = vec!["descend", formula, "--data", "-"];
    arguments.extend(options.split('|').filter(|o| !o.is_empty()));
    gradus_reading(&arguments, table.as_bytes())
}

#[track_caller]
fn json(run: &Run) -> serde_json::Value {
    serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}: {run:?}"))
}

/// A descent that must converge to a = 2, b = 1.
#[track_caller]
fn finds_the_line(run: &Run) {
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{run:?}");
    let answer = json(run);
    let at = |name: &str| answer["point"][name].as_f64().unwrap_or(f64::NAN);
    assert!(
        (at("a") - 2.0).abs() < 1e-3 && (at("b") - 1.0).abs() < 1e-3,
        "{answer}"
    );
    assert_eq!(answer["rows"], 5, "{answer}");
}

const FIT: &str = "mean((y - (a*x + b))^2)";
const FROM: &str = "--from|a=0,b=0|--rate|0.05|--tolerance|1e-7|--format|json";

#[test]
fn a_line_is_found_in_every_form_of_table() {
    let folder = Folder::new("data_forms");
    let objects = "{\"x\":0,\"y\":1}\n{\"x\":1,\"y\":3}\n{\"y\":5,\"x\":2}\n{\"x\":3,\"y\":7}\n{\"x\":4,\"y\":9}\n";
    for (table, options) in [
        (LINE, ""),
        (&LINE.replace(',', ";"), "--delimiter|;"),
        (&LINE.replace("x,y", "\"x\",\"the y\""), "--rename|the y=y"),
        (&LINE.replace("0,1", "# note\n0,1"), "--comment|#"),
        (objects, ""),
    ] {
        finds_the_line(&descend(FIT, &format!("{FROM}|{options}"), table));
    }
    let bare = LINE.split_once('\n').unwrap().1;
    let formula = "mean((c2 - (a*c1 + b))^2)";
    finds_the_line(&descend(formula, &format!("{FROM}|--no-header"), bare));
    for (name, text) in [
        ("t.csv", LINE),
        ("t.tsv", &LINE.replace(',', "\t")),
        ("t.jsonl", objects),
        ("t.NDJSON", objects),
    ] {
        let path = folder.write(name, text);
        let mut arguments = vec!["descend", FIT, "--data", &path];
        arguments.extend(FROM.split('|'));
        finds_the_line(&gradus(&arguments));
        // Nothing of it in memory.
        arguments.extend(["--memory", "0"]);
        finds_the_line(&gradus(&arguments));
    }
    let missing = LINE.replace("2,5,c", "2,5,c\n,8,f\n9,NA,g");
    let dropped = descend(FIT, &format!("{FROM}|--missing|drop"), &missing);
    let answer = json(&dropped);
    assert_eq!((dropped.code, &answer["rows"]), (Some(0), &5.into()));
    assert!(
        answer["notes"][0]
            .as_str()
            .unwrap()
            .contains("2 rows with missing values")
    );
}

#[test]
fn definitions_reductions_and_penalties() {
    for (formula, value) in [
        ("r = y - (a*x + b); sqrt(mean(r^2)) + 0*b", 0.0),
        ("mean((y - a*x - b)^2) + var(y - a*x)", 0.0),
        ("sum((y - a*x - b)^2)/sum(1)", 0.0),
        ("mean((y - a*x - b)^2)/var(y)", 0.0),
        ("max((y - a*x - b)^2)", 0.0),
    ] {
        let run = descend(formula, "--from|a=2,b=1|--format|json", LINE);
        let answer = json(&run);
        let function = answer["function"].as_str().unwrap();
        assert!(
            function.contains("mean(") || function.contains("max(") || function.contains("sum(")
        );
        // At the minimum the square root has no slope.
        if !formula.contains("sqrt") {
            assert_eq!(
                (run.code, answer["value"].as_f64()),
                (Some(0), Some(value)),
                "{formula}: {run:?}"
            );
        }
    }
    // A penalty pulls the slope down: d/da mean((y - a*x)^2) + a^2 = 0 at a = mean(x*y)/(mean(x^2) + 1).
    let run = descend(
        "mean((y - a*x)^2) + a^2",
        "--from|a=0|--rate|0.05|--tolerance|1e-9|--format|json",
        LINE,
    );
    let a = json(&run)["point"]["a"].as_f64().unwrap();
    assert!((a - 14.0 / 7.0).abs() < 1e-6, "{a}");
    let text = descend("mean((y - a*x - 1)^2)", "--from|a=0", LINE);
    assert!(
        text.out.contains("rows") && text.out.contains("mean((y - a*x - 1)^2)"),
        "{text:?}"
    );
}

#[test]
fn bad_input_is_told_with_a_hint() {
    for (formula, options, table, code, message, hint) in [
        (
            FIT,
            "",
            LINE,
            2,
            "`a`, `b` are no columns of standard input, and --from gives no start",
            "--from a=0,b=0",
        ),
        (
            FIT,
            "--from|a=1",
            LINE,
            2,
            "`b` is no column of standard input, and --from gives no start",
            "--from b=0",
        ),
        (
            FIT,
            "--from|a=1,b=2,x=3",
            LINE,
            2,
            "--from: `x` is a column of standard input",
            "--rename x=...",
        ),
        (
            "mean((y - slope*xx)^2)",
            "--from|slope=1",
            LINE,
            2,
            "`xx` is no column",
            "did you mean `x`?",
        ),
        (
            "mean((hight - a)^2)",
            "--from|a=1",
            "height\n1\n",
            2,
            "`hight` is no column",
            "did you mean `height`?",
        ),
        (
            FIT,
            "--from|a=1,b=2",
            "x;y\n1;2\n",
            2,
            "`x`, `y` are no columns",
            "--delimiter \";\"",
        ),
        (
            FIT,
            "--from|a=1,b=2",
            "1,2\n3,4\n",
            2,
            "`x`, `y` are no columns",
            "--no-header",
        ),
        (
            "mean((y - slope*x)^2)",
            "--from|slpe=1",
            LINE,
            2,
            "`slope` is no column",
            "did you mean `slpe`, which --from gives?",
        ),
        (
            "y - a*x",
            "--from|a=1",
            LINE,
            2,
            "the column `x` stands outside mean(...)",
            "write mean(...) or sum(...)",
        ),
        (
            "mean(y - a*x) + x",
            "--from|a=1",
            LINE,
            2,
            "the column `x` stands outside",
            "write mean(...)",
        ),
        (
            "mean(x)",
            "",
            LINE,
            2,
            "there is nothing to move",
            "names that are no columns",
        ),
        (
            "mean + a",
            "--from|a=1",
            LINE,
            2,
            "`mean` is no column",
            "mean(...)",
        ),
        ("[mean(x*a), a]", "--from|a=1", LINE, 2, "not a list", ""),
        (
            "mean(x*a, y)",
            "--from|a=1",
            LINE,
            2,
            "`mean` takes 1 argument, 2 given",
            "",
        ),
        (
            "maen(x*a)",
            "--from|a=1",
            LINE,
            2,
            "there is no function `maen`",
            "did you mean `mean`?",
        ),
        (FIT, "--from|a=1,b=1", "", 2, "standard input is empty", ""),
        (
            FIT,
            "--from|a=1,b=1",
            "x,y\n",
            2,
            "standard input has no rows",
            "",
        ),
        (
            FIT,
            "--from|a=1,b=1|--missing|drop",
            "x,y\n,1\n2,\n",
            2,
            "a value is missing in every row",
            "",
        ),
        (
            FIT,
            "--from|a=1,b=1",
            "x,y\n1,2\n,3\n",
            2,
            "line 3: the value of `x` is missing",
            "--missing drop",
        ),
        (
            FIT,
            "--from|a=1,b=1",
            "x,y\n1,two\n",
            2,
            "line 2: `two` in column `y` is not a number",
            "",
        ),
        (
            FIT,
            "--from|a=1,b=1|--missing|nan",
            "x,y\n,1\n,2\n",
            2,
            "the column `x` is NaN in every row",
            "",
        ),
        (
            FIT,
            "--from|a=1,b=1",
            "{\"x\":1,\"y\":2}\n{\"x\":1,\n",
            2,
            "line 2: no object of JSON",
            "each line is an object",
        ),
        ("mean(i*a*x)", "--from|a=1", LINE, 2, "imaginary unit", ""),
        (
            "mean(polygamma(a, x))",
            "--from|a=1",
            LINE,
            2,
            "cannot be differentiated",
            "",
        ),
    ] {
        let run = descend(formula, options, table);
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(code), ""),
            "{formula} {options}: {run:?}"
        );
        assert!(
            run.err.contains(message),
            "{formula} {options}: {message}\n{}",
            run.err
        );
        assert!(
            run.err.contains(hint),
            "{formula} {options}: {hint}\n{}",
            run.err
        );
    }
    let run = gradus(&["descend", "-", "--data", "-", "--from", "a=1"]);
    assert!(run.code == Some(2) && run.err.contains("cannot both come from standard input"));
    let run = gradus(&[
        "descend",
        FIT,
        "--data",
        "/nowhere/t.csv",
        "--from",
        "a=1,b=1",
    ]);
    assert!(
        run.code == Some(2) && run.err.contains("/nowhere/t.csv"),
        "{run:?}"
    );
    // Without a table: what is missing is the table.
    let run = gradus(&["descend", "mean(x^2)", "--from", "x=1"]);
    assert!(
        run.code == Some(2) && run.err.contains("--data FILE"),
        "{run:?}"
    );
    let run = gradus(&["eval", "sum(x)", "--at", "x=1"]);
    assert!(
        run.code == Some(2) && run.err.contains("rows of a table"),
        "{run:?}"
    );
    for options in [
        &["--delimiter", ";"][..],
        &["--memory", "10"],
        &["--no-header"],
    ] {
        let mut arguments = vec!["descend", "x^2", "--from", "x=1"];
        arguments.extend(options);
        let run = gradus(&arguments);
        assert!(run.code == Some(2) && run.err.contains("--data"), "{run:?}");
    }
}

#[test]
fn a_bad_start_names_part_and_row() {
    let table = "x,y\n1,1\n\n2,2\n5,3\n-1,4\n";
    let run = descend("mean((y - log(x + a))^2) + b", "--from|a=0,b=1", table);
    assert_eq!(run.code, Some(1), "{run:?}");
    let note = "`log(x + a)` has no finite value at x = -1, a = 0 (standard input, line 6): outside the domain of log";
    assert!(run.err.contains(note), "{}", run.err);
    let run = descend("sqrt(mean(x) - a)", "--from|a=100", table);
    assert!(
        run.code == Some(1)
            && run
                .err
                .contains("`sqrt(mean(x) - a)` has no finite value at"),
        "{run:?}"
    );
    assert!(run.err.contains("mean(x) = 1.75"), "{run:?}");
    let run = descend("mean(x*a)", "--from|a=1e308", "x\n10\n1\n");
    assert!(
        run.err.contains("(standard input, line 2): overflow"),
        "{run:?}"
    );
    let objects = "{\"x\":1}\n{\"x\":0}\n";
    let run = descend("mean(a/x)", "--from|a=1", objects);
    assert!(
        run.err
            .contains("(standard input, line 2): division by zero"),
        "{run:?}"
    );
}

#[test]
fn what_looks_odd_is_remarked() {
    for (formula, options, table, says) in [
        (
            "mean((y - a*x)^2) + sum(a^2)",
            "--from|a=2",
            LINE,
            "no column occurs in `sum(a^2)`",
        ),
        (
            "mean((y - a*x)^2)",
            "--from|a=2,c=1",
            LINE,
            "`c` does not occur in the formula",
        ),
        (
            "a^2",
            "--from|a=0",
            LINE,
            "no column of standard input occurs",
        ),
        (
            "mean((y - a*x - b)^2)",
            "--from|a=0,b=0",
            "x,y\n1,0\n",
            "1 row for 2 parameters",
        ),
        (
            "mean((y - a*x)^2)",
            "--from|a=0",
            "x,y\n1,0\n1,2\n",
            "the column `x` is 1 in every row",
        ),
        (
            "mean((y - a*e*x)^2)",
            "--from|a=0",
            "x,y,e\n1,0,1\n2,2,1\n",
            "`e` is a number in formulas",
        ),
    ] {
        let run = descend(formula, options, table);
        assert!(run.code.is_some_and(|code| code < 2), "{run:?}");
        assert!(run.err.contains(says), "{formula}: {}", run.err);
    }
}

#[test]
fn tables_are_written_by_the_ending_of_the_name() {
    let folder = Folder::new("data_out");
    let table = folder.write("t.csv", "who,x\na,1\n\"b, c\",-2.5\n,0\n");
    let lines = folder.path("v.jsonl");
    let run = gradus(&["eval", "1/x", "--data", &table, "--keep", "--out", &lines]);
    let note = "Note: `1/x` has no finite value at x = 0 (line 4): division by zero\n";
    assert_eq!((run.code, run.err.as_str()), (Some(0), note));
    let expected = "{\"who\":\"a\",\"x\":1,\"value\":1.0}\n{\"who\":\"b, c\",\"x\":-2.5,\"value\":-0.4}\n{\"who\":null,\"x\":0,\"value\":\"inf\"}\n";
    assert_eq!(fs::read_to_string(&lines).unwrap(), expected);
    // And read back, infinity included.
    let run = gradus(&["eval", "value + x", "--data", &lines]);
    assert_eq!(run.out, "value\n2\n-2.9\ninf\n", "{run:?}");
    let parquet = folder.path("v.parquet");
    let run = gradus(&["eval", "1/x", "--data", &table, "--keep", "--out", &parquet]);
    if cfg!(feature = "parquet") {
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        let mut arguments = vec!["eval", "value + x", "--data", &parquet, "--keep"];
        let run = gradus(&arguments);
        assert!(run.code == Some(2) && run.err.contains("`value` would be there twice"));
        arguments.extend(["--rename", "value=inverse"]);
        arguments[1] = "inverse + x";
        let run = gradus(&arguments);
        let expected = "who,x,inverse,value\na,1,1,2\n\"b, c\",-2.5,-0.4,-2.9\n,0,inf,inf\n";
        assert_eq!((run.code, run.out.as_str()), (Some(0), expected), "{run:?}");
    } else {
        assert_eq!(run.code, Some(2));
        assert!(
            run.err.contains("built without Parquet") && run.err.contains("--features parquet"),
            "{run:?}"
        );
        assert_eq!(folder.files(), ["t.csv", "v.jsonl"]);
    }
}

#[test]
fn eval_gives_one_value_of_all_rows() {
    let eval = |formula: &str, options: &str, table: &str| {
        let mut arguments = vec!["eval", formula, "--data", "-"];
        arguments.extend(options.split('|').filter(|o| !o.is_empty()));
        gradus_reading(&arguments, table.as_bytes())
    };
    for (formula, options, out) in [
        ("mean(x)", "", "2\n"),
        ("var(x)", "", "2\n"),
        ("max(y) - min(y)", "", "8\n"),
        ("sum(1)", "", "5\n"),
        ("k*mean(x*y) - mean(x)*mean(y)", "--at|k=1", "4\n"),
        ("mean(x)", "--format|json", "{\"value\":2.0,\"rows\":5}\n"),
    ] {
        let run = eval(formula, options, LINE);
        assert_eq!(
            (run.code, run.out.as_str(), run.err.as_str()),
            (Some(0), out, ""),
            "{formula}"
        );
    }
    for (formula, options, table, says) in [
        (
            "x - mean(x)",
            "",
            LINE,
            "the column `x` stands outside mean(...)",
        ),
        (
            "mean(x)",
            "--out|v.csv",
            LINE,
            "--out is for a value in each row",
        ),
        (
            "mean(z)",
            "",
            LINE,
            "has no column `z`, and --at gives no value",
        ),
        ("mean(x) +", "", LINE, "the text ends"),
        (
            "mean(x)",
            "--at|x=1",
            LINE,
            "`x` is given by --at and is a column",
        ),
        ("mean(x)", "", "x\n", "has no rows"),
    ] {
        let run = eval(formula, options, table);
        assert!(
            run.code == Some(2) && run.err.contains(says),
            "{formula}: {run:?}"
        );
    }
    let run = eval("mean(log(x))", "", LINE);
    assert_eq!((run.code, run.out.as_str()), (Some(0), "-inf\n"));
    assert!(
        run.err
            .contains("`log(x)` has no finite value at x = 0 (standard input, line 2)"),
        "{run:?}"
    );
}

#[test]
fn stats_says_what_is_wrong_with_a_table_of_no_numbers() {
    for (table, code, hint) in [
        ("x;y\n1;2\n", 2, "--delimiter \";\""),
        ("1,2\n3,4\n5,7\n", 0, "--no-header"),
        ("n,x\nfoo,2\nbar,4\n", 2, "--columns"),
    ] {
        let run = crate::gradus_reading(&["stats", "-"], table.as_bytes());
        assert_eq!(run.code, Some(code), "{run:?}");
        assert!(run.err.contains(hint), "{run:?}");
    }
}
