//! The functions that a language lacks, as sections of a file in that language; only those that are used are written.

use std::collections::BTreeMap;

use super::Language;

/// A section of a helper file.
struct Section<'t> {
    needs: Vec<&'t str>,
    text: &'t str,
}

/// Everything that begins with `mark`, by name.
fn sections<'t>(files: &[&'t str], mark: &str) -> BTreeMap<&'t str, Section<'t>> {
    (files.iter().flat_map(|file| file.split(mark).skip(1)))
        .map(|section| {
            let (head, text) = section.split_once('\n').unwrap_or((section, ""));
            let (name, needs) = head.split_once(':').unwrap_or((head, ""));
            let needs = needs.split_whitespace().collect();
            let text = text.trim();
            (name, Section { needs, text })
        })
        .collect()
}

/// The sections of these names and all that they need, each once, what is needed first.
pub(super) fn helpers(language: Language, names: &[&str]) -> Vec<String> {
    let (files, mark): (&[&str], _) = match language {
        Language::C => (&[include_str!("helpers/c.c")], "//@ "),
        Language::Rust => (
            &[
                include_str!("helpers/rust.rs"),
                include_str!("helpers/rust_special.rs"),
            ],
            "//@ ",
        ),
        Language::Python => (&[include_str!("helpers/python.py")], "#@ "),
        Language::JavaScript => (
            &[
                include_str!("helpers/javascript.mjs"),
                include_str!("helpers/javascript_special.mjs"),
            ],
            "//@ ",
        ),
        Language::Latex | Language::Sql => (&[], ""),
    };
    let sections = sections(files, mark);
    let mut done: Vec<&str> = Vec::new();
    // A section, and whether those that it needs have been written.
    let mut open: Vec<(&str, bool)> = names.iter().rev().map(|&name| (name, false)).collect();
    while let Some((name, ready)) = open.pop() {
        if done.contains(&name) {
            continue;
        }
        if ready {
            done.push(name);
            continue;
        }
        open.push((name, true));
        let needs = &sections[name].needs;
        open.extend(needs.iter().rev().map(|&need| (need, false)));
    }
    (done.iter())
        .map(|name| sections[name].text.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first_and_once() {
        let texts = helpers(Language::Rust, &["normcdf", "erf"]);
        let at = |name: &str| {
            let found = texts
                .iter()
                .position(|t| t.contains(&format!("fn {name}(")));
            found.unwrap_or_else(|| panic!("{name} is missing"))
        };
        assert!(at("gradus_horner") < at("gradus_erfc"));
        assert!(at("gradus_erfc") < at("gradus_normcdf"));
        assert!(at("gradus_erfc") < at("gradus_erf"));
        assert_eq!(texts.len(), 4);
        assert!(texts.iter().all(|text| !text.contains("//@")));
    }
}
