//! Known problems: the functions of Moré, Garbow and Hillstrom, and every method on several problems by every road to a
//! derivative.

use gradus::descend::{
    ClosureObjective, FormulaObjective, Method, Objective, Outcome, Stop, auto, descend,
};

use crate::common::{
    BY_CURVATURE, BY_GRADIENTS, CHAIN, CHAIN_NAMES, CHAIN_START, FIRST_ORDER, formula,
};
use crate::problems::{self, Problem};

fn objective(problem: &Problem) -> FormulaObjective {
    let names = problem.names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    formula(&problem.formula(), &names)
}

/// Within 1e-8, of the minimum if that is larger than 1, else of 1.
fn reaches(value: f64, minimum: f64) -> bool {
    (value - minimum).abs() <= 1e-8 * minimum.abs().max(1.0)
}

/// `cargo test --test optimisation -- --nocapture the_35` prints what each took.
#[test]
fn the_35_functions_of_more_garbow_and_hillstrom() {
    let all = problems::all();
    assert_eq!(all.len(), 35);
    assert!((1..).zip(&all).all(|(number, p)| p.number == number));
    let (mut known, mut lowest) = (0, 0);
    for problem in &all {
        let mut objective = objective(problem);
        let mut method = auto(&objective, None);
        let stop = Stop::suiting(&*method);
        let end = descend(
            &mut objective,
            &mut *method,
            &problem.start,
            &stop,
            &mut |_| (),
        );
        let reached = problem.minima.iter().any(|&m| reaches(end.value, m));
        println!(
            "{:2} {:38} n = {:2} {:4} steps {:4} values {:4} slopes {:4} Hessians  {:.8e} {}",
            problem.number,
            problem.name,
            problem.variables,
            end.iterations,
            end.function_evaluations,
            end.gradient_evaluations,
            end.hessian_evaluations,
            end.value,
            if reached { "" } else { "MISSED" },
        );
        known += u32::from(reached);
        lowest += u32::from(reaches(end.value, problem.minima[0]));
        assert!(end.converged, "{}: {end:?}", problem.name);
    }
    println!("{known} of 35 reach a minimum that the paper lists, {lowest} the lowest");
    assert!(known == 35 && lowest >= 34, "{known}, {lowest}");
}

#[test]
fn newton_and_quasi_newton_reach_them_too() {
    for (name, make) in BY_CURVATURE.iter().chain(&BY_GRADIENTS[3..6]) {
        let mut known = 0;
        for problem in problems::all() {
            let mut objective = objective(&problem);
            let mut method = make();
            let stop = Stop {
                max_iterations: 2000,
                ..Stop::suiting(&*method)
            };
            let end = descend(
                &mut objective,
                &mut *method,
                &problem.start,
                &stop,
                &mut |_| (),
            );
            known += u32::from(problem.minima.iter().any(|&m| reaches(end.value, m)));
        }
        assert!(known >= 34, "{name}: {known} of 35");
    }
}

/// The same functions as others wrote them down, with their reference values.
#[test]
fn the_cases_of_others() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/cases/optimisation.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: the folder ../shared/cases is not here");
        return;
    };
    let cases: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let cases = cases.as_array().expect("a list");
    assert!(cases.len() >= 14);
    let numbers = |list: &serde_json::Value| -> Vec<f64> {
        let list = list.as_array().expect("a list").iter();
        list.map(|x| x.as_f64().expect("a number")).collect()
    };
    for case in cases {
        let names = case["vars"].as_array().expect("a list").iter();
        let names: Vec<&str> = names.map(|n| n.as_str().expect("a name")).collect();
        let mut objective = formula(case["formula"].as_str().expect("text"), &names);
        let mut method = auto(&objective, None);
        let stop = Stop::suiting(&*method);
        let start = numbers(&case["start"]);
        let end = descend(&mut objective, &mut *method, &start, &stop, &mut |_| ());
        let expected = case["fmin_reference"].as_f64().expect("a number");
        // They are given to six or seven digits.
        let near = (end.value - expected).abs() <= 1e-8 + 2e-6 * expected.abs();
        assert!(near && end.converged, "{}: {end:?}", case["name"]);
    }
}

