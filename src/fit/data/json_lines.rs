//! Records of JSON lines: an object a line, its fields by name.
//!
//! The columns are the names that occur in the first objects ([`SAMPLE_LINES`], or [`SAMPLE_BYTES`] of them); a name that
//! first occurs later is no column. Fields become text as a table of text would have it: numbers as they are written,
//! strings without their quotes, null and absent fields as nothing.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use csv::ByteRecord;
use rustc_hash::FxHashMap;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::DataError;
use super::csv::BUFFER;
use super::read::MAX_ROW_BYTES;
use super::source::Source;

/// In so many objects names of columns are looked for.
pub const SAMPLE_LINES: usize = 1000;

/// ... and in no more bytes.
pub const SAMPLE_BYTES: usize = 1 << 20;

/// Reads objects, a line each.
pub(super) struct JsonLines {
    source: BufReader<Source>,
    /// Lines that were read to find the columns, with their numbers.
    sample: VecDeque<(u64, Vec<u8>)>,
    /// By name: the column.
    places: FxHashMap<String, usize>,
    /// Lines read from the source.
    lines: u64,
    /// That of the last record.
    line: u64,
    buffer: Vec<u8>,
}

impl JsonLines {
    /// Finds the columns, in the order of their first appearance.
    pub(super) fn new(source: Source, file: &str) -> Result<(JsonLines, Vec<String>), DataError> {
        let mut reader = JsonLines {
            source: BufReader::with_capacity(BUFFER, source),
            sample: VecDeque::new(),
            places: FxHashMap::default(),
            lines: 0,
            line: 0,
            buffer: Vec::new(),
        };
        let (mut columns, mut bytes) = (Vec::new(), 0);
        while reader.sample.len() < SAMPLE_LINES && bytes < SAMPLE_BYTES {
            let mut line = Vec::new();
            if !reader.read_line(&mut line, file)? {
                break;
            }
            let mut fields = |name: &str, _: &RawValue| {
                if !reader.places.contains_key(name) {
                    reader.places.insert(name.to_owned(), columns.len());
                    columns.push(name.to_owned());
                }
                Ok(())
            };
            read_object(&line, &mut fields).map_err(|error| wrong(error, reader.lines, file))?;
            bytes += line.len();
            reader.sample.push_back((reader.lines, line));
        }
        if reader.sample.is_empty() {
            return Err(DataError::NoObjects {
                file: file.to_owned(),
            });
        }
        Ok((reader, columns))
    }

    /// How many bytes were read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.source.get_ref().read
    }

    /// The line of the last record.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Reads a record with a field a column; false at the end.
    pub(super) fn next(&mut self, record: &mut ByteRecord, file: &str) -> Result<bool, DataError> {
        let mut line = std::mem::take(&mut self.buffer);
        match self.sample.pop_front() {
            Some((number, text)) => (self.line, line) = (number, text),
            None => {
                line.clear();
                if !self.read_line(&mut line, file)? {
                    return Ok(false);
                }
                self.line = self.lines;
            }
        }
        let mut fields: Vec<Option<String>> = vec![None; self.places.len()];
        let mut take = |name: &str, value: &RawValue| {
            let Some(&at) = self.places.get(name) else {
                return Ok(());
            };
            match fields[at].is_some() {
                true => Err(name.to_owned()),
                false => {
                    fields[at] = Some(text(value));
                    Ok(())
                }
            }
        };
        read_object(&line, &mut take).map_err(|error| wrong(error, self.line, file))?;
        record.clear();
        for field in &fields {
            record.push_field(field.as_deref().unwrap_or_default().as_bytes());
        }
        self.buffer = line;
        Ok(true)
    }

    /// Reads a line that is not blank.
    fn read_line(&mut self, line: &mut Vec<u8>, file: &str) -> Result<bool, DataError> {
        loop {
            line.clear();
            self.source.get_mut().allowance = MAX_ROW_BYTES;
            let most = MAX_ROW_BYTES as u64 + 1;
            let found = (&mut self.source).take(most).read_until(b'\n', line);
            if self.source.get_ref().exceeded || line.len() > MAX_ROW_BYTES {
                return Err(DataError::TooLong {
                    file: file.to_owned(),
                    line: self.lines + 1,
                });
            }
            match found {
                Ok(0) => return Ok(false),
                Ok(_) => self.lines += 1,
                Err(error) => {
                    return Err(DataError::Io {
                        file: file.to_owned(),
                        error,
                    });
                }
            }
            if !line.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }
}

/// What a table of text would have for a value.
fn text(value: &RawValue) -> String {
    match value.get() {
        "null" => String::new(),
        string if string.starts_with('"') => serde_json::from_str(string).unwrap_or_default(),
        other => other.to_owned(),
    }
}

/// Shows every field; a field that is refused is named twice.
type Fields<'f> = dyn FnMut(&str, &RawValue) -> Result<(), String> + 'f;

/// Reads one object.
fn read_object(line: &[u8], fields: &mut Fields<'_>) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(line);
    deserializer.deserialize_any(Object(fields))?;
    deserializer.end()
}

struct Object<'f, 'a>(&'a mut Fields<'f>);

impl<'de> Visitor<'de> for Object<'_, '_> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let value: &RawValue = map.next_value()?;
            (self.0)(&name, value).map_err(|name| {
                serde::de::Error::custom(format_args!("the field `{name}` stands there twice"))
            })?;
        }
        Ok(())
    }
}

/// The parser's words without the line, which is always the first one to it.
fn wrong(error: serde_json::Error, line: u64, file: &str) -> DataError {
    let text = error.to_string();
    let (what, place) = text.rsplit_once(" at line ").unwrap_or((&text, ""));
    let column = place
        .rsplit_once("column ")
        .map_or("", |(_, column)| column);
    let message = match column {
        "" | "0" => what.to_owned(),
        column => format!("{what}, at column {column}"),
    };
    DataError::NoObject {
        file: file.to_owned(),
        line,
        message,
    }
}
