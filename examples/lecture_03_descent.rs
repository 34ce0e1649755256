//! Chapter 3 of the course: derivatives, the descent of the notebook with its report, the nabla vector.
//!
//! `cargo run --example lecture_03_descent`

use gradus::Graph;
use gradus::descend::{GradientDescent, Stop, descend};

fn main() -> Result<(), gradus::Error> {
    let graph = Graph::new();
    let f = graph.parse("x^2 + 2x + 3")?;
    println!("f = {f}, f' = {}", f.diff("x")?.simplify());

    let mut objective = f.objective(&["x"])?;
    let stop = Stop {
        tolerance: 1e-5,
        ..Stop::default()
    };
    let mut method = GradientDescent { rate: 0.01 };
    let end = descend(&mut objective, &mut method, &[10.0], &stop, &mut |_| ());
    println!(
        "{f}: {} steps, minimum at ({:.4}, {:.4})",
        end.iterations, end.point[0], end.value
    );
    assert_eq!(end.iterations, 496);

    let g = graph.parse("x^2 + 2*x*y + 3 + cos(x + 2*y)")?;
    for variable in ["x", "y"] {
        println!("d/d{variable} = {}", g.diff(variable)?.simplify());
    }

    // The nabla vector points where the function grows fastest: at a right angle to its lines of equal height.
    let bowl = graph.parse("x^2 + 2*y^2")?;
    let nabla = bowl.gradient(&["x", "y"])?;
    println!("nabla = ({}, {})", nabla[0], nabla[1]);
    let mut objective = bowl.objective(&["x", "y"])?;
    let mut method = GradientDescent { rate: 0.1 };
    let mut show = |i: &gradus::descend::Iteration<'_>| {
        if i.number < 4 {
            println!("step {}: ({:.4}, {:.4})", i.number, i.point[0], i.point[1]);
        }
    };
    let end = descend(&mut objective, &mut method, &[3.0, 4.0], &stop, &mut show);
    assert!(end.converged && end.value < 1e-8);
    Ok(())
}
