//! Whole descents in the library: the lecture's regression, and small problems by the method that suits.
//!
//! `cargo bench --bench descent`

use divan::Bencher;
use gradus::Graph;
use gradus::descend::{FormulaObjective, GradientDescent, Outcome, Stop, auto, descend};

fn main() {
    divan::main();
}

fn objective(text: &str, names: &[&str]) -> FormulaObjective {
    let graph = Graph::new();
    let formula = graph.parse(text).expect("a formula");
    formula.objective(names).expect("an objective")
}

/// X = [[1, 1], [1, 2], [2, 2], [2, 3]], y = X.[1, 2] + 3: 5000 steps.
#[divan::bench]
fn lecture_regression_5000_steps(bencher: Bencher) {
    let text = "1/2*((a + b + c - 6)^2 + (a + 2*b + c - 8)^2 + (2*a + 2*b + c - 9)^2 + (2*a + 3*b + c - 11)^2)";
    let mut objective = objective(text, &["a", "b", "c"]);
    let stop = Stop {
        tolerance: 0.0,
        max_iterations: 5000,
        interrupt: None,
    };
    bencher.bench_local(|| -> Outcome {
        let mut method = GradientDescent { rate: 0.01 };
        let start = [10.1, 15.1, -6.5];
        descend(&mut objective, &mut method, &start, &stop, &mut |_| ())
    });
}

/// x^2 + 2x + 3 from 10: 496 steps.
#[divan::bench]
fn lecture_parabola_496_steps(bencher: Bencher) {
    let mut objective = objective("x^2 + 2x + 3", &["x"]);
    bencher.bench_local(|| -> Outcome {
        let mut method = GradientDescent::default();
        descend(
            &mut objective,
            &mut method,
            &[10.0],
            &Stop::default(),
            &mut |_| (),
        )
    });
}

#[divan::bench]
fn rosenbrock_by_auto(bencher: Bencher) {
    let mut objective = objective("100*(y - x^2)^2 + (1 - x)^2", &["x", "y"]);
    bencher.bench_local(|| -> Outcome {
        let mut method = auto(&objective, None);
        let stop = Stop::suiting(&*method);
        descend(
            &mut objective,
            &mut *method,
            &[-1.2, 1.0],
            &stop,
            &mut |_| (),
        )
    });
}
