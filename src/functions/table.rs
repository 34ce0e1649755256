//! The rows, in the order of [`Function`]; a row out of place does not compile.

use super::complex as c;
use super::complex::{on_real_pairs, on_reals};
use super::real::truth;
use super::{Complex, Function, Real, Row, Samples, gamma, normal, real};
use Function as F;

/// A row for a function of one argument. Its sample intervals are `(from, to)`.
macro_rules! one {
    ($f:ident, [$($alias:literal),*], $real:expr, $complex:expr, [$($u:expr),*], $latex:literal) => {
        Row {
            function: F::$f, aliases: &[$($alias),*], real: Real::One($real), complex: Complex::One($complex),
            samples: &[$(Samples { u: $u, v: (0.0, 0.0) }),*], latex: $latex,
        }
    };
}

/// A row for a function of two arguments. Its sample rectangles are `(from, to) x (from, to)`.
macro_rules! two {
    ($f:ident, [$($alias:literal),*], $real:expr, $complex:expr, [$($u:expr => $v:expr),*], $latex:literal) => {
        Row {
            function: F::$f, aliases: &[$($alias),*], real: Real::Two($real), complex: Complex::Two($complex),
            samples: &[$(Samples { u: $u, v: $v }),*], latex: $latex,
        }
    };
}

