//! A plain Rust function as objective: by values alone, with its own gradient, within bounds.
//!
//! `cargo run --example 15_closures`

use gradus::descend::{Bounds, BoundsError, ClosureObjective, Stop, auto, descend};

/// The surface of a tin of one litre by its radius and height, in centimetres; the litre is asked for by a penalty.
fn tin(p: &[f64]) -> f64 {
    let [radius, height] = [p[0], p[1]];
    let surface = 2.0 * std::f64::consts::PI * radius * (radius + height);
    let volume = std::f64::consts::PI * radius * radius * height;
    surface + 10.0 * (volume / 1000.0 - 1.0).powi(2) * 1000.0
}

fn main() -> Result<(), BoundsError> {
    // By values: the gradient is made of central differences.
    let mut objective = ClosureObjective::new(2, tin);
    let mut method = auto(&objective, None);
    let stop = Stop::default();
    let end = descend(
        &mut objective,
        &mut *method,
        &[3.0, 20.0],
        &stop,
        &mut |_| (),
    );
    println!(
        "{}: radius {:.3}, height {:.3}, {:.2} after {} values and {} gradients: {}",
        method.name(),
        end.point[0],
        end.point[1],
        end.value,
        end.function_evaluations,
        end.gradient_evaluations,
        end.stop_reason.as_str()
    );
    // The best tin is as high as it is wide.
    assert!(end.converged && (end.point[1] / end.point[0] - 2.0).abs() < 1e-3);

    // No higher than 9 cm, to fit the shelf; nothing outside is ever computed.
    let bounds = Bounds::new(vec![1.0, 1.0], vec![f64::INFINITY, 9.0])?;
    let mut objective = ClosureObjective::new(2, tin).within(bounds.clone());
    let mut method = auto(&objective, Some(&bounds));
    let end = descend(
        &mut objective,
        &mut *method,
        &[3.0, 8.0],
        &stop,
        &mut |_| (),
    );
    println!(
        "{}: radius {:.3}, height {:.3}, {:.2}",
        method.name(),
        end.point[0],
        end.point[1],
        end.value
    );
    assert!(end.converged && end.point[1] == 9.0);

    // With a gradient of its own it takes fewer values, and more digits.
    let mut bowl = ClosureObjective::with_gradient(
        100,
        |p| {
            (1..)
                .zip(p)
                .map(|(k, x)| f64::from(k) * (x - 1.0).powi(2))
                .sum()
        },
        |p, gradient| {
            for ((k, g), x) in (1..).zip(gradient).zip(p) {
                *g = 2.0 * f64::from(k) * (x - 1.0);
            }
        },
    );
    let mut method = auto(&bowl, None);
    let end = descend(&mut bowl, &mut *method, &[0.0; 100], &stop, &mut |_| ());
    println!(
        "{}: 100 variables, f = {:.1e} after {} steps",
        method.name(),
        end.value,
        end.iterations
    );
    assert!(end.converged);
    Ok(())
}
