//! A reference set of NIST, digit by digit, with intervals.
//!
//! `cargo run --example 23_certified_digits`

use gradus::fit::{Data, Options, profile_interval};

fn main() -> Result<(), gradus::Error> {
    // BoxBOD: biochemical oxygen demand after so many days, of higher difficulty.
    let x = [1.0, 2.0, 3.0, 5.0, 7.0, 10.0];
    let y = [109.0, 149.0, 149.0, 191.0, 213.0, 224.0];
    let start = [("b1", 1.0), ("b2", 1.0)];
    let certified = [
        ("b1", 213.80940889, 12.354515176),
        ("b2", 0.54723748542, 0.10455993237),
    ];

    let found = gradus::fit("y = b1*(1 - exp(-b2*x))", &[("x", &x), ("y", &y)], &start)?;
    for (name, value, error) in certified {
        println!(
            "{name} = {:.10}, certified {value}",
            found.value(name).expect("a parameter")
        );
        println!(
            "     +- {:.10}, certified {error}",
            found.std_error(name).expect("a parameter")
        );
    }

    // The interval of the model made linear, and that of the sum of squares itself, which is longer above.
    let columns: [&[f64]; 1] = [&x];
    let data = Data::new(&columns, &y);
    let (low, high) = found.interval("b2", 0.95).expect("a parameter");
    println!("b2 in {low:.4} ... {high:.4} by its standard error");
    let options = Options::default();
    let (low, high) = profile_interval(&found.model, &data, &found.fit, 1, 0.95, &options);
    println!("b2 in {low:.4} ... {high:.4} by its profile");
    Ok(())
}
