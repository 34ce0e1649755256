//! Sobol's points: they fill the unit cube evenly, so that the error of a mean falls nearly as 1/n and not as 1/sqrt(n).
//!
//! Direction numbers are those of Joe and Kuo (Constructing Sobol sequences with better two-dimensional projections, SIAM J.
//! Sci. Comput. 30, 2008; their table new-joe-kuo-6). Each repetition moves the points by random bits of its own (a digital
//! shift), which keeps them even and makes the mean unbiased: that is how repetitions tell the error.

use super::random::{Stream, unit};

/// As many dimensions as there are direction numbers for.
pub const MAX_DIMENSIONS: usize = 16;

/// Points of a sequence: more digits than this have no direction.
const BITS: usize = 52;

/// Degree, coefficients and first direction numbers for each dimension after the first.
const TABLE: [(u32, u64, &[u64]); MAX_DIMENSIONS - 1] = [
    (1, 0, &[1]),
    (2, 1, &[1, 3]),
    (3, 1, &[1, 3, 1]),
    (3, 2, &[1, 1, 1]),
    (4, 1, &[1, 1, 3, 3]),
    (4, 4, &[1, 3, 5, 13]),
    (5, 2, &[1, 1, 5, 5, 17]),
    (5, 4, &[1, 1, 5, 5, 5]),
    (5, 7, &[1, 1, 7, 11, 19]),
    (5, 11, &[1, 1, 5, 1, 1]),
    (5, 13, &[1, 1, 1, 3, 11]),
    (5, 14, &[1, 3, 5, 5, 31]),
    (6, 1, &[1, 3, 3, 9, 7, 49]),
    (6, 13, &[1, 1, 1, 15, 21, 21]),
    (6, 16, &[1, 3, 1, 13, 27, 49]),
];

/// The sequence of one dimension.
///
/// ```
/// use gradus::lecture::sampling::{Sobol, Stream};
/// let dimension = Sobol::new(1);
/// // Any 8 points that begin at a multiple of 8 lie one each in the eighths of the interval.
/// let mut eighths: Vec<u64> = (0..8).map(|at| (dimension.unit(at, 0) * 8.0) as u64).collect();
/// eighths.sort();
/// assert_eq!(eighths, [0, 1, 2, 3, 4, 5, 6, 7]);
/// ```
#[derive(Clone, Debug)]
pub struct Sobol {
    /// What the digit of this place adds (without carry) to a coordinate.
    directions: [u64; BITS],
}

impl Sobol {
    /// The sequence of a dimension, from 0 on.
    ///
    /// # Panics
    /// From [`MAX_DIMENSIONS`] on.
    pub fn new(dimension: usize) -> Sobol {
        let mut numbers = [1u64; BITS];
        if dimension > 0 {
            let (degree, coefficients, first) = TABLE[dimension - 1];
            let degree = degree as usize;
            numbers[..degree].copy_from_slice(first);
            for k in degree..BITS {
                let before = numbers[k - degree];
                let mut next = before ^ (before << degree);
                for term in 1..degree {
                    let bit = (coefficients >> (degree - 1 - term)) & 1;
                    next ^= bit * (numbers[k - term] << term);
                }
                numbers[k] = next;
            }
        }
        let mut directions = [0; BITS];
        for (k, direction) in directions.iter_mut().enumerate() {
            *direction = numbers[k] << (63 - k);
        }
        Sobol { directions }
    }

    /// The coordinate of a point, as the digits of a number between 0 and 1, in the order of Gray's code.
    #[inline]
    pub fn bits(&self, at: u64) -> u64 {
        let mut gray = at ^ (at >> 1);
        let mut bits = 0;
        while gray != 0 {
            bits ^= self.directions[gray.trailing_zeros() as usize];
            gray &= gray - 1;
        }
        bits
    }

    /// What has to be added (without carry) to the coordinate of a point to get that of the next.
    #[inline(always)]
    pub(super) fn change(&self, after: u64) -> u64 {
        self.directions[(after + 1).trailing_zeros() as usize]
    }

    /// The coordinate of a point between 0 and 1, moved by `shift`.
    pub fn unit(&self, at: u64, shift: u64) -> f64 {
        unit(self.bits(at) ^ shift)
    }
}

/// The shift of a dimension in a repetition.
pub(super) fn shift(seed: u64, repetition: u64, dimension: usize) -> u64 {
    Stream::new(seed, repetition).bits(dimension as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first 2^k points lie one each in 2^k equal intervals, in every dimension and with every shift.
    #[test]
    fn every_dimension_is_stratified() {
        for dimension in 0..MAX_DIMENSIONS {
            let sequence = Sobol::new(dimension);
            for k in 1..=10 {
                for shift in [0, 0x0123_4567_89ab_cdef] {
                    let mut seen = vec![false; 1 << k];
                    for at in 0..1u64 << k {
                        let cell = ((sequence.bits(at) ^ shift) >> (64 - k)) as usize;
                        assert!(!std::mem::replace(&mut seen[cell], true), "{dimension} {k}");
                    }
                }
            }
        }
    }

    /// Every number of the table is odd and below the power of two of its place: what makes the above hold for any k.
    #[test]
    fn the_table_is_well_formed() {
        for (degree, coefficients, numbers) in TABLE {
            assert_eq!(numbers.len(), degree as usize);
            assert!(coefficients < 1 << (degree - 1));
            for (k, number) in numbers.iter().enumerate() {
                assert!(number % 2 == 1 && *number < 2 << k);
            }
        }
    }

    /// The first two dimensions are a (0, 2)-sequence: 2^k points lie one each in all boxes of that many, of any shape.
    #[test]
    fn the_first_two_dimensions_fill_every_box() {
        let (x, y) = (Sobol::new(0), Sobol::new(1));
        for k in 1..=8u32 {
            for wide in 0..=k {
                let mut seen = vec![false; 1 << k];
                for at in 0..1u64 << k {
                    let column = x.bits(at).checked_shr(64 - wide).unwrap_or(0);
                    let row = y.bits(at).checked_shr(64 - (k - wide)).unwrap_or(0);
                    let cell = ((column << (k - wide)) | row) as usize;
                    assert!(!std::mem::replace(&mut seen[cell], true), "{k} {wide}");
                }
            }
        }
    }

    #[test]
    fn steps_lead_from_point_to_point() {
        for dimension in 0..MAX_DIMENSIONS {
            let sequence = Sobol::new(dimension);
            for at in 0..1000 {
                assert_eq!(
                    sequence.bits(at) ^ sequence.change(at),
                    sequence.bits(at + 1)
                );
            }
        }
    }
}
