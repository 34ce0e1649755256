//! Chapter 5: activations, softmax with cross-entropy, backpropagation, networks.

use gradus::descend::rows::Columns;
use gradus::descend::{Descent, Stop, auto};
use gradus::lecture::softmax::{cross_entropy, softmax};
use gradus::{Graph, OverRows};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

fn at(formula: &str, values: &[(&str, f64)]) -> f64 {
    gradus::eval(formula, values).unwrap()
}

/// Two inputs, two units, one output.
const NETWORK: &str = "h = tanh(a*x + b*y + c); g = sigmoid(d*x - y); u*h + v*g + w";

/// A network of two linear layers has one slope everywhere; with an activation between them it can tell 0 1 1 0.
#[test]
fn exclusive_or_needs_a_hidden_layer() {
    let rows = || {
        let (x, y) = (vec![0.0, 0.0, 1.0, 1.0], vec![0.0, 1.0, 0.0, 1.0]);
        Columns::new(vec![vec![0.0, 1.0, 1.0, 0.0], x, y], 4)
    };
    let least = |formula: &str, start: &[f64]| {
        let loss = OverRows::parse(formula, &["t", "x", "y"]).unwrap();
        let mut objective = loss.objective(rows()).unwrap();
        let mut method = auto(&objective, None);
        let stop = Stop::suiting(&*method);
        Descent::new(&mut objective, &mut *method, start)
            .run(&stop, &mut |_| ())
            .value
    };
    // The best plane says 1/2 everywhere.
    let linear = least("mean((t - (a*x + b*y + c))^2)", &[0.1, 0.2, 0.3]);
    assert!((linear - 0.25).abs() < 1e-9, "{linear}");
    // Parameters in the order of the alphabet: a1 a2 b1 b2 c1 c2 u v w
    let start = [3.0, 3.0, 3.0, 3.0, -1.0, -4.0, 2.0, -2.0, 0.0];
    let deep = least(
        "mean((t - (u*sigmoid(a1*x + b1*y + c1) + v*sigmoid(a2*x + b2*y + c2) + w))^2)",
        &start,
    );
    assert!(deep < 1e-6, "{deep}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn activations_and_their_slopes(x in -30.0..30.0f64) {
        let v = [("x", x)];
        prop_assert!((at("sigmoid(x) + sigmoid(-x)", &v) - 1.0).abs() < 1e-15);
        prop_assert!((at("tanh(x) - (2*sigmoid(2*x) - 1)", &v)).abs() < 1e-15);
        let slope = |f: &str| at(&gradus::diff(f, "x").unwrap(), &v);
        let s = at("sigmoid(x)", &v);
        prop_assert!((slope("sigmoid(x)") - s * (1.0 - s)).abs() < 1e-15);
        prop_assert!((slope("tanh(x)") - (1.0 - at("tanh(x)^2", &v))).abs() < 1e-14);
        prop_assert_eq!(slope("relu(x)"), f64::from(u8::from(x > 0.0)));
        prop_assert!((slope("softplus(x)") - s).abs() < 1e-15);
    }

    /// The slope of softmax with cross-entropy is what is believed less what is true.
    #[test]
    fn the_gradient_of_cross_entropy_is_a_difference(z in prop::collection::vec(-20.0..20.0f64, 3), class in 0usize..3) {
        let loss = format!("log(exp(a) + exp(b) + exp(c)) - {}", ["a", "b", "c"][class]);
        let graph = Graph::new();
        let f = graph.parse(&loss).unwrap();
        let compiled = f.compile(&["a", "b", "c"]).unwrap();
        let mut slopes = [0.0; 3];
        let value = compiled.value_and_gradient(&z, &mut slopes).unwrap();
        let p = softmax(&DMatrix::from_row_slice(1, 3, &z));
        let mut truth = DVector::zeros(3);
        truth[class] = 1.0;
        prop_assert!((value + p[class].ln()).abs() < 1e-12 * (1.0 + value));
        for k in 0..3 {
            prop_assert!((slopes[k] - (p[k] - truth[k])).abs() < 1e-14);
        }
        let p = DVector::from_iterator(3, p.iter().copied());
        prop_assert!((cross_entropy(&truth, &p).unwrap() - value).abs() < 1e-10 * (1.0 + value));
    }

    /// One sweep backwards gives what a sweep for each weight gives, and what moving each weight a little shows.
    #[test]
    fn backpropagation_is_the_chain_rule(weights in prop::collection::vec(-2.0..2.0f64, 7), x in -2.0..2.0f64, y in -2.0..2.0f64) {
        let names = ["a", "b", "c", "d", "u", "v", "w"];
        let graph = Graph::new();
        let f = graph.parse(NETWORK).unwrap();
        let mut point: Vec<(&str, f64)> = names.iter().copied().zip(weights.iter().copied()).collect();
        point.extend([("x", x), ("y", y)]);
        let backwards = f.gradient(&names).unwrap();
        for (k, name) in names.iter().enumerate() {
            let slope = backwards[k].eval(&point).unwrap();
            let forwards = f.diff(name).unwrap().eval(&point).unwrap();
            prop_assert!((slope - forwards).abs() < 1e-13 * (1.0 + slope.abs()));
            let h = 1e-6;
            let moved = |by: f64| {
                let mut point = point.clone();
                point[k].1 += by;
                f.eval(&point).unwrap()
            };
            prop_assert!(((moved(h) - moved(-h)) / (2.0 * h) - slope).abs() < 1e-7 * (1.0 + slope.abs()));
        }
    }

    /// Layers without activation are one layer: the products of their weights.
    #[test]
    fn linear_layers_collapse(w in prop::collection::vec(-2.0..2.0f64, 6), x in -3.0..3.0f64, y in -3.0..3.0f64) {
        let deep = at(
            "h = a*x + b*y; g = c*x + d*y; u*h + v*g",
            &[("a", w[0]), ("b", w[1]), ("c", w[2]), ("d", w[3]), ("u", w[4]), ("v", w[5]), ("x", x), ("y", y)],
        );
        let flat = (w[4] * w[0] + w[5] * w[2]) * x + (w[4] * w[1] + w[5] * w[3]) * y;
        prop_assert!((deep - flat).abs() < 1e-12);
    }
}
