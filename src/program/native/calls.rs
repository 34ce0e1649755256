//! What native code calls: functions of Rust have an unstable calling convention, these have that of C.

/// Called with the function that it shall call, so that there is one for all.
#[allow(improper_ctypes_definitions)] // the function passes through as a number
pub(super) extern "C" fn call_one(function: fn(f64) -> f64, a: f64) -> f64 {
    function(a)
}

/// As [`call_one`].
#[allow(improper_ctypes_definitions)]
pub(super) extern "C" fn call_two(function: fn(f64, f64) -> f64, a: f64, b: f64) -> f64 {
    function(a, b)
}

/// For processors without the instruction.
pub(super) extern "C" fn fused(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}
