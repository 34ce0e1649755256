//! What needs no compiler: LaTeX, the command, its files and its errors.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use gradus::functions::row;
use gradus::program::source::{Language, Shape, SourceError};
use gradus::{Codegen, CodegenError, Function, Graph, codegen};

use super::formulas::{cases, functions};
use super::tools::folder;

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn gradus_reading(arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// `EXPR|--option|value`, after `gradus codegen`.
fn line(arguments: &str) -> Run {
    let words: Vec<&str> = ["codegen"]
        .into_iter()
        .chain(arguments.split('|'))
        .collect();
    gradus_reading(&words, "")
}

// ---- LaTeX -----------------------------------------------------------------------------------------------------------

#[test]
fn latex_is_as_it_was() {
    let found =
        line("x^2*sin(y) + exp(-x^2)/(1 + λ_1^2) + if(x > 0, log(x), -y)|--lang|latex|--gradient")
            .out;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codegen/algorithm.tex");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &found).expect("the file can be written");
    }
    let expected = fs::read_to_string(&path).expect("the file");
    assert_eq!(
        found, expected,
        "BLESS=1 writes it anew; read the difference"
    );
}

#[test]
fn latex_is_balanced() {
    let (table, _) = functions(|_| true, true);
    for case in cases().iter().chain([&table]) {
        let code = case.code(Language::Latex).text;
        let mut depth = 0_i64;
        for (at, c) in code.char_indices() {
            let escaped = code[..at].ends_with('\\') && !code[..at].ends_with(r"\\");
            match c {
                '{' if !escaped => depth += 1,
                '}' if !escaped => depth -= 1,
                _ => {}
            }
            assert!(depth >= 0, "{}", case.name);
        }
        assert_eq!(depth, 0, "{}", case.name);
        let count = |piece: &str| code.matches(piece).count();
        assert_eq!(count(r"\left"), count(r"\right"), "{}", case.name);
        assert_eq!(count(r"\begin{"), count(r"\end{"), "{}", case.name);
        // A line ends where the next one begins, and once in each choice of two.
        let lines = count(r" \\") - count(r"\begin{cases}") + 1;
        assert_eq!(count(" &= "), lines, "{}", case.name);
        assert!(!code.contains("#1"), "{}", case.name);
    }
}

/// A variable with an index is no result, and operands are not torn apart.
#[test]
fn latex_means_what_was_asked_for() {
    for (arguments, says) in [
        (
            "sin(x*y)*t_1 + cos(x*y)|--lang|latex",
            r"f &= \sin\left(\mathrm{tmp}_{1}\right) \, t_{1} + \cos\left(\mathrm{tmp}_{1}\right)",
        ),
        (
            "mod(x + 1, 2*y)|--lang|latex",
            r"f &= \left(\left(1 + x\right) \bmod \left(2 \, y\right)\right)",
        ),
        (
            "mod(-x, mod(x, y))|--lang|latex",
            r"f &= \left(\left(-x\right) \bmod \left(x \bmod y\right)\right)",
        ),
        (
            "not (x + 1)|--lang|latex",
            r"f &= \left[\lnot \left(1 + x\right)\right]",
        ),
        ("x|--lang|latex|--name|_", r"\mathrm{\_} &= x"),
    ] {
        let run = line(arguments);
        assert!(
            run.out.contains(says),
            "{arguments}: {}{}",
            run.out,
            run.err
        );
    }
}

// ---- The command -----------------------------------------------------------------------------------------------------

#[test]
fn json_tells_inputs_and_outputs() {
    let run = line("x*λ|--lang|c|--hessian|--format|json");
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["language"], "c");
    assert_eq!(json["inputs"], serde_json::json!(["x", "lambda"]));
    let outputs = [
        "value",
        "d_dx",
        "d_dlambda",
        "d2_dx_dx",
        "d2_dx_dlambda",
        "d2_dlambda_dx",
        "d2_dlambda_dlambda",
    ];
    assert_eq!(json["outputs"], serde_json::json!(outputs));
    let code = json["code"].as_str().expect("text");
    assert!(code.contains("Renamed for C: λ is lambda."), "{code}");
    assert!(
        code.contains("double f_and_hessian(const double *restrict point"),
        "{code}"
    );
}

#[test]
fn the_formula_may_come_from_standard_input() {
    let run = gradus_reading(&["codegen", "-", "--lang", "js"], "a = x + 1; a*a");
    assert_eq!(run.err, "");
    assert!(
        run.out.contains("const t1 = 1 + x;\n  return t1 * t1;"),
        "{}",
        run.out
    );
}

