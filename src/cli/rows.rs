//! Rows of a table on their way out: CSV, or one JSON object.

use std::io::{Result, Write};

use csv::ByteRecord;

use super::value::Real;

/// Writes a table. Nothing is written before the first rows are there, so that who reads along sees either a table or an
/// error where an error comes early.
pub struct Rows<W: Write> {
    out: Form<W>,
    names: Vec<String>,
    begun: bool,
    /// The text of a number.
    text: Vec<u8>,
}

enum Form<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json { out: W, any: bool },
}

impl<W: Write> Rows<W> {
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
        for row in 0..rows {
            let fields = kept.get(row).into_iter().flatten();
            let numbers = columns.iter().map(|column| column[row]);
            match &mut self.out {
                Form::Csv(csv) => {
                    for field in fields {
                        csv.write_field(field)?;
                    }
                    for number in numbers {
                        self.text.clear();
                        write_number(&mut self.text, number)?;
                        csv.write_field(&self.text)?;
                    }
                    csv.write_record(None::<&[u8]>)?;
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
        }
    }

    fn begin(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        match &mut self.out {
            Form::Csv(csv) => csv.write_record(&self.names)?,
            Form::Json { out, .. } => {
                out.write_all(b"{\"columns\":")?;
                serde_json::to_writer(&mut *out, &self.names)?;
                out.write_all(b",\"rows\":[")?;
            }
        }
        Ok(())
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
