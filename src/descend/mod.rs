//! Descent: following derivatives down to a minimum.
//!
//! [`descend`] is the loop; what it goes down is an [`Objective`], how it steps is a [`Method`] (a file each), when it
//! ends is a [`Stop`], and who wants to see it on the way is an observer. [`Descent`] is the same loop with a state that
//! can be written down and continued, and [`auto`] chooses a method. Nothing here knows of text, and only
//! [`FormulaObjective`] knows of expressions.
//!
//! | family | methods | need |
//! | --- | --- | --- |
//! | [`FirstOrder`], a rate is given | [`GradientDescent`], [`Momentum`], [`Nesterov`], [`AdaGrad`], [`RmsProp`], [`Adam`], [`AdamW`]; with [`Decay`], [`Bounds`], [`Batches`] | gradients |
//! | [`LineSearch`] | [`Steepest`], [`ConjugateGradient`], [`Bfgs`], [`LBfgs`]; with [`Backtracking`] or [`StrongWolfe`] | gradients |
//! | within bounds | [`ProjectedLBfgs`] | gradients |
//! | [`TrustRegion`] | [`Newton`], [`LevenbergMarquardt`] | Hessians; residuals |
//! | products only | [`NewtonCg`] | products with Hessians |

#[cfg(feature = "argmin")]
mod argmin;
mod auto;
mod bounds;
mod closure;
mod driver;
mod first_order;
mod formula;
mod line_search;
mod memory;
mod method;
mod objective;
mod observer;
mod projected_lbfgs;
mod random;
mod rate;
pub mod rows;
mod stop;
mod trust_region;
mod verdict;
mod verdict_within;

#[cfg(feature = "argmin")]
pub use argmin::ForArgmin;
pub use auto::{MAX_DENSE_DIMENSION, MAX_DENSE_JACOBIAN, auto};
pub use bounds::{Bounds, BoundsError};
pub use closure::ClosureObjective;
pub use driver::{Descent, Outcome, Snapshot, descend};
pub use first_order::{
    AdaGrad, Adam, AdamW, Batches, FirstOrder, GradientDescent, Momentum, Nesterov, RmsProp, Rule,
};
pub use formula::FormulaObjective;
pub use line_search::{
    Backtracking, Bfgs, ConjugateGradient, Direction, LBfgs, LineSearch, Search, Steepest,
    StrongWolfe,
};
pub use memory::{Memory, MemoryError};
pub use method::{Advance, Cost, Counted, Iterate, Measure, Method, scaled_gradient};
pub use objective::{Objective, Offers};
pub use observer::{Iteration, Trace, TraceRow};
pub use projected_lbfgs::ProjectedLBfgs;
pub use rate::Decay;
pub use stop::{EXHAUSTED_GRADIENT, Stop, StopReason, UNBOUNDED_BELOW};
pub use trust_region::{Curvature, LevenbergMarquardt, Model, Newton, NewtonCg, TrustRegion};
pub use verdict::{Kind, MAX_VERDICT_DIMENSION, Verdict, verdict};
pub use verdict_within::verdict_within;
