//! A line through points, and what is sure about it.
//!
//! `cargo run --example 21_linear_regression`

fn main() -> Result<(), gradus::Error> {
    // Norris, of the reference data of NIST: an ozone monitor against a standard, the first ten measurements.
    let x = [
        0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0,
    ];
    let y = [
        0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9,
    ];

    // Names that are columns are data, all others are parameters. The model is linear in `a` and `b`: no start is needed.
    let line = gradus::fit("y = a + b*x", &[("x", &x), ("y", &y)], &[])?;
    for (name, value) in line.names.iter().zip(&line.fit.parameters) {
        let (low, high) = line.interval(name, 0.95).expect("a parameter");
        println!("{name} = {value:.6}, in {low:.6} ... {high:.6} with 95 %");
    }
    println!("R^2 = {:.8}", line.fit.r_squared());

    // What the line says elsewhere, and how sure that is.
    let there = line.predict(&[("x", 500.0)])?;
    println!("at 500: {:.3} +- {:.3}", there.value, there.std_error);

    // A polynomial is linear in its parameters too. Its coefficients get along badly: the condition says how badly.
    let cubic = gradus::fit("y = a + b*x + c*x^2 + d*x^3", &[("x", &x), ("y", &y)], &[])?;
    println!("condition of the cubic: {:.0}", cubic.fit.condition);
    Ok(())
}
