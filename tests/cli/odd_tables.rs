//! Tables as people have them: words that are missing, names that meet, weights of 0; and files that are not to be lost.

use std::fs;

use crate::columns::Folder;
use crate::{Run, gradus, gradus_reading, line};

/// A command line whose words are divided by bars, with a table on standard input.
fn on(table: &str, arguments: &str) -> Run {
    gradus_reading(&arguments.split('|').collect::<Vec<_>>(), table.as_bytes())
}

#[track_caller]
fn refused(run: &Run, says: &str) {
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains(says), "{says}: {}", run.err);
}

#[track_caller]
fn json(run: &Run) -> serde_json::Value {
    serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}: {run:?}"))
}

/// What is missing in a column of words is missing as it is among numbers.
#[test]
fn missing_words_are_no_words() {
    let predictions = "p,a\nill,ill\nok,ill\nok,ok\n,ok\nNA,NA\n";
    let confusion = "stats|-|--confusion|p,a|--positive|ill";
    refused(&on(predictions, confusion), "line 5");
    let run = on(
        predictions,
        &format!("{confusion}|--missing|drop|--format|json"),
    );
    let found = json(&run);
    assert_eq!(found["true_negatives"], 1, "{found}");
    assert!(
        run.out.contains("2 rows with missing values left out"),
        "{run:?}"
    );

    let colours = "g\nred\nNA\nblue\nnull\n\"  \"\n red \n";
    let categorical = "likelihood|--categorical|g|--data|-";
    refused(&on(colours, categorical), "line 3");
    let found = json(&on(
        colours,
        &format!("{categorical}|--missing|drop|--format|json"),
    ));
    assert_eq!(found["rows"], 3, "{found}");

    let trials = "T,R,Z\nA,yes,s\nA,,s\nB,yes,s\nB,no,s\n,yes,s\n";
    let adjust = "adjust|-|--treatment|T|--outcome|R|--confounder|Z|--success|yes";
    refused(&on(trials, adjust), "line 3");
    let found = json(&on(
        trials,
        &format!("{adjust}|--missing|drop|--format|json"),
    ));
    assert_eq!(
        found["raw"],
        serde_json::json!({"A": 1.0, "B": 0.5}),
        "{found}"
    );
}

#[test]
fn two_spellings_of_one_name_are_refused() {
    let table = "x₁,x_1,y\n1,10,2\n2,30,4\n";
    for command in [
        "stats|-",
        "eval|x_1|--data|-",
        "descend|mean((y-a*x_1)^2)|--data|-|--from|a=0",
    ] {
        refused(&on(table, command), "`x₁` and `x_1` are one name");
    }
    let run = on(table, "eval|b|--data|-|--rename|x_1=b");
    assert_eq!(run.out, "value\n10\n30\n", "{run:?}");
    refused(
        &on(table, "eval|b|--data|-|--rename|x_1=b|--rename|x_1=c"),
        "renamed twice",
    );
}

/// As if the rows were not there.
#[test]
fn rows_of_weight_0_do_not_count() {
    let with = "x,y,w\n1,2,1\n2,4.1,1\n3,6,0\n4,8.2,1\n5,9,0\n";
    let without = "x,y,w\n1,2,1\n2,4.1,1\n4,8.2,1\n";
    for options in [
        "",
        "|--loss|huber|--loss-scale|0.01",
        "|--start|a=1,b=1|--bounds|b=0:",
    ] {
        let fit = format!("fit|y = a + b*x|-|--weights|w|--format|json{options}");
        let (with, without) = (json(&on(with, &fit)), json(&on(without, &fit)));
        for part in [
            "degrees_of_freedom",
            "r_squared",
            "residual_std_error",
            "aic",
            "bic",
        ] {
            let (a, b) = (&with[part], &without[part]);
            let near = a
                .as_f64()
                .zip(b.as_f64())
                .is_some_and(|(a, b)| (a - b).abs() <= 1e-9 * b.abs());
            assert!(near, "{options} {part}: {a} and {b}");
        }
        let error = |of: &serde_json::Value| of["parameters"]["b"]["std_error"].as_f64().unwrap();
        assert!(
            (error(&with) - error(&without)).abs() < 1e-9 * error(&without),
            "{options}"
        );
    }
}

#[test]
fn numbers_beside_a_wider_range_are_found() {
    let run = on(
        "x\n720\n-800\n",
        "eval|[sinh(x)/cosh(x), log(cosh(x))]|--data|-|--gradient",
    );
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{run:?}");
    let rows: Vec<Vec<f64>> = (run.out.lines().skip(1))
        .map(|line| line.split(',').map(|x| x.parse().unwrap()).collect())
        .collect();
    let log_2 = std::f64::consts::LN_2;
    for (row, expected) in [
        (&rows[0], [1.0, 720.0 - log_2, 0.0, 1.0]),
        (&rows[1], [-1.0, 800.0 - log_2, 0.0, -1.0]),
    ] {
        let near = |(found, right): (&f64, f64)| (found - right).abs() < 1e-12;
        assert!(row.iter().zip(expected).all(near), "{row:?}");
    }
}

