//! Identifiers: which names a language takes, what others become, and how outputs are called.

use std::collections::BTreeSet;

use super::{Description, Language, Shape, SourceError};

/// The names of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Names {
    /// The inputs, in their order.
    pub(super) inputs: Vec<String>,
    /// Which inputs had to be renamed: the old name and the new one.
    pub(super) renamed: Vec<(String, String)>,
    /// The outputs, in their order.
    pub(super) outputs: Vec<String>,
    /// Results are called this and a number.
    pub(super) temporary: String,
}

impl Names {
    /// The names for a program in a language.
    pub(super) fn new(description: &Description<'_>, language: Language) -> Names {
        let originals = || description.inputs.iter().map(|input| input.name.as_str());
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let is_free = |name: &str, taken: &mut BTreeSet<String>| {
            !is_own(name, description, language) && taken.insert(folded(name, language))
        };
        // Names that need no change come first, so that none of them is lost to one that does.
        let mut inputs: Vec<Option<String>> = originals()
            .map(|name| {
                let keeps = identifier(name, language) == name && is_free(name, &mut taken);
                keeps.then(|| name.to_owned())
            })
            .collect();
        let mut renamed = Vec::new();
        for (name, place) in originals().zip(&mut inputs) {
            if place.is_none() {
                let mut new = identifier(name, language);
                // What begins like the functions that come along is not free however it ends.
                if new.starts_with(OWN_PREFIX) {
                    new.insert_str(0, "v_");
                }
                while !is_free(&new, &mut taken) {
                    new.push('_');
                }
                renamed.push((name.to_owned(), new.clone()));
                *place = Some(new);
            }
        }
        let inputs: Vec<String> = inputs.into_iter().flatten().collect();
        let mut outputs = outputs(description, &inputs);
        for output in &mut outputs {
            while !taken.insert(folded(output, language)) {
                output.push('_');
            }
        }
        Names {
            temporary: temporary(&inputs, language),
            inputs,
            renamed,
            outputs,
        }
    }
}

/// What counts as the same name: in SQL upper and lower case do not differ.
fn folded(name: &str, language: Language) -> String {
    match language {
        Language::Sql => name.to_lowercase(),
        _ => name.to_owned(),
    }
}

/// Begins the names of the functions that come along.
const OWN_PREFIX: &str = "gradus_";

/// Does the file itself use the name? `point` and the like are its parameters.
fn is_own(name: &str, description: &Description<'_>, language: Language) -> bool {
    const OWN: [&str; 6] = [
        "point", "value", "values", "gradient", "jacobian", "hessian",
    ];
    let is_query = matches!(language, Language::Sql | Language::Latex);
    !is_query && (OWN.contains(&name) || name == description.name || name.starts_with(OWN_PREFIX))
}

/// What results are called, before their number: nothing that makes the name of an input, as the language reads it.
fn temporary(inputs: &[String], language: Language) -> String {
    let read = |name: &str| match language {
        Language::Latex => name.replace('_', ""), // `t1` and `t_1` both have an index
        _ => folded(name, language),
    };
    let is_free =
        |prefix: &String| !(inputs.iter()).any(|name| is_numbered(&read(name), &read(prefix)));
    let first = ["t", "tmp", "step_"].map(str::to_owned);
    let more = (2..).map(|letters| "t".repeat(letters));
    let mut prefixes = first.into_iter().chain(more);
    (prefixes.find(is_free)).expect("there are more prefixes than inputs")
}

