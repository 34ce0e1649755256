//! `gradus eval --data`: tables in, tables out.

use std::fs;
use std::path::PathBuf;

use gradus::Graph;

use crate::{Run, gradus, gradus_reading};

/// A folder of a test's own, empty, in which no file may be left over.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(test: &str) -> Folder {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("columns_{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    pub fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).expect("a file");
        self.path(name)
    }

    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("a folder");
        let name = |e: fs::DirEntry| e.file_name().into_string().expect("UTF-8");
        let mut files: Vec<String> = entries.map(|e| name(e.expect("an entry"))).collect();
        files.sort();
        files
    }
}

/// `eval FORMULA --data - OPTIONS`, with a table on standard input.
fn eval(formula: &str, options: &str, table: &str) -> Run {
    let mut arguments = vec!["eval", formula, "--data", "-"];
    arguments.extend(options.split('|').filter(|o| !o.is_empty()));
    gradus_reading(&arguments, table.as_bytes())
}

#[test]
fn tables_come_out() {
    for (formula, options, table, out) in [
        ("x*y", "", "x,y\n1,2\n3,4\n", "value\n2\n12\n"),
        ("x*y", "", "x,y\n", "value\n"),
        ("2", "", "x\n1\n5\n", "value\n2\n2\n"),
        (
            "x^2*y",
            "--gradient",
            "y,x\n2,1\n",
            "value,d_dx,d_dy\n2,4,1\n",
        ),
        (
            "x^2*y",
            "--gradient|--wrt|y",
            "x,y\n1,2\n",
            "value,d_dy\n2,1\n",
        ),
        ("a*x", "--at|a=3|--gradient", "x\n2\n", "value,d_dx\n6,3\n"),
        (
            "a*x",
            "--at|a=3|--gradient|--wrt|a",
            "x\n2\n",
            "value,d_da\n6,2\n",
        ),
        (
            "[x, x^2]",
            "--gradient",
            "x\n3\n",
            "value_1,value_2,d1_dx,d2_dx\n3,9,1,6\n",
        ),
        (
            "x",
            "--keep",
            "n,x\r\n\"a,b\",1\r\n",
            "n,x,value\n\"a,b\",1,1\n",
        ),
        (
            "h/100",
            "--keep|--rename|height (cm)=h",
            "height (cm)\n180\n",
            "h,value\n180,1.8\n",
        ),
        (
            "c1 + c2",
            "--no-header|--delimiter|;",
            "1;2\n3;4\n",
            "value\n3\n7\n",
        ),
        ("x", "--delimiter|tab", "x\ty\n1\t2\n", "value\n1\n"),
        ("x_1", "", "x₁\n1\n", "value\n1\n"),
        (
            "1/x",
            "",
            "x\n0\n-0.0\nNaN\n4\n",
            "value\ninf\n-inf\nNaN\n0.25\n",
        ),
        (
            "x",
            "",
            "x\n1E300\n0.0000001\n-0\n",
            "value\n1e300\n1e-7\n-0\n",
        ),
        ("x*y", "--missing|nan", "x,y\n1,\n", "value\nNaN\n"),
        ("x", "--comment|#", "#\nx\n# 7\n1\n", "value\n1\n"),
        (
            "1/x",
            "--format|json|--keep",
            "x\n0\n2\n",
            "{\"columns\":[\"x\",\"value\"],\"rows\":[\n[\"0\",\"inf\"],\n[\"2\",0.5]]}\n",
        ),
        (
            "x",
            "--format|json",
            "x\n",
            "{\"columns\":[\"value\"],\"rows\":[]}\n",
        ),
    ] {
        let run = eval(formula, options, table);
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(0), out),
            "{formula} {options}"
        );
        let remark = "Note: `1/x` has no finite value at x = 0 (line ";
        assert!(
            run.err.is_empty() || run.err.starts_with(remark),
            "{formula} {options}: {}",
            run.err
        );
    }
}

#[test]
fn remarks() {
    for (formula, options, table, says) in [
        (
            "x",
            "--missing|drop",
            "x\n1\nNA\n2\nnull\n",
            "2 rows with missing values left out",
        ),
        ("e*x", "", "x,e\n1,2\n", "`e` is a number in formulas"),
        ("x", "--at|y=1", "x\n1\n", "`y` does not occur"),
        ("x", "--gradient|--wrt|y", "x\n1\n", "the derivative is 0"),
        ("2", "--gradient", "x\n1\n", "there is no gradient"),
    ] {
        let run = eval(formula, options, table);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.err.contains(says), "{says}: {}", run.err);
    }
}

