//! Random numbers by their place: the k-th number of a stream is computed without those before it.

use crate::program::batch::{Arithmetic, Level, Work, work};

/// The step of the counter: odd, and nearest to 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of random numbers, each known by its place.
///
/// The k-th number is the mix of seed + k*step: the generator SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom
/// number generators, OOPSLA 2014, figure 17) with its state computed instead of kept. Streams begin where their own number
/// is mixed to, so that streams with neighbouring numbers have nothing in common.
///
/// ```
/// use gradus::lecture::sampling::Stream;
/// let stream = Stream::new(7, 0);
/// let later = stream.bits(1000);
/// assert_eq!(stream.bits(1000), later);
/// assert_ne!(Stream::new(7, 1).bits(1000), later);
/// assert!(stream.unit(3) > 0.0 && stream.unit(3) < 1.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    start: u64,
}

impl Stream {
    /// The stream of this number with this seed.
    pub fn new(seed: u64, number: u64) -> Stream {
        // Mixed twice: the first makes seeds that differ by a step unlike, the second does so with numbers.
        let start = mix(mix(seed) ^ number.wrapping_mul(STEP).wrapping_add(1));
        Stream { start }
    }

    /// 64 random bits.
    #[inline(always)]
    pub fn bits(self, at: u64) -> u64 {
        mix(self.state(at))
    }

    /// A number between 0 and 1, both excluded: one of 2^52 that lie in the middle of equal intervals.
    #[inline(always)]
    pub fn unit(self, at: u64) -> f64 {
        unit(self.bits(at))
    }

    /// Writes `low + width*u` for the numbers u at `first`, `first + every` and so on, each to the bit what
    /// [`unit`](Self::unit) gives.
    pub(super) fn fill(self, first: u64, every: u64, (low, width): (f64, f64), column: &mut [f64]) {
        let fill = Fill {
            state: self.state(first),
            step: every.wrapping_mul(STEP),
            low,
            width,
            column,
        };
        work(Level::best(), fill);
    }

    /// What is mixed to the number at a place.
    #[inline(always)]
    fn state(self, at: u64) -> u64 {
        (self.start).wrapping_add(at.wrapping_add(1).wrapping_mul(STEP))
    }
}

/// What [`Stream::fill`] does: with AVX-512, which multiplies eight whole numbers at once, in a sixth of the time.
struct Fill<'a> {
    state: u64,
    step: u64,
    low: f64,
    width: f64,
    column: &'a mut [f64],
}

impl Work for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run<K: Arithmetic>(self) {
        let mut state = self.state;
        for x in self.column {
            *x = self.low + self.width * unit(mix(state));
            state = state.wrapping_add(self.step);
        }
    }
}

/// A number between 0 and 1 from the upper 52 bits, neither 0 nor 1: a function may be infinite at the edge of a box.
#[inline(always)]
pub(super) fn unit(bits: u64) -> f64 {
    // As the digits of a number between 1 and 2; the half step makes up for the lower end.
    let digits = f64::from_bits((bits >> 12) | 1.0f64.to_bits());
    (digits - 1.0) + f64::EPSILON / 2.0
}

/// Stafford's variant 13 of the finalizer of MurmurHash3, as in the paper.
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of SplitMix64 with the state 1234567, as its authors' program prints them.
    #[test]
    fn is_splitmix64() {
        let stream = Stream { start: 1_234_567 };
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (at, bits) in published.into_iter().enumerate() {
            assert_eq!(stream.bits(at as u64), bits);
        }
    }

    #[test]
    fn stays_inside_the_interval() {
        assert_eq!(unit(0), f64::EPSILON / 2.0);
        assert_eq!(unit(u64::MAX), 1.0 - f64::EPSILON / 2.0);
    }

    #[test]
    fn columns_hold_the_numbers_at_their_places() {
        let stream = Stream::new(7, 3);
        for (first, every) in [(0, 1), (5, 3), (u64::MAX - 20, 2)] {
            for length in [0, 1, 7, 8, 100] {
                let mut column = vec![0.0; length];
                stream.fill(first, every, (-1.0, 3.0), &mut column);
                for (k, x) in (0..).zip(column) {
                    let at = first.wrapping_add(every.wrapping_mul(k));
                    assert_eq!(x, -1.0 + 3.0 * stream.unit(at));
                }
            }
        }
    }

    /// Means, variances and the correlation of neighbours within six standard errors, also across streams.
    #[test]
    fn is_even() {
        let n = 200_000;
        for other in [1u64, 2, 1 << 40] {
            let (one, two) = (Stream::new(7, 0), Stream::new(7, other));
            let (mut mean, mut square, mut next, mut across) = (0.0, 0.0, 0.0, 0.0);
            for at in 0..n {
                let x = one.unit(at) - 0.5;
                mean += x;
                square += x * x;
                next += x * (one.unit(at + 1) - 0.5);
                across += x * (two.unit(at) - 0.5);
            }
            let n = n as f64;
            assert!((mean / n).abs() < 6.0 * (1.0 / 12.0 / n).sqrt());
            assert!((square / n - 1.0 / 12.0).abs() < 6.0 * (1.0 / 180.0 / n).sqrt());
            assert!((next / n).abs() < 6.0 / 12.0 / n.sqrt());
            assert!((across / n).abs() < 6.0 / 12.0 / n.sqrt());
        }
    }
}
