//! Which column of a table is which variable of a formula.

use rustc_hash::FxHashMap;

use super::failure::Failure;
use super::names;
use super::problem::Problem;
use crate::expr::{Arena, Id, walk};
use crate::fit::data::{self, Reader};
use crate::syntax::{self, RESERVED_NAMES, did_you_mean, normalize_name};

/// Names of columns that an error lists.
const LISTED: usize = 12;

/// Where the values of a variable come from.
pub enum Values {
    /// The chosen column of this number.
    Column(usize),
    /// One number, repeated as often as a chunk may need it.
    Constant(Vec<f64>),
}

/// What the columns are called in formulas: their names in the one spelling, or what `--rename` says.
pub fn column_names(reader: &Reader, renames: &[String]) -> Result<Vec<String>, Failure> {
    let mut columns: Vec<String> = reader.columns().iter().map(|n| normalize_name(n)).collect();
    let mut renamed: Vec<usize> = Vec::new();
    for rename in renames {
        // The name of a column may contain anything, so the last sign divides.
        let Some((old, new)) = rename.rsplit_once('=') else {
            let message = format!("--rename: `{rename}` is not of the form COLUMN=NAME");
            return Err(Failure::new("bad_option", message));
        };
        let new = names::name(new, "--rename")?;
        let Some(at) = reader.columns().iter().position(|c| c == old.trim()) else {
            let message = format!("--rename: {} has no column `{}`", reader.file(), old.trim());
            let known = reader.columns().iter().map(String::as_str);
            let hint = match did_you_mean(old.trim(), known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => listed(reader.columns()),
            };
            return Err(Failure::new("no_column", message).with_hint(hint));
        };
        if columns
            .iter()
            .enumerate()
            .any(|(k, c)| k != at && *c == new)
        {
            let message = format!("--rename: there is a column `{new}` already");
            return Err(Failure::new("bad_option", message));
        }
        if renamed.contains(&at) {
            let message = format!("--rename: `{}` is renamed twice", old.trim());
            return Err(Failure::new("bad_option", message));
        }
        renamed.push(at);
        columns[at] = new;
    }
    // Written in two ways, `x₁` and `x_1` are one name.
    let mut seen = FxHashMap::default();
    for (at, name) in columns
        .iter()
        .enumerate()
        .filter(|(_, name)| !name.is_empty())
    {
        if let Some(first) = seen.insert(name, at) {
            let written = |at: usize| &reader.columns()[at];
            let (first, second) = (written(first), written(at));
            let message = format!(
                "{}: the columns `{first}` and `{second}` are one name in formulas",
                reader.file()
            );
            let hint = format!("call one of them otherwise: --rename \"{second}=...\"");
            return Err(Failure::new("bad_data", message).with_hint(hint));
        }
    }
    Ok(columns)
}

/// Where each variable gets its values, and which columns are needed for that.
pub fn assign(
    problem: &Problem,
    at: &[(String, f64)],
    columns: &[String],
    reader: &Reader,
) -> Result<(Vec<Values>, Vec<usize>), Failure> {
    let (mut values, mut chosen) = (Vec::new(), Vec::new());
    for name in problem.variable_names() {
        let given = at.iter().find(|(given, _)| given == name);
        let column = columns.iter().position(|c| c == name);
        values.push(match (given, column) {
            (Some((_, x)), None) => Values::Constant(vec![*x; data::CHUNK_ROWS]),
            (None, Some(column)) => {
                chosen.push(column);
                Values::Column(chosen.len() - 1)
            }
            (Some(_), Some(_)) => {
                return Err(given_twice(name, reader));
            }
            (None, None) => return Err(no_column(name, columns, reader)),
        });
    }
    Ok((values, chosen))
}

/// A name that is a column and given, too.
pub fn given_twice(name: &str, reader: &Reader) -> Failure {
    let message = format!(
        "`{name}` is given by --at and is a column of {}",
        reader.file()
    );
    let hint = format!("call the column otherwise: --rename {name}=...");
    Failure::new("bad_option", message).with_hint(hint)
}

/// A name that is neither a column nor given.
pub fn no_column(name: &str, columns: &[String], reader: &Reader) -> Failure {
    let message = format!(
        "{} has no column `{name}`, and --at gives no value",
        reader.file()
    );
    let hint = slip(name, columns).unwrap_or_else(|| {
        let hint = listed(reader.columns());
        match columns.iter().find(|c| names::name(c, "").is_err()) {
            Some(c) => format!("{hint}; --rename \"{c}={name}\" makes one a variable"),
            None => hint,
        }
    });
    Failure::new("no_column", message).with_hint(hint)
}

/// The place of a column that an option names.
pub fn place_of(
    name: &str,
    columns: &[String],
    reader: &Reader,
    option: &str,
) -> Result<usize, Failure> {
    let name = name.trim();
    columns.iter().position(|c| c == name).ok_or_else(|| {
        let message = format!("{option}: {} has no column `{name}`", reader.file());
        let hint = slip(name, columns).unwrap_or_else(|| listed(columns));
        Failure::new("no_column", message).with_hint(hint)
    })
}

/// What was probably meant where no column has that name, if there is a sign of it.
pub fn slip(name: &str, columns: &[String]) -> Option<String> {
    let only = match columns {
        [only] => only.as_str(),
        _ => "",
    };
    let other = [
        (';', "\";\""),
        ('\t', "tab"),
        (',', "\",\""),
        ('|', "\"|\""),
    ];
    let known = columns.iter().map(String::as_str).filter(|c| !c.is_empty());
    if let Some(meant) = did_you_mean(name, known) {
        Some(format!("did you mean `{meant}`?"))
    } else if let Some((_, sign)) = other.iter().find(|(sign, _)| only.contains(*sign)) {
        Some(format!(
            "fields seem to be divided otherwise: --delimiter {sign}"
        ))
    } else if !columns.is_empty() && columns.iter().all(|c| c.parse::<f64>().is_ok()) {
        let hint = "the first line holds numbers: --no-header calls the columns c1, c2, ...";
        Some(hint.to_owned())
    } else {
        None
    }
}

/// The names of columns, for a hint.
pub fn listed(columns: &[String]) -> String {
    let names: Vec<String> = columns
        .iter()
        .take(LISTED)
        .map(|c| format!("`{c}`"))
        .collect();
    let more = match columns.len() {
        n if n > LISTED => format!(" and {} more", n - LISTED),
        _ => String::new(),
    };
    format!("its columns are {}{more}", names.join(", "))
}

/// Remarks on columns whose name is that of a number where the formula has it: `e` is Euler's, unless it is one of
/// `variables`.
pub fn note_numbers(text: &str, variables: &[&str], columns: &[String]) -> Vec<String> {
    let columns = columns.iter().map(String::as_str);
    let reserved: Vec<&str> = columns
        .filter(|c| RESERVED_NAMES.contains(c) && !variables.contains(c))
        .collect();
    let mut arena = Arena::new();
    let Ok((reading, reductions)) = syntax::read_over_rows(&mut arena, text, &reserved) else {
        return Vec::new();
    };
    let parts: Vec<Id> = (reductions.iter().map(|r| r.of))
        .chain(reading.results)
        .collect();
    let met = walk::symbols(&arena, &parts);
    (reserved.into_iter())
        .filter(|name| met.iter().any(|&symbol| arena.symbol_name(symbol) == *name))
        .map(|name| {
            format!(
                "`{name}` is a number in formulas, not the column: --rename {name}=... if that is meant"
            )
        })
        .collect()
}