fn is_numbered(name: &str, prefix: &str) -> bool {
    let rest = name.strip_prefix(prefix);
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// `value`, `d_dx`, `d2_dx_dy`; with a number where there are several functions.
fn outputs(description: &Description<'_>, inputs: &[String]) -> Vec<String> {
    let mut outputs: Vec<String> = match description.is_list {
        false => vec!["value".to_owned()],
        true => (1..=description.functions)
            .map(|at| format!("value_{at}"))
            .collect(),
    };
    match description.shape {
        Shape::Value => {}
        Shape::Gradient => outputs.extend(inputs.iter().map(|x| format!("d_d{x}"))),
        Shape::Jacobian => {
            for at in 1..=description.functions {
                let number = match description.is_list {
                    true => at.to_string(),
                    false => String::new(),
                };
                outputs.extend(inputs.iter().map(|x| format!("d{number}_d{x}")));
            }
        }
        Shape::Hessian => {
            outputs.extend(inputs.iter().map(|x| format!("d_d{x}")));
            for x in inputs {
                outputs.extend(inputs.iter().map(|y| format!("d2_d{x}_d{y}")));
            }
        }
    }
    outputs
}

/// A letter or `_`, then letters, digits and `_`, all of them ASCII: a name that every language takes.
///
/// ```
/// use gradus::program::source::is_plain_name;
/// assert!(is_plain_name("loss_2") && !is_plain_name("2x") && !is_plain_name("größe"));
/// ```
pub fn is_plain_name(name: &str) -> bool {
    wrong_character(name).is_none() && !name.is_empty()
}

/// The place of the first character that a plain name may not have there.
fn wrong_character(name: &str) -> Option<(usize, char)> {
    name.char_indices().find(|&(at, c)| {
        let allowed = c == '_' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit());
        !allowed
    })
}

/// Can a function (in SQL: a table) have this name?
///
/// # Errors
/// [`SourceError::Name`] with the place.
///
/// ```
/// use gradus::program::source::{Language, check_name};
/// assert!(check_name("loss", Language::C).is_ok());
/// assert!(check_name("my loss", Language::C).is_err());
/// assert!(check_name("while", Language::C).is_err());
/// ```
pub fn check_name(name: &str, language: Language) -> Result<(), SourceError> {
    let wrong = |message: String, start, end| {
        Err(SourceError::Name {
            message,
            start,
            end,
        })
    };
    if name.is_empty() {
        return wrong("the name is empty".to_owned(), 0, 0);
    }
    if let Some((at, c)) = wrong_character(name) {
        let message = format!("{c:?} cannot stand here in a name");
        return wrong(message, at, at + c.len_utf8());
    }
    // A variable may have the name of a function of the library that the file does not call; a function may not.
    let is_library = language == Language::C && is_in(C_LIBRARY, name);
    if is_word(name, language) || is_library {
        let message = format!("`{name}` means something else in {}", language.name());
        return wrong(message, 0, name.len());
    }
    if name.starts_with("gradus_") {
        let message = "names that begin with `gradus_` are those of helper functions".to_owned();
        return wrong(message, 0, name.len());
    }
    Ok(())
}

/// The name as the language can write it: letters that it does not take are written out, and its own words get a `_`.
fn identifier(name: &str, language: Language) -> String {
    if matches!(language, Language::Sql | Language::Latex) {
        // Others are quoted where that is needed, but SQLite gives no column of a subquery one of these names.
        let is_truth = ["true", "false"].contains(&folded(name, language).as_str());
        return match language == Language::Sql && is_truth {
            true => format!("{name}_"),
            false => name.to_owned(),
        };
    }
    let mut new = String::with_capacity(name.len());
    for c in name.chars() {
        let plain = c == '_' || c.is_ascii_alphanumeric();
        // Python reads names in a normal form, which leaves these letters alone.
        let kept = matches!(language, Language::Python | Language::JavaScript)
            && matches!(c, 'Α'..='Ρ' | 'Σ'..='Ω' | 'α'..='ω');
        match c {
            c if plain || kept => new.push(c),
            c => match written_out(c) {
                Some(letters) => new.push_str(letters),
                None => new.push_str(&format!("u{:x}", c as u32)),
            },
        }
    }
    if is_word(&new, language) {
        new.push('_');
    }
    new
}

/// A letter of the Greek alphabet, or with an accent, in ASCII.
#[rustfmt::skip]
fn written_out(c: char) -> Option<&'static str> {
    const GREEK: [&str; 25] = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ];
    const CAPITAL: [&str; 25] = [
        "Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda", "Mu", "Nu",
        "Xi", "Omicron", "Pi", "Rho", "", "Sigma", "Tau", "Upsilon", "Phi", "Chi", "Psi", "Omega",
    ];
    match c {
        'α'..='ω' => Some(GREEK[(c as u32 - 'α' as u32) as usize]),
        'Α'..='Ρ' | 'Σ'..='Ω' => Some(CAPITAL[(c as u32 - 'Α' as u32) as usize]),
        'ä' => Some("ae"), 'ö' => Some("oe"), 'ü' => Some("ue"), 'ß' => Some("ss"),
        'à'..='å' => Some("a"), 'ç' => Some("c"), 'è'..='ë' => Some("e"), 'ì'..='ï' => Some("i"), 'ñ' => Some("n"),
        'ò'..='õ' | 'ø' => Some("o"), 'ù'..='û' => Some("u"),
        _ => None,
    }
}

