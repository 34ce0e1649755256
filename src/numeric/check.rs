//! Comparing the roads: does a symbolic derivative agree with dual numbers, complex step and finite differences?
//!
//! Two numbers agree to so many digits relative to a scale that is the derivative itself or, where the derivative is a
//! small difference of large terms, those terms: `sin(x)^2 + cos(x)^2` has the derivative 0, found as 1e-17. A road is
//! `NotComparable` where it says nothing: finite differences at a kink, or where rounding drowns the answer.

use super::finite_difference::{self, Estimate};
use super::{Schedule, Singularity, complex_step, dual, explain, rounding};
use crate::expr::SymbolId;

/// An independent road to a derivative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// Forward automatic differentiation.
    Dual,
    /// The imaginary part of f(x + ih)/h.
    ComplexStep,
    /// Richardson extrapolation of central differences.
    FiniteDifference,
}

impl Road {
    /// A name to print.
    pub fn as_str(self) -> &'static str {
        match self {
            Road::Dual => "dual numbers",
            Road::ComplexStep => "complex step",
            Road::FiniteDifference => "finite differences",
        }
    }
}

/// What a comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The derivative was confirmed.
    Agrees,
    /// A road that can be trusted here says otherwise.
    Disagrees,
    /// There is no finite derivative at the point.
    Singular,
    /// No road says anything.
    NotComparable,
}

impl Verdict {
    /// A name to print.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Agrees => "agrees",
            Verdict::Disagrees => "disagrees",
            Verdict::Singular => "singular",
            Verdict::NotComparable => "not comparable",
        }
    }
}

/// One road beside the symbolic derivative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The road.
    pub road: Road,
    /// The derivative it found.
    pub value: f64,
    /// Agreeing decimal digits, 0 to 16; `None` if not comparable.
    pub digits: Option<f64>,
    /// Agrees, disagrees or not comparable.
    pub verdict: Verdict,
}

/// The derivative by one variable.
#[derive(Clone, Debug, PartialEq)]
pub struct VariableCheck {
    /// The variable.
    pub variable: SymbolId,
    /// The symbolic derivative at the point.
    pub symbolic: f64,
    /// All roads, in the order of [`Road`].
    pub roads: Vec<Comparison>,
    /// What they come to.
    pub verdict: Verdict,
}

/// The result of a check at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The function's value.
    pub value: f64,
    /// A variable each, in the order of the schedule.
    pub variables: Vec<VariableCheck>,
    /// Disagrees if one does, else singular if one is, else agrees if one does.
    pub verdict: Verdict,
    /// Where the function, or else its symbolic gradient, is singular.
    pub singularity: Option<Singularity>,
}

/// Compares the symbolic `gradient` (an output a variable) with the other roads to the derivatives of `function`.
///
/// # Panics
/// If point or gradient have fewer numbers than there are variables.
pub fn check(function: &Schedule, gradient: &Schedule, point: &[f64]) -> Check {
    let symbolic = gradient.values(point);
    // How far rounding of the point alone moves the formula of the gradient.
    let mut noise = vec![0.0; symbolic.len()];
    for moved in nearby(point) {
        for ((noise, there), here) in noise.iter_mut().zip(gradient.values(&moved)).zip(&symbolic) {
            *noise = larger(*noise, there - here);
        }
    }
    let mut result = compare_with_noise(function, &symbolic, &noise, point);
    result.singularity = result.singularity.or_else(|| explain(gradient, point));
    result
}

/// As [`check`](check()), for values of the derivatives that were found in another way.
///
/// # Panics
/// If point or `symbolic` have fewer numbers than there are variables.
pub fn compare(function: &Schedule, symbolic: &[f64], point: &[f64]) -> Check {
    compare_with_noise(function, symbolic, &vec![0.0; symbolic.len()], point)
}

fn compare_with_noise(f: &Schedule, symbolic: &[f64], noise: &[f64], point: &[f64]) -> Check {
    let value = f.values(point)[0];
    let variables: Vec<VariableCheck> = (f.variables().iter().enumerate())
        .map(|(i, &variable)| one_variable(f, variable, i, symbolic[i], noise[i], value, point))
        .collect();
    let any = |verdict| variables.iter().any(|v| v.verdict == verdict);
    let verdict = [Verdict::Disagrees, Verdict::Singular, Verdict::Agrees]
        .into_iter()
        .find(|&verdict| any(verdict))
        .unwrap_or(Verdict::NotComparable);
    Check {
        value,
        variables,
        verdict,
        singularity: explain(f, point),
    }
}

/// Roads that are exact but for rounding must agree to this part of the scale (and the noise).
const PRECISE: f64 = 1e-9;
/// Finite differences to this part, or a multiple of their own estimate.
const ROUGH: f64 = 1e-5;
/// A road with more noise than this part of the derivative is not asked: it could not tell 0.1 % apart.
const DROWNED: f64 = 2e-4;

