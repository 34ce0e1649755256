//! Is a derivative right? Three other roads to it share no rule with the symbolic one, and catch a wrong one.
//!
//! `cargo run --example 07_check_by_other_roads`

use gradus::numeric::{Check, Schedule, Verdict, check, compare};
use gradus::{Expr, Graph};

fn main() -> Result<(), gradus::Error> {
    let graph = Graph::new();
    let f = graph.parse("1/(1 + exp(-x))")?;
    let slope = f.diff("x")?.simplify();
    println!("f  = {f}\nf' = {slope}\n");
    let (f, slope) = (schedule(f)?, schedule(slope)?);
    for x in [-800.0, -40.0, 0.0, 5.0, 40.0] {
        let result = check(&f, &slope, &[x]);
        show(x, &result);
        assert_ne!(result.verdict, Verdict::Disagrees);
    }

    // A mistake as people make it: the slope a thousandth too large.
    println!("\nwith the slope wrong by 0.1 %:");
    let wrong = 1.001 * slope.run_real(&[0.5], &mut Vec::new())[0];
    let result = compare(&f, &[wrong], &[0.5]);
    show(0.5, &result);
    assert_eq!(result.verdict, Verdict::Disagrees);
    Ok(())
}

/// A plan for evaluating a formula in x.
fn schedule(f: Expr<'_>) -> Result<Schedule, gradus::Error> {
    let arena = f.graph().arena();
    let x = arena.find_symbol("x").expect("x occurs");
    Ok(Schedule::new(&arena, &[f.id()], &[x])?)
}

fn show(x: f64, result: &Check) {
    let by_x = &result.variables[0];
    print!("x = {x:5}: f' = {:<24e}", by_x.symbolic);
    for road in &by_x.roads {
        let digits = road.digits.map_or("-".into(), |d| format!("{d:.0}"));
        print!("{} {digits:>2}  ", road.road.as_str());
    }
    println!("{}", by_x.verdict.as_str());
}
