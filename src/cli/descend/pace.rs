//! Something every so often, without a look at the clock in every step: a step may take 30 ns, and a look as long.

use std::time::{Duration, Instant};

/// A clock that is looked at often enough.
pub struct Pace {
    every: Duration,
    last_due: Instant,
    last_look: Instant,
    /// The step of the next look.
    next: u64,
    /// Steps from look to look.
    stride: u64,
}

/// Looks are about this far apart; steps that are longer are all looked at.
const LOOK: Duration = Duration::from_millis(20);

impl Pace {
    /// Due for the first time after `every`.
    pub fn new(every: Duration) -> Pace {
        let now = Instant::now();
        Pace {
            every,
            last_due: now,
            last_look: now,
            next: 0,
            stride: 1,
        }
    }

    /// Has the time passed since it last was due, or began?
    pub fn is_due(&mut self, step: u64) -> bool {
        if step < self.next {
            return false;
        }
        let now = Instant::now();
        let since = now - self.last_look;
        self.stride = match since < LOOK {
            true => self.stride.saturating_mul(2),
            // Much slower than before: to look often again.
            false if since > 4 * LOOK => 1,
            false => (self.stride / 2).max(1),
        };
        self.last_look = now;
        self.next = step.saturating_add(self.stride);
        if now - self.last_due < self.every {
            return false;
        }
        self.last_due = now;
        true
    }
}
