//! `gradus descend`: a problem is read, a method chosen, the descent run and watched, the outcome told.
//!
//! Each step is a file: `goal.rs` says what a problem is, `formula.rs` makes one of a formula, `data.rs` one of a
//! formula over a table, `method.rs` turns options into a method, `watch.rs` has who looks on, `checkpoint.rs` keeps the
//! state, `picture.rs` draws, `report.rs` has the answer.

mod bounds;
mod checkpoint;
mod data;
mod decay;
mod formula;
mod goal;
mod method;
mod pace;
mod picture;
mod report;
mod watch;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::answer::Answer;
use super::args::DescendArgs;
use super::failure::Failure;
use super::interrupt;
use super::paths;
use crate::descend::{Descent, Stop, StopReason};
use checkpoint::{Checkpoint, Resumed};
use goal::Goal;

pub use checkpoint::MAX_CHECKPOINT_BYTES;
pub use method::MAX_MATRIX_DIMENSION;

/// Runs the command.
pub fn run(args: &DescendArgs) -> Result<Answer, Failure> {
    match &args.long.resume {
        None => descend(args, None),
        Some(path) => {
            let (args, resumed) = checkpoint::resume(path, args)?;
            descend(&args, Some(resumed))
        }
    }
}

fn descend(args: &DescendArgs, resumed: Option<Resumed>) -> Result<Answer, Failure> {
    method::check(&args.step)?;
    let mut goal = goal(args).map_err(|failure| match &resumed {
        Some(resumed) if failure.kind() == "missing_value" => resumed.has_other_variables(),
        _ => failure,
    })?;
    let snapshot = resumed.map(|r| r.snapshot(&mut goal)).transpose()?;
    let bounds = bounds::read(&args.step.bounds, &goal)?;
    let mut method = method::choose(&args.step, &goal, bounds.as_ref())?;
    let outputs = [
        ("--trace", args.trace.as_deref()),
        ("--checkpoint", args.long.checkpoint.as_deref()),
        ("--plot", args.picture.plot.as_deref()),
    ];
    paths::distinct(args.table.data.as_deref(), &outputs)?;
    let mut watchers = watch::watchers(args, &goal)?;
    let mut drawing = picture::Drawing::open(args)?;
    let mut checkpoint = Checkpoint::open(args, &goal)?;
    let interrupt = Arc::new(AtomicBool::new(false));
    interrupt::sets(&interrupt);
    let usual = Stop::suiting(&*method);
    let stop = Stop {
        tolerance: args.step.tolerance.unwrap_or(usual.tolerance),
        max_iterations: method::most_iterations(&args.step),
        interrupt: Some(&interrupt),
    };
    let mut descent = match (snapshot, &args.long.resume) {
        (Some(snapshot), Some(path)) => {
            Descent::resume(&mut *goal.objective, &mut *method, snapshot)
                .map_err(|error| Resumed::damaged(path, &error))?
        }
        _ => Descent::new(&mut *goal.objective, &mut *method, &goal.start),
    };
    let outcome = descent.run_watched(&stop, &mut |descent| {
        let iteration = descent.iteration();
        watchers.iter_mut().for_each(|w| w.see(&iteration));
        drawing.iter_mut().for_each(|d| d.see(&iteration));
        if let Some(checkpoint) = &mut checkpoint {
            checkpoint.see(descent);
        }
    });
    let is_bad_start = outcome.stop_reason == StopReason::BadStart;
    let unwritten = match checkpoint {
        Some(checkpoint) if !is_bad_start => checkpoint.finish(&descent),
        _ => None,
    };
    if let Some(failure) = (goal.broken)() {
        return Err(failure);
    }
    for watcher in watchers {
        watcher.finish(&outcome)?;
    }
    if is_bad_start {
        let note = (goal.singular)(&goal.start);
        goal.notes.extend(note);
    }
    let is_lost = unwritten.is_some();
    if let Some(failure) = unwritten {
        goal.notes.push(failure.message().to_owned());
    }
    let drawn = match drawing {
        Some(drawing) => drawing.finish(&mut goal, &outcome)?,
        None => String::new(),
    };
    let mut answer = report::answer(args.format, goal, method.name(), bounds.as_ref(), &outcome);
    answer.out += &drawn;
    answer.unreached |= is_lost;
    Ok(answer)
}

/// The problem, whatever it is made of.
fn goal(args: &DescendArgs) -> Result<Goal, Failure> {
    match &args.table.data {
        Some(table) => data::read(args, table),
        None => formula::read(args),
    }
}
