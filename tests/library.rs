//! The library as its users call it: by name, again and again, and with numbers of every size.

use gradus::descend::{
    AdaGrad, Adam, Bfgs, Bounds, ConjugateGradient, Decay, FirstOrder, GradientDescent, Kind,
    LBfgs, LevenbergMarquardt, LineSearch, Method, Momentum, Newton, NewtonCg, ProjectedLBfgs,
    RmsProp, Steepest, Stop, TrustRegion, descend, verdict_within,
};
use gradus::fit::FitError;
use gradus::lecture::LectureError;
use gradus::lecture::matrices::{inverse, rank, regression, solve};
use gradus::lecture::sampling::quadrature;
use gradus::lecture::softmax::{cross_entropy, divergence, entropy};
use gradus::{Graph, Integrate, IntegrateError, ModelError};
use nalgebra::{DMatrix, dmatrix, dvector};

/// A method with its options, within bounds if it has some.
type Make = fn(Bounds) -> Box<dyn Method>;

/// A method that has gone down once is as new for the next descent.
#[test]
fn methods_can_be_used_again() {
    let everywhere = || Bounds::new(vec![-100.0; 2], vec![100.0; 2]).unwrap();
    let methods: [(&str, Make); 13] = [
        ("gradient", |_| {
            Box::new(
                FirstOrder::new(GradientDescent { rate: 0.01 })
                    .with_decay(Decay::Exponential { factor: 0.99 }),
            )
        }),
        ("momentum", |_| {
            Box::new(FirstOrder::new(Momentum::default()))
        }),
        ("adagrad", |_| {
            Box::new(FirstOrder::new(AdaGrad {
                rate: 1.0,
                ..AdaGrad::default()
            }))
        }),
        ("rmsprop", |_| Box::new(FirstOrder::new(RmsProp::default()))),
        ("adam", |_| Box::new(FirstOrder::new(Adam::default()))),
        ("steepest", |_| Box::new(LineSearch::new(Steepest))),
        ("conjugate", |_| {
            Box::new(LineSearch::new(ConjugateGradient::default()))
        }),
        ("bfgs", |_| Box::new(LineSearch::new(Bfgs::default()))),
        ("lbfgs", |_| Box::new(LineSearch::new(LBfgs::default()))),
        ("projected", |bounds| Box::new(ProjectedLBfgs::new(bounds))),
        ("newton", |_| Box::new(TrustRegion::new(Newton))),
        ("newton-cg", |_| Box::new(NewtonCg::default())),
        ("levenberg", |_| {
            Box::new(TrustRegion::new(LevenbergMarquardt::default()))
        }),
    ];
    let graph = Graph::new();
    let of = |text: &str| graph.parse(text).unwrap().objective(&["x", "y"]).unwrap();
    let first = "(1 - x)^2 + (y - x^2)^2";
    let second = "(x - 5)^2 + (2*y + 1)^2";
    for (name, make) in methods {
        let stop = Stop {
            max_iterations: 300,
            ..Stop::suiting(&*make(everywhere()))
        };
        let run = |method: &mut dyn Method, text: &str, start: &[f64]| {
            descend(&mut of(text), method, start, &stop, &mut |_| ())
        };
        let mut used = make(everywhere());
        run(&mut *used, first, &[-1.2, 1.0]);
        let again = run(&mut *used, second, &[3.0, 3.0]);
        let fresh = run(&mut *make(everywhere()), second, &[3.0, 3.0]);
        assert_eq!(again.point, fresh.point, "{name}");
        assert_eq!(
            (again.stop_reason, again.iterations),
            (fresh.stop_reason, fresh.iterations),
            "{name}"
        );
    }
    // Nor has the number of variables to be the same.
    let mut method = LineSearch::new(Steepest);
    let stop = Stop::suiting(&method);
    descend(&mut of(first), &mut method, &[0.0, 0.0], &stop, &mut |_| ());
    let mut other = graph.parse("(x - 2)^2").unwrap().objective(&["x"]).unwrap();
    let found = descend(&mut other, &mut method, &[0.0], &stop, &mut |_| ());
    assert!((found.point[0] - 2.0).abs() < 1e-6, "{found:?}");
}

