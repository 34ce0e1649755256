//! A block of numbers, gone through twice: once for the mean and the range, once for the powers of the distance from it.
//!
//! The loops are compiled for the instructions of the machine, and without fused products, so that their sums are the same
//! to the last bit with all of them. They go from [`Lanes`] to [`Lanes`], an operation at a time: of loops over numbers with
//! several sums each the compiler makes no vectors, or odd ones (1.5 ns a number instead of 0.35).

use super::{BLOCK, Summary, smaller};
use crate::functions::error_free::two_sum;
use crate::program::batch::{Arithmetic, Level, Work, work};

/// A block whose numbers differ by less than this part of their size shows how they were rounded.
pub(super) const NARROW: f64 = 1e-2;

/// Decimals with more places are not recognised.
const PLACES: [f64; 7] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

/// Sums run beside each other: two of the widest vectors, since each addition waits for the one before it.
const LANES: usize = 16;

type Lanes = [f64; LANES];

/// Adds numbers to a sample.
pub(super) fn extend(summary: &mut Summary, values: &[f64]) {
    work(Level::best(), Blocks { summary, values });
}

struct Blocks<'a> {
    summary: &'a mut Summary,
    values: &'a [f64],
}

impl Work for Blocks<'_> {
    type Output = ();

    #[inline(always)]
    fn run<K: Arithmetic>(self) {
        for block in self.values.chunks(BLOCK) {
            let origin = block[0];
            let (sum, range) = first(block, origin);
            let part = match range.1 - range.0 < NARROW * origin.abs() {
                true => rounded(block, range),
                false => {
                    let shift = sum / block.len() as f64;
                    let powers = powers(block, |x| (x - origin) - shift);
                    moments(block.len(), range, origin, shift, powers)
                }
            };
            self.summary.join(&part);
        }
    }
}

/// The sum of the distances from the origin, which is one of the numbers, and the smallest and the largest number.
#[inline(always)]
fn first(values: &[f64], origin: f64) -> (f64, (f64, f64)) {
    let mut parts = [[0.0; LANES], [origin; LANES], [origin; LANES]];
    let (whole, rest) = values.as_chunks::<LANES>();
    for x in whole {
        parts = with_numbers(parts, x, origin);
    }
    // Filled up with the origin, which changes nothing.
    let mut last = [origin; LANES];
    last[..rest.len()].copy_from_slice(rest);
    let parts = with_numbers(parts, &last, origin);
    let sum = joined(&parts[0], |a, b| a + b);
    let (low, high) = (joined(&parts[1], f64::min), joined(&parts[2], f64::max));
    match sum.is_nan() {
        // Comparisons pass over a NaN, sums do not.
        true => (sum, range(values)),
        false => (sum, (low, high)),
    }
}

#[inline(always)]
fn with_numbers([sums, low, high]: [Lanes; 3], x: &Lanes, origin: f64) -> [Lanes; 3] {
    [
        both(&sums, &each(x, |x| x - origin), |a, b| a + b),
        both(&low, x, |a, x| if x < a { x } else { a }),
        both(&high, x, |a, x| if x > a { x } else { a }),
    ]
}

/// The smallest and the largest, NaN if there is one.
#[cold]
fn range(values: &[f64]) -> (f64, f64) {
    let low = values.iter().fold(f64::INFINITY, |m, &x| smaller(m, x));
    let high = values.iter().fold(f64::INFINITY, |m, &x| smaller(m, -x));
    (low, -high)
}

/// The sums of the first three powers of the distances.
#[inline(always)]
fn powers(values: &[f64], distance: impl Fn(f64) -> f64) -> [f64; 3] {
    let mut parts = [[0.0; LANES]; 3];
    let (whole, rest) = values.as_chunks::<LANES>();
    for x in whole {
        parts = with_powers(parts, &each(x, &distance));
    }
    let mut last = [0.0; LANES];
    for (d, &x) in last.iter_mut().zip(rest) {
        *d = distance(x);
    }
    let [sums, squares, cubes] = with_powers(parts, &last);
    let sum = |lanes| joined(lanes, |a, b| a + b);
    [sum(&sums), sum(&squares), sum(&cubes)]
}

