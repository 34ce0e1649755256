//! Native code by the cranelift compiler: for every processor that it knows.
//!
//! `plan.rs` decides what waits in memory, `emit.rs` writes the compiler's instructions and `functions.rs` those of the
//! table's functions.

mod emit;
mod functions;
mod plan;

use std::sync::LazyLock;

use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};

use self::emit::{Convention, Features, Source};
use self::plan::Plan;
use super::super::Program;
use super::code::{Assembly, Code, Sizes};

/// The code for a program, of whose outputs the first `head` go to a place of their own.
pub(super) fn compile(program: &Program, head: usize) -> Result<Code, String> {
    // The compiler panics where it meets a limit of its own: no reason to end a program that can be interpreted.
    std::panic::catch_unwind(|| try_to_compile(program, head))
        .unwrap_or_else(|_| Err("the compiler broke off".into()))
}

fn try_to_compile(program: &Program, head: usize) -> Result<Code, String> {
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
    assembly.finish(program.constants(), Sizes::new(program, head, plan.size))
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