/// `x₁` is `x_1`, and `µ` is `μ`, wherever a name is given.
#[test]
fn names_may_be_spelled_in_any_way() {
    assert_eq!(gradus::diff("x₁^2", "x₁").unwrap(), "2*x_1");
    assert_eq!(gradus::diff("µ^2", "µ").unwrap(), "2*μ");
    assert_eq!(gradus::eval("x₁^2", &[("x₁", 3.0)]).unwrap(), 9.0);
    let graph = Graph::new();
    assert_eq!(graph.parse("x_1^2").unwrap().eval(&[("x₁", 3.0)]), Ok(9.0));
    let (x, y) = ([1.0, 2.0, 3.0], [3.0, 5.0, 7.0]);
    let fitted = gradus::fit("y = a + b*x₁", &[("x₁", &x), ("y", &y)], &[]).unwrap();
    assert!((fitted.value("b").unwrap() - 2.0).abs() < 1e-12);
    assert!((fitted.predict(&[("x₁", 5.0)]).unwrap().value - 11.0).abs() < 1e-12);
    let loss = gradus::OverRows::parse("mean((y - a*x₁)^2)", &["x₁", "y"]).unwrap();
    assert_eq!(
        (loss.columns(), loss.parameters()),
        (vec!["x_1", "y"], vec!["a"])
    );
    let likely = gradus::likelihood("a*exp(-a*x₁)", &[("x₁", &x)], &[]).unwrap();
    assert!((likely.maximum.parameters[0] - 0.5).abs() < 1e-9);
    let half = gradus::integrate("x₁", &[("x₁", 0.0, 1.0)], Integrate::default()).unwrap();
    assert!((half.mean - 0.5).abs() < 5.0 * half.standard_error);
}

#[test]
fn names_of_an_integral_are_checked() {
    let how = Integrate::default;
    for name in ["pi", "a b", "2", "sin"] {
        let error = gradus::integrate("x", &[("x", 0.0, 1.0), (name, 0.0, 1.0)], how());
        assert!(
            matches!(error, Err(IntegrateError::Syntax(_))),
            "{name}: {error:?}"
        );
    }
    for other in ["x_1", "x₁"] {
        let error = gradus::integrate("x_1", &[("x_1", 0.0, 1.0), (other, 0.0, 2.0)], how());
        assert!(
            matches!(&error, Err(IntegrateError::Twice { name }) if name == other),
            "{error:?}"
        );
    }
}

#[test]
fn columns_of_a_response_have_one_length() {
    let (x, y, n) = ([1.0, 2.0, 3.0], [2.0, 3.0, 4.5], [1.0, 2.0, 3.0, 4.0]);
    for response in ["y/n", "n/y"] {
        let model = format!("{response} = a + b*x");
        let error = gradus::fit(&model, &[("x", &x), ("y", &y), ("n", &n)], &[]).err();
        assert!(
            matches!(error, Some(ModelError::Fit(FitError::Count { .. }))),
            "{error:?}"
        );
    }
}

#[test]
fn parts_of_a_direction_add_up() {
    let graph = Graph::new();
    let f = graph.parse("x^2").unwrap();
    let along = f
        .directional(&[("x", graph.number(1)), ("x", graph.number(5))])
        .unwrap();
    assert_eq!(along.simplify().to_string(), "12*x");
}

#[test]
#[should_panic(expected = "belong to different graphs")]
fn a_part_of_another_graph_cannot_be_put_in() {
    let (a, b) = (Graph::new(), Graph::new());
    let (f, q) = (a.parse("sin(x) + y").unwrap(), b.parse("p*q").unwrap());
    // The handles have one type only if the graphs live as long.
    let _ = f.substitute(a.symbol("x"), q);
}

#[test]
#[should_panic(expected = "belong to different graphs")]
fn roots_of_another_graph_cannot_be_extracted() {
    let (a, b) = (Graph::new(), Graph::new());
    let _ = a.extract(&[a.parse("x").unwrap(), b.parse("a*b").unwrap()]);
}

