//! A formula over columns: a million points in one call, and a table read chunk by chunk.
//!
//! `cargo run --example 13_columns`

use gradus::Graph;
use gradus::fit::data::{Chunk, Format, Reader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let graph = Graph::new();
    let f = graph.parse("exp(-x^2)*sin(y)")?.compile(&["x", "y"])?;

    let points = 1_000_000;
    let x: Vec<f64> = (0..points).map(|k| k as f64 / points as f64).collect();
    let y: Vec<f64> = x.iter().map(|x| 3.0 * x).collect();
    let mut value = vec![0.0; points];
    let (mut by_x, mut by_y) = (vec![0.0; points], vec![0.0; points]);
    f.value_and_gradient_over(&[&x, &y], &mut value, &mut [&mut by_x, &mut by_y])?;
    println!(
        "at the middle: {} and [{}, {}]",
        value[points / 2],
        by_x[points / 2],
        by_y[points / 2]
    );

    // Sums store no column, and are the same for any number of threads.
    println!("mean over all: {}", f.means_over(&[&x, &y], points)?[0]);

    // A table need not fit into memory: rows come in chunks. The columns that nobody chose may hold anything.
    let text = "x,who,y\n0.5,Ada,1\n0.25,Emmy,2\n";
    let mut table = Reader::new(text.as_bytes(), "a text", &Format::default())?;
    table.choose(&[0, 2], false);
    let mut chunk = Chunk::default();
    while table.read(&mut chunk)? > 0 {
        let columns: Vec<&[f64]> = chunk.columns.iter().map(|c| &c[..]).collect();
        let mut values = vec![0.0; chunk.rows];
        f.values_over(&columns, &mut [&mut values])?;
        println!("of the table: {values:?}");
    }
    Ok(())
}
