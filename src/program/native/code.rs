//! The code of programs in memory: where it is made executable, called and freed. What is unsafe of native code is here, and
//! in `routines.rs` for code over columns.
//!
//! Code is written to pages that are writable, which become executable and no longer writable when all of it is there: by
//! the compiler's module, or by the operating system. Nothing is called before, nothing is changed afterwards.

#![allow(unsafe_code)]

use std::mem;
use std::sync::Mutex;

use cranelift_codegen::{Context, ir, isa::OwnedTargetIsa};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Module, default_libcall_names};

use crate::program::Program;

/// A function of machine code: constants, point, slots, the first outputs, the other outputs.
type Chunk = unsafe extern "C" fn(*const f64, *const f64, *mut f64, *mut f64, *mut f64);

/// Machine code in the making.
pub(super) struct Assembly {
    module: JITModule,
    context: Context,
    chunks: Vec<FuncId>,
}

impl Assembly {
    pub(super) fn new(isa: OwnedTargetIsa) -> Assembly {
        let module = JITModule::new(JITBuilder::with_isa(isa, default_libcall_names()));
        Assembly {
            context: module.make_context(),
            module,
            chunks: Vec::new(),
        }
    }

    /// Compiles a function to be run after those before it.
    pub(super) fn add(&mut self, function: ir::Function) -> Result<(), String> {
        let id = self
            .module
            .declare_anonymous_function(&function.signature)
            .map_err(reason)?;
        self.context.func = function;
        let defined = self.module.define_function(id, &mut self.context);
        defined.map_err(reason)?;
        self.module.clear_context(&mut self.context);
        self.chunks.push(id);
        Ok(())
    }

    /// Makes it executable.
    pub(super) fn finish(mut self, constants: &[f64], sizes: Sizes) -> Result<Code, String> {
        self.module.finalize_definitions().map_err(reason)?;
        let chunks = self.chunks.iter().map(|&id| {
            let address = self.module.get_finalized_function(id);
            // SAFETY: the code at this address has been compiled with the signature of `Chunk`
            // (`emit::Convention::signature`), and stays there until the module is freed, after the last call.
            unsafe { mem::transmute::<*const u8, Chunk>(address) }
        });
        Ok(Code {
            chunks: chunks.collect(),
            constants: constants.into(),
            sizes,
            pages: Pages::Module(Box::new(Mutex::new(Some(self.module)))),
        })
    }
}

fn reason(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// How much memory the code of a program reaches behind each of its addresses: no more than so many numbers, beside the
/// program's constants.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) point: usize,
    pub(super) slots: usize,
    pub(super) head: usize,
    pub(super) tail: usize,
}

impl Sizes {
    pub(super) fn new(program: &Program, head: usize, slots: usize) -> Sizes {
        Sizes {
            point: program.inputs(),
            slots,
            head,
            tail: program.outputs() - head,
        }
    }
}

/// Where the code is, until it is freed.
enum Pages {
    /// Touched by no one before it is freed. The lock makes it `Sync`, and is never taken.
    Module(Box<Mutex<Option<JITModule>>>),
    /// Freed when it is dropped.
    #[cfg(all(target_arch = "x86_64", unix))]
    Mapped(#[expect(dead_code, reason = "it owns what is called")] memmap2::Mmap),
}

/// Machine code that can be called, from any thread, until it is dropped.
pub(super) struct Code {
    chunks: Vec<Chunk>,
    constants: Box<[f64]>,
    pub(super) sizes: Sizes,
    pages: Pages,
}

impl Code {
    /// The code that `one_pass` makes for a program.
    #[cfg(all(target_arch = "x86_64", unix))]
    pub(super) fn mapped(program: &Program, head: usize) -> Result<Code, String> {
        let made = super::one_pass::generate(program, head);
        let mut pages = memmap2::MmapMut::map_anon(made.bytes.len()).map_err(reason)?;
        pages.copy_from_slice(&made.bytes);
        let pages = pages.make_exec().map_err(reason)?;
        // SAFETY: a function with the signature of `Chunk` begins with the first byte (`one_pass::generate`), for which
        // this processor has all instructions (`one_pass::suits`), and stays there until the pages are freed, after the
        // last call.
        let chunk = unsafe { mem::transmute::<*const u8, Chunk>(pages.as_ptr()) };
        Ok(Code {
            chunks: vec![chunk],
            constants: made.constants.into(),
            sizes: Sizes::new(program, head, made.slots),
            pages: Pages::Mapped(pages),
        })
    }

    /// Is it the code of `one_pass`?
    #[cfg(all(test, target_arch = "x86_64", unix))]
    pub(super) fn is_mapped(&self) -> bool {
        matches!(self.pages, Pages::Mapped(_))
    }

    /// Runs all of it.
    ///
    /// # Panics
    /// If a slice has not the length that was said when the code was made.
    #[inline]
    pub(super) fn run(&self, point: &[f64], slots: &mut [f64], head: &mut [f64], tail: &mut [f64]) {
        let sizes = self.sizes;
        let fits = point.len() == sizes.point
            && slots.len() == sizes.slots
            && head.len() == sizes.head
            && tail.len() == sizes.tail;
        assert!(fits, "slices of other lengths than {sizes:?}");
        let (constants, point) = (self.constants.as_ptr(), point.as_ptr());
        let (slots, head, tail) = (slots.as_mut_ptr(), head.as_mut_ptr(), tail.as_mut_ptr());
        for chunk in &self.chunks {
            // SAFETY: the code is there as long as `self` is. It has no branches, and reads and writes only at
            // places that `Program::place` gave: constants of its program, which are here (with those of its maker), and
            // numbers below the sizes that the slices were just found to have. The slices do not overlap, as three of
            // them are exclusive borrows. It calls functions of this crate that do not unwind: they are arithmetic.
            unsafe { chunk(constants, point, slots, head, tail) }
        }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        if let Pages::Module(module) = &mut self.pages
            && let Ok(Some(module)) = module.get_mut().map(Option::take)
        {
            // SAFETY: nothing runs the code, as that borrows `self`, and the pointers to it go with `self`: they
            // were never handed out.
            unsafe { module.free_memory() }
        }
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code")
            .field("chunks", &self.chunks.len())
            .field("sizes", &self.sizes)
            .finish()
    }
}
