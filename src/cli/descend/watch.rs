//! Who looks on while a descent runs.

use super::goal::Goal;
use crate::cli::args::DescendArgs;
use crate::cli::failure::Failure;
use crate::cli::trace::TraceFile;
use crate::descend::{Iteration, Outcome};

/// Somebody who sees the start and every step, and has something to finish at the end.
pub trait Watcher {
    /// Sees an iteration.
    fn see(&mut self, iteration: &Iteration<'_>);

    /// Finishes, however the descent ended.
    fn finish(self: Box<Self>, outcome: &Outcome) -> Result<(), Failure>;
}

/// Those that the options ask for. Files that cannot be written are refused here, before the work.
pub fn watchers(args: &DescendArgs, goal: &Goal) -> Result<Vec<Box<dyn Watcher>>, Failure> {
    let mut watchers: Vec<Box<dyn Watcher>> = Vec::new();
    if let Some(path) = &args.trace {
        watchers.push(Box::new(TraceFile::create(path, &goal.names)?));
    }
    Ok(watchers)
}

impl Watcher for TraceFile {
    fn see(&mut self, iteration: &Iteration<'_>) {
        self.row(iteration);
    }

    fn finish(self: Box<Self>, _outcome: &Outcome) -> Result<(), Failure> {
        TraceFile::finish(*self)
    }
}
