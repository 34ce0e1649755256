//! The loops over lanes, a copy for each [`Level`].
//!
//! A loop is generic in the function it applies, in how that multiplies and adds, and in which operands are constants; the
//! compiler makes vector code of it for the instructions that the `target_feature` of the copy names. Which copy runs is
//! decided where a kernel is chosen, once for a program, not where it is called. The list of kernels is in
//! [`super::kernels`]. Other modules have work of their own compiled in the same copies: [`Work`].

#![allow(unsafe_code)] // calls of code that is compiled for instructions which not every machine has

use super::super::level::{Kind, Level};
use super::{Arithmetic, Fused, Plain, Wide};

/// A function of one lane of each of `N` columns.
pub(super) trait Lane<const N: usize>: 'static {
    fn at<K: Arithmetic>(arguments: [f64; N]) -> f64;

    /// Are these arguments out of reach for `at`?
    #[inline(always)]
    fn is_rare(_: [f64; N]) -> bool {
        false
    }

    /// The value there.
    fn slow(_: [f64; N]) -> f64 {
        unreachable!("only functions with rare arguments")
    }
}

/// Two functions of one lane, which share work.
pub(super) trait Pair: 'static {
    fn at<K: Arithmetic>(x: f64) -> (f64, f64);
    fn is_rare(x: f64) -> bool;
    fn slow(x: f64) -> (f64, f64);
}

/// What a kernel reads: of each operand a column or a constant, whichever the kernel was chosen for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Operands<'a> {
    pub(crate) columns: [&'a [f64]; 3],
    pub(crate) constants: [f64; 3],
}

/// A loop that applies one function to columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel(unsafe fn(&Operands<'_>, &mut [f64]));

/// A loop that applies two functions to one column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairKernel(unsafe fn(&[f64], &mut [f64], &mut [f64]));

impl Kernel {
    /// Bit k of `CONSTANT` says that operand k is a constant.
    pub(super) fn of<F: Lane<N>, const N: usize, const CONSTANT: u8>(level: Level) -> Kernel {
        Kernel(match level.0 {
            Kind::Baseline => baseline::<F, N, CONSTANT>,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => avx2::<F, N, CONSTANT>,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => avx512::<F, N, CONSTANT>,
        })
    }

    /// Writes the values. Columns must be as long as `out` at least.
    #[inline]
    pub(crate) fn run(self, operands: &Operands<'_>, out: &mut [f64]) {
        // SAFETY: the copy was chosen by a `Level`, which exists only where the machine has its instructions.
        unsafe { (self.0)(operands, out) }
    }
}

impl PairKernel {
    pub(super) fn of<F: Pair>(level: Level) -> PairKernel {
        PairKernel(match level.0 {
            Kind::Baseline => pair_baseline::<F>,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => pair_avx2::<F>,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => pair_avx512::<F>,
        })
    }

    /// Writes both values at `x`, which must be as long as either column at least.
    #[inline]
    pub(crate) fn run(self, x: &[f64], first: &mut [f64], second: &mut [f64]) {
        // SAFETY: as in `Kernel::run`.
        unsafe { (self.0)(x, first, second) }
    }
}

/// Work that is made of loops over numbers, to be compiled once for each level.
pub(crate) trait Work {
    /// What comes out.
    type Output;
    /// The work. It must be inlined, and all that it calls, or it is compiled for the oldest machine.
    fn run<K: Arithmetic>(self) -> Self::Output;
}

