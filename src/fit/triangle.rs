//! The triangle of a QR factorisation, of rows that come block by block.
//!
//! Householder reflections take each block of rows below the triangle of all rows before it (the tall QR of Golub and Van
//! Loan, Matrix Computations, 4th edition, 5.2, in the sequential form of Demmel, Grigori, Hoemmen and Langou,
//! Communication-optimal parallel and sequential QR and LU factorizations, SIAM J. Sci. Comput. 2012). So rows need not be
//! stored, triangles of parts can be joined, and no digits are lost to squares, as they are in normal equations. A column's
//! error is relative to that column: no scaling is needed.

use crate::program::batch::{Arithmetic, Level, Work, work};

/// The upper triangle R of `A = QR`, of the rows of A seen so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Triangle {
    columns: usize,
    /// Column by column, `columns` numbers each.
    entries: Vec<f64>,
}

/// Loops over numbers are cut into groups of so many: two vectors of AVX2, so that a sum does not wait for the one before.
const LANES: usize = 8;

impl Triangle {
    /// Of no rows yet.
    pub fn new(columns: usize) -> Triangle {
        Triangle {
            columns,
            entries: vec![0.0; columns * columns],
        }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// An entry; 0 below the diagonal.
    #[inline]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.entries[column * self.columns + row]
    }

    /// The first entries of a column, down to the diagonal.
    pub fn column(&self, column: usize) -> &[f64] {
        &self.entries[column * self.columns..][..=column]
    }

    /// The Euclidean norm of a column, which is that of the same column of A.
    pub fn norm(&self, column: usize) -> f64 {
        norm(self.column(column))
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        self.entries.fill(0.0);
    }

    /// Adds rows. `block` holds them column by column, each `stride` numbers behind the last, `rows` of which are used; what
    /// is left there afterwards is of no use.
    ///
    /// # Panics
    /// If the block is shorter than its columns.
    pub fn absorb(&mut self, block: &mut [f64], stride: usize, rows: usize) {
        self.absorb_with(Level::best(), block, stride, rows);
    }

    pub(crate) fn absorb_with(
        &mut self,
        level: Level,
        block: &mut [f64],
        stride: usize,
        rows: usize,
    ) {
        assert!(rows <= stride && block.len() >= self.columns * stride);
        let reflections = Reflections {
            triangle: &mut self.entries,
            columns: self.columns,
            block,
            stride,
            rows,
        };
        work(level, reflections);
    }

    /// Is no entry NaN or infinite?
    pub fn is_finite(&self) -> bool {
        self.entries.iter().all(|x| x.is_finite())
    }

    /// Adds the rows `root*(b - 0)` of a ridge, one a parameter, with the residuals that these parameters leave.
    pub(super) fn pull(&mut self, root: f64, parameters: &[f64]) {
        if root == 0.0 {
            return;
        }
        let n = parameters.len();
        let mut rows = vec![0.0; n * (n + 1)];
        for (k, b) in parameters.iter().enumerate() {
            rows[k * n + k] = root;
            rows[n * n + k] = -root * b;
        }
        self.absorb(&mut rows, n, n);
    }

    /// Adds the rows of another triangle.
    ///
    /// # Panics
    /// If it has another number of columns.
    pub fn join(&mut self, other: &Triangle) {
        assert_eq!(self.columns, other.columns, "triangles of one size");
        let mut rows = other.entries.clone();
        self.absorb(&mut rows, self.columns, self.columns);
    }
}

/// The Euclidean norm, without squares that overflow or vanish.
pub(crate) fn norm(vector: &[f64]) -> f64 {
    let plain = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    match (1e-140..1e140).contains(&plain) {
        true => plain,
        false => vector.iter().fold(0.0, |sum: f64, x| sum.hypot(*x)),
    }
}

/// What [`Triangle::absorb`] does: a reflection for each column of the block, which leaves zeros in it.
struct Reflections<'a> {
    triangle: &'a mut [f64],
    columns: usize,
    block: &'a mut [f64],
    stride: usize,
    rows: usize,
}

