//! What is written and compared: cases, their points, and what the interpreter makes of them.

use gradus::functions::row;
use gradus::program::source::{Code, Language, Shape};
use gradus::program::{Options, Program};
use gradus::{Codegen, Expr, Function, Graph, codegen};

/// Functions of the same variables.
pub struct Case {
    pub name: &'static str,
    pub formulas: Vec<String>,
    pub inputs: Vec<&'static str>,
    pub shape: Shape,
    pub fuse: bool,
    pub points: Vec<Vec<f64>>,
    /// Only `+ - * /`, square roots and choices: the same bits everywhere.
    pub exact: bool,
}

impl Case {
    fn roots<'g>(&self, graph: &'g Graph) -> Vec<Expr<'g>> {
        let parse = |text: &String| graph.parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        self.formulas.iter().map(parse).collect()
    }

    pub fn code(&self, language: Language) -> Code {
        let graph = Graph::new();
        let how = Codegen {
            shape: self.shape,
            name: self.name.to_owned(),
            fuse: self.fuse && language.has_fused_products(),
            ..Codegen::new(language)
        };
        codegen(&self.roots(&graph), &self.inputs, &how)
            .unwrap_or_else(|e| panic!("{language:?}: {e}"))
    }

    /// How many numbers come out.
    pub fn outputs(&self) -> usize {
        let (m, n) = (self.formulas.len(), self.inputs.len());
        match self.shape {
            Shape::Value => m,
            Shape::Gradient => 1 + n,
            Shape::Jacobian => m + m * n,
            Shape::Hessian => 1 + n + n * n,
        }
    }

    /// The interpreter's answer at every point.
    pub fn expected(&self, fused: bool) -> Vec<Vec<f64>> {
        let graph = Graph::new();
        let roots = self.roots(&graph);
        let mut all = roots.clone();
        if self.shape != Shape::Value {
            match &roots[..] {
                [root] => all.extend(root.gradient(&self.inputs).unwrap()),
                _ => all.extend(gradus::jacobian(&roots, &self.inputs).unwrap().concat()),
            }
        }
        if self.shape == Shape::Hessian {
            all.extend(roots[0].hessian(&self.inputs).unwrap().concat());
        }
        let ids: Vec<_> = all.iter().map(|e| e.id()).collect();
        let symbols: Vec<_> = (self.inputs.iter())
            .map(|name| graph.arena_mut().symbol_id(name))
            .collect();
        let options = Options {
            fuse: fused && self.fuse,
            careful: true,
        };
        let program = Program::new(&graph.arena(), &ids, &symbols, options).unwrap();
        let mut scratch = vec![0.0; program.registers()];
        let at = |point: &Vec<f64>| {
            let mut outputs = vec![0.0; program.outputs()];
            program.run(point, &mut scratch, &mut outputs);
            outputs
        };
        self.points.iter().map(at).collect()
    }
}

/// Numbers from a fixed seed, in [0, 1).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, (from, to): (f64, f64)) -> f64 {
        from + (to - from) * self.unit()
    }
}

pub const EDGES: [f64; 12] = [
    0.0,
    -0.0,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.5,
    1e-300,
    800.0,
];

/// Where numbers nearly end, and functions of them next to their poles.
const FAR: [f64; 5] = [1e308, -1e308, 1e-308, -0.9999999999999999, -2000.0];

/// The call of a function of the table, in the language of gradus.
fn call(f: Function) -> String {
    use Function::*;
    let sign = match f {
        Less => "<",
        LessEqual => "<=",
        Greater => ">",
        GreaterEqual => ">=",
        Equal => "==",
        NotEqual => "!=",
        And => "and",
        Or => "or",
        Not => return "not x".to_owned(),
        f if f.arity() == 1 => return format!("{}(x)", f.name()),
        f => return format!("{}(x, y)", f.name()),
    };
    format!("x {sign} y")
}

