//! Matrices: products, inverses, systems of equations.

use nalgebra::{DMatrix, DVector};

use super::LectureError;
use super::checks::{finite, same_length};
use crate::expr::Rational;
use crate::fit::singular::{Singular, singular};

/// Singular values below this part of the largest, times the larger side, count as 0: what rounding makes of a 0.
const RANK_TOLERANCE: f64 = f64::EPSILON;

/// The matrix product A @ B: row by column.
///
/// ```
/// use gradus::lecture::matrices::product;
/// use nalgebra::dmatrix;
/// let a = dmatrix![1.0, -2.0, 3.0; 7.0, 5.0, 0.0; -2.0, -1.0, 2.0];
/// let b = dmatrix![0.0, 1.0; 1.0, -1.0; -2.0, 1.0];
/// assert_eq!(product(&a, &b)?, dmatrix![-8.0, 6.0; 5.0, 2.0; -5.0, 1.0]);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::Shapes`] if A has not as many columns as B has rows.
pub fn product(a: &DMatrix<f64>, b: &DMatrix<f64>) -> Result<DMatrix<f64>, LectureError> {
    match a.ncols() == b.nrows() {
        true => Ok(a * b),
        false => Err(shapes(a, b)),
    }
}

/// The inner product of each row of A with each row of B (what NumPy calls `inner`): A times the transpose of B.
///
/// ```
/// use gradus::lecture::matrices::row_products;
/// use nalgebra::dmatrix;
/// let a = dmatrix![1.0, -2.0, 3.0; 7.0, 5.0, 0.0; -2.0, -1.0, 2.0];
/// let b = dmatrix![0.0, 1.0, -1.0; 1.0, -1.0, 0.0];
/// assert_eq!(row_products(&a, &b)?, dmatrix![-5.0, 3.0; 5.0, 2.0; -3.0, -1.0]);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::Shapes`] if the rows have not the same length.
pub fn row_products(a: &DMatrix<f64>, b: &DMatrix<f64>) -> Result<DMatrix<f64>, LectureError> {
    match a.ncols() == b.ncols() {
        true => Ok(a * b.transpose()),
        false => Err(shapes(a, b)),
    }
}

/// The inverse: the matrix that undoes A.
///
/// # Errors
/// [`LectureError::NotSquare`]; [`LectureError::Singular`] if it does not exist, or if rounding cannot tell;
/// [`LectureError::NotFinite`] if an entry is not.
pub fn inverse(a: &DMatrix<f64>) -> Result<DMatrix<f64>, LectureError> {
    square(a)?;
    a.iter()
        .try_for_each(|&x| finite("an entry of a matrix", x))?;
    let size = a.nrows();
    let rank = rank(a);
    let singular = LectureError::Singular { size, rank };
    // By elimination: nalgebra's own inverse of few rows divides by the determinant, which may overflow or underflow.
    match rank == size {
        true => a.clone().lu().try_inverse().ok_or(singular),
        false => Err(singular),
    }
}

/// The Moore-Penrose pseudo-inverse: of all matrices that undo A as far as that is possible, the smallest one.
///
/// By the singular values, those that are 0 but for rounding left out.
///
/// ```
/// use gradus::lecture::matrices::{inverse, pseudo_inverse};
/// use nalgebra::dmatrix;
/// let a = dmatrix![2.0, 0.0; 0.0, 4.0];
/// assert_eq!(pseudo_inverse(&a), inverse(&a)?);
/// assert_eq!(pseudo_inverse(&dmatrix![0.0, 0.0]), dmatrix![0.0; 0.0]);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
pub fn pseudo_inverse(a: &DMatrix<f64>) -> DMatrix<f64> {
    if a.nrows() < a.ncols() {
        return pseudo_inverse(&a.transpose()).transpose();
    }
    let parts = decomposed(a);
    let mut inverse = DMatrix::zeros(a.ncols(), a.nrows());
    for k in 0..counted(a, &parts) {
        let left = DVector::from_column_slice(&parts.left[k]);
        let right = DVector::from_column_slice(&parts.right[k]);
        inverse += right * left.transpose() / parts.values[k];
    }
    inverse
}

