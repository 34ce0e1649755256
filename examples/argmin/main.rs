//! A solver of argmin on a formula of gradus.
//!
//! `cargo run --features argmin --example argmin`

use argmin::core::{Executor, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use gradus::Graph;
use gradus::descend::ForArgmin;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let graph = Graph::new();
    let valley = graph.parse("(1 - x)^2 + 100*(y - x^2)^2")?;
    let problem = ForArgmin::new(valley.objective(&["x", "y"])?);
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
    let end = Executor::new(problem, solver)
        .configure(|state| state.param(vec![-1.2, 1.0]).max_iters(100))
        .run()?;
    let best = end.state().get_best_param().ok_or("no point")?;
    println!(
        "f = {valley}: {best:?} after {} steps of argmin's L-BFGS",
        end.state().get_iter()
    );
    assert!((best[0] - 1.0).abs() < 1e-6 && (best[1] - 1.0).abs() < 1e-6);
    Ok(())
}
