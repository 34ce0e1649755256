//! Machine code in memory: the one place where it is made executable, called and freed. All that is unsafe is here.
//!
//! The compiler's module writes code to pages that are writable, and makes them executable and no longer writable when
//! all of it is there. Nothing is called before, nothing is changed afterwards.

#![allow(unsafe_code)]

use std::mem;
use std::sync::Mutex;

use cranelift_codegen::{Context, ir, isa::OwnedTargetIsa};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Module, ModuleError, default_libcall_names};

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
            module: Mutex::new(Some(self.module)),
        })
    }
}

fn reason(error: ModuleError) -> String {
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

/// Machine code that can be called, from any thread, until it is dropped.
pub(super) struct Code {
    chunks: Vec<Chunk>,
    constants: Box<[f64]>,
    pub(super) sizes: Sizes,
    /// Holds the pages; touched by no one until they are freed. The lock makes it `Sync`, and is never taken.
    module: Mutex<Option<JITModule>>,
}

impl Code {
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
            // places that `Program::place` gave: constants of its program, which are here, and numbers below the sizes
            // that the slices were just found to have. The slices do not overlap, as three of them are exclusive
            // borrows. It calls functions of this crate that do not unwind: they are arithmetic.
            unsafe { chunk(constants, point, slots, head, tail) }
        }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        let module = self.module.get_mut().map(Option::take);
        if let Ok(Some(module)) = module {
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
