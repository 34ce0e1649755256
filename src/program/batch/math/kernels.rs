//! The list of kernels: which function of the table, and which other operation, has a loop.
//!
//! A function that is missing here (the gamma family, `mod`) is left to the table, lane by lane.

use super::super::level::Level;
use super::copies::{Kernel, Lane, Pair, PairKernel};
use super::{Arithmetic, angle, arithmetic, error, exponential, hyperbolic, logarithm};
use super::{power, step, trigonometric};
use crate::expr::Function;
use crate::program::Op;

/// The functions that have kernels: for each a type, and an arm of the `match` that finds its loops. Arguments that the
/// first function in brackets knows are out of reach for the loop, and go to the second one.
macro_rules! functions {
    ($name:ident, $n:tt: $($function:ident = $value:path $([$rare:path, $slow:path])?),* $(,)?) => {
        $(
            struct $function;
            impl Lane<$n> for $function {
                #[inline(always)]
                fn at<K: Arithmetic>(arguments: [f64; $n]) -> f64 {
                    functions!(@call $value, K, arguments, $n)
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

        fn $name(function: Function, level: Level) -> Option<Kernel> {
            match function {
                $(Function::$function => Some(Kernel::of::<$function, $n, 0>(level)),)*
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

functions! { unary, 1:
    Exp = exponential::exp, Expm1 = exponential::expm1, Sigmoid = exponential::sigmoid,
    Log = logarithm::log, Log2 = logarithm::log2, Log10 = logarithm::log10,
    Log1p = logarithm::log1p, Softplus = logarithm::softplus,
    Sin = trigonometric::sin [trigonometric::is_rare, f64::sin],
    Cos = trigonometric::cos [trigonometric::is_rare, f64::cos],
    Tan = trigonometric::tan [trigonometric::is_rare, f64::tan],
    Cot = trigonometric::cot [trigonometric::is_rare, far_cot],
    Sec = trigonometric::sec [trigonometric::is_rare, far_sec],
    Csc = trigonometric::csc [trigonometric::is_rare, far_csc],
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

functions! { binary, 2:
    Atan2 = angle::atan2, Hypot = power::hypot, Xlogy = logarithm::xlogy,
    Min = step::min, Max = step::max,
    Less = step::less, LessEqual = step::less_equal, Greater = step::greater, GreaterEqual = step::greater_equal,
    Equal = step::equal, NotEqual = step::not_equal, And = step::and, Or = step::or,
}

fn far_cot(x: f64) -> f64 {
    1.0 / x.tan()
}

fn far_sec(x: f64) -> f64 {
    1.0 / x.cos()
}

fn far_csc(x: f64) -> f64 {
    1.0 / x.sin()
}

/// The kernel of a function for columns, if it has one.
pub(crate) fn function(function: Function, level: Level) -> Option<Kernel> {
    unary(function, level).or_else(|| binary(function, level))
}

struct SinCos;

impl Pair for SinCos {
    #[inline(always)]
    fn at<K: Arithmetic>(x: f64) -> (f64, f64) {
        trigonometric::sin_cos::<K>(x)
    }
    #[inline(always)]
    fn is_rare(x: f64) -> bool {
        trigonometric::is_rare(x)
    }
    fn slow(x: f64) -> (f64, f64) {
        x.sin_cos()
    }
}

/// Sine and cosine at once, each to the bit what its own kernel gives.
pub(crate) fn sin_cos(level: Level) -> PairKernel {
    PairKernel::of::<SinCos>(level)
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

/// The operations of the interpreter with as many loops as there are ways for an operand to be a constant.
macro_rules! operations {
    ($($name:ident($function:ident): [$($x:ident),*] => $value:expr, $n:tt);* $(;)?) => { $(
        struct $name;
        impl Lane<$n> for $name {
            #[inline(always)]
            fn at<K: Arithmetic>([$($x),*]: [f64; $n]) -> f64 {
                $value
            }
        }

        /// The kernel for operands of which those with a bit in `constant` are constants.
        pub(crate) fn $function(constant: u8, level: Level) -> Kernel {
            operations!(@match $name, constant, level, $n)
        }
    )* };
    (@match $name:ident, $constant:ident, $level:ident, 1) => {
        match $constant & 1 {
            0 => Kernel::of::<$name, 1, 0>($level),
            _ => Kernel::of::<$name, 1, 1>($level),
        }
    };
    (@match $name:ident, $constant:ident, $level:ident, 2) => {
        match $constant & 3 {
            0 => Kernel::of::<$name, 2, 0>($level),
            1 => Kernel::of::<$name, 2, 1>($level),
            2 => Kernel::of::<$name, 2, 2>($level),
            _ => Kernel::of::<$name, 2, 3>($level),
        }
    };
    (@match $name:ident, $constant:ident, $level:ident, 3) => {
        match $constant & 7 {
            0 => Kernel::of::<$name, 3, 0>($level),
            1 => Kernel::of::<$name, 3, 1>($level),
            2 => Kernel::of::<$name, 3, 2>($level),
            3 => Kernel::of::<$name, 3, 3>($level),
            4 => Kernel::of::<$name, 3, 4>($level),
            5 => Kernel::of::<$name, 3, 5>($level),
            6 => Kernel::of::<$name, 3, 6>($level),
            _ => Kernel::of::<$name, 3, 7>($level),
        }
    };
}

operations! {
    Copy(copy): [a] => a, 1;
    Neg(neg): [a] => -a, 1;
    // The root of -0 is 0, as everywhere here.
    Sqrt(sqrt): [a] => (a + 0.0).sqrt(), 1;
    Add(add): [a, b] => a + b, 2;
    Sub(sub): [a, b] => a - b, 2;
    Mul(mul): [a, b] => a * b, 2;
    Div(div): [a, b] => a / b, 2;
    MulAdd(mul_add): [a, b, c] => arithmetic::mul_add::<K>(a, b, c), 3;
    MulSub(mul_sub): [a, b, c] => arithmetic::mul_add::<K>(a, b, -c), 3;
    NegMulAdd(neg_mul_add): [a, b, c] => arithmetic::mul_add::<K>(-a, b, c), 3;
    Choose(choose): [a, b, c] => arithmetic::choose(a, b, c), 3;
    Fill(fill): [a, b, c] => arithmetic::fill(a, b, c), 3;
    MulThenMul(mul_then_mul): [a, b, c] => (a * b) * c, 3;
    MulThenAdd(mul_then_add): [a, b, c] => (a * b) + c, 3;
    MulThenSub(mul_then_sub): [a, b, c] => (a * b) - c, 3;
    MulThenFrom(mul_then_from): [a, b, c] => c - (a * b), 3;
    AddThenMul(add_then_mul): [a, b, c] => (a + b) * c, 3;
    AddThenAdd(add_then_add): [a, b, c] => (a + b) + c, 3;
    AddThenSub(add_then_sub): [a, b, c] => (a + b) - c, 3;
    AddThenFrom(add_then_from): [a, b, c] => c - (a + b), 3;
    SubThenMul(sub_then_mul): [a, b, c] => (a - b) * c, 3;
    SubThenAdd(sub_then_add): [a, b, c] => (a - b) + c, 3;
    SubThenSub(sub_then_sub): [a, b, c] => (a - b) - c, 3;
    SubThenFrom(sub_then_from): [a, b, c] => c - (a - b), 3;
}

/// The kernel of two operations, each with its own rounding: `inner` of operands 0 and 1, then `outer` of that and operand
/// 2, or of operand 2 and that if `reversed`.
pub(crate) fn two(
    (inner, outer, reversed): (Op, Op, bool),
    constant: u8,
    level: Level,
) -> Option<Kernel> {
    let kernel = match (inner, outer, reversed) {
        (Op::Mul, Op::Mul, _) => mul_then_mul,
        (Op::Mul, Op::Add, _) => mul_then_add,
        (Op::Mul, Op::Sub, false) => mul_then_sub,
        (Op::Mul, Op::Sub, true) => mul_then_from,
        (Op::Add, Op::Mul, _) => add_then_mul,
        (Op::Add, Op::Add, _) => add_then_add,
        (Op::Add, Op::Sub, false) => add_then_sub,
        (Op::Add, Op::Sub, true) => add_then_from,
        (Op::Sub, Op::Mul, _) => sub_then_mul,
        (Op::Sub, Op::Add, _) => sub_then_add,
        (Op::Sub, Op::Sub, false) => sub_then_sub,
        (Op::Sub, Op::Sub, true) => sub_then_from,
        _ => return None,
    };
    Some(kernel(constant, level))
}

/// The kernel of `x^y`.
pub(crate) fn pow(constant: u8, level: Level) -> Kernel {
    match constant & 3 {
        0 => Kernel::of::<Pow, 2, 0>(level),
        1 => Kernel::of::<Pow, 2, 1>(level),
        2 => Kernel::of::<Pow, 2, 2>(level),
        _ => Kernel::of::<Pow, 2, 3>(level),
    }
}

/// `x^(N/2)` for odd N, as a product by `sqrt(x)` or a quotient, where `x^y` takes 7 ns. No step overflows or underflows
/// unless the power itself does.
struct HalfPower<const N: i8>;

impl<const N: i8> HalfPower<N> {
    #[inline(always)]
    fn by_root<K: Arithmetic>(x: f64, root: f64) -> f64 {
        match N {
            -3 => power::inverse_half_power::<K, true>(x, root),
            -1 => power::inverse_half_power::<K, false>(x, root),
            3 => x * root,
            _ => x * x * root,
        }
    }
}

impl<const N: i8> Lane<1> for HalfPower<N> {
    #[inline(always)]
    fn at<K: Arithmetic>([x]: [f64; 1]) -> f64 {
        HalfPower::<N>::by_root::<K>(x, x.sqrt())
    }
    // The root of -0 is -0, and that of -infinity NaN; their powers are not. The product of the number and its root
    // overflows before its reciprocal vanishes, and reciprocals begin with a guess for normal numbers.
    #[inline(always)]
    fn is_rare([x]: [f64; 1]) -> bool {
        match N {
            -3 | -1 => (x.abs() < 1e-200) | (x.abs() > 1e200),
            _ => (x == 0.0) | (x == f64::NEG_INFINITY),
        }
    }
    fn slow([x]: [f64; 1]) -> f64 {
        x.powf(0.5 * f64::from(N))
    }
}

/// The root and a half power of one number, which is made of it: roots and quotients are the dearest operations (1.2 and
/// 0.8 ns where a product takes 0.3).
struct RootAndPower<const N: i8>;

impl<const N: i8> Pair for RootAndPower<N> {
    #[inline(always)]
    fn at<K: Arithmetic>(x: f64) -> (f64, f64) {
        let root = (x + 0.0).sqrt();
        (root, HalfPower::<N>::by_root::<K>(x, root))
    }
    #[inline(always)]
    fn is_rare(x: f64) -> bool {
        HalfPower::<N>::is_rare([x])
    }
    fn slow(x: f64) -> (f64, f64) {
        ((x + 0.0).sqrt(), HalfPower::<N>::slow([x]))
    }
}

/// The square root and `x^exponent` at once, if that is a small half, each to the bit what its own kernel gives.
pub(crate) fn root_and_power(exponent: f64, level: Level) -> Option<PairKernel> {
    Some(match exponent {
        -1.5 => PairKernel::of::<RootAndPower<-3>>(level),
        -0.5 => PairKernel::of::<RootAndPower<-1>>(level),
        1.5 => PairKernel::of::<RootAndPower<3>>(level),
        2.5 => PairKernel::of::<RootAndPower<5>>(level),
        _ => return None,
    })
}

/// The kernel of `x^exponent`, if that is a small half.
pub(crate) fn half_power(exponent: f64, level: Level) -> Option<Kernel> {
    Some(match exponent {
        -1.5 => Kernel::of::<HalfPower<-3>, 1, 0>(level),
        -0.5 => Kernel::of::<HalfPower<-1>, 1, 0>(level),
        1.5 => Kernel::of::<HalfPower<3>, 1, 0>(level),
        2.5 => Kernel::of::<HalfPower<5>, 1, 0>(level),
        _ => return None,
    })
}
