//! Programs as code of the processor, made at run time by the cranelift compiler: for one point at a time.
//!
//! `plan.rs` decides what waits in memory, `emit.rs` writes the compiler's instructions and `functions.rs` those of the
//! table's functions, `code.rs` holds what comes out. The results are the interpreter's to the last bit: an operation is
//! the same instruction of the processor, or a call of the same function.

mod code;
mod emit;
mod functions;
mod plan;
#[cfg(all(target_arch = "x86_64", unix))]
mod routines;

#[cfg(all(target_arch = "x86_64", unix))]
pub(super) use self::routines::{Reach, Routines};

use std::sync::LazyLock;

use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};

use self::code::{Assembly, Code, Sizes};
use self::emit::{Convention, Features, MAX_INDEX, Source};
use self::plan::Plan;
use super::Program;

/// A program compiled for this processor.
#[derive(Debug)]
pub(super) struct Native {
    code: Code,
}

impl Native {
    /// Compiles a program. Its outputs go to two places: the first `head` of them, and the others.
    pub(super) fn new(program: &Program, head: usize) -> Result<Native, String> {
        assert!(head <= program.outputs(), "the outputs are divided in two");
        if program.needs_complex() {
            return Err("the imaginary unit has no real value".into());
        }
        if program.registers() > MAX_INDEX {
            return Err(format!("there are more than {MAX_INDEX} registers"));
        }
        // The compiler panics where it meets a limit of its own: no reason to end a program that can be interpreted.
        std::panic::catch_unwind(|| Native::compile(program, head))
            .unwrap_or_else(|_| Err("the compiler broke off".into()))
    }

    fn compile(program: &Program, head: usize) -> Result<Native, String> {
        let count = program.instructions().len();
        let isa = isa(count)?;
        let plan = Plan::new(program);
        let source = Source {
            program,
            plan: &plan,
            head,
            features: features(&*isa),
            convention: Convention {
                call: isa.default_call_conv(),
                pointer: isa.pointer_type(),
            },
        };
        let mut held = vec![None; program.registers()];
        let mut assembly = Assembly::new(isa);
        for start in (0..count).step_by(plan::CHUNK) {
            let part = start..count.min(start + plan::CHUNK);
            assembly.add(emit::emit(&source, part, &mut held))?;
        }
        let sizes = Sizes {
            point: program.inputs(),
            slots: plan.size,
            head,
            tail: program.outputs() - head,
        };
        let code = assembly.finish(program.constants(), sizes)?;
        Ok(Native { code })
    }

    /// For how many numbers a run needs room.
    #[inline]
    pub(super) fn slots(&self) -> usize {
        self.code.sizes.slots
    }

    /// Writes the outputs at a point. `slots` has [`slots`](Self::slots) numbers, whatever they are.
    #[inline]
    pub(super) fn run(&self, point: &[f64], slots: &mut [f64], head: &mut [f64], tail: &mut [f64]) {
        self.code.run(point, slots, head, tail);
    }
}

/// From so many instructions on the compiler chooses registers in one pass: for 120,000 it took
/// 190 ms instead of 430, and the code ran 2.5 times slower.
const HUGE: usize = 200_000;

/// This processor, with all that it can do, and how code for it is made. Found once.
fn isa(instructions: usize) -> Result<OwnedTargetIsa, String> {
    type Found = Result<OwnedTargetIsa, String>;
    static USUAL: LazyLock<Found> = LazyLock::new(|| make_isa("backtracking"));
    static FAST: LazyLock<Found> = LazyLock::new(|| make_isa("single_pass"));
    let found = if instructions < HUGE { &USUAL } else { &FAST };
    (**found).clone()
}

fn make_isa(registers: &str) -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    let choices = [
        ("regalloc_algorithm", registers),
        // A program has no common parts and no constants to fold. Looking for them took as long as all the rest: 77 ms
        // instead of 38 for 12,000 instructions.
        ("opt_level", "none"),
        // The instructions are this module's own; what they compute is tested.
        ("enable_verifier", "false"),
        ("unwind_info", "false"),
        ("is_pic", "false"),
        // A frame larger than a page must not step over the guard at the end of the stack.
        ("enable_probestack", "true"),
        ("probestack_strategy", "inline"),
    ];
    for (name, value) in choices {
        flags.set(name, value).map_err(|error| error.to_string())?;
    }
    let builder = cranelift_native::builder().map_err(str::to_owned)?;
    let isa = builder.finish(settings::Flags::new(flags));
    isa.map_err(|error| error.to_string())
}

/// Where the compiler would call functions by name instead, it is told to call ours by address.
fn features(isa: &dyn TargetIsa) -> Features {
    let x86 = isa.name() == "x64";
    let has = |name: &str| {
        let mut flags = isa.isa_flags().into_iter();
        flags.any(|flag| flag.name == name && flag.as_bool() == Some(true))
    };
    Features {
        fuses: !x86 || has("has_fma") && has("has_avx"),
        rounds: !x86 || has("has_sse41"),
    }
}
