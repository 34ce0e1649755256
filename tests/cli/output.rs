//! What the commands print.

use serde_json::json as object;

use crate::{gradus_reading, json, line, printed};

/// Two variables never look alike.
#[test]
fn latex_tells_names_apart() {
    for (formula, latex) in [
        ("x2 - x_2", r"x_{2} - \mathrm{x\_2}"),
        ("x_2 + 3", "x_{2} + 3"),
        ("lambda - λ", r"\lambda - \mathrm{λ}"),
        ("x__1 - x_1 + x_", r"x - \mathrm{x\_1} + x_{1}"),
        ("x + x1 + alpha", r"\alpha + x + x_{1}"),
    ] {
        let found = crate::printed(&format!("simplify|{formula}|--format|latex"));
        assert_eq!(found.trim_end(), latex, "{formula}");
    }
}

#[test]
fn the_answer_of_the_readme() {
    let out = printed("diff|x^2 + 2*x*y + 3 + cos(x + 2*y)|--wrt|x");
    assert_eq!(out, "2*x + 2*y - sin(x + 2*y)\n");
}

#[test]
fn diff_as_text() {
    for (arguments, expected) in [
        ("diff|x^2", "2*x\n"),
        ("diff|-x^2", "-2*x\n"),
        ("diff|--|-x", "-1\n"),
        ("diff|--wrt|x|-x^2", "-2*x\n"),
        ("diff|x*y|--wrt|y", "x\n"),
        ("diff|x*y", "d/dx = y\nd/dy = x\n"),
        ("diff|x*y|--gradient", "d/dx = y\nd/dy = x\n"),
        (
            "diff|beta_1*x|--wrt|x,beta_1",
            "d/dx      = beta_1\nd/dbeta_1 = x\n",
        ),
        ("diff|x^3|--order|2", "6*x\n"),
        ("diff|x^3|--order|0", "x^3\n"),
        ("diff|x^2*y^3|--wrt|x,x,y|--mixed", "6*y^2\n"),
        ("diff|x^2*y|--hessian", "[2*y, 2*x]\n[2*x, 0]\n"),
        // A factor stays in front of the sum that it multiplies.
        (
            "diff|y*(x*log(x^2 + 3) + exp(x))",
            "d/dx = y*(2*x^2/(x^2 + 3) + exp(x) + log(x^2 + 3))\nd/dy = x*log(x^2 + 3) + exp(x)\n",
        ),
        (
            "diff|y*(x*z + exp(x))|--hessian|--wrt|x,y",
            "[y*exp(x),   z + exp(x)]\n[z + exp(x), 0]\n",
        ),
        // An order of polygamma has no derivative; multiplied by 0 none is needed.
        ("diff|atan2(0, polygamma(x, y))", "d/dx = 0\nd/dy = 0\n"),
        (
            "diff|atan2(0, polygamma(x, y))|--hessian",
            "[0, 0]\n[0, 0]\n",
        ),
        ("diff|[x*y, x + y]", "[y, x]\n[1, 1]\n"),
        ("diff|[x*y, x + y]|--jacobian|--wrt|x", "[y, 1]\n"),
        ("diff|exp(x)|--taylor|3", "1 + x + x^2/2 + x^3/6\n"),
        // The Bernoulli numbers, after DLMF 4.19.3.
        (
            "diff|tan(x)|--taylor|13",
            "x + x^3/3 + 2*x^5/15 + 17*x^7/315 + 62*x^9/2835 + 1382*x^11/155925 + 21844*x^13/6081075\n",
        ),
        (
            "diff|(1+x)^n|--taylor|2|--around|x=0",
            "1 + n*x + n*(n - 1)*x^2/2\n",
        ),
        (
            "diff|x^x|--taylor|3|--around|x=1",
            "1 + (x - 1) + (x - 1)^2 + (x - 1)^3/2\n",
        ),
        (
            "diff|[sin(y)^2 + cos(y)^2, x]|--taylor|1|--around|x=0",
            "[1, x]\n",
        ),
        ("diff|sin(x)^3*x^2|--taylor|7", "x^5 - x^7/2\n"),
        // OEIS A047974 by factorials.
        (
            "diff|exp(x + x^2)|--taylor|5",
            "1 + x + 3*x^2/2 + 7*x^3/6 + 25*x^4/24 + 27*x^5/40\n",
        ),
        ("diff|x*y|--direction|x=1,y=2", "2*x + y\n"),
        ("diff|x*y|--direction|x=a,y=b", "a*y + b*x\n"),
        // Names given in options are variables, whatever else they mean.
        ("diff|i^2|--wrt|i", "2*i\n"),
        ("diff|x₁^2|--wrt|x_1", "2*x_1\n"),
        ("diff|x^2|--format|latex", "2 x\n"),
        (
            "diff|alpha*x|--format|latex",
            "\\frac{\\partial f}{\\partial \\alpha} = x\n\\frac{\\partial f}{\\partial x} = \\alpha\n",
        ),
        (
            "diff|[x, x*y]|--format|latex",
            "\\begin{pmatrix} 1 & 0 \\\\ y & x \\end{pmatrix}\n",
        ),
    ] {
        assert_eq!(printed(arguments), expected, "{arguments}");
    }
}

