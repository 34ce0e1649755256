//! What is printed: golden pairs of text and LaTeX, and text that reads back as the same node.

mod common;

use gradus::expr::Id;
use gradus::syntax::print::{self, MAX_LET_DEPTH, TooLong};
use gradus::syntax::{BinaryOp, FunctionNames, Kind, Tree, UnaryOp, parse};
use gradus::{Expr, Function as F, Graph, Rational};
use proptest::prelude::*;

// ---- Reading back ---------------------------------------------------------------------------------------------------

struct Names;

impl FunctionNames for Names {
    fn is_function(&self, name: &str) -> bool {
        ["sqrt", "if"].contains(&name) || F::ALL.iter().any(|f| f.name() == name)
    }

    fn all(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// The nodes that a printed text means, through the folding constructors.
fn read(graph: &Graph, text: &str) -> Vec<Id> {
    let tree = parse(text, &Names).unwrap_or_else(|e| panic!("{e:?} in {text}"));
    let mut ids: Vec<Id> = Vec::new();
    for at in 0..tree.nodes.len() {
        let id = read_node(graph, &tree, at, &ids);
        ids.push(id);
    }
    tree.results.iter().map(|r| ids[r.0 as usize]).collect()
}

fn read_node(graph: &Graph, tree: &Tree, at: usize, ids: &[Id]) -> Id {
    let mut arena = graph.arena_mut();
    let node = tree.nodes[at];
    let built = |id: gradus::syntax::NodeId| ids[id.0 as usize];
    match node.kind {
        Kind::Number => {
            let digits = tree.number(node.span);
            let value = Rational::from_decimal(&digits).expect("a number");
            match digits.contains(['.', 'e']) {
                true => arena.decimal(value),
                false => arena.number(value),
            }
        }
        Kind::Name(name) => {
            let mut definitions = tree.definitions.iter();
            match definitions.find(|d| d.name == name && (d.body.0 as usize) < at) {
                Some(definition) => built(definition.body),
                None => match tree.name(name) {
                    "pi" => arena.pi(),
                    "i" => arena.imaginary_unit(),
                    "e" => {
                        let one = arena.number(1);
                        arena.call(F::Exp, one)
                    }
                    name => arena.symbol(name),
                },
            }
        }
        Kind::Unary(UnaryOp::Neg, a) => arena.neg(built(a)),
        Kind::Unary(UnaryOp::Not, a) => arena.call(F::Not, built(a)),
        Kind::Unary(op, _) => panic!("{op:?} is never printed"),
        Kind::Binary(op, a, b) => {
            let euler = matches!(tree.node(a).kind, Kind::Name(n) if tree.name(n) == "e");
            let (a, b) = (built(a), built(b));
            match op {
                BinaryOp::Add => arena.add(a, b),
                BinaryOp::Sub => arena.sub(a, b),
                BinaryOp::Mul => arena.mul(a, b),
                BinaryOp::Div => arena.div(a, b),
                BinaryOp::Pow if euler => arena.call(F::Exp, b),
                BinaryOp::Pow => arena.pow(a, b),
                BinaryOp::Less => arena.call2(F::Less, a, b),
                BinaryOp::LessEqual => arena.call2(F::LessEqual, a, b),
                BinaryOp::Greater => arena.call2(F::Greater, a, b),
                BinaryOp::GreaterEqual => arena.call2(F::GreaterEqual, a, b),
                BinaryOp::Equal => arena.call2(F::Equal, a, b),
                BinaryOp::NotEqual => arena.call2(F::NotEqual, a, b),
                BinaryOp::And => arena.call2(F::And, a, b),
                BinaryOp::Or => arena.call2(F::Or, a, b),
                BinaryOp::ImplicitMul | BinaryOp::Mod => panic!("{op:?} is never printed"),
            }
        }
        Kind::Call { name, .. } => {
            let arguments: Vec<Id> = tree
                .arguments(node.kind)
                .iter()
                .map(|&a| built(a))
                .collect();
            match (tree.name(name), &arguments[..]) {
                ("sqrt", &[a]) => arena.sqrt(a),
                ("if", &[c, a, b]) => arena.choice(c, a, b),
                (name, arguments) => {
                    let f = F::ALL
                        .iter()
                        .find(|f| f.name() == name)
                        .expect("a function");
                    match *arguments {
                        [a] => arena.call(*f, a),
                        [a, b] => arena.call2(*f, a, b),
                        _ => panic!("{name} with {} arguments", arguments.len()),
                    }
                }
            }
        }
    }
}

fn assert_reads_back(graph: &Graph, expr: Expr<'_>, text: &str) {
    let again = read(graph, text);
    let shown = |id| print::text(&graph.arena(), id);
    assert_eq!(again, [expr.id()], "{text} reads as {:?}", shown(again[0]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_reads_back_as_the_same_node(recipe in common::arbitrary_expression(F::ALL, 40)) {
        let graph = Graph::new();
        let expr = recipe.build(&graph);
        let text = expr.to_string();
        prop_assume!(text.len() < 100_000);
        assert_reads_back(&graph, expr, &text);
        let lets = expr.to_let_text().unwrap();
        assert_reads_back(&graph, expr, &lets);
        let latex = expr.to_latex().unwrap();
        prop_assert_eq!(latex.matches('{').count(), latex.matches('}').count());
        prop_assert_eq!(latex.matches(r"\left").count(), latex.matches(r"\right").count());
    }
}

// ---- Golden pairs ---------------------------------------------------------------------------------------------------

/// What the expression prints as; the text is read back too.
#[track_caller]
fn check(expr: Expr<'_>, text: &str, latex: &str) {
    assert_eq!(expr.to_string(), text);
    assert_eq!(expr.to_latex().unwrap(), latex, "LaTeX of {text}");
    assert_reads_back(expr.graph(), expr, text);
}

/// p/q
fn ratio(graph: &Graph, p: i64, q: i64) -> Expr<'_> {
    graph.number(Rational::ratio(p, q).unwrap())
}

fn choice<'g>(c: Expr<'g>, a: Expr<'g>, b: Expr<'g>) -> Expr<'g> {
    let id = c.graph().arena_mut().choice(c.id(), a.id(), b.id());
    c.graph().expr(id)
}

fn decimal<'g>(graph: &'g Graph, digits: &str) -> Expr<'g> {
    let value = Rational::from_decimal(digits).unwrap();
    let id = graph.arena_mut().decimal(value);
    graph.expr(id)
}

