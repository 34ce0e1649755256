//! Names: how they are written the same way, which are taken, and which one was probably meant.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

/// What the syntax must know of functions: which names are theirs, so that `sin^2(x)` is a power of a call.
pub trait FunctionNames: Sync {
    /// Whether the name, or alias, is that of a function.
    fn is_function(&self, name: &str) -> bool;
    /// All names and aliases, for suggestions.
    fn all(&self) -> Vec<&str>;
}

/// The names that mean something of their own and cannot be defined or be a parameter.
pub const RESERVED_NAMES: [&str; 5] = ["pi", "π", "tau", "e", "i"];

/// The names that are also operators or forms and cannot be defined either.
const FORMS: [&str; 2] = ["mod", "if"];

/// Whether a name cannot be given a meaning by the user.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED_NAMES.contains(&name) || FORMS.contains(&name)
}

/// Those of the names of columns that are free to be variables: a column `e` is not what a formula means by `e`.
pub fn free_names<N: AsRef<str>>(columns: &[N]) -> Vec<&str> {
    let names = columns.iter().map(AsRef::as_ref);
    names.filter(|name| !is_reserved(name)).collect()
}

/// The one spelling of a name: subscripts as `_1`, look-alikes that people paste (`µ`, `Ω`, `𝑥`) as plain letters.
pub fn normalize_name(name: &str) -> String {
    spelling(name).into_owned()
}

/// As [`normalize_name`]; most names are spelled so already.
pub(super) fn spelling(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return name.into();
    }
    let mut plain = String::with_capacity(name.len() + 1);
    let mut in_subscript = false;
    for c in name.chars() {
        if let Some(lowered) = subscript(c) {
            if !in_subscript && !plain.ends_with('_') {
                plain.push('_');
            }
            in_subscript = true;
            plain.push(lowered);
        } else {
            in_subscript = false;
            plain.push(look_alike(c));
        }
    }
    plain.into()
}

/// The plain character of a superscript: `ⁿ` is `n`.
pub(super) fn superscript_letter(c: char) -> char {
    const SUPERSCRIPTS: &str = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ";
    const PLAIN: &str = "abcdefghijklmnoprstuvwxyz";
    SUPERSCRIPTS
        .chars()
        .zip(PLAIN.chars())
        .find(|(s, _)| *s == c)
        .map_or(c, |(_, p)| p)
}

fn subscript(c: char) -> Option<char> {
    const SUBSCRIPTS: &str = "₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₔₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ";
    const PLAIN: &str = "0123456789aeoxəhklmnpstijruv";
    SUBSCRIPTS
        .chars()
        .zip(PLAIN.chars())
        .find(|(s, _)| *s == c)
        .map(|(_, p)| p)
}

fn look_alike(c: char) -> char {
    let code = c as u32;
    let styled = |first: u32, length: u32, plain: char| {
        char::from_u32(plain as u32 + (code - first) % length).unwrap_or(c)
    };
    match c {
        'µ' => 'μ',
        '\u{2126}' => 'Ω',
        '\u{210E}' => 'h',
        // Mathematical letters come in alphabets of 52 (Latin, both cases) and 58 (Greek and a few signs).
        '\u{1D400}'..='\u{1D6A3}' if (code - 0x1D400) % 52 < 26 => styled(0x1D400, 52, 'A'),
        '\u{1D400}'..='\u{1D6A3}' => styled(0x1D400 + 26, 52, 'a'),
        '\u{1D6A8}'..='\u{1D7C9}' => match (code - 0x1D6A8) % 58 {
            k @ (0..=16 | 18..=24) => char::from_u32('Α' as u32 + k).unwrap_or(c),
            k @ 26..=50 => char::from_u32('α' as u32 + k - 26).unwrap_or(c),
            _ => c,
        },
        c => c,
    }
}

/// The candidate that was probably meant: at most one edit away for a short name, two or three for a long one.
///
/// An edit inserts, removes or replaces a character, or swaps two neighbours. Among equals the first candidate wins.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let name: Vec<char> = name.chars().take(64).collect();
    let allowed = match name.len() {
        0..=1 => 0,
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let mut seen = FxHashSet::default();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.chars().count().abs_diff(name.len()) > allowed || !seen.insert(candidate) {
            continue;
        }
        let distance = edit_distance(&name, &candidate.chars().collect::<Vec<_>>());
        if distance <= allowed && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = |x: char, y: char| x.to_lowercase().eq(y.to_lowercase());
            let replaced = rows[i - 1][j - 1] + usize::from(!same(a[i - 1], b[j - 1]));
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        for (written, plain) in [
            ("x", "x"),
            ("x₁", "x_1"),
            ("x₁₂", "x_12"),
            ("x_₁", "x_1"),
            ("xᵢⱼ", "x_ij"),
            ("µ", "μ"),
            ("𝑥", "x"),
            ("𝛼", "α"),
            ("𝐀", "A"),
            ("alpha_0", "alpha_0"),
        ] {
            assert_eq!(normalize_name(written), plain, "{written}");
        }
    }

    #[test]
    fn suggestions_are_near() {
        let names = [
            "sin", "sinh", "cos", "sqrt", "asin", "exp", "normcdf", "log",
        ];
        for (written, meant) in [
            ("sni", Some("sin")),
            ("sine", Some("sin")),
            ("Sin", Some("sin")),
            ("sqr", Some("sqrt")),
            ("squrt", Some("sqrt")),
            ("normalcdf", Some("normcdf")),
            ("f", None),
            ("banana", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(written, names), meant, "{written}");
        }
    }
}