#[test]
fn rows_without_a_value_are_named() {
    let run = on("x\n1\n-4\nNaN\n-9\n", "eval|sqrt(x)|--data|-");
    assert_eq!(
        (run.code, run.out.as_str()),
        (Some(0), "value\n1\nNaN\nNaN\nNaN\n"),
        "{run:?}"
    );
    for part in [
        "x = -4 (line 3)",
        "the first of 2 rows without a finite value",
    ] {
        assert!(run.err.contains(part), "{}", run.err);
    }
}

#[test]
fn lists_of_reductions_are_refused_as_lists() {
    refused(
        &on("x\n1\n2\n", "eval|[mean(x), std(x)]|--data|-"),
        "eval takes one formula, not a list",
    );
    let run = on("x\n1\n2\n", "eval|[x, x^2]|--data|-");
    assert_eq!(run.out, "value_1,value_2\n1,1\n2,4\n", "{run:?}");
}

#[test]
fn a_column_without_a_name_is_nothing_to_remark_on() {
    let run = on("x,\n1,2\n3,4\n", "stats|-");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{run:?}");
    let empty = json(&on("x\n", "stats|-|--format|json"));
    assert_eq!(empty["columns"]["x"]["min"], "NaN", "{empty}");
}

#[test]
fn names_that_are_numbers_are_remarked_on_where_they_stand() {
    let table = "y,e,pi\n1,2,3\n2,3,4\n";
    let note = |run: &Run, name: &str| {
        run.err
            .contains(&format!("`{name}` is a number in formulas"))
    };
    let run = on(table, "eval|mean(2e*y)|--data|-");
    assert!(note(&run, "e") && !note(&run, "pi"), "{run:?}");
    let run = on(table, "likelihood|a*exp(-a*y)|--data|-");
    assert!(!note(&run, "e") && !note(&run, "pi"), "{run:?}");
    let run = on(table, "fit|y = a*e|-");
    assert!(
        run.err.contains("`e` is the column here, not the number"),
        "{run:?}"
    );
}

#[test]
fn a_mark_of_byte_order_stands_before_objects_too() {
    let run = on("\u{feff}{\"x\": 1}\n{\"x\": 3}\n", "eval|x^2|--data|-");
    assert_eq!(run.out, "value\n1\n9\n", "{run:?}");
}

/// No output may be the table, nor another output.
#[test]
fn files_are_not_written_over_each_other() {
    let folder = Folder::new("distinct");
    let (csv, svg) = (folder.path("t.csv"), folder.path("t.svg"));
    let table = "x,y\n1,2\n2,4.1\n3,6\n";
    fs::write(&csv, table).unwrap();
    fs::write(&svg, table).unwrap();
    let (csv, svg) = (csv.as_str(), svg.as_str());
    let loss = "mean((y-a*x)^2)|--from|a=0";
    for (command, says) in [
        (
            format!("fit|y=a*x|{csv}|--trace|{csv}"),
            "that is the file of --data",
        ),
        (
            format!("fit|y=a*x|{svg}|--plot|{svg}"),
            "that is the file of --data",
        ),
        (
            format!("fit|y=a*x|{csv}|--trace|{svg}|--out|{svg}"),
            "that is the file of --out",
        ),
        (
            format!("stats|{svg}|--columns|x|--plot|{svg}"),
            "that is the file of --data",
        ),
        (
            format!("descend|{loss}|--data|{csv}|--trace|{csv}"),
            "that is the file of --data",
        ),
        (
            format!("descend|{loss}|--data|{csv}|--checkpoint|{csv}"),
            "that is the file of --data",
        ),
        (
            format!("descend|{loss}|--data|{csv}|--checkpoint|{svg}|--trace|{svg}"),
            "that is the file of --trace",
        ),
    ] {
        refused(&line(&command), says);
        assert_eq!(fs::read_to_string(csv).unwrap(), table, "{command}");
        assert_eq!(fs::read_to_string(svg).unwrap(), table, "{command}");
    }
}

