//! Sums and products together with what their rounding lost, from which numbers of twice the precision are made.

/// `a + b` and its rounding error (Knuth, The Art of Computer Programming, volume 2, 4.2.2).
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let from_b = sum - a;
    (sum, (a - (sum - from_b)) + (b - from_b))
}

/// The same for `|a| >= |b|` or `a = 0` (Dekker, A floating-point technique for extending the available precision, 1971).
#[inline(always)]
pub(crate) fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a*b` and its rounding error, by fused multiplication.
#[inline]
pub(crate) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}