/// Does the work with the instructions of a level.
#[inline]
pub(crate) fn work<W: Work>(level: Level, work: W) -> W::Output {
    match level.0 {
        Kind::Baseline => work.run::<Portable>(),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as in `Kernel::run`.
        Kind::Avx2 => unsafe { work_avx2(work) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as in `Kernel::run`.
        Kind::Avx512 => unsafe { work_avx512(work) },
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn work_avx2<W: Work>(work: W) -> W::Output {
    work.run::<Fused>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq")]
fn work_avx512<W: Work>(work: W) -> W::Output {
    work.run::<Wide>()
}

#[cfg(not(target_arch = "aarch64"))]
type Portable = Plain;
/// Every such machine has the fused instruction.
#[cfg(target_arch = "aarch64")]
type Portable = Fused;

fn baseline<F: Lane<N>, const N: usize, const C: u8>(operands: &Operands<'_>, out: &mut [f64]) {
    apply::<Portable, F, N, C>(operands, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<F: Lane<N>, const N: usize, const C: u8>(operands: &Operands<'_>, out: &mut [f64]) {
    apply::<Fused, F, N, C>(operands, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq")]
fn avx512<F: Lane<N>, const N: usize, const C: u8>(operands: &Operands<'_>, out: &mut [f64]) {
    apply::<Fused, F, N, C>(operands, out);
}

fn pair_baseline<F: Pair>(x: &[f64], first: &mut [f64], second: &mut [f64]) {
    apply_pair::<Portable, F>(x, first, second);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn pair_avx2<F: Pair>(x: &[f64], first: &mut [f64], second: &mut [f64]) {
    apply_pair::<Fused, F>(x, first, second);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq")]
fn pair_avx512<F: Pair>(x: &[f64], first: &mut [f64], second: &mut [f64]) {
    apply_pair::<Fused, F>(x, first, second);
}

#[inline(always)]
fn apply<K: Arithmetic, F: Lane<N>, const N: usize, const C: u8>(
    operands: &Operands<'_>,
    out: &mut [f64],
) {
    let n = out.len();
    let mut operands = *operands;
    for k in 0..N {
        if C >> k & 1 == 0 {
            operands.columns[k] = &operands.columns[k][..n];
        }
    }
    let mut rare = 0;
    for i in 0..n {
        let arguments = lane::<N, C>(&operands, i);
        out[i] = F::at::<K>(arguments);
        rare |= u64::from(F::is_rare(arguments));
    }
    if rare != 0 {
        repair::<F, N, C>(&operands, out);
    }
}

/// The arguments at one point. Not `array::from_fn`, which is inlined or not as the compiler likes: not, in programs with
/// many kernels, and then no loop becomes vectors (71 ns instead of 3 for a polynomial and its gradient).
#[inline(always)]
fn lane<const N: usize, const C: u8>(operands: &Operands<'_>, i: usize) -> [f64; N] {
    let mut arguments = [0.0; N];
    for k in 0..N {
        arguments[k] = match C >> k & 1 {
            1 => operands.constants[k],
            _ => operands.columns[k][i],
        };
    }
    arguments
}

/// Away from the loop, which a call would keep from becoming vectors.
#[cold]
#[inline(never)]
fn repair<F: Lane<N>, const N: usize, const C: u8>(operands: &Operands<'_>, out: &mut [f64]) {
    for (i, value) in out.iter_mut().enumerate() {
        let arguments = lane::<N, C>(operands, i);
        if F::is_rare(arguments) {
            *value = F::slow(arguments);
        }
    }
}

#[inline(always)]
fn apply_pair<K: Arithmetic, F: Pair>(x: &[f64], first: &mut [f64], second: &mut [f64]) {
    let n = first.len();
    let (x, second) = (&x[..n], &mut second[..n]);
    let mut rare = 0;
    for i in 0..n {
        (first[i], second[i]) = F::at::<K>(x[i]);
        rare |= u64::from(F::is_rare(x[i]));
    }
    if rare != 0 {
        repair_pair::<F>(x, first, second);
    }
}

#[cold]
#[inline(never)]
fn repair_pair<F: Pair>(x: &[f64], first: &mut [f64], second: &mut [f64]) {
    for (i, &x) in x.iter().enumerate() {
        if F::is_rare(x) {
            (first[i], second[i]) = F::slow(x);
        }
    }
}
