//! Norms, angles, projections.

use gradus::lecture::LectureError;
use gradus::lecture::vectors::{
    Norm, angle, distance, hadamard, inner, norm, projection, unit_circle,
};
use nalgebra::{DVector, dvector};
use proptest::prelude::*;

const NORMS: [Norm; 5] = [Norm::L1, Norm::L2, Norm::Max, Norm::P(1.5), Norm::P(7.0)];

/// Two vectors of the same length, of all sizes.
fn pair() -> impl Strategy<Value = (DVector<f64>, DVector<f64>)> {
    let component = || prop_oneof![8 => -10.0..10.0, 1 => Just(0.0), 1 => -1e-200..1e-200];
    (1usize..6).prop_flat_map(move |n| {
        let vector = || prop::collection::vec(component(), n).prop_map(DVector::from_vec);
        (vector(), vector())
    })
}

#[test]
fn the_notebook() {
    let (a, b) = (dvector![1.0, 7.0, 2.0], dvector![5.0, 2.0, 1.0]);
    assert_eq!(hadamard(&a, &b).unwrap(), dvector![5.0, 14.0, 2.0]);
    assert_eq!(inner(&a, &b).unwrap(), 21.0);
    assert_eq!(distance(&a, &b, Norm::L1).unwrap(), 10.0);
    assert_eq!(distance(&a, &b, Norm::L2).unwrap(), 42f64.sqrt());
    assert_eq!(distance(&a, &b, Norm::Max).unwrap(), 5.0);
    assert_eq!(inner(&a, &-&b).unwrap(), -21.0);
}

#[test]
fn no_square_overflows_or_is_lost() {
    for scale in [1e-300, 1e300, f64::MIN_POSITIVE] {
        let v = dvector![3.0 * scale, 4.0 * scale];
        let length = norm(&v, Norm::L2).unwrap();
        assert!((length / (5.0 * scale) - 1.0).abs() < 1e-15, "{scale}");
        let along = angle(&v, &dvector![scale, 0.0]).unwrap();
        assert!((along - (4f64).atan2(3.0)).abs() < 1e-15, "{scale}");
    }
}

#[test]
fn what_is_no_number_stays_so() {
    assert!(norm(&dvector![f64::NAN, 1.0], Norm::Max).unwrap().is_nan());
    assert!(norm(&dvector![1.0, f64::NAN], Norm::L2).unwrap().is_nan());
    assert_eq!(
        norm(&dvector![f64::NEG_INFINITY, 1.0], Norm::L2),
        Ok(f64::INFINITY)
    );
    assert_eq!(norm(&DVector::zeros(0), Norm::P(3.0)), Ok(0.0));
}

#[test]
fn bad_input_is_told() {
    let (short, long) = (dvector![1.0], dvector![1.0, 2.0]);
    assert_eq!(
        hadamard(&short, &long).unwrap_err().to_string(),
        "shapes do not fit: 1 components and 2 components"
    );
    assert_eq!(
        angle(&long, &dvector![0.0, 0.0]),
        Err(LectureError::ZeroVector)
    );
    assert_eq!(
        projection(&long, &dvector![0.0, 0.0]),
        Err(LectureError::ZeroVector)
    );
    assert_eq!(norm(&long, Norm::P(0.9)), Err(LectureError::Order(0.9)));
    assert!(norm(&long, Norm::P(f64::NAN)).is_err());
}

#[test]
fn unit_circles_have_the_norm_one_and_close() {
    for by in NORMS {
        let circle = unit_circle(by, 64).unwrap();
        assert_eq!(circle.first(), circle.last());
        for [x, y] in circle {
            assert!((norm(&dvector![x, y], by).unwrap() - 1.0).abs() < 1e-14);
        }
    }
}

proptest! {
    #[test]
    fn norms_obey_their_laws((a, b) in pair(), factor in -5.0..5.0f64) {
        for by in NORMS {
            let of = |v: &DVector<f64>| norm(v, by).unwrap();
            let slack = 1e-13 * (of(&a) + of(&b));
            prop_assert!(of(&(&a + &b)) <= of(&a) + of(&b) + slack);
            prop_assert!((of(&(&a * factor)) - factor.abs() * of(&a)).abs() <= 1e-13 * factor.abs() * of(&a) + 1e-300);
            prop_assert_eq!(of(&a) == 0.0, a.iter().all(|&x| x == 0.0));
        }
        // A larger p never makes it longer.
        let lengths: Vec<f64> = [Norm::L1, Norm::P(1.5), Norm::L2, Norm::P(7.0), Norm::Max]
            .map(|by| norm(&a, by).unwrap()).to_vec();
        prop_assert!(lengths.windows(2).all(|w| w[1] <= w[0] * (1.0 + 1e-13)), "{:?}", lengths);
    }

    #[test]
    fn the_inner_product_is_below_the_product_of_lengths((a, b) in pair()) {
        let bound = norm(&a, Norm::L2).unwrap() * norm(&b, Norm::L2).unwrap();
        prop_assert!(inner(&a, &b).unwrap().abs() <= bound * (1.0 + 1e-13) + 1e-300);
    }

    #[test]
    fn what_a_projection_leaves_is_at_a_right_angle((a, b) in pair()) {
        let Ok(along) = projection(&a, &b) else { return Ok(()); };
        let rest = &a - &along;
        let scale = norm(&a, Norm::L2).unwrap() * norm(&b, Norm::L2).unwrap();
        prop_assert!(inner(&rest, &b).unwrap().abs() <= 1e-14 * scale + 1e-300);
        prop_assert!(norm(&rest, Norm::L2).unwrap() <= norm(&a, Norm::L2).unwrap() * (1.0 + 1e-14));
    }

    #[test]
    fn angles_agree_with_the_cosine((a, b) in pair()) {
        let (Ok(turn), true) = (angle(&a, &b), a.amax() > 1e-3 && b.amax() > 1e-3) else { return Ok(()); };
        let cosine = a.dot(&b) / (a.norm() * b.norm());
        prop_assert!((turn.cos() - cosine).abs() < 1e-13);
        prop_assert!((0.0..=std::f64::consts::PI).contains(&turn));
    }
}
