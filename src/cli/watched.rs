//! Long work that counts what it has done: a bar on a terminal, and an end at an interrupt.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::interrupt;
use super::reading::PATIENCE;
use crate::lecture::sampling::Progress;

/// Does the work with a bar on a terminal, and ends it at an interrupt.
pub fn watched<R>(parts: u64, work: impl FnOnce(Progress<'_>) -> R) -> R {
    let stop = Arc::new(AtomicBool::new(false));
    let done = AtomicU64::new(0);
    let over = AtomicBool::new(false);
    interrupt::sets(&stop);
    std::thread::scope(|scope| {
        let mut shown = None;
        if std::io::stderr().is_terminal() {
            shown = Some(scope.spawn(|| show(parts, &done, &over)));
        }
        let result = work(Progress {
            done: Some(&done),
            stop: Some(&stop),
        });
        over.store(true, Ordering::Relaxed);
        // Short work does not wait for who would show long work.
        if let Some(shown) = shown {
            shown.thread().unpark();
        }
        result
    })
}

/// Draws how far it is until it is over.
fn show(parts: u64, done: &AtomicU64, over: &AtomicBool) {
    const TICK: Duration = Duration::from_millis(50);
    let begun = Instant::now();
    let mut bar: Option<ProgressBar> = None;
    while !over.load(Ordering::Relaxed) {
        std::thread::park_timeout(TICK);
        if bar.is_none() && begun.elapsed() > PATIENCE {
            let style = ProgressStyle::with_template("{wide_bar} {percent}% of {human_len} {eta}");
            let new = ProgressBar::new(parts).with_style(style.expect("a template"));
            bar = Some(new);
        }
        if let Some(bar) = &bar {
            bar.set_position(done.load(Ordering::Relaxed));
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}
