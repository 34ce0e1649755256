//! What a method remembers, by name: so that a descent can be written down and continued.

use std::collections::BTreeMap;

/// Lists of numbers by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// The lists.
    pub lists: BTreeMap<String, Vec<f64>>,
}

/// Why a method could not take up what it was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemoryError {
    /// There is no list of this name.
    #[error("`{name}` is missing")]
    Missing {
        /// The name.
        name: &'static str,
    },
    /// A list is too short or too long.
    #[error("`{name}` has {found} numbers where {expected} are needed")]
    Length {
        /// Its name.
        name: &'static str,
        /// How many numbers it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// A number is not one that can stand there.
    #[error("`{name}` is not a count")]
    NoCount {
        /// The name of its list.
        name: &'static str,
    },
    /// It is the memory of another method.
    #[error("it is of the method {found}, not {expected}")]
    OtherMethod {
        /// The method that should have taken it up.
        expected: String,
        /// The method whose memory it is.
        found: String,
    },
}

/// Whole numbers up to here are doubles, one by one.
const LARGEST_COUNT: f64 = (1u64 << 53) as f64;

impl Memory {
    /// Remembers a list.
    pub fn put(&mut self, name: &'static str, list: &[f64]) {
        self.lists.insert(name.to_owned(), list.to_vec());
    }

    /// Remembers a number.
    pub fn put_number(&mut self, name: &'static str, number: f64) {
        self.put(name, &[number]);
    }

    /// Remembers a count, which is far below 2^53.
    pub fn put_count(&mut self, name: &'static str, count: u64) {
        self.put(name, &[count as f64]);
    }

    /// A list of any length.
    ///
    /// # Errors
    /// [`MemoryError::Missing`].
    pub fn list(&self, name: &'static str) -> Result<&[f64], MemoryError> {
        (self.lists.get(name))
            .map(Vec::as_slice)
            .ok_or(MemoryError::Missing { name })
    }

    /// A list that is either empty, because nothing was known when it was saved, or of this length.
    ///
    /// # Errors
    /// [`MemoryError::Missing`], [`MemoryError::Length`].
    pub fn vector(&self, name: &'static str, expected: usize) -> Result<Vec<f64>, MemoryError> {
        let list = self.list(name)?;
        match list.len() {
            0 => Ok(Vec::new()),
            found if found == expected => Ok(list.to_vec()),
            found => Err(MemoryError::Length {
                name,
                expected,
                found,
            }),
        }
    }

    /// A number.
    ///
    /// # Errors
    /// [`MemoryError::Missing`], [`MemoryError::Length`].
    pub fn number(&self, name: &'static str) -> Result<f64, MemoryError> {
        match self.list(name)? {
            [number] => Ok(*number),
            other => Err(MemoryError::Length {
                name,
                expected: 1,
                found: other.len(),
            }),
        }
    }

    /// A count.
    ///
    /// # Errors
    /// [`MemoryError`], also where the number is no count.
    pub fn count(&self, name: &'static str) -> Result<u64, MemoryError> {
        let number = self.number(name)?;
        let is_count = (0.0..LARGEST_COUNT).contains(&number) && number.fract() == 0.0;
        match is_count {
            true => Ok(number as u64),
            false => Err(MemoryError::NoCount { name }),
        }
    }
}