/// Determinants overflow and underflow where inverses do not.
#[test]
fn inverses_of_matrices_of_every_size() {
    for size in 1..=5 {
        for scale in [1e-200, 1e-110, 1e-85, 1.0, 1e100, 1e110, 1e200] {
            let a = DMatrix::<f64>::identity(size, size) * scale;
            let found = inverse(&a).unwrap();
            let one = DMatrix::<f64>::identity(size, size);
            assert!(
                (found * scale - one).amax() < 1e-15,
                "{size} rows of {scale}"
            );
        }
    }
    let near = dmatrix![1.0, 1.0, 1.0; 1.0, 1.0 + 1e-10, 1.0; 1.0, 1.0, 1.0 + 1e-9];
    assert_eq!(rank(&near), 3);
    assert!((inverse(&near).unwrap() * &near - DMatrix::<f64>::identity(3, 3)).amax() < 1e-5);
}

#[test]
fn matrices_of_no_numbers_are_refused() {
    for bad in [f64::NAN, f64::INFINITY] {
        let x = dmatrix![1.0; bad; 3.0];
        let refused = |error: LectureError| matches!(error, LectureError::NotFinite { .. });
        assert!(refused(
            regression(&x, &dvector![1.0, 2.0, 3.0]).unwrap_err()
        ));
        assert!(refused(
            solve(&dmatrix![1.0, bad; 1.0, 2.0], &dvector![1.0, 2.0]).unwrap_err()
        ));
        assert!(refused(
            solve(&dmatrix![1.0, 3.0; 1.0, 2.0], &dvector![bad, 2.0]).unwrap_err()
        ));
        assert!(refused(inverse(&dmatrix![1.0, bad; 1.0, 2.0]).unwrap_err()));
    }
}

#[test]
fn divergence_from_what_is_next_to_nothing() {
    let (p, q) = (dvector![3.0e-311, 1.0], dvector![0.5, 0.5]);
    let expected = cross_entropy(&p, &q).unwrap() - entropy(&p).unwrap();
    assert!((divergence(&p, &q).unwrap() - expected).abs() < 1e-15);
}

/// The foot of a peak beside a wide interval that sees nothing of it.
#[test]
fn quadrature_finds_the_foot_of_a_peak() {
    let pi = std::f64::consts::PI;
    for (low, high) in [
        (-10000.0, 10000.0),
        (-30000.0, 10000.0),
        (10000.0, -10000.0),
    ] {
        let found = quadrature(|x: f64| (-(x - pi).powi(2)).exp(), low, high, 1e-12).unwrap();
        let sign = if low < high { 1.0 } else { -1.0 };
        assert!(
            (found.value * sign - pi.sqrt()).abs() < 1e-11,
            "{low} to {high}: {found:?}"
        );
        assert!(found.converged);
    }
    let bell = quadrature(|x: f64| (-x * x).exp(), -10000.0, 10000.0, 1e-12).unwrap();
    assert!((bell.value - pi.sqrt()).abs() < 1e-11, "{bell:?}");
    let root = quadrature(|x: f64| x.abs().sqrt(), -1.0, 1.0, 1e-10).unwrap();
    assert!(
        (root.value - 4.0 / 3.0).abs() < 1e-9 && root.converged,
        "{root:?}"
    );
}

/// An interval of few estimates is as wide as their spread is uncertain.
#[test]
fn intervals_of_few_estimates_cover() {
    let covered = |repeat: u64| {
        let inside = |seed: u64| {
            let how = Integrate {
                samples: 500,
                repeat,
                seed,
                ..Integrate::default()
            };
            let found =
                gradus::integrate("x^2*y", &[("x", 0.0, 1.0), ("y", 0.0, 2.0)], how).unwrap();
            let (low, high) = found.interval();
            usize::from((low..=high).contains(&(2.0 / 3.0)))
        };
        (0..400).map(inside).sum::<usize>()
    };
    // 380 of 400 are expected, with a standard deviation of 4.4.
    for repeat in [2, 3, 5] {
        let count = covered(repeat);
        assert!(
            (362..=398).contains(&count),
            "{repeat} repetitions: {count} of 400"
        );
    }
}

