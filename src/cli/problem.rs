//! The formula of a command: read from the argument or from standard input, into an arena of its own.

use std::ffi::OsStr;
use std::io::Read;

use super::failure::Failure;
use super::names::{self, Assigned};
use crate::expr::{Arena, Assumption, Id, SymbolId, walk};
use crate::syntax::{self, MAX_INPUT_BYTES, SyntaxError, did_you_mean, print};

/// A formula, read.
pub struct Problem {
    /// Where its nodes are.
    pub arena: Arena,
    /// The formula, or the entries of the list.
    pub roots: Vec<Id>,
    /// Was it a list?
    pub is_list: bool,
    /// The variables that occur, sorted by name.
    pub variables: Vec<SymbolId>,
    /// Remarks for the user.
    pub notes: Vec<String>,
}

impl Problem {
    /// Reads the formula of an argument; `-` stands for standard input. `names` are variables whatever else they mean.
    pub fn read(
        argument: &OsStr,
        names: &[&str],
        assumed: &Assigned<Assumption>,
    ) -> Result<Problem, Failure> {
        let text = text(argument)?;
        Problem::parse(&text, names, assumed)
    }

    /// Reads a formula.
    pub fn parse(
        text: &str,
        names: &[&str],
        assumed: &Assigned<Assumption>,
    ) -> Result<Problem, Failure> {
        let mut arena = Arena::new();
        names::assume(&mut arena, assumed);
        let reading = syntax::read(&mut arena, text, names)
            .map_err(|error| Failure::syntax(error, text, "input"))?;
        Ok(Problem {
            variables: walk::symbols(&arena, &reading.results),
            arena,
            roots: reading.results,
            is_list: reading.is_list,
            notes: reading.notes.into_iter().map(|n| n.message).collect(),
        })
    }

    /// The one formula; a list is an error.
    pub fn single(&self, command: &str) -> Result<Id, Failure> {
        match self.is_list {
            false => Ok(self.roots[0]),
            true => Err(Failure::new(
                "unexpected",
                format!("{command} takes one formula, not a list"),
            )),
        }
    }

    /// The names of the variables.
    pub fn variable_names(&self) -> Vec<&str> {
        let name = |&v: &SymbolId| self.arena.symbol_name(v);
        self.variables.iter().map(name).collect()
    }

    /// The variable of a name, whether or not it occurs.
    pub fn symbol(&mut self, name: &str) -> SymbolId {
        self.arena.symbol_id(name)
    }

    /// Names as LaTeX writes them.
    pub fn latex_names(&mut self, names: &[String]) -> Result<Vec<String>, print::TooLong> {
        let latex = |name: &String| {
            let symbol = self.arena.symbol(name);
            print::latex(&self.arena, symbol)
        };
        names.iter().map(latex).collect()
    }

    /// Notes each of `names` that does not occur.
    pub fn note_unused<'n>(&mut self, names: impl IntoIterator<Item = &'n str>, so: &str) {
        for name in names {
            let known = self.variable_names();
            if known.contains(&name) {
                continue;
            }
            let hint = match (did_you_mean(name, known.iter().copied()), &known[..]) {
                (Some(meant), _) => format!("did you mean `{meant}`?"),
                (None, []) => "it has no variables".to_owned(),
                (None, [only]) => format!("its variable is `{only}`"),
                (None, several) => format!("its variables are {}", several.join(", ")),
            };
            let note = format!("`{name}` does not occur in the formula{so}; {hint}");
            self.notes.push(note);
        }
    }
}

/// The text of an argument, or of standard input.
pub fn text(argument: &OsStr) -> Result<String, Failure> {
    if argument != "-" {
        return match std::str::from_utf8(argument.as_encoded_bytes()) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(invalid_utf8(argument.as_encoded_bytes(), error)),
        };
    }
    let mut bytes = Vec::new();
    // One byte more than can be read tells that there is more.
    (std::io::stdin().lock().take(MAX_INPUT_BYTES as u64 + 1))
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new("io", format!("standard input: {error}")))?;
    if bytes.len() > MAX_INPUT_BYTES {
        let message = format!("the input is longer than {} MiB", MAX_INPUT_BYTES >> 20);
        return Err(Failure::new("too_long", message));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error();
        invalid_utf8(error.as_bytes(), at)
    })
}

fn invalid_utf8(bytes: &[u8], error: std::str::Utf8Error) -> Failure {
    let readable = String::from_utf8_lossy(bytes);
    Failure::syntax(
        SyntaxError::invalid_utf8(error.valid_up_to()),
        &readable,
        "input",
    )
}