#[test]
fn values_stand_below_the_formulas() {
    assert_eq!(
        printed("diff|x^2*y|--at|x=1,y=2"),
        "d/dx = 2*x*y\nd/dy = x^2\n\nat x = 1, y = 2\nf    = 2\nd/dx = 4\nd/dy = 1\n"
    );
    assert_eq!(
        printed("diff|x^2|--at|x=pi/2").lines().last(),
        Some("d/dx = 3.141592653589793")
    );
    assert_eq!(
        printed("diff|x^2*y|--hessian|--at|x=1,y=2"),
        "[2*y, 2*x]\n[2*x, 0]\n\nat x = 1, y = 2\nf = 2\n[4, 2]\n[2, 0]\n"
    );
}

#[test]
fn a_large_derivative_in_the_let_form_reads_back() {
    let nested = "sin(".repeat(30) + "x" + &")".repeat(30);
    let lets = printed(&format!("diff|{nested}|--format|let"));
    assert!(lets.starts_with("t1 = ") && lets.len() < 3000, "{lets}");
    let value = printed(&format!("eval|{}|--at|x=0.5", lets.trim_end()));
    let direct = json(&format!("diff|{nested}|--at|x=0.5|--format|json"));
    assert_eq!(value.trim_end(), direct["values"][0].to_string());
}

#[test]
fn diff_as_json_has_the_fields_of_the_contract_in_order() {
    let run = line("diff|x^2*y|--wrt|x|--at|x=3,y=1|--format|json");
    assert_eq!(
        run.out,
        concat!(
            r#"{"expression":"x^2*y","variables":["x","y"],"wrt":["x"],"derivatives":["2*x*y"],"#,
            r#""latex":["2 x y"],"value":9.0,"values":[6.0]}"#,
            "\n"
        )
    );
    let rows = json("diff|x^2*y|--hessian|--at|x=1,y=2|--format|json");
    assert_eq!(rows["derivatives"], object!([["2*y", "2*x"], ["2*x", "0"]]));
    assert_eq!(rows["values"], object!([[4.0, 2.0], [2.0, 0.0]]));
    let list = json("diff|[x*y, x]|--at|x=1,y=2|--format|json");
    assert_eq!(list["value"], object!([2.0, 1.0]));
    assert_eq!(list["values"], object!([[2.0, 1.0], [1.0, 0.0]]));
    let without = json("diff|x|--format|json");
    assert_eq!(without["values"], object!(null));
}

#[test]
fn json_has_words_for_what_is_no_number() {
    let pole = json("diff|log(x)|--at|x=0|--format|json");
    assert_eq!(
        (&pole["value"], &pole["values"]),
        (&object!("-inf"), &object!(["inf"]))
    );
    let note = pole["notes"][0].as_str().expect("a note");
    assert!(note.contains("log(x)") && note.contains("x = 0"), "{note}");
    assert_eq!(
        json("eval|log(x)|--at|x=-1|--format|json")["value"],
        object!("NaN")
    );
    let complex = json("diff|i*x^2|--at|x=2|--format|json");
    assert_eq!(complex["value"], object!({"re": 0.0, "im": 4.0}));
    assert_eq!(complex["values"], object!([{"re": 0.0, "im": 4.0}]));
}

#[test]
fn values_survive_what_simplifying_would_lose() {
    for (x, expected) in [
        ("0", 0.25),
        ("5", 0.006_648_056_670_790_155),
        ("800", 0.0),
        ("-800", 0.0),
    ] {
        let answer = json(&format!("diff|1/(1 + exp(-x))|--at|x={x}|--format|json"));
        let value = answer["values"][0].as_f64().expect("a number");
        assert!((value - expected).abs() <= 1e-15 * expected, "{x}: {value}");
    }
}

/// ... and the same values in every command, though a part of the formula leaves the range of doubles.
#[test]
fn an_overflow_on_the_way_spoils_no_value() {
    let logistic = "exp(x)/(1 + exp(x))";
    assert_eq!(printed(&format!("eval|{logistic}|--at|x=800")), "1\n");
    assert_eq!(printed("eval|x|--at|x=exp(800)/exp(799)/e"), "1\n");
    let answer = json(&format!("diff|{logistic}|--at|x=800|--format|json"));
    assert_eq!(answer["value"], object!(1.0));
    // The square below the root is beyond 1e308, and the slope is not 0.
    let answer = json("diff|asinh(exp(400)*x)|--at|x=2|--format|json");
    assert_eq!(answer["values"], object!([0.5]));
}