/// Every function that the language has, at its sample points (none else, if `samples_only`).
pub fn functions(which: impl Fn(Function) -> bool, samples_only: bool) -> (Case, Vec<Function>) {
    let functions: Vec<Function> = (Function::ALL.iter().copied())
        .filter(|&f| which(f))
        .collect();
    let mut random = Random::new(1);
    let mut points = Vec::new();
    for &f in &functions {
        for samples in row(f).samples {
            for _ in 0..12 {
                points.push(vec![random.between(samples.u), random.between(samples.v)]);
            }
        }
    }
    if !samples_only {
        let all = || EDGES.into_iter().chain(FAR);
        points.extend(all().flat_map(|x| all().map(move |y| vec![x, y])));
    }
    let case = Case {
        name: "every_function",
        formulas: functions.iter().map(|&f| call(f)).collect(),
        inputs: vec!["x", "y"],
        shape: Shape::Value,
        fuse: false,
        points,
        exact: false,
    };
    (case, functions)
}

/// Is the point one of the function's samples?
pub fn is_sample(f: Function, point: &[f64]) -> bool {
    let inside = |(from, to): (f64, f64), x: f64| from <= x && x <= to;
    (row(f).samples.iter())
        .any(|s| inside(s.u, point[0]) && (f.arity() == 1 || inside(s.v, point[1])))
}

fn points(count: usize, inputs: usize, edges: bool) -> Vec<Vec<f64>> {
    let mut random = Random::new(7);
    let mut points: Vec<Vec<f64>> = (0..count)
        .map(|_| (0..inputs).map(|_| random.between((-3.0, 3.0))).collect())
        .collect();
    if edges {
        for x in EDGES {
            let spread = |at: usize| EDGES[(at * 5 + 3) % EDGES.len()];
            points.push(
                (0..inputs)
                    .map(|at| if at == 0 { x } else { spread(at) })
                    .collect(),
            );
            points.push((0..inputs).map(|_| x).collect());
        }
    }
    points
}

/// Quotients next to whole numbers, of either sign, below 2^53.
fn remainders() -> Vec<Vec<f64>> {
    let mut random = Random::new(5);
    let mut points: Vec<Vec<f64>> = (0..60)
        .map(|at| {
            let y = random.between((-2.0, 2.0)) * 10_f64.powi(at % 9 - 4);
            let whole = random.between((0.0, 25.0)).exp2().round();
            vec![whole * y, if at % 2 == 0 { y } else { -y }]
        })
        .collect();
    points.extend(
        [
            (10.0, 0.1),
            (1.0, 0.1),
            (1e14, -1.5),
            (-1e-20, 1.0),
            (5.0, 1e308),
            (6.0, -3.0),
        ]
        .map(|(x, y)| vec![x, y]),
    );
    points
}

