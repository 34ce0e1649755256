//! Finite differences: central differences at shrinking steps, extrapolated to step 0, with an estimate of the error.
//!
//! Paper: Ridders, Accurate computation of F'(x) and F'(x) F''(x), Advances in Engineering Software 4 (1982). It knows the
//! function by its values alone, so that it shares nothing with the other roads; it is good to about ten digits.

/// A derivative with an estimate of its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The derivative; NaN where no step stayed inside the domain.
    pub value: f64,
    /// How far extrapolations of neighbouring steps and orders lie apart, or what rounding of the values can do.
    pub error: f64,
    /// Do the slopes from the left and from the right differ, however small the step? Then the value is their mean.
    pub kink: bool,
}

const NOTHING: Estimate = Estimate {
    value: f64::NAN,
    error: f64::INFINITY,
    kink: false,
};

/// Each step of a tableau is this much shorter than the one before.
const SHRINK: f64 = 1.4;
const ROWS: usize = 10;

/// First steps, as parts of the scale of x: a wide one for precision, narrow ones where the function is steep or the
/// domain ends nearby.
const STARTS: [f64; 5] = [0.25, 0.02, 1e-3, 3e-5, 1e-6];

/// The derivative of `f` at `x`.
///
/// Steps that leave the domain (a value is NaN or infinite) are shortened. `typical` is the scale on which x is known to
/// vary; `x.abs().max(1.0)` is a fair guess where nothing is known.
pub fn derivative(f: impl FnMut(f64) -> f64, x: f64, typical: f64) -> Estimate {
    rounded_derivative(f, x, typical, 0.0)
}

/// As [`derivative`], for a function whose values may be wrong by `rounding`, if that is more than their own last place.
pub(super) fn rounded_derivative(
    mut f: impl FnMut(f64) -> f64,
    x: f64,
    typical: f64,
    rounding: f64,
) -> Estimate {
    let mut best = NOTHING;
    let tableaus = STARTS.map(|start| ridders(&mut f, x, start * typical, rounding));
    for found in tableaus {
        // A noisy tableau can look settled by accident: a narrower one must be clearly better to win.
        if found.value.is_finite() && found.error < 0.2 * best.error {
            best = found;
        }
    }
    // The long steps of asin(cos(x^2)) go over many of its corners and see a gentle slope. Where a tableau that is as sure
    // of itself says otherwise, nobody knows.
    let refutes = |found: &Estimate| {
        (found.value - best.value).abs() > 50.0 * (found.error + best.error)
            && found.error < 1e-3 * found.value.abs()
    };
    if tableaus.iter().any(refutes) {
        best.error = f64::INFINITY;
    }
    if best.value.is_finite() {
        best.kink = kink(&mut f, x, typical);
    }
    best
}

fn ridders(f: &mut impl FnMut(f64) -> f64, x: f64, start: f64, rounding: f64) -> Estimate {
    let mut central = |h: f64| {
        // The step that is really taken: x + h is rounded.
        let (right, left) = (x + h, x - h);
        let (above, below) = (f(right), f(left));
        let size = above.abs().max(below.abs()).max(f64::MIN_POSITIVE);
        let lost = (f64::EPSILON * size).max(2.0 * rounding);
        ((above - below) / (right - left), lost / (right - left))
    };
    let mut h = start;
    let (mut first, _) = central(h);
    for _ in 0..20 {
        if first.is_finite() {
            break;
        }
        h /= 2.0;
        (first, _) = central(h);
    }
    if !first.is_finite() {
        return NOTHING;
    }
    let mut best = Estimate {
        value: first,
        ..NOTHING
    };
    let mut last = [0.0; ROWS];
    last[0] = first;
    for row in 1..ROWS {
        h /= SHRINK;
        let mut current = [0.0; ROWS];
        let (slope, lost) = central(h);
        current[0] = slope;
        let mut factor = 1.0;
        for order in 1..=row {
            factor *= SHRINK * SHRINK;
            current[order] = (current[order - 1] * factor - last[order - 1]) / (factor - 1.0);
            let error = (current[order] - current[order - 1])
                .abs()
                .max((current[order] - last[order - 1]).abs())
                .max(lost);
            if error <= best.error {
                best = Estimate {
                    value: current[order],
                    error,
                    kink: false,
                };
            }
        }
        if (current[row] - last[row - 1]).abs() >= 2.0 * best.error {
            break;
        }
        last = current;
    }
    best
}

/// The gap between right and left slope shrinks with the step where f is smooth, and stays at a kink.
fn kink(f: &mut impl FnMut(f64) -> f64, x: f64, typical: f64) -> bool {
    let middle = f(x);
    let mut gap = |h: f64| {
        let (right, left) = (f(x + h), f(x - h));
        let noise = 16.0 * f64::EPSILON * (right.abs() + left.abs() + middle.abs()) / h;
        let slopes = ((right - middle) / h, (middle - left) / h);
        let size = slopes.0.abs().max(slopes.1.abs());
        ((slopes.0 - slopes.1).abs(), noise.max(1e-5 * size))
    };
    let (wide, _) = gap(1e-4 * typical);
    let (narrow, noise) = gap(1e-6 * typical);
    narrow > noise && narrow > 0.3 * wide
}
