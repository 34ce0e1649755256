//! The triangle of a QR factorisation, of rows that come block by block.
//!
//! Householder reflections take each block of rows below the triangle of all rows before it (the tall QR of Golub and Van
//! Loan, Matrix Computations, 4th edition, 5.2, in the sequential form of Demmel, Grigori, Hoemmen and Langou,
//! Communication-optimal parallel and sequential QR and LU factorizations, SIAM J. Sci. Comput. 2012), some of them at a time
//! (Schreiber and Van Loan, A storage-efficient WY representation for products of Householder transformations, SIAM J. Sci.
//! Stat. Comput. 1989). So rows need not be
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

/// So many reflections are found before they are applied to the columns behind: these are read and written once for all
/// of them, which is what takes the time.
const PANEL: usize = 4;

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

/// So many columns are turned at once: with a panel that makes eight sums beside each other, none of which waits for another.
const TOGETHER: usize = 2;

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
        // Sums are of every eighth or fourth number.
        match K::WIDE {
            true => self.panels::<K, 8>(),
            false => self.panels::<K, 4>(),
        }
    }
}

impl Reflections<'_> {
    /// With `L` lanes.
    #[inline(always)]
    fn panels<K: Arithmetic, const L: usize>(mut self) {
        for k in (0..self.columns).step_by(PANEL) {
            match self.columns - k {
                1 => self.panel::<K, L, 1>(k),
                2 => self.panel::<K, L, 2>(k),
                3 => self.panel::<K, L, 3>(k),
                _ => self.panel::<K, L, PANEL>(k),
            }
        }
    }

    /// The `P` reflections of the columns from `k` on, found and applied.
    #[inline(always)]
    fn panel<K: Arithmetic, const L: usize, const P: usize>(&mut self, k: usize) {
        let (n, stride, rows) = (self.columns, self.stride, self.rows);
        let (own, rest) = self.block[k * stride..].split_at_mut(P * stride);
        let mut own = own.chunks_exact_mut(stride).map(|c| &mut c[..rows]);
        let mut own = [(); P].map(|()| own.next().expect("a column"));
        let mut found = [Reflection::default(); P];
        let mut across = [[0.0; P]; P];
        for p in 0..P {
            let columns = own.each_ref().map(|c| &**c);
            let [products] = dots::<K, L, 1, P>([columns[p]], columns);
            let diagonal = &mut self.triangle[(k + p) * n + k + p];
            found[p] = Reflection::new(diagonal, products[p]);
            across[p] = products;
            let (before, after) = own.split_at_mut(p + 1);
            for (column, q) in after.iter_mut().zip(p + 1..) {
                let above = &mut self.triangle[(k + q) * n + k + p];
                let weight = found[p].turn::<K>(above, products[q]);
                for (y, x) in column.iter_mut().zip(&*before[p]) {
                    *y = K::fma(weight, *x, *y);
                }
            }
        }
        let panel = Panel {
            own: own.each_ref().map(|c| &**c),
            found,
            across,
        };
        let others = self.triangle.chunks_exact_mut(n).skip(k + P);
        let mut above = others.map(|column| &mut column[k..k + P]);
        let mut columns = rest.chunks_exact_mut(stride).map(|c| &mut c[..rows]);
        while columns.len() >= TOGETHER {
            let above = [(); TOGETHER].map(|()| above.next().expect("a column"));
            let columns = [(); TOGETHER].map(|()| columns.next().expect("a column"));
            panel.apply::<K, L, TOGETHER>(above, columns);
        }
        for (column, above) in columns.zip(above) {
            panel.apply::<K, L, 1>([above], [column]);
        }
    }
}

/// The reflection that takes `[r; v]` to `[alpha; 0]`, along `z = [r - alpha; v]`.
#[derive(Clone, Copy, Default)]
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
            return Reflection::default();
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

/// Several reflections, one after the other.
struct Panel<'v, const P: usize> {
    /// What each goes along, below the triangle.
    own: [&'v [f64]; P],
    found: [Reflection; P],
    /// The products of `own` with those before.
    across: [[f64; P]; P],
}

impl<const P: usize> Panel<'_, P> {
    /// Turns some columns, with their entries above the block.
    #[inline(always)]
    fn apply<K: Arithmetic, const L: usize, const N: usize>(
        &self,
        above: [&mut [f64]; N],
        columns: [&mut [f64]; N],
    ) {
        let products = dots::<K, L, P, N>(self.own, columns.each_ref().map(|c| &**c));
        let mut weights = [[0.0; P]; N];
        for p in 0..P {
            for i in 0..N {
                // The product with the column as the reflections before leave it.
                let mut product = products[p][i];
                for q in 0..p {
                    product = K::fma(weights[i][q], self.across[p][q], product);
                }
                weights[i][p] = self.found[p].turn::<K>(&mut above[i][p], product);
            }
        }
        let rows = self.own[0].len();
        let mut own = self.own;
        for p in 0..P {
            own[p] = &self.own[p][..rows];
        }
        for (column, weights) in columns.into_iter().zip(weights) {
            let column = &mut column[..rows];
            for row in 0..rows {
                let mut y = column[row];
                for p in 0..P {
                    y = K::fma(weights[p], own[p][row], y);
                }
                column[row] = y;
            }
        }
    }
}

/// The products of some columns with others.
#[inline(always)]
fn dots<K: Arithmetic, const L: usize, const P: usize, const N: usize>(
    own: [&[f64]; P],
    columns: [&[f64]; N],
) -> [[f64; N]; P] {
    let rows = own[0].len();
    let whole = rows / L;
    let mut x: [&[[f64; L]]; P] = [&[]; P];
    let mut y: [&[[f64; L]]; N] = [&[]; N];
    for p in 0..P {
        x[p] = &own[p][..rows].as_chunks().0[..whole];
    }
    for i in 0..N {
        y[i] = &columns[i][..rows].as_chunks().0[..whole];
    }
    let mut sums = [[[0.0; L]; N]; P];
    for k in 0..whole {
        // Written out: a loop over p that the compiler does not unroll keeps the sums in memory, and takes four times as long.
        macro_rules! add {
            ($p:literal) => {
                if $p < P {
                    for i in 0..N {
                        for lane in 0..L {
                            let sum = &mut sums[$p][i][lane];
                            *sum = K::fma(x[$p][k][lane], y[i][k][lane], *sum);
                        }
                    }
                }
            };
        }
        add!(0);
        add!(1);
        add!(2);
        add!(3);
    }
    // A copy is what is passed on, so that the sums themselves may stay in registers.
    let mut lanes = [[[0.0; L]; N]; P];
    for p in 0..P {
        for i in 0..N {
            for lane in 0..L {
                lanes[p][i][lane] = sums[p][i][lane];
            }
        }
    }
    let mut products = totals(&lanes);
    for row in whole * L..rows {
        for p in 0..P {
            for i in 0..N {
                products[p][i] = K::fma(own[p][row], columns[i][row], products[p][i]);
            }
        }
    }
    products
}

/// The sums of the lanes. Not inlined: the lanes must be stored for it, and that is what tells the compiler that they are
/// vectors (148 ns instead of 52 for four columns of 128 rows).
#[inline(never)]
fn totals<const L: usize, const P: usize, const N: usize>(
    lanes: &[[[f64; L]; N]; P],
) -> [[f64; N]; P] {
    lanes.map(|lanes| {
        lanes.map(|mut sums| {
            let mut half = L / 2;
            while half > 0 {
                for lane in 0..half {
                    sums[lane] += sums[half + lane];
                }
                half /= 2;
            }
            sums[0]
        })
    })
}
