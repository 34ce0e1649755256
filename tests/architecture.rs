//! The arrows and habits of `docs/architecture.md`, read off the source itself.
//!
//! Only code counts: comments, and so links in the documentation, may point anywhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of the crate may use of the others. A module that is not listed does not belong.
const MAY_USE: &[(&str, &[&str])] = &[
    ("expr", &[]),
    ("functions", &["expr"]),
    ("syntax", &["functions", "expr"]),
    ("rules", &["syntax", "functions", "expr"]),
    ("calculus", &["rules", "functions", "expr"]),
    ("simplify", &["rules", "functions", "expr"]),
    ("numeric", &["functions", "expr"]),
    ("program", &["numeric", "functions", "expr"]),
    (
        "sparse",
        &["calculus", "program", "numeric", "functions", "expr"],
    ),
    ("descend", &["program", "numeric", "functions", "expr"]),
    (
        "fit",
        &["descend", "program", "numeric", "functions", "expr"],
    ),
    (
        "lecture",
        &["fit", "descend", "program", "numeric", "functions", "expr"],
    ),
    // Numbers in, bytes out: it knows nothing of the others.
    ("plot", &[]),
    ("textbook", &["calculus", "simplify", "expr"]),
    (
        "convenience",
        &[
            "textbook", "calculus", "simplify", "lecture", "fit", "sparse", "descend", "program",
            "numeric", "syntax", "expr",
        ],
    ),
    (
        "cli",
        &[
            "convenience",
            "textbook",
            "lecture",
            "plot",
            "fit",
            "descend",
            "sparse",
            "program",
            "calculus",
            "simplify",
            "numeric",
            "rules",
            "syntax",
            "functions",
            "expr",
        ],
    ),
];

/// Lines of a source file, tests at its end not counted.
const LONGEST_FILE: usize = 450;

const LONGEST_MAIN: usize = 20;

struct Source {
    /// From `src/`, with `/` between the parts.
    path: String,
    text: String,
}

impl Source {
    /// The module of the crate it belongs to; none for `lib.rs` and `main.rs`.
    fn module(&self) -> Option<&str> {
        let first = self.path.split('/').next()?;
        let module = first.strip_suffix(".rs").unwrap_or(first);
        (module != "lib" && module != "main").then_some(module)
    }

