//! Chapter 1 of the course: products, norms, angles, projections.
//!
//! `cargo run --example lecture_01_vectors`

use gradus::lecture::vectors::{
    Norm, angle, distance, hadamard, inner, norm, projection, unit_circle,
};
use nalgebra::dvector;

fn main() -> Result<(), gradus::lecture::LectureError> {
    let (a, b) = (dvector![1.0, 7.0, 2.0], dvector![5.0, 2.0, 1.0]);
    println!("a * b  = {:?}", hadamard(&a, &b)?.as_slice());
    println!("a . b  = {}", inner(&a, &b)?);
    for by in [Norm::L1, Norm::L2, Norm::P(3.0), Norm::Max] {
        println!(
            "{by:?}: |a| = {:.6}, |a - b| = {:.6}",
            norm(&a, by)?,
            distance(&a, &b, by)?
        );
    }
    println!("the angle between them is {:.6} radians", angle(&a, &b)?);
    let along = projection(&a, &b)?;
    let rest = &a - &along;
    println!("the part of a along b is {:.4?}", along.as_slice());
    println!(
        "what is left is at a right angle: {:.1e}",
        inner(&rest, &b)?
    );

    // Where the ray at 30 degrees meets the unit circle of each norm.
    for by in [Norm::L1, Norm::L2, Norm::Max] {
        let [x, y] = unit_circle(by, 12)?[1];
        println!("{by:?}: ({x:.4}, {y:.4})");
    }
    assert_eq!(hadamard(&a, &b)?, dvector![5.0, 14.0, 2.0]);
    Ok(())
}
