//! A long descent in two parts: written down, and continued bit for bit.
//!
//! `cargo run --example 17_checkpoints`; on the command line it is `--checkpoint FILE` and `--resume FILE`.

use gradus::Graph;
use gradus::descend::{Adam, Descent, FirstOrder, Snapshot, Stop};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let graph = Graph::new();
    let valley = graph.parse("(1 - x)^2 + 100*(y - x^2)^2")?;
    let mut objective = valley.objective(&["x", "y"])?;
    let until = |max_iterations| Stop {
        tolerance: 0.0,
        max_iterations,
        interrupt: None,
    };

    let mut method = FirstOrder::new(Adam::default());
    let whole =
        Descent::new(&mut objective, &mut method, &[-1.2, 1.0]).run(&until(1000), &mut |_| ());
    println!(
        "at once:  {:?} after {} steps",
        whole.point, whole.iterations
    );

    // The same, with a snapshot on the way: all that is known between two steps, as plain data.
    let mut method = FirstOrder::new(Adam::default());
    let mut descent = Descent::new(&mut objective, &mut method, &[-1.2, 1.0]);
    let mut kept: Option<Snapshot> = None;
    descent.run_watched(&until(500), &mut |descent| {
        if descent.iteration_number() == 400 {
            kept = Some(descent.snapshot());
        }
    });
    let snapshot = kept.ok_or("400 steps were taken")?;
    println!(
        "snapshot: {:?} after {} steps",
        snapshot.at.point, snapshot.iterations
    );
    for (name, list) in &snapshot.memory.lists {
        println!("          {name}: {list:?}");
    }

    // A new method of the same kind takes it up: 600 steps more.
    let mut method = FirstOrder::new(Adam::default());
    let rest =
        Descent::resume(&mut objective, &mut method, snapshot)?.run(&until(1000), &mut |_| ());
    println!(
        "continued: {:?} after {} steps",
        rest.point, rest.iterations
    );
    assert_eq!(rest, whole);
    Ok(())
}
