//! Linear forms of columns: `w1*x1 + ... + wn*xn + b`, with a number for each column.
//!
//! Most models of many columns are functions of a few linear forms. What a form comes to at every point is a column like any
//! other for the program behind it, and the derivative of a sum over the points by `w1` is the sum of `x1` times the
//! derivative by the form (its *adjoint*): two products a number of the data, which are added up in registers. As steps of a
//! program, each with a column of its own to be stored and read again, they took two to three times as long.

#![allow(clippy::needless_range_loop)] // the plain form, of which vectors are made

use super::Level;
use super::math::Arithmetic;
use super::math::copies::{Work, work};
use super::reduce::LANES;

/// One term of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Which number.
    pub number: usize,
    /// By which column it is multiplied; by none if it stands alone.
    pub column: Option<usize>,
    /// Is it subtracted?
    pub negative: bool,
}

/// The forms of a program, which are inputs of it between the columns and the numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forms {
    /// The terms of each.
    pub(crate) forms: Vec<Vec<Term>>,
    /// Of each fold: by which forms the program has derivatives. They follow the other slopes, and become as many slopes as
    /// the forms have terms.
    pub(crate) adjoints: Vec<Vec<usize>>,
}

/// How many products are added up before they go to the sum of a form, as in long sums of programs.
const GROUP: usize = 8;

/// Points whose sum stays in registers while the columns of a group go by.
const TILE: usize = 32;

impl Forms {
    /// How many slopes the adjoints of a fold become.
    pub(super) fn slopes(&self, fold: usize) -> usize {
        let adjoints = self.adjoints.get(fold).map_or(&[][..], Vec::as_slice);
        adjoints.iter().map(|&form| self.forms[form].len()).sum()
    }

    /// Writes the values of a form at the points of a block.
    pub(super) fn evaluate(
        &self,
        form: usize,
        level: Level,
        columns: &[&[f64]],
        numbers: &[f64],
        out: &mut [f64],
    ) {
        let weight = |term: &Term| match term.negative {
            true => -numbers[term.number],
            false => numbers[term.number],
        };
        let terms = &self.forms[form];
        let alone = terms.iter().filter(|term| term.column.is_none());
        out.fill(alone.map(weight).sum());
        let mut products =
            (terms.iter()).filter_map(|term| Some((weight(term), columns[term.column?])));
        loop {
            let (mut weights, mut group, mut count) = ([0.0; GROUP], [&[][..]; GROUP], 0);
            for (weight, column) in products.by_ref().take(GROUP) {
                (weights[count], group[count]) = (weight, column);
                count += 1;
            }
            if count == 0 {
                return;
            }
            let products = AddProducts {
                weights: &weights[..count],
                columns: &group[..count],
                out,
            };
            work(level, products);
        }
    }

    /// Adds to `slopes`, of which there is one a term, the products of the adjoint of a form by what the terms' numbers are
    /// multiplied by.
    pub(super) fn slopes_by_terms(
        &self,
        form: usize,
        level: Level,
        columns: &[&[f64]],
        adjoint: &[f64],
        mut add: impl FnMut(usize, f64),
    ) {
        let terms = self.forms[form].iter().enumerate();
        let mut products = terms.clone().filter(|(_, term)| term.column.is_some());
        let signed = |term: &Term, sum: f64| if term.negative { -sum } else { sum };
        loop {
            let (mut group, mut at, mut count) = ([&[][..]; GROUP], [0; GROUP], 0);
            for (which, term) in products.by_ref().take(GROUP) {
                (group[count], at[count]) = (columns[term.column.expect("a product")], which);
                count += 1;
            }
            if count == 0 {
                break;
            }
            // What is left of a group are products of nothing.
            let sums = sums_of_products(level, adjoint, group, count);
            for (&which, &sum) in at[..count].iter().zip(&sums) {
                add(which, signed(&self.forms[form][which], sum));
            }
        }
        let mut alone = terms.filter(|(_, term)| term.column.is_none()).peekable();
        if alone.peek().is_some() {
            let sum = super::fold::plain_sum(adjoint);
            alone.for_each(|(which, term)| add(which, signed(term, sum)));
        }
    }
}

