//! The file of `--trace`: a row a step, written under another name and renamed when it is whole.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::answer::Named;
use super::failure::Failure;
use super::value::{Real, number};
use crate::descend::Iteration;

/// A trace being written.
pub struct TraceFile {
    /// Where it will be.
    path: PathBuf,
    /// Where it is until then; `None` for what is no plain file, such as a pipe, and is written directly.
    temporary: Option<PathBuf>,
    out: BufWriter<File>,
    json_lines: bool,
    names: Vec<String>,
    /// The first error; there is no more writing after it.
    error: Option<std::io::Error>,
}

#[derive(Serialize)]
struct Row<'a> {
    iteration: u64,
    point: Named<'a>,
    value: Real,
    gradient_norm: Real,
}

impl TraceFile {
    /// Opens the file, so that a path that cannot be written is known before the work.
    pub fn create(path: &Path, names: &[String]) -> Result<TraceFile, Failure> {
        let failed = |error| failure(path, error);
        let special = fs::metadata(path).is_ok_and(|m| !m.is_file());
        // A link stays a link to the file that is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let temporary = (!special).then(|| {
            let mut name = target.file_name().unwrap_or_default().to_owned();
            name.push(format!(".{}.part", std::process::id()));
            target.with_file_name(name)
        });
        let file = match &temporary {
            Some(temporary) => File::create(temporary),
            None => File::options().write(true).open(&target),
        };
        let mut out = BufWriter::new(file.map_err(failed)?);
        let json_lines = path.extension().is_some_and(|e| e == "jsonl");
        let names = names.to_vec();
        let mut error = None;
        if !json_lines {
            let columns = names.join(",");
            error = writeln!(out, "iteration,{columns},value,gradient_norm").err();
        }
        Ok(TraceFile {
            path: target,
            temporary,
            out,
            json_lines,
            names,
            error,
        })
    }

    /// Writes one iteration.
    pub fn row(&mut self, iteration: &Iteration<'_>) {
        if self.error.is_none() {
            self.error = self.write(iteration).err();
        }
    }

    fn write(&mut self, iteration: &Iteration<'_>) -> std::io::Result<()> {
        if self.json_lines {
            let row = Row {
                iteration: iteration.number,
                point: Named::new(self.names.iter().map(String::as_str), iteration.point),
                value: Real(iteration.value),
                gradient_norm: Real(iteration.gradient_norm),
            };
            serde_json::to_writer(&mut self.out, &row)?;
        } else {
            write!(self.out, "{}", iteration.number)?;
            for &x in iteration.point {
                write!(self.out, ",{}", number(x))?;
            }
            let (value, norm) = (number(iteration.value), number(iteration.gradient_norm));
            write!(self.out, ",{value},{norm}")?;
        }
        self.out.write_all(b"\n")
    }

    /// Puts the whole file in its place.
    pub fn finish(mut self) -> Result<(), Failure> {
        let written = match self.error.take() {
            Some(error) => Err(error),
            None => self.out.flush(),
        };
        let placed = written.and_then(|()| match &self.temporary {
            Some(temporary) => fs::rename(temporary, &self.path),
            None => Ok(()),
        });
        placed.map_err(|error| {
            if let Some(temporary) = &self.temporary {
                let _ = fs::remove_file(temporary);
            }
            failure(&self.path, error)
        })
    }
}

fn failure(path: &Path, error: std::io::Error) -> Failure {
    Failure::new("io", format!("--trace {}: {error}", path.display()))
}