#[test]
fn constants_have_the_fewest_digits() {
    for (lang, three) in [
        ("c", "3.0"),
        ("rust", "3.0"),
        ("python", "3.0"),
        ("sql", "3.0"),
        ("js", "3"),
    ] {
        let code = line(&format!("0.1*x + 1e-300*y + 3*z - 1e22|--lang|{lang}")).out;
        for part in ["0.1 * x", "1e-300 * y", &format!("{three} * z"), "1e22"] {
            assert!(code.contains(part), "{code}");
        }
    }
    assert!(
        line("pi*x|--lang|rust")
            .out
            .contains("std::f64::consts::PI")
    );
    assert!(line("min(x, 1/0)|--lang|c").out.contains("INFINITY"));
    assert!(line("max(x, -1/0)|--lang|python").out.contains("-np.inf"));
}

/// In SQL what stands on the way may be NULL, and the head says so.
#[test]
fn queries_say_what_null_stands_for() {
    let null = "NULL stands for what is not a number or infinite,\n-- also on the way";
    let remainders = "Remainders are right where the quotient is below 2^53.";
    let plain = line("if(1/x > 5, 1, 2)|--lang|sql").out;
    assert!(
        plain.contains(null) && !plain.contains(remainders),
        "{plain}"
    );
    let with_mod = line("mod(x, 3)|--lang|sql").out;
    assert!(
        with_mod.contains(null) && with_mod.contains(remainders),
        "{with_mod}"
    );
}

#[test]
fn fused_products_are_asked_for() {
    let run = line("x*y + z|--lang|rust|--fma");
    assert!(run.out.contains("x.mul_add(y, z)"), "{}", run.out);
    let run = line("x*y - z|--lang|c|--fma");
    assert!(run.out.contains("fma(x, y, -z)"), "{}", run.out);
    assert!(!line("x*y + z|--lang|c").out.contains("fma("));
}

#[test]
fn simplify_and_raw() {
    let simple = line("sin(x)^2 + cos(x)^2|--lang|c|--gradient|--simplify").out;
    assert!(simple.contains("gradient[0] = 0.0;"), "{simple}");
    let raw = line("sin(x)^2 + cos(x)^2|--lang|c|--gradient|--raw").out;
    assert_eq!(raw, line("sin(x)^2 + cos(x)^2|--lang|c|--gradient").out);
    assert_ne!(raw, simple);
}

/// The head promises a row for each point, and announces no list that is not there.
#[test]
fn a_formula_without_variables() {
    let query = line("3|--lang|sql|--name|places").out;
    let select = "SELECT\n    3.0 AS value\nFROM places;\n";
    assert!(query.ends_with(select), "{query}");
    for lang in ["c", "rust", "python", "js"] {
        for shape in ["gradient", "jacobian", "hessian"] {
            let code = line(&format!("3|--lang|{lang}|--{shape}")).out;
            let head = code.split("Inputs").next().expect("a head");
            assert!(head.contains(shape) || head.contains("Jacobian") || head.contains("Hessian"));
            assert!(
                !head.trim_end_matches([' ', '*', '/', '\n']).ends_with(':'),
                "{head}"
            );
        }
    }
}

#[test]
fn files_are_written_whole() {
    let folder = folder("files");
    let path = folder.join("f.py");
    fs::write(&path, "old").expect("a file");
    let out = path.to_str().expect("a path");
    let run = line(&format!("x^2|--lang|python|--out|{out}"));
    assert_eq!(
        (run.code, run.out.as_str(), run.err.as_str()),
        (Some(0), "", "")
    );
    assert!(
        fs::read_to_string(&path)
            .expect("a file")
            .contains("def f(x):")
    );
    assert_eq!(
        fs::read_dir(&folder).expect("a folder").count(),
        1,
        "no temporary file is left"
    );

    // It stays as private as it was.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("a file of ours");
        assert_eq!(line(&format!("x^2|--lang|python|--out|{out}")).err, "");
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let here = folder.to_str().expect("a path");
    let run = line(&format!("x|--lang|c|--out|{here}"));
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("it is a directory"), "{}", run.err);
    let run = line(&format!("x|--lang|c|--out|{here}/none/f.c"));
    assert_eq!(run.code, Some(2));
    // Nothing is written where the formula is wrong.
    let run = line(&format!("sni(x)|--lang|python|--out|{out}"));
    assert_eq!(run.code, Some(2));
    assert!(
        fs::read_to_string(&path)
            .expect("a file")
            .contains("def f(x):")
    );
}

