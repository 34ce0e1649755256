//! Products, inverses, systems, softmax.

use gradus::Rational;
use gradus::lecture::LectureError;
use gradus::lecture::matrices::{
    SolutionKind, exact_inverse, inverse, product, pseudo_inverse, rank, regression, row_products,
    solve,
};
use gradus::lecture::softmax::{classes, cross_entropy, divergence, entropy, one_hot, softmax};
use nalgebra::{DMatrix, DVector, dmatrix, dvector};
use proptest::prelude::*;

fn near(a: &DMatrix<f64>, b: &DMatrix<f64>, digits: f64) -> bool {
    a.shape() == b.shape() && (a - b).amax() <= digits * b.amax().max(1e-300)
}

fn matrix(rows: std::ops::Range<usize>) -> impl Strategy<Value = DMatrix<f64>> {
    (rows.clone(), rows).prop_flat_map(|(n, m)| {
        prop::collection::vec((-5i32..=5).prop_map(f64::from), n * m)
            .prop_map(move |entries| DMatrix::from_vec(n, m, entries))
    })
}

#[test]
fn the_notebook() {
    let a = dmatrix![1.0, -2.0, 3.0; 7.0, 5.0, 0.0; -2.0, -1.0, 2.0];
    let b = dmatrix![0.0, 1.0; 1.0, -1.0; -2.0, 1.0];
    assert_eq!(
        product(&a, &b).unwrap(),
        dmatrix![-8.0, 6.0; 5.0, 2.0; -5.0, 1.0]
    );
    let rows = dmatrix![0.0, 1.0, -1.0; 1.0, -1.0, 0.0];
    assert_eq!(
        row_products(&a, &rows).unwrap(),
        dmatrix![-5.0, 3.0; 5.0, 2.0; -3.0, -1.0]
    );
    let printed = dmatrix![
        0.21276596, 0.0212766, -0.31914894;
        -0.29787234, 0.17021277, 0.44680851;
        0.06382979, 0.10638298, 0.40425532
    ];
    assert!((inverse(&a).unwrap() - printed).amax() < 5e-9);
    // The pseudo-inverse that the notebook prints is that of this matrix.
    let printed = dmatrix![0.5, 0.0, -0.5; 0.83333333, -0.33333333, -0.16666667];
    let found = pseudo_inverse(&printed);
    assert!((pseudo_inverse(&found) - printed).amax() < 5e-8);
}

#[test]
fn the_exact_inverse_is_the_inverse() {
    let whole = [[1, -2, 3], [7, 5, 0], [-2, -1, 2]];
    let exact = exact_inverse(&whole.map(|row| row.map(Rational::from).to_vec())).unwrap();
    let float = inverse(&DMatrix::from_fn(3, 3, |r, c| whole[r][c] as f64)).unwrap();
    for (r, row) in exact.iter().enumerate() {
        for (c, entry) in row.iter().enumerate() {
            assert!((entry.to_f64() - float[(r, c)]).abs() < 1e-15);
        }
    }
    // Hilbert's matrix of size 12 has the condition 1e16: floats give up, exact numbers do not.
    let size = 12;
    let hilbert: Vec<Vec<Rational>> = (1..=size)
        .map(|r| {
            (1..=size)
                .map(|c| Rational::ratio(1, r + c - 1).unwrap())
                .collect()
        })
        .collect();
    let found = exact_inverse(&hilbert).unwrap();
    assert_eq!(found[0][0], Rational::from(size * size));
    assert!(found.iter().flatten().all(Rational::is_integer));
}

