//! The loops over lanes, a copy for each [`Level`], and the list of the functions that have one.
//!
//! A loop is generic in the function it applies and in how that multiplies and adds; the compiler makes vector code of it
//! for the instructions that the `target_feature` of the copy names. Which copy runs is decided where a kernel is chosen,
//! once for a program, not where it is called.

#![allow(unsafe_code)] // calls of code that is compiled for instructions which not every machine has

use super::{Arithmetic, Fused, Plain};
use super::{angle, error, exponential, hyperbolic, logarithm, power, step, trigonometric};
use crate::expr::Function;
use crate::program::batch::level::{Kind, Level};

/// A function of one lane of each of `N` columns.
trait Lane<const N: usize>: 'static {
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

type Raw<const N: usize> = unsafe fn([&[f64]; N], &mut [f64]);

/// A loop that applies one function to columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel<const N: usize>(Raw<N>);

impl<const N: usize> Kernel<N> {
    fn of<F: Lane<N>>(level: Level) -> Kernel<N> {
        Kernel(match level.0 {
            Kind::Baseline => baseline::<F, N>,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => avx2::<F, N>,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => avx512::<F, N>,
        })
    }

    /// Writes the values at the columns of arguments, all of them as long as `out`.
    #[inline]
    pub(crate) fn run(self, arguments: [&[f64]; N], out: &mut [f64]) {
        // SAFETY: the copy was chosen by a `Level`, which exists only where the machine has its instructions.
        unsafe { (self.0)(arguments, out) }
    }
}

#[inline(always)]
fn apply<K: Arithmetic, F: Lane<N>, const N: usize>(arguments: [&[f64]; N], out: &mut [f64]) {
    let n = out.len();
    let arguments = arguments.map(|column| &column[..n]);
    let mut rare = 0;
    for i in 0..n {
        let lane = arguments.map(|column| column[i]);
        out[i] = F::at::<K>(lane);
        rare |= u64::from(F::is_rare(lane));
    }
    if rare != 0 {
        repair::<F, N>(arguments, out);
    }
}

/// Away from the loop, which a call would keep from becoming vectors.
#[cold]
#[inline(never)]
fn repair<F: Lane<N>, const N: usize>(arguments: [&[f64]; N], out: &mut [f64]) {
    for (i, value) in out.iter_mut().enumerate() {
        let lane = arguments.map(|column| column[i]);
        if F::is_rare(lane) {
            *value = F::slow(lane);
        }
    }
}

#[cfg(not(target_arch = "aarch64"))]
type Portable = Plain;
/// Every such machine has the fused instruction.
#[cfg(target_arch = "aarch64")]
type Portable = Fused;

fn baseline<F: Lane<N>, const N: usize>(arguments: [&[f64]; N], out: &mut [f64]) {
    apply::<Portable, F, N>(arguments, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<F: Lane<N>, const N: usize>(arguments: [&[f64]; N], out: &mut [f64]) {
    apply::<Fused, F, N>(arguments, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq")]
fn avx512<F: Lane<N>, const N: usize>(arguments: [&[f64]; N], out: &mut [f64]) {
    apply::<Fused, F, N>(arguments, out);
}

/// The functions that have kernels: for each a type, and an arm of the `match` that finds its loops. An angle in
/// brackets is too large for the loop, and goes to the scalar function behind it.
macro_rules! kernels {
    ($name:ident, $n:tt: $($function:ident = $value:path $([$rare:path, $slow:path])?),* $(,)?) => {
        $(
            struct $function;
            impl Lane<$n> for $function {
                #[inline(always)]
                fn at<K: Arithmetic>(arguments: [f64; $n]) -> f64 {
                    kernels!(@call $value, K, arguments, $n)
                }
                $(
                    #[inline(always)]
                    fn is_rare([x]: [f64; $n]) -> bool {
                        $rare(x)
                    }
                    fn slow([x]: [f64; $n]) -> f64 {
                        $slow(x)
                    }
                )?
            }
        )*

        /// The kernel of a function, if it has one of this number of arguments.
        pub(crate) fn $name(function: Function, level: Level) -> Option<Kernel<$n>> {
            match function {
                $(Function::$function => Some(Kernel::of::<$function>(level)),)*
                _ => None,
            }
        }
    };
    (@call $value:path, $k:ident, $arguments:ident, 1) => {{
        use $value as value;
        let [x] = $arguments;
        value::<$k>(x)
    }};
    (@call $value:path, $k:ident, $arguments:ident, 2) => {{
        use $value as value;
        let [x, y] = $arguments;
        value::<$k>(x, y)
    }};
}

kernels! { unary, 1:
    Exp = exponential::exp, Expm1 = exponential::expm1, Sigmoid = exponential::sigmoid,
    Log = logarithm::log,
    Log2 = logarithm::log2, Log10 = logarithm::log10,
    Log1p = logarithm::log1p,
    Softplus = logarithm::softplus,
    Sin = trigonometric::sin [trigonometric::is_rare, f64::sin],
    Cos = trigonometric::cos [trigonometric::is_rare, f64::cos],
    Tan = trigonometric::tan [trigonometric::is_rare, f64::tan],
    Cot = trigonometric::cot [trigonometric::is_rare, slow_cot],
    Sec = trigonometric::sec [trigonometric::is_rare, slow_sec],
    Csc = trigonometric::csc [trigonometric::is_rare, slow_csc],
    Asin = angle::asin, Acos = angle::acos, Atan = angle::atan,
    Acot = angle::acot, Asec = angle::asec, Acsc = angle::acsc,
    Sinh = hyperbolic::sinh, Cosh = hyperbolic::cosh, Tanh = hyperbolic::tanh,
    Coth = hyperbolic::coth, Sech = hyperbolic::sech, Csch = hyperbolic::csch,
    Asinh = hyperbolic::asinh, Acosh = hyperbolic::acosh, Atanh = hyperbolic::atanh,
    Acoth = hyperbolic::acoth, Asech = hyperbolic::asech, Acsch = hyperbolic::acsch,
    Cbrt = power::cbrt,
    Abs = step::abs, Sign = step::sign, Floor = step::floor, Ceil = step::ceil, Round = step::round,
    Relu = step::relu, Step = step::step, Not = step::not,
    Erf = error::erf, Erfc = error::erfc, NormalPdf = error::normal_pdf, NormalCdf = error::normal_cdf,
}

kernels! { binary, 2:
    Atan2 = angle::atan2, Hypot = power::hypot, Xlogy = logarithm::xlogy,
    Min = step::min, Max = step::max,
    Less = step::less, LessEqual = step::less_equal, Greater = step::greater, GreaterEqual = step::greater_equal,
    Equal = step::equal, NotEqual = step::not_equal, And = step::and, Or = step::or,
}

fn slow_cot(x: f64) -> f64 {
    1.0 / x.tan()
}

fn slow_sec(x: f64) -> f64 {
    1.0 / x.cos()
}

fn slow_csc(x: f64) -> f64 {
    1.0 / x.sin()
}

struct Pow;

impl Lane<2> for Pow {
    #[inline(always)]
    fn at<K: Arithmetic>([x, y]: [f64; 2]) -> f64 {
        power::pow::<K>(x, y)
    }
    #[inline(always)]
    fn is_rare([x, y]: [f64; 2]) -> bool {
        power::is_rare(x, y)
    }
    fn slow([x, y]: [f64; 2]) -> f64 {
        x.powf(y)
    }
}

/// The kernel of `x^y`.
pub(crate) fn pow(level: Level) -> Kernel<2> {
    Kernel::of::<Pow>(level)
}
