//! The table of `gradus fit`: read as far as it is needed, and residuals written beside it.

use std::io::Write;
use std::path::PathBuf;

use crate::cli::args::{FitArgs, MissingValues};
use crate::cli::binding::{column_names, listed, slip};
use crate::cli::columns::{of_out, rows_of};
use crate::cli::failure::Failure;
use crate::cli::reading;
use crate::convenience::Reading;
use crate::fit::data::{Chunk, DataError, Output, Reader};
use crate::fit::{Data, Fit, MAX_NUMBERS, Model, fitted_values};

/// So many are kept, 128 MiB, where rows can also be used up as they come.
const KEPT_NUMBERS: usize = 1 << 24;

/// A table, and the columns of it that were read.
pub struct Table {
    reader: Reader,
    /// What its columns are called in formulas.
    names: Vec<String>,
    chosen: Vec<String>,
    columns: Vec<Vec<f64>>,
    weights: Option<Vec<f64>>,
    /// How many rows came before those that are here.
    before: usize,
    chunk: Chunk,
}

impl Table {
    /// Opens it, and reads the names of its columns.
    pub fn open(args: &FitArgs) -> Result<Table, Failure> {
        let reading = &args.reading;
        if reading.missing == MissingValues::Nan {
            let message = "--missing nan: a row without a value cannot be fitted";
            return Err(Failure::new("bad_option", message)
                .with_hint("--missing drop leaves such rows out"));
        }
        let reader = reading::open(args.data(), reading)?;
        let names = column_names(&reader, &reading.rename)?;
        Ok(Table {
            reader,
            names,
            chosen: Vec::new(),
            columns: Vec::new(),
            weights: None,
            before: 0,
            chunk: Chunk::default(),
        })
    }

    /// What it is called.
    pub fn file(&self) -> &str {
        self.reader.file()
    }

    /// The names of its columns in formulas.
    pub fn names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    /// What is said of it if it has no rows.
    pub fn no_rows(&self) -> String {
        reading::no_rows(&self.reader)
    }

    /// Have its rows weights?
    pub fn is_weighted(&self) -> bool {
        self.weights.is_some()
    }

    /// How many rows were read, those that are here no longer included.
    pub fn rows_read(&self) -> usize {
        self.before + self.rows()
    }

    /// How many rows are here.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// The place of a column.
    pub fn column(&self, name: &str, option: &str) -> Result<usize, Failure> {
        self.names.iter().position(|n| n == name).ok_or_else(|| {
            let message = format!("{option}: {} has no column `{name}`", self.file());
            Failure::new("no_column", message).with_hint(self.hint(name))
        })
    }

    /// What to write instead of a column that is not there.
    pub fn hint(&self, name: &str) -> String {
        slip(name, &self.names).unwrap_or_else(|| self.listed())
    }

    /// Its columns.
    pub fn listed(&self) -> String {
        listed(&self.names)
    }

    /// Chooses these columns, and one for weights with the option that named it.
    pub fn choose(
        &mut self,
        names: &[String],
        weights: Option<(&str, &str)>,
    ) -> Result<(), Failure> {
        let mut places: Vec<usize> = Vec::new();
        for name in names {
            let place = self.column(name, "the model")?;
            if !places.contains(&place) {
                places.push(place);
                self.chosen.push(name.clone());
            }
        }
        if let Some((name, option)) = weights {
            let name = crate::cli::names::name(name, option)?;
            places.push(self.column(&name, option)?);
            self.weights = Some(Vec::new());
        }
        self.reader.choose(&places, false);
        self.columns = vec![Vec::new(); self.chosen.len()];
        Ok(())
    }

    /// Reads all rows; where they can be used up as they come, as many as are kept. Says whether these are all.
    pub fn read(&mut self, can_stream: bool) -> Result<bool, Failure> {
        let most = if can_stream {
            KEPT_NUMBERS
        } else {
            MAX_NUMBERS
        };
        let columns = self.columns.len() + usize::from(self.weights.is_some());
        while self.add_rows()? {
            if self.rows().saturating_mul(columns) > most {
                if can_stream {
                    return Ok(false);
                }
                let message = format!(
                    "{} has more than {MAX_NUMBERS} numbers in the columns of the model, which are not kept in memory",
                    self.file()
                );
                let hint =
                    "linear models without --out, --plot and --profile take tables of any size";
                return Err(Failure::new("too_large", message).with_hint(hint));
            }
        }
        Ok(true)
    }

