//! Chapter 5 of the course: softmax, activations, a network that is a formula, backpropagation on its graph.
//!
//! `cargo run --example lecture_05_learning`

use gradus::calculus::adjoints;
use gradus::descend::rows::Columns;
use gradus::descend::{Stop, auto, descend};
use gradus::lecture::softmax::{one_hot, softmax};
use gradus::{Graph, OverRows};
use nalgebra::dmatrix;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scores = dmatrix![1.0, 2.0, 0.0; -1.0, 0.0, 1.0; -10.0, 0.0, 10.0];
    let probabilities = softmax(&scores);
    println!("softmax = {probabilities:.6}");
    println!("one-hot = {}", one_hot(&probabilities)?);

    for activation in ["sigmoid(x)", "tanh(x)", "relu(x)"] {
        println!("{activation}' = {}", gradus::diff(activation, "x")?);
    }

    // Two layers, two neurons, trained to follow a parabola.
    let text = "h1 = tanh(w1*x + b1); h2 = tanh(w2*x + b2); mean((y - (c1*h1 + c2*h2 + c0))^2)";
    let network = OverRows::parse(text, &["x", "y"])?;
    let x: Vec<f64> = (-10..=10).map(|k| f64::from(k) / 10.0).collect();
    let y: Vec<f64> = x.iter().map(|x| x * x).collect();
    let column = |name: &str| if name == "x" { x.clone() } else { y.clone() };
    let table = Columns::new(network.columns().into_iter().map(column).collect(), x.len());
    println!("weights: {}", network.parameters().join(", "));
    let mut objective = network.objective(table)?;
    let start = [1.0, -1.0, 0.0, 1.0, -1.0, 1.0, 1.0];
    let mut method = auto(&objective, None);
    let stop = Stop::suiting(&*method);
    let end = descend(&mut objective, &mut *method, &start, &stop, &mut |_| ());
    println!(
        "mean squared error {:.1e} after {} steps",
        end.value, end.iterations
    );
    assert!(end.value < 1e-4);

    // Backpropagation: values upwards, adjoints downwards.
    let graph = Graph::new();
    let error = graph.parse("(y - sigmoid(w*x + b))^2")?;
    let all = adjoints(&mut graph.arena_mut(), error.id())?;
    println!("{} steps, each with a value and an adjoint", all.len());
    Ok(())
}