#[rustfmt::skip]
pub(super) static TABLE: [Row; F::ALL.len()] = [
    // Exponentials and logarithms
    one!(Exp,      [],                    f64::exp,       c::exp,    [(-700.0, 700.0), (-2.0, 2.0)],                   r"\exp"),
    one!(Expm1,    [],                    f64::exp_m1,    c::expm1,  [(-50.0, 700.0), (-0.1, 0.1)],                    r"\operatorname{expm1}"),
    one!(Log,      ["ln"],                f64::ln,        c::log,    [(1e-300, 1e-290), (0.01, 3.0), (1.0, 1e9)],      r"\ln"),
    one!(Log1p,    [],                    f64::ln_1p,     c::log1p,  [(-0.999, 3.0), (-1e-9, 1e-9), (1.0, 1e9)],       r"\operatorname{log1p}"),
    one!(Log2,     ["lb"],                f64::log2,      c::log2,   [(0.01, 3.0), (1.0, 1e9)],                        r"\log_{2}"),
    one!(Log10,    ["lg"],                f64::log10,     c::log10,  [(0.01, 3.0), (1.0, 1e9)],                        r"\log_{10}"),

    // Trigonometric functions
    one!(Sin,      ["sen"],               f64::sin,       c::sin,    [(-10.0, 10.0), (1e5, 1e6)],                      r"\sin"),
    one!(Cos,      [],                    f64::cos,       c::cos,    [(-10.0, 10.0), (1e5, 1e6)],                      r"\cos"),
    one!(Tan,      ["tg"],                f64::tan,       c::tan,    [(-1.5, 1.5), (2.0, 4.5)],                        r"\tan"),
    one!(Cot,      ["cotan", "ctg", "cotg"], real::cot,   c::cot,    [(-3.0, -0.1), (0.1, 3.0)],                       r"\cot"),
    one!(Sec,      [],                    real::sec,      c::sec,    [(-1.5, 1.5), (2.0, 4.5)],                        r"\sec"),
    one!(Csc,      ["cosec"],             real::csc,      c::csc,    [(-3.0, -0.1), (0.1, 3.0)],                       r"\csc"),

    // ... and their inverses
    one!(Asin,     ["arcsin"],            f64::asin,      c::asin,   [(-0.99, 0.99)],                                  r"\arcsin"),
    one!(Acos,     ["arccos"],            f64::acos,      c::acos,   [(-0.99, 0.99)],                                  r"\arccos"),
    one!(Atan,     ["arctan", "arctg"],   f64::atan,      c::atan,   [(-3.0, 3.0), (10.0, 1e6)],                       r"\arctan"),
    one!(Acot,     ["arccot", "arcctg"],  real::acot,     c::acot,   [(-9.0, -0.01), (0.01, 9.0), (10.0, 1e6)],        r"\operatorname{arccot}"),
    one!(Asec,     ["arcsec"],            real::asec,     c::asec,   [(-9.0, -1.01), (1.01, 9.0), (10.0, 1e6)],        r"\operatorname{arcsec}"),
    one!(Acsc,     ["arccsc", "arccosec"], real::acsc,    c::acsc,   [(-9.0, -1.01), (1.01, 9.0), (10.0, 1e6)],        r"\operatorname{arccsc}"),

    // Hyperbolic functions
    one!(Sinh,     ["sh"],                f64::sinh,      c::sinh,   [(-5.0, 5.0), (-700.0, 700.0)],                   r"\sinh"),
    one!(Cosh,     ["ch"],                f64::cosh,      c::cosh,   [(-5.0, 5.0), (-700.0, 700.0)],                   r"\cosh"),
    one!(Tanh,     ["th"],                f64::tanh,      c::tanh,   [(-5.0, 5.0), (-100.0, 100.0)],                   r"\tanh"),
    one!(Coth,     [],                    real::coth,     c::coth,   [(-5.0, -0.1), (0.1, 5.0), (5.0, 100.0)],         r"\coth"),
    one!(Sech,     [],                    real::sech,     c::sech,   [(-5.0, 5.0), (-200.0, 200.0)],                   r"\operatorname{sech}"),
    one!(Csch,     ["cosech"],            real::csch,     c::csch,   [(-5.0, -0.1), (0.1, 5.0), (5.0, 200.0)],         r"\operatorname{csch}"),

    // ... and their inverses
    one!(Asinh,    ["arsinh", "arcsinh"], libm::asinh,    c::asinh,  [(-5.0, 5.0), (-1e9, 1e9)],                       r"\operatorname{arsinh}"),
    one!(Acosh,    ["arcosh", "arccosh"], real::acosh,    c::acosh,  [(1.01, 5.0), (5.0, 1e9)],                        r"\operatorname{arcosh}"),
    one!(Atanh,    ["artanh", "arctanh"], libm::atanh,    c::atanh,  [(-0.99, 0.99)],                                  r"\operatorname{artanh}"),
    one!(Acoth,    ["arcoth", "arccoth"], real::acoth,    c::acoth,  [(-9.0, -1.01), (1.01, 9.0), (10.0, 1e6)],        r"\operatorname{arcoth}"),
    one!(Asech,    ["arsech", "arcsech"], real::asech,    c::asech,  [(0.01, 0.99)],                                   r"\operatorname{arsech}"),
    one!(Acsch,    ["arcsch", "arccsch"], real::acsch,    c::acsch,  [(-9.0, -0.01), (0.01, 9.0)],                     r"\operatorname{arcsch}"),

    // Roots and angles. Complex cbrt is odd, not principal: it continues the real one from both half lines.
    one!(Cbrt,     [],                    f64::cbrt,      c::cbrt,   [(-9.0, -0.01), (0.01, 9.0), (1e6, 1e9)],         r"\sqrt[3]{#1}"),
    two!(Atan2,    ["arctan2"],           real::atan2,    c::atan2,  [(-3.0, 3.0) => (0.1, 3.0), (0.1, 3.0) => (-3.0, 3.0), (-3.0, -0.1) => (-3.0, 3.0)], r"\operatorname{atan2}"),
    two!(Hypot,    [],                    f64::hypot,     c::hypot,  [(-3.0, 3.0) => (0.1, 3.0), (0.1, 3.0) => (-3.0, 3.0)], r"\operatorname{hypot}"),

    // Steps, kinks and comparisons: no complex derivative
    one!(Abs,      [],                    f64::abs,       c::abs,    [(-9.0, -0.1), (0.1, 9.0)],                       r"\left|#1\right|"),
    one!(Sign,     ["sgn", "signum"],     real::sign,     c::sign,   [(-9.0, -0.1), (0.1, 9.0)],                       r"\operatorname{sgn}"),
    one!(Floor,    [],                    f64::floor,     |z| on_reals(z, f64::floor), [(-1.9, -1.1), (0.1, 0.9)],     r"\left\lfloor #1\right\rfloor"),
    one!(Ceil,     ["ceiling"],           f64::ceil,      |z| on_reals(z, f64::ceil),  [(-1.9, -1.1), (0.1, 0.9)],     r"\left\lceil #1\right\rceil"),
    one!(Round,    [],                    f64::round,     |z| on_reals(z, f64::round), [(-1.4, -0.6), (0.6, 1.4)],     r"\operatorname{round}"),
    two!(Min,      [],                    real::min,      |z, w| on_real_pairs(z, w, real::min), [(0.0, 1.0) => (1.1, 2.0), (1.1, 2.0) => (-1.0, 1.0)], r"\min"),
    two!(Max,      [],                    real::max,      |z, w| on_real_pairs(z, w, real::max), [(0.0, 1.0) => (1.1, 2.0), (1.1, 2.0) => (-1.0, 1.0)], r"\max"),
    two!(Mod,      [],                    real::modulo,   |z, w| on_real_pairs(z, w, real::modulo), [(3.1, 3.9) => (1.0, 1.0), (2.2, 2.8) => (1.1, 2.1), (-0.9, -0.1) => (1.0, 2.0)], r"#1 \bmod #2"),

    // Machine learning
    one!(Sigmoid,  ["logistic", "expit"], real::sigmoid,  c::sigmoid,  [(-5.0, 5.0), (-200.0, 30.0)],                  r"\sigma"),
    one!(Softplus, [],                    real::softplus, c::softplus, [(-5.0, 5.0), (-200.0, 200.0)],                 r"\operatorname{softplus}"),
    one!(Relu,     ["ReLU"],              real::relu,     |z| on_reals(z, real::relu), [(-9.0, -0.1), (0.1, 9.0)],     r"\operatorname{ReLU}"),
    one!(Step,     [],                    real::step,     |z| on_reals(z, real::step), [(-9.0, -0.1), (0.1, 9.0)],     r"\operatorname{step}"),

    // Error functions, the normal distribution
    one!(Erf,      [],                    libm::erf,      c::erf,    [(-3.0, 3.0), (-5.0, 5.0)],                       r"\operatorname{erf}"),
    one!(Erfc,     [],                    libm::erfc,     c::erfc,   [(-3.0, 3.0), (-5.0, 15.0)],                      r"\operatorname{erfc}"),
    one!(NormalPdf, [],                   normal::pdf,    c::normal_pdf, [(-3.0, 3.0), (-20.0, 20.0)],                 r"\varphi"),
    one!(NormalCdf, ["Phi", "Φ"],         normal::cdf,    c::normal_cdf, [(-3.0, 3.0), (-20.0, 5.0)],                  r"\Phi"),

    // The gamma family. Complex lgamma is the principal log-gamma: left of 0 it is not log|gamma|, the real one.
    one!(Gamma,    ["Gamma", "tgamma", "Γ"], gamma::gamma, c::gamma, [(0.1, 5.0), (5.0, 170.0), (-0.9, -0.1), (-3.9, -3.1)], r"\Gamma"),
    one!(Lgamma,   ["loggamma", "gammaln", "lngamma"], gamma::lgamma, c::lgamma, [(0.1, 5.0), (5.0, 1e6)],             r"\ln\Gamma"),
    one!(Digamma,  ["psi", "ψ"],          gamma::digamma, c::digamma, [(0.1, 5.0), (5.0, 1e6), (-0.9, -0.1), (-3.9, -3.1)], r"\psi"),
    two!(Polygamma, [],                   gamma::polygamma, c::polygamma, [(0.0, 0.0) => (0.1, 9.0), (1.0, 1.0) => (0.1, 50.0), (2.0, 2.0) => (0.1, 9.0), (3.0, 3.0) => (-3.9, -3.1)], r"\psi^{(#1)}\left(#2\right)"),
    two!(Xlogy,    [],                    real::xlogy,    c::xlogy,  [(-3.0, 3.0) => (0.1, 9.0)],                      r"\operatorname{xlogy}"),

    // Truth values: 1 holds, 0 does not, and any number but 0 holds
    two!(Less,         [], |u, v| truth(u < v),  |z, w| on_real_pairs(z, w, |u, v| truth(u < v)),  [(0.0, 1.0) => (1.1, 2.0)], r"#1 < #2"),
    two!(LessEqual,    [], |u, v| truth(u <= v), |z, w| on_real_pairs(z, w, |u, v| truth(u <= v)), [(0.0, 1.0) => (1.1, 2.0)], r"#1 \le #2"),
    two!(Greater,      [], |u, v| truth(u > v),  |z, w| on_real_pairs(z, w, |u, v| truth(u > v)),  [(0.0, 1.0) => (1.1, 2.0)], r"#1 > #2"),
    two!(GreaterEqual, [], |u, v| truth(u >= v), |z, w| on_real_pairs(z, w, |u, v| truth(u >= v)), [(0.0, 1.0) => (1.1, 2.0)], r"#1 \ge #2"),
    two!(Equal,        [], |u, v| truth(u == v), |z, w| on_real_pairs(z, w, |u, v| truth(u == v)), [(0.0, 1.0) => (1.1, 2.0)], r"#1 = #2"),
    two!(NotEqual,     [], |u, v| truth(u != v), |z, w| on_real_pairs(z, w, |u, v| truth(u != v)), [(0.0, 1.0) => (1.1, 2.0)], r"#1 \ne #2"),
    two!(And,          [], and,       |z, w| on_real_pairs(z, w, and), [(0.1, 1.0) => (0.1, 1.0)],                     r"#1 \land #2"),
    two!(Or,           [], or,        |z, w| on_real_pairs(z, w, or),  [(0.1, 1.0) => (0.1, 1.0)],                     r"#1 \lor #2"),
    one!(Not,          [], |u| truth(u == 0.0),  |z| on_reals(z, |u| truth(u == 0.0)), [(0.1, 1.0)],                   r"\lnot #1"),
];

fn and(u: f64, v: f64) -> f64 {
    truth(u != 0.0 && v != 0.0)
}

fn or(u: f64, v: f64) -> f64 {
    truth(u != 0.0 || v != 0.0)
}

// `row` indexes the table by the function, so that the table must be in the order of the functions.
const _: () = {
    let mut i = 0;
    while i < TABLE.len() {
        assert!(TABLE[i].function as usize == i);
        i += 1;
    }
};
