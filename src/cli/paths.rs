//! Files that a command writes: none may be the table that it reads, and no two the same.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// Refuses an output that is the table, which would be gone, or another output, of which one would be gone.
pub fn distinct(data: Option<&Path>, outputs: &[(&str, Option<&Path>)]) -> Result<(), Failure> {
    let refuse = |option: &str, path: &Path, other: &str| {
        let message = format!("{option} {}: that is the file of {other}", path.display());
        Err(Failure::new("bad_option", message).with_hint("choose another name"))
    };
    let data = data.and_then(place);
    let mut before: Vec<(&str, PathBuf)> = Vec::new();
    for &(option, path) in outputs {
        let Some((path, place)) = path.and_then(|path| Some((path, place(path)?))) else {
            continue;
        };
        if data.as_ref() == Some(&place) {
            return refuse(option, path, "--data");
        }
        if let Some((other, _)) = before.iter().find(|(_, known)| *known == place) {
            return refuse(option, path, other);
        }
        before.push((option, place));
    }
    Ok(())
}

/// Where a file is, or will be; none of what is no plain file, such as a pipe: that may be shared.
fn place(path: &Path) -> Option<PathBuf> {
    if path.as_os_str() == OsStr::new("-") || fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        return None;
    }
    if let Ok(place) = fs::canonicalize(path) {
        return Some(place);
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    Some(fs::canonicalize(folder).ok()?.join(path.file_name()?))
}