/// Formulas of every shape.
pub fn cases() -> Vec<Case> {
    let case = |name, formulas: &[&str], inputs: &[&'static str], shape, exact| Case {
        name,
        formulas: formulas.iter().map(|&f| f.to_owned()).collect(),
        inputs: inputs.to_vec(),
        shape,
        fuse: false,
        points: points(60, inputs.len(), true),
        exact,
    };
    let rosenbrock = "(1 - x)^2 + 100*(y - x^2)^2";
    vec![
        case(
            "plain",
            &["x*y - (x - y)/(1 + x^2) - -x*(y*y)"],
            &["x", "y"],
            Shape::Value,
            true,
        ),
        case(
            "nested",
            &[
                "(x*y + z) + (y*z + x) - (x - (y - x*z))",
                "(x/y)/(z/x) - x/(y*z)*(x*(y*z))",
                "-(x - y)*(z + x)*-((y + z)*(x - y))",
            ],
            &["x", "y", "z"],
            Shape::Jacobian,
            true,
        ),
        case(
            "rosenbrock",
            &[rosenbrock],
            &["x", "y"],
            Shape::Hessian,
            true,
        ),
        Case {
            fuse: true,
            ..case(
                "fused",
                &[rosenbrock, "x*y - x", "y - x*3"],
                &["x", "y"],
                Shape::Value,
                true,
            )
        },
        case(
            "rational",
            &["sqrt(x^2 + y^2)/(z - 1/x)", "x^-3 + y/z/x"],
            &["x", "y", "z"],
            Shape::Jacobian,
            true,
        ),
        case(
            "kinks",
            &[
                "if(x > y, x^2, y/x)",
                "relu(x) + abs(y)",
                "max(x, y)*min(x, 2)",
                "step(x)*sign(y)",
            ],
            &["x", "y"],
            Shape::Jacobian,
            true,
        ),
        case(
            "not_taken",
            &["if(x > 0, log(x), if(y != 0, 1/y, x^2))"],
            &["x", "y"],
            Shape::Gradient,
            false,
        ),
        case(
            "holes",
            &["x^2*log(x) + x^y"],
            &["x", "y"],
            Shape::Gradient,
            false,
        ),
        case(
            "careful",
            &["log(exp(x) + exp(y)) + 1/(1 + exp(-x*y)) + log(1 + exp(y))"],
            &["x", "y"],
            Shape::Gradient,
            false,
        ),
        case(
            "smooth",
            &["exp(-(x^2 + y^2)/2)*sin(3x)*cos(2y) + log(1 + x^2*y^2)/sqrt(1 + x^2)"],
            &["x", "y"],
            Shape::Hessian,
            false,
        ),
        case(
            "named",
            &["λ*while + x_1^2 - t1*value + point/(1 + None^2) + y0"],
            &[
                "λ", "while", "x_1", "t1", "value", "point", "None", "y0", "unused",
            ],
            Shape::Gradient,
            true,
        ),
        case(
            "powers",
            &["x^3.5 + abs(x)^y + 2^x + x^-2.5 + x^40"],
            &["x", "y"],
            Shape::Gradient,
            false,
        ),
        // What reads as a number, as a result or as something else in one of the languages.
        case(
            "words",
            &[
                "sqrt(x^2 + T1)*T1 + true*x - false*TMP1/(1 + step_1^2)",
                "abs(x)^inf + x/nan + sin(infinity) + log(1 + x^2)*HUGE_VAL*sinf",
            ],
            &[
                "x", "T1", "true", "false", "TMP1", "step_1", "inf", "nan", "infinity", "HUGE_VAL",
                "sinf",
            ],
            Shape::Value,
            false,
        ),
        case(
            "angles",
            &["atan2(1, x)", "atan2(x, -2) + atan2(0, x)"],
            &["x"],
            Shape::Jacobian,
            false,
        ),
        case(
            "not_a_number",
            &[
                "if(digamma(0) < x, 1, 2)",
                "if(digamma(0) != x, 1, 2)",
                "(digamma(0) and x) + 2*(x or digamma(0))",
            ],
            &["x"],
            Shape::Value,
            true,
        ),
        Case {
            points: remainders(),
            ..case(
                "remainders",
                &["mod(x, y)", "mod(x, 0.1) + mod(x, -3)"],
                &["x", "y"],
                Shape::Value,
                false,
            )
        },
        Case {
            points: [
                -2000.0, -0.5, -0.75, 40.5, 711.0, 1e155, -1e155, 1e308, -1e308, 1e-320, -1e-320,
            ]
            .map(|x| vec![x])
            .to_vec(),
            ..case(
                "far",
                &[
                    "expm1(min(x, 700))",
                    "asec(x)",
                    "acsc(x)",
                    "csch(x)",
                    "sech(x)",
                    "normpdf(x)",
                    "asech(x)",
                    "acsch(x)",
                    "asinh(x)",
                    "cbrt(x)",
                ],
                &["x"],
                Shape::Value,
                false,
            )
        },
        case("constant", &["3"], &["x"], Shape::Gradient, true),
        case("bare", &["x"], &["x", "y"], Shape::Value, true),
        case("list_of_two", &["x", "2"], &["x"], Shape::Value, true),
    ]
}

/// A function of so many operations that nothing shares, for compilers with a limit.
pub fn long(operations: usize) -> Case {
    let inputs: Vec<&'static str> = vec!["x", "y"];
    let mut formula = String::from("x");
    let mut random = Random::new(3);
    // Definitions, so that brackets do not nest.
    for at in 0..operations / 4 {
        let last = match at {
            0 => "x".to_owned(),
            at => format!("a{}", at - 1),
        };
        let c = (random.unit() * 100.0).round() / 128.0 + 0.1;
        let step = format!("a{at} = ({last}*{c} + y)/({last}^2 + 1.5); ");
        formula = if at == 0 { step } else { formula + &step };
    }
    formula += &format!("a{}", operations / 4 - 1);
    Case {
        name: "long_function",
        formulas: vec![formula],
        inputs,
        shape: Shape::Value,
        fuse: false,
        points: points(5, 2, false),
        exact: true,
    }
}
