//! The bytes below a table, and what must be known of them beside the fields.

use std::io::{ErrorKind, Read, Result};

/// Hands the bytes of a file on, without its byte order mark.
pub(super) struct Source {
    inner: Box<dyn Read + Send>,
    /// The first bytes, read to look for a byte order mark; what is left of them comes first.
    start: Vec<u8>,
    /// Is it text in UTF-16? Then nothing is handed on.
    pub(super) utf16: bool,
    /// How many bytes were read from the file.
    pub(super) read: u64,
    /// How many bytes were handed on, and the last of them.
    given: u64,
    last: Vec<u8>,
    /// How many double quotes were handed on.
    pub(super) quotes: u64,
    /// Has the end been seen?
    pub(super) ended: bool,
    /// So many bytes may yet be read; the owner fills this up at every row.
    pub(super) allowance: usize,
    /// Was more wanted?
    pub(super) exceeded: bool,
}

impl Source {
    /// Looks at the first bytes.
    pub(super) fn new(mut inner: Box<dyn Read + Send>) -> Result<Source> {
        let mut start = Vec::new();
        inner.by_ref().take(3).read_to_end(&mut start)?;
        let mut read = start.len() as u64;
        let utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
        if start == b"\xef\xbb\xbf" {
            // What comes behind the mark tells as much as if there were none.
            start.clear();
            read += inner.by_ref().take(3).read_to_end(&mut start)? as u64;
        }
        if utf16 {
            start.clear();
        }
        Ok(Source {
            inner,
            start,
            utf16,
            read,
            given: 0,
            last: Vec::new(),
            quotes: 0,
            ended: false,
            allowance: usize::MAX,
            exceeded: false,
        })
    }

    /// Is the first thing an object of JSON?
    pub(super) fn begins_with_object(&self) -> bool {
        match self.start[..] {
            [b'{', next, ..] => matches!(next, b'"' | b'}' | b' ' | b'\t' | b'\r' | b'\n'),
            _ => false,
        }
    }

    /// Does it begin as a Parquet file does?
    pub(super) fn begins_with_parquet(&self) -> bool {
        self.start == b"PAR"
    }

    /// The byte before a place that lies in, or just behind, what was handed on last.
    pub(super) fn byte_before(&self, place: u64) -> Option<u8> {
        let behind = self.given.checked_sub(place)?;
        let at = self.last.len().checked_sub(behind as usize + 1)?;
        self.last.get(at).copied()
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.allowance == 0 {
            self.exceeded = true;
            return Err(std::io::Error::other("a row is too long"));
        }
        let found = if self.start.is_empty() {
            let found = loop {
                match self.inner.read(buffer) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.read += found as u64;
            found
        } else {
            let found = buffer.len().min(self.start.len());
            buffer[..found].copy_from_slice(&self.start[..found]);
            self.start.drain(..found);
            found
        };
        if found == 0 {
            self.ended = true;
            return Ok(0);
        }
        let bytes = &buffer[..found];
        self.last.clear();
        self.last.extend_from_slice(bytes);
        self.given += found as u64;
        self.quotes += bytes.iter().filter(|&&b| b == b'"').count() as u64;
        self.allowance = self.allowance.saturating_sub(found);
        Ok(found)
    }
}
