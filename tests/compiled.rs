//! Compiled functions: every part against the expressions they came from, errors, threads.

use gradus::program::{Backend, FunctionError, Options, ProgramError};
use gradus::{Compile, CompileError, CompiledFunction, Derivatives, Graph, compile};

const SECOND: Compile = Compile {
    derivatives: Derivatives::Second,
    backend: Backend::Auto,
    program: None,
};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-13 * b.abs().max(1.0)
}

#[test]
fn every_part_is_the_expressions_own() {
    let graph = Graph::new();
    let texts = ["x^3*y + exp(x*z)", "sin(x)/(1 + z^2) - y", "x*y*z"];
    let functions = texts.map(|text| graph.parse(text).unwrap());
    let names = ["x", "y", "z"];
    let point = [0.3, -1.2, 0.7];
    let named: Vec<(&str, f64)> = names.into_iter().zip(point).collect();

    let together = compile(&functions, &names, SECOND).unwrap();
    assert_eq!(together.variables(), names);
    assert_eq!(together.outputs(), 3);
    let (mut values, mut jacobian, mut hessians) = ([0.0; 3], [0.0; 9], [0.0; 27]);
    together.values(&point, &mut values).unwrap();
    together.jacobian(&point, &mut jacobian).unwrap();
    together.hessian(&point, &mut hessians).unwrap();
    for (k, f) in functions.into_iter().enumerate() {
        assert!(close(values[k], f.eval(&named).unwrap()));
        let alone = f.compile_with(&names, SECOND).unwrap();
        let (mut gradient, mut hessian) = ([0.0; 3], [0.0; 9]);
        let value = alone.value_and_gradient(&point, &mut gradient).unwrap();
        alone.hessian(&point, &mut hessian).unwrap();
        assert!(close(value, values[k]));
        assert!(close(alone.value(&point).unwrap(), values[k]));
        for i in 0..3 {
            let slope = f.diff(names[i]).unwrap();
            let expected = slope.eval(&named).unwrap();
            assert!(close(gradient[i], expected) && close(jacobian[3 * k + i], expected));
            for j in 0..3 {
                let expected = slope.diff(names[j]).unwrap().eval(&named).unwrap();
                let (one, other) = (hessian[3 * i + j], hessians[9 * k + 3 * i + j]);
                assert!(close(one, expected), "{one} {expected}");
                assert!(close(other, expected), "{other} {expected}");
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let graph = Graph::new();
    let f = graph.parse("x*y").unwrap();
    let none = Compile {
        derivatives: Derivatives::None,
        ..Compile::default()
    };
    let plain = f.compile_with(&["x", "y"], none).unwrap();
    let with = f.compile(&["x", "y"]).unwrap();
    let two = compile(&[f, f], &["x", "y"], none).unwrap();
    let mut three = [0.0; 3];
    let errors = [
        (
            with.value(&[1.0]).err(),
            "the point has 1 numbers where 2 are needed",
        ),
        (
            with.gradient(&[1.0, 2.0], &mut three).err(),
            "the slice for a gradient has 3 numbers where 2 are needed",
        ),
        (
            with.hessian(&[1.0, 2.0], &mut [0.0; 4]).err(),
            "the function was compiled without its second derivatives",
        ),
        (
            plain.gradient(&[1.0, 2.0], &mut three[..2]).err(),
            "the function was compiled without its first derivatives",
        ),
        (
            two.value(&[1.0, 2.0]).err(),
            "there are 2 functions: ask for `values` and `jacobian`",
        ),
        (
            two.values(&[1.0, 2.0], &mut three).err(),
            "the slice for values has 3 numbers where 2 are needed",
        ),
    ];
    for (error, message) in errors {
        assert_eq!(error.expect(message).to_string(), message);
    }

    let failure = |text: &str, names: &[&str]| {
        let error = graph.parse(text).unwrap().compile(names).unwrap_err();
        (error.to_string(), error)
    };
    assert_eq!(failure("x*y", &["x"]).0, "no value given for `y`");
    assert_eq!(
        failure("x*y", &["x", "y", "x"]).0,
        "the variable `x` is named twice"
    );
    assert_eq!(failure("polygamma(x, 2)", &["x"]).1, {
        let function = gradus::Function::Polygamma;
        CompileError::Calculus(gradus::calculus::CalculusError::NoPartial {
            function,
            argument: 1,
        })
    });
    assert_eq!(
        failure("x + i", &["x"]).1,
        CompileError::Function(ProgramError::from(gradus::numeric::EvalError::NeedsComplex).into())
    );
    // A variable that does not occur is none of these.
    let mut gradient = [1.0; 2];
    graph
        .parse("x^2")
        .unwrap()
        .compile(&["q", "x"])
        .unwrap()
        .gradient(&[5.0, 3.0], &mut gradient)
        .unwrap();
    assert_eq!(gradient, [0.0, 6.0]);
}

#[test]
fn backends_are_chosen_or_refused() {
    let graph = Graph::new();
    let f = graph.parse("x*x + 1").unwrap();
    let by = |backend| {
        let how = Compile {
            backend,
            program: Some(Options::PLAIN),
            ..Compile::default()
        };
        f.compile_with(&["x"], how)
    };
    assert_eq!(by(Backend::Interpreter).unwrap().value(&[2.0]), Ok(5.0));
    assert_eq!(by(Backend::Auto).unwrap().value(&[2.0]), Ok(5.0));
    match by(Backend::Native) {
        Ok(native) => assert_eq!(native.value(&[2.0]), Ok(5.0)),
        Err(CompileError::Function(FunctionError::NoNativeCode(why))) => {
            assert!(why.contains("feature `native`"), "{why}");
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn many_threads_share_one_function() {
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_shared::<CompiledFunction>();

    let f = {
        let graph = Graph::new();
        graph
            .parse("x^2 + log(1 + exp(y))")
            .unwrap()
            .compile(&["x", "y"])
            .unwrap()
    }; // the graph is gone, the function stays
    std::thread::scope(|scope| {
        for k in 0..4 {
            let f = &f;
            scope.spawn(move || {
                for step in 0..1000 {
                    let x = f64::from(k) + f64::from(step) / 1000.0;
                    let mut gradient = [0.0; 2];
                    let value = f.value_and_gradient(&[x, 800.0], &mut gradient).unwrap();
                    assert_eq!((value, gradient), (x * x + 800.0, [2.0 * x, 1.0]));
                }
            });
        }
    });
}
