//! Rows of a table on their way out: CSV, one JSON object, JSON lines, or Parquet.

use std::io::{Error, Result, Write};

use csv::ByteRecord;
use serde_json::value::RawValue;

use super::value::Real;
use crate::fit::data::{Cells, DataError, ParquetWriter};

/// Writes a table. Nothing is written before the first rows are there, so that who reads along sees either a table or an
/// error where an error comes early.
pub struct Rows<W: Write + Send> {
    out: Form<W>,
    names: Vec<String>,
    begun: bool,
    /// The text of a number.
    text: Vec<u8>,
}

enum Form<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    Json {
        out: W,
        any: bool,
    },
    JsonLines(W),
    Parquet {
        writer: Box<ParquetWriter<W>>,
        texts: Vec<bool>,
    },
}

impl<W: Write + Send> Rows<W> {
    /// A table of fields divided by `delimiter`.
    pub fn csv(out: W, delimiter: u8, names: Vec<String>) -> Rows<W> {
        let mut builder = csv::WriterBuilder::new();
        builder.delimiter(delimiter).buffer_capacity(64 << 10);
        Rows::new(Form::Csv(Box::new(builder.from_writer(out))), names)
    }

    /// `{"columns": [names], "rows": [[numbers]]}`
    pub fn json(out: W, names: Vec<String>) -> Rows<W> {
        Rows::new(Form::Json { out, any: false }, names)
    }

    /// An object `{name: number}` a row; what is kept is a number where it is written like one, else text.
    pub fn json_lines(out: W, names: Vec<String>) -> Rows<W> {
        Rows::new(Form::JsonLines(out), names)
    }

    /// A Parquet file called `file` in errors; `texts` says which columns are no numbers.
    pub fn parquet(
        out: W,
        file: &str,
        names: Vec<String>,
        texts: Vec<bool>,
    ) -> std::result::Result<Rows<W>, DataError> {
        let writer = Box::new(ParquetWriter::new(out, file, &names, &texts)?);
        Ok(Rows::new(Form::Parquet { writer, texts }, names))
    }

    fn new(out: Form<W>, names: Vec<String>) -> Rows<W> {
        Rows {
            out,
            names,
            begun: false,
            text: Vec::new(),
        }
    }

    /// Writes rows: the fields of `kept`, which may be none, and then those of `columns`.
    pub fn write(&mut self, kept: &[ByteRecord], columns: &[Vec<f64>], rows: usize) -> Result<()> {
        self.begin()?;
        if let Form::Parquet { writer, texts } = &mut self.out {
            let cells = cells(&kept[..rows.min(kept.len())], columns, rows, texts);
            return writer.write(&cells).map_err(Error::other);
        }
        for row in 0..rows {
            let fields = kept.get(row).into_iter().flatten();
            let numbers = columns.iter().map(|column| column[row]);
            match &mut self.out {
                Form::Csv(csv) => {
                    for field in fields {
                        csv.write_field(field).map_err(below)?;
                    }
                    for number in numbers {
                        self.text.clear();
                        write_number(&mut self.text, number)?;
                        csv.write_field(&self.text).map_err(below)?;
                    }
                    csv.write_record(None::<&[u8]>).map_err(below)?;
                }
                Form::Json { out, any } => {
                    out.write_all(if *any { b",\n[" } else { b"\n[" })?;
                    *any = true;
                    let mut comma: &[u8] = b"";
                    for field in fields {
                        out.write_all(comma)?;
                        serde_json::to_writer(&mut *out, &String::from_utf8_lossy(field))?;
                        comma = b",";
                    }
                    for number in numbers {
                        out.write_all(comma)?;
                        serde_json::to_writer(&mut *out, &Real(number))?;
                        comma = b",";
                    }
                    out.write_all(b"]")?;
                }
                Form::JsonLines(out) => {
                    let mut names = self.names.iter();
                    let mut comma: &[u8] = b"{";
                    for field in fields {
                        out.write_all(comma)?;
                        serde_json::to_writer(&mut *out, names.next().expect("a name a column"))?;
                        out.write_all(b":")?;
                        write_field(out, field)?;
                        comma = b",";
                    }
                    for (number, name) in numbers.zip(names) {
                        out.write_all(comma)?;
                        serde_json::to_writer(&mut *out, name)?;
                        out.write_all(b":")?;
                        serde_json::to_writer(&mut *out, &Real(number))?;
                        comma = b",";
                    }
                    out.write_all(b"}\n")?;
                }
                Form::Parquet { .. } => unreachable!("written by columns"),
            }
        }
        Ok(())
    }

    /// Ends the table, and gives back what it was written to.
    pub fn finish(mut self) -> Result<W> {
        self.begin()?;
        match self.out {
            Form::Csv(csv) => csv.into_inner().map_err(csv::IntoInnerError::into_error),
            Form::Json { mut out, .. } => {
                out.write_all(b"]}\n")?;
                out.flush()?;
                Ok(out)
            }
            Form::JsonLines(mut out) => {
                out.flush()?;
                Ok(out)
            }
            Form::Parquet { writer, .. } => writer.finish().map_err(Error::other),
        }
    }

    fn begin(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        match &mut self.out {
            Form::Csv(csv) => csv.write_record(&self.names).map_err(below)?,
            Form::Json { out, .. } => {
                out.write_all(b"{\"columns\":")?;
                serde_json::to_writer(&mut *out, &self.names)?;
                out.write_all(b",\"rows\":[")?;
            }
            Form::JsonLines(_) | Form::Parquet { .. } => {}
        }
        Ok(())
    }
}

/// A kept field as JSON: what is missing is null, a number a number.
fn write_field(out: &mut impl Write, field: &[u8]) -> Result<()> {
    let text = String::from_utf8_lossy(field);
    let plain = text.trim();
    let is_number = plain.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    match plain {
        "" => out.write_all(b"null"),
        number if is_number && serde_json::from_str::<&RawValue>(number).is_ok() => {
            out.write_all(number.as_bytes())
        }
        _ => Ok(serde_json::to_writer(out, &text)?),
    }
}

/// Kept fields and computed columns, as columns.
fn cells(kept: &[ByteRecord], columns: &[Vec<f64>], rows: usize, texts: &[bool]) -> Cells {
    let mut cells = Cells {
        rows,
        ..Cells::default()
    };
    let kept_columns = texts.len() - columns.len();
    for (at, &is_text) in texts.iter().enumerate().take(kept_columns) {
        let fields = kept
            .iter()
            .map(|record| String::from_utf8_lossy(&record[at]));
        match is_text {
            true => {
                let text = |field: std::borrow::Cow<'_, str>| {
                    (!field.is_empty()).then(|| field.into_owned())
                };
                cells.texts.push(fields.map(text).collect());
            }
            // What is no number is missing: the reader has looked at all others.
            false => {
                let number = |field: std::borrow::Cow<'_, str>| field.trim().parse().ok();
                cells.numbers.push(fields.map(number).collect());
            }
        }
    }
    let computed = |column: &Vec<f64>| column[..rows].iter().copied().map(Some).collect();
    cells.numbers.extend(columns.iter().map(computed));
    cells
}

/// What went wrong below the table, such as a closed pipe.
fn below(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => Error::other(format!("{other:?}")),
    }
}

/// The shortest digits that read back as the same number, of a zero also the sign.
fn write_number(out: &mut Vec<u8>, x: f64) -> Result<()> {
    match x.abs() {
        size if x == 0.0 || (1e-5..1e16).contains(&size) => write!(out, "{x}"),
        // NaN, inf and -inf are written like this too.
        _ => write!(out, "{x:e}"),
    }
}