#[test]
fn numbers() {
    let g = Graph::new();
    let x = g.symbol("x");
    check(g.number(0), "0", "0");
    check(g.number(-7), "-7", "-7");
    check(ratio(&g, 3, 4), "3/4", r"\frac{3}{4}");
    check(ratio(&g, -3, 4), "-3/4", r"-\frac{3}{4}");
    check(x + ratio(&g, -3, 4), "x - 3/4", r"x - \frac{3}{4}");
    check(decimal(&g, "0.1"), "0.1", "0.1");
    check(decimal(&g, "1e30"), "1e30", "10^{30}");
    check(
        decimal(&g, "1.38e-23") * x,
        "1.38e-23*x",
        r"1.38 \cdot 10^{-23} x",
    );
    check(
        decimal(&g, "2.5") * x / x.sin(),
        "2.5*x/sin(x)",
        r"\frac{2.5 x}{\sin\left(x\right)}",
    );
    check(x.pow(decimal(&g, "1.5")), "x^1.5", "x^{1.5}");
    check(x.pow(-decimal(&g, "1.5")), "1/x^1.5", r"\frac{1}{x^{1.5}}");
    check(0.1 * x + 0.2 * x, "0.3*x", "0.3 x");
    check(
        g.number(10).powi(20) * x,
        "100000000000000000000*x",
        "100000000000000000000 x",
    );
    check(g.pi() * g.imaginary_unit(), "pi*i", r"\pi i");
    check(g.number(1).exp(), "e", "e");
    check(x / g.number(1).exp(), "x/e", r"\frac{x}{e}");
    check(g.number(1).exp().pow(x), "exp(1)^x", "e^{x}");
    check((2_i64 * x).exp(), "exp(2*x)", "e^{2 x}");
}

