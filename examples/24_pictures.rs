//! Pictures from the library: a curve with its derivative, a map with the path of a descent.
//!
//! `cargo run --example 24_pictures` writes `curve.svg` and `valley.svg` into the folder for temporary files, and shows
//! the curve here.

use std::fs;

use gradus::descend::{FormulaObjective, GradientDescent, Stop, descend};
use gradus::plot::{self, Curves, Descent, Function, Path, Size, Terminal};
use gradus::{Compile, Graph, compile};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir();
    let graph = Graph::new();

    // A function for a picture is a closure over columns: here a compiled formula, and its exact derivative.
    let f = graph.parse("sin(x)/x")?;
    let slope = f.diff("x")?.simplify();
    let (value, by_x) = (f.compile(&["x"])?, slope.compile(&["x"])?);
    let mut f = |x: &[f64], y: &mut [f64]| value.values_over(&[x], &mut [y]).expect("one column");
    let mut g = |x: &[f64], y: &mut [f64]| by_x.values_over(&[x], &mut [y]).expect("one column");
    let mut functions = [
        Function {
            name: "sin(x)/x".into(),
            values: &mut f,
        },
        Function {
            name: slope.to_string(),
            values: &mut g,
        },
    ];
    let how = Curves {
        x: "x".into(),
        ..Curves::default()
    };
    let curve = plot::curves(
        "A function and its slope",
        &mut functions,
        (-15.0, 15.0),
        &how,
    )?;
    fs::write(folder.join("curve.svg"), curve.svg(Size::default()))?;
    print!(
        "{}",
        curve.terminal(Terminal {
            columns: 80,
            rows: 24,
            color: false,
        })
    );

    // A descent: the path is kept on the way, the map is drawn afterwards.
    let valley = graph.parse("(1 - x)^2 + 10*(y - x^2)^2")?;
    let gradient = valley.gradient(&["x", "y"])?;
    let mut objective = {
        let arena = graph.arena();
        let variables = ["x", "y"].map(|name| arena.find_symbol(name).expect("it occurs"));
        let by = [gradient[0].id(), gradient[1].id()];
        FormulaObjective::new(&arena, valley.id(), &by, &variables)?
    };
    let mut path = Path::default();
    let mut method = GradientDescent { rate: 0.02 };
    let start = [-1.2, 1.0];
    let end = descend(
        &mut objective,
        &mut method,
        &start,
        &Stop::default(),
        &mut |i| path.keep(i.number, i.point, i.value, i.gradient_norm),
    );
    path.end(&end.point, end.value);
    let height = compile(&[valley], &["x", "y"], Compile::default())?;
    let mut heights = |x: &[f64], y: &[f64], z: &mut [f64]| {
        height.values_over(&[x, y], &mut [z]).expect("two columns");
    };
    let names = ["x".to_owned(), "y".to_owned()];
    let size = Size::new(900, 600)?;
    let map = plot::descent(
        &valley.to_string(),
        &path,
        Descent::Two(names, &mut heights),
        size,
    )?;
    fs::write(folder.join("valley.svg"), map.svg(size))?;
    println!(
        "curve.svg and valley.svg lie in {}: {} steps to x = {:.4}, y = {:.4}",
        folder.display(),
        end.iterations,
        end.point[0],
        end.point[1]
    );
    Ok(())
}
