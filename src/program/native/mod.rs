//! Programs as code of the processor, made at run time by the cranelift compiler: for one point at a time.
//!
//! `plan.rs` decides what waits in memory, `emit.rs` writes the compiler's instructions and `functions.rs` those of the
//! table's functions, `code.rs` holds what comes out. The results are the interpreter's to the last bit: an operation is
//! the same instruction of the processor, or a call of the same function.

mod code;
mod emit;
mod functions;
mod plan;

use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};

use self::code::{Assembly, Code, Sizes};
use self::emit::{Convention, Features, MAX_INDEX, Source};
use super::Program;

/// A program compiled for this processor.
#[derive(Debug)]
pub(super) struct Native {
    code: Code,
    constants: Box<[f64]>,
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
        let count = program.instructions().len();
        let isa = isa()?;
        let source = Source {
            program,
            stores: &plan::stores(program),
            head,
            features: features(&*isa),
            convention: Convention {
                call: isa.default_call_conv(),
                pointer: isa.pointer_type(),
            },
        };
        // Where nothing waits in memory, none is needed.
        let slots = match source.stores.contains(&true) {
            true => program.slots(),
            false => 0,
        };
        let mut held = vec![None; program.registers()];
        let mut assembly = Assembly::new(isa);
        for start in (0..count).step_by(plan::CHUNK) {
            let part = start..count.min(start + plan::CHUNK);
            assembly
                .add(emit::emit(&source, part, &mut held))
                .map_err(|error| error.to_string())?;
        }
        let sizes = Sizes {
            constants: program.constants().len(),
            point: program.inputs(),
            slots,
            head,
            tail: program.outputs() - head,
        };
        Ok(Native {
            code: assembly.finish(sizes).map_err(|error| error.to_string())?,
            constants: program.constants().into(),
        })
    }

    /// For how many numbers a run needs room.
    #[inline]
    pub(super) fn slots(&self) -> usize {
        self.code.sizes.slots
    }

    /// Writes the outputs at a point. `slots` has [`slots`](Self::slots) numbers, whatever they are.
    #[inline]
    pub(super) fn run(&self, point: &[f64], slots: &mut [f64], head: &mut [f64], tail: &mut [f64]) {
        self.code.run(&self.constants, point, slots, head, tail);
    }
}

/// This processor, with all that it can do.
fn isa() -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    let choices = [
        ("opt_level", "speed"),
        ("regalloc_algorithm", "backtracking"),
        ("enable_alias_analysis", "false"),
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