#[test]
fn sums() {
    let g = Graph::new();
    let (x, y, z) = (g.symbol("x"), g.symbol("y"), g.symbol("z"));
    check(x + y + z, "x + y + z", "x + y + z");
    check(x + (y + z), "x + (y + z)", "x + y + z");
    check(x - y, "x - y", "x - y");
    check(x - (y + z), "x - (y + z)", r"x - \left(y + z\right)");
    check(x + (z - y), "x + (z - y)", "x + z - y");
    check(x + (-y + z), "x + (-y + z)", "x - y + z");
    check(-x + y, "-x + y", "-x + y");
    check(-(x + y), "-(x + y)", r"-\left(x + y\right)");
    check(x - 2 * y, "x - 2*y", "x - 2 y");
    check(x - y / 2, "x - y/2", r"x - \frac{y}{2}");
    check(1 - (-2 * x), "1 + 2*x", "1 + 2 x");
    check(
        x.powi(2) + 2 * x * y + 3,
        "x^2 + 2*x*y + 3",
        "x^{2} + 2 x y + 3",
    );
    check(
        (x - 1) - (y - 2),
        "x - 1 - (y - 2)",
        r"x - 1 - \left(y - 2\right)",
    );
}

#[test]
fn products() {
    let g = Graph::new();
    let (x, y, z) = (g.symbol("x"), g.symbol("y"), g.symbol("z"));
    check(x * y * z, "x*y*z", "x y z");
    check(x * (y * z), "x*(y*z)", "x y z");
    check(2 * (x + 1), "2*(x + 1)", r"2 \left(x + 1\right)");
    check(
        (x + 1) * (x - 1),
        "(x + 1)*(x - 1)",
        r"\left(x + 1\right) \left(x - 1\right)",
    );
    check(-x, "-x", "-x");
    check(-(x * y), "-x*y", "-x y");
    check(x / 2, "x/2", r"\frac{x}{2}");
    check(-x / 2, "-x/2", r"-\frac{x}{2}");
    check((x + 1) / 2, "(x + 1)/2", r"\frac{x + 1}{2}");
    check(3 * x / (4 * y), "3*x/(4*y)", r"\frac{3 x}{4 y}");
    check(x / y, "x/y", r"\frac{x}{y}");
    check(x / y.powi(2), "x/y^2", r"\frac{x}{y^{2}}");
    check(x / (y * z), "x/(y*z)", r"\frac{x}{y z}");
    check(x / (3 * y * z), "x/(3*y*z)", r"\frac{x}{3 y z}");
    check(x / (y + z), "x/(y + z)", r"\frac{x}{y + z}");
    check(
        x / (2 * (y + z)),
        "x/(2*(y + z))",
        r"\frac{x}{2 \left(y + z\right)}",
    );
    check(x / y * z, "x/y*z", r"\frac{x z}{y}");
    check(x / y / z, "x/y/z", r"\frac{x}{y z}");
    check(x * y / z / 5, "x*y/(5*z)", r"\frac{x y}{5 z}");
    check(1 / x * y / 3, "1/x*y/3", r"\frac{y}{3 x}");
    check(x / (y / z), "x/(y/z)", r"\frac{x}{\frac{y}{z}}");
    check(1 / x, "1/x", r"\frac{1}{x}");
    check(-1 / x, "-1/x", r"-\frac{1}{x}");
    check(-2 / (3 * x), "-2/(3*x)", r"-\frac{2}{3 x}");
    check(
        x / x.powi(0) / (2_i64 * y).powi(2),
        "x/(4*y^2)",
        r"\frac{x}{4 y^{2}}",
    );
    check(1 / g.number(0), "1/0", r"\frac{1}{0}");
    check(x / 2 / g.number(0), "x/0/2", r"\frac{x}{2 \cdot 0}");
    check(3 * g.number(2).pow(x), "3*2^x", r"3 \cdot 2^{x}");
    check(x * g.number(2).pow(y), "x*2^y", r"x \cdot 2^{y}");
    check(3 * g.number(2).sqrt() * x, "3*sqrt(2)*x", r"3 \sqrt{2} x");
    check(
        x.exp() * x.sin() * 2,
        "2*exp(x)*sin(x)",
        r"2 e^{x} \sin\left(x\right)",
    );
}

