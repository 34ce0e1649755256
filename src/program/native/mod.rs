//! Programs as code of the processor, made at run time: for one point at a time.
//!
//! On x86-64 processors with AVX, where functions are called by the convention of System V, the code is written here, in
//! one pass (`one_pass/`); elsewhere by the cranelift compiler (`cranelift/`), which takes 40 times as long and serves as
//! the other opinion. `code.rs` holds what comes out, `calls.rs` what it calls. The results are the interpreter's to the last
//! bit: an operation is the same instruction of the processor, or a call of the same function.

mod calls;
mod code;
mod cranelift;
#[cfg(all(target_arch = "x86_64", unix))]
mod one_pass;
#[cfg(all(target_arch = "x86_64", unix))]
mod routines;

#[cfg(all(target_arch = "x86_64", unix))]
pub(super) use self::routines::{Reach, Routines};

use self::code::Code;
use super::Program;

/// Who makes the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// Whoever is quickest.
    Quickest,
    Cranelift,
}

/// Nanoseconds to make code, for any program and for each instruction: 67 to 115 were measured for one of `one_pass`,
/// and 3,000 to 7,000 for one of cranelift.
const IN_ONE_PASS: (f64, f64) = (7_000.0, 80.0);
const BY_CRANELIFT: (f64, f64) = (200_000.0, 3_000.0);

/// A program compiled for this processor.
#[derive(Debug)]
pub(super) struct Native {
    code: Code,
}

/// The largest index that is reached from a base address.
const MAX_INDEX: usize = (i32::MAX / 8) as usize;

impl Native {
    /// Compiles a program. Its outputs go to two places: the first `head` of them, and the others.
    pub(super) fn new(program: &Program, head: usize, maker: Maker) -> Result<Native, String> {
        assert!(head <= program.outputs(), "the outputs are divided in two");
        if program.needs_complex() {
            return Err("the imaginary unit has no real value".into());
        }
        if program.registers() > MAX_INDEX {
            return Err(format!("there are more than {MAX_INDEX} registers"));
        }
        let code = match maker {
            #[cfg(all(target_arch = "x86_64", unix))]
            Maker::Quickest if one_pass::suits(program) => Code::mapped(program, head)?,
            _ => cranelift::compile(program, head)?,
        };
        Ok(Native { code })
    }

    /// About how many nanoseconds [`new`](Self::new) takes for whoever is quickest.
    pub(super) fn time_to_make(program: &Program) -> f64 {
        #[cfg(all(target_arch = "x86_64", unix))]
        let is_quick = one_pass::suits(program);
        #[cfg(not(all(target_arch = "x86_64", unix)))]
        let is_quick = false;
        let (fixed, each) = if is_quick { IN_ONE_PASS } else { BY_CRANELIFT };
        fixed + each * program.instructions().len() as f64
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

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::expr::{Arena, Function};

    /// `n` chains that are all begun before any of them goes on, so that most wait in memory, with calls or without.
    fn program(n: usize, calls: bool) -> Program {
        let mut arena = Arena::new();
        let names: Vec<String> = (0..n).map(|i| format!("x_{i}")).collect();
        let inputs: Vec<_> = names.iter().map(|name| arena.symbol(name)).collect();
        let mut made = inputs.clone();
        for _ in 0..4 {
            for at in 0..n {
                let (a, b) = (made[at], made[(7 * at + 3) % n]);
                let f = if calls { Function::Sin } else { Function::Abs };
                let (product, f) = (arena.mul(a, b), arena.call(f, b));
                made[at] = arena.sub(product, f);
            }
        }
        let symbols: Vec<_> = (names.iter())
            .map(|name| arena.find_symbol(name).expect("it was made"))
            .collect();
        Program::new(&arena, &made, &symbols, Options::PLAIN).expect("a program")
    }

    /// Nothing around the numbers that it is lent is changed, by either maker.
    #[test]
    fn code_keeps_to_its_slices() {
        const GUARD: f64 = 1.25e77;
        for (n, calls) in [(1, false), (9, true), (100, false), (100, true)] {
            let program = program(n, calls);
            let point: Vec<f64> = (0..n).map(|i| i as f64 * 0.1 - 3.0).collect();
            let mut expected = vec![0.0; n];
            let mut scratch = vec![0.0; program.registers()];
            program.run(&point, &mut scratch, &mut expected);
            for maker in [Maker::Quickest, Maker::Cranelift] {
                for head in [0, n / 3, n] {
                    let native = Native::new(&program, head, maker).expect("native code");
                    let guarded = |length: usize| vec![GUARD; length + 16];
                    let (mut slots, mut first) = (guarded(native.slots()), guarded(head));
                    let mut others = guarded(n - head);
                    let inner = |room: &mut Vec<f64>| 8..room.len() - 8;
                    let (of_slots, of_first) = (inner(&mut slots), inner(&mut first));
                    let of_others = inner(&mut others);
                    native.run(
                        &point,
                        &mut slots[of_slots],
                        &mut first[of_first.clone()],
                        &mut others[of_others.clone()],
                    );
                    assert_eq!(
                        [&first[of_first], &others[of_others]].concat(),
                        expected,
                        "{maker:?}"
                    );
                    for room in [slots, first, others] {
                        let (before, rest) = room.split_at(8);
                        let behind = &rest[rest.len() - 8..];
                        assert!([before, behind].concat().iter().all(|&x| x == GUARD));
                    }
                }
            }
        }
    }

    /// The other tests compare two makers only where this machine has both.
    #[test]
    #[cfg(all(target_arch = "x86_64", unix))]
    fn the_quickest_maker_needs_no_compiler() {
        if !is_x86_feature_detected!("avx") {
            println!("skipped: this machine has no AVX");
            return;
        }
        let program = program(5, true);
        assert!(one_pass::suits(&program));
        let native = Native::new(&program, 0, Maker::Quickest).expect("native code");
        assert!(native.code.is_mapped());
    }
}
