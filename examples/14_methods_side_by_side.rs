//! Rosenbrock's valley by every method: what each needs to get to the bottom, and where one with a given rate is by then.
//!
//! `cargo run --example 14_methods_side_by_side`

use gradus::Graph;
use gradus::descend::{
    Adam, Bfgs, ConjugateGradient, FirstOrder, GradientDescent, LBfgs, LevenbergMarquardt,
    LineSearch, Method, Momentum, Nesterov, Newton, NewtonCg, Steepest, Stop, TrustRegion, auto,
    descend,
};

fn main() -> Result<(), gradus::Error> {
    let graph = Graph::new();
    let valley = graph.parse("(1 - x)^2 + 100*(y - x^2)^2")?;
    let mut objective = valley.objective(&["x", "y"])?;
    println!("f = {valley}, from x = -1.2, y = 1\n");

    let rate = 1e-3;
    let methods: Vec<Box<dyn Method>> = vec![
        Box::new(GradientDescent { rate }),
        Box::new(FirstOrder::new(Momentum {
            rate,
            ..Momentum::default()
        })),
        Box::new(FirstOrder::new(Nesterov {
            rate,
            ..Nesterov::default()
        })),
        Box::new(FirstOrder::new(Adam::default())),
        Box::new(LineSearch::new(Steepest)),
        Box::new(LineSearch::new(ConjugateGradient::default())),
        Box::new(LineSearch::new(Bfgs::default())),
        Box::new(LineSearch::new(LBfgs::default())),
        Box::new(NewtonCg::default()),
        Box::new(TrustRegion::new(Newton)),
        Box::new(TrustRegion::new(LevenbergMarquardt::default())),
    ];
    println!("method                steps  values  gradients  Hessians  products  f");
    for mut method in methods {
        let stop = Stop {
            max_iterations: 2000,
            ..Stop::suiting(&*method)
        };
        let end = descend(
            &mut objective,
            &mut *method,
            &[-1.2, 1.0],
            &stop,
            &mut |_| (),
        );
        println!(
            "{:20}  {:5}  {:6}  {:9}  {:8}  {:8}  {:.1e}  {}",
            method.name(),
            end.iterations,
            end.function_evaluations,
            end.gradient_evaluations,
            end.hessian_evaluations,
            end.hessian_products,
            end.value,
            end.stop_reason.as_str()
        );
        assert!(end.value < 0.2);
    }

    // Nobody needs to know all this by heart.
    let mut method = auto(&objective, None);
    let stop = Stop::suiting(&*method);
    let end = descend(
        &mut objective,
        &mut *method,
        &[-1.2, 1.0],
        &stop,
        &mut |_| (),
    );
    println!("\nauto takes {}: f = {:e}", method.name(), end.value);
    assert!(end.converged && end.value < 1e-16);
    Ok(())
}
