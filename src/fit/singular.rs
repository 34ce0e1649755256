//! Singular values of small matrices, by rotations of pairs of columns.
//!
//! One-sided Jacobi (Hestenes 1958; Demmel and Veselić, Jacobi's method is more accurate than QR, SIAM J. Matrix Anal. Appl.
//! 1992): also small singular values come with all the digits that the columns, scaled to one length, determine.

use super::triangle::norm;

/// `A = U diag(s) V^T` for m x n, m >= n: singular values from the largest to the smallest.
#[derive(Clone, Debug)]
pub(crate) struct Singular {
    /// The columns of U, m numbers each; those of singular values 0 are 0.
    pub(crate) left: Vec<Vec<f64>>,
    /// The singular values.
    pub(crate) values: Vec<f64>,
    /// The columns of V, n numbers each.
    pub(crate) right: Vec<Vec<f64>>,
}

/// Two columns are orthogonal when their cosine is below this.
const ORTHOGONAL: f64 = 1e-15;

/// Six or seven sweeps are common; who needs more has numbers that are not finite.
const MAX_SWEEPS: usize = 40;

/// Of the matrix with these columns.
pub(crate) fn singular(mut columns: Vec<Vec<f64>>) -> Singular {
    let n = columns.len();
    let mut right: Vec<Vec<f64>> = (0..n)
        .map(|k| (0..n).map(|i| f64::from(u8::from(i == k))).collect())
        .collect();
    for _ in 0..MAX_SWEEPS {
        let mut turned = false;
        for p in 0..n {
            for q in p + 1..n {
                let (a, b) = pair(&mut columns, p, q);
                let (aa, bb, ab) = (dot(a, a), dot(b, b), dot(a, b));
                let inclined = ab.abs() > ORTHOGONAL * (aa * bb).sqrt();
                if !inclined {
                    continue;
                }
                turned = true;
                // The rotation that makes the columns orthogonal.
                let ratio = (bb - aa) / (2.0 * ab);
                let tangent = 1.0f64.copysign(ratio) / (ratio.abs() + ratio.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let sine = cosine * tangent;
                rotate(a, b, cosine, sine);
                let (a, b) = pair(&mut right, p, q);
                rotate(a, b, cosine, sine);
            }
        }
        if !turned {
            break;
        }
    }
    let norms: Vec<f64> = columns.iter().map(|c| norm(c)).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| norms[j].total_cmp(&norms[i]));
    let unit = |k: usize| {
        let size = if norms[k] == 0.0 { 1.0 } else { norms[k] };
        columns[k].iter().map(|x| x / size).collect()
    };
    Singular {
        left: order.iter().map(|&k| unit(k)).collect(),
        values: order.iter().map(|&k| norms[k]).collect(),
        right: order.iter().map(|&k| right[k].clone()).collect(),
    }
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn pair(columns: &mut [Vec<f64>], p: usize, q: usize) -> (&mut [f64], &mut [f64]) {
    let (head, tail) = columns.split_at_mut(q);
    (&mut head[p], &mut tail[0])
}

fn rotate(a: &mut [f64], b: &mut [f64], cosine: f64, sine: f64) {
    for (a, b) in a.iter_mut().zip(b) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}
