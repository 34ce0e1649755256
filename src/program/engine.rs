//! A program with what runs it: at once by the interpreter, and by native code when it is called often.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use super::batch::Batch;
use super::compiled::{Backend, FunctionError, Running};
use super::native::{Maker, Native};
use super::{Program, ProgramError};
use crate::numeric::EvalError;

/// Copies share the code, and the count of calls.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    program: Program,
    /// How many outputs go to the first of the two places for outputs.
    head: usize,
    /// Empty until it is tried; then it stays, code or failure.
    native: OnceLock<Result<Native, String>>,
    /// Calls so far, counted up to one more than `patience`.
    calls: AtomicU32,
    /// After so many calls native code is made.
    patience: u32,
    /// The same over columns: made when it is first asked for, then kept.
    batch: OnceLock<Batch>,
}

/// Calls are not counted.
const FOREVER: u32 = u32::MAX;

/// Time to make native code, in nanoseconds: for any program, and for each instruction of it. Measured, as the gain, on a
/// machine with other work to do, which lengthens both.
const COMPILE: (f64, f64) = (200_000.0, 3_000.0);

/// Nanoseconds that native code saves in each instruction.
const GAIN: f64 = 5.0;

/// So many numbers lie on the stack.
const FEW: usize = 8;

/// So many calls have cost as much as native code would have saved: who waits that long pays at most twice the least.
fn patience(program: &Program) -> u32 {
    let instructions = program.instructions().len().max(1) as f64;
    ((COMPILE.0 + COMPILE.1 * instructions) / (GAIN * instructions)) as u32
}

impl Engine {
    pub(crate) fn new(
        program: Program,
        head: usize,
        backend: Backend,
    ) -> Result<Engine, FunctionError> {
        if program.needs_complex() {
            return Err(ProgramError::from(EvalError::NeedsComplex).into());
        }
        let (maker, patience) = match backend {
            Backend::Auto => (None, patience(&program)),
            Backend::Interpreter => (None, FOREVER),
            Backend::Native => (Some(Maker::Quickest), FOREVER),
            Backend::Cranelift => (Some(Maker::Cranelift), FOREVER),
        };
        let native = OnceLock::new();
        if let Some(maker) = maker {
            let code = Native::new(&program, head, maker).map_err(FunctionError::NoNativeCode)?;
            let _ = native.set(Ok(code));
        }
        let shared = Arc::new(Shared {
            program,
            head,
            native,
            calls: AtomicU32::new(0),
            patience,
            batch: OnceLock::new(),
        });
        Ok(Engine { shared })
    }

    /// How many outputs there are in both places.
    pub(crate) fn outputs(&self) -> usize {
        self.shared.program.outputs()
    }

    /// What runs the program over columns.
    pub(super) fn batch(&self) -> &Batch {
        let make = || Batch::new(&self.shared.program);
        (self.shared.batch).get_or_init(|| make().expect("no engine is made of complex programs"))
    }

    /// What runs it now.
    pub(super) fn running(&self) -> Running {
        match self.shared.native.get() {
            None => Running::Interpreter,
            Some(Ok(_)) => Running::Native,
            Some(Err(why)) => Running::InterpreterOnly(why.clone()),
        }
    }

    /// Writes the outputs at a point to two places.
    #[inline]
    pub(crate) fn run(&self, point: &[f64], head: &mut [f64], tail: &mut [f64]) {
        match self.native() {
            // A few numbers are faster found on the stack than among what belongs to the thread: 5 ns.
            Some(native) => match native.slots() {
                slots @ ..=FEW => native.run(point, &mut [0.0; FEW][..slots], head, tail),
                slots => with_scratch(slots, |slots| native.run(point, slots, head, tail)),
            },
            None => with_scratch(self.shared.program.registers(), |registers| {
                let found = self.shared.program.run_in(point, registers);
                head.copy_from_slice(&found[..self.shared.head]);
                tail.copy_from_slice(&found[self.shared.head..]);
            }),
        }
    }

    #[inline]
    fn native(&self) -> Option<&Native> {
        match self.shared.native.get() {
            Some(tried) => tried.as_ref().ok(),
            None => self.shared.count(),
        }
    }
}

impl Shared {
    /// Counts a call, of which one makes native code: in its own thread, while the others go on interpreting.
    fn count(&self) -> Option<&Native> {
        if self.patience == FOREVER {
            return None;
        }
        let calls = self.calls.load(Ordering::Relaxed);
        if calls < self.patience {
            // Not one step: where threads meet some calls are not counted, which matters to nobody, and a locked
            // instruction is slow beside a short program.
            self.calls.store(calls + 1, Ordering::Relaxed);
            return None;
        }
        let chosen = calls == self.patience
            && (self.calls)
                .compare_exchange(calls, calls + 1, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if !chosen {
            return None;
        }
        let code = Native::new(&self.program, self.head, Maker::Quickest);
        self.native.get_or_init(|| code).as_ref().ok()
    }
}

thread_local! {
    /// Numbers for whatever runs in this thread: grown when a larger program comes, kept until the thread ends.
    static SCRATCH: Cell<Vec<f64>> = const { Cell::new(Vec::new()) };
    /// The same for outputs that nobody asked for, or that are copied elsewhere.
    static OUTPUTS: Cell<Vec<f64>> = const { Cell::new(Vec::new()) };
}

fn with_scratch<R>(size: usize, run: impl FnOnce(&mut [f64]) -> R) -> R {
    with_kept(&SCRATCH, size, run)
}

/// Lends room for outputs.
pub(crate) fn with_outputs<R>(size: usize, run: impl FnOnce(&mut [f64]) -> R) -> R {
    with_kept(&OUTPUTS, size, run)
}

fn with_kept<R>(
    kept: &'static std::thread::LocalKey<Cell<Vec<f64>>>,
    size: usize,
    run: impl FnOnce(&mut [f64]) -> R,
) -> R {
    // While a thread ends its scratch may be gone already.
    let mut room = kept.try_with(Cell::take).unwrap_or_default();
    if room.len() < size {
        room.resize(size, 0.0);
    }
    let result = run(&mut room[..size]);
    let _ = kept.try_with(|kept| kept.set(room));
    result
}