impl Work for Reflections<'_> {
    type Output = ();

    #[inline(always)]
    fn run<K: Arithmetic>(self) {
        let (n, stride, rows) = (self.columns, self.stride, self.rows);
        for k in 0..n {
            let (done, rest) = self.block.split_at_mut((k + 1) * stride);
            let v = &done[k * stride..][..rows];
            let below = dots::<K, 1>(v, [v])[0];
            if below == 0.0 {
                continue;
            }
            // The reflection takes [r; v] to [alpha; 0], along z = [r - alpha; v].
            let at = k * n + k;
            let r = self.triangle[at];
            let alpha = -(r * r + below).sqrt().copysign(r);
            let first = r - alpha;
            let factor = 1.0 / (alpha * first);
            self.triangle[at] = alpha;
            let mut j = k + 1;
            while j < n {
                // Four columns at once, since each of them is read beside v.
                if n - j >= 4 {
                    let [a, b, c, d] = four(&mut rest[(j - k - 1) * stride..], stride, rows);
                    let sums = dots::<K, 4>(v, [&*a, &*b, &*c, &*d]);
                    let mut weights = [0.0; 4];
                    for (i, weight) in weights.iter_mut().enumerate() {
                        let above = &mut self.triangle[(j + i) * n + k];
                        *weight = K::fma(first, *above, sums[i]) * factor;
                        *above = K::fma(first, *weight, *above);
                    }
                    add_four::<K>(v, weights, [a, b, c, d]);
                    j += 4;
                } else {
                    let a = &mut rest[(j - k - 1) * stride..][..rows];
                    let sum = dots::<K, 1>(v, [&*a])[0];
                    let above = &mut self.triangle[j * n + k];
                    let weight = K::fma(first, *above, sum) * factor;
                    *above = K::fma(first, weight, *above);
                    for (a, &v) in a.iter_mut().zip(v) {
                        *a = K::fma(weight, v, *a);
                    }
                    j += 1;
                }
            }
        }
    }
}

#[inline(always)]
fn four(rest: &mut [f64], stride: usize, rows: usize) -> [&mut [f64]; 4] {
    let (a, rest) = rest.split_at_mut(stride);
    let (b, rest) = rest.split_at_mut(stride);
    let (c, d) = rest.split_at_mut(stride);
    [
        &mut a[..rows],
        &mut b[..rows],
        &mut c[..rows],
        &mut d[..rows],
    ]
}

/// The products of one column with several.
#[inline(always)]
fn dots<K: Arithmetic, const N: usize>(v: &[f64], columns: [&[f64]; N]) -> [f64; N] {
    let mut sums = [[0.0; LANES]; N];
    let whole = v.len() / LANES * LANES;
    let mut at = 0;
    while at < whole {
        let x: &[f64; LANES] = v[at..at + LANES].try_into().expect("a group");
        for i in 0..N {
            let y: &[f64; LANES] = columns[i][at..at + LANES].try_into().expect("a group");
            for lane in 0..LANES {
                sums[i][lane] = K::fma(x[lane], y[lane], sums[i][lane]);
            }
        }
        at += LANES;
    }
    let mut totals = [0.0; N];
    for i in 0..N {
        let s = &sums[i];
        totals[i] = ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
        for at in whole..v.len() {
            totals[i] = K::fma(v[at], columns[i][at], totals[i]);
        }
    }
    totals
}

/// Adds multiples of one column to four.
#[inline(always)]
fn add_four<K: Arithmetic>(v: &[f64], weights: [f64; 4], columns: [&mut [f64]; 4]) {
    let n = v.len();
    let [a, b, c, d] = columns;
    let (a, b, c, d) = (&mut a[..n], &mut b[..n], &mut c[..n], &mut d[..n]);
    for i in 0..n {
        a[i] = K::fma(weights[0], v[i], a[i]);
        b[i] = K::fma(weights[1], v[i], b[i]);
        c[i] = K::fma(weights[2], v[i], c[i]);
        d[i] = K::fma(weights[3], v[i], d[i]);
    }
}