#[test]
fn products_of_numbers_too_large_to_fold_read_back() {
    let g = Graph::new();
    let x = g.symbol("x");
    let (a, b) = (g.number(-2).powi(120_001), g.number(3).powi(70_000));
    let folds_not = [
        a * b,
        1 / a * (1 / b),
        a * x * (b * x),
        a * (a * b),
        x - a * b * x,
        (a * x).powi(-3),
        -(a * b),
    ];
    for expr in folds_not {
        assert_reads_back(&g, expr, &expr.to_string());
    }
}

#[test]
fn powers() {
    let g = Graph::new();
    let (x, y, z) = (g.symbol("x"), g.symbol("y"), g.symbol("z"));
    check(-x.powi(2), "-x^2", "-x^{2}");
    check((-x).pow(y), "(-x)^y", r"\left(-x\right)^{y}");
    check(x.powi(-2), "1/x^2", r"\frac{1}{x^{2}}");
    check(x.sqrt(), "sqrt(x)", r"\sqrt{x}");
    check(1 / x.sqrt(), "1/sqrt(x)", r"\frac{1}{\sqrt{x}}");
    check(1 / (2 * x.sqrt()), "1/(2*sqrt(x))", r"\frac{1}{2 \sqrt{x}}");
    check(
        x / (2 * (x + y).sqrt()),
        "x/(2*sqrt(x + y))",
        r"\frac{x}{2 \sqrt{x + y}}",
    );
    check(x.pow(ratio(&g, 3, 2)), "x^(3/2)", "x^{3/2}");
    check(x.pow(ratio(&g, 1, 3)), "x^(1/3)", "x^{1/3}");
    check(
        y / x.pow(ratio(&g, 3, 2)),
        "y/x^(3/2)",
        r"\frac{y}{x^{3/2}}",
    );
    check(g.number(2).sqrt(), "sqrt(2)", r"\sqrt{2}");
    check(g.number(0).powi(-2), "0^(-2)", r"\frac{1}{0^{2}}");
    check(g.number(2).pow(x), "2^x", "2^{x}");
    check(g.number(-2).pow(x), "(-2)^x", r"\left(-2\right)^{x}");
    check(
        ratio(&g, 1, 2).pow(x),
        "(1/2)^x",
        r"\left(\frac{1}{2}\right)^{x}",
    );
    check(x.pow(-y), "x^(-y)", "x^{-y}");
    check(x.pow(y + 1), "x^(y + 1)", "x^{y + 1}");
    check(g.number(2).pow(x.pow(y)), "2^x^y", "2^{x^{y}}");
    check(x.pow(y).pow(z), "(x^y)^z", r"\left(x^{y}\right)^{z}");
    check(x.powi(2).sqrt(), "sqrt(x^2)", r"\sqrt{x^{2}}");
    check(x.sqrt().pow(y), "sqrt(x)^y", r"\sqrt{x}^{y}");
    check((x / y).powi(2), "(x/y)^2", r"\left(\frac{x}{y}\right)^{2}");
    check(x.sin().powi(2), "sin(x)^2", r"\sin^{2}\left(x\right)");
    check(
        1 / x.cos().powi(2),
        "1/cos(x)^2",
        r"\frac{1}{\cos^{2}\left(x\right)}",
    );
    check(x.exp().pow(y), "exp(x)^y", r"\left(e^{x}\right)^{y}");
}