#[test]
fn verdicts_within_bounds() {
    let graph = Graph::new();
    let kind = |text: &str, lower: [f64; 2], upper: [f64; 2], point: [f64; 2]| {
        let mut f = graph.parse(text).unwrap().objective(&["x", "y"]).unwrap();
        let bounds = Bounds::new(lower.to_vec(), upper.to_vec()).unwrap();
        verdict_within(&bounds, &mut f, &point).map(|found| found.kind)
    };
    // y is held, x is free.
    assert_eq!(
        kind("x^2 - y^2", [-1.0, -1.0], [1.0, 1.0], [0.0, 1.0]),
        Some(Kind::Minimum)
    );
    // Level at its bound: it can move into the box, and the function falls there.
    assert_eq!(
        kind("x^2 - y^2", [-1.0, 0.0], [1.0, 1.0], [0.0, 0.0]),
        Some(Kind::Saddle)
    );
    // Both are level at their bounds: x*y is not below 0 in the box, though its Hessian has a negative eigenvalue.
    assert_eq!(
        kind("x*y", [0.0, 0.0], [1.0, 1.0], [0.0, 0.0]),
        Some(Kind::Undetermined)
    );
    assert_eq!(kind("x - y", [0.0, 0.0], [1.0, 1.0], [0.0, 1.0]), None);
    // Beside the bound to which it falls steeply, and where there is no room to move.
    assert_eq!(
        kind("sqrt(x) + y^2", [0.0, -1.0], [1.0, 1.0], [1e-9, 0.0]),
        Some(Kind::Minimum)
    );
    assert_eq!(
        kind("-x^2 + y^2", [0.0, -1.0], [0.0, 1.0], [0.0, 0.0]),
        Some(Kind::Minimum)
    );
}

#[test]
fn large_numbers_have_polynomials() {
    let graph = Graph::new();
    for (text, polynomial) in [
        ("10^400*x", format!("1{}*x", "0".repeat(400))),
        ("(10^200*x + 1)^2", format!("1 + 2{}*x", "0".repeat(200))),
    ] {
        let f = graph.parse(text).unwrap();
        assert_eq!(
            f.taylor("x", graph.number(0), 1).unwrap().to_string(),
            polynomial
        );
    }
}

/// Against mpmath 1.3 at 30 digits.
#[test]
fn polygamma_of_large_arguments() {
    for (text, x, value) in [
        ("trigamma(x)", 1e160, 1e-160),
        ("trigamma(x)", 1e300, 1e-300),
        ("polygamma(2, x)", 1e150, -1e-300),
        ("polygamma(3, x)", 1e100, 2e-300),
        ("polygamma(1, x)", 0.1, 101.43329915079276),
        ("polygamma(2, x)", 25.5, -0.001599360596278307),
    ] {
        let found = gradus::eval(text, &[("x", x)]).unwrap();
        assert!(
            (found / value - 1.0).abs() < 1e-13,
            "{text} at {x}: {found}"
        );
    }
}

/// The slope of x*cbrt(x) at 0 is 0, and shows so.
#[test]
fn cube_roots_cancel() {
    assert_eq!(gradus::diff("x*cbrt(x)", "x").unwrap(), "4*cbrt(x)/3");
    assert_eq!(gradus::simplify("y*x/cbrt(x)^2").unwrap(), "y*cbrt(x)");
    assert_eq!(
        gradus::simplify("(x + 1)/cbrt(x + 1)").unwrap(),
        "cbrt(x + 1)^2"
    );
}

/// What meets when a quotient is multiplied out.
#[test]
fn squares_meet_in_derivatives_of_quotients() {
    for (formula, slope) in [
        ("cos(x)/(1 + sin(x))", "-1/(sin(x) + 1)"),
        ("sin(x)/(1 + cos(x))", "1/(cos(x) + 1)"),
        ("sin(x)/(1 - cos(x))", "1/(cos(x) - 1)"),
        ("sin(x)/(sin(x) + cos(x))", "1/(sin(x) + cos(x))^2"),
        ("tan(x)/(1 + sec(x))", "sec(x)/(sec(x) + 1)"),
        ("sinh(x)/(1 + cosh(x))", "1/(cosh(x) + 1)"),
        ("(exp(x) - 1)/(exp(x) + 1)", "2*sigmoid(x)*sigmoid(-x)"),
    ] {
        assert_eq!(gradus::diff(formula, "x").unwrap(), slope, "{formula}");
    }
}