fn one_variable(
    f: &Schedule,
    variable: SymbolId,
    index: usize,
    symbolic: f64,
    noise: f64,
    value: f64,
    point: &[f64],
) -> VariableCheck {
    let (exact, terms) = dual::derivative_and_terms(f, point, index);
    let terms = if terms.is_finite() { terms } else { 0.0 };
    let stepped = complex_step::derivative_and_error(f, point, index);
    let uncertainty = 4.0 * stepped.error;
    let noise = nearby(point)
        .iter()
        .map(|moved| dual::derivative(f, moved, index) - exact)
        .fold(noise, larger);
    let difference = differences(f, index, point);
    let estimate = 20.0 * difference.error;
    let judge = |road, found: f64, relative: f64, own: f64| {
        let size = symbolic.abs().max(found.abs());
        // Terms that cancel count as far as their rounding goes, so that they never hide an error of 0.1 %.
        let floor = 16.0 * f64::EPSILON * terms.max(f64::MIN_POSITIVE);
        let noise = 16.0 * noise + floor + own;
        let gap = (symbolic - found).abs();
        let drowned = noise > DROWNED * size && gap > floor && symbolic != 0.0;
        let verdict = match (value.is_finite() && found.is_finite(), symbolic.is_finite()) {
            (false, _) => Verdict::NotComparable,
            (true, false) => Verdict::Disagrees,
            (true, true) if gap <= relative * size => Verdict::Agrees,
            (true, true) if drowned => Verdict::NotComparable,
            (true, true) if gap <= noise => Verdict::Agrees,
            (true, true) => Verdict::Disagrees,
        };
        let scale = size.max(terms).max(f64::MIN_POSITIVE);
        let digits = match verdict {
            Verdict::NotComparable => None,
            _ if !symbolic.is_finite() => Some(0.0),
            _ => Some((-(gap / scale).log10()).clamp(0.0, 16.0)),
        };
        Comparison {
            road,
            value: found,
            digits,
            verdict,
        }
    };
    let mut roads = vec![
        judge(Road::Dual, exact, PRECISE, 0.0),
        judge(Road::ComplexStep, stepped.value, PRECISE, uncertainty),
        judge(Road::FiniteDifference, difference.value, ROUGH, estimate),
    ];
    // A slope of exactly 0 is confirmed by any small one: nothing else can be said about it in relative terms.
    let lost = |found: f64, own: f64| {
        let rest = symbolic == 0.0 && found.abs() <= own && own < ROUGH;
        own > DROWNED * found.abs().max(terms) && !rest
    };
    // At a kink the complex step sees one of the sides, and rounding says which: |x*y*exp(-x)| at 0 had the slope y. Dual
    // numbers have the stated value.
    let one_sided = difference.kink
        && (stepped.value - exact).abs() > PRECISE * stepped.value.abs().max(exact.abs());
    let no_answer = [
        false,
        one_sided || lost(stepped.value, uncertainty),
        difference.kink || lost(difference.value, estimate),
    ];
    for (comparison, _) in roads.iter_mut().zip(no_answer).filter(|(_, none)| *none) {
        (comparison.verdict, comparison.digits) = (Verdict::NotComparable, None);
    }
    // Where dual numbers find no finite slope the other two see what the step makes of a singular point.
    if !exact.is_finite() && !symbolic.is_finite() {
        for comparison in &mut roads {
            (comparison.verdict, comparison.digits) = (Verdict::NotComparable, None);
        }
    }
    let any = |verdict| roads.iter().any(|r| r.verdict == verdict);
    let verdict = if any(Verdict::Disagrees) {
        Verdict::Disagrees
    } else if !value.is_finite() || !symbolic.is_finite() {
        Verdict::Singular
    } else if any(Verdict::Agrees) {
        Verdict::Agrees
    } else {
        Verdict::NotComparable
    };
    VariableCheck {
        variable,
        symbolic,
        roads,
        verdict,
    }
}

/// The point with its coordinates rounded differently, all up, all down, in turn.
fn nearby(point: &[f64]) -> [Vec<f64>; 3] {
    let by = |sign: fn(usize) -> f64| {
        (point.iter().enumerate())
            .map(|(i, x)| x * (1.0 + sign(i) * 2.0 * f64::EPSILON))
            .collect()
    };
    [
        by(|_| 1.0),
        by(|_| -1.0),
        by(|i| if i % 2 == 0 { 1.0 } else { -1.0 }),
    ]
}

fn larger(noise: f64, difference: f64) -> f64 {
    if difference.is_finite() {
        noise.max(difference.abs())
    } else {
        noise
    }
}

fn differences(f: &Schedule, index: usize, point: &[f64]) -> Estimate {
    let mut slots = Vec::new();
    f.run_real(point, &mut slots);
    let here: Vec<f64> = f.whole_parts(&slots).collect();
    let mut moved = point.to_vec();
    let mut along = |x: f64| {
        moved[index] = x;
        if !here.is_empty() {
            // A step over a jump of floor says nothing of the slope, as one out of the domain.
            f.run_real(&moved, &mut slots);
            if !f.whole_parts(&slots).eq(here.iter().copied()) {
                return f64::NAN;
            }
        }
        f.values(&moved)[0]
    };
    let rounding = rounding::error(f, point);
    let rounding = if rounding.is_finite() { rounding } else { 0.0 };
    let x = point[index];
    let absolute = finite_difference::rounded_derivative(&mut along, x, 1.0, rounding);
    if x == 0.0 {
        return absolute;
    }
    // Nobody knows the scale of a formula: log(x) at 1e-9 has that of x, sin(x) at 1e6 has not.
    let relative = finite_difference::rounded_derivative(&mut along, x, x.abs(), rounding);
    if relative.error < 0.5 * absolute.error {
        relative
    } else {
        absolute
    }
}
