//! When a descent ends, and what it says then.

use std::sync::atomic::AtomicBool;

use super::{Measure, Method};

/// The rules by which a descent ends.
#[derive(Clone, Copy, Debug)]
pub struct Stop<'a> {
    /// Converged when what the method [measures](Method::measure), the step or the scaled gradient, is below this.
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
            tolerance: Measure::Step.default_tolerance(),
            max_iterations: 100_000,
            interrupt: None,
        }
    }
}

impl Stop<'_> {
    /// The tolerance that suits a method, at most 100,000 steps.
    pub fn suiting(method: &dyn Method) -> Self {
        Stop {
            tolerance: method.measure().default_tolerance(),
            ..Stop::default()
        }
    }
}

/// Values below this are taken for the way to minus infinity.
pub const UNBOUNDED_BELOW: f64 = -1e100;

/// Where no lower value is found, the point counts as stationary if its scaled gradient is below this: the square root of
/// the rounding of a double, with room. A kink has a gradient far above.
pub const EXHAUSTED_GRADIENT: f64 = 1e-5;

/// Why a descent ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The last step changed every coordinate by less than the tolerance (or by nothing at all).
    SmallStep,
    /// The scaled gradient is below the tolerance.
    SmallGradient,
    /// The gradient at the start is 0: nowhere to go.
    ZeroGradient,
    /// No lower value can be found in doubles, and the gradient is small.
    Exhausted,
    /// No lower value can be found, although the gradient is not small.
    Stuck,
    /// The number of steps allowed was taken.
    MaxIterations,
    /// The epochs asked for are done.
    EpochsDone,
    /// The rate has decayed to nothing.
    RateVanished,
    /// Value, gradient or point stopped being finite.
    Diverged,
    /// The value falls without end.
    Unbounded,
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
            StopReason::SmallGradient => "gradient below tolerance",
            StopReason::ZeroGradient => "gradient is zero at the start",
            StopReason::Exhausted => "no lower value within rounding",
            StopReason::Stuck => {
                "no lower value found, though the gradient is not small: a kink or a wrong gradient"
            }
            StopReason::MaxIterations => "maximum number of iterations",
            StopReason::EpochsDone => "all epochs done",
            StopReason::RateVanished => "the rate decayed to nothing: try a slower decay",
            StopReason::Diverged => "diverged: try a smaller rate",
            StopReason::Unbounded => "unbounded: the value falls without end",
            StopReason::BadStart => "function or gradient not finite at the start",
            StopReason::Interrupted => "interrupted",
        }
    }

    /// Was a stationary point reached, as far as the rule can tell?
    pub fn converged(self) -> bool {
        match self {
            StopReason::SmallStep
            | StopReason::SmallGradient
            | StopReason::ZeroGradient
            | StopReason::Exhausted => true,
            StopReason::Stuck
            | StopReason::MaxIterations
            | StopReason::EpochsDone
            | StopReason::RateVanished
            | StopReason::Diverged
            | StopReason::Unbounded
            | StopReason::BadStart
            | StopReason::Interrupted => false,
        }
    }
}
