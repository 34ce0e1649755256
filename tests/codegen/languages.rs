//! The files, compiled and run.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gradus::Function;
use gradus::program::source::{Language, Shape};

use super::formulas::{Case, cases, functions, is_sample, long};
use super::tools::{folder, read_results, run, tool, write_points};

/// How far apart two numbers are, in units of the last place of the expected one.
fn ulps(found: f64, expected: f64) -> f64 {
    if found == expected || (found.is_nan() && expected.is_nan()) {
        return 0.0;
    }
    let unit = f64::EPSILON * expected.abs().max(f64::MIN_POSITIVE);
    match (found - expected).abs() / unit {
        ulps if ulps.is_nan() => f64::INFINITY,
        ulps => ulps,
    }
}

/// What is wrong with the results of a case.
fn compare(case: &Case, fused: bool, found: &[Vec<f64>], most: f64) -> Result<f64, String> {
    let expected = case.expected(fused);
    let mut worst: f64 = 0.0;
    for ((point, found), expected) in case.points.iter().zip(found).zip(&expected) {
        if found.len() != case.outputs() {
            return Err(format!("{}: {} numbers", case.name, found.len()));
        }
        for (at, (&f, &e)) in found.iter().zip(expected).enumerate() {
            let distance = match case.exact {
                // min and max may return either zero.
                true if f.to_bits() == e.to_bits() || (f == e && case.name == "kinks") => 0.0,
                true if f.is_nan() && e.is_nan() => 0.0,
                true => f64::INFINITY,
                // Terms of size 1 may cancel.
                false => ulps(f, e).min((f - e).abs() / f64::EPSILON),
            };
            if distance > most {
                let at = format!("{} at {point:?}, output {at}", case.name);
                return Err(format!("{at}: {f:?}, not {e:?}: {distance} ulp"));
            }
            worst = worst.max(distance);
        }
    }
    Ok(worst)
}

/// Units in the last place that functions may be apart at their sample points, where it is more than 8. Near their zeros
/// lgamma and digamma are good absolutely; polygamma of order n to 3 + n/3 units, before cancellation.
fn allowed(f: Function, expected: f64) -> f64 {
    let near_zero = (1e-15 / f64::EPSILON / expected.abs()).max(8.0);
    match f {
        Function::Lgamma | Function::Digamma => near_zero,
        Function::Polygamma => 60.0,
        Function::Gamma => 24.0, // that of Python and of some C libraries; ours are within 8
        _ => 8.0,
    }
}

