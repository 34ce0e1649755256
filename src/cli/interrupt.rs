//! Ctrl-C: work ends with what it has, and of a file that is being written no part stays.

use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
use std::sync::Arc;
#[cfg(unix)]
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

/// What is to be removed, while it is not yet in its place.
#[cfg(unix)]
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// From now on, an interrupt ends the program with exit code 1, and `unfinished` is removed before. A thread waits for it,
/// because the program may wait for input just then. Where there are no such signals, an interrupt does what it does to
/// every program.
pub fn removes(unfinished: Option<&Path>) {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM};
        *lock() = unfinished.map(Path::to_owned);
        if let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) {
            std::thread::spawn(move || {
                if signals.forever().next().is_some() {
                    let unfinished = lock(); // kept: nothing is put in its place any more
                    if let Some(path) = &*unfinished {
                        let _ = std::fs::remove_file(path);
                    }
                    eprintln!("interrupted");
                    std::process::exit(i32::from(super::UNREACHED));
                }
            });
        }
    }
    #[cfg(not(unix))]
    let _ = unfinished;
}

/// Puts a file in its place: an interrupt comes before or after this.
pub fn placing<R>(place: impl FnOnce() -> R) -> R {
    #[cfg(unix)]
    {
        let mut unfinished = lock();
        *unfinished = None;
        place()
    }
    #[cfg(not(unix))]
    place()
}

#[cfg(unix)]
fn lock() -> std::sync::MutexGuard<'static, Option<PathBuf>> {
    UNFINISHED
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The first interrupt sets the flag, so that the work ends with what it has; the second ends the program.
pub fn sets(flag: &Arc<AtomicBool>) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::flag::{register, register_conditional_shutdown};
    /// The exit code of who is interrupted a second time.
    const INTERRUPTED_TWICE: i32 = 130;
    for signal in [SIGINT, SIGTERM] {
        // Where no handler can be set, the signal does what it does to every program.
        let _ = register_conditional_shutdown(signal, INTERRUPTED_TWICE, Arc::clone(flag));
        let _ = register(signal, Arc::clone(flag));
    }
}
