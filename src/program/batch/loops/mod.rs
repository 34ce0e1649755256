//! Machine code for arithmetic over columns: a loop a [`Segment`], whose intermediate results stay in vector registers.
//!
//! `registers.rs` decides what lies in which register, `emit.rs` writes the loop over the points of a block, and
//! [`native`](crate::program::native) holds it. Every operation is the instruction of the processor that the kernels
//! have for it, so that no bit changes.

mod emit;
mod registers;

use self::emit::{Layout, emit, lanes};
use super::Level;
use super::level::Kind;
use super::runs::{Segment, Shape};
use crate::program::native::{Reach, Routines};
use crate::program::x64::{Assembler, Width};

/// The loops of a plan.
#[derive(Debug)]
pub(super) struct Loops {
    routines: Routines,
    /// How many points a loop takes at once.
    pub(super) lanes: usize,
    /// How many numbers of memory the loops need behind the slots.
    pub(super) spills: usize,
    /// What follows the numbers of the run in the table that they read.
    pub(super) constants: Vec<f64>,
}

/// Does the level have vectors for which loops are made?
pub(super) fn has_loops(level: Level) -> bool {
    vectors(level).is_some()
}

/// The width of vectors, and how many registers hold one.
fn vectors(level: Level) -> Option<(Width, usize)> {
    match level.0 {
        Kind::Baseline => None,
        Kind::Avx2 => Some((Width::Four, 16)),
        Kind::Avx512 => Some((Width::Eight, 32)),
    }
}

impl Loops {
    /// Machine code for segments; none if there is no memory that could run it, or too many slots.
    pub(super) fn new(segments: &[Segment], shape: Shape) -> Option<Loops> {
        let (width, registers) = vectors(shape.level)?;
        let bytes = |numbers: usize| i32::try_from(numbers * size_of::<f64>()).ok();
        let mut layout = Layout {
            width,
            registers,
            slot: bytes(shape.block)?,
            spills: bytes(shape.slots * shape.block)?,
            inputs: shape.inputs as u32,
            numbers: shape.numbers as u32,
            constants: Vec::new(),
        };
        let mut spilled = 0;
        let mut codes = Vec::with_capacity(segments.len());
        for segment in segments {
            let mut assembler = Assembler::default();
            spilled = spilled.max(emit(segment, &mut layout, &mut assembler));
            codes.push(assembler.bytes);
        }
        let spills = spilled as usize * lanes(width);
        let reach = Reach {
            inputs: shape.inputs,
            outputs: shape.outputs,
            slots: shape.slots * shape.block + spills,
            block: shape.block,
            table: shape.numbers + layout.constants.len(),
            lanes: lanes(width),
        };
        Some(Loops {
            routines: Routines::new(&codes, reach).ok()?,
            lanes: lanes(width),
            spills,
            constants: layout.constants,
        })
    }

    /// Runs a loop over the points from `start` on, as many as the outputs are long: a multiple of the lanes.
    #[inline]
    pub(super) fn run(
        &self,
        which: u32,
        (inputs, start): (&[&[f64]], usize),
        outputs: &mut [&mut [f64]],
        (slots, table): (&mut [f64], &[f64]),
        points: usize,
    ) {
        self.routines.run(
            which as usize,
            (inputs, start),
            outputs,
            (slots, table),
            points,
        );
    }
}