/// A problem by three roads to its derivatives.
struct Roads {
    name: &'static str,
    text: &'static str,
    names: &'static [&'static str],
    start: &'static [f64],
    value: fn(&[f64]) -> f64,
    gradient: fn(&[f64], &mut [f64]),
}

fn chain(p: &[f64]) -> f64 {
    let link = |w: &[f64]| 100.0 * (w[1] - w[0] * w[0]).powi(2) + (1.0 - w[0]).powi(2);
    p.windows(2).map(link).sum()
}

fn chain_gradient(p: &[f64], g: &mut [f64]) {
    g.fill(0.0);
    for i in 0..p.len() - 1 {
        let valley = p[i + 1] - p[i] * p[i];
        g[i] += -400.0 * p[i] * valley - 2.0 * (1.0 - p[i]);
        g[i + 1] += 200.0 * valley;
    }
}

const ROADS: [Roads; 3] = [
    Roads {
        name: "chain",
        text: CHAIN,
        names: &CHAIN_NAMES,
        start: &CHAIN_START,
        value: chain,
        gradient: chain_gradient,
    },
    Roads {
        name: "bowl",
        text: "(a - 1)^2 + 3*(b - 2)^2 + 5*(c + a)^2 + (d - c)^2",
        names: &["a", "b", "c", "d"],
        start: &[5.0, -3.0, 2.0, 9.0],
        value: |p| {
            (p[0] - 1.0).powi(2)
                + 3.0 * (p[1] - 2.0).powi(2)
                + 5.0 * (p[2] + p[0]).powi(2)
                + (p[3] - p[2]).powi(2)
        },
        gradient: |p, g| {
            g[0] = 2.0 * (p[0] - 1.0) + 10.0 * (p[2] + p[0]);
            g[1] = 6.0 * (p[1] - 2.0);
            g[2] = 10.0 * (p[2] + p[0]) - 2.0 * (p[3] - p[2]);
            g[3] = 2.0 * (p[3] - p[2]);
        },
    },
    Roads {
        name: "exponentials",
        text: "(exp(a) - 2)^2 + (exp(b) + a - 1)^2 + (c - a*b)^2 + (d + c)^4 + (d - 1)^2",
        names: &["a", "b", "c", "d"],
        start: &[0.1, 0.2, 1.5, -0.5],
        value: |p| {
            (p[0].exp() - 2.0).powi(2)
                + (p[1].exp() + p[0] - 1.0).powi(2)
                + (p[2] - p[0] * p[1]).powi(2)
                + (p[3] + p[2]).powi(4)
                + (p[3] - 1.0).powi(2)
        },
        gradient: |p, g| {
            let (u, v, w) = (
                p[0].exp() - 2.0,
                p[1].exp() + p[0] - 1.0,
                p[2] - p[0] * p[1],
            );
            g[0] = 2.0 * u * p[0].exp() + 2.0 * v - 2.0 * w * p[1];
            g[1] = 2.0 * v * p[1].exp() - 2.0 * w * p[0];
            g[2] = 2.0 * w + 4.0 * (p[3] + p[2]).powi(3);
            g[3] = 4.0 * (p[3] + p[2]).powi(3) + 2.0 * (p[3] - 1.0);
        },
    },
];

fn run(objective: &mut dyn Objective, method: &mut dyn Method, start: &[f64]) -> Outcome {
    let stop = Stop {
        max_iterations: 40_000,
        ..Stop::suiting(method)
    };
    descend(objective, method, start, &stop, &mut |_| ())
}