    /// The text without comments, and without the tests at its end.
    fn code(&self) -> String {
        let tests = self.text.find("\n#[cfg(test)]\nmod tests {");
        let text = &self.text[..tests.unwrap_or(self.text.len())];
        text.lines()
            .map(without_comment)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// What follows `crate::` anywhere in the code, with imports in braces taken apart. Names that the crate re-exports
    /// (`crate::Expr`) would hide an arrow: they are on no list, and so an error.
    fn uses(&self) -> BTreeSet<String> {
        let code = self.code();
        let mut found = BTreeSet::new();
        for (at, prefix) in code.match_indices("crate::") {
            let rest = &code[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(list) => found.extend(first_names(list)),
                None => found.extend(identifier(rest)),
            }
        }
        found
    }
}

/// Everything before `//`, which in this source never stands inside a string with code behind it.
fn without_comment(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

fn identifier(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The first name of every entry of `a::b, c::{d, e}}`.
fn first_names(list: &str) -> Vec<String> {
    let (mut depth, mut names, mut fresh) = (0, Vec::new(), true);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && !c.is_whitespace() => {
                names.extend(identifier(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<Source> {
    let mut folders = vec![root()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let parts = path.strip_prefix(root()).expect("under src").components();
                let parts: Vec<_> = parts.map(|p| p.as_os_str().to_string_lossy()).collect();
                sources.push(Source {
                    path: parts.join("/"),
                    text: fs::read_to_string(&path).expect("UTF-8"),
                });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 30, "the source was not found");
    sources
}

fn none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The imports of these files that point the wrong way.
fn wrong_arrows(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        let Some(module) = source.module() else {
            continue;
        };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{}: no such module on the map", source.path));
            continue;
        };
        for used in source.uses() {
            if used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: `{module}` must not use `{used}`", source.path));
            }
        }
    }
    wrong
}

#[test]
fn arrows_point_one_way() {
    none(wrong_arrows(&sources()));
}

#[test]
fn a_planted_import_is_caught() {
    let planted = |path: &str, text: &str| {
        wrong_arrows(&[Source {
            path: path.into(),
            text: text.into(),
        }])
    };
    assert_eq!(
        planted("calculus/a.rs", "use crate::rules::partial;"),
        [""; 0]
    );
    assert_eq!(planted("expr/a.rs", "use crate::syntax;").len(), 1);
    assert_eq!(
        planted("descend/a.rs", "use crate::syntax::parse;").len(),
        1
    );
    assert_eq!(
        planted(
            "calculus/a.rs",
            "use crate::{\n    expr::{Id, Node},\n    simplify,\n};"
        )
        .len(),
        1
    );
    assert_eq!(
        planted("numeric/a.rs", "fn f() { crate::rules::partial() }").len(),
        1
    );
    assert_eq!(
        planted("numeric/a.rs", "//! [`crate::rules`] // crate::rules"),
        [""; 0]
    );
    assert_eq!(planted("helpers/a.rs", "").len(), 1);
}

#[test]
fn every_module_of_the_crate_is_on_the_map() {
    let lib = fs::read_to_string(root().join("lib.rs")).expect("lib.rs");
    let declared = lib.lines().filter_map(|line| {
        line.trim_start_matches("pub ")
            .strip_prefix("mod ")?
            .strip_suffix(';')
    });
    for module in declared {
        assert!(
            MAY_USE.iter().any(|(name, _)| *name == module),
            "`{module}` is not on the map"
        );
    }
}

#[test]
fn only_data_and_the_command_line_touch_files_and_streams() {
    let signs = [
        "std::fs",
        "std::io",
        "std::env",
        "std::process",
        "println!",
        "eprint",
        "print!(",
    ];
    none(
        (sources().iter())
            .filter(|s| s.module().is_some_and(|module| module != "cli"))
            .filter(|s| !s.path.starts_with("fit/data/"))
            .flat_map(|s| {
                let code = s.code();
                signs
                    .iter()
                    .filter(move |sign| code.contains(*sign))
                    .map(|sign| format!("{}: `{sign}`", s.path))
            })
            .collect(),
    );
}

/// Which function has which derivative is mathematics, and stands in `grammar/functions.rules`.
#[test]
fn calculus_names_no_function() {
    none(
        (sources().iter())
            .filter(|s| s.module() == Some("calculus") && s.code().contains("Function::"))
            .map(|s| format!("{}: `Function::`", s.path))
            .collect(),
    );
}

/// A language is a file, which knows nothing of the others: what is common stands in files of its own.
fn languages_that_know_each_other(sources: &[Source]) -> Vec<String> {
    const LANGUAGES: [&str; 6] = ["c", "rust", "python", "javascript", "latex", "sql"];
    let file = |language: &str| format!("program/source/{language}.rs");
    let mut wrong = Vec::new();
    for source in sources
        .iter()
        .filter(|s| LANGUAGES.iter().any(|l| s.path == file(l)))
    {
        let code = source.code();
        for other in LANGUAGES.iter().filter(|other| source.path != file(other)) {
            if code.contains(&format!("super::{other}")) {
                wrong.push(format!("{}: `{other}`", source.path));
            }
        }
    }
    wrong
}

#[test]
fn languages_of_source_do_not_know_each_other() {
    let found = sources();
    assert!(found.iter().any(|s| s.path == "program/source/rust.rs"));
    none(languages_that_know_each_other(&found));
    let planted = Source {
        path: "program/source/c.rs".into(),
        text: "use super::rust::method;".into(),
    };
    assert_eq!(languages_that_know_each_other(&[planted]).len(), 1);
}

#[test]
fn every_file_says_what_it_is() {
    none(
        (sources().iter())
            .filter(|s| !s.text.starts_with("//! "))
            .map(|s| format!("{} does not begin with `//!`", s.path))
            .collect(),
    );
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The files that call code which is compiled at run time, or for instructions which not every machine has.
const UNSAFE: &[&str] = &[
    "program/batch/math/copies.rs",
    "program/native/code.rs",
    "program/native/routines.rs",
];

#[test]
fn unsafe_stands_in_named_files_with_its_reasons() {
    let mut wrong = Vec::new();
    for source in sources() {
        let code = source.code();
        if !UNSAFE.contains(&source.path.as_str()) {
            if words(&code).any(|word| word == "unsafe" || word == "unsafe_code") {
                wrong.push(format!("{}: `unsafe`", source.path));
            }
            continue;
        }
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let explained = || {
                let above = lines[..at].iter().rev();
                let comments = above.take_while(|line| line.trim_start().starts_with("// "));
                comments
                    .into_iter()
                    .any(|line| line.contains("// SAFETY: "))
            };
            // A type is no block: calling what has it is.
            if without_comment(line).contains("unsafe {") && !explained() {
                wrong.push(format!("{}:{}: no reason given", source.path, at + 1));
            }
        }
    }
    none(wrong);
}

/// Without the feature `native` there is no compiler of machine code: nothing else may need one.
#[test]
fn only_native_code_knows_its_compiler() {
    none(
        (sources().iter())
            .filter(|s| !s.path.starts_with("program/native/"))
            .filter(|s| s.code().contains("cranelift"))
            .map(|s| format!("{}: `cranelift`", s.path))
            .collect(),
    );
}

#[test]
fn files_stay_short() {
    let mut wrong = Vec::new();
    for source in sources() {
        let lines = source.code().lines().count();
        let most = if source.path == "main.rs" {
            LONGEST_MAIN
        } else {
            LONGEST_FILE
        };
        if lines > most {
            wrong.push(format!("{}: {lines} lines, at most {most}", source.path));
        }
    }
    none(wrong);
}
