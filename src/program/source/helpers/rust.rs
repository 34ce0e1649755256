//! The functions that Rust lacks, for generated code: not a part of the crate. A section begins with a line of its name
//! and the sections that it needs; what it means stands in `src/functions/`, whose values it repeats.

//@ fill:
/// `a`, but 0 where `a` is 0*infinity because `b` is 0 and `c` infinite: the limit of `u^p*log(u)` at u = 0.
fn gradus_fill(a: f64, b: f64, c: f64) -> f64 {
    if a.is_nan() && b == 0.0 && c.is_infinite() { 0.0 } else { a }
}

//@ select:
/// `a` where the condition is not 0, `b` where it is 0, NaN where it is NaN.
fn gradus_select(condition: f64, a: f64, b: f64) -> f64 {
    if condition.is_nan() {
        condition
    } else if condition != 0.0 {
        a
    } else {
        b
    }
}

//@ asinh:
/// The inverse of `sinh`, without overflow.
fn gradus_asinh(x: f64) -> f64 {
    match x.abs() > 1e8 {
        true => (x.abs().ln() + std::f64::consts::LN_2).copysign(x),
        false => x.asinh(),
    }
}

//@ atanh:
/// The inverse of `tanh`, as accurate near -1 as near 1.
fn gradus_atanh(x: f64) -> f64 {
    x.abs().atanh().copysign(x)
}

//@ acosh:
/// The inverse of `cosh`, accurate near 1 and without overflow; NaN below 1.
fn gradus_acosh(x: f64) -> f64 {
    if x < 1.0 {
        return f64::NAN;
    } else if x > 1e8 {
        return x.ln() + std::f64::consts::LN_2;
    }
    let t = x - 1.0;
    (t + (t * (t + 2.0)).sqrt()).ln_1p()
}

//@ acot:
/// `atan(1/x)`, with the value pi/2 at 0.
fn gradus_acot(x: f64) -> f64 {
    if x == 0.0 { std::f64::consts::FRAC_PI_2 } else { x.recip().atan() }
}

//@ asec:
/// `acos(1/x)`, without rounding `1/x`.
fn gradus_asec(x: f64) -> f64 {
    let angle = ((x - 1.0) * (x + 1.0)).sqrt().atan();
    if x < 0.0 { std::f64::consts::PI - angle } else { angle }
}

//@ acsc:
/// `asin(1/x)`, without rounding `1/x` near 1.
fn gradus_acsc(x: f64) -> f64 {
    if x.abs() > 1e8 {
        return x.recip();
    }
    ((x - 1.0) * (x + 1.0)).sqrt().recip().atan().copysign(x)
}

//@ sech:
/// `1/cosh(x)`, right until it underflows; `cosh` overflows before.
fn gradus_sech(x: f64) -> f64 {
    let half = (-0.5 * x.abs()).exp();
    if x.abs() < 22.0 { x.cosh().recip() } else { 2.0 * half * half }
}

//@ csch:
/// `1/sinh(x)`, right until it underflows.
fn gradus_csch(x: f64) -> f64 {
    let half = (-0.5 * x.abs()).exp();
    if x.abs() < 22.0 { x.sinh().recip() } else { (2.0 * half * half).copysign(x) }
}

//@ acoth:
/// `atanh(1/x)`, without rounding `1/x`.
fn gradus_acoth(x: f64) -> f64 {
    if x.abs() < 1.0 {
        return f64::NAN;
    }
    (0.5 * (2.0 / (x.abs() - 1.0)).ln_1p()).copysign(x)
}

//@ asech:
/// `acosh(1/x)`, without rounding `1/x`.
fn gradus_asech(x: f64) -> f64 {
    if x < 1e-8 {
        return std::f64::consts::LN_2 - x.ln();
    }
    let d = (1.0 - x) / x;
    (d + (d * (d + 2.0)).sqrt()).ln_1p()
}

//@ acsch:
/// `asinh(1/x)`; `1/x` may overflow near 0.
fn gradus_acsch(x: f64) -> f64 {
    if x.abs() < 1e-8 {
        return (std::f64::consts::LN_2 - x.abs().ln()).copysign(x);
    }
    x.recip().asinh()
}

//@ sign:
/// -1, 0 or 1; the standard `signum` is 1 at 0.
fn gradus_sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

//@ min:
/// The smaller one; NaN if either is (the standard `min` drops it).
fn gradus_min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }
}

//@ max:
/// The larger one; NaN if either is (the standard `max` drops it).
fn gradus_max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

//@ mod:
/// The remainder with the sign of the divisor.
fn gradus_mod(a: f64, b: f64) -> f64 {
    let r = a % b;
    if r == 0.0 {
        r.copysign(b)
    } else if (r < 0.0) != (b < 0.0) {
        r + b
    } else {
        r
    }
}

//@ sigmoid:
/// `1/(1 + exp(-x))`, without overflow.
fn gradus_sigmoid(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x >= 0.0 { (1.0 + e).recip() } else { e / (1.0 + e) }
}

//@ softplus:
/// `log(1 + exp(x))`, without overflow.
fn gradus_softplus(x: f64) -> f64 {
    (-x.abs()).exp().ln_1p() + if x > 0.0 { x } else { 0.0 }
}

//@ relu:
/// `x` where it is positive, else 0.
fn gradus_relu(x: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { x }
}

//@ step:
/// 1 where `x` is positive, else 0.
fn gradus_step(x: f64) -> f64 {
    if x.is_nan() { x } else { f64::from(x > 0.0) }
}

//@ xlogy:
/// `a*log(b)`, with the limit 0 at a = 0.
fn gradus_xlogy(a: f64, b: f64) -> f64 {
    if a == 0.0 && !b.is_nan() { 0.0 } else { a * b.ln() }
}
