//! The triangle of a QR factorisation, of rows that come block by block.
//!
//! Householder reflections take each block of rows below the triangle of all rows before it (the tall QR of Golub and Van
//! Loan, Matrix Computations, 4th edition, 5.2, in the sequential form of Demmel, Grigori, Hoemmen and Langou,
//! Communication-optimal parallel and sequential QR and LU factorizations, SIAM J. Sci. Comput. 2012). So rows need not be
//! stored, triangles of parts can be joined, and no digits are lost to squares, as they are in normal equations. A column's
//! error is relative to that column: no scaling is needed.

#![allow(clippy::needless_range_loop)] // the plain form, of which vectors are made

use crate::program::batch::{Arithmetic, Level, Work, work};

/// The upper triangle R of `A = QR`, of the rows of A seen so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Triangle {
    columns: usize,
    /// Column by column, `columns` numbers each.
    entries: Vec<f64>,
}

/// Sums are of every fourth number, a vector of AVX2: eight of them run beside each other, so that none waits for the one
/// before.
const LANES: usize = 4;

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

    /// Two reflections at a time: each other column is read and written once for both, which is what takes the time.
    #[inline(always)]
    fn run<K: Arithmetic>(self) {
        let (n, stride, rows) = (self.columns, self.stride, self.rows);
        let triangle = self.triangle;
        let mut k = 0;
        while k + 1 < n {
            let (done, rest) = self.block.split_at_mut((k + 2) * stride);
            let (v, u) = done[k * stride..].split_at_mut(stride);
            let (v, u) = (&v[..rows], &mut u[..rows]);
            let (square, product) = dots::<K, 1>(v, u, [v]);
            let one = Reflection::new(&mut triangle[k * n + k], square[0]);
            let weight = one.turn::<K>(&mut triangle[(k + 1) * n + k], product[0]);
            for (u, &v) in u.iter_mut().zip(v) {
                *u = K::fma(weight, v, *u);
            }
            let (across, square) = dots::<K, 1>(v, u, [&*u]);
            let two = Reflection::new(&mut triangle[(k + 1) * n + k + 1], square[0]);
            let pair = Pair {
                one,
                two,
                v,
                u,
                across: across[0],
            };
            let mut j = k + 2;
            let mut columns = rest.chunks_exact_mut(stride).map(|c| &mut c[..rows]);
            while n - j >= 4 {
                let four = [(); 4].map(|()| columns.next().expect("a column"));
                pair.apply::<K, 4>(triangle, n, k, j, four);
                j += 4;
            }
            for column in columns {
                pair.apply::<K, 1>(triangle, n, k, j, [column]);
                j += 1;
            }
            k += 2;
        }
        if k < n {
            let v = &self.block[k * stride..][..rows];
            let square = dots::<K, 1>(v, v, [v]).0[0];
            Reflection::new(&mut triangle[k * n + k], square);
        }
    }
}

/// The reflection that takes `[r; v]` to `[alpha; 0]`, along `z = [r - alpha; v]`.
#[derive(Clone, Copy)]
struct Reflection {
    /// `r - alpha`
    first: f64,
    /// -2 by the square of z; 0 where nothing is to be done.
    factor: f64,
}

impl Reflection {
    /// Sets `r` to alpha; `below` is the square of v.
    #[inline(always)]
    fn new(r: &mut f64, below: f64) -> Reflection {
        if below == 0.0 {
            return Reflection {
                first: 0.0,
                factor: 0.0,
            };
        }
        let alpha = -(*r * *r + below).sqrt().copysign(*r);
        let first = *r - alpha;
        *r = alpha;
        Reflection {
            first,
            factor: 1.0 / (alpha * first),
        }
    }

    /// Turns the entry of another column above the block, whose product with v is `sum`; gives the multiple of v for it.
    #[inline(always)]
    fn turn<K: Arithmetic>(self, above: &mut f64, sum: f64) -> f64 {
        let weight = K::fma(self.first, *above, sum) * self.factor;
        *above = K::fma(self.first, weight, *above);
        weight
    }
}

/// Two reflections, the second along u.
struct Pair<'v> {
    one: Reflection,
    two: Reflection,
    v: &'v [f64],
    u: &'v [f64],
    /// The product of v and u.
    across: f64,
}

impl Pair<'_> {
    /// Turns the columns from `j` on.
    #[inline(always)]
    fn apply<K: Arithmetic, const N: usize>(
        &self,
        triangle: &mut [f64],
        n: usize,
        k: usize,
        j: usize,
        columns: [&mut [f64]; N],
    ) {
        let (first, second) = dots::<K, N>(self.v, self.u, columns.each_ref().map(|c| &**c));
        let mut weights = [(0.0, 0.0); N];
        for i in 0..N {
            let at = (j + i) * n + k;
            let one = self.one.turn::<K>(&mut triangle[at], first[i]);
            // The product with u of the column as the first reflection leaves it.
            let second = K::fma(one, self.across, second[i]);
            weights[i] = (one, self.two.turn::<K>(&mut triangle[at + 1], second));
        }
        add::<K, N>(self.v, self.u, weights, columns);
    }
}

/// The products of two columns with several.
#[inline(always)]
fn dots<K: Arithmetic, const N: usize>(
    v: &[f64],
    u: &[f64],
    columns: [&[f64]; N],
) -> ([f64; N], [f64; N]) {
    let rows = v.len();
    let (x, x_rest) = v.as_chunks::<LANES>();
    let (z, z_rest) = u[..rows].as_chunks::<LANES>();
    let mut y: [&[[f64; LANES]]; N] = [&[]; N];
    for i in 0..N {
        y[i] = &columns[i][..rows].as_chunks::<LANES>().0[..x.len()];
    }
    let z = &z[..x.len()];
    let (mut first, mut second) = ([[0.0; LANES]; N], [[0.0; LANES]; N]);
    for k in 0..x.len() {
        for i in 0..N {
            for lane in 0..LANES {
                first[i][lane] = K::fma(x[k][lane], y[i][k][lane], first[i][lane]);
                second[i][lane] = K::fma(z[k][lane], y[i][k][lane], second[i][lane]);
            }
        }
    }
    let (mut first, mut second) = (totals(&first), totals(&second));
    let whole = rows - x_rest.len();
    for i in 0..N {
        for (at, (x, z)) in x_rest.iter().zip(z_rest).enumerate() {
            let y = columns[i][whole + at];
            first[i] = K::fma(*x, y, first[i]);
            second[i] = K::fma(*z, y, second[i]);
        }
    }
    (first, second)
}

/// The sums of the lanes. Not inlined: the lanes must be stored for it, and that is what tells the compiler that they are
/// vectors (148 ns instead of 52 for four columns of 128 rows).
#[inline(never)]
fn totals<const N: usize>(lanes: &[[f64; LANES]; N]) -> [f64; N] {
    let mut totals = [0.0; N];
    for (total, s) in totals.iter_mut().zip(lanes) {
        *total = (s[0] + s[2]) + (s[1] + s[3]);
    }
    totals
}

/// Adds multiples of two columns to several.
#[inline(always)]
fn add<K: Arithmetic, const N: usize>(
    v: &[f64],
    u: &[f64],
    weights: [(f64, f64); N],
    columns: [&mut [f64]; N],
) {
    let rows = v.len();
    let u = &u[..rows];
    for (column, (of_v, of_u)) in columns.into_iter().zip(weights) {
        for ((y, x), z) in column[..rows].iter_mut().zip(v).zip(u) {
            *y = K::fma(of_u, *z, K::fma(of_v, *x, *y));
        }
    }
}