#[test]
fn bad_input_is_refused() {
    for (arguments, says) in [
        (
            "x|--lang|c|--name|my f",
            &["--name:1:3", "' ' cannot stand here", "--name my_f"][..],
        ),
        ("x|--lang|c|--name|2f", &["--name:1:1", "--name f_2f"]),
        ("x|--lang|c|--name|größe", &["'ö' cannot stand here"]),
        ("x|--lang|c|--name|", &["the name is empty"]),
        (
            "x|--lang|rust|--name|fn",
            &["`fn` means something else in Rust"],
        ),
        (
            "x|--lang|c|--name|sin",
            &["`sin` means something else in C"],
        ),
        (
            "x|--lang|sql|--name|SELECT",
            &["means something else in SQL"],
        ),
        ("x|--lang|c|--name|sinf", &["`sinf` means something else"]),
        ("x|--lang|c|--name|rint", &["`rint` means something else"]),
        ("x|--lang|c|--name|M_PI", &["`M_PI` means something else"]),
        ("x|--lang|c|--name|puts", &["`puts` means something else"]),
        ("x|--lang|python|--name|np", &["`np` means something else"]),
        (
            "x|--lang|python|--name|__debug__",
            &["`__debug__` means something else"],
        ),
        ("x|--lang|sql|--name|Add", &["`Add` means something else"]),
        ("x|--lang|c|--name|gradus_sign", &["helper functions"]),
        (
            "x*y|--lang|c|--wrt|x",
            &["`y` occurs in the formula", "--wrt x,y"],
        ),
        (
            "x*yy|--lang|c|--wrt|x,y",
            &["`yy` occurs", "where you wrote `y`"],
        ),
        ("x|--lang|c|--wrt|x,x", &["`x` is named twice"]),
        ("[x, x]|--lang|c|--gradient", &["not a list", "--jacobian"]),
        ("[x, x]|--lang|c|--hessian", &["not a list"]),
        ("exp(i*x)|--lang|c", &["imaginary unit"]),
        (
            "x*y + 1|--lang|python|--fma",
            &["Python has no product and sum", "leave --fma out"],
        ),
        ("x|--lang|latex|--fma", &["LaTeX has no product and sum"]),
        ("x|--lang|fortran", &["fortran"]),
        ("x", &["--lang"]),
        ("x|--lang|c|--gradient|--hessian", &["--hessian"]),
        ("x|--lang|c|--simplify|--raw", &["--raw"]),
        ("min(x, 1/0)|--lang|sql", &["infinite number"]),
        ("sni(x)|--lang|c", &["did you mean `sin`?"]),
    ] {
        let run = line(arguments);
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(2), ""),
            "{arguments}: {}",
            run.err
        );
        for part in says {
            assert!(
                run.err.contains(part),
                "{arguments}: {part} is not in\n{}",
                run.err
            );
        }
    }
}

#[test]
fn sql_refuses_what_it_lacks_and_nothing_else() {
    let graph = Graph::new();
    for &f in Function::ALL {
        let x = graph.symbol("x");
        let call = match f.arity() {
            1 => x.call(f),
            _ => x.call2(f, graph.symbol("y")),
        };
        let written = codegen(&[call], &["x", "y"], &Codegen::new(Language::Sql));
        use Function::{Digamma, Erf, Erfc, Gamma, Lgamma, NormalCdf, Polygamma};
        let lacks = matches!(
            f,
            Erf | Erfc | NormalCdf | Gamma | Lgamma | Digamma | Polygamma
        );
        match written {
            Err(CodegenError::Source(SourceError::NoFunction { function, .. })) => {
                assert!(lacks && function == f, "{f}");
            }
            Err(other) => panic!("{f}: {other}"),
            Ok(_) => assert!(!lacks, "{f}: {:?}", row(f).samples),
        }
    }
}

#[test]
fn queries_that_are_too_deep_are_refused() {
    let graph = Graph::new();
    let mut f = graph.symbol("x");
    for _ in 0..300 {
        f = f.sin() * f + 1;
    }
    let refused = codegen(&[f], &["x"], &Codegen::new(Language::Sql));
    assert!(
        matches!(
            refused,
            Err(CodegenError::Source(SourceError::TooDeep { .. }))
        ),
        "{refused:?}"
    );
}

#[test]
fn many_inputs_are_one_point() {
    let formula: Vec<String> = (0..40).map(|i| format!("v{i}^2")).collect();
    let formula = formula.join(" + ");
    for (lang, says) in [
        ("c", "double f(const double *restrict point) {"),
        ("rust", "pub fn f(point: &[f64; 40]) -> f64 {"),
        ("python", "def f(point):"),
        ("javascript", "export function f(point) {"),
    ] {
        let run = line(&format!("{formula}|--lang|{lang}"));
        assert!(run.out.contains(says), "{}", run.out);
        assert!(run.out.contains("v0, v1, v10"), "{}", run.out);
    }
}

/// An array of no entries is a parameter that nobody writes.
#[test]
fn without_inputs_nothing_is_left_unused() {
    let code = line("5|--lang|c|--hessian").out;
    for name in ["point", "gradient", "hessian"] {
        assert!(code.contains(&format!("(void){name};")), "{code}");
    }
    assert!(
        line("5|--lang|sql")
            .out
            .contains("SELECT\n    5.0 AS value\nFROM points;")
    );
}

#[test]
fn several_functions_have_no_gradient() {
    let graph = Graph::new();
    let x = graph.symbol("x");
    let how = Codegen {
        shape: Shape::Gradient,
        ..Codegen::new(Language::C)
    };
    let refused = codegen(&[x, x.sin()], &["x"], &how);
    assert_eq!(refused, Err(CodegenError::NotSingle { functions: 2 }));
}
