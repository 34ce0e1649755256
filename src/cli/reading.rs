//! Opening a table by the options of the command line, and showing how far its reading is.

use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{MissingValues, ReadingArgs};
use super::failure::Failure;
use super::interrupt;
use crate::fit::data::{self, Chunk, DataError, Format, Missing, Reader};

/// Work that takes longer shows how far it is.
pub const PATIENCE: Duration = Duration::from_millis(700);

/// Opens a table; `-` is standard input.
pub fn open(data: &Path, reading: &ReadingArgs) -> Result<Reader, Failure> {
    let comment = (reading.comment.as_deref())
        .map(|text| character(text, "--comment"))
        .transpose()?;
    let format = Format {
        delimiter: delimiter(reading)?.unwrap_or_else(|| data::delimiter_of(data)),
        header: !reading.no_header,
        comment,
        missing: match reading.missing {
            MissingValues::Error => Missing::Refuse,
            MissingValues::Drop => Missing::Drop,
            MissingValues::Nan => Missing::NaN,
        },
    };
    let text_only = [
        ("--no-header", reading.no_header),
        ("--comment", reading.comment.is_some()),
    ];
    if let (false, Some((option, _))) = (
        data::form_of(data) == data::Form::Csv,
        text_only.iter().find(|(_, given)| *given),
    ) {
        let message = format!("{option} is for CSV, which {} is not", data.display());
        return Err(Failure::new("bad_option", message).with_hint("leave it out"));
    }
    Ok(match data == Path::new("-") {
        true => Reader::new(std::io::stdin(), "standard input", &format)?,
        false => Reader::open(data, &format)?,
    })
}

/// The character of `--delimiter`.
pub fn delimiter(reading: &ReadingArgs) -> Result<Option<u8>, Failure> {
    (reading.delimiter.as_deref())
        .map(|text| character(text, "--delimiter"))
        .transpose()
}

/// What became of rows with missing values, as a remark.
pub fn dropped_note(reader: &Reader) -> Option<String> {
    let dropped = reader.dropped();
    let s = if dropped == 1 { "" } else { "s" };
    (dropped > 0).then(|| format!("{dropped} row{s} with missing values left out"))
}

/// What is said of a table without rows.
pub fn no_rows(reader: &Reader) -> String {
    match reader.dropped() {
        0 => format!("{} has no rows", reader.file()),
        _ => format!("a value is missing in every row of {}", reader.file()),
    }
}

/// Reads a table to its end, chunk by chunk, with a bar on a terminal. An interrupt ends it behind the chunk: then the answer
/// is the remark that says so.
pub fn each_chunk(
    reader: &mut Reader,
    data: &Path,
    explain: impl Fn(DataError) -> Failure,
    mut take: impl FnMut(&Chunk) -> Result<(), Failure>,
) -> Result<Option<String>, Failure> {
    let mut progress = Progress::new(data, true);
    let interrupt = Arc::new(AtomicBool::new(false));
    interrupt::sets(&interrupt);
    let (mut chunk, mut rows) = (Chunk::default(), 0);
    while reader.read(&mut chunk).map_err(&explain)? > 0 {
        rows += chunk.rows;
        take(&chunk)?;
        progress.at(reader.bytes_read());
        if interrupt.load(Ordering::Relaxed) {
            return Ok(Some(format!(
                "interrupted: this is of the first {rows} rows only"
            )));
        }
    }
    Ok(None)
}

/// One character, which must be a byte that ends neither a field nor a line otherwise.
pub fn character(text: &str, option: &str) -> Result<u8, Failure> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [b'"' | b'\n' | b'\r'] | [] => Err(()),
        [one] if one.is_ascii() => Ok(*one),
        _ => Err(()),
    }
    .map_err(|()| {
        let message = format!("{option}: `{text}` is not a character that can be used");
        Failure::new("bad_option", message)
            .with_hint(format!("write {option} \";\" or {option} tab"))
    })
}

/// How far the work is, on a terminal only.
pub struct Progress {
    bar: Option<ProgressBar>,
    begun: Instant,
    length: Option<u64>,
}

impl Progress {
    /// For the file of a table; nothing is shown where it is not to be `visible`, or standard error is no terminal.
    pub fn new(data: &Path, visible: bool) -> Progress {
        let file = fs::metadata(data).ok().filter(fs::Metadata::is_file);
        let visible = visible && std::io::stderr().is_terminal();
        Progress {
            bar: visible.then(ProgressBar::hidden),
            begun: Instant::now(),
            length: file.map(|m| m.len()),
        }
    }

    /// So many bytes of the file were read.
    pub fn at(&mut self, bytes: u64) {
        let Some(bar) = &mut self.bar else { return };
        if bar.is_hidden() {
            if self.begun.elapsed() < PATIENCE {
                return;
            }
            // A bar where the end is known, else a count.
            *bar = match self.length {
                Some(length) => ProgressBar::new(length),
                None => ProgressBar::no_length(),
            };
            let style = match self.length {
                Some(_) => "{wide_bar} {bytes}/{total_bytes} {eta}",
                None => "{spinner} {bytes} {elapsed}",
            };
            bar.set_style(ProgressStyle::with_template(style).expect("a template"));
        }
        bar.set_position(bytes);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