#[test]
fn eval_prints_the_shortest_digits() {
    for (arguments, expected) in [
        ("eval|1/3", "0.3333333333333333\n"),
        ("eval|x|--at|x=1e-3", "0.001\n"),
        ("eval|-2^2", "-4\n"),
        ("eval|2^3^2", "512\n"),
        ("eval|2^100", "1.2676506002282294e30\n"),
        ("eval|sqrt(x^2 + y^2)|--at|x=3|--at|y=4", "5\n"),
        ("eval|[x, x^2]|--at|x=2", "[2, 4]\n"),
        ("eval|sqrt(x)|--at|x=-4|--complex", "2*i\n"),
        ("eval|z^2|--at|z=1+2*i", "-3 + 4*i\n"),
        ("eval|(1 - i)^2", "-2*i\n"),
        ("eval|x|--at|x=max(2,3)", "3\n"),
        ("eval|-x|--at|x=0", "0\n"),
    ] {
        assert_eq!(printed(arguments), expected, "{arguments}");
    }
    assert_eq!(
        json("eval|x|--at|x=2|--format|json"),
        object!({"value": 2.0})
    );
    assert_eq!(
        json("eval|i|--format|json"),
        object!({"value": {"re": 0.0, "im": 1.0}})
    );
}

#[test]
fn simplify_relies_on_nothing_undeclared() {
    assert_eq!(printed("simplify|(x + 1)*(x - 1) + 1"), "x^2\n");
    assert_eq!(printed("simplify|sqrt(x^2)"), "sqrt(x^2)\n");
    assert_eq!(printed("simplify|sqrt(x^2)|--assume|x=positive"), "x\n");
    let answer = json("simplify|x + x|--format|json");
    assert_eq!(answer["simplified"], object!("2*x"));
    assert_eq!(answer["latex"], object!("2 x"));
}

#[test]
fn raw_derivatives_are_left_alone() {
    assert_ne!(
        printed("diff|(x + 1)*(x - 1)|--raw"),
        printed("diff|(x + 1)*(x - 1)")
    );
}

#[test]
fn check_counts_digits() {
    let out = printed("check|x^y|--at|x=2,y=3");
    assert!(out.contains("d/dx") && out.contains("16 digits"), "{out}");
    assert!(out.ends_with("all roads agree at 1 point\n"), "{out}");
    let chosen = json("check|log(x - 3)*sin(y)|--format|json");
    assert_eq!(chosen["verdict"], object!("agrees"));
    assert_eq!(chosen["points"].as_array().map(Vec::len), Some(3));
    // Nowhere defined: nothing was reached.
    let nowhere = line("check|sqrt(-1 - x^2)");
    assert_eq!(nowhere.code, Some(1));
    assert!(nowhere.err.contains("--at"), "{}", nowhere.err);
}

#[test]
fn a_formula_is_read_from_standard_input() {
    let run = gradus_reading(&["diff", "-", "--wrt", "x"], b"r = x^2;\nr + 1\n");
    assert_eq!((run.code, run.out.as_str()), (Some(0), "2*x\n"));
}

const COMMANDS: [&str; 17] = [
    "diff",
    "eval",
    "simplify",
    "check",
    "descend",
    "plot",
    "fit",
    "codegen",
    "integrate",
    "backprop",
    "likelihood",
    "bayes",
    "adjust",
    "linear",
    "stats",
    "lecture",
    "completions",
];

