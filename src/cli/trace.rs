//! The file of `--trace`: a row a step, written under another name and renamed when it is whole.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::answer::Named;
use super::failure::Failure;
use super::value::{Real, number};
use crate::descend::Iteration;
use crate::fit::data::Output;

/// A trace being written.
pub struct TraceFile {
    path: PathBuf,
    out: Output,
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
        let mut out =
            Output::create(path).map_err(|error| Failure::new("io", format!("--trace {error}")))?;
        let json_lines = path.extension().is_some_and(|e| e == "jsonl");
        let names = names.to_vec();
        let mut error = None;
        if !json_lines {
            let columns = names.join(",");
            error = writeln!(out, "iteration,{columns},value,gradient_norm").err();
        }
        Ok(TraceFile {
            path: path.to_owned(),
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
        if let Some(error) = self.error.take() {
            let message = format!("--trace {}: {error}", self.path.display());
            return Err(Failure::new("io", message));
        }
        let placed = self.out.finish();
        placed.map_err(|error| Failure::new("io", format!("--trace {error}")))
    }
}