    /// Forgets the rows that are here and reads the next ones; false at the end.
    pub fn read_on(&mut self) -> Result<bool, Failure> {
        self.before += self.rows();
        let columns = self.columns.iter_mut().chain(&mut self.weights);
        columns.for_each(Vec::clear);
        self.add_rows()
    }

    fn add_rows(&mut self) -> Result<bool, Failure> {
        let found = self.reader.read(&mut self.chunk)?;
        let columns = self.columns.iter_mut().chain(&mut self.weights);
        for (column, part) in columns.zip(&self.chunk.columns) {
            column.extend_from_slice(part);
        }
        Ok(found > 0)
    }

    /// A column that was read.
    pub fn values(&self, name: &str) -> &[f64] {
        let place = self.chosen.iter().position(|n| n == name);
        &self.columns[place.expect("it was chosen")]
    }

    /// The weights of the rows.
    pub fn weights(&self, args: &FitArgs) -> Result<Option<Vec<f64>>, Failure> {
        let Some(weights) = &self.weights else {
            return Ok(None);
        };
        let Some(name) = &args.sigma else {
            return Ok(Some(weights.clone()));
        };
        if let Some(row) = weights
            .iter()
            .position(|sigma| sigma.is_nan() || *sigma <= 0.0)
        {
            let message = format!(
                "{}, {}: the standard deviation `{name}` must be above 0",
                self.file(),
                self.place(row)
            );
            return Err(Failure::new("bad_data", message));
        }
        Ok(Some(
            weights.iter().map(|sigma| 1.0 / (sigma * sigma)).collect(),
        ))
    }

    /// Where a row is, for a person.
    pub fn place(&self, row: usize) -> String {
        format!("row {} of the data", self.before + row + 1)
    }

    /// What should be known of the reading.
    pub fn notes(&self) -> Vec<String> {
        match self.reader.dropped() {
            0 => Vec::new(),
            1 => vec!["1 row with missing values left out".to_owned()],
            n => vec![format!("{n} rows with missing values left out")],
        }
    }
}

/// The file of `--out`.
pub struct Residuals {
    output: Output,
    path: PathBuf,
}

impl Residuals {
    /// Begins the file, if one is wanted.
    pub fn create(args: &FitArgs) -> Result<Option<Residuals>, Failure> {
        let Some(path) = &args.out else {
            return Ok(None);
        };
        Ok(Some(Residuals {
            output: Output::create(path).map_err(of_out)?,
            path: path.clone(),
        }))
    }

    /// Writes the columns of the model, the response, fitted values and residuals.
    pub fn write(
        self,
        model: &Model,
        data: &Data<'_>,
        fit: &Fit,
        reading: &Reading,
        table: &Table,
    ) -> Result<(), Failure> {
        let fitted = fitted_values(model, data, &fit.parameters);
        let residuals = data.response.iter().zip(&fitted).map(|(y, f)| y - f);
        let mut names: Vec<String> = Vec::new();
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for name in reading.column_names() {
            names.push(name.to_owned());
            columns.push(table.values(name).to_vec());
        }
        let plain = matches!(
            reading.arena.node(reading.response),
            crate::expr::Node::Symbol(_)
        );
        if !plain {
            names.push("response".to_owned());
            columns.push(data.response.to_vec());
        }
        names.extend(["fitted".to_owned(), "residual".to_owned()]);
        if let Some(at) = (1..names.len()).find(|&at| names[..at].contains(&names[at])) {
            let name = &names[at];
            let message = format!("--out: the column `{name}` would be there twice");
            let hint = format!("call that of the table otherwise: --rename {name}=...");
            return Err(Failure::new("bad_option", message).with_hint(hint));
        }
        columns.push(fitted.clone());
        columns.push(residuals.collect());
        let failed = |error| {
            of_out(DataError::Io {
                file: self.path.display().to_string(),
                error,
            })
        };
        let texts = vec![false; names.len()];
        let mut rows = rows_of(&self.path, self.output, None, names, texts)?;
        rows.write(&[], &columns, data.rows()).map_err(failed)?;
        let mut output = rows.finish().map_err(failed)?;
        output.flush().map_err(failed)?;
        output.finish().map_err(of_out)
    }
}