/// The list of commands and the help of each say the same of it.
#[test]
fn help_and_version_are_answers() {
    let overview = printed("--help");
    assert!(overview.contains("Examples:"));
    let words = |lines: &mut dyn Iterator<Item = &str>| -> String {
        let all: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
        all.join(" ")
    };
    let listed = words(
        &mut (overview.lines())
            .skip_while(|line| *line != "Commands:")
            .take_while(|line| !line.is_empty()),
    );
    for command in COMMANDS {
        let help = printed(&format!("{command}|--help"));
        let description = words(&mut help.lines().take_while(|line| !line.is_empty()));
        let entry = format!(" {command} {description}");
        assert!(listed.contains(&entry), "{entry} is not in {listed}");
        assert!(help.contains("Examples:"), "{command}");
        assert!(help.contains(&format!("gradus {command} ")), "{command}");
    }
    assert_eq!(
        printed("--version"),
        concat!("gradus ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

/// The examples of the help texts run.
#[test]
fn the_examples_of_the_help_work() {
    // Those of the others read tables of which the test has none.
    let others = [
        "fit",
        "codegen",
        "likelihood",
        "adjust",
        "stats",
        "completions",
    ];
    for command in COMMANDS.iter().filter(|c| !others.contains(c)) {
        let help = printed(&format!("{command}|--help"));
        let examples = help.lines().filter_map(|l| l.strip_prefix("  gradus "));
        let mut count = 0;
        for example in examples.filter(|e| !e.contains("--trace")) {
            let mut words = words(example);
            for word in &mut words {
                match &word[..] {
                    "points.csv" => {
                        *word = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/points.csv").into()
                    }
                    "line.csv" => {
                        *word = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/line.csv").into()
                    }
                    "people.csv" => {
                        *word = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/people.csv").into()
                    }
                    "state.json" => {
                        *word = concat!(env!("CARGO_TARGET_TMPDIR"), "/state.json").into()
                    }
                    picture if picture.ends_with(".png") || picture.ends_with(".svg") => {
                        *word = format!("{}/{picture}", env!("CARGO_TARGET_TMPDIR"))
                    }
                    "values.csv" => {
                        *word = concat!(env!("CARGO_TARGET_TMPDIR"), "/values.csv").into()
                    }
                    _ => {}
                }
            }
            let run = crate::gradus(&words);
            assert_eq!(run.code, Some(0), "{example}: {}", run.err);
            count += 1;
        }
        assert!(count > 1, "{command}");
    }
}

/// Splits as a shell does, up to the remark behind three blanks.
fn words(example: &str) -> Vec<String> {
    let command = example.split("   ").next().expect("a command");
    let mut words = Vec::new();
    for (index, part) in command.split('"').enumerate() {
        match index % 2 {
            1 => words.push(part.to_owned()),
            _ => words.extend(part.split_whitespace().map(str::to_owned)),
        }
    }
    words
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = printed(&format!("completions|{shell}"));
        for word in ["descend", "jsonl", "tolerance"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn sparse_matrices_by_entry() {
    for (arguments, expected) in [
        (
            "diff|x*y + z^2|--hessian|--sparse",
            "3 x 3, 3 entries\n[0, 1] = 1\n[1, 0] = 1\n[2, 2] = 2\n",
        ),
        (
            "diff|[x^2, x*y]|--jacobian|--sparse|--at|x=3,y=5",
            "2 x 2, 3 entries\n[0, 0] = 2*x\n[1, 0] = y\n[1, 1] = x\n\n\
             at x = 3, y = 5\nf      = [9, 15]\n[0, 0] = 6\n[1, 0] = 5\n[1, 1] = 3\n",
        ),
        // Without a choice it is the Jacobian, here of one row.
        ("diff|x^2|--sparse", "1 x 1, 1 entry\n[0, 0] = 2*x\n"),
        ("diff|x + y|--hessian|--sparse", "2 x 2, 0 entries\n"),
        (
            "diff|x*y^2|--wrt|y,x|--sparse",
            "1 x 2, 2 entries\n[0, 0] = 2*x*y\n[0, 1] = y^2\n",
        ),
        // 0 only once it is simplified.
        (
            "diff|(x + y)*(x - y)|--hessian|--sparse",
            "2 x 2, 2 entries\n[0, 0] = 2\n[1, 1] = -2\n",
        ),
    ] {
        assert_eq!(printed(arguments), expected, "{arguments}");
    }
    let found = json("diff|x^2*y|--hessian|--sparse|--format|json|--at|x=1,y=2");
    assert_eq!(
        found,
        object!({
            "expression": "x^2*y", "variables": ["x", "y"], "wrt": ["x", "y"], "rows": 2, "columns": 2,
            "entries": [[0, 0, "2*y"], [0, 1, "2*x"], [1, 0, "2*x"]],
            "value": 2.0, "values": [4.0, 2.0, 2.0],
        })
    );
    let none = json("diff|[1, 2]|--sparse|--format|json");
    assert_eq!(none["entries"], object!([]));
    assert_eq!(none["rows"], 2);
}

#[test]
fn a_check_tells_what_is_not_finite() {
    let run = crate::gradus(&["check", "x^y", "--at", "x=-2,y=3"]);
    assert!(
        run.out.contains("not finite: d/dy; all else agrees\n"),
        "{run:?}"
    );
    let run = crate::gradus(&["check", "x^2", "--at", "x=1e300"]);
    assert!(run.out.contains("nothing finite to compare\n"), "{run:?}");
    let run = crate::gradus(&["check", "x*abs(x)", "--at", "x=0"]);
    assert!(
        run.out.contains(" 0 digits") && !run.out.contains("-0"),
        "{run:?}"
    );
}

#[test]
fn a_peak_that_quadrature_misses_is_noted() {
    for (formula, missed) in [("exp(-1e8*(x-0.123)^2)", true), ("exp(-x^2)", false)] {
        let run = crate::gradus(&["integrate", formula, "--over", "x=-1:1", "--seed", "1"]);
        assert_eq!(run.err.contains("narrow peak"), missed, "{run:?}");
    }
}