#[test]
fn singular_and_misshapen_matrices_are_told() {
    let singular = dmatrix![1.0, 2.0; 2.0, 4.0];
    let error = inverse(&singular).unwrap_err();
    assert_eq!(error, LectureError::Singular { size: 2, rank: 1 });
    let wide = dmatrix![1.0, 2.0];
    assert_eq!(
        inverse(&wide),
        Err(LectureError::NotSquare {
            rows: 1,
            columns: 2
        })
    );
    assert_eq!(
        product(&wide, &wide).unwrap_err().to_string(),
        "shapes do not fit: 1x2 and 1x2"
    );
    let one = Rational::from(1);
    let rows = vec![
        vec![one.clone(), one.clone()],
        vec![one.clone(), one.clone()],
    ];
    assert_eq!(
        exact_inverse(&rows),
        Err(LectureError::Singular { size: 2, rank: 1 })
    );
    assert!(exact_inverse(&[vec![one.clone(), one]]).is_err());
    assert_eq!(rank(&DMatrix::zeros(3, 2)), 0);
    assert_eq!(pseudo_inverse(&DMatrix::zeros(3, 2)), DMatrix::zeros(2, 3));
}

#[test]
fn systems_say_what_kind_of_answer_they_have() {
    let kind = |a: DMatrix<f64>, b: DVector<f64>| solve(&a, &b).unwrap().kind;
    assert_eq!(
        kind(dmatrix![2.0, 0.0; 0.0, 1.0], dvector![2.0, 3.0]),
        SolutionKind::Unique
    );
    assert_eq!(
        kind(dmatrix![1.0, 1.0], dvector![2.0]),
        SolutionKind::Shortest
    );
    assert_eq!(
        kind(dmatrix![1.0; 1.0], dvector![1.0, 3.0]),
        SolutionKind::LeastSquares
    );
    // More equations than unknowns, and yet they agree.
    assert_eq!(
        kind(dmatrix![1.0; 2.0], dvector![3.0, 6.0]),
        SolutionKind::Unique
    );
    assert_eq!(
        kind(dmatrix![1.0, 1.0; 1.0, 1.0], dvector![1.0, 3.0]),
        SolutionKind::ShortestLeastSquares
    );
}

#[test]
fn the_regression_of_the_course() {
    let x = dmatrix![1.0, 1.0; 1.0, 2.0; 2.0, 2.0; 2.0, 3.0];
    let y = &x * dvector![1.0, 2.0] + DVector::from_element(4, 3.0);
    let found = regression(&x, &y).unwrap();
    assert!((found - dvector![1.0, 2.0, 3.0]).amax() < 1e-13);
}

#[test]
fn the_softmax_of_the_notebook() {
    let scores = dmatrix![1.0, 2.0, 0.0; -1.0, 0.0, 1.0; -10.0, 0.0, 10.0];
    let printed = dmatrix![
        2.44728471e-01, 6.65240956e-01, 9.00305732e-02;
        9.00305732e-02, 2.44728471e-01, 6.65240956e-01;
        2.06106005e-09, 4.53978686e-05, 9.99954600e-01
    ];
    let found = softmax(&scores);
    assert!(found.zip_map(&printed, |a, b| ((a - b) / b).abs()).amax() < 3e-9);
    let hot = dmatrix![0.0, 1.0, 0.0; 0.0, 0.0, 1.0; 0.0, 0.0, 1.0];
    assert_eq!(one_hot(&found).unwrap(), hot);
    assert_eq!(classes(&dmatrix![1.0, 1.0]).unwrap(), [0]);
    assert!(one_hot(&dmatrix![f64::NAN, 1.0]).is_err());
    assert!(one_hot(&DMatrix::zeros(1, 0)).is_err());
}

#[test]
fn probabilities_are_checked() {
    let half = dvector![0.5, 0.5];
    let error = |p: DVector<f64>| cross_entropy(&p, &half).unwrap_err().to_string();
    assert_eq!(
        error(dvector![0.5, 0.6]),
        "the probabilities of p must sum to 1, and sum to 1.1"
    );
    assert_eq!(
        error(dvector![1.5, -0.5]),
        "p must be between 0 and 1, and is 1.5"
    );
    assert_eq!(
        error(dvector![1.0]),
        "shapes do not fit: 1 probabilities and 2 probabilities"
    );
}

