//! Machine code that works on columns, made elsewhere: here it is made executable, called and freed.

#![allow(unsafe_code)]

use std::mem;
use std::sync::Mutex;

use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Module, default_libcall_names};
use smallvec::SmallVec;

/// A loop: the addresses of the columns, slots, the table of numbers, how many points.
type Routine = unsafe extern "C" fn(*const *mut f64, *mut f64, *const f64, usize);

/// What the code reads and writes.
#[derive(Clone, Copy, Debug)]
pub(in crate::program) struct Reach {
    /// Columns that are read, in the list of columns before those that are written.
    pub(in crate::program) inputs: usize,
    pub(in crate::program) outputs: usize,
    /// Numbers of memory for whatever.
    pub(in crate::program) slots: usize,
    /// Points of a call, at most.
    pub(in crate::program) block: usize,
    /// Numbers that are read.
    pub(in crate::program) table: usize,
    /// Points are a multiple of this.
    pub(in crate::program) lanes: usize,
}

/// Routines that can be called, from any thread, until they are dropped.
pub(in crate::program) struct Routines {
    routines: Vec<Routine>,
    reach: Reach,
    /// Holds the pages; touched by no one until they are freed. The lock makes it `Sync`, and is never taken.
    module: Mutex<Option<JITModule>>,
}

const ALIGNMENT: u64 = 64;

impl Routines {
    /// Takes the code of routines, which must keep within their reach: that is the assembler's part.
    pub(in crate::program) fn new(codes: &[Vec<u8>], reach: Reach) -> Result<Routines, String> {
        let isa = super::isa(0)?;
        let mut module = JITModule::new(JITBuilder::with_isa(isa, default_libcall_names()));
        let signature = module.make_signature();
        let mut ids = Vec::with_capacity(codes.len());
        for code in codes {
            let id = module.declare_anonymous_function(&signature);
            let id = id.map_err(|error| error.to_string())?;
            let defined = module.define_function_bytes(id, ALIGNMENT, code, &[]);
            defined.map_err(|error| error.to_string())?;
            ids.push(id);
        }
        let done = module.finalize_definitions();
        done.map_err(|error| error.to_string())?;
        let routines = ids.into_iter().map(|id| {
            let address = module.get_finalized_function(id);
            // SAFETY: at this address stands code that keeps to the calling convention of C for the arguments of
            // `Routine` (`batch/loops/emit.rs`), and it stays there until the module is freed, after the last call.
            unsafe { mem::transmute::<*const u8, Routine>(address) }
        });
        Ok(Routines {
            routines: routines.collect(),
            reach,
            module: Mutex::new(Some(module)),
        })
    }

    /// Runs a routine over the points of the inputs from `start` on and the first ones of the outputs.
    ///
    /// # Panics
    /// If anything is shorter than was said when the code was made, or the points are too many or no multiple of the
    /// lanes.
    #[inline]
    pub(in crate::program) fn run(
        &self,
        which: usize,
        (inputs, start): (&[&[f64]], usize),
        outputs: &mut [&mut [f64]],
        (slots, table): (&mut [f64], &[f64]),
        points: usize,
    ) {
        let reach = self.reach;
        assert!(points <= reach.block && points.is_multiple_of(reach.lanes) && points > 0);
        assert!(slots.len() >= reach.slots && table.len() >= reach.table);
        assert!(inputs.len() >= reach.inputs && outputs.len() >= reach.outputs);
        let mut columns: SmallVec<[*mut f64; 16]> = SmallVec::new();
        let inputs = inputs[..reach.inputs].iter();
        // The code only reads them.
        columns.extend(inputs.map(|column| column[start..][..points].as_ptr().cast_mut()));
        let outputs = outputs[..reach.outputs].iter_mut();
        columns.extend(outputs.map(|column| column[..points].as_mut_ptr()));
        let (slots, table) = (slots.as_mut_ptr(), table.as_ptr());
        // SAFETY: the code is there as long as `self` is. It reads and writes only within its reach, which the slices were
        // just found to have: of each column `points` numbers, of the slots and the table as many as were said. What it
        // writes are exclusive borrows. It calls nothing.
        unsafe { self.routines[which](columns.as_ptr(), slots, table, points) }
    }
}

impl Drop for Routines {
    fn drop(&mut self) {
        let module = self.module.get_mut().map(Option::take);
        if let Ok(Some(module)) = module {
            // SAFETY: nothing runs the code, as that borrows `self`, and the pointers to it go with `self`: they
            // were never handed out.
            unsafe { module.free_memory() }
        }
    }
}

impl std::fmt::Debug for Routines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Routines")
            .field("routines", &self.routines.len())
            .field("reach", &self.reach)
            .finish()
    }
}