/// How many rows (and columns) are independent, as far as rounding can tell.
pub fn rank(a: &DMatrix<f64>) -> usize {
    match a.nrows() < a.ncols() {
        true => rank(&a.transpose()),
        false => counted(a, &decomposed(a)),
    }
}

/// The singular values of a matrix that is not wider than high. Not nalgebra's: of matrices of three rows and columns they
/// have 12 digits only.
fn decomposed(a: &DMatrix<f64>) -> Singular {
    singular(
        a.column_iter()
            .map(|c| c.iter().copied().collect())
            .collect(),
    )
}

/// How many of the singular values are not 0 but for rounding.
fn counted(a: &DMatrix<f64>, parts: &Singular) -> usize {
    let largest = parts.values.first().copied().unwrap_or(0.0);
    let cut = largest * a.nrows() as f64 * RANK_TOLERANCE;
    parts.values.iter().filter(|&&s| s > cut).count()
}

/// What became of A x = b.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The x.
    pub x: DVector<f64>,
    /// What kind of x it is.
    pub kind: SolutionKind,
    /// The length of A x - b: 0, but for rounding, if the equations hold.
    pub residual: f64,
    /// The rank of A.
    pub rank: usize,
}

/// How far a system of equations decides its unknowns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SolutionKind {
    /// The only solution.
    Unique,
    /// Of infinitely many solutions the shortest.
    Shortest,
    /// There is no solution: the only x with the smallest residual.
    LeastSquares,
    /// There is no solution: the shortest x with the smallest residual.
    ShortestLeastSquares,
}

/// Solves A x = b as far as that is possible, by the pseudo-inverse.
///
/// ```
/// use gradus::lecture::matrices::{SolutionKind, solve};
/// use nalgebra::{dmatrix, dvector};
/// let fewer = solve(&dmatrix![1.0, 1.0], &dvector![2.0])?; // x + y = 2
/// assert_eq!(fewer.kind, SolutionKind::Shortest);
/// assert!((&fewer.x - dvector![1.0, 1.0]).norm() < 1e-15);
/// let more = solve(&dmatrix![1.0; 1.0], &dvector![1.0, 3.0])?; // x = 1 and x = 3
/// assert_eq!(more.kind, SolutionKind::LeastSquares);
/// assert!((more.x[0] - 2.0).abs() < 1e-15);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::Shapes`]; [`LectureError::NotFinite`] if a number is not.
pub fn solve(a: &DMatrix<f64>, b: &DVector<f64>) -> Result<Solution, LectureError> {
    same_length("rows", a.nrows(), "right sides", b.len())?;
    a.iter()
        .try_for_each(|&x| finite("an entry of a matrix", x))?;
    b.iter().try_for_each(|&x| finite("a right side", x))?;
    let x = pseudo_inverse(a) * b;
    let rank = rank(a);
    let residual = (a * &x - b).norm();
    // What rounding leaves where the equations hold.
    let small = f64::EPSILON * (a.nrows().max(a.ncols()) as f64) * 8.0;
    let solved = residual <= small * (a.norm() * x.norm() + b.norm());
    let kind = match (solved, rank == a.ncols()) {
        (true, true) => SolutionKind::Unique,
        (true, false) => SolutionKind::Shortest,
        (false, true) => SolutionKind::LeastSquares,
        (false, false) => SolutionKind::ShortestLeastSquares,
    };
    Ok(Solution {
        x,
        kind,
        residual,
        rank,
    })
}

