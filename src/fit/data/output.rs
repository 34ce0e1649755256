//! A file that is there when it is whole.

use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::DataError;

/// A file being written: under another name in the same folder, until it is [finished](Self::finish). Who drops it before
/// leaves no trace. What is no plain file, such as a pipe or a device, is written directly.
#[derive(Debug)]
pub struct Output {
    path: PathBuf,
    file: Target,
}

#[derive(Debug)]
enum Target {
    Plain(BufWriter<NamedTempFile>),
    Special(BufWriter<File>),
}

impl Output {
    /// Begins a file, so that a path that cannot be written is known before the work.
    ///
    /// # Errors
    /// [`DataError::Io`].
    pub fn create(path: &Path) -> Result<Output, DataError> {
        match Output::try_create(path) {
            Ok(output) => Ok(output),
            Err(error) => Err(failed(path, error)),
        }
    }

    fn try_create(path: &Path) -> std::io::Result<Output> {
        if let Some(file) = inherited(path)? {
            return Ok(Output {
                path: path.to_owned(),
                file: Target::Special(BufWriter::new(file)),
            });
        }
        let known = fs::metadata(path).ok();
        // A file that may not be written, or a folder, is refused now and not after the work.
        let file = match known.as_ref() {
            Some(_) => Some(File::options().write(true).open(path)?),
            None => None,
        };
        let special = known.as_ref().is_some_and(|m| !m.is_file());
        if let (true, Some(file)) = (special, file) {
            return Ok(Output {
                path: path.to_owned(),
                file: Target::Special(BufWriter::new(file)),
            });
        }
        // A link stays a link to the file that is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = match target.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let Some(name) = target.file_name() else {
            return Err(std::io::Error::other("the name of a file is missing"));
        };
        let mut builder = Builder::new();
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(name);
        builder.prefix(&prefix).suffix(".part");
        // As any other file of the user: the crate's own choice is that nobody else may read it.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(folder).map_err(without_path)?;
        if let Some(known) = known {
            temporary.as_file().set_permissions(known.permissions())?;
        }
        Ok(Output {
            path: target,
            file: Target::Plain(BufWriter::new(temporary)),
        })
    }

    /// The name that it has until it is finished.
    pub fn temporary(&self) -> Option<&Path> {
        match &self.file {
            Target::Plain(file) => Some(file.get_ref().path()),
            Target::Special(_) => None,
        }
    }

    /// Puts the whole file in its place.
    ///
    /// # Errors
    /// [`DataError::Io`]; what was there before is there still.
    pub fn finish(mut self) -> Result<(), DataError> {
        self.flush().map_err(|error| failed(&self.path, error))?;
        match self.file {
            Target::Special(_) => Ok(()),
            Target::Plain(file) => {
                let temporary = (file.into_inner()).map_err(|e| failed(&self.path, e.into()))?;
                let placed = temporary.persist(&self.path);
                placed.map_err(|e| failed(&self.path, e.error))?;
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.file {
            Target::Plain(file) => file.write(bytes),
            Target::Special(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match &mut self.file {
            Target::Plain(file) => file.flush(),
            Target::Special(file) => file.flush(),
        }
    }
}

/// What is open already under a name like `/dev/stdout`, or `-`: it is written on with, be it a file or not. To replace the file that
/// it leads to would throw away what others write there.
fn inherited(path: &Path) -> std::io::Result<Option<File>> {
    const LINKS: usize = 40;
    #[cfg(unix)]
    if path == Path::new("-") {
        return own(std::io::stdout()).map(Some);
    }
    let mut at = path.to_owned();
    for _ in 0..LINKS {
        let name = at.to_string_lossy();
        let begins = |folder: &str| name.starts_with(folder);
        let is_own = begins("/dev/fd/")
            || begins("/proc/self/fd/")
            || begins(&format!("/proc/{}/fd/", std::process::id()));
        if is_own || (begins("/proc/") && name.contains("/fd/")) {
            let number = at.file_name().and_then(|number| number.to_str());
            return match number.filter(|_| is_own) {
                #[cfg(unix)]
                Some("1") => own(std::io::stdout()).map(Some),
                #[cfg(unix)]
                Some("2") => own(std::io::stderr()).map(Some),
                _ => File::options().append(true).open(&at).map(Some),
            };
        }
        let Ok(next) = fs::read_link(&at) else {
            return Ok(None);
        };
        at = at.parent().unwrap_or(Path::new("")).join(next);
    }
    Ok(None)
}

/// A second handle of the same open file.
#[cfg(unix)]
fn own(stream: impl std::os::fd::AsFd) -> std::io::Result<File> {
    stream.as_fd().try_clone_to_owned().map(File::from)
}

fn failed(path: &Path, error: std::io::Error) -> DataError {
    DataError::Io {
        file: path.display().to_string(),
        error,
    }
}

/// The error without the random name that the user never gave.
fn without_path(error: std::io::Error) -> std::io::Error {
    match error.kind() {
        ErrorKind::NotFound => std::io::Error::new(ErrorKind::NotFound, "there is no such folder"),
        kind => std::io::Error::from(kind),
    }
}