#[test]
fn every_method_by_every_road() {
    for roads in &ROADS {
        let n = roads.start.len();
        let mut exact = formula(roads.text, roads.names);
        let mut newton = BY_CURVATURE[0].1();
        let best = run(&mut exact, &mut *newton, roads.start);
        assert!(best.converged && best.gradient_norm < 1e-6, "{best:?}");
        for (name, make) in FIRST_ORDER.iter().chain(BY_GRADIENTS) {
            // What a given rate reaches in so many steps; AdamW ends elsewhere by design.
            let near = match FIRST_ORDER.iter().any(|(first, _)| first == name) {
                true if *name == "adamw" => 0.2,
                true => 0.02,
                false => 1e-5,
            };
            let objectives: [(&str, Box<dyn Objective>); 3] = [
                ("formula", Box::new(formula(roads.text, roads.names))),
                (
                    "closure",
                    Box::new(ClosureObjective::with_gradient(
                        n,
                        roads.value,
                        roads.gradient,
                    )),
                ),
                ("numeric", Box::new(ClosureObjective::new(n, roads.value))),
            ];
            for (road, mut objective) in objectives {
                let end = run(&mut *objective, &mut *make(), roads.start);
                let gap = end.value - best.value;
                let here = format!("{} by {name} and {road}", roads.name);
                assert!(gap > -1e-9 && gap < near, "{here}: {gap}, {end:?}");
                // The numeric gradient is right to ten digits: the tolerance may be below that.
                let done = end.converged || near > 1e-5 || road == "numeric";
                assert!(done, "{here}: {end:?}");
            }
        }
        for (name, make) in BY_CURVATURE {
            let end = run(&mut exact, &mut *make(), roads.start);
            let gap = end.value - best.value;
            assert!(end.converged && gap.abs() < 1e-9, "{name}: {end:?}");
        }
    }
}

/// X = [[1, 1], [1, 2], [2, 2], [2, 3]], y = X.[1, 2] + 3; half the sum of squares.
#[test]
fn the_lectures_regression() {
    let rows = [(1, 1), (1, 2), (2, 2), (2, 3)];
    let squares: Vec<String> = (rows.iter())
        .map(|(p, q)| format!("({p}*a + {q}*b + c - {})^2", p + 2 * q + 3))
        .collect();
    let mut objective = formula(&format!("1/2*({})", squares.join(" + ")), &["a", "b", "c"]);
    let stop = Stop {
        tolerance: 0.0,
        max_iterations: 5000,
        interrupt: None,
    };
    let mut method = gradus::descend::GradientDescent { rate: 0.01 };
    let end = descend(
        &mut objective,
        &mut method,
        &[10.1, 15.1, -6.5],
        &stop,
        &mut |_| (),
    );
    assert_eq!(end.iterations, 5000);
    let rounded: Vec<String> = end.point.iter().map(|x| format!("{x:.8}")).collect();
    assert_eq!(rounded, ["1.00000367", "1.99999949", "2.99999516"]);
}

#[test]
fn auto_chooses_by_what_is_offered() {
    let squares = formula(CHAIN, &CHAIN_NAMES);
    assert_eq!(auto(&squares, None).name(), "levenberg-marquardt");
    let smooth = formula("exp(x) - x + y^2", &["x", "y"]);
    assert_eq!(auto(&smooth, None).name(), "newton");
    let closure = ClosureObjective::new(3, |p| p.iter().map(|x| x * x).sum());
    assert_eq!(auto(&closure, None).name(), "bfgs");
    let many = ClosureObjective::new(101, |p| p.iter().map(|x| x * x).sum());
    assert_eq!(auto(&many, None).name(), "lbfgs");
    let bounds = gradus::descend::Bounds::new(vec![0.0; 4], vec![1.0; 4]).expect("bounds");
    assert_eq!(auto(&squares, Some(&bounds)).name(), "projected-lbfgs");
    // Never mini-batches.
    assert_eq!(auto(&crate::common::Line::new(10), None).name(), "bfgs");
}
