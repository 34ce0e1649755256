//! Who looks on while a descent runs.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::goal::Goal;
use super::pace::Pace;
use crate::cli::args::DescendArgs;
use crate::cli::failure::Failure;
use crate::cli::reading::PATIENCE;
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
    if std::io::stderr().is_terminal() {
        watchers.push(Box::new(Progress::new()));
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

/// A line that says where the descent stands: on a terminal, and not before it has taken a while.
struct Progress {
    begun: Instant,
    pace: Pace,
    shown: Option<ProgressBar>,
}

/// How often it says so.
const REFRESH: Duration = Duration::from_millis(100);

impl Progress {
    fn new() -> Progress {
        Progress {
            begun: Instant::now(),
            pace: Pace::new(REFRESH),
            shown: None,
        }
    }
}

impl Watcher for Progress {
    fn see(&mut self, iteration: &Iteration<'_>) {
        if !self.pace.is_due(iteration.number) || self.begun.elapsed() < PATIENCE {
            return;
        }
        let line = self.shown.get_or_insert_with(ProgressBar::new_spinner);
        let rate = iteration.number as f64 / self.begun.elapsed().as_secs_f64();
        line.set_message(format!(
            "step {}, value {:.6e}, gradient norm {:.2e}, {rate:.0} steps/s",
            iteration.number, iteration.value, iteration.gradient_norm
        ));
        line.tick();
    }

    fn finish(self: Box<Self>, _outcome: &Outcome) -> Result<(), Failure> {
        if let Some(line) = self.shown {
            line.finish_and_clear();
        }
        Ok(())
    }
}