/// What is wrong and what to do, to the letter; nothing on standard output, and no file.
#[test]
fn bad_tables_are_refused() {
    let folder = Folder::new("refused");
    let out = folder.path("out.csv");
    for (formula, options, table, message) in [
        (
            "x",
            "",
            "",
            "Error: standard input is empty\n  Help: the first line names the columns: x,y\n",
        ),
        (
            "x",
            "",
            "y,z\n1,2\n",
            "Error: standard input has no column `x`, and --at gives no value\n  Help: its columns are `y`, `z`\n",
        ),
        (
            "height",
            "",
            "heigth\n1\n",
            "Error: standard input has no column `height`, and --at gives no value\n  Help: did you mean `heigth`?\n",
        ),
        (
            "h",
            "",
            "height (cm)\n1\n",
            "Error: standard input has no column `h`, and --at gives no value\n  Help: its columns are `height (cm)`; --rename \"height (cm)=h\" makes one a variable\n",
        ),
        (
            "x",
            "",
            "x;y\n1;2\n",
            "Error: standard input has no column `x`, and --at gives no value\n  Help: fields seem to be divided otherwise: --delimiter \";\"\n",
        ),
        (
            "x",
            "",
            "1,2\n3,4\n",
            "Error: standard input has no column `x`, and --at gives no value\n  Help: the first line holds numbers: --no-header calls the columns c1, c2, ...\n",
        ),
        (
            "x",
            "--at|x=1",
            "x\n1\n",
            "Error: `x` is given by --at and is a column of standard input\n  Help: call the column otherwise: --rename x=...\n",
        ),
        (
            "x",
            "",
            "x,x\n1,2\n",
            "Error: standard input: columns 1 and 2 are both called `x`\n  Help: give each column a name of its own\n",
        ),
        (
            "x",
            "",
            "x,y\n1\n",
            "Error: standard input, line 2: 1 fields where there are 2 columns\n  Help: fields that contain the delimiter stand in double quotes\n",
        ),
        (
            "x",
            "",
            "x\n1\ntwo\n",
            "Error: standard input, line 3: `two` in column `x` is not a number\n  Help: numbers are written as 2, -0.5, 1e-3, NaN or inf\n",
        ),
        (
            "x",
            "--delimiter|;",
            "x;y\n1,5;2\n",
            "Error: standard input, line 2: `1,5` in column `x` is not a number\n  Help: decimals have a point: 1.5\n",
        ),
        (
            "x",
            "",
            "x,y\n,1\n",
            "Error: standard input, line 2: the value of `x` is missing\n  Help: --missing drop leaves such rows out, --missing nan takes NaN for the value\n",
        ),
        (
            "x",
            "--keep",
            "x,value\n1,2\n",
            "Error: the column `value` would be there twice\n  Help: call that of the table otherwise: --rename value=...\n",
        ),
        (
            "x",
            "--rename|z=x",
            "y\n1\n",
            "Error: --rename: standard input has no column `z`\n  Help: its columns are `y`\n",
        ),
        (
            "x",
            "--rename|y",
            "y\n1\n",
            "Error: --rename: `y` is not of the form COLUMN=NAME\n",
        ),
        (
            "x",
            "--rename|y=x",
            "x,y\n1,2\n",
            "Error: --rename: there is a column `x` already\n",
        ),
        (
            "x",
            "--delimiter|ab",
            "x\n1\n",
            "Error: --delimiter: `ab` is not a character that can be used\n  Help: write --delimiter \";\" or --delimiter tab\n",
        ),
        (
            "x",
            "--gradient|--wrt|x,x",
            "x\n1\n",
            "Error: --wrt: `x` is named twice\n",
        ),
        (
            "i*x",
            "",
            "x\n1\n",
            "Error: the imaginary unit occurs: there is no real value\n",
        ),
    ] {
        for options in [options.to_owned(), format!("{options}|--out|{out}")] {
            let run = eval(formula, &options, table);
            assert_eq!(
                (run.code, run.out.as_str(), run.err.as_str()),
                (Some(2), "", message),
                "{formula} {options}"
            );
        }
        assert_eq!(folder.files(), [""; 0]);
    }
}

