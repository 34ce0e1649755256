//! Records of text with delimiters, and the lines in which they stand.

use csv::{ByteRecord, ErrorKind};

use super::read::MAX_ROW_BYTES;
use super::source::Source;
use super::{DataError, Format};

/// How many bytes are read at once.
pub(super) const BUFFER: usize = 64 << 10;

/// Reads records; what their fields mean is not known here.
pub(super) struct Csv {
    csv: csv::Reader<Source>,
}

impl Csv {
    pub(super) fn new(source: Source, format: &Format) -> Csv {
        let csv = csv::ReaderBuilder::new()
            .delimiter(format.delimiter)
            .comment(format.comment)
            .has_headers(false)
            // Rows of another length are found later, with the line that a person would count.
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(source);
        Csv { csv }
    }

    /// How many bytes were read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.csv.get_ref().read
    }

    /// Reads a record; false at the end. `file` is what errors call it.
    pub(super) fn next(&mut self, record: &mut ByteRecord, file: &str) -> Result<bool, DataError> {
        // Where a row begins that has no end: at this line, or behind the blank ones that follow.
        let place = self.csv.position();
        let newline = self.csv.get_ref().byte_before(place.byte()) != Some(b'\r');
        let begun = place.line() + u64::from(!newline);
        self.csv.get_mut().allowance = MAX_ROW_BYTES;
        let found = self.csv.read_byte_record(record);
        let source = self.csv.get_ref();
        let file = || file.to_owned();
        let found = match found {
            Ok(found) => found,
            Err(_) if source.exceeded => {
                return Err(DataError::TooLong {
                    file: file(),
                    line: begun,
                });
            }
            Err(error) => {
                let error = match error.into_kind() {
                    ErrorKind::Io(error) => error,
                    other => std::io::Error::other(format!("{other:?}")),
                };
                return Err(DataError::Io {
                    file: file(),
                    error,
                });
            }
        };
        // Quotes that are closed come in pairs. The last row may have swallowed others only if it spans lines.
        let spans = || record.as_slice().contains(&b'\n');
        if found && source.ended && source.quotes % 2 == 1 && spans() {
            return Err(DataError::OpenQuote {
                file: file(),
                // Here the last newline belongs to the field.
                line: self.csv.position().line() - newlines(record),
            });
        }
        Ok(found)
    }

    /// The line in which the last record begins. The parser's own count is of where it began to look, which is before
    /// blank lines and comments, and before the `\n` of a `\r\n`.
    pub(super) fn line(&self, record: &ByteRecord) -> u64 {
        let end = self.csv.position();
        let newline = self.csv.get_ref().byte_before(end.byte()) == Some(b'\n');
        end.line() - u64::from(newline) - newlines(record)
    }
}

fn newlines(record: &ByteRecord) -> u64 {
    let bytes = record.as_slice().iter();
    bytes.filter(|&&b| b == b'\n').count() as u64
}
