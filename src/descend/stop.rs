//! When a descent ends, and what it says then.

use std::sync::atomic::AtomicBool;

/// The rules by which a descent ends.
#[derive(Clone, Copy, Debug)]
pub struct Stop<'a> {
    /// Converged when the largest change of a coordinate in a step is below this.
    pub tolerance: f64,
    /// Steps after which it gives up.
    pub max_iterations: u64,
    /// Set from outside (another thread, a signal handler) to end before the next step.
    pub interrupt: Option<&'a AtomicBool>,
}

impl Default for Stop<'_> {
    /// Tolerance 1e-5, at most 100,000 steps.
    fn default() -> Self {
        Stop {
            tolerance: 1e-5,
            max_iterations: 100_000,
            interrupt: None,
        }
    }
}

/// Why a descent ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The last step changed every coordinate by less than the tolerance (or by nothing at all).
    SmallStep,
    /// The gradient at the start is 0: nowhere to go.
    ZeroGradient,
    /// The number of steps allowed was taken.
    MaxIterations,
    /// Value, gradient or point stopped being finite.
    Diverged,
    /// Value or gradient were not finite at the start.
    BadStart,
    /// It was stopped from outside.
    Interrupted,
}

impl StopReason {
    /// What to tell the user.
    pub fn as_str(self) -> &'static str {
        match self {
            StopReason::SmallStep => "step below tolerance",
            StopReason::ZeroGradient => "gradient is zero at the start",
            StopReason::MaxIterations => "maximum number of iterations",
            StopReason::Diverged => "diverged: try a smaller rate",
            StopReason::BadStart => "function or gradient not finite at the start",
            StopReason::Interrupted => "interrupted",
        }
    }

    /// Was a stationary point reached, as far as the rule can tell?
    pub fn converged(self) -> bool {
        matches!(self, StopReason::SmallStep | StopReason::ZeroGradient)
    }
}
