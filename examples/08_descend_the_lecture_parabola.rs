//! Gradient descent on x^2 + 2x + 3 from x = 10, step by step; then a rate that is too large.
//!
//! `cargo run --example 08_descend_the_lecture_parabola`

use gradus::Graph;
use gradus::descend::{FormulaObjective, GradientDescent, Stop, StopReason, Trace, descend};

fn main() -> Result<(), gradus::Error> {
    let graph = Graph::new();
    let f = graph.parse("x^2 + 2x + 3")?;
    let slope = f.diff("x")?.simplify();
    println!("f = {f}, f' = {slope}: the minimum is 2, at x = -1");

    let arena = graph.arena();
    let x = arena.find_symbol("x").expect("x occurs");
    let mut objective = FormulaObjective::new(&arena, f.id(), &[slope.id()], &[x])?;

    let stop = Stop {
        tolerance: 1e-5,
        ..Stop::default()
    };
    let mut trace = Trace::default();
    let mut method = GradientDescent { rate: 0.01 };
    let end = descend(&mut objective, &mut method, &[10.0], &stop, &mut |i| {
        trace.keep(i)
    });
    for row in trace.rows.iter().step_by(100) {
        println!(
            "step {:3}: x = {:8.5}, f = {:9.5}",
            row.number, row.point[0], row.value
        );
    }
    println!(
        "after {} steps x = {:.5}, f = {:.7}: {}",
        end.iterations,
        end.point[0],
        end.value,
        end.stop_reason.as_str()
    );
    assert!(end.converged && (end.point[0] + 1.0).abs() < 1e-3);

    // Each step multiplies the distance to -1 by 1 - 2*rate: beyond rate 1 it grows.
    let mut method = GradientDescent { rate: 1.1 };
    let end = descend(&mut objective, &mut method, &[10.0], &stop, &mut |_| ());
    println!(
        "rate 1.1: {} after {} steps",
        end.stop_reason.as_str(),
        end.iterations
    );
    assert_eq!(end.stop_reason, StopReason::Diverged);
    Ok(())
}