/// The sums of products of one column by others, the first `count` of a group.
fn sums_of_products(
    level: Level,
    by: &[f64],
    group: [&[f64]; GROUP],
    count: usize,
) -> [f64; GROUP] {
    let mut sums = [0.0; GROUP];
    match count {
        GROUP => sums = work(level, SumsOfProducts { by, columns: group }),
        _ => {
            for (sum, column) in sums.iter_mut().zip(group).take(count) {
                let columns = [column];
                [*sum] = work(level, SumsOfProducts { by, columns });
            }
        }
    }
    for (sum, column) in sums.iter_mut().zip(group).take(count) {
        if !sum.is_finite() {
            *sum = sum_where_it_matters(level, by, column);
        }
    }
    sums
}

/// The same for one column, where a factor 0 says that the other does not matter: it may be infinite, in a branch that is not
/// taken.
#[cold]
fn sum_where_it_matters(level: Level, by: &[f64], column: &[f64]) -> f64 {
    let pairs = by.iter().zip(column);
    let column: Vec<f64> = pairs
        .map(|(&by, &x)| if by == 0.0 { 0.0 } else { x })
        .collect();
    let columns = [&column[..]];
    work(level, SumsOfProducts { by, columns })[0]
}

/// Adds to each number of `out` a number of every column, times the column's weight.
struct AddProducts<'a> {
    weights: &'a [f64],
    columns: &'a [&'a [f64]],
    out: &'a mut [f64],
}

impl Work for AddProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn run<K: Arithmetic>(self) {
        let whole = self.out.len() / TILE * TILE;
        let (tiles, rest) = self.out.split_at_mut(whole);
        for (at, tile) in tiles.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
            let mut sums = [0.0; TILE];
            for (weight, column) in self.weights.iter().zip(self.columns) {
                let x = &column[at * TILE..][..TILE];
                for k in 0..TILE {
                    sums[k] += weight * x[k];
                }
            }
            for k in 0..TILE {
                tile[k] += sums[k];
            }
        }
        for (k, out) in rest.iter_mut().enumerate() {
            let mut sum = 0.0;
            for (weight, column) in self.weights.iter().zip(self.columns) {
                sum += weight * column[whole + k];
            }
            *out += sum;
        }
    }
}

/// The sums of products of `by` by each of N columns, in [`LANES`] sums each.
struct SumsOfProducts<'a, const N: usize> {
    by: &'a [f64],
    columns: [&'a [f64]; N],
}

type Lanes = [f64; LANES];

impl<const N: usize> Work for SumsOfProducts<'_, N> {
    type Output = [f64; N];

    #[inline(always)]
    fn run<K: Arithmetic>(self) -> [f64; N] {
        let (by, rest) = self.by.as_chunks::<LANES>();
        let mut columns: [&[Lanes]; N] = [&[]; N];
        for n in 0..N {
            columns[n] = &self.columns[n].as_chunks::<LANES>().0[..by.len()];
        }
        let mut lanes = [[0.0; LANES]; N];
        for at in 0..by.len() {
            for n in 0..N {
                lanes[n] = with_products(&lanes[n], &by[at], &columns[n][at]);
            }
        }
        let mut sums = [0.0; N];
        for n in 0..N {
            sums[n] = joined(&lanes[n]);
            for (a, x) in rest.iter().zip(&self.columns[n][by.len() * LANES..]) {
                sums[n] += a * x;
            }
        }
        sums
    }
}

#[inline(always)]
fn with_products(sums: &Lanes, a: &Lanes, b: &Lanes) -> Lanes {
    let mut result = [0.0; LANES];
    for k in 0..LANES {
        result[k] = sums[k] + a[k] * b[k];
    }
    result
}

/// Not inlined: the compiler would take the numbers of the loop before it together as they are added up here.
#[inline(never)]
fn joined(lanes: &Lanes) -> f64 {
    lanes.iter().sum()
}
