//! The tables that commands of the pages read. The program has them with it: a chapter can be shown, and its commands tried,
//! wherever it stands.

use std::fs;
use std::io;
use std::path::Path;

use super::super::failure::Failure;

macro_rules! table {
    ($name:literal) => {
        (
            concat!("docs/lecture/", $name, ".csv"),
            include_str!(concat!("../../../docs/lecture/", $name, ".csv")),
        )
    };
}

/// By their paths as the pages write them.
const TABLES: [(&str, &str); 9] = [
    table!("exam"),
    table!("flowers"),
    table!("hills"),
    table!("people"),
    table!("regression"),
    table!("sample"),
    table!("sine"),
    table!("stones"),
    table!("tests"),
];

/// Is it the path of a table?
pub fn is_table(word: &str) -> bool {
    TABLES.iter().any(|(path, _)| *path == word)
}

/// Writes all tables below a folder, where the commands of the pages find them from there; says which. What is there
/// already stays.
pub fn put(folder: &Path) -> Result<String, Failure> {
    let mut written = String::new();
    for (path, text) in TABLES {
        let place = folder.join(path);
        let failed = |error: io::Error| {
            let message = format!("--tables {}: {error}", place.display());
            Failure::new("io", message)
        };
        fs::create_dir_all(place.parent().unwrap_or(folder)).map_err(failed)?;
        match fs::read(&place) {
            Ok(there) if there == text.as_bytes() => {}
            Ok(_) => {
                let error = io::Error::from(io::ErrorKind::AlreadyExists);
                let hint = "another table is there: name another folder";
                return Err(failed(error).with_hint(hint));
            }
            Err(_) => fs::write(&place, text).map_err(failed)?,
        }
        written += &format!("{}\n", place.display());
    }
    Ok(written)
}

/// The tables in a folder of their own, which goes with this value.
pub struct Tables(tempfile::TempDir);

impl Tables {
    pub fn write() -> Result<Tables, Failure> {
        let failed = |error: io::Error| Failure::new("io", format!("a temporary file: {error}"));
        let folder = tempfile::tempdir().map_err(failed)?;
        put(folder.path())?;
        Ok(Tables(folder))
    }

    /// Where the table of this name lies now; any other word as it is.
    pub fn place(&self, word: &str) -> String {
        match is_table(word) {
            true => self.0.path().join(word).to_string_lossy().into_owned(),
            false => word.to_owned(),
        }
    }
}
