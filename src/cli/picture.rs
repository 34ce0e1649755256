//! Where a picture goes: to a file whose ending names the format, or to the terminal.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::args::Report;
use super::failure::Failure;
use super::interrupt;
use crate::fit::data::{DataError, Output};
use crate::plot::{Figure, Size, Terminal};

/// The size of a terminal that is none.
const PLAIN: (u16, u16) = (24, 80);

/// A place for a picture, found good before the work begins.
pub struct Picture {
    /// The option that names it, for errors.
    option: &'static str,
    place: Place,
    /// The size that was asked for, or the usual one.
    pub size: Size,
}

enum Place {
    Terminal,
    File {
        path: PathBuf,
        format: Format,
        /// What is no plain file, such as a pipe, stays open.
        special: Option<Output>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Svg,
    Png,
}

impl Picture {
    /// The place that an option names; `-` and nothing are the terminal.
    ///
    /// A file is begun and left again, so that no path is found wrong after the work, and nothing is left behind if the
    /// work is cut short.
    pub fn open(
        option: &'static str,
        path: Option<&Path>,
        size: Option<&str>,
        report: Report,
    ) -> Result<Picture, Failure> {
        let wanted = size.map(read_size).transpose()?;
        let size = wanted.unwrap_or_default();
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            if report == Report::Json {
                let message = "characters and JSON cannot both go to standard output";
                let hint = format!("draw to a file: {option} picture.svg");
                return Err(Failure::new("bad_option", message).with_hint(hint));
            }
            if wanted.is_some() {
                let message = "--size is for files: a terminal has its own size";
                let hint = format!("name a file: {option} picture.png");
                return Err(Failure::new("bad_option", message).with_hint(hint));
            }
            let place = Place::Terminal;
            return Ok(Picture {
                option,
                place,
                size,
            });
        };
        let format = format_of(option, path)?;
        let output = Output::create(path).map_err(|error| of_option(option, error))?;
        let special = output.temporary().is_none().then_some(output);
        let path = path.to_owned();
        Ok(Picture {
            option,
            place: Place::File {
                path,
                format,
                special,
            },
            size,
        })
    }

    /// Draws. What comes back is for standard output: nothing, if there is a file.
    pub fn write(self, figure: &Figure) -> Result<String, Failure> {
        let (path, format, special) = match self.place {
            Place::Terminal => return Ok(figure.terminal(terminal())),
            Place::File {
                path,
                format,
                special,
            } => (path, format, special),
        };
        let bytes = match format {
            Format::Svg => figure.svg(self.size).into_bytes(),
            Format::Png => png(figure, self.size),
        };
        let failed = |error| of_option(self.option, error);
        let mut output = match special {
            Some(output) => output,
            None => Output::create(&path).map_err(failed)?,
        };
        interrupt::removes(output.temporary());
        output.write_all(&bytes).map_err(|error| {
            failed(DataError::Io {
                file: path.display().to_string(),
                error,
            })
        })?;
        interrupt::placing(|| output.finish()).map_err(failed)?;
        Ok(String::new())
    }
}

fn of_option(option: &str, error: DataError) -> Failure {
    Failure::new("io", format!("{option} {error}"))
}

fn format_of(option: &str, path: &Path) -> Result<Format, Failure> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let format = match ending.as_deref() {
        Some("svg") => Format::Svg,
        Some("png") => Format::Png,
        _ => {
            let message = format!(
                "{option} {}: the ending of the file says what to write, .svg or .png",
                path.display()
            );
            let hint = match ending {
                None => format!("write {option} {}.svg", path.display()),
                Some(_) => format!("write {option} {}", path.with_extension("svg").display()),
            };
            return Err(Failure::new("bad_option", message).with_hint(hint));
        }
    };
    if format == Format::Png && !cfg!(feature = "png") {
        let message = "this gradus was built without PNG (feature `png`)";
        let hint = format!("write {option} {}", path.with_extension("svg").display());
        return Err(Failure::new("bad_option", message).with_hint(hint));
    }
    Ok(format)
}

#[cfg(feature = "png")]
fn png(figure: &Figure, size: Size) -> Vec<u8> {
    figure.png(size)
}

#[cfg(not(feature = "png"))]
fn png(_figure: &Figure, _size: Size) -> Vec<u8> {
    unreachable!("refused when the place was opened")
}

/// `1200x800`
fn read_size(text: &str) -> Result<Size, Failure> {
    let bad = |message: String| {
        Failure::new("bad_option", format!("--size {text}: {message}"))
            .with_hint("write --size 1200x800")
    };
    let sides = text.split_once(['x', 'X', '×']);
    let sides = sides.and_then(|(width, height)| {
        let side = |text: &str| text.trim().parse::<u64>().ok();
        Some((side(width)?, side(height)?))
    });
    let (width, height) = sides.ok_or_else(|| bad("that is no width and height".into()))?;
    let side = |pixels: u64| u32::try_from(pixels).unwrap_or(u32::MAX);
    Size::new(side(width), side(height)).map_err(|error| bad(error.to_string()))
}

fn terminal() -> Terminal {
    let out = console::Term::stdout();
    let is_terminal = std::io::stdout().is_terminal();
    let size = is_terminal.then(|| out.size_checked()).flatten();
    let (rows, columns) = size.unwrap_or(PLAIN);
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Terminal {
        columns: usize::from(columns),
        rows: usize::from(rows),
        color: is_terminal && !plain,
    }
}