#[inline(always)]
fn with_powers([sums, squares, cubes]: [Lanes; 3], d: &Lanes) -> [Lanes; 3] {
    let square = both(d, d, |a, b| a * b);
    [
        both(&sums, d, |a, b| a + b),
        both(&squares, &square, |a, b| a + b),
        both(&cubes, &both(&square, d, |a, b| a * b), |a, b| a + b),
    ]
}

#[inline(always)]
fn each(x: &Lanes, f: impl Fn(f64) -> f64) -> Lanes {
    let mut values = [0.0; LANES];
    for k in 0..LANES {
        values[k] = f(x[k]);
    }
    values
}

#[inline(always)]
fn both(x: &Lanes, y: &Lanes, f: impl Fn(f64, f64) -> f64) -> Lanes {
    let mut values = [0.0; LANES];
    for k in 0..LANES {
        values[k] = f(x[k], y[k]);
    }
    values
}

/// What the lanes come to. Not inlined: the compiler would take the numbers of the loops before it together as they are
/// added up here.
#[inline(never)]
fn joined(lanes: &Lanes, join: impl Fn(f64, f64) -> f64) -> f64 {
    let [mut a, mut b] = [lanes[0], lanes[1]];
    for pair in lanes.as_chunks::<2>().0[1..].iter() {
        (a, b) = (join(a, pair[0]), join(b, pair[1]));
    }
    join(a, b)
}

/// Of a block of `count` numbers, from the sums of powers of their distances from `origin + shift`.
#[inline(always)]
fn moments(
    count: usize,
    (min, max): (f64, f64),
    origin: f64,
    shift: f64,
    [first, second, third]: [f64; 3],
) -> Summary {
    // What the mean of the block is off by (Chan, Golub and LeVeque, The American Statistician 37, 1983).
    let rest = first / count as f64;
    let (mean, mean_tail) = two_sum(origin, shift + rest);
    Summary {
        count: count as u64,
        mean,
        mean_tail,
        second: second - first * rest,
        third: third - 3.0 * rest * second + 2.0 * first * rest * rest,
        min,
        max,
    }
}

/// A block of numbers that show how they were rounded: taken for the decimals that they come from, if they all come from
/// decimals with few places.
#[inline(always)]
fn rounded(values: &[f64], range: (f64, f64)) -> Summary {
    let origin = values[0];
    let places = (PLACES.into_iter()).find(|&places| are_decimals(values, places));
    let rest = |x: f64| places.map_or(0.0, |places| beyond(x, places));
    let mut distances = [0.0; BLOCK];
    for (distance, &x) in distances.iter_mut().zip(values) {
        *distance = (x - origin) + rest(x);
    }
    let distances = &distances[..values.len()];
    // From the rounded origin: its own rest is in the shift.
    let shift = powers(distances, |d| d)[0] / values.len() as f64;
    let powers = powers(distances, |d| d - shift);
    moments(values.len(), range, origin, shift, powers)
}

/// Is every number nearest to a decimal with so many places, given as a power of ten?
#[inline(always)]
fn are_decimals(values: &[f64], places: f64) -> bool {
    // Some at once, so that vectors are made; most samples that are no decimals end with the first ones.
    values.chunks(4 * LANES).all(|some| {
        let mut all = true;
        for &x in some {
            all &= (x * places).round_ties_even() / places == x;
        }
        all
    })
}

/// What the decimal of so many places that rounds to `x` has beyond it.
#[inline(always)]
fn beyond(x: f64, places: f64) -> f64 {
    // The difference is computed without rounding: the product's error is that of a fused one.
    x.mul_add(-places, (x * places).round_ties_even()) / places
}

/// The same for the fewest places that will do; 0 if no decimal of few places rounds to `x`.
pub(super) fn decimal_rest(x: f64) -> f64 {
    let places = (PLACES.into_iter()).find(|&places| are_decimals(&[x], places));
    places.map_or(0.0, |places| beyond(x, places))
}