/// The coefficients of the linear function of the columns of `x`, and its intercept last, that fits `y` best by least
/// squares: the pseudo-inverse of (x, 1) times y.
///
/// ```
/// use gradus::lecture::matrices::regression;
/// use nalgebra::{dmatrix, dvector};
/// let x = dmatrix![1.0, 1.0; 1.0, 2.0; 2.0, 2.0; 2.0, 3.0];
/// let y = dvector![6.0, 8.0, 9.0, 11.0];
/// assert!((regression(&x, &y)? - dvector![1.0, 2.0, 3.0]).norm() < 1e-13);
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// As [`solve`].
pub fn regression(x: &DMatrix<f64>, y: &DVector<f64>) -> Result<DVector<f64>, LectureError> {
    let with_one = x.clone().insert_column(x.ncols(), 1.0);
    solve(&with_one, y).map(|solution| solution.x)
}

/// The inverse in exact numbers, by Gauss-Jordan elimination.
///
/// ```
/// use gradus::{Rational, lecture::matrices::exact_inverse};
/// let number = |n: i64| Rational::from(n);
/// let a = [[1, -2, 3], [7, 5, 0], [-2, -1, 2]].map(|row| row.map(number).to_vec()).to_vec();
/// let inverse = exact_inverse(&a)?;
/// assert_eq!(inverse[0], [(10, 47), (1, 47), (-15, 47)].map(|(n, d)| Rational::ratio(n, d).unwrap()));
/// # Ok::<(), gradus::lecture::LectureError>(())
/// ```
///
/// # Errors
/// [`LectureError::NotSquare`], [`LectureError::Singular`], [`LectureError::TooLarge`].
pub fn exact_inverse(a: &[Vec<Rational>]) -> Result<Vec<Vec<Rational>>, LectureError> {
    let size = a.len();
    if let Some(row) = a.iter().find(|row| row.len() != size) {
        return Err(LectureError::NotSquare {
            rows: size,
            columns: row.len(),
        });
    }
    let unit = |row: usize, column: usize| Rational::from(i64::from(row == column));
    // A beside the unit matrix; what makes the left half the unit matrix makes the right half the inverse.
    let mut rows: Vec<Vec<Rational>> = (a.iter().enumerate())
        .map(|(at, row)| {
            row.iter()
                .cloned()
                .chain((0..size).map(|k| unit(at, k)))
                .collect()
        })
        .collect();
    let mut done = 0;
    for column in 0..size {
        let Some(pivot) = (done..size).find(|&row| !rows[row][column].is_zero()) else {
            continue;
        };
        rows.swap(done, pivot);
        let factor = rows[done][column].recip().expect("a pivot is not 0");
        scale(&mut rows[done], &factor)?;
        let pivot_row = rows[done].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != done) {
            let factor = -&row[column];
            if !factor.is_zero() {
                add_multiple(row, &pivot_row, &factor)?;
            }
        }
        done += 1;
    }
    match done == size {
        true => Ok(rows.into_iter().map(|row| row[size..].to_vec()).collect()),
        false => Err(LectureError::Singular { size, rank: done }),
    }
}

fn scale(row: &mut [Rational], factor: &Rational) -> Result<(), LectureError> {
    for entry in row {
        *entry = entry.checked_mul(factor).ok_or(LectureError::TooLarge)?;
    }
    Ok(())
}

fn add_multiple(
    row: &mut [Rational],
    other: &[Rational],
    factor: &Rational,
) -> Result<(), LectureError> {
    for (entry, other) in row.iter_mut().zip(other) {
        let product = other.checked_mul(factor);
        let sum = product.and_then(|product| entry.checked_add(&product));
        *entry = sum.ok_or(LectureError::TooLarge)?;
    }
    Ok(())
}

fn square(a: &DMatrix<f64>) -> Result<(), LectureError> {
    match a.is_square() {
        true => Ok(()),
        false => Err(LectureError::NotSquare {
            rows: a.nrows(),
            columns: a.ncols(),
        }),
    }
}

fn shapes(a: &DMatrix<f64>, b: &DMatrix<f64>) -> LectureError {
    let shape = |m: &DMatrix<f64>| format!("{}x{}", m.nrows(), m.ncols());
    LectureError::Shapes {
        left: shape(a),
        right: shape(b),
    }
}
