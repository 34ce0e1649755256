//! Machine code that works on columns, made elsewhere: here it is made executable, called and freed.

#![allow(unsafe_code)]

use std::mem;

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
    /// Freed when it is dropped.
    #[expect(dead_code, reason = "it owns what is called")]
    pages: memmap2::Mmap,
}

fn no_pages(error: impl std::fmt::Display) -> String {
    format!("there is no memory for code: {error}")
}

/// Routines begin at a multiple of this many bytes.
const ALIGNMENT: usize = 64;

impl Routines {
    /// Takes the code of routines, which must keep within their reach: that is the assembler's part.
    pub(in crate::program) fn new(codes: &[Vec<u8>], reach: Reach) -> Result<Routines, String> {
        let mut bytes = Vec::new();
        let mut starts = Vec::with_capacity(codes.len());
        for code in codes {
            starts.push(bytes.len());
            bytes.extend_from_slice(code);
            bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        }
        // Not nothing, of which there are no pages.
        let mut pages = memmap2::MmapMut::map_anon(bytes.len().max(1)).map_err(no_pages)?;
        pages[..bytes.len()].copy_from_slice(&bytes);
        let pages = pages.make_exec().map_err(no_pages)?;
        let routines = starts.into_iter().map(|start| {
            let address = pages[start..].as_ptr();
            // SAFETY: at this address stands code that keeps to the calling convention of C for the arguments of
            // `Routine` (`batch/loops/emit.rs`), of instructions that this processor has (`Level`), and it stays there
            // until the pages are freed, after the last call.
            unsafe { mem::transmute::<*const u8, Routine>(address) }
        });
        Ok(Routines {
            routines: routines.collect(),
            reach,
            pages,
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

impl std::fmt::Debug for Routines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Routines")
            .field("routines", &self.routines.len())
            .field("reach", &self.reach)
            .finish()
    }
}
