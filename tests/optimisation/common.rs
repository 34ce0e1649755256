//! Objectives and methods that the tests share.

use gradus::Graph;
use gradus::descend::{
    AdaGrad, Adam, AdamW, Backtracking, Batches, Bfgs, Bounds, ConjugateGradient, Decay,
    FirstOrder, FormulaObjective, GradientDescent, LBfgs, LevenbergMarquardt, LineSearch, Method,
    Momentum, Nesterov, Newton, NewtonCg, Objective, Offers, ProjectedLBfgs, RmsProp, Search,
    Steepest, StrongWolfe, TrustRegion,
};

/// The objective of a formula; the variables are in the order of `names`.
pub fn formula(text: &str, names: &[&str]) -> FormulaObjective {
    let graph = Graph::new();
    let formula = graph.parse(text).expect("a formula");
    formula.objective(names).expect("an objective")
}

/// Rosenbrock's valley along a chain of four variables: no sum of separate problems.
pub const CHAIN: &str = "100*(b - a^2)^2 + (1 - a)^2 + 100*(c - b^2)^2 + (1 - b)^2 \
                         + 100*(d - c^2)^2 + (1 - c)^2";
pub const CHAIN_NAMES: [&str; 4] = ["a", "b", "c", "d"];
pub const CHAIN_START: [f64; 4] = [1.3, 0.7, 0.8, 1.9];

/// A new method of the same kind each time.
pub type Make = fn() -> Box<dyn Method>;

/// Methods to which a rate is given; the rates suit the chain.
pub const FIRST_ORDER: &[(&str, Make)] = &[
    ("gradient-descent", || {
        Box::new(GradientDescent { rate: 2e-4 })
    }),
    ("gradient-descent in first-order", || {
        Box::new(FirstOrder::new(GradientDescent { rate: 2e-4 }))
    }),
    ("momentum", || {
        Box::new(FirstOrder::new(Momentum {
            rate: 1e-4,
            ..Momentum::default()
        }))
    }),
    ("nesterov", || {
        Box::new(FirstOrder::new(Nesterov {
            rate: 1e-4,
            ..Nesterov::default()
        }))
    }),
    ("adagrad", || {
        Box::new(FirstOrder::new(AdaGrad {
            rate: 0.5,
            ..AdaGrad::default()
        }))
    }),
    ("rmsprop with decay", || {
        Box::new(FirstOrder::new(RmsProp::default()).with_decay(Decay::InverseRoot { speed: 0.01 }))
    }),
    ("adam", || Box::new(FirstOrder::new(Adam::default()))),
    ("adam with decay", || {
        Box::new(FirstOrder::new(Adam::default()).with_decay(Decay::Cosine {
            steps: 5000,
            lowest: 0.01,
        }))
    }),
    ("adamw", || Box::new(FirstOrder::new(AdamW::default()))),
];

/// Methods that find their steps by themselves, from gradients alone.
pub const BY_GRADIENTS: &[(&str, Make)] = &[
    ("steepest-descent", || Box::new(LineSearch::new(Steepest))),
    ("steepest-descent, Wolfe", || {
        Box::new(LineSearch::new(Steepest).with_search(Search::Wolfe(StrongWolfe::default())))
    }),
    ("conjugate-gradient", || {
        Box::new(LineSearch::new(ConjugateGradient::default()))
    }),
    ("bfgs", || Box::new(LineSearch::new(Bfgs::default()))),
    ("bfgs, backtracking", || {
        Box::new(
            LineSearch::new(Bfgs::default())
                .with_search(Search::Backtracking(Backtracking::default())),
        )
    }),
    ("lbfgs", || Box::new(LineSearch::new(LBfgs::default()))),
    ("lbfgs of three steps", || {
        Box::new(LineSearch::new(LBfgs::new(3)))
    }),
    ("projected-lbfgs", || {
        let open = Bounds::new(vec![f64::NEG_INFINITY; 4], vec![f64::INFINITY; 4]);
        Box::new(ProjectedLBfgs::new(open.expect("bounds")))
    }),
];

/// Methods that need more.
pub const BY_CURVATURE: &[(&str, Make)] = &[
    ("newton", || Box::new(TrustRegion::new(Newton))),
    ("newton-cg", || Box::new(NewtonCg::default())),
    ("levenberg-marquardt", || {
        Box::new(TrustRegion::new(LevenbergMarquardt::default()))
    }),
];

/// A least squares fit of a straight line, as a mean over rows.
pub struct Line {
    pub rows: Vec<(f64, f64)>,
    /// Evaluations of batches, for tests that interrupt.
    pub batches: u64,
    pub on_batch: Box<dyn FnMut(u64)>,
}

impl Line {
    /// `y = 2*x - 1` and a little noise, the same each time.
    pub fn new(rows: usize) -> Line {
        let row = |i: usize| {
            let x = i as f64 / rows as f64;
            let noise = ((i * 7919) % 101) as f64 / 101.0 - 0.5;
            (x, 2.0 * x - 1.0 + 0.1 * noise)
        };
        Line {
            rows: (0..rows).map(row).collect(),
            batches: 0,
            on_batch: Box::new(|_| ()),
        }
    }

    fn of(rows: impl ExactSizeIterator<Item = (f64, f64)>, p: &[f64], g: &mut [f64]) -> f64 {
        let count = rows.len() as f64;
        g.fill(0.0);
        let mut sum = 0.0;
        for (x, y) in rows {
            let r = p[0] * x + p[1] - y;
            sum += r * r;
            g[0] += 2.0 * r * x / count;
            g[1] += 2.0 * r / count;
        }
        sum / count
    }
}

impl Objective for Line {
    fn dimension(&self) -> usize {
        2
    }

    fn value(&mut self, point: &[f64]) -> f64 {
        self.value_and_gradient(point, &mut [0.0; 2])
    }

    fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
        self.value_and_gradient(point, gradient);
    }

    fn value_and_gradient(&mut self, point: &[f64], gradient: &mut [f64]) -> f64 {
        Line::of(self.rows.iter().copied(), point, gradient)
    }

    fn offers(&self) -> Offers {
        Offers {
            rows: Some(self.rows.len()),
            ..Offers::default()
        }
    }

    fn value_and_gradient_of(&mut self, rows: &[usize], p: &[f64], g: &mut [f64]) -> f64 {
        self.batches += 1;
        (self.on_batch)(self.batches);
        Line::of(rows.iter().map(|&row| self.rows[row]), p, g)
    }
}

/// Mini-batches of seven rows.
pub const BY_ROWS: &[(&str, Make)] = &[
    ("sgd", || {
        Box::new(FirstOrder::new(GradientDescent { rate: 0.1 }).with_batches(Batches::new(7, 3)))
    }),
    ("adam by rows", || {
        Box::new(
            FirstOrder::new(Adam::default())
                .with_decay(Decay::InverseTime { speed: 0.1 })
                .with_batches(Batches::new(7, 3)),
        )
    }),
];