#[test]
fn functions_and_choices() {
    let g = Graph::new();
    let (x, y) = (g.symbol("x"), g.symbol("y"));
    check(x.log(), "log(x)", r"\ln\left(x\right)");
    check(x.call(F::Abs), "abs(x)", r"\left|x\right|");
    check(x.call(F::Floor), "floor(x)", r"\left\lfloor x\right\rfloor");
    check(x.call(F::Cbrt), "cbrt(x)", r"\sqrt[3]{x}");
    check(x.call(F::Log1p), "log1p(x)", r"\ln\left(1 + x\right)");
    check(
        2 * x.call(F::Expm1),
        "2*expm1(x)",
        r"2 \left(e^{x} - 1\right)",
    );
    check(
        (x + 1_i64).call(F::Gamma),
        "gamma(x + 1)",
        r"\Gamma\left(x + 1\right)",
    );
    check(
        g.number(2).call2(F::Polygamma, x),
        "polygamma(2, x)",
        r"\psi^{(2)}\left(x\right)",
    );
    check(x.call2(F::Min, y), "min(x, y)", r"\min\left(x, y\right)");
    check(x.call2(F::Mod, y), "mod(x, y)", r"x \bmod y");
    check(
        2 * x.call2(F::Mod, y),
        "2*mod(x, y)",
        r"2 \left(x \bmod y\right)",
    );
    check(x.call2(F::Xlogy, y), "xlogy(x, y)", r"x \ln\left(y\right)");
    check(
        x.call(F::Asinh),
        "asinh(x)",
        r"\operatorname{arsinh}\left(x\right)",
    );
    let less = x.call2(F::Less, y + 1);
    check(less, "x < y + 1", "x < y + 1");
    check(2 * less, "2*(x < y + 1)", r"2 \left(x < y + 1\right)");
    check(
        less.call2(F::Equal, y),
        "(x < y + 1) == y",
        r"\left(x < y + 1\right) = y",
    );
    let (either, both) = (less.call2(F::Or, x), less.call2(F::And, x));
    check(
        either.call2(F::And, y),
        "(x < y + 1 or x) and y",
        r"\left(x < y + 1 \lor x\right) \land y",
    );
    check(
        both.call2(F::Or, y),
        "x < y + 1 and x or y",
        r"x < y + 1 \land x \lor y",
    );
    check(
        y.call2(F::Or, both),
        "y or x < y + 1 and x",
        r"y \lor x < y + 1 \land x",
    );
    check(
        y.call2(F::And, both),
        "y and (x < y + 1 and x)",
        r"y \land \left(x < y + 1 \land x\right)",
    );
    check(
        less.call(F::Not),
        "not (x < y + 1)",
        r"\lnot \left(x < y + 1\right)",
    );
    check(
        x.call(F::Not).call2(F::And, y),
        "not x and y",
        r"\lnot x \land y",
    );
    check(
        choice(less, x, choice(y, -x, y)),
        "if(x < y + 1, x, if(y, -x, y))",
        r"\begin{cases} x & \text{if } x < y + 1 \\ -x & \text{if } y \\ y & \text{otherwise} \end{cases}",
    );
}

#[test]
fn names_in_latex() {
    for (name, latex) in [
        ("alpha", r"\alpha"),
        ("α", r"\alpha"),
        ("Omega", r"\Omega"),
        ("x_1", "x_{1}"),
        ("b12", "b_{12}"),
        ("rate", r"\mathrm{rate}"),
        ("x_max", r"x_{\mathrm{max}}"),
        ("beta_α", r"\beta_{\alpha}"),
        ("a_i_2", "a_{i,2}"),
        ("T_hot", r"T_{\mathrm{hot}}"),
    ] {
        // Beside another variable of the same look, one of them stands as it is written.
        check(Graph::new().symbol(name), name, latex);
    }
}

// ---- The let form ---------------------------------------------------------------------------------------------------

#[test]
fn shared_parts_are_defined_once() {
    let g = Graph::new();
    let (x, y) = (g.symbol("x"), g.symbol("y"));
    let r = (x.powi(2) + y.powi(2)).sqrt();
    let f = r.sin() * r;
    assert_eq!(
        f.to_let_text().unwrap(),
        "t1 = sqrt(x^2 + y^2);\nsin(t1)*t1"
    );
    assert_eq!((x + y).sin().to_let_text().unwrap(), "sin(x + y)");
    let roots = [f.id(), r.id()];
    let arena = g.arena();
    let text = print::lets(&arena, &roots).unwrap();
    assert_eq!(text, "t1 = sqrt(x^2 + y^2);\n[sin(t1)*t1, t1]");
    let latex = print::latex_lets(&arena, &roots).unwrap();
    assert_eq!(latex.results, [r"\sin\left(t_{1}\right) t_{1}", "t_{1}"]);
    assert_eq!(
        latex.latex(),
        "\\begin{aligned}\nt_{1} &= \\sqrt{x^{2} + y^{2}} \\\\\n\
         &\\sin\\left(t_{1}\\right) t_{1} \\\\\n&t_{1}\n\\end{aligned}"
    );
    drop(arena);
    assert_eq!(read(&g, &text), roots);
}