proptest! {
    /// The four equations that define the Moore-Penrose inverse.
    #[test]
    fn pseudo_inverses_fulfil_penroses_equations(a in matrix(1..5)) {
        let p = pseudo_inverse(&a);
        let scale = 1e-12 * (1.0 + p.amax() * a.amax());
        prop_assert!((&a * &p * &a - &a).amax() <= scale * a.amax().max(1.0));
        prop_assert!((&p * &a * &p - &p).amax() <= scale * p.amax().max(1.0));
        prop_assert!((&a * &p - (&a * &p).transpose()).amax() <= scale);
        prop_assert!((&p * &a - (&p * &a).transpose()).amax() <= scale);
    }

    #[test]
    fn exact_inverses_are_exact(entries in prop::collection::vec(-6i64..=6, 9)) {
        let rows: Vec<Vec<Rational>> = entries.chunks(3)
            .map(|row| row.iter().map(|&x| Rational::from(x)).collect()).collect();
        let Ok(inverse) = exact_inverse(&rows) else {
            let float = DMatrix::from_fn(3, 3, |r, c| entries[3 * r + c] as f64);
            prop_assert!(float.determinant().abs() < 1e-9);
            return Ok(());
        };
        for (r, row) in rows.iter().enumerate() {
            for c in 0..3 {
                let entry = row.iter().zip(&inverse).fold(Rational::from(0), |sum, (a, of_b)| {
                    sum.checked_add(&a.checked_mul(&of_b[c]).unwrap()).unwrap()
                });
                prop_assert_eq!(entry, Rational::from(i64::from(r == c)));
            }
        }
    }

    #[test]
    fn softmax_sums_to_one_and_ignores_shifts(
        scores in prop::collection::vec(-700.0..700.0f64, 1..6), shift in -300.0..300.0f64,
    ) {
        let row = DMatrix::from_row_slice(1, scores.len(), &scores);
        let p = softmax(&row);
        prop_assert!((p.sum() - 1.0).abs() < 1e-14);
        prop_assert!(p.iter().all(|x| (0.0..=1.0).contains(x)));
        prop_assert!(near(&softmax(&row.add_scalar(shift)), &p, 1e-12));
    }

    #[test]
    fn divergence_is_never_negative(weights in prop::collection::vec((0.0..1.0f64, 0.01..1.0f64), 2..6)) {
        let normal = |v: Vec<f64>| { let v = DVector::from_vec(v); let s = v.sum(); v / s };
        prop_assume!(weights.iter().map(|w| w.0).sum::<f64>() > 0.1);
        let p = normal(weights.iter().map(|w| w.0).collect());
        let q = normal(weights.iter().map(|w| w.1).collect());
        let d = divergence(&p, &q).unwrap();
        prop_assert!(d >= 0.0);
        prop_assert!((cross_entropy(&p, &q).unwrap() - entropy(&p).unwrap() - d).abs() < 1e-13);
        prop_assert!(divergence(&p, &p).unwrap() == 0.0);
    }
}

/// What p holds impossible counts too, as far as q believes in it.
#[test]
fn divergence_where_something_is_impossible() {
    let (p, q) = (dvector![0.5, 0.5, 0.0], dvector![0.25, 0.5, 0.25]);
    assert!((divergence(&p, &q).unwrap() - 0.5 * 2f64.ln()).abs() < 1e-15);
    assert_eq!(divergence(&q, &p), Ok(f64::INFINITY));
    // Near each other: p*log(p/q) alone would lose all digits, and could be below 0.
    let near = dvector![0.5 + 1e-9, 0.5 - 1e-9];
    let found = divergence(&dvector![0.5, 0.5], &near).unwrap();
    assert!((found / 2e-18 - 1.0).abs() < 1e-6, "{found:e}");
}
