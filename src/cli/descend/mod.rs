//! `gradus descend`: a problem is read, a method chosen, the descent run and watched, the outcome told.
//!
//! Each step is a file: `goal.rs` says what a problem is, `formula.rs` makes one of a formula, `data.rs` one of a
//! formula over a table, `method.rs` turns options
//! into a method, `watch.rs` has who looks on, `picture.rs` draws, `report.rs` the answer.

mod data;
mod formula;
mod goal;
mod method;
mod picture;
mod report;
mod watch;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::answer::Answer;
use super::args::DescendArgs;
use super::failure::Failure;
use crate::descend::{self, Stop, StopReason};
use goal::Goal;

/// The exit code of who is interrupted a second time.
const INTERRUPTED_TWICE: i32 = 130;

/// Runs the command.
pub fn run(args: &DescendArgs) -> Result<Answer, Failure> {
    method::check(args)?;
    let mut goal = goal(args)?;
    let mut method = method::choose(args)?;
    let mut watchers = watch::watchers(args, &goal)?;
    let mut drawing = picture::Drawing::open(args)?;
    let interrupt = Arc::new(AtomicBool::new(false));
    listen(&interrupt);
    let stop = Stop {
        tolerance: args.tolerance,
        max_iterations: args.max_iterations,
        interrupt: Some(&interrupt),
    };
    let outcome = descend::descend(
        &mut *goal.objective,
        &mut *method,
        &goal.start,
        &stop,
        &mut |iteration| {
            watchers.iter_mut().for_each(|w| w.see(iteration));
            drawing.iter_mut().for_each(|d| d.see(iteration));
        },
    );
    if let Some(failure) = (goal.broken)() {
        return Err(failure);
    }
    for watcher in watchers {
        watcher.finish(&outcome)?;
    }
    if outcome.stop_reason == StopReason::BadStart {
        let note = (goal.singular)(&goal.start);
        goal.notes.extend(note);
    }
    let drawn = match drawing {
        Some(drawing) => drawing.finish(&mut goal, &outcome)?,
        None => String::new(),
    };
    let mut answer = report::answer(args.format, goal, method.name(), &outcome);
    answer.out += &drawn;
    Ok(answer)
}

/// The problem, whatever it is made of.
fn goal(args: &DescendArgs) -> Result<Goal, Failure> {
    match &args.table.data {
        Some(table) => data::read(args, table),
        None => formula::read(args),
    }
}

/// The first Ctrl-C ends the descent before its next step, with the answer so far; the second ends the program.
pub(super) fn listen(interrupt: &Arc<AtomicBool>) {
    use signal_hook::{consts::SIGINT, flag};
    // Where no handler can be set, Ctrl-C does what it does to every program.
    let _ = flag::register_conditional_shutdown(SIGINT, INTERRUPTED_TWICE, Arc::clone(interrupt));
    let _ = flag::register(SIGINT, Arc::clone(interrupt));
}