#[test]
fn the_names_of_parts_are_not_those_of_variables() {
    let g = Graph::new();
    let s = (g.symbol("t2") + g.symbol("tt")).sin();
    let text = (s * s.exp()).to_let_text().unwrap();
    assert_eq!(text, "tt1 = sin(t2 + tt);\ntt1*exp(tt1)");
}

/// x -> x*sin(x) + x doubles the text and adds three nodes.
fn doubling(g: &Graph) -> Expr<'_> {
    (0..200).fold(g.symbol("x"), |x, _| x * x.sin() + x)
}

#[test]
fn a_text_longer_than_any_disk_is_refused() {
    let g = Graph::new();
    let f = doubling(&g);
    // The text would have 2^200 factors: that the call comes back at all is the test.
    assert_eq!(print::text(&g.arena(), f.id()), Err(TooLong));
    assert_eq!(f.to_latex(), Err(TooLong));
}

/// The deepest nesting of brackets.
fn nesting(text: &str) -> u32 {
    let (mut depth, mut deepest) = (0, 0);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[test]
fn the_let_form_never_nests_deep() {
    let g = Graph::new();
    let (x, y) = (g.symbol("x"), g.symbol("y"));
    type Step = fn(Expr<'_>) -> Expr<'_>;
    let deep: [(&str, Step); 6] = [
        ("sin", |f| f.sin()),
        ("sum on the right", |f| 1 / (2_i64 * (f + 1_i64).sqrt())),
        ("powers", |f| f.graph().symbol("y").pow(f)),
        ("choice", |f| {
            choice(f.graph().symbol("y"), f.graph().symbol("y"), f)
        }),
        ("continued fraction", |f| 3 + 5 / (7 * f)),
        ("Horner", |f| f.graph().symbol("y") * (f + 3)),
    ];
    for (name, step) in deep {
        let f = (0..2000).fold(x, |f, _| step(f));
        let lets = f.to_let_text().unwrap();
        assert!(
            nesting(&lets) <= MAX_LET_DEPTH,
            "{name}: {}",
            nesting(&lets)
        );
        assert_reads_back(&g, f, &lets);
    }
    // A long flat sum is not deep.
    let sum = (0..5000).fold(x, |f, n| f + y.powi(n));
    assert!(!sum.to_let_text().unwrap().contains(';'));
}

#[test]
fn a_million_deep_prints_on_a_small_stack() {
    let build = || {
        let g = Graph::new();
        let chain = (0..1_000_000).fold(g.symbol("x"), |f, _| f.sin());
        assert_eq!(chain.to_string().len(), 5_000_001);
        assert_eq!(
            chain.to_latex().unwrap().len(),
            r"\sin\left(\right)".len() * 1_000_000 + 1
        );
        assert!(chain.to_let_text().unwrap().len() < 6_000_000);
        let right = (0..1_000_000).fold(g.symbol("x"), |f, n| g.number(n) + f);
        assert_eq!(nesting(&right.to_string()), 999_998);
        assert!(!right.to_latex().unwrap().contains('('));
        let left = (0..1_000_000).fold(g.symbol("x"), |f, n| f * g.symbol(["y", "z"][n % 2]));
        assert_eq!(left.to_string().len(), 2_000_001);
        assert!(right.to_let_text().is_ok() && left.to_let_text().is_ok());
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(build);
    thread.unwrap().join().unwrap();
}

/// Parts that come again are copied: in brackets and without, within each other, more of them than are remembered.
#[test]
fn parts_that_come_again_are_written_alike() {
    let g = Graph::new();
    let parts: Vec<Expr<'_>> = (2..60)
        .map(|n| g.symbol("x") * n + g.symbol("y").powi(n) + 1)
        .collect();
    let sum = |power: i64| {
        (parts.iter().enumerate()).fold(g.number(0), |f, (n, &part)| {
            f + part.sin().exp() * part.powi(power) + (part.sin() + n as i64).powi(2)
        })
    };
    let f = sum(3) / sum(2);
    let text = f.to_string();
    assert!(
        text.contains("exp(sin(7*x + y^7 + 1))*(7*x + y^7 + 1)^3 + (sin(7*x + y^7 + 1) + 5)^2")
    );
    assert_reads_back(&g, f, &text);
}
