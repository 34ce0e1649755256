//! When loops of machine code are made: once the points have cost as much as making them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::plan::Plan;
use crate::program::Program;

/// How many points are gone through by kernels at most, in all runs together: loops save 1 to 6 ns a point, and take some
/// 150 microseconds to make.
const POINTS: usize = 40_000;

/// A plan with loops that is made when it pays. Copies share it.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    /// None where none will be made.
    shared: Option<Arc<Shared>>,
}

#[derive(Debug)]
struct Shared {
    program: Program,
    points: AtomicUsize,
    plan: OnceLock<Option<Plan>>,
}

impl Patience {
    pub(super) fn new(program: &Program) -> Patience {
        let shared = Plan::may_have_loops(program).then(|| {
            Arc::new(Shared {
                program: program.clone(),
                points: AtomicUsize::new(0),
                plan: OnceLock::new(),
            })
        });
        Patience { shared }
    }

    pub(super) fn never() -> Patience {
        Patience { shared: None }
    }

    /// The plan for a run over so many points: `plain`, or what has the same results by machine code.
    pub(super) fn plan<'a>(&'a self, plain: &'a Plan, points: usize) -> &'a Plan {
        let Some(shared) = &self.shared else {
            return plain;
        };
        if shared.plan.get().is_none() {
            let so_far = shared.points.fetch_add(points, Ordering::Relaxed);
            if so_far.saturating_add(points) < POINTS {
                return plain;
            }
        }
        shared.with_loops(plain).unwrap_or(plain)
    }

    /// Makes it now.
    pub(super) fn end(&self, plain: &Plan) {
        if let Some(shared) = &self.shared {
            shared.with_loops(plain);
        }
    }
}

impl Shared {
    fn with_loops(&self, plain: &Plan) -> Option<&Plan> {
        let made = || plain.with_loops(&self.program);
        self.plan.get_or_init(made).as_ref()
    }
}