/// The table of functions: at samples within [`allowed`]; elsewhere NaN and infinities are where they were.
fn check_functions(
    language: &str,
    case: &Case,
    list: &[Function],
    found: &[Vec<f64>],
    strict: bool,
) {
    let expected = case.expected(false);
    let mut worst: BTreeMap<&str, f64> = BTreeMap::new();
    let mut wrong = Vec::new();
    for ((point, found), expected) in case.points.iter().zip(found).zip(&expected) {
        for ((&f, &y), &e) in list.iter().zip(found).zip(expected) {
            let distance = ulps(y, e);
            let most = match is_sample(f, point) {
                true => {
                    let entry = worst.entry(f.name()).or_default();
                    *entry = entry.max(distance);
                    allowed(f, e)
                }
                // At the ends: no other kind of number, and not far away.
                false if !strict => f64::INFINITY,
                false => 100.0_f64.max(allowed(f, e)),
            };
            let other_kind =
                strict && (y.is_nan() != e.is_nan() || y.is_infinite() != e.is_infinite());
            if distance > most || other_kind {
                wrong.push(format!("{}{point:?}: {y:?}, not {e:?}", f.name()));
            }
        }
    }
    let above: Vec<String> = (worst.iter().filter(|(_, ulps)| **ulps > 2.0))
        .map(|(name, ulps)| format!("{name} {ulps:.0}"))
        .collect();
    println!(
        "{language}: ulp at samples, where more than 2: {}",
        above.join(", ")
    );
    assert!(
        wrong.is_empty(),
        "{language}: {} wrong\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
}

fn everything() -> (Vec<Case>, Vec<Function>) {
    let (table, list) = functions(|_| true, false);
    let mut all = cases();
    all.push(table);
    (all, list)
}

/// Compares all cases; the last one is the table of functions.
fn check(language: &str, cases: &[Case], list: &[Function], text: &str, fused: bool) {
    let results = read_results(text, cases);
    for (case, found) in cases.iter().zip(&results) {
        match case.name {
            "every_function" => check_functions(language, case, list, found, true),
            _ => match compare(case, fused, found, 64.0) {
                Ok(worst) if worst > 0.0 => {
                    println!("{language}: {} within {worst:.0} ulp", case.name)
                }
                Ok(_) => {}
                Err(wrong) => panic!("{language}: {wrong}"),
            },
        }
    }
}

fn arguments(n: usize) -> String {
    (0..n)
        .map(|i| format!("p[{i}]"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A call of the C function that fills `out`.
fn c_call(case: &Case) -> (String, String) {
    let (name, m, n) = (case.name, case.formulas.len(), case.inputs.len());
    match (case.shape, m) {
        (Shape::Value, 1) => (
            format!("double {name}({})", vec!["double"; n].join(", ")),
            format!("out[0] = {name}({})", arguments(n)),
        ),
        (Shape::Value, _) => (
            format!("void {name}({}, double *)", vec!["double"; n].join(", ")),
            format!("{name}({}, out)", arguments(n)),
        ),
        (Shape::Gradient, _) => (
            format!("double {name}_and_gradient(const double *, double *)"),
            format!("out[0] = {name}_and_gradient(p, out + 1)"),
        ),
        (Shape::Jacobian, _) => (
            format!("void {name}_and_jacobian(const double *, double *, double *)"),
            format!("{name}_and_jacobian(p, out, out + {m})"),
        ),
        (Shape::Hessian, _) => (
            format!("double {name}_and_hessian(const double *, double *, double *)"),
            format!("out[0] = {name}_and_hessian(p, out + 1, out + {})", 1 + n),
        ),
    }
}

#[test]
fn c_compiles_without_a_warning_and_agrees() {
    let Some(cc) = tool(&["cc", "gcc", "clang"], &["--version"]) else {
        return;
    };
    let folder = folder("c");
    let (mut all, list) = everything();
    all.insert(0, long(10_000));
    write_points(&folder, &all);
    let mut main = String::from("#include <inttypes.h>\n#include <stdio.h>\n#include <string.h>\n");
    let mut body = String::new();
    let mut files = vec!["main.c".to_owned()];
    for case in &all {
        let file = format!("{}.c", case.name);
        fs::write(folder.join(&file), case.code(Language::C).text).expect("a file");
        files.push(file);
        let (declaration, call) = c_call(case);
        writeln!(main, "{declaration};").unwrap();
        writeln!(
            body,
            "    file = fopen(\"{}.points\", \"r\");\n    while (point(file, p, {})) {{ {call}; show(out, {}); }}\n    fclose(file);",
            case.name, case.inputs.len(), case.outputs(),
        )
        .unwrap();
    }
    main += r#"
static int point(FILE *file, double *p, int n) {
    for (int i = 0; i < n; i++) {
        uint64_t bits;
        if (fscanf(file, "%" SCNx64, &bits) != 1) return 0;
        memcpy(&p[i], &bits, 8);
    }
    return 1;
}
static void show(const double *out, int n) {
    for (int i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &out[i], 8);
        printf("%016" PRIx64 " ", bits);
    }
    printf("\n");
}
int main(void) {
    static double p[100], out[1000];
    FILE *file;
"#;
    main += &format!("{body}    return 0;\n}}\n");
    fs::write(folder.join("main.c"), main).expect("a file");
    let mut arguments = vec![
        "-std=c99",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-pedantic",
        "-ffp-contract=off",
        "-O1",
        "-o",
        "run",
    ];
    arguments.extend(files.iter().map(String::as_str));
    arguments.push("-lm");
    run(&folder, &cc, &arguments);
    let text = run(&folder, "./run", &[]);
    check("C", &all, &list, &text, true);
}

/// What math.h and the compiler define may be the name of a variable all the same, also beyond C99.
#[test]
fn c_takes_variables_with_the_names_of_macros() {
    let Some(cc) = tool(&["cc", "gcc", "clang"], &["--version"]) else {
        return;
    };
    let folder = folder("c_macros");
    let names = [
        "HUGE_VAL",
        "HUGE_VALF",
        "HUGE_VALL",
        "FP_NAN",
        "FP_INFINITE",
        "FP_ZERO",
        "FP_SUBNORMAL",
        "FP_NORMAL",
        "FP_ILOGB0",
        "FP_ILOGBNAN",
        "MATH_ERRNO",
        "MATH_ERREXCEPT",
        "math_errhandling",
        "MAXFLOAT",
        "M_E",
        "M_PI",
        "M_LOG2E",
        "M_SQRT1_2",
        "M_2_SQRTPI",
        "NAN",
        "INFINITY",
        "linux",
        "unix",
        "signgam",
        "double_t",
        "fpclassify",
    ];
    let graph = gradus::Graph::new();
    let squares = names.map(|name| graph.symbol(name).powi(2));
    let sum = squares.into_iter().reduce(|sum, square| sum + square);
    let how = gradus::Codegen::new(Language::C);
    let code = gradus::codegen(&[sum.expect("a sum")], &names, &how).expect("source");
    fs::write(folder.join("f.c"), code.text).expect("a file");
    run(&folder, &cc, &["-Wall", "-Wextra", "-Werror", "-c", "f.c"]);
}

/// The parts of the tuple that the Rust function returns, pushed to `out`.
fn rust_call(case: &Case) -> String {
    let (name, n) = (case.name, case.inputs.len());
    let point = "p[..].try_into().unwrap()";
    match (case.shape, case.formulas.len()) {
        (Shape::Value, 1) => format!("out.push({name}::{name}({}))", arguments(n)),
        (Shape::Value, _) => format!("out.extend({name}::{name}({}))", arguments(n)),
        (Shape::Gradient, _) => {
            format!("let (v, g) = {name}::{name}_and_gradient({point}); out.push(v); out.extend(g)")
        }
        (Shape::Jacobian, _) => format!(
            "let (v, j) = {name}::{name}_and_jacobian({point}); out.extend(v); out.extend(j.concat())"
        ),
        (Shape::Hessian, _) => format!(
            "let (v, g, h) = {name}::{name}_and_hessian({point}); out.push(v); out.extend(g); out.extend(h.concat())"
        ),
    }
}

#[test]
fn rust_compiles_without_a_warning_and_agrees() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let Some(rustc) = tool(&[&rustc], &["--version"]) else {
        return;
    };
    let folder = folder("rust");
    let (mut all, list) = everything();
    all.insert(0, long(10_000));
    write_points(&folder, &all);
    let mut main = String::from("#![deny(warnings)]\n");
    let mut body = String::new();
    for case in &all {
        let file = format!("{}.rs", case.name);
        fs::write(folder.join(&file), case.code(Language::Rust).text).expect("a file");
        writeln!(main, "mod {};", case.name).unwrap();
        writeln!(
            body,
            "    for p in points(\"{}.points\") {{ let mut out: Vec<f64> = Vec::new(); {}; show(&out); }}",
            case.name,
            rust_call(case)
        )
        .unwrap();
    }
    main += r#"
fn points(name: &str) -> Vec<Vec<f64>> {
    let number = |word: &str| f64::from_bits(u64::from_str_radix(word, 16).unwrap());
    let text = std::fs::read_to_string(name).unwrap();
    text.lines().map(|line| line.split(' ').map(number).collect()).collect()
}
fn show(out: &[f64]) {
    let words: Vec<String> = out.iter().map(|x| format!("{:016x}", x.to_bits())).collect();
    println!("{}", words.join(" "));
}
fn main() {
"#;
    main += &format!("{body}}}\n");
    fs::write(folder.join("main.rs"), main).expect("a file");
    run(
        &folder,
        &rustc,
        &["--edition", "2021", "-o", "run", "main.rs"],
    );
    let text = run(&folder, "./run", &[]);
    check("Rust", &all, &list, &text, true);
}

#[test]
fn javascript_runs_and_agrees() {
    let Some(node) = tool(&["node", "nodejs"], &["--version"]) else {
        return;
    };
    let folder = folder("javascript");
    let (mut all, list) = everything();
    all.insert(0, long(10_000));
    write_points(&folder, &all);
    let mut main = String::from("import fs from \"fs\";\n");
    let mut body = String::new();
    for case in &all {
        let (name, n) = (case.name, case.inputs.len());
        fs::write(
            folder.join(format!("{name}.mjs")),
            case.code(Language::JavaScript).text,
        )
        .expect("a file");
        writeln!(main, "import * as {name} from \"./{name}.mjs\";").unwrap();
        let call = match case.shape {
            Shape::Value => format!("{name}.{name}({})", arguments(n)),
            Shape::Gradient => format!("Object.values({name}.{name}_and_gradient(p))"),
            Shape::Jacobian => format!("Object.values({name}.{name}_and_jacobian(p))"),
            Shape::Hessian => format!("Object.values({name}.{name}_and_hessian(p))"),
        };
        writeln!(
            body,
            "for (const p of points(\"{name}.points\")) show([{call}].flat(Infinity));"
        )
        .unwrap();
    }
    main += r#"
const view = new DataView(new ArrayBuffer(8));
const number = (word) => (view.setBigUint64(0, BigInt("0x" + word)), view.getFloat64(0));
const bits = (x) => (view.setFloat64(0, x), view.getBigUint64(0).toString(16).padStart(16, "0"));
const points = (name) => fs.readFileSync(name, "utf8").trim().split("\n").map((line) => line.split(" ").map(number));
const show = (out) => console.log(out.map(bits).join(" "));
"#;
    fs::write(folder.join("main.mjs"), main + &body).expect("a file");
    let text = run(&folder, &node, &["main.mjs"]);
    check("JavaScript", &all, &list, &text, false);
}

const PYTHON: &str = r#"
import struct, sys
import numpy as np
def number(word): return struct.unpack(">d", bytes.fromhex(word))[0]
def bits(x): return struct.pack(">d", x).hex()
def points(name): return [[number(word) for word in line.split()] for line in open(name)]
def flat(result): return np.concatenate([np.ravel(part) for part in (result if isinstance(result, tuple) else (result,))])
def check(name, function, by_point):
    call = function if by_point else lambda p: function(*p)
    rows = [flat(call(p)) for p in points(name)]
    # All points at once, as columns, give the same as one by one.
    columns = list(np.array(points(name)).T)
    result = call(columns)
    parts = result if isinstance(result, tuple) else (result,)
    together = np.concatenate([part.reshape(-1, len(rows)) for part in parts]).T
    np.testing.assert_allclose(together, np.array(rows), rtol=1e-13, err_msg=name)
    for row in rows:
        print(" ".join(bits(x) for x in row))
"#;

#[test]
fn python_runs_and_agrees() {
    let chosen = std::env::var("GRADUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let Some(python) = tool(&[&chosen, "python3", "python"], &["-c", "import numpy"]) else {
        return;
    };
    let folder = folder("python");
    let (mut all, list) = everything();
    all.insert(0, long(10_000));
    write_points(&folder, &all);
    let mut main = String::from(PYTHON);
    for case in &all {
        let name = case.name;
        fs::write(
            folder.join(format!("{name}.py")),
            case.code(Language::Python).text,
        )
        .expect("a file");
        let (added, by_point) = match case.shape {
            Shape::Value => ("", "False"),
            Shape::Gradient => ("_and_gradient", "True"),
            Shape::Jacobian => ("_and_jacobian", "True"),
            Shape::Hessian => ("_and_hessian", "True"),
        };
        writeln!(
            main,
            "import {name}; check(\"{name}.points\", {name}.{name}{added}, {by_point})"
        )
        .unwrap();
    }
    fs::write(folder.join("main.py"), main).expect("a file");
    let text = run(&folder, &python, &["main.py"]);
    check("Python", &all, &list, &text, false);
}

const SQLITE: &str = r#"
import math, sqlite3, struct, sys
def number(word):
    x = struct.unpack(">d", bytes.fromhex(word))[0]
    return None if math.isnan(x) else x
def bits(x): return struct.pack(">d", math.nan if x is None else x).hex()
def check(name, columns):
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE %s (%s)" % (name, ", ".join('"%s"' % c for c in columns)))
    rows = [[number(word) for word in line.split()] for line in open(name + ".points")]
    base.executemany("INSERT INTO %s VALUES (%s)" % (name, ", ".join("?" * len(columns))), rows)
    result = base.execute(open(name + ".sql").read()).fetchall()
    assert len(result) == len(rows)
    for point, row in zip(rows, result):
        assert list(row[: len(columns)]) == point, (point, row)
        print(" ".join(bits(x) for x in row[len(columns) :]))
"#;

/// SQL has one kind of nothing: NULL, for NaN and for infinities.
fn without_infinities(case: &Case, mut found: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for (found, expected) in found.iter_mut().zip(case.expected(false)) {
        for (f, e) in found.iter_mut().zip(expected) {
            // Where there is no finite value an infinity may come out too; -0 is 0.
            if (f.is_nan() || f.is_infinite()) && !e.is_finite() || *f == e {
                *f = e;
            }
        }
    }
    found
}

#[test]
fn sql_runs_in_sqlite_and_agrees() {
    let query = "import sqlite3; c = sqlite3.connect(':memory:'); c.execute('WITH a AS MATERIALIZED (SELECT sinh(1)) SELECT * FROM a')";
    let Some(python) = tool(&["python3", "python"], &["-c", query]) else {
        return;
    };
    let folder = folder("sql");
    use Function::{Digamma, Erf, Erfc, Gamma, Lgamma, NormalCdf, Polygamma};
    let refused = [Erf, Erfc, NormalCdf, Gamma, Lgamma, Digamma, Polygamma];
    let (table, list) = functions(|f| !refused.contains(&f), true);
    let mut all = cases();
    // What is infinite on the way is NULL from there on, so that points of a finite value with infinite parts differ.
    let own_points = |case: &&mut Case| !matches!(case.name, "remainders" | "far");
    for case in all.iter_mut().filter(own_points) {
        let zero_is_fine = !matches!(case.name, "rational" | "nested" | "words");
        let is_fine = |&x: &f64| x.abs() < 100.0 && (x.abs() > 1e-3 || zero_is_fine && x == 0.0);
        case.points.retain(|point| point.iter().all(is_fine));
    }
    all.push(table);
    write_points(&folder, &all);
    let mut main = String::from(SQLITE);
    for case in &all {
        let name = case.name;
        fs::write(
            folder.join(format!("{name}.sql")),
            case.code(Language::Sql).text,
        )
        .expect("a file");
        writeln!(main, "check(\"{name}\", {:?})", case.inputs).unwrap();
    }
    fs::write(folder.join("main.py"), main).expect("a file");
    let text = run(Path::new(&folder), &python, &["main.py"]);
    let results = read_results(&text, &all);
    for (case, found) in all.iter().zip(results) {
        let found = without_infinities(case, found);
        match case.name {
            "every_function" => check_functions("SQL", case, &list, &found, false),
            _ => {
                let most = if case.name == "far" { 8.0 } else { 64.0 };
                let worst = compare(case, false, &found, most)
                    .unwrap_or_else(|wrong| panic!("SQL: {wrong}"));
                println!("SQL: {} within {worst:.0} ulp", case.name);
            }
        }
    }
}

/// The comparison itself, fed with mistakes: it must see a last bit, a sign, a thousandth and a NaN.
#[test]
fn mistakes_are_seen() {
    let all = cases();
    let seen = |name: &str, mistake: fn(f64) -> f64| {
        let case = all.iter().find(|case| case.name == name).expect("a case");
        let mut found = case.expected(false);
        let at = (found.iter())
            .position(|row| row[0].is_finite() && row[0] != 0.0)
            .expect("a finite value");
        assert!(compare(case, false, &found, 64.0).is_ok());
        found[at][0] = mistake(found[at][0]);
        compare(case, false, &found, 64.0).is_err()
    };
    assert!(seen("plain", |x| f64::from_bits(x.to_bits() + 1)));
    for name in ["plain", "smooth"] {
        assert!(seen(name, |x| -x), "{name}");
        assert!(seen(name, |x| 1.001 * x), "{name}");
        assert!(seen(name, |_| f64::NAN), "{name}");
    }
}

/// Their own prefix is that of the functions that come along.
#[test]
fn variables_may_begin_like_the_functions_that_come_along() {
    let graph = gradus::Graph::new();
    let f = graph.symbol("gradus_x").powi(2);
    for language in [
        Language::C,
        Language::Rust,
        Language::Python,
        Language::JavaScript,
        Language::Sql,
    ] {
        let code = gradus::codegen(&[f], &["gradus_x"], &gradus::Codegen::new(language));
        assert!(
            code.expect("source").text.contains("gradus_x"),
            "{language:?}"
        );
    }
}