/// Is it a word of the language, or a function that its mathematics is written with?
pub(super) fn is_word(name: &str, language: Language) -> bool {
    let words = match language {
        Language::C => C,
        Language::Rust => RUST,
        Language::Python => PYTHON,
        Language::JavaScript => JAVASCRIPT,
        Language::Sql => SQL,
        Language::Latex => "",
    };
    match language {
        Language::Sql => is_in(words, &name.to_ascii_lowercase()),
        Language::C => {
            // Each of these stands in math.h for three types: sin, sinf, sinl.
            let base = name.strip_suffix(['f', 'l']).unwrap_or(name);
            is_in(words, name) || is_in(C_FUNCTIONS, name) || is_in(C_FUNCTIONS, base)
        }
        _ => is_in(words, name),
    }
}

fn is_in(words: &str, name: &str) -> bool {
    words.split_whitespace().any(|word| word == name)
}

const C: &str = include_str!("words/c.txt");
const C_FUNCTIONS: &str = include_str!("words/c_functions.txt");
const C_LIBRARY: &str = include_str!("words/c_library.txt");
const RUST: &str = include_str!("words/rust.txt");
const PYTHON: &str = include_str!("words/python.txt");
const JAVASCRIPT: &str = include_str!("words/javascript.txt");
const SQL: &str = include_str!("words/sql.txt");

#[cfg(test)]
mod tests {
    use super::super::Input;
    use super::*;

    fn names(inputs: &[&str], language: Language) -> Names {
        let inputs: Vec<Input> = (inputs.iter())
            .map(|&name| Input {
                name: name.into(),
                latex: name.into(),
            })
            .collect();
        let description = Description {
            name: "f",
            inputs: &inputs,
            shape: Shape::Gradient,
            is_list: false,
            functions: 1,
            formula: "",
        };
        Names::new(&description, language)
    }

    #[test]
    fn names_stay_where_the_language_takes_them() {
        let found = names(
            &["x", "λ", "lambda", "while", "x_1", "t1"],
            Language::Python,
        );
        assert_eq!(found.inputs, ["x", "λ", "lambda_", "while_", "x_1", "t1"]);
        assert_eq!(found.temporary, "tmp");
        let found = names(&["while", "sinf", "sinx"], Language::C);
        assert_eq!(found.inputs, ["while_", "sinf_", "sinx"]);
        let found = names(&["λ", "lambda", "while", "né", "f"], Language::C);
        assert_eq!(found.inputs, ["lambda_", "lambda", "while_", "ne", "f_"]);
        assert_eq!(found.renamed[0], ("λ".into(), "lambda_".into()));
    }

    #[test]
    fn results_do_not_take_the_name_of_an_input() {
        let temporary = |inputs: &[&str], language| names(inputs, language).temporary;
        assert_eq!(temporary(&["t", "T1"], Language::C), "t");
        assert_eq!(temporary(&["t", "T1"], Language::Sql), "tmp");
        assert_eq!(temporary(&["t_1"], Language::Latex), "tmp");
        assert_eq!(temporary(&["t1", "tmp_1", "step1"], Language::Latex), "tt");
        assert_eq!(temporary(&["t1", "tmp1", "step_1"], Language::Rust), "tt");
        assert_eq!(
            temporary(&["t1", "tmp1", "step_1", "tt2"], Language::C),
            "ttt"
        );
    }

    #[test]
    fn outputs_do_not_take_the_name_of_an_input() {
        let found = names(&["x", "d_dx"], Language::Sql);
        assert_eq!(found.inputs, ["x", "d_dx"]);
        assert_eq!(found.outputs, ["value", "d_dx_", "d_dd_dx"]);
        let found = names(&["X", "x"], Language::Sql);
        assert_eq!(found.inputs, ["X", "x_"]);
        let found = names(&["True", "true_", "untrue"], Language::Sql);
        assert_eq!(found.inputs, ["True__", "true_", "untrue"]);
    }
}
