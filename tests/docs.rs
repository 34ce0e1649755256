//! The pages tell the truth: every command in them is run, every table is made from the code.
//!
//! After a change that is meant, `BLESS=1 cargo test --test docs` writes the pages anew; read the difference.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gradus::Function;
use gradus::functions::row;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).expect("a page")
}

/// Are two lines the same, but for the last digits of decimals? Over columns these are those of the machine's instructions:
/// where products and sums are rounded once, other bits come out than where they are rounded twice.
fn says_the_same(found: &str, expected: &str) -> bool {
    let words = |line: &str| -> Vec<String> {
        let separate = |c: char| c.is_whitespace() || "[](),=".contains(c);
        line.split(separate)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (found, expected) = (words(found), words(expected));
    let near = |found: &str, expected: &str| match (found.parse::<f64>(), expected.parse::<f64>()) {
        (Ok(a), Ok(b)) if found.contains('.') => (a - b).abs() <= 1e-7 * b.abs().max(1e-2),
        _ => false,
    };
    found.len() == expected.len()
        && found
            .iter()
            .zip(&expected)
            .all(|(f, e)| f == e || near(f, e))
}

#[test]
fn last_digits_may_differ_and_nothing_else() {
    assert!(says_the_same(
        "minimum at b = 1.99994993456893",
        "minimum at b = 1.99994993456887"
    ));
    assert!(says_the_same("norm = 3.1e-14", "norm = 2.7e-15"));
    assert!(!says_the_same("steps = 589", "steps = 590"));
    assert!(!says_the_same("a = 1.0005371", "a = 1.0006371"));
    assert!(!says_the_same("2*x + 1", "2*x - 1"));
    assert!(!says_the_same("a b", "a"));
}

/// Compares a page with what it should be, or writes that.
fn settle(name: &str, expected: &str) {
    let found = read(name);
    if found.lines().count() == expected.lines().count()
        && (found.lines().zip(expected.lines()))
            .all(|(found, expected)| says_the_same(found, expected))
    {
        return;
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(path(name), expected).expect("the page can be written");
        return;
    }
    let differs = (found.lines().zip(expected.lines())).find(|(f, e)| !says_the_same(f, e));
    panic!("{name} says, and should say:\n{differs:#?}\n(BLESS=1 cargo test --test docs)");
}

// ---- Commands --------------------------------------------------------------------------------------------------------

/// The words of a command line, with double and single quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What a person sees who runs the program: notes or errors, then the result.
fn output_of(arguments: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gradus"))
        .args(words(arguments))
        .output()
        .expect("the program runs");
    let text = [output.stderr, output.stdout].concat();
    let text = String::from_utf8(text).expect("UTF-8");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// The page with the answers to its commands as they are, an empty line between an answer and the next command.
fn with_answers(page: &str) -> (String, usize) {
    let (mut new, mut count) = (String::new(), 0);
    let (mut in_console, mut answered) = (false, false);
    for line in page.lines() {
        let fence = line.starts_with("```");
        let command = in_console && line.starts_with("$ ");
        if answered && !fence && !command {
            continue; // an answer: the one above stands in its place
        }
        if command && answered {
            new.push('\n');
        }
        new += &format!("{line}\n");
        if fence {
            in_console = line == "```console";
        }
        let prefixes = ["$ gradus ", "$ cargo run --release -- "];
        let arguments = prefixes.iter().find_map(|p| line.strip_prefix(p));
        answered = command && arguments.is_some();
        if let Some(arguments) = arguments.filter(|_| command) {
            new += &output_of(arguments);
            count += 1;
        }
    }
    (new, count)
}

// ---- Tables ----------------------------------------------------------------------------------------------------------

/// Puts `lines` between the marks `<!-- NAME -->` and `<!-- end of NAME -->`.
fn with_table(page: &str, name: &str, lines: &str) -> String {
    let (begin, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let from = page.find(&begin).expect("the mark is there") + begin.len();
    let to = from + page[from..].find(&end).expect("the second mark is there");
    format!("{}{lines}{}", &page[..from], &page[to..])
}

/// The lines of a file in `grammar/`, split at a sign, without comments.
fn rules(file: &str, sign: &str) -> Vec<(String, String)> {
    let text = read(file);
    let split = |line: &str| {
        let (left, right) = line.split('#').next()?.split_once(sign)?;
        Some((left.trim().to_owned(), right.trim().to_owned()))
    };
    text.lines().filter_map(split).collect()
}

fn function_table() -> String {
    let partials = rules("grammar/functions.rules", "->");
    let mut table =
        String::from("| function | other names | partial derivatives |\n| --- | --- | --- |\n");
    for &f in Function::ALL {
        let call = match f.arity() {
            1 => format!("{f}(u)"),
            _ => format!("{f}(u, v)"),
        };
        // These are words between or before what they are about.
        let written = match f {
            Function::And | Function::Or => format!("u {f} v"),
            Function::Not => format!("{f} u"),
            _ => call.clone(),
        };
        let (_, partial) = (partials.iter().find(|(left, _)| *left == call)).expect("a rule");
        let aliases: Vec<String> = row(f).aliases.iter().map(|a| format!("`{a}`")).collect();
        table += &format!("| `{written}` | {} | `{partial}` |\n", aliases.join(" "));
    }
    table
}

fn definition_table() -> String {
    let mut table = String::from("| written | means |\n| --- | --- |\n");
    for (left, right) in rules("grammar/definitions.rules", "=") {
        table += &format!("| `{left}` | `{right}` |\n");
    }
    table
}

fn limit_table() -> String {
    let mib = |bytes: usize| format!("{} MiB", bytes >> 20);
    let count = |n: usize| {
        let digits = n.to_string();
        let groups: Vec<&str> = (digits.as_bytes().rchunks(3).rev())
            .map(|group| std::str::from_utf8(group).expect("digits"))
            .collect();
        groups.join(",")
    };
    // The path is written once: it is the constant's, and what the page says.
    macro_rules! limit {
        ($what:literal, $unit:ident, $($part:ident)::+) => {
            ($what, [$(stringify!($part)),+].join("::"), $unit(gradus::$($part)::+ as usize))
        };
    }
    let rows = [
        limit!("text of a formula", mib, syntax::MAX_INPUT_BYTES),
        limit!(
            "nodes that the user's own functions write out",
            count,
            syntax::MAX_FILLED_NODES
        ),
        limit!("brackets inside each other", count, syntax::MAX_NESTING),
        limit!("nodes of a graph", count, expr::MAX_NODES),
        limit!("bits of a number", count, expr::MAX_NUMBER_BITS),
        limit!("steps of one `simplify`", count, simplify::STEP_BUDGET),
        limit!(
            "degree of a polynomial",
            count,
            simplify::polynomial::MAX_DEGREE
        ),
        limit!(
            "instructions of a program",
            count,
            program::MAX_INSTRUCTIONS
        ),
        limit!(
            "source in another language",
            mib,
            program::source::MAX_SOURCE_BYTES
        ),
        limit!("a printed formula", mib, syntax::print::MAX_TEXT_BYTES),
        limit!("a row of a table", mib, fit::data::MAX_ROW_BYTES),
        limit!(
            "variables of a method of descent with a matrix",
            count,
            cli::MAX_MATRIX_DIMENSION
        ),
        limit!("a checkpoint that is read", mib, cli::MAX_CHECKPOINT_BYTES),
        limit!(
            "numbers of a table that a model needs at every step",
            count,
            fit::MAX_NUMBERS
        ),
        limit!(
            "rows times operations for which the last digits are found",
            count,
            fit::MAX_POLISH_WORK
        ),
        limit!(
            "steps of a search for the most likely parameters, where nothing is said",
            count,
            lecture::likelihood::MAX_STEPS
        ),
        limit!(
            "bins of a histogram",
            count,
            lecture::nonparametric::MAX_BINS
        ),
        limit!(
            "samples that the bootstrap draws",
            count,
            lecture::nonparametric::MAX_RESAMPLES
        ),
        limit!("order of a derivative", count, cli::MAX_ORDER),
        limit!(
            "order of polygamma; beyond it the function has no value",
            count,
            functions::MAX_POLYGAMMA_ORDER
        ),
        limit!(
            "columns of a query in SQL",
            count,
            program::source::MAX_SQL_COLUMNS
        ),
        limit!(
            "levels of a query in SQL",
            count,
            program::source::MAX_SQL_LEVELS
        ),
        limit!("a line of `diff --jsonl`", mib, cli::MAX_LINE_BYTES),
        limit!(
            "steps that `backprop` shows",
            count,
            cli::MAX_BACKPROP_STEPS
        ),
        limit!(
            "points of an estimate by `integrate`",
            count,
            lecture::sampling::MAX_POINTS
        ),
        limit!(
            "estimates by `integrate`",
            count,
            lecture::sampling::MAX_REPEAT
        ),
        limit!(
            "dimensions of Sobol's points",
            count,
            lecture::sampling::MAX_DIMENSIONS
        ),
        limit!(
            "values of an exact distribution",
            count,
            cli::MAX_DISTRIBUTION_VALUES
        ),
        limit!(
            "categories of `likelihood --categorical`",
            count,
            cli::MAX_CATEGORIES
        ),
        limit!("strata of `adjust` times treatments", count, cli::MAX_CELLS),
        limit!("pixels of a side of a picture", count, plot::MAX_SIDE),
    ];
    let mut table = String::from("| what | at most | constant |\n| --- | --- | --- |\n");
    for (what, constant, value) in rows {
        table += &format!("| {what} | {value} | `{constant}` |\n");
    }
    table
}

#[test]
fn the_pages_say_what_the_program_does() {
    let (readme, commands) = with_answers(&read("README.md"));
    assert!(
        commands >= 8,
        "README.md: only {commands} commands were found"
    );
    settle("README.md", &readme);

    let (language, commands) = with_answers(&read("docs/language.md"));
    assert!(
        commands >= 8,
        "docs/language.md: only {commands} commands were found"
    );
    let language = with_table(&language, "functions", &function_table());
    let language = with_table(&language, "definitions", &definition_table());
    settle("docs/language.md", &language);

    for chapter in chapters() {
        let (page, commands) = with_answers(&read(&chapter));
        assert!(commands >= 4, "{chapter}: only {commands} commands");
        settle(&chapter, &page);
    }

    let map = with_table(&read("docs/architecture.md"), "limits", &limit_table());
    settle("docs/architecture.md", &map);
}

/// The pages of the course, in their order.
fn chapters() -> Vec<String> {
    let files = fs::read_dir(path("docs/lecture")).expect("the folder is there");
    let names = files.map(|file| {
        file.expect("a file")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    let mut chapters: Vec<String> = names
        .filter(|name| name.ends_with(".md") && name.starts_with(|c: char| c.is_ascii_digit()))
        .map(|name| format!("docs/lecture/{name}"))
        .collect();
    chapters.sort();
    chapters
}

// ---- Links -----------------------------------------------------------------------------------------------------------

/// Every file and folder that a page names in backquotes or links to is there.
#[test]
fn the_files_that_the_pages_name_exist() {
    let mut missing = Vec::new();
    for name in [
        "README.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/language.md",
        "docs/lecture/README.md",
        "docs/performance.md",
    ] {
        let page = read(name);
        let quoted = page.split('`').skip(1).step_by(2);
        let linked = page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let folders = [
            "src/",
            "grammar/",
            "docs/",
            "tests/",
            "examples/",
            "benches/",
        ];
        for file in quoted.filter(|text| folders.iter().any(|folder| text.starts_with(folder))) {
            let file = file.split(['*', '{', ':']).next().unwrap_or(file);
            if !path(file).exists() {
                missing.push(format!("{name}: `{file}`"));
            }
        }
        let folder = Path::new(name).parent().expect("a page");
        for link in linked.filter(|link| !link.starts_with("http") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap_or(link);
            if !path("").join(folder).join(file).exists() {
                missing.push(format!("{name}: ({link})"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