#[test]
fn bad_paths_are_refused() {
    let folder = Folder::new("paths");
    let data = folder.write("data.csv", "x\n1\n");
    let (missing, nowhere) = (folder.path("missing.csv"), folder.path("no/out.csv"));
    let place = folder.path("");
    for (arguments, says) in [
        (
            ["--data", &missing, "--missing", "nan"],
            "missing.csv: No such file",
        ),
        (["--data", &place, "--missing", "nan"], "directory"),
        (
            ["--data", &data, "--out", &data],
            "that is the file of --data",
        ),
        (["--data", &data, "--out", &place], "directory"),
        (["--data", &data, "--out", &nowhere], "out.csv: "),
        #[cfg(target_os = "linux")]
        (
            ["--data", &data, "--out", "/dev/full"],
            "--out /dev/full: No space left on device",
        ),
    ] {
        let run = gradus(&[&["eval", "x"][..], &arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{run:?}");
        assert!(run.err.contains(says), "{says}: {}", run.err);
        assert_eq!(folder.files(), ["data.csv"]);
    }
    assert_eq!(fs::read_to_string(&data).unwrap(), "x\n1\n");
    let run = gradus(&["eval", "-", "--data", "-"]);
    assert!(run.err.contains("cannot both come"), "{run:?}");
    for option in [&["--out", "o"][..], &["--gradient"], &["--keep"]] {
        let run = gradus(&[&["eval", "1"][..], option].concat());
        assert!(run.code == Some(2) && run.err.contains("--data"), "{run:?}");
    }
}

/// An error in a late chunk leaves what was there before, and nothing else.
#[test]
fn an_old_output_outlives_an_error() {
    let folder = Folder::new("outlives");
    let data = folder.write(
        "data.csv",
        &("x\n".to_owned() + &"1\n".repeat(50_000) + "bad\n"),
    );
    let out = folder.write("out.csv", "old\n");
    let run = gradus(&["eval", "x", "--data", &data, "--out", &out]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("line 50002: `bad`"), "{}", run.err);
    assert_eq!(folder.files(), ["data.csv", "out.csv"]);
    assert_eq!(fs::read_to_string(&out).unwrap(), "old\n");
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_part() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let folder = Folder::new("interrupt");
    let out = folder.write("out.csv", "old\n");
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(["eval", "x", "--data", "-", "--out", &out])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin
        .write_all(("x\n".to_owned() + &"1\n".repeat(100_000)).as_bytes())
        .expect("it reads");
    while folder.files().len() < 2 {
        std::thread::yield_now();
    }
    // It waits for more input now, or soon. The handler may be set a moment after the file is made.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.expect("kill").success());
    let output = child.wait_with_output().expect("it ends");
    drop(stdin);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(folder.files(), ["out.csv"]);
    assert_eq!(fs::read_to_string(&out).unwrap(), "old\n");
}

/// Values are those of single points; what is written reads back as the same numbers; a second run gives the same file.
#[test]
fn values_are_those_of_the_points() {
    let folder = Folder::new("values");
    let (mut table, mut points) = ("x,y\n".to_owned(), Vec::new());
    let mut state = 1u64;
    for _ in 0..40_000 {
        let mut next = || {
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64 * 8.0 - 4.0
        };
        let (x, y) = (next(), next());
        table += &format!("{x},{y}\n");
        points.push([x, y]);
    }
    let data = folder.write("data.csv", &table);
    let out = folder.path("out.tsv");
    let formula = "exp(-x^2)*sin(3*y) + log(1 + x^2)/(2 + cos(y))";
    let run = gradus(&[
        "eval",
        formula,
        "--data",
        &data,
        "--out",
        &out,
        "--gradient",
        "--keep",
    ]);
    assert_eq!(
        (run.code, run.out.as_str(), run.err.as_str()),
        (Some(0), "", "")
    );
    let graph = Graph::new();
    let f = graph.parse(formula).unwrap().compile(&["x", "y"]).unwrap();
    let text = fs::read_to_string(&out).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("x\ty\tvalue\td_dx\td_dy"));
    for point in &points {
        let row: Vec<f64> = lines
            .next()
            .unwrap()
            .split('\t')
            .map(|n| n.parse().unwrap())
            .collect();
        let mut gradient = [0.0; 2];
        let value = f.value_and_gradient(point, &mut gradient).unwrap();
        assert_eq!(row[..2], point[..]);
        for (found, expected) in row[2..].iter().zip([value, gradient[0], gradient[1]]) {
            assert!(
                (found - expected).abs() <= 1e-14 * (1.0 + expected.abs()),
                "{point:?}"
            );
        }
    }
    assert_eq!(lines.next(), None);
    // The identity writes the bits that it read.
    let again = folder.path("again.csv");
    gradus(&["eval", "[x, y]", "--data", &data, "--out", &again]);
    let again = fs::read_to_string(&again).unwrap();
    let read = |line: &str| -> Vec<f64> { line.split(',').map(|n| n.parse().unwrap()).collect() };
    let again: Vec<Vec<f64>> = again.lines().skip(1).map(read).collect();
    assert!(
        again
            .iter()
            .map(|row| &row[..])
            .eq(points.iter().map(|p| &p[..]))
    );
}