/// What is written there already stays, whatever the name leads to.
#[cfg(unix)]
#[test]
fn the_standard_output_is_written_on_with() {
    let folder = Folder::new("stdout");
    let (table, link, target) = (
        folder.path("t.csv"),
        folder.path("link"),
        folder.path("out"),
    );
    fs::write(&table, "x\n1\n2\n").unwrap();
    std::os::unix::fs::symlink("/proc/self/fd/1", &link).unwrap();
    if !std::path::Path::new(&link).exists() {
        eprintln!("skipped: there is no /proc here");
        return;
    }
    let program = env!("CARGO_BIN_EXE_gradus");
    for name in [link.as_str(), "-"] {
        let script = format!(
            "{{ echo head; '{program}' eval x --data '{0}' --out '{name}'; '{program}' eval x+1 --data '{0}' --out '{name}'; echo tail; }} > '{1}'",
            table, target
        );
        let done = std::process::Command::new("sh")
            .arg("-c")
            .arg(script)
            .status()
            .unwrap();
        assert!(done.success());
        let text = fs::read_to_string(&target).unwrap();
        assert_eq!(text, "head\nvalue\n1\n2\nvalue\n2\n3\ntail\n", "{name}");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}

#[test]
fn residuals_are_written_by_the_ending_of_the_name() {
    let folder = Folder::new("residuals");
    let out = folder.path("out.jsonl");
    let out = out.as_str();
    let run = on("x,y\n1,2\n2,4\n3,6\n", &format!("fit|y=a*x|-|--out|{out}"));
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = fs::read_to_string(out).unwrap();
    assert!(
        text.starts_with("{\"x\":1.0,\"y\":2.0,\"fitted\":2.0,\"residual\":0.0}\n"),
        "{text}"
    );
    let run = on(
        "fitted,y\n1,2\n2,4\n",
        &format!("fit|y=a*fitted|-|--out|{out}"),
    );
    refused(&run, "`fitted` would be there twice");
    assert_eq!(fs::read_to_string(out).unwrap(), text);
}

#[test]
fn profiles_need_a_minimum() {
    let table = "x,y\n1,2.7\n2,7.4\n3,20.1\n4,54.6\n5,148.4\n";
    let run = on(
        table,
        "fit|y = a*exp(k*x)|-|--start|a=100,k=-1|--max-iterations|1|--profile",
    );
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.err.contains("no profile intervals"), "{run:?}");
    assert!(!run.out.contains("profile from"), "{run:?}");
}

/// A parameter at its bound is a given number: the others have their errors.
#[test]
fn predictions_beside_a_bound_have_errors() {
    let table = "x,y\n1,1.1\n2,1.9\n3,3.2\n4,3.9\n";
    let run = on(
        table,
        "fit|y = a + b*x|-|--start|a=1,b=1|--bounds|a=0.5:|--predict|x=2|--format|json",
    );
    let found = json(&run);
    let error = found["predictions"][0]["std_error"].as_f64();
    assert!(error.is_some_and(|e| e > 0.0 && e < 1.0), "{found}");
}

/// So many digits that the ends of a narrow interval differ.
#[test]
fn narrow_intervals_show_their_ends() {
    let run = on(
        "x\n10000000000\n10000000001\n10000000002\n",
        "likelihood|--normal|x|--data|-",
    );
    let mean = run
        .out
        .lines()
        .find(|line| line.starts_with("mean"))
        .unwrap();
    let numbers: Vec<f64> = mean
        .split_whitespace()
        .skip(1)
        .map(|x| x.parse().unwrap())
        .collect();
    assert!((numbers[0] - 10_000_000_001.0).abs() < 1e-3, "{mean}");
    assert!(
        (numbers[2] - (10_000_000_001.0 - 0.924)).abs() < 0.05,
        "{mean}"
    );
    assert!(
        (numbers[3] - (10_000_000_001.0 + 0.924)).abs() < 0.05,
        "{mean}"
    );
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let run = gradus(&["eval", "x", "--data", "/nowhere/at/all.csv"]);
    refused(&run, "/nowhere/at/all.csv");
    let run = on("x\n1\n", "eval|x|--data|-|--out|/nowhere/at/all.csv");
    refused(&run, "there is no such folder");
}

#[test]
fn reductions_that_cancel_are_reductions() {
    let table = "x,sign\n1,2\n2,3\n";
    for (formula, value) in [
        ("mean(x)/mean(x)", "1"),
        ("mean(x) - mean(x)", "0"),
        ("mean(sign)", "2.5"),
    ] {
        let run = on(table, &format!("eval|{formula}|--data|-"));
        assert_eq!(
            (run.code, run.out.trim_end()),
            (Some(0), value),
            "{formula}: {run:?}"
        );
    }
    assert_eq!(on(table, "eval|sign*2|--data|-").out, "value\n4\n6\n");
}

/// Two parameters cannot be found from one row that counts.
#[test]
fn rows_that_count_must_be_enough() {
    let table = "x,y,w\n1,2,1\n2,4.1,0\n3,6,0\n";
    for model in ["y = a + b*x", "y = a*exp(b*x)"] {
        refused(
            &on(table, &format!("fit|{model}|-|--weights|w|--start|a=1,b=1")),
            "1 row",
        );
    }
}
